package markdown

import (
	"bytes"
	"cmp"
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	east "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"

	"waymark/generator/diag"
	"waymark/generator/internal/colour"
	"waymark/generator/internal/formula"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/recall"
	"waymark/generator/internal/sheet"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/words"
)

// preparer walks a parsed text once, before it is rendered: it collects what the Document needs to know, numbers the
// holes, and leaves on each node, as attributes, what the renderer is to write.
type preparer struct {
	doc        *Document
	source     []byte
	at         *lines
	policy     *bluemonday.Policy
	setter     *formula.Setter
	lexers     *colour.Lexers
	formulas   int           // so far
	setting    time.Duration // how long these took
	direction  string        // of the page
	bidi       bool          // whether it may have blocks of the other direction
	raw        bool
	ids        map[string]int // how often an id was wanted
	tables     int
	rawNodes   []ast.Node      // that have HTML
	closed     map[string]bool // the elements that something in the text closes
	rawLost    map[string]int  // elements of HTML that are not published as they are, by name
	expand     int
	mapped     int           // bytes of maps so far
	coloured   int           // how much code was coloured, in bytes and lines
	colouring  time.Duration // how long that took
	draw       bool          // whether the text will be rendered
	say        *words.Words
	fragments  goldmark.Markdown
	inner      bool // whether this is a text in a block of another one, in which no blocks of ours stand
	asked      int  // questions so far
	remembered int  // cards so far
	maps       outline.Options
	plain      bytes.Buffer // the text without its marks
	list       diag.List
}

// firstRTL is the first sign of Unicode that is written from right to left: the block of Hebrew begins with it.
const firstRTL = 0x0590

// run reports whether the text may be rendered.
func (p *preparer) run(root ast.Node, pc parser.Context) bool {
	p.containers(root)
	shift := p.takeTitle(root)
	p.doc.Summary = summary(root, p.source)
	p.bidi = p.direction == "rtl" || bytes.IndexFunc(p.source, func(r rune) bool { return r >= firstRTL && words.DirectionOf(string(r)) == "rtl" }) >= 0
	var all []ast.Node
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			all = append(all, n)
		}
		return ast.WalkContinue, nil
	})
	p.lint(all)
	for _, n := range all {
		if n.Parent() != nil && !p.tooLong() { // not taken out by a visit before
			p.visit(n, shift)
		}
	}
	p.dangling(all, pc)
	p.doc.Plain = p.plain.Bytes()
	p.doc.Words = countWords(p.doc.Plain)
	p.checkMisdecoded(all)
	p.closeRaw()
	p.reviewQuestions()
	if p.tooLong() {
		p.errorf(p.at.position(0), "too-much", "write fewer links to long addresses",
			"the links of this page expand to %d bytes", p.expand)
		return false
	}
	return true
}

func (p *preparer) visit(n ast.Node, shift int) {
	if p.bidi {
		p.direct(n)
	}
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(n, shift)
	case *ast.Link:
		p.link(n, resolve(n.Destination), resolve(n.Title), n.Pos())
	case *ast.AutoLink:
		p.link(n, string(autoTarget(n, p.source)), "", n.Pos())
	case *ast.Image:
		p.image(n)
	case *wikiLink:
		if insideLink(n) {
			return // its text stands
		}
		p.wiki(n)
	case *ast.FencedCodeBlock:
		info := ""
		if n.Info != nil {
			info = resolve(n.Info.Segment.Value(p.source))
		}
		switch fence := readFenceInfo(info); {
		case strings.EqualFold(fence.language, "math"):
			p.formula(n, string(linesOf(n, p.source)), true, n.Pos())
		case isMap(fence.language) && !p.inner:
			p.mapBlock(n, fence)
		case (strings.EqualFold(fence.language, quiz.Fence) || strings.EqualFold(fence.language, "quizdown")) && !p.inner:
			p.quizBlock(n)
		case strings.EqualFold(fence.language, recall.Fence) && !p.inner:
			p.cardBlock(n)
		case isSheet(fence.language) && !p.inner:
			p.sheetBlock(n, sheet.Kind(strings.ToLower(fence.language)))
		default:
			p.nearMap(n, fence)
			p.checkClosed(n)
			p.code(n, fence)
		}
	case *formulaNode:
		p.formula(n, n.tex, n.display, n.Pos())
	case *formulaBlock:
		p.formula(n, string(linesOf(n, p.source)), true, n.Pos())
	case *ast.CodeBlock:
		p.code(n, fenceInfo{})
	case *ast.Blockquote:
		p.alert(n)
	case *ast.Paragraph:
		figure(n)
		p.plain.WriteByte(' ')
	case *xast.Table:
		p.tables++
		n.SetAttributeString("label", p.say.Say("text.table", "n", itoa(p.tables)))
	case *xast.TaskCheckBox:
		n.SetAttributeString("label", p.say.Say(map[bool]string{true: "text.done", false: "text.todo"}[n.IsChecked]))
	case *xast.TableCell:
		p.plain.WriteByte(' ')
	case *xast.Footnote:
		p.footnote(n)
	case *ast.RawHTML:
		p.rawHTML(n, segments(n.Segments, p.source), n.Pos())
	case *ast.HTMLBlock:
		p.rawHTML(n, htmlBlock(n, p.source), n.Pos())
	case *east.Emoji:
		p.emoji(n)
	case *ast.Text:
		p.plain.Write(n.Segment.Value(p.source))
		if n.SoftLineBreak() || n.HardLineBreak() {
			p.plain.WriteByte(' ')
		}
	case *ast.String:
		p.plain.WriteString(html.UnescapeString(string(n.Value)))
	}
	if n.Type() == ast.TypeBlock {
		p.plain.WriteByte(' ')
	}
}

