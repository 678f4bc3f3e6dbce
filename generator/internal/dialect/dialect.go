// Package dialect reads what other programs put into Markdown, and writes what it means in Markdown as Waymark reads it.
//
// Liquid, Nunjucks, Hugo, Handlebars, MDX, Quarto, Pandoc, MkDocs and Obsidian have marks of their own: template tags, components,
// comments, containers, attributes. To readers they are noise, or were never meant for them. What has one plain meaning here (a
// picture, a link, an alert, a block of code) gets it; of all else the mark goes and the words stay, and a Note names it. Nothing
// in code is touched.
//
// The result remembers where each of its bytes came from, so that whatever is said of it later points into the file.
package dialect

import (
	"bytes"
	"sort"
)

// Range is a part of a text, from a byte up to before another.
type Range struct{ From, To int }

// Note is something that was not understood, or had to be guessed at. At is a byte of the text as it was given.
type Note struct {
	At                        int
	Code, Same, Message, Hint string
}

// Text is a text as it is to be read.
type Text struct {
	Data  []byte
	Notes []Note
	steps [][]edit // from the last to the first
}

// edit is a piece of a text that another one took the place of.
type edit struct {
	from, to int    // in the text before
	with     string // in the text after, from byte at on
	at       int
}

// Origin returns where a byte of the text stood in the text as it was given. One that was not there stands where what it came
// from begins.
func (t *Text) Origin(at int) int {
	for _, edits := range t.steps {
		at = origin(edits, at)
	}
	return at
}

func origin(edits []edit, at int) int {
	i := sort.Search(len(edits), func(i int) bool { return edits[i].at > at }) - 1
	if i < 0 {
		return at
	}
	e := edits[i]
	if at < e.at+len(e.with) {
		return e.from
	}
	return e.to + at - e.at - len(e.with)
}

// Changed reports whether anything between two bytes of the text is not as it was given.
func (t *Text) Changed(from, to int) bool {
	return len(t.steps) > 0 && t.Origin(to)-t.Origin(from) != to-from
}

// Program says which program's own marks a text may have, beyond those that all may have.
type Program int

// The programs whose texts have endings of their own.
const (
	Any    Program = iota
	MDX            // .mdx
	Quarto         // .qmd and .rmd
)

// Read translates a text. code returns the parts of a text that are code, in order; it is asked only where there is something to
// translate.
func Read(data []byte, program Program, code func([]byte) []Range) Text {
	t := Text{Data: data}
	if !mayHaveMarks(data, program) {
		return t
	}
	do := func(work func(*pass)) (changed bool) {
		p := &pass{data: t.Data, program: program, code: code(t.Data)}
		work(p)
		t.take(p)
		return len(p.edits) > 0
	}
	do((*pass).hide)
	if bytes.Contains(t.Data, []byte("!!!")) || bytes.Contains(t.Data, []byte("???")) || bytes.Contains(t.Data, []byte("===")) {
		for range maxUnindented {
			if !do((*pass).unindent) {
				break
			}
		}
	}
	do((*pass).tags)
	do((*pass).lines)
	return t
}

// pass is one way through a text, from its beginning to its end.
type pass struct {
	data    []byte
	program Program
	code    []Range
	next    int // the code that has not been passed yet
	edits   []edit
	notes   []Note

	meanings map[string]func(*pass, *tag) bool
	asides   []string        // notes that stood where they are called
	closed   map[string]bool // the components that something closes
	absent   map[string]bool // marks of which there is none any more
	from, to int             // the line that was asked for last
	text     int             // where its first sign stands that is no space
}

// line returns the line that a byte is in: where it begins, and where it ends before its line break.
func (p *pass) line(at int) (from, to int) {
	if at < p.from || at > p.to || p.to == 0 {
		p.from, p.to = lineBegin(p.data, at), lineEnd(p.data, at)
		p.text = p.to - len(bytes.TrimLeft(p.data[p.from:p.to], " \t"))
	}
	return p.from, p.to
}

// index returns where a mark stands next, or -1. What is not there once is not looked for again.
func (p *pass) index(from int, mark string) int {
	if p.absent[mark] {
		return -1
	}
	at := bytes.Index(p.data[from:], []byte(mark))
	if at < 0 {
		if p.absent == nil {
			p.absent = map[string]bool{}
		}
		p.absent[mark] = true
		return -1
	}
	return from + at
}

