package board

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// The advance widths of the printable characters of ASCII and of Latin-1, in hundredths of the type size: of Atkinson
// Hyperlegible Next and of Liberation Sans (which has Arial's), both bold, the wider one. So a text fits whether the
// theme's font is there or not. Measured with Chromium's canvas.
var (
	ascii = [...]uint8{
		32, 34, 48, 77, 61, 97, 73, 24, 34, 34, 49, 60, 28, 38, 28, 44, 66, 56, 58, 60, 63, 61, 63, 56,
		63, 58, 34, 34, 59, 62, 59, 62, 98, 73, 73, 73, 73, 67, 62, 78, 73, 43, 57, 73, 62, 86, 73, 78,
		67, 78, 73, 67, 62, 73, 67, 95, 69, 67, 62, 34, 44, 35, 59, 56, 34, 56, 62, 56, 62, 57, 37, 62,
		62, 30, 28, 56, 32, 89, 62, 62, 62, 62, 39, 56, 38, 62, 56, 78, 56, 56, 51, 39, 28, 39, 59,
	}
	latin = [...]uint8{
		32, 34, 56, 64, 60, 65, 28, 56, 44, 80, 39, 65, 62, 0, 80, 56, 40, 62, 41, 41, 34, 58, 56, 30,
		34, 34, 41, 65, 85, 86, 93, 62, 73, 73, 73, 73, 73, 73, 100, 73, 67, 67, 67, 67, 43, 43, 43, 43,
		73, 73, 78, 78, 78, 78, 78, 59, 78, 73, 73, 73, 73, 67, 67, 63, 56, 56, 56, 56, 56, 56, 89, 56,
		57, 57, 57, 57, 30, 30, 30, 32, 62, 62, 62, 62, 62, 62, 62, 60, 62, 62, 62, 62, 62, 56, 62, 56,
	}
)

// The widths of all other characters, in hundredths of the type size: wide ones count double.
const (
	narrow = 72
	wide   = 2 * 60
)

// Width returns the width of a text, which is never less than what a browser makes of it in the fonts above.
func Width(text string, size float64) float64 { return float64(hundredths(text)) * size / 100 }

func hundredths(text string) int {
	total := 0
	for text != "" {
		if c := text[0]; c < utf8.RuneSelf {
			if c >= ' ' && c < 0x7F {
				total += int(ascii[c-' '])
			}
			text = text[1:]
			continue
		}
		var cluster string
		var cells int
		cluster, text, cells, _ = uniseg.FirstGraphemeClusterInString(text, -1)
		r, _ := utf8.DecodeRuneInString(cluster)
		switch {
		case r >= 0xA0 && r <= 0xFF:
			total += int(latin[r-0xA0])
		case cells > 1:
			total += wide
		case cells == 1:
			total += narrow
		}
	}
	return total
}

// Wrap breaks a text into lines of at most the given width, where the rules of its script allow it (Unicode Standard
// Annex 14), and inside a word that is wider than a line. Of a text that takes more than most lines the rest is left
// out, and an ellipsis stands for it.
func Wrap(text string, size, width float64, most int) []string {
	limit := int(width * 100 / size)
	var lines []string
	var line strings.Builder
	used := 0
	next := func() {
		lines = append(lines, strings.TrimRight(line.String(), " "))
		line.Reset()
		used = 0
	}
	state := -1
	for text != "" && len(lines) <= most {
		var piece string
		piece, text, state = segment(text, state)
		trimmed := strings.TrimRight(piece, " ")
		w := hundredths(trimmed)
		if used > 0 && used+w > limit {
			next()
		}
		if w > limit {
			for _, part := range chop(trimmed, limit, most) {
				if line.Len() > 0 {
					next()
				}
				line.WriteString(part)
				used = hundredths(part)
			}
			continue
		}
		line.WriteString(piece)
		used += hundredths(piece)
	}
	if line.Len() > 0 {
		next()
	}
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = ellipsis(lines[most-1], limit)
	}
	return lines
}

// segment cuts off what stands before the next place where a line may break.
func segment(text string, state int) (piece, rest string, next int) {
	at := strings.IndexByte(text, ' ')
	word := text
	if at >= 0 {
		word = text[:at+1]
	}
	if state == -1 && plain(word) {
		return word, text[len(word):], -1
	}
	piece, rest, _, next = uniseg.FirstLineSegmentInString(text, state)
	if strings.HasSuffix(piece, " ") {
		next = -1
	}
	return piece, rest, next
}

// plain reports whether a word breaks nowhere, which needs no look at the rules.
func plain(word string) bool {
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf || c == '-' || c == '/' {
			return false
		}
	}
	return true
}

// chop cuts a word into pieces that fit a line, one more than are shown at most.
func chop(word string, limit, most int) []string {
	var parts []string
	var part strings.Builder
	used := 0
	for word != "" && len(parts) <= most {
		var cluster string
		cluster, word, _, _ = uniseg.FirstGraphemeClusterInString(word, -1)
		w := hundredths(cluster)
		if used > 0 && used+w > limit {
			parts = append(parts, part.String())
			part.Reset()
			used = 0
		}
		part.WriteString(cluster)
		used += w
	}
	return append(parts, part.String())
}

func ellipsis(line string, limit int) string {
	const mark = "…"
	for line != "" && hundredths(line)+100 > limit {
		_, size := utf8.DecodeLastRuneInString(line)
		line = line[:len(line)-size]
	}
	return strings.TrimRight(line, " ") + mark
}
