package outline

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"waymark/generator/diag"
)

var testRules = Rules{
	Name: "a test map", Levels: []Level{{Name: "one", With: "a one"}, {Name: "two", With: "a two"}, {Name: "three", With: "a three"}},
	Header: []string{"title", "persona"}, Once: []string{"title"}, Details: [][]string{{"note", "link"}, {"note", "link"}, {"note", "link"}},
}

// read parses a text as lines of a file.
func read(text string) (*Outline, diag.List) {
	var lines []Line
	for i, l := range strings.Split(text, "\n") {
		lines = append(lines, Line{Text: l, Pos: diag.Position{Line: i + 1, Col: 1}})
	}
	return Parse(lines, testRules)
}

// placeless returns an outline without its positions.
func placeless(o *Outline) *Outline {
	var cards func([]*Card) []*Card
	fields := func(list []Field) []Field {
		var out []Field
		for _, f := range list {
			f.Pos, f.TextPos = diag.Position{}, diag.Position{}
			f.Notes, f.Comments = notePlaceless(f.Notes), append([]Comment(nil), f.Comments...)
			out = append(out, f)
		}
		return out
	}
	cards = func(list []*Card) []*Card {
		var out []*Card
		for _, c := range list {
			d := *c
			d.Pos, d.TextPos = diag.Position{}, diag.Position{}
			d.Notes, d.Details, d.Children, d.Comments = notePlaceless(c.Notes), fields(c.Details), cards(c.Children), append([]Comment(nil), c.Comments...)
			out = append(out, &d)
		}
		return out
	}
	return &Outline{Header: fields(o.Header), Cards: cards(o.Cards), Tail: append([]Comment(nil), o.Tail...)}
}

func notePlaceless(list []Note) []Note {
	var out []Note
	for _, n := range list {
		n.Pos = diag.Position{}
		out = append(out, n)
	}
	return out
}

// drawn makes an outline of any texts, as an import would make it.
func drawn(t *rapid.T) *Outline {
	text := rapid.Custom(func(t *rapid.T) string {
		s := Escape(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			"a [b]", "[x] done", "-> x", "// no comment", "key: value", "*star*", "https://a.b/c", "# head", "a\\", "[", "]", "é 長 🎉", "- x",
		})).Draw(t, "plain"))
		s = strings.Map(func(r rune) rune {
			if strings.ContainsRune(blanks+"\r\n\x00\v\f\u0085\u2028\u2029", r) && r != ' ' || r == utf8.RuneError {
				return -1
			}
			return r
		}, s)
		if s = strings.Join(strings.Fields(s), " "); s == "" {
			return "x"
		}
		return s
	})
	word := rapid.StringMatching(`[a-z][a-z0-9 ]{0,8}[a-z]`)
	note := rapid.Custom(func(t *rapid.T) Note {
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return Note{Kind: ID, Value: word.Draw(t, "id")}
		case 1:
			return Note{Kind: Ref, Value: word.Draw(t, "ref")}
		case 2:
			return Note{Kind: Pair, Key: word.Draw(t, "key"), Value: word.Draw(t, "value")}
		}
		return Note{Value: word.Draw(t, "word")}
	})
	comments := rapid.Custom(func(t *rapid.T) []Comment {
		var out []Comment
		for range rapid.IntRange(0, 2).Draw(t, "comments") {
			out = append(out, Comment{Text: word.Draw(t, "comment")})
		}
		return out
	})
	var cards func(level int) []*Card
	cards = func(level int) []*Card {
		var out []*Card
		for range rapid.IntRange(0, 3).Draw(t, "cards") {
			c := &Card{
				Level: level, Text: text.Draw(t, "text"), Comments: comments.Draw(t, "above"),
				Box:   rapid.SampledFrom([]Box{NoBox, OpenBox, DoingBox, DoneBox, DroppedBox}).Draw(t, "box"),
				Notes: rapid.SliceOfN(note, 0, 3).Draw(t, "notes"),
			}
			for _, key := range rapid.SampledFrom([][]string{nil, {"note"}, {"link", "note"}}).Draw(t, "details") {
				c.Details = append(c.Details, Field{Key: key, Text: text.Draw(t, "detail"), Comments: comments.Draw(t, "before")})
			}
			if level < 2 {
				c.Children = cards(level + 1)
			}
			out = append(out, c)
		}
		return out
	}
	o := &Outline{Cards: cards(0)}
	if rapid.Bool().Draw(t, "titled") {
		o.Header = append(o.Header, Field{Key: "title", Text: text.Draw(t, "title")})
	}
	if len(o.Cards) > 0 {
		o.Tail = comments.Draw(t, "tail")
	}
	return o
}

// What is written is read back as the same outline, without a word.
func TestFormattedIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawn(t)
		text := Format(o)
		back, list := read(text)
		if len(list) > 0 {
			t.Fatalf("%v\n%s", list, text)
		}
		if want, got := placeless(o), placeless(back); !reflect.DeepEqual(want, got) {
			t.Fatalf("%s\nbecame\n%s\n%#v\n%#v", text, Format(back), want, got)
		}
	})
}

