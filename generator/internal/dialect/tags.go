package dialect

import (
	"bytes"
	"regexp"
	"strings"
)

// syntax is how a tag is written.
type syntax int

const (
	logic     syntax = iota // {% name %}: Liquid, Nunjucks, Twig
	output                  // {{ value }}: the same, and Handlebars
	shortcode               // {{< name >}} and {{% name %}}: Hugo and Quarto
	component               // <Name>: MDX and others
)

// tag is one tag of a template, as it stands in the text.
type tag struct {
	from, to int
	syntax   syntax
	name     string // as it was written
	closing  bool   // it closes another one
	single   bool   // it is written so that it has no other to close it
	said     args
	opener   *tag // of a closing tag
	closer   *tag // of an opening one
	inTarget bool // it stands in the address of a link or picture
	with     string
	block    bool // what it became has lines of its own
	done     bool // with was decided by the tag that it closes
}

// shown is how an author would look for the tag.
func (t *tag) shown() string {
	switch t.syntax {
	case logic:
		return "{% " + t.name + " %}"
	case shortcode:
		return "{{< " + t.name + " >}}"
	case component:
		return "<" + t.name + ">"
	case output:
	}
	return "{{ " + t.name + " }}"
}

// maxTag is how long a tag may be, in bytes.
const maxTag = 4 << 10

// tags gives template tags and components their plain meaning, or takes them out.
func (p *pass) tags() {
	found := p.find()
	if len(found) == 0 {
		return
	}
	pairUp(found)
	p.meanings = byName()
	for i := 0; i < len(found); i++ {
		t := found[i]
		if !t.done {
			p.mean(t)
		}
		p.write(t)
		if t.closer != nil && literal(t) { // what stands in it is not a template
			for i+1 < len(found) && found[i+1] != t.closer {
				i++
			}
		}
	}
}

// write puts what a tag became in its place. What has lines of its own gets them.
func (p *pass) write(t *tag) {
	if !t.block {
		if t.with == "" {
			p.cutTag(t)
		} else {
			p.replace(t.from, t.to, t.with)
		}
		return
	}
	begin, _ := p.line(t.from)
	text := min(p.text, t.from)
	indent := "" // that of a list; more would be copied for each of many
	if text-begin <= maxIndent {
		indent = string(p.data[begin:text])
	}
	first := text == t.from
	_, end := p.line(t.to)
	after := bytes.TrimLeft(p.data[t.to:end], " \t")
	with := strings.ReplaceAll(t.with, "\n", "\n"+indent)
	if !first {
		with = "\n" + indent + with
	}
	if to := t.to; len(after) > 0 {
		for p.data[to] == ' ' {
			to++
		}
		p.replace(t.from, to, with+"\n"+indent)
		return
	}
	p.replace(t.from, t.to, with)
}

// maxIndent is how far lines are indented that a tag becomes: as far as any list is.
const maxIndent = 100

// cutTag takes a tag out, and of two spaces around it one.
func (p *pass) cutTag(t *tag) {
	to := t.to
	if t.from > 0 && to < len(p.data) && p.data[t.from-1] == ' ' && p.data[to] == ' ' {
		to++
	}
	p.cut(t.from, to)
}

// find lists all tags in their order.
func (p *pass) find() []*tag {
	var found []*tag
	for i := 0; i < len(p.data); i++ {
		var t *tag
		switch c := p.data[i]; {
		case c != '{' && c != '<':
			continue
		case p.inCode(i) > 0:
			i = p.inCode(i) - 1
			continue
		case c == '<':
			t = p.component(i)
		default:
			t = p.template(i)
		}
		if t == nil {
			continue
		}
		t.inTarget = p.inTarget(t.from)
		if n := len(found); n > 0 && found[n-1].to == t.from {
			t.inTarget = found[n-1].inTarget
		}
		found = append(found, t)
		i = t.to - 1
	}
	return found
}

// targetBegins is what stands before an address, as far as it has been written.
var targetBegins = regexp.MustCompile(`(?:\]\(<?|=["']?|\]:\s*)[^\s()"'<>]*$`)

func (p *pass) inTarget(at int) bool {
	before := p.data[max(0, at-300):at]
	return targetBegins.Match(before[bytes.LastIndexByte(before, '\n')+1:])
}

