package render

import (
	"strings"

	"waymark/generator/internal/markdown"
	"waymark/generator/internal/search"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// How many signs of a title, of a part of where it stands, of a heading and of what it is about a result shows, and how many parts,
// headings and other names: each of them may be as long as a text, and stands with every entry.
const (
	titleLength, partLength, headingLength, aboutLength = 160, 60, 120, 120
	mostParts, mostHeadings, mostNames                  = 4, 100, 20
)

// trail joins the parts of where something stands.
func trail(parts []string) string {
	short := make([]string, 0, mostParts)
	for _, part := range parts[:min(len(parts), mostParts)] {
		short = append(short, markdown.Cut(part, partLength))
	}
	return strings.Join(short, " › ")
}

// Entries are what readers can search for, as results show it: in the order of the site's Findables. Addresses are those of the page
// on which readers search.
func (r *Renderer) Entries() []search.Entry {
	v := r.viewer(r.site.Only(site.SearchPage))
	found := r.site.Findables()
	out := make([]search.Entry, len(found))
	for i, f := range found {
		switch {
		case f.Term != nil:
			out[i] = search.Entry{URL: v.to(f.Page.URL, f.Term.ID), Trail: trail([]string{f.Page.Title}), About: markdown.Cut(f.Term.Text, aboutLength)}
			for _, name := range f.Term.Aliases[:min(len(f.Term.Aliases), mostNames)] {
				out[i].Names = append(out[i].Names, markdown.Cut(name, titleLength))
			}
		case f.Card != nil:
			out[i] = search.Entry{URL: v.to(f.Page.URL, f.Card.ID), Trail: trail(append([]string{f.Card.Map.Title}, f.Card.Above...))}
		default:
			out[i] = v.entry(f.Page)
		}
		out[i].Title, out[i].Kind, out[i].Language = markdown.Cut(f.Title(), titleLength), f.Kind, f.Page.Language()
		if out[i].Language == "" {
			out[i].Language = r.site.Config.Language
		}
	}
	return out
}

// entry is a page as results show it.
func (v *viewer) entry(p *site.Page) search.Entry {
	e := search.Entry{URL: v.to(p.URL, ""), About: markdown.Cut(p.Description, aboutLength)}
	if p.Doc != nil {
		for _, h := range p.Doc.Headings[:min(len(p.Doc.Headings), mostHeadings)] {
			if len(h.ID) > 2*headingLength {
				continue
			}
			e.Headings = append(e.Headings, search.Heading{ID: h.ID, Text: markdown.Cut(h.Text, headingLength)})
		}
	}
	for _, t := range p.Tags {
		e.Tags = append(e.Tags, t.Name)
	}
	if p.Phase != nil {
		e.Phase = v.site.Top(p.Phase).Name
	}
	if course := p.CourseOf(); course != nil {
		e.Course = course.Title
	}
	switch {
	case p.Series != nil && p.Series.Page != p:
		e.Trail = trail([]string{p.Series.Page.Title})
	case p.Map != nil:
		e.Trail = trail([]string{p.Map.Home.Title})
	default:
		var above []string
		for q := p.Parent; q != nil && q.Parent != nil; q = q.Parent {
			above = append([]string{q.Title}, above...)
		}
		e.Trail = trail(above)
	}
	return e
}

// mostListed is how many pages and terms the page on which readers search lists itself, for those who search without a script.
const mostListed = 1_000

// search is what the page on which readers search shows beside the search: ways through the site, and all that is on it in the order
// of its letters.
func (v *viewer) search() *view.Search {
	out := &view.Search{}
	for _, kind := range []site.Kind{site.Tags, site.Archive, site.GlossaryPage, site.Journey, site.MapsPage, site.RoadmapPage, site.Authors} {
		if p := v.site.Only(kind); p != nil {
			out.Ways = append(out.Ways, v.link(p))
		}
	}
	for _, f := range v.site.Alphabet(mostListed) {
		g := byLetter(&out.All, f.Title())
		if f.Term != nil {
			g.Links = append(g.Links, view.Link{Title: f.Title(), URL: v.to(f.Page.URL, f.Term.ID), Note: v.say().Say("script.search.kind.term")})
		} else {
			g.Links = append(g.Links, v.link(f.Page))
		}
	}
	return out
}

// searching tells a page where readers search, and what its script needs.
func (v *viewer) searching() view.Searching {
	p := v.site.Only(site.SearchPage)
	if p == nil {
		return view.Searching{}
	}
	return view.Searching{URL: v.to(p.URL, ""), Index: v.to("/"+v.site.IndexFile(search.Root), ""), Script: v.asset(v.theme.Scripts["search"])}
}
