// Package impactmap reads impact maps: a goal, the actors who can help or obstruct, how their behaviour should change,
// and what we can do about it. It draws them as a tree, and writes them as a nested list.
//
// Source: Gojko Adzic, "Impact Mapping" (2012), which answers why, who, how and what with the four levels.
package impactmap

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// Kind is what opens the block of an impact map.
const Kind = "impact-map"

// Level is the depth of a card.
type Level int

// The levels. An Option is a way to make a Deliverable.
const (
	Goal Level = iota
	Actor
	Impact
	Deliverable
	Option
)

// String returns the level's name: "goal", "actor" ...
func (l Level) String() string { return Rules().Levels[l].Name }

// question names what the cards of a level answer.
func (l Level) question() string { return [...]string{"why", "who", "how", "what", "option"}[l] }

// Map is one impact map. Cards that had errors may be missing.
type Map struct {
	ID    string // empty where the block has none
	Title string
	Embed outline.Reference // a map, or a card of one, that is shown here; the Map then has no Goals
	Goals []*Card
	Pos   diag.Position    // of the opening line
	Typed *outline.Outline // as it was typed
}

// Card is one card of it.
type Card struct {
	outline.Facts
	Level      Level
	Role       string // of an actor: primary, secondary, off-stage
	Effect     string // of an actor or impact: helps, hinders
	Measure    Measure
	Readings   []Reading // the values of the measure that say when, from the first to the last
	Assumption string
	Test       string
	Children   []*Card
}

// Measure is how a goal or an impact is known to be reached: what is counted, and three values of it in the author's
// words.
type Measure struct{ Metric, Baseline, Target, Now string }

// value is a number at the beginning of a text, with what stands before and behind it: "£1,200 a day", "65% (July)".
var value = regexp.MustCompile(`^([£$€]?)\s*([-−]?)(\d{1,3}(?:[, \x{00A0}\x{202F}']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*(%|[^\d\s(,.;]+))?`)

// amount returns the number that a value begins with, and its unit. What could be read in two ways (1.200, 7,5) is no
// number.
func amount(text string) (n float64, unit string, ok bool) {
	text = strings.TrimSpace(outline.Plain(text))
	g := value.FindStringSubmatch(text)
	if g == nil || thousandth.MatchString(g[3]) || more.MatchString(text[strings.Index(text, g[3])+len(g[3]):]) {
		return 0, "", false
	}
	digits := strings.NewReplacer(",", "", "'", "", " ", "", "\u00A0", "", "\u202F", "").Replace(g[3])
	n, err := strconv.ParseFloat(strings.Replace(g[2], "−", "-", 1)+digits, 64)
	return n, g[1] + singular(strings.ToLower(g[4])), err == nil && len(digits) < 300
}

var (
	// thousandth is a number that is a thousand times larger where a point parts thousands.
	thousandth = regexp.MustCompile(`^[1-9]\d{0,2}\.\d{3}$`)
	// more is what makes something else of the number before it: a time, a fraction, a range.
	more = regexp.MustCompile(`^(?:[,:/.\d-]|\s*[–-]\s*\d|\s\d)`)
)

func singular(unit string) string {
	if stem, found := strings.CutSuffix(unit, "ies"); found {
		return stem + "y"
	}
	return strings.TrimSuffix(unit, "s")
}

// Progress returns how much of the way from the baseline to the target is done: 0 at the baseline, 1 at the target,
// less than 0 where it got worse and more than 1 where it went beyond; for falling measures too. It is not known where
// one of the three does not begin with a number, where their units differ, or where baseline and target are equal.
func (m Measure) Progress() (share float64, known bool) {
	from, unit, ok1 := amount(m.Baseline)
	to, unit2, ok2 := amount(m.Target)
	at, unit3, ok3 := amount(m.Now)
	if !ok1 || !ok2 || !ok3 || from == to || unit != unit2 || unit != unit3 {
		return 0, false
	}
	share = (at - from) / (to - from)
	return share, !math.IsNaN(share) && math.Abs(share) < 1e6
}

