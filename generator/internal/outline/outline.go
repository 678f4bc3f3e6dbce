// Package outline reads and writes the grammar that impact maps and story maps share: a header of "key: text" lines,
// then cards as bullets, nested by indentation, with notes in brackets and details below them.
//
// The text is typed by people who do not program. What cannot be misread is forgiven (tabs, no-break spaces, word
// processors' bullets, a card that is a space or two off), and one slip gives one message.
package outline

import (
	"fmt"
	"regexp"
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

// open is a card with the column at which it stands, and how far that is from the card above it.
type open struct {
	card         *Card
	column, step int
}

func abs(n int) int { return max(n, -n) }

// Problem makes an error or a warning of a map.
func Problem(severity diag.Severity, pos diag.Position, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Pos: pos, Severity: severity, Code: "map", Message: fmt.Sprintf(format, args...), Hint: hint}
}

func (p *parser) errorf(pos diag.Position, hint, format string, args ...any) {
	p.list.Add(Problem(diag.Error, pos, hint, format, args...))
}

func (p *parser) warnf(pos diag.Position, hint, format string, args ...any) {
	p.list.Add(Problem(diag.Warning, pos, hint, format, args...))
}

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

// tabWidth is what a tab takes where nothing says otherwise.
const tabWidth = 4

// indentation counts columns; a tab goes to the next multiple of its width.
func indentation(text string, tab int) int {
	n := 0
	for _, r := range text {
		switch {
		case r == '\t':
			n += tab - n%tab
		case r == '\u3000':
			n += 2
		case strings.ContainsRune(blanks, r):
			n++
		default:
			return n
		}
	}
	return n
}

// grid is how the cards of a block are indented.
type grid struct {
	unit  int         // columns of a level: the most frequent step inwards, the smaller of two
	base  int         // the leftmost column
	next  []int       // by line, the column of the next card; -1 where there is none
	usual map[int]int // by column, the level of the cards that stand there, where every step to them is a unit
	tab   int         // columns that a tab takes
}

// measure looks at the whole block, before its cards are placed.
func measure(lines []Line) grid {
	g := grid{next: make([]int, len(lines)), base: -1, tab: tabWidth}
	var plain []Line // those that are not indented with tabs, which say how wide a tab is meant to be
	for _, l := range lines {
		if !strings.HasPrefix(l.Text, "\t") {
			plain = append(plain, l)
		}
	}
	if unit, steps := steps(plain, tabWidth); steps > 0 && len(plain) < len(lines) {
		g.tab = unit
	}
	g.unit, _ = steps(lines, g.tab)
	below := -1
	for i := len(lines) - 1; i >= 0; i-- {
		g.next[i] = below
		if column, is := cardColumn(lines[i], g.tab); is {
			if g.base < 0 || column < g.base {
				g.base = column
			}
			below = column
		}
	}
	g.base = max(g.base, 0)
	g.usual = usual(lines, g)
	return g
}

func cardColumn(l Line, tab int) (int, bool) {
	_, bullet := cutBullet(cursor{text: l.Text}.trimLeft())
	return indentation(l.Text, tab), bullet
}

// steps returns the most frequent step inwards, and how many there are of all.
func steps(lines []Line, tab int) (unit, n int) {
	count := map[int]int{}
	last := -1
	for _, l := range lines {
		column, is := cardColumn(l, tab)
		if !is {
			continue
		}
		if last >= 0 && column > last {
			count[column-last]++
			n++
		}
		last = column
	}
	for step, n := range count {
		if n > count[unit] || n == count[unit] && step < unit {
			unit = step
		}
	}
	if unit == 0 {
		unit = 2
	}
	return unit, n
}

// usual finds out which level the columns have where the block is regular.
func usual(lines []Line, g grid) map[int]int {
	levels := map[int]int{}
	var open []int
	for _, l := range lines {
		column, is := cardColumn(l, g.tab)
		if !is {
			continue
		}
		for len(open) > 0 && open[len(open)-1] >= column {
			open = open[:len(open)-1]
		}
		if len(open) == 0 && column == g.base || len(open) > 0 && column == open[len(open)-1]+g.unit {
			open = append(open, column)
			levels[column] = len(open) - 1
		}
	}
	return levels
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
	case slices.ContainsFunc(owner.Details, func(g Field) bool { return g.Key == f.Key }):
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

// MaxCards bounds what one map draws. A map that people can plan with has a hundredth of it.
const MaxCards = 20_000

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

// place decides to which level a card at a column belongs: that of the open card that it stands beside, or the one below
// the last. off is by how many columns it is out of line, and at the column that it is taken to stand at.
func (p *parser) place(column int) (level, off, at int) {
	if len(p.open) == 0 {
		return 0, column - p.base, p.base
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].column == column {
			return i, 0, column
		}
	}
	last := p.open[len(p.open)-1]
	if step := column - last.column; step > 0 {
		if step < p.unit && 2*step <= p.unit && !p.meant(step) {
			return len(p.open) - 1, step, last.column
		}
		return len(p.open), max(p.unit-step, 0), column
	}
	level, off = 0, abs(column-p.open[0].column)
	for i, o := range p.open {
		if d := abs(column - o.column); d <= off {
			level, off = i, d
		}
	}
	return level, off, p.open[level].column
}

// meant reports whether a small step inwards is one: where the card above took the same, or the one below stands as a
// card below it would.
func (p *parser) meant(step int) bool {
	last, next := p.open[len(p.open)-1], p.next[p.at]
	if step > 1 && (last.step == step || next-last.column == 2*step) {
		return true
	}
	return next > 0 && abs(next-last.column-2*p.unit) < abs(next-last.column-p.unit)
}

// jumps reports whether a card stands where other cards of the block stand a level deeper or more.
func (p *parser) jumps(column int) bool {
	if len(p.open) == 0 {
		return false
	}
	return column >= p.open[len(p.open)-1].column+2*p.unit && p.usual[column] > len(p.open)
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
