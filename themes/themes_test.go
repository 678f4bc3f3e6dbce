package themes

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var pairForm = regexp.MustCompile(`(--[\w-]+|\.h[a-z]) ?(?::|\{ color:) ?light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)

// colours reads every colour of the theme trail: its light and its dark value.
func colours(t *testing.T) map[string][2]string {
	t.Helper()
	out := map[string][2]string{}
	for _, name := range []string{"assets/css/base.css", "assets/css/text.css"} {
		data, err := fs.ReadFile(FS("trail"), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range pairForm.FindAllStringSubmatch(string(data), -1) {
			out[g[1]] = [2]string{g[2], g[3]}
		}
	}
	return out
}

// Text can be read on whatever it stands on: a contrast of at least 4.5 (WCAG 2.2, 1.4.3). Edges that carry meaning
// have at least 3 (1.4.11).
func TestContrast(t *testing.T) {
	all := colours(t)
	need := func(front, back string, least float64) {
		f, b := all[front], all[back]
		if f[0] == "" || b[0] == "" {
			t.Errorf("there is no colour %s or %s", front, back)
			return
		}
		for i, scheme := range []string{"light", "dark"} {
			if c := contrast(t, f[i], b[i]); c < least {
				t.Errorf("%s on %s in %s: %.2f, want %.1f", front, back, scheme, c, least)
			}
		}
	}
	for _, text := range []string{"--ink", "--soft", "--accent", "--shape-1", "--shape-2", "--shape-3", "--shape-4", "--shape-5"} {
		need(text, "--paper", 4.5)
		need(text, "--raise", 4.5)
	}
	need("--ink", "--accent-soft", 4.5)
	need("--soft", "--code", 4.5)
	need("--edge", "--paper", 3)
	need("--edge", "--raise", 3)
	tokens := 0
	for name := range all {
		if strings.HasPrefix(name, ".h") {
			tokens++
			need(name, "--code", 4.5)
			need(name, "--accent-soft", 4.5) // on a marked line
		}
	}
	if tokens != 8 {
		t.Errorf("code has %d colours, and the program writes 8", tokens)
	}
}

// contrast is WCAG's contrast ratio.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		total += weight * c
	}
	return total
}

func TestFS(t *testing.T) {
	if FS("trail") == nil || FS("nothing") != nil || FS("../themes") != nil {
		t.Error("the wrong themes are there")
	}
	if names := Names(); len(names) != 1 || names[0] != "trail" {
		t.Errorf("%v", names)
	}
}
