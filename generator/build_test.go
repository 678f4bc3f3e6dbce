package generator

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/generator/diag"
)

// A file that somebody removes while the site is built is left out and named; all else is built.
func TestFilesThatGoAwayDuringABuild(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"content/a.md": "# A\n", "static/zz/late.txt": "late", "static/zz/stays.txt": "stays"} {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := Config{Dir: dir, Clock: time.Unix(1767225600, 0)}
	c.Progress = func(done, _ int) {
		if done == 1 { // of the files that are made in the order of their paths
			_ = os.Remove(filepath.Join(dir, "static", "zz", "late.txt"))
		}
	}
	report, err := Build(context.Background(), c)
	if err != nil || !report.Written {
		t.Fatalf("%+v, %v", report, err)
	}
	if len(report.Diagnostics) != 1 || report.Diagnostics[0].Code != "went-away" || report.Diagnostics[0].Pos.File != "static/zz/late.txt" || report.Diagnostics[0].Severity != diag.Warning {
		t.Errorf("%+v", report.Diagnostics)
	}
	if _, err := os.Stat(filepath.Join(report.Output, "zz", "late.txt")); !os.IsNotExist(err) {
		t.Errorf("what went away is there: %v", err)
	}
	if data, err := os.ReadFile(filepath.Join(report.Output, "zz", "stays.txt")); err != nil || string(data) != "stays" {
		t.Errorf("%q, %v", data, err)
	}
}

// What an author types has bounds wherever two numbers would multiply, and a message at its place says so.
func TestBounds(t *testing.T) {
	lines := func(n int, line string) string { return strings.Repeat(line, n) }
	long := strings.Repeat("long ", 60)
	for name, c := range map[string]struct{ text, want string }{
		"tags":              {"---\ntags:\n" + lines(101, "  - a\n") + "---\n", `content/a.md:3:3: "tags" has 101 entries, and at most 100 are read`},
		"aliases":           {"---\naliases:\n" + lines(1001, "  - /a\n") + "---\n", `content/a.md:3:3: "aliases" has 1001 entries, and at most 1000 are read`},
		"headings":          {lines(5_002, "# a\n\n"), "content/a.md:10003:1: this page has more than 5000 headings"},
		"footnotes":         {lines(2_001, "[^a]: b\n\n"), "content/a.md:4001:1: footnotes: 2001, and at most 2000 are read"},
		"signs":             {lines(40_001, "a: b, c. d;\n"), "content/a.md:40001:1: signs that may be marks, and lines: 200005, and at most 200000 are read"},
		"a long card":       {"```impact-map m\n- " + strings.Repeat("a ", 17_000) + "\n```\n", "content/a.md:2:1: this card says more than 32000 bytes"},
		"cards":             {"```impact-map m\ntitle: M\n- G\n" + lines(2_000, "  - A\n") + "```\n", "content/a.md:2003:3: this map has more than 2000 cards"},
		"bytes of maps":     {"```impact-map m\n- " + lines(140_000, "a ") + "\n```\n", "content/a.md:1:1: the maps of this page have 280002 bytes, and at most 131072 are read"},
		"embeds":            {"```impact-map m\n- G\n" + lines(900, "  - A\n") + "```\n" + lines(3, "```impact-map\nembed: m\n```\n"), "content/a.md:911:8: the maps that this page embeds have more than 2000 cards, beginning with this one"},
		"a long tag":        {"---\ntags: [\"" + long + "\"]\n---\n", `content/a.md:2:7: the tag "long long long long long long long long ..." is too long to stand in an address`},
		"a long author":     {"---\nauthor: " + long + "\n---\n", `content/a.md:2:9: the author "long long long long long long long long ..." is too long to stand in an address`},
		"a long series":     {"---\nseries: " + long + "\n---\n", `content/a.md:2:9: the series "long long long long long long long long ..." is too long to stand in an address`},
		"a hidden alias":    {"---\naliases: /.git/config\n---\n", `content/a.md:2:10: "/.git/config" is not an address of this site, and is left out`},
		"an alias of signs": {"---\naliases: \"/a\\u0007b\"\n---\n", `content/a.md:2:10: "/a\ab" is not an address of this site, and is left out`},
	} {
		var errs []string
		for _, d := range buildFiles(t, map[string]string{"content/a.md": c.text}).Diagnostics {
			if d.Severity == diag.Error || d.Code == "alias" {
				errs = append(errs, d.Pos.String()+": "+d.Message)
			}
		}
		if len(errs) != 1 || errs[0] != c.want {
			t.Errorf("%s: %q, want %q", name, errs, c.want)
		}
	}
	deep := buildFiles(t, map[string]string{"content/" + strings.Repeat("a/", 22) + "a.md": "a\n"}).Diagnostics
	if len(deep) != 1 || deep[0].Message != "folders are nested deeper than 20 levels" {
		t.Errorf("%+v", deep)
	}
	// At the bound, all is well.
	if report := buildFiles(t, map[string]string{"content/a.md": "```impact-map m\n- G\n" + lines(1_000, "  - A\n") + "```\n\n" + lines(1_000, "# a\n\n")}); !report.Written {
		t.Errorf("%+v", report.Diagnostics[:min(3, len(report.Diagnostics))])
	}
}

// A name of nothing but space is a name: a file and a folder of that name are told apart before anything is written.
func TestNamesOfSpace(t *testing.T) {
	report := buildFiles(t, map[string]string{"content/a.md": "a\n", "content/ ": "a file", "static/ /b.txt": "in a folder"})
	if report.Written || len(report.Diagnostics) != 1 || report.Diagnostics[0].Code != "same-address" {
		t.Errorf("%+v", report.Diagnostics)
	}
}
