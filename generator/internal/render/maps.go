package render

import (
	"cmp"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/board"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/site"
	"waymark/generator/internal/storymap"
	"waymark/generator/internal/view"
)

// figure writes a map where a page shows it.
func (v *viewer) figure(s site.Shown) string {
	own := v.page.Map != nil
	around := v.surroundings(s)
	title, kind, counts, body := "", "", "", ""
	say := v.say()
	if s.Impact != nil {
		kind, title, counts = "impact", outline.Typographic(outline.Plain(s.Impact.Title)), s.Impact.Counts(say)
		if len(s.Impact.Goals) > 0 {
			body = board.Legend(say) + v.scroll("map.picture", title, s.Impact.Tree(around))
		}
	} else {
		kind, title, counts = "story", outline.Typographic(outline.Plain(s.Story.Title)), s.Story.Counts(say)
		if len(s.Story.Activities) > 0 {
			table := s.Story.Table(around)
			around.NoIDs = true
			body = s.Story.People(around) + board.Legend(say) + v.scroll("map.table", title, table) + `<div class="map-slices">` + s.Story.Lists(around) + "</div>"
		}
	}
	var b strings.Builder
	b.WriteString(`<figure class="map map-` + kind + `"`)
	if s.Map != nil {
		if title == "" {
			title = s.Map.Title
		}
		b.WriteString(` data-map="` + html.EscapeString(s.Map.ID) + `"`)
		if !own && !s.Part {
			b.WriteString(` id="` + html.EscapeString(s.Map.ID+"/") + `"`) // no heading's id has a slash
		}
	}
	b.WriteString(">")
	if !own {
		b.WriteString(v.caption(s, title, counts))
	}
	b.WriteString(v.problems(s.Block.Problems, "map.problems"))
	b.WriteString(body)
	if body != "" {
		b.WriteString(Sheets(v.site, s, "wm:sheet-"+strconv.Itoa(v.maps), !own))
	}
	b.WriteString("</figure>")
	return b.String()
}

// Style is how maps of a site are drawn.
func Style(s *site.Site) board.Style {
	return board.Style{RightToLeft: s.Config.Direction == "rtl", Say: s.Config.Words.Site(), Shape: s.Shape}
}

// Sheets draws a map for paper. It holds as of the day on which its text was changed last: that of the build would make each page another
// one every day.
func Sheets(s *site.Site, m site.Shown, id string, inText bool) string {
	style := Style(s)
	h := board.Heading{}
	if m.Map != nil {
		day := m.Map.Home.Updated
		if day.IsZero() {
			day = m.Map.Home.Date
		}
		if h.Title = m.Map.Title; !day.IsZero() {
			h.Day = style.Say.Date(day, false)
		}
	}
	var pens []func() *board.Pen
	if m.Impact != nil {
		h.Title = cmp.Or(outline.Typographic(outline.Plain(m.Impact.Title)), h.Title)
		for _, width := range impactmap.BoxWidths() {
			pens = append(pens, func() *board.Pen { return m.Impact.Pen(style, width) })
		}
	} else {
		h.Title = cmp.Or(outline.Typographic(outline.Plain(m.Story.Title)), h.Title)
		for _, width := range storymap.StepWidths() {
			pens = append(pens, func() *board.Pen { return m.Story.Pen(style, width) })
		}
	}
	return board.Sheets(id, pens, h, inText)
}

// scroll wraps what may be wider than the screen in a region that the keyboard can scroll, and lets it be skipped.
func (v *viewer) scroll(label, title, inner string) string {
	v.maps++
	end := "map-end/" + strconv.Itoa(v.maps) // no heading's id has a slash
	label = v.say().Say(label)
	if title != "" {
		label += ": " + title
	}
	return `<a class="skip" href="#` + end + `">` + html.EscapeString(v.say().Say("map.skip")) + `</a><div class="map-scroll" tabindex="0" role="region" aria-label="` + html.EscapeString(label) + `">` +
		inner + `</div><span class="map-end" id="` + end + `" tabindex="-1"></span>`
}