var (
	logicForm     = regexp.MustCompile(`^\{%-?\s*([/\w][\w./-]*)?\s*([\s\S]*?)\s*-?%\}`)
	shortcodeForm = regexp.MustCompile(`^\{\{([<%])-?\s*(/?)\s*([\w./-]+)?\s*([\s\S]*?)\s*(/?)-?([>%])\}\}`)
	outputForm    = regexp.MustCompile(`^\{\{\{?[-~]?\s*([\s\S]*?)\s*[-~]?\}\}\}?`)
	firstWord     = regexp.MustCompile(`^[#/>^]?\s*[$.]?\w[\w.$-]*`)
)

// match looks for a tag at the beginning of a text, where it is closed at all: else a pattern would look through much for nothing,
// many times.
func match(form *regexp.Regexp, rest []byte, closing string) [][]byte {
	if !bytes.Contains(rest, []byte(closing)) {
		return nil
	}
	return form.FindSubmatch(rest)
}

// template reads the tag of a template that may begin at a brace.
func (p *pass) template(at int) *tag {
	rest := p.data[at:min(len(p.data), at+maxTag)]
	switch {
	case bytes.HasPrefix(rest, []byte("{%")):
		g := match(logicForm, rest, "%}")
		if g == nil {
			return nil
		}
		t := &tag{from: at, to: at + len(g[0]), syntax: logic, name: string(g[1]), said: readArgs(string(g[2]))}
		if name, found := strings.CutPrefix(t.name, "end"); found && name != "" {
			t.name, t.closing = name, true
		} else if name, found := strings.CutPrefix(t.name, "/"); found {
			t.name, t.closing = name, true
		}
		return t
	case bytes.HasPrefix(rest, []byte("{{<")), bytes.HasPrefix(rest, []byte("{{%")):
		closing := ">}}"
		if rest[2] == '%' {
			closing = "%}}"
		}
		g := match(shortcodeForm, rest, closing)
		if g == nil || string(g[6]) != closing[:1] {
			return nil
		}
		return &tag{
			from: at, to: at + len(g[0]), syntax: shortcode, name: string(g[3]), closing: len(g[2]) > 0, single: len(g[5]) > 0,
			said: readArgs(string(g[4])),
		}
	case bytes.HasPrefix(rest, []byte("{{")):
		g := match(outputForm, rest, "}}")
		if g == nil {
			return nil
		}
		value := string(g[1])
		t := &tag{from: at, to: at + len(g[0]), syntax: output, name: firstWord.FindString(value), said: readArgs(value), single: true}
		if t.name == "" {
			t.name, _, _ = strings.Cut(value, " ")
		}
		return t
	}
	return nil
}

var (
	componentForm = regexp.MustCompile(`^<(/?)([A-Z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)*)([\s/>])`)
	closingForm   = regexp.MustCompile(`</([A-Z][A-Za-z0-9.]*)`)
	hasLower      = regexp.MustCompile(`[a-z]`)
)

// component reads a component that may begin at an angle bracket. A word in brackets that nothing closes is a word: a type in
// prose, such as List<String>.
func (p *pass) component(at int) *tag {
	g := componentForm.FindSubmatch(p.data[at:min(len(p.data), at+100)])
	if g == nil {
		if p.program == MDX {
			return p.element(at)
		}
		return nil
	}
	t := &tag{from: at, syntax: component, name: string(g[2]), closing: len(g[1]) > 0}
	if !hasLower.MatchString(t.name) {
		return nil // HTML, as it was written once
	}
	begin := at + len(g[0]) - 1
	end := closingBracket(p.data[begin:min(len(p.data), begin+maxTag)])
	if end < 0 {
		return nil
	}
	t.to = begin + end + 1
	inner := string(p.data[begin : t.to-1])
	t.single = strings.HasSuffix(inner, "/")
	t.said = readArgs(strings.TrimSuffix(inner, "/"))
	if p.closed == nil {
		p.closed = map[string]bool{}
		for _, g := range closingForm.FindAllSubmatch(p.data, -1) {
			p.closed[string(g[1])] = true
		}
	}
	if !p.closed[t.name] && !t.closing && !t.single && p.program != MDX {
		return &tag{from: at, to: at + 1, syntax: component, single: true, with: "&lt;", done: true}
	}
	return t
}

