package dialect

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// lines reads what other programs write in lines of their own, or behind a mark in a line: containers, attributes, imports, the
// marks of Obsidian; and mends what can only be meant in one way.
func (p *pass) lines() {
	for at := 0; at < len(p.data); {
		if end := p.inCode(at); end > 0 {
			p.codeLines(at, end)
			at = max(end, at+1)
			continue
		}
		next := min(lineEnd(p.data, at)+1, len(p.data))
		inner := at + len(containerMarks.Find(p.data[at:next]))
		if to := p.whole(inner, next, continued(p.data[at:inner])); to > inner {
			at = to
			continue
		}
		p.within(inner, next)
		at = next
	}
	if len(p.asides) > 0 {
		end := len(p.data)
		p.replace(end, end, "\n\n"+strings.Join(p.asides, "\n\n")+"\n")
	}
}

// containerMarks are the marks of the quotes and lists that a line stands in.
var containerMarks = regexp.MustCompile(`^[ \t]*(?:>[ \t]?|(?:[-*+]|\d{1,9}[.)])[ \t]+)+`)

// continued returns what the next line has in front in the same quotes and lists.
func continued(marks []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '>' || r == '\t' {
			return r
		}
		return ' '
	}, string(marks))
}

// maxUnindented is how deep indented containers are that stand in one another.
const maxUnindented = 5

// unindent makes containers of what MkDocs indents below a line, from the outside in: what is indented is code to Markdown, and
// becomes text.
func (p *pass) unindent() {
	for at := 0; at < len(p.data); {
		if end := p.inCode(at); end > 0 {
			at = max(end, at+1)
			continue
		}
		next := min(lineEnd(p.data, at)+1, len(p.data))
		inner := at + len(containerMarks.Find(p.data[at:next]))
		line, before := string(bytes.TrimRight(p.data[inner:next], "\n")), continued(p.data[at:inner])
		to := inner
		if g := admonition.FindStringSubmatch(line); g != nil {
			fold := ""
			if strings.HasPrefix(g[2], "?") {
				fold = "-"
			}
			to = p.indented(inner, next, before+g[1], strings.TrimRight("::: "+g[3]+fold+" "+g[4], " "), ":::")
		} else if g := tabLine.FindStringSubmatch(line); g != nil {
			to = p.indented(inner, next, before+g[1], "**"+g[2]+"**", "")
		}
		at = max(next, to)
	}
}

// codeLines takes the options out of a block of code that Quarto runs.
func (p *pass) codeLines(from, to int) {
	if p.program != Quarto {
		return
	}
	for at := lineBegin(p.data, from); at < to; {
		next := min(lineEnd(p.data, at)+1, len(p.data))
		if chunkOption.Match(p.data[at:next]) {
			p.replace(at, next, "")
		}
		at = next
	}
}