// However it was typed, the canonical form is reached in one step, and no comment is lost.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"title: x\n- a\n  - b [x, #y, -> z/w]\n    - [x] c\n      note: d\n", "-a\n\t- b\n   * c", "- a\n// c\n\n\n  • b [", "1. a\n    2) b\n         - c",
		"a: b [c]\n# x\n- [a](b) `c` **d** _e_ \\[f]", "- a\n          - b\n     - c\n - d",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\r") {
			t.Skip()
		}
		o, list := read(text)
		if len(list) > 2*(strings.Count(text, "\n")+1)+strings.Count(text, ",") {
			t.Fatalf("%d messages of %d lines", len(list), strings.Count(text, "\n")+1)
		}
		once := Format(o)
		if list.HasErrors() {
			return
		}
		back, again := read(once)
		if again.HasErrors() || len(again) > len(list) {
			t.Fatalf("%q became %q: %v", text, once, again)
		}
		if twice := Format(back); twice != once {
			t.Fatalf("%q became %q, and then %q", text, once, twice)
		}
		if a, b := countComments(text), countComments(once); a > b { // those behind cards come to stand above them
			t.Fatalf("%q has %d comments, and %q %d", text, a, once, b)
		}
		for _, l := range strings.Split(text, "\n") {
			if plain := Plain(l); utf8.RuneCountInString(plain) > utf8.RuneCountInString(l) {
				t.Fatalf("%q became %q", l, plain)
			}
		}
	})
}

func countComments(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimLeft(line, blanks), "//") {
			n++
		}
	}
	return n
}

// Inline marks become HTML; what is none stays text, and every text is escaped.
func TestHTML(t *testing.T) {
	href := func(target string) (string, bool) {
		if strings.HasPrefix(target, "javascript") {
			return "", false
		}
		return "/" + target, strings.HasPrefix(target, "http")
	}
	for text, want := range map[string]string{
		"Apply *without* help":      "Apply <em>without</em> help",
		"**75%** by _March_":        "<strong>75%</strong> by <em>March</em>",
		"snake_case_name":           "snake_case_name",
		"2 * 3 * 4":                 "2 * 3 * 4",
		"`a[1]` <b>":                "<code>a[1]</code> &lt;b&gt;",
		"[the guide](guide.md)":     `<a href="/guide.md">the guide</a>`,
		"[no](javascript:alert(1))": "no",
		"[a](https://x.org/b_(c))":  `<a href="/https://x.org/b_(c)" class="external">a</a>`,
		"**[a](b) and `c`**":        `<strong><a href="/b">a</a></strong><strong> and </strong><strong><code>c</code></strong>`,
		"[out](https://x.org)":      `<a href="/https://x.org" class="external">out</a>`,
		`\[x] and \*no\*`:           "[x] and *no*",
		"a [bracket] b":             "a [bracket] b",
		"**not closed":              "**not closed",
	} {
		if got := HTML(text, href); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// A plain text survives being escaped and read again.
func TestEscapedIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(strings.Fields(rapid.String().Draw(t, "text")), " ")
		if got := Plain(Escape(text)); got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

// Ids are unique, whatever the cards say; those that were given stay.
func TestIDsAreUnique(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cards []*Card
		given := map[string]bool{}
		for range rapid.IntRange(0, 20).Draw(t, "n") {
			c := &Card{Text: rapid.SampledFrom([]string{"a", "A", "a 2", "!", "b", "a-2"}).Draw(t, "text")}
			if id := rapid.SampledFrom([]string{"", "", "a", "a-2", "card"}).Draw(t, "id"); id != "" && !given[id] {
				given[id] = true
				c.Notes = []Note{{Kind: ID, Value: id}}
			}
			cards = append(cards, c)
		}
		ids, list := Identify(cards, map[string]int{})
		if len(list) > 0 {
			t.Fatal(list)
		}
		seen := map[string]bool{}
		for _, c := range cards {
			if name := ids[c]; name == "" || seen[name] {
				t.Fatalf("%q twice in %v", name, ids)
			}
			seen[ids[c]] = true
			if len(c.Notes) > 0 && ids[c] != c.Notes[0].Value {
				t.Fatalf("%v", ids[c])
			}
		}
	})
}

// A card that is one column off stands beside its neighbours, however the map is indented.
func TestCardsSnapToTheirNeighbours(t *testing.T) {
	for _, step := range []int{2, 3, 4, 8} {
		for _, off := range []int{-1, 1} {
			text := fmt.Sprintf("- a\n%[1]s- b\n%[2]s- c\n%[3]s- d\n%[2]s- e\n%[1]s- f",
				strings.Repeat(" ", step), strings.Repeat(" ", 2*step), strings.Repeat(" ", 2*step+off))
			o, list := read(text)
			if len(list) != 1 || list[0].Severity != diag.Warning || len(o.Cards) != 1 || len(o.Cards[0].Children) != 2 || len(o.Cards[0].Children[0].Children) != 3 {
				t.Errorf("a step of %d, %d off: %v\n%s", step, off, list, Format(o))
			}
		}
	}
}

// Quotes that were typed are set as quotes; in code they stay.
func TestTypographic(t *testing.T) {
	for text, want := range map[string]string{
		`strangers trust "in" without ringing`: "strangers trust “in” without ringing", `a parent's 'own' day`: "a parent’s ‘own’ day", `("it")`: "(“it”)",
		`"'So'"`: "“‘So’”", "no quote": "no quote", "": "", `"`: "“", `it's — "so"`: "it’s — “so”",
		"back to the '90s": "back to the ’90s", "class of '09": "class of ’09", "The '90s weren't bad": "The ’90s weren’t bad", "the '90s and the '80s": "the ’90s and the ’80s", "he said '90 of us' and left": "he said ‘90 of us’ and left",
	} {
		if got := Typographic(text); got != want {
			t.Errorf("%s: %s, and not %s", text, got, want)
		}
		if again := Typographic(want); again != want {
			t.Errorf("%s: once more it is %s", want, again)
		}
	}
	for text, want := range map[string]string{`say *"so"* and "no"`: "say <em>“so”</em> and “no”", "`a = \"b\"` isn't": "<code>a = &#34;b&#34;</code> isn’t", `it*'s*`: "it<em>’s</em>"} {
		if got := HTML(text, func(string) (string, bool) { return "", false }); got != want {
			t.Errorf("%s: %s, and not %s", text, got, want)
		}
	}
}
