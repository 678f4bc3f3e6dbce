package diag

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	candidates := []string{"title", "description", "date", "day-1", "draft"}
	for word, want := range map[string]string{
		"titel": "title", "Title": "title", "descriptio": "description", "dtae": "date", "drafts": "draft", "day-2": "", "permalink": "", "x": "",
	} {
		if got := Nearest(word, candidates); got != want {
			t.Errorf("%q is nearest to %q, want %q", word, got, want)
		}
	}
}

// Whatever a file is called and holds, what is printed of it cannot move a terminal's cursor, and each workflow
// command stays on a line of its own.
func TestPrintedTextIsHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		list := List{{
			Pos: Position{File: text.Draw(t, "file"), Line: 1, Col: rapid.IntRange(0, 300).Draw(t, "col")}, Severity: Error,
			Message: text.Draw(t, "message"), Hint: text.Draw(t, "hint"), Source: text.Draw(t, "source"),
		}}
		var people, github strings.Builder
		if Text(&people, list) != nil || GitHub(&github, list) != nil {
			t.Fatal("a string cannot fail to be written to")
		}
		if i := strings.IndexFunc(people.String(), func(r rune) bool { return r != '\n' && (r < ' ' || r >= 0x7F && r < 0xA0) }); i >= 0 {
			t.Fatalf("%q", people.String())
		}
		if strings.Count(github.String(), "\n") != 1 {
			t.Fatalf("%q", github.String())
		}
	})
}

// Of many mistakes of one kind the first are printed, and how many more there are; an error is never hidden by warnings.
func TestManyMistakesAreCutShort(t *testing.T) {
	var list List
	for i := range 2_000 {
		list.Add(Diagnostic{Pos: Position{File: "content/a.md", Line: i + 1}, Severity: Warning, Code: "broken-link", Message: "nowhere"})
		list.Add(Diagnostic{Pos: Position{File: fmt.Sprintf("content/b%d.md", i)}, Severity: Warning, Code: "broken-link", Message: "nowhere"})
	}
	list.Add(Diagnostic{Pos: Position{File: "content/z.md"}, Severity: Error, Code: "date", Message: "no date"})
	list.Sort()
	for name, write := range map[string]func(io.Writer, List) error{"text": Text, "GitHub": GitHub} {
		var out strings.Builder
		if err := write(&out, list); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "nowhere"); n != maxShown-1 {
			t.Errorf("%s: %d warnings are printed", name, n)
		}
		for _, want := range []string{"no date", "and 3001 more like these"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
	}
	alike := slices.DeleteFunc(list, func(d Diagnostic) bool { return d.Pos.File != "content/a.md" })
	var out strings.Builder
	if err := Text(&out, alike); err != nil || strings.Count(out.String(), "nowhere") != maxAlike || !strings.Contains(out.String(), "and 1980 more") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestSortDropsRepeats(t *testing.T) {
	a := Diagnostic{Pos: Position{File: "a", Line: 2}, Severity: Warning, Message: "x"}
	b := Diagnostic{Pos: Position{File: "a", Line: 2}, Severity: Error, Message: "y"}
	list := List{a, b, a}
	list.Sort()
	if len(list) != 2 || list[0].Message != "y" {
		t.Errorf("%v", list)
	}
}
