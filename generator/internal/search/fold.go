package search

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Folding is the table of what of a text's spelling does not count, as JSON: one for the index and for who reads it, which is a
// script. Its letters and scripts are those of Unicode.
//
//go:embed folding.json
var Folding []byte

// folder folds words by the table. The script search/fold.js does the same, and a test compares the two.
type folder struct {
	apostrophes, hyphens, ignored, denseSigns string
	marks                                     []markRule
	letters                                   map[rune]string
	dense                                     []*unicode.RangeTable
	joint                                     [utf8.RuneSelf]bool // the signs of ASCII that may stand within a word
	known                                     map[string][][]byte // forms of words that are not plain
}

// mostKnown is of how many words that are not plain the forms are kept: few are said again and again.
const mostKnown = 8_000

// markRule drops marks between two signs where they follow a letter between two others: accents of Latin and Greek, points of Hebrew
// and Arabic. Where marks make another letter, as in Cyrillic and Thai, they stay.
type markRule struct{ from, to, first, last rune }

func newFolder() *folder {
	var table struct {
		Apostrophes, Hyphens, Ignored, DenseSigns string
		Marks                                     [][4]string
		Letters                                   map[string]string
		Dense                                     []string
	}
	if err := json.Unmarshal(Folding, &table); err != nil {
		panic(err) // the table comes along, and a test reads it
	}
	f := &folder{apostrophes: table.Apostrophes, hyphens: table.Hyphens, ignored: table.Ignored, denseSigns: table.DenseSigns, letters: map[rune]string{}, known: map[string][][]byte{}}
	first := func(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
	for _, m := range table.Marks {
		f.marks = append(f.marks, markRule{first(m[0]), first(m[1]), first(m[2]), first(m[3])})
	}
	for letter, as := range table.Letters {
		f.letters[first(letter)] = as
	}
	for c := range f.joint {
		f.joint[c] = f.joins(rune(c))
	}
	for _, script := range table.Dense {
		f.dense = append(f.dense, unicode.Scripts[script])
	}
	return f
}

// fold returns a word in small letters and without accents. Apostrophes are ' and hyphens are -.
func (f *folder) fold(word string) string {
	var b strings.Builder
	base := rune(0)
	for _, r := range norm.NFKD.String(word) {
		r = unicode.ToLower(r)
		switch {
		case strings.ContainsRune(f.ignored, r):
			continue
		case strings.ContainsRune(f.apostrophes, r):
			r = '\''
		case strings.ContainsRune(f.hyphens, r):
			r = '-'
		case slices.ContainsFunc(f.marks, func(m markRule) bool { return r >= m.first && r <= m.last && base >= m.from && base <= m.to }):
			continue
		case !isWord(r):
			r = '-' // a sign that stands for several words, or for a fraction
		}
		if !unicode.IsMark(r) {
			base = r
		}
		b.WriteRune(r)
	}
	var out strings.Builder
	for _, r := range norm.NFC.String(b.String()) {
		if as, found := f.letters[r]; found {
			out.WriteString(as)
		} else {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// isDense reports whether a sign is of a script whose words are found by pairs of signs.
func (f *folder) isDense(r rune) bool {
	return r >= 0x0E00 && (unicode.In(r, f.dense...) || strings.ContainsRune(f.denseSigns, r))
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

// wordBytes are the letters and digits of ASCII, in small letters; 0 for all others.
var wordBytes = func() (small [utf8.RuneSelf]byte) {
	for c := range small {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			small[c] = byte(c)
		case c >= 'A' && c <= 'Z':
			small[c] = byte(c) + 'a' - 'A'
		}
	}
	return small
}()

// longest is how long a word may be that is indexed, in bytes of its folded form. Longer ones are keys and addresses.
const longest = 60

// words calls emit with every form under which the words of a text are found. What it is given is valid until it returns.
//
// Most words have one form. One with hyphens is found whole and by its parts; one with an apostrophe without it, and by what stands
// behind it (l'équipe); scripts without spaces by their pairs of signs, and the last one alone.
func (f *folder) words(text string, emit func(word []byte)) {
	var small [longest]byte
	for i := 0; i < len(text); {
		end, size, plain := f.word(text[i:])
		if end == 0 {
			i += size
			continue
		}
		token := text[i : i+end]
		i += end
		switch {
		case !plain:
			for _, form := range f.formsOf(token) {
				emit(form)
			}
		case len(token) <= longest:
			for j := range len(token) {
				small[j] = wordBytes[token[j]]
			}
			emit(small[:len(token)])
		}
	}
}

// formsOf returns the forms of a word that is not plain.
func (f *folder) formsOf(token string) [][]byte {
	forms, known := f.known[token]
	if known {
		return forms
	}
	f.forms(f.fold(token), func(form string) {
		if len(form) <= longest {
			forms = append(forms, []byte(form))
		}
	})
	if len(f.known) >= mostKnown {
		clear(f.known)
	}
	if len(token) <= longest {
		f.known[strings.Clone(token)] = forms
	}
	return forms
}

// word returns how long the word is with which a text begins, in bytes, and whether it is of ASCII's letters and digits alone. Where
// the text begins with no word, size is how long its first sign is.
func (f *folder) word(text string) (end, size int, plain bool) {
	plain = true
	for end < len(text) {
		c := text[end]
		if c < utf8.RuneSelf && (wordBytes[c] != 0 || end > 0 && f.joint[c] && f.begins(text[end+1:])) {
			plain = plain && wordBytes[c] != 0
			end++
			continue
		}
		if c < utf8.RuneSelf {
			return end, 1, plain
		}
		r, n := utf8.DecodeRuneInString(text[end:])
		switch {
		case isWord(r) || strings.ContainsRune(f.ignored, r):
		case end > 0 && f.joins(r) && f.begins(text[end+n:]):
		default:
			return end, n, plain
		}
		plain = false
		end += n
	}
	return end, 1, plain
}

func (f *folder) joins(r rune) bool {
	return strings.ContainsRune(f.apostrophes, r) || strings.ContainsRune(f.hyphens, r)
}

// begins reports whether a text begins with a sign of a word.
func (f *folder) begins(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return isWord(r)
}

// leastBehind is how many signs must stand behind an apostrophe to be a word of their own: l'équipe, but not don't.
const leastBehind = 3

// forms calls emit with every form of a folded word.
func (f *folder) forms(word string, emit func(string)) {
	parts := strings.Split(word, "-")
	dense := strings.ContainsFunc(word, f.isDense)
	for _, part := range parts {
		if at := strings.LastIndexByte(part, '\''); at >= 0 {
			if behind := part[at+1:]; !dense && utf8.RuneCountInString(behind) >= leastBehind {
				emit(behind)
			}
			part = strings.ReplaceAll(part, "'", "")
		}
		f.pairs(part, emit)
	}
	if len(parts) > 1 && !dense {
		emit(strings.NewReplacer("-", "", "'", "").Replace(word))
	}
}

// pairs calls emit with a part of a word, or with the pairs of its signs where its script has no spaces.
func (f *folder) pairs(part string, emit func(string)) {
	signs := []rune(part)
	for i := 0; i < len(signs); {
		end := i + 1
		for end < len(signs) && f.isDense(signs[end]) == f.isDense(signs[i]) {
			end++
		}
		switch run := signs[i:end]; {
		case !f.isDense(run[0]) || len(run) == 1:
			emit(string(run))
		default:
			for j := range len(run) - 1 {
				emit(string(run[j : j+2]))
			}
			emit(string(run[len(run)-1])) // so that each sign begins a form
		}
		i = end
	}
}
