package exchange

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
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

// flatten gives each card its level; what lies deeper than the map has levels moves up beside its parent.
func flatten(cards []*outline.Card, level, levels int) {
	for _, c := range cards {
		c.Level = level
		if level+1 == levels {
			continue
		}
		if level+2 == levels {
			var all []*outline.Card
			for _, child := range c.Children {
				all = append(all, branch(child)...)
			}
			c.Children = all
		}
		flatten(c.Children, level+1, levels)
	}
}

// branch returns a card and all below it, side by side.
func branch(c *outline.Card) []*outline.Card {
	all := []*outline.Card{c}
	for _, child := range c.Children {
		all = append(all, branch(child)...)
	}
	c.Children = nil
	return all
}

// words are those that notes may hold, each with the kinds that it can be of.
type words map[string][]string

func (w words) add(kind, word string) { w[outline.Fold(word)] = append(w[outline.Fold(word)], kind) }

// levels says on which levels each kind of word may stand.
var levels = map[string]map[string][]int{
	storyKind:  {"slice": {2}, "persona": {0, 1, 2}, "phase": {2}, "status": {0, 1, 2}},
	impactKind: {"role": {1}, "effect": {1, 2}, "phase": {2, 3, 4}, "status": {0, 1, 2, 3, 4}},
}

// tidy makes notes of all that the map has no place for.
func tidy(m Imported, rules outline.Rules, phases []string) {
	known := words{}
	for kind, list := range map[string][]string{
		"role": {"primary", "secondary", "off-stage"}, "effect": {"helps", "hinders"}, "status": {"idea", "to do", "doing", "done", "dropped"}, "phase": phases,
	} {
		for _, w := range list {
			known.add(kind, w)
		}
	}
	m.Outline.Header = slices.DeleteFunc(m.Outline.Header, func(f outline.Field) bool { return !slices.Contains(rules.Header, f.Key) })
	slices.SortStableFunc(m.Outline.Header, func(a, b outline.Field) int {
		return slices.Index(rules.Header, a.Key) - slices.Index(rules.Header, b.Key)
	})
	once := map[string]bool{}
	m.Outline.Header = slices.DeleteFunc(m.Outline.Header, func(f outline.Field) bool {
		twice := once[f.Key] && slices.Contains(rules.Once, f.Key)
		once[f.Key] = true
		return twice
	})
	ids := map[string]bool{}
	for _, f := range m.Outline.Header {
		name, _, _ := strings.Cut(f.Text, " - ")
		if f.Key == "slice" {
			ids[slug.Make(name)] = true
		}
		if f.Key == "slice" || f.Key == "persona" {
			known.add(f.Key, name)
		}
	}
	var walk func(cards []*outline.Card)
	walk = func(cards []*outline.Card) {
		for _, c := range cards {
			tidyCard(c, m.Kind, rules.Details[c.Level], known, ids)
			walk(c.Children)
		}
	}
	walk(m.Outline.Cards)
}

func tidyCard(c *outline.Card, kind string, details []string, known words, ids map[string]bool) {
	typed, notes := c.Details, c.Notes
	c.Details, c.Notes = nil, nil
	remark := func(key, text string) { // the text is escaped
		if key != "note" {
			text = key + ": " + text
		}
		for i := range c.Details {
			if d := &c.Details[i]; d.Key == "note" {
				d.Text += "; " + text
				return
			}
		}
		c.Details = append(c.Details, outline.Field{Key: "note", Text: text})
	}
	seen := map[string]bool{}
	for _, n := range notes {
		switch {
		case n.Kind == outline.ID:
			if !ids[n.Value] {
				ids[n.Value] = true
				c.Notes = append(c.Notes, n)
			}
		case n.Kind == outline.Ref:
			if kind == storyKind && strings.Contains(n.Value, "/") {
				c.Notes = append(c.Notes, n)
			} else {
				remark("for", newCard(n.Value).Text)
			}
		case slices.Contains(levels[kind][n.Key], c.Level) && slices.Contains(known[outline.Fold(n.Value)], n.Key) && (!seen[n.Key] || n.Key == "persona"):
			if len(known[outline.Fold(n.Value)]) > 1 {
				n.Kind = outline.Pair // which of the two it is must be said
			}
			c.Notes = append(c.Notes, n)
		default:
			remark(n.Key, newCard(n.Value).Text)
		}
		seen[n.Key] = true
	}
	for _, d := range typed {
		if slices.Contains(details, d.Key) && d.Key != "note" {
			c.Details = append(c.Details, d)
		} else {
			remark(d.Key, d.Text)
		}
	}
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

// name makes a text fit for a note: no comma, colon or bracket.
func name(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(",", " ", ":", " ", "[", " ", "]", " ", " - ", " ", " – ", " ", " — ", " ", "#", " ", "->", " ", "→", " ").Replace(text)), " ")
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

