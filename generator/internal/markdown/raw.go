package markdown

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// What becomes of the elements of HTML that an author writes.
var (
	// kept are the elements that text is made of.
	kept = []string{
		"a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
		"details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark",
		"ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody",
		"td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
	}
	// left are elements that go and leave their words, because they only say how these look, or are for a page as a whole.
	left = []string{
		"acronym", "base", "basefont", "big", "body", "button", "center", "datalist", "dialog", "dir", "fieldset", "font", "footer", "form", "frame",
		"frameset", "head", "header", "hgroup", "html", "input", "label", "legend", "link", "main", "map", "area", "marquee", "menu", "meta", "meter", "nav",
		"nobr", "noscript", "optgroup", "option", "output", "param", "picture", "progress", "search", "select", "slot", "source", "strike", "textarea",
		"title", "track", "tt",
	}
	// linked are elements that show a thing of their own, and become links to it.
	linked = []string{"iframe", "embed", "video", "audio", "object"}
	// taken are elements that go with all that is in them.
	taken = []string{"script", "style", "svg", "math", "canvas", "template", "applet", "noembed", "noframes"}
)

// rawPolicy allows what text is made of. Everything that loads, runs, or styles is left out.
func rawPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(kept...)
	p.AllowNoAttrs().OnElements("a", "span")
	p.AllowAttrs("href").Matching(anyAddress).OnElements("a")
	p.AllowAttrs("src").Matching(anyAddress).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width").Matching(bluemonday.Integer).OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^[^\s"'<>&:]+$`)).Globally()
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[\w -]+$`)).Globally()
	p.AllowAttrs("title", "lang", "dir").Globally()
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("start", "value").Matching(bluemonday.Integer).OnElements("ol", "li")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(?:row|col|rowgroup|colgroup)$`)).OnElements("th")
	p.AllowAttrs("datetime").OnElements("time", "del", "ins")
	return p
}

// anyAddress leaves it to those who resolve links which addresses are published.
var anyAddress = regexp.MustCompile(`^[\s\S]*$`)

// piece is a part of the HTML that a text has: a tag, or what stands between two.
type piece struct {
	html    string
	opens   string // the element, of a tag that has to be closed
	closes  string
	breaks  bool // whether words on its two sides are two
	textual bool
}

// rawHTML keeps what is harmless of a piece of HTML. What it links to and shows is found as Markdown's own is.
func (p *preparer) rawHTML(n ast.Node, raw string, pos int) {
	if tag, plain := plainTag(raw); plain && p.raw {
		if tag.breaks || !slices.Contains(inlineElements, tag.opens+tag.closes) {
			p.plain.WriteByte(' ')
		}
		n.SetAttributeString("pieces", []piece{tag})
		p.rawNodes = append(p.rawNodes, n)
		return
	}
	var pieces []piece
	z := html.NewTokenizer(strings.NewReader(p.harmless(n, raw, pos)))
	for z.Next() != html.ErrorToken {
		token := z.Token()
		switch token.Type {
		case html.TextToken:
			p.plain.WriteString(token.Data)
			pieces = append(pieces, piece{html: html.EscapeString(token.Data), textual: true})
		case html.StartTagToken, html.SelfClosingTagToken:
			pieces = append(pieces, p.startTag(n, token, pos)...)
		case html.EndTagToken:
			pieces = append(pieces, piece{html: token.String(), closes: token.Data})
		default:
		}
		if token.Type != html.TextToken && !slices.Contains(inlineElements, token.Data) {
			p.plain.WriteByte(' ')
		}
	}
	if !p.raw {
		pieces = wordsOf(pieces, n.Type() == ast.TypeBlock)
	}
	n.SetAttributeString("pieces", pieces)
	p.rawNodes = append(p.rawNodes, n)
}

var plainForm = regexp.MustCompile(`^<(/?)([a-z][a-z0-9]*)\s*/?>$`)

// plainTag reads a tag that says nothing but its name, as most do: there is nothing in it to be taken out.
func plainTag(raw string) (tag piece, plain bool) {
	g := plainForm.FindStringSubmatch(raw)
	if g == nil || !slices.Contains(kept, g[2]) || g[2] == "a" || g[2] == "img" {
		return piece{}, false
	}
	switch name := g[2]; {
	case g[1] != "":
		return piece{html: "</" + name + ">", closes: name}, true
	case slices.Contains(empty, name):
		return piece{html: "<" + name + ">", breaks: name != "wbr"}, true
	default:
		return piece{html: "<" + name + ">", opens: name, breaks: !slices.Contains(inlineElements, name)}, true
	}
}

