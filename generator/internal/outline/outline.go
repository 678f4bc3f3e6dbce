// Package outline reads and writes the grammar that impact maps and story maps share: a header of "key: text" lines,
// then cards as bullets, nested by indentation, with notes in brackets and details below them.
//
// The text is typed by people who do not program. What cannot be misread is forgiven (tabs, no-break spaces, word
// processors' bullets, a card that is a space or two off), and one slip gives one message.
package outline

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/generator/diag"
)

// Line is one line of a block, without its ending, and where its first character stands in the Markdown file.
type Line struct {
	Text string
	Pos  diag.Position
}

// Behind returns what of a line stands behind its first bytes, at its own place.
func (l Line) Behind(bytes int) Line {
	l.Pos.Col += utf8.RuneCountInString(l.Text[:bytes])
	l.Text = l.Text[bytes:]
	return l
}

// AnyLine reports whether one of the lines has a form.
func AnyLine(lines []Line, form func(string) bool) bool {
	return slices.ContainsFunc(lines, func(l Line) bool { return form(l.Text) })
}

// Outline is a block as it was typed, without what its words mean.
type Outline struct {
	Header []Field
	Cards  []*Card   // those of the first level
	Tail   []Comment // behind the last card
}

// Comment is a line of comment, without its slashes, or an empty line.
type Comment struct {
	Text  string
	Empty bool
}

// Field is a "key: text" line: of the header, or a detail of a card.
type Field struct {
	Key, Text string
	Notes     []Note // of the header only
	Comments  []Comment
	Pos       diag.Position // of the key
	TextPos   diag.Position
}

// Card is one bullet. Its text is as it was typed, with inline marks and escapes.
type Card struct {
	Level    int // from 0
	Text     string
	Box      Box
	Notes    []Note
	Details  []Field
	Children []*Card
	Comments []Comment     // above it
	Pos      diag.Position // of its bullet
	TextPos  diag.Position
}

// Box is a card's status as its box shows it.
type Box string

// The boxes.
const (
	NoBox      Box = ""
	OpenBox    Box = "[ ]"
	DoingBox   Box = "[/]"
	DoneBox    Box = "[x]"
	DroppedBox Box = "[-]"
)

// NoteKind is the form of a note.
type NoteKind int

// The forms: a word, "#id", "-> reference", "key: value".
const (
	Word NoteKind = iota
	ID
	Ref
	Pair
)

// Note is one item between the brackets at a line's end. Value is the text behind "#" or "->", or the value of a pair.
type Note struct {
	Kind       NoteKind
	Key, Value string
	Pos        diag.Position
}

// Rules say what kind of map is read.
type Rules struct {
	Name    string     // for messages: "a story map"
	Levels  []Level    // from the top
	Header  []string   // the keys that the header may have
	Once    []string   // those of them that may stand there only once
	Noted   []string   // those whose lines end in notes
	Details [][]string // the keys that details may have, by level
	Again   []string   // those of them that a card may have more than once
}

// Level names the cards of one depth.
type Level struct {
	Name  string // "activity"
	With  string // with its article: "an activity"
	Extra bool   // not named where a message lists the levels
}

// Parse reads a block. Everything that could be read is returned; the Outline of a block with errors is incomplete.
func Parse(lines []Line, rules Rules) (*Outline, diag.List) {
	p := &parser{rules: rules, out: &Outline{}, grid: measure(lines)}
	for i, l := range lines {
		p.at = i
		p.line(l)
	}
	for n := len(p.comments); n > 0 && p.comments[n-1].Empty; n-- {
		p.comments = p.comments[:n-1]
	}
	p.out.Tail = p.comments
	return p.out, p.list
}

type parser struct {
	rules Rules
	out   *Outline
	grid
	at       int    // the line being read
	open     []open // the cards that the next line may belong to, from the top
	skipped  int    // columns from which lines are passed over, because their card was reported; 0 for none
	comments []Comment
	cards    int
	list     diag.List
}

// Problem makes an error or a warning of a map, which stands beside the map where its page is shown to its author.
func Problem(severity diag.Severity, pos diag.Position, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Pos: pos, Severity: severity, Code: "map", Message: fmt.Sprintf(format, args...), Hint: hint, Beside: true}
}

func (p *parser) errorf(pos diag.Position, hint, format string, args ...any) {
	p.list.Add(Problem(diag.Error, pos, hint, format, args...))
}

func (p *parser) warnf(pos diag.Position, hint, format string, args ...any) {
	p.list.Add(Problem(diag.Warning, pos, hint, format, args...))
}

func (p *parser) line(l Line) {
	column := indentation(l.Text, p.tab)
	c := cursor{l.Text, l.Pos}.trimRight().trimLeft()
	if c.text == "" {
		if n := len(p.comments); n == 0 || !p.comments[n-1].Empty {
			p.comments = append(p.comments, Comment{Empty: true})
		}
		return
	}
	if strings.HasPrefix(c.text, "//") {
		p.comments = append(p.comments, comment(c.text))
		return
	}
	if p.skipped > 0 && column >= p.skipped {
		return
	}
	p.skipped = 0
	c = p.cutComment(c)
	c.text = brackets(c.text)
	if rest, bullet := cutBullet(c); bullet {
		p.card(rest, c.pos, column)
		return
	}
	size := missingSpace(c.text)
	switch {
	case size > 0:
		p.errorf(c.skip(size).pos, fmt.Sprintf("write %q", "- "+shorten(c.text[size:])), "a space is missing after the bullet")
		p.skipped = column + 1
	case strings.HasPrefix(c.text, "#"):
		p.errorf(c.pos, `use "title: ..."`, "headings do not work inside a map")
	case len(p.open) == 0:
		p.headerLine(c)
	default:
		p.detail(c, column)
	}
}

