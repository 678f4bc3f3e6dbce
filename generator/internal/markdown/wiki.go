package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var kindWiki = ast.NewNodeKind("WikiLink")

// wikiLink is [[target]] or [[target|label]].
type wikiLink struct {
	ast.BaseInline
	target, label string
}

// Kind implements ast.Node.
func (*wikiLink) Kind() ast.NodeKind { return kindWiki }

// Dump implements ast.Node.
func (n *wikiLink) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"target": n.target, "label": n.label}, nil)
}

// wikiParser reads wiki links. It stands before goldmark's own link parser.
type wikiParser struct{}

// Trigger implements parser.InlineParser.
func (wikiParser) Trigger() []byte { return []byte{'['} }

// Parse implements parser.InlineParser.
func (wikiParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("[[")) {
		return nil
	}
	inner, after, found := bytes.Cut(line[2:], []byte("]]"))
	if !found || len(inner) > 300 || bytes.ContainsAny(inner, "[]\n") || bytes.HasPrefix(after, []byte("(")) {
		return nil
	}
	target, label, _ := bytes.Cut(inner, []byte("|"))
	if len(bytes.TrimSpace(target)) == 0 {
		return nil
	}
	block.Advance(len(inner) + 4)
	n := &wikiLink{target: string(bytes.TrimSpace(target)), label: string(bytes.TrimSpace(label))}
	n.SetPos(segment.Start)
	return n
}
