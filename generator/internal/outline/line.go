package outline

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"waymark/generator/diag"
)

// blanks are what people and their programs put between words.
const blanks = " \t\u00A0\u2007\u202F\u3000"

// cursor is what is left of a line, and where it stands.
type cursor struct {
	text string
	pos  diag.Position
}

// skip moves over n bytes.
func (c cursor) skip(n int) cursor {
	c.pos.Col += utf8.RuneCountInString(c.text[:n])
	c.text = c.text[n:]
	return c
}

func (c cursor) trimLeft() cursor {
	return c.skip(len(c.text) - len(strings.TrimLeft(c.text, blanks)))
}

func (c cursor) trimRight() cursor {
	c.text = strings.TrimRight(c.text, blanks+"\r")
	return c
}

// brackets turns the last pair of brackets of a line into ours, where they are those of an East Asian keyboard.
func brackets(text string) string {
	for _, pair := range []string{"【】", "［］"} {
		open, size := utf8.DecodeRuneInString(pair)
		at := strings.LastIndex(text, string(open))
		if inner, found := strings.CutSuffix(text, pair[size:]); found && at >= 0 {
			return text[:at] + "[" + strings.ReplaceAll(inner[at+size:], "，", ",") + "]"
		}
	}
	return text
}

// cutComment takes a comment off the end of a line; it is kept as one above it.
func (p *parser) cutComment(c cursor) cursor {
	closed := -1 // where the bracket closes that the text stands in
	for i := 0; i < len(c.text); i++ {
		switch c.text[i] {
		case '\\':
			i++
		case '`':
			if end := strings.IndexByte(c.text[i+1:], '`'); end >= 0 {
				i += end + 1
			}
		case '[':
			if i > closed {
				if closed = closing(c.text, i); closed < 0 {
					return c // the line is wrong, and what is behind it is not looked at
				}
			}
		case '/':
			before := strings.TrimRight(c.text[:i], blanks)
			if i > closed && len(before) < i && strings.HasPrefix(c.text[i:], "//") {
				p.comments = append(p.comments, comment(c.text[i:]))
				c.text = before
				return c
			}
		}
	}
	return c
}

// comment reads a line of comment, without its slashes and the space behind them.
func comment(text string) Comment {
	text = strings.TrimPrefix(text, "//")
	return Comment{Text: strings.TrimRight(strings.TrimPrefix(text, " "), blanks)}
}

// bullets are the grammar's, and those that word processors write.
const bullets = "-*+•–—●○■□▪▫◦‣⁃·"

// cutBullet takes a bullet and the space behind it off a line: a hyphen, star, plus, dot or dash, or a number.
func cutBullet(c cursor) (cursor, bool) {
	first, end := utf8.DecodeRuneInString(c.text)
	if !strings.ContainsRune(bullets, first) {
		end = 0
		for end < len(c.text) && c.text[end] >= '0' && c.text[end] <= '9' {
			end++
		}
		if end == 0 || end > 9 || end == len(c.text) || c.text[end] != '.' && c.text[end] != ')' {
			return c, false
		}
		end++
	}
	rest := c.skip(end)
	if rest.text != "" && rest.trimLeft().text == rest.text {
		return c, false
	}
	return rest.trimLeft(), true
}

// numbered is a number without the space behind it: "1.Leaflet".
var numbered = regexp.MustCompile(`^\d{1,9}[.)]\pL`)

// missingSpace returns the length of a bullet whose space was forgotten, as in "-Leaflet"; 0 where a line has none.
func missingSpace(text string) int {
	if numbered.MatchString(text) {
		return strings.IndexAny(text, ".)") + 1
	}
	first, size := utf8.DecodeRuneInString(text)
	rest := text[size:]
	if first == '*' && strings.HasSuffix(rest, "*") {
		return 0 // it is emphasis
	}
	if strings.ContainsRune(bullets, first) && rest != "" && !strings.HasPrefix(rest, string(first)) && !strings.HasPrefix(rest, ">") {
		return size
	}
	return 0
}

// shorten keeps the first word of a text, as a message quotes it.
func shorten(s string) string {
	word, _, more := strings.Cut(strings.TrimSpace(s), " ")
	if r := []rune(word); len(r) > 30 {
		word, more = string(r[:30]), true
	}
	if more {
		return word + " ..."
	}
	return word
}

