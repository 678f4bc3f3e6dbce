package markdown

import (
	"html"
	"strconv"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// nodes renders those elements for which goldmark's own form would not do: because a hole stands there, because it
// would write style attributes, or because the page could not be read by everyone.
type nodes struct{}

// RegisterFuncs implements renderer.NodeRenderer.
func (nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, heading)
	r.Register(ast.KindLink, anchor)
	r.Register(ast.KindAutoLink, autoLink)
	r.Register(ast.KindImage, wholeHole)
	r.Register(kindWiki, wiki)
	r.Register(kindFormula, formulaInline)
	r.Register(kindFormulaBlock, formulaLines)
	r.Register(ast.KindFencedCodeBlock, codeBlock)
	r.Register(ast.KindCodeBlock, codeBlock)
	r.Register(ast.KindBlockquote, blockquote)
	r.Register(kindAlertTitle, titleOfAlert)
	r.Register(ast.KindParagraph, paragraph)
	r.Register(xast.KindTable, table)
	r.Register(xast.KindTableCell, tableCell)
	r.Register(xast.KindTaskCheckBox, checkBox)
	r.Register(ast.KindRawHTML, raw)
	r.Register(ast.KindHTMLBlock, raw)
}

func attribute(n ast.Node, name string) string {
	if v, ok := n.AttributeString(name); ok {
		if s, ok := v.(string); ok {
			return s
		}
	}
	return ""
}

// dir writes the direction of a block that has one of its own.
func dir(n ast.Node) string {
	if d := attribute(n, "dir"); d != "" {
		return ` dir="` + d + `"`
	}
	return ""
}

func writeHole(w util.BufWriter, n ast.Node) bool {
	v, ok := n.AttributeString("hole")
	if ok {
		_, _ = w.Write(appendHole(nil, v.(int)))
	}
	return ok
}

func write(w util.BufWriter, parts ...string) {
	for _, s := range parts {
		_, _ = w.WriteString(s)
	}
}

func heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	id, tag := attribute(n, "id"), "h"+strconv.Itoa(n.Level)
	if entering {
		write(w, "<", tag, ` id="`, html.EscapeString(id), `"`)
		if class := attribute(n, "class"); class != "" {
			write(w, ` class="`, html.EscapeString(class), `"`)
		}
		write(w, dir(n), ">")
		return ast.WalkContinue, nil
	}
	if id != "" {
		write(w, ` <a class="anchor" href="#`, html.EscapeString(id), `"><span class="hidden">`, html.EscapeString(attribute(n, "label")), `</span></a>`)
	}
	write(w, "</", tag, ">\n")
	return ast.WalkContinue, nil
}

// anchor writes a hole for the opening tag. A link of a forbidden kind has none: its text stays.
func anchor(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeHole(w, n)
	} else if _, ok := n.AttributeString("hole"); ok {
		write(w, "</a>")
	}
	return ast.WalkContinue, nil
}

func autoTarget(n *ast.AutoLink, source []byte) []byte {
	url := n.URL(source)
	if n.AutoLinkType == ast.AutoLinkEmail {
		return append([]byte("mailto:"), url...)
	}
	return url
}

func autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.AutoLink)
	if entering {
		linked := writeHole(w, n)
		write(w, html.EscapeString(string(n.Label(source))))
		if linked {
			write(w, "</a>")
		}
	}
	return ast.WalkContinue, nil
}

func wholeHole(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering && !writeHole(w, n) {
		return ast.WalkContinue, nil
	}
	return ast.WalkSkipChildren, nil
}

// wiki writes a hole, or inside another link the text alone.
func wiki(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if link := n.(*wikiLink); entering && !writeHole(w, n) {
		if link.label != "" {
			write(w, html.EscapeString(link.label))
		} else {
			write(w, html.EscapeString(link.target))
		}
	}
	return ast.WalkSkipChildren, nil
}

