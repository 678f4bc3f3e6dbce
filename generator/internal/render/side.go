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
			l.Title = "Home"
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