func (p *parser) headerLine(c cursor) {
	f, ok := p.field(c)
	switch {
	case !ok:
		p.errorf(c.pos, `write "- " before a card, or "title: ..."`, "this line is neither a card nor something that %s starts with", p.rules.Name)
	case !slices.Contains(p.rules.Header, f.Key):
		p.errorf(f.Pos, p.keyHint(f.Key, p.rules.Header), "%q is not something %s starts with", f.Key, p.rules.Name)
	case slices.Contains(p.rules.Once, f.Key) && slices.ContainsFunc(p.out.Header, func(g Field) bool { return g.Key == f.Key }):
		p.errorf(f.Pos, "keep one of them", "this map has a second %q", f.Key)
	default:
		if slices.Contains(p.rules.Noted, f.Key) {
			f.Text, f.Notes = p.notes(cursor{f.Text, f.TextPos})
		}
		p.out.Header = append(p.out.Header, f)
	}
}

// keyHint phrases a hint with the colon that a key needs: did you mean "title:"?
func (p *parser) keyHint(word string, keys []string) string {
	if near := diag.Nearest(word, keys); near != "" {
		return fmt.Sprintf("did you mean %q?", near+":")
	}
	return "there are " + strings.Join(keys, ", ")
}

// field reads "key: text", also with two colons, as outliners write it.
func (p *parser) field(c cursor) (Field, bool) {
	end := strings.IndexByte(c.text, ':')
	if end <= 0 || end > 30 || strings.ContainsAny(c.text[:end], "[]()") {
		return Field{}, false
	}
	key := strings.ToLower(strings.Trim(c.text[:end], blanks))
	rest := c.skip(end + 1)
	rest = rest.skip(len(rest.text) - len(strings.TrimLeft(rest.text, ":"))).trimLeft()
	f := Field{Key: key, Text: rest.text, Pos: c.pos, TextPos: rest.pos, Comments: p.comments}
	p.comments = nil
	return f, true
}

func (p *parser) detail(c cursor, column int) {
	f, ok := p.field(c)
	if !ok {
		p.errorf(c.pos, `write "- " before a card, or "note: ..." for a remark`, "this line is neither a card nor a detail")
		p.skipped = column + 1
		return
	}
	owner := p.owner(column)
	if last := p.open[len(p.open)-1].card; owner != last {
		p.warnf(f.Pos, "indent it further, or move it up to its card", "this detail is taken for one of %q on line %d", Plain(owner.Text), owner.Pos.Line)
	}
	level := p.rules.Levels[owner.Level]
	known := p.rules.Details[owner.Level]
	switch {
	case slices.Contains(p.rules.Header, f.Key) && !slices.Contains(known, f.Key):
		p.errorf(f.Pos, "move it up", "%q stands before the first card", f.Key)
	case !slices.Contains(known, f.Key):
		p.errorf(f.Pos, p.keyHint(f.Key, known), "%q is not a detail of %s", f.Key, level.With)
	case !slices.Contains(p.rules.Again, f.Key) && slices.ContainsFunc(owner.Details, func(g Field) bool { return g.Key == f.Key }):
		p.errorf(f.Pos, "keep one of them", "this %s has a second %q", level.Name, f.Key)
	default:
		owner.Details = append(owner.Details, f)
	}
}

// owner returns the deepest card that a line at a column stands below; the last card, for a line that is not indented.
func (p *parser) owner(column int) *Card {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].column < column {
			return p.open[i].card
		}
	}
	return p.open[len(p.open)-1].card
}

// MaxCards bounds what one map draws. A map that people can plan with has a tenth of it.
const MaxCards = 2_000

// maxText is how many bytes a card may say. What is above a card is said with it in some downloads and in what is read aloud.
const maxText = 32_000

func (p *parser) card(c cursor, bullet diag.Position, column int) {
	if p.cards++; p.cards > MaxCards {
		if p.cards == MaxCards+1 {
			p.errorf(bullet, "draw several maps", "this map has more than %d cards", MaxCards)
		}
		return
	}
	if p.jumps(column) {
		p.errorf(bullet, "the levels are "+p.levels(), "a level is missing above this card")
		p.skipped = column
		return
	}
	level, off, at := p.place(column)
	if level >= len(p.rules.Levels) {
		p.errorf(bullet, "", "%s has %s levels: %s", p.rules.Name, number(1+strings.Count(p.levels(), ",")), p.levels())
		p.skipped = column
		return
	}
	card := &Card{Level: level, Pos: bullet, Comments: p.comments}
	p.comments = nil
	said := len(p.list)
	card.Box, c = p.cutBox(c)
	card.TextPos = c.pos
	card.Text, card.Notes = p.notes(c)
	switch {
	case len(p.list) > said:
	case card.Text == "":
		p.errorf(bullet, "write what it says, or take it out", "this card is empty")
	case len(card.Text) > maxText:
		p.errorf(bullet, "say it in a few words, and the rest in the text around the map", "this card says more than %d bytes", maxText)
		card.Text = card.Text[:0]
	case off > 0:
		p.warnf(bullet, "line it up with the others", "this card is out of line, and is taken for %s", p.rules.Levels[level].With)
	}
	step := 0
	if level > 0 {
		step = at - p.open[level-1].column
	}
	p.open = append(p.open[:level], open{card, at, step})
	if level == 0 {
		p.out.Cards = append(p.out.Cards, card)
	} else {
		parent := p.open[level-1].card
		parent.Children = append(parent.Children, card)
	}
}

// levels names the levels from the top.
func (p *parser) levels() string {
	var names []string
	for _, l := range p.rules.Levels {
		if !l.Extra {
			names = append(names, l.Name)
		}
	}
	return strings.Join(names, ", ")
}

func number(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
