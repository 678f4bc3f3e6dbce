package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"waymark/generator"
)

// picture returns a PNG of a width.
func picture(width int) string {
	m := image.NewGray(image.Rect(0, 0, width, 10))
	m.Set(1, 1, color.White)
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.String()
}

// walker edits a site at random. wanted is a second folder, which has every edit but those that make mistakes: what the
// server should show is what a clean build makes of it.
type walker struct {
	*trial
	*rand.Rand
	files  map[string]string // as they stand
	wanted map[string]string // as they are to be shown
	broken string            // the file that has a mistake, or ""
	posts  int
	seen   map[string]bool // every address that ever was
	clean  string          // a folder for clean builds
	trail  []string        // what was different after the last edit, until it was not
}

func (w *walker) put(name, text string) {
	w.files[name], w.wanted[name] = text, text
	w.save(name, text)
}

// save writes a file in one of the ways in which editors do.
func (w *walker) save(name, text string) {
	w.Helper()
	full := w.path(name)
	w.must(os.MkdirAll(filepath.Dir(full), 0o755))
	switch w.IntN(3) {
	case 0:
		w.write(name, text)
	case 1:
		w.must(os.WriteFile(full+".tmp~", []byte(text), 0o600), os.Rename(full+".tmp~", full))
	case 2:
		_ = os.Rename(full, full+"~") // there may be none
		w.must(os.WriteFile(full, []byte(text), 0o600))
		_ = os.Remove(full + "~")
	}
}

func (w *walker) remove(name string) {
	w.Helper()
	delete(w.files, name)
	delete(w.wanted, name)
	w.must(os.Remove(w.path(name)))
}

