// Package recall reads cards that authors type in a fenced block: something to be asked, and what is to be remembered. It knows
// nothing of Markdown but where a text of it begins and ends.
package recall

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
)

// Fence is what opens a block of cards.
const Fence = "recall"

// Kind is how a card is asked.
type Kind string

// The kinds of cards.
const (
	Basic Kind = "basic" // a front and a back
	Both  Kind = "both"  // asked both ways
	Cloze Kind = "cloze" // a text with words left out
)

// Card is one card. Of a Cloze, the Front holds marks in the place of what is left out, and the Back is empty.
type Card struct {
	Kind        Kind
	Front, Back quiz.Text
	Clozes      []Left
	Hint        quiz.Text
	ID          string // lasting; "" where its author gave none
	Was         []string
	Pos, End    diag.Position
	At          map[string]diag.Position
}

// Left is what a cloze leaves out. Those with one number are left out together.
type Left struct {
	Number int // from 1
	Text   string
	Hint   string
}

// Mark stands in the Front of a Cloze for what is left out, around its place in Clozes: a sign that no text has.
const Mark = "\uE0F1"

// Name returns what the card is called where its author gave it no id: the first six words of what it asks.
func (c *Card) Name() string { return quiz.Name(c.plainFront(func(l Left) string { return l.Text })) }

// Key returns the lasting id of the card: its own, or that of its page with its first six words.
func (c *Card) Key(page string) string {
	if c.ID != "" {
		return c.ID
	}
	return page + "/" + c.Name()
}

func (c *Card) plainFront(with func(Left) string) string {
	return fill(c.Front.String(), c.Clozes, with)
}

var markForm = regexp.MustCompile(Mark + `(\d+)` + Mark)

// fill puts something into each place of a cloze.
func fill(text string, left []Left, with func(Left) string) string {
	return markForm.ReplaceAllStringFunc(text, func(mark string) string {
		n, err := strconv.Atoi(strings.Trim(mark, Mark))
		if err != nil || n >= len(left) {
			return ""
		}
		return with(left[n])
	})
}

// Fill puts something into each place of a text that was made of a cloze.
func (c *Card) Fill(text string, with func(Left) string) string { return fill(text, c.Clozes, with) }

// Face is one way in which a card is asked: "" for the front, "back" for the other way, "c1" and so on for what a cloze leaves out.
type Face string

// Faces returns the ways in which a card is asked.
func (c *Card) Faces() []Face {
	switch c.Kind {
	case Both:
		return []Face{"", "back"}
	case Cloze:
		var faces []Face
		seen := map[int]bool{}
		for _, l := range c.Clozes {
			if !seen[l.Number] {
				seen[l.Number] = true
				faces = append(faces, Face(fmt.Sprintf("c%d", l.Number)))
			}
		}
		return faces
	}
	return []Face{""}
}

// Digest changes whenever what is to be remembered does.
func (c *Card) Digest() string {
	text := c.Back.String()
	for _, l := range c.Clozes {
		text += "\n" + l.Text
	}
	return quiz.Digest(text)
}

// MaxCards is how many cards a block may have, and maxLeft how many gaps a card.
const (
	MaxCards = 1_000
	maxLeft  = 50
)

