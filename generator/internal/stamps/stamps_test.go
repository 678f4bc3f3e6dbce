package stamps

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }

// Whatever happens to a file or a folder, it has another stamp; what is hidden counts only as far as its folder is another one.
func TestEveryChangeIsSeen(t *testing.T) {
	if !supported {
		t.Skip("this system does not tell when a file changed, and nothing trusts stamps there")
	}
	for what, change := range map[string]func(t *testing.T, dir string){
		"nothing": nil,
		"other words of the same length, with the old time": func(t *testing.T, dir string) {
			name := filepath.Join(dir, "content", "a.md")
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			write(t, name, "b")
			if err := os.Chtimes(name, info.ModTime(), info.ModTime()); err != nil {
				t.Fatal(err)
			}
		},
		"another file moved over it": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "new"), "a")
			if err := os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "content", "a.md")); err != nil {
				t.Fatal(err)
			}
		},
		"a new file": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "content", "deep", "c.md"), "c") },
		"a file gone": func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "content", "deep", "b.md")); err != nil {
				t.Fatal(err)
			}
		},
		"a name that was not there": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "static", "x"), "x") },
		"a file that may not be read any more": func(t *testing.T, dir string) {
			if err := os.Chmod(filepath.Join(dir, "content", "a.md"), 0o200); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "content", "a.md"), "a")
			write(t, filepath.Join(dir, "content", "deep", "b.md"), "b")
			write(t, filepath.Join(dir, "content", ".hidden", "x"), "x")
			tree, known := Look(dir, hidden, "content", "static")
			if !known || len(tree) != 5 || !tree.Beside(dir) {
				t.Fatalf("%v %+v", known, tree)
			}
			if elsewhere := (Tree{{Path: "a", Mode: 1, Device: tree[0].Device + 1}}); elsewhere.Beside(dir) {
				t.Error("another device has another clock")
			}
			beyondTick(t, dir)
			write(t, filepath.Join(dir, "content", ".hidden", "x"), "y")
			if change != nil {
				change(t, dir)
			}
			if tree.Same(dir) != (change == nil) {
				t.Errorf("same: %v", tree.Same(dir))
			}
		})
	}
}

// beyondTick waits until the file system's clock is beyond the tick in which files were written.
func beyondTick(t *testing.T, dir string) {
	t.Helper()
	for begin := touched(t, dir); touched(t, dir).Sub(begin) < tick; {
		continue
	}
}

func touched(t *testing.T, dir string) time.Time {
	t.Helper()
	name := filepath.Join(dir, "tick")
	write(t, name, "x")
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

func TestLinksAreNotTrusted(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "content", "a.md"), "a")
	if err := os.Symlink("a.md", filepath.Join(dir, "content", "b.md")); err != nil {
		t.Skip("this system has no links")
	}
	if _, known := Look(dir, hidden, "content"); known {
		t.Error("a link leads elsewhere, and what is there may change")
	}
}

// What changed within a tick of the clock before it was looked at may change again unseen.
func TestCertain(t *testing.T) {
	now := time.Unix(1_800_000_000, 500_000_000)
	at := func(before time.Duration) File { return File{Path: "a", Mode: 1, Changed: now.Add(-before).UnixNano()} }
	for _, c := range []struct {
		file File
		want bool
	}{
		{at(time.Minute), true},
		{at(30 * time.Millisecond), true},
		{at(5 * time.Millisecond), false},
		{at(-time.Hour), false},
		{at(500 * time.Millisecond), false}, // a clock of whole seconds
		{at(10*time.Second + 500*time.Millisecond), true},
		{File{Path: "none"}, true},
	} {
		if got := (Tree{c.file}).Certain(now); got != c.want {
			t.Errorf("%+v: %v", c.file, got)
		}
	}
}
