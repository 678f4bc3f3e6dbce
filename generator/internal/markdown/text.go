package markdown

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	east "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
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
		if n.Kind() != ast.KindParagraph {
			continue
		}
		if text := strings.Join(strings.Fields(plainText(n, source)), " "); len(text) > 0 && n.FirstChild().Kind() != ast.KindImage {
			return cutText(text, summaryLength)
		}
	}
	return ""
}

func cutText(text string, limit int) string {
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	head := string(runes[:limit])
	if end := strings.LastIndexAny(head, ".!?"); end > limit/2 {
		return head[:end+1]
	}
	if end := strings.LastIndexByte(head, ' '); end > 0 {
		head = head[:end]
	}
	return strings.TrimRight(head, " ,;:") + "…"
}

// countWords counts words as readers do: runs of letters and digits, and two characters of a script without spaces as
// one word.
func countWords(text []byte) int {
	words, dense, inWord := 0, 0, false
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
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

func shorten(s string) string { return cutText(s, 80) }
