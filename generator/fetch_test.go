package generator

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Pictures of another host come when they are asked for, once each, and over no file of the author's; what is no picture, or too
// large, or not there, is told, and the site is built.
func TestPicturesOfOtherHostsAreFetched(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int32
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/wall.png", "/mine.png":
			_, _ = w.Write(picture.Bytes())
		case "/script.svg":
			_, _ = w.Write([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`))
		case "/endless.png":
			_, _ = w.Write(picture.Bytes())
			for range 25 {
				_, _ = w.Write(make([]byte, 1<<20))
			}
		default:
			http.NotFound(w, r)
		}
	}))
	defer host.Close()
	dir := t.TempDir()
	put := func(name, text string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("content/a.md", strings.ReplaceAll("![Wall](HOST/wall.png) ![Wall](HOST/wall.png) ![S](HOST/script.svg) ![E](HOST/endless.png) ![G](HOST/gone.png)\n", "HOST", host.URL))
	build := func(fetch bool) Report {
		t.Helper()
		report, err := Build(context.Background(), Config{Dir: dir, Clock: time.Unix(1767225600, 0), Fetch: fetch})
		if err != nil || !report.Written {
			t.Fatalf("%v %+v", err, report.Diagnostics)
		}
		return report
	}
	build(false)
	if asked.Load() > 0 {
		t.Fatal("a build asks other hosts for something without being told to")
	}
	report := build(true)
	var told []string
	for _, d := range report.Diagnostics {
		if d.Code == "fetch" {
			_, why, _ := strings.Cut(d.Message, " did not come: ")
			told = append(told, why)
		}
	}
	if want := "it has more than 20 MB|the host answers 404 Not Found|it is no PNG, JPEG, GIF or WebP picture"; strings.Join(told, "|") != want {
		t.Errorf("%q, want %q", told, want)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "content", "pictures-from", "*", "*"))
	if len(files) != 1 {
		t.Fatalf("%v", files)
	}
	if page, err := os.ReadFile(filepath.Join(report.Output, "a", "index.html")); err != nil || strings.Count(string(page), "<img") != 2 || strings.Contains(string(page), "<img src=\"http") {
		t.Errorf("%v %s", err, page)
	}
	if err := os.WriteFile(files[0], []byte("the author's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := asked.Load()
	build(true)
	if data, err := os.ReadFile(files[0]); err != nil || string(data) != "the author's own" || asked.Load() != before+3 {
		t.Errorf("%v %q, asked %d times more", err, data, asked.Load()-before)
	}
}
