package generator

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"
)

// Each part of the corpus is a page, and beside each slip stands what is said of it: its column, and the message. One
// slip gives one message, and what is not marked gives none.
func TestSlips(t *testing.T) {
	files, err := filepath.Glob("testdata/slips/*.txtar")
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.Files {
			t.Run(filepath.Base(file)+"/"+part.Name, func(t *testing.T) {
				text, want := marked(string(part.Data))
				if got := messages(t, text); got != want {
					t.Errorf("%s\ngot\n%swant\n%s", text, got, want)
				}
				if got := messages(t, strings.ReplaceAll(text, "\n", "\r\n")); got != want {
					t.Errorf("with the line endings of Windows: got\n%swant\n%s", got, want)
				}
			})
		}
	}
}

// marked splits a page from what is said of it.
func marked(text string) (page, want string) {
	var p, w strings.Builder
	n := 0
	for line := range strings.Lines(text) {
		n++
		plain, said, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  <<< ")
		p.WriteString(plain + "\n")
		if found {
			col, message, _ := strings.Cut(said, " ")
			fmt.Fprintf(&w, "%d:%s %s\n", n, col, message)
		}
	}
	return p.String(), w.String()
}

// messages builds a site of one page, and returns what is said of it.
func messages(t *testing.T, text string) string {
	t.Helper()
	report := buildFiles(t, map[string]string{"content/x.md": text})
	var b strings.Builder
	for _, d := range report.Diagnostics {
		hint := ""
		if d.Hint != "" {
			hint = " (" + d.Hint + ")"
		}
		fmt.Fprintf(&b, "%d:%d %s: %s%s\n", d.Pos.Line, d.Pos.Col, d.Severity, d.Message, hint)
	}
	if report.Written == report.Diagnostics.HasErrors() {
		t.Errorf("written: %v, with these messages:\n%s", report.Written, b.String())
	}
	return b.String()
}

