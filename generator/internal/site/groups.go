package site

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
)

// phases makes the journey's phases known by id and name.
func (b *builder) phases() {
	b.phase = map[string]*Phase{}
	for i := range b.Config.Phases {
		p := &b.Config.Phases[i]
		b.Phases = append(b.Phases, p)
		b.phase[slug.Make(p.ID)] = p
		b.phase[slug.Make(p.Name)] = p
	}
}

func (b *builder) findPhase(at diag.Position, name string) *Phase {
	if name == "" {
		return nil
	}
	if p := b.phase[slug.Make(name)]; p != nil {
		return p
	}
	var names []string
	for _, p := range b.Phases {
		names = append(names, strings.ToLower(p.Name))
	}
	b.errorf(at, "phase", diag.DidYouMean(name, names, "the journey has "+strings.Join(names, ", ")), "the journey has no phase %q", name)
	return nil
}

func (b *builder) placePhase(p *Page) {
	p.Phase = b.findPhase(pos(p, "phase"), p.Doc.Front.Phase)
}

// Top returns the phase itself, or the wider phase that it is a part of.
func (s *Site) Top(p *Phase) *Phase {
	for _, q := range s.Phases {
		if p.Parent != "" && q.ID == p.Parent {
			return q
		}
	}
	return p
}

// folders gives every page its parent, and a list page to each folder that has no index.
func (b *builder) folders() {
	for _, p := range slices.Clone(b.Pages) {
		k := Key(p.Doc.Path)
		for dir := path.Dir(k); dir != "."; dir = path.Dir(dir) {
			if b.byPath[dir] == nil {
				if b.held[dir] != "" {
					continue
				}
				b.byPath[dir] = b.add(&Page{Kind: List, URL: folderURL(dir), Title: folderTitle(dir), ID: dir})
			}
		}
	}
	if b.byPath[""] == nil {
		b.byPath[""] = b.add(&Page{Kind: Home, URL: "/", ID: "home"})
	}
	b.Home = b.byPath[""]
	if b.Home.Doc == nil || b.Home.Doc.Front.Title == "" && b.Home.Doc.Heading == "" {
		b.Home.Title = b.Config.Title
	}
	if b.Home.Description == "" {
		b.Home.Description = b.Config.Description
	}
	keys := make([]string, 0, len(b.byPath))
	for k := range b.byPath {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		p := b.byPath[k]
		if k == "" {
			continue
		}
		p.Parent = b.parent(k)
		p.Parent.Children = append(p.Parent.Children, p)
	}
	for _, k := range keys {
		sortChildren(b.byPath[k].Children)
	}
}

func (b *builder) parent(k string) *Page {
	for dir := path.Dir(k); dir != "."; dir = path.Dir(dir) {
		if p := b.byPath[dir]; p != nil {
			return p
		}
	}
	return b.Home
}

func folderURL(dir string) string {
	url := "/"
	for _, part := range strings.Split(dir, "/") {
		url += slug.Make(part) + "/"
	}
	return url
}

func folderTitle(dir string) string {
	switch dir {
	case "posts":
		return "Writing"
	case "courses":
		return "Courses"
	case "series":
		return "Series"
	}
	return titleFromName(path.Base(dir))
}

// sortChildren orders by "order", then by path. Pages without an order come last.
func sortChildren(pages []*Page) {
	order := func(p *Page) int {
		if p.Doc == nil {
			return 1 << 20
		}
		if _, given := p.Doc.Front.At["order"]; !given {
			return 1 << 20
		}
		return p.Doc.Front.Order
	}
	slices.SortStableFunc(pages, func(a, c *Page) int { return cmp.Compare(order(a), order(c)) })
}

// courses links sessions and notes into one reading order, and checks what must be read first.
func (b *builder) courses() {
	for _, p := range b.Pages {
		if p.Kind != Course || p.Doc == nil {
			continue
		}
		b.Courses = append(b.Courses, p)
		p.Feed = true
		var order []*Page
		var walk func(*Page)
		walk = func(q *Page) {
			order = append(order, q)
			for _, child := range q.Children {
				walk(child)
			}
		}
		walk(p)
		chain(order)
	}
	slices.SortStableFunc(b.Courses, func(a, c *Page) int {
		return compareTime(c.Doc.Front.Starts.Time, a.Doc.Front.Starts.Time)
	})
}

// chain sets previous and next.
func chain(pages []*Page) {
	for i, p := range pages {
		if i > 0 {
			p.Prev = pages[i-1]
		}
		if i+1 < len(pages) {
			p.Next = pages[i+1]
		}
	}
}

