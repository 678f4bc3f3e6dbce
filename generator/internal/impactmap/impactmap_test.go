package impactmap

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"waymark/generator/diag"
	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
)

var options = outline.Options{Phases: []string{"Discovery", "Alpha", "Private beta"}}

func read(text string) (*Map, diag.List) {
	var lines []outline.Line
	for i, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{Line: i + 2, Col: 1}})
	}
	return Parse("m", diag.Position{Line: 1, Col: 1}, lines, options)
}

func placeless(m *Map) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %v\n", m.Title, m.Embed.String())
	outline.Walk(m.Nodes(), func(n *outline.Node, above []*outline.Node) {
		f := n.Facts
		f.Pos = diag.Position{}
		fmt.Fprintf(&b, "%d %+v %v\n", len(above), f, n.Attributes)
	})
	return b.String()
}

// drawn makes the text of a map.
func drawn(t *rapid.T) string {
	var b strings.Builder
	word := rapid.StringMatching(`[A-Za-zé長][a-z é]{0,12}[a-z]`)
	words := [][]string{nil, {"primary", "off-stage", "hinders"}, {"helps", "alpha"}, {"private beta", "idea", "done"}, {"doing"}}
	details := [][]string{{"metric", "target"}, {"note"}, {"baseline", "now"}, {"assumption", "test"}, {"link"}}
	indent := rapid.SampledFrom([]string{"  ", "   ", "\t"}).Draw(t, "indent")
	id := 0
	var cards func(level int)
	cards = func(level int) {
		for range rapid.IntRange(1, 2).Draw(t, "cards") {
			var items []string
			if rapid.Bool().Draw(t, "named") {
				id++
				items = append(items, fmt.Sprintf("#id-%d", id))
			}
			if len(words[level]) > 0 && rapid.Bool().Draw(t, "said") {
				items = append(items, rapid.SampledFrom(words[level]).Draw(t, "word"))
			}
			notes := ""
			if len(items) > 0 {
				notes = " [" + strings.Join(items, ", ") + "]"
			}
			b.WriteString(strings.Repeat(indent, level) + "- " + word.Draw(t, "text") + notes + "\n")
			for _, key := range details[level] {
				if rapid.Bool().Draw(t, key) {
					b.WriteString(strings.Repeat(indent, level+1) + key + ": " + word.Draw(t, "value") + "\n")
				}
			}
			if level < 4 {
				cards(level + 1)
			}
		}
	}
	cards(0)
	return b.String()
}

// A map that is written in canonical form and read again is the same map.
func TestFormattedIsTheSameMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawn(t)
		m, list := read(text)
		if list.HasErrors() {
			t.Fatalf("%v\n%s", list, text)
		}
		again, list := read(outline.Format(m.Typed))
		if want, got := placeless(m), placeless(again); want != got || list.HasErrors() {
			t.Fatalf("%s\nis\n%s\nand became\n%s\n%v", text, want, got, list)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("title: x\n- a\n  metric: m\n  baseline: 65% (July)\n  target: 75%\n  now: 70\n  - b [primary]\n    - c [hinders]\n      - d [#e, alpha]\n        - f [idea]\n")
	f.Add("embed: x/y\n- a")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 20_000 {
			t.Skip()
		}
		m, _ := read(text)
		html, picture := m.HTML(board.Surroundings{}), m.Draw(board.Style{})
		if size := len(html) + len(picture); size > 4_000+900*(len(text)+10) {
			t.Fatalf("%d bytes became %d", len(text), size)
		}
		if strings.Contains(html+picture, "<script") {
			t.Fatal("a script got through")
		}
		m.Walk(func(c *Card, _ []*Card) {
			if share, known := c.Measure.Progress(); known && (math.IsNaN(share) || math.IsInf(share, 0)) {
				t.Fatalf("the progress of %+v is %v", c.Measure, share)
			}
		})
	})
}