var (
	mapSection = regexp.MustCompile(`(?mi)^#[ \t]+map[ \t]*$`)
	inlineNote = regexp.MustCompile(`\[([\w -]+)::?[ \t]*([^\]]*)\]`)
)

// fromMarkdown reads a story map as MozaicWorks' storymap writes it. A line of --- under a task begins its next release.
//
// Source: the README of github.com/MozaicWorks/storymap.
func fromMarkdown(text string) (Imported, error) {
	b := newBuilder()
	var releases []string
	var about []string // the description of the release or persona being read
	var section, current string
	release := 0
	var story *outline.Card
	end := func() {
		if current != "" {
			b.header(map[string]string{"releases": "slice", "personas": "persona"}[section], current, strings.Join(about, " "))
		}
		current, about = "", nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		level := len(line) - len(strings.TrimLeft(line, "#"))
		heading := strings.TrimSpace(strings.TrimLeft(line, "#"))
		switch {
		case level == 1:
			end()
			section = strings.ToLower(heading)
		case section == "releases" && level == 2:
			end()
			current = name(heading)
			releases = append(releases, current)
		case section == "personas" && level == 2:
			end()
			current = name(heading)
		case (section == "releases" || section == "personas") && line != "":
			if plain := strings.Trim(line, "-* "); plain != "" && !strings.HasPrefix(line, "!") && !strings.HasPrefix(line, "[") {
				about = append(about, strings.NewReplacer("**", "").Replace(plain))
			}
		case section != "map":
		case level == 2:
			story = nil
			b.out.Cards = append(b.out.Cards, newCard(heading))
		case level == 3:
			story, release = nil, 0
			last(&b.out.Cards).Children = append(last(&b.out.Cards).Children, newCard(heading))
		case level == 4:
			activity := last(&b.out.Cards)
			story = b.story(heading)
			if release < len(releases) {
				story.Notes = append(story.Notes, outline.Note{Key: "slice", Value: releases[release]})
			}
			task := last(&activity.Children)
			task.Children = append(task.Children, story)
		case strings.Trim(line, "-") == "" && len(line) >= 3:
			release++
			story = nil
		case story != nil && line != "":
			addDetail(story, "note", strings.TrimLeft(line, "-* "))
		}
	}
	end()
	return Imported{Kind: storyKind, Outline: b.out}, nil
}

// last returns the last card, and makes one where there is none.
func last(cards *[]*outline.Card) *outline.Card {
	if len(*cards) == 0 {
		*cards = append(*cards, newCard(""))
	}
	return (*cards)[len(*cards)-1]
}

// story reads a heading with its fields: Sign in [status:: done] [persona:: Margie].
func (b *builder) story(heading string) *outline.Card {
	c := newCard(inlineNote.ReplaceAllString(heading, ""))
	for _, g := range inlineNote.FindAllStringSubmatch(heading, -1) {
		switch key := strings.ToLower(strings.TrimSpace(g[1])); key {
		case "status":
			setStatus(c, g[2])
		case "persona":
			b.note(c, "persona", g[2])
		case "size", "owner":
			addDetail(c, key, g[2])
		default:
			addDetail(c, "note", key+": "+g[2])
		}
	}
	return c
}

func fromOPML(text string) (Imported, error) {
	var doc opml
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	if err := decoder.Decode(&doc); err != nil {
		return Imported{}, fmt.Errorf("this is not OPML: %w", err)
	}
	b := newBuilder()
	b.header("title", doc.Title, "")
	kind := ""
	for _, o := range doc.Body {
		if level := o.attr("level"); level == "goal" {
			kind = impactKind
		} else if level == "activity" {
			kind = storyKind
		}
		b.out.Cards = append(b.out.Cards, b.fromOutline(o, 0))
	}
	return Imported{Kind: kind, Outline: b.out}, nil
}