// gatherSeries puts the parts of each series in order. A part is named by the series' own list, or names the series
// itself; a planned part is one that no page has taken yet.
func (b *builder) gatherSeries() {
	for _, p := range b.Pages {
		if p.Kind == SeriesPage && p.Doc != nil {
			b.addSeries(path.Base(Key(p.Doc.Path)), p)
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
	p.Series, p.Feed = s, true
	b.series[s.ID] = s
	b.Series = append(b.Series, s)
}

// membersByName collects the pages that name a series, making series that have no file of their own.
func (b *builder) membersByName() map[string][]*Page {
	members := map[string][]*Page{}
	for _, p := range slices.Clone(b.Pages) {
		if p.Doc == nil || p.Doc.Front.Series == "" || p.Kind == SeriesPage {
			continue
		}
		name := p.Doc.Front.Series
		id := slug.Make(name)
		if b.series[id] == nil {
			var known []string
			for _, s := range b.Series {
				known = append(known, s.ID)
			}
			if near := diag.Nearest(id, known); near != "" {
				b.warnf(pos(p, "series"), "series", "did you mean \""+near+"\"?", "no series %q has a file, so it becomes a series of its own", name)
			}
			list := b.byPath["series"]
			if list == nil {
				list = b.add(&Page{Kind: List, URL: "/series/", Title: "Series", ID: "series", Parent: b.Home})
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
			case target != nil:
				part.Page, target.Series = target, s
			case b.held[b.sourceKey(doc.Path, listed.Path)] != "":
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
	for _, p := range members {
		n := p.Doc.Front.Part
		if p.Series != nil && p.Series != s {
			b.errorf(pos(p, "series"), "series", "a page belongs to one series", "this page is already a part of the series %q", p.Series.Page.Title)
			continue
		}
		listedAt := 0
		for number, part := range slots {
			if part.Page == p {
				listedAt = number
			}
		}
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
	for _, n := range numbers {
		part := slots[n]
		if part.Page != nil {
			part.Title, part.Phase = part.Page.Title, part.Page.Phase
			written = append(written, part.Page)
		}
		if n != previous+1 && part.Page != nil {
			b.warnf(pos(part.Page, "part"), "series", "number the parts without gaps, or list the missing one as planned", "the series %q has a part %d but no part %d", s.Page.Title, n, n-1)
		}
		previous = n
		part.Number = len(s.Parts) + 1 // a gap has been warned of, and readers count what is there
		if part.Page != nil {
			part.Page.Part = part.Number
		}
		s.Parts = append(s.Parts, part)
	}
	chain(written)
}

// taxonomies gathers tags (categories among them) and authors.
func (b *builder) taxonomies() {
	tags, authors := map[string]*Tag{}, map[string]*Author{}
	for i := range b.Config.Authors {
		a := &b.Config.Authors[i]
		authors[slug.Fold(a.ID)], authors[slug.Fold(a.Name)] = a, a
		b.Authors = append(b.Authors, a)
	}
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		for _, name := range append(slices.Clone(p.Doc.Front.Tags), p.Doc.Front.Categories...) {
			b.tag(tags, p, name)
		}
		for _, name := range p.Doc.Front.Authors {
			b.author(authors, p, name)
		}
	}
	slices.SortFunc(b.Tags, func(x, y *Tag) int { return cmp.Compare(slug.Fold(x.Name), slug.Fold(y.Name)) })
	b.Authors = slices.DeleteFunc(b.Authors, func(a *Author) bool { return a.Page == nil })
	slices.SortFunc(b.Authors, func(x, y *Author) int { return cmp.Compare(slug.Fold(x.Name), slug.Fold(y.Name)) })
	for _, t := range b.Tags {
		newestFirst(t.Pages)
		t.Page.Items = t.Pages
	}
	for _, a := range b.Authors {
		newestFirst(a.Page.Items)
	}
	b.index(Tags, "tags", "Tags", len(b.Tags) > 0)
	b.index(Authors, "authors", "Authors", len(b.Authors) > 0)
	for _, t := range b.Tags {
		t.Page.Parent = b.byURL["/tags/"]
	}
	for _, a := range b.Authors {
		a.Page.Parent = b.byURL["/authors/"]
	}
}

// index adds a generated page at the top level, or gives its kind to the author's page that stands there.
func (b *builder) index(kind Kind, name, title string, wanted bool) *Page {
	if !wanted {
		return nil
	}
	if p := b.byPath[name]; p != nil {
		p.Kind = kind
		return p
	}
	p := b.add(&Page{Kind: kind, URL: "/" + name + "/", Title: title, ID: name, Parent: b.Home})
	b.byPath[name] = p
	return p
}

func (b *builder) tag(tags map[string]*Tag, p *Page, name string) {
	id := slug.Make(name)
	if id == "" {
		b.warnf(pos(p, "tags"), "tag", "use letters or digits", "the tag %q has nothing that can stand in an address, and is left out", name)
		return
	}
	t := tags[id]
	if t == nil {
		t = &Tag{Name: name}
		t.Page = b.add(&Page{Kind: TagPage, URL: "/tags/" + id + "/", Title: name, ID: "tags/" + id, Tag: t, Feed: true})
		tags[id] = t
		b.Tags = append(b.Tags, t)
	} else if slug.Fold(t.Name) != slug.Fold(name) && slug.Make(strings.ReplaceAll(t.Name, " ", "-")) != slug.Fold(strings.ReplaceAll(name, " ", "-")) {
		b.warnf(pos(p, "tags"), "tag", "spell them alike, or make them more different", "the tags %q and %q have one address, and are taken for one", t.Name, name)
	}
	if !slices.Contains(p.Tags, t) {
		p.Tags = append(p.Tags, t)
		t.Pages = append(t.Pages, p)
	}
}

func (b *builder) author(authors map[string]*Author, p *Page, name string) {
	a := authors[slug.Fold(name)]
	if a == nil {
		a = &Author{ID: slug.Make(name), Name: name}
		authors[slug.Fold(name)] = a
		b.Authors = append(b.Authors, a)
	}
	if a.Page == nil {
		a.Page = b.add(&Page{Kind: AuthorPage, URL: "/authors/" + cmp.Or(slug.Make(a.ID), "author") + "/", Title: a.Name, ID: "authors/" + a.ID, Description: a.About, Author: a, Feed: true})
	}
	if !slices.Contains(p.Authors, a) {
		p.Authors = append(p.Authors, a)
		a.Page.Items = append(a.Page.Items, p)
	}
}

// journey gathers what belongs to each phase, in reading order.
func (b *builder) journey() {
	used := false
	for _, p := range b.Pages {
		if p.Phase == nil || p.Doc == nil {
			continue
		}
		used = true
		top := b.Top(p.Phase)
		top.Pages = append(top.Pages, p)
	}
	journey := b.index(Journey, "journey", "The journey", used)
	if journey == nil {
		return
	}
	if journey.Description == "" {
		journey.Description = "The road that a product takes, what each stretch of it is for, and what is written about it."
	}
	for _, phase := range b.Phases {
		slices.SortStableFunc(phase.Pages, func(x, y *Page) int { return compareTime(x.Date.Time, y.Date.Time) })
	}
	for _, phase := range b.Phases {
		if phase.Parent != "" || len(phase.Pages) == 0 && phase.ID == "retirement" {
			continue
		}
		k := "journey/" + slug.Make(phase.ID)
		phase.Page = b.byPath[k]
		if phase.Page == nil {
			phase.Page = b.add(&Page{URL: "/" + k + "/", Title: phase.Name, ID: k, Description: phase.Aim})
		}
		phase.Page.Kind, phase.Page.Parent, phase.Page.Phase, phase.Page.Items = PhasePage, journey, phase, phase.Pages
	}
	var order []*Page
	for _, phase := range b.Phases {
		if phase.Page != nil {
			order = append(order, phase.Page)
		}
	}
	chain(order)
}

// chronology orders posts and notes by date. Inside a series, previous and next keep to the series.
func (b *builder) chronology() {
	for _, p := range b.Pages {
		if p.Kind == Post && p.Doc != nil {
			b.Posts = append(b.Posts, p)
			if p.Date.IsZero() {
				b.warnf(diag.Position{File: p.Doc.Name, Line: 1, Col: 1}, "no-date", "add for example: date: 2024-01-31", "this post has no date, and comes last")
			}
		}
	}
	newestFirst(b.Posts)
	var free []*Page
	for _, p := range slices.Backward(b.Posts) {
		if p.Series == nil {
			free = append(free, p)
		}
	}
	chain(free)
}

// glossary reads the terms, and knows them by every name they have.
func (b *builder) glossary() {
	b.terms = map[string]*Term{}
	for _, p := range b.Pages {
		if p.Kind != GlossaryPage || p.Doc == nil {
			continue
		}
		if b.Glossary != nil {
			b.errorf(diag.Position{File: p.Doc.Name, Line: 1, Col: 1}, "glossary", "keep the terms in one file", "a site has one glossary, and this is the second, after %s", b.Glossary.Doc.Name)
			continue
		}
		b.Glossary = p
		for _, t := range p.Doc.Terms {
			b.term(t)
		}
	}
	slices.SortFunc(b.Terms, func(x, y *Term) int { return cmp.Compare(slug.Fold(x.Name), slug.Fold(y.Name)) })
}

func (b *builder) term(t markdown.Term) {
	term := &Term{Term: t}
	b.Terms = append(b.Terms, term)
	for _, name := range append([]string{t.Name}, t.Aliases...) {
		k := slug.Fold(name)
		if other, taken := b.terms[k]; taken {
			b.errorf(t.Pos, "glossary", "join the two definitions", "the term %q is already defined on line %d", name, other.Pos.Line)
			continue
		}
		b.terms[k] = term
	}
}