// emoji leaves a name between colons that stands in a word or number what it is: text.
func (p *preparer) emoji(n *east.Emoji) {
	before, isText := n.PreviousSibling().(*ast.Text)
	if !isText || before.SoftLineBreak() || before.HardLineBreak() {
		return
	}
	if last, _ := utf8.DecodeLastRune(before.Segment.Value(p.source)); unicode.IsLetter(last) || unicode.IsDigit(last) {
		n.Parent().ReplaceChild(n.Parent(), n, ast.NewString([]byte(":"+string(n.ShortName)+":")))
	}
}

// wiki numbers a link by name. What is said of a picture may be how wide it is to be.
func (p *preparer) wiki(n *wikiLink) {
	l := Link{Kind: Wiki, Target: n.target, Text: n.label, Pos: p.at.position(n.Pos())}
	if n.embed {
		l.Kind = Embed
		size, _, _ := strings.Cut(strings.ToLower(n.label), "x")
		if width, err := strconv.Atoi(strings.TrimSpace(size)); err == nil {
			l.Width, l.Text = width, ""
		}
	}
	p.plain.WriteString(cmp.Or(l.Text, n.target))
	setHole(n, p.hole(l))
}

// takeTitle finds the page's title: a heading of the first or second level that comes before all text. It is taken out, because
// the theme shows the title; what remains is moved down so that the title alone has level 1. It returns by how many levels.
func (p *preparer) takeTitle(root ast.Node) (shift int) {
	n := root.FirstChild()
	for n != nil && p.wordless(n) {
		n = n.NextSibling()
	}
	if first, ok := n.(*ast.Heading); ok && first.Level <= 2 {
		heading, _, _ := cutAttributes(plainText(first, p.source))
		if title := p.doc.Front.Title; title == "" || slug.Fold(title) == slug.Fold(heading) {
			p.doc.Heading = heading
			root.RemoveChild(root, first)
		}
	}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 1 {
			return 1
		}
	}
	return 0
}

// wordless reports whether a block shows no words: a comment, or pictures.
func (p *preparer) wordless(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.HTMLBlock:
		return strings.TrimSpace(textOfHTML(htmlBlock(n, p.source))) == ""
	case *ast.Paragraph:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			text, isText := c.(*ast.Text)
			if isText && strings.TrimSpace(string(text.Segment.Value(p.source))) == "" {
				continue
			}
			if link, isLink := c.(*ast.Link); isLink && link.ChildCount() == 1 && link.FirstChild().Kind() == ast.KindImage {
				continue
			}
			if c.Kind() != ast.KindImage && c.Kind() != ast.KindRawHTML {
				return false
			}
		}
		return true
	}
	return n.Kind() == xast.KindFootnoteList
}

var headingAttributes = regexp.MustCompile(`\s*\{((?:\s*[#.][\p{L}\p{N}_-]+)+)\s*\}\s*$`)

