package impactmap

import (
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// The measures of the picture, in pixels at its natural size.
const (
	boxWidth  = 226.0
	columnGap = 64.0
	rowGap    = 14.0
	margin    = 20.0
	headRoom  = 34.0
	padding   = 12.0
	firstLine = 22.0 // from the top of a box to where its first line stands
	joint     = 18.0 // from there to where lines leave and arrive
	lineStep  = 18.0
	textSize  = 14.0
	noteSize  = 12.0
	mostLines = 6 // of a card's text; the list beside the picture has all of it
)

// place is a card with its place in the picture.
type place struct {
	card   *Card
	lines  []string
	note   string
	height float64 // of its box
	span   float64 // of its branch
	top    float64 // of its box
	below  []*place
}

// Draw returns the map as a picture: a tidy tree from the goal on the left to the deliverables on the right. It takes
// time and space in proportion to the cards.
func (m *Map) Draw(style board.Style) string {
	var roots []*place
	depth, height := Level(0), 0.0
	for _, g := range m.Goals {
		p := measure(g, style.Say, &depth)
		height += p.span + rowGap
		roots = append(roots, p)
	}
	first := m.top()
	columns := float64(depth-first) + 1
	width := 2*margin + columns*boxWidth + (columns-1)*columnGap
	pen := board.NewPen(width, headRoom+height+margin, style)
	for level := first; level <= depth; level++ {
		pen.Text(left(level-first), 18, style.Say.Say("map.column."+level.String()), board.Type{Size: 12, Colour: board.Soft})
	}
	y := headRoom
	for _, p := range roots {
		p.settle(y)
		y += p.span + rowGap
		p.draw(pen, nil, first)
	}
	return pen.Picture(board.Title(style.Say, "map.impact.title", m.Title), m.Counts(style.Say))
}

// top is the level of the first cards: a part of a map begins where its card stands.
func (m *Map) top() Level {
	if len(m.Goals) == 0 {
		return Goal
	}
	return m.Goals[0].Level
}

func left(column Level) float64 { return margin + float64(column)*(boxWidth+columnGap) }

// measure wraps the texts of a branch, and sizes its boxes.
func measure(c *Card, say *words.Words, depth *Level) *place {
	*depth = max(*depth, c.Level)
	p := &place{card: c, lines: board.Wrap(c.Plain(), textSize, boxWidth-2*padding, mostLines)}
	if notes := board.Wrap(c.remark(say), noteSize, boxWidth-2*padding, 1); len(notes) > 0 {
		p.note = notes[0]
	}
	p.height = firstLine + lineStep*float64(len(p.lines))
	if p.note != "" {
		p.height += lineStep
	}
	sum := -rowGap
	for _, child := range c.Children {
		q := measure(child, say, depth)
		sum += q.span + rowGap
		p.below = append(p.below, q)
	}
	p.span = max(p.height, sum)
	return p
}

// remark is the line below a card's text.
func (c *Card) remark(say *words.Words) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if c.Role != "" {
		add(say.Say("role." + c.Role))
	}
	add(c.Measure.Change())
	if c.Effect != "" {
		add(say.Say("effect." + c.Effect))
	}
	add(strings.ToLower(c.Phase))
	if c.Status != outline.ToDo {
		add(board.Status(say, c.Status))
	}
	return strings.Join(parts, " · ")
}

// settle gives each box of a branch its height on the page: a card stands beside the first that it leads to, so that who begins at the top
// reads why, who, how and what in one line.
func (p *place) settle(top float64) {
	p.top = top
	for _, q := range p.below {
		q.settle(top)
		top += q.span + rowGap
	}
}

func (p *place) draw(pen *board.Pen, above *place, first Level) {
	x := left(p.card.Level - first)
	end := pen.Group(p.card.ID)
	if above != nil {
		pen.Branch(x-columnGap, above.top+joint, x, p.top+joint)
	}
	fill, stroke, ink, soft := colours(p.card)
	pen.Box(x, p.top, boxWidth, p.height, fill, stroke, p.card.Effect == "hinders")
	base := p.top + firstLine
	dropped := p.card.Status == outline.Dropped
	if dropped {
		ink = board.Soft
	}
	for _, line := range p.lines {
		pen.Text(x+padding, base, line, board.Type{Size: textSize, Bold: p.card.Level <= Actor, Struck: dropped, Colour: ink})
		base += lineStep
	}
	if p.note != "" {
		pen.Text(x+padding, base-1, p.note, board.Type{Size: noteSize, Colour: soft})
	}
	end()
	for _, q := range p.below {
		q.draw(pen, p, first)
	}
}

func colours(c *Card) (fill, stroke, ink, soft board.Colour) {
	stroke = board.Line
	if c.Effect == "hinders" {
		stroke = board.Hinders
	}
	switch c.Level {
	case Goal:
		return board.Ink, stroke, board.Paper, board.Paper
	case Actor:
		return board.Tint, stroke, board.Ink, board.Soft
	case Impact:
		return board.Raise, stroke, board.Ink, board.Soft
	}
	return board.Paper, stroke, board.Ink, board.Soft
}
