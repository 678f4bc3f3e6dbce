package board

import (
	"html"
	"math"
	"strconv"
	"strings"

	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// Heading is what stands on each sheet of a map: the title, and the day as of which it holds, which may be empty.
type Heading struct{ Title, Day string }

// paper is a size of sheets, by the name that style sheets know it by, and what is left of it between margins of 10 mm, in pixels.
type paper struct {
	name          string
	width, height float64
}

// mm is a millimetre in pixels, of which an inch has 96 (CSS Values and Units 4, section 6.2).
const mm = 96 / 25.4

// papers are the sizes of ISO 216 that people have, in the order in which they are tried.
// A sheet that is as tall as its page would push another one out, so each is a little less.
var papers = []paper{{"a4-side", 277 * mm, 189.5 * mm}, {"a4", 190 * mm, 276.5 * mm}, {"a3-side", 400 * mm, 276.5 * mm}, {"a3", 277 * mm, 399.5 * mm}}

// How large a map may be on paper: at its smallest, the small texts of cards have 6.75 points, and the others 7.9.
const smallest, largest = .75, 1.3

// The measures of a sheet, in pixels.
const (
	sheetHead = 40.0
	sheetFoot = 26.0
	overlap   = 10 * mm // of sheets that belong together
	manyTiles = 8       // of A4; then A3 is used
)

// Sheets returns a map as it is printed: on one sheet of A4 or A3 where its texts can be read there, upright or on its side, or else on
// several that overlap. pens draw the map in the ways that may be taken, the best first; id is that of the first drawing on the page. A map
// that stands in a text and fits its page is printed there, and all others on sheets of their own.
func Sheets(id string, pens []func() *Pen, h Heading, inText bool) string {
	drawn := make([]*Pen, len(pens))
	pen := func(i int) *Pen {
		if drawn[i] == nil {
			drawn[i] = pens[i]()
		}
		return drawn[i]
	}
	if inText {
		if room := papers[1].inside(); pen(len(pens)-1).width*smallest <= room.width {
			for i := range pens {
				if scale := min(room.width/pen(i).width, 1); scale >= smallest && pen(i).height*scale <= room.height {
					p := paper{"in-text", room.width, pen(i).height*scale + sheetHead + sheetFoot}
					return sheets(p.one(pen(i), scale, h))
				}
			}
		}
	}
	for _, p := range papers {
		for i := range pens {
			room := p.inside()
			if scale := min(room.width/pen(i).width, room.height/pen(i).height, largest); scale >= smallest {
				return sheets(p.one(pen(i), scale, h))
			}
		}
	}
	var on paper
	best, fewest := 0, 0
	for _, p := range papers {
		for i := range pens {
			if columns, rows := p.tiling(pen(i)); fewest == 0 || columns*rows < fewest {
				on, best, fewest = p, i, columns*rows
			}
		}
		if p.name == "a4" && fewest <= manyTiles {
			break
		}
	}
	return sheets(on.tiles(id, pen(best), h)...)
}

func sheets(all ...string) string {
	return `<div class="sheets" aria-hidden="true">` + strings.Join(all, "") + "</div>"
}

// inside is what is left of a paper for the map.
func (p paper) inside() paper { return paper{p.name, p.width, p.height - sheetHead - sheetFoot} }

// one puts all of a map onto one sheet.
func (p paper) one(pen *Pen, scale float64, h Heading) string {
	room := p.inside()
	width, height := pen.width*scale, pen.height*scale
	x := (room.width - width) / 2
	view := `<svg x="` + number(x) + `" y="` + number(sheetHead) + `" width="` + number(width) + `" height="` + number(height) + `" viewBox="0 0 ` + number(pen.width) + " " + number(pen.height) + `">` + pen.out.String() + "</svg>"
	return p.sheet(pen, h, "", view)
}

// tiling says how many sheets a map needs beside one another, and below one another.
func (p paper) tiling(pen *Pen) (columns, rows int) {
	room := p.inside()
	count := func(size, room float64) int { return max(int(math.Ceil((size*smallest-overlap)/(room-overlap))), 1) }
	return count(pen.width, room.width), count(pen.height, room.height)
}

// tiles puts a map onto several sheets, each of which repeats the edge of the one before, as large as that many sheets allow.
func (p paper) tiles(id string, pen *Pen, h Heading) (all []string) {
	room := p.inside()
	columns, rows := p.tiling(pen)
	fill := func(n int, room, size float64) float64 { return (float64(n)*(room-overlap) + overlap) / size }
	scale := max(min(fill(columns, room.width, pen.width), fill(rows, room.height, pen.height), largest), smallest)
	view := paper{"", room.width / scale, room.height / scale} // in units of the drawing
	for n := range columns * rows {
		row, column := n/columns, n%columns
		x, y := float64(column)*(view.width-overlap/scale), float64(row)*(view.height-overlap/scale)
		if pen.style.RightToLeft {
			x = pen.width - view.width - x
		}
		drawing := `<use href="#` + html.EscapeString(id) + `"/>`
		if n == 0 {
			drawing = `<g id="` + html.EscapeString(id) + `">` + pen.out.String() + "</g>"
		}
		frame := `<svg y="` + number(sheetHead) + `" width="` + number(room.width) + `" height="` + number(room.height) + `" viewBox="` + number(x) + " " + number(y) + " " + number(view.width) + " " + number(view.height) + `">` + drawing + "</svg>"
		all = append(all, p.sheet(pen, h, place(pen.style.Say, n, columns, rows), frame+p.marks(pen.style, row, column, columns, rows)))
	}
	return all
}

// place says which of several sheets one is.
func place(say *words.Words, n, columns, rows int) string {
	return say.Say("paper.sheet", "n", strconv.Itoa(n+1), "all", strconv.Itoa(columns*rows), "row", strconv.Itoa(n/columns+1), "column", strconv.Itoa(n%columns+1))
}

// marks draws where a sheet lies over its neighbours.
func (p paper) marks(style Style, row, column, columns, rows int) string {
	room := p.inside()
	var b strings.Builder
	line := func(x1, y1, x2, y2 float64) {
		b.WriteString(`<path d="M` + number(x1) + " " + number(y1) + "L" + number(x2) + " " + number(y2) + `" stroke="` + string(Soft) + `" stroke-width="1" stroke-dasharray="2 5"/>`)
	}
	right := func(x float64) float64 {
		if style.RightToLeft {
			return room.width - x
		}
		return x
	}
	if column > 0 {
		line(right(overlap), sheetHead, right(overlap), sheetHead+room.height)
	}
	if column < columns-1 {
		line(right(room.width-overlap), sheetHead, right(room.width-overlap), sheetHead+room.height)
	}
	if row > 0 {
		line(0, sheetHead+overlap, room.width, sheetHead+overlap)
	}
	if row < rows-1 {
		line(0, sheetHead+room.height-overlap, room.width, sheetHead+room.height-overlap)
	}
	return b.String()
}

// sheet writes a sheet: title and day above, the map, and what its marks mean.
func (p paper) sheet(pen *Pen, h Heading, which, view string) string {
	top := NewPen(p.width, p.height, pen.style)
	day := strings.Join(nonEmpty(which, h.Day), " · ")
	room := p.width - Width(day, 12) - 24
	if lines := Wrap(h.Title, 18, room, 1); len(lines) > 0 {
		top.Text(0, 22, lines[0], Type{Size: 18, Bold: true, Colour: Ink})
	}
	top.Text(p.width-Width(day, 12), 22, day, Type{Size: 12, Colour: Soft})
	x, y := 0.0, p.height-8
	for _, s := range outline.Statuses() {
		top.State(x, y-11.5, string(s))
		x += 20
		top.Text(x, y, Status(pen.style.Say, s), Type{Size: 12, Colour: Soft})
		x += Width(Status(pen.style.Say, s), 12) + 18
	}
	return `<svg class="sheet ` + p.name + `"` + top.frame() + ` font-family="` + fonts + `">` + top.out.String() + view + "</svg>"
}

func nonEmpty(all ...string) (out []string) {
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// pages says how sheets lie on paper: each on a page of its own size.
const pages = `
.sheets { display: block; }
.sheet { display: block; break-inside: avoid; }
.sheet + .sheet { break-before: page; }
.a4 { page: a4; }
.a4-side { page: a4-side; }
.a3 { page: a3; }
.a3-side { page: a3-side; }
@page a4 { size: A4; margin: 10mm; }
@page a4-side { size: A4 landscape; margin: 10mm; }
@page a3 { size: A3; margin: 10mm; }
@page a3-side { size: A3 landscape; margin: 10mm; }
`

// Printed returns a document (HTML) that is nothing but sheets, for a browser to print.
func Printed(title, language, sheets string) string {
	return "<!doctype html>\n<html lang=\"" + html.EscapeString(language) + "\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(title) + "</title><style>html, body { margin: 0; }" + pages + "</style></head><body>" + sheets + "</body></html>\n"
}
