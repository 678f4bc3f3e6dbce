package board

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"waymark/generator/internal/words"
)

// Colour is one of a theme's colours. In a page it is the theme's variable, so that a picture follows dark mode and
// forced colours; in a picture that stands alone it is what the variable has on paper.
type Colour struct{ variable, alone string }

// The colours of a map.
var (
	Ink     = Colour{"ink", "#1d211e"}
	Paper   = Colour{"paper", "#fbfaf6"}
	Raise   = Colour{"raise", "#ffffff"}
	Line    = Colour{"line", "#d8d4c8"}
	Edge    = Colour{"edge", "#86897f"} // of lines that mean something: at least 3:1 on any of the others
	Soft    = Colour{"soft", "#565d57"}
	Tint    = Colour{"accent-soft", "#e3efe8"}
	Hinders = Colour{"shape-2", "#a63d2f"}
	Done    = Colour{"shape-4", "#2c6e3f"}
	Doing   = Colour{"shape-1", "#8f5a00"}
	Clear   = Colour{"", "none"}
)

// Style is how a picture is drawn.
type Style struct {
	Alone       bool // for a file of its own: with its own colours and no marks for scripts
	RightToLeft bool
	Say         *words.Words
}

// Pen draws one picture, in units of a pixel at its natural size.
type Pen struct {
	style         Style
	width, height float64
	out           strings.Builder
}

// NewPen returns a pen for a picture of a size.
func NewPen(width, height float64, style Style) *Pen {
	return &Pen{style: style, width: width, height: height}
}

// Width returns the width of the picture.
func (p *Pen) Width() float64 { return p.width }

func (p *Pen) colour(c Colour) string {
	if p.style.Alone || c.variable == "" {
		return c.alone
	}
	return "var(--" + c.variable + "," + c.alone + ")"
}

// fonts are the theme's, and those that are found where it is not.
const fonts = "Atkinson, 'Atkinson Hyperlegible Next', Arial, 'Liberation Sans', sans-serif"

// Picture returns all that was drawn, named for those who cannot see it.
func (p *Pen) Picture(title, description string) string {
	var b strings.Builder
	size := ` width="` + number(p.width) + `" height="` + number(p.height) + `" viewBox="0 0 ` + number(p.width) + " " + number(p.height) + `"`
	direction := ""
	if p.style.RightToLeft {
		direction = ` direction="rtl"`
	}
	if p.style.Alone {
		b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg"` + size + direction + ` role="img" aria-labelledby="title" aria-describedby="description" font-family="` + fonts + `">` +
			`<title id="title">` + Clean(title) + `</title><desc id="description">` + Clean(description) + "</desc>" +
			`<rect width="100%" height="100%" fill="` + Raise.alone + `"/>`)
	} else {
		label := title
		if description != "" {
			label += ". " + description
		}
		class := "picture"
		if p.height > tall {
			class += " tall"
		}
		b.WriteString(`<svg class="` + class + `"` + size + direction + ` role="img" aria-label="` + Clean(label) + `">`)
	}
	b.WriteString(p.out.String())
	b.WriteString("</svg>")
	return b.String()
}

// tall is the height from which a picture would be too small to read on a sheet of A4, on its side.
const tall = 1000

// Group opens what belongs to one card, which scripts find by it. Call the result to close it.
func (p *Pen) Group(card string) (end func()) {
	if p.style.Alone {
		return func() {}
	}
	p.out.WriteString(`<g data-card="` + Clean(card) + `">`)
	return func() { p.out.WriteString("</g>") }
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
	p.out.WriteString(`<rect x="` + number(p.left(x, width)) + `" y="` + number(y) + `" width="` + number(width) + `" height="` + number(height) +
		`" rx="9" fill="` + p.colour(fill) + `" stroke="` + p.colour(stroke) + `" stroke-width="1.3"` + dash + "/>")
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
	p.out.WriteString(`<text x="` + number(p.left(x, 0)) + `" y="` + number(y) + `" font-size="` + number(t.Size) + `" fill="` + p.colour(t.Colour) + `"` + extra + ">" +
		Clean(text) + "</text>")
}

// Branch joins two points with a line that leaves and arrives level, and turns halfway.
func (p *Pen) Branch(x1, y1, x2, y2 float64) {
	x1, x2 = p.left(x1, 0), p.left(x2, 0)
	d := "M" + number(x1) + " " + number(y1)
	if y1 == y2 {
		d += "H" + number(x2)
	} else {
		middle, r, down := (x1+x2)/2, min(8, math.Abs(y2-y1)/2), math.Copysign(1, y2-y1)
		on := math.Copysign(r, x2-x1)
		d += "H" + number(middle-on) + "Q" + number(middle) + " " + number(y1) + " " + number(middle) + " " + number(y1+down*r) +
			"V" + number(y2-down*r) + "Q" + number(middle) + " " + number(y2) + " " + number(middle+on) + " " + number(y2) + "H" + number(x2)
	}
	p.out.WriteString(`<path d="` + d + `" fill="none" stroke="` + p.colour(Edge) + `" stroke-width="2"/>`)
}

// Rule draws a dashed line across the picture.
func (p *Pen) Rule(y float64) {
	p.out.WriteString(`<path d="M0 ` + number(y) + "H" + number(p.width) + `" stroke="` + p.colour(Edge) + `" stroke-width="2" stroke-dasharray="6 5"/>`)
}

// State draws how far a story has come, as a disc of 14: empty, half, full with a tick, or struck through.
func (p *Pen) State(x, y float64, status string) {
	cx, cy := number(p.left(x+7, 0)), number(y+7)
	disc := func(fill, stroke Colour) {
		p.out.WriteString(`<circle cx="` + cx + `" cy="` + cy + `" r="6.3" fill="` + p.colour(fill) + `" stroke="` + p.colour(stroke) + `" stroke-width="1.6"/>`)
	}
	mark := func(d string, fill, stroke Colour) {
		p.out.WriteString(`<path transform="translate(` + number(p.left(x+7, 0)-7) + " " + number(y) + `)" d="` + d + `" fill="` + p.colour(fill) + `" stroke="` + p.colour(stroke) + `" stroke-width="1.8"/>`)
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
	default:
		disc(Clear, Soft)
	}
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

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
