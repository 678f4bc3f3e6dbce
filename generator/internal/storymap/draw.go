package storymap

import (
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// The measures of the picture, in pixels at its natural size.
const (
	gap        = 14.0
	margin     = 20.0
	padding    = 11.0
	lineStep   = 18.0
	textSize   = 14.0
	noteSize   = 12.0
	mark       = 20.0 // the room of a story's disc
	mostLines  = 6
	sliceRoom  = 44.0
	cardSpace  = 8.0
	afterSlice = 16.0
	leastWidth = 560.0 // so that a slice's outcome has room
)

// box is a card with its lines.
type box struct {
	card   *Card
	lines  []string
	who    string
	height float64
}

// box wraps the text of a card, and says below for whom it is, and how far it has come where that is more than to be done.
func (g grid) box(c *Card, width float64) box {
	b := box{card: c, lines: board.Wrap(outline.Typographic(c.Plain()), textSize, width, mostLines)}
	var who []string
	if len(c.Personas) > 0 {
		who = append(who, strings.Join(c.Personas, ", "))
	}
	if c.Level == Story && c.Status != outline.ToDo {
		who = append(who, board.Status(g.say, c.Status))
	}
	if lines := board.Wrap(strings.Join(who, " · "), noteSize, width, 1); len(lines) > 0 {
		b.who = lines[0]
	}
	b.height = 16 + lineStep*float64(len(b.lines))
	if b.who != "" {
		b.height += lineStep
	}
	return b
}

// StepWidths are the widths that steps can be drawn with, in pixels, the natural one first: on paper, narrower ones may fit a sheet.
func StepWidths() []float64 { return []float64{168, 138, 116} }

// Draw returns the map as a picture in a file of its own: a grid of steps and slices.
func (m *Map) Draw(style board.Style) string {
	return m.Pen(style, StepWidths()[0]).Picture(board.Title(style.Say, "map.story.title", m.Title), m.Counts(style.Say))
}

// grid is the measures of a picture that follow from the width of its steps.
type grid struct {
	step float64
	say  *words.Words
}

// Pen draws the map with steps of a width. It takes time and space in proportion to the cards.
func (m *Map) Pen(style board.Style, stepWidth float64) *board.Pen {
	g := grid{stepWidth, style.Say}
	columns := m.columns()
	width := max(2*margin+float64(max(len(columns), 1))*(g.step+gap)-gap, leastWidth)
	rows, height := m.rows(columns, g)
	activities, activityHeight := m.activities(g)
	steps, stepHeight := g.stepBoxes(columns)
	top := margin + activityHeight + gap + stepHeight + gap
	pen := board.NewPen(width, top+height, style)
	x := margin
	for _, a := range activities {
		w := g.span(len(a.card.Children))
		a.draw(pen, x, margin, w, activityHeight, board.Ink, board.Ink, board.Paper, true)
		x += w + gap
	}
	for i, s := range steps {
		if s.card != nil {
			s.draw(pen, g.left(i), margin+activityHeight+gap, g.step, stepHeight, board.Tint, board.Tint, board.Ink, true)
		}
	}
	for _, r := range rows {
		top = r.draw(pen, top, g)
	}
	return pen
}

func (g grid) left(column int) float64 { return margin + float64(column)*(g.step+gap) }

func (g grid) span(steps int) float64 {
	n := float64(max(steps, 1))
	return n*g.step + (n-1)*gap
}

func (m *Map) activities(g grid) (boxes []box, height float64) {
	for _, a := range m.Activities {
		b := g.box(a, g.span(len(a.Children))-2*padding)
		boxes = append(boxes, b)
		height = max(height, b.height)
	}
	return boxes, height
}

func (g grid) stepBoxes(columns []column) (boxes []box, height float64) {
	for _, c := range columns {
		var b box
		if c.step != nil {
			b = g.box(c.step, g.step-2*padding)
		}
		boxes = append(boxes, b)
		height = max(height, b.height)
	}
	return boxes, height
}

func (b box) draw(pen *board.Pen, x, y, w, h float64, fill, stroke, ink board.Colour, bold bool) {
	pen.Box(x, y, w, h, fill, stroke, false)
	base := y + 20
	for _, line := range b.lines {
		pen.Text(x+padding, base, line, board.Type{Size: textSize, Bold: bold, Colour: ink, Struck: b.card.Status == outline.Dropped})
		base += lineStep
	}
	if b.who != "" {
		soft := board.Soft
		if fill == board.Ink {
			soft = ink
		}
		pen.Text(x+padding, base-1, b.who, board.Type{Size: noteSize, Colour: soft})
	}
}

// row is a slice with its cells, those without a card left out.
type row struct {
	title, outcome string
	phase          string
	cells          []cell
	height         float64
}

type cell struct {
	column int
	boxes  []box
}

func (m *Map) rows(columns []column, g grid) (rows []row, height float64) {
	for _, s := range m.Planned() {
		r := row{title: shownName(s.name(), g.say), outcome: m.Progress(s).Says(g.say)}
		if s != nil {
			r.phase = s.Phase
		}
		if s != nil && s.Outcome != "" {
			r.outcome = outline.Typographic(outline.Plain(s.Outcome)) + " · " + r.outcome
		}
		tallest := 0.0
		for i, c := range columns {
			cards := c.cells[s.name()]
			if len(cards) == 0 {
				continue
			}
			sum := 0.0
			at := cell{column: i}
			for _, story := range cards {
				b := g.box(story, g.step-2*padding-mark)
				sum += b.height + cardSpace
				at.boxes = append(at.boxes, b)
			}
			tallest = max(tallest, sum)
			r.cells = append(r.cells, at)
		}
		r.height = sliceRoom + tallest + afterSlice
		height += r.height
		rows = append(rows, r)
	}
	return rows, height
}

// draw returns where the next row begins.
func (r row) draw(pen *board.Pen, top float64, g grid) float64 {
	pen.Rule(top)
	line := func(text string, x, size float64, t board.Type) float64 {
		for _, l := range board.Wrap(text, size, max(pen.Width()-margin-x, 1), 1) {
			t.Size = size
			pen.Text(x, top+27, l, t)
			x += board.Width(l, size) + gap
		}
		return x
	}
	x := margin + pen.Blaze(margin, top+16, r.phase)
	x = line(r.title, x, textSize+1, board.Type{Bold: true, Colour: board.Ink})
	if x < pen.Width()-4*margin {
		line(r.outcome, x, noteSize+.5, board.Type{Colour: board.Soft})
	}
	for _, c := range r.cells {
		y := top + sliceRoom
		for _, b := range c.boxes {
			x := g.left(c.column)
			pen.Box(x, y, g.step, b.height, board.Paper, board.Line, false)
			pen.State(x+padding-2, y+8, string(b.card.Status))
			base := y + 20
			for _, line := range b.lines {
				pen.Text(x+padding+mark, base, line, board.Type{Size: textSize, Colour: board.Ink, Struck: b.card.Status == outline.Dropped})
				base += lineStep
			}
			if b.who != "" {
				pen.Text(x+padding+mark, base-1, b.who, board.Type{Size: noteSize, Colour: board.Soft})
			}
			y += b.height + cardSpace
		}
	}
	return top + r.height
}
