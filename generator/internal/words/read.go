package words

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/source"
	"waymark/themes"
)

// Folder is where the files of words lie, in a site's folder and in that of a theme.
const Folder = "i18n"

// Base is the theme whose words stand below those of all others: it has all that are said anywhere.
const Base = "trail"

// layer is one file of words.
type layer map[string]text

// Set is the words of a site in every language that it has words for. The nil Set has English. It may be used by several
// goroutines.
type Set struct {
	site *Words
	by   map[string]*Words // by tag in lower case
}

// Site returns the words in the site's own language.
func (s *Set) Site() *Words {
	if s == nil {
		return English()
	}
	return s.site
}

// In returns the words for a page in a language, by its tag (BCP 47), or those of the site's language where there are none, or
// where the tag is empty.
func (s *Set) In(tag string) *Words {
	if s == nil {
		return English()
	}
	if tag == "" || strings.EqualFold(tag, s.site.Language) {
		return s.site
	}
	for _, t := range upward(tag) {
		if s.by[t] != nil {
			return s.by[t]
		}
	}
	return s.site
}

// upward returns a tag and what is more general: pt-br, pt.
func upward(tag string) []string {
	var out []string
	for t := strings.ToLower(strings.ReplaceAll(tag, "_", "-")); ; {
		out = append(out, t)
		at := strings.LastIndexByte(t, '-')
		if at < 0 {
			return out
		}
		t = t[:at]
	}
}

// files are the files of a site, then of its theme, by tag in lower case.
type files map[string][]layer

// layers returns the files that the words of a language are looked up in, the first one first.
func (f files) layers(tag string) []layer {
	var out []layer
	tags := upward(tag)
	if tags[len(tags)-1] != "en" {
		tags = append(tags, "en")
	}
	for _, t := range tags {
		out = append(out, f[t]...)
		came, _ := shipped(t)
		out = append(out, came...)
	}
	return out
}

func join(tag, direction string, layers []layer) *Words {
	w := &Words{Language: tag, Direction: direction, texts: map[string]text{}}
	if w.tag = language.Make(tag); w.tag == language.Und {
		w.tag = language.English
	}
	for _, l := range slices.Backward(layers) {
		maps.Copy(w.texts, l)
	}
	return w
}

