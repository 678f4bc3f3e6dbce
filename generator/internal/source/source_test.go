package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Cleaning takes foreign line endings away, moves no line, and changes nothing the second time.
func TestClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOf(rapid.StringMatching(`[a-z é]{0,5}`)).Draw(t, "lines")
		ending := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "ending")
		mark := rapid.SampledFrom([]string{"", "\uFEFF"}).Draw(t, "mark")
		got := Clean([]byte(mark + strings.Join(lines, ending)))
		if string(got) != strings.Join(lines, "\n") || !bytes.Equal(Clean(got), got) {
			t.Fatalf("%q", got)
		}
	})
}

func TestScan(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"content/b.md", "content/a/pic.PNG", "content/.hidden.md", "content/.git/x.md", "content/a/draft.md~", "content/_x/y.md", "other/z.md"} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte("text"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	entries, list, err := Scan(root)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Path)
	}
	if got := strings.Join(names, " "); got != "a/pic.PNG b.md" || len(list) != 1 || list[0].Code != "underscore" {
		t.Errorf("%s, %v", got, list)
	}
}

func TestAt(t *testing.T) {
	text := []byte("é1\n23\n")
	for offset, want := range map[int]string{0: "f:1:1", 2: "f:1:2", 4: "f:2:1", 5: "f:2:2", 99: "f:3:1"} {
		if got := At("f", text, offset).String(); got != want {
			t.Errorf("offset %d: %s, want %s", offset, got, want)
		}
	}
}

// A folder whose name is no UTF-8, or that lies too deep, is named and not looked into, in every folder that is read.
func TestFoldersThatAreNotLookedInto(t *testing.T) {
	for _, top := range []string{Folder, StaticFolder} {
		dir := t.TempDir()
		deep := top + strings.Repeat("/d", maxDepth+2)
		if err := os.MkdirAll(filepath.Join(dir, deep), 0o755); err != nil {
			t.Fatal(err)
		}
		wanted := 1
		if os.Mkdir(filepath.Join(dir, top, "a\xff"), 0o755) == nil { // some file systems refuse it
			wanted = 2
		}
		for _, name := range []string{deep + "/a.md", top + "/a\xff/a.md"} {
			_ = os.WriteFile(filepath.Join(dir, name), []byte("a"), 0o600)
		}
		root, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = root.Close() }()
		names, list, err := Static(root)
		if top == Folder {
			var entries []Entry
			entries, list, err = Scan(root)
			names = make([]string, len(entries))
		}
		if err != nil || len(names) != 0 || len(list) != wanted || !list.HasErrors() {
			t.Errorf("%s: %q, %+v, %v", top, names, list, err)
		}
	}
}
