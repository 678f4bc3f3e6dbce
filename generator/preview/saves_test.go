package preview

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"waymark/generator"
)

// opened opens a preview of a site of a few files.
func opened(t *testing.T, files map[string]string) (p *Preview, dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	p, _, err := Open(context.Background(), generator.Config{Dir: dir, Clock: time.Unix(1_795_000_000, 0)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p, dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func update(t *testing.T, p *Preview, c Change) Update {
	t.Helper()
	c.Clock = time.Unix(1_795_000_000, 0)
	u, err := p.Update(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// However an editor saves, new words in a text are new words: the site is not made anew, and its folder is not looked through.
// What an editor puts beside the text for a moment does not count, nor what it keeps there for itself.
func TestWordsAreWordsHoweverTheyAreSaved(t *testing.T) {
	p, dir := opened(t, map[string]string{"content/a/x.md": "# A\n\nwords\n", "content/b.md": "# B\n", "content/a/x.md~": "old"})
	site := p.shown.site()
	for i, beside := range [][]string{nil, {"x.md.tmp"}, {"x.md~"}, {"4913", ".x.md.swp"}, {"#x.md#", ".#x.md"}, {"x.md.tmp.123.456"}, {"x.md___jb_tmp___", "x.md___jb_old___"}, {".DS_Store"}} {
		words := fmt.Sprintf("words-%d", i)
		put(t, dir, "content/a/x.md", "# A\n\n"+words+"\n")
		change := Change{Paths: []string{"content/a/x.md"}}
		for _, name := range beside {
			change.Paths = append(change.Paths, "content/a/"+name)
		}
		u := update(t, p, change)
		if u.Nothing || u.Address != "/a/x/" || p.shown.site() != site {
			t.Errorf("beside %q: %+v, the site made anew: %v", beside, u, p.shown.site() != site)
		}
		if a, err := p.Get("a/x/index.html"); err != nil || !strings.Contains(string(a.Data), words) {
			t.Errorf("beside %q: %v, without %q", beside, err, words)
		}
	}
}

// What does count is looked for: a new text, one that went away, a folder that did, and a name of which something is said.
func TestOtherChangesAreNotTakenForWords(t *testing.T) {
	p, dir := opened(t, map[string]string{"content/a.md": "# A\n", "content/b/b.md": "# B\n", "content/b/c.txt": "c\n"})
	count := func(names ...string) int {
		t.Helper()
		update(t, p, Change{Paths: names})
		return len(p.Names())
	}
	before := len(p.Names())
	put(t, dir, "content/new.md", "# New\n")
	if n := count("content/new.md", "content/new.md.tmp"); n <= before {
		t.Errorf("%d files with a new text, %d without", n, before)
	}
	if os.Symlink(".hidden.md", filepath.Join(dir, "content/link.md")) == nil {
		count("content/link.md")
		put(t, dir, "content/.hidden.md", "# Hidden\n")
		count("content/.hidden.md")
		if a, err := p.Get("link/index.html"); err != nil || a == nil {
			t.Errorf("what a link names is there, and not seen: %v", err)
		}
		before = len(p.Names())
	}
	if err := os.RemoveAll(filepath.Join(dir, "content/b")); err != nil {
		t.Fatal(err)
	}
	if n := count("content/b"); n >= before {
		t.Errorf("%d files without a folder, %d with it", n, before)
	}
	put(t, dir, "content/_draft.md", "# Draft\n")
	if u := update(t, p, Change{Paths: []string{"content/_draft.md"}}); len(u.Diagnostics) != 1 {
		t.Errorf("an underscore: %+v", u.Diagnostics)
	}
	if err := os.Remove(filepath.Join(dir, "content/_draft.md")); err != nil {
		t.Fatal(err)
	}
	if u := update(t, p, Change{Paths: []string{"content/_draft.md"}}); len(u.Diagnostics) != 0 {
		t.Errorf("no underscore any more: %+v", u.Diagnostics)
	}
}

// After events were lost, files of the static folder that changed meanwhile are told of as well.
func TestStaticFilesAreComparedAfterLostEvents(t *testing.T) {
	p, dir := opened(t, map[string]string{"content/a.md": "# A\n", "static/a.png": "one", "static/b.txt": "b"})
	put(t, dir, "static/a.png", "another")
	if err := os.Remove(filepath.Join(dir, "static/b.txt")); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "static/new.txt", "new")
	if u := update(t, p, Change{All: true}); strings.Join(u.Files, " ") != "/a.png /b.txt /new.txt" {
		t.Errorf("files %q", u.Files)
	}
	if u := update(t, p, Change{All: true}); len(u.Files) != 0 {
		t.Errorf("files %q, although nothing changed", u.Files)
	}
}

// A page that many ask for at once is made once.
func TestAPageIsMadeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a answers
		var made atomic.Int64
		gate := make(chan bool)
		var wait sync.WaitGroup
		results := make([]*Answer, 8)
		for i := range results {
			wait.Go(func() {
				results[i], _ = a.once("a", func() (*Answer, error) {
					<-gate
					made.Add(1)
					return &Answer{}, nil
				})
			})
		}
		synctest.Wait() // all have asked
		close(gate)
		wait.Wait()
		for _, r := range results {
			if r != results[0] || r == nil {
				t.Error("another answer")
			}
		}
		if made.Load() != 1 {
			t.Errorf("made %d times", made.Load())
		}
	})
}

// What waymark.yaml changes of the look shows in the preview, too.
func TestAnotherLook(t *testing.T) {
	p, dir := opened(t, map[string]string{"content/a.md": "# A\n", "waymark.yaml": "title: A\n"})
	style := func() string {
		t.Helper()
		for _, name := range p.Names() {
			if strings.HasPrefix(name, "assets/main-") && strings.HasSuffix(name, ".css") {
				a, err := p.Get(name)
				if err != nil {
					t.Fatal(err)
				}
				return string(a.Data)
			}
		}
		t.Fatal("there is no style sheet")
		return ""
	}
	put(t, dir, "waymark.yaml", "title: A\naccent: \"#006600\"\nfont: system\n")
	update(t, p, Change{Paths: []string{"waymark.yaml"}})
	if css := style(); !strings.Contains(css, "#060") && !strings.Contains(css, "#006600") || !strings.Contains(css, "--font: system-ui") {
		t.Errorf("the style sheet is as it was: %q", css[max(0, len(css)-300):])
	}
}
