package render

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
	"waymark/generator/internal/theme"
	"waymark/generator/internal/view"
)

// Options are what the caller wants of a build.
type Options struct {
	Portable bool   // addresses that open from a file system
	Root     string // the path at which a site without an address stands, for the page that is shown at any address; or ""
}

// Renderer makes pages of one Site with one Theme. It may be used by several goroutines.
type Renderer struct {
	site    *site.Site
	theme   *theme.Theme
	options Options
	body    func(*site.Page) ([]byte, error)
}

// New returns a Renderer. body returns a page's HTML with its holes, from wherever the caller keeps it.
func New(s *site.Site, t *theme.Theme, options Options, body func(*site.Page) ([]byte, error)) *Renderer {
	return &Renderer{site: s, theme: t, options: options, body: body}
}

// viewer makes the View of one page.
type viewer struct {
	*Renderer
	page *site.Page
	tips int // explanations of terms on the page so far, for their ids
	addresses
}

func (r *Renderer) viewer(p *site.Page) *viewer {
	v := &viewer{Renderer: r, page: p, addresses: newAddresses(p.URL, r.site.Config.BaseURL, r.options.Portable)}
	if p.Kind == site.NotFound && !v.portable { // it is shown at any address
		v.root = cmp.Or(rootOf(v.base), r.options.Root)
	}
	return v
}

// view makes the whole View. body is the page's text with its holes filled.
func (v *viewer) view(layout string, body []byte) *view.View {
	p := v.page
	out := &view.View{Layout: layout, Site: v.siteView(), Page: v.pageView(body), Items: v.items(p.Items), Pager: v.pager(), Side: v.side()}
	switch p.Kind {
	case site.Home:
		out.Journey, out.Home = v.road(false), v.home()
	case site.Journey:
		out.Journey, out.Plan = v.road(true), v.plan()
	case site.PhasePage:
		phase := v.phase(p.Phase, true)
		out.Phase = &phase
	case site.SeriesPage:
		series := v.series(p.Series)
		out.Series = &series
	case site.Course:
		out.Course = v.course()
	case site.Session, site.Note:
		out.Lesson = v.lesson()
	case site.Tags:
		out.Groups = v.tagGroups()
	case site.Authors:
		out.Groups = v.authorGroups()
	case site.Archive:
		out.Groups = v.yearGroups()
	case site.ArchiveYear:
		out.Groups = v.monthGroups()
	case site.GlossaryPage:
		out.Groups = v.termGroups()
	case site.List:
		if p.Section == site.SeriesSection {
			out.Home = &view.Home{}
			for _, s := range v.site.Series {
				out.Home.Series = append(out.Home.Series, v.series(s))
			}
		}
	case site.NotFound:
		out.Home = v.home()
	case site.MapPage:
		out.Map = v.ownMap()
	case site.MapsPage:
		out.Maps, out.Plan = v.allMaps(), v.plan()
	case site.RoadmapPage:
		out.Roadmap = v.roadmap()
	}
	return out
}

func (v *viewer) siteView() view.Site {
	c := v.site.Config
	s := view.Site{
		Title: c.Title, Description: c.Description, Language: c.Language, Direction: c.Direction, URL: v.to("/", ""),
		Style: v.asset(v.theme.Style), Script: v.asset(v.theme.Script), Early: v.asset(v.theme.Early), Icon: v.asset(v.theme.Icon),
		License: c.License, Repository: c.RepositoryURL,
	}
	// A browser that reads files from a disk refuses what these ask for.
	if !v.options.Portable {
		s.Policy = Policy
		for _, p := range v.theme.Preload {
			s.Preload = append(s.Preload, v.to("/"+p, ""))
		}
	}
	for _, item := range v.site.Menu {
		link := view.Link{Title: item.Title, URL: item.URL}
		if item.Page != nil {
			link.URL, link.Current = v.to(item.Page.URL, ""), v.under(item.Page)
		}
		s.Menu = append(s.Menu, link)
	}
	for _, kind := range []site.Kind{site.MapsPage, site.RoadmapPage, site.Archive, site.Tags, site.Authors} {
		if p := v.site.Only(kind); p != nil {
			s.Footer = append(s.Footer, v.link(p))
		}
	}
	s.Footer = append(s.Footer, view.Link{Title: "Feed", URL: v.to("/atom.xml", "")})
	return s
}