// Progress is the share of the way from the baseline to the target, for rising and for falling measures.
func TestProgress(t *testing.T) {
	for _, c := range []struct {
		m     Measure
		want  float64
		known bool
	}{
		{Measure{"", "65% (July 2016)", "75% (March 2018)", "70%"}, .5, true},
		{Measure{"", "20%", "5%", "8%"}, .8, true},
		{Measure{"", "1,200 a day", "2 400 a day", "1800 a day"}, .5, true},
		{Measure{"", "£1,200", "£2,400", "£1,800"}, .5, true},
		{Measure{"", "41 in 100", "15 in 100", "28 in 100"}, .5, true},
		{Measure{"", "1 million", "2 million", "1,5 million"}, 0, false},
		{Measure{"", "900", "1.200", "1.050"}, 0, false},
		{Measure{"", "900", "2k", "1.5k"}, 0, false},
		{Measure{"", "May 2025: 10", "May 2026: 50", "Jan 2026: 20"}, 0, false},
		{Measure{"", "2 hours", "30 minutes", "1 hour"}, 0, false},
		{Measure{"", "3 hours", "1 hour", "2 hours"}, .5, true},
		{Measure{"", "10 families", "20 families", "15 family"}, .5, true},
		{Measure{"", "0.125", "0.250", "0.125"}, 0, true},
		{Measure{"", "12:30", "10:00", "11:45"}, 0, false},
		{Measure{"", "1/4", "3/4", "1/2"}, 0, false},
		{Measure{"", "5-10 days", "1-2 days", "3-4 days"}, 0, false},
		{Measure{"", "20 2023 forms", "30", "25"}, 0, false},
		{Measure{"", "-" + strings.Repeat("9", 308), strings.Repeat("9", 308), strings.Repeat("9", 308)}, 0, false},
		{Measure{"", "10", "20", "5"}, -.5, true},
		{Measure{"", "10", "20", "30"}, 2, true},
		{Measure{"", "-4", "4", "0"}, .5, true},
		{Measure{"", "10", "10", "10"}, 0, false},
		{Measure{"", "few", "many", "some"}, 0, false},
		{Measure{"", "1", "2", ""}, 0, false},
	} {
		if got, known := c.m.Progress(); math.Abs(got-c.want) > 1e-9 || known != c.known {
			t.Errorf("%+v: %v, %v", c.m, got, known)
		}
	}
}

// No box of the picture covers another, and each stands beside what it leads to.
func TestBoxesDoNotOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, _ := read(drawn(t))
		var depth Level
		type box struct{ top, bottom float64 }
		columns := map[Level][]box{}
		y := 0.0
		var visit func(p *place)
		visit = func(p *place) {
			columns[p.card.Level] = append(columns[p.card.Level], box{p.top, p.top + p.height})
			for _, q := range p.below {
				visit(q)
			}
		}
		for _, g := range m.Goals {
			p := grid{box: BoxWidths()[0]}.measure(g, &depth)
			p.settle(y)
			visit(p)
			y += p.span + rowGap
		}
		for level, boxes := range columns {
			for i := 1; i < len(boxes); i++ {
				if boxes[i].top < boxes[i-1].bottom+rowGap-1e-6 {
					t.Fatalf("boxes of the level %v: %v", level, boxes)
				}
			}
			if boxes[0].top < -1e-6 || boxes[len(boxes)-1].bottom > y {
				t.Fatalf("boxes outside of the picture: %v", boxes)
			}
		}
	})
}

func large(n int) []outline.Line {
	var b strings.Builder
	b.WriteString("title: A large map\n- More families use it\n  metric: families\n")
	for made := 1; made < n; {
		fmt.Fprintf(&b, "  - Parents on a low income %d [primary]\n", made)
		made++
		for impact := 0; impact < 4 && made < n; impact++ {
			fmt.Fprintf(&b, "    - Apply without help from anyone in the office %d\n", made)
			made++
			for d := 0; d < 5 && made < n; d++ {
				fmt.Fprintf(&b, "      - Online application in plain words %d [#d-%d, alpha]\n        assumption: families trust a form\n", made, made)
				made++
			}
		}
	}
	var lines []outline.Line
	for i, l := range strings.Split(b.String(), "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{Line: i, Col: 1}})
	}
	return lines
}

// The cost of reading and drawing grows with the cards.
func BenchmarkMap(b *testing.B) {
	for _, n := range []int{10, 100, 1_000, 10_000} {
		lines := large(n)
		b.Run(fmt.Sprintf("%d_cards", n), func(b *testing.B) {
			for b.Loop() {
				m, list := Parse("m", diag.Position{}, lines, options)
				if list.HasErrors() {
					b.Fatal(list)
				}
				m.HTML(board.Surroundings{})
				m.Draw(board.Style{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/card")
		})
	}
}
