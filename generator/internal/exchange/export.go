// Package exchange takes maps to other programs and brings them from there: JSON, CSV for trackers, OPML for outliners,
// Mermaid for code hosts; and Markdown story maps, OPML, outlines and a tracker's CSV on the way in.
package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/storymap"
)

// Map is a map as other programs see it.
type Map struct {
	Kind, ID, Title, Summary string
	Levels                   []string // from the top
	Personas                 []Person
	Slices                   []Slice
	Cards                    []*outline.Node
	Trace                    any // what it says together with other maps
}

// Person is somebody whose journey a map shows.
type Person struct {
	Name  string `json:"name"`
	About string `json:"about,omitempty"`
}

// Slice is a cut across a story map.
type Slice struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Outcome string `json:"outcome,omitempty"`
	Phase   string `json:"phase,omitempty"`
}

// card is a card in JSON. Texts are plain; markup is how the author typed it, where that differs.
type card struct {
	Level      string            `json:"level"`
	ID         string            `json:"id"`
	Text       string            `json:"text"`
	Markup     string            `json:"markup,omitempty"`
	Status     string            `json:"status"`
	Phase      string            `json:"phase,omitempty"`
	Note       string            `json:"note,omitempty"`
	Link       string            `json:"link,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Children   []card            `json:"children,omitempty"`
}

func cards(nodes []*outline.Node) []card {
	out := make([]card, 0, len(nodes))
	for _, n := range nodes {
		c := card{
			Level: n.Level, ID: n.ID, Text: n.Plain(), Status: string(n.Status), Phase: n.Phase, Note: outline.Plain(n.Note), Link: n.Link,
			Children: cards(n.Children),
		}
		if c.Text != n.Text {
			c.Markup = n.Text
		}
		for _, a := range n.Attributes {
			if c.Attributes == nil {
				c.Attributes = map[string]string{}
			}
			c.Attributes[a.Key] = outline.Plain(a.Value)
		}
		out = append(out, c)
	}
	return out
}

// JSON writes the whole map, with its trace.
func JSON(m Map) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(struct {
		Kind     string   `json:"kind"`
		ID       string   `json:"id"`
		Title    string   `json:"title"`
		Summary  string   `json:"summary"`
		Personas []Person `json:"personas,omitempty"`
		Slices   []Slice  `json:"slices,omitempty"`
		Cards    []card   `json:"cards"`
		Trace    any      `json:"trace"`
	}{m.Kind, m.ID, m.Title, m.Summary, m.Personas, m.Slices, cards(m.Cards), m.Trace})
	if err != nil {
		return nil, fmt.Errorf("write the map %s as JSON: %w", m.ID, err)
	}
	return b.Bytes(), nil
}

// Of returns a map as other programs, and comparisons, see it. One of impact and story is nil.
func Of(id string, impact *impactmap.Map, story *storymap.Map) Map {
	e := Map{Kind: impactmap.Kind, ID: id}
	rules := impactmap.Rules()
	if impact != nil {
		e.Title, e.Cards = impact.Title, impact.Nodes()
	} else {
		e.Kind, e.Title, rules, e.Cards = storymap.Kind, story.Title, storymap.Rules(), story.Nodes()
		for _, p := range story.Personas {
			e.Personas = append(e.Personas, Person{Name: p.Name, About: outline.Plain(p.About)})
		}
		for _, s := range story.Slices {
			e.Slices = append(e.Slices, Slice{ID: s.ID, Name: s.Name, Outcome: outline.Plain(s.Outcome), Phase: s.Phase})
		}
	}
	for _, l := range rules.Levels {
		e.Levels = append(e.Levels, l.Name)
	}
	return e
}

// columns are the attributes of cards, in the order of a tracker's table.
var columns = []string{"slice", "persona", "for", "size", "owner", "role", "effect", "metric", "baseline", "target", "now", "assumption", "test"}

// CSV writes a row for each card, with columns that trackers import: a key, a type, a summary, its parent. A cell that a
// spreadsheet would take for a formula begins with an apostrophe.
//
// Source: RFC 4180; OWASP, "CSV Injection".
func CSV(m Map) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	header := []string{"ID", "Type", "Summary", "Parent", "Status", "Phase"}
	used := usedColumns(m)
	for _, key := range used {
		header = append(header, strings.ToUpper(key[:1])+key[1:])
	}
	rows := [][]string{append(header, "Note", "Link", "Path")}
	outline.Walk(m.Cards, func(n *outline.Node, above []*outline.Node) {
		var path []string
		parent := ""
		for _, a := range above {
			path = append(path, a.Plain())
			parent = a.ID
		}
		row := []string{n.ID, n.Level, n.Plain(), parent, string(n.Status), n.Phase}
		for _, key := range used {
			row = append(row, outline.Plain(n.Attribute(key)))
		}
		row = append(row, outline.Plain(n.Note), n.Link, strings.Join(path, " > "))
		for i := range row {
			row[i] = guarded(row[i])
		}
		rows = append(rows, row)
	})
	if err := w.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write the map %s as CSV: %w", m.ID, err)
	}
	return b.Bytes(), nil
}

func usedColumns(m Map) []string {
	seen := map[string]bool{}
	outline.Walk(m.Cards, func(n *outline.Node, _ []*outline.Node) {
		for _, a := range n.Attributes {
			seen[a.Key] = true
		}
	})
	var used []string
	for _, key := range append(slices.Clip(columns), "readings") { // which comparisons tell otherwise
		if seen[key] {
			used = append(used, key)
		}
	}
	return used
}

// guarded makes a cell harmless in a spreadsheet: what begins like a formula, also behind space, gets an apostrophe.
func guarded(cell string) string {
	trimmed := strings.TrimLeft(cell, "' \t\r\n\u00A0\uFEFF")
	if trimmed != "" && strings.ContainsRune("=+-@|%＝＋－＠", []rune(trimmed)[0]) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	return cell
}

// unguarded takes the apostrophe off again.
func unguarded(cell string) string {
	if rest, found := strings.CutPrefix(cell, "'"); found && guarded(rest) == cell {
		return rest
	}
	return cell
}

type opml struct {
	XMLName xml.Name      `xml:"opml"`
	Version string        `xml:"version,attr"`
	Title   string        `xml:"head>title"`
	Body    []opmlOutline `xml:"body>outline"`
}

type opmlOutline struct {
	Text     string        `xml:"text,attr"`
	Attrs    []xml.Attr    `xml:",any,attr"`
	Children []opmlOutline `xml:"outline"`
}

// OPML writes the map as an outline. What a card says beyond its text stands in attributes whose names begin with "_",
// as outliners do it.
//
// Source: OPML 2.0.
func OPML(m Map) ([]byte, error) {
	doc := opml{Version: "2.0", Title: valid(m.Title), Body: outlines(m.Cards)}
	data, err := xml.MarshalIndent(doc, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the map %s as OPML: %w", m.ID, err)
	}
	return append([]byte(xml.Header), append(data, '\n')...), nil
}

func outlines(nodes []*outline.Node) []opmlOutline {
	var out []opmlOutline
	for _, n := range nodes {
		o := opmlOutline{Text: valid(n.Plain()), Children: outlines(n.Children)}
		add := func(name, value string) {
			if value != "" {
				o.Attrs = append(o.Attrs, xml.Attr{Name: xml.Name{Local: "_" + name}, Value: valid(value)})
			}
		}
		add("level", n.Level)
		add("id", n.ID)
		if n.Status != outline.ToDo {
			add("status", string(n.Status))
		}
		add("phase", n.Phase)
		for _, a := range n.Attributes {
			add(a.Key, outline.Plain(a.Value))
		}
		add("note", outline.Plain(n.Note))
		add("link", n.Link)
		out = append(out, o)
	}
	return out
}

// valid leaves out what XML 1.0 does not allow.
func valid(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, text)
}

// Mermaid writes the map as a flow chart from left to right, which code hosts draw.
//
// Source: Mermaid's documentation, "Flowcharts - Basic Syntax".
func Mermaid(m Map) []byte {
	var b strings.Builder
	b.WriteString("---\ntitle: " + string(quoted(m.Title)) + "\n---\nflowchart LR\n")
	number := 0
	var write func(nodes []*outline.Node, parent string)
	write = func(nodes []*outline.Node, parent string) {
		for _, n := range nodes {
			number++
			name := fmt.Sprintf("n%d", number)
			label := n.Plain()
			if slice := n.Attribute("slice"); slice != "" {
				label += " (" + slice + ")"
			}
			fmt.Fprintf(&b, "  %s[\"%s\"]:::%s\n", name, mermaidText(label), n.Level)
			if parent != "" {
				fmt.Fprintf(&b, "  %s --> %s\n", parent, name)
			}
			write(n.Children, name)
		}
	}
	write(m.Cards, "")
	for _, level := range m.Levels {
		fmt.Fprintf(&b, "  classDef %s fill:%s\n", level, fills[level])
	}
	return []byte(b.String())
}

var fills = map[string]string{
	"goal": "#1d211e,color:#fbfaf6", "actor": "#e3efe8", "impact": "#ffffff,stroke:#86897f", "deliverable": "#fbfaf6,stroke:#86897f", "option": "#fbfaf6,stroke:#86897f",
	"activity": "#1d211e,color:#fbfaf6", "step": "#e3efe8", "story": "#fbfaf6,stroke:#86897f",
}

// quoted writes a YAML string, of which JSON is one form.
func quoted(text string) []byte {
	data, err := json.Marshal(text)
	if err != nil {
		return []byte(`""`) // a string always marshals
	}
	return data
}

// mermaidText escapes what would end a label or start markup: Mermaid has entities for it.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range valid(text) {
		if strings.ContainsRune("\"<>&#;`[]{}()|\\*_~", r) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
