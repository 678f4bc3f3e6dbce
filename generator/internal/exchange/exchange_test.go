package exchange

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"waymark/generator/diag"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/storymap"
)

var phases = []string{"Discovery", "Alpha", "Private beta"}

// parsed reads a block that Import or a test made.
func parsed(t interface{ Fatalf(string, ...any) }, block string) ([]*outline.Node, diag.List) {
	text, ok := strings.CutSuffix(strings.TrimPrefix(block, "```"), "```\n")
	first, rest, _ := strings.Cut(text, "\n")
	kind, _, _ := strings.Cut(first, " ")
	if !ok {
		t.Fatalf("no block: %q", block)
	}
	var lines []outline.Line
	for i, l := range strings.Split(rest, "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{Line: i + 2, Col: 1}})
	}
	options := outline.Options{Phases: phases}
	if kind == impactmap.Kind {
		m, list := impactmap.Parse("m", diag.Position{}, lines, options)
		return m.Nodes(), list
	}
	m, list := storymap.Parse("m", diag.Position{}, lines, options)
	return m.Nodes(), list
}

func imported(t *testing.T, name, text string) string {
	t.Helper()
	m, err := Import(name, []byte(text), "", phases)
	if err != nil {
		t.Fatal(err)
	}
	return m.Block()
}

func TestImport(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{
			"a Markdown story map", "map.md",
			"# Releases\n## MVP\nFirst public release.\n\n## Beta, invited\n\n# Personas\n## Margie the Manager\n- **Age:** 45\n\n# Map\n## User Management\n### Authentication\n" +
				"#### Sign in [status:: done] [persona:: Margie the Manager]\nLogs in with a password.\n---\n#### Password reset [status:: in-progress] [deadline:: 2026-03-01]\n### Profile\n---\n#### Upload avatar [status:: blocked]\n",
			"```story-map map\npersona: Margie the Manager - Age: 45\nslice: MVP - First public release.\nslice: Beta invited\n- User Management\n  - Authentication\n" +
				"    - [x] Sign in [Margie the Manager, MVP]\n      note: Logs in with a password.\n    - [/] Password reset [Beta invited]\n      note: deadline: 2026-03-01\n" +
				"  - Profile\n    - [/] Upload avatar [Beta invited]\n      note: blocked\n```\n",
		},
		{
			"an indented outline of four levels", "notes.txt", "More families\n\tParents\n\t\tApply alone\n\t\t\tForm [on paper]\n\t\t\t\tBlue\n",
			"```impact-map notes\n- More families\n  - Parents\n    - Apply alone\n      - Form \\[on paper\\]\n        - Blue\n```\n",
		},
		{
			"a bulleted outline", "wall.txt", "# The wall\n- Find out\n  - Hear\n    - [x] Leaflet\n      - in colour\n    - Text\n",
			"```story-map wall\ntitle: The wall\n- Find out\n  - Hear\n    - [x] Leaflet\n    - in colour\n    - Text\n```\n",
		},
		{
			"OPML", "wall.opml", `<?xml version="1.0"?><opml version="2.0"><head><title>The wall</title></head><body><outline text="Find out"><outline text="Hear"><outline text="Leaflet &amp; text" _status="done" _slice="Now"/></outline></outline></body></opml>`,
			"```story-map wall\ntitle: The wall\nslice: Now\n- Find out\n  - Hear\n    - [x] Leaflet & text [Now]\n```\n",
		},
		{
			"a tracker's CSV with parents", "jira.csv", "Issue Type,Issue key,Summary,Parent,Status,Fix versions,Story Points\nEpic,A-1,Find out,,To Do,,\nTask,A-2,Hear,A-1,To Do,,\nStory,A-3,\"Leaflet, printed\",A-2,Done,Now,3\n",
			"```story-map jira\nslice: Now\n- Find out [#a-1]\n  - Hear [#a-2]\n    - [x] Leaflet, printed [#a-3, Now]\n      size: 3\n```\n",
		},
		{
			"a tracker's CSV of epics and stories", "epics.csv", "Issue Type,Key,Summary,Parent,Fix version,Persona,Status\nEpic,A-1,Find out,,,,\nStory,A-2,Leaflet,A-1,Sam,Sam,Idea\nStory,A-3,Lost,A-9,,,Done\n",
			"```story-map epics\npersona: Sam\nslice: Sam\n- Find out [#a-1]\n  - (no name)\n    - Leaflet [idea, #a-2, slice: Sam, persona: Sam]\n- (no name)\n  - (no name)\n    - [x] Lost [#a-3]\n```\n",
		},
		{
			"headings with bullets below them", "plan.md", "# The plan\n## Find out\n### Hear\n- Leaflet\n- Text\n## Apply\n### Form\n",
			"```story-map plan\ntitle: The plan\n- Find out\n  - Hear\n    - Leaflet\n    - Text\n- Apply\n  - Form\n```\n",
		},
		{
			"a tracker's CSV with columns, as a spreadsheet writes it", "export.csv", "Title;Epic;Component;State;Milestone\n'=HYPERLINK(\"x\");Find out;Hear;Closed;1.0\nText;Find out;Hear;Open;\n",
			"```story-map export\nslice: 1.0\n- Find out\n  - Hear\n    - [x] =HYPERLINK(\"x\") [1.0]\n    - Text\n```\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := imported(t, c.file, c.text)
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if _, list := parsed(t, got); list.HasErrors() {
				t.Error(list)
			}
		})
	}
}

