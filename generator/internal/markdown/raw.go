package markdown

import (
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
)

// rawPolicy allows the elements that text is made of. Images are left out, because a page's images are files of the
// site and named in Markdown; so is everything that loads, runs, or styles.
func rawPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("abbr", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl",
		"dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p",
		"pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
		"thead", "time", "tr", "u", "ul", "var")
	p.AllowAttrs("href").Matching(ownOrSchemed).OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^[\w -]+$`)).Globally()
	p.AllowAttrs("title", "lang", "dir").Globally()
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("datetime").OnElements("time")
	return p
}

// ownOrSchemed is an address within the site, or one that begins with a scheme. What begins with two slashes, of either kind, is
// an address of another host; so it is to browsers where space or control signs stand between.
var ownOrSchemed = regexp.MustCompile(`^(?:[^/\\\s\x00-\x1F]|/(?:$|[^/\\\s\x00-\x1F]))`)

// balance keeps sanitised fragments from opening what they do not close, and from closing what is not theirs.
type balance struct{ open []string }

func (b *balance) add(fragment string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(fragment))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		token := z.Token()
		switch {
		case kind == html.StartTagToken && !isVoid(token.Data):
			b.open = append(b.open, token.Data)
		case kind == html.EndTagToken:
			if len(b.open) == 0 || b.open[len(b.open)-1] != token.Data {
				continue
			}
			b.open = b.open[:len(b.open)-1]
		}
		out.WriteString(token.String())
	}
}

// closers returns the end tags of all that is still open.
func (b *balance) closers() string {
	var out strings.Builder
	for i := len(b.open) - 1; i >= 0; i-- {
		out.WriteString("</" + b.open[i] + ">")
	}
	b.open = nil
	return out.String()
}

func isVoid(tag string) bool { return tag == "br" || tag == "hr" }
