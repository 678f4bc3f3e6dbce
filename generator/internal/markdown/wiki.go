package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var kindWiki = ast.NewNodeKind("WikiLink")

// wikiLink is [[target]] or [[target|label]]; with an exclamation mark in front, it shows what it names.
type wikiLink struct {
	ast.BaseInline
	target, label string
	embed         bool
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
func (wikiParser) Trigger() []byte { return []byte{'[', '!'} }

// Parse implements parser.InlineParser.
func (wikiParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	mark := len("[[")
	if line[0] == '!' {
		mark++
	}
	if !bytes.HasSuffix(line[:min(mark, len(line))], []byte("[[")) || len(line) < mark {
		return nil
	}
	inner, after, found := bytes.Cut(line[mark:], []byte("]]"))
	if !found || len(inner) > 300 || bytes.ContainsAny(inner, "[]\n") || bytes.HasPrefix(after, []byte("(")) {
		return nil
	}
	target, label, _ := bytes.Cut(inner, []byte("|"))
	target = bytes.TrimSuffix(target, []byte(`\`)) // in a table a bar has one in front
	if len(bytes.TrimSpace(target)) == 0 {
		return nil
	}
	block.Advance(len(inner) + mark + len("]]"))
	n := &wikiLink{target: string(bytes.TrimSpace(target)), label: string(bytes.TrimSpace(label)), embed: mark > len("[[")}
	n.SetPos(segment.Start)
	return n
}
