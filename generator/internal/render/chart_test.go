package render

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator/internal/board"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/impactmap"
)

// Whatever was read, and whenever: all of a chart lies within its picture, and no value stands on another.
func TestChartsStayInTheirPicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(rapid.Float64Range(-50, 50), rapid.Float64Range(-1e9, 1e9), rapid.Just(7.0))
		var c chart
		day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
		for range rapid.IntRange(2, 30).Draw(t, "readings") {
			n := math.Round(number.Draw(t, "value"))
			c.points = append(c.points, impactmap.Point{Reading: impactmap.Reading{Value: fmt.Sprintf("%.0f calls", n), Date: dates.Date{Time: day, Precision: dates.Day}}, Amount: n})
			c.days = append(c.days, day.Format("2 Jan 2006"))
			day = day.AddDate(0, 0, rapid.OneOf(rapid.IntRange(0, 400), rapid.IntRange(0, 200_000)).Draw(t, "days"))
		}
		end := func(label string) *float64 {
			if rapid.Bool().Draw(t, label) {
				n := number.Draw(t, label+" value")
				return &n
			}
			return nil
		}
		c.from, c.to, c.fromSays, c.toSays = end("from"), end("to"), "from here", "to there"
		c.rightToLeft = rapid.Bool().Draw(t, "right to left")
		width := rapid.SampledFrom([]float64{330, 680}).Draw(t, "width")
		within(t, c.draw(width, "wide"), width, c.rightToLeft)
	})
}

// within reads a chart, and looks where its parts are.
func within(t *rapid.T, svg string, width float64, rightToLeft bool) {
	in := func(what, x string, least, most float64) float64 {
		n, err := strconv.ParseFloat(x, 64)
		if err != nil || n < least-.1 || n > most+.1 {
			t.Fatalf("%s stands at %s, not between %v and %v: %s", what, x, least, most, svg)
		}
		return n
	}
	var values [][2]float64
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err != nil {
			break
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		switch e.Name.Local {
		case "circle":
			in("a point", at["cx"], 5, width-5)
			in("a point", at["cy"], 5, chartHeight-5)
		case "text":
			var says string
			if err := d.DecodeElement(&says, &e); err != nil {
				t.Fatal(err)
			}
			wide := board.Width(says, chartText)
			before := map[string]float64{"start": 0, "middle": wide / 2, "end": wide}[at["text-anchor"]]
			if rightToLeft { // a text that begins there goes on to the left
				before = wide - before
			}
			left := in("a text", at["x"], 0, width) - before
			in("where a text begins", pixels(left), 0, width-wide)
			in("a text", at["y"], chartText*.7, chartHeight)
			if at["class"] == "chart-value" {
				values = append(values, [2]float64{left, left + wide})
			}
		}
	}
	for i, a := range values {
		for _, b := range values[:i] {
			if a[0] < b[1]-14 && b[0] < a[1]-14 {
				t.Fatalf("two values stand on one another: %v %v in %s", a, b, svg)
			}
		}
	}
}