// cutAttributes takes "{#id .class}" off the end of a heading.
func cutAttributes(text string) (rest, id string, classes []string) {
	g := headingAttributes.FindStringSubmatchIndex(text)
	if g == nil {
		return strings.TrimSpace(text), "", nil
	}
	for _, word := range strings.Fields(strings.NewReplacer("#", " #", ".", " .").Replace(text[g[2]:g[3]])) {
		if word[0] == '#' {
			id = word[1:]
		} else {
			classes = append(classes, word[1:])
		}
	}
	return strings.TrimSpace(text[:g[0]]), id, classes
}

func (p *preparer) heading(n *ast.Heading, shift int) {
	n.Level = min(max(n.Level+shift, 2), 6)
	text, id, classes := cutAttributes(plainText(n, p.source))
	if id != "" || classes != nil {
		p.dropAttributes(n)
	}
	id = p.uniqueID(id, text)
	n.SetAttributeString("id", id)
	n.SetAttributeString("class", strings.Join(classes, " "))
	n.SetAttributeString("label", p.say.Say("text.heading", "heading", text))
	p.doc.Headings = append(p.doc.Headings, Heading{Level: n.Level, ID: id, Text: text})
	if len(p.doc.Headings) == maxHeadings+1 {
		p.errorf(p.at.position(n.Pos()), "too-much", "split the page", "this page has more than %d headings", maxHeadings)
	}
}

// dropAttributes takes the text from the last "{" on out of a heading; it may be spread over several nodes.
func (p *preparer) dropAttributes(n *ast.Heading) {
	for last, ok := n.LastChild().(*ast.Text); ok; last, ok = n.LastChild().(*ast.Text) {
		value := last.Segment.Value(p.source)
		if cut := bytes.LastIndexByte(value, '{'); cut >= 0 {
			last.Segment = last.Segment.WithStop(last.Segment.Start + len(bytes.TrimRight(value[:cut], " \t")))
			return
		}
		n.RemoveChild(n, last)
	}
}

func (p *preparer) uniqueID(id, text string) string {
	if id == "" {
		id = slug.Make(text)
	}
	if id == "" {
		id = "section"
	}
	base := id
	for p.ids[id] > 0 { // the second of a name is -1, as code hosts have it, so that a link means the same here and there
		id = base + "-" + itoa(p.ids[base])
		p.ids[base]++
	}
	p.ids[id] = 1
	return id
}

func (p *preparer) hole(l Link) int {
	if p.expand += len(l.Target) + len(l.Title); p.tooLong() {
		l.Target, l.Title = "", "" // the page will not be rendered
	}
	p.doc.Links = append(p.doc.Links, l)
	return len(p.doc.Links) - 1
}

// tooLong reports whether the links of the page expand to more than its text deserves.
func (p *preparer) tooLong() bool { return p.expand > maxExpanded+4*len(p.source) }

