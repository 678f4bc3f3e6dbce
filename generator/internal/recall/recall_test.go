package recall

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
)

// read parses a block as it stands in a file, from line 1.
func read(text string) ([]Card, diag.List) {
	var lines []outline.Line
	for i, l := range strings.Split(text, "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{File: "a.md", Line: i + 1, Col: 1}})
	}
	return Parse(diag.Position{File: "a.md", Line: 1, Col: 1}, lines)
}

// summary says a card in a line.
func summary(c Card) string {
	out := string(c.Kind) + ": " + c.plainFront(func(l Left) string { return fmt.Sprintf("[%d %s/%s]", l.Number, l.Text, l.Hint) }) + " | " + c.Back.String()
	if !c.Hint.Empty() {
		out += " | hint " + c.Hint.String()
	}
	if c.ID != "" {
		out += " | id " + c.ID
	}
	if len(c.Was) > 0 {
		out += " | was " + strings.Join(c.Was, "+")
	}
	return out
}

func TestFormsOfCards(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"a question and its answer", "Q: What is it?\nA: It is so.\n", "basic: What is it? | It is so."},
		{"over several lines", "Q: What is it,\nand why?\n\nA: It is so.\n- one\n- two", "basic: What is it,\nand why? | It is so.\n- one\n- two"},
		{"front and back in a line", "two words :: the back", "basic: two words | the back"},
		{"several of them without empty lines", "a one :: b\nc two :: d\nhint: e\nf three :: g", "basic: a one | b\nbasic: c two | d | hint e\nbasic: f three | g"},
		{"both ways", "Discovery ::: the first phase", "both: Discovery | the first phase"},
		{"lines with a mark between", "What is\nit?\n?\nIt is so.", "basic: What is\nit? | It is so."},
		{"both ways with a mark between", "A\n??\nB", "both: A | B"},
		{"what is left out", "The ==goal== comes before the ==actor==^[who].", "cloze: The [1 goal/] comes before the [2 actor/who]. | "},
		{"numbered", "The {{c2::goal}} and {{c1::actor::who}} and {{c2::impact}}.", "cloze: The [2 goal/] and [1 actor/who] and [2 impact/]. | "},
		{"keys", "front one :: back\nhint: think\nid: one\nwas: a, b", "basic: front one | back | hint think | id one | was a+b"},
		{"of Obsidian", "front one :: back <!--SR:!2024-01-01,3,250-->", "basic: front one | back"},
		{"questions without an empty line between", "Q: a b?\nA: c\nQ: d e?\nA: f", "basic: a b? | c\nbasic: d e? | f"},
		{"without spaces around the mark", "#flashcards/deck\n\nWhat is x?::It is y\n\nfoo bar:::baz", "basic: What is x? | It is y\nboth: foo bar | baz"},
		{"an answer that goes on", "Q: a b?\nA: c\n\n  d\n\nQ: e f?\nA: g", "basic: a b? | c\n\n  d\nbasic: e f? | g"},
		{"marks in code", "Type `a == b` to compare ==x== and `c == d`.", "cloze: Type `a == b` to compare [1 x/] and `c == d`. | "},
		{"code that is left out", "It is ==`git rebase`==.", "cloze: It is [1 git rebase/]. | "},
		{"keys in code", "Q: What does it say?\nA: This:\n```yaml\nid: foo\nhint: bar\n```\nHint: think", "basic: What does it say? | This:\n```yaml\nid: foo\nhint: bar\n``` | hint think"},
		{"code with empty lines", "Q: What does it print?\n```go\na\n\nb\n```\nA: c d", "basic: What does it print?\n```go\na\n\nb\n``` | c d"},
		{"two colons in a word are no card", "Q: What is a::b?\nA: It is x::y.", "basic: What is a::b? | It is x::y."},
	} {
		t.Run(test.name, func(t *testing.T) {
			cards, list := read(test.text)
			if list.HasErrors() {
				t.Fatal(list)
			}
			var got []string
			for _, c := range cards {
				got = append(got, summary(c))
			}
			if s := strings.Join(got, "\n"); s != test.want {
				t.Errorf("got\n%s\nwant\n%s", s, test.want)
			}
		})
	}
}

func TestSlipsInCards(t *testing.T) {
	for _, test := range []struct {
		text string
		line int
		want string
	}{
		{"just a line", 1, "this card has no back"},
		{"a one :: b\n\nQ: Why?", 3, "this card has no back"},
		{"Q: Why?\nA:", 1, "this card has no back"},
		{"Q:\nA: b", 1, "this card asks nothing"},
		{"?\nb", 1, "this card asks nothing"},
		{"a one :: b\nid: Not One", 2, `"Not One" cannot be the id of a card`},
		{"a one :: b\nid: x\nid: y", 3, `"id" is already said of this card`},
		{"a one :: b\nhint:", 2, `"hint" says nothing`},
		{"", 1, "this block has no card"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, list := read(test.text)
			if len(list) != 1 || list[0].Pos.Line != test.line || !strings.HasPrefix(list[0].Message, test.want) || list[0].Severity != diag.Error {
				t.Errorf("%v, want line %d: %s", list, test.line, test.want)
			}
		})
	}
}

func TestAdviceOnCards(t *testing.T) {
	for text, want := range map[string]string{
		"Which are they? :: " + strings.Repeat("word ", 41): "the back of this card has 41 words",
		"Q: Which are they?\nA: these\n- a\n- b\n- c\n- d":  "the back of this card is a list of 4",
		"Is it so? :: Yes.":                                      "this card is answered with yes or no",
		"Why? :: because of the first phase":                     "names nothing that is asked",
		"Discovery :: the first phase":                           "",
		"front one :: back <!--SR:!2024-01-01,3,250-->":          "the schedule of another program is left out",
		"What is a discovery for? :: to find out what is needed": "",
	} {
		_, list := read(text)
		if found := slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Advice && strings.Contains(d.Message, want) }); found != (want != "") || want == "" && len(list) > 0 {
			t.Errorf("%q: %v", text, list)
		}
	}
}

func TestFaces(t *testing.T) {
	cards, _ := read("a one :: b\n\nc ::: d\n\nThe {{c2::e}} and {{c1::f}} and {{c2::g}}.")
	var got []string
	for _, c := range cards {
		got = append(got, fmt.Sprint(c.Faces()))
	}
	if s := strings.Join(got, " "); s != "[] [ back] [c2 c1]" {
		t.Error(s)
	}
}

// What a card is called does not follow its back; what tells that it changed does.
func TestNamesAndDigests(t *testing.T) {
	one, _ := read("What is it called here and now then :: a")
	two, _ := read("What is it called here and now otherwise :: b")
	if one[0].Name() != two[0].Name() || one[0].Name() != "what-is-it-called-here-and" || one[0].Digest() == two[0].Digest() {
		t.Error(one[0].Name(), two[0].Name())
	}
}

func FuzzParse(f *testing.F) {
	f.Add("Q: a\nA: b\n\nc :: d\nhint: e\n\nf ::: g\n\nh\n?\ni")
	f.Add("The ==a==^[b] and {{c1::c::d}}.\nid: x")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, Mark) {
			return
		}
		cards, list := read(text)
		if len(cards) == 0 && len(list) == 0 {
			t.Error("nothing came of it, and nothing is said")
		}
		for i := range cards {
			if c := &cards[i]; c.HTML(Voice{Page: "a"}) == "" || len(c.Faces()) == 0 {
				t.Error("a card that asks nothing")
			}
		}
	})
}
