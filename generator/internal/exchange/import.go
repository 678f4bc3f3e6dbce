package exchange

import (
	"bytes"
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/storymap"
)

// Imported is a map that another program wrote, ready to be formatted as a block.
type Imported struct {
	Kind, ID string
	Outline  *outline.Outline
	Missing  []string // what rows name as their parents, and no row is: these stand where they would without
}

const (
	impactKind = impactmap.Kind
	storyKind  = storymap.Kind
)

// maxImport is how many bytes are read.
const maxImport = 8 << 20

// Import reads a file of another program. The form follows from the name and the beginning of the file: OPML, CSV, a
// Markdown story map in MozaicWorks' form ("# Map", "## Activity", "### Task", "#### Story"), or else an outline of
// headings, bullets, or lines that are indented. kind is "impact-map" or "story-map", or "" to take what the file looks
// like. Words that are no slice, persona, phase or other thing of a map become notes. phases are the names of the
// journey's.
func Import(name string, data []byte, kind string, phases []string) (Imported, error) {
	if len(data) > maxImport {
		return Imported{}, fmt.Errorf("%s has %d bytes, and at most %d are read", name, len(data), maxImport)
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return Imported{}, fmt.Errorf("%s is not text in UTF-8 (save it as UTF-8)", name)
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data))
	read, err := reader(name, text)
	if err != nil {
		return Imported{}, err
	}
	m, err := read(text)
	if err != nil {
		return Imported{}, fmt.Errorf("read %s: %w", name, err)
	}
	if len(m.Outline.Cards) == 0 {
		return Imported{}, fmt.Errorf("read %s: there is no card in it (an outline has a line for each card, a CSV a row)", name)
	}
	m.Kind = cmp.Or(kind, m.Kind, guess(m.Outline))
	m.ID = cmp.Or(m.ID, slug.Make(strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))))
	rules := storymap.Rules()
	if m.Kind == impactKind {
		rules = impactmap.Rules()
	}
	if flatten(m.Outline.Cards, 0, len(rules.Levels)); count(m.Outline.Cards) > outline.MaxCards {
		return Imported{}, fmt.Errorf("%s has more than %d cards (split it into several maps)", name, outline.MaxCards)
	}
	tidy(m, rules, phases)
	return m, nil
}

// reader chooses how a file is read.
func reader(name, text string) (func(string) (Imported, error), error) {
	first, _, _ := strings.Cut(text, "\n")
	header := strings.FieldsFunc(strings.ToLower(first), func(r rune) bool { return strings.ContainsRune(",;\t", r) })
	titled := slices.ContainsFunc(header, func(cell string) bool { return slices.Contains(headings["text"], strings.Trim(cell, `" `)) })
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case slices.Contains([]string{".json", ".svg", ".mermaid", ".yaml"}, ext):
		return nil, fmt.Errorf("%s is not a form that is read (there are OPML, CSV, Markdown and outlines)", name)
	case ext == ".opml" || strings.HasPrefix(strings.TrimSpace(text), "<"):
		return fromOPML, nil
	case ext == ".csv" || ext == ".tsv" || len(header) > 1 && titled:
		return fromCSV, nil
	case mapSection.MatchString(text):
		return fromMarkdown, nil
	case strings.HasPrefix(text, "---\n") || strings.HasPrefix(text, "```"):
		return nil, fmt.Errorf("%s is a page or a block already (an outline has a line for each card)", name)
	}
	return fromOutline, nil
}

func count(cards []*outline.Card) int {
	n := len(cards)
	for _, c := range cards {
		n += count(c.Children)
	}
	return n
}

// guess takes an outline of four levels for an impact map, unless its cards have boxes to tick.
func guess(o *outline.Outline) string {
	if depth(o.Cards) > 3 && !boxed(o.Cards) {
		return impactKind
	}
	return storyKind
}

func boxed(cards []*outline.Card) bool {
	return slices.ContainsFunc(cards, func(c *outline.Card) bool { return c.Box != outline.NoBox || boxed(c.Children) })
}

func depth(cards []*outline.Card) int {
	most := 0
	for _, c := range cards {
		most = max(most, 1+depth(c.Children))
	}
	return most
}

// status words of other programs, and the boxes they become.
var boxes = map[string]outline.Box{
	"done": outline.DoneBox, "closed": outline.DoneBox, "resolved": outline.DoneBox, "complete": outline.DoneBox, "completed": outline.DoneBox, "x": outline.DoneBox,
	"doing": outline.DoingBox, "in-progress": outline.DoingBox, "started": outline.DoingBox, "active": outline.DoingBox, "in-review": outline.DoingBox, "blocked": outline.DoingBox,
	"dropped": outline.DroppedBox, "cancelled": outline.DroppedBox, "canceled": outline.DroppedBox, "wont-do": outline.DroppedBox, "won-t-do": outline.DroppedBox,
}