var (
	chunkOption = regexp.MustCompile(`^\s*(?:#|//|--)\| `)
	chunkFence  = regexp.MustCompile("^(\\s*(?:```+|~~~+))\\s*\\{\\.?([A-Za-z][\\w+-]*)([^}\\n]*)\\}\\s*$")
	hiddenChunk = regexp.MustCompile(`(?i)\b(?:echo|include)\s*=\s*F\w*`)
	hiddenLine  = regexp.MustCompile(`(?m)^\s*#\| (?:echo|include): false\s*$`)

	importLine   = regexp.MustCompile(`^(?:import\s+[^;\n]*?\s+from\s+|import\s+|export\s+\*\s+from\s+)["'][^"'\n]+["'];?\s*$`)
	importBegins = regexp.MustCompile(`^import\s+[\w*{ ,]*\{?\s*$`)
	importEnds   = regexp.MustCompile(`^[^"'\n]*\}?\s*from\s+["'][^"'\n]+["'];?\s*$`)
	exportBegins = regexp.MustCompile(`^export\s+(?:const|default|let|var|function|async)\b`)

	colonTag   = regexp.MustCompile(`^(\s*):::([a-z-]+)((?:\s+[\w-]+="[^"]*"|\s+[^\s:"]+)*)\s*:::\s*$`)
	colonOpen  = regexp.MustCompile(`^\s*:::(code|image|column|row|zone|moniker)(?:-end)?\b([^\n]*?):{0,3}\s*$`)
	admonition = regexp.MustCompile(`^(\s*)(!!!|\?\?\?\+?)\s+([\w-]+)(?:\s+[\w-]+)*(?:\s+"([^"\n]*)")?\s*$`)
	tabLine    = regexp.MustCompile(`^(\s*)===[!+]?\s+"([^"\n]*)"\s*$`)

	markdownInside = regexp.MustCompile(`^\s*<[a-z][a-z0-9]*\b[^>]*\smarkdown(?:="[^"]*")?[^>]*>\s*$`)
	ownLine        = regexp.MustCompile(`^\s*(?:id|collapsed|heading|background-color|logseq\.[\w.-]+):: .*$`)

	attributeLine = regexp.MustCompile(`^\s*(?:>\s*)*\{:?\s*((?:[.#][\w-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+)|toc|\s)+)\}\s*$`)
	tocLine       = regexp.MustCompile(`^\s*(?:\[TOC\]|\[\[_?TOC_?\]\]|\$\{toc\}|@\[toc\].*)\s*$`)
	abbreviation  = regexp.MustCompile(`^\*\[[^\]\n]+\]:\s`)
	tocItem       = regexp.MustCompile(`^(?:[-*+]|1\.)?[ \t]*(?:TOC|toc|Table of contents)[ \t]*\n[ \t]*\{:\s*toc\b[^}\n]*\}`)
	includeLine   = regexp.MustCompile(`^\s*(?:>\s*)?\[!(INCLUDE|include|VIDEO|code-[\w-]+|div|DIV)\b([^\n]*?)\]?(?:\(([^)\n]*)\))?\]?\s*$`)
	headingLine   = regexp.MustCompile(`^#{1,6}\s`)
	idInBraces    = regexp.MustCompile(`#([\w-]+)`)
)

// whole reads a line that is, as a whole, something of another program's. before is what lines below it have in front, in the quotes
// and lists that it stands in. It returns where that ends, or at where it is nothing.
func (p *pass) whole(at, next int, before string) int {
	line := bytes.TrimRight(p.data[at:next], "\n")
	s := string(line)
	if !strings.ContainsAny(s, "{:!?=[`~\\<") && !strings.Contains(s, "TOC") && !strings.Contains(s, "toc") && !strings.HasPrefix(s, "import") && !strings.HasPrefix(s, "export") {
		return at
	}
	if g := chunkFence.FindStringSubmatch(s); g != nil {
		return p.chunk(at, next, g)
	}
	if importLine.MatchString(s) {
		p.replace(at, at+len(line), "")
		return next
	}
	if p.program == MDX && (importBegins.MatchString(s) || exportBegins.MatchString(s)) {
		return p.script(at, next, importBegins.MatchString(s))
	}
	if g := colonTag.FindStringSubmatch(s); g != nil && g[2] == "image" {
		said := readArgs(g[3])
		p.replace(at, at+len(line), g[1]+imageMark(said.first("source", "src"), said.first("alt-text", "alt"), ""))
		return next
	}
	if g := colonOpen.FindStringSubmatch(s); g != nil {
		if said := readArgs(g[2]); g[1] == "image" && said.named["source"] != "" {
			p.replace(at, at+len(line), imageMark(said.named["source"], said.first("alt-text", "alt"), ""))
			return next
		}
		if g[1] == "code" {
			p.note(at, "unknown-tag", ":::code", ":::code is a mark of another program, and is left out", "put the code here, between lines of three backticks")
		}
		p.replace(at, at+len(line), "")
		return next
	}
	if g := includeLine.FindStringSubmatch(s); g != nil {
		if strings.EqualFold(g[1], "video") {
			p.replace(at, at+len(line), "<"+strings.Trim(strings.TrimSpace(g[2]), "]()")+">")
		} else {
			name := "[!" + g[1] + "]"
			if !strings.EqualFold(g[1], "div") {
				p.note(at, "unknown-tag", name, name+" is a mark of another program, and is left out", "write here what it was to bring in, or link to it")
			}
			from := at
			if len(strings.Trim(before, " >")) == 0 { // a quote of nothing else
				from = lineBegin(p.data, at)
			}
			p.replace(from, at+len(line), "")
		}
		return next
	}
	if strings.TrimSpace(s) == `\[` {
		return p.latexBlock(at, next)
	}
	if markdownInside.MatchString(s) { // an empty line ends the HTML, and Markdown begins
		p.replace(at+len(line), at+len(line), "\n"+strings.TrimRight(before, " "))
		return next
	}
	if ownLine.MatchString(s) {
		p.replace(at, at+len(line), "")
		return next
	}
	if strings.TrimSpace(s) == ":LOGBOOK:" {
		if end := bytes.Index(p.data[at:min(len(p.data), at+maxTag)], []byte(":END:")); end >= 0 {
			p.replace(at, at+end+len(":END:"), "")
			return min(lineEnd(p.data, at+end)+1, len(p.data))
		}
	}
	if strings.HasPrefix(strings.TrimSpace(s), "--8<--") {
		p.note(at, "unknown-tag", "--8<--", "--8<-- is a mark of another program, and is left out", "write here what it was to bring in, or link to it")
		p.replace(at, at+len(line), "")
		return next
	}
	if tocLine.MatchString(s) || abbreviation.MatchString(s) {
		p.replace(at, at+len(line), "")
		return next
	}
	if g := tocItem.Find(p.data[at:]); g != nil { // a list of one, which a program fills in
		p.replace(lineBegin(p.data, at), at+len(g), "")
		return at + len(g)
	}
	if g := attributeLine.FindStringSubmatch(s); g != nil {
		p.attributes(at, at+len(line), g[1])
		return next
	}
	return at
}

