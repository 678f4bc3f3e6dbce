package check

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator/diag"
)

// host answers as hosts do, and counts how often it was asked, and whether it was asked for two things at once.
type host struct {
	mu    sync.Mutex
	asked map[string]int
	now   int
	most  int
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.asked[r.Method+" "+r.URL.Path]++
	n := h.asked[r.Method+" "+r.URL.Path]
	h.now++
	h.most = max(h.most, h.now)
	h.mu.Unlock()
	defer func() { h.mu.Lock(); h.now--; h.mu.Unlock() }()
	switch r.URL.Path {
	case "/good", "/moved-to":
	case "/gone":
		http.NotFound(w, r)
	case "/no-head":
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	case "/head-lies":
		if r.Method == http.MethodHead {
			http.NotFound(w, r)
		}
	case "/busy":
		if n < 2 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	case "/broken":
		w.WriteHeader(http.StatusInternalServerError)
	case "/people-only":
		w.WriteHeader(http.StatusForbidden)
	case "/moved":
		http.Redirect(w, r, "/moved-to", http.StatusMovedPermanently)
	case "/elsewhere-today":
		http.Redirect(w, r, "/moved-to", http.StatusFound)
	case "/circle":
		http.Redirect(w, r, "/circle", http.StatusMovedPermanently)
	case "/cut":
		panic(http.ErrAbortHandler)
	default:
		http.NotFound(w, r)
	}
}

// What is there is not told, however its host says so; what is not is, with the reason; and nobody is asked twice, or for two things at once.
func TestLinks(t *testing.T) {
	h := &host{asked: map[string]int{}}
	server := httptest.NewServer(h)
	defer server.Close()
	var links []Outside
	for i, p := range []string{"good", "good#place", "gone", "gone", "no-head", "head-lies", "busy", "broken", "people-only", "moved", "elsewhere-today", "circle", "cut", "private/x"} {
		links = append(links, Outside{server.URL + "/" + p, diag.Position{File: "content/a.md", Line: i + 1, Col: 1}})
	}
	links = append(links, Outside{"http://nobody.invalid/", diag.Position{File: "content/a.md", Line: 90}}, Outside{"http://", diag.Position{File: "content/a.md", Line: 91}})
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	e := External{Allow: []string{"*/private/*"}, Cache: filepath.Join(t.TempDir(), "a", "links.json"), Now: now, Agent: "test"}
	told := func() (all []string) {
		t.Helper()
		list, err := e.Links(t.Context(), links, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			all = append(all, fmt.Sprintf("%d %s %v %s", d.Pos.Line, d.Code, d.Advice, strings.ReplaceAll(d.Message, server.URL, "")))
		}
		return all
	}
	want := []string{
		"3 dead-link false /gone answers 404 Not Found", "4 dead-link false /gone answers 404 Not Found", "8 dead-link false /broken answers 500 Internal Server Error",
		"10 moved-link true /moved has moved for good to /moved-to", "12 dead-link false /circle: it leads around in a circle", "13 dead-link false /cut: EOF",
		"90 dead-link false http://nobody.invalid/: ",
	}
	got := told()
	if len(got) != len(want) || !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("%s\nand not\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if h.most != 1 || h.asked["HEAD /good"] != 1 || h.asked["GET /good"] != 0 || h.asked["HEAD /private/x"] != 0 || h.asked["GET /broken"] != tries {
		t.Errorf("%d at once; %v", h.most, h.asked)
	}
	clear(h.asked)
	if again := told(); !slices.Equal(again, got) || len(h.asked) > 0 {
		t.Errorf("answers that were kept are asked for again: %v, %v", again, h.asked)
	}
	e.Now = now.Add(2 * time.Hour)
	if told(); h.asked["HEAD /good"] > 0 || h.asked["HEAD /gone"] != 1 {
		t.Errorf("two hours later: %v", h.asked)
	}
	clear(h.asked)
	e.Now = now.Add(8 * 24 * time.Hour)
	if told(); h.asked["HEAD /good"] != 1 {
		t.Errorf("eight days later: %v", h.asked)
	}
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"https://a.b/c", "https://a.b/c", true},
		{"https://a.b/c", "https://a.b/cd", false},
		{"https://a.b/*", "https://a.b/c/d", true},
		{"*.b/*", "https://a.b/", true},
		{"*x*y", "1x2y", true},
		{"*x*y", "1y2x", false},
		{"*", "", true},
		{"", "a", false},
		{"a*a", "a", false},
	} {
		if got := matches(c.pattern, c.text); got != c.want {
			t.Errorf("%q stands for %q: %v", c.pattern, c.text, got)
		}
	}
}

