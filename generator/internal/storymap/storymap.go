// Package storymap reads story maps: the activities and steps of a user's journey from left to right, the stories under
// each step, and the slices that cut across them. It writes them as a table, slice by slice as lists, and draws them.
//
// Source: Jeff Patton, "User Story Mapping" (2014): backbone, walking skeleton, slices by outcome.
package storymap

import (
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
)

// Kind is what opens the block of a story map.
const Kind = "story-map"

// Level is the depth of a card.
type Level int

// The levels.
const (
	Activity Level = iota
	Step
	Story
)

// String returns the level's name: "activity", "step" or "story".
func (l Level) String() string { return Rules().Levels[l].Name }

// Map is one story map. Cards that had errors may be missing.
type Map struct {
	ID         string // empty where the block has none
	Title      string
	Embed      outline.Reference // a map, or a card or slice of one, that is shown here; the Map then has no cards
	ImpactMap  outline.Reference // the map whose deliverables its stories are for
	Personas   []*Persona
	Slices     []*Slice
	Activities []*Card
	Pos        diag.Position    // of the opening line
	Typed      *outline.Outline // as it was typed
}

// Persona is somebody whose journey it is.
type Persona struct{ Name, About string }

// Slice is a cut across the map, named by what it brings. No two slices of a map have one name.
type Slice struct {
	ID, Name, Outcome string
	Phase             string // of the journey
	Pos               diag.Position
}

// name returns what its stories call the slice; those of a nil one are not planned.
func (s *Slice) name() string {
	if s == nil {
		return ""
	}
	return s.Name
}

// Card is an activity, a step or a story.
type Card struct {
	outline.Facts
	Level    Level
	Personas []string
	Slice    string              // of a story: the slice's name; empty where it is not yet planned
	Refs     []outline.Reference // the deliverables it is for: its own, or else its step's, or else its activity's
	Own      bool                // whether Refs are its own
	Size     string
	Owner    string
	Children []*Card
}

// Rules returns the grammar of the block.
func Rules() outline.Rules {
	always := []string{"note", "link"}
	return outline.Rules{
		Name: "a story map",
		Levels: []outline.Level{
			{Name: "activity", With: "an activity"}, {Name: "step", With: "a step"}, {Name: "story", With: "a story"},
		},
		Header:  []string{"title", "impact-map", "persona", "slice", "embed"},
		Once:    []string{"title", "impact-map", "embed"},
		Noted:   []string{"slice"},
		Details: [][]string{always, always, append([]string{"size", "owner"}, always...)},
	}
}

// Parse reads the lines of a block. opening is where the block begins. Where the list holds an error, the Map has what
// could be read.
func Parse(id string, opening diag.Position, lines []outline.Line, options outline.Options) (*Map, diag.List) {
	rules := Rules()
	typed, list := outline.Parse(lines, rules)
	m := &Map{ID: id, Pos: opening, Typed: typed}
	taken, names := map[string]int{}, map[string]bool{}
	for _, f := range typed.Header {
		name, _ := cutName(f.Text)
		key := f.Key + " " + outline.Fold(name)
		if names[key] {
			list.Add(outline.Problem(diag.Error, f.TextPos, "keep one of them", "the %s %q is already there", f.Key, name))
			continue
		}
		names[key] = true
		list.Add(m.header(f, taken, options)...)
	}
	var terms []outline.Term
	for _, s := range m.Slices {
		terms = append(terms, outline.Term{Kind: "slice", Name: s.Name, Levels: []int{2}})
	}
	for _, p := range m.Personas {
		terms = append(terms, outline.Term{Kind: "persona", Name: p.Name})
	}
	terms = append(terms, outline.FixedTerms(options.Phases, []int{2})...)
	ids, problems := outline.Identify(typed.Cards, taken)
	list.Add(problems...)
	r := reader{ids: ids, words: outline.NewVocabulary(rules, terms), phases: map[string]string{}}
	for _, s := range m.Slices {
		r.phases[s.Name] = s.Phase
	}
	r.words.Quiet = typed.HeaderWrong(list)
	m.Activities = r.cards(typed.Cards, &Card{})
	list.Add(r.list...)
	if !list.HasErrors() {
		list.Add(m.check(options)...)
	}
	return m, list
}

