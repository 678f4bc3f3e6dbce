package markdown

import (
	"cmp"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"

	"waymark/generator/diag"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/recall"
	"waymark/generator/internal/sheet"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/storymap"
)

// MapBlock is a map that stands in a page. One of Impact and Story is set.
type MapBlock struct {
	Impact   *impactmap.Map
	Story    *storymap.Map
	Links    map[string]int // the links in its cards: by target, their place in Document.Links
	Heading  int            // the level that headings inside it have
	Problems diag.List      // the errors in it: it must not be published, but may be shown to its author
	Fence    Fence
	ID       string // the one that its author gave, or else one made of its title, or of its file's name
	Named    bool   // whether its author gave it
}

// Title returns the map's title as plain text, or "".
func (m MapBlock) Title() string {
	if m.Impact != nil {
		return outline.Plain(m.Impact.Title)
	}
	return outline.Plain(m.Story.Title)
}

// Kind returns what opens the block: impact-map or story-map.
func (m MapBlock) Kind() string {
	if m.Impact != nil {
		return impactmap.Kind
	}
	return storymap.Kind
}

// Pos returns where the block begins.
func (m MapBlock) Pos() diag.Position {
	if m.Impact != nil {
		return m.Impact.Pos
	}
	return m.Story.Pos
}

// Embed returns the map or card that the block shows in place of cards of its own.
func (m MapBlock) Embed() outline.Reference {
	if m.Impact != nil {
		return m.Impact.Embed
	}
	return m.Story.Embed
}

// Typed returns the block as it was typed.
func (m MapBlock) Typed() *outline.Outline {
	if m.Impact != nil {
		return m.Impact.Typed
	}
	return m.Story.Typed
}

// Version finds the block of a document that another version of it has: by its id, or, where any will do, as the only one of
// its kind. It returns nil where there is none.
func (d *Document) Version(of *MapBlock, anyID bool) *MapBlock {
	var same []*MapBlock
	for i := range d.Maps {
		block := &d.Maps[i]
		if block.Kind() != of.Kind() || block.Embed().Map != "" {
			continue
		}
		if block.ID == of.ID {
			return block
		}
		same = append(same, block)
	}
	if anyID && len(same) == 1 {
		return same[0]
	}
	return nil
}

// isMap reports whether a fence opens a map.
func isMap(language string) bool {
	language = strings.ToLower(language)
	return language == impactmap.Kind || language == storymap.Kind
}

// mapBlock reads a map, and leaves a hole for it.
func (p *preparer) mapBlock(n *ast.FencedCodeBlock, info fenceInfo) {
	typed := p.block(n)
	block := MapBlock{Links: map[string]int{}, Heading: typed.heading, Fence: typed.fence}
	id, list := mapID(info.rest, typed.opening)
	block.ID, block.Named = id, id != ""
	for _, line := range typed.lines {
		p.mapped += len(line.Text)
	}
	if p.mapped > maxMapped {
		p.errorf(typed.opening, "too-much", "put some of them on pages of their own", "the maps of this page have %d bytes, and at most %d are read", p.mapped, maxMapped)
		return
	}
	if !typed.closed {
		list.Add(outline.Problem(diag.Error, typed.opening, "end it with a line of ```", "this block is never closed"))
	}
	var problems diag.List
	if strings.EqualFold(info.language, impactmap.Kind) {
		block.Impact, problems = impactmap.Parse(id, typed.opening, typed.lines, p.maps)
	} else {
		block.Story, problems = storymap.Parse(id, typed.opening, typed.lines, p.maps)
	}
	if !list.HasErrors() {
		list.Add(problems...)
	}
	block.ID = outline.Clip(cmp.Or(id, slug.Make(block.Title()), slug.Make(pageName(p.doc.Path)), "map"))
	for _, d := range list {
		if d.Severity == diag.Error {
			block.Problems.Add(d)
		}
	}
	p.list.Add(list...)
	p.mapTexts(&block)
	p.doc.Maps = append(p.doc.Maps, block)
	setHole(n, p.hole(Link{Kind: MapHole, Block: len(p.doc.Maps) - 1, Pos: typed.opening}))
}

