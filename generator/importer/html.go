package importer

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// pages turns HTML into Markdown.
type pages struct {
	home  *url.URL        // of the site that it comes from; links to it lead to this site; nil where it is not known
	files map[string]bool // the paths of files that come along
	all   bool            // whether all files of the old site are expected to
	made  *converter.Converter
}

func newPages(home string) *pages {
	p := &pages{files: map[string]bool{}, made: converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin(), strikethrough.NewStrikethroughPlugin()))}
	if u, err := url.Parse(home); err == nil && u.Host != "" {
		p.home = u
	}
	return p
}

// markdown turns the HTML of a text into Markdown, and says what is another thing now.
func (p *pages) markdown(text string) (body string, notes []string, err error) {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return "", nil, fmt.Errorf("read the HTML: %w", err)
	}
	notes = p.prepare(root)
	data, err := p.made.ConvertNode(root)
	if err != nil {
		return "", nil, fmt.Errorf("turn the HTML into Markdown: %w", err)
	}
	return blankLines.ReplaceAllString(strings.ReplaceAll(string(data), guard, `\`), "\n\n"), notes, nil
}

// guard stands before signs that would mean something to us in Markdown, and becomes a backslash: it is a sign that nobody writes.
const guard = "\uE0F1"

// meaning are signs of template tags, marks, comments and formulas, which HTML's text has none of.
var meaning = regexp.MustCompile(`[{}$]|==|%%|:::`)

// mostSpan is how many columns or rows a cell of a table may stand for. More would be made as many cells.
const mostSpan = 40

var blankLines = regexp.MustCompile(`\n{3,}`)

// prepare makes of a tree what Markdown can say: what is played elsewhere becomes a link, what is typed into goes.
func (p *pages) prepare(root *html.Node) (notes []string) {
	played, forms := 0, 0
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.TextNode {
				c.Data = meaning.ReplaceAllStringFunc(strings.ReplaceAll(c.Data, guard, ""), func(s string) string {
					return guard + strings.Join(strings.Split(s, ""), guard)
				})
			}
			if c.Type == html.ElementNode {
				switch c.DataAtom {
				case atom.Iframe, atom.Video, atom.Audio, atom.Embed, atom.Object:
					played++
					n.InsertBefore(linkTo(playedAt(c)), c)
					n.RemoveChild(c)
				case atom.Form, atom.Input, atom.Button, atom.Select, atom.Textarea:
					forms++
					n.RemoveChild(c)
				case atom.Script, atom.Style, atom.Noscript, atom.Template:
					n.RemoveChild(c)
				case atom.Pre, atom.Code, atom.Kbd, atom.Samp:
					p.lead(c) // what is in it stays as it is
				default:
					p.lead(c)
					bound(c)
					walk(c)
				}
			}
			c = next
		}
	}
	walk(root)
	if played > 0 {
		notes = append(notes, fmt.Sprintf("what is played elsewhere is a link now (%d)", played))
	}
	if forms > 0 {
		notes = append(notes, fmt.Sprintf("forms are gone (%d)", forms))
	}
	return notes
}

// bound keeps cells of tables small.
func bound(n *html.Node) {
	if n.DataAtom != atom.Td && n.DataAtom != atom.Th {
		return
	}
	for i, a := range n.Attr {
		if a.Key == "colspan" || a.Key == "rowspan" {
			many, err := strconv.Atoi(strings.TrimSpace(a.Val))
			if err != nil {
				many = mostSpan // a number that is too long to be one
			}
			n.Attr[i].Val = strconv.Itoa(min(max(many, 1), mostSpan))
		}
	}
}

// playedAt is the address of what is played.
func playedAt(n *html.Node) string {
	for _, key := range []string{"src", "data", "data-src"} {
		if v := attribute(n, key); v != "" {
			return v
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if v := attribute(c, "src"); v != "" {
			return v
		}
	}
	return ""
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

func element(tag atom.Atom, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: tag, Data: tag.String()}
	for _, c := range children {
		n.AppendChild(c)
	}
	return n
}

func linkTo(address string) *html.Node {
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	a := element(atom.A, &html.Node{Type: html.TextNode, Data: address})
	a.Attr = []html.Attribute{{Key: "href", Val: address}}
	return element(atom.P, a)
}

// lead makes links within the old site such within this one.
func (p *pages) lead(n *html.Node) {
	for i, a := range n.Attr {
		if a.Key == "href" || a.Key == "src" {
			n.Attr[i].Val = p.address(a.Val)
		}
	}
}

// address returns where a link of the old site leads now: the path alone, which is a former address of a page, or a file that comes along.
// Pictures and files that do not come stay where they are.
func (p *pages) address(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || p.home == nil || u.Host == "" || !sameHost(u.Host, p.home.Host) || u.RawQuery != "" {
		return s
	}
	local := strings.TrimPrefix(u.Path, "/")
	if ext := fileEnding.MatchString(u.Path); ext && !p.all && !p.files[local] {
		return s
	}
	return (&url.URL{Path: "/" + local, Fragment: u.Fragment}).String()
}

// fileEnding ends the address of what is no page.
var fileEnding = regexp.MustCompile(`(?i)\.(?:png|jpe?g|gif|webp|svg|avif|pdf|mp3|mp4|zip|docx?|xlsx?|pptx?|csv|ics)$`)

func sameHost(a, b string) bool {
	return strings.EqualFold(strings.TrimPrefix(a, "www."), strings.TrimPrefix(b, "www."))
}

// plain is what a piece of HTML says, without its marks.
func plain(text string) string {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		return ""
	}
	return oneLine(textOf(root))
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(textOf(c))
		if c.Type == html.ElementNode && (c.DataAtom == atom.P || c.DataAtom == atom.Br || c.DataAtom == atom.Div) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// find returns the first element below a node for which a function holds.
func find(n *html.Node, is func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && is(c) {
			return c
		}
		if found := find(c, is); found != nil {
			return found
		}
	}
	return nil
}

// hasClass reports whether an element has a class.
func hasClass(n *html.Node, class string) bool {
	for _, c := range strings.Fields(attribute(n, "class")) {
		if c == class {
			return true
		}
	}
	return false
}
