package site

import (
	"cmp"
	"slices"
	"strings"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/storymap"
)

// Map is a map of the site. One of Impact and Story is set.
type Map struct {
	ID, Title string
	Impact    *impactmap.Map
	Story     *storymap.Map
	Block     *markdown.MapBlock
	Page      *Page              // its own
	Home      *Page              // that holds its block
	Goals     map[string]*Goal   // of an impact map, by their ids
	Told      Told               // what its history says
	Changes   *Page              // that says it, or nil
	Evidence  map[string][]*Page // the writing that names a card; under "", the map
	Stories   map[string][]Card  // of an impact map: those that are for a deliverable
	has       map[string]bool
	impact    map[string]*impactmap.Card
}

// Goal is a goal of an impact map, with the page that says how far it has come.
type Goal struct {
	Map  *Map
	Card *impactmap.Card
	Page *Page
}

// Told is how a map became what it is.
type Told struct {
	Days  []exchange.Day // the newest first
	Since dates.Date
	Month []exchange.Change // what came since then
	New   bool              // whether it was drawn since then
}

// Kind returns "impact map" or "story map".
func (m *Map) Kind() string { return strings.ReplaceAll(m.Block.Kind(), "-", " ") }

// ShortKind returns "impact" or "story".
func (m *Map) ShortKind() string { return strings.TrimSuffix(m.Block.Kind(), "-map") }

// MapFiles returns the endings of the files that stand beside a map's page.
func MapFiles() []string { return []string{"svg", "json", "csv", "opml", "mermaid"} }

// FilePath returns the path of one of those files, relative to the output folder.
func (m *Map) FilePath(ending string) string {
	return strings.TrimPrefix(m.Page.URL, "/") + m.ID + "." + ending
}

// Target returns where a link in one of the map's cards leads.
func (m *Map) Target(link string) Target {
	if n, known := m.Block.Links[link]; known && n < len(m.Home.Links) {
		return m.Home.Links[n]
	}
	return Target{}
}

// Has reports whether the map has a card or a slice with an id.
func (m *Map) Has(id string) bool { return m.has[id] }

// ids lists all that can be linked to in the map.
func (m *Map) ids() []string {
	var ids []string
	if m.Impact != nil {
		m.Impact.Walk(func(c *impactmap.Card, _ []*impactmap.Card) { ids = append(ids, c.ID) })
		return ids
	}
	for _, s := range m.Story.Slices {
		ids = append(ids, s.ID)
	}
	m.Story.Walk(func(c *storymap.Card, _ []*storymap.Card) { ids = append(ids, c.ID) })
	return ids
}

// Deliverable returns the card that a story is for, or nil.
func (m *Map) Deliverable(id string) *impactmap.Card { return m.impact[id] }

// Card is a story with the map that it stands on.
type Card struct {
	Map  *Map
	Card *storymap.Card
}

// Shown is a map as a page shows it: whole, or the part that the page embeds.
type Shown struct {
	Map    *Map // nil where the block embeds a map that does not exist
	Impact *impactmap.Map
	Story  *storymap.Map
	Block  *markdown.MapBlock
	Part   bool
}

// SlicePlace is a slice with the map that it stands on.
type SlicePlace struct {
	Map   *Map
	Slice *storymap.Slice
}

// DeliverablePlace is a deliverable with the map that it stands on.
type DeliverablePlace struct {
	Map  *Map
	Card *impactmap.Card
}