// header reads one line of the header.
func (m *Map) header(f outline.Field, taken map[string]int, options outline.Options) diag.List {
	switch f.Key {
	case "title":
		m.Title = outline.Unquote(f.Text)
	case "embed":
		m.Embed = outline.ParseReference(f.Text, f.TextPos)
		if m.Embed.Map == "" {
			m.Embed.Map, m.Embed.Card = m.Embed.Card, ""
		}
	case "impact-map":
		m.ImpactMap = outline.Reference{Map: f.Text, Pos: f.TextPos}
	case "persona":
		name, about := cutName(f.Text)
		m.Personas = append(m.Personas, &Persona{name, about})
		return checkName(f, "persona", name)
	case "slice":
		return m.slice(f, taken, options)
	}
	return nil
}

func (m *Map) slice(f outline.Field, taken map[string]int, options outline.Options) diag.List {
	s := &Slice{Pos: f.TextPos}
	s.Name, s.Outcome = cutName(f.Text)
	list := checkName(f, "slice", s.Name)
	words := outline.NewVocabulary(outline.Rules{Levels: []outline.Level{{Name: "slice", With: "a slice"}}, Details: [][]string{nil}}, phaseTerms(options))
	card := &outline.Card{Text: s.Name, Notes: f.Notes, Pos: f.TextPos}
	ids, problems := outline.Identify([]*outline.Card{card}, taken)
	list.Add(problems...)
	facts, _, problems := words.Read(card, ids[card])
	list.Add(problems...)
	s.ID, s.Phase = facts.ID, facts.Phase
	m.Slices = append(m.Slices, s)
	return list
}

func phaseTerms(options outline.Options) []outline.Term {
	var terms []outline.Term
	for _, p := range options.Phases {
		terms = append(terms, outline.Term{Kind: "phase", Name: p})
	}
	return terms
}

// cutName splits "Leeds 200 - 200 families pay with a card".
func cutName(text string) (name, rest string) {
	for _, sep := range []string{" - ", " – ", " — "} {
		if n, r, found := strings.Cut(text, sep); found && (name == "" || len(n) < len(name)) {
			name, rest = strings.TrimSpace(n), strings.TrimSpace(r)
		}
	}
	if name == "" {
		return text, ""
	}
	return name, rest
}

// checkName refuses names that no note could hold.
func checkName(f outline.Field, what, name string) diag.List {
	switch {
	case name == "":
		return diag.List{outline.Problem(diag.Error, f.Pos, "write "+what+": Name - what it is about", "this %s has no name", what)}
	case strings.ContainsAny(name, ",[]:|") || strings.HasPrefix(name, "#") || strings.HasPrefix(name, "->"):
		return diag.List{outline.Problem(diag.Error, f.TextPos, `write a short name, then " - ", then the rest`, "the name of a %s has no comma, colon, bracket or bar, because notes name it", what)}
	}
	return nil
}

type reader struct {
	ids    map[*outline.Card]string
	words  *outline.Vocabulary
	phases map[string]string // of the slices, by name
	list   diag.List
}

// cards reads the cards of one branch. They inherit references from the card above, and that it is done or dropped.
func (r *reader) cards(typed []*outline.Card, above *Card) []*Card {
	var out []*Card
	for _, t := range typed {
		facts, m, problems := r.words.Read(t, r.ids[t], "persona")
		r.list.Add(problems...)
		if above.Status == outline.Dropped || above.Status == outline.Done && facts.Status == outline.ToDo && t.Box == outline.NoBox && m.Word("status") == "" {
			facts.Status = above.Status
		}
		c := &Card{
			Facts: facts, Level: Level(t.Level), Personas: m.Names("persona"), Slice: m.Word("slice"),
			Refs: m.Refs, Own: len(m.Refs) > 0, Size: m.Details["size"], Owner: m.Details["owner"],
		}
		if !c.Own {
			c.Refs = above.Refs
		}
		if phase := r.phases[c.Slice]; phase != "" {
			if c.Phase != "" && c.Phase != phase {
				r.list.Add(outline.Problem(diag.Warning, c.Pos, "leave the phase to the slice", "this story says %q, and its slice %q", c.Phase, phase))
			}
			c.Phase = phase
		}
		c.Children = r.cards(t.Children, c)
		out = append(out, c)
	}
	return out
}

