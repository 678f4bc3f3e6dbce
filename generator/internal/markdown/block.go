package markdown

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
)

// block is a fenced block as it was typed, whatever its words mean.
type block struct {
	opening diag.Position  // of its fence
	lines   []outline.Line // what stands in it
	closed  bool           // whether it has a closing fence
	fence   Fence
	heading int // the level that headings inside it have
}

// block reads a fenced block.
func (p *preparer) block(n *ast.FencedCodeBlock) block {
	b := block{opening: p.at.position(openingLine(n, p.source)), closed: closed(n, p.source), fence: p.fence(n), heading: 2}
	if h := p.doc.Headings; len(h) > 0 {
		b.heading = min(h[len(h)-1].Level+1, 6)
	}
	b.lines = p.lines(n)
	return b
}

// Fence is where the lines of a block stand in its file: the bytes from Start to Stop, each line behind Prefix.
type Fence struct {
	Start, Stop int
	Prefix      string
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
		if above.Kind() == ast.KindListItem || isQuote(above) {
			out = append(out, above)
		}
	}
	slices.Reverse(out)
	return out
}

// isQuote reports whether a node is a quote with marks before its lines, and no container.
func isQuote(n ast.Node) bool {
	_, made := n.AttributeString("container")
	return n.Kind() == ast.KindBlockquote && !made
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
	start, stop := lineBegin(p.source, n.Lines().At(0).Start), n.Lines().At(count-1).Stop
	if p.at.translated.Changed(start, stop) {
		return Fence{} // its lines are not as they stand in the file
	}
	f := Fence{Start: p.at.offset(start), Stop: p.at.offset(stop)}
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

// fenceAt returns the marks that a block opens with.
func fenceAt(source []byte, opening int) []byte {
	end := opening + 1
	for end < len(source) && source[end] == source[opening] {
		end++
	}
	return source[opening:end]
}

// closed reports whether a block has a closing fence: goldmark takes the end of the text for one, and the end of the
// list or quote that the block stands in. A fence inside of it opens the next block, and should have closed this one.
func closed(n ast.Node, source []byte) bool {
	opening := openingLine(n, source)
	fence := fenceAt(source, opening)
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		if bytes.HasPrefix(bytes.TrimLeft(line.Value(source), " \t"), fence) {
			return false
		}
	}
	return hasEnd(n, source)
}

// hasEnd reports whether a closing fence stands behind a block.
func hasEnd(n ast.Node, source []byte) bool {
	opening := openingLine(n, source)
	fence := fenceAt(source, opening)
	var stop int
	if count := n.Lines().Len(); count > 0 {
		stop = n.Lines().At(count - 1).Stop
	} else if line := bytes.IndexByte(source[opening:], '\n'); line >= 0 {
		stop = opening + line + 1
	} else {
		return false
	}
	line, _, _ := bytes.Cut(source[stop:], []byte("\n"))
	inner := bytes.TrimLeft(line, " \t>")
	if len(bytes.TrimRight(inner, " \t\r")) < len(fence) || len(bytes.Trim(inner, string(fence[:1])+" \t\r")) > 0 {
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
			if isQuote(above) {
				quotes++
			}
		}
	}
	return strings.Count(begin, ">") >= quotes && (quotes > 0 || len(strings.ReplaceAll(begin, "\t", "    ")) >= indent)
}
