package watch

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"

	"waymark/generator/internal/watch/saves"
)

// begin makes a site and watches it.
func begin(t *testing.T, o Options) (string, *Watcher) {
	t.Helper()
	root := t.TempDir()
	for _, dir := range []string{"content/posts", "public", "layouts"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		put(t, root, fmt.Sprintf("content/posts/%d.md", i), "before")
	}
	o.Root, o.Names = root, []string{"content", "layouts", "static", "waymark.yaml"}
	w, err := open(o, (*fsnotify.Watcher).Add, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return root, w
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// until receives changes until all paths were named, and returns every path that was.
func until(t *testing.T, w *Watcher, paths ...string) []string {
	t.Helper()
	var seen []string
	limit := time.After(20 * time.Second)
	for {
		if !slices.ContainsFunc(paths, func(p string) bool { return !slices.Contains(seen, p) }) {
			return seen
		}
		select {
		case c, open := <-w.Changes():
			if !open {
				t.Fatal("it stopped")
			}
			seen = append(seen, c.Paths...)
		case <-limit:
			t.Fatalf("of %q only %q was told", paths, seen)
		}
	}
}

// However an editor saves, and whether the system tells or the folders are looked through, no save is missed.
func TestEveryWayOfSavingIsSeen(t *testing.T) {
	for _, poll := range []bool{false, true} {
		for _, pattern := range saves.Patterns() {
			t.Run(fmt.Sprintf("%s, polling %v", pattern.Name, poll), func(t *testing.T) {
				root, w := begin(t, Options{Poll: poll})
				for i := range 20 {
					path := fmt.Sprintf("content/posts/%d.md", i)
					must(t, pattern.Save(filepath.Join(root, path), fmt.Sprintf("after %d", i)))
					until(t, w, path)
				}
			})
		}
	}
}

// Folders that appear later are watched too, with what already stands in them; what went away is told, and what does not
// matter is not.
func TestFoldersComeAndGo(t *testing.T) {
	for _, poll := range []bool{false, true} {
		t.Run(fmt.Sprintf("polling %v", poll), func(t *testing.T) {
			root, w := begin(t, Options{Poll: poll})
			put(t, root, "public/index.html", "not watched")
			must(t, os.MkdirAll(filepath.Join(root, "static/deep/down"), 0o755))
			put(t, root, "static/deep/down/a.txt", "a")
			until(t, w, "static/deep/down/a.txt")
			put(t, root, "static/deep/down/b.txt", "b")
			until(t, w, "static/deep/down/b.txt")
			must(t, os.Rename(filepath.Join(root, "static/deep"), filepath.Join(root, "static/other")))
			until(t, w, "static/other/down/a.txt")
			put(t, root, "static/other/down/a.txt", "again")
			until(t, w, "static/other/down/a.txt")
			put(t, root, "waymark.yaml", "title: x")
			must(t, os.Remove(filepath.Join(root, "content/posts/3.md")))
			seen := until(t, w, "waymark.yaml", "content/posts/3.md")
			if slices.Contains(seen, "public/index.html") {
				t.Errorf("%q", seen)
			}
		})
	}
}

// A folder of the site may be a symbolic link.
func TestFoldersBehindLinks(t *testing.T) {
	for _, poll := range []bool{false, true} {
		t.Run(fmt.Sprintf("polling %v", poll), func(t *testing.T) {
			root := t.TempDir()
			must(t, os.MkdirAll(filepath.Join(root, "real/posts"), 0o755), os.Symlink("real", filepath.Join(root, "content")))
			w, err := open(Options{Root: root, Names: []string{"content"}, Poll: poll}, (*fsnotify.Watcher).Add, time.Millisecond)
			must(t, err)
			defer w.Close()
			put(t, root, "real/a.md", "a")
			put(t, root, "real/posts/b.md", "b")
			until(t, w, "content/a.md", "content/posts/b.md")
		})
	}
}

// Many files at once, as when a branch is switched, come in a few changes, and all of them come.
func TestManyFilesAtOnce(t *testing.T) {
	root, w := begin(t, Options{})
	var paths []string
	for i := range 2000 {
		path := fmt.Sprintf("content/posts/new-%d.md", i)
		put(t, root, path, "x")
		paths = append(paths, path)
	}
	until(t, w, paths...)
}

// Where the system's limit is reached, the folders are looked through, and it says why.
func TestLimitReached(t *testing.T) {
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "content"), 0o755))
	full := func(*fsnotify.Watcher, string) error { return syscall.ENOSPC }
	w, err := open(Options{Root: root, Names: []string{"content"}}, full, time.Millisecond)
	must(t, err)
	defer w.Close()
	if w.Polling() == "" {
		t.Error("it does not say that it polls")
	}
	put(t, root, "content/a.md", "a")
	until(t, w, "content/a.md")
}

// Where the limit is reached by a folder that came later, a change says so, and from then on the folders are looked
// through: nothing that happens in them is missed.
func TestLimitReachedLater(t *testing.T) {
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "content/posts"), 0o755))
	left := 3 // the root, content and posts
	add := func(w *fsnotify.Watcher, folder string) error {
		if left--; left < 0 {
			return syscall.ENOSPC
		}
		return w.Add(folder)
	}
	w, err := open(Options{Root: root, Names: []string{"content"}}, add, time.Millisecond)
	must(t, err)
	defer w.Close()
	if w.Polling() != "" {
		t.Fatal(w.Polling())
	}
	must(t, os.Mkdir(filepath.Join(root, "content/later"), 0o755))
	select {
	case c := <-w.Changes():
		if !c.All || !strings.Contains(c.Polling, "so many folders") {
			t.Errorf("%+v", c)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was told")
	}
	for i := range 5 {
		put(t, root, "content/later/a.md", fmt.Sprint("text ", i))
		until(t, w, "content/later/a.md")
	}
	put(t, root, "content/posts/b.md", "b")
	until(t, w, "content/posts/b.md")
}

// Where events were lost, a change says that anything may have changed, and folders of which nothing was told are watched
// from then on.
func TestOverflow(t *testing.T) {
	_, w := begin(t, Options{})
	w.system.Errors <- fsnotify.ErrEventOverflow
	select {
	case c := <-w.Changes():
		if !c.All {
			t.Errorf("%+v", c)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was told")
	}
}

// A folder that is not there is an error, and a closed watcher ends its channel.
func TestBeginningAndEnd(t *testing.T) {
	if _, err := New(Options{Root: filepath.Join(t.TempDir(), "nowhere")}); err == nil {
		t.Error("it watches nothing")
	}
	_, w := begin(t, Options{})
	w.Close()
	if _, open := <-w.Changes(); open {
		t.Error("it goes on")
	}
}
