package diag

import (
	"fmt"
	"io"
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

// Of many mistakes of one kind the first are printed, and how many more there are; errors come last, and none is hidden by warnings.
func TestManyMistakesAreCutShort(t *testing.T) {
	var list List
	for i := range 2_000 {
		list.Add(Diagnostic{Pos: Position{File: "content/a.md", Line: i + 1}, Severity: Warning, Code: "broken-link", Message: "nowhere"})
		list.Add(Diagnostic{Pos: Position{File: fmt.Sprintf("content/b%d.md", i/2)}, Severity: Warning, Code: "remote-image", Same: "example.org", Message: fmt.Sprint("pictures of example.org", i%2)})
		list.Add(Diagnostic{Pos: Position{File: "content/c.md", Line: i + 1}, Severity: Error, Code: "date", Message: "no date"})
	}
	list.Add(Diagnostic{Pos: Position{File: "content/a.md"}, Severity: Error, Code: "yaml", Message: "no YAML"})
	list.Sort()
	for name, write := range map[string]func(io.Writer, List) error{"text": Text, "GitHub": GitHub} {
		var out strings.Builder
		if err := write(&out, list); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		for words, n := range map[string]int{
			"nowhere": maxWarnings, "pictures of example.org0 (2000 times, in 1000 files)": 1, "pictures": 1, "no date": maxInFile, "no YAML": 1,
			"and 1990 more of the kind broken-link": 1, "and 1980 more of the kind date": 1,
		} {
			if found := strings.Count(got, words); found != n {
				t.Errorf("%s: %q stands there %d times, not %d", name, words, found, n)
			}
		}
		if strings.Index(got, "no YAML") < strings.LastIndex(got, "nowhere") {
			t.Errorf("%s: an error stands before a warning", name)
		}
	}
	if kinds := fmt.Sprint(list.Kinds()); kinds != "[{date error 2000} {yaml error 1} {broken-link warning 2000} {remote-image warning 2000}]" {
		t.Error(kinds)
	}
	var out strings.Builder
	if err := TextAll(&out, list); err != nil || strings.Count(out.String(), "nowhere") != 2_000 {
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