var (
	elementForm = regexp.MustCompile(`^<([a-z][a-z0-9]*)\s`)
	valueInCode = regexp.MustCompile(`\s[\w-]+=\{`)
	quotedWords = regexp.MustCompile(`["']([^"'\n]+)["']`)
)

// element reads an element of HTML that may begin at an angle bracket and has values in braces: these are code, and go. A picture
// shows what its code names.
func (p *pass) element(at int) *tag {
	rest := p.data[at:min(len(p.data), at+maxTag)]
	g := elementForm.FindSubmatch(rest)
	if g == nil {
		return nil
	}
	end := closingBracket(rest)
	if end < 0 || !valueInCode.Match(rest[:end]) {
		return nil
	}
	inner := string(rest[:end])
	t := &tag{from: at, to: at + end + 1, syntax: component, name: string(g[1]), single: true, done: true}
	kept, src := "", ""
	for {
		m := valueInCode.FindStringIndex(inner)
		if m == nil {
			break
		}
		size := braces(inner[m[1]-1:])
		if strings.HasPrefix(strings.TrimSpace(inner[m[0]:]), "src=") {
			if q := quotedWords.FindStringSubmatch(inner[m[1]-1 : m[1]-1+size]); q != nil {
				src = q[1]
			}
		}
		kept += inner[:m[0]]
		inner = inner[m[1]-1+size:]
	}
	t.with = kept + inner + ">"
	if src != "" {
		t.with = imageMark(src, readArgs(strings.TrimPrefix(kept+inner, "<img")).first("alt"), "")
	}
	return t
}

// braces returns how many bytes the braces take that a text begins with; all, where they are not closed.
func braces(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// closingBracket returns where the bracket stands that closes a component, behind all strings and braces; -1 where there is none.
func closingBracket(s []byte) int {
	depth, quote := 0, byte(0)
	for i, c := range s {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && depth == 0:
			quote = c
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == '>' && depth <= 0:
			return i
		}
	}
	return -1
}

// pairUp finds for each closing tag the one that it closes.
func pairUp(found []*tag) {
	var open []*tag
	for _, t := range found {
		switch {
		case t.single:
		case !t.closing:
			open = append(open, t)
		default:
			for i := len(open) - 1; i >= 0 && i >= len(open)-maxOpen; i-- {
				if o := open[i]; o.syntax == t.syntax && o.name == t.name {
					t.opener, o.closer = o, t
					open = open[:i]
					break
				}
			}
		}
	}
}

// maxOpen is how many tags that nothing closes are looked through for the one that is closed.
const maxOpen = 200

// args is what a tag says behind its name: values in their order, and values by name.
type args struct {
	list  []string
	named map[string]string
}

var argForm = regexp.MustCompile("(?:([\\w-]+)\\s*[=:]\\s*)?(?:\\{?\"((?:[^\"\\\\]|\\\\.)*)\"\\}?|\\{?'((?:[^'\\\\]|\\\\.)*)'\\}?|`([^`]*)`|\\{([^{}]*)\\}|([^\\s,=\"'`{}|]+)|(\\|))")

// readArgs reads what a tag says. What stands behind a bar is what is to be done with it, and is not read.
func readArgs(s string) args {
	a := args{named: map[string]string{}}
	for _, g := range argForm.FindAllStringSubmatch(s, 50) {
		if g[7] != "" {
			break
		}
		value := g[2] + g[3] + g[4] + g[5] + g[6]
		if strings.Contains(value, `\`) {
			value = strings.NewReplacer(`\"`, `"`, `\'`, `'`, `\\`, `\`).Replace(value)
		}
		if g[1] != "" {
			a.named[strings.ToLower(g[1])] = value
		} else {
			a.list = append(a.list, value)
		}
	}
	return a
}

// at returns a value by its place, or "".
func (a args) at(i int) string {
	if i < len(a.list) {
		return a.list[i]
	}
	return ""
}

// first returns the first of several named values that is there.
func (a args) first(names ...string) string {
	for _, n := range names {
		if v := a.named[n]; v != "" {
			return v
		}
	}
	return ""
}
