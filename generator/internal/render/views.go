package render

import (
	"cmp"
	"html/template"
	"strings"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
	"waymark/generator/internal/theme"
	"waymark/generator/internal/view"
	"waymark/generator/internal/words"
)

// Options are what the caller wants of a build.
type Options struct {
	Root string // the path at which a site without an address stands, for the page that is shown at any address; or ""
}

// Renderer makes pages of one Site with one Theme. It may be used by several goroutines.
type Renderer struct {
	site    *site.Site
	theme   *theme.Theme
	options Options
	body    func(*site.Page) ([]byte, error)
	frames  frames
}

// New returns a Renderer. body returns a page's HTML with its holes, from wherever the caller keeps it.
func New(s *site.Site, t *theme.Theme, options Options, body func(*site.Page) ([]byte, error)) *Renderer {
	r := &Renderer{site: s, theme: t, options: options, body: body}
	r.frames.learn(r)
	return r
}

// viewer makes the View of one page.
type viewer struct {
	*Renderer
	page   *site.Page
	tips   int // explanations of terms on the page so far, for their ids
	tipped int // bytes of them
	maps   int // maps on the page so far, for the same
	addresses
}

func (r *Renderer) viewer(p *site.Page) *viewer {
	v := &viewer{Renderer: r, page: p, addresses: newAddresses(p.URL, r.site.Config.BaseURL, r.site.Portable)}
	if p.Kind == site.NotFound && !v.portable { // it is shown at any address
		v.root = cmp.Or(rootOf(v.base), r.options.Root)
	}
	return v
}

// view makes the whole View. body is the page's text with its holes filled.
func (v *viewer) view(layout string, body []byte) *view.View {
	p := v.page
	out := &view.View{Layout: layout, Site: v.frame(), Page: v.pageView(body), Items: v.items(p.Items), Pager: v.pager(), Side: v.side()}
	switch p.Kind {
	case site.Home:
		out.Journey, out.Home, out.Plan = v.road(false), v.first(), v.plan()
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
	case site.ChangesPage:
		out.Changes = v.changes()
	case site.GoalPage:
		out.Goal = v.goalPage()
	case site.MapsPage:
		out.Maps, out.Plan = v.allMaps(), v.plan()
	case site.RecordPage:
		out.Record, out.Texts = v.record(), v.texts()
	case site.FinishPage:
		out.Finish = v.finish()
	case site.SearchPage:
		out.Search = v.search()
	case site.ReviewPage:
		out.Review = v.review()
	case site.RoadmapPage:
		out.Roadmap, out.Goals, out.Month = v.roadmap(), v.goals(), v.month()
	}
	return out
}

// under reports whether the page belongs to a part of the site: by its address, or, for a part of a series, by that.
func (v *viewer) under(p *site.Page) bool {
	if v.page.Series != nil {
		return p.Section == site.SeriesSection
	}
	return p != v.site.Home && strings.HasPrefix(v.page.URL, p.URL)
}

// scripts returns the scripts for some purposes, as far as the theme has them.
func (v *viewer) scripts(purposes ...string) []view.Asset {
	var out []view.Asset
	for _, purpose := range purposes {
		if a := v.asset(v.theme.Scripts[purpose]); a.URL != "" {
			out = append(out, a)
		}
	}
	return out
}

func (v *viewer) asset(a theme.Asset) view.Asset {
	if a.Path == "" {
		return view.Asset{}
	}
	out := view.Asset{URL: v.to("/"+a.Path, "")}
	if !v.site.Portable {
		out.Integrity = a.Integrity
	}
	return out
}

func (v *viewer) pageView(body []byte) view.Page {
	p := v.page
	page := view.Page{
		Kind: string(p.Kind), ID: p.ID, Title: p.Title, FullTitle: p.Title, Description: p.Description,
		Body: template.HTML(body), Answers: v.answers(), Date: v.date(p.Date), Updated: v.date(p.Updated), Minutes: p.Minutes, //nolint:gosec // the Markdown stage made it
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
	if lang := p.Language(); lang != "" && lang != v.site.Config.Language {
		page.Language, page.Direction = lang, words.LanguageDirection(lang)
	} else if d := words.DirectionOf(p.Title); d != "" && d != v.site.Config.Direction && p.Doc != nil {
		page.TitleDirection = d
	}
	for _, q := range p.Translated {
		tag := cmp.Or(q.Language(), v.site.Config.Language)
		l := v.link(q)
		l.Note = tag
		if said := v.site.Config.Words.In(tag); strings.HasPrefix(strings.ToLower(tag), strings.ToLower(said.Language)) {
			l.Title = said.Say("language.name")
		}
		page.Translations = append(page.Translations, l)
	}
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
		page.Lead, page.Reviewed, page.Words, page.Extra = front.Description, v.date(front.Reviewed), p.Doc.Words, front.Extra
		if v.site.Config.EditURL != "" {
			page.Edit = v.site.Config.EditURL + escapePath(p.Doc.Name)
		}
		if !front.HideTOC {
			page.Contents = contents(p.Doc.Headings)
		}
	}
	page.Former, page.In, page.ToRead = strings.Join(p.FormerIDs(), "|"), v.belongsTo(p), toRead(p)
	switch {
	case p.Kind == site.RecordPage:
		page.Scripts = v.scripts("record")
	case p.Kind == site.ReviewPage:
		page.Scripts = v.scripts("review")
	case p.Kind == site.SearchPage:
		page.Scripts = v.scripts("search")
	case p.Doc != nil && len(p.Doc.Quizzes)+len(p.Doc.Cards) > 0:
		page.Scripts = v.scripts("quiz")
	}
	if p.Doc != nil && len(p.Doc.Sheets) > 0 || p.Kind == site.PhasePage && len(p.Phase.Questions) > 0 {
		page.Scripts = append(page.Scripts, v.scripts("sheet")...)
	}
	if p.Map != nil || p.Doc != nil && len(p.Doc.Maps) > 0 {
		page.Scripts = append(page.Scripts, v.scripts("map")...)
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

func (v *viewer) date(d dates.Date) view.Date {
	return view.Date{ISO: d.ISO(), Long: v.say().Date(d, false), Short: v.say().Date(d, true)}
}

// say returns the words of the site's own language.
func (v *viewer) say() *words.Words { return v.site.Config.Words.Site() }
