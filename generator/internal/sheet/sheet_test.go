package sheet

import (
	"fmt"
	"strings"
	"testing"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
)

func read(kind Kind, text string) (*Sheet, diag.List) {
	var lines []outline.Line
	for i, l := range strings.Split(text, "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{File: "a.md", Line: i + 1, Col: 1}})
	}
	return Parse(kind, diag.Position{File: "a.md", Line: 1, Col: 1}, lines)
}

func summary(s *Sheet) string {
	out := s.Title.String() + ":"
	for _, p := range s.Parts {
		out += fmt.Sprintf(" [%s|%s|%s|%d]", p.Name, p.Text.String(), p.Note.String(), p.Rows)
	}
	return out
}

func TestSheets(t *testing.T) {
	for _, test := range []struct {
		kind       Kind
		text, want string
	}{
		{Checklist, "Before *alpha*\n\n- [ ] We know who\n  they are\n  > Ask five.\n- [x] We know why\nid: alpha\n", "Before *alpha*: [we-know-who|We know who\nthey are|Ask five.|0] [we-know-why|We know why||0]"},
		{Checklist, "* [] one\n+ [ ] two", ": [one|one||0] [two|two||0]"},
		{Worksheet, "What hurts: ____\nWho says so:\n____\n____\n____\n\nNow think.\nAnd again.\n\n- When: __________\n", ": [what-hurts|What hurts||1] [who-says-so|Who says so||3] [|Now think.\nAnd again.||0] [when|When||1]"},
		{Worksheet, "Who would miss it? ____\nWhat would they do?\n____\n____\nلماذا؟ ____", ": [who-would-miss-it|Who would miss it?||1] [what-would-they-do|What would they do?||2] [لماذا|لماذا؟||1]"},
		{Worksheet, "As a: ____\nI want: ____\nso that: ____", ": [as-a|As a||1] [i-want|I want||1] [so-that|so that||1]"},
	} {
		s, list := read(test.kind, test.text)
		if len(list) > 0 {
			t.Errorf("%q: %v", test.text, list)
			continue
		}
		if got := summary(s); got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

func TestSlipsInSheets(t *testing.T) {
	for _, test := range []struct {
		kind Kind
		text string
		line int
		want string
	}{
		{Checklist, "A title", 1, "this checklist has no item"},
		{Checklist, "- [ ] one\nno item", 2, "this line belongs to no item"},
		{Checklist, "- [ ] one\n- [ ]", 2, "this item has no text"},
		{Checklist, "- [ ] one\n- [ ] One", 2, "this begins as another part"},
		{Checklist, "- [ ] one\nid: Not One", 2, `"Not One" cannot be the id of a checklist`},
		{Checklist, "- [ ] one\nid:", 2, `"id" says nothing`},
		{Checklist, "- [ ] one\nid: a\nid: b", 3, `"id" is already said`},
		{Worksheet, "Just words", 1, "this worksheet has no blank"},
		{Worksheet, "____\nA: ____", 1, "nothing says what this line is for"},
	} {
		s, list := read(test.kind, test.text)
		if s != nil || len(list) != 1 || list[0].Pos.Line != test.line || !strings.HasPrefix(list[0].Message, test.want) {
			t.Errorf("%q: %v, want line %d: %s", test.text, list, test.line, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a\n- [ ] b\n  > c\nid: d", true)
	f.Add("a: ____\nb:\n____\nc", false)
	f.Fuzz(func(t *testing.T, text string, list bool) {
		s, told := read(map[bool]Kind{true: Checklist, false: Worksheet}[list], text)
		if s == nil && len(told) == 0 {
			t.Error("nothing came of it, and nothing is said")
		}
		if s != nil {
			_ = s.HTML(Voice{Page: "a"}) + s.Key("a")
		}
	})
}