// values are the three values of the measure, by the keys of their words.
func (m Measure) values() [3]struct{ key, text string } {
	return [3]struct{ key, text string }{{"map.metric.from", m.Baseline}, {"map.metric.to", m.Target}, {"map.metric.now", m.Now}}
}

// Says puts the measure into words, a part after the other: what is counted, from where, to where, and what it is now.
func (m Measure) Says(say *words.Words) (parts []string) {
	if m.Metric != "" {
		parts = append(parts, outline.Typographic(outline.Plain(m.Metric)))
	}
	for _, v := range m.values() {
		if v.text != "" {
			parts = append(parts, say.Say(v.key, "value", outline.Plain(v.text)))
		}
	}
	return parts
}

// Change returns the way from the baseline to the target in a few words: "65% → 75%".
func (m Measure) Change() string {
	from, to := Brief(m.Baseline), Brief(m.Target)
	if from == "" || to == "" {
		return ""
	}
	return from + " → " + to
}

// Brief cuts a remark in brackets off a value, and returns it without its marks.
func Brief(value string) string {
	value = outline.Plain(value)
	if at := strings.IndexByte(value, '('); at >= 0 {
		value = value[:at]
	}
	return strings.TrimSpace(value)
}

// Rules returns the grammar of the block.
func Rules() outline.Rules {
	always := []string{"note", "link"}
	measured := append([]string{"metric", "baseline", "target", "now"}, always...)
	work := append([]string{"assumption", "test"}, always...)
	return outline.Rules{
		Name: "an impact map",
		Levels: []outline.Level{
			{Name: "goal", With: "a goal"},
			{Name: "actor", With: "an actor"},
			{Name: "impact", With: "an impact"},
			{Name: "deliverable", With: "a deliverable"},
			{Name: "option", With: "an option", Extra: true},
		},
		Header: []string{"title", "embed"}, Once: []string{"title", "embed"},
		Details: [][]string{measured, always, measured, work, work}, Again: []string{"now"},
	}
}

// Parse reads the lines of a block. opening is where the block begins. Where the list holds an error, the Map has what
// could be read.
func Parse(id string, opening diag.Position, lines []outline.Line, options outline.Options) (*Map, diag.List) {
	rules := Rules()
	typed, list := outline.Parse(lines, rules)
	m := &Map{ID: id, Pos: opening, Typed: typed}
	for _, f := range typed.Header {
		switch f.Key {
		case "title":
			m.Title = outline.Unquote(f.Text)
		case "embed":
			m.Embed = outline.ParseReference(f.Text, f.TextPos)
			if m.Embed.Map == "" {
				m.Embed.Map, m.Embed.Card = m.Embed.Card, ""
			}
		}
	}
	terms := []outline.Term{
		{Kind: "role", Name: "primary", Levels: []int{1}},
		{Kind: "role", Name: "secondary", Levels: []int{1}},
		{Kind: "role", Name: "off-stage", Levels: []int{1}},
		{Kind: "effect", Name: "helps", Levels: []int{1, 2}},
		{Kind: "effect", Name: "hinders", Levels: []int{1, 2}},
	}
	terms = append(terms, outline.FixedTerms(options.Phases, []int{2, 3, 4})...)
	ids, problems := outline.Identify(typed.Cards, map[string]int{})
	list.Add(problems...)
	r := reader{ids: ids, words: outline.NewVocabulary(rules, terms)}
	m.Goals = r.cards(typed.Cards, "")
	list.Add(r.list...)
	if !list.HasErrors() {
		list.Add(m.check()...)
	}
	return m, list
}

type reader struct {
	ids   map[*outline.Card]string
	words *outline.Vocabulary
	list  diag.List
}

