package markdown

import (
	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"

	"waymark/generator/internal/words"
)

// direct gives blocks that are written in the other direction than their page that direction, so that marks and points stand where
// they belong.
func (p *preparer) direct(n ast.Node) {
	switch n.Kind() {
	case ast.KindParagraph, ast.KindHeading, ast.KindList, ast.KindBlockquote, xast.KindTable, xast.KindDefinitionList:
	default:
		return
	}
	d := words.DirectionOf(plainText(n, p.source))
	if d == "" || d == p.direction {
		return
	}
	for above := n.Parent(); above != nil; above = above.Parent() {
		if attribute(above, "dir") == d {
			return
		}
	}
	n.SetAttributeString("dir", d)
}
