package output

import (
	"errors"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"pgregory.net/rapid"
)

// build writes a whole site.
func build(t interface{ Fatal(...any) }, dir string, site map[string]string) (Stats, error) {
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range site {
		if err := f.Put(path, []byte(text)); err != nil {
			return Stats{}, errors.Join(err, f.Abort())
		}
	}
	return f.Commit()
}

// read returns all files of a folder but the folder's own records.
func read(t interface{ Fatal(...any) }, dir string) map[string]string {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Name() == stateFolder {
			return filepath.SkipDir
		}
		if err != nil || d.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(dir, p)
		data, err := os.ReadFile(p)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// After any row of builds, the folder holds the last one's files, and those that somebody else put there.
func TestFolderIsTheLastBuild(t *testing.T) {
	paths := []string{"index.html", "a", "a/index.html", "a/b/index.html", "b/index.html", "c.txt"}
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp("", "output")
		if err != nil {
			rt.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		if err := os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o600); err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 5).Draw(rt, "builds") {
			site := map[string]string{}
			for _, p := range paths {
				if rapid.Bool().Draw(rt, p) {
					site[p] = rapid.SampledFrom([]string{"x", "y", "longer"}).Draw(rt, "text")
				}
			}
			if _, both := site["a"]; both { // a file and a folder of one name cannot be in one site
				delete(site, "a/index.html")
				delete(site, "a/b/index.html")
			}
			if _, err := build(rt, dir, site); err != nil {
				rt.Fatal(err)
			}
			site["mine.txt"] = "mine"
			got := read(rt, dir)
			if len(got) != len(site) {
				rt.Fatalf("the folder has %v, want %v", keys(got), keys(site))
			}
			for p, text := range site {
				if got[p] != text {
					rt.Fatalf("%s is %q, want %q", p, got[p], text)
				}
			}
		}
	})
}

func keys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func TestAbortLeavesEverythingAsItWas(t *testing.T) {
	dir := t.TempDir()
	if _, err := build(t, dir, map[string]string{"a.html": "1"}); err != nil {
		t.Fatal(err)
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Put("a.html", []byte("2")), f.Put("b.html", []byte("2")), f.Abort()); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir); len(got) != 1 || got["a.html"] != "1" {
		t.Errorf("%v", got)
	}
}

// A build that was killed in the middle of a commit leaves old and new files side by side, each whole. The next build
// knows all of them as its own.
func TestBuildAfterAKilledOne(t *testing.T) {
	dir := t.TempDir()
	if _, err := build(t, dir, map[string]string{"a.html": "old", "b.html": "old", "gone.html": "old"}); err != nil {
		t.Fatal(err)
	}
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"a.html", "b.html", "new.html"} {
		if err := f.Put(p, []byte("new")); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.writeManifest(f.intent()); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"a.html", "new.html"} { // and here the machine stops
		if err := os.Rename(f.staged[p], f.place(p)); err != nil {
			t.Fatal(err)
		}
	}
	f.unlock() // as the system does then
	if _, err := build(t, dir, map[string]string{"b.html": "newest"}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir); len(got) != 1 || got["b.html"] != "newest" {
		t.Errorf("%v", got)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, stateFolder, "stage-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestForeignFilesAreLeftAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := build(t, dir, map[string]string{"index.html": "ours"})
	if foreign := new(ForeignError); !errors.As(err, &foreign) {
		t.Errorf("the error is %v", err)
	}
	if got := read(t, dir); got["index.html"] != "mine" {
		t.Errorf("%v", got)
	}
	// With the same bytes nobody loses anything, and the file is adopted.
	if _, err := build(t, dir, map[string]string{"index.html": "mine"}); err != nil {
		t.Error(err)
	}
	// What somebody changed since is theirs, and stays when we no longer want it.
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if stats, err := build(t, dir, map[string]string{}); err != nil || stats.Removed != 0 {
		t.Error(stats, err)
	}
}

func TestPutMadeIsAskedOnce(t *testing.T) {
	dir := t.TempDir()
	made := 0
	once := func(recipe string) {
		f, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		err = f.PutMade("p.png", recipe, func() ([]byte, error) { made++; return []byte("pixels"), nil })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	once("a")
	once("a")
	once("b")
	if made != 2 {
		t.Errorf("made %d times, want 2", made)
	}
}

// After a power cut files may be empty, as nothing but the manifest is waited for: the next build writes them again. One that
// would have to go may be somebody's by now, and stays.
func TestFilesThatAPowerCutEmptied(t *testing.T) {
	dir := t.TempDir()
	if _, err := build(t, dir, map[string]string{"index.html": "one", "old/index.html": "old"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "old/index.html"} {
		if err := os.Truncate(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := build(t, dir, map[string]string{"index.html": "one"}); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir); len(got) != 2 || got["index.html"] != "one" || got["old/index.html"] != "" {
		t.Errorf("%q", got)
	}
}

// What Waymark keeps for itself as a link to elsewhere would be written to elsewhere: it is in the way.
func TestRecordsThatAreALinkAreInTheWay(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, stateFolder)); err != nil {
		t.Fatal(err)
	}
	foreign := new(ForeignError)
	if _, err := Open(dir); !errors.As(err, &foreign) {
		t.Errorf("%v", err)
	}
	if entries, err := os.ReadDir(elsewhere); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
}
