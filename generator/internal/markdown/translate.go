package markdown

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"waymark/generator/diag"
	"waymark/generator/internal/dialect"
)

// programOf says whose marks a text may have, by the ending of its name.
func programOf(name string) dialect.Program {
	switch strings.ToLower(path.Ext(name)) {
	case ".mdx":
		return dialect.MDX
	case ".qmd", ".rmd":
		return dialect.Quarto
	}
	return dialect.Any
}

// translate reads what other programs put into a text.
func (p *preparer) translate(body []byte) []byte {
	t := dialect.Read(body, programOf(p.doc.Path), codeRanges)
	for _, n := range t.Notes {
		p.list.Add(diag.Diagnostic{
			Pos: p.at.position(n.At), Severity: diag.Warning, Code: n.Code, Same: n.Same, Message: n.Message, Hint: n.Hint,
		})
	}
	p.at.translated = t
	return t.Data
}

// codeRanges returns the parts of a text that are code, in order: blocks without their fences, and words between backticks.
func codeRanges(body []byte) []dialect.Range {
	var blocks []dialect.Range
	walkCode(body, func(from, to int) {
		if n := len(blocks); n > 0 && blocks[n-1].To == from {
			blocks[n-1].To = to
		} else if to > from {
			blocks = append(blocks, dialect.Range{From: from, To: to})
		}
	})
	slices.SortFunc(blocks, func(a, b dialect.Range) int { return a.From - b.From })
	var all []dialect.Range
	at := 0
	for _, b := range append(blocks, dialect.Range{From: len(body), To: len(body)}) {
		if b.From < at {
			continue
		}
		all = append(spans(all, body, at, b.From), b)
		at = b.To
	}
	all = all[:len(all)-1]
	if bytes.IndexByte(body, '$') < 0 {
		return all
	}
	set, at := []dialect.Range{}, 0
	for _, r := range append(all, dialect.Range{From: len(body), To: len(body)}) {
		if at < r.From {
			set = formulas(set, body, at, r.From)
		}
		set = append(set, r)
		at = r.To
	}
	return set[:len(set)-1]
}

// spans adds the words between backticks in a part of a text: between two runs of as many, in one paragraph.
func spans(to []dialect.Range, body []byte, from, end int) []dialect.Range {
	absent := map[int]int{} // up to where there is no run of this size
	paragraph := 0          // where the paragraph ends that is gone through
	for at := from; at < end; {
		next := bytes.IndexByte(body[at:end], '`')
		if next < 0 {
			return to
		}
		begin := at + next
		size := run(body[begin:end])
		if at = begin + size; at < absent[size] {
			continue
		}
		if begin >= paragraph {
			paragraph = end
			if empty := bytes.Index(body[begin:end], []byte("\n\n")); empty >= 0 {
				paragraph = begin + empty
			}
		}
		absent[size] = paragraph
		for i := at; i < paragraph; {
			n := bytes.IndexByte(body[i:paragraph], '`')
			if n < 0 {
				break
			}
			closing := run(body[i+n : paragraph])
			i += n + closing
			if closing == size {
				to = append(to, dialect.Range{From: begin, To: i})
				at, absent[size] = i, 0
				break
			}
		}
	}
	return to
}

// run returns how many backticks a text begins with.
func run(s []byte) int { return len(s) - len(bytes.TrimLeft(s, "`")) }

// walkCode calls visit with each line of each block of code. Paragraphs are not looked into, so that it costs little whatever
// stands in them.
func walkCode(body []byte, visit func(from, to int)) {
	blocks := parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...))
	_ = ast.Walk(blocks.Parse(text.NewReader(body)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && (n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock) {
			for i := range n.Lines().Len() {
				s := n.Lines().At(i)
				visit(s.Start, s.Stop)
			}
		}
		return ast.WalkContinue, nil
	})
}