// replace puts a text in the place of another. Edits come in order, and do not overlap: what does is left as it is.
func (p *pass) replace(from, to int, with string) {
	if n := len(p.edits); n == 0 || p.edits[n-1].to <= from {
		p.edits = append(p.edits, edit{from: from, to: to, with: with})
	}
}

// cut takes a piece out. Two words between which it stood do not become one.
func (p *pass) cut(from, to int) {
	with := ""
	if from > 0 && to < len(p.data) && isWord(p.data[from-1]) && isWord(p.data[to]) {
		with = " "
	}
	p.replace(from, to, with)
}

func isWord(c byte) bool {
	return c >= 0x80 || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func (p *pass) note(at int, code, same, message, hint string) {
	p.notes = append(p.notes, Note{at, code, same, message, hint})
}

// inCode returns the end of the code that a byte is in, or 0. It is asked in the order of the text.
func (p *pass) inCode(at int) int {
	for p.next < len(p.code) && p.code[p.next].To <= at {
		p.next++
	}
	if p.next < len(p.code) && p.code[p.next].From <= at {
		return p.code[p.next].To
	}
	return 0
}

// take makes a pass's text the text.
func (t *Text) take(p *pass) {
	for _, n := range p.notes {
		n.At = t.Origin(n.At)
		t.Notes = append(t.Notes, n)
	}
	if len(p.edits) == 0 {
		return
	}
	var out bytes.Buffer
	at := 0
	for i := range p.edits {
		e := &p.edits[i]
		out.Write(p.data[at:e.from])
		e.at = out.Len()
		out.WriteString(e.with)
		at = e.to
	}
	out.Write(p.data[at:])
	t.Data = out.Bytes()
	t.steps = append([][]edit{p.edits}, t.steps...)
}

// marks are what a text must have one of for anything in it to need a translation: most texts have none, and cost a look.
var marks = [][]byte{
	[]byte("{{"), []byte("{%"), []byte("{#"), []byte("{:"), []byte("{."), []byte("{ ."), []byte("{ #"), []byte("{/*"), []byte("{>>"), []byte("markdown="), []byte("collapsed:: "), []byte("id:: "), []byte(":LOGBOOK:"), []byte("){"), []byte("]{"), []byte("`{"),
	[]byte("%%"), []byte("<!--"), []byte(":::"), []byte("!!! "), []byte("??? "), []byte("???+"), []byte("=== \""), []byte("=="), []byte("\u00A0"), []byte(" ^"), []byte("\n^"),
	[]byte("[!INCLUDE"), []byte("[!include"), []byte("[!VIDEO"), []byte("[!code-"), []byte("[!div"), []byte("[!DIV"), []byte("\nimport "), []byte("\nexport "),
	[]byte("[TOC]"), []byte("TOC]]"), []byte("@[toc]"), []byte("${toc}"), []byte("\\("), []byte("\\["), []byte("^["), []byte("--8<--"), []byte("*["),
}

func mayHaveMarks(data []byte, program Program) bool {
	if program != Any || bytes.HasPrefix(data, []byte("import ")) {
		return true
	}
	for _, m := range marks {
		if bytes.Contains(data, m) {
			return true
		}
	}
	return bytes.Contains(data, []byte("[[")) && bytes.Contains(data, []byte("|")) ||
		hasAfter(data, "<", func(rest []byte) bool { return len(rest) > 0 && rest[0] >= 'A' && rest[0] <= 'Z' }) ||
		hasAfter(data, "\n#", func(rest []byte) bool {
			line, _, _ := bytes.Cut(rest, []byte("\n"))
			return bytes.HasSuffix(bytes.TrimRight(line, " \t"), []byte("}"))
		}) ||
		hasAfter(data, "](", func(rest []byte) bool {
			target, _, closed := bytes.Cut(rest, []byte(")"))
			space := bytes.IndexByte(target, ' ')
			return closed && space > 0 && space+1 < len(target) && target[space+1] != '"' && target[space+1] != '\''
		})
}

// hasAfter reports whether what stands behind a mark, anywhere in a text, is what is looked for.
func hasAfter(data []byte, mark string, is func(rest []byte) bool) bool {
	for {
		_, rest, found := bytes.Cut(data, []byte(mark))
		if !found {
			return false
		}
		if is(rest[:min(len(rest), 300)]) {
			return true
		}
		data = rest
	}
}