// Shipped returns the tags of the languages that come with Waymark, sorted.
func Shipped() []string {
	entries, _ := fs.ReadDir(themes.FS(Base), Folder)
	var tags []string
	for _, e := range entries {
		tags = append(tags, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return tags
}

// shipped reads the words of a language that come with Waymark; none where there are none.
func shipped(tag string) ([]layer, diag.List) {
	name := path.Join(Folder, tag+".yaml")
	data, err := fs.ReadFile(themes.FS(Base), name)
	if err != nil {
		return nil, nil
	}
	l, list := parse(data, path.Join("themes", Base, name))
	return []layer{l}, list
}

// Read reads the words of a site: its own files, and those of its theme, where that lies in the site's folder. lang is the site's
// language, and direction that in which it is written. What is wrong in a file is told at its place.
func Read(root *source.Root, theme, lang, direction string) (*Set, diag.List, error) {
	own := files{}
	var list diag.List
	for _, folder := range []string{Folder, path.Join("themes", theme, Folder)} {
		found, err := own.read(root, folder)
		list.Add(found...)
		if err != nil {
			return nil, list, err
		}
	}
	if !slices.ContainsFunc(upward(lang), func(t string) bool { return len(own[t]) > 0 || slices.Contains(Shipped(), t) }) {
		list.Add(diag.Diagnostic{
			Pos: diag.Position{File: "waymark.yaml"}, Severity: diag.Warning, Advice: true, Code: "words", Message: fmt.Sprintf("there are no words in %q yet: what pages say of themselves is in English", lang),
			Hint: "write them into " + Folder + "/" + lang + ".yaml, as many as you like (see the guide on languages)",
		})
	}
	s := &Set{site: join(lang, direction, own.layers(lang)), by: map[string]*Words{}}
	for _, tag := range slices.Concat(slices.Collect(maps.Keys(own)), Shipped()) {
		s.by[tag] = join(tag, LanguageDirection(tag), own.layers(tag))
	}
	return s, list, nil
}

func (f files) read(root *source.Root, folder string) (list diag.List, err error) {
	others, _ := fs.Glob(source.FS(root), folder+"/*.y*ml")
	for _, name := range others {
		if path.Ext(name) != ".yaml" {
			list.Add(diag.Diagnostic{Pos: diag.Position{File: name}, Severity: diag.Warning, Code: "words", Message: "these words are not read", Hint: "call the file " + strings.TrimSuffix(path.Base(name), path.Ext(name)) + ".yaml"})
		}
	}
	names, err := fs.Glob(source.FS(root), folder+"/*.yaml")
	if err != nil || !fs.ValidPath(folder) {
		return nil, nil // a theme with such a name has been told
	}
	for _, name := range names {
		tag := strings.ToLower(strings.TrimSuffix(path.Base(name), ".yaml"))
		if _, err := language.Parse(tag); err != nil {
			list.Add(diag.Diagnostic{
				Pos: diag.Position{File: name}, Severity: diag.Warning, Code: "language", Message: fmt.Sprintf("%q is not a language, and these words are not used", tag),
				Hint: "call the file by a language: en.yaml, cy.yaml or pt-BR.yaml",
			})
			continue
		}
		data, err := source.ReadFile(root, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went away, or is no regular file, which has been named
		}
		if err != nil {
			return list, fmt.Errorf("read %s: %w", name, err)
		}
		l, problems := parse(data, name)
		f[tag] = append(f[tag], l)
		list.Add(problems...)
		list.Add(check(data, name, tag)...)
	}
	return list, nil
}

// isRemark reports whether a key is for those who mend the file: which words no speaker of the language has read, or which somebody has.
func isRemark(key string) bool { return key == "unreviewed" || key == "reviewed" }

// parse reads a file of words.
func parse(data []byte, file string) (layer, diag.List) {
	pairs, list := fields.Parse(data, file, 1)
	l := layer{}
	var d fields.Decoder
	for _, p := range pairs {
		if isRemark(p.Key) {
			continue
		}
		if p.Value.Kind != fields.Mapping {
			if s := d.Text(p.Value, p.Key); s != "" {
				l[p.Key] = text{plain: s}
			}
			continue
		}
		if i := slices.IndexFunc(p.Value.Pairs, func(f fields.Pair) bool { return slices.Contains(categoryNames, f.Key) }); i < 0 && len(p.Value.Pairs) > 0 {
			d.Errorf(p.Pos, "words", "write each key whole, on a line of its own: "+p.Key+"."+p.Value.Pairs[0].Key+": ...", "keys do not stand in one another here")
			continue
		}
		t := text{forms: map[string]string{}}
		for _, f := range p.Value.Pairs {
			if !slices.Contains(categoryNames, f.Key) {
				d.Errorf(f.Pos, "words", diag.DidYouMean(f.Key, categoryNames, "there are "+strings.Join(categoryNames, ", ")), "%q is not a plural category", f.Key)
				continue
			}
			t.forms[f.Key] = d.Text(f.Value, f.Key)
		}
		if t.forms["other"] == "" {
			d.Errorf(p.Pos, "words", "write other: below it, which stands for all other numbers", "%q has no text for the category \"other\"", p.Key)
			continue
		}
		l[p.Key] = t
	}
	return l, append(list, d.List...)
}

var categoryNames = []string{"zero", "one", "two", "few", "many", "other"}

// Categories returns the plural categories that whole numbers have in a language, in their order.
func Categories(tag string) []string {
	w := join(tag, "", nil)
	seen := map[string]bool{}
	for n := range 1001 {
		seen[w.Category(n)] = true
	}
	var out []string
	for _, c := range categoryNames {
		if seen[c] {
			out = append(out, c)
		}
	}
	return out
}

var placeForm = regexp.MustCompile(`\{[a-z_]+\}`)

// check warns of what readers of a site would stumble over in a file of words: a plural category that is missing, a name to be
// filled in that nothing fills, a key that is a slip of a known one.
func check(data []byte, file, tag string) diag.List {
	pairs, _ := fields.Parse(data, file, 1)
	known, wanted := English(), Categories(tag)
	var list diag.List
	warn := func(pos diag.Position, hint, format string, args ...any) {
		list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Warning, Code: "words", Message: fmt.Sprintf(format, args...), Hint: hint})
	}
	keys := known.Keys()
	slices.Sort(keys)
	for _, p := range pairs {
		if isRemark(p.Key) {
			continue
		}
		if p.Value.Kind == fields.Mapping && !slices.ContainsFunc(p.Value.Pairs, func(f fields.Pair) bool { return slices.Contains(categoryNames, f.Key) }) {
			continue // which has been told
		}
		if !known.Has(p.Key) {
			if near := diag.Nearest(p.Key, keys); near != "" {
				warn(p.Pos, "did you mean \""+near+"\"?", "nothing in Waymark says %q", p.Key)
				continue
			}
		}
		said := []fields.Value{p.Value}
		if p.Value.Kind == fields.Mapping {
			said = nil
			has := map[string]bool{}
			for _, f := range p.Value.Pairs {
				said = append(said, f.Value)
				has[f.Key] = true
			}
			for _, c := range wanted {
				if !has[c] {
					warn(p.Pos, "write "+c+": below it; until then the text for \"other\" stands for it", "%q has no text for the plural category %q, which %s has", p.Key, c, tag)
				}
			}
		}
		if !known.Has(p.Key) {
			continue // of the site's own layouts
		}
		names := known.places(p.Key)
		for _, v := range said {
			for _, place := range placeForm.FindAllString(v.Text, -1) {
				if !slices.Contains(names, place) {
					warn(v.Pos, diag.DidYouMean(place, names, "it can have "+strings.Join(names, ", ")), "nothing is filled in for %s in %q", place, p.Key)
				}
			}
		}
	}
	return list
}

// places returns what is filled in in a text, with its braces.
func (w *Words) places(key string) []string {
	t := w.texts[key]
	out := placeForm.FindAllString(t.plain, -1)
	for _, form := range t.forms {
		out = append(out, placeForm.FindAllString(form, -1)...)
	}
	if t.forms != nil {
		out = append(out, "{n}")
	}
	slices.Sort(out)
	return slices.Compact(out)
}
