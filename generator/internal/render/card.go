package render

import (
	"cmp"
	"net/url"

	"waymark/generator/internal/card"
	"waymark/generator/internal/config"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/site"
	"waymark/generator/internal/storymap"
	"waymark/generator/internal/words"
)

// Card returns what stands on a page's card.
func (r *Renderer) Card(p *site.Page) card.Card {
	c := r.site.Config
	say := c.Words.Site()
	out := card.Card{Title: p.Title, Kind: kindWord(say, p), Site: c.Title, Accent: cmp.Or(c.Look.Light, config.Accent), RightToLeft: c.Direction == "rtl"}
	if p.Language() != "" {
		out.RightToLeft = words.LanguageDirection(p.Language()) == "rtl"
	}
	if p.Phase != nil {
		out.Phase = p.Phase.Name
	}
	switch {
	case p.Kind == site.Home:
		out.Title, out.Site = c.Title, c.BaseURL
		if u, err := url.Parse(c.BaseURL); err == nil {
			out.Site = u.Host
		}
	case p.Map != nil:
		out.RightToLeft = c.Direction == "rtl" // as the map is drawn
		if m := p.Map; m.Impact != nil && len(m.Impact.Goals) > 0 {
			out.Map = m.Impact.Pen(Style(r.site), impactmap.BoxWidths()[0]).Small()
		} else if m.Story != nil && len(m.Story.Activities) > 0 {
			out.Map = m.Story.Pen(Style(r.site), storymap.StepWidths()[0]).Small()
		}
	}
	return out
}

// kindWord says what a page is, where that says more than its title.
func kindWord(say *words.Words, p *site.Page) string {
	switch p.Kind {
	case site.Post:
		return say.Say("script.search.kind.post")
	case site.Course:
		return say.Say("script.search.kind.course")
	case site.Session, site.Note:
		return say.Say("script.search.kind.lesson")
	case site.SeriesPage:
		return say.Say("script.search.kind.series")
	case site.GoalPage:
		return say.Say("goal.kind")
	case site.MapPage:
		return say.Say("map." + p.Map.ShortKind() + ".title")
	}
	return ""
}

// cardURL returns the whole address of a page's card, or "". It changes with the card, because other places keep what they fetched.
func (v *viewer) cardURL() string {
	name := v.site.CardOf(v.page)
	if name == "" {
		return ""
	}
	return v.absolute("/"+name) + "?" + v.site.Cards.Digest(v.Card(v.page))
}
