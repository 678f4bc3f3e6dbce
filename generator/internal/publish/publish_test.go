package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// built writes files into a folder, as a build does, and returns what is to be published of them. Files below assets/ are lasting.
func built(t fatal, dir string, site map[string]string) Options {
	o := Options{Dir: dir, Site: "site", Deletes: -1, Type: func(string) string { return "text/plain" }}
	for path, text := range site {
		at := filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o750), os.WriteFile(at, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
		o.Files = append(o.Files, File{path, digestOf([]byte(text)), strings.HasPrefix(path, "assets/")})
	}
	return o
}

type fatal interface{ Fatal(...any) }

// standing returns all files of a folder but those that say what was published.
func standing(t fatal, dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		switch {
		case err != nil:
			return err
		case rel+"/" == stateFolder:
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		data, err := os.ReadFile(p)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return all
}

var errKilled = errors.New("killed")

// mortal is a place whose publisher is killed after so many operations; what is begun after that is not done. Each operation is followed
// by a look at all.
type mortal struct {
	folder
	mu    sync.Mutex
	left  int // operations; fewer than none stand for no end
	check func() error
	wrong error // what check has found
}

func (m *mortal) does(do func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.left == 0 {
		return errKilled
	}
	m.left--
	err := do()
	m.wrong = cmp.Or(m.wrong, m.check())
	return err
}

func (m *mortal) Put(ctx context.Context, o object) error {
	return m.does(func() error { return m.folder.Put(ctx, o) })
}

func (m *mortal) Create(ctx context.Context, o object) (made bool, err error) {
	err = m.does(func() (err error) { made, err = m.folder.Create(ctx, o); return err })
	return made, err
}

func (m *mortal) Copy(ctx context.Context, from, to string) error {
	return m.does(func() error { return m.folder.Copy(ctx, from, to) })
}

func (m *mortal) Remove(ctx context.Context, path string) error {
	return m.does(func() error { return m.folder.Remove(ctx, path) })
}

// sites are generated: each page names assets that change with what is in them.
func siteOf(t *rapid.T, label string) map[string]string {
	site := map[string]string{}
	pages := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}), 0, 6, rapid.ID).Draw(t, label+" pages")
	version := rapid.IntRange(0, 3).Draw(t, label+" version")
	asset := fmt.Sprintf("assets/style-%d.css", version)
	site[asset] = fmt.Sprintf("style %d", version)
	for _, page := range append(pages, "") {
		words := rapid.IntRange(0, 2).Draw(t, label+" words of "+page)
		site[strings.TrimPrefix(page+"/index.html", "/")] = fmt.Sprintf("words %d\n%s", words, asset)
	}
	site["atom.xml"] = strings.Join(append(pages, "feed"), " ")
	return site
}

// However often a publisher is killed, wherever, and whatever is published or put back next: who reads meanwhile never meets a page whose
// assets are missing, files of others stay, and what is published in the end is the build, with what old pages name.
func TestKilledPublishersHarmNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, err := os.MkdirTemp("", "publish-*")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(base) }()
		web := filepath.Join(base, "web")
		foreign := map[string]string{"of/others.html": "ours", "a/note.txt": "ours too"}
		for path, text := range foreign {
			at := filepath.Join(web, path)
			if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o750), os.WriteFile(at, []byte(text), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
		look := func() error {
			now := standing(t, web)
			for path, text := range foreign {
				if now[path] != text {
					return fmt.Errorf("a file of others is lost: %s", path)
				}
			}
			for path, text := range now {
				if _, theirs := foreign[path]; strings.HasSuffix(path, ".html") && !theirs {
					_, asset, _ := strings.Cut(text, "\n")
					if _, there := now[asset]; !there {
						return fmt.Errorf("%s names %s, which is not there: %v", path, asset, slices.Sorted(maps.Keys(now)))
					}
				}
			}
			return nil
		}
		var last, before map[string]string // publications that came to their end
		for i := range rapid.IntRange(1, 6).Draw(t, "publications") {
			label := fmt.Sprintf("%d", i)
			site := siteOf(t, label)
			back := before != nil && rapid.Bool().Draw(t, label+" back")
			packs, forget := rapid.Bool().Draw(t, label+" packs"), !back && rapid.IntRange(0, 4).Draw(t, label+" forgets") == 0
			lost := !back && last != nil && rapid.IntRange(0, 3).Draw(t, label+" loses a page") == 0
			if lost {
				if err := os.Remove(filepath.Join(web, "index.html")); err != nil {
					t.Fatal(err)
				}
			}
			publish := func(life int) (Report, error) {
				r := backward(Options{Deletes: 99})
				if !back {
					o := built(t, filepath.Join(base, "out"+label), site)
					o.Deletes, o.Pack, o.Forget, o.All = 99, packs, forget, lost
					if r, err = forward(o); err != nil {
						t.Fatal(err)
					}
				}
				place := &mortal{folder: folder{web}, left: life, check: look}
				done, err := r.on(t.Context(), place)
				if place.wrong != nil {
					t.Fatal(place.wrong)
				}
				return done, err
			}
			done := false
			for range rapid.IntRange(0, 3).Draw(t, label+" deaths") {
				if _, err := publish(rapid.IntRange(0, 90).Draw(t, label+" life")); err == nil {
					done = true
					break
				} else if !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
			}
			if !done {
				if _, err := publish(-1); err != nil {
					t.Fatal(err)
				}
			}
			switch {
			case back:
				site, before = before, last
			case forget || lost && !maps.Equal(packed(site, packs), last): // in which case it could not be kept
				before = nil
			case !maps.Equal(packed(site, packs), last):
				before = last
			}
			if last = site; !back {
				last = packed(site, packs)
				if again, err := publish(-1); err != nil || len(again.Steps) > 0 || again.Resumed {
					t.Fatalf("a second time there is something to do: %+v %v", again, err)
				}
			}
			now := standing(t, web)
			for path, text := range last {
				if !strings.HasSuffix(path, packedEnding) && now[path] != text || !exists(now, path) {
					t.Fatalf("%s is %q in place of %q", path, now[path], text)
				}
			}
			for path := range before {
				if strings.HasPrefix(path, "assets/") && !exists(now, path) {
					t.Fatalf("%s is gone, which pages name that were there before", path)
				}
			}
			for path := range now {
				_, wanted := last[path]
				_, theirs := foreign[path]
				if !wanted && !theirs && !strings.HasPrefix(path, "assets/") {
					t.Fatalf("%s is left", path)
				}
			}
		}
	})
}

