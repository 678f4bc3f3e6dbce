package render

import (
	"math"
	"strconv"

	"waymark/generator/internal/board"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
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
			out.Goals = append(out.Goals, v.goal(on, g))
		}
		for _, d := range i.Deliverables {
			out.Deliverables = append(out.Deliverables, v.deliverable(on, d))
		}
		for _, d := range i.WithoutStory {
			out.WithoutStory = append(out.WithoutStory, view.Link{Title: outline.Typographic(d.Text), URL: v.card(on, d.ID)})
		}
	}
	for _, s := range t.StoryMaps {
		on := v.site.MapByID(s.ID)
		v.related(out, m, on)
		for i, slice := range on.Story.Planned() {
			out.Slices = append(out.Slices, v.slice(on, slice, s.Slices[i]))
		}
		for _, c := range s.Unasked {
			out.Unasked = append(out.Unasked, view.Link{Title: outline.Typographic(c.Text), URL: v.card(on, c.ID)})
		}
	}
	return out
}

// deliverable is one with the stories that are for it.
func (v *viewer) deliverable(on *site.Map, d site.DeliverableTrace) view.Deliverable {
	item := view.Deliverable{Title: outline.Typographic(d.Text), URL: v.card(on, d.ID), Status: board.StatusID(outline.Status(d.Status)), Phase: v.phaseTag(v.site.PhaseNamed(d.Phase)), Map: v.link(on.Page)}
	for _, s := range d.Stories {
		item.Stories = append(item.Stories, view.Link{Title: outline.Typographic(s.Text), URL: v.card(v.site.MapByID(s.Map), s.ID), Note: board.Status(v.say(), outline.Status(s.Status))})
	}
	return item
}

// goal says how far a goal has come.
func (v *viewer) goal(on *site.Map, g site.GoalTrace) view.Goal {
	goal := view.Goal{Says: v.say().Say("progress.yet"), Title: outline.Typographic(g.Text), URL: v.card(on, g.ID), Metric: g.Metric, Baseline: g.Baseline, Target: g.Target, Now: g.Now}
	if g.Progress != nil {
		goal.Known, goal.Percent = true, int(math.Round(*g.Progress*100))
		goal.Meter = min(max(goal.Percent, 0), 100)
	}
	goal.Measure = impactmap.Measure{Metric: g.Metric, Baseline: g.Baseline, Target: g.Target, Now: g.Now}.Says(v.say())
	if own := on.Goals[g.ID]; own != nil {
		goal.Page = v.to(own.Page.URL, "")
	}
	v.saysOf(&goal)
	return goal
}

// goals are those of all impact maps, without their impacts.
func (v *viewer) goals() (all []view.Goal) {
	for _, i := range v.site.Trace(nil).ImpactMaps {
		for _, g := range i.Goals {
			if g.Level == impactmap.Goal.String() {
				all = append(all, v.goal(v.site.MapByID(i.ID), g))
			}
		}
	}
	return all
}

// saysOf puts the progress into words.
func (v *viewer) saysOf(g *view.Goal) {
	switch {
	case g.Known:
		g.Says = v.way(g.Percent)
	case g.Metric == "":
		g.Says = v.say().Say("progress.unmeasured")
	case g.Now != "" && g.Baseline != "" && g.Target != "":
		g.Says = v.say().Say("progress.unknown")
	}
}

func (v *viewer) related(t *view.Trace, m, other *site.Map) {
	if m != other {
		t.Related = append(t.Related, view.Link{Title: other.Title, URL: v.to(other.Page.URL, ""), Note: v.say().Say("map." + other.ShortKind())})
	}
}

func (v *viewer) slice(m *site.Map, s *storymap.Slice, t site.SliceTrace) view.Slice {
	out := view.Slice{
		Name: outline.Typographic(t.Name), Outcome: outline.Typographic(t.Outcome), Phase: v.phaseTag(v.site.PhaseNamed(t.Phase)), Map: v.link(m.Page),
		Stories: t.Stories, Done: t.Done, Doing: t.Doing, ToDo: t.ToDo, Dropped: t.Dropped, URL: v.to(m.Page.URL, ""),
	}
	if s != nil {
		out.URL = v.card(m, s.ID)
	} else {
		out.Name = v.say().Say("map.unplanned")
	}
	if t.Stories > 0 {
		out.Percent = t.Done * 100 / t.Stories
	}
	out.Says = v.sliceSays(out)
	return out
}

// sliceSays says how far a slice has come: "2 of 6 stories done, 1 in progress, 3 to do".
func (v *viewer) sliceSays(s view.Slice) string {
	parts := []string{v.say().Count("progress.stories", s.Stories, "done", strconv.Itoa(s.Done))}
	for _, p := range []struct {
		key string
		n   int
	}{{"progress.doing", s.Doing}, {"progress.todo", s.ToDo}, {"progress.dropped", s.Dropped}} {
		if p.n > 0 {
			parts = append(parts, v.say().Count(p.key, p.n))
		}
	}
	return v.say().List(parts...)
}

// placedSlices returns the slices of all story maps by the phase that each belongs to.
func (v *viewer) placedSlices() map[*site.Phase][]view.Slice {
	out := map[*site.Phase][]view.Slice{}
	for _, m := range v.site.Maps {
		if m.Story == nil {
			continue
		}
		for _, s := range m.Story.Slices {
			phase := v.site.PhaseNamed(s.Phase)
			out[phase] = append(out[phase], v.slice(m, s, m.TraceSlice(s)))
		}
	}
	return out
}

// roadmap returns the slices of all maps in the order of the road, or by horizons; those without a phase come last, and then what is not
// planned.
func (v *viewer) roadmap() []view.Stretch {
	var out []view.Stretch
	if v.site.Config.Roadmap == "horizons" {
		out = v.horizons()
	} else {
		placed := v.placedSlices()
		for _, p := range v.site.Phases {
			if list := placed[p]; len(list) > 0 {
				out = append(out, view.Stretch{Name: p.Name, Phase: v.phaseTag(p), Slices: list})
			}
		}
		if list := placed[nil]; len(list) > 0 {
			out = append(out, view.Stretch{Name: v.say().Say("map.sometime"), Slices: list})
		}
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
		out = append(out, view.Stretch{Name: v.say().Say("map.unplanned"), Slices: unplanned})
	}
	return out
}

// horizons cuts the road into what is done, now, next and later: of each map, the first slice that is not done is now, and the one after
// it next.
func (v *viewer) horizons() (out []view.Stretch) {
	names := []string{"done", "now", "next", "later"}
	at := map[string][]view.Slice{}
	for _, m := range v.site.Maps {
		if m.Story == nil {
			continue
		}
		open := 0
		for _, s := range m.Story.Slices {
			slice := v.slice(m, s, m.TraceSlice(s))
			name := "done"
			if slice.Done < slice.Stories || slice.Stories+slice.Dropped == 0 { // where all were dropped, nothing is left to do
				open++
				name = names[min(open, len(names)-1)]
			}
			at[name] = append(at[name], slice)
		}
	}
	for _, name := range names {
		if len(at[name]) > 0 {
			out = append(out, view.Stretch{Name: v.say().Say("roadmap." + name), Slices: at[name]})
		}
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
			Title: outline.Typographic(place.Card.Plain()), URL: v.card(place.Map, place.Card.ID), Status: board.StatusID(place.Card.Status),
			Phase: v.phaseTag(v.site.PhaseNamed(place.Card.Phase)), Map: v.link(place.Map.Page),
		})
	}
	return out
}