// Colours are known in the forms in which people write them, and contrasts are those of WCAG.
func TestContrast(t *testing.T) {
	v := variables{"--a": {value: "#fff"}, "--b": {value: "light-dark(var(--a), black)"}, "--loop": {value: "var(--loop)"}}
	for _, c := range []struct {
		text, ground string
		s            scheme
		want         string
	}{
		{"black", "white", light, "21.0"},
		{"#777", "#fff", light, "4.5"},
		{"#767676", "var(--b)", light, "4.5"},
		{"rgb(118, 118, 118)", "var(--none, #FFFFFF)", dark, "4.5"},
		{"white", "var(--b)", dark, "21.0"},
		{"var(--loop)", "white", light, ""},
		{"rgb(0 0 0 / 50%)", "white", light, ""},
		{"#ffff", "white", light, ""},
		{"color-mix(in srgb, red, blue)", "white", light, ""},
		{"hotpink", "white", light, "2.6"},
	} {
		a, ok1 := v.colour(c.text, c.s, 0)
		b, ok2 := v.colour(c.ground, c.s, 0)
		got := ""
		if ok1 && ok2 {
			got = fmt.Sprintf("%.1f", contrast(a, b))
		}
		if got != c.want {
			t.Errorf("%s on %s: %s in place of %s", c.text, c.ground, got, c.want)
		}
	}
}

// Whatever is mended, only that is another one than before; and what is not where it was said to be stays.
func TestMendLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"a", "é", "ðŸ˜‚", "\r\n", "\n", "\uFEFF", "titel", " ", "\x00", "\xff", "\r"})
		data := strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "data"), "")
		var list diag.List
		for range rapid.IntRange(0, 6).Draw(t, "fixes") {
			list.Add(diag.Diagnostic{
				Pos: diag.Position{Line: rapid.IntRange(0, 9).Draw(t, "line"), Col: rapid.IntRange(0, 12).Draw(t, "col")},
				Fix: rapid.SampledFrom([]diag.Fix{{Old: "ðŸ˜‚", New: "😂"}, {Old: "titel", New: "title"}, {Old: "\r\n", New: "\n", Everywhere: true}}).Draw(t, "fix"),
			})
		}
		mended, n := Mend([]byte(data), list)
		undo := strings.NewReplacer("😂", "ðŸ˜‚", "title", "titel").Replace(string(mended))
		if strings.ReplaceAll(undo, "\r", "") != strings.ReplaceAll(data, "\r", "") {
			t.Fatalf("%q became %q", data, mended)
		}
		if (n == 0) != (string(mended) == data) || n > len(list) {
			t.Fatalf("%d were mended, and %q became %q", n, data, mended)
		}
	})
}

// FuzzStyles: no style sheet brings a check down.
func FuzzStyles(f *testing.F) {
	for _, s := range []string{"", "a { color: red; background: red }", ":root { --ink: #fff; --ink", "@media (x) { a { color: #1234567 } }", "} { ; : var(", "a { background: light-dark(" + strings.Repeat("(", 99), "\x00\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		Styles([]Style{{"a.css", []byte(s), true}, {"b.css", []byte(":root { --paper: #fff }"), false}})
	})
}
