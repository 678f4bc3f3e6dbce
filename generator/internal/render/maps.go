package render

import (
	"cmp"
	"html"
	"html/template"
	"math"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/storymap"
	"waymark/generator/internal/view"
)

// figure writes a map where a page shows it.
func (v *viewer) figure(s site.Shown) string {
	own := v.page.Map != nil
	around := v.surroundings(s)
	title, kind, counts, body := "", "", "", ""
	style := board.Style{RightToLeft: v.site.Config.Direction == "rtl"}
	if s.Impact != nil {
		kind, title, counts = "impact", outline.Plain(s.Impact.Title), s.Impact.Counts()
		if len(s.Impact.Goals) > 0 {
			body = scroll("Picture of the map", title, s.Impact.Draw(style)) + `<div class="map-list">` + s.Impact.HTML(around) + "</div>"
		}
	} else {
		kind, title, counts = "story", outline.Plain(s.Story.Title), s.Story.Counts()
		if len(s.Story.Activities) > 0 {
			table := s.Story.Table(around)
			around.NoIDs = true
			body = s.Story.People(around) + storymap.Legend + scroll("Table of the map", title, table) + `<div class="map-slices">` + s.Story.Lists(around) + "</div>"
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
	b.WriteString(problems(s))
	b.WriteString(body)
	b.WriteString("</figure>")
	return b.String()
}

// scroll wraps what may be wider than the screen in a region that the keyboard can scroll.
func scroll(label, title, inner string) string {
	if title != "" {
		label += ": " + title
	}
	return `<div class="map-scroll" tabindex="0" role="region" aria-label="` + html.EscapeString(label) + `">` + inner + "</div>"
}

func (v *viewer) caption(s site.Shown, title, counts string) string {
	text := html.EscapeString(title)
	link := ""
	if s.Map != nil {
		href := v.to(s.Map.Page.URL, s.Block.Embed().Card)
		link = `<a class="map-open" href="` + html.EscapeString(href) + `">Open the map<span class="hidden">: ` + html.EscapeString(s.Map.Title) + "</span></a>"
		if s.Part && s.Map.Title != title {
			text += ` <small>part of ` + html.EscapeString(s.Map.Title) + "</small>"
		}
	}
	return `<figcaption><span class="map-title">` + text + `</span><small>` + html.EscapeString(counts) + "</small>" + link + "</figcaption>"
}

// problems writes a map's errors beside it. Only a preview shows such a map.
func problems(s site.Shown) string {
	if len(s.Block.Problems) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<div class="map-problems" role="note"><p>This map has errors, and will not be published:</p><ul>`)
	for _, d := range s.Block.Problems {
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
	around := board.Surroundings{Heading: s.Block.Heading, NoIDs: s.Part, Shape: v.shape}
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
			places = append(places, board.Place{Title: c.Card.Plain(), URL: v.card(c.Map, c.Card.ID), Note: string(c.Card.Status)})
		}
		return places
	}
	around.For = func(r outline.Reference) board.Place {
		id := r.Map
		if id == "" {
			id = m.Story.ImpactMap.Map
		}
		if on := v.site.MapByID(id); on != nil && on.Deliverable(r.Card) != nil {
			return board.Place{Title: on.Deliverable(r.Card).Plain(), URL: v.card(on, r.Card)}
		}
		return board.Place{Title: r.String()}
	}
	return around
}

// shape returns the form of a phase's blaze.
func (v *viewer) shape(phase string) string {
	if p := v.phaseNamed(phase); p != nil {
		return v.site.Top(p).Shape
	}
	return ""
}

func (v *viewer) phaseNamed(name string) *site.Phase {
	for _, p := range v.site.Phases {
		if slug.Make(p.Name) == slug.Make(name) && name != "" {
			return p
		}
	}
	return nil
}

// card returns the address of a card on its map's page.
func (v *viewer) card(m *site.Map, id string) string {
	if m == v.page.Map {
		return "#" + escapeFragment(id)
	}
	return v.to(m.Page.URL, id)
}

// mapInFeed writes a map as a feed carries it: its list or table, and a link to it.
func mapInFeed(s site.Shown, to func(target, fragment string) string) string {
	around := board.Surroundings{NoIDs: true}
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
	return view.Map{ID: m.ID, Kind: m.Kind(), Title: m.Title, URL: v.to(m.Page.URL, ""), Summary: m.Page.Description, Home: v.link(m.Home), Picture: v.to("/"+m.FilePath("svg"), "")}
}

func (v *viewer) allMaps() []view.Map {
	var out []view.Map
	for _, m := range v.site.Maps {
		out = append(out, v.mapView(m))
	}
	slices.SortStableFunc(out, func(a, b view.Map) int { return strings.Compare(a.Kind, b.Kind) })
	return out
}

// names of the downloads, by their files' endings.
var downloads = map[string]string{"svg": "Picture (SVG)", "json": "JSON", "csv": "Table (CSV)", "opml": "Outline (OPML)", "mermaid": "Mermaid"}

func (v *viewer) ownMap() *view.Map {
	m := v.page.Map
	out := v.mapView(m)
	out.Figure = template.HTML(v.figure(site.Shown{Map: m, Impact: m.Impact, Story: m.Story, Block: m.Block})) //nolint:gosec // the map's package escapes
	for _, ending := range site.MapFiles() {
		out.Downloads = append(out.Downloads, view.Link{Title: downloads[ending], URL: v.to("/"+m.FilePath(ending), "")})
	}
	out.Filters = filters(m)
	out.Trace = v.trace(m)
	out.Evidence = v.items(m.Evidence[""])
	return &out
}

// plan leads to the roadmap, where there is one.
func (v *viewer) plan() *view.Link { return v.linkTo(v.site.Only(site.RoadmapPage)) }

// filters lists what the map's cards can be chosen by, where there is a choice.
func filters(m *site.Map) []view.Filter {
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
			out = append(out, view.Filter{Name: name, Label: strings.ToUpper(name[:1]) + name[1:], Options: seen[name]})
		}
	}
	return out
}

// maxOptions is how many values a filter offers.
const maxOptions = 100

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