// resolve returns an address or title with its escapes and entities resolved, which goldmark leaves to its renderer.
func resolve(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

// insideLink reports whether a node lies in a link: HTML has no links in links.
func insideLink(n ast.Node) bool {
	for above := n.Parent(); above != nil; above = above.Parent() {
		if above.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

func setHole(n ast.Node, hole int) { n.SetAttributeString("hole", hole) }

// link numbers a link, unless its address is of a kind that is not published.
func (p *preparer) link(n ast.Node, target, title string, pos int) {
	if hole, ok := p.linkHole(target, title, pos); ok {
		setHole(n, hole)
	}
}

func (p *preparer) linkHole(target, title string, pos int) (hole int, ok bool) {
	target = whole(target)
	if LinkScheme(target) == Forbidden {
		p.warnf(p.at.position(pos), "bad-link", "link to a page of the site, or with https:, mailto: or tel:",
			"%q is not a kind of link that is published", shorten(target))
		return 0, false
	}
	return p.hole(Link{Kind: Anchor, Target: target, Title: title, Pos: p.at.position(pos)}), true
}

var (
	hostForm = regexp.MustCompile(`^//[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}(?:[:/?#]|$)`)
	webForm  = regexp.MustCompile(`(?i)^www\.[a-z0-9][a-z0-9-]*\.[a-z]{2,}`)
)

// whole gives an address of another site its scheme, where it goes without one in a way that can only be meant so.
func whole(target string) string {
	switch {
	case hostForm.MatchString(target):
		return "https:" + target
	case webForm.MatchString(target):
		return "https://" + target
	}
	return target
}

func (p *preparer) image(n *ast.Image) {
	alt := strings.TrimSpace(plainText(n, p.source))
	title := resolve(n.Title)
	if attribute(n.Parent(), "caption") != "" {
		title = "" // it stands below it
	}
	if hole, ok := p.imageHole(resolve(n.Destination), alt, title, 0, insideLink(n), n.Pos()); ok {
		setHole(n, hole)
	}
}

// imageHole numbers a picture. width is how wide it is to be shown, in pixels; 0 where nothing says so. Where there is no hole, its
// words stand for it.
func (p *preparer) imageHole(target, alt, title string, width int, inLink bool, at int) (hole int, ok bool) {
	target = whole(target)
	pos := p.at.position(at)
	switch LinkScheme(target) {
	case Forbidden:
		p.warnf(pos, "bad-link", "put the image beside the page and name it here", "%q is not a kind of image that is published", shorten(target))
		return 0, false
	case External:
		if inLink {
			return 0, false // such as a badge: its text stands
		}
	case Local:
	}
	return p.hole(Link{Kind: Image, Target: target, Text: alt, Title: title, Width: width, Pos: pos}), true
}

// figure marks a paragraph that is one image with a title: it becomes a figure, the title its caption.
func figure(n *ast.Paragraph) {
	if image, ok := n.FirstChild().(*ast.Image); ok && n.ChildCount() == 1 && len(image.Title) > 0 {
		n.SetAttributeString("caption", resolve(image.Title))
	}
}

// checkClosed warns of a block of code that runs to the end of the text, or of the list or quote that it stands in, because nothing
// closes it.
func (p *preparer) checkClosed(n *ast.FencedCodeBlock) {
	if n.Lines().Len() > 0 && !hasEnd(n, p.source) {
		p.warnf(p.at.position(openingLine(n, p.source)), "unclosed-code", "write a line of the same marks behind it", "this block of code is never closed, and takes in what follows")
	}
}

// linesOf returns the lines of a block.
func linesOf(n ast.Node, source []byte) []byte {
	var out []byte
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		out = append(out, line.Value(source)...)
	}
	return out
}

func (p *preparer) code(n ast.Node, info fenceInfo) {
	code := string(linesOf(n, p.source))
	p.coloured += len(code) + 40*strings.Count(code, "\n")
	if p.coloured > maxColoured {
		info.language = "text"
	}
	out, bounded := "", !colour.TooLarge(code, info.language)
	if p.draw {
		start := time.Now()
		var runs []colour.Run
		runs, bounded = p.lexers.Runs(code, info.language, maxCodeTime-p.colouring)
		out = highlight(runs, info)
		p.colouring += time.Since(start)
	}
	if !bounded || p.coloured > maxColoured {
		p.warnf(p.at.position(n.Pos()), "code-too-long", "split it, or name no language", "this code block is too long to colour, and is shown plain")
	}
	title := info.title
	n.SetAttributeString("code", out)
	n.SetAttributeString("title", title)
	n.SetAttributeString("language", info.language)
}

// checkMisdecoded warns of text that was read in the wrong encoding, once a line, outside code. What else there is in a line is told to
// those who check.
func (p *preparer) checkMisdecoded(all []ast.Node) {
	last := 0
	for _, n := range all {
		t, ok := n.(*ast.Text)
		if !ok || n.Parent() == nil || n.Parent().Kind() == ast.KindCodeSpan {
			continue
		}
		text := t.Segment.Value(p.source)
		for from := 0; from < len(text); {
			m, found := findMisdecoded(text[from:])
			if !found {
				break
			}
			d := misread(p.at.position(t.Segment.Start+from+m.at), m)
			from += m.at + len(m.seen)
			if d.Pos.Line == last {
				p.doc.Care.Add(d)
				continue
			}
			last = d.Pos.Line
			p.list.Add(d)
		}
	}
}

// checkFrontText does the same for the title and description.
func (p *preparer) checkFrontText() {
	for key, value := range map[string]string{"title": p.doc.Front.Title, "description": p.doc.Front.Description} {
		if m, found := findMisdecoded([]byte(value)); found {
			p.list.Add(misread(p.doc.Front.Pos(p.doc.Name, key), m))
		}
	}
}

// misread says what was probably meant.
func misread(pos diag.Position, m misdecoded) diag.Diagnostic {
	d := diag.Warnf(pos, "misdecoded", "replace it, or save the file again as UTF-8 from where it came",
		"this text was read in the wrong encoding: %q was probably %q", m.seen, m.meant)
	d.Fix = diag.Fix{Old: m.seen, New: m.meant}
	return d
}
