package main

import "testing"

// What maps say cannot move a terminal's cursor, nor turn its text around.
func TestPrintable(t *testing.T) {
	if got := printable("a\x1b[2J\nb\u202Ec\u2066d\u009be\tf"); got != "a\uFFFD[2J\nb\uFFFDc\uFFFDd\uFFFDe f" {
		t.Errorf("%q", got)
	}
}
