package render

import (
	"cmp"
	"encoding/json"
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"waymark/generator/internal/card"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// Policy returns the Content-Security-Policy of every page: nothing inline, and nothing from another site but pictures of the hosts
// that the site allows.
func Policy(imageHosts []string) string {
	images := "img-src 'self'"
	for _, host := range imageHosts {
		images += " https://" + host
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; " + images + "; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'"
}

// head returns what a page says to machines: its canonical address, feeds, Open Graph and JSON-LD.
func (v *viewer) head(page view.Page) template.HTML {
	var b strings.Builder
	tag := func(parts ...string) {
		for i, s := range parts {
			if i%2 == 1 {
				s = html.EscapeString(s)
			}
			b.WriteString(s)
		}
		b.WriteByte('\n')
	}
	p := v.page
	if page.Description != "" {
		tag(`<meta name="description" content="`, page.Description, `">`)
	}
	if p.Kind == site.NotFound || p.Kind == site.RecordPage || p.Kind == site.FinishPage || p.Doc != nil && p.Doc.Front.HideSearch {
		tag(`<meta name="robots" content="noindex">`)
	}
	for _, a := range page.Authors {
		tag(`<meta name="author" content="`, a.Title, `">`)
	}
	canonical := v.absolute(p.URL)
	if canonical != "" && p.Kind != site.NotFound {
		tag(`<link rel="canonical" href="`, canonical, `">`)
	}
	if len(p.Translated) > 0 && canonical != "" { // which must name each other, and the page itself, by whole addresses
		for _, q := range append([]*site.Page{p}, p.Translated...) {
			tag(`<link rel="alternate" hreflang="`, cmp.Or(q.Language(), v.site.Config.Language), `" href="`, v.absolute(q.URL), `">`)
		}
	}
	v.feeds(tag)
	tag(`<meta property="og:title" content="`, page.Title, `">`)
	tag(`<meta property="og:site_name" content="`, v.site.Config.Title, `">`)
	tag(`<meta property="og:type" content="`, map[bool]string{true: "article", false: "website"}[p.Kind == site.Post], `">`)
	if page.Description != "" {
		tag(`<meta property="og:description" content="`, page.Description, `">`)
	}
	if canonical != "" {
		tag(`<meta property="og:url" content="`, canonical, `">`)
		v.picture(tag, page.Title)
	}
	if page.Date.ISO != "" {
		tag(`<meta property="article:published_time" content="`, page.Date.ISO, `">`)
	}
	v.writeLinkedData(&b, page)
	return template.HTML(b.String()) //nolint:gosec // every value above is escaped
}

// picture names the picture that other places show of the page: its own, or its card.
func (v *viewer) picture(tag func(...string), title string) {
	if f := v.site.PictureOf(v.page); f != nil {
		tag(`<meta property="og:image" content="`, v.absolute("/"+f.Path), `">`)
		tag(`<meta property="og:image:alt" content="`, v.page.Doc.Front.ImageAlt, `">`)
	} else if address := v.cardURL(); address != "" {
		tag(`<meta property="og:image" content="`, address, `">`)
		tag(`<meta property="og:image:width" content="`, strconv.Itoa(card.Width), `">`)
		tag(`<meta property="og:image:height" content="`, strconv.Itoa(card.Height), `">`)
		tag(`<meta property="og:image:alt" content="`, title, `">`)
	} else {
		return
	}
	tag(`<meta name="twitter:card" content="summary_large_image">`)
}

func (v *viewer) feeds(tag func(...string)) {
	owners := []*site.Page{v.site.Home}
	if v.page.Feed && v.page != v.site.Home {
		owners = append([]*site.Page{v.page}, owners...)
	}
	for _, p := range owners {
		title := p.Title
		if p == v.site.Home {
			title = v.site.Config.Title
		}
		tag(`<link rel="alternate" type="application/atom+xml" title="`, title, `" href="`, v.to(p.URL+"atom.xml", ""), `">`)
		tag(`<link rel="alternate" type="application/feed+json" title="`, title, `" href="`, v.to(p.URL+"feed.json", ""), `">`)
	}
}

// object is a node of JSON-LD. encoding/json writes its keys sorted, and escapes what could end a script element.
type object map[string]any

// writeLinkedData describes the page in schema.org's terms. A data block does not run, so the policy allows it.
func (v *viewer) writeLinkedData(b *strings.Builder, page view.Page) {
	graph := []object{}
	if thing := v.thing(page); thing != nil {
		graph = append(graph, thing)
	}
	if trail := v.trail(page); trail != nil {
		graph = append(graph, trail)
	}
	if len(graph) == 0 {
		return
	}
	data, err := json.Marshal(object{"@context": "https://schema.org", "@graph": graph})
	if err != nil {
		return // maps of strings and numbers always marshal
	}
	b.WriteString(`<script type="application/ld+json">`)
	b.Write(data)
	b.WriteString("</script>\n")
}

func (v *viewer) thing(page view.Page) object {
	p := v.page
	o := object{"name": page.Title, "inLanguage": cmp.Or(v.page.Language(), v.site.Config.Language)}
	set := func(key string, value string) {
		if value != "" {
			o[key] = value
		}
	}
	set("description", page.Description)
	set("url", v.absolute(p.URL))
	set("datePublished", page.Date.ISO)
	set("dateModified", page.Updated.ISO)
	if names := v.people(page); names != nil {
		o["author"] = names
	}
	switch p.Kind {
	case site.Home:
		o["@type"] = "WebSite"
	case site.Post:
		o["@type"], o["headline"], o["wordCount"] = "BlogPosting", page.Title, page.Words
	case site.Session, site.Note, site.SeriesPage:
		o["@type"] = "LearningResource"
		if p.Doc != nil && len(p.Doc.Front.Objectives) > 0 {
			o["teaches"] = p.Doc.Front.Objectives
		}
	case site.Course:
		o["@type"] = "Course"
		front := p.Doc.Front
		o["provider"] = object{"@type": "Organization", "name": cmpText(front.Provider, v.site.Config.Title)}
		if len(front.Outcomes) > 0 {
			o["teaches"] = front.Outcomes
		}
	case site.MapPage:
		o["@type"], o["learningResourceType"] = "LearningResource", p.Map.Kind()
		o["isPartOf"] = object{"@type": "WebPage", "name": p.Map.Home.Title}
		if v.base != "" {
			o["isPartOf"] = object{"@type": "WebPage", "name": p.Map.Home.Title, "url": v.absolute(p.Map.Home.URL)}
			o["image"] = object{"@type": "ImageObject", "contentUrl": v.absolute("/" + p.Map.FilePath("svg")), "caption": page.Description}
		}
	case site.GlossaryPage:
		o["@type"] = "DefinedTermSet"
		var terms []object
		for _, t := range v.site.Terms {
			terms = append(terms, object{"@type": "DefinedTerm", "name": t.Name, "description": t.Text})
		}
		o["hasDefinedTerm"] = terms
	default:
		return nil
	}
	return o
}

func (v *viewer) people(page view.Page) []object {
	var out []object
	for _, a := range page.Authors {
		out = append(out, object{"@type": "Person", "name": a.Title})
	}
	return out
}

// trail is the BreadcrumbList. It needs whole addresses, so a site without one has none.
func (v *viewer) trail(page view.Page) object {
	if len(page.Breadcrumbs) == 0 || v.base == "" || v.page.Kind == site.NotFound {
		return nil
	}
	var pages []*site.Page
	for p := v.page; p != nil; p = p.Parent {
		pages = append(pages, p)
	}
	items := make([]object, 0, len(pages))
	for i := len(pages) - 1; i >= 0; i-- {
		items = append(items, object{
			"@type": "ListItem", "position": len(pages) - i, "name": pages[i].Title, "item": v.absolute(pages[i].URL),
		})
	}
	return object{"@type": "BreadcrumbList", "itemListElement": items}
}

// share returns ways to pass the page on that load nothing and tell nobody.
func (v *viewer) share() []view.Link {
	whole := v.absolute(v.page.URL)
	if whole == "" || v.page.Doc == nil || v.page.Kind == site.Home {
		return nil
	}
	text := url.QueryEscape(v.page.Title + " " + whole)
	mail := "mailto:?subject=" + url.PathEscape(v.page.Title) + "&body=" + url.PathEscape(whole)
	return []view.Link{
		{Title: v.say().Say("text.email"), URL: mail},
		{Title: "LinkedIn", URL: "https://www.linkedin.com/sharing/share-offsite/?url=" + url.QueryEscape(whole)},
		{Title: "Bluesky", URL: "https://bsky.app/intent/compose?text=" + text},
	}
}