func (v *viewer) caption(s site.Shown, title, counts string) string {
	text := html.EscapeString(title)
	link := ""
	if s.Map != nil {
		href := v.to(s.Map.Page.URL, s.Block.Embed().Card)
		link = `<a class="map-open" href="` + html.EscapeString(href) + `">` + html.EscapeString(v.say().Say("map.open")) + `<span class="hidden">: ` + html.EscapeString(s.Map.Title) + "</span></a>"
		if s.Part && s.Map.Title != title {
			text += " <small>" + html.EscapeString(v.say().Say("map.part", "title", s.Map.Title)) + "</small>"
		}
	}
	return `<figcaption><span class="map-title">` + text + `</span><small>` + html.EscapeString(counts) + "</small>" + link + "</figcaption>"
}

// problems writes the errors of a block beside it. Only a preview shows such a block.
func (v *viewer) problems(list diag.List, key string) string {
	list = slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
	if len(list) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<div class="map-problems" role="note"><p>` + html.EscapeString(v.say().Say(key)) + `</p><ul>`)
	for _, d := range list {
		hint := ""
		if d.Hint != "" {
			hint = " (" + html.EscapeString(d.Hint) + ")"
		}
		b.WriteString("<li><code>" + html.EscapeString(d.Pos.String()) + "</code> " + html.EscapeString(d.Message) + hint + "</li>")
	}
	b.WriteString("</ul></div>")
	return b.String()
}

// surroundings tells a map what it needs to know of the site.
func (v *viewer) surroundings(s site.Shown) board.Surroundings {
	around := board.Surroundings{Say: v.say(), Heading: s.Block.Heading, NoIDs: s.Part, Shape: v.site.Shape}
	m := s.Map
	if m == nil {
		around.NoIDs = true
		return around
	}
	if v.page.Map == nil {
		around.Prefix = m.ID + "/"
	} else {
		around.Heading = 2
	}
	around.Href = func(target string) (string, bool) {
		t := m.Target(target)
		if t.URL == m.Home.URL && v.page != m.Home {
			return v.to(t.URL, t.Fragment), false
		}
		return v.href(t), t.External
	}
	around.Evidence = func(card string) []board.Place {
		var places []board.Place
		for _, p := range m.Evidence[card] {
			if p != v.page {
				places = append(places, board.Place{Title: p.Title, URL: v.to(p.URL, "")})
			}
		}
		return places
	}
	around.Stories = func(card string) []board.Place {
		var places []board.Place
		for _, c := range m.Stories[card] {
			places = append(places, board.Place{Title: outline.Typographic(c.Card.Plain()), URL: v.card(c.Map, c.Card.ID), Note: board.Status(v.say(), c.Card.Status)})
		}
		return places
	}
	around.For = func(r outline.Reference) board.Place {
		id := r.Map
		if id == "" {
			id = m.Story.ImpactMap.Map
		}
		if on := v.site.MapByID(id); on != nil && on.Deliverable(r.Card) != nil {
			return board.Place{Title: outline.Typographic(on.Deliverable(r.Card).Plain()), URL: v.card(on, r.Card)}
		}
		return board.Place{Title: r.String()}
	}
	return around
}

// card returns the address of a card on its map's page.
func (v *viewer) card(m *site.Map, id string) string {
	if m == v.page.Map {
		return "#" + escapeFragment(id)
	}
	return v.to(m.Page.URL, id)
}

// mapInFeed writes a map as a feed carries it: its list or table, and a link to it.
func (v *viewer) mapInFeed(s site.Shown, to func(target, fragment string) string) string {
	around := board.Surroundings{Say: v.say(), NoIDs: true}
	if s.Map != nil {
		around.Href = func(target string) (string, bool) {
			t := s.Map.Target(target)
			if t.External {
				return t.URL, true
			}
			return to(t.URL, t.Fragment), false
		}
	}
	title, body := "", ""
	if s.Impact != nil {
		title, body = outline.Plain(s.Impact.Title), s.Impact.HTML(around)
	} else {
		title, body = outline.Plain(s.Story.Title), s.Story.Table(around)
	}
	if s.Map == nil {
		return body
	}
	return `<p><a href="` + html.EscapeString(to(s.Map.Page.URL, s.Block.Embed().Card)) + `">` + html.EscapeString(cmp.Or(title, s.Map.Title)) + "</a></p>" + body
}

func (v *viewer) mapView(m *site.Map) view.Map {
	return view.Map{ID: m.ID, Kind: m.ShortKind(), Title: m.Title, URL: v.to(m.Page.URL, ""), Summary: m.Page.Description, Home: v.link(m.Home), Picture: v.to("/"+m.FilePath("svg"), "")}
}

func (v *viewer) allMaps() []view.Map {
	var out []view.Map
	for _, m := range v.site.Maps {
		out = append(out, v.mapView(m))
	}
	slices.SortStableFunc(out, func(a, b view.Map) int { return strings.Compare(a.Kind, b.Kind) })
	return out
}

func (v *viewer) ownMap() *view.Map {
	m := v.page.Map
	out := v.mapView(m)
	out.Figure = template.HTML(v.figure(site.Shown{Map: m, Impact: m.Impact, Story: m.Story, Block: m.Block})) //nolint:gosec // the map's package escapes
	for _, ending := range site.MapFiles() {
		out.Downloads = append(out.Downloads, view.Link{Title: v.say().Say("map." + ending), URL: v.to("/"+m.FilePath(ending), "")})
	}
	out.Filters = v.filters(m)
	out.Trace = v.trace(m)
	out.Evidence = v.items(m.Evidence[""])
	if m.Changes != nil {
		out.Changes = v.to(m.Changes.URL, "")
	}
	return &out
}

// filters lists what the map's cards can be chosen by, where there is a choice.
func (v *viewer) filters(m *site.Map) []view.Filter {
	seen := map[string][]string{}
	add := func(name, value string) {
		if value != "" && !slices.Contains(seen[name], value) && len(seen[name]) < maxOptions {
			seen[name] = append(seen[name], value)
		}
	}
	if m.Impact != nil {
		m.Impact.Walk(func(c *impactmap.Card, _ []*impactmap.Card) {
			if c.Level >= impactmap.Deliverable { // what the others lead to decides whether they show
				add("phase", c.Phase)
				add("status", string(c.Status))
			}
		})
	} else {
		for _, s := range m.Story.Slices {
			add("slice", s.Name)
		}
		for _, p := range m.Story.Personas {
			add("persona", p.Name)
		}
		for _, c := range m.Story.Stories() {
			if c.Slice == "" {
				add("slice", storymap.Unplanned)
			}
			add("phase", c.Phase)
			add("status", string(c.Status))
		}
	}
	var out []view.Filter
	for _, name := range []string{"persona", "slice", "phase", "status"} {
		if n := len(seen[name]); n > 1 || n == 1 && name == "phase" { // cards without a phase are another choice
			out = append(out, view.Filter{Name: name, Label: v.say().Say("map.filter." + name), Options: v.filterOptions(name, seen[name])})
		}
	}
	return out
}

// filterOptions gives each value that a filter can have the words that readers know it by.
func (v *viewer) filterOptions(name string, values []string) []view.Option {
	var out []view.Option
	for _, value := range values {
		o := view.Option{Value: value, Label: value}
		switch {
		case name == "status":
			o.Label = board.Status(v.say(), outline.Status(value))
		case name == "slice" && value == storymap.Unplanned:
			o.Label = v.say().Say("map.unplanned")
		}
		out = append(out, o)
	}
	return out
}

// maxOptions is how many values a filter offers.
const maxOptions = 100
