package exchange

import (
	"slices"
	"strings"

	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
)

// flatten gives each card its level; what lies deeper than the map has levels moves up beside its parent.
func flatten(cards []*outline.Card, level, levels int) {
	for _, c := range cards {
		c.Level = level
		if level+1 == levels {
			continue
		}
		if level+2 == levels {
			var all []*outline.Card
			for _, child := range c.Children {
				all = append(all, branch(child)...)
			}
			c.Children = all
		}
		flatten(c.Children, level+1, levels)
	}
}

// branch returns a card and all below it, side by side.
func branch(c *outline.Card) []*outline.Card {
	all := []*outline.Card{c}
	for _, child := range c.Children {
		all = append(all, branch(child)...)
	}
	c.Children = nil
	return all
}

// words are those that notes may hold, each with the kinds that it can be of.
type words map[string][]string

func (w words) add(kind, word string) { w[outline.Fold(word)] = append(w[outline.Fold(word)], kind) }

// levels says on which levels each kind of word may stand.
var levels = map[string]map[string][]int{
	storyKind:  {"slice": {2}, "persona": {0, 1, 2}, "phase": {2}, "status": {0, 1, 2}},
	impactKind: {"role": {1}, "effect": {1, 2}, "phase": {2, 3, 4}, "status": {0, 1, 2, 3, 4}},
}

// tidy makes notes of all that the map has no place for.
func tidy(m Imported, rules outline.Rules, phases []string) {
	known := words{}
	for kind, list := range map[string][]string{
		"role": {"primary", "secondary", "off-stage"}, "effect": {"helps", "hinders"}, "status": {"idea", "to do", "doing", "done", "dropped"}, "phase": phases,
	} {
		for _, w := range list {
			known.add(kind, w)
		}
	}
	m.Outline.Header = slices.DeleteFunc(m.Outline.Header, func(f outline.Field) bool { return !slices.Contains(rules.Header, f.Key) })
	slices.SortStableFunc(m.Outline.Header, func(a, b outline.Field) int {
		return slices.Index(rules.Header, a.Key) - slices.Index(rules.Header, b.Key)
	})
	once := map[string]bool{}
	m.Outline.Header = slices.DeleteFunc(m.Outline.Header, func(f outline.Field) bool {
		twice := once[f.Key] && slices.Contains(rules.Once, f.Key)
		once[f.Key] = true
		return twice
	})
	ids := map[string]bool{}
	for _, f := range m.Outline.Header {
		name, _, _ := strings.Cut(f.Text, " - ")
		if f.Key == "slice" {
			ids[slug.Make(name)] = true
		}
		if f.Key == "slice" || f.Key == "persona" {
			known.add(f.Key, name)
		}
	}
	var walk func(cards []*outline.Card)
	walk = func(cards []*outline.Card) {
		for _, c := range cards {
			tidyCard(c, m.Kind, rules.Details[c.Level], known, ids)
			walk(c.Children)
		}
	}
	walk(m.Outline.Cards)
}

func tidyCard(c *outline.Card, kind string, details []string, known words, ids map[string]bool) {
	typed, notes := c.Details, c.Notes
	c.Details, c.Notes = nil, nil
	remark := func(key, text string) { // the text is escaped
		if key != "note" {
			text = key + ": " + text
		}
		for i := range c.Details {
			if d := &c.Details[i]; d.Key == "note" {
				d.Text += "; " + text
				return
			}
		}
		c.Details = append(c.Details, outline.Field{Key: "note", Text: text})
	}
	seen := map[string]bool{}
	for _, n := range notes {
		switch {
		case n.Kind == outline.ID:
			if !ids[n.Value] {
				ids[n.Value] = true
				c.Notes = append(c.Notes, n)
			}
		case n.Kind == outline.Ref:
			if kind == storyKind && strings.Contains(n.Value, "/") {
				c.Notes = append(c.Notes, n)
			} else {
				remark("for", newCard(n.Value).Text)
			}
		case slices.Contains(levels[kind][n.Key], c.Level) && slices.Contains(known[outline.Fold(n.Value)], n.Key) && (!seen[n.Key] || n.Key == "persona"):
			if len(known[outline.Fold(n.Value)]) > 1 {
				n.Kind = outline.Pair // which of the two it is must be said
			}
			c.Notes = append(c.Notes, n)
		default:
			remark(n.Key, newCard(n.Value).Text)
		}
		seen[n.Key] = true
	}
	for _, d := range typed {
		if slices.Contains(details, d.Key) && d.Key != "note" {
			c.Details = append(c.Details, d)
		} else {
			remark(d.Key, d.Text)
		}
	}
}
