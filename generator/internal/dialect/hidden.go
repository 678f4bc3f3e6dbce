package dialect

import (
	"bytes"
)

// hide takes out what an author wrote for nobody, or for other authors: comments. A comment of HTML that has its lines for itself
// is left to Markdown, which knows it.
func (p *pass) hide() {
	for i := 0; i < len(p.data); i++ {
		if end := p.inCode(i); end > 0 {
			i = end - 1
			continue
		}
		switch c := p.data[i]; {
		case c == '<' && bytes.HasPrefix(p.data[i:], []byte("<!--")):
			i = p.htmlComment(i) - 1
		case c == '%' && bytes.HasPrefix(p.data[i:], []byte("%%")):
			i = p.percentComment(i) - 1
		case c == '{' && (bytes.HasPrefix(p.data[i:], []byte("{# ")) || bytes.HasPrefix(p.data[i:], []byte("{#\n"))):
			i = p.enclosed(i, "#}") - 1
		case c == '{' && bytes.HasPrefix(p.data[i:], []byte("{::comment}")):
			i = p.enclosed(i, "{:/comment}") - 1
		case c == '{' && bytes.HasPrefix(p.data[i:], []byte("{>>")):
			i = p.enclosed(i, "<<}") - 1
		case c == '{' && bytes.HasPrefix(p.data[i:], []byte("{/*")):
			i = p.enclosed(i, "*/}") - 1
		case c == '{' && bytes.HasPrefix(p.data[i:], []byte("{{!--")):
			i = p.enclosed(i, "--}}") - 1
		case c == '{' && bytes.HasPrefix(p.data[i:], []byte("{{/*")), c == '{' && bytes.HasPrefix(p.data[i:], []byte("{{- /*")):
			i = p.enclosed(i, "}}") - 1
		}
	}
}

// enclosed cuts what stands between a mark and the one that closes it, and returns where it ends.
func (p *pass) enclosed(from int, closing string) int {
	end := p.index(from, closing)
	if end < 0 {
		return from + 1
	}
	to := end + len(closing)
	p.cut(from, to)
	return to
}

// htmlComment cuts a comment that has text on its lines. Markdown would take all of the line for HTML, or, where there is an
// empty line in the comment, all of it for text.
func (p *pass) htmlComment(from int) int {
	size := bytes.Index(p.data[from:], []byte("-->"))
	if size < 0 {
		p.note(from, "unclosed-comment", "", "this comment is never closed, and hides the rest of the text", `write "-->" behind it`)
		p.replace(from, len(p.data), "")
		return len(p.data)
	}
	to := from + size + len("-->")
	begin, _ := p.line(from)
	before := bytes.Trim(p.data[begin:from], " \t>")
	_, end := p.line(to)
	rest := p.data[to:end]
	if len(before) == 0 && len(bytes.TrimSpace(rest)) == 0 {
		return to
	}
	if len(before) == 0 || isListMark(before) { // what follows must not be indented
		to += len(rest) - len(bytes.TrimLeft(rest, " \t"))
	}
	p.cut(from, to)
	return to
}

// percentComment cuts a comment of Obsidian's: between two pairs of percent signs, within a line or over many.
func (p *pass) percentComment(from int) int {
	begin, line := p.line(from)
	before := bytes.Trim(p.data[begin:from], " \t>")
	alone := len(before) == 0 || isListMark(before)
	if !alone && !bytes.ContainsAny(p.data[from-1:from], " \t([\n>") {
		return from + 2 // a number with its sign
	}
	end := p.index(from+2, "%%")
	if end < 0 || !alone && end > line {
		if alone {
			p.note(from, "unclosed-comment", "", "this comment is never closed, and hides the rest of the text", `write "%%" behind it`)
			p.replace(from, len(p.data), "")
			return len(p.data)
		}
		return from + 2
	}
	to := end + 2
	if rest := p.data[to:]; len(rest) > 0 && rest[0] == ' ' && (alone || p.data[from-1] == ' ') {
		to++ // one of the two spaces around it
	}
	p.cut(from, to)
	return to
}

func lineBegin(data []byte, at int) int { return bytes.LastIndexByte(data[:at], '\n') + 1 }

// lineEnd returns where the line ends that a byte is in: at its line break, or at the end of the text.
func lineEnd(data []byte, at int) int {
	if end := bytes.IndexByte(data[at:], '\n'); end >= 0 {
		return at + end
	}
	return len(data)
}

func isListMark(s []byte) bool {
	return len(s) == 1 && bytes.ContainsAny(s, "-*+") || len(s) > 1 && len(s) < 11 && bytes.ContainsAny(s[len(s)-1:], ".)") && len(bytes.Trim(s[:len(s)-1], "0123456789")) == 0
}
