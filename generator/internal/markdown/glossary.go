package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"

	"waymark/generator/diag"
)

// takeTerms cuts the definition lists out of a glossary and keeps their terms.
func (p *preparer) takeTerms(root ast.Node, r renderer.Renderer) {
	for n := root.FirstChild(); n != nil; {
		next := n.NextSibling()
		if n.Kind() == xast.KindDefinitionList {
			p.takeList(n, r)
			root.RemoveChild(root, n)
		}
		n = next
	}
}

func (p *preparer) takeList(list ast.Node, r renderer.Renderer) {
	open := 0 // terms that wait for their meaning begin here
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == xast.KindDefinitionTerm {
			p.doc.Terms = append(p.doc.Terms, p.term(plainText(n, p.source), p.at.position(firstPos(n))))
			continue
		}
		var out bytes.Buffer
		for child := n.FirstChild(); child != nil; child = child.NextSibling() {
			if err := r.Render(&out, p.source, child); err != nil {
				p.errorf(p.at.position(firstPos(n)), "markdown", "", "this definition cannot be rendered: %v", err)
			}
		}
		for i := open; i < len(p.doc.Terms); i++ {
			p.doc.Terms[i].HTML = out.Bytes()
			p.doc.Terms[i].Text = strings.Join(strings.Fields(plainText(n, p.source)), " ")
		}
		if next := n.NextSibling(); next != nil && next.Kind() == xast.KindDefinitionTerm {
			open = len(p.doc.Terms)
		}
	}
}

var termAlias = regexp.MustCompile(`^(.*\S)\s*\(([^()]+)\)$`)

// term reads "Minimum viable product (MVP, minimal product)": a name and its other names.
func (p *preparer) term(text string, pos diag.Position) Term {
	t := Term{Name: strings.TrimSpace(text), Pos: pos}
	if g := termAlias.FindStringSubmatch(t.Name); g != nil {
		t.Name = g[1]
		for _, alias := range strings.Split(g[2], ",") {
			t.Aliases = append(t.Aliases, strings.TrimSpace(alias))
		}
	}
	t.ID = p.uniqueID("", t.Name)
	return t
}

func firstPos(n ast.Node) int {
	for c := n; c != nil; c = c.FirstChild() {
		if t, ok := c.(*ast.Text); ok {
			return t.Segment.Start
		}
	}
	return n.Pos()
}
