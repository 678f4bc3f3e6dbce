package render

import (
	"cmp"
	"slices"
	"strings"

	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

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
	if v.page.Kind == site.PhasePage {
		out.Checklist = v.beforeMovingOn(p)
	}
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

// shownOfFolder is how many of a folder's pages the home page names.
const shownOfFolder = 4

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
	if p := v.site.Writing(); p != nil {
		h.Writing = v.to(p.URL, "")
	}
	for _, p := range v.site.Contents() {
		if len(p.Children) == 0 {
			h.Pages = append(h.Pages, v.item(p))
			continue
		}
		g := view.Group{Title: p.Title, URL: v.to(p.URL, ""), Count: p.Below()}
		for _, c := range p.Children[:min(len(p.Children), shownOfFolder)] {
			g.Links = append(g.Links, v.link(c))
		}
		h.Folders = append(h.Folders, g)
	}
	return h
}

// first returns what the home page shows beyond what a lost reader is offered: where to start, what comes next, and a map.
func (v *viewer) first() *view.Home {
	h := v.home()
	h.Start, h.Map = v.items(v.page.Start), v.homeMap()
	if v.site.Only(site.RoadmapPage) != nil {
		h.Roadmap = v.roadmap()
	}
	return h
}

// homeMap returns the map that the home page shows: one that its front matter names, or else the first impact map, or the first map.
func (v *viewer) homeMap() *view.Map {
	var shown *site.Map
	for _, m := range v.site.Maps {
		if shown == nil || m.Impact != nil && shown.Impact == nil {
			shown = m
		}
	}
	if d := v.site.Home.Doc; d != nil && len(d.Front.Maps) > 0 {
		id, _, _ := strings.Cut(d.Front.Maps[0], "/")
		if named := v.site.MapByID(id); named != nil {
			shown = named
		}
	}
	if shown == nil {
		return nil
	}
	m := v.mapView(shown)
	return &m
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