// cards reads the cards of one branch. What stands below a dropped card is dropped.
func (r *reader) cards(typed []*outline.Card, above outline.Status) []*Card {
	var out []*Card
	for _, t := range typed {
		facts, m, problems := r.words.Read(t, r.ids[t])
		r.list.Add(problems...)
		for _, ref := range m.Refs {
			r.list.Add(outline.Problem(diag.Error, ref.Pos, "say in the story map which deliverable a story is for", "the cards of an impact map refer to nothing"))
		}
		if above == outline.Dropped {
			facts.Status = above
		}
		c := &Card{
			Facts: facts, Level: Level(t.Level), Role: m.Word("role"), Effect: m.Word("effect"),
			Measure:    Measure{Metric: m.Details["metric"], Baseline: m.Details["baseline"], Target: m.Details["target"]},
			Assumption: m.Details["assumption"], Test: m.Details["test"],
		}
		var unclear diag.List
		c.Readings, c.Measure.Now, unclear = readings(m.Again["now"])
		r.list.Add(unclear...)
		c.Children = r.cards(t.Children, facts.Status)
		out = append(out, c)
	}
	return out
}

// leaves names what a card of each level leads to.
var leaves = [...]string{"actor", "impact", "deliverable"}

// solution is how an impact begins that is a deliverable in truth.
var solution = regexp.MustCompile(`(?i)^(build|add|create)\b`)

func (m *Map) check() diag.List {
	var list diag.List
	warn := func(pos diag.Position, hint, format string, args ...any) {
		list.Add(outline.Problem(diag.Warning, pos, hint, format, args...))
	}
	switch {
	case m.Embed.Map != "" && (len(m.Goals) > 0 || len(m.Typed.Header) > 1 || m.ID != ""):
		return diag.List{outline.Problem(diag.Error, m.Embed.Pos, "take them out, or the embed", "a block that embeds a map has no name, cards or other lines of its own")}
	case m.Embed.Map != "":
		return nil
	case len(m.Goals) == 0:
		return diag.List{outline.Problem(diag.Error, m.Pos, "write a goal: - More people ...", "this map has no cards")}
	}
	for i, g := range m.Goals {
		if i > 0 {
			warn(g.Pos, "draw a map for each goal", "this map has a second goal")
		}
		if g.Measure.Metric == "" {
			warn(g.Pos, "add below it: metric: what will be counted", "this goal has no metric")
		}
	}
	m.Walk(func(c *Card, _ []*Card) {
		if _, known := c.Measure.Progress(); !known && c.Measure.Baseline != "" && c.Measure.Target != "" && c.Measure.Now != "" {
			warn(c.Pos, "begin baseline, target and now with a number, of one unit", "the progress of this %s cannot be worked out", c.Level)
		}
		if c.Level == Impact && solution.MatchString(c.Plain()) {
			warn(c.Pos, "say what somebody will do differently, and move this a level down", "this impact is what we do: that is a deliverable")
		}
		if int(c.Level) < len(leaves) && len(c.Children) == 0 && c.Status != outline.Dropped {
			warn(c.Pos, "add one, or drop the branch", "this %s has no %s", c.Level, leaves[c.Level])
		}
	})
	return list
}

// Walk visits every card, each before its children, with those above it.
func (m *Map) Walk(visit func(c *Card, above []*Card)) {
	outline.Visit(m.Goals, func(c *Card) []*Card { return c.Children }, visit)
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

// Level returns the cards of one level, in order.
func (m *Map) Level(level Level) []*Card {
	var out []*Card
	m.Walk(func(c *Card, _ []*Card) {
		if c.Level == level {
			out = append(out, c)
		}
	})
	return out
}

// Below returns the Map of one card and what stands below it.
func (m *Map) Below(c *Card) *Map {
	return &Map{ID: m.ID, Title: c.Plain(), Goals: []*Card{c}, Pos: m.Pos}
}

// Nodes returns the cards as exports see them.
func (m *Map) Nodes() []*outline.Node { return nodes(m.Goals) }

func nodes(cards []*Card) []*outline.Node {
	var out []*outline.Node
	for _, c := range cards {
		out = append(out, &outline.Node{
			Facts: c.Facts, Level: c.Level.String(), Children: nodes(c.Children),
			Attributes: outline.Attributes("role", c.Role, "effect", c.Effect, "metric", c.Measure.Metric, "baseline", c.Measure.Baseline,
				"target", c.Measure.Target, "now", c.Measure.Now, "readings", typed(c.Readings, c.Measure.Now), "assumption", c.Assumption, "test", c.Test),
		})
	}
	return out
}
