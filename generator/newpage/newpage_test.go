package newpage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/fields"
)

var day = time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)

func site(t interface{ Fatal(...any) }, dir string, files ...string) {
	for _, name := range append(files, "content/index.md") {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte("mine"), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// Each kind goes where the content model wants it.
func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	site(t, dir, "content/courses/c/index.md", "content/courses/c/d/index.md")
	for _, c := range []struct{ kind, title, in, want string }{
		{"post", "Über uns", "", "content/posts/über-uns.md"},
		{"note", "A thought", "", "content/notes/a-thought.md"},
		{"note", "A thought", "c/d", "content/courses/c/d/a-thought.md"},
		{"course", "Three  days", "", "content/courses/three-days/index.md"},
		{"session", "Day two", "c", "content/courses/c/day-two/index.md"},
		{"session", "Day three", "content/courses/c/index.md", "content/courses/c/day-three/index.md"},
		{"series", "From here", "", "content/series/from-here.md"},
	} {
		if got, err := Make(dir, c.kind, c.title, c.in, day); err != nil || got != c.want {
			t.Errorf("%s %q in %q goes to %s: %v", c.kind, c.title, c.in, got, err)
		}
	}
}

// What cannot be made is wrong use, in a sentence, and leaves the site as it was.
func TestWhatCannotBeMade(t *testing.T) {
	dir := t.TempDir()
	site(t, dir, "content/posts/there.md", "content/courses/a/index.md", "content/courses/b/index.md")
	for _, c := range []struct{ kind, title, in, want string }{
		{"post", "There", "", "already there"},
		{"post", "!!!", "", "nothing that can stand in an address"},
		{"post", "Index", "", "would stand for its whole folder"},
		{"post", strings.Repeat("long ", 40), "", "choose a shorter one"},
		{"session", "One", "", "say which course"},
		{"session", "One", "c", "there is no course"},
		{"note", "One", "a/none", "there is no session"},
		{"note", "One", "../../etc", "no course of this site"},
	} {
		_, err := Make(dir, c.kind, c.title, c.in, day)
		if usage := new(diag.UsageError); !errors.As(err, &usage) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %q in %q gives %v", c.kind, c.title, c.in, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, "content", "posts", "there.md")); err != nil || string(data) != "mine" {
		t.Errorf("what was there is now %q: %v", data, err)
	}
	if _, err := Make(t.TempDir(), "post", "One", "", day); err == nil || !strings.Contains(err.Error(), "waymark new site") {
		t.Errorf("a folder that is no site gives %v", err)
	}
}

// Whatever the title, the header is read back with that title and that day.
func TestHeadersAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := strings.Join(strings.Fields(strings.ToValidUTF8(rapid.String().Draw(t, "title"), "")), " ")
		kind := rapid.SampledFrom(Kinds()).Draw(t, "kind").Name
		text, err := frontMatter(kind, title, day, 1)
		if err != nil {
			t.Fatal(err)
		}
		header, rest, found := strings.Cut(strings.TrimPrefix(text, "---\n"), "---\n")
		if !found || !strings.HasPrefix(rest, "\nWrite here") {
			t.Fatal(text)
		}
		pairs, list := fields.Parse([]byte(header), "x.md", 2)
		if list.HasErrors() || pairs[0].Key != "title" || pairs[0].Value.Text != title {
			t.Fatalf("%q became %+v: %v", title, pairs, list)
		}
		for _, p := range pairs {
			if p.Key == "date" || p.Key == "starts" {
				if on, err := dates.Parse(p.Value.Text, "", time.UTC); err != nil || on.ISO() != "2026-01-31" {
					t.Fatalf("the day is %q: %v", p.Value.Text, err)
				}
			}
		}
	})
}
