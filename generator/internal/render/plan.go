package render

import (
	"math"
	"strconv"

	"waymark/generator/internal/site"
	"waymark/generator/internal/storymap"
	"waymark/generator/internal/view"
)

// plan leads to the roadmap, where there is one.
func (v *viewer) plan() *view.Link { return v.linkTo(v.site.Only(site.RoadmapPage)) }

func (v *viewer) trace(m *site.Map) *view.Trace {
	t := v.site.Trace(m)
	out := &view.Trace{Joined: len(t.ImpactMaps) > 0 && len(t.StoryMaps) > 0}
	for _, i := range t.ImpactMaps {
		on := v.site.MapByID(i.ID)
		v.related(out, m, on)
		for _, g := range i.Goals {
			goal := view.Goal{Says: "not measured yet", Title: g.Text, URL: v.card(on, g.ID), Metric: g.Metric, Baseline: g.Baseline, Target: g.Target, Now: g.Now}
			if g.Progress != nil {
				goal.Known, goal.Percent = true, int(math.Round(*g.Progress*100))
				goal.Meter = min(max(goal.Percent, 0), 100)
			}
			say(&goal)
			out.Goals = append(out.Goals, goal)
		}
		for _, d := range i.Deliverables {
			item := view.Deliverable{Title: d.Text, URL: v.card(on, d.ID), Status: d.Status, Phase: v.phaseTag(v.phaseNamed(d.Phase)), Map: v.link(on.Page)}
			for _, s := range d.Stories {
				item.Stories = append(item.Stories, view.Link{Title: s.Text, URL: v.card(v.site.MapByID(s.Map), s.ID), Note: s.Status})
			}
			out.Deliverables = append(out.Deliverables, item)
		}
		for _, d := range i.WithoutStory {
			out.WithoutStory = append(out.WithoutStory, view.Link{Title: d.Text, URL: v.card(on, d.ID)})
		}
	}
	for _, s := range t.StoryMaps {
		on := v.site.MapByID(s.ID)
		v.related(out, m, on)
		for i, slice := range on.Story.Planned() {
			out.Slices = append(out.Slices, v.slice(on, slice, s.Slices[i]))
		}
		for _, c := range s.Unasked {
			out.Unasked = append(out.Unasked, view.Link{Title: c.Text, URL: v.card(on, c.ID)})
		}
	}
	return out
}

// say puts the progress into words.
func say(g *view.Goal) {
	switch {
	case g.Known && g.Percent < 0:
		g.Says = "further away than it was"
	case g.Known:
		g.Says = strconv.Itoa(g.Percent) + "% of the way"
	case g.Metric == "":
		g.Says = "not measured"
	case g.Now != "" && g.Baseline != "" && g.Target != "":
		g.Says = "cannot be worked out"
	}
}

func (v *viewer) related(t *view.Trace, m, other *site.Map) {
	if m != other {
		t.Related = append(t.Related, view.Link{Title: other.Title, URL: v.to(other.Page.URL, ""), Note: other.Kind()})
	}
}

func (v *viewer) slice(m *site.Map, s *storymap.Slice, t site.SliceTrace) view.Slice {
	out := view.Slice{
		Name: t.Name, Outcome: t.Outcome, Phase: v.phaseTag(v.phaseNamed(t.Phase)), Map: v.link(m.Page),
		Stories: t.Stories, Done: t.Done, Doing: t.Doing, ToDo: t.ToDo, Dropped: t.Dropped, URL: v.to(m.Page.URL, ""),
	}
	if s != nil {
		out.URL = v.card(m, s.ID)
	}
	if t.Stories > 0 {
		out.Percent = t.Done * 100 / t.Stories
	}
	return out
}

// placedSlices returns the slices of all story maps by the phase that each belongs to.
func (v *viewer) placedSlices() map[*site.Phase][]view.Slice {
	out := map[*site.Phase][]view.Slice{}
	for _, m := range v.site.Maps {
		if m.Story == nil {
			continue
		}
		for _, s := range m.Story.Slices {
			phase := v.phaseNamed(s.Phase)
			out[phase] = append(out[phase], v.slice(m, s, m.TraceSlice(s)))
		}
	}
	return out
}

// roadmap returns the slices of all maps in the order of the road; those without a phase come last.
func (v *viewer) roadmap() []view.Stretch {
	placed := v.placedSlices()
	var out []view.Stretch
	for _, p := range v.site.Phases {
		if list := placed[p]; len(list) > 0 {
			out = append(out, view.Stretch{Name: p.Name, Phase: v.phaseTag(p), Slices: list})
		}
	}
	if list := placed[nil]; len(list) > 0 {
		out = append(out, view.Stretch{Name: "Some time", Slices: list})
	}
	var unplanned []view.Slice
	for _, m := range v.site.Maps {
		if m.Story != nil && len(m.Story.Slices) > 0 && m.TraceSlice(nil).Stories > 0 {
			s := v.slice(m, nil, m.TraceSlice(nil))
			s.Name = m.Title
			unplanned = append(unplanned, s)
		}
	}
	if len(unplanned) > 0 {
		out = append(out, view.Stretch{Name: storymap.Unplanned, Slices: unplanned})
	}
	return out
}

func (v *viewer) phaseSlices(p *site.Phase) []view.Slice {
	var out []view.Slice
	for _, place := range p.Slices {
		out = append(out, v.slice(place.Map, place.Slice, place.Map.TraceSlice(place.Slice)))
	}
	return out
}

func (v *viewer) phaseDeliverables(p *site.Phase) []view.Deliverable {
	var out []view.Deliverable
	for _, place := range p.Deliverables {
		out = append(out, view.Deliverable{
			Title: place.Card.Plain(), URL: v.card(place.Map, place.Card.ID), Status: string(place.Card.Status),
			Phase: v.phaseTag(v.phaseNamed(place.Card.Phase)), Map: v.link(place.Map.Page),
		})
	}
	return out
}
