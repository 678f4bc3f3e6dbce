package exchange

import (
	"encoding/csv"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waymark/generator/internal/outline"
)

// headings that trackers give the columns that matter, in small letters.
var headings = map[string][]string{
	"id": {"id", "issue key", "key", "issue id", "number", "work item id"}, "parent": {"parent", "parent id", "parent key", "parent link", "epic link", "parent issue"},
	"type": {"type", "issue type", "work item type"}, "text": {"summary", "title", "name", "card name", "story", "user story"},
	"activity": {"activity", "epic", "epic name", "feature", "theme"}, "step": {"step", "task", "backbone", "component", "component/s", "list name"},
	"slice": {"slice", "release", "fix version", "fix version/s", "fix versions", "milestone", "iteration", "sprint"}, "status": {"status", "state"},
	"persona": {"persona", "user", "role"}, "size": {"size", "story points", "estimate", "points"}, "owner": {"owner", "assignee", "assigned to"},
	"note": {"note", "description", "notes"}, "link": {"link", "url"}, "phase": {"phase"}, "for": {"for"},
	"effect": {"effect"}, "metric": {"metric"}, "baseline": {"baseline"}, "target": {"target"}, "now": {"now"}, "readings": {"readings"}, "assumption": {"assumption"}, "test": {"test"},
}

// fromCSV reads a tracker's export: rows that name their parents, or rows of stories with an activity and a step each.
func fromCSV(text string) (Imported, error) {
	first, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for _, comma := range []rune{';', '\t'} {
		if strings.Count(first, string(comma)) > strings.Count(first, ",") {
			r.Comma = comma
		}
	}
	rows, err := r.ReadAll()
	if err != nil {
		return Imported{}, fmt.Errorf("this is not CSV: %w", err)
	}
	if len(rows) == 0 {
		return Imported{}, errors.New("the file is empty")
	}
	at := map[string][]int{} // a card has several ids, and names its parent in several ways
	for key, names := range headings {
		for i, cell := range rows[0] {
			if slices.Contains(names, columnName(cell)) {
				at[key] = append(at[key], i)
			}
		}
	}
	if _, known := at["text"]; !known {
		return Imported{}, fmt.Errorf("no column holds the cards' texts (name one Summary or Title; there are %s)", strings.Join(rows[0], ", "))
	}
	b := newBuilder()
	t := &table{builder: b, at: at, byID: map[string]*outline.Card{}, names: map[*[]*outline.Card]map[string]*outline.Card{}}
	for _, row := range rows[1:] {
		t.row(row)
	}
	t.place()
	return Imported{Kind: t.kind, Outline: b.out, Missing: t.missing}, nil
}

var customField = regexp.MustCompile(`^custom field \((.*)\)$`)

// columnName returns the name of a column, without what a tracker says of its own kinds.
func columnName(cell string) string {
	name := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(cell, "\uFEFF")))
	if g := customField.FindStringSubmatch(name); g != nil {
		return strings.TrimSpace(g[1])
	}
	return name
}

// table is a CSV file that is being read.
type table struct {
	*builder
	at      map[string][]int
	missing []string // parents that no row is
	byID    map[string]*outline.Card
	cards   []tableCard
	kind    string
	names   map[*[]*outline.Card]map[string]*outline.Card // the cards that were made for columns, by where they stand
}

type tableCard struct {
	card           *outline.Card
	parents        []string
	activity, step string
	leaf           bool // whether it is a story, wherever it stands
}

func (t *table) row(row []string) {
	all := func(key string) (values []string) {
		for _, i := range t.at[key] {
			if i < len(row) && strings.TrimSpace(row[i]) != "" {
				values = append(values, unguarded(strings.TrimSpace(row[i])))
			}
		}
		return values
	}
	get := func(key string) string { return strings.Join(all(key)[:min(len(all(key)), 1)], "") }
	if strings.TrimSpace(get("text")) == "" {
		return
	}
	c := newCard(get("text"))
	leaf := false
	switch strings.ToLower(get("type")) {
	case "goal", "actor", "impact", "deliverable":
		t.kind = impactKind
	case "activity", "step":
		t.kind = storyKind
	case "story", "user story", "bug", "issue", "improvement", "new feature":
		t.kind, leaf = storyKind, true
	}
	setStatus(c, get("status"))
	t.fields(c, func(key string) string {
		if key == "role" {
			if t.kind == impactKind {
				return get("persona")
			}
			return ""
		}
		if key == "persona" && t.kind == impactKind {
			return ""
		}
		return get(key)
	})
	for _, id := range all("id") {
		t.byID[id] = c
	}
	t.cards = append(t.cards, tableCard{c, all("parent"), get("activity"), get("step"), leaf})
}

// place puts each card below its parent, or else below its activity and step. A card that would stand below itself
// stands at the top.
func (t *table) place() {
	parent := map[*outline.Card]*outline.Card{}
	for _, c := range t.cards {
		p := t.parentOf(c)
		steps := 0
		for above := p; above != nil; above = parent[above] {
			if steps++; above == c.card || steps > maxDepth {
				p = nil
				break
			}
		}
		if p == nil && (c.activity != "" || c.step != "" || c.leaf) {
			p = t.named(&t.out.Cards, c.activity)
			p = t.named(&p.Children, c.step)
		} else if p != nil && c.leaf && parent[p] == nil {
			p = t.named(&p.Children, c.step) // trackers know no steps
		}
		parent[c.card] = p
		if p == nil {
			t.out.Cards = append(t.out.Cards, c.card)
		} else {
			p.Children = append(p.Children, c.card)
		}
	}
}

// parentOf returns the card that another one names as its parent, by any of its ids, and remembers one that is not there.
func (t *table) parentOf(c tableCard) *outline.Card {
	for _, id := range c.parents {
		if p := t.byID[id]; p != nil {
			return p
		}
	}
	if len(c.parents) > 0 && !slices.Contains(t.missing, c.parents[0]) {
		t.missing = append(t.missing, c.parents[0])
	}
	return nil
}

// named returns the card with a text, and adds one where there is none.
func (t *table) named(cards *[]*outline.Card, text string) *outline.Card {
	c := newCard(text)
	if known := t.names[cards][c.Text]; known != nil {
		return known
	}
	if t.names[cards] == nil {
		t.names[cards] = map[string]*outline.Card{}
		for _, other := range *cards {
			t.names[cards][other.Text] = other
		}
	}
	if known := t.names[cards][c.Text]; known != nil {
		return known
	}
	t.names[cards][c.Text] = c
	*cards = append(*cards, c)
	return c
}
