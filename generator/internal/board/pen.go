package board

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/generator/internal/words"
)

// Colour is a colour of a picture, which is a file or lies on paper: it is light, also where a page is dark.
type Colour string

// The colours of a map: the theme's, as they are on paper.
const (
	Ink     Colour = "#1d211e"
	Paper   Colour = "#fbfaf6"
	Raise   Colour = "#ffffff"
	Line    Colour = "#d8d4c8"
	Edge    Colour = "#86897f" // of lines that mean something: at least 3:1 on any of the others
	Soft    Colour = "#565d57"
	Tint    Colour = "#e3efe8"
	Hinders Colour = "#a63d2f"
	Done    Colour = "#2c6e3f"
	Doing   Colour = "#8f5a00"
	Clear   Colour = "none"
)

// Style is how a picture is drawn.
type Style struct {
	RightToLeft bool
	Say         *words.Words
	Shape       func(phase string) string // of a phase's blaze; it may be nil
}

// Pen draws one picture, in units of a pixel at its natural size.
type Pen struct {
	style         Style
	width, height float64
	out           strings.Builder
	parts         []Part
}

// Part is what a picture has at one place, for those who draw it in another way than as SVG: a box, or a text where Text is set. Its place is
// that of its left upper corner; that of a text is where its base line begins, which is its right end where texts run from right to left.
type Part struct {
	X, Y, Width, Height float64
	Radius              float64
	Fill, Stroke        Colour
	Text                string
	Type                Type
}

// Small is a picture without what cannot be seen in small: its boxes, lines and texts, in the order in which they lie over each other.
type Small struct {
	Width, Height float64
	Parts         []Part
}

// Small returns what was drawn.
func (p *Pen) Small() Small { return Small{p.width, p.height, p.parts} }

// NewPen returns a pen for a picture of a size.
func NewPen(width, height float64, style Style) *Pen {
	return &Pen{style: style, width: width, height: height}
}

// Width returns the width of the picture.
func (p *Pen) Width() float64 { return p.width }

// fonts are the theme's, and those that are found where it is not.
const fonts = "Atkinson, 'Atkinson Hyperlegible Next', Arial, 'Liberation Sans', sans-serif"

// Picture returns all that was drawn as a file of its own, named for those who cannot see it.
func (p *Pen) Picture(title, description string) string {
	return `<svg xmlns="http://www.w3.org/2000/svg"` + p.frame() + ` role="img" aria-labelledby="title" aria-describedby="description" font-family="` + fonts + `">` +
		`<title id="title">` + Clean(title) + `</title><desc id="description">` + Clean(description) + "</desc>" +
		`<rect width="100%" height="100%" fill="` + string(Raise) + `"/>` + p.out.String() + "</svg>"
}

// frame writes the size of the picture, and the direction of its texts.
func (p *Pen) frame() string {
	direction := ""
	if p.style.RightToLeft {
		direction = ` direction="rtl"`
	}
	return ` width="` + number(p.width) + `" height="` + number(p.height) + `" viewBox="0 0 ` + number(p.width) + " " + number(p.height) + `"` + direction
}

func (p *Pen) left(x, width float64) float64 {
	if p.style.RightToLeft {
		return p.width - x - width
	}
	return x
}

// Box draws a rounded rectangle; a dashed one where dashed is set.
func (p *Pen) Box(x, y, width, height float64, fill, stroke Colour, dashed bool) {
	dash := ""
	if dashed {
		dash = ` stroke-dasharray="5 4"`
	}
	p.parts = append(p.parts, Part{X: p.left(x, width), Y: y, Width: width, Height: height, Radius: 9, Fill: fill, Stroke: stroke})
	p.out.WriteString(`<rect x="` + number(p.left(x, width)) + `" y="` + number(y) + `" width="` + number(width) + `" height="` + number(height) +
		`" rx="9" fill="` + string(fill) + `" stroke="` + string(stroke) + `" stroke-width="1.3"` + dash + "/>")
}

// Type is how a text is set.
type Type struct {
	Size   float64
	Bold   bool
	Struck bool
	Colour Colour
}

// Text writes one line. x is where it begins, y its base line.
func (p *Pen) Text(x, y float64, text string, t Type) {
	extra := ""
	if t.Bold {
		extra = ` font-weight="700"`
	}
	if t.Struck {
		extra += ` text-decoration="line-through"`
	}
	p.parts = append(p.parts, Part{X: p.left(x, 0), Y: y, Text: text, Type: t})
	p.out.WriteString(`<text x="` + number(p.left(x, 0)) + `" y="` + number(y) + `" font-size="` + number(t.Size) + `" fill="` + string(t.Colour) + `"` + extra + ">" +
		Clean(text) + "</text>")
}

