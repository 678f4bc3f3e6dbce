package diag

import (
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

func TestSortDropsRepeats(t *testing.T) {
	a := Diagnostic{Pos: Position{File: "a", Line: 2}, Severity: Warning, Message: "x"}
	b := Diagnostic{Pos: Position{File: "a", Line: 2}, Severity: Error, Message: "y"}
	list := List{a, b, a}
	list.Sort()
	if len(list) != 2 || list[0].Message != "y" {
		t.Errorf("%v", list)
	}
}
