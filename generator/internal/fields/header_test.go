package fields

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What is not set stays as it was typed.
func TestHeaderKeepsWhatItsAuthorTyped(t *testing.T) {
	const typed = "# mine\ntitle: \"Old\"   # a comment\n\n# below\ntags:\n- a\n- b # two\nextra: {x:  1}\nnote: |\n  # not a comment\n  text\n\n# last\n"
	h, err := ReadHeader([]byte(typed))
	if err != nil {
		t.Fatal(err)
	}
	h.Order = []string{"title", "date", "tags", "draft"}
	for _, change := range []error{
		h.Set("title", "It's new"), h.Set("date", Word("2026-01-31")), h.Set("draft", true), h.Set("part", 3), h.Set("authors", []string{"Ann", "B, C", ""}), h.Remove("extra"), h.Remove("nothing"),
	} {
		if change != nil {
			t.Fatal(change)
		}
	}
	const want = "---\n# mine\ntitle: 'It''s new'\n\n# below\ndate: 2026-01-31\ntags:\n- a\n- b # two\nnote: |\n  # not a comment\n  text\n\n# last\ndraft: true\npart: 3\nauthors: [Ann, 'B, C', '']\n---\n"
	if got := string(h.Bytes()); got != want {
		t.Errorf("it became\n%s", got)
	}
}

func TestHeadersThatCannotBeChanged(t *testing.T) {
	for _, typed := range []string{"{title: x}", "- a", "title: [", "? a\n: b", "a: 1\na: 2", " a: 1", "\"a\": 1"} {
		if _, err := ReadHeader([]byte(typed)); !errors.Is(err, ErrNotEditable) {
			t.Errorf("%q gives %v", typed, err)
		}
	}
	h, err := ReadHeader([]byte("a: &x 1\nb: *x\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Set("a", 2); !errors.Is(err, ErrNotEditable) || string(h.Bytes()) != "---\na: &x 1\nb: *x\n---\n" {
		t.Errorf("changing a value that others refer to gives %v and %s", err, h.Bytes())
	}
}

// Whatever is set in a header of whatever lines: it is read back as it was set, all other values are what they were, and no
// line of comment is lost.
func TestSetChangesOneKeyAlone(t *testing.T) {
	lines := []string{
		"# a comment", "", "title: Plain words", "tags: [a, b]", "series:\n  - x\n  # inside\n  - y", "note: >\n  folded\n\n  text", "date: 2026-01-01 # why",
		"quote: 'it''s'", "map:\n  k: v\n", "flow: {a: [1,\n  2]}",
	}
	rapid.Check(t, func(t *rapid.T) {
		typed := strings.Join(rapid.SliceOfDistinct(rapid.SampledFrom(lines), rapid.ID[string]).Draw(t, "lines"), "\n") + "\n"
		h, err := ReadHeader([]byte(typed))
		if err != nil {
			t.Fatal(err)
		}
		key := rapid.SampledFrom([]string{"title", "tags", "series", "note", "date", "new"}).Draw(t, "key")
		want := strings.ToValidUTF8(rapid.String().Draw(t, "value"), "")
		h.Order = rapid.Permutation([]string{"new", "title", "tags", "note"}).Draw(t, "order")
		before, _ := Parse([]byte(typed), "x.md", 1)
		if err := h.Set(key, want); err != nil {
			t.Fatal(err)
		}
		after, list := Parse([]byte(h.text()), "x.md", 1)
		if list.HasErrors() {
			t.Fatalf("%s\n%v", h.text(), list)
		}
		value := func(pairs []Pair, key string) (v any) {
			if at := slices.IndexFunc(pairs, func(p Pair) bool { return p.Key == key }); at >= 0 {
				v = pairs[at].Value.Plain()
			}
			return v
		}
		if got := value(after, key); got != want {
			t.Fatalf("%q was set, and %q is read:\n%s", want, got, h.text())
		}
		for _, p := range before {
			if p.Key != key && !reflect.DeepEqual(p.Value.Plain(), value(after, p.Key)) {
				t.Fatalf("%s is another one:\n%s", p.Key, h.text())
			}
		}
		if strings.Contains(typed, "# a comment") && !strings.Contains(h.text(), "# a comment") {
			t.Fatalf("a comment is lost:\n%s", h.text())
		}
	})
}