// What is no map is refused in a sentence.
func TestImportRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"x.txt":  {"\n \n", "read x.txt: there is no card in it (an outline has a line for each card, a CSV a row)"},
		"x.opml": {"<opml><body>", "read x.opml: this is not OPML: XML syntax error on line 1: unexpected EOF"},
		"x.bin":  {"a\xFFb", "x.bin is not text in UTF-8 (save it as UTF-8)"},
		"x.json": {"{}", "x.json is not a form that is read (there are OPML, CSV, Markdown and outlines)"},
		"x.md":   {"---\ntitle: x\n---\n- a\n", "x.md is a page or a block already (an outline has a line for each card)"},
		"x.csv":  {"a,b\n1,2\n", "read x.csv: no column holds the cards' texts (name one Summary or Title; there are a, b)"},
	} {
		if _, err := Import(name, []byte(c.text), "", phases); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever comes in, what goes out is a block that can be read.
func FuzzImport(f *testing.F) {
	f.Add("x.csv", "ID,Type,Summary,Parent,Status,Phase,Slice,Persona,For,Role\na,story,b,,done,Alpha,S,P,m/d,primary\n")
	f.Add("x.opml", `<opml><body><outline text="a" _status="idea" _effect="helps" _id="x"/></body></opml>`)
	f.Add("x.md", "# Releases\n## A - b\n# Map\n## a\n#### c [persona:: x, y] [status:: idea]\n---\n### b\n#### d\n")
	f.Add("0", "# Releases\n# A - b\n# Map\n## a\n#### c [persona:: /x/// ///, y] ")
	f.Add("x.txt", "- a\n    b\n  - [x] c [d]\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if len(text) > 20_000 || !utf8.ValidString(name) {
			t.Skip()
		}
		m, err := Import(name, []byte(text), "", phases)
		if err != nil {
			return
		}
		if _, list := parsed(t, m.Block()); list.HasErrors() {
			t.Fatalf("%q became %q: %v", text, m.Block(), list)
		}
	})
}

// node makes a card of any text.
func node(t *rapid.T, level string, children []*outline.Node) *outline.Node {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(strings.Fields(outline.Escape(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"=1+1", "+a", "-b", "@c", "\"q\"", "a;b", "<b>", "|x|", "'=1"})).Draw(t, "text"))), " ")
	})
	return &outline.Node{
		Level: level, Children: children, Attributes: outline.Attributes("persona", text.Draw(t, "persona")),
		Facts: outline.Facts{ID: "x", Text: text.Draw(t, "text"), Status: outline.Doing, Note: text.Draw(t, "note")},
	}
}

