package markdown

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"waymark/generator/diag"
	"waymark/generator/internal/dialect"
)

var (
	kindContainerMark = ast.NewNodeKind("ContainerMark")
	kindAlertTitle    = ast.NewNodeKind("AlertTitle")
)

// containerMark is a line of three or more colons, which opens a container where it has a name, and else closes one. What stands
// between the two is found when all lines have been read, so that a mark without its other half takes nothing along.
type containerMark struct {
	ast.BaseBlock
	name string // and all that stands behind it
	pos  int
}

// Kind implements ast.Node.
func (*containerMark) Kind() ast.NodeKind { return kindContainerMark }

// Dump implements ast.Node.
func (n *containerMark) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"name": n.name}, nil)
}

// alertTitle is the title of an alert, the first thing in it.
type alertTitle struct{ ast.BaseBlock }

// Kind implements ast.Node.
func (*alertTitle) Kind() ast.NodeKind { return kindAlertTitle }

// Dump implements ast.Node.
func (n *alertTitle) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// containerParser reads the marks of containers.
type containerParser struct{}

var markForm = regexp.MustCompile(`^ {0,3}:{3,}[ \t]*([^\n]*?)[ \t]*:*[ \t]*\n?$`)

// Trigger implements parser.BlockParser.
func (containerParser) Trigger() []byte { return []byte{':'} }

// Open implements parser.BlockParser.
func (containerParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	g := markForm.FindSubmatch(line[pc.BlockOffset():])
	if g == nil {
		return nil, parser.NoChildren
	}
	reader.Advance(max(segment.Len()-1, 0))
	return &containerMark{name: string(g[1]), pos: segment.Start}, parser.NoChildren
}

// Continue implements parser.BlockParser.
func (containerParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}

