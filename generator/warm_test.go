package generator

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/generator/diag"
)

// scripts is how many sequences of edits TestWarmEqualsCold tries. make torture tries a thousand.
var scripts = flag.Int("warm", 10, "how many scripts of edits to build with and without what was kept")

// author edits a site at random.
type author struct {
	*rand.Rand
	dir   string
	steps []string // what was done, for who reads of a difference
}

func (w *author) did(format string, args ...any) {
	w.steps = append(w.steps, fmt.Sprintf(format, args...))
}

func (w *author) write(t *testing.T, name, text string) {
	t.Helper()
	full := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (w *author) one(of ...string) string { return of[w.IntN(len(of))] }

// post is a text with some of everything, in a few variants.
func (w *author) post() string {
	header := fmt.Sprintf("title: %s\ndate: 2026-%02d-0%d%s\n", w.one("A wall", "A map", "The \"third\" way", "Ein Plan", "خارطة"), 1+w.IntN(12), 1+w.IntN(9), w.one("", "", " 00:30"))
	header += w.one("tags: [maps]\n", "tags:\n  - maps\n  - Team work\n", "tags: casual, maps\n", "")
	header += w.one("", "", "series: road\n", "draft: true\n", "phase: alpha\n", "author: Rosa\n", "description: In one sentence.\n", "aliases: [/old/]\n", "x: {y: [1, 2]}\n", "lang: cy\n", "expires: 2026-06-01\n")
	text := w.one("Words that are read.\n", "Other words.\n\n## A part\n\nMore.\n\n## Another\n\nMore.\n\n## A third\n\nEnd.\n", "A [link](/posts/p2/) and [[p1]].\n", "![A picture](dot.svg)\n", "See [Term].\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
	text += w.one("", "", "\n```go\nfunc x() {}\n```\n", "\n```impact-map goal\ntitle: More\n- More\n  - Parents\n    - Apply\n      - Form [alpha]\n```\n",
		"\n```quiz\n? What is it?\n- [x] A map\n- [ ] A list\nwhy: It is drawn.\n```\n", "\n```recall\nWhat :: That\n```\n", "\n[^1]\n\n[^1]: A note.\n", "\n> [!NOTE]\n> Mind.\n", "\n<b>Raw</b> and <i>more</i>.\n", "\n```checklist\n- [ ] Look\n```\n")
	return "---\n" + header + "---\n\n" + text
}

// edit does one of many things to the site, or to what was kept of it.
func (w *author) edit(t *testing.T, cache string) {
	t.Helper()
	post := fmt.Sprintf("content/posts/p%d.md", w.IntN(6))
	switch w.IntN(20) {
	case 0, 1, 2:
		w.did("write %s", post)
		w.write(t, post, w.post())
	case 3, 4, 5:
		full := filepath.Join(w.dir, filepath.FromSlash(post))
		if data, err := os.ReadFile(full); err == nil {
			w.did("add words to %s", post)
			w.write(t, post, string(data)+w.one("\nA sentence more.\n", "\nAnother one.\n"))
		}
	case 6:
		w.did("remove %s", post)
		_ = os.Remove(filepath.Join(w.dir, filepath.FromSlash(post)))
	case 7:
		to := fmt.Sprintf("content/posts/p%d.md", w.IntN(6))
		w.did("rename %s to %s", post, to)
		_ = os.Rename(filepath.Join(w.dir, filepath.FromSlash(post)), filepath.Join(w.dir, filepath.FromSlash(to)))
	case 8:
		w.did("write waymark.yaml")
		w.write(t, "waymark.yaml", w.one("title: One\n", "title: Two\npage_size: 2\n", "base_url: https://example.org/x/\n", "language: cy\n", "language: de\n", "tags: spaces\n", "feeds: {lists: whole}\n", "raw_html: false\ntime_zone: Europe/London\n", "titel: x\n", "menu: [posts/p1.md]\n"))
	case 9:
		w.did("write a layout")
		w.write(t, "layouts/partials/footer.html", `{{define "footer"}}<footer>`+w.one("{{.Site.Title}}", "{{.Page.Title}}", "x", "{{.No}}", `{{say "frame.menu"}}`)+`</footer>{{end}}`)
	case 10:
		w.did("remove the site's layouts and assets")
		_ = os.RemoveAll(filepath.Join(w.dir, "layouts"))
		_ = os.RemoveAll(filepath.Join(w.dir, "assets"))
	case 11:
		w.did("write words")
		w.write(t, "i18n/en.yaml", w.one("frame.menu: Menü\n", "frame.menu: More\nlist.more: And\n"))
	case 12:
		w.did("write a style sheet")
		w.write(t, "assets/css/main.css", w.one("body { margin: 0 }\n", "body { margin: 1px }\n"))
	case 13:
		w.did("write a file")
		w.write(t, w.one("content/posts/dot.svg", "static/x.txt", "content/notes/a.txt"), w.one("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "x"))
	case 14:
		w.did("write the glossary")
		w.write(t, "content/glossary.md", w.one("Term\n: What it means.\n", "Term\n: Something else.\n"))
	case 15, 16:
		out := filepath.Join(w.dir, w.one("public", "other"))
		names, _ := filepath.Glob(filepath.Join(out, "[^.]*"))
		if len(names) > 0 {
			name := names[w.IntN(len(names))]
			w.did("remove %s from what was written", filepath.Base(name))
			_ = os.RemoveAll(name)
		}
	default:
		w.damage(t, cache)
	}
}

// damage spoils what was kept: a file of it is cut off, changed, or gone.
func (w *author) damage(t *testing.T, cache string) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(cache, "*"))
	if len(names) == 0 {
		return
	}
	name := names[w.IntN(len(names))]
	data, err := os.ReadFile(name)
	if err != nil || len(data) == 0 {
		return
	}
	at := w.IntN(len(data))
	switch w.IntN(4) {
	case 0:
		w.did("cut %s off at %d", filepath.Base(name), at)
		data = data[:at]
	case 1, 2:
		w.did("change byte %d of %s", at, filepath.Base(name))
		data[at] ^= byte(1 + w.IntN(255))
	default:
		w.did("remove %s", filepath.Base(name))
		_ = os.Remove(name)
		return
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// settled waits until the file system's clock has moved on since the last edit, so that a build may trust what it says of files.
func settled(t *testing.T, dir string) {
	t.Helper()
	var first time.Time
	for {
		f, err := os.CreateTemp(dir, "tick-*")
		if err != nil {
			t.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		_ = os.Remove(f.Name())
		if first.IsZero() {
			first = info.ModTime()
		}
		if info.ModTime().Sub(first) > 25*time.Millisecond {
			return
		}
	}
}

// A build that uses what earlier ones kept writes, byte for byte, what a build without it writes, and says the same: whatever was
// edited in between, with whatever choices they were made, and whatever became of what was kept.
func TestWarmEqualsCold(t *testing.T) {
	for script := range *scripts {
		t.Run(fmt.Sprint(script), func(t *testing.T) {
			t.Parallel()
			w := &author{Rand: rand.New(rand.NewPCG(uint64(script), 26)), dir: t.TempDir()}
			w.write(t, "content/posts/p1.md", w.post())
			w.write(t, "content/posts/p2.md", w.post())
			w.write(t, "content/index.md", "# Home\n")
			cache := filepath.Join(w.dir, ".waymark", "cache")
			for range 8 {
				c := Config{
					Dir: w.dir, Cache: cache, Clock: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), Output: filepath.Join(w.dir, w.one("public", "public", "other")),
					Drafts: w.IntN(4) == 0, Future: w.IntN(4) == 0, Portable: w.IntN(6) == 0, KeepGoing: w.IntN(3) == 0, Now: w.one("", "", "2026-05-05"),
				}
				for range w.IntN(3) {
					w.edit(t, cache)
				}
				if w.IntN(2) == 0 {
					settled(t, w.dir)
				}
				w.did("build %+v", c)
				for again := range 3 { // what changed nothing is done again, and compared, too
					compareWithCold(t, c, again == 2)
				}
				if t.Failed() {
					t.Fatalf("after\n%s", strings.Join(w.steps, "\n"))
				}
			}
		})
	}
}

func built(t *testing.T, c Config) Report {
	t.Helper()
	r, err := Build(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// compareWithCold builds with what was kept, and without, and compares everything. Only if alone is set there may be no style sheets and
// scripts of an earlier build.
func compareWithCold(t *testing.T, c Config, alone bool) {
	t.Helper()
	cold := c
	cold.Cache, cold.Output = "", t.TempDir()
	got, want := built(t, c), built(t, cold)
	got.Files, got.Output, want.Output = want.Files, "", ""
	got.Cache, want.Cache = CacheStats{}, CacheStats{}
	if !reflect.DeepEqual(normal(got), normal(want)) {
		t.Errorf("the report is another one:\n%+v\n%+v", got, want)
	}
	if !want.Written {
		return
	}
	there, should := files(t, c.Output), files(t, cold.Output)
	for name, data := range should {
		if there[name] != data {
			t.Errorf("%s is another one:\n%.2000s\n\nand should be\n%.2000s", name, there[name], data)
		}
	}
	for name := range there {
		if _, wanted := should[name]; !wanted && (alone || !strings.HasPrefix(name, "assets/")) {
			t.Errorf("%s should not be there", name)
		}
	}
}

// normal returns a report in which lists that are empty are so in one way.
func normal(r Report) Report {
	r.Diagnostics = append(diag.List{}, r.Diagnostics...)
	r.Pages, r.Held, r.LeftOut = append([]Count{}, r.Pages...), append([]Held{}, r.Held...), append([]string{}, r.LeftOut...)
	slices.Sort(r.LeftOut)
	return r
}

// files returns all files of a folder but what Waymark keeps there for itself.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".waymark" {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