// codeBlock writes a block that can be scrolled with the keyboard.
func codeBlock(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	if writeHole(w, n) {
		return ast.WalkSkipChildren, nil
	}
	if attribute(n, "formula") != "" {
		return formulaLines(w, nil, n, entering)
	}
	title, language := attribute(n, "title"), attribute(n, "language")
	write(w, `<figure class="code">`)
	if title != "" {
		write(w, "<figcaption>", html.EscapeString(title), "</figcaption>")
	}
	write(w, `<pre tabindex="0"><code`)
	if language != "" {
		write(w, ` class="language-`, html.EscapeString(language), `"`)
	}
	write(w, ">", attribute(n, "code"), "</code></pre></figure>\n")
	return ast.WalkSkipChildren, nil
}

// blockquote writes a quote, or an alert: one that can be folded is what HTML has for that.
func blockquote(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	kind, fold := attribute(n, "alert"), attribute(n, "fold")
	tag, class := "div", ` class="alert alert-`+kind+`" role="note"`
	if fold != "" {
		tag, class = "details", ` class="alert alert-`+kind+`"`
	}
	switch kind {
	case "":
		tag, class = "blockquote", ""
	case "details":
		class = ""
	}
	if fold == "open" {
		class += " open"
	}
	if entering {
		write(w, "<", tag, class, dir(n), ">\n")
	} else {
		write(w, "</", tag, ">\n")
	}
	return ast.WalkContinue, nil
}

func titleOfAlert(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag, class := "p", ` class="alert-title"`
	if attribute(n.Parent(), "fold") != "" {
		tag = "summary"
	}
	if attribute(n.Parent(), "alert") == "details" {
		class = ""
	}
	if entering {
		write(w, "<", tag, class, ">")
	} else {
		write(w, "</", tag, ">\n")
	}
	return ast.WalkContinue, nil
}

func paragraph(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	caption := attribute(n, "caption")
	switch {
	case caption == "" && entering:
		write(w, "<p", dir(n), ">")
	case caption == "":
		write(w, "</p>\n")
	case entering:
		write(w, "<figure>")
	default:
		write(w, "<figcaption>", html.EscapeString(caption), "</figcaption></figure>\n")
	}
	return ast.WalkContinue, nil
}

// table wraps a table in a region of its own that scrolls where the screen is narrow.
func table(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, `<div class="table" tabindex="0" role="group" aria-label="`, html.EscapeString(attribute(n, "label")), `"><table`, dir(n), ">\n")
	} else {
		write(w, "</table></div>\n")
	}
	return ast.WalkContinue, nil
}

// tableCell aligns with a class: goldmark would write style or align attributes.
func tableCell(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*xast.TableCell)
	tag := "td"
	if n.Parent().Kind() == xast.KindTableHeader && n.HasChildren() {
		tag = "th" // an empty corner heads nothing
	}
	if !entering {
		write(w, "</", tag, ">\n")
		return ast.WalkContinue, nil
	}
	write(w, "<", tag)
	if n.Alignment != xast.AlignNone {
		write(w, ` class="align-`, n.Alignment.String(), `"`)
	}
	write(w, ">")
	return ast.WalkContinue, nil
}

func checkBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	checked := ""
	if node.(*xast.TaskCheckBox).IsChecked {
		checked = " checked"
	}
	write(w, `<input type="checkbox" disabled`, checked, ` aria-label="`, html.EscapeString(attribute(node, "label")), `"> `)
	return ast.WalkContinue, nil
}

func raw(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, attribute(n, "raw"))
	}
	return ast.WalkSkipChildren, nil
}

func segments(s *text.Segments, source []byte) string {
	var out []byte
	for i := range s.Len() {
		segment := s.At(i)
		out = append(out, segment.Value(source)...)
	}
	return string(out)
}

func htmlBlock(n *ast.HTMLBlock, source []byte) string {
	out := segments(n.Lines(), source)
	if n.HasClosure() {
		out += string(n.ClosureLine.Value(source))
	}
	return out
}

func itoa(n int) string { return strconv.Itoa(n) }
