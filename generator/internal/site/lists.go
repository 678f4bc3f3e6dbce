package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/config"
)

// lists gives every generated page what it lists, and cuts long lists into pages.
func (b *builder) lists() {
	for _, p := range slices.Clone(b.Pages) {
		if p.Kind == List && p.Items == nil {
			switch {
			case p.Section == PostsSection && b.Posts != nil:
				p.Items = b.Posts
			case b.writing[p.key]:
				for _, post := range b.Posts {
					if strings.HasPrefix(post.key, p.key+"/") {
						p.Items = append(p.Items, post)
					}
				}
			case p.Section == NotesSection:
				p.Items = slices.Clone(p.Children)
				newestFirst(p.Items)
			default:
				p.Items = p.Children
			}
		}
		long := p.Kind == List && p.Section != SeriesSection && p.Section != CoursesSection
		if long || p.Kind == AuthorPage || p.Kind == TagPage {
			b.paginate(p)
		}
	}
	b.archive()
}

// listFolders lets the text of a folder list what lies in it, unless it links to all of that itself: so that nothing is there that
// readers do not come to.
func (b *builder) listFolders() {
	for _, p := range b.Pages {
		if p.Kind != Plain || p.Doc == nil || len(p.Children) == 0 || p.Items != nil {
			continue
		}
		linked := map[string]bool{}
		for _, t := range p.Links {
			linked[t.URL] = true
		}
		if slices.ContainsFunc(p.Children, func(c *Page) bool { return !linked[c.URL] }) {
			p.Items = p.Children
		}
	}
}

// folderPage is from how many pages on the list of a folder is cut: who looks for one in an order looks through them.
const folderPage = 200

// paginate cuts a list, newest first, into pages that are numbered from the oldest item. Page n holds the same items
// for ever; the first page has whatever is newer than the last full one, between one and two pages' worth.
func (b *builder) paginate(p *Page) {
	size := b.Config.PageSize
	if p.Kind == List && p.Section == "" && !b.writing[p.key] {
		size = max(size, folderPage)
	}
	full := len(p.Items)/size - 1
	if len(p.Items) == 0 || full < 1 {
		return
	}
	all := p.Items
	numbered := make([]*Page, 0, full)
	for n := full; n >= 1; n-- {
		first := len(all) - n*size
		numbered = append(numbered, b.add(&Page{
			Kind: p.Kind, URL: p.URL + "page/" + strconv.Itoa(n) + "/", Title: b.say().Say("page.numbered", "title", p.Title, "n", strconv.Itoa(n)),
			ID: p.ID + "/page/" + strconv.Itoa(n), Items: all[first : first+size], Number: n, Parent: p, Tag: p.Tag, Author: p.Author,
		}))
	}
	p.Items = all[:len(all)-full*size]
	p.Pages = numbered
	for _, q := range numbered {
		q.Pages = numbered
	}
	chain(append([]*Page{p}, numbered...))
	p.Prev = nil
}

// archive adds a page a year.
func (b *builder) archive() {
	var dated []*Page
	for _, p := range b.Posts {
		if !p.Date.IsZero() {
			dated = append(dated, p)
		}
	}
	top := b.index(Archive, "archive", len(dated) > 0)
	if top == nil {
		return
	}
	for len(dated) > 0 {
		yearOf := func(p *Page) int { return p.Date.Time.In(b.Config.Zone).Year() }
		year := yearOf(dated[0])
		end := slices.IndexFunc(dated, func(p *Page) bool { return yearOf(p) != year })
		if end < 0 {
			end = len(dated)
		}
		y := strconv.Itoa(year)
		top.Children = append(top.Children, b.add(&Page{
			Kind: ArchiveYear, URL: "/archive/" + y + "/", Title: b.say().Say("page.year", "year", y), ID: "archive/" + y, Items: dated[:end], Parent: top, Year: year,
		}))
		dated = dated[end:]
	}
	chain(top.Children)
}

// listFeeds reports whether tags, series, courses and authors have feeds.
func (b *builder) listFeeds() bool { return b.Config.Feeds.Lists != config.None }

// specialPages adds the page for addresses that lead nowhere, unless the author wrote it. It stands at the top, in a file of its own.
func (b *builder) specialPages() {
	b.Home.Feed = true
	if own := b.byPath["404"]; own != nil && own.Kind == NotFound {
		return
	}
	b.add(&Page{Kind: NotFound, URL: "/404.html", Title: b.say().Say("page.lost"), ID: "404", Parent: b.Home})
}

// landmarks remembers the pages that there is one of, so that they are found wherever they stand.
func (b *builder) landmarks() {
	b.only, b.sections = map[Kind]*Page{GlossaryPage: b.Glossary}, map[Section]*Page{}
	for _, p := range b.Pages {
		switch p.Kind {
		case Home, Tags, Authors, Archive, Journey, NotFound, MapsPage, RoadmapPage, ReviewPage, RecordPage, SearchPage:
			b.only[p.Kind] = p
		}
		if p.Section != "" && p.Number == 0 {
			b.sections[p.Section] = p
		}
	}
	// What an author wrote in the place of one that has nothing to gather stands for it.
	for kind, name := range map[Kind]string{Tags: "tags", Authors: "authors", Archive: "archive", Journey: "journey", MapsPage: "maps", RoadmapPage: "roadmap"} {
		if b.only[kind] == nil {
			b.only[kind] = b.byPath[name]
		}
	}
}

// maxRelated is how many other pages a reader is offered.
const maxRelated = 3

// Related returns the pages that share most with a text, at most three, the nearest first. A tag weighs the less the more
// pages carry it, and the pages of one very common tag are compared only with their neighbours in time. It is asked for
// one page at a time, because the answer is needed only where that page is rendered.
func (s *Site) Related(p *Page) []*Page {
	const reach = 60
	if p.Doc == nil || p.Kind != Post && p.Kind != Note && p.Kind != Session {
		return nil
	}
	score := make(map[*Page]float64, min(len(p.Tags), 4)*2*reach)
	for _, t := range p.Tags {
		at, _ := slices.BinarySearchFunc(t.Pages, p, newer)
		for _, q := range t.Pages[max(0, at-reach):min(len(t.Pages), at+reach+1)] {
			score[q] += 1 / float64(len(t.Pages))
		}
	}
	for _, q := range p.Backlinks {
		score[q] += 0.2
	}
	delete(score, p)
	return best(score, p)
}

// best returns the pages with the highest scores that are not parts of p's own series.
func best(score map[*Page]float64, p *Page) []*Page {
	type scored struct {
		page  *Page
		score float64
	}
	var top []scored
	for q, s := range score {
		if len(top) == maxRelated && s < top[maxRelated-1].score || q.Doc == nil || q.Series != nil && q.Series == p.Series {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, scored{q, s}, func(x, y scored) int {
			return cmp.Or(cmp.Compare(y.score, x.score), newer(x.page, y.page))
		})
		if at < maxRelated {
			top = slices.Insert(top, at, scored{q, s})
			top = top[:min(len(top), maxRelated)]
		}
	}
	pages := make([]*Page, len(top))
	for i, t := range top {
		pages[i] = t.page
	}
	return pages
}

// OutputPath returns the file that a page is written to, relative to the output folder.
func (p *Page) OutputPath() string {
	if strings.HasSuffix(p.URL, "/") {
		return strings.TrimPrefix(p.URL, "/") + "index.html"
	}
	return strings.TrimPrefix(p.URL, "/")
}
