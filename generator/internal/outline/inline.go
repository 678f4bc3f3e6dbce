package outline

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is how a piece of a card's text is set.
type Mark int

// The marks that a card may hold.
const (
	None Mark = iota
	Emphasis
	Strong
	Code
	Link
)

// Span is a piece of a card's text. Around is the emphasis that it stands in; Target is where a link leads; At is how
// many characters stand before it.
type Span struct {
	Text   string
	Mark   Mark
	Around Mark
	Target string
	At     int
}

// Spans splits a card's text at its inline marks: *emphasis*, **strong**, `code` and [links](to), of which the last two may
// stand in the first two. What is not a mark is text, and a backslash makes text of any sign.
func Spans(text string) []Span {
	var spans []Span
	var plain strings.Builder
	at, start, before := 0, 0, ' '
	flush := func() {
		if plain.Len() > 0 {
			spans = append(spans, Span{Text: plain.String(), At: start})
			plain.Reset()
		}
	}
	for text != "" {
		if span, size, ok := marked(text, before); ok {
			flush()
			span.At = at
			spans = append(spans, span.parts(text[:size])...)
			at += utf8.RuneCountInString(text[:size])
			before, _ = utf8.DecodeLastRuneInString(text[:size])
			text, start = text[size:], at
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		if r == '\\' && size < len(text) && isSign(text[size]) {
			text = text[size:]
			at++
			r, size = utf8.DecodeRuneInString(text)
		}
		plain.WriteString(text[:size])
		before = r
		text = text[size:]
		at++
	}
	flush()
	return spans
}

// parts returns the pieces of an emphasised text, of which some may be links or code; any other span is one piece.
func (s Span) parts(typed string) []Span {
	width := 1
	if s.Mark == Strong {
		width = 2
	}
	if s.Mark != Emphasis && s.Mark != Strong || !strings.ContainsAny(typed[width:len(typed)-width], "[`*_") {
		return []Span{s}
	}
	var out []Span
	for _, inner := range Spans(typed[width : len(typed)-width]) {
		if inner.Mark == None {
			inner.Mark = s.Mark
		} else {
			inner.Around = s.Mark
		}
		inner.At += s.At + width
		out = append(out, inner)
	}
	return out
}

func isSign(c byte) bool { return c > ' ' && c < 0x7F && !isWord(rune(c)) }

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// marked reads a mark at the beginning of a text. before is the sign in front of it.
func marked(text string, before rune) (s Span, size int, ok bool) {
	switch text[0] {
	case '`':
		if end := strings.IndexByte(text[1:min(len(text), maxMarked)], '`'); end > 0 {
			return Span{Text: text[1 : end+1], Mark: Code}, end + 2, true
		}
	case '*', '_':
		for _, mark := range []string{text[:1] + text[:1], text[:1]} {
			if inner, found := enclosed(text, mark, before); found {
				kind := Emphasis
				if len(mark) == 2 {
					kind = Strong
				}
				return Span{Text: unescape(inner), Mark: kind}, len(inner) + 2*len(mark), true
			}
		}
	case '[':
		end := closing(text[:min(len(text), maxMarked)], 0)
		if end < 2 || end+1 >= len(text) || text[end+1] != '(' {
			return s, 0, false
		}
		stop := closingRound(text[end+1 : min(len(text), end+maxTarget)])
		if stop < 0 {
			return s, 0, false
		}
		stop++
		target := strings.TrimSpace(text[end+2 : end+stop])
		if target == "" || strings.ContainsAny(target, " <>\"") {
			return s, 0, false
		}
		return Span{Text: Plain(text[1:end]), Mark: Link, Target: target}, end + stop + 1, true
	}
	return s, 0, false
}

// maxMarked bounds how far the end of a mark is looked for, so that a text of opening marks alone costs little.
const maxMarked = 300

// maxTarget bounds the length of a link's address.
const maxTarget = 2_000

// closingRound returns where the bracket closes that a text begins with, or -1.
func closingRound(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		case ' ':
			return -1
		}
	}
	return -1
}