// under reports whether the page belongs to a part of the site: by its address, or, for a part of a series, by that.
func (v *viewer) under(p *site.Page) bool {
	if v.page.Series != nil {
		return p.Section == site.SeriesSection
	}
	return p.Kind != site.Home && strings.HasPrefix(v.page.URL, p.URL)
}

func (v *viewer) asset(a theme.Asset) view.Asset {
	if a.Path == "" {
		return view.Asset{}
	}
	out := view.Asset{URL: v.to("/"+a.Path, "")}
	if !v.options.Portable {
		out.Integrity = a.Integrity
	}
	return out
}

func (v *viewer) pageView(body []byte) view.Page {
	p := v.page
	page := view.Page{
		Kind: string(p.Kind), ID: p.ID, Title: p.Title, FullTitle: p.Title, Description: p.Description,
		Body: template.HTML(body), Date: date(p.Date), Updated: date(p.Updated), Minutes: p.Minutes, //nolint:gosec // the Markdown stage made it
		Tags: v.tags(p), Phase: v.phaseTag(p.Phase), Image: v.cover(), Breadcrumbs: v.breadcrumbs(), Share: v.share(),
	}
	if p.Kind != site.Home && p.Title != v.site.Config.Title {
		page.FullTitle = p.Title + " · " + v.site.Config.Title
	}
	for _, a := range p.Authors {
		page.Authors = append(page.Authors, v.link(a.Page))
	}
	if p.Kind != site.Home && (p.Kind != site.List || len(p.Pages) == 0) {
		page.Previous, page.Next = v.linkTo(p.Prev), v.linkTo(p.Next)
	}
	page.Backlinks, page.Related = v.items(p.Backlinks), v.items(v.site.Related(p))
	if p.Author != nil {
		page.Website = p.Author.URL
	}
	page.Draft, page.Scheduled = p.Waiting(site.Draft), p.Waiting(site.Future)
	if p.Feed {
		page.Atom = v.to(p.URL+"atom.xml", "")
	}
	if p.Doc == nil {
		page.Lead = p.Description
	} else {
		front := p.Doc.Front
		page.Lead, page.Reviewed, page.Words, page.Extra = front.Description, date(front.Reviewed), p.Doc.Words, front.Extra
		if v.site.Config.EditURL != "" {
			page.Edit = v.site.Config.EditURL + escapePath(p.Doc.Name)
		}
		if !front.HideTOC {
			page.Contents = contents(p.Doc.Headings)
		}
	}
	page.Head = v.head(page)
	return page
}

// contents returns the headings of the first two levels, where there are at least three to choose from.
func contents(headings []markdown.Heading) []view.Heading {
	var out []view.Heading
	for _, h := range headings {
		if h.Level <= 3 {
			out = append(out, view.Heading{Text: h.Text, URL: "#" + escapeFragment(h.ID), Level: h.Level})
		}
	}
	if len(out) < 3 {
		return nil
	}
	return out
}

func date(d dates.Date) view.Date { return view.Date{ISO: d.ISO(), Long: d.Long(), Short: d.Short()} }

func (v *viewer) link(p *site.Page) view.Link {
	return view.Link{Title: p.Title, URL: v.to(p.URL, ""), Current: p == v.page}
}

func (v *viewer) linkTo(p *site.Page) *view.Link {
	if p == nil {
		return nil
	}
	l := v.link(p)
	if p.Phase != nil && (v.page.Phase == nil || p.Phase.ID != v.page.Phase.ID) {
		l.Note = strings.ToLower(p.Phase.Name)
	}
	return &l
}

func (v *viewer) breadcrumbs() []view.Link {
	var links []view.Link
	for p := v.page.Parent; p != nil; p = p.Parent {
		l := v.link(p)
		if p.Kind == site.Home {
			l.Title = "Home"
		}
		links = append(links, l)
	}
	slices.Reverse(links)
	return links
}

func (v *viewer) tags(p *site.Page) []view.Link {
	var links []view.Link
	for _, t := range p.Tags {
		links = append(links, view.Link{Title: t.Name, URL: v.to(t.Page.URL, "")})
	}
	return links
}