// pick returns one of the posts that may be changed.
func (w *walker) pick() string {
	var names []string
	for name := range w.files {
		if strings.HasPrefix(name, "content/posts/") && name != w.broken && !strings.Contains(name, "map") && !strings.Contains(name, "story") && !strings.Contains(name, "clash") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names[w.IntN(len(names))]
}

var walkWords = strings.Fields("wall card slice step story goal actor shelf phone member")

func (w *walker) word() string { return walkWords[w.IntN(len(walkWords))] }

// edit changes something, and says what.
func (w *walker) edit() string {
	w.Helper()
	if w.broken != "" && w.IntN(3) == 0 {
		return w.mend()
	}
	switch w.IntN(19) {
	case 0, 1, 2, 3:
		name := w.pick()
		w.put(name, w.files[name]+"\nAnd a "+w.word()+" more.\n")
		return "words in " + name
	case 4:
		name := w.pick()
		w.put(name, w.files[name]+fmt.Sprintf("\n[%s](%s)\n", w.word(), filepath.Base(w.pick())))
		return "a link in " + name
	case 5:
		name := w.pick()
		w.put(name, strings.Replace(w.files[name], "title: ", "title: The "+w.word()+" of ", 1))
		return "the title of " + name
	case 6:
		name := w.pick()
		text := regexp.MustCompile(`categories: .*\n`).ReplaceAllString(w.files[name], "")
		w.put(name, strings.Replace(text, "---\n", fmt.Sprintf("---\ncategories: [%s]\n", w.word()), 1))
		return "the tags of " + name
	case 7, 8:
		w.posts++
		name := fmt.Sprintf("content/posts/new-%d.md", w.posts)
		w.put(name, fmt.Sprintf("---\ntitle: New %d\ndate: 2026-02-%02d\ntags: [%s]\n---\n%s %s, see [[One]].\n\n## %s\n", w.posts, 1+w.posts%28, w.word(), w.word(), w.word(), w.word()))
		return "new " + name
	case 9:
		name := w.pick()
		if w.posts == 0 || !strings.Contains(name, "new-") {
			return "nothing"
		}
		w.remove(name)
		return "no more " + name
	case 10:
		name := w.pick()
		if !strings.Contains(name, "new-") {
			return "nothing"
		}
		w.posts++
		to := fmt.Sprintf("content/posts/new-%d.md", w.posts)
		w.files[to], w.wanted[to] = w.files[name], w.wanted[name]
		delete(w.files, name)
		delete(w.wanted, name)
		w.must(os.Rename(w.path(name), w.path(to)))
		return name + " becomes " + to
	case 11:
		return w.moveFolder()
	case 12:
		w.put("content/shared/wall.png", picture(30+w.IntN(1400)))
		return "the picture"
	case 13:
		w.put("static/"+w.word()+".txt", w.word())
		return "a static file"
	case 14:
		return w.theme()
	case 15:
		if w.broken == "waymark.yaml" {
			return "nothing"
		}
		w.put("waymark.yaml", fmt.Sprintf("title: Small %s\nbase_url: https://example.org/\npage_size: %d\nraw_html: %v\n", w.word(), 1+w.IntN(5), w.IntN(2) == 0))
		return "the configuration"
	case 16:
		w.put("content/glossary.md", "---\ntitle: Glossary\n---\nSkeleton\n: The thinnest "+w.word()+".\n\nWall\n: A place for cards.\n")
		return "the glossary"
	case 17:
		w.put("content/posts/map.md", "---\ntitle: A map\ndate: 2026-01-07\n---\n```impact-map helps\n- Fewer "+w.word()+"s\n  - Members\n    - They look first\n      - A shelf list\n```\n")
		return "the map"
	}
	if w.broken == "" {
		return w.breakOne()
	}
	return "nothing"
}

func (w *walker) moveFolder() string {
	from, to := "content/courses/c", "content/courses/d"
	if w.files[from+"/index.md"] == "" {
		from, to = to, from
	}
	for _, m := range []map[string]string{w.files, w.wanted} {
		for name, text := range m {
			if strings.HasPrefix(name, from+"/") {
				delete(m, name)
				m[to+strings.TrimPrefix(name, from)] = text
			}
		}
	}
	w.must(os.Rename(w.path(from), w.path(to)))
	return from + " becomes " + to
}

func (w *walker) theme() string {
	if strings.HasPrefix(w.broken, "layouts/") || strings.HasPrefix(w.broken, "assets/") {
		return "nothing"
	}
	switch name := "layouts/tag.html"; w.IntN(4) {
	case 3:
		if w.broken == "waymark.yaml" { // whose words are not read before it is mended
			return "nothing"
		}
		w.put("i18n/en.yaml", fmt.Sprintf("frame.skip: To the %s\nalert.note: A %s\nlist.pieces:\n  one: one %s\n  other: \"{n} %ss\"\n", w.word(), w.word(), w.word(), w.word()))
		return "the words"
	case 0:
		w.put(name, `{{define "main"}}<h1>`+w.word()+` {{.Page.Title}}</h1>{{template "list" .Items}}{{end}}`)
		return "a layout"
	case 1:
		if w.files[name] == "" {
			return "nothing"
		}
		w.remove(name)
		return "no layout any more"
	}
	w.put("assets/css/parts.css", fmt.Sprintf("body{margin:%dpx}", w.IntN(100)))
	return "the style"
}

// breakOne makes a mistake. What is shown stays.
func (w *walker) breakOne() string {
	mistake := func(name, text string) string {
		w.broken, w.files[name] = name, text
		w.save(name, text)
		return "a mistake in " + name
	}
	name := w.pick()
	switch w.IntN(7) {
	case 0:
		return mistake(name, "---\ntitle: [unclosed\n---\nx\n")
	case 1:
		return mistake(name, strings.Replace(w.files[name], "---\n", "---\nexpires: 02/01/2024\n", 1))
	case 2:
		return mistake(name, strings.Replace(w.files[name], "---\n", "---\naliases: [/about/]\n", 1))
	case 6: // the error points at a page that did not change
		return mistake("content/posts/clash.md", "---\ntitle: Clash\ndate: 2026-01-10\nslug: zz-last\n---\nClash.\n")
	case 3:
		return mistake("waymark.yaml", "titel: x\n")
	case 4:
		return mistake("layouts/post.html", "{{define \"main\"}}{{.Page.Title}")
	default:
		return mistake("assets/css/layout.css", "@import \"./no-such.css\";")
	}
}

// mend takes the mistake back.
func (w *walker) mend() string {
	name := w.broken
	w.broken = ""
	if was, there := w.wanted[name]; there {
		w.put(name, was+map[bool]string{true: "\nMended.\n"}[strings.HasSuffix(name, ".md")])
	} else {
		w.remove(name)
	}
	return name + " is mended"
}

// expected builds what should be shown. Only what differs is written, which saves most of the time that this test takes.
func (w *walker) expected() map[string]string {
	w.Helper()
	dir := w.clean
	w.must(os.RemoveAll(filepath.Join(dir, "site")))
	for name, text := range w.wanted {
		full := filepath.Join(dir, "site", filepath.FromSlash(name))
		w.must(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o600))
	}
	report, err := generator.Build(context.Background(), generator.Config{Dir: filepath.Join(dir, "site"), Output: filepath.Join(dir, "out"), Drafts: true, Future: true, Preview: true, Clock: day})
	if err != nil || !report.Written {
		w.Fatal(err, report.Diagnostics)
	}
	files, kept := map[string]string{}, w.kept(filepath.Join(dir, "out"))
	w.must(filepath.WalkDir(filepath.Join(dir, "out"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == ".waymark" {
			return fs.SkipDir // the folder's own records
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(filepath.Join(dir, "out"), name)
		if kept[filepath.ToSlash(rel)] {
			return nil
		}
		data, err := os.ReadFile(name)
		files[filepath.ToSlash(rel)] = string(data)
		return err
	}))
	return files
}

// kept returns the files of an earlier build that stay for pages which are still open: they are no part of the site.
func (w *walker) kept(out string) map[string]bool {
	w.Helper()
	var manifest struct {
		Files map[string]struct {
			Kept bool `json:"kept"`
		} `json:"files"`
	}
	data, err := os.ReadFile(filepath.Join(out, ".waymark", "manifest.json"))
	w.must(err, json.Unmarshal(data, &manifest))
	kept := map[string]bool{}
	for name, f := range manifest.Files {
		kept[name] = f.Kept
	}
	return kept
}

// difference returns the first address at which the server answers something else than it should, or "".
func (w *walker) difference(files map[string]string) string {
	for name := range files {
		w.seen[name] = true
	}
	for name := range w.seen {
		want, there := files[name]
		answer := w.request(http.MethodGet, strings.TrimSuffix(name, "index.html"))
		var body bytes.Buffer
		_, err := body.ReadFrom(answer.Body)
		w.must(err, answer.Body.Close())
		got := script.ReplaceAllString(body.String(), "")
		switch {
		case there && (answer.StatusCode != http.StatusOK && name != "404.html" || got != want):
			return fmt.Sprintf("%s: status %d, and\n%s\nin place of\n%s", name, answer.StatusCode, firstDifference(got, want), firstDifference(want, got))
		case !there && answer.StatusCode != http.StatusNotFound && answer.StatusCode != http.StatusFound:
			return fmt.Sprintf("%s: status %d, and there should be nothing", name, answer.StatusCode)
		}
	}
	return ""
}

// firstDifference returns what stands where two texts part.
func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("... %q ...", a[max(0, i-60):min(len(a), i+120)])
}