// packed adds compressed copies to a site where it is wanted.
func packed(site map[string]string, wanted bool) map[string]string {
	all := maps.Clone(site)
	for path, text := range site {
		if wanted {
			all[path+packedEnding] = text
		}
	}
	return all
}

func exists[V any](m map[string]V, key string) bool { _, there := m[key]; return there }

// deaf is a place that cannot be read for a while.
type deaf struct {
	folder
	name string
}

var errDeaf = errors.New("no answer")

func (d deaf) Get(ctx context.Context, path string) ([]byte, error) {
	if strings.HasPrefix(path, d.name) {
		return nil, errDeaf
	}
	return d.folder.Get(ctx, path)
}

// Where it cannot be told what stands there, nothing is done, however much is allowed.
func TestAPlaceThatDoesNotAnswer(t *testing.T) {
	base := t.TempDir()
	web := folder{filepath.Join(base, "web")}
	publish := func(p place, site map[string]string, replace bool) error {
		o := built(t, filepath.Join(base, "out"), site)
		o.Deletes, o.Replace = 99, replace
		r, err := forward(o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.on(t.Context(), p)
		return err
	}
	if err := publish(web, map[string]string{"index.html": "1", "secret.html": "1"}, false); err != nil {
		t.Fatal(err)
	}
	before := standing(t, web.dir)
	for _, name := range []string{rootName, intentName, partPrefix} {
		if err := publish(deaf{web, name}, map[string]string{"index.html": "2"}, true); !errors.Is(err, errDeaf) {
			t.Errorf("%s: %v", name, err)
		}
		if now := standing(t, web.dir); !maps.Equal(now, before) {
			t.Errorf("%s: %v", name, now)
		}
	}
	if err := publish(web, map[string]string{"index.html": "2"}, false); err != nil {
		t.Fatal(err)
	}
	if now := standing(t, web.dir); !maps.Equal(now, map[string]string{"index.html": "2"}) {
		t.Errorf("%v", now)
	}
}

// robbed is a place at which somebody else takes the lock after so many files were put there.
type robbed struct {
	folder
	left *int
}

func (r robbed) Put(ctx context.Context, o object) error {
	if *r.left--; *r.left == 0 {
		if err := os.WriteFile(filepath.Join(r.dir, filepath.FromSlash(lockName)), []byte(`{"token":"another"}`), 0o600); err != nil {
			return err
		}
	}
	return r.folder.Put(ctx, o)
}

// A publisher whose place another one has taken ends, says that nothing is published, and leaves the other one's lock.
func TestALockThatIsLost(t *testing.T) {
	for left := 1; left < 8; left++ {
		base := t.TempDir()
		web := filepath.Join(base, "web")
		r, err := forward(built(t, filepath.Join(base, "out"), map[string]string{"index.html": "1", "a.css": "2", "atom.xml": "3"}))
		if err != nil {
			t.Fatal(err)
		}
		n := left
		_, err = r.on(t.Context(), robbed{folder{web}, &n})
		if _, there := standing(t, filepath.Join(web, stateFolder))[path.Base(rootName)]; n <= 0 && left < 7 && (!errors.Is(err, errLost) || there) {
			t.Errorf("after %d files: %v, and it counts as published: %v", left, err, there)
		}
		if lock, err := os.ReadFile(filepath.Join(web, filepath.FromSlash(lockName))); n <= 0 && (err != nil || !strings.Contains(string(lock), "another")) {
			t.Errorf("after %d files the lock of another is gone: %v", left, err)
		}
	}
}

// A publisher that is killed at any one step, and one that has another site to publish next, whichever step that is.
func TestKilledAtEachStep(t *testing.T) {
	one := map[string]string{"index.html": "one\nassets/one.css", "a/index.html": "a\nassets/one.css", "assets/one.css": "1", "b/index.html": "b\nassets/one.css"}
	two := map[string]string{"index.html": "two\nassets/two.css", "a/index.html": "a\nassets/two.css", "assets/two.css": "2"}
	four := map[string]string{"index.html": "four\nassets/two.css", "assets/two.css": "2", "d/index.html": "d\nassets/two.css"}
	three := map[string]string{"index.html": "three\nassets/one.css", "c/index.html": "c\nassets/one.css", "assets/one.css": "1"}
	for life := 0; ; life++ {
		base := t.TempDir()
		publish := func(site map[string]string, life int) error {
			o := built(t, filepath.Join(base, "out"), site)
			o.Deletes = 99
			r, err := forward(o)
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.on(t.Context(), &mortal{folder: folder{filepath.Join(base, "web")}, left: life, check: func() error { return nil }})
			return err
		}
		if err := publish(one, -1); err != nil {
			t.Fatal(err)
		}
		if err := publish(two, 9); !errors.Is(err, errKilled) { // so that more than one thing was begun
			t.Fatal(err)
		}
		killed := publish(four, life)
		if err := publish(three, -1); err != nil {
			t.Fatalf("after %d steps: %v", life, err)
		}
		now := standing(t, filepath.Join(base, "web"))
		delete(now, "assets/two.css") // which pages may name that were seen
		if !maps.Equal(now, three) {
			t.Errorf("after %d steps: %v", life, now)
		}
		state, err := os.ReadDir(filepath.Join(base, "web", stateFolder))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range state {
			if name := stateFolder + f.Name(); name == intentName || name == lockName || strings.HasPrefix(f.Name(), tempPrefix) {
				t.Errorf("after %d steps: %s is left", life, f.Name())
			}
		}
		if killed == nil {
			break
		}
	}
}

// One page of ten thousand is sent with little around it.
func TestOnePageOfMany(t *testing.T) {
	base := t.TempDir()
	site := map[string]string{}
	for i := range 10_000 {
		site[fmt.Sprintf("posts/%d/index.html", i)] = "words"
	}
	site["index.html"] = "home"
	o := built(t, filepath.Join(base, "out"), site)
	publish := func() Report {
		t.Helper()
		r, err := Publish(t.Context(), "file://"+filepath.ToSlash(filepath.Join(base, "web")), o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	publish()
	o = built(t, filepath.Join(base, "out"), map[string]string{"posts/77/index.html": "other words"})
	for path, text := range site {
		if path != "posts/77/index.html" {
			o.Files = append(o.Files, File{path, digestOf([]byte(text)), false})
		}
	}
	r := publish()
	if len(r.Steps) != 1 || r.Requests > 30 || r.Sent > 100<<10 || r.Fetched > 100<<10 {
		t.Errorf("%+v", r)
	}
	t.Logf("%d requests, %d bytes sent, %d fetched", r.Requests, r.Sent, r.Fetched)
	if again := publish(); len(again.Steps) > 0 || again.Requests > 10 || again.Fetched > 100<<10 {
		t.Errorf("where nothing changed: %+v", again)
	}
}

// What was changed behind the build's back is not published, nor is anything after it.
func TestFilesThatWereNotBuilt(t *testing.T) {
	base := t.TempDir()
	o := built(t, filepath.Join(base, "out"), map[string]string{"index.html": "home"})
	if err := os.WriteFile(filepath.Join(base, "out", "index.html"), []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Publish(t.Context(), "file://"+filepath.ToSlash(filepath.Join(base, "web")), o)
	if err == nil || !strings.Contains(err.Error(), "send index.html: it is not what was built any more") {
		t.Error(err)
	}
}
