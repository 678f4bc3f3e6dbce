package edition

import (
	"strconv"
	"time"

	"waymark/generator/internal/calendar"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
)

// calendar writes a course's calendar file: its sessions, and the days to look at something again.
func (e *Edition) calendar(course *site.Page) []byte {
	var events []calendar.Event
	for _, p := range pagesOf(e.Site, course) {
		if p.Kind == site.Session && p.Date.Precision >= dates.Day {
			events = append(events, e.event(p, p.Title, "", p.Date))
		}
		for i, on := range p.RevisitOn() {
			events = append(events, e.event(p, e.Site.Config.Words.Site().Say("course.again", "title", p.Title), "#"+strconv.Itoa(i+1), on))
		}
	}
	return calendar.Write(course.Title, e.latest(), events)
}

// event is a whole day, or, for a session with a time of day, as long as it takes.
func (e *Edition) event(p *site.Page, title, again string, on dates.Date) calendar.Event {
	c := calendar.Event{ID: p.ID + again + "@" + slug.Make(e.Site.Config.Title), Title: title, Description: p.Description, Start: on.Time}
	if e.Site.Config.BaseURL != "" {
		c.URL = render.Absolute(e.Site.Config.BaseURL, p.URL)
	}
	if on.Precision == dates.Minute && again == "" {
		c.Length = time.Duration(max(p.Doc.Front.Duration, 60)) * time.Minute
	}
	return c
}
