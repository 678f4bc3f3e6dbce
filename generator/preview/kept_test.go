package preview

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waymark/generator"
)

var keptFiles = map[string]string{
	"waymark.yaml":       "title: Kept\n",
	"content/index.md":   "# Home\n\nSee [a](a.md).\n",
	"content/a.md":       "---\ntags: [x]\n---\n# A\n\nWords, and `code`.\n\n```go\nfunc x() {}\n```\n",
	"content/b.md":       "# B\n\n```quiz\n? What\n- [x] This\n- [ ] That\n```\n",
	"content/posts/c.md": "---\ndate: 2026-01-02\n---\n# C\n\n![a](../dot.svg)\n",
	"content/dot.svg":    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>`,
}

// everything returns all that a preview answers with.
func everything(t *testing.T, p *Preview) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range p.Names() {
		a, err := p.Get(name)
		if err != nil || a == nil {
			t.Fatal(name, err)
		}
		if a.Copy == "" {
			all[name] = string(a.Data)
		}
	}
	return all
}

// A preview begins with what builds and previews before it have made, whatever became of that, and shows what a build writes.
func TestAPreviewBeginsWithWhatWasKept(t *testing.T) {
	dir, cache, out := t.TempDir(), t.TempDir(), t.TempDir()
	for name, text := range keptFiles {
		put(t, dir, name, text)
	}
	c := generator.Config{Dir: dir, Clock: time.Unix(1_795_000_000, 0), Cache: cache, Output: out}
	again := func(what string, edit bool) (aside int64) {
		t.Helper()
		p, u, err := Open(t.Context(), c)
		if err != nil || u.Diagnostics.HasErrors() {
			t.Fatal(what, err, u.Diagnostics)
		}
		defer p.Close()
		clean := c
		clean.Cache, clean.Output = "", t.TempDir()
		if _, err := generator.Build(context.Background(), clean); err != nil {
			t.Fatal(err)
		}
		for name, got := range everything(t, p) {
			if name == Lost {
				continue
			}
			want, err := os.ReadFile(filepath.Join(clean.Output, filepath.FromSlash(name)))
			if err != nil || got != string(want) {
				t.Errorf("%s: %s is not what a build writes: %v", what, name, err)
			}
		}
		aside = p.Aside()
		if edit {
			put(t, dir, "content/a.md", keptFiles["content/a.md"]+"\nMore words.\n")
			update(t, p, Change{Paths: []string{"content/a.md"}})
			if a, err := p.Get("a/index.html"); err != nil || !bytes.Contains(a.Data, []byte("More words.")) {
				t.Errorf("%s: the page is as it was: %v", what, err)
			}
		}
		return aside
	}
	if again("the first one", false) == 0 {
		t.Error("the first one puts nothing aside")
	}
	if again("the second one", false) != 0 {
		t.Error("the second one makes something anew")
	}
	if again("before the edit", true) != 0 {
		t.Error("before the edit something is made anew")
	}
	again("after the edit", false)
	if _, err := generator.Build(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if again("behind a build", false) != 0 {
		t.Error("what was built is made anew")
	}
	packs, _ := filepath.Glob(filepath.Join(cache, "*.pack"))
	for i, pack := range packs {
		data, err := os.ReadFile(pack)
		if err != nil {
			t.Fatal(err)
		}
		data[20+i] ^= 1
		if err := os.WriteFile(pack, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again("what was kept is damaged", true)
	if again("after that", false); len(packs) == 0 {
		t.Error("nothing was kept")
	}
}