func (v *viewer) phaseTag(p *site.Phase) *view.PhaseTag {
	if p == nil {
		return nil
	}
	top := v.site.Top(p)
	tag := &view.PhaseTag{Name: p.Name, ID: top.ID, Shape: top.Shape}
	if top.Page != nil {
		tag.URL = v.to(top.Page.URL, "")
	}
	return tag
}

func (v *viewer) image(p *site.Page) *view.Image {
	f := v.site.ImageFor(p)
	if f == nil || f.Image == nil {
		return nil
	}
	return &view.Image{
		URL: v.to("/"+f.Path, ""), Alt: p.Doc.Front.ImageAlt, Width: f.Image.Width, Height: f.Image.Height,
		Srcset: v.srcset("/"+f.Path, f.Image, v.to),
	}
}

// cover returns the page's picture, unless its text shows that picture anyway.
func (v *viewer) cover() *view.Image {
	f := v.site.ImageFor(v.page)
	if f == nil || slices.ContainsFunc(v.page.Links, func(t site.Target) bool { return t.Image != nil && t.URL == "/"+f.Path }) {
		return nil
	}
	return v.image(v.page)
}

func (v *viewer) srcset(url string, info *site.ImageInfo, to func(target, fragment string) string) string {
	if len(info.Scaled) == 0 {
		return ""
	}
	var parts []string
	for _, s := range info.Scaled {
		parts = append(parts, strings.ReplaceAll(to("/"+s.Path, ""), ",", "%2C")+" "+strconv.Itoa(s.Width)+"w")
	}
	parts = append(parts, strings.ReplaceAll(to(url, ""), ",", "%2C")+" "+strconv.Itoa(info.Width)+"w")
	return strings.Join(parts, ", ")
}

func (v *viewer) items(pages []*site.Page) []view.Item {
	out := make([]view.Item, 0, len(pages))
	for _, p := range pages {
		out = append(out, v.item(p))
	}
	return out
}

func (v *viewer) item(p *site.Page) view.Item {
	item := view.Item{
		Kind: string(p.Kind), ID: p.ID, Title: p.Title, URL: v.to(p.URL, ""), Description: p.Description, Date: date(p.Date),
		Minutes: p.Minutes, Phase: v.phaseTag(p.Phase), Tags: v.tags(p), Image: v.image(p), Part: p.Part,
		Draft: p.Waiting(site.Draft), Scheduled: p.Waiting(site.Future),
	}
	if p.Series != nil && p.Kind != site.SeriesPage {
		item.Series = p.Series.Page.Title
	}
	return item
}

func (v *viewer) pager() *view.Pager {
	p := v.page
	if len(p.Pages) == 0 {
		return nil
	}
	pager := &view.Pager{Number: p.Number, Older: v.linkTo(p.Next), Newer: v.linkTo(p.Prev)}
	if p.Number > 0 {
		pager.Newest = v.linkTo(p.Parent)
	}
	if p.Number != 1 {
		pager.Oldest = v.linkTo(p.Pages[len(p.Pages)-1])
	}
	return pager
}

// side returns the navigation beside the text: of the series, of the course, or of the folder.
func (v *viewer) side() *view.Side {
	p := v.page
	switch {
	case p.Series != nil && p.Kind != site.SeriesPage:
		return v.seriesSide(p.Series)
	case p.Kind == site.Course || p.Kind == site.Session || p.Kind == site.Note:
		return v.courseSide()
	case p.Kind == site.Plain:
		return v.sectionSide()
	}
	return nil
}

func (v *viewer) seriesSide(s *site.Series) *view.Side {
	side := &view.Side{Kind: "series", Title: s.Page.Title, URL: v.to(s.Page.URL, ""), Note: "Part " + strconv.Itoa(v.page.Part) + " of " + strconv.Itoa(len(s.Parts))}
	for _, part := range s.Parts {
		item := view.SideItem{Title: part.Title, Number: part.Number, Phase: v.phaseTag(part.Phase), Current: part.Page == v.page}
		if part.Page != nil {
			item.URL, item.ID = v.to(part.Page.URL, ""), part.Page.ID
		}
		side.Items = append(side.Items, item)
	}
	return near(side)
}

