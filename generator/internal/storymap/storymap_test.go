package storymap

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"waymark/generator/diag"
	"waymark/generator/internal/board"
	"waymark/generator/internal/outline"
)

var options = outline.Options{Phases: []string{"Discovery", "Alpha", "Beta", "Private beta", "Live"}, Reach: "Beta"}

func read(text string) (*Map, diag.List) {
	var lines []outline.Line
	for i, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{Line: i + 2, Col: 1}})
	}
	return Parse("m", diag.Position{Line: 1, Col: 1}, lines, options)
}

// placeless returns a map's nodes, slices and people without their positions, to be compared.
func placeless(m *Map) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q %v %v\n", m.Title, m.ImpactMap.Map, m.Embed.String())
	for _, p := range m.Personas {
		fmt.Fprintf(&b, "%+v\n", *p)
	}
	for _, s := range m.Slices {
		c := *s
		c.Pos = diag.Position{}
		fmt.Fprintf(&b, "%+v\n", c)
	}
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
	names := func(what string) []string {
		var out []string
		seen := map[string]bool{}
		for range rapid.IntRange(0, 3).Draw(t, what) {
			n := strings.Join(strings.Fields(word.Draw(t, what)), " ")
			if seen[strings.ToLower(n)] {
				continue
			}
			seen[strings.ToLower(n)] = true
			out = append(out, n)
			b.WriteString(what + ": " + n + rapid.SampledFrom([]string{"", " - what for"}).Draw(t, "about") + "\n")
		}
		return out
	}
	b.WriteString(rapid.SampledFrom([]string{"", "title: A map\n", "TITLE:: A map\n"}).Draw(t, "title"))
	people, slices := names("persona"), names("slice")
	id := 0
	notes := func(level int) string {
		var items []string
		if rapid.Bool().Draw(t, "named") {
			id++
			items = append(items, fmt.Sprintf("#id-%d", id))
		}
		for _, p := range people {
			if rapid.Bool().Draw(t, "by") && !strings.EqualFold(p, "alpha") {
				items = append(items, p)
			}
		}
		if level == 2 && len(slices) > 0 && rapid.Bool().Draw(t, "planned") {
			items = append(items, "slice: "+slices[0])
		}
		if rapid.Bool().Draw(t, "for") {
			items = append(items, "-> plan/x")
		}
		if len(items) == 0 {
			return ""
		}
		return " [" + strings.Join(items, rapid.SampledFrom([]string{",", ", ", " , "}).Draw(t, "comma")) + "]"
	}
	indent := rapid.SampledFrom([]string{"  ", "    ", "\t"}).Draw(t, "indent")
	bullet := rapid.SampledFrom([]string{"- ", "* ", "• ", "1. "}).Draw(t, "bullet")
	var cards func(level int)
	cards = func(level int) {
		for range rapid.IntRange(1, 3).Draw(t, "cards") {
			box := rapid.SampledFrom([]string{"", "[ ] ", "[/] ", "[x] ", "[-] "}).Draw(t, "box")
			b.WriteString(strings.Repeat(indent, level) + bullet + box + word.Draw(t, "text") + notes(level) + "\n")
			if rapid.Bool().Draw(t, "noted") {
				b.WriteString(strings.Repeat(indent, level+1) + "note: " + word.Draw(t, "note") + "\n")
			}
			if level < 2 {
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
			t.Skip() // a person and a slice of one name, and the like
		}
		again, list := read(outline.Format(m.Typed))
		if list.HasErrors() {
			t.Fatalf("%v\n%s", list, outline.Format(m.Typed))
		}
		if want, got := placeless(m), placeless(again); want != got {
			t.Fatalf("%s\nis\n%s\nand became\n%s", text, want, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("title: x\nslice: A - b [alpha]\npersona: S\n- a\n  - b\n    - [x] c [A, S, -> d/e]\n      size: 3\n")
	f.Add("embed: x/y")
	f.Add("slice: A\n- a\n- b\n  - c\n    - d [A]\n    - e [A, A]\n")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 20_000 {
			t.Skip()
		}
		m, _ := read(text)
		around := board.Surroundings{Href: func(s string) (string, bool) { return s, false }}
		table, lists, picture := m.Table(around), m.Lists(around), m.Draw(board.Style{})
		if size := len(table) + len(lists) + len(picture); size > 4_000*(len(m.Slices)+1)+600*(len(text)+10) {
			t.Fatalf("%d bytes became %d", len(text), size)
		}
		if strings.Contains(table+lists+picture, "<script") {
			t.Fatal("a script got through")
		}
		for _, story := range m.Stories() {
			if !strings.Contains(table, ` id="`) || story.ID == "" {
				t.Fatalf("%q is lost", story.Text)
			}
		}
	})
}

// Every story stands in the table once, whatever its slice: those of none under a heading of their own.
func TestNothingIsHidden(t *testing.T) {
	m, list := read("slice: Now\n- A\n  - B\n    - planned [Now]\n    - unplanned\n  - C\n    - [-] dropped\n- D\n")
	if list.HasErrors() {
		t.Fatal(list)
	}
	for name, html := range map[string]string{"table": m.Table(board.Surroundings{}), "lists": m.Lists(board.Surroundings{})} {
		for _, want := range []string{"planned</p>", "unplanned</p>", "dropped</p>", Unplanned, "D"} {
			if strings.Count(html, ">"+want) == 0 && !strings.Contains(html, want) {
				t.Errorf("the %s lacks %q", name, want)
			}
		}
	}
}

// Part of a map has what was asked for, with the backbone above it, and nothing else.
func TestParts(t *testing.T) {
	m, list := read("slice: Now\nslice: Later\n- A\n  - B\n    - one [Now]\n    - two [Later]\n- C\n  - D\n    - three [Later]\n")
	if list.HasErrors() {
		t.Fatal(list)
	}
	texts := func(m *Map) []string {
		var out []string
		m.Walk(func(c *Card, _ []*Card) { out = append(out, c.Text) })
		return out
	}
	for _, c := range []struct {
		part *Map
		want []string
	}{
		{m.Below("b"), []string{"A", "B", "one", "two"}},
		{m.Below("three"), []string{"C", "D", "three"}},
		{m.Of(m.FindSlice("later")), []string{"A", "B", "two", "C", "D", "three"}},
		{m, []string{"A", "B", "one", "two", "C", "D", "three"}},
	} {
		if got := texts(c.part); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v, want %v", got, c.want)
		}
	}
	if got := len(m.Of(m.FindSlice("now")).Planned()); got != 1 {
		t.Errorf("the part has %d slices", got)
	}
}

// large makes a map with about n cards.
func large(n int) []outline.Line {
	var b strings.Builder
	b.WriteString("title: A large map\n")
	for i := range 5 {
		fmt.Fprintf(&b, "slice: Slice %d - what it brings\n", i)
	}
	b.WriteString("persona: Sam - pregnant, phone only\n")
	for made := 0; made < n; {
		fmt.Fprintf(&b, "- Find out about it %d\n", made)
		made++
		for step := 0; step < 4 && made < n; step++ {
			fmt.Fprintf(&b, "  - Hear from my midwife about the scheme %d\n", made)
			made++
			for story := 0; story < 6 && made < n; story++ {
				fmt.Fprintf(&b, "    - [x] A leaflet in the booking pack, in plain words %d [Slice %d, Sam]\n", made, story%5)
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
				m.Table(board.Surroundings{})
				m.Draw(board.Style{})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/card")
		})
	}
}