func setStatus(c *outline.Card, status string) {
	status = slug.Make(status)
	if b, known := boxes[status]; known {
		c.Box = b
	}
	switch status {
	case "blocked":
		addDetail(c, "note", "blocked")
	case "idea":
		c.Notes = append(c.Notes, outline.Note{Key: "status", Value: "idea"})
	}
}

// newCard returns a card with a plain text.
func newCard(text string) *outline.Card {
	text = outline.Escape(strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, text))
	if text == "" {
		text = "(no name)"
	}
	return &outline.Card{Text: text}
}

// maxDetail bounds the text of one detail; what is beyond is left out.
const maxDetail = 2_000

// addDetail adds a plain text. An address that cannot be published is a remark.
func addDetail(c *outline.Card, key, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if key == "link" && !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "mailto:") {
		key, text = "note", "link: "+text
	}
	if key != "link" {
		text = newCard(text).Text
	}
	for i := range c.Details {
		d := &c.Details[i]
		if d.Key != key {
			continue
		}
		if len(d.Text) < maxDetail {
			d.Text += "; " + text
		}
		return
	}
	c.Details = append(c.Details, outline.Field{Key: key, Text: strings.Join(strings.Fields(text), " ")})
}

// name makes a text fit for a note: no comma, colon, bar or bracket, and no comment.
func name(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(",", " ", ":", " ", "|", " ", "//", " / ", "[", " ", "]", " ", " - ", " ", " – ", " ", " — ", " ", "#", " ", "->", " ", "→", " ").Replace(text)), " ")
}

// builder collects header lines, each once.
type builder struct {
	out  *outline.Outline
	seen map[string]bool
}

// maxHeader bounds how many slices and personas an import declares; what is beyond becomes notes.
const maxHeader = 90

func newBuilder() *builder { return &builder{out: &outline.Outline{}, seen: map[string]bool{}} }

// header declares a title, a person, a slice or a map. Names are as notes may hold them; about is any text.
func (b *builder) header(key, name, about string) {
	name = strings.Join(strings.Fields(name), " ")
	k := key + " " + slug.Fold(name)
	if name == "" || b.seen[k] {
		return
	}
	b.seen[k] = true
	if key == "title" {
		name = newCard(name).Text
	}
	if about = strings.Join(strings.Fields(about), " "); about != "" {
		name += " - " + newCard(about).Text
	}
	b.out.Header = append(b.out.Header, outline.Field{Key: key, Text: name})
}

// note adds a word to a card that the header declares: a slice or a persona.
func (b *builder) note(c *outline.Card, key, text string) {
	if n := name(text); n != "" {
		if len(b.out.Header) < maxHeader {
			b.header(key, n, "")
		}
		c.Notes = append(c.Notes, outline.Note{Key: key, Value: n})
	}
}

// fields takes over what our own exports write beside a card's text.
func (b *builder) fields(c *outline.Card, get func(string) string) {
	if id := slug.Make(get("id")); id != "" && id != slug.Make(outline.Plain(c.Text)) {
		c.Notes = append(c.Notes, outline.Note{Kind: outline.ID, Value: id})
	}
	for _, key := range []string{"role", "effect"} {
		if v := name(get(key)); v != "" {
			c.Notes = append(c.Notes, outline.Note{Key: key, Value: v})
		}
	}
	slice := get("slice")
	if slice != "" && slug.Fold(slice) != "not yet planned" {
		b.note(c, "slice", slice)
	}
	if phase := name(get("phase")); phase != "" && slice == "" {
		c.Notes = append(c.Notes, outline.Note{Key: "phase", Value: phase})
	}
	for _, p := range strings.Split(get("persona"), ",") {
		b.note(c, "persona", p)
	}
	for _, r := range strings.Split(get("for"), ",") {
		if r = name(r); r != "" {
			if m, _, found := strings.Cut(r, "/"); found {
				b.header("impact-map", m, "")
			}
			c.Notes = append(c.Notes, outline.Note{Kind: outline.Ref, Value: r})
		}
	}
	for _, key := range []string{"metric", "baseline", "target", "now", "assumption", "test", "size", "owner", "note", "link"} {
		addDetail(c, key, get(key))
	}
	for text := range strings.SplitSeq(get("readings"), "; ") { // what a measure was at other times
		if text = strings.TrimSpace(text); text != "" && text != strings.ReplaceAll(get("now"), "; ", ", ") {
			c.Details = append(c.Details, outline.Field{Key: "now", Text: newCard(text).Text})
		}
	}
}

// Block writes an imported map as a block, fence and all.
func (m Imported) Block() string {
	open := "```" + m.Kind
	if m.ID != "" {
		open += " " + m.ID
	}
	return open + "\n" + outline.Format(m.Outline) + "```\n"
}
