// Package slug makes names that stand in addresses and anchors.
package slug

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Make turns a text into a slug: letters and digits of any script in lower case and Unicode form C, everything else
// one hyphen, none at the ends. "Like a PO!" becomes "like-a-po". A text without a letter or digit gives "".
func Make(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Mc, r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’':
			// An apostrophe joins: "don't" is one word.
		default:
			gap = true
		}
	}
	return b.String()
}

// Fold returns the form in which two names count as the same: Unicode form C, in lower case, outer space removed.
func Fold(text string) string {
	if isFolded(text) {
		return text
	}
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(text)))
}

// isFolded reports whether a text is plain and folded already, as most are.
func isFolded(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < '!' || c > '~' || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}
