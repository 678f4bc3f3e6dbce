package outline

import (
	"slices"

	"waymark/generator/diag"
)

// Options are what a site decides about its maps.
type Options struct {
	Phases []string // the names of the journey's phases, in the order of the road
	Reach  string   // the first of them in which a slice goes to real people; empty where none is known
}

// Public reports whether a phase is one in which real people use what is built.
func (o Options) Public(phase string) bool {
	at, from := slices.Index(o.Phases, phase), slices.Index(o.Phases, o.Reach)
	return at >= 0 && from >= 0 && at >= from
}

// HeaderWrong reports whether a list has an error of a line above the first card.
func (o *Outline) HeaderWrong(list diag.List) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Error && (len(o.Cards) == 0 || d.Pos.Line < o.Cards[0].Pos.Line)
	})
}

// Node is a card as exports and comparisons see it: the same for both kinds of maps.
type Node struct {
	Facts
	Level      string // goal, actor, ... story
	Attributes []Attribute
	Children   []*Node
}

// Attribute is something that a card says beyond its Facts. Value is never empty.
type Attribute struct{ Key, Value string }

// Attributes makes a list of keys and values in turn, without those that are empty.
func Attributes(pairs ...string) []Attribute {
	var list []Attribute
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			list = append(list, Attribute{pairs[i], pairs[i+1]})
		}
	}
	return list
}

// Attribute returns the value of a key, or "".
func (n *Node) Attribute(key string) string {
	for _, a := range n.Attributes {
		if a.Key == key {
			return a.Value
		}
	}
	return ""
}

// Walk visits the nodes, each before its children, with those above it.
func Walk(nodes []*Node, visit func(n *Node, above []*Node)) {
	Visit(nodes, func(n *Node) []*Node { return n.Children }, visit)
}

// Visit visits cards of any kind, each before its children, with those above it.
func Visit[C any](cards []*C, children func(*C) []*C, visit func(c *C, above []*C)) {
	var from func(cards, above []*C)
	from = func(cards, above []*C) {
		for _, c := range cards {
			visit(c, above)
			from(children(c), append(above[:len(above):len(above)], c))
		}
	}
	from(cards, nil)
}
