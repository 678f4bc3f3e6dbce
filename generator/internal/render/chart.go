package render

import (
	"html"
	"math"
	"strconv"
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/impactmap"
)

// chart is a measure over time: points that a line joins, and level lines where it began and where it is to go.
type chart struct {
	points           []impactmap.Point
	days             []string // of the points, in words
	from, to         *float64
	fromSays, toSays string
	rightToLeft      bool
}

// The measures of a chart, in pixels.
const (
	chartHeight = 260
	chartText   = 14.0
	chartEdge   = 12.0
	chartHead   = 34.0 // room for values above the highest point
	chartFoot   = 54.0 // and for days, and the name of a line, below
)

// draw draws the chart in a width. Its table says the same to those who cannot see it.
func (c chart) draw(width float64, class string) string {
	low, high := c.bounds()
	first, last := c.points[0].Date.Time.Unix(), c.points[len(c.points)-1].Date.Time.Unix()
	span := float64(max(last-first, 1))
	x := func(i int) float64 {
		at := 2*chartEdge + (width-4*chartEdge)*float64(c.points[i].Date.Time.Unix()-first)/span
		if c.rightToLeft {
			return width - at
		}
		return at
	}
	y := func(n float64) float64 { return chartHead + (chartHeight-chartHead-chartFoot)*(high-n)/(high-low) }
	var b strings.Builder
	b.WriteString(`<svg class="chart ` + class + `" viewBox="0 0 ` + pixels(width) + " " + pixels(chartHeight) + `" width="` + pixels(width) + `" height="` + pixels(chartHeight) + `" aria-hidden="true">`)
	level := func(at *float64, class, says string, below bool) {
		if at == nil {
			return
		}
		base := y(*at) - 6
		if below {
			base = y(*at) + chartText + 2
		}
		b.WriteString(`<path class="` + class + `" d="M` + pixels(chartEdge) + " " + pixels(y(*at)) + "H" + pixels(width-chartEdge) + `"/>`)
		place, side := chartEdge, "start" // at the end where the first point would stand in the words, and the last would not
		crowded := func(p impactmap.Point) bool { return math.Abs(y(p.Amount)-y(*at)) < 2*chartText }
		if crowded(c.points[0]) && !crowded(c.points[len(c.points)-1]) {
			place, side = width-chartEdge, "end"
		}
		c.text(&b, place, base, side, "chart-says", says, width)
	}
	level(c.from, "chart-from", c.fromSays, c.from != nil && c.to != nil && *c.from < *c.to)
	level(c.to, "chart-to", c.toSays, c.from != nil && c.to != nil && *c.to < *c.from)
	b.WriteString(`<path class="chart-line" d="M`)
	for i, p := range c.points {
		if i > 0 {
			b.WriteByte('L')
		}
		b.WriteString(pixels(x(i)) + " " + pixels(y(p.Amount)))
	}
	b.WriteString(`"/>`)
	for i, p := range c.points {
		b.WriteString(`<circle class="chart-point" cx="` + pixels(x(i)) + `" cy="` + pixels(y(p.Amount)) + `" r="5"/>`)
	}
	for _, i := range c.labelled(x) {
		at := x(i)
		if c.rightToLeft {
			at = width - at
		}
		side := "middle"
		if wide := board.Width(c.points[i].Value, chartText) / 2; at-wide < 2 {
			side, at = "start", 2
		} else if at+wide > width-2 {
			side, at = "end", width-2
		}
		c.text(&b, at, y(c.points[i].Amount)-11, side, "chart-value", c.points[i].Value, width)
	}
	c.text(&b, chartEdge, chartHeight-8, "start", "chart-day", c.days[0], width)
	c.text(&b, width-chartEdge, chartHeight-8, "end", "chart-day", c.days[len(c.days)-1], width)
	return b.String() + "</svg>"
}

// bounds returns the lowest and the highest number that is shown.
func (c chart) bounds() (low, high float64) {
	low, high = c.points[0].Amount, c.points[0].Amount
	for _, p := range c.points {
		low, high = min(low, p.Amount), max(high, p.Amount)
	}
	for _, n := range []*float64{c.from, c.to} {
		if n != nil {
			low, high = min(low, *n), max(high, *n)
		}
	}
	if low == high {
		return low - 1, high + 1
	}
	return low, high
}

// labelled returns which points have their value beside them: the last, and, going back, those that have room.
func (c chart) labelled(x func(int) float64) (which []int) {
	free := math.Inf(1)
	for i := len(c.points) - 1; i >= 0; i-- {
		room := board.Width(c.points[i].Value, chartText) + 14
		at := x(i)
		if c.rightToLeft {
			at = -at
		}
		if at+room/2 <= free {
			which = append(which, i)
			free = at - room/2
		}
	}
	return which
}

// text writes a text that stands at a distance from where lines begin.
func (c chart) text(b *strings.Builder, at, y float64, side, class, says string, width float64) {
	if c.rightToLeft {
		at = width - at
	}
	b.WriteString(`<text class="` + class + `" x="` + pixels(at) + `" y="` + pixels(y) + `" text-anchor="` + side + `">` + html.EscapeString(says) + "</text>")
}

// pixels writes a length.
func pixels(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