// latexBlock gives a formula of LaTeX's, between lines of their own, the marks that Markdown has.
func (p *pass) latexBlock(at, next int) int {
	for to, n := next, 0; to < len(p.data) && n < 200; n++ {
		end := lineEnd(p.data, to)
		if string(bytes.TrimSpace(p.data[to:end])) == `\]` {
			p.replace(at, next-1, "$$")
			p.replace(to, end, "$$")
			return min(end+1, len(p.data))
		}
		to = min(end+1, len(p.data))
	}
	return at
}

// chunk reads the fence of a block of code that other programs run, and takes out a block that they do not show.
func (p *pass) chunk(at, next int, g []string) int {
	i := slices.IndexFunc(p.code[min(p.next, len(p.code)):], func(r Range) bool { return r.From >= next-1 })
	if p.program == Quarto && i >= 0 && p.next < len(p.code) {
		block := p.code[p.next+i]
		if block.From <= next && (hiddenChunk.MatchString(g[3]) || hiddenLine.Match(p.data[block.From:block.To])) {
			end := min(lineEnd(p.data, min(block.To, len(p.data)-1))+1, len(p.data))
			p.replace(at, end, "")
			return end
		}
	}
	p.replace(at, next, g[1]+strings.TrimPrefix(g[2], ".")+strings.Repeat("\n", strings.Count(string(p.data[at:next]), "\n")))
	return next
}

// script takes out what an MDX text imports or exports: up to its end, or to the next empty line.
func (p *pass) script(at, next int, imports bool) int {
	to := next
	for n := 0; to < len(p.data) && n < 200; n++ {
		end := lineEnd(p.data, to)
		line := bytes.TrimSpace(p.data[to:end])
		if len(line) == 0 {
			break
		}
		to = min(end+1, len(p.data))
		if imports && importEnds.Match(line) {
			break
		}
	}
	p.replace(at, to, "\n")
	return to
}

// indented makes a container of what is indented below a line. indent is what its lines have in front, besides. It returns at where
// nothing is.
func (p *pass) indented(at, next int, indent, opening, closing string) int {
	deeper := []byte(indent + "    ")
	var begins []int
	to := next
	for to < len(p.data) {
		end := lineEnd(p.data, to)
		line := p.data[to:end]
		if bytes.HasPrefix(line, deeper) {
			begins = append(begins, to)
		} else if len(bytes.Trim(line, " \t>")) > 0 || strings.Contains(indent, ">") && !bytes.Contains(line, []byte(">")) {
			break
		}
		to = min(end+1, len(p.data))
	}
	if len(begins) == 0 {
		return at
	}
	last := begins[len(begins)-1]
	to = min(lineEnd(p.data, last)+1, len(p.data))
	empty := strings.TrimRight(indent, " ") + "\n"
	p.replace(at, next, opening+"\n"+empty)
	for _, b := range begins {
		p.replace(b+len(indent), b+len(deeper), "")
	}
	if closing != "" {
		closing = indent + closing + "\n"
	}
	if p.data[to-1] != '\n' {
		closing = "\n" + closing
	}
	p.replace(to, to, closing)
	return to
}

