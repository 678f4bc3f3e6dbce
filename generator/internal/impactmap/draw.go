package impactmap

import (
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// The measures of the picture, in pixels at its natural size.
const (
	columnGap = 48.0
	rowGap    = 14.0
	margin    = 20.0
	headRoom  = 34.0
	padding   = 12.0
	firstLine = 22.0 // from the top of a box to where its first line stands
	joint     = 18.0 // from there to where lines leave and arrive
	lineStep  = 18.0
	textSize  = 14.0
	noteSize  = 12.0
	marks     = 34.0 // the room of the marks of its status and phase
	mostLines = 6    // of a card's text; the list beside the picture has all of it
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

// BoxWidths are the widths that cards can be drawn with, in pixels, the natural one first: on paper, narrower ones may fit a sheet.
func BoxWidths() []float64 { return []float64{226, 190, 158} }

// Draw returns the map as a picture in a file of its own: a tree from the goal on the left to the deliverables on the right.
func (m *Map) Draw(style board.Style) string {
	return m.Pen(style, BoxWidths()[0]).Picture(board.Title(style.Say, "map.impact.title", m.Title), m.Counts(style.Say))
}

// Pen draws the map with cards of a width. It takes time and space in proportion to the cards.
func (m *Map) Pen(style board.Style, boxWidth float64) *board.Pen {
	g := grid{boxWidth, style.Say}
	var roots []*place
	depth, height := Level(0), 0.0
	for _, goal := range m.Goals {
		p := g.measure(goal, &depth)
		height += p.span + rowGap
		roots = append(roots, p)
	}
	first := m.top()
	columns := float64(depth-first) + 1
	width := 2*margin + columns*g.box + (columns-1)*columnGap
	pen := board.NewPen(width, headRoom+height+margin, style)
	for level := first; level <= depth; level++ {
		pen.Text(g.left(level-first), 18, style.Say.Say("map.column."+level.String()), board.Type{Size: 12, Colour: board.Soft})
	}
	y := headRoom
	for _, p := range roots {
		p.settle(y)
		y += p.span + rowGap
		g.draw(pen, p, nil, first)
	}
	return pen
}

// grid is the measures of a picture that follow from the width of its cards.
type grid struct {
	box float64
	say *words.Words
}

// top is the level of the first cards: a part of a map begins where its card stands.
func (m *Map) top() Level {
	if len(m.Goals) == 0 {
		return Goal
	}
	return m.Goals[0].Level
}

func (g grid) left(column Level) float64 { return margin + float64(column)*(g.box+columnGap) }

// measure wraps the texts of a branch, and sizes its boxes.
func (g grid) measure(c *Card, depth *Level) *place {
	*depth = max(*depth, c.Level)
	p := &place{card: c, lines: board.Wrap(outline.Typographic(c.Plain()), textSize, g.box-2*padding, mostLines)}
	if notes := board.Wrap(c.remark(g.say), noteSize, g.box-2*padding-marks, 1); len(notes) > 0 {
		p.note = notes[0]
	}
	p.height = firstLine + lineStep*float64(len(p.lines))
	if p.note != "" {
		p.height += lineStep
	}
	sum := -rowGap
	for _, child := range c.Children {
		q := g.measure(child, depth)
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

func (g grid) draw(pen *board.Pen, p, above *place, first Level) {
	x := g.left(p.card.Level - first)
	if above != nil {
		pen.Branch(x-columnGap, above.top+joint, x, p.top+joint)
	}
	fill, stroke, ink, soft := colours(p.card)
	pen.Box(x, p.top, g.box, p.height, fill, stroke, p.card.Effect == "hinders")
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
		at := x + padding
		if p.card.Status != outline.ToDo {
			pen.State(at, base-12, string(p.card.Status))
			at += 18
		}
		at += pen.Blaze(at, base-11, p.card.Phase)
		pen.Text(at, base-1, p.note, board.Type{Size: noteSize, Colour: soft})
	}
	for _, q := range p.below {
		g.draw(pen, q, p, first)
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
