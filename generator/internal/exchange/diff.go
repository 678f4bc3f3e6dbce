package exchange

import (
	"slices"
	"sort"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
)

// Change is what became of one card between two versions of a map.
type Change struct {
	What   string  `json:"what"` // added, removed, moved or changed
	ID     string  `json:"id"`
	Level  string  `json:"level"`
	Text   string  `json:"text"`
	From   string  `json:"from,omitempty"` // of what moved: the card it stood below
	To     string  `json:"to,omitempty"`   // of what moved or was added: the card it stands below
	Fields []Field `json:"fields,omitempty"`
}

// Field is one thing that a changed card says differently.
type Field struct {
	Name   string `json:"name"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Day is what became of a map on a day. Its Date is zero for what no history has yet.
type Day struct {
	Date    dates.Date
	First   bool // whether the map was drawn on it
	Cards   int  // how many it had then
	Changes []Change
}

// placed is a card with its place.
type placed struct {
	node   *outline.Node
	parent string // its id
	above  string // its text
}

func places(nodes []*outline.Node) (byID map[string]placed, order []string, siblings map[string][]string) {
	byID, siblings = map[string]placed{}, map[string][]string{}
	outline.Walk(nodes, func(n *outline.Node, above []*outline.Node) {
		p := placed{node: n}
		if len(above) > 0 {
			p.parent, p.above = above[len(above)-1].ID, above[len(above)-1].Plain()
		}
		byID[n.ID] = p
		order = append(order, n.ID)
		siblings[p.parent] = append(siblings[p.parent], n.ID)
	})
	return byID, order, siblings
}

// Diff compares two versions of a map: its title, its personas and slices, and its cards, all by their ids. Of each the
// removed come first, in the old order, then what was added, moved and changed, in the new one. What stands below
// another card than before, or changed places with its neighbours, has moved.
func Diff(before, after Map) []Change {
	changes := []Change{}
	if before.ID == "" {
		changes = append(changes, Change{What: "added", ID: after.ID, Level: "map", Text: after.Title})
	}
	if before.ID != "" && before.Title != after.Title {
		changes = append(changes, Change{What: "changed", ID: after.ID, Level: "map", Text: after.Title, Fields: []Field{{"title", before.Title, after.Title}}})
	}
	changes = append(changes, diff(people(before), people(after))...)
	changes = append(changes, diff(cuts(before), cuts(after))...)
	return append(changes, diff(before.Cards, after.Cards)...)
}

// people and cuts return personas and slices as if they were cards.
func people(m Map) []*outline.Node {
	var out []*outline.Node
	for _, p := range m.Personas {
		out = append(out, &outline.Node{Level: "persona", Facts: outline.Facts{ID: slug.Make(p.Name), Text: outline.Escape(p.Name), Note: p.About}})
	}
	return out
}

func cuts(m Map) []*outline.Node {
	var out []*outline.Node
	for _, s := range m.Slices {
		out = append(out, &outline.Node{Level: "slice", Facts: outline.Facts{ID: s.ID, Text: outline.Escape(s.Name), Phase: s.Phase, Note: s.Outcome}})
	}
	return out
}

func diff(before, after []*outline.Node) []Change {
	old, oldOrder, oldSiblings := places(before)
	now, order, siblings := places(after)
	changes := []Change{}
	for _, id := range oldOrder {
		if _, kept := now[id]; !kept {
			n := old[id].node
			changes = append(changes, Change{What: "removed", ID: id, Level: n.Level, Text: n.Plain(), From: old[id].above})
		}
	}
	stayed := map[string]bool{}
	for parent, ids := range siblings {
		for _, id := range inOrder(ids, oldSiblings[parent]) {
			stayed[id] = true
		}
	}
	for _, id := range order {
		p := now[id]
		was, known := old[id]
		c := Change{ID: id, Level: p.node.Level, Text: p.node.Plain(), To: p.above}
		if !known {
			c.What = "added"
			changes = append(changes, c)
			continue
		}
		if !stayed[id] {
			c.What, c.From = "moved", was.above
			changes = append(changes, c)
		}
		if fields := differences(was.node, p.node); len(fields) > 0 {
			changes = append(changes, Change{What: "changed", ID: id, Level: p.node.Level, Text: p.node.Plain(), Fields: fields})
		}
	}
	return changes
}

// inOrder returns the longest part of a list whose members stand in the same order in another one.
func inOrder(list, other []string) []string {
	at := map[string]int{}
	for i, id := range other {
		at[id] = i
	}
	var common []string
	for _, id := range list {
		if _, known := at[id]; known {
			common = append(common, id)
		}
	}
	// The longest increasing subsequence: ends[n] is the member with which the best one of n+1 members ends.
	var ends []int
	before := make([]int, len(common))
	for i, id := range common {
		n := sort.Search(len(ends), func(n int) bool { return at[common[ends[n]]] >= at[id] })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		ends = append(ends[:n], append([]int{i}, ends[min(n+1, len(ends)):]...)...)
	}
	var out []string
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			out = append(out, common[i])
		}
	}
	slices.Reverse(out)
	return out
}

func differences(a, b *outline.Node) []Field {
	var out []Field
	add := func(name, before, after string) {
		if before != after {
			out = append(out, Field{name, before, after})
		}
	}
	add("level", a.Level, b.Level)
	add("text", a.Text, b.Text)
	add("status", string(a.Status), string(b.Status))
	if a.Attribute("slice") == "" || b.Attribute("slice") == "" {
		add("phase", a.Phase, b.Phase) // other stories have that of their slice
	}
	for _, key := range columns {
		add(key, a.Attribute(key), b.Attribute(key))
	}
	if a.Attribute("now") == b.Attribute("now") {
		add("readings", a.Attribute("readings"), b.Attribute("readings"))
	}
	add("note", a.Note, b.Note)
	add("link", a.Link, b.Link)
	return out
}
