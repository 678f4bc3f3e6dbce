package output

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator/diag"
)

// watched is a disk on which somebody looks at the folder after each change.
type watched struct {
	system
	look func()
}

func (d watched) Rename(from, to string) error {
	err := d.system.Rename(from, to)
	d.look()
	return err
}

func (d watched) Remove(name string) error {
	err := d.system.Remove(name)
	d.look()
	return err
}

// At every moment of every build, what a page names is there, and what the pages of the build before named is there still.
func TestWhatAPageNamesIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "output")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		var named []string // by the pages of the build before, which a browser may hold
		look := func() {
			for path, text := range read(t, dir) {
				if !strings.HasSuffix(path, ".html") {
					continue
				}
				for _, name := range strings.Fields(text) {
					if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
						t.Fatalf("%s names %s, which is gone", path, name)
					}
				}
			}
			for _, asset := range named {
				if _, err := os.Stat(filepath.Join(dir, asset)); err != nil {
					t.Fatalf("%s is gone while pages that name it may be open", asset)
				}
			}
		}
		for range rapid.IntRange(1, 6).Draw(t, "builds") {
			f, err := open(dir, watched{look: look})
			if err != nil {
				t.Fatal(err)
			}
			style := fmt.Sprintf("assets/main-%d.css", rapid.IntRange(0, 3).Draw(t, "style"))
			if err := f.PutLasting(style, []byte(style)); err != nil {
				t.Fatal(err)
			}
			picture := fmt.Sprintf("a/picture-%d.png", rapid.IntRange(0, 3).Draw(t, "picture"))
			if err := f.Put(picture, []byte(picture)); err != nil {
				t.Fatal(err)
			}
			for _, page := range []string{"404.html", "a/index.html", "index.html", "z/index.html"} {
				if rapid.Bool().Draw(t, page) {
					if err := f.Put(page, []byte(style+" "+picture)); err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, err := f.Commit(); err != nil {
				t.Fatal(err)
			}
			look()
			named = []string{style}
		}
	})
}

// An old style sheet stays for one build after the last page that named it, and not for ever.
func TestLastingFilesStayForOneBuild(t *testing.T) {
	dir := t.TempDir()
	styles := func(now string) string {
		f, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.PutLasting(now, []byte(now)); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Commit(); err != nil {
			t.Fatal(err)
		}
		return strings.Join(keys(read(t, dir)), " ")
	}
	for i, want := range []string{"a.css", "a.css b.css", "b.css c.css", "c.css", "a.css c.css"} {
		if got := styles([]string{"a.css", "b.css", "c.css", "c.css", "a.css"}[i]); got != want {
			t.Errorf("after build %d there are %s, want %s", i, got, want)
		}
	}
}

// While one build is in the folder, another waits a moment, and is told who is there and since when.
func TestOneBuildAtATime(t *testing.T) {
	dir := t.TempDir()
	first, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, stateFolder, "lock")
	_, _, err = lock(name, dir, 0)
	if usage := new(diag.UsageError); !errors.As(err, &usage) || !strings.Contains(err.Error(), fmt.Sprintf("another build (process %d on ", os.Getpid())) || !strings.Contains(err.Error(), " since 20") {
		t.Errorf("the second build is told: %v", err)
	}
	if err := first.Abort(); err != nil {
		t.Fatal(err)
	}
	release, locked, err := lock(name, dir, 0)
	if err != nil || !locked {
		t.Fatalf("a free folder is not let: %v", err)
	}
	release()
	second, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Commit(); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(name); err != nil || len(data) > 0 {
		t.Errorf("what is published says of the builder: %q, %v", data, err)
	}
}

// However many builds there are at once, the folder is in the end what one of them made, all of it, and the next build works.
func TestBuildsAtOnce(t *testing.T) {
	for round := range 5 {
		dir := t.TempDir()
		var builds sync.WaitGroup
		for i := range 8 {
			builds.Go(func() {
				f, err := open(dir, patient{})
				if err != nil {
					t.Error(err)
					return
				}
				text := []byte(fmt.Sprint("build ", i))
				for _, path := range []string{"index.html", "a/index.html", fmt.Sprintf("only-%d.html", i)} {
					if err := f.Put(path, text); err != nil {
						t.Error(err)
					}
				}
				if _, err := f.Commit(); err != nil {
					t.Error(err)
				}
			})
		}
		builds.Wait()
		got := read(t, dir)
		if len(got) != 3 || got["index.html"] != got["a/index.html"] || got["only-"+strings.TrimPrefix(got["index.html"], "build ")+".html"] != got["index.html"] {
			t.Fatalf("round %d left a mixture: %v", round, got)
		}
		if _, err := build(t, dir, map[string]string{"index.html": "last"}); err != nil {
			t.Fatal(err)
		}
	}
}

// patient is a disk on which a build waits as long as it takes, so that a slow machine tells nothing else.
type patient struct{ system }

func (patient) Lock(name, folder string) (func(), bool, error) { return lock(name, folder, time.Hour) }

// What lies in the place of Waymark's own records and is no file or folder of its own is left alone, and no build hangs on it.
func TestForeignRecords(t *testing.T) {
	elsewhere := t.TempDir()
	dir := t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(dir, stateFolder)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); !errors.As(err, new(*ForeignError)) {
		t.Errorf("a link in place of the records gives %v", err)
	}
	if left, _ := os.ReadDir(elsewhere); len(left) > 0 {
		t.Errorf("behind the link there is %v", left)
	}
}

// A build that waits for one which fails, and takes its records away, still keeps others out.
func TestALockThatIsTakenAway(t *testing.T) {
	for range 20 {
		dir := filepath.Join(t.TempDir(), "new")
		first, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		second := make(chan *Folder)
		go func() {
			f, err := open(dir, patient{})
			if err != nil {
				t.Error(err)
			}
			second <- f
		}()
		if err := first.Abort(); err != nil {
			t.Fatal(err)
		}
		f := <-second
		if f == nil {
			return
		}
		if _, _, err := lock(filepath.Join(dir, stateFolder, "lock"), dir, 0); err == nil {
			t.Fatal("two builds are in the folder")
		}
		if err := errors.Join(f.Put("a.html", []byte("a")), func() error { _, err := f.Commit(); return err }()); err != nil {
			t.Fatal(err)
		}
	}
}
