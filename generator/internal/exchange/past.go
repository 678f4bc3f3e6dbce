package exchange

import (
	"waymark/generator/internal/dates"
	"waymark/generator/internal/outline"
)

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

// Days says how a map became what it was last, the newest day first. states are what it was, the newest first; whole is whether the last of
// them is its beginning.
func Days(states []State, whole bool) (days []Day) {
	for i, s := range states {
		if i < len(states)-1 {
			if changes := Diff(states[i+1].Map, s.Map); len(changes) > 0 {
				days = append(days, Day{Date: s.Day, Changes: changes})
			}
		} else if whole {
			days = append(days, first(s))
		}
	}
	return days
}

// first is the day on which a map was drawn.
func first(s State) Day {
	day := Day{Date: s.Day, First: true}
	outline.Walk(s.Map.Cards, func(*outline.Node, []*outline.Node) { day.Cards++ })
	return day
}

// Newest says what became of a map since it was what it was last; nil where it was not there. The Date is zero; found is false where nothing
// became of it.
func Newest(last *Map, now Map) (day Day, found bool) {
	if last == nil {
		return first(State{Map: now}), true
	}
	day.Changes = Diff(*last, now)
	return day, len(day.Changes) > 0
}
