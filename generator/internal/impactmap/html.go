package impactmap

import (
	"html"
	"html/template"
	"strconv"
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// Counts says how much there is of each level: "4 actors, 6 impacts, 7 deliverables".
func (m *Map) Counts(say *words.Words) string {
	count := map[Level]int{}
	m.Walk(func(c *Card, _ []*Card) { count[c.Level]++ })
	var parts []string
	for _, level := range []Level{Actor, Impact, Deliverable} {
		if level > m.top() || count[level] > 0 {
			parts = append(parts, say.Count("map."+level.String()+"s", count[level]))
		}
	}
	return say.List(parts...)
}

// Summary is the map in a sentence, for search results and for those who do not see it.
func (m *Map) Summary(say *words.Words) string {
	if len(m.Goals) == 0 {
		return m.Counts(say)
	}
	return say.Say("map.goal", "goal", outline.Typographic(m.Goals[0].Plain()), "counts", m.Counts(say))
}

// HTML returns the map as a nested list, each card of which says its level.
func (m *Map) HTML(around board.Surroundings) string {
	var b strings.Builder
	list(&b, m.Goals, around)
	return b.String()
}

// Tree returns the map as HTML does, with the names of its columns. Where there is room, a style sheet draws the list as a tree: so the
// map is in the page once, and whatever is folded or filtered away takes no room.
func (m *Map) Tree(around board.Surroundings) string {
	depth := m.top()
	m.Walk(func(c *Card, _ []*Card) { depth = max(depth, c.Level) })
	var b strings.Builder
	b.WriteString(`<div class="tree levels-` + strconv.Itoa(int(depth-m.top())+1) + `"><p class="columns" aria-hidden="true">`)
	for level := m.top(); level <= depth; level++ {
		b.WriteString("<span>" + html.EscapeString(around.Say.Say("map.column."+level.String())) + "</span>")
	}
	b.WriteString("</p>" + m.HTML(around) + "</div>")
	return b.String()
}

func list(b *strings.Builder, cards []*Card, around board.Surroundings) {
	if len(cards) == 0 {
		return
	}
	b.WriteString(`<ul class="branch" role="list">`)
	for _, c := range cards {
		class := c.Level.String()
		if c.Effect != "" {
			class += " " + c.Effect
		}
		b.WriteString(`<li class="` + class + `"` + board.Data(c.Facts, "", nil) + `><div class="card"` + around.ID(c.ID) + ">")
		b.WriteString(`<p><span class="level">` + html.EscapeString(around.Say.Say("map."+c.Level.question())) + `:</span> `)
		b.WriteString(`<span class="what">` + around.Text(c.Text) + "</span></p>")
		if tags := c.tags(around); tags != "" {
			b.WriteString(`<p class="tags-inline">` + tags + "</p>")
		}
		b.WriteString(around.Details(c.facts(around)) + "</div>")
		list(b, c.Children, around)
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
}

// tags are the few words below a card's text.
func (c *Card) tags(around board.Surroundings) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, "<span>"+s+"</span>")
		}
	}
	if c.Role != "" {
		add(html.EscapeString(around.Say.Say("role." + c.Role)))
	}
	add(html.EscapeString(c.Measure.Change()))
	if c.Effect != "" {
		add(html.EscapeString(around.Say.Say("effect." + c.Effect)))
	}
	if c.Phase != "" {
		add(around.Blaze(c.Phase) + html.EscapeString(strings.ToLower(c.Phase)))
	}
	add(board.Mark(around.Say, c.Status))
	return strings.Join(parts, " ")
}

func (c *Card) facts(around board.Surroundings) []board.Fact {
	facts := []board.Fact{{Key: "map.metric", Text: c.Measure.html(around)}, {Key: "map.assumption", Text: around.Text(c.Assumption)}, {Key: "map.test", Text: around.Text(c.Test)}}
	if c.Level >= Deliverable {
		facts = append(facts, board.Fact{Key: "map.fact.stories", Text: board.Links(board.Places(around.Stories, c.ID))})
	}
	return append(facts, around.Facts(c.Facts)...)
}

// html writes a measure as a phrase: "forms sent back, from 20% to 5%, now 12%".
func (m Measure) html(around board.Surroundings) string {
	var parts []string
	if m.Metric != "" {
		parts = append(parts, around.Text(m.Metric))
	}
	for _, p := range m.values() {
		if p.text != "" {
			parts = append(parts, string(around.Say.HTML(p.key, "value", template.HTML(around.Text(p.text))))) //nolint:gosec // Text escapes
		}
	}
	return strings.Join(parts, ", ")
}
