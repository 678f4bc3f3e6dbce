package render

import (
	"bytes"
	"html"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
)

// fill closes the holes of the page's own text.
func (v *viewer) fill(body []byte) []byte {
	return markdown.Fill(body, func(n int) string { return v.fillHole(v.page, n) })
}

// fillHole returns what stands in hole n of a page's text.
func (v *viewer) fillHole(p *site.Page, n int) string {
	if n < 0 || n >= len(p.Links) {
		return ""
	}
	link, target := p.Doc.Links[n], p.Links[n]
	switch link.Kind {
	case markdown.Image:
		return v.imageTag(link, target, v.to)
	case markdown.Wiki:
		return v.wiki(link, target)
	case markdown.Embed:
		if target.Image == nil {
			return v.wiki(link, target)
		}
		return v.imageTag(link, target, v.to)
	case markdown.MapHole:
		return v.figure(p.Maps[link.Block])
	case markdown.QuizHole:
		return v.quiz(p, link.Block, "")
	case markdown.CardHole:
		return v.cards(p, link.Block)
	case markdown.SheetHole:
		return v.sheet(p, link.Block)
	}
	return anchorTag(target, link.Title, v.href(target))
}

func (v *viewer) href(t site.Target) string {
	switch {
	case t.External:
		return t.URL
	case t.URL == v.page.URL && t.Fragment != "":
		return "#" + escapeFragment(t.Fragment)
	}
	return v.to(t.URL, t.Fragment)
}

func anchorTag(t site.Target, title, href string) string {
	if href == "" {
		return `<a class="broken">`
	}
	tag := `<a href="` + html.EscapeString(href) + `"`
	if title != "" {
		tag += ` title="` + html.EscapeString(title) + `"`
	}
	if t.External {
		tag += ` class="external"`
	}
	return tag + ">"
}

func (v *viewer) imageTag(link markdown.Link, t site.Target, to func(target, fragment string) string) string {
	alt := html.EscapeString(link.Text)
	switch {
	case t.External && t.Image == nil:
		return `<a class="external" href="` + html.EscapeString(t.URL) + `">` + cmpText(alt, html.EscapeString(v.site.Config.Words.In(v.page.Language()).Say("text.picture", "name", fileName(t.URL)))) + "</a>"
	case t.External:
		return `<img src="` + html.EscapeString(t.URL) + `" alt="` + alt + `"` + titleOf(link) + ` loading="lazy" decoding="async">`
	case t.Image == nil: // an address without a picture is none
		return `<span class="missing">` + cmpText(alt, html.EscapeString(link.Target)) + "</span>"
	}
	tag := `<img src="` + html.EscapeString(to(t.URL, "")) + `" alt="` + alt + `"`
	if width, height := shownSize(link, t.Image); width > 0 {
		tag += ` width="` + strconv.Itoa(width) + `" height="` + strconv.Itoa(height) + `"`
	}
	if set := v.srcset(t.URL, t.Image, to); set != "" {
		tag += ` srcset="` + html.EscapeString(set) + `" sizes="(min-width: 48rem) 42rem, 92vw"`
	}
	return tag + titleOf(link) + ` loading="lazy" decoding="async">`
}

// titleOf writes what a picture says of itself, where that does not stand below it.
func titleOf(link markdown.Link) string {
	if link.Title == "" {
		return ""
	}
	return ` title="` + html.EscapeString(link.Title) + `"`
}

// fileName returns the last part of an address, or all of it where it has none.
func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil || path.Base(u.Path) == "/" || path.Base(u.Path) == "." {
		return address
	}
	return path.Base(u.Path)
}

// shownSize returns how large a picture is shown: as it is, or as wide as its author wants it, where that is narrower.
func shownSize(link markdown.Link, image *site.ImageInfo) (width, height int) {
	if link.Width <= 0 || link.Width >= image.Width {
		return image.Width, image.Height
	}
	return link.Width, max(1, image.Height*link.Width/image.Width)
}

func cmpText(a, b string) string {
	if strings.TrimSpace(a) != "" {
		return a
	}
	return b
}

// maxTipped is how many bytes of explanations a page carries. A term behind that is a plain link to the glossary, so that a
// page does not grow with the product of its terms and of what the glossary says of them.
const maxTipped = 64 << 10

// wiki writes a link by name. A term of the glossary brings its meaning, which shows on hover and focus.
func (v *viewer) wiki(link markdown.Link, t site.Target) string {
	label := html.EscapeString(cmpText(link.Text, cmpText(t.Title, link.Target)))
	if t.URL == "" {
		return `<span class="missing">` + label + "</span>"
	}
	href := html.EscapeString(v.href(t))
	if t.Term == nil || v.tipped+len(t.Term.Text) > maxTipped {
		return `<a href="` + href + `">` + label + "</a>"
	}
	v.tipped += len(t.Term.Text)
	v.tips++
	id := "wm:tip-" + strconv.Itoa(v.tips) // no heading's id has a colon
	return `<span class="term"><a href="` + href + `" aria-describedby="` + id + `">` + label +
		`</a><span class="tip" role="tooltip" id="` + id + `">` + html.EscapeString(t.Term.Text) + "</span></span>"
}

// headingLink is what leads to a heading from itself: in a feed it would be read as words of it.
var headingLink = regexp.MustCompile(` <a class="anchor"[^>]*><span class="hidden">[^<]*</span></a>`)

// FeedBody returns a page's text as a feed carries it: with whole addresses, and without what needs the page around it.
func (r *Renderer) FeedBody(p *site.Page) (string, error) {
	raw, err := r.body(p)
	if err != nil {
		return "", err
	}
	a := newAddresses("/", r.site.Config.BaseURL, false)
	to := func(target, fragment string) string {
		if fragment != "" {
			fragment = "#" + escapeFragment(fragment)
		}
		if whole := a.absolute(target); whole != "" {
			return whole + fragment
		}
		return escapePath(target) + fragment
	}
	v := r.viewer(p)
	raw = headingLink.ReplaceAll(raw, nil)
	raw = bytes.ReplaceAll(raw, []byte(`href="#fn`), []byte(`href="`+html.EscapeString(to(p.URL, ""))+`#fn`))
	filled := markdown.Fill(raw, func(n int) string {
		if n < 0 || n >= len(p.Links) {
			return ""
		}
		link, t := p.Doc.Links[n], p.Links[n]
		switch {
		case link.Kind == markdown.MapHole:
			return v.mapInFeed(p.Maps[link.Block], to)
		case link.Kind == markdown.SheetHole:
			return v.sheetInFeed(p, link.Block)
		case link.Kind == markdown.CardHole:
			return v.cardsInFeed(p, link.Block, to)
		case link.Kind == markdown.QuizHole:
			return v.quizInFeed(p, link.Block, to)
		case link.Kind == markdown.Image, link.Kind == markdown.Embed && t.Image != nil:
			return v.imageTag(link, t, to)
		case (link.Kind == markdown.Wiki || link.Kind == markdown.Embed) && t.URL == "":
			return html.EscapeString(cmpText(link.Text, link.Target))
		case link.Kind == markdown.Wiki || link.Kind == markdown.Embed:
			return `<a href="` + html.EscapeString(to(t.URL, t.Fragment)) + `">` + html.EscapeString(cmpText(link.Text, cmpText(t.Title, link.Target))) + "</a>"
		case t.External:
			return anchorTag(t, "", t.URL)
		case t.URL == "":
			return "<a>"
		}
		return anchorTag(t, "", to(t.URL, t.Fragment))
	})
	return string(filled), nil
}
