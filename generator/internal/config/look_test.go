package config

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever accent a site has, what is written of it can be read; and one that can be read stays as it is.
func TestNearestReadableColour(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := colour{float64(rapid.IntRange(0, 255).Draw(t, "red")), float64(rapid.IntRange(0, 255).Draw(t, "green")), float64(rapid.IntRange(0, 255).Draw(t, "blue"))}
		for _, dark := range []bool{false, true} {
			near := c.nearest(dark)
			if !near.readable(dark) || c.readable(dark) && near != c {
				t.Fatalf("dark %v: the nearest to %s is %s", dark, c, near)
			}
		}
	})
	black, white := colour{}, colour{255, 255, 255}
	if got := black.contrast(white); got < 20.99 || got > 21.01 {
		t.Errorf("black and white have a contrast of %v", got)
	}
}

// The look is a style sheet that changes what it was asked to, and nothing else.
func TestLook(t *testing.T) {
	for want, l := range map[string]Look{
		"": {}, "--accent: light-dark(#22634a, #7fc9a4)": {Light: "#22634a", Dark: "#7fc9a4"},
		"--font: system-ui": {Font: SystemFont}, `src: url("../fonts/own.woff2")`: {Font: "fonts/own.woff2"},
	} {
		if css := l.CSS(); !strings.Contains(css, want) || want == "" && css != "" {
			t.Errorf("%+v: %q", l, css)
		}
	}
}
