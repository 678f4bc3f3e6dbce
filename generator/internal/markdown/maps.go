package markdown

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"waymark/generator/diag"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/outline"
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

// Fence is where the lines of a block stand in its file: the bytes from Start to Stop, each line behind Prefix.
type Fence struct {
	Start, Stop int
	Prefix      string
}

// isMap reports whether a fence opens a map.
func isMap(language string) bool {
	language = strings.ToLower(language)
	return language == impactmap.Kind || language == storymap.Kind
}

// mapBlock reads a map, and leaves a hole for it.
func (p *preparer) mapBlock(n *ast.FencedCodeBlock, info fenceInfo) {
	opening := p.at.position(openingLine(n, p.source))
	block := MapBlock{Links: map[string]int{}, Heading: 2, Fence: p.fence(n)}
	if h := p.doc.Headings; len(h) > 0 {
		block.Heading = min(h[len(h)-1].Level+1, 6)
	}
	id, list := mapID(info.rest, opening)
	block.ID, block.Named = id, id != ""
	var lines []outline.Line
	if closed(n, p.source) {
		lines = p.lines(n)
	} else {
		list.Add(outline.Problem(diag.Error, opening, "end it with a line of ```", "this block is never closed"))
	}
	var problems diag.List
	if strings.EqualFold(info.language, impactmap.Kind) {
		block.Impact, problems = impactmap.Parse(id, opening, lines, p.maps)
	} else {
		block.Story, problems = storymap.Parse(id, opening, lines, p.maps)
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
	setHole(n, p.hole(Link{Kind: MapHole, Block: len(p.doc.Maps) - 1, Pos: opening}))
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

// nearMap warns of a fence that was probably meant to be a map.
func (p *preparer) nearMap(n ast.Node, info fenceInfo) {
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

// lines returns the lines of a block as they were typed, without the lists and quotes that the block stands in. CommonMark
// also takes away as much space as stands before the fence, which would move the cards that have less.
func (p *preparer) lines(n ast.Node) []outline.Line {
	spaced := p.spaced(n)
	lines := make([]outline.Line, 0, n.Lines().Len())
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		begin := lineBegin(p.source, s.Start)
		raw := strings.TrimRight(string(p.source[begin:s.Stop]), "\r\n")
		text := inside(n, raw, spaced)
		lines = append(lines, outline.Line{Text: text, Pos: p.at.position(begin + len(raw) - len(text))})
	}
	return lines
}

func lineBegin(source []byte, at int) int { return bytes.LastIndexByte(source[:at], '\n') + 1 }

// spaced reports whether every line of a block has a space behind the marks of the quotes that it stands in.
func (p *preparer) spaced(n ast.Node) bool {
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		if line := inside(n, string(p.source[lineBegin(p.source, s.Start):s.Stop]), false); strings.TrimSpace(line) != "" && line[0] != ' ' {
			return false
		}
	}
	return true
}

// containers returns the lists and quotes that a block stands in, from the outermost.
func containers(n ast.Node) []ast.Node {
	var out []ast.Node
	for above := n.Parent(); above != nil; above = above.Parent() {
		if k := above.Kind(); k == ast.KindListItem || k == ast.KindBlockquote {
			out = append(out, above)
		}
	}
	slices.Reverse(out)
	return out
}

// inside takes what belongs to the lists and quotes around a block off one of its lines.
func inside(n ast.Node, line string, spaced bool) string {
	for _, c := range containers(n) {
		item, list := c.(*ast.ListItem)
		if !list {
			if rest, found := strings.CutPrefix(strings.TrimLeft(line, " "), ">"); found {
				line = rest
				if spaced {
					line = strings.TrimPrefix(line, " ")
				}
			}
			continue
		}
		for column := 0; column < item.Offset && line != "" && (line[0] == ' ' || line[0] == '\t'); line = line[1:] {
			if column++; line[0] == '\t' {
				column += 3
			}
		}
	}
	return line
}

// fence finds the lines of a block, and what is to stand before each when it is written again.
func (p *preparer) fence(n ast.Node) Fence {
	count := n.Lines().Len()
	if count == 0 {
		return Fence{}
	}
	f := Fence{Start: p.at.base + lineBegin(p.source, n.Lines().At(0).Start), Stop: p.at.base + n.Lines().At(count-1).Stop}
	for _, c := range containers(n) {
		if item, list := c.(*ast.ListItem); list {
			f.Prefix += strings.Repeat(" ", item.Offset)
		} else {
			f.Prefix += "> "
		}
	}
	opening := openingLine(n, p.source)
	if begin := string(p.source[lineBegin(p.source, opening):opening]); strings.Trim(begin, " >") == "" {
		f.Prefix += inside(n, begin, true)
	}
	return f
}

// openingLine returns where the fence of a block stands.
func openingLine(n ast.Node, source []byte) int {
	at := n.Pos()
	if f, ok := n.(*ast.FencedCodeBlock); ok && f.Info != nil {
		at = f.Info.Segment.Start
	}
	begin := bytes.LastIndexByte(source[:at], '\n') + 1
	if fence := bytes.IndexAny(source[begin:], "`~"); fence >= 0 {
		return begin + fence
	}
	return begin
}

// closed reports whether a block has a closing fence: goldmark takes the end of the text for one, and the end of the
// list or quote that the block stands in. A fence inside of it opens the next block, and should have closed this one.
func closed(n ast.Node, source []byte) bool {
	opening := openingLine(n, source)
	fence := source[opening : opening+3]
	var stop int
	if count := n.Lines().Len(); count > 0 {
		for i := range count {
			line := n.Lines().At(i)
			if bytes.HasPrefix(bytes.TrimLeft(line.Value(source), " \t"), fence) {
				return false
			}
		}
		stop = n.Lines().At(count - 1).Stop
	} else if line := bytes.IndexByte(source[opening:], '\n'); line >= 0 {
		stop = opening + line + 1
	} else {
		return false
	}
	line, _, _ := bytes.Cut(source[stop:], []byte("\n"))
	inner := bytes.TrimLeft(line, " \t>")
	if len(inner) < 3 || len(bytes.Trim(inner, string(fence[:1])+" \t\r")) > 0 {
		return false
	}
	return within(n, string(line[:len(line)-len(inner)]))
}

// within reports whether a line with this beginning belongs to the lists and quotes that a block stands in.
func within(n ast.Node, begin string) bool {
	indent, quotes := 0, 0
	for above := n.Parent(); above != nil; above = above.Parent() {
		switch above := above.(type) {
		case *ast.ListItem:
			indent += above.Offset
		case *ast.Blockquote:
			quotes++
		}
	}
	return strings.Count(begin, ">") >= quotes && (quotes > 0 || len(strings.ReplaceAll(begin, "\t", "    ")) >= indent)
}
