package render

import (
	"cmp"

	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

func (v *viewer) course() *view.Course {
	front := v.page.Doc.Front
	c := &view.Course{
		Provider: front.Provider, Where: front.Where, Starts: v.date(front.Starts), Ends: v.date(front.Ends), Workload: front.Workload,
		Level: front.Level, Outcomes: front.Outcomes, Prerequisites: v.before(v.page), Resources: v.resources(v.page),
	}
	c.Actions = v.actions(v.page, c.Actions)
	total := 0
	for _, p := range v.page.Children {
		session, notes := minutes(p), 0
		c.Actions = v.actions(p, c.Actions)
		for _, note := range p.Children {
			notes += minutes(note)
			c.Actions = v.actions(note, c.Actions)
		}
		session = cmp.Or(session, notes) // a session that does not say takes what its notes take
		c.Sessions = append(c.Sessions, view.Session{Item: v.item(p), Duration: v.say().Minutes(session), Notes: v.items(p.Children)})
		total += session
	}
	c.Duration = v.say().Minutes(total)
	c.Calendar = v.to(v.page.URL+site.CalendarName, "")
	return c
}

func minutes(p *site.Page) int {
	if p.Doc == nil {
		return 0
	}
	return p.Doc.Front.Duration
}

func (v *viewer) actions(p *site.Page, list []view.Action) []view.Action {
	if p.Doc != nil {
		for _, a := range p.Doc.Front.Actions {
			list = append(list, view.Action{What: a.What, By: a.By, Done: a.Done, From: v.link(p)})
		}
	}
	return list
}

func (v *viewer) before(p *site.Page) []view.Link {
	var links []view.Link
	for _, q := range p.Before {
		links = append(links, v.link(q))
	}
	for _, text := range p.BeforeText {
		links = append(links, view.Link{Title: text})
	}
	return links
}

func (v *viewer) resources(p *site.Page) []view.Link {
	var links []view.Link
	for i, r := range p.Doc.Front.Resources {
		links = append(links, view.Link{Title: cmp.Or(r.Title, r.URL), URL: v.href(p.Resources[i]), Note: r.Note})
	}
	return links
}

func (v *viewer) lesson() *view.Lesson {
	if v.page.Doc == nil {
		return &view.Lesson{Notes: v.items(v.page.Children)}
	}
	front := v.page.Doc.Front
	l := &view.Lesson{
		Duration: v.say().Minutes(front.Duration), Objectives: front.Objectives, KeyPoints: front.KeyPoints,
		Questions: front.Question, Actions: v.actions(v.page, nil), Resources: v.resources(v.page),
		Prerequisites: v.before(v.page), Notes: v.items(v.page.Children),
	}
	for _, on := range v.page.RevisitOn() {
		l.Revisit = append(l.Revisit, v.date(on))
	}
	return l
}
