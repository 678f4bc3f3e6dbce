package impactmap

import (
	"html"
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
)

// Counts says how much there is of each level: "4 actors, 6 impacts, 7 deliverables".
func (m *Map) Counts() string {
	count := map[Level]int{}
	m.Walk(func(c *Card, _ []*Card) { count[c.Level]++ })
	var parts []string
	for _, level := range []Level{Actor, Impact, Deliverable} {
		if level > m.top() || count[level] > 0 {
			parts = append(parts, board.Count(count[level], level.String(), level.String()+"s"))
		}
	}
	return strings.Join(parts, ", ")
}

// Summary is the map in a sentence, for search results and for those who do not see it.
func (m *Map) Summary() string {
	if len(m.Goals) == 0 {
		return m.Counts()
	}
	return "Goal: " + m.Goals[0].Plain() + ", " + m.Counts()
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
		b.WriteString(`<p><span class="level">` + c.Level.Question() + `:</span> `)
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
	for _, word := range []string{c.Role, c.Effect} {
		if word != "" {
			parts = append(parts, word)
		}
	}
	if c.Phase != "" {
		parts = append(parts, around.Blaze(c.Phase)+html.EscapeString(strings.ToLower(c.Phase)))
	}
	if c.Status != outline.ToDo {
		parts = append(parts, string(c.Status))
	}
	return strings.Join(parts, ", ")
}

func (c *Card) facts(around board.Surroundings) string {
	out := board.Fact("Metric", c.Measure.html(around)) + board.Fact("Assumption", around.Text(c.Assumption)) + board.Fact("Test", around.Text(c.Test))
	if c.Level >= Deliverable {
		out += board.Fact("Stories", board.Links(board.Places(around.Stories, c.ID)))
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
	for _, p := range []struct{ word, text string }{{"", m.Metric}, {"from ", m.Baseline}, {"to ", m.Target}, {"now ", m.Now}} {
		if p.text != "" {
			parts = append(parts, p.word+around.Text(p.text))
		}
	}
	return strings.Join(parts, ", ")
}