// maxSlices bounds a map's height. A map that people can plan with has a tenth of it.
const maxSlices = 100

func (m *Map) check(options outline.Options) diag.List {
	var list diag.List
	words := outline.NewVocabulary(outline.Rules{}, phaseTerms(options))
	for _, s := range m.Slices {
		if at := strings.LastIndexByte(s.Outcome, '('); at >= 0 && s.Phase == "" && words.Knows(strings.Trim(s.Outcome[at:], "()[] ")) {
			list.Add(outline.Problem(diag.Warning, s.Pos, "write it in square brackets at the end: [alpha]", "the phase of the slice %q is taken for text", s.Name))
		}
	}
	warn := func(pos diag.Position, hint, format string, args ...any) {
		list.Add(outline.Problem(diag.Warning, pos, hint, format, args...))
	}
	switch {
	case len(m.Slices) > maxSlices:
		return diag.List{outline.Problem(diag.Error, m.Pos, "cut fewer, or draw several maps", "this map has %d slices, and at most %d are drawn", len(m.Slices), maxSlices)}
	case m.Embed.Map != "" && (len(m.Activities) > 0 || len(m.Typed.Header) > 1 || m.ID != ""):
		return diag.List{outline.Problem(diag.Error, m.Embed.Pos, "take them out, or the embed", "a block that embeds a map has no name, cards or other lines of its own")}
	case m.Embed.Map != "":
		return nil
	case len(m.Activities) == 0:
		return diag.List{outline.Problem(diag.Error, m.Pos, "write what people do: - Find out about it", "this map has no cards")}
	}
	m.Walk(func(c *Card, _ []*Card) {
		switch {
		case c.Status == outline.Dropped:
		case c.Level == Story && c.Slice == "" && len(m.Slices) > 0:
			warn(c.Pos, "name one in brackets behind it", "this story stands in no slice")
		case c.Level == Activity && len(c.Children) == 0:
			warn(c.Pos, "add one, or drop the branch", "this activity has no step")
		case c.Level == Step && len(c.Children) == 0:
			warn(c.Pos, "add one, or drop the branch", "this step has no story")
		}
	})
	list.Add(m.checkReach(options)...)
	return list
}

// checkReach warns of a slice that goes to real people and does not reach, with those before it, from the first
// activity to the last.
func (m *Map) checkReach(options outline.Options) diag.List {
	number := map[string]int{}
	for i, s := range m.Slices {
		number[s.Name] = i
	}
	// A slice reaches an activity from the first slice on that has a story of it: what counts is the latest of these.
	latest, missing := -1, ""
	for _, a := range m.Activities {
		first := len(m.Slices)
		for _, story := range stories(a) {
			if story.Slice != "" && story.Status != outline.Dropped {
				first = min(first, number[story.Slice])
			}
		}
		if a.Status != outline.Dropped && first > latest {
			latest, missing = first, a.Plain()
		}
	}
	var list diag.List
	for i, s := range m.Slices {
		if i < latest && options.Public(s.Phase) {
			list.Add(outline.Problem(diag.Warning, s.Pos, "put a story of it into this slice, or into one before it",
				"the slice %q, with those before it, does not reach from the first activity to the last: nothing of %q", s.Name, missing))
		}
	}
	return list
}

// Walk visits every card, each before its children, with those above it.
func (m *Map) Walk(visit func(c *Card, above []*Card)) {
	outline.Visit(m.Activities, func(c *Card) []*Card { return c.Children }, visit)
}

// stories returns the stories of an activity.
func stories(a *Card) []*Card {
	var out []*Card
	for _, step := range a.Children {
		out = append(out, step.Children...)
	}
	return out
}