func buildFiles(t *testing.T, files map[string]string) Report {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	report, err := Build(context.Background(), Config{Dir: dir, Clock: time.Unix(1767225600, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// A reference into a page with errors, or into one that is held back, is not a mistake of its own.
func TestReferencesToPagesThatAreNotThere(t *testing.T) {
	story := "```story-map card\nimpact-map: goal\n- Apply [-> form]\n  - Form\n    - Phone\n```\n"
	impact := "```impact-map goal\n- More\n  metric: families\n  - Parents\n    - Apply\n      - Form\n%s```\n"
	for _, c := range []struct{ name, page, want string }{
		{"with errors", fmt.Sprintf(impact, "titel: x\n"), `content/b.md error: "titel" is not a detail of an option`},
		{"held back", "---\ndraft: true\n---\n" + fmt.Sprintf(impact, ""), `content/a.md warning: the impact map "goal" stands on a page that is held back (draft)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			report := buildFiles(t, map[string]string{"content/a.md": story, "content/b.md": c.page})
			if len(report.Diagnostics) != 1 {
				t.Fatal(report.Diagnostics)
			}
			d := report.Diagnostics[0]
			if got := fmt.Sprintf("%s %s: %s", d.Pos.File, d.Severity, d.Message); !strings.HasPrefix(got, c.want[:30]) {
				t.Errorf("%s", got)
			}
		})
	}
}

// A preview publishes a map with errors, with the errors beside it; a build does not.
func TestPreviewShowsErrorsBesideTheMap(t *testing.T) {
	dir := t.TempDir()
	page := "# Plan\n\n```story-map a\ntitel: x\n- Find out\n  - Hear\n    - Leaflet\n```\n"
	if err := os.MkdirAll(filepath.Join(dir, "content"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content", "plan.md"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	config := Config{Dir: dir, Clock: time.Unix(1767225600, 0)}
	report, err := Build(context.Background(), config)
	if err != nil || report.Written {
		t.Fatal(report, err)
	}
	config.Preview = true
	report, err = Build(context.Background(), config)
	if err != nil || !report.Written || !report.Diagnostics.HasErrors() {
		t.Fatal(report, err)
	}
	html, err := os.ReadFile(filepath.Join(dir, "public", "plan", "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"content/plan.md:4:1", "is not something a story map starts with", "Leaflet"} {
		if !strings.Contains(string(html), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Large, deep and strange maps are read, or refused in a line, in little time and space.
func TestStrangeMaps(t *testing.T) {
	var many, deep strings.Builder
	many.WriteString("```story-map many\nslice: Now\n")
	for i := range 20 {
		fmt.Fprintf(&many, "- Activity %d\n  - Step %d\n", i, i)
		for j := range 98 {
			fmt.Fprintf(&many, "    - Story %d of %d [Now, #s-%d-%d]\n", j, i, i, j)
		}
	}
	many.WriteString("```\n")
	deep.WriteString("```story-map deep\n")
	for i := range 40 {
		deep.WriteString(strings.Repeat("  ", i) + "- Level\n")
	}
	deep.WriteString("```\n")
	script := `<script>alert(1)</script>`
	for name, c := range map[string]struct {
		text string
		want string // one message at most
	}{
		"two thousand cards":              {many.String(), ""},
		"cards of ten thousand signs":     {"```story-map a\n- " + strings.Repeat("long ", 2000) + "\n  - " + strings.Repeat("x", 10000) + "\n    - " + strings.Repeat("長", 10000) + "\n```\n", ""},
		"forty levels":                    {deep.String(), "a story map has three levels: activity, step, story"},
		"right to left, emoji and Hanzi":  {"```story-map a\n- أعرف عنها\n  - 申请补助\n    - 👩🏽‍🚀 pays 🎉\n```\n", ""},
		"only emoji":                      {"```story-map a\n- 🎉\n  - 🎉\n    - 🎉\n```\n", ""},
		"scripts in every field":          {"```story-map a\ntitle: " + script + "\npersona: " + script + " - " + script + "\nslice: " + script + " - " + script + "\n- " + script + "\n  note: " + script + "\n  - " + script + "\n    - " + script + " [" + script + ", size: " + script + "]\n      owner: " + script + "\n```\n", ""},
		"scripts in an impact map":        {"```impact-map a\ntitle: " + script + "\n- " + script + "\n  metric: " + script + "\n  baseline: " + script + "\n  target: " + script + "\n  - " + script + "\n    - " + script + "\n      - " + script + "\n        assumption: " + script + "\n```\n", ""},
		"marks that are never closed":     {"```story-map a\n- " + strings.Repeat("*", 20000) + "\n  - " + strings.Repeat("`a", 10000) + "\n    - " + strings.Repeat("_a ", 10000) + "\n```\n", ""},
		"brackets":                        {"```story-map a\n- a\n  - b\n    - c " + strings.Repeat("[", 20000) + "\n```\n", "this note has no closing bracket"},
		"a note of twenty thousand words": {"```story-map a\n- a\n  - b\n    - c [" + strings.Repeat("done,doing,", 10000) + "]\n```\n", "a story has one status, and this one two: \"done\" and \"doing\""},
	} {
		t.Run(name, func(t *testing.T) {
			report := buildFiles(t, map[string]string{"content/x.md": c.text})
			var said []string
			for _, d := range report.Diagnostics {
				said = append(said, d.Message)
			}
			if len(said) > 1 || strings.Join(said, "") != c.want {
				t.Fatalf("%d messages, beginning %q", len(said), said[:min(len(said), 3)])
			}
			size := 0
			err := filepath.WalkDir(report.Output, func(path string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() || strings.Contains(path, "assets") {
					return err
				}
				data, err := os.ReadFile(path)
				size += len(data)
				if ext := filepath.Ext(path); ext == ".html" && runs(t, data) || ext == ".svg" && strings.Contains(string(data), script) {
					t.Errorf("%s holds the script", path)
				}
				return err
			})
			if report.Written && (err != nil || size > 100*len(c.text)+300_000) {
				t.Errorf("%d bytes of text became %d: %v", len(c.text), size, err)
			}
		})
	}
}

// runs reports whether a page has a script of the author's.
func runs(t *testing.T, page []byte) bool {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data == "script" && n.FirstChild != nil && strings.HasPrefix(n.FirstChild.Data, "alert") {
			return true
		}
	}
	return false
}

// A card can be named by the address of its map, by the file that holds it, and by the front matter; each way makes the
// page evidence for the card. An id stands once in a page, whatever its headings are called.
func TestCardsAreNamedFromElsewhere(t *testing.T) {
	report := buildFiles(t, map[string]string{
		"content/plan.md": "# The plan\n\n## What first\n\n```story-map what-first\nslice: Now - it works\n- Find out\n  - Hear\n    - Leaflet [#leaflet, Now]\n    - Text [Now]\n```\n\n```story-map\nembed: what-first/hear\n```\n",
		"content/a.md":    "# By address\n\n[x](/maps/what-first/#leaflet)\n",
		"content/b.md":    "# By file\n\n[x](plan.md#what-first/leaflet) and [the map](plan.md#what-first)\n",
		"content/c.md":    "# By its name alone\n\n[x](plan.md#leaflet) and [the slice](plan.md#now)\n",
		"content/d.md":    "---\nmaps: what-first/leaflet\n---\n# By front matter\n",
	})
	if len(report.Diagnostics) > 0 {
		t.Fatal(report.Diagnostics)
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(report.Output, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	own := read("maps/what-first/index.html")
	for _, want := range []string{">By address</a>", ">By file</a>", ">By its name alone</a>", ">By front matter</a>"} {
		if strings.Count(own, want) < 1 {
			t.Errorf("the card's page lacks %s", want)
		}
	}
	for page, want := range map[string]string{
		"a/index.html": `href="../maps/what-first/#leaflet"`, "b/index.html": `href="../plan/#what-first/leaflet"`, "c/index.html": `href="../plan/#what-first/now"`,
	} {
		if !strings.Contains(read(page), want) {
			t.Errorf("%s lacks %s", page, want)
		}
	}
	seen := map[string]bool{}
	root, err := html.Parse(strings.NewReader(read("plan/index.html")))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "id" && seen[a.Val] {
				t.Errorf("the id %q stands twice", a.Val)
			}
			seen[a.Val] = seen[a.Val] || a.Key == "id"
		}
	}
	if !seen["what-first"] || !seen["what-first/"] || !seen["what-first/leaflet"] {
		t.Errorf("the heading, the map and its card have these places: %v", seen)
	}
}

// A feed carries a map as its table, with whole addresses, also for its links.
func TestMapsInFeeds(t *testing.T) {
	report := buildFiles(t, map[string]string{
		"waymark.yaml":       "base_url: https://example.org/\n",
		"content/posts/a.md": "---\ndate: 2025-01-01\n---\n# Post\n\n```story-map wall\n- Find out\n  - Hear\n    - See [the guide](b.md)\n```\n",
		"content/posts/b.md": "---\ndate: 2025-01-02\n---\n# Guide\n",
	})
	data, err := os.ReadFile(filepath.Join(report.Output, "feed.json"))
	if err != nil || len(report.Diagnostics) > 0 {
		t.Fatal(err, report.Diagnostics)
	}
	for _, want := range []string{`https://example.org/maps/wall/\">Post`, `https://example.org/posts/b/\">the guide`, `scope=\"colgroup\"`} {
		if !strings.Contains(string(data), want) && !strings.Contains(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(data)), want) {
			t.Errorf("the feed lacks %s", want)
		}
	}
}
