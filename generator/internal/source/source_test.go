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
	root, err := os.OpenRoot(dir)
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