// inlineElements stand in a line, and do not divide words.
var inlineElements = []string{
	"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
	"time", "u", "var", "wbr",
}

// wordsOf leaves nothing but the words, with what they link to, and pictures, for a site that wants no HTML.
func wordsOf(pieces []piece, block bool) []piece {
	var out []piece
	words := false
	for _, p := range pieces {
		switch {
		case p.textual || strings.HasPrefix(p.html, "\x00") || p.closes == "a":
			out = append(out, p)
			words = words || p.closes == "" && strings.TrimSpace(p.html) != ""
		case p.breaks:
			out = append(out, piece{html: " "})
		}
	}
	if block && words {
		out = slices.Concat([]piece{{html: "<p>"}}, out, []piece{{closes: "a"}, {html: "</p>\n"}})
	}
	return out
}

// attributesOf returns what a tag says, by name.
func attributesOf(token html.Token) map[string]string {
	said := make(map[string]string, len(token.Attr))
	for _, a := range token.Attr {
		said[a.Key] = a.Val
	}
	return said
}

// empty are the elements that have nothing in them, and no closing tag.
var empty = []string{"br", "hr", "wbr", "col"}

// startTag writes an opening tag. Addresses become holes, ids places.
func (p *preparer) startTag(n ast.Node, token html.Token, pos int) []piece {
	said := attributesOf(token)
	var out []piece
	if id := said["id"]; id != "" {
		if p.ids[id] > 0 || !p.raw {
			token.Attr = slices.DeleteFunc(token.Attr, func(a html.Attribute) bool { return a.Key == "id" })
		} else {
			p.ids[id] = 1
			p.doc.Places = append(p.doc.Places, id)
			if token.Data == "a" || token.Data == "img" {
				out = append(out, piece{html: `<span id="` + html.EscapeString(id) + `"></span>`})
			}
		}
	}
	switch name := token.Data; {
	case name == "a":
		if href, linked := said["href"]; linked && !insideLink(n) {
			if hole, ok := p.linkHole(href, said["title"], pos); ok {
				out = append(out, piece{html: string(appendHole(nil, hole)), opens: "a"})
			}
		}
		return out
	case name == "img":
		width, _ := strconv.Atoi(said["width"])
		if hole, ok := p.imageHole(said["src"], said["alt"], said["title"], width, insideLink(n), pos); ok {
			return append(out, piece{html: string(appendHole(nil, hole))})
		}
		return append(out, piece{html: html.EscapeString(said["alt"]), textual: true})
	case slices.Contains(empty, name):
		token.Type = html.StartTagToken
		return []piece{{html: token.String(), breaks: token.Data != "wbr"}}
	}
	return append(out, piece{html: token.String(), opens: token.Data, breaks: !slices.Contains(inlineElements, token.Data)})
}

// harmless returns HTML without what is not published. What goes is counted by its name, and its words stay, but for those of
// programs and styles.
func (p *preparer) harmless(n ast.Node, raw string, pos int) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(raw))
	for skip := ""; ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		text := string(z.Raw())
		token := z.Token()
		name := token.Data
		switch {
		case skip != "":
			if kind == html.EndTagToken && name == skip {
				skip = ""
			}
		case kind == html.TextToken:
			out.WriteString(html.EscapeString(token.Data))
		case kind == html.CommentToken || kind == html.DoctypeToken:
		case slices.Contains(taken, name):
			if kind == html.StartTagToken {
				p.lost(name, "is taken out, with what is in it", pos)
				if skip = name; n.Type() == ast.TypeInline && !strings.Contains(raw, "</"+name) {
					removeUntil(n, "</"+name, p.source)
				}
			}
		case slices.Contains(linked, name):
			if kind != html.EndTagToken {
				out.WriteString(p.linkInstead(n, token, pos))
			}
		case name == "h1":
			token.Data = "h2"
			out.WriteString(token.String())
		case slices.Contains(kept, name):
			out.WriteString(named(token).String())
		case slices.Contains(left, name):
			out.WriteByte(' ')
			if name == "source" && kind != html.EndTagToken {
				out.WriteString(p.linkInstead(n, token, pos))
			}
		case kind == html.EndTagToken:
		case p.isElement(name, kind):
			p.lost(name, "is left out, and its words stay", pos)
		default:
			out.WriteString(html.EscapeString(text))
		}
	}
	return p.policy.Sanitize(out.String())
}