// After every edit, mistakes among them, the server answers at every address what a clean build would write.
// A file with a mistake counts as it was before.
func TestEveryAnswerEqualsACleanBuild(t *testing.T) {
	files := smallSite()
	w := &walker{trial: start(t, files, func(o *Options) { o.Config.Cache = t.TempDir() }), Rand: rand.New(rand.NewPCG(4, 7)), files: files, wanted: map[string]string{}, seen: map[string]bool{}, clean: t.TempDir()}
	for name, text := range files {
		w.wanted[name] = text
	}
	t.Cleanup(func() {
		for _, line := range w.trail {
			t.Log(line)
		}
	})
	for i := 0; i <= edits; {
		what := "as it began"
		if i > 0 {
			if what = w.edit(); what == "nothing" {
				continue
			}
		}
		i++
		if strings.HasPrefix(what, "a mistake") {
			w.until(what+" is found", func() bool { return w.bar("").Errors > 0 })
		}
		expected := w.expected()
		w.until(fmt.Sprintf("edit %d, %s", i-1, what), func() bool {
			different := w.difference(expected)
			if different != "" {
				w.trail = append(w.trail, fmt.Sprintf("edit %d, %s: %s", i-1, what, different))
			}
			return different == ""
		})
		w.trail = nil
	}
}
