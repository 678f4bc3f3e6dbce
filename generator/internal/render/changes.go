package render

import (
	"slices"
	"strconv"

	"waymark/generator/internal/board"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// becomes are what can become of a card, in the order in which it is told.
var becomes = []string{"added", "done", "moved", "changed", "dropped", "removed"}

// changes say how a map became what it is.
func (v *viewer) changes() *view.Changes {
	m := v.page.Of
	out := &view.Changes{Map: v.link(m.Page)}
	for _, d := range m.Told.Days {
		day := view.Day{Groups: v.changed(m, d.Changes)}
		if !d.Date.IsZero() {
			day.Date = v.date(d.Date)
		}
		if d.First {
			day.First = v.say().Say("changes.first", "n", strconv.Itoa(d.Cards))
		}
		out.Days = append(out.Days, day)
	}
	return out
}

// month says what the last month brought to all maps, or nil where the site tells nothing of that.
func (v *viewer) month() *view.Month {
	var out *view.Month
	for _, m := range v.site.Maps {
		if m.Changes == nil {
			continue
		}
		if out == nil {
			out = &view.Month{Since: v.date(m.Told.Since)}
		}
		of := view.MonthOf{Map: view.Link{Title: m.Title, URL: v.to(m.Changes.URL, "")}, New: m.Told.New, Groups: v.changed(m, m.Told.Month)}
		if !of.New && len(of.Groups) == 0 {
			continue
		}
		var counts []string
		for _, g := range of.Groups {
			counts = append(counts, v.say().Say("changes.n."+g.ID, "n", strconv.Itoa(len(g.Links))))
		}
		of.Says = v.say().List(counts...)
		out.Maps = append(out.Maps, of)
	}
	return out
}

// changed groups changes by what became of the cards.
func (v *viewer) changed(m *site.Map, changes []exchange.Change) (groups []view.Group) {
	of := map[string][]view.Link{}
	for _, c := range changes {
		what := became(c)
		link := view.Link{Title: outline.Typographic(c.Text), Note: v.how(c)}
		switch {
		case c.Level == "persona": // who has no place on the page
		case m.Has(c.ID):
			link.URL = v.card(m, c.ID)
		case c.Level == "map":
			link.URL = v.to(m.Page.URL, "")
		}
		of[what] = append(of[what], link)
	}
	for _, what := range becomes {
		if links := of[what]; len(links) > 0 {
			groups = append(groups, view.Group{ID: what, Title: v.say().Say("changes." + what), Count: len(links), Links: links})
		}
	}
	return groups
}

// became says what became of a card: what counts most for those who wait for it.
func became(c exchange.Change) string {
	if c.What != "changed" {
		return c.What
	}
	what := "changed"
	for _, f := range c.Fields {
		switch {
		case f.Name == "status" && (f.After == string(outline.Done) || f.After == string(outline.Dropped)):
			return f.After
		case f.Name == "slice":
			what = "moved"
		}
	}
	return what
}

// shownFields are what a change shows before and after. Of the others it is enough that they changed.
var shownFields = []string{"now", "readings", "slice", "phase", "baseline", "target"}

// how says more of a change: where a card stands now, or what it said before.
func (v *viewer) how(c exchange.Change) string {
	switch {
	case c.What == "added" && c.To != "":
		return v.say().Say("changes.below", "card", outline.Typographic(c.To))
	case c.What == "moved" && c.From != c.To && c.From != "" && c.To != "":
		return v.say().Say("changes.from", "from", outline.Typographic(c.From), "to", outline.Typographic(c.To))
	}
	var says []string
	for _, f := range c.Fields {
		before, after := outline.Typographic(outline.Plain(f.Before)), outline.Typographic(outline.Plain(f.After))
		switch {
		case f.Name == "status":
			if what := became(c); what != f.After { // which is told by where it stands
				says = append(says, board.Status(v.say(), outline.Status(f.After)))
			}
		case slices.Contains([]string{"text", "title"}, f.Name):
			says = append(says, v.say().Say("changes.was", "text", before))
		case !slices.Contains(shownFields, f.Name):
		case before == "" || after == "":
			says = append(says, before+after)
		default:
			says = append(says, before+" → "+after)
		}
	}
	return v.say().List(says...)
}
