package edition

import (
	"fmt"
	"time"

	"waymark/generator/internal/config"
	"waymark/generator/internal/feed"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
)

// feed writes the feed of the site, or of a tag, series, author or course.
func (e *Edition) feed(p *site.Page, write func(feed.Feed) ([]byte, error)) ([]byte, error) {
	c := e.Site.Config
	f := feed.Feed{
		Title: p.Title + " · " + c.Title, Subtitle: p.Description, Language: c.Language, Base: c.BaseURL, Path: render.Absolute("", p.URL),
		Generator: "Waymark", Now: e.latest(),
	}
	if p == e.Site.Home {
		f.Title, f.Subtitle = c.Title, c.Description
	}
	carried := c.Feeds.Lists
	if p == e.Site.Home {
		carried = c.Feeds.Site
	}
	for _, q := range FeedPages(e.Site, p) {
		entry := feed.Entry{
			Title: q.Title, Path: render.Absolute("", q.URL), Summary: q.Description, Published: q.Date.Time, Updated: q.Updated.Time,
		}
		if carried == config.Whole {
			html, err := e.renderer.FeedBody(q)
			if err != nil {
				return nil, fmt.Errorf("write the feed of %s: %w", p.URL, err)
			}
			entry.HTML = html
		}
		for _, a := range q.Authors {
			entry.Authors = append(entry.Authors, a.Name)
		}
		for _, t := range q.Tags {
			entry.Tags = append(entry.Tags, t.Name)
		}
		f.Entries = append(f.Entries, entry)
	}
	return write(f)
}

// latest is the newest date on any page: what stands for "updated" where a feed has no date of its own. A site without
// a single date says the beginning of 1970, because the chain has no clock.
func latest(s *site.Site) time.Time {
	latest := time.Unix(0, 0).UTC()
	for _, p := range s.Pages {
		for _, t := range []time.Time{p.Date.Time, p.Updated.Time} {
			if t.After(latest) {
				latest = t
			}
		}
	}
	return latest
}

// FeedPages returns the pages with a text that the feed of a page holds, newest first, or in reading order.
func FeedPages(s *site.Site, p *site.Page) []*site.Page {
	pages := pagesOf(s, p)
	return pages[:min(len(pages), feed.Limit)]
}

// pagesOf returns all pages with a text that belong to a page, newest first, or in reading order.
func pagesOf(s *site.Site, p *site.Page) []*site.Page {
	var candidates []*site.Page
	switch p.Kind {
	case site.Home:
		return s.Dated()
	case site.TagPage:
		candidates = p.Tag.Pages
	case site.AuthorPage:
		candidates = p.Author.Pages
	case site.SeriesPage:
		for _, part := range p.Series.Parts {
			candidates = append(candidates, part.Page)
		}
	case site.Course:
		for _, session := range p.Children {
			candidates = append(append(candidates, session), session.Children...)
		}
	default:
		candidates = p.Items
	}
	var out []*site.Page
	for _, q := range candidates {
		if q != nil && q.Doc != nil {
			out = append(out, q)
		}
	}
	return out
}

// sitemapPart writes the sitemap, one of its parts, or the index of them.
func (e *Edition) sitemapPart(part int) ([]byte, error) {
	pages := e.Site.Searchable()
	if part == 0 && len(pages) > site.SitemapLimit {
		var parts []string
		for _, o := range e.Site.Outputs {
			if o.Kind == site.SitemapFile && o.Part > 0 {
				parts = append(parts, e.Site.Config.BaseURL+o.Path)
			}
		}
		return feed.SitemapIndex(parts)
	}
	from := max(0, part-1) * site.SitemapLimit
	var places []feed.Place
	for _, p := range pages[from:min(from+site.SitemapLimit, len(pages))] {
		place := feed.Place{URL: render.Absolute(e.Site.Config.BaseURL, p.URL), Modified: p.Updated.Time}
		if place.Modified.IsZero() {
			place.Modified = p.Date.Time
		}
		places = append(places, place)
	}
	return feed.Sitemap(places)
}

// sitemap returns the address of the sitemap, or "" for a site without one.
func (e *Edition) sitemap() string {
	if e.Site.Config.BaseURL == "" {
		return ""
	}
	return e.Site.Config.BaseURL + "sitemap.xml"
}