// Close implements parser.BlockParser.
func (containerParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (containerParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (containerParser) CanAcceptIndentedLine() bool { return false }

// containers puts what stands between two marks into a container, everywhere in a text.
func (p *preparer) containers(root ast.Node) {
	var parents []ast.Node
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if m, is := n.(*containerMark); is && entering && (len(parents) == 0 || parents[len(parents)-1] != m.Parent()) {
			parents = append(parents, m.Parent())
		}
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	for _, parent := range parents {
		p.pairContainers(parent)
	}
}

// pairContainers finds for each mark that closes a container the one that opened it, among the children of one node.
func (p *preparer) pairContainers(parent ast.Node) {
	var open []*containerMark
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		mark, is := n.(*containerMark)
		switch {
		case !is:
		case mark.name != "" && len(open) == maxNesting:
			parent.RemoveChild(parent, mark)
		case mark.name != "":
			open = append(open, mark)
		case len(open) > 0:
			p.contain(open[len(open)-1], mark)
			open = open[:len(open)-1]
		default:
			parent.RemoveChild(parent, mark)
		}
		n = next
	}
	for _, mark := range slices.Backward(open) {
		p.warnf(p.at.position(mark.pos), "unclosed-container", "write ::: on a line of its own behind it", "this container is never closed, and takes in what follows")
		p.contain(mark, nil)
	}
}

// contain makes a container of what stands between two marks, or behind the first where there is no second, where its name is one
// that is known. Else the marks go, and a title stays.
func (p *preparer) contain(opening, closing *containerMark) {
	parent := opening.Parent()
	word, title, fold := readContainer(opening.name)
	if closing != nil && hiddenContainer(opening.name) {
		for n := opening.NextSibling(); n != nil && n != ast.Node(closing); n = opening.NextSibling() {
			parent.RemoveChild(parent, n)
		}
		parent.RemoveChild(parent, opening)
		parent.RemoveChild(parent, closing)
		return
	}
	kind, name := dialect.Alert(word)
	if dialect.Folds(word) {
		kind, name, fold = "details", "details", "closed"
	}
	if kind == "" {
		p.warnSame(p.at.position(opening.pos), "container", word, "there are "+strings.Join(alerts, ", ")+" and details", "there is no container %q: its marks are left out, and its words stay", word)
		if title != "" {
			line := ast.NewParagraph()
			line.AppendChild(line, ast.NewString([]byte(title)))
			parent.InsertBefore(parent, opening, line)
		}
		parent.RemoveChild(parent, opening)
		if closing != nil {
			parent.RemoveChild(parent, closing)
		}
		return
	}
	box := ast.NewBlockquote()
	box.SetAttributeString("container", true)
	for n := opening.NextSibling(); n != nil && n != ast.Node(closing); n = opening.NextSibling() {
		box.AppendChild(box, n)
	}
	setAlert(box, kind, fold)
	addTitle(box, cmp.Or(title, p.say.Say("alert."+name)))
	parent.ReplaceChild(parent, opening, box)
	if closing != nil {
		parent.RemoveChild(parent, closing)
	}
}

var (
	containerTitle = regexp.MustCompile(`\[([^\]]*)\]|title="([^"]*)"`)
	containerName  = regexp.MustCompile(`^\{?\s*[.#]?([\w-]+)(?:\s+(alert)\b)?`)
	containerRest  = regexp.MustCompile(`\{[^}]*\}|\[[^\]]*\]`)
)

// readContainer reads what stands behind the colons: "note", "note A title", "tip[A title]", "{.callout-warning}".
func readContainer(said string) (word, title, fold string) {
	g := containerName.FindStringSubmatch(said)
	if g == nil {
		return said, "", ""
	}
	word = strings.ToLower(g[1])
	if g[2] != "" {
		word = "warning" // as Zenn has it: "message alert"
	}
	if strings.HasSuffix(word, "-") {
		word, fold = strings.TrimRight(word, "-"), "closed"
	}
	if t := containerTitle.FindStringSubmatch(said); t != nil {
		return word, t[1] + t[2], fold
	}
	if strings.HasPrefix(said, "{") {
		return word, "", fold // what else stands there are attributes
	}
	return word, strings.Trim(containerRest.ReplaceAllString(said[len(g[0]):], ""), " {}"), fold
}

var (
	hiddenFrom = regexp.MustCompile(`\.content-hidden\b(?:[^}]*when-format="?html|\s*\})`)
	shownOnly  = regexp.MustCompile(`\.content-visible\b[^}]*when-format="?(?:pdf|latex|docx|epub|typst|beamer)`)
)

// hiddenContainer reports whether a container of Quarto's is not for who reads on the web.
func hiddenContainer(said string) bool {
	return hiddenFrom.MatchString(said) || shownOnly.MatchString(said)
}

func setAlert(n ast.Node, kind, fold string) {
	n.SetAttributeString("alert", kind)
	n.SetAttributeString("fold", fold)
}

// addTitle puts a title of plain words at the beginning of an alert.
func addTitle(box ast.Node, title string) {
	t := &alertTitle{}
	t.AppendChild(t, ast.NewString([]byte(title)))
	if box.FirstChild() == nil {
		box.AppendChild(box, t)
	} else {
		box.InsertBefore(box, box.FirstChild(), t)
	}
}

var (
	alertLine = regexp.MustCompile(`^\[!([A-Za-z][\w-]*)(?:\|[^\]]*)?\]([-+]?)[ \t]*(.*?)\s*$`)
	alerts    = []string{"note", "tip", "important", "warning", "caution"}
)

// alert turns a quote that begins with "[!NOTE]" into an alert; text behind the bracket is its title, and a sign before that says
// that it is folded, or can be.
func (p *preparer) alert(n *ast.Blockquote) {
	first, ok := n.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 || attribute(n, "alert") != "" {
		return
	}
	line := first.Lines().At(0)
	g := alertLine.FindSubmatchIndex(line.Value(p.source))
	if g == nil {
		return
	}
	said := func(i int) string { return string(line.Value(p.source)[g[2*i]:g[2*i+1]]) }
	word := strings.ToLower(said(1))
	kind, name := dialect.Alert(word)
	own := p.say.Say("alert." + name)
	if kind == "" {
		p.warnSame(p.at.position(line.Start), "alert", word, diag.DidYouMean(word, alerts, "there are "+strings.Join(alerts, ", ")),
			"there is no alert %q, and it is shown as a note", said(1))
		kind, own = "note", strings.ToUpper(word[:1])+word[1:]
	}
	setAlert(n, kind, map[string]string{"-": "closed", "+": "open"}[said(2)])
	title := &alertTitle{}
	moveFirstLine(first, title, line.Start+g[6], line.Stop)
	n.InsertBefore(n, first, title)
	if title.ChildCount() == 0 {
		title.AppendChild(title, ast.NewString([]byte(own)))
	}
	if first.ChildCount() == 0 {
		n.RemoveChild(n, first)
	}
}

// moveFirstLine takes the first line out of a paragraph, and puts what of it begins at a byte or behind it into another node.
func moveFirstLine(paragraph, to ast.Node, from, stop int) {
	for child := paragraph.FirstChild(); child != nil; {
		next := child.NextSibling()
		t, isText := child.(*ast.Text)
		if at := firstPos(child); at >= stop && at > 0 {
			return
		}
		breaks := isText && (t.SoftLineBreak() || t.HardLineBreak())
		paragraph.RemoveChild(paragraph, child)
		switch {
		case isText && t.Segment.Stop <= from:
		case isText:
			t.Segment = t.Segment.WithStart(max(t.Segment.Start, from))
			t.SetSoftLineBreak(false)
			t.SetHardLineBreak(false)
			to.AppendChild(to, t)
		case firstPos(child) >= from || to.ChildCount() > 0:
			to.AppendChild(to, child)
		}
		if breaks {
			return
		}
		child = next
	}
}

// orphans gives the footnotes that nobody calls a place among the others, before goldmark takes them away.
type orphans struct{}

// Transform implements parser.ASTTransformer.
func (orphans) Transform(root *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if list, is := n.(*xast.FootnoteList); is && entering {
			for c := list.FirstChild(); c != nil; c = c.NextSibling() {
				if note, is := c.(*xast.Footnote); is && note.Index < 0 {
					list.Count++
					note.Index = list.Count
					note.SetAttributeString("uncalled", true)
				}
			}
		}
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
}

// footnote warns of a note that nobody calls, and takes away the way back from it.
func (p *preparer) footnote(n *xast.Footnote) {
	if _, uncalled := n.AttributeString("uncalled"); !uncalled {
		return
	}
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if back, is := c.(*xast.FootnoteBacklink); is && entering {
			back.Parent().RemoveChild(back.Parent(), back)
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	})
	pos := p.at.position(lineBegin(p.source, max(firstPos(n), 0)))
	for before := n.PreviousSibling(); before != nil; before = before.PreviousSibling() {
		if other := before.(*xast.Footnote); bytes.Equal(other.Ref, n.Ref) {
			p.warnf(pos, "footnote", "give it another name, and call it", "the footnote [^%s] is already written on line %d, and this one stands at the end of the notes", n.Ref, p.at.position(max(firstPos(other), 0)).Line)
			return
		}
	}
	p.warnf(pos, "footnote", "write [^"+string(n.Ref)+"] where it belongs", "nobody calls the footnote [^%s], and it stands at the end of the notes", n.Ref)
}

