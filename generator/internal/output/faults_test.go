package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// failing is a disk on which one operation fails, or, where it is dead, that one and all after it. A write that fails leaves
// half of the data.
type failing struct {
	system
	at   int // which operation, from 0
	dead bool
	done int // how many there were
}

var errDisk = errors.New("the disk failed")

// fails counts an operation, and reports whether it fails.
func (d *failing) fails() bool {
	n := d.done
	d.done++
	return n == d.at || d.dead && n > d.at
}

func (d *failing) Lstat(name string) (fs.FileInfo, error) {
	if d.fails() {
		return nil, errDisk
	}
	return d.system.Lstat(name)
}

func (d *failing) Sync(name string) error {
	if d.fails() {
		return errDisk
	}
	return d.system.Sync(name)
}

func (d *failing) Stat(name string) (fs.FileInfo, error) {
	if d.fails() {
		return nil, errDisk
	}
	return d.system.Stat(name)
}

func (d *failing) ReadFile(name string) ([]byte, error) {
	if d.fails() {
		return nil, errDisk
	}
	return d.system.ReadFile(name)
}

func (d *failing) ReadDir(name string) ([]fs.DirEntry, error) {
	if d.fails() {
		return nil, errDisk
	}
	return d.system.ReadDir(name)
}

func (d *failing) Open(name string) (io.ReadCloser, error) {
	if d.fails() {
		return nil, errDisk
	}
	return d.system.Open(name)
}

// Create fails at once, or after half of what is written.
func (d *failing) Create(name string) (io.WriteCloser, error) {
	if d.fails() {
		return nil, errDisk
	}
	w, err := d.system.Create(name)
	return &failingWriter{w, d}, err
}

type failingWriter struct {
	io.WriteCloser
	disk *failing
}

func (w *failingWriter) Write(data []byte) (int, error) {
	if w.disk.fails() {
		n, _ := w.WriteCloser.Write(data[:len(data)/2])
		return n, errDisk
	}
	return w.WriteCloser.Write(data)
}

func (d *failing) WriteFile(name string, data []byte, mode fs.FileMode) error {
	if d.fails() {
		return errors.Join(errDisk, d.system.WriteFile(name, data[:len(data)/2], mode))
	}
	return d.system.WriteFile(name, data, mode)
}

func (d *failing) MkdirAll(name string, mode fs.FileMode) error {
	if d.fails() {
		return errDisk
	}
	return d.system.MkdirAll(name, mode)
}

func (d *failing) MkdirTemp(dir, pattern string) (string, error) {
	if d.fails() {
		return "", errDisk
	}
	return d.system.MkdirTemp(dir, pattern)
}

func (d *failing) Rename(from, to string) error {
	if d.fails() {
		return errDisk
	}
	return d.system.Rename(from, to)
}

func (d *failing) Link(from, to string) error {
	if d.fails() {
		return errDisk
	}
	return d.system.Link(from, to)
}

func (d *failing) Lock(name, folder string) (func(), bool, error) {
	if d.fails() {
		return func() {}, false, nil
	}
	return d.system.Lock(name, folder)
}

func (d *failing) Remove(name string) error {
	if d.fails() {
		return errDisk
	}
	return d.system.Remove(name)
}

func (d *failing) RemoveAll(name string) error {
	if d.fails() {
		return errDisk
	}
	return d.system.RemoveAll(name)
}

// buildOn writes a whole site on a disk.
func buildOn(d disk, dir string, site map[string]string) error {
	f, err := open(dir, d)
	if err != nil {
		return err
	}
	for _, path := range keys(site) {
		put := func() error { return f.Put(path, []byte(site[path])) }
		if strings.HasPrefix(path, "c") || strings.HasPrefix(path, "b") {
			put = func() error {
				return f.PutCopy(path, strings.NewReader(site[path]))
			}
		}
		if err := put(); err != nil {
			return errors.Join(err, f.Abort())
		}
	}
	_, err = f.Commit()
	return err
}

// drawSite draws a site; between two of them, files and folders may change places.
func drawSite(t *rapid.T, label string) map[string]string {
	site := map[string]string{}
	for _, p := range []string{"index.html", "a", "a/index.html", "a/b/index.html", "b/index.html", "c", "c/d", "assets/x.css"} {
		if rapid.Bool().Draw(t, label+" has "+p) {
			site[p] = rapid.SampledFrom([]string{"x", "y", "z", "longer"}).Draw(t, "text")
		}
	}
	if site["a"] != "" {
		delete(site, "a/index.html")
		delete(site, "a/b/index.html")
	}
	if site["c"] != "" {
		delete(site, "c/d")
	}
	return site
}

// Whichever operation of the disk fails, in whatever build: no file is torn; the build says so where it is not whole, and has
// put everything back, unless the disk is dead; and the next build makes the folder what it should be, whatever the failed one
// left behind. What somebody else put there stays.
func TestFailingDisks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, next, after := drawSite(t, "old"), drawSite(t, "new"), drawSite(t, "next")
		scratch, err := os.MkdirTemp("", "output")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(scratch) }()
		dir := filepath.Join(scratch, "site")
		begin := func(dir string) {
			if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o600), buildOn(system{}, dir, old)); err != nil {
				t.Fatal(err)
			}
		}
		counted := &failing{at: -1}
		begin(filepath.Join(scratch, "counted"))
		if err := buildOn(counted, filepath.Join(scratch, "counted"), next); err != nil {
			t.Fatal(err)
		}
		begin(dir)
		d := &failing{at: rapid.IntRange(0, counted.done-1).Draw(t, "operation"), dead: rapid.Bool().Draw(t, "dead")}
		failed := buildOn(d, dir, next)
		for path, text := range read(t, dir) {
			if text != old[path] && text != next[path] && path != "mine.txt" {
				t.Fatalf("%s is torn: %q", path, text)
			}
		}
		whole := func(what string, site map[string]string) {
			got := read(t, dir)
			if got["mine.txt"] != "mine" || len(got) != len(site)+1 {
				t.Fatalf("%s, the folder has %v, want %v: %v", what, keys(got), keys(site), failed)
			}
			for path, text := range site {
				if got[path] != text {
					t.Fatalf("%s, %s is %q, want %q: %v", what, path, got[path], text, failed)
				}
			}
		}
		switch {
		case failed == nil:
			whole("after a build that said it was done", next)
		case !d.dead:
			whole("after a build that failed", old)
		}
		if err := buildOn(system{}, dir, after); err != nil {
			t.Fatalf("after %v, the next build ends with: %v", failed, err)
		}
		whole("after the next build", after)
		if left, _ := filepath.Glob(filepath.Join(dir, stateFolder, stagePrefix+"*")); len(left) > 0 {
			t.Fatalf("left behind: %v", left)
		}
	})
}
