package site

import (
	"cmp"
	"path"
	"slices"
	"sort"

	"waymark/generator/diag"
	"waymark/generator/internal/slug"
)

// gatherSeries puts the parts of each series in order. A part is named by the series' own list, or names the series
// itself; a planned part is one that no page has taken yet.
func (b *builder) gatherSeries() {
	for _, p := range b.Pages {
		if p.Kind == SeriesPage && p.Doc != nil {
			b.addSeries(path.Base(b.key(p.Doc)), p)
		}
	}
	members := b.membersByName()
	for _, s := range b.Series {
		slots := map[int]Part{}
		if s.Page.Doc != nil {
			b.listedParts(s, slots)
		}
		b.claimedParts(s, members[s.ID], slots)
		b.orderParts(s, slots)
	}
	slices.SortStableFunc(b.Series, func(x, y *Series) int { return cmp.Compare(orderOf(x.Page), orderOf(y.Page)) })
}

func orderOf(p *Page) int {
	if p.Doc != nil && p.Doc.Front.At["order"] != (diag.Position{}) {
		return p.Doc.Front.Order
	}
	return 1 << 20
}

func (b *builder) addSeries(name string, p *Page) {
	s := &Series{ID: slug.Make(name), Page: p}
	p.Series, p.Feed = s, b.listFeeds()
	b.series[s.ID] = s
	b.Series = append(b.Series, s)
}

// maxSeries is up to how many series a new name is compared with all others: every series without a file is.
const maxSeries = 500

// membersByName collects the pages that name a series, making series that have no file of their own.
func (b *builder) membersByName() map[string][]*Page {
	members := map[string][]*Page{}
	for _, p := range slices.Clone(b.Pages) {
		if p.Doc == nil || p.Doc.Front.Series == "" || p.Kind == SeriesPage {
			continue
		}
		name := p.Doc.Front.Series
		id := slug.Make(name)
		if id == "" {
			b.errorf(pos(p, "series"), "series", "use letters or digits", "the series %q has nothing that can stand in an address", name)
			continue
		}
		if len(id) > maxPart {
			b.errorf(pos(p, "series"), "series", "use fewer words", "the series %q is too long to stand in an address", shortened(name))
			continue
		}
		if b.series[id] == nil && b.held["series/"+id] != "" {
			b.warnf(pos(p, "series"), "held-link", "it will be a part once the series is published", "the series %q is held back (%s)", name, b.held["series/"+id])
			continue
		}
		if b.series[id] == nil {
			var known []string
			if len(b.Series) <= maxSeries {
				for _, s := range b.Series {
					known = append(known, s.ID)
				}
			}
			if near := diag.Nearest(id, known); near != "" {
				b.warnf(pos(p, "series"), "series", "did you mean \""+near+"\"?", "no series %q has a file, so it becomes a series of its own", name)
			}
			list := b.byPath["series"]
			if list == nil {
				list = b.add(&Page{Kind: List, Section: SeriesSection, URL: "/series/", Title: b.say().Say("page.series"), ID: "series", Parent: b.Home})
				b.byPath["series"] = list
				b.Home.Children = append(b.Home.Children, list)
			}
			page := b.add(&Page{Kind: SeriesPage, URL: "/series/" + id + "/", Title: titleFromName(name), ID: "series/" + id, Parent: list})
			list.Children = append(list.Children, page)
			b.addSeries(id, page)
		}
		members[id] = append(members[id], p)
	}
	return members
}

func (b *builder) listedParts(s *Series, slots map[int]Part) {
	doc := s.Page.Doc
	for i, listed := range doc.Front.Parts {
		part := Part{Number: i + 1, Title: listed.Title, Phase: b.findPhase(listed.Pos, listed.Phase)}
		if listed.Path != "" {
			target := b.sourcePage(doc.Path, listed.Path)
			switch {
			case target != nil && target.Series != nil && target.Series != s:
				b.errorf(listed.Pos, "series", "a page belongs to one series", "%s is already a part of the series %q", target.Doc.Name, target.Series.Page.Title)
				continue
			case target != nil && (target.Doc == nil || target == s.Page):
				b.errorf(listed.Pos, "series", "name a page that somebody has written", "%q cannot be a part of this series", listed.Path)
				continue
			case target != nil && target.Series == s:
				b.errorf(listed.Pos, "series", "keep one of the two", "%s stands in this series twice", target.Doc.Name)
				continue
			case target != nil:
				part.Page, target.Series = target, s
			case b.held[b.sourceKey(doc.Path, listed.Path)] != "" || b.broken[b.sourceKey(doc.Path, listed.Path)]:
				part.Title = cmp.Or(part.Title, titleFromName(path.Base(b.sourceKey(doc.Path, listed.Path))))
			default:
				b.errorf(listed.Pos, "series", b.suggestPath(listed.Path), "there is no file %q to be a part of this series", listed.Path)
				continue
			}
		}
		slots[part.Number] = part
	}
}

func (b *builder) claimedParts(s *Series, members []*Page, slots map[int]Part) {
	var loose []*Page
	listed := make(map[*Page]int, len(slots))
	for number, part := range slots {
		listed[part.Page] = number
	}
	delete(listed, nil) // what is planned
	for _, p := range members {
		n := p.Doc.Front.Part
		if p.Series != nil && p.Series != s {
			b.errorf(pos(p, "series"), "series", "a page belongs to one series", "this page is already a part of the series %q", p.Series.Page.Title)
			continue
		}
		listedAt := listed[p]
		switch {
		case listedAt > 0 && n > 0 && listedAt != n:
			b.errorf(pos(p, "part"), "series", "leave out \"part\", or reorder the list", "this is part %d, and the series lists it as part %d", n, listedAt)
		case listedAt > 0:
		case n == 0:
			loose = append(loose, p)
		case slots[n].Page != nil:
			b.errorf(pos(p, "part"), "series", "give one of them another number", "part %d of the series %q is already %s", n, s.Page.Title, slots[n].Page.Doc.Name)
		default:
			part := slots[n]
			part.Number, part.Page = n, p
			slots[n] = part
		}
		p.Series = s
	}
	last := 0
	for n := range slots {
		last = max(last, n)
	}
	slices.SortStableFunc(loose, func(x, y *Page) int { return compareTime(x.Date.Time, y.Date.Time) })
	for i, p := range loose {
		slots[last+1+i] = Part{Number: last + 1 + i, Page: p}
	}
}

func (b *builder) orderParts(s *Series, slots map[int]Part) {
	numbers := make([]int, 0, len(slots))
	for n := range slots {
		numbers = append(numbers, n)
	}
	sort.Ints(numbers)
	var written []*Page
	previous := 0
	if s.Page.Doc != nil {
		previous = len(s.Page.Doc.Front.Parts) // a listed part that is missing has been reported
	}
	for _, n := range numbers {
		part := slots[n]
		if part.Page != nil {
			part.Title, part.Phase = part.Page.Title, part.Page.Phase
			part.Page.Prev, part.Page.Next = nil, nil // a series has its own order, also inside a course
			written = append(written, part.Page)
		}
		if n > previous+1 && part.Page != nil {
			b.warnf(pos(part.Page, "part"), "series", "number the parts without gaps, or list the missing one as planned", "the series %q has a part %d but no part %d", s.Page.Title, n, n-1)
		}
		previous = max(previous, n)
		part.Number = len(s.Parts) + 1 // a gap has been warned of, and readers count what is there
		if part.Page != nil {
			part.Page.Part = part.Number
		}
		s.Parts = append(s.Parts, part)
	}
	chain(written)
}
