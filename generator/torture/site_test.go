package torture

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// edition is a site of its own: all its pages, its style sheet and its files differ from those of any other edition, some names
// exist in every second one only, and one name is a file in one and a folder in the other.
func edition(n, posts int) folder {
	f := folder{
		"waymark.yaml":               fmt.Sprintf("title: Edition %d\nbase_url: https://example.org/\n", n),
		"assets/css/adapt.css":       fmt.Sprintf("/* any */ .edition-%d { color: red }\n", n),
		"content/index.md":           fmt.Sprintf("# Edition %d\n", n),
		fmt.Sprintf("static/%d", n):  "x",
		"static/large.bin":           strings.Repeat(fmt.Sprintf("%8d", n), 20_000),
		"content/notes/deep/down.md": fmt.Sprintf("# Down\n\nedition %d\n", n),
	}
	for i := range posts {
		f[fmt.Sprintf("content/posts/p%d.md", i+n%2)] = fmt.Sprintf("---\ntitle: P%d\ndate: 2026-01-02\ntags: [t%d]\n---\nedition %d\n", i, i%3, n)
	}
	if n%2 == 0 {
		f["static/swap"] = "a file"
	} else {
		f["static/swap/inner.txt"] = "in a folder"
	}
	return f
}

// editions writes some editions, each into a folder of its own, and builds each, alone, so that it is known what is right.
func editions(t *testing.T, n, posts int) (sources []string, right []folder) {
	t.Helper()
	for i := range n {
		dir := t.TempDir()
		edition(i, posts).write(t, dir)
		must(t, command(dir, "-q"))
		sources, right = append(sources, dir), append(right, read(t, filepath.Join(dir, "public")))
	}
	return sources, right
}

// named are the style sheets and scripts that a page names. They are what a page is nothing without.
var named = regexp.MustCompile(`(?:href|src)="?([^" >]+\.(?:css|js))[" >]`)

// whole says what is wrong with a folder that is to hold nothing but whole files of one of these editions, in which every page
// finds what it names; nil if nothing is.
func whole(files folder, right []folder) []string {
	var wrong []string
	for name, data := range files {
		known := false
		for _, r := range right {
			known = known || r[name] == data
		}
		if !known {
			wrong = append(wrong, fmt.Sprintf("%s is of no edition (%d bytes)", name, len(data)))
			continue
		}
		if path.Ext(name) != ".html" {
			continue
		}
		for _, g := range named.FindAllStringSubmatch(data, -1) {
			target := strings.TrimPrefix(path.Join("/", path.Dir(name), g[1]), "/")
			if _, there := files[target]; !there && !strings.Contains(g[1], "://") {
				wrong = append(wrong, fmt.Sprintf("%s names %s, which is not there", name, target))
			}
		}
	}
	return wrong
}

// same says how a folder differs from an edition, but for files of the edition before that may stay.
func same(files, want folder, lasting ...folder) []string {
	var wrong []string
	for name, data := range want {
		if got, there := files[name]; got != data {
			wrong = append(wrong, fmt.Sprintf("%s is not as it should be (there: %v, %d bytes)", name, there, len(got)))
		}
	}
	for name, data := range files {
		_, known := want[name]
		for _, before := range lasting {
			known = known || strings.HasPrefix(name, "assets/") && before[name] == data
		}
		if !known {
			wrong = append(wrong, name+" should not be there")
		}
	}
	return wrong
}

// leftovers lists what a build keeps beside its manifest and its lock: there should be nothing.
func leftovers(t *testing.T, out string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(out, ".waymark"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}
