package site

import (
	"slices"

	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/storymap"
)

// Trace is what maps say together: which deliverables nobody has cut into stories yet, which stories no deliverable
// asks for, how far each goal and each slice has come.
type Trace struct {
	ImpactMaps []ImpactTrace `json:"impactMaps"`
	StoryMaps  []StoryTrace  `json:"storyMaps"`
}

// ImpactTrace is the part of one impact map.
type ImpactTrace struct {
	ID           string             `json:"id"`
	Title        string             `json:"title"`
	Goals        []GoalTrace        `json:"goals"`
	Deliverables []DeliverableTrace `json:"deliverables"`
	WithoutStory []CardName         `json:"withoutStory"` // open deliverables that no story is for
}

// GoalTrace is how far a goal, or an impact that is measured, has come. Progress is 0 at the baseline and 1 at the
// target; nil where it is not known.
type GoalTrace struct {
	CardName
	Level    string   `json:"level"`
	Metric   string   `json:"metric,omitempty"`
	Baseline string   `json:"baseline,omitempty"`
	Target   string   `json:"target,omitempty"`
	Now      string   `json:"now,omitempty"`
	Progress *float64 `json:"progress"`
}

// DeliverableTrace is a deliverable with the stories that are for it.
type DeliverableTrace struct {
	CardName
	Status  string    `json:"status"`
	Phase   string    `json:"phase,omitempty"`
	Stories []StoryID `json:"stories"`
}

// StoryID names a story of another map.
type StoryID struct {
	Map string `json:"map"`
	CardName
	Status string `json:"status"`
}

// CardName is a card's id and its plain text.
type CardName struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// StoryTrace is the part of one story map.
type StoryTrace struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	ImpactMap string       `json:"impactMap,omitempty"` // the first of those that it is for
	Slices    []SliceTrace `json:"slices"`
	Unasked   []CardName   `json:"unasked"` // stories that no deliverable asks for; none where the map is for no impact map
}

// SliceTrace is how far a slice has come. The one without a name holds what is not yet planned.
type SliceTrace struct {
	ID      string `json:"id,omitempty"`
	Name    string `json:"name"`
	Outcome string `json:"outcome,omitempty"`
	Phase   string `json:"phase,omitempty"`
	storymap.Progress
}

// Trace returns what one map says together with those it belongs with, or, for nil, what all maps say.
func (s *Site) Trace(of *Map) Trace {
	t := Trace{ImpactMaps: []ImpactTrace{}, StoryMaps: []StoryTrace{}}
	for _, m := range s.Maps {
		switch {
		case of != nil && m != of && !m.Serves(of) && !of.Serves(m):
		case m.Impact != nil:
			t.ImpactMaps = append(t.ImpactMaps, m.TraceImpact())
		default:
			t.StoryMaps = append(t.StoryMaps, m.traceStory())
		}
	}
	return t
}

// Serves reports whether a story map has to do with an impact map.
func (m *Map) Serves(impact *Map) bool {
	if m.Story == nil || impact.Impact == nil {
		return false
	}
	return slices.Contains(m.impactMaps(), impact.ID)
}

// impactMaps returns the ids of the impact maps that a story map is for.
func (m *Map) impactMaps() []string {
	var ids []string
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	add(m.Story.ImpactMap.Map)
	m.Story.Walk(func(c *storymap.Card, _ []*storymap.Card) {
		for _, r := range c.Refs {
			add(r.Map)
		}
	})
	return ids
}

// WithoutStory returns the deliverables that are still open and that no story is for. A deliverable with options is
// looked after by a story for one of them. Dropped stories do not count.
func (m *Map) WithoutStory() []*impactmap.Card {
	var out []*impactmap.Card
	for _, d := range m.Impact.Level(impactmap.Deliverable) {
		open := d.Status != outline.Dropped && d.Status != outline.Done
		alive := func(c Card) bool { return c.Card.Status != outline.Dropped }
		if open && !slices.ContainsFunc(m.storiesOf(d), alive) {
			out = append(out, d)
		}
	}
	return out
}

// storiesOf returns the stories for a deliverable or one of its options.
func (m *Map) storiesOf(d *impactmap.Card) []Card {
	out := slices.Clone(m.Stories[d.ID])
	for _, option := range d.Children {
		for _, story := range m.Stories[option.ID] {
			if !slices.Contains(out, story) {
				out = append(out, story)
			}
		}
	}
	return out
}

// Unasked returns the stories of a story map that no deliverable asks for; none where the map is for no impact map.
// Dropped stories do not count.
func (m *Map) Unasked() []*storymap.Card {
	if len(m.impactMaps()) == 0 {
		return nil
	}
	var out []*storymap.Card
	for _, story := range m.Story.Stories() {
		if len(story.Refs) == 0 && story.Status != outline.Dropped {
			out = append(out, story)
		}
	}
	return out
}

// TraceImpact returns what one impact map says, without those it belongs with.
func (m *Map) TraceImpact() ImpactTrace {
	t := ImpactTrace{ID: m.ID, Title: m.Title, Goals: []GoalTrace{}, Deliverables: []DeliverableTrace{}, WithoutStory: []CardName{}}
	m.Impact.Walk(func(c *impactmap.Card, _ []*impactmap.Card) {
		name := CardName{c.ID, c.Plain()}
		if c.Level == impactmap.Goal || c.Level == impactmap.Impact && c.Measure.Metric != "" {
			g := GoalTrace{CardName: name, Level: c.Level.String(), Metric: c.Measure.Metric, Baseline: c.Measure.Baseline, Target: c.Measure.Target, Now: c.Measure.Now}
			if share, known := c.Measure.Progress(); known {
				g.Progress = &share
			}
			t.Goals = append(t.Goals, g)
		}
		if c.Level == impactmap.Deliverable {
			d := DeliverableTrace{CardName: name, Status: string(c.Status), Phase: c.Phase, Stories: []StoryID{}}
			for _, s := range m.storiesOf(c) {
				d.Stories = append(d.Stories, StoryID{s.Map.ID, CardName{s.Card.ID, s.Card.Plain()}, string(s.Card.Status)})
			}
			t.Deliverables = append(t.Deliverables, d)
		}
	})
	for _, d := range m.WithoutStory() {
		t.WithoutStory = append(t.WithoutStory, CardName{d.ID, d.Plain()})
	}
	return t
}

func (m *Map) traceStory() StoryTrace {
	t := StoryTrace{ID: m.ID, Title: m.Title, Slices: []SliceTrace{}, Unasked: []CardName{}}
	if ids := m.impactMaps(); len(ids) > 0 {
		t.ImpactMap = ids[0]
	}
	for _, s := range m.Story.Planned() {
		t.Slices = append(t.Slices, m.TraceSlice(s))
	}
	for _, story := range m.Unasked() {
		t.Unasked = append(t.Unasked, CardName{story.ID, story.Plain()})
	}
	return t
}

// TraceSlice says how far a slice of a story map has come; nil is what is not yet planned.
func (m *Map) TraceSlice(s *storymap.Slice) SliceTrace {
	if s == nil {
		return SliceTrace{Name: storymap.Unplanned, Progress: m.Story.Progress(s)}
	}
	return SliceTrace{ID: s.ID, Name: s.Name, Outcome: outline.Plain(s.Outcome), Phase: s.Phase, Progress: m.Story.Progress(s)}
}
