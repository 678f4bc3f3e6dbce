package impactmap

import (
	"html"
	"html/template"
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
	return say.Say("map.goal", "goal", m.Goals[0].Plain(), "counts", m.Counts(say))
}

// HTML returns the map as a nested list, each card of which says its level.
func (m *Map) HTML(around board.Surroundings) string {
	var b strings.Builder
	list(&b, m.Goals, around)
	return b.String()
}

func list(b *strings.Builder, cards []*Card, around board.Surroundings) {
	if len(cards) == 0 {
		return
	}
	b.WriteString(`<ul class="branch" role="list">`)
	for _, c := range cards {
		b.WriteString(`<li class="` + c.Level.String() + `"` + board.Data(c.Facts, "", nil) + `><div class="card"` + around.ID(c.ID) + ">")
		b.WriteString(`<p><span class="level">` + html.EscapeString(around.Say.Say("map."+c.Level.question())) + `:</span> `)
		b.WriteString(`<span class="what">` + around.Text(c.Text) + "</span>")
		if tags := c.tags(around); tags != "" {
			b.WriteString(` <span class="tags-inline">` + tags + "</span>")
		}
		b.WriteString("</p>" + c.facts(around) + "</div>")
		list(b, c.Children, around)
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
}

// tags are the few words behind a card's text.
func (c *Card) tags(around board.Surroundings) string {
	var parts []string
	if c.Role != "" {
		parts = append(parts, html.EscapeString(around.Say.Say("role."+c.Role)))
	}
	if c.Effect != "" {
		parts = append(parts, html.EscapeString(around.Say.Say("effect."+c.Effect)))
	}
	if c.Phase != "" {
		parts = append(parts, around.Blaze(c.Phase)+html.EscapeString(strings.ToLower(c.Phase)))
	}
	if c.Status != outline.ToDo {
		parts = append(parts, html.EscapeString(board.Status(around.Say, c.Status)))
	}
	return strings.Join(parts, ", ")
}

func (c *Card) facts(around board.Surroundings) string {
	out := around.Fact("map.metric", c.Measure.html(around)) + around.Fact("map.assumption", around.Text(c.Assumption)) + around.Fact("map.test", around.Text(c.Test))
	if c.Level >= Deliverable {
		out += around.Fact("map.fact.stories", board.Links(board.Places(around.Stories, c.ID)))
	}
	out += around.Facts(c.Facts)
	if out == "" {
		return ""
	}
	return `<div class="facts-of">` + out + "</div>"
}

// html writes a measure as a phrase: "forms sent back, from 20% to 5%, now 12%".
func (m Measure) html(around board.Surroundings) string {
	var parts []string
	if m.Metric != "" {
		parts = append(parts, around.Text(m.Metric))
	}
	for _, p := range []struct{ key, text string }{{"map.metric.from", m.Baseline}, {"map.metric.to", m.Target}, {"map.metric.now", m.Now}} {
		if p.text != "" {
			parts = append(parts, string(around.Say.HTML(p.key, "value", template.HTML(around.Text(p.text))))) //nolint:gosec // Text escapes
		}
	}
	return strings.Join(parts, ", ")
}
