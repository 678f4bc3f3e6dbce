package site

import (
	"cmp"
	"path"
	"slices"
	"sort"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/slug"
)

// phases makes the journey's phases known by id and name.
func (b *builder) phases() {
	b.phase = map[string]*Phase{}
	for _, said := range b.Config.Phases {
		p := &Phase{Phase: said}
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
	if name := p.Doc.Front.Phase; name != "" {
		p.Phase = b.findPhase(pos(p, "phase"), name)
	}
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

// PhaseNamed returns the phase with a name or id, or nil.
func (s *Site) PhaseNamed(name string) *Phase {
	for _, p := range s.Phases {
		if name != "" && (slug.Make(p.Name) == slug.Make(name) || p.ID == slug.Make(name)) {
			return p
		}
	}
	return nil
}

// Shape returns the form of a phase's blaze, or "" where there is no such phase.
func (s *Site) Shape(phase string) string {
	if p := s.PhaseNamed(phase); p != nil {
		return s.Top(p).Shape
	}
	return ""
}

// Empty reports whether nothing belongs to the phase.
func (p *Phase) Empty() bool { return len(p.Pages)+len(p.Slices)+len(p.Deliverables) == 0 }

// folders gives every page its parent, and a list page to each folder that has no index.
func (b *builder) folders() {
	for _, p := range slices.Clone(b.Pages) {
		k := b.key(p.Doc)
		for dir := path.Dir(k); dir != "."; dir = path.Dir(dir) {
			if b.byPath[dir] == nil {
				if b.held[dir] != "" {
					continue
				}
				b.byPath[dir] = b.add(&Page{Kind: List, key: dir, Section: sectionOf(dir), URL: folderURL(dir), Title: b.folderTitle(dir), ID: dir})
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
		p := b.byPath[k]
		if b.sortChildren(p.Children); p != b.Home {
			b.chainPages(p.Children)
		}
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

func (b *builder) folderTitle(dir string) string {
	if section := sectionOf(dir); section == PostsSection {
		return b.say().Say("page.writing")
	} else if section != "" {
		return b.say().Say("page." + string(section))
	}
	return titleFromName(path.Base(dir))
}

// sortChildren orders by "order", then by name. Pages without an order come last.
func (b *builder) sortChildren(pages []*Page) {
	sortByName(b.Config.Language, pages, func(p *Page) string { return path.Base(p.key) })
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
		p.Feed = b.listFeeds()
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

// chainPages leads from each page of a folder to the next one.
func (b *builder) chainPages(pages []*Page) {
	var plain []*Page
	for _, p := range pages {
		if p.Kind == Plain && p.Doc != nil {
			plain = append(plain, p)
		}
	}
	chain(plain)
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

// journey gathers what belongs to each phase, in reading order.
func (b *builder) journey() {
	used := b.phaseMaps()
	for _, p := range b.Pages {
		if p.Phase == nil || p.Doc == nil {
			continue
		}
		used = true
		top := b.Top(p.Phase)
		top.Pages = append(top.Pages, p)
	}
	journey := b.index(Journey, "journey", used)
	if journey == nil {
		return
	}
	if journey.Description == "" {
		journey.Description = b.say().Say("page.journey.about")
	}
	for _, phase := range b.Phases {
		slices.SortStableFunc(phase.Pages, func(x, y *Page) int { return compareTime(x.Date.Time, y.Date.Time) })
	}
	for _, phase := range b.Phases {
		if phase.Parent != "" || phase.Empty() && phase.ID == "retirement" {
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