// Branch joins two points with a line that leaves and arrives level, and turns halfway.
func (p *Pen) Branch(x1, y1, x2, y2 float64) {
	x1, x2 = p.left(x1, 0), p.left(x2, 0)
	p.between(x1, y1, (x1+x2)/2, y1)
	p.between((x1+x2)/2, y1, (x1+x2)/2, y2)
	p.between((x1+x2)/2, y2, x2, y2)
	d := "M" + number(x1) + " " + number(y1)
	if y1 == y2 {
		d += "H" + number(x2)
	} else {
		middle, r, down := (x1+x2)/2, min(8, math.Abs(y2-y1)/2), math.Copysign(1, y2-y1)
		on := math.Copysign(r, x2-x1)
		d += "H" + number(middle-on) + "Q" + number(middle) + " " + number(y1) + " " + number(middle) + " " + number(y1+down*r) +
			"V" + number(y2-down*r) + "Q" + number(middle) + " " + number(y2) + " " + number(middle+on) + " " + number(y2) + "H" + number(x2)
	}
	p.out.WriteString(`<path d="` + d + `" fill="none" stroke="` + string(Edge) + `" stroke-width="2"/>`)
}

// between adds a straight line to the parts, level or upright.
func (p *Pen) between(x1, y1, x2, y2 float64) {
	p.parts = append(p.parts, Part{X: min(x1, x2) - 1, Y: min(y1, y2) - 1, Width: math.Abs(x2-x1) + 2, Height: math.Abs(y2-y1) + 2, Fill: Edge})
}

// Rule draws a dashed line across the picture.
func (p *Pen) Rule(y float64) {
	p.between(0, y, p.width, y)
	p.out.WriteString(`<path d="M0 ` + number(y) + "H" + number(p.width) + `" stroke="` + string(Edge) + `" stroke-width="2" stroke-dasharray="6 5"/>`)
}

// phaseColours are those of the phases, by their shapes, which alone have a meaning.
var phaseColours = map[string]Colour{"circle": "#8f5a00", "triangle": "#a63d2f", "diamond": "#1b6384", "square": "#2c6e3f", "hexagon": "#6a4c93"}

// Blaze draws the mark of a phase in a square of 12, and returns how much room it takes: none for a phase without one.
func (p *Pen) Blaze(x, y float64, phase string) float64 {
	if phase == "" || p.style.Shape == nil {
		return 0
	}
	shape := p.style.Shape(phase)
	if blazes[shape] == "" {
		return 0
	}
	p.parts = append(p.parts, Part{X: p.left(x, 12), Y: y, Width: 12, Height: 12, Radius: 3, Fill: phaseColours[shape]})
	p.out.WriteString(`<g transform="translate(` + number(p.left(x, 12)) + " " + number(y) + `) scale(.5)" fill="` + string(phaseColours[shape]) + `">` + blazes[shape] + "</g>")
	return 16
}

// State draws how far a story has come, as a disc of 14: empty, dotted for an idea, half, full with a tick, or struck through.
func (p *Pen) State(x, y float64, status string) {
	cx, cy := number(p.left(x+7, 0)), number(y+7)
	small := Part{X: p.left(x, 14), Y: y, Width: 14, Height: 14, Radius: 7, Fill: Raise, Stroke: Soft}
	switch status {
	case "done":
		small.Fill, small.Stroke = Done, Done
	case "doing":
		small.Stroke = Doing
	}
	p.parts = append(p.parts, small)
	disc := func(fill, stroke Colour) {
		p.out.WriteString(`<circle cx="` + cx + `" cy="` + cy + `" r="6.3" fill="` + string(fill) + `" stroke="` + string(stroke) + `" stroke-width="1.6"/>`)
	}
	mark := func(d string, fill, stroke Colour) {
		p.out.WriteString(`<path transform="translate(` + number(p.left(x+7, 0)-7) + " " + number(y) + `)" d="` + d + `" fill="` + string(fill) + `" stroke="` + string(stroke) + `" stroke-width="1.8"/>`)
	}
	switch status {
	case "done":
		disc(Done, Done)
		mark("m4 7.2 2.2 2.2L10.2 5", Clear, Raise)
	case "doing":
		disc(Clear, Doing)
		mark("M7 .7a6.3 6.3 0 0 1 0 12.6z", Doing, Clear)
	case "dropped":
		disc(Clear, Soft)
		mark("M2.6 11.4 11.4 2.6", Clear, Soft)
	case "idea":
		p.out.WriteString(`<circle cx="` + cx + `" cy="` + cy + `" r="6.3" fill="none" stroke="` + string(Soft) + `" stroke-width="1.6" stroke-dasharray="2 2"/>`)
	default:
		disc(Clear, Soft)
	}
}

// number writes a length: of a hundredth of a pixel nobody sees anything.
func number(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// Clean returns a text as it may stand in XML: escaped, and without the characters that XML does not allow.
func Clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xFFFE || r == 0xFFFF || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
	return html.EscapeString(text)
}
