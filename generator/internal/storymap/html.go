package storymap

import (
	"cmp"
	"html"
	"strconv"
	"strings"

	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// Unplanned is the name by which those know the stories without a slice that ask for a slice. Readers see another one.
const Unplanned = "Not yet planned"

// Counts says how much there is of each level: "3 activities, 6 steps, 10 stories in 3 slices".
func (m *Map) Counts(say *words.Words) string {
	count := map[Level]int{}
	m.Walk(func(c *Card, _ []*Card) { count[c.Level]++ })
	if len(m.Activities) == 0 {
		return say.Say("map.none")
	}
	stories := say.Count("map.stories", count[Story])
	slices := 0
	for _, s := range m.Planned() {
		if s != nil {
			slices++
		}
	}
	if slices > 0 {
		stories = say.Say("map.in", "stories", stories, "slices", say.Count("map.slices", slices))
	}
	return say.List(say.Count("map.activities", count[Activity]), say.Count("map.steps", count[Step]), stories)
}

// Summary is the map in a sentence, for search results and for those who do not see it.
func (m *Map) Summary(say *words.Words) string {
	if len(m.Activities) == 0 {
		return m.Counts(say)
	}
	first, last := outline.Typographic(m.Activities[0].Plain()), outline.Typographic(m.Activities[len(m.Activities)-1].Plain())
	if len(m.Activities) == 1 {
		return say.Say("map.journey", "first", first, "counts", m.Counts(say))
	}
	return say.Say("map.journey.to", "first", first, "last", last, "counts", m.Counts(say))
}

// Says says how far the stories have come: "2 of 3 done, 1 in progress".
func (p Progress) Says(say *words.Words) string {
	if p.Stories == 0 {
		if p.Dropped > 0 {
			return say.Count("progress.stories.dropped", p.Dropped)
		}
		return say.Say("map.none")
	}
	parts := []string{say.Say("progress.done", "done", strconv.Itoa(p.Done), "stories", strconv.Itoa(p.Stories))}
	if p.Doing > 0 {
		parts = append(parts, say.Count("progress.doing", p.Doing))
	}
	if p.Dropped > 0 {
		parts = append(parts, say.Count("progress.dropped", p.Dropped))
	}
	return say.List(parts...)
}

// column is a step of the table. An activity without a step has an empty one.
type column struct {
	activity, step *Card
	cells          map[string][]*Card // by their slice's name
}

func (m *Map) columns() []column {
	var out []column
	for _, a := range m.Activities {
		if len(a.Children) == 0 {
			out = append(out, column{activity: a})
		}
		for _, s := range a.Children {
			c := column{activity: a, step: s, cells: map[string][]*Card{}}
			for _, story := range s.Children {
				c.cells[story.Slice] = append(c.cells[story.Slice], story)
			}
			out = append(out, c)
		}
	}
	return out
}

// maxSpan is the most columns that a cell of an HTML table may span.
const maxSpan = 1000

// Table returns the map as a table: the backbone in its head, and a row group for each slice.
func (m *Map) Table(around board.Surroundings) string {
	columns := m.columns()
	var b strings.Builder
	b.WriteString(`<table class="story"><caption>` + html.EscapeString(m.name(around.Say)) + ` <small>` + html.EscapeString(m.Counts(around.Say)) + "</small></caption>")
	for _, a := range m.Activities {
		b.WriteString(`<colgroup span="` + strconv.Itoa(min(max(len(a.Children), 1), maxSpan)) + `"></colgroup>`)
	}
	b.WriteString(`<thead><tr class="activities">`)
	for _, a := range m.Activities {
		b.WriteString(`<th scope="colgroup"` + span(max(len(a.Children), 1)) + ">" + m.head(a, around) + "</th>")
	}
	b.WriteString(`</tr><tr class="steps">`)
	for _, c := range columns {
		if c.step == nil {
			b.WriteString("<td></td>")
			continue
		}
		b.WriteString(`<th scope="col">` + m.head(c.step, around) + "</th>")
	}
	b.WriteString("</tr></thead>")
	for _, s := range m.Planned() {
		m.body(&b, s, columns, around)
	}
	b.WriteString("</table>")
	return b.String()
}

func (m *Map) name(say *words.Words) string {
	if m.Title == "" {
		return say.Say("map.story.title")
	}
	return outline.Typographic(outline.Plain(m.Title))
}

func span(n int) string {
	if n < 2 {
		return ""
	}
	return ` colspan="` + strconv.Itoa(min(n, maxSpan)) + `"`
}

// head writes an activity or a step.
func (m *Map) head(c *Card, around board.Surroundings) string {
	return `<div class="card"` + around.ID(c.ID) + board.Data(c.Facts, "", nil) + ">" + c.said(around) + around.Details(c.facts(around)) + "</div>"
}

// said writes a card's text; of a step or an activity that is no longer to do, also how far it has come.
func (c *Card) said(around board.Surroundings) string {
	state := ""
	if c.Status != outline.ToDo && c.Level != Story {
		state = `<span class="hidden">` + html.EscapeString(board.Status(around.Say, c.Status)) + `: </span>`
	}
	return "<p>" + state + around.Text(c.Text) + "</p>"
}

// who writes for whom a story is, and how far it has come: what is to do has no word but for those who cannot see its mark.
func (c *Card) who(around board.Surroundings) string {
	parts := []string{}
	if len(c.Personas) > 0 {
		parts = append(parts, html.EscapeString(outline.Typographic(strings.Join(c.Personas, ", "))))
	}
	state := html.EscapeString(board.Status(around.Say, c.Status))
	if c.Status == outline.ToDo {
		return `<p class="who">` + strings.Join(append(parts, `<span class="hidden">`+state+"</span>"), " ") + "</p>"
	}
	return `<p class="who">` + strings.Join(append(parts, state), " · ") + "</p>"
}

// body writes the row group of a slice. Empty cells beside each other are one, so that the table grows with its cards.
func (m *Map) body(b *strings.Builder, s *Slice, columns []column, around board.Surroundings) {
	b.WriteString(`<tbody data-slice="` + html.EscapeString(cmp.Or(s.name(), Unplanned)) + `"><tr class="slice"><th scope="rowgroup"` + span(len(columns)) + sliceID(s, around) + ">")
	b.WriteString(`<div class="slice-title">` + m.sliceTitle(s, around) + "</div></th></tr><tr>")
	empty := 0
	flush := func() {
		for ; empty > 0; empty -= maxSpan {
			b.WriteString("<td" + span(empty) + "></td>")
		}
		empty = 0
	}
	for _, c := range columns {
		cards := c.cells[s.name()]
		if len(cards) == 0 {
			empty++
			continue
		}
		flush()
		b.WriteString(`<td><ul class="stories" role="list">`)
		for _, story := range cards {
			m.story(b, story, around)
		}
		b.WriteString("</ul></td>")
	}
	flush()
	b.WriteString("</tr></tbody>")
}

// shownName is how a slice is called where readers see it.
func shownName(slice string, say *words.Words) string {
	return cmp.Or(outline.Typographic(slice), say.Say("map.unplanned"))
}

func sliceID(s *Slice, around board.Surroundings) string {
	if s == nil {
		return ""
	}
	return around.ID(s.ID)
}

// sliceTitle writes a slice's mark, name, outcome and progress.
func (m *Map) sliceTitle(s *Slice, around board.Surroundings) string {
	out := ""
	if s != nil {
		out = around.Blaze(s.Phase)
	}
	out += `<span class="slice-name">` + html.EscapeString(shownName(s.name(), around.Say)) + "</span>"
	if s != nil && s.Outcome != "" {
		out += " <small>" + around.Text(s.Outcome) + "</small>"
	}
	out += ` <small class="progress">` + html.EscapeString(m.Progress(s).Says(around.Say)) + "</small>"
	if s != nil {
		if places := board.Places(around.Evidence, s.ID); len(places) > 0 {
			out += ` <small class="about">` + html.EscapeString(around.Say.Say("map.about")) + `: ` + board.Links(places) + "</small>"
		}
	}
	return out
}

// story writes a card of a slice.
func (m *Map) story(b *strings.Builder, c *Card, around board.Surroundings) {
	b.WriteString(`<li class="card ` + board.StatusID(c.Status) + `"` + around.ID(c.ID) + board.Data(c.Facts, cmp.Or(c.Slice, Unplanned), c.Personas) + ">")
	b.WriteString(c.said(around) + c.who(around) + around.Details(c.facts(around)) + "</li>")
}

func (c *Card) facts(around board.Surroundings) []board.Fact {
	var places []board.Place
	if c.Own && around.For != nil {
		for _, r := range c.Refs {
			places = append(places, around.For(r))
		}
	}
	facts := []board.Fact{{Key: "map.for", Text: board.Links(places)}}
	if c.Level != Story && len(c.Personas) > 0 {
		facts = append(facts, board.Fact{Key: "map.filter.persona", Text: html.EscapeString(strings.Join(c.Personas, ", "))})
	}
	facts = append(facts, board.Fact{Key: "map.size", Text: html.EscapeString(c.Size)}, board.Fact{Key: "map.owner", Text: html.EscapeString(c.Owner)})
	return append(facts, around.Facts(c.Facts)...)
}

// Lists returns the map slice by slice, as headings and lists, for where a table would be too wide.
func (m *Map) Lists(around board.Surroundings) string {
	heading := "h" + strconv.Itoa(min(max(around.Heading, 2), 6))
	var b strings.Builder
	b.WriteString(`<section class="backbone"><` + heading + `>` + html.EscapeString(around.Say.Say("map.backbone")) + ` <small>` + html.EscapeString(m.Counts(around.Say)) + `</small></` + heading + `><ol role="list">`)
	for _, a := range m.Activities {
		b.WriteString("<li" + board.Data(a.Facts, "", nil) + ">" + a.said(around) + around.Details(a.facts(around)))
		if len(a.Children) > 0 {
			b.WriteString(`<ol role="list">`)
			for _, s := range a.Children {
				b.WriteString("<li" + board.Data(s.Facts, "", nil) + ">" + s.said(around) + around.Details(s.facts(around)) + "</li>")
			}
			b.WriteString("</ol>")
		}
		b.WriteString("</li>")
	}
	b.WriteString("</ol></section>")
	columns := m.columns()
	for _, s := range m.Planned() {
		b.WriteString(`<section data-slice="` + html.EscapeString(cmp.Or(s.name(), Unplanned)) + `"><` + heading + ">" + m.sliceTitle(s, around) + "</" + heading + `><ol role="list">`)
		for _, c := range columns {
			if len(c.cells[s.name()]) == 0 {
				continue
			}
			b.WriteString(`<li><p class="path"><span class="soft">` + html.EscapeString(outline.Typographic(c.activity.Plain())) + `:</span> ` + html.EscapeString(outline.Typographic(c.step.Plain())) + `</p><ul class="stories" role="list">`)
			for _, story := range c.cells[s.name()] {
				m.story(&b, story, around)
			}
			b.WriteString("</ul></li>")
		}
		b.WriteString("</ol></section>")
	}
	return b.String()
}

// People writes the personas as a list of terms, or nothing where there are none.
func (m *Map) People(around board.Surroundings) string {
	if len(m.Personas) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<dl class="people">`)
	for _, p := range m.Personas {
		b.WriteString("<div><dt>" + html.EscapeString(outline.Typographic(p.Name)) + "</dt><dd>" + around.Text(p.About) + "</dd></div>")
	}
	b.WriteString("</dl>")
	return b.String()
}
