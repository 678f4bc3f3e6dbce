package markdown

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"waymark/generator/internal/dialect"
)

var (
	kindFormula      = ast.NewNodeKind("Formula")
	kindFormulaBlock = ast.NewNodeKind("FormulaBlock")
)

// formulaNode is a formula in a line: between dollars, or pairs of them.
type formulaNode struct {
	ast.BaseInline
	tex     string
	display bool // between pairs: it has a line of its own
}

// Kind implements ast.Node.
func (*formulaNode) Kind() ast.NodeKind { return kindFormula }

// Dump implements ast.Node.
func (n *formulaNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"tex": n.tex}, nil)
}

// formulaBlock is a formula between lines that begin and end with two dollars.
type formulaBlock struct {
	ast.BaseBlock
	closed bool
}

// Kind implements ast.Node.
func (*formulaBlock) Kind() ast.NodeKind { return kindFormulaBlock }

// Dump implements ast.Node.
func (n *formulaBlock) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// IsRaw implements ast.Node: what stands in it is no Markdown.
func (*formulaBlock) IsRaw() bool { return true }

// formulaAt returns how many bytes the formula takes that a line begins with, and what stands in it; 0 where it begins with none.
// Money is none: the first dollar has no space behind it and the second none before and no digit behind it (as in Pandoc), and words
// after a number are no formula.
func formulaAt(line []byte) (size int, tex string) {
	mark := 1
	if bytes.HasPrefix(line, []byte("$$")) {
		mark = 2
	}
	rest := line[mark:]
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '\n':
			if mark == 1 {
				return 0, ""
			}
		case '$':
			if mark == 2 && !bytes.HasPrefix(rest[i:], []byte("$$")) {
				return 0, ""
			}
			tex = string(rest[:i])
			after := rest[i+mark:]
			if strings.TrimSpace(tex) == "" || mark == 1 && (isSpace(rest[0]) || isSpace(rest[i-1]) || len(after) > 0 && after[0] >= '0' && after[0] <= '9' || isMoney(tex)) {
				return 0, ""
			}
			return 2*mark + i, strings.TrimSpace(tex)
		}
	}
	return 0, ""
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

var money = regexp.MustCompile(`^\d[^\\^_={}+<>|/*]*[ ,;][^\\^_={}+<>|/*]*$|^\d[\d.,]*(?:[kKM]|bn)?$`)

// isMoney reports whether what stands between two dollars is an amount and words behind it.
func isMoney(s string) bool { return money.MatchString(s) }

// formulaParser reads formulas in a line.
type formulaParser struct{}

// Trigger implements parser.InlineParser.
func (formulaParser) Trigger() []byte { return []byte{'$'} }

// Parse implements parser.InlineParser.
func (formulaParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if at := segment.Start; at > 0 && isWordByte(block.Source()[at-1]) {
		return nil // as in US$
	}
	size, tex := formulaAt(line)
	if size == 0 {
		return nil
	}
	block.Advance(size)
	n := &formulaNode{tex: tex, display: line[1] == '$'}
	n.SetPos(segment.Start)
	return n
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '$'
}

// formulaBlockParser reads formulas that have lines of their own.
type formulaBlockParser struct{}

// maxFormulaLines is how far the end of a formula is looked for.
const maxFormulaLines = 200

// Trigger implements parser.BlockParser.
func (formulaBlockParser) Trigger() []byte { return []byte{'$'} }

// Open implements parser.BlockParser.
func (formulaBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || !bytes.HasPrefix(line[at:], []byte("$$")) {
		return nil, parser.NoChildren
	}
	rest := bytes.TrimRight(line[at+2:], " \t\n")
	n := &formulaBlock{}
	begin := segment.Start + at + 2
	if body, found := bytes.CutSuffix(rest, []byte("$$")); found && len(bytes.TrimSpace(body)) > 0 && !bytes.Contains(body, []byte("$$")) {
		n.closed = true
		n.Lines().Append(text.NewSegment(begin, begin+len(body)))
		return n, parser.NoChildren
	}
	if bytes.Contains(rest, []byte("$$")) || !closesSoon(reader.Source()[segment.Stop:]) {
		return nil, parser.NoChildren
	}
	if len(rest) > 0 {
		n.Lines().Append(text.NewSegment(begin, segment.Stop))
	}
	reader.Advance(max(segment.Len()-1, 0))
	return n, parser.NoChildren
}