var (
	questionForm = regexp.MustCompile(`^Q:\s*(.*)$`)
	answerForm   = regexp.MustCompile(`^A:\s*(.*)$`)
	keyForm      = regexp.MustCompile(`^([A-Za-z]+) ?:(?:\s+|$)(.*)$`)
	highlighted  = regexp.MustCompile(`==([^=]+(?:=[^=]+)*)==(?:\^\[([^\]]*)\])?`)
	numbered     = regexp.MustCompile(`\{\{c(\d{1,3})::((?:[^{}:]|:[^:])+?)(?:::((?:[^{}])*))?\}\}`)
	schedule     = regexp.MustCompile(`\s*<!--SR:[^>]*-->`)
	listItem     = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s`)
	emptyFront   = regexp.MustCompile(`(?i)^\W*(?:who|what|why|when|where|how|which|it|this|that)?\W*$`)
	yesForm      = regexp.MustCompile(`(?i)^\W*(?:yes|no|true|false)\W*$`)
)

// Parse reads the lines of a block: cards with an empty line between. What is wrong is told at its own line; a card with an error is
// left out. at is where the block opens.
func Parse(at diag.Position, lines []outline.Line) ([]Card, diag.List) {
	p := &parser{}
	for _, part := range split(lines) {
		if len(p.cards) == MaxCards {
			p.tell(diag.Error, part[0].Pos, "put some of them on pages of their own", "this block has more than %d cards", MaxCards)
			break
		}
		p.card(part)
	}
	if len(p.cards) == 0 && len(p.list) == 0 {
		p.tell(diag.Error, at, "write for example: front :: back", "this block has no card")
	}
	return p.cards, p.list
}

type parser struct {
	cards []Card
	list  diag.List
}

func (p *parser) tell(severity diag.Severity, pos diag.Position, hint, format string, args ...any) {
	p.list.Add(diag.Diagnostic{Pos: pos, Severity: severity, Code: "recall", Message: fmt.Sprintf(format, args...), Hint: hint, Beside: severity == diag.Error})
}

// split cuts a block at its empty lines, but not within code, nor between a question and its answer. A card of one line needs none.
func split(lines []outline.Line) [][]outline.Line {
	var parts [][]outline.Line
	var current []outline.Line
	fence := ""
	flush := func() {
		if len(current) > 0 {
			parts = append(parts, current)
		}
		current = nil
	}
	for i, line := range lines {
		trimmed := strings.TrimSpace(line.Text)
		inCode := fence != ""
		for _, mark := range []string{"```", "~~~"} {
			if strings.HasPrefix(trimmed, mark) && (fence == "" || fence == mark) {
				if fence = mark; inCode {
					fence = ""
				}
				break
			}
		}
		switch {
		case inCode || fence != "":
			current = lines[i-len(current) : i+1]
		case len(current) == 0 && deckForm.MatchString(trimmed):
		case trimmed == "" && len(current) > 0 && goesOn(lines[i+1:]):
			current = lines[i-len(current) : i+1]
		case questionForm.MatchString(line.Text) && outline.AnyLine(current, answerForm.MatchString):
			flush()
			current = lines[i-len(current) : i+1]
		case trimmed == "" && asked(current) && followed(lines[i+1:]):
			current = lines[i-len(current) : i+1]
		case trimmed == "":
			flush()
		default:
			if oneLine(line.Text) && len(current) > 0 && !keyed(line.Text) && whole(current) {
				flush()
			}
			current = lines[i-len(current) : i+1]
		}
	}
	flush()
	return parts
}

// deckForm is the line by which programs know a deck.
var deckForm = regexp.MustCompile(`^#[\p{L}\d/_-]+$`)

// goesOn reports whether what comes behind an empty line is indented, and so belongs to the card above.
func goesOn(lines []outline.Line) bool {
	for _, l := range lines {
		if strings.TrimSpace(l.Text) != "" {
			return strings.HasPrefix(l.Text, "  ") || strings.HasPrefix(l.Text, "\t")
		}
	}
	return false
}

// asked reports whether the lines are a question that has no answer yet.
func asked(lines []outline.Line) bool {
	return len(lines) > 0 && questionForm.MatchString(lines[0].Text) && !outline.AnyLine(lines, answerForm.MatchString)
}

// followed reports whether an answer comes before the next question.
func followed(lines []outline.Line) bool {
	for _, l := range lines {
		if answerForm.MatchString(l.Text) {
			return true
		}
		if questionForm.MatchString(l.Text) {
			return false
		}
	}
	return false
}

// oneLine reports whether a line is a card by itself.
func oneLine(s string) bool { return separator(s) != "" }

// separator returns what parts the front of a card of one line from its back: with spaces around it, or, where no such stands in the
// line, without.
func separator(s string) string {
	if !strings.Contains(s, "::") {
		return ""
	}
	plain := codeForm.ReplaceAllStringFunc(s, func(code string) string { return strings.Repeat(" ", len(code)) })
	plain = numbered.ReplaceAllStringFunc(plain, func(gap string) string { return strings.Repeat(" ", len(gap)) })
	for _, mark := range []string{" ::: ", "\t:::\t", " :: ", "\t::\t"} {
		if strings.Contains(plain, mark) {
			return mark
		}
	}
	if g := tightForm.FindStringSubmatch(plain); g != nil && strings.Count(plain, "::") == 1 {
		return g[1]
	}
	return ""
}

var (
	codeForm  = regexp.MustCompile("`[^`]*`")
	tightForm = regexp.MustCompile(`[^\s:](:::?)[^\s:]`)
)