func (o opmlOutline) attr(name string) string {
	for _, a := range o.Attrs {
		if strings.TrimPrefix(a.Name.Local, "_") == name {
			return a.Value
		}
	}
	return ""
}

// maxDepth bounds how deep an outline is followed.
const maxDepth = 100

func (b *builder) fromOutline(o opmlOutline, level int) *outline.Card {
	c := newCard(o.Text)
	setStatus(c, o.attr("status"))
	b.fields(c, o.attr)
	if level < maxDepth {
		for _, child := range o.Children {
			c.Children = append(c.Children, b.fromOutline(child, level+1))
		}
	}
	return c
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
}

// headings that trackers give the columns that matter, in small letters.
var headings = map[string][]string{
	"id": {"id", "issue key", "key", "issue id", "number"}, "parent": {"parent", "parent id", "parent key", "parent link", "epic link"},
	"type": {"type", "issue type", "work item type"}, "text": {"summary", "title", "name", "card name", "story", "user story"},
	"activity": {"activity", "epic", "epic name", "feature", "theme"}, "step": {"step", "task", "backbone", "component", "component/s", "list name"},
	"slice": {"slice", "release", "fix version", "fix version/s", "fix versions", "milestone", "iteration", "sprint"}, "status": {"status", "state"},
	"persona": {"persona", "user", "role"}, "size": {"size", "story points", "estimate", "points"}, "owner": {"owner", "assignee", "assigned to"},
	"note": {"note", "description", "notes"}, "link": {"link", "url"}, "phase": {"phase"}, "for": {"for"},
	"effect": {"effect"}, "metric": {"metric"}, "baseline": {"baseline"}, "target": {"target"}, "now": {"now"}, "assumption": {"assumption"}, "test": {"test"},
}

// fromCSV reads a tracker's export: rows that name their parents, or rows of stories with an activity and a step each.
func fromCSV(text string) (Imported, error) {
	first, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for _, comma := range []rune{';', '\t'} {
		if strings.Count(first, string(comma)) > strings.Count(first, ",") {
			r.Comma = comma
		}
	}
	rows, err := r.ReadAll()
	if err != nil {
		return Imported{}, fmt.Errorf("this is not CSV: %w", err)
	}
	if len(rows) == 0 {
		return Imported{}, errors.New("the file is empty")
	}
	at := map[string]int{}
	for key, names := range headings {
		for i, cell := range rows[0] {
			if _, known := at[key]; !known && slices.Contains(names, strings.ToLower(strings.TrimSpace(cell))) {
				at[key] = i
			}
		}
	}
	if _, known := at["text"]; !known {
		return Imported{}, fmt.Errorf("no column holds the cards' texts (name one Summary or Title; there are %s)", strings.Join(rows[0], ", "))
	}
	b := newBuilder()
	t := &table{builder: b, at: at, byID: map[string]*outline.Card{}, names: map[*[]*outline.Card]map[string]*outline.Card{}}
	for _, row := range rows[1:] {
		t.row(row)
	}
	t.place()
	return Imported{Kind: t.kind, Outline: b.out}, nil
}

// table is a CSV file that is being read.
type table struct {
	*builder
	at    map[string]int
	byID  map[string]*outline.Card
	cards []tableCard
	kind  string
	names map[*[]*outline.Card]map[string]*outline.Card // the cards that were made for columns, by where they stand
}

type tableCard struct {
	card                   *outline.Card
	parent, activity, step string
	leaf                   bool // whether it is a story, wherever it stands
}

func (t *table) row(row []string) {
	get := func(key string) string {
		if i, known := t.at[key]; known && i < len(row) {
			return unguarded(strings.TrimSpace(row[i]))
		}
		return ""
	}
	if strings.TrimSpace(get("text")) == "" {
		return
	}
	c := newCard(get("text"))
	leaf := false
	switch strings.ToLower(get("type")) {
	case "goal", "actor", "impact", "deliverable":
		t.kind = impactKind
	case "activity", "step":
		t.kind = storyKind
	case "story", "user story", "bug", "issue", "improvement", "new feature":
		t.kind, leaf = storyKind, true
	}
	setStatus(c, get("status"))
	t.fields(c, func(key string) string {
		if key == "role" {
			if t.kind == impactKind {
				return get("persona")
			}
			return ""
		}
		if key == "persona" && t.kind == impactKind {
			return ""
		}
		return get(key)
	})
	if id := get("id"); id != "" {
		t.byID[id] = c
	}
	t.cards = append(t.cards, tableCard{c, get("parent"), get("activity"), get("step"), leaf})
}

