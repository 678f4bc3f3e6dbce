package render

import (
	"slices"
	"strconv"

	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

func (v *viewer) breadcrumbs() []view.Link {
	var links []view.Link
	for p := v.page.Parent; p != nil; p = p.Parent {
		l := v.link(p)
		if p.Kind == site.Home {
			l.Title = v.say().Say("frame.home")
		}
		links = append(links, l)
	}
	slices.Reverse(links)
	return links
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
	side := &view.Side{Kind: "series", Title: s.Page.Title, URL: v.to(s.Page.URL, ""), Note: v.say().Count("side.part", v.page.Part, "parts", strconv.Itoa(len(s.Parts)))}
	var parts []site.Part
	parts, side.Before, side.After = near(s.Parts, func(part site.Part) bool { return part.Page == v.page })
	for _, part := range parts {
		item := view.SideItem{Title: part.Title, Number: part.Number, Phase: v.phaseTag(part.Phase), Current: part.Page == v.page}
		if part.Page != nil {
			item.URL, item.ID = v.to(part.Page.URL, ""), part.Page.ID
		}
		side.Items = append(side.Items, item)
	}
	return side
}

func (v *viewer) courseSide() *view.Side {
	course := v.page
	for course != nil && course.Kind != site.Course {
		course = course.Parent
	}
	if course == nil {
		return nil
	}
	var pages []*site.Page
	for _, session := range course.Children {
		pages = append(append(pages, session), session.Children...)
	}
	return v.sideOf("course", course, pages)
}

// sideOf lists pages below another one, those of them that are no children of it one level further in.
func (v *viewer) sideOf(kind string, top *site.Page, pages []*site.Page) *view.Side {
	side := &view.Side{Kind: kind, Title: top.Title, URL: v.to(top.URL, "")}
	pages, side.Before, side.After = near(pages, func(p *site.Page) bool { return p == v.page })
	for _, p := range pages {
		depth := 0
		if p.Parent != top {
			depth = 1
		}
		side.Items = append(side.Items, v.sideItem(p, depth))
	}
	return side
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
	return v.sideOf("section", top, top.Children)
}

// maxSide is how many places stand beside a text. A page must not grow with its folder, or a site would with the
// square of it.
const maxSide = 40

// near returns those of a list that are around the current one, and how many are before and behind them.
func near[T any](list []T, current func(T) bool) (around []T, before, after int) {
	if len(list) <= maxSide {
		return list, 0, 0
	}
	from := min(max(0, slices.IndexFunc(list, current)-maxSide/2), len(list)-maxSide)
	return list[from : from+maxSide], from, len(list) - from - maxSide
}
