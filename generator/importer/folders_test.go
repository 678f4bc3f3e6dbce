package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFolderTellsOfEverything: whatever lies in a folder for whatever program, an outcome names each file or a folder that it lies in, none
// does so twice, and a second import writes nothing.
func TestFolderTellsOfEverything(t *testing.T) {
	pieces := []string{
		"content", "static", "docs", "src", "pages", "data", "_data", "assets", "layouts", "_posts", "_drafts", "config", "_default", ".git", "journals",
		"logseq", "node_modules", "blog",
	}
	names := []string{
		"hugo.toml", "_config.yml", "mkdocs.yml", "book.toml", "a.md", "2020-01-02-b.md", "_index.md", "SUMMARY.md", "c.png", "d.yaml", "menus.yaml",
		"navigation.yml", "package.json", ".hidden", "README.md", "LICENSE", "_category_.json", "docusaurus.config.js",
	}
	texts := []string{"", "words {{< mine >}}", "---\ntitle: A\nmenu: main\n---\nwords", "+++\ntitle = 'B'\n+++\n", "menu:\n  main: [a, {name: b, url: c}]\n", "nav: [a.md]", "[menu]\n", "\xff"}
	programs := []string{"Hugo", "Jekyll", "Obsidian", "Logseq", "MkDocs", "Docusaurus", "mdBook", "Quarto", "Eleventy", "Astro", "Pelican", "Waymark", ""}
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "folder")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
		made := map[string]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "files") {
			name := filepath.Join(append(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 3).Draw(t, "in"), rapid.SampledFrom(names).Draw(t, "name"))...)
			at := filepath.Join(from, name)
			if os.MkdirAll(filepath.Dir(at), 0o755) != nil || os.WriteFile(at, []byte(rapid.SampledFrom(texts).Draw(t, "text")), 0o644) != nil {
				continue
			}
			made[filepath.ToSlash(name)] = true
		}
		outcomes, err := Folder(from, to, programs...)
		if err != nil {
			return // there is no text in it
		}
		told := map[string]int{}
		written := 0
		for _, o := range outcomes {
			if told[o.From]++; told[o.From] > 1 && !strings.Contains(o.From, "menu: ") {
				t.Errorf("%s is told of twice", o.From)
			}
			if o.What == Kept || o.What == Changed {
				written++
			}
		}
		for _, name := range slices.Sorted(maps.Keys(made)) {
			covered := told[name] > 0
			for folder := filepath.Dir(name); !covered && folder != "."; folder = filepath.Dir(folder) {
				covered = told[folder+"/"] > 0
			}
			if !covered {
				t.Errorf("nothing tells of %s", name)
			}
		}
		if n := regular(t, to); n != written {
			t.Errorf("%d are said to be written, and %d are there", written, n)
		}
		again, err := Folder(from, to, programs...)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range again {
			if o.What == Kept || o.What == Changed {
				t.Errorf("a second time %s is written", o.To)
			}
		}
	})
}

// regular counts the files of a folder.
func regular(t *rapid.T, dir string) (n int) {
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(fmt.Errorf("count files: %w", err))
	}
	return n
}