// boxForms are the boxes as people type them.
var boxForms = map[string]Box{
	" ": OpenBox, "": OpenBox, "_": OpenBox, "/": DoingBox, "~": DoingBox, "x": DoneBox, "X": DoneBox, "✓": DoneBox, "✔": DoneBox, "v": DoneBox, "-": DroppedBox, "–": DroppedBox,
}

// cutBox takes the box off the beginning of a card. A bracket that holds more than one sign is none.
func (p *parser) cutBox(c cursor) (Box, cursor) {
	inner, rest, found := strings.Cut(strings.TrimPrefix(c.text, "["), "]")
	if !strings.HasPrefix(c.text, "[") || !found || utf8.RuneCountInString(inner) > 1 || strings.HasPrefix(rest, "(") {
		return NoBox, c
	}
	box, known := boxForms[inner]
	if !known {
		p.errorf(c.pos, "write [ ], [/], [x] or [-]", "there is no box %q", "["+inner+"]")
	}
	return box, c.skip(len(inner) + 2).trimLeft()
}

// notes cuts the brackets off the end of a line. A bracket behind a backslash or in code is text; one that is followed
// by "(" is a link. Other brackets were probably meant as notes, and are said to be none.
func (p *parser) notes(c cursor) (string, []Note) {
	stray := -1  // where a pair of brackets stands that is neither
	escaped := 0 // brackets that are text, and may be closed without a backslash
	for i := 0; i < len(c.text); i++ {
		switch c.text[i] {
		case '\\':
			i++
			if strings.HasPrefix(c.text[i:], "[") {
				escaped++
			}
		case '`':
			if end := strings.IndexByte(c.text[i+1:], '`'); end >= 0 {
				i += end + 1
			}
		case ']':
			if escaped--; escaped >= 0 {
				continue
			}
			p.errorf(c.skip(i).pos, `write "[" where it begins, or "\]" for a bracket that is text`, "this bracket closes nothing")
			return c.text, nil
		case '[':
			end := closing(c.text, i)
			switch {
			case end < 0:
				p.errorf(c.skip(i).pos, "", "this note has no closing bracket")
				return strings.TrimRight(c.text[:i], blanks), nil
			case strings.HasPrefix(c.text[i:], "[["):
				p.errorf(c.skip(i).pos, "write [text](../posts/name.md)", "links by name do not work inside a map")
				return c.text, nil
			case end+1 == len(c.text):
				if stray >= 0 {
					p.errorf(c.skip(stray).pos, `write [a, b], or "\[" for a bracket that is text`, "notes stand in one pair of brackets")
				}
				return strings.TrimRight(c.text[:i], blanks), items(cursor{c.text[:end], c.pos}.skip(i + 1))
			case c.text[end+1] != '(':
				stray = i
			}
			i = end
		}
	}
	if stray >= 0 {
		p.warnf(c.skip(stray).pos, `put notes last on the line, or write "\[" for a bracket that is text`, "these brackets do not stand at the end of the line, and are taken for text")
	}
	return c.text, nil
}

func closing(text string, from int) int {
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ']':
			return i
		}
	}
	return -1
}

func items(c cursor) []Note {
	var notes []Note
	for {
		item, _, more := strings.Cut(c.text, ",")
		if n := (cursor{item, c.pos}).trimRight().trimLeft(); n.text != "" {
			notes = append(notes, note(n))
		}
		if !more {
			return notes
		}
		c = c.skip(len(item) + 1)
	}
}

func note(c cursor) Note {
	key, value, pair := strings.Cut(c.text, ":")
	switch {
	case strings.HasPrefix(c.text, "#"):
		return Note{Kind: ID, Value: strings.Trim(c.text[1:], blanks), Pos: c.pos}
	case arrow(c.text) > 0:
		rest := c.skip(arrow(c.text)).trimLeft()
		return Note{Kind: Ref, Value: rest.text, Pos: rest.pos}
	case pair && strings.Trim(key, blanks) != "":
		return Note{Kind: Pair, Key: strings.ToLower(strings.Trim(key, blanks)), Value: strings.Trim(strings.TrimLeft(value, ":"), blanks), Pos: c.pos}
	}
	return Note{Kind: Word, Value: c.text, Pos: c.pos}
}

// arrow returns the length of the arrow that a note begins with, as people and their programs type it.
func arrow(text string) int {
	for _, a := range []string{"-->", "->", "- >", "=>", "–>", "—>", "→", "⟶", "-&gt;"} {
		if strings.HasPrefix(text, a) {
			return len(a)
		}
	}
	return 0
}
