package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
)

// resolve decides where every link leads, warns of those that lead nowhere, and turns links around into backlinks.
func (b *builder) resolve() {
	b.learnNames()
	for _, p := range slices.Clone(b.Pages) {
		if p.Doc == nil {
			continue
		}
		p.Links = make([]Target, len(p.Doc.Links))
		for i, l := range p.Doc.Links {
			p.Links[i] = b.target(p, l)
		}
		b.frontLinks(p)
	}
	for _, p := range b.Pages {
		newestFirst(p.Backlinks)
	}
	for _, t := range b.Terms {
		newestFirst(t.UsedBy)
	}
	b.translations()
	b.prerequisiteCycles()
	b.menu()
	b.look()
	b.listFolders()
}

// maxStart is how many pages a home page says to begin with: more are a list, and no beginning.
const maxStart = 3

// start finds the pages to begin with that a home page names.
func (b *builder) start(p *Page) {
	names, at := p.Doc.Front.Start, pos(p, "start")
	switch {
	case len(names) > 0 && p.Kind != Home:
		b.warnf(at, "unused-key", "write it into content/index.md", "only the home page says where to start")
		return
	case len(names) > maxStart:
		b.warnf(at, "too-many", "leave the others to a list", "of %d pages to begin with, the first %d are shown", len(names), maxStart)
	}
	for _, name := range names {
		switch q := b.sourcePage(p.Doc.Path, name); {
		case q == nil || q == p:
			b.warnf(at, "broken-link", b.suggestPath(name), "there is no page %q to begin with", name)
		case len(p.Start) < maxStart && !slices.Contains(p.Start, q):
			p.Start = append(p.Start, q)
		}
	}
}

// frontLinks resolves what front matter names: prerequisites, where to begin, resources, terms, and the image.
func (b *builder) frontLinks(p *Page) {
	front := p.Doc.Front
	for _, name := range front.Prerequisites {
		if q := b.sourcePage(p.Doc.Path, name); q != nil && q != p {
			p.Before = append(p.Before, q)
			continue
		}
		if p.Kind != Course && source.IsText(name) {
			b.warnf(pos(p, "prerequisites"), "broken-link", b.suggestPath(name), "there is no page %q", name)
			continue
		}
		p.BeforeText = append(p.BeforeText, name)
	}
	b.start(p)
	p.Resources = make([]Target, len(front.Resources))
	for i, r := range front.Resources {
		if r.URL != "" {
			p.Resources[i] = b.target(p, markdown.Link{Kind: markdown.Anchor, Target: r.URL, Pos: pos(p, "resources")})
		}
	}
	for _, name := range front.Terms {
		t := b.termNamed(slug.Fold(name))
		if t == nil {
			var names []string
			if b.maySearch() {
				for _, t := range b.Terms {
					names = append(names, t.Name)
				}
			}
			b.warnf(pos(p, "terms"), "broken-link", diag.DidYouMean(name, names, "define it in content/glossary.md"), "the glossary has no term %q", name)
		} else {
			t.UsedBy = addLast(t.UsedBy, p)
		}
	}
	if front.Image != "" {
		f := b.fileFor(p, front.Image)
		b.shown[f] = true
		if f == nil {
			b.warnf(pos(p, "image"), "missing-image", "put the image beside the page", "there is no image %q", front.Image)
		} else if front.ImageAlt == "" {
			b.warnf(pos(p, "image"), "image-alt", "say what it shows in image_alt", "this image has no text for those who cannot see it")
		}
	}
}

// fileFor returns the file that a page names, or nil.
func (b *builder) fileFor(p *Page, name string) *File { return b.files[joined(p.Doc.Path, name)] }

// ImageFor returns the file of the picture that a page names in its front matter, or nil.
func (s *Site) ImageFor(p *Page) *File {
	if p.Doc == nil || p.Doc.Front.Image == "" {
		return nil
	}
	return s.files[joined(p.Doc.Path, p.Doc.Front.Image)]
}