// dangling warns of calls of notes that nobody wrote, and of references without a target: they are printed as they were typed.
func (p *preparer) dangling(all []ast.Node, pc parser.Context) {
	notes := map[string]bool{}
	for _, n := range all {
		if note, is := n.(*xast.Footnote); is {
			notes[string(note.Ref)] = true
		}
	}
	for _, n := range all {
		if n.Parent() == nil || n.Kind() != ast.KindParagraph && n.Kind() != ast.KindTextBlock {
			continue
		}
		for i := range n.Lines().Len() {
			p.danglingIn(n.Lines().At(i), pc, notes)
		}
	}
}

func (p *preparer) danglingIn(s text.Segment, pc parser.Context, notes map[string]bool) {
	line := s.Value(p.source)
	warn := func(at int, hint, format, name string) {
		if bytes.Count(line[:at], []byte("`"))%2 == 0 && (at == 0 || line[at-1] != '\\') {
			p.warnf(p.at.position(s.Start+at), "reference", hint, format, name)
		}
	}
	if !bytes.Contains(line, []byte("[^")) && !bytes.Contains(line, []byte("][")) {
		return
	}
	for _, g := range noteCall.FindAllSubmatchIndex(line, -1) {
		if name := string(line[g[2]:g[3]]); !notes[name] {
			hint := "write it below the text: [^" + name + "]: The note."
			if p.inner { // the same note would have the same place on every page that shows this text
				hint = "say it here: the texts of such a block have no footnotes"
			}
			warn(g[0], hint, "there is no footnote [^%s], and its mark is printed", name)
		}
	}
	for _, g := range referenceCall.FindAllSubmatchIndex(line, -1) {
		name := string(line[g[2]:g[3]])
		if _, known := pc.Reference(name); !known {
			warn(g[0], "write it below the text: ["+name+"]: https://example.org/", "nothing says where the reference [%s] leads, and it is printed as it stands", name)
		}
	}
}

var (
	noteCall      = regexp.MustCompile(`\[\^([^\]\s]{1,100})\](?:[^:]|$)`)
	referenceCall = regexp.MustCompile(`\[[^\]\[\n]+\]\[([^\]\[^\n][^\]\[\n]{0,100})\]`)
)