// mapID reads what stands behind the kind of a map.
func mapID(rest string, pos diag.Position) (string, diag.List) {
	id := slug.Make(rest)
	if rest != "" && id != slug.Fold(rest) {
		return "", diag.List{outline.Problem(diag.Error, pos, "write one word in small letters, such as \""+id+"\", and title: below it", "%q cannot stand in an address", rest)}
	}
	return id, nil
}

// pageName returns the last part of a page's path.
func pageName(docPath string) string {
	name := strings.TrimSuffix(docPath, path.Ext(docPath))
	if path.Base(name) == "index" {
		name = path.Dir(name)
	}
	return path.Base(name)
}

// nearMap warns of a fence that was probably meant to be a map, or another block of ours.
func (p *preparer) nearMap(n ast.Node, info fenceInfo) {
	for _, kind := range []string{quiz.Fence, recall.Fence, string(sheet.Checklist), string(sheet.Worksheet)} {
		plain := strings.TrimSuffix(strings.ToLower(info.language), "s")
		if plain != kind && (diag.OneSlip(plain, kind) || kind == quiz.Fence && (plain == "question" || plain == "quizze")) {
			p.list.Add(outline.Problem(diag.Warning, p.at.position(openingLine(n, p.source)), "did you mean \""+kind+"\"?", "%q is not a kind of block, and is shown as code", info.language))
			return
		}
	}
	kinds := []string{impactmap.Kind, storymap.Kind}
	names := []string{info.language}
	if first, _, _ := strings.Cut(info.rest, " "); first != "" {
		names = append(names, info.language+" "+first)
	}
	for _, name := range names {
		plain := strings.TrimSuffix(strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(name)), "s")
		if kind := diag.Nearest(plain, kinds); kind != "" && strings.HasSuffix(plain, "map") && !strings.HasPrefix(plain, "import") {
			p.list.Add(outline.Problem(diag.Warning, p.at.position(openingLine(n, p.source)), "did you mean \""+kind+"\"?", "%q is not a kind of block, and is shown as code", name))
			return
		}
	}
}

// mapTexts takes the links and the plain words out of all texts of a map.
func (p *preparer) mapTexts(block *MapBlock) {
	link := func(target string, pos diag.Position) {
		if _, known := block.Links[target]; known {
			return
		}
		if LinkScheme(target) == Forbidden {
			p.warnf(pos, "bad-link", "link to a page of the site, or with https:, mailto: or tel:", "%q is not a kind of link that is published", shorten(target))
			return
		}
		block.Links[target] = p.hole(Link{Kind: Anchor, Target: target, Pos: pos})
	}
	text := func(text string, pos diag.Position) {
		for _, s := range outline.Spans(text) {
			p.plain.WriteString(s.Text)
			if s.Mark == outline.Link {
				at := pos
				at.Col += s.At
				link(s.Target, at)
			}
		}
		p.plain.WriteByte(' ')
	}
	field := func(f outline.Field) {
		spans := outline.Spans(f.Text)
		if f.Key == "link" && (len(spans) != 1 || spans[0].Mark != outline.Link) {
			link(f.Text, f.TextPos)
			return
		}
		text(f.Text, f.TextPos)
	}
	typed := block.Typed()
	for _, f := range typed.Header {
		field(f)
	}
	var cards func([]*outline.Card)
	cards = func(list []*outline.Card) {
		for _, c := range list {
			text(c.Text, c.TextPos)
			for _, d := range c.Details {
				field(d)
			}
			for _, n := range c.Notes {
				if n.Kind == outline.Pair {
					field(outline.Field{Key: n.Key, Text: n.Value, TextPos: n.Pos})
				}
			}
			cards(c.Children)
		}
	}
	cards(typed.Cards)
}