// MapByID returns a map, or nil.
func (s *Site) MapByID(id string) *Map {
	for _, m := range s.Maps {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// maps gathers the maps of all pages, gives each a page of its own, and resolves what they say of one another.
func (b *builder) maps() {
	b.mapID = map[string]*Map{}
	for _, p := range slices.Clone(b.Pages) {
		if p.Doc == nil {
			continue
		}
		p.Maps = make([]Shown, len(p.Doc.Maps))
		for i := range p.Doc.Maps {
			block := &p.Doc.Maps[i]
			p.Maps[i] = Shown{Impact: block.Impact, Story: block.Story, Block: block}
			if block.Embed().Map == "" {
				p.Maps[i].Map = b.addMap(p, block)
			}
		}
	}
	b.mapPages()
	for _, p := range b.Pages {
		drawn := 0
		for i := range p.Maps {
			b.embed(&p.Maps[i])
			drawn += b.boundEmbed(&p.Maps[i], drawn)
		}
	}
	for _, m := range b.Maps {
		if m.Story != nil {
			b.references(m)
		}
	}
	for _, p := range b.Pages {
		b.frontMaps(p)
	}
}

func (b *builder) addMap(p *Page, block *markdown.MapBlock) *Map {
	id := block.ID
	if other := b.mapID[id]; other != nil {
		hint := "give one of them another name"
		if !block.Named {
			hint = "name it behind " + block.Kind()
		}
		b.mapErrorf(block.Pos(), hint, "the map id %q is already used in %s, line %d", id, other.Home.Doc.Name, other.Block.Pos().Line)
		return nil
	}
	m := &Map{
		ID: id, Title: cmp.Or(outline.Typographic(block.Title()), p.Title), Impact: block.Impact, Story: block.Story, Block: block, Home: p,
		Evidence: map[string][]*Page{}, Stories: map[string][]Card{}, has: map[string]bool{}, impact: map[string]*impactmap.Card{},
	}
	for _, id := range m.ids() {
		m.has[id] = true
	}
	if m.Impact != nil {
		m.Impact.Walk(func(c *impactmap.Card, _ []*impactmap.Card) { m.impact[c.ID] = c })
	}
	b.mapID[id] = m
	b.Maps = append(b.Maps, m)
	return m
}

// mapPages adds the list of maps, a page for each, and the roadmap.
func (b *builder) mapPages() {
	slices.SortStableFunc(b.Maps, func(x, y *Map) int { return cmp.Compare(x.ID, y.ID) })
	list := b.index(MapsPage, "maps", len(b.Maps) > 0)
	if list == nil {
		return
	}
	list.Description = cmp.Or(list.Description, b.say().Say("page.maps.about"))
	planned := false
	for _, m := range b.Maps {
		m.Page = b.add(&Page{Kind: MapPage, URL: "/maps/" + m.ID + "/", Title: m.Title, ID: "maps/" + m.ID, Parent: list, Map: m})
		list.Items = append(list.Items, m.Page)
		b.goalPages(m)
		if m.Told = b.in.Past[m.ID]; len(m.Told.Days) > 0 {
			m.Changes = b.add(&Page{Kind: ChangesPage, URL: m.Page.URL + "changes/", Title: b.say().Say("changes.title", "map", m.Title), ID: m.Page.ID + "/changes", Parent: m.Page, Of: m})
			m.Changes.Description = b.say().Say("changes.about")
		}
		planned = planned || m.Story != nil && len(m.Story.Slices) > 0
	}
	if roadmap := b.index(RoadmapPage, "roadmap", planned); roadmap != nil {
		roadmap.Description = cmp.Or(roadmap.Description, b.say().Say("page.roadmap.about"))
	}
}

// goalPages adds a page for each goal of an impact map.
func (b *builder) goalPages(m *Map) {
	if m.Impact == nil {
		return
	}
	m.Goals = map[string]*Goal{}
	for _, c := range m.Impact.Goals {
		name := slug.Make(c.ID)
		if c.Level != impactmap.Goal || name == "" || m.Goals[c.ID] != nil {
			continue
		}
		g := &Goal{Map: m, Card: c}
		g.Page = b.add(&Page{Kind: GoalPage, URL: m.Page.URL + "goals/" + name + "/", Title: outline.Typographic(c.Plain()), ID: m.Page.ID + "/goals/" + c.ID, Parent: m.Page, Goal: g})
		m.Goals[c.ID] = g
	}
}

// phaseMaps gathers the slices and deliverables of each phase. It returns whether there are any.
func (b *builder) phaseMaps() bool {
	found := false
	top := func(name string) *Phase {
		if p := b.phase[slug.Make(name)]; name != "" && p != nil {
			found = true
			return b.Top(p)
		}
		return nil
	}
	for _, m := range b.Maps {
		if m.Story != nil {
			for _, s := range m.Story.Slices {
				if p := top(s.Phase); p != nil {
					p.Slices = append(p.Slices, SlicePlace{m, s})
				}
			}
			continue
		}
		m.Impact.Walk(func(c *impactmap.Card, _ []*impactmap.Card) {
			if c.Level >= impactmap.Deliverable {
				if p := top(c.Phase); p != nil {
					p.Deliverables = append(p.Deliverables, DeliverablePlace{m, c})
				}
			}
		})
	}
	return found
}

// describeMaps gives the maps' pages their summary, which needs all references resolved.
func (b *builder) describeMaps() {
	for _, m := range b.Maps {
		for _, pages := range m.Evidence {
			newestFirst(pages)
		}
		if m.Story != nil {
			m.Page.Description = m.Story.Summary(b.say())
			continue
		}
		m.Page.Description = m.Impact.Summary(b.say())
		for _, g := range m.Goals {
			g.Page.Description = cmp.Or(b.say().List(g.Card.Measure.Says(b.say())...), b.say().Say("goal.about", "map", m.Title))
		}
		if len(m.Stories) > 0 {
			m.Page.Description = b.say().List(m.Page.Description, b.say().Count("map.without", len(m.WithoutStory())))
		}
	}
}