func (v *viewer) courseSide() *view.Side {
	course := v.page
	for course != nil && course.Kind != site.Course {
		course = course.Parent
	}
	if course == nil {
		return nil
	}
	side := &view.Side{Kind: "course", Title: course.Title, URL: v.to(course.URL, "")}
	for _, session := range course.Children {
		side.Items = append(side.Items, v.sideItem(session, 0))
		for _, note := range session.Children {
			side.Items = append(side.Items, v.sideItem(note, 1))
		}
	}
	return near(side)
}

func (v *viewer) sideItem(p *site.Page, depth int) view.SideItem {
	return view.SideItem{Title: p.Title, URL: v.to(p.URL, ""), ID: p.ID, Current: p == v.page, Depth: depth, Phase: v.phaseTag(p.Phase)}
}

// sectionSide lists the pages of a folder, on each of them.
func (v *viewer) sectionSide() *view.Side {
	top := v.page
	if len(top.Children) == 0 {
		top = top.Parent
	}
	if top == nil || top.Kind == site.Home || len(top.Children) < 2 {
		return nil
	}
	side := &view.Side{Kind: "section", Title: top.Title, URL: v.to(top.URL, "")}
	for _, p := range top.Children {
		side.Items = append(side.Items, v.sideItem(p, 0))
	}
	return near(side)
}

// maxSide is how many places stand beside a text. A page must not grow with its folder, or a site would with the
// square of it.
const maxSide = 40

// near keeps the places around the current one.
func near(s *view.Side) *view.Side {
	if len(s.Items) <= maxSide {
		return s
	}
	at := max(0, slices.IndexFunc(s.Items, func(i view.SideItem) bool { return i.Current }))
	from := min(max(0, at-maxSide/2), len(s.Items)-maxSide)
	s.Items = s.Items[from : from+maxSide]
	return s
}

func (v *viewer) road(items bool) []view.Phase {
	var out []view.Phase
	if v.site.Only(site.Journey) == nil {
		return nil
	}
	for _, p := range v.site.Phases {
		if p.Page != nil {
			out = append(out, v.phase(p, items))
		}
	}
	return out
}

func (v *viewer) phase(p *site.Phase, items bool) view.Phase {
	out := view.Phase{Name: p.Name, ID: p.ID, Shape: p.Shape, Aim: p.Aim, Questions: p.Questions, Count: len(p.Pages), Planned: len(p.Slices) + len(p.Deliverables), URL: v.to(p.Page.URL, "")}
	if items {
		out.Items, out.Slices, out.Deliverables = v.items(p.Pages), v.phaseSlices(p), v.phaseDeliverables(p)
	}
	for _, q := range v.site.Phases {
		if q.Parent == p.ID {
			out.Narrower = append(out.Narrower, strings.ToLower(q.Name))
		}
	}
	return out
}

// latestCount is how many posts the home page shows.
const latestCount = 6

func (v *viewer) home() *view.Home {
	h := &view.Home{Latest: v.items(v.site.Posts[:min(len(v.site.Posts), latestCount)]), Courses: v.items(v.site.Courses)}
	for _, s := range v.site.Series {
		h.Series = append(h.Series, v.series(s))
	}
	byUse := slices.Clone(v.site.Tags)
	slices.SortStableFunc(byUse, func(a, b *site.Tag) int { return cmp.Compare(len(b.Pages), len(a.Pages)) })
	for _, t := range byUse[:min(len(byUse), 12)] {
		h.Tags = append(h.Tags, view.Link{Title: t.Name, URL: v.to(t.Page.URL, "")})
	}
	if p := v.site.Section(site.PostsSection); p != nil {
		h.Writing = v.to(p.URL, "")
	}
	return h
}

func (v *viewer) series(s *site.Series) view.Series {
	out := view.Series{Title: s.Page.Title, URL: v.to(s.Page.URL, ""), ID: s.Page.ID, Description: s.Page.Description, Minutes: s.Minutes()}
	for _, part := range s.Parts {
		p := view.Part{Number: part.Number, Planned: part.Page == nil, Item: view.Item{Title: part.Title, Phase: v.phaseTag(part.Phase)}}
		if part.Page != nil {
			p.Item = v.item(part.Page)
			out.Written++
		} else {
			out.Planned++
		}
		if tag := p.Item.Phase; tag != nil && !slices.ContainsFunc(out.Phases, func(t view.PhaseTag) bool { return t.ID == tag.ID }) {
			out.Phases = append(out.Phases, *tag)
		}
		out.Parts = append(out.Parts, p)
	}
	return out
}
