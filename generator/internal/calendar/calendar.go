// Package calendar writes calendar files, as RFC 5545 describes them.
package calendar

import (
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// Event is something at a time. An event with a Length begins at the moment Start; one without takes the whole day on
// which Start falls in its own time zone. ID must name it for ever; URL and Description may be empty.
type Event struct {
	ID, Title, Description, URL string
	Start                       time.Time
	Length                      time.Duration
}

// clean leaves out the control signs that a calendar file may not hold (RFC 5545, section 3.1); the end of a line stays one.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "\r", "\n"))
}

// Write returns a calendar file. stamp says when the calendar was made: an input, so that the same events always give
// the same bytes.
func Write(title string, stamp time.Time, events []Event) []byte {
	c := ics.NewCalendarFor("Waymark")
	c.SetMethod(ics.MethodPublish)
	c.SetName(clean(title))
	for _, e := range events {
		v := c.AddEvent(e.ID)
		v.SetDtStampTime(stamp)
		v.SetSummary(clean(e.Title))
		if e.Description != "" {
			v.SetDescription(clean(e.Description))
		}
		if e.URL != "" {
			v.SetURL(e.URL)
		}
		if e.Length > 0 {
			v.SetStartAt(e.Start)
			v.SetEndAt(e.Start.Add(e.Length))
			continue
		}
		// The day is what the calendar on its wall says, wherever it hangs.
		day := time.Date(e.Start.Year(), e.Start.Month(), e.Start.Day(), 0, 0, 0, 0, time.UTC)
		v.SetAllDayStartAt(day)
		v.SetAllDayEndAt(day.AddDate(0, 0, 1))
	}
	return []byte(c.Serialize(ics.WithNewLineWindows)) // which is what the RFC asks for, on every system
}
