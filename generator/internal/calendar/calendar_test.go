package calendar

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Whole days stay the days they are in the writer's time zone; an event with a length has its moments.
func TestWrite(t *testing.T) {
	east := time.FixedZone("", 13*3600)
	data := Write("Notes, and more", time.Unix(0, 0).UTC(), []Event{
		{ID: "a", Title: "Day one; again", Start: time.Date(2025, 9, 30, 0, 0, 0, 0, east), URL: "https://example.org/"},
		{ID: "b", Title: "Morning", Start: time.Date(2025, 10, 1, 9, 30, 0, 0, time.UTC), Length: 90 * time.Minute},
	})
	for _, want := range []string{
		"UID:a\r\n", "DTSTART;VALUE=DATE:20250930\r\n", "DTEND;VALUE=DATE:20251001\r\n", `SUMMARY:Day one\; again`,
		"DTSTART:20251001T093000Z\r\n", "DTEND:20251001T110000Z\r\n", "DTSTAMP:19700101T000000Z\r\n",
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %q in\n%s", want, data)
		}
	}
	if data := string(Write("a\rb\x07", time.Unix(0, 0).UTC(), []Event{{ID: "c", Title: "Bell\x07\x1b[2J", Description: "one\r\ntwo\rthree\x00"}})); strings.ContainsAny(strings.ReplaceAll(data, "\r\n", ""), "\r\n\x00\x07\x1b") {
		t.Errorf("control signs in %q", data)
	}
	c, err := ics.ParseCalendar(strings.NewReader(string(data)))
	if err != nil || len(c.Events()) != 2 {
		t.Errorf("read back: %v", err)
	}
}