// place puts each card below its parent, or else below its activity and step. A card that would stand below itself
// stands at the top.
func (t *table) place() {
	parent := map[*outline.Card]*outline.Card{}
	for _, c := range t.cards {
		p := t.byID[c.parent]
		steps := 0
		for above := p; above != nil; above = parent[above] {
			if steps++; above == c.card || steps > maxDepth {
				p = nil
				break
			}
		}
		if p == nil && (c.activity != "" || c.step != "" || c.leaf) {
			p = t.named(&t.out.Cards, c.activity)
			p = t.named(&p.Children, c.step)
		} else if p != nil && c.leaf && parent[p] == nil {
			p = t.named(&p.Children, c.step) // trackers know no steps
		}
		parent[c.card] = p
		if p == nil {
			t.out.Cards = append(t.out.Cards, c.card)
		} else {
			p.Children = append(p.Children, c.card)
		}
	}
}

// named returns the card with a text, and adds one where there is none.
func (t *table) named(cards *[]*outline.Card, text string) *outline.Card {
	c := newCard(text)
	if known := t.names[cards][c.Text]; known != nil {
		return known
	}
	if t.names[cards] == nil {
		t.names[cards] = map[string]*outline.Card{}
		for _, other := range *cards {
			t.names[cards][other.Text] = other
		}
	}
	if known := t.names[cards][c.Text]; known != nil {
		return known
	}
	t.names[cards][c.Text] = c
	*cards = append(*cards, c)
	return c
}

// fromOutline reads headings and lines that are indented with spaces or tabs, with bullets or without. One heading alone
// at the beginning is the title.
func fromOutline(text string) (Imported, error) {
	b := newBuilder()
	type open struct {
		card   *outline.Card
		column int
	}
	var stack []open
	top := strings.Count("\n"+text, "\n# ")
	for line := range strings.Lines(text) {
		body := strings.TrimLeft(line, " \t\u00A0")
		column := 0
		for _, r := range line[:len(line)-len(body)] {
			if r == '\t' {
				column += 4
			} else {
				column++
			}
		}
		body = strings.TrimSpace(body)
		box, plain := bullet(body)
		if g := heading.FindStringSubmatch(body); g != nil {
			if len(g[1]) == 1 && top == 1 && len(b.out.Cards) == 0 {
				b.header("title", g[2], "")
				continue
			}
			box, plain, column = outline.NoBox, g[2], len(g[1])-100 // every heading is above every line
		}
		if plain == "" {
			continue
		}
		c := newCard(plain)
		c.Box = box
		for len(stack) > 0 && stack[len(stack)-1].column >= column {
			stack = stack[:len(stack)-1]
		}
		if len(stack) > maxDepth {
			stack = stack[:maxDepth]
		}
		if len(stack) == 0 {
			b.out.Cards = append(b.out.Cards, c)
		} else {
			p := stack[len(stack)-1].card
			p.Children = append(p.Children, c)
		}
		stack = append(stack, open{c, column})
	}
	return Imported{Outline: b.out}, nil
}

var heading = regexp.MustCompile(`^(#{1,6})\s+(.*)$`)

var bulletForm = regexp.MustCompile(`^(?:[-*+•–—●○■□▪▫◦‣⁃·o]|\d{1,9}[.)])\s+`)

// bullet takes the bullet and the box off a line.
func bullet(line string) (outline.Box, string) {
	line = bulletForm.ReplaceAllString(line, "")
	for _, b := range []outline.Box{outline.OpenBox, outline.DoingBox, outline.DoneBox, outline.DroppedBox} {
		if rest, found := strings.CutPrefix(strings.Replace(line, "[X]", "[x]", 1), string(b)); found {
			return b, strings.TrimSpace(rest)
		}
	}
	if strings.Trim(line, "-*_= ") == "" {
		return outline.NoBox, "" // it parts what is above from what is below
	}
	return outline.NoBox, line
}

// Block writes an imported map as a block, fence and all.
func (m Imported) Block() string {
	open := "```" + m.Kind
	if m.ID != "" {
		open += " " + m.ID
	}
	return open + "\n" + outline.Format(m.Outline) + "```\n"
}