// prerequisiteCycles reports each circle of pages that must be read before one another, once.
func (b *builder) prerequisiteCycles() {
	const unseen, open, done = 0, 1, 2
	state := map[*Page]int{}
	var trail []*Page
	var visit func(p *Page)
	visit = func(p *Page) {
		state[p] = open
		trail = append(trail, p)
		for _, q := range p.Before {
			switch state[q] {
			case unseen:
				visit(q)
			case open:
				circle := trail[slices.Index(trail, q):]
				names := make([]string, 0, len(circle)+1)
				for _, c := range append(slices.Clone(circle), q) {
					names = append(names, c.Doc.Path)
				}
				b.errorf(pos(p, "prerequisites"), "cycle", "take one of them out", "these pages must each be read before the other: %s", strings.Join(names, " needs "))
			}
		}
		trail = trail[:len(trail)-1]
		state[p] = done
	}
	for _, p := range b.Pages {
		if p.Doc != nil && state[p] == unseen {
			visit(p)
		}
	}
}

// menu resolves the configured navigation, or makes one of what the site has.
func (b *builder) menu() {
	if len(b.Config.Menu) == 0 {
		b.ownMenu()
		return
	}
	for _, item := range b.Config.Menu {
		if markdown.LinkScheme(item.Target) == markdown.External {
			b.Menu = append(b.Menu, MenuItem{Title: item.Title, URL: item.Target})
			continue
		}
		p := b.sourcePage("index.md", item.Target)
		if p == nil {
			b.warnf(item.Pos, "broken-link", b.suggestPath(item.Target), "the menu names %q, which is no page", item.Target)
			continue
		}
		b.Menu = append(b.Menu, MenuItem{Title: cmp.Or(item.Title, p.Title), Page: p})
	}
}

// look finds the files that waymark.yaml names.
func (b *builder) look() {
	for _, f := range b.Config.Files() {
		if !b.static[f.Path] {
			b.errorf(f.Pos, f.Key, diag.DidYouMean(f.Path, b.in.Static, "put it into the folder static"), "there is no file static/%s for the site's %s", f.Path, f.Key)
		}
	}
}

// maxMenu is how many places a menu has that nobody wrote.
const maxMenu = 9

// ownMenu makes a menu of what the site has: its lists, and then the folders and pages at the top, as far as there is room.
func (b *builder) ownMenu() {
	places := []*Page{b.Only(Journey), b.Section(SeriesSection), b.Section(CoursesSection), b.Section(PostsSection)}
	for _, p := range b.Home.Children {
		if b.writing[p.key] {
			places = append(places, p)
		}
	}
	places = append(places, b.Section(NotesSection), b.Only(MapsPage), b.Only(RoadmapPage), b.Glossary)
	for _, p := range b.Home.Children {
		if (p.Kind == Plain || p.Kind == List) && len(places) < maxMenu+4 {
			places = append(places, p)
		}
	}
	for _, p := range places {
		if p == nil || len(b.Menu) == maxMenu || slices.ContainsFunc(b.Menu, func(m MenuItem) bool { return m.Page == p }) {
			continue
		}
		title := p.Title
		if p == b.Only(Journey) {
			title = b.say().Say("frame.journey")
		}
		b.Menu = append(b.Menu, MenuItem{Title: title, Page: p})
	}
}

// Contents returns what the home page has to lead to, because nothing else does: the folders and pages at the top that are neither
// in the menu nor among what it shows anyway. Where the site has no writing, series or courses, it leads to all of them.
func (s *Site) Contents() []*Page {
	inMenu := func(p *Page) bool {
		return slices.ContainsFunc(s.Menu, func(m MenuItem) bool { return m.Page == p })
	}
	all := len(s.Posts)+len(s.Series)+len(s.Courses) == 0
	var out []*Page
	for _, p := range s.Home.Children {
		if (p.Kind == Plain || p.Kind == List || p.Kind == GlossaryPage) && (all || !inMenu(p)) {
			out = append(out, p)
		}
	}
	return out
}

// Below returns how many pages lie below a page.
func (p *Page) Below() int {
	n := 0
	for _, c := range p.Children {
		n += 1 + c.Below()
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }
