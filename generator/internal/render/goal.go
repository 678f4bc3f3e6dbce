package render

import (
	"html/template"
	"math"
	"slices"
	"strconv"

	"waymark/generator/internal/board"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// goalPage says how far a goal has come, over time, and what is done for it.
func (v *viewer) goalPage() *view.GoalPage {
	g := v.page.Goal
	below := map[string]bool{}
	(&impactmap.Map{Goals: []*impactmap.Card{g.Card}}).Walk(func(c *impactmap.Card, _ []*impactmap.Card) { below[c.ID] = true })
	out := &view.GoalPage{Map: v.link(g.Map.Page), Status: board.StatusID(g.Card.Status), Evidence: v.items(g.Map.Evidence[g.Card.ID])}
	trace := g.Map.TraceImpact()
	for _, t := range trace.Goals {
		switch {
		case t.ID == g.Card.ID:
			out.Goal = v.goal(g.Map, t)
		case below[t.ID]:
			out.Impacts = append(out.Impacts, v.goal(g.Map, t))
		}
	}
	for _, d := range trace.Deliverables {
		if below[d.ID] {
			out.Deliverables = append(out.Deliverables, v.deliverable(g.Map, d))
		}
	}
	for _, r := range slices.Backward(g.Card.History()) {
		reading := view.Reading{Date: v.date(r.Date), Value: r.Value}
		m := g.Card.Measure
		m.Now = r.Value
		if share, known := m.Progress(); known {
			reading.Says, out.Known = v.way(int(math.Round(share*100))), true
		}
		out.Readings = append(out.Readings, reading)
	}
	out.Chart = template.HTML(v.chart(g)) //nolint:gosec // the chart escapes what it says
	return out
}

// way says how much of the way from the baseline to the target is done.
func (v *viewer) way(percent int) string {
	if percent < 0 {
		return v.say().Say("progress.back")
	}
	return v.say().Say("progress.way", "n", strconv.Itoa(percent))
}

// chart draws the readings of a goal, wide and narrow: its texts have one size on any screen, and a style sheet shows the one that fits.
func (v *viewer) chart(g *site.Goal) string {
	points, from, to := g.Card.Course()
	if len(points) < 2 {
		return ""
	}
	c := chart{points: points, from: from, to: to, rightToLeft: v.site.Config.Direction == "rtl"}
	if from != nil {
		c.fromSays = v.say().Say("map.metric.from", "value", impactmap.Brief(g.Card.Measure.Baseline))
	}
	if to != nil {
		c.toSays = v.say().Say("map.metric.to", "value", impactmap.Brief(g.Card.Measure.Target))
	}
	for _, p := range points {
		c.days = append(c.days, v.say().Date(p.Date, true))
	}
	return c.draw(680, "wide") + c.draw(330, "narrow")
}
