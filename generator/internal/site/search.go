package site

import (
	"cmp"
	"slices"
	"strings"

	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/search"
	"waymark/generator/internal/storymap"
)

// Findable is what readers can search for: a page, or a term or a card that stands on one.
type Findable struct {
	Page  *Page
	Term  *Term
	Card  *CardPlace
	Kind  string // post, course, lesson, series, page, term, map or card: what a result says it is, and can be chosen by
	Words int    // how many there are to be read, about
}

// CardPlace is a card of a map with those above it.
type CardPlace struct {
	Map   *Map
	ID    string
	Text  string // plain
	Notes []string
	Above []string // the cards above it, plain, from the top
}

// foundAs says as what the pages of a kind are found. Lists of others are not.
var foundAs = map[Kind]string{
	Post: "post", Course: "course", Session: "lesson", Note: "lesson", SeriesPage: "series", Plain: "page", Home: "page", MapPage: "map", PhasePage: "page",
	AuthorPage: "page", RoadmapPage: "page",
}

// findable reports whether readers can search for a page.
func (p *Page) findable() bool {
	hidden := p.Doc != nil && p.Doc.Front.HideSearch || p.Map != nil && p.Map.Home.Doc.Front.HideSearch
	return foundAs[p.Kind] != "" && p.Number == 0 && !hidden && (p.Kind != Home || p.Doc != nil)
}

// explains reports whether readers can search for the terms of the glossary.
func (s *Site) explains() bool { return s.Glossary != nil && !s.Glossary.Doc.Front.HideSearch }

// Findables lists what readers can search for, in the order in which it is shown where nothing else decides: terms, pages with the
// newest first, and cards.
func (s *Site) Findables() []Findable {
	out := s.findables()
	from := slices.IndexFunc(out, func(f Findable) bool { return f.Term == nil })
	to := slices.IndexFunc(out, func(f Findable) bool { return f.Card != nil })
	if from < 0 {
		return out
	}
	if to < 0 {
		to = len(out)
	}
	slices.SortStableFunc(out[from:to], func(x, y Findable) int {
		return cmp.Or(y.Page.Date.Time.Compare(x.Page.Date.Time), cmp.Compare(x.Page.URL, y.Page.URL))
	})
	return out
}

// findables lists the same, with the pages in no order: every change in a preview counts them.
func (s *Site) findables() []Findable {
	var out []Findable
	if s.explains() {
		for _, t := range s.Terms {
			out = append(out, Findable{Page: s.Glossary, Term: t, Kind: "term", Words: termWords})
		}
	}
	for _, p := range s.Pages {
		if p.findable() {
			f := Findable{Page: p, Kind: foundAs[p.Kind]}
			if p.Doc != nil {
				f.Words = p.Doc.Words
			}
			out = append(out, f)
		}
	}
	for _, m := range s.Maps {
		if m.Page.findable() {
			for _, c := range m.cards() {
				out = append(out, Findable{Page: m.Page, Card: &c, Kind: "card", Words: cardWords})
			}
		}
	}
	return out
}

// Title returns what it is called.
func (f Findable) Title() string {
	switch {
	case f.Term != nil:
		return f.Term.Name
	case f.Card != nil:
		return f.Card.Text
	}
	return f.Page.Title
}

// Alphabet lists the pages and terms that readers can search for in the order of their titles; nothing where there are more than most.
func (s *Site) Alphabet(most int) []Findable {
	found := slices.DeleteFunc(s.Findables(), func(f Findable) bool { return f.Card != nil })
	if len(found) > most {
		return nil
	}
	sortByName(s.Config.Language, found, Findable.Title)
	return found
}

// About as many words a term and a card have.
const termWords, cardWords = 40, 8

// cards lists all cards of a map.
func (m *Map) cards() []CardPlace {
	var out []CardPlace
	if m.Impact != nil {
		m.Impact.Walk(func(c *impactmap.Card, above []*impactmap.Card) {
			place := CardPlace{Map: m, ID: c.ID, Text: c.Plain(), Notes: []string{c.Note, c.Measure.Metric, c.Assumption, c.Test}}
			for _, a := range above {
				place.Above = append(place.Above, a.Plain())
			}
			out = append(out, place)
		})
		return out
	}
	m.Story.Walk(func(c *storymap.Card, above []*storymap.Card) {
		place := CardPlace{Map: m, ID: c.ID, Text: c.Plain(), Notes: []string{c.Note}}
		for _, a := range above {
			place.Above = append(place.Above, a.Plain())
		}
		out = append(out, place)
	})
	return out
}

// Plan says how much there is to be found.
func (s *Site) Plan() search.Plan { return s.plan }

// searching adds the page on which readers search, where there is more than one thing to find, and works out how much there is.
func (b *builder) searching() {
	found := b.findables()
	page := b.ownIndex(SearchPage, "search", len(found) > 1)
	if page == nil {
		return
	}
	page.Description = cmp.Or(page.Description, b.say().Say("page.search.about"))
	for _, f := range found {
		if f.Page == page { // an author's text until now
			continue
		}
		b.plan.Entries++
		b.plan.Words += f.Words
		b.plan.Facets += 1 + f.facets()
	}
}

// facets is how many tags, phases and courses it has.
func (f Findable) facets() int {
	if f.Term != nil || f.Card != nil {
		return 0
	}
	n := len(f.Page.Tags)
	if f.Page.Phase != nil {
		n++
	}
	if f.Page.CourseOf() != nil {
		n++
	}
	return n
}

// IndexFile returns the path of a file of the index, relative to the output folder. In a portable site it is a script, which browsers
// read from a disk.
func (s *Site) IndexFile(name string) string {
	return strings.TrimPrefix(s.Only(SearchPage).URL, "/") + name + s.indexEnding()
}

// indexEnding is the ending of the names of such files.
func (s *Site) indexEnding() string {
	if s.Portable {
		return ".js"
	}
	return ".idx"
}

// indexes lists the files of the index.
func (b *builder) indexes() {
	if b.Only(SearchPage) == nil {
		return
	}
	for _, name := range b.plan.Files() {
		b.write(Output{Path: b.IndexFile(name), Kind: IndexFile, Format: name})
	}
}
