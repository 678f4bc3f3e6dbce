package exchange

import (
	"waymark/generator/internal/dates"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/storymap"
)

// Of returns a map as other programs, and comparisons, see it. One of impact and story is nil.
func Of(id string, impact *impactmap.Map, story *storymap.Map) Map {
	e := Map{Kind: impactmap.Kind, ID: id}
	rules := impactmap.Rules()
	if impact != nil {
		e.Title, e.Cards = impact.Title, impact.Nodes()
	} else {
		e.Kind, e.Title, rules, e.Cards = storymap.Kind, story.Title, storymap.Rules(), story.Nodes()
		for _, p := range story.Personas {
			e.Personas = append(e.Personas, Person{Name: p.Name, About: outline.Plain(p.About)})
		}
		for _, s := range story.Slices {
			e.Slices = append(e.Slices, Slice{ID: s.ID, Name: s.Name, Outcome: outline.Plain(s.Outcome), Phase: s.Phase})
		}
	}
	for _, l := range rules.Levels {
		e.Levels = append(e.Levels, l.Name)
	}
	return e
}

// State is a map as it was at the end of a day.
type State struct {
	Day dates.Date
	Map Map
}

// Day is what became of a map on a day. Its Date is zero for what no history has yet.
type Day struct {
	Date    dates.Date
	First   bool // whether the map was drawn on it
	Cards   int  // how many it had then
	Changes []Change
}

// Days says how a map became what it is now, the newest first. states are what it was, the newest first.
func Days(states []State, now Map) []Day {
	states = append([]State{{Map: now}}, states...)
	var days []Day
	for i, s := range states {
		day := Day{Date: s.Day}
		outline.Walk(s.Map.Cards, func(*outline.Node, []*outline.Node) { day.Cards++ })
		if i == len(states)-1 {
			day.First = true
			days = append(days, day)
			break
		}
		if day.Changes = Diff(states[i+1].Map, s.Map); len(day.Changes) > 0 {
			days = append(days, day)
		}
	}
	return days
}

// Since says what became of a map since a day; known is false where it was not there yet.
func Since(states []State, day dates.Date, now Map) (changes []Change, known bool) {
	for _, s := range states {
		if !s.Day.Time.After(day.Time) {
			return Diff(s.Map, now), true
		}
	}
	return nil, false
}
