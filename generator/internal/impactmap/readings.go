package impactmap

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/outline"
)

// Reading is the value of a measure at a time.
type Reading struct {
	Text  string // as it was typed, with its date
	Value string // plain, without it
	Date  dates.Date
}

// dated is a value with a remark in brackets behind it, which may say when it was read: "36 (June 2026)".
var dated = regexp.MustCompile(`^(.*\S)\s*\(([^()]+)\)$`)

// readings reads the values of a measure. Those that say when are put in order, and the last of them is the one that holds now; where one
// does not say when, the last that was typed does.
func readings(said []outline.Said) (all []Reading, now string, list diag.List) {
	undated := ""
	for _, s := range said {
		text := strings.TrimSpace(s.Text)
		if text == "" {
			continue
		}
		now = text
		g := dated.FindStringSubmatch(text)
		if g == nil {
			undated = text
			if len(said) > 1 {
				list.Add(outline.Problem(diag.Warning, s.Pos, "write for example: now: "+cmp.Or(Brief(text), "36")+" (June 2026)", "one of several values does not say when it was read"))
			}
			continue
		}
		date, err := dates.Parse(g[2], dates.Unnamed, time.UTC)
		if err != nil {
			undated = text
			if wrong := new(dates.Error); len(said) > 1 && errors.As(err, &wrong) {
				list.Add(outline.Problem(diag.Warning, s.Pos, wrong.Hint, "it is not clear when this was read: %s", wrong.Message))
			}
			continue
		}
		all = append(all, Reading{text, strings.TrimSpace(outline.Plain(g[1])), date})
	}
	slices.SortStableFunc(all, func(x, y Reading) int { return x.Date.Time.Compare(y.Date.Time) })
	if len(all) > 0 && undated == "" {
		now = all[len(all)-1].Text
	}
	return all, now, list
}

// typed returns readings as one text, or nothing where the one that holds now says all.
func typed(all []Reading, now string) string {
	if len(all) == 0 || len(all) == 1 && all[0].Text == now {
		return ""
	}
	var texts []string
	for _, r := range all {
		texts = append(texts, strings.ReplaceAll(r.Text, "; ", ", "))
	}
	return strings.Join(texts, "; ")
}

// History returns the readings of a card, from the first to the last; a baseline that says when it was read is the first of them.
func (c *Card) History() []Reading {
	start, _, _ := readings([]outline.Said{{Text: c.Measure.Baseline}})
	if len(start) > 0 && (len(c.Readings) == 0 || start[0].Date.Time.Before(c.Readings[0].Date.Time)) {
		return append(start, c.Readings...)
	}
	return c.Readings
}

// Point is a reading as a number.
type Point struct {
	Reading
	Amount float64
}

// Course returns those of a card's history that are numbers of one unit, with its baseline and its target where these are of that unit too.
func (c *Card) Course() (points []Point, from, to *float64) {
	unit := ""
	for _, r := range c.History() {
		n, u, ok := amount(r.Value)
		if !ok || len(points) > 0 && u != unit {
			continue
		}
		unit = u
		points = append(points, Point{r, n})
	}
	end := func(text string) *float64 {
		if n, u, ok := amount(text); ok && u == unit {
			return &n
		}
		return nil
	}
	return points, end(c.Measure.Baseline), end(c.Measure.Target)
}
