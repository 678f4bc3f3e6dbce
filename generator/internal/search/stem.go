package search

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/tamil"
	"github.com/blevesearch/snowballstem/turkish"
)

// stemmers are Snowball's, by languages. Words of other languages are their own stems.
var stemmers = map[string]func(*snowballstem.Env) bool{
	"ar": arabic.Stem, "da": danish.Stem, "nl": dutch.Stem, "en": english.Stem, "fi": finnish.Stem, "fr": french.Stem, "de": german.Stem,
	"hu": hungarian.Stem, "ga": irish.Stem, "it": italian.Stem, "no": norwegian.Stem, "nb": norwegian.Stem, "nn": norwegian.Stem,
	"pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem, "es": spanish.Stem, "sv": swedish.Stem, "ta": tamil.Stem, "tr": turkish.Stem,
}

// base returns the language of a tag (BCP 47), without region and script.
func base(tag string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	return language
}

// stem returns what words of one meaning have in common, in a language. Words with digits are names.
func stem(word, language string) string {
	by := stemmers[language]
	if by == nil || strings.ContainsAny(word, "0123456789") {
		return word
	}
	env := snowballstem.NewEnv(word)
	by(env)
	if env.Current() == "" {
		return word
	}
	return env.Current()
}

// mutations are how Welsh words begin after others, with how they begin by themselves (soft, nasal and aspirate mutation).
var mutations = [][2]string{
	{"ngh", "c"},
	{"mh", "p"},
	{"nh", "t"},
	{"ng", "g"},
	{"ph", "p"},
	{"th", "t"},
	{"ch", "c"},
	{"dd", "d"},
	{"b", "p"},
	{"d", "t"},
	{"g", "c"},
	{"f", "b"},
	{"f", "m"},
	{"l", "ll"},
	{"r", "rh"},
	{"m", "b"},
	{"n", "d"},
}

// radicals returns what a Welsh word may be when nothing before it changes its beginning.
func radicals(word string) []string {
	var out []string
	for _, m := range mutations {
		rest, found := strings.CutPrefix(word, m[0])
		if found && len(rest) > 1 && (m[0] != "l" || !strings.HasPrefix(rest, "l")) && (m[0] != "r" || !strings.HasPrefix(rest, "h")) {
			out = append(out, m[1]+rest)
		}
	}
	if strings.ContainsAny(word[:1], "aeiouwylr") && len(word) > 2 {
		out = append(out, "g"+word) // a soft g is not written at all
	}
	if strings.HasPrefix(word, "h") && len(word) > 2 && strings.ContainsAny(word[1:2], "aeiouwy") {
		out = append(out, word[1:])
	}
	return out
}
