// Package check looks at a site for what no build warns of, because the site can be published all the same: pages that nobody comes upon,
// tags that were meant as one, objectives that nothing asks, maps that say less than they could, colours that cannot be read, links to
// other sites that lead nowhere.
package check

import (
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/storymap"
)

// Site looks at a finished site.
func Site(s *site.Site) (list diag.List) {
	list.Add(texts(s)...)
	list.Add(tags(s)...)
	list.Add(maps(s)...)
	return list
}

// texts looks at the pages that somebody has written.
func texts(s *site.Site) (list diag.List) {
	for _, p := range s.Pages {
		if p.Doc == nil || p.Number > 0 {
			continue
		}
		list.Add(p.Doc.Care...)
		switch {
		case p.Kind == site.Plain && strings.HasPrefix(p.Doc.Path, "tags/"): // where one is had by a text, it is the page of that
			list.Add(diag.Warnf(diag.Position{File: p.Name(), Line: 1}, "tag-empty", "give a text that tag, or take the page away", "no text has the tag that this page introduces"))
		case alone(s, p):
			list.Add(diag.Warnf(diag.Position{File: p.Name(), Line: 1}, "alone", "link to it from a text that readers come from, or give it a tag or a series",
				"no text leads to this page, and no tag, series or course does"))
		}
		if objectives := slices.Concat(p.Doc.Front.Objectives, p.Doc.Front.Outcomes); len(objectives) > 0 && !asks(p) && (p.Parent == nil || p.Parent.Doc == nil || len(p.Parent.Doc.Quizzes) == 0) {
			list.Add(diag.Warnf(place(p, "objectives", "outcomes"), "objective", "ask it in a quiz block, on this page or on one above or below it",
				"no question asks whether readers reach the objective %q", diag.Printable(objectives[0])))
		}
	}
	return list
}

// alone reports whether readers come upon a page in lists alone.
func alone(s *site.Site, p *site.Page) bool {
	if p.Kind != site.Plain && p.Kind != site.Note || p.Dated() { // what is dated is in the feed, the archive and the lists of what is new
		return false
	}
	if p.Series != nil || len(p.Tags) > 0 || p.Phase != nil || p.Parent != nil && p.Parent.Kind != site.List && p.Parent.Kind != site.Home || p == s.Only(site.Home) {
		return false
	}
	inMenu := slices.ContainsFunc(s.Menu, func(m site.MenuItem) bool { return m.Page == p })
	return len(p.Backlinks) == 0 && !inMenu && !p.Doc.Glossary
}

// asks reports whether a page asks anything, or one below it does.
func asks(p *site.Page) bool {
	return p.Doc != nil && len(p.Doc.Quizzes) > 0 || slices.ContainsFunc(p.Children, asks)
}

// place is where the first of some keys stands in a page's header, or its first line.
func place(p *site.Page, keys ...string) diag.Position {
	for _, key := range keys {
		if at, there := p.Doc.Front.At[key]; there {
			return at
		}
	}
	return diag.Position{File: p.Name(), Line: 1}
}

// tags finds tags that were probably meant as one.
func tags(s *site.Site) (list diag.List) {
	seen := map[string]*site.Tag{}
	for _, t := range s.Tags {
		key := folded(t.Name)
		if other := seen[key]; other != nil {
			rare, common := t, other
			if len(rare.Pages) > len(common.Pages) {
				rare, common = common, rare
			}
			list.Add(diag.Warnf(place(rare.Pages[0], "tags", "categories"), "tags-alike", "write the same for both", "the tags %q and %q are nearly the same", diag.Printable(rare.Name), diag.Printable(common.Name)))
			continue
		}
		seen[key] = t
	}
	return list
}

// folded is a tag without what people write now in this way and now in that: case, hyphens, spaces, and the s of many.
func folded(tag string) string {
	word := strings.NewReplacer("-", "", " ", "", "_", "").Replace(slug.Fold(tag))
	if len([]rune(word)) > 5 { // "news" is not several of "new"
		word = strings.TrimSuffix(word, "s")
	}
	return word
}

// maps finds what maps say together that has a gap.
func maps(s *site.Site) (list diag.List) {
	for _, m := range s.Maps {
		if m.Impact != nil {
			for _, d := range m.WithoutStory() {
				if d.Status != outline.Idea && serves(s, m) {
					list.Add(diag.Warnf(d.Pos, "deliverable-without-story", "write a story for it, or mark it as done or dropped", "no story is for the deliverable %q", diag.Printable(outline.Plain(d.Text))))
				}
			}
			continue
		}
		for _, story := range m.Unasked() {
			if !planned(m, story) {
				continue
			}
			list.Add(diag.Warnf(story.Pos, "story-without-deliverable", "say which it is for (@ map#deliverable), or drop it", "no deliverable asks for the story %q", diag.Printable(outline.Plain(story.Text))))
		}
	}
	return list
}

// planned reports whether a story is to be made: it lies in a slice that has a phase, where any has one, and is no mere idea.
func planned(m *site.Map, story *storymap.Card) bool {
	if story.Status == outline.Idea {
		return false
	}
	phases := false
	for _, s := range m.Story.Slices {
		if phases = phases || s.Phase != ""; s.Phase != "" && s.Name == story.Slice {
			return true
		}
	}
	return !phases
}

// serves reports whether there is a story map for an impact map at all.
func serves(s *site.Site, impact *site.Map) bool {
	return slices.ContainsFunc(s.Maps, func(m *site.Map) bool { return m.Story != nil && m.Serves(impact) })
}

// Text looks at a file as it lies on the disk.
func Text(name string, data []byte) (list diag.List) {
	all, windows := strings.Count(string(data), "\n"), strings.Count(string(data), "\r\n")
	if windows == 0 || windows == all {
		return nil
	}
	d := diag.Warnf(diag.Position{File: name, Line: 1}, "line-ends", "save it with one kind of line end", "%d lines of this file end as on Windows, and %d do not", windows, all-windows)
	d.Fix = diag.Fix{Old: "\r\n", New: "\n", Everywhere: true}
	list.Add(d)
	return list
}