func keyed(s string) bool {
	g := keyForm.FindStringSubmatch(s)
	return g != nil && known(strings.ToLower(g[1]))
}

func known(key string) bool { return key == "hint" || key == "id" || key == "was" }

// whole reports whether the lines begin with a card of one line.
func whole(lines []outline.Line) bool {
	return oneLine(lines[0].Text) && !questionForm.MatchString(lines[0].Text)
}

func (p *parser) card(lines []outline.Line) {
	c := Card{Kind: Basic, Pos: lines[0].Pos, End: lines[len(lines)-1].Pos, At: map[string]diag.Position{}}
	lines = p.keys(&c, lines)
	if lines == nil {
		return
	}
	for i := range lines {
		if !strings.Contains(lines[i].Text, "<!--SR:") {
			continue
		}
		if cut := schedule.ReplaceAllString(lines[i].Text, ""); cut != lines[i].Text {
			p.tell(diag.Warning, lines[i].Pos, "readers have schedules of their own: it can go", "the schedule of another program is left out")
			p.list[len(p.list)-1].Advice, p.list[len(p.list)-1].Same = true, "schedule"
			lines[i].Text = cut
		}
	}
	if !p.sides(&c, lines) {
		return
	}
	p.advise(&c)
	p.cards = append(p.cards, c)
}

// keys takes what is said of a card off its lines. It returns nil where that is wrong.
func (p *parser) keys(c *Card, lines []outline.Line) []outline.Line {
	rest := make([]outline.Line, 0, len(lines))
	fence := false
	for _, line := range lines {
		if s := strings.TrimSpace(line.Text); strings.HasPrefix(s, "```") || strings.HasPrefix(s, "~~~") {
			fence = !fence
		}
		if fence {
			rest = append(rest, line)
			continue
		}
		g := keyForm.FindStringSubmatchIndex(line.Text)
		if g == nil || !known(strings.ToLower(line.Text[g[2]:g[3]])) || len(rest) == 0 {
			rest = append(rest, line)
			continue
		}
		name, value := strings.ToLower(line.Text[g[2]:g[3]]), line.Behind(g[4])
		s := strings.TrimSpace(value.Text)
		if _, twice := c.At[name]; twice && name != "was" {
			p.tell(diag.Error, line.Pos, "keep one of the two", "%q is already said of this card", name)
			return nil
		}
		c.At[name] = value.Pos
		switch {
		case s == "":
			p.tell(diag.Error, line.Pos, "write it behind the colon, or leave the line out", "%q says nothing", name)
			return nil
		case name == "hint":
			c.Hint.Lines = []outline.Line{value}
		case name == "was":
			c.Was = append(c.Was, quiz.FormerIDs(s)...)
		case !quiz.IDForm.MatchString(s):
			p.tell(diag.Error, value.Pos, "use small letters, digits, - and _", "%q cannot be the id of a card", s)
			return nil
		default:
			c.ID = s
		}
	}
	return rest
}

// sides finds what of a card is its front, and what its back. It reports whether there are both.
func (p *parser) sides(c *Card, lines []outline.Line) bool {
	first := lines[0].Text
	var front, back []outline.Line
	between := -1
	for i, l := range lines {
		if s := strings.TrimSpace(l.Text); s == "?" || s == "??" {
			between = i
			if s == "??" {
				c.Kind = Both
			}
			break
		}
	}
	switch g := questionForm.FindStringSubmatchIndex(first); {
	case g != nil:
		at := len(lines)
		for i, l := range lines {
			if answerForm.MatchString(l.Text) {
				at = i
				break
			}
		}
		front = append([]outline.Line{lines[0].Behind(g[2])}, lines[1:at]...)
		if at < len(lines) {
			back = append([]outline.Line{lines[at].Behind(answerForm.FindStringSubmatchIndex(lines[at].Text)[2])}, lines[at+1:]...)
		}
	case between >= 0:
		front, back = lines[:between], lines[between+1:]
	case oneLine(first):
		mark := separator(first)
		if strings.Contains(mark, ":::") {
			c.Kind = Both
		}
		at := strings.Index(hiddenCode(first), mark)
		front = []outline.Line{{Text: first[:at], Pos: lines[0].Pos}}
		back = append([]outline.Line{lines[0].Behind(at + len(mark))}, lines[1:]...)
	case p.cloze(c, lines):
		if len(c.Clozes) > maxLeft {
			p.tell(diag.Error, c.Pos, "make several cards of it", "this card leaves out more than %d pieces", maxLeft)
		}
		return len(c.Clozes) <= maxLeft
	default:
		p.tell(diag.Error, lines[0].Pos, "write front :: back, Q: and A:, a line with ? between them, or ==what is left out==", "this card has no back")
		return false
	}
	c.Front.Lines, c.Back.Lines = front, back
	switch {
	case c.Front.Empty():
		p.tell(diag.Error, c.Pos, "write what is asked", "this card asks nothing")
		return false
	case c.Back.Empty():
		p.tell(diag.Error, c.Pos, "write what is to be remembered", "this card has no back")
		return false
	}
	return true
}

// hiddenCode is a line with its code blanked out, byte for byte.
func hiddenCode(s string) string {
	return codeForm.ReplaceAllStringFunc(s, func(code string) string { return strings.Repeat("x", len(code)) })
}

// outsideCode applies a change to what of a line is no code.
func outsideCode(s string, change func(string) string) string {
	out, from := "", 0
	for _, at := range codeForm.FindAllStringIndex(s, -1) {
		if strings.Contains(s[:at[0]], "==") && strings.Count(s[:at[0]], "==")%2 == 1 { // the code itself is left out
			continue
		}
		out += change(s[from:at[0]]) + s[at[0]:at[1]]
		from = at[1]
	}
	return out + change(s[from:])
}

// cloze takes what is left out of a text, and leaves marks. It reports whether there is any.
func (p *parser) cloze(c *Card, lines []outline.Line) bool {
	if !outline.AnyLine(lines, func(s string) bool { return strings.Contains(s, "==") || strings.Contains(s, "{{c") }) {
		return false
	}
	for _, line := range lines {
		line.Text = outsideCode(line.Text, func(text string) string { return p.gaps(c, text) })
		c.Front.Lines = append(c.Front.Lines, line)
	}
	if len(c.Clozes) == 0 {
		c.Front.Lines = nil
		return false
	}
	c.Kind = Cloze
	return true
}

// gaps leaves out what a text says is to be.
func (p *parser) gaps(c *Card, text string) string {
	text = numbered.ReplaceAllStringFunc(text, func(s string) string {
		g := numbered.FindStringSubmatch(s)
		n, _ := strconv.Atoi(g[1])
		return c.leave(Left{Number: max(n, 1), Text: g[2], Hint: g[3]})
	})
	return highlighted.ReplaceAllStringFunc(text, func(s string) string {
		g := highlighted.FindStringSubmatch(s)
		return c.leave(Left{Number: len(c.Clozes) + 1, Text: g[1], Hint: g[2]})
	})
}

func (c *Card) leave(l Left) string {
	if len(c.Clozes) > maxLeft {
		return ""
	}
	l.Text, l.Hint = outline.Plain(strings.TrimSpace(l.Text)), outline.Plain(strings.TrimSpace(l.Hint))
	c.Clozes = append(c.Clozes, l)
	return fmt.Sprintf("%s%d%s", Mark, len(c.Clozes)-1, Mark)
}

// mostWords and mostItems are how much a back should hold: what is more is forgotten in parts. Source: Wozniak, "Twenty rules of
// formulating knowledge" (1999), rules 4 and 9.
const mostWords, mostItems = 40, 3

// advise says what makes a card hard to remember.
func (p *parser) advise(c *Card) {
	advise := func(same, hint, format string, args ...any) {
		p.tell(diag.Warning, c.Pos, hint, format, args...)
		p.list[len(p.list)-1].Advice, p.list[len(p.list)-1].Same = true, same
	}
	back := c.Back.String()
	items := 0
	for _, l := range c.Back.Lines {
		if listItem.MatchString(l.Text) {
			items++
		}
	}
	switch {
	case items > mostItems:
		advise("list", "make a card of each, or ask for one of them", "the back of this card is a list of %d", items)
	case len(strings.Fields(back)) > mostWords:
		advise("long", "make several cards of it", "the back of this card has %d words", len(strings.Fields(back)))
	case yesForm.MatchString(back):
		advise("yes", "ask which, why, or what", "this card is answered with yes or no, and says nothing a week later")
	}
	if c.Kind == Basic && emptyFront.MatchString(c.Front.String()) {
		advise("front", "ask a whole question: what is meant, of what, where", "the front of this card, %q, names nothing that is asked", c.Front.String())
	}
}
