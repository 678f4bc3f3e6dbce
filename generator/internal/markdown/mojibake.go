package markdown

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// misdecoded is a piece of text that was UTF-8, was read as Windows-1252, and was saved as what that showed.
type misdecoded struct {
	at          int // byte offset in the text
	seen, meant string
}

// findMisdecoded returns the first such piece of a text. It mends only what comes back the same way: the characters
// must be bytes of Windows-1252 (as the WHATWG Encoding Standard defines it) that form one valid UTF-8 sequence of a
// printable character.
func findMisdecoded(text []byte) (misdecoded, bool) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if lead, ok := windows1252(r); ok && lead >= 0xC2 && lead <= 0xF4 {
			if m, ok := decodeRun(text, i); ok {
				return m, true
			}
		}
		i += size
	}
	return misdecoded{}, false
}

// decodeRun decodes as many sequences as follow each other from offset at.
func decodeRun(text []byte, at int) (misdecoded, bool) {
	meant, end := "", at
	for {
		r, next, ok := decodeOne(text, end)
		if !ok {
			break
		}
		meant, end = meant+string(r), next
	}
	return misdecoded{at: at, seen: string(text[at:end]), meant: meant}, meant != ""
}

func decodeOne(text []byte, at int) (rune, int, bool) {
	var raw []byte
	want := 1
	for end := at; end < len(text); {
		r, size := utf8.DecodeRune(text[end:])
		b, ok := windows1252(r)
		if !ok {
			return 0, at, false
		}
		raw, end = append(raw, b), end+size
		if len(raw) == 1 {
			switch {
			case b >= 0xC2 && b <= 0xDF:
				want = 2
			case b >= 0xE0 && b <= 0xEF:
				want = 3
			case b >= 0xF0 && b <= 0xF4:
				want = 4
			default:
				return 0, at, false
			}
		}
		if len(raw) == want {
			meant, n := utf8.DecodeRune(raw)
			printable := unicode.IsGraphic(meant) || meant == 0xFE0F || meant == 0x200D
			return meant, end, n == want && meant >= 0x80 && printable
		}
	}
	return 0, at, false
}

// windows1252 returns the byte that shows as r. The five bytes that Windows-1252 leaves undefined show as control
// characters.
func windows1252(r rune) (byte, bool) {
	switch r {
	case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}