// Every export of any map is well-formed, and no cell of the table is a formula.
func TestExportsAreWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Map{Kind: "story-map", ID: "m", Title: rapid.String().Draw(t, "title"), Levels: []string{"activity", "step", "story"}}
		m.Cards = []*outline.Node{node(t, "activity", []*outline.Node{node(t, "step", []*outline.Node{node(t, "story", nil)})})}
		data, err := JSON(m)
		if err != nil || !json.Valid(data) {
			t.Fatal(err, string(data))
		}
		data, err = CSV(m)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
		if err != nil || len(rows) != 4 {
			t.Fatal(err, len(rows))
		}
		for _, cell := range append(append(rows[1], rows[2]...), rows[3]...) {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Fatalf("%q is a formula", cell)
			}
		}
		if back := unguarded(rows[1][2]); strings.Join(strings.Fields(back), " ") != strings.Join(strings.Fields(m.Cards[0].Plain()), " ") {
			t.Fatalf("%q became %q", m.Cards[0].Plain(), back)
		}
		data, err = OPML(m)
		var doc opml
		if err != nil || xml.Unmarshal(data, &doc) != nil || len(doc.Body) != 1 {
			t.Fatal(err, string(data))
		}
		for line := range strings.Lines(string(Mermaid(m))) {
			if strings.Count(line, `"`) != 0 && strings.Count(line, `"`) != 2 && !strings.HasPrefix(line, "title") {
				t.Fatal(line)
			}
		}
	})
}

// What was exported comes back as the same map.
func TestExportsComeBack(t *testing.T) {
	block := "```story-map m\ntitle: The wall\nimpact-map: goal\npersona: Sam\nslice: Now\n- Find out\n  - Hear\n    - [x] Leaflet, printed [Sam, Now, -> goal/d]\n      size: 3\n    - Text [#t]\n" +
		"- Apply\n  - Form\n    - [-] Phone [Now]\n```\n"
	nodes, list := parsed(t, block)
	if list.HasErrors() {
		t.Fatal(list)
	}
	m := Map{Kind: storymap.Kind, ID: "m", Title: "The wall", Cards: nodes}
	table, err := CSV(m)
	if err != nil {
		t.Fatal(err)
	}
	outlined, err := OPML(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"m.csv": table, "m.opml": outlined} {
		back, list := parsed(t, imported(t, name, string(data)))
		if list.HasErrors() {
			t.Fatal(list)
		}
		if changes := Diff(Map{ID: "m", Cards: nodes}, Map{ID: "m", Cards: back}); len(changes) > 0 {
			t.Errorf("%s: %+v", name, changes)
		}
	}
}

func TestDiff(t *testing.T) {
	before, _ := parsed(t, "```story-map m\nslice: Now\n- A\n  - B\n    - one\n    - two [#two]\n    - three\n  - C\n    - four\n```\n")
	after, _ := parsed(t, "```story-map m\nslice: Now\n- A\n  - C\n    - four\n    - one\n  - B\n    - three\n    - [x] second [#two, Now]\n    - five\n```\n")
	var got []string
	for _, c := range Diff(Map{ID: "m", Cards: before}, Map{ID: "m", Cards: after}) {
		line := c.What + " " + c.ID
		for _, f := range c.Fields {
			line += " " + f.Name
		}
		got = append(got, line)
	}
	want := "moved c; moved one; moved three; changed two text status slice; added five"
	if text := strings.Join(got, "; "); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	if again := Diff(Map{ID: "m", Cards: after}, Map{ID: "m", Cards: after}); len(again) != 0 {
		t.Error(again)
	}
}

// A map that lost and gained cards is told in full: taking what is said to the old map gives the new one's ids.
func TestDiffIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []*outline.Node {
			var out []*outline.Node
			for _, id := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}), rapid.ID).Draw(t, name) {
				out = append(out, &outline.Node{Facts: outline.Facts{ID: id, Text: id}})
			}
			return out
		}
		before, after := draw("before"), draw("after")
		ids := map[string]bool{}
		for _, n := range before {
			ids[n.ID] = true
		}
		for _, c := range Diff(Map{ID: "m", Cards: before}, Map{ID: "m", Cards: after}) {
			switch c.What {
			case "added":
				ids[c.ID] = true
			case "removed":
				delete(ids, c.ID)
			}
		}
		if len(ids) != len(after) {
			t.Fatalf("%v", ids)
		}
	})
}
