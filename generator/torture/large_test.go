package torture

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Files that are copied are never in memory as a whole.
func TestLargeFiles(t *testing.T) {
	n, size := scale(1, 3), int64(scale(60, 100))<<20
	dir := t.TempDir()
	folder{"content/a.md": "a\n", "content/b.bin": "b", "static/a.txt": "a"}.write(t, dir)
	for i := range n {
		f, err := os.Create(filepath.Join(dir, "static", fmt.Sprintf("large-%d.bin", i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(size); err != nil { // full of zeros, which take no room
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	o := finish(t, command(dir))
	if o.status != 0 || o.peak > 96<<20 {
		t.Errorf("status %d, %d MiB: %s", o.status, o.peak>>20, head(o.said))
	}
	tried(t, "Files of 100 MB that are copied", n, fmt.Sprintf("%d MiB of memory", o.peak>>20))
}

// Pictures are scaled a few at a time, by their pixels.
func TestLargePictures(t *testing.T) {
	n, side := scale(2, 10), scale(1_000, 6_000)
	dir := t.TempDir()
	picture := image.NewGray(image.Rect(0, 0, side, side))
	for i := range side {
		picture.SetGray(i, i, color.Gray{uint8(i)})
	}
	var text strings.Builder
	for i := range n {
		name := fmt.Sprintf("picture-%d.png", i)
		fmt.Fprintf(&text, "![A line](%s)\n\n", name)
		folder{"content/" + name: ""}.write(t, dir)
		f, err := os.Create(filepath.Join(dir, "content", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, picture); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	folder{"content/a.md": text.String()}.write(t, dir)
	o := finish(t, command(dir))
	if o.status != 0 || o.peak > 512<<20 {
		t.Errorf("status %d, %d MiB: %s", o.status, o.peak>>20, head(o.said))
	}
	made := 0
	for name := range read(t, filepath.Join(dir, "public")) {
		if strings.HasSuffix(name, "w.png") {
			made++
		}
	}
	if made < n {
		t.Errorf("%d narrower versions of %d pictures", made, n)
	}
	tried(t, "Pictures of 36 megapixels", n, fmt.Sprintf("%d narrower versions, %d MiB of memory", made, o.peak>>20))
}
