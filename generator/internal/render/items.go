package render

import (
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

func (v *viewer) link(p *site.Page) view.Link {
	return view.Link{Title: p.Title, URL: v.to(p.URL, ""), Current: p == v.page}
}

func (v *viewer) linkTo(p *site.Page) *view.Link {
	if p == nil {
		return nil
	}
	l := v.link(p)
	if p.Phase != nil && v.page.Kind != site.FinishPage && (v.page.Phase == nil || p.Phase.ID != v.page.Phase.ID) {
		l.Note = strings.ToLower(p.Phase.Name)
	}
	return &l
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
		Kind: string(p.Kind), ID: p.ID, Title: p.Title, URL: v.to(p.URL, ""), Description: p.Description, Date: v.date(p.Date),
		Minutes: p.Minutes, Phase: v.phaseTag(p.Phase), Tags: v.tags(p), Image: v.image(p), Part: p.Part,
		Draft: p.Waiting(site.Draft), Scheduled: p.Waiting(site.Future),
	}
	if p.Series != nil && p.Kind != site.SeriesPage {
		item.Series = p.Series.Page.Title
	}
	return item
}
