package past

import (
	"path"
	"slices"
	"time"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/history"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/source"
)

// state is a map as it was at the end of a day.
type state struct {
	day dates.Date
	was exchange.Map
}

// statesOf returns what the maps of a text were, by their ids and the versions of its file, the newest first. Of a day, the last version
// counts that could be read; what was a draft then is nobody's business.
func statesOf(doc *markdown.Document, parser *markdown.Parser, versions []history.Version, zone *time.Location) map[string][]state {
	all := map[string][]state{}
	for i := range doc.Maps {
		if doc.Maps[i].Embed().Map == "" {
			all[doc.Maps[i].ID] = nil
		}
	}
	for _, v := range versions {
		at := v.Time.In(zone)
		day := dates.Date{Time: time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone), Precision: dates.Day}
		open := func(of markdown.MapBlock) bool {
			states, asked := all[of.ID]
			return asked && len(states) < maxDays && (len(states) == 0 || day.Time.Before(states[len(states)-1].day.Time))
		}
		if v.Data == nil || !slices.ContainsFunc(doc.Maps, open) {
			continue
		}
		// By the path that the text has now, after which maps without a name are called.
		then, _ := parser.Outline(source.File{Path: doc.Path, Name: path.Base(v.Name), Data: source.Mend(v.Data)})
		if then.Front.Draft != "" {
			continue
		}
		for _, of := range doc.Maps {
			if block := then.Version(&of, !of.Named); open(of) && block != nil && !block.Problems.HasErrors() {
				all[of.ID] = append(all[of.ID], state{day, exchange.Of(of.ID, block.Impact, block.Story)})
			}
		}
	}
	return all
}

// lifeOf returns what is kept of states. whole is whether the last of them is the map's beginning.
func lifeOf(states []state, whole bool, since dates.Date) *life {
	l := &life{Whole: whole}
	for i, s := range states {
		if i < len(states)-1 {
			if changes := exchange.Diff(states[i+1].was, s.was); len(changes) > 0 {
				l.Days = append(l.Days, exchange.Day{Date: s.day, Changes: changes})
			}
		} else if whole {
			l.Days = append(l.Days, first(s))
		}
		if l.Month == nil && !s.day.Time.After(since.Time) {
			l.Month = &s.was
		}
	}
	if len(states) > 0 {
		l.Last = &states[0].was
	}
	return l
}

// first is the day on which a map was drawn.
func first(s state) exchange.Day {
	day := exchange.Day{Date: s.day, First: true}
	outline.Walk(s.was.Cards, func(*outline.Node, []*outline.Node) { day.Cards++ })
	return day
}

// newest says what became of a map since it was what it was last; nil where it was not there. The Date is zero; found is false where nothing
// became of it.
func newest(last *exchange.Map, now exchange.Map) (day exchange.Day, found bool) {
	if last == nil {
		return first(state{was: now}), true
	}
	day.Changes = exchange.Diff(*last, now)
	return day, len(day.Changes) > 0
}