// named gives an element the id that was once written as a name.
func named(token html.Token) html.Token {
	if token.Data == "a" {
		for i := range token.Attr {
			if token.Attr[i].Key == "name" {
				token.Attr[i].Key = "id"
			}
		}
	}
	return token
}

// linkInstead returns a link to what an element would have shown, where it says which that is.
func (p *preparer) linkInstead(n ast.Node, token html.Token, pos int) string {
	said := attributesOf(token)
	src := said["src"]
	if src == "" {
		src = said["data"]
	}
	if src == "" || token.Data == "source" && said["srcset"] != "" {
		return ""
	}
	p.lost(token.Data, "is shown as a link", pos)
	title := said["title"]
	if title == "" {
		title = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(src, "https:"), "http:"), "//")
	}
	link := `<a href="` + html.EscapeString(src) + `">` + html.EscapeString(title) + `</a>`
	if n.Type() == ast.TypeBlock {
		return "<p>" + link + "</p>"
	}
	return " " + link + " "
}

// isElement reports whether a name in angle brackets is an element that some program knows, rather than a word in brackets: one
// with a hyphen, one that closes itself, or one that is closed.
func (p *preparer) isElement(name string, kind html.TokenType) bool {
	return kind == html.SelfClosingTagToken || strings.Contains(name, "-") || strings.Contains(name, ":") ||
		p.closes(name)
}

var closingTag = regexp.MustCompile(`</([A-Za-z][^\s<>/]*)`)

// closes reports whether anything in the text closes an element.
func (p *preparer) closes(name string) bool {
	if p.closed == nil {
		p.closed = map[string]bool{}
		for _, g := range closingTag.FindAllSubmatch(p.source, -1) {
			p.closed[strings.ToLower(string(g[1]))] = true
		}
	}
	return p.closed[name]
}

// removeUntil takes the siblings behind a node out, up to the one that begins with a closing tag.
func removeUntil(n ast.Node, closing string, source []byte) {
	for next := n.NextSibling(); next != nil; next = n.NextSibling() {
		r, isRaw := next.(*ast.RawHTML)
		n.Parent().RemoveChild(n.Parent(), next)
		if isRaw && strings.HasPrefix(strings.ToLower(segments(r.Segments, source)), closing) {
			return
		}
	}
}

// maxLost is how many times an element is told of in one text.
const maxLost = 100

// lost tells of an element that is not published as it is.
func (p *preparer) lost(name, how string, pos int) {
	if p.rawLost[name]++; p.rawLost[name] <= maxLost {
		p.warnSame(p.at.position(pos), "raw-html", name, "readers get nothing that runs, loads or styles; write in Markdown what it was to show", "<%s> %s", name, how)
	}
}

// closeRaw closes in each place what HTML opens there, and leaves out what closes nothing, so that no HTML of an author's reaches
// beyond the block that it stands in.
func (p *preparer) closeRaw() {
	done := map[ast.Node]bool{}
	for _, n := range p.rawNodes {
		parent := n.Parent()
		if parent == nil || done[parent] {
			continue
		}
		done[parent] = true
		var open []string
		for child := parent.FirstChild(); child != nil; child = child.NextSibling() {
			v, ok := child.AttributeString("pieces")
			if !ok {
				continue
			}
			var out strings.Builder
			for _, piece := range v.([]piece) {
				open = piece.write(&out, open)
			}
			child.SetAttributeString("raw", out.String())
		}
		if slices.Contains(open, "details") {
			p.warnf(p.at.position(max(0, n.Pos())), "raw-html", "write </details> where it ends", "<details> is never closed, and folds all that follows away")
		}
		if len(open) > 0 {
			last := ast.Node(ast.NewHTMLBlock(ast.HTMLBlockType7))
			if n.Type() == ast.TypeInline {
				last = ast.NewRawHTML()
			}
			last.SetAttributeString("raw", closers(open))
			parent.AppendChild(parent, last)
		}
	}
}

// write writes a piece, and returns what is open behind it. What was opened inside of what is closed is closed with it.
func (p piece) write(out *strings.Builder, open []string) []string {
	if p.closes == "" {
		out.WriteString(p.html)
		if p.opens != "" {
			open = append(open, p.opens)
		}
		return open
	}
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] == p.closes {
			out.WriteString(closers(open[i:]))
			return open[:i]
		}
	}
	return open
}

// closers returns the end tags of what is open, from the innermost.
func closers(open []string) string {
	var out strings.Builder
	for _, name := range slices.Backward(open) {
		out.WriteString("</" + name + ">")
	}
	return out.String()
}