// attributes takes out a line of attributes, and gives their id to a heading above it.
func (p *pass) attributes(from, to int, said string) {
	above := lineBegin(p.data, max(from-1, 0))
	if g := idInBraces.FindStringSubmatch(said); g != nil && from > 0 && headingLine.Match(p.data[above:from]) && !bytes.Contains(p.data[above:from], []byte("{")) {
		p.replace(from-1, to, " {#"+g[1]+"}")
		return
	}
	p.replace(from, to, "")
}

const attributeList = `\{:?\s*((?:[.#][\w-]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s"'{}]+)|\s)+)\}`

// inline are the marks within a line, and what takes their places. needs is what a line has where it has the mark. A group that does
// not match is empty.
var inline = []struct {
	needs string
	form  *regexp.Regexp
	with  func(p *pass, at int, g []string) string
}{
	// A picture with attributes: its words, and its place.
	{`){`, regexp.MustCompile(`!\[([^\]\n]*)\]\(([^()\n]*)\)` + attributeList), func(_ *pass, _ int, g []string) string {
		said := readArgs(g[3])
		alt := g[1]
		if words := said.first("fig-alt", "alt"); alt == "" && words != "" {
			alt = words
		}
		mark := "![" + alt + "](" + g[2] + ")"
		if id := idInBraces.FindStringSubmatch(g[3]); id != nil {
			mark = `<span id="` + id[1] + `"></span>` + mark
		}
		return mark
	}},
	// Words with attributes.
	{`]{`, regexp.MustCompile(`(^|[^!\]\\])\[([^\[\]\n]+)\]` + attributeList), func(_ *pass, _ int, g []string) string { return g[1] + g[2] }},
	// Attributes behind a link, a word in code, or anything else.
	{`{`, regexp.MustCompile("([)`*_])" + attributeList), func(_ *pass, _ int, g []string) string { return g[1] }},
	{`{:`, regexp.MustCompile(`\{:\s*[.#\w][^{}\n]*\}`), func(*pass, int, []string) string { return "" }},
	// The attributes of a heading, of which only an id and classes are read.
	{`{`, regexp.MustCompile(`^(#{1,6}\s[^\n]*?)\s*\{([^{}\n]*[\w-]+=[^{}\n]*)\}[ \t]*$`), func(_ *pass, _ int, g []string) string {
		if id := idInBraces.FindStringSubmatch(g[2]); id != nil {
			return g[1] + " {#" + id[1] + "}"
		}
		return g[1]
	}},
	// The no-break space that a keyboard writes behind a mark.
	{"\u00A0", regexp.MustCompile(`^(\s*(?:>\s?)*(?:#{1,6}|[-+]|\d{1,9}[.)]))\x{00A0}`), func(_ *pass, _ int, g []string) string { return g[1] + " " }},
	{"\u00A0", regexp.MustCompile(`^(\s*\*)\x{00A0}([^*\n]*)$`), func(_ *pass, _ int, g []string) string { return g[1] + " " + g[2] }},
	// A file's name with spaces.
	{`](`, regexp.MustCompile(`(!?\[[^\]\n]*\])\(([^()<>"'\n]*?[^()<>"'\s][ ]+[^()<>"'\n]*?\.(?i:md|markdown|mdx|png|jpe?g|gif|svg|webp|avif|pdf|html?|docx|xlsx|pptx|zip|txt|csv)(?:#[^()\s<>]*)?)(\s+"[^"\n]*")?\s*\)`), func(_ *pass, _ int, g []string) string {
		return g[1] + "(<" + strings.TrimSpace(g[2]) + ">" + g[3] + ")"
	}},
	// Formulas as LaTeX has them.
	{`\(`, regexp.MustCompile(`(^|[\s(>*_:,;])\\\(\s*([^\n$]+?)\s*\\\)`), func(_ *pass, _ int, g []string) string {
		if !hasFormula(g[2]) || strings.Contains(g[2], `\(`) {
			return g[0]
		}
		return g[1] + "$" + g[2] + "$"
	}},
	{`\[`, regexp.MustCompile(`^(\s*)\\\[\s*([^\n$]+?)\s*\\\]\s*$`), func(_ *pass, _ int, g []string) string {
		if !hasFormula(g[2]) {
			return g[0]
		}
		return g[1] + "$$" + g[2] + "$$"
	}},
	// Obsidian's marked words.
	{`==`, regexp.MustCompile(`(^|[\s(\["'*_>])==([^\s=](?:[^=\n]*[^\s=])?)==($|[\s.,;:!?)\]"'*_<])`), func(_ *pass, _ int, g []string) string {
		return g[1] + "<mark>" + g[2] + "</mark>" + g[3]
	}},
	// A note that stands where it is called.
	{`^[`, regexp.MustCompile(`\^\[([^\[\]\n]+)\]`), func(p *pass, _ int, g []string) string {
		name := "aside-" + strconv.Itoa(len(p.asides)+1)
		p.asides = append(p.asides, "[^"+name+"]: "+g[1])
		return "[^" + name + "]"
	}},
	// The name of a block.
	{`^`, regexp.MustCompile(`(^|[ \t])\^([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*$`), func(_ *pass, _ int, g []string) string {
		return `<span id="^` + g[2] + `"></span>`
	}},
}