// Stories returns all stories, in order.
func (m *Map) Stories() []*Card {
	var out []*Card
	for _, a := range m.Activities {
		out = append(out, stories(a)...)
	}
	return out
}

// Find returns the card with an id, or nil.
func (m *Map) Find(id string) *Card {
	var found *Card
	m.Walk(func(c *Card, _ []*Card) {
		if c.ID == id {
			found = c
		}
	})
	return found
}

// FindSlice returns the slice with an id, or nil.
func (m *Map) FindSlice(id string) *Slice {
	for _, s := range m.Slices {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Planned returns the slices that hold stories of the map, in order, and last a nil one where stories are not planned.
func (m *Map) Planned() []*Slice {
	used := map[string]bool{}
	for _, story := range m.Stories() {
		used[story.Slice] = true
	}
	var out []*Slice
	for _, s := range m.Slices {
		if used[s.Name] || m.Typed != nil { // a part of a map has only the slices that it needs
			out = append(out, s)
		}
	}
	if used[""] {
		out = append(out, nil)
	}
	return out
}

// Progress counts stories by how far they have come.
type Progress struct {
	Stories int `json:"stories"` // all but the dropped
	Done    int `json:"done"`
	Doing   int `json:"doing"`
	ToDo    int `json:"toDo"` // ideas included
	Dropped int `json:"dropped"`
}

// Progress counts the stories of a slice; nil counts those that are not planned.
func (m *Map) Progress(s *Slice) Progress {
	var p Progress
	for _, story := range m.Stories() {
		if story.Slice != s.name() {
			continue
		}
		switch story.Status {
		case outline.Dropped:
			p.Dropped++
			continue
		case outline.Done:
			p.Done++
		case outline.Doing:
			p.Doing++
		default:
			p.ToDo++
		}
		p.Stories++
	}
	return p
}

// Below returns the Map of one card: what stands below it, and the backbone above it. Its title is the card's text.
func (m *Map) Below(id string) *Map {
	title := m.Title
	if c := m.Find(id); c != nil {
		title = c.Text
	}
	return m.only(title, func(c *Card, above []*Card) bool {
		if c.ID == id {
			return true
		}
		for _, a := range above {
			if a.ID == id {
				return true
			}
		}
		return false
	})
}

// Of returns the Map of one slice. Its title is the slice's name and outcome.
func (m *Map) Of(s *Slice) *Map {
	title := outline.Escape(s.Name)
	if s.Outcome != "" {
		title += ": " + s.Outcome
	}
	return m.only(title, func(c *Card, _ []*Card) bool { return c.Level == Story && c.Slice == s.Name })
}

// only returns a Map of the cards that are kept and those above them.
func (m *Map) only(title string, keep func(c *Card, above []*Card) bool) *Map {
	out := *m
	out.Title, out.Typed = title, nil
	var filter func(cards, above []*Card) []*Card
	filter = func(cards, above []*Card) []*Card {
		var kept []*Card
		for _, c := range cards {
			part := *c
			part.Children = filter(c.Children, append(above[:len(above):len(above)], c))
			if len(part.Children) > 0 || keep(c, above) {
				kept = append(kept, &part)
			}
		}
		return kept
	}
	out.Activities = filter(m.Activities, nil)
	return &out
}

// Nodes returns the cards as exports see them.
func (m *Map) Nodes() []*outline.Node { return nodes(m.Activities, m.ImpactMap.Map) }

func nodes(cards []*Card, base string) []*outline.Node {
	var out []*outline.Node
	for _, c := range cards {
		var refs []string
		if c.Own {
			for _, r := range c.Refs {
				if r.Map == "" {
					r.Map = base
				}
				refs = append(refs, r.String())
			}
		}
		out = append(out, &outline.Node{
			Facts: c.Facts, Level: c.Level.String(), Children: nodes(c.Children, base),
			Attributes: outline.Attributes("slice", c.Slice, "persona", strings.Join(c.Personas, ", "), "for", strings.Join(refs, ", "), "size", c.Size, "owner", c.Owner),
		})
	}
	return out
}
