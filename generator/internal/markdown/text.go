package markdown

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	east "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	xhtml "golang.org/x/net/html"
)

// plainText returns the text of a node's inlines, without markup.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			b.Write(c.Segment.Value(source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.WriteString(html.UnescapeString(string(c.Value)))
		case *formulaNode:
			b.WriteString(c.tex)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *wikiLink:
			if c.label != "" {
				b.WriteString(c.label)
			} else {
				b.WriteString(c.target)
			}
		case *east.Emoji:
			if c.Value != nil {
				b.WriteString(string(c.Value.Unicode))
			}
		}
		return ast.WalkContinue, nil
	})
	return html.UnescapeString(b.String())
}

const summaryLength = 200

// summary returns the beginning of the first paragraph that has text, cut at a sentence or else at a word.
func summary(root ast.Node, source []byte) string {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		var text string
		switch n := n.(type) {
		case *ast.Paragraph:
			if n.FirstChild() != nil && n.FirstChild().Kind() != ast.KindImage {
				text = plainText(n, source)
			}
		case *ast.HTMLBlock:
			text = textOfHTML(htmlBlock(n, source))
		}
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			return Cut(text, summaryLength)
		}
	}
	return ""
}

// textOfHTML returns the words of a piece of HTML.
func textOfHTML(raw string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(raw))
	for skip := ""; ; {
		switch kind := z.Next(); kind {
		case xhtml.ErrorToken:
			return b.String()
		case xhtml.TextToken:
			if skip == "" {
				b.WriteString(z.Token().Data)
			}
		case xhtml.StartTagToken, xhtml.EndTagToken, xhtml.SelfClosingTagToken:
			name := z.Token().Data
			if slices.Contains(taken, name) || slices.Contains(linked, name) {
				skip = ""
				if kind == xhtml.StartTagToken {
					skip = name
				}
			}
			if !slices.Contains(inlineElements, name) {
				b.WriteByte(' ')
			}
		default:
		}
	}
}

// Cut returns the beginning of a text that is longer than a limit: whole sentences, where these are half of it, or else whole
// words. A sign of a script that writes words in one or two signs counts twice.
func Cut(text string, limit int) string {
	head, width := "", 0
	for i, r := range text {
		if width++; isDense(r) {
			width++
		}
		if width > limit {
			head = text[:i]
			break
		}
	}
	if head == "" {
		return text
	}
	if end := lastSentence(head, text[len(head):]); end > len(head)/2 {
		return head[:end]
	}
	end := len(head)
	if next, _ := utf8.DecodeRuneInString(text[end:]); !isDense(next) && next != ' ' {
		if space := strings.LastIndexByte(head, ' '); space > len(head)/3 {
			end = space
		}
	}
	return strings.TrimRight(head[:end], " ,;:(-–—、，：；（「『") + "…"
}

// isDense reports whether a sign is of a script that has no spaces between its words.
func isDense(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// lastSentence returns where the last sentence of a text ends that is whole, or 0. rest is what follows. A stop ends a sentence
// before a space that no small letter follows, and not behind an abbreviation (UAX #29, rules SB5 to SB8, in short).
func lastSentence(text, rest string) int {
	for end := len(text); end > 0; {
		r, size := utf8.DecodeLastRuneInString(text[:end])
		switch r {
		case '。', '！', '？', '．':
			return end
		case '.', '!', '?', '…', '؟', '۔', '।':
			after := strings.TrimLeft(text[end:]+rest, `"'”’»)]`)
			space, width := utf8.DecodeRuneInString(after)
			next, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " "))
			if (after == "" || space == ' ' && width > 0) && !unicode.IsLower(next) && (r != '.' || !isAbbreviation(text[:end-size])) {
				return len(text) - len(strings.TrimLeft(text[end:], `"'”’»)]`))
			}
		}
		end -= size
	}
	return 0
}

// abbreviations are words that end in a stop before a capital, too.
var abbreviations = []string{"mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "cf", "no", "nr", "fig", "vol", "ed", "eds", "approx", "bzw", "ca", "inc", "ltd", "usw", "evtl", "ggf", "sog"}

// isAbbreviation reports whether the last word of a text is an abbreviation, from its last letters: one that has a stop within, a
// single letter, or one of the list.
func isAbbreviation(text string) bool {
	word := text[strings.LastIndexAny(text, " (\"'“‘[")+1:]
	return strings.Contains(word, ".") || utf8.RuneCountInString(word) == 1 || slices.Contains(abbreviations, strings.ToLower(word))
}

// countWords counts words as readers do: runs of letters and digits, and two characters of a script without spaces as
// one word.
func countWords(text []byte) int {
	words, dense, inWord := 0, 0, false
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case isDense(r):
			dense++
			inWord = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				words++
			}
			inWord = true
		case r != '\'' && r != '’' && r != '-':
			inWord = false
		}
	}
	return words + (dense+1)/2
}

func shorten(s string) string { return Cut(s, 80) }