// closesSoon reports whether a line ends with two dollars before long.
func closesSoon(rest []byte) bool {
	n := 0
	for line := range bytes.Lines(rest) {
		if bytes.HasSuffix(bytes.TrimRight(line, " \t\n"), []byte("$$")) {
			return true
		}
		if n++; n > maxFormulaLines {
			return false
		}
	}
	return false
}

// Continue implements parser.BlockParser.
func (formulaBlockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*formulaBlock)
	if n.closed {
		return parser.Close
	}
	line, segment := reader.PeekLine()
	body, closes := bytes.CutSuffix(bytes.TrimRight(line, " \t\n"), []byte("$$"))
	if closes {
		n.closed = true
		if len(bytes.TrimSpace(body)) > 0 {
			n.Lines().Append(text.NewSegment(segment.Start, segment.Start+len(body)))
		}
		reader.Advance(max(segment.Len()-1, 0))
		return parser.Close
	}
	n.Lines().Append(segment)
	reader.Advance(max(segment.Len()-1, 0))
	return parser.Continue | parser.NoChildren
}

// Close implements parser.BlockParser.
func (formulaBlockParser) Close(ast.Node, text.Reader, parser.Context) {}

// CanInterruptParagraph implements parser.BlockParser.
func (formulaBlockParser) CanInterruptParagraph() bool { return true }

// CanAcceptIndentedLine implements parser.BlockParser.
func (formulaBlockParser) CanAcceptIndentedLine() bool { return false }

// maxFormulas is how many formulas a page may have: each takes about a thousandth of a second.
const maxFormulas = 2_000

// maxSetting is how long all formulas of a page may take; those behind that are shown as they were typed.
const maxSetting = 5 * time.Second

// formula sets a formula. One that cannot be set is shown as it was typed, and told of.
func (p *preparer) formula(n ast.Node, tex string, block bool, at int) {
	p.plain.WriteString(" " + tex + " ")
	if p.formulas++; p.formulas > maxFormulas {
		if p.formulas == maxFormulas+1 {
			p.errorf(p.at.position(at), "too-much", "split the page", "this page has more than %d formulas", maxFormulas)
		}
		return
	}
	tex = strings.TrimSpace(tex)
	start := time.Now()
	set, err := p.setter.Set(tex, block, max(0, maxSetting-p.setting))
	p.setting += time.Since(start)
	if err != nil {
		p.warnf(p.at.position(at), "formula", "it is shown as it was typed; write a dollar that is none as \\$", "this formula cannot be set: %v", err)
		set = `<code class="formula">` + html.EscapeString(tex) + "</code>"
	}
	n.SetAttributeString("formula", set)
	n.SetAttributeString("label", p.say.Say("text.formula"))
}

func formulaInline(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, attribute(n, "formula"))
	}
	return ast.WalkSkipChildren, nil
}

func formulaLines(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		write(w, `<div class="formula" tabindex="0" role="group" aria-label="`, html.EscapeString(attribute(n, "label")), `">`, attribute(n, "formula"), "</div>\n")
	}
	return ast.WalkSkipChildren, nil
}

// formulas adds the formulas in a part of a text to what nobody but those who set them may read.
func formulas(to []dialect.Range, body []byte, from, end int) []dialect.Range {
	for at := from; at < end; {
		next := bytes.IndexByte(body[at:end], '$')
		if next < 0 {
			return to
		}
		at += next
		stop := min(end, at+10_000)
		if size, _ := formulaAt(body[at:stop]); size > 0 && (at == 0 || body[at-1] != '\\') {
			to = append(to, dialect.Range{From: at, To: at + size})
			at += size
		} else if bytes.HasPrefix(body[at:], []byte("$$")) {
			at += 2
		} else {
			at++
		}
	}
	return to
}
