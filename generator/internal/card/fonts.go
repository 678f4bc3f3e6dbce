package card

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"golang.org/x/text/unicode/norm"
)

//go:embed fonts/*.ttf
var along embed.FS

// builtIn are the fonts that come along: for most Latin letters that of the theme; for Arabic and Hebrew; for Greek, Cyrillic, and the Latin letters
// of Vietnamese and others.
var builtIn = sync.OnceValue(func() []*font.Font {
	var all []*font.Font
	for _, name := range []string{"atkinson-hyperlegible-next", "vazirmatn", "noto-sans-hebrew", "noto-sans"} {
		data, err := fs.ReadFile(along, "fonts/"+name+".ttf")
		if err != nil {
			panic(err) // it is in the program
		}
		all = append(all, mustParse(data))
	}
	return all
})

func mustParse(data []byte) *font.Font {
	f, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		panic(err) // they come along
	}
	return f.Font
}

// Fonts are the fonts that cards are drawn with: a site's own, and those that come along. Several goroutines may use them.
type Fonts struct {
	all    []*font.Font
	digest string
	spare  *Fonts // where the first is a site's own, and may be damaged where nobody looked yet: those that come along
	mu     sync.Mutex
	free   []*drawer // as many as were ever in use at a time: they are costly to make
}

// NewFonts returns the fonts that come along, after a site's own where it has one: a file in the form of TTF or OTF, whose letters
// are then taken first. The error says why it cannot be read.
func NewFonts(own []byte) (*Fonts, error) {
	f := &Fonts{}
	if own != nil {
		face, err := parse(own)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(own)
		f.all, f.digest, f.spare = []*font.Font{face}, hex.EncodeToString(sum[:]), &Fonts{all: builtIn()}
	}
	f.all = append(f.all, builtIn()...)
	return f, nil
}

// parse reads a font that somebody gave. Its reader is a library's, and a damaged file may bring it down.
func parse(data []byte) (f *font.Font, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			f, err = nil, fmt.Errorf("read the font: it is damaged: %v", cause)
		}
	}()
	if !sound(data) {
		return nil, errors.New("read the font: it is none, or it was cut off")
	}
	face, err := font.ParseTTF(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	return face.Font, nil
}

// sound reports whether a file begins as fonts do and holds all that its directory names (OpenType 1.9, "Table Directory"). The library
// would make room for as much as a directory says, and that may be gigabytes.
func sound(data []byte) bool {
	const head, entry = 12, 16
	if len(data) < head || !slices.Contains([]string{"\x00\x01\x00\x00", "OTTO", "true"}, string(data[:4])) {
		return false
	}
	tables := int(binary.BigEndian.Uint16(data[4:]))
	if len(data) < head+tables*entry {
		return false
	}
	for i := range tables {
		at := data[head+i*entry:]
		if uint64(binary.BigEndian.Uint32(at[8:]))+uint64(binary.BigEndian.Uint32(at[12:])) > uint64(len(data)) {
			return false
		}
	}
	return true
}

// plain reports whether a text has but the letters that each font has.
func plain(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= 0x7f }) < 0
}

// draws reports whether the fonts have all letters of a text. Signs that only adorn it, such as emoji, do not count: cards leave them out.
func (f *Fonts) draws(text string) (all bool) {
	if plain(text) {
		return true
	}
	if f.spare != nil {
		defer func() {
			if recover() != nil {
				all = f.spare.draws(text)
			}
		}()
	}
	for _, r := range norm.NFC.String(clip(text)) {
		if !invisible(r) && !adorns(r) && !f.has(r) {
			return false
		}
	}
	return true
}

func (f *Fonts) has(r rune) bool {
	for _, one := range f.all {
		if _, ok := one.NominalGlyph(r); ok {
			return true
		}
	}
	return false
}

// adorns reports whether a sign may be left out of a title: emoji and other symbols.
func adorns(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk, unicode.Sm, unicode.Me, unicode.Co) || r >= 0xfff9 && r <= 0xfffb
}

// maxTitle is how many bytes of a text a card looks at. Six lines have room for a fraction of them.
const maxTitle = 2000

func clip(text string) string {
	if len(text) <= maxTitle {
		return text
	}
	return strings.ToValidUTF8(text[:maxTitle], "")
}

// invisible reports whether a sign says how others are written, and is not seen itself.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector) || unicode.IsSpace(r)
}

// Shows reports whether a text stands on a card: whether the fonts have all its letters, and any is left.
func (f *Fonts) Shows(text string) bool {
	if plain(text) { // nearly all are
		return strings.TrimSpace(text) != ""
	}
	return f.clean(text) != ""
}

// clean returns a text as cards have it: without what adorns it and cannot be drawn; "" where letters cannot be drawn.
func (f *Fonts) clean(text string) string {
	if !f.draws(text) {
		return ""
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Variation_Selector, unicode.Me), adorns(r) && !f.has(r): // Me encloses the sign before it
			return -1
		}
		return r
	}, norm.NFC.String(clip(text)))
	text = strings.TrimLeftFunc(text, func(r rune) bool { return unicode.In(r, unicode.M, unicode.Zs) }) // a mark stands on what comes before it
	return strings.Join(strings.Fields(text), " ")
}