// enclosed returns what stands between two equal marks that touch it.
func enclosed(text, mark string, before rune) (string, bool) {
	if !strings.HasPrefix(text, mark) || mark[0] == '_' && isWord(before) {
		return "", false
	}
	rest := text[len(mark):min(len(text), maxMarked)]
	if r, _ := utf8.DecodeRuneInString(rest); unicode.IsSpace(r) || strings.HasPrefix(rest, mark[:1]) {
		return "", false
	}
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == '\\':
			i++
		case rest[i] != mark[0]:
		case len(mark) == 1 && i+1 < len(rest) && rest[i+1] == mark[0]:
			i++
		case strings.HasPrefix(rest[i:], mark) && rest[i-1] != ' ':
			after, _ := utf8.DecodeRuneInString(text[len(mark)+i+len(mark):])
			if mark[0] == '_' && isWord(after) {
				continue
			}
			return rest[:i], true
		}
	}
	return "", false
}

func unescape(text string) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && isSign(text[i+1]) {
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// Plain returns a card's text without its marks.
func Plain(text string) string {
	if !strings.ContainsAny(text, "*_`[\\") {
		return text
	}
	var b strings.Builder
	for _, s := range Spans(text) {
		b.WriteString(s.Text)
	}
	return b.String()
}

// HTML returns a card's text as HTML. href gives the address of a link and whether it leads to another site; where it
// gives no address, the link's text stands alone.
func HTML(text string, href func(target string) (address string, external bool)) string {
	var b strings.Builder
	before := ' '
	for _, s := range Spans(text) {
		shown := s.Text
		if s.Mark != Code {
			shown, before = typographic(shown, before)
		}
		inner := emphasised(html.EscapeString(shown), s.Mark)
		switch s.Mark {
		case Code:
			inner = "<code>" + inner + "</code>"
		case Link:
			if address, external := href(s.Target); address != "" {
				class := ""
				if external {
					class = ` class="external"`
				}
				inner = `<a href="` + html.EscapeString(address) + `"` + class + ">" + inner + "</a>"
			}
		}
		b.WriteString(emphasised(inner, s.Around))
	}
	return b.String()
}

func emphasised(inner string, mark Mark) string {
	switch mark {
	case Emphasis:
		return "<em>" + inner + "</em>"
	case Strong:
		return "<strong>" + inner + "</strong>"
	}
	return inner
}

// Typographic returns a text with the quotes and apostrophes that it would be set with, as Markdown gives them to running text: those that
// were typed are on keyboards because there was room for no more.
func Typographic(text string) string {
	out, _ := typographic(text, ' ')
	return out
}

// decade is a year without its century, whose apostrophe stands for what is missing: the '90s; and, where no quote ends behind it, '09.
var decade = regexp.MustCompile(`^'\d\d(?:s\b|\b[^']*$)`)

// typographic does so for a part of a text, which stands behind a letter, and returns its last one.
func typographic(text string, before rune) (string, rune) {
	if !strings.ContainsAny(text, `"'`) {
		if last, size := utf8.DecodeLastRuneInString(text); size > 0 {
			before = last
		}
		return text, before
	}
	var b strings.Builder
	for i, r := range text {
		opens := unicode.IsSpace(before) || before == '(' || before == '[' || before == '{' || before == '–' || before == '—' || before == '“' || before == '‘'
		before = r
		switch {
		case r == '"' && opens:
			r = '“'
		case r == '"':
			r = '”'
		case r == '\'' && opens && !decade.MatchString(text[i:]):
			r = '‘'
		case r == '\'':
			r = '’'
		}
		if r == '“' || r == '‘' {
			before = r
		}
		b.WriteRune(r)
	}
	return b.String(), before
}
