package impactmap

import (
	"strings"
	"testing"
)

// goalWith reads a map of one goal that has these details.
func goalWith(t *testing.T, details ...string) (*Card, []string) {
	t.Helper()
	lines := []string{"- Fewer calls"}
	for _, d := range details {
		lines = append(lines, "  "+d)
	}
	m, list := read(strings.Join(lines, "\n"))
	var said []string
	for _, d := range list {
		if !strings.Contains(d.Message, "has no") {
			said = append(said, d.Message)
		}
	}
	return m.Goals[0], said
}

func TestAMeasureMayBeReadAgainAndAgain(t *testing.T) {
	for name, test := range map[string]struct {
		details []string
		now     string
		dates   string
		said    string
	}{
		"in order":          {[]string{"metric: calls", "baseline: 40", "target: 10", "now: 36 (June 2026)", "now: 31 (July 2026)"}, "31 (July 2026)", "2026-06 2026-07", ""},
		"the newest first":  {[]string{"metric: calls", "now: 31 (2026-07-06)", "now: 36 (1 June 2026)"}, "31 (2026-07-06)", "2026-06-01 2026-07-06", ""},
		"one alone":         {[]string{"metric: calls", "now: 36"}, "36", "", ""},
		"one with a remark": {[]string{"metric: calls", "now: 36 (guessed)"}, "36 (guessed)", "", ""},
		"one without a day": {[]string{"metric: calls", "now: 36 (June 2026)", "now: 31"}, "31", "2026-06", "one of several values does not say when it was read"},
		"no day":            {[]string{"metric: calls", "now: 36 (June 2026)", "now: 31 (soon after)"}, "31 (soon after)", "2026-06", `it is not clear when this was read: "soon after" is not a date`},
		"two readings":      {[]string{"metric: calls", "now: 36 (June 2026)", "now: 31 (02/07/2026)"}, "31 (02/07/2026)", "2026-06", `it is not clear when this was read: "02/07/2026" has two readings: 2 July 2026, or 7 February 2026`},
	} {
		c, said := goalWith(t, test.details...)
		var dates []string
		for _, r := range c.Readings {
			dates = append(dates, r.Date.ISO())
		}
		if c.Measure.Now != test.now || strings.Join(dates, " ") != test.dates || strings.Join(said, "; ") != test.said {
			t.Errorf("%s: now %q, read %v, said %q", name, c.Measure.Now, dates, said)
		}
	}
	if _, said := goalWith(t, "metric: calls", "metric: letters"); len(said) != 1 || !strings.Contains(said[0], `second "metric"`) {
		t.Errorf("of a second metric is said %q", said)
	}
}

func TestTheCourseOfAMeasure(t *testing.T) {
	c, _ := goalWith(t, "metric: calls", "baseline: 40", "target: 10", "now: 31 (July 2026)", "now: few (May 2026)", "now: 36 (June 2026)", "now: 5% (August 2026)")
	points, from, to := c.Course()
	if len(points) != 2 || points[0].Amount != 36 || points[1].Amount != 31 || *from != 40 || *to != 10 {
		t.Errorf("the course is %+v, from %v to %v", points, from, to)
	}
	c, _ = goalWith(t, "metric: calls", "baseline: 40 (May 2026)", "target: 10", "now: 31 (July 2026)")
	if points, _, _ := c.Course(); len(points) != 2 || points[0].Amount != 40 {
		t.Errorf("a baseline with a day begins the course: %+v", points)
	}
	c, _ = goalWith(t, "metric: calls", "baseline: 40", "target: 10", "now: **31** (July 2026)")
	if share, known := c.Measure.Progress(); !known || share != .3 || c.Readings[0].Value != "31" {
		t.Errorf("marks keep a number from being read: %v %v %+v", share, known, c.Readings)
	}
	c, _ = goalWith(t, "metric: calls", "baseline: some", "target: 10%", "now: 31 (July 2026)", "now: 36 (June 2026)")
	if points, from, to := c.Course(); len(points) != 2 || from != nil || to != nil {
		t.Errorf("the course is %+v, from %v to %v", points, from, to)
	}
}
