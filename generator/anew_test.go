package generator

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What was made for one folder is not made again for another one: no text, no page, and no narrower version of a picture.
func TestANewFolderTakesAllFromTheCache(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("content/posts/a.md", []byte("---\ndate: 2026-01-02\n---\n# A\n\n![A wall](wall.png)\n\n![The same](again.jpg)\n"))
	picture := image.NewRGBA(image.Rect(0, 0, 1600, 900))
	for x := range 1600 {
		for y := range 900 {
			picture.Set(x, y, color.RGBA{uint8(x * y), uint8(x ^ y), uint8(x + 3*y), 255})
		}
	}
	file, err := os.Create(filepath.Join(dir, "content", "posts", "wall.png"))
	if err == nil {
		err = png.Encode(file, picture)
	}
	if err != nil || file.Close() != nil {
		t.Fatal(err)
	}
	if err := os.Link(filepath.Join(dir, "content", "posts", "wall.png"), filepath.Join(dir, "content", "posts", "again.jpg")); err != nil {
		t.Fatal(err) // the same bytes under the name of another format, which decides in which one its versions are made
	}
	c := Config{Dir: dir, Cache: t.TempDir(), Clock: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)}
	var built [2]map[string]string
	for i := range built {
		c.Output = t.TempDir()
		r, err := Build(t.Context(), c)
		if err != nil || !r.Written {
			t.Fatal(err, r.Diagnostics)
		}
		if i == 1 && (r.Cache.Added > 0 || r.Cache.Found == 0 || r.Files.Written == 0) {
			t.Errorf("the second build makes something anew: %+v %+v", r.Cache, r.Files)
		}
		built[i] = files(t, c.Output)
	}
	c.Cache, c.Output = "", t.TempDir()
	if _, err := Build(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for name, data := range files(t, c.Output) {
		if built[0][name] != data {
			t.Errorf("%s is another one without the cache", name)
		}
	}
	narrower := 0
	for name, data := range built[0] {
		if built[1][name] != data {
			t.Errorf("%s differs", name)
		}
		if filepath.Ext(name) == ".png" {
			narrower++
		}
	}
	if narrower < 2 || len(built[0]) != len(built[1]) {
		t.Errorf("%d pictures, %d and %d files", narrower, len(built[0]), len(built[1]))
	}
}
