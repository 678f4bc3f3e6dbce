package card

import (
	"image"
	"math"

	"golang.org/x/image/vector"

	"waymark/generator/internal/board"
)

// leastScale is how small a map is drawn at least: of a smaller one nothing could be seen.
const leastScale = .22

// legible is the size in pixels below which the texts of a map are drawn as bars.
const legible = 11

// box paints a rounded rectangle.
func (d *drawer) box(x, y, width, height, radius float64, of colour) {
	d.boxWithin(x, y, width, height, radius, of, whole)
}

func (d *drawer) boxWithin(x, y, width, height, radius float64, of colour, frame image.Rectangle) {
	left, top := math.Floor(x), math.Floor(y)
	w, h := int(math.Ceil(x+width-left)), int(math.Ceil(y+height-top))
	if !image.Rect(int(left), int(top), int(left)+w, int(top)+h).Overlaps(frame) {
		return
	}
	r := d.outline(w, h)
	rounded(r, float32(x-left), float32(y-top), float32(width), float32(height), float32(min(radius, width/2, height/2)))
	d.within(d.stamped(0, 0), left, top, of, frame)
}

// rounded adds a rounded rectangle to a rasterizer.
func rounded(r *vector.Rasterizer, x, y, w, h, radius float32) {
	const k = .5523 // makes a cubic curve a quarter of a circle, nearly
	c := radius * (1 - k)
	r.MoveTo(x+radius, y)
	r.LineTo(x+w-radius, y)
	r.CubeTo(x+w-c, y, x+w, y+c, x+w, y+radius)
	r.LineTo(x+w, y+h-radius)
	r.CubeTo(x+w, y+h-c, x+w-c, y+h, x+w-radius, y+h)
	r.LineTo(x+radius, y+h)
	r.CubeTo(x+c, y+h, x, y+h-c, x, y+h-radius)
	r.LineTo(x, y+radius)
	r.CubeTo(x, y+c, x+c, y, x+radius, y)
	r.ClosePath()
}

// blaze paints the site's sign, a stone on a path, in a square.
func (d *drawer) blaze(x, y, size float64, of colour) {
	r := d.outline(int(size), int(size))
	at := func(x, y float64) (float32, float32) { return float32(x * size), float32(y * size) }
	r.MoveTo(at(.25, 0))
	for _, p := range [][2]float64{{.75, 0}, {1, .5}, {.75, 1}, {.25, 1}, {0, .5}} {
		r.LineTo(at(p[0], p[1]))
	}
	r.ClosePath()
	d.within(d.stamped(0, 0), d.left(x, size), y, of, whole)
}

// panel shows a map in small on a sheet that goes on below the card.
func (d *drawer) panel(m board.Small, x, y, width float64) {
	x = d.left(x, width)
	edge, raise := hex3(string(board.Line)), hex3(string(board.Raise))
	height := Height - y + 20
	d.box(x-1.5, y-1.5, width+3, height, 15, edge)
	d.box(x, y, width, height, 14, raise)
	room := image.Rect(int(x)+inPanel, int(y)+inPanel, int(x+width)-inPanel, Height-strip)
	scale := min(float64(room.Dx())/m.Width, 1.25)
	if all := float64(room.Dy()-inPanel) / m.Height; all < scale {
		scale = max(all, scale*.85) // what does not fit goes on below
	}
	scale = max(scale, min(.4*float64(room.Dy())/m.Height, .6), leastScale) // a long and shallow one would be a line
	left := float64(room.Min.X)
	switch wide := m.Width * scale; {
	case wide <= float64(room.Dx()):
		left += (float64(room.Dx()) - wide) / 2
	case d.rightToLeft: // what does not fit goes on where reading does
		left = float64(room.Max.X) - wide
	}
	for _, p := range m.Parts {
		d.part(p, left, float64(room.Min.Y), scale, room)
	}
}

// part paints one part of a map.
func (d *drawer) part(p board.Part, left, top, scale float64, frame image.Rectangle) {
	x, y, w, h := left+p.X*scale, top+p.Y*scale, p.Width*scale, p.Height*scale
	if p.Text != "" {
		d.label(p, x, y, scale, frame)
		return
	}
	if p.Stroke != "" && p.Stroke != board.Clear {
		d.boxWithin(x, y, w, h, p.Radius*scale, hex3(string(p.Stroke)), frame)
		line := max(1.3*scale, 1)
		x, y, w, h = x+line, y+line, w-2*line, h-2*line
	}
	if p.Fill != "" && p.Fill != board.Clear && w > 0 && h > 0 {
		d.boxWithin(x, y, w, max(h, 1), p.Radius*scale, hex3(string(p.Fill)), frame)
	}
}

// label writes a text of a map, or paints a bar in its place where nobody could read it.
func (d *drawer) label(p board.Part, x, y, scale float64, frame image.Rectangle) {
	size, of := p.Type.Size*scale, hex3(string(p.Type.Colour))
	if text := d.clean(p.Text); size >= legible && text != "" {
		lines, _ := d.set(text, size, 2*Width, 1)
		for _, l := range lines {
			if d.rightToLeft {
				x -= l.width
			}
			d.line(l, x, y, size, of, frame)
		}
		return
	}
	width := board.Width(p.Text, p.Type.Size) * scale
	if d.rightToLeft {
		x -= width
	}
	ground := hex3(string(board.Raise))
	d.boxWithin(x, y-.62*size, width, max(.5*size, 1.5), .25*size, mix(ground, of, 2), frame)
}