// hasFormula tells a formula from words in brackets that an author wanted to be no Markdown.
func hasFormula(s string) bool { return len(s) == 1 || strings.ContainsAny(s, `\^_={}+<>|*/`) }

var wikiBar = regexp.MustCompile(`(!?\[\[[^\[\]|\n]*[^\\|\[\]\n])\|([^\[\]\n]*\]\])`)

// within reads the marks in a line. The first that is found at a place has it.
func (p *pass) within(at, next int) {
	line := string(bytes.TrimRight(p.data[at:next], "\n"))
	if !strings.ContainsAny(line, "{=^[\\\u00A0") {
		return
	}
	var edits []edit
	add := func(from, to int, with string) {
		if !slices.ContainsFunc(edits, func(e edit) bool { return e.from < to && from < e.to }) {
			edits = append(edits, edit{from: from, to: to, with: with})
		}
	}
	if strings.HasPrefix(strings.TrimLeft(line, " \t>"), "|") { // in a table a bar ends a cell
		for _, m := range wikiBar.FindAllStringSubmatchIndex(line, -1) {
			add(at+m[3], at+m[4], `\|`)
		}
	}
	for _, mark := range inline {
		if !strings.Contains(line, mark.needs) {
			continue
		}
		for _, m := range mark.form.FindAllStringSubmatchIndex(line, -1) {
			if p.codeWithin(at+m[0], at+m[1]) {
				continue
			}
			g := make([]string, len(m)/2)
			for i := range g {
				if m[2*i] >= 0 {
					g[i] = line[m[2*i]:m[2*i+1]]
				}
			}
			add(at+m[0], at+m[1], mark.with(p, at+m[0], g))
		}
	}
	if p.program == MDX {
		for _, m := range expression.FindAllStringSubmatchIndex(line, -1) {
			if p.codeWithin(at+m[0], at+m[1]) {
				continue
			}
			with := ""
			if inner := line[m[2]:m[3]]; quoted.MatchString(strings.TrimSpace(inner)) {
				with = strings.Trim(strings.TrimSpace(inner), `"'`)
			} else {
				p.note(at+m[0], "unknown-tag", "{...}", "an expression of MDX is left out", "write what it was to show")
			}
			add(at+m[0], at+m[1], with)
		}
	}
	slices.SortFunc(edits, func(a, b edit) int { return a.from - b.from })
	for _, e := range edits {
		p.replace(e.from, e.to, e.with)
	}
}

var expression = regexp.MustCompile(`\{([^{}\n#.:][^{}\n]*|)\}`)

// codeWithin reports whether a piece of a line begins in code, or has code in it at its end.
func (p *pass) codeWithin(from, to int) bool {
	for _, r := range p.code[min(p.next, len(p.code)):] {
		if r.From >= to {
			return false
		}
		if r.From <= from && from+1 < r.To || r.From < to-1 && to <= r.To {
			return true
		}
	}
	return false
}
