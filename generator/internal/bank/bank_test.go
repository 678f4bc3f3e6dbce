package bank

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
)

// parse reads the questions of a block.
func parse(t interface{ Fatalf(string, ...any) }, body string) []quiz.Question {
	var lines []outline.Line
	for i, l := range strings.Split(strings.TrimRight(body, "\n"), "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{File: "a.md", Line: i + 1, Col: 1}})
	}
	questions, list := quiz.Parse(diag.Position{File: "a.md", Line: 1}, lines)
	if len(list) > 0 {
		t.Fatalf("%s:\n%v", body, list)
	}
	return questions
}

// unfenced takes the fence off a block.
func unfenced(block []byte) string {
	lines := strings.Split(strings.TrimRight(string(block), "\n"), "\n")
	return strings.Join(lines[1:len(lines)-1], "\n") + "\n"
}

func items(questions []quiz.Question) []Item {
	var out []Item
	for i := range questions {
		out = append(out, Item{Key: questions[i].Key("a"), Page: "A", File: "a.md", Asked: &questions[i]})
	}
	return out
}

// every is a question of each kind.
const every = `? One?
- [ ] a: b
  > Why = a?
- [x] c ~ {d}
because: it is # so.
id: one

? Several?
- [x] a
- [ ] b
  > No.
- [x] c
hint: think

? Any?
- (x) a
- (x) b
- ( ) c

? Order?
1. a
2. b
3. c

? Match?
- a -> 1
- b -> 2
- c -> 1

? The [[goal|deliverable]] is first.

? The [[goal]] and [[actor]].

? Short?
= walking skeleton
~ prototype
  > No.

? Number?
= 11..13
~ 50
  > No.

? Open?
model: It is so.
`

func TestFormatIsRead(t *testing.T) {
	questions := parse(t, every)
	if got := quiz.Format(questions); got != every {
		t.Errorf("%s\nis not\n%s", got, every)
	}
}

func TestGIFT(t *testing.T) {
	questions := parse(t, every)
	data, lost, err := Export(items(questions), "gift")
	if err != nil {
		t.Fatal(err)
	}
	want := `// made by Waymark

::one::[markdown]One? {
	~a\: b#Why \= a?
	=c \~ \{d\}
	####it is \# so.
}

[markdown]Several? {
	~%50.00000%a
	~%-100.00000%b#No.
	~%50.00000%c
}

[markdown]Any? {
	=a
	=b
	~c
}

[markdown]Match? {
	=a -> 1
	=b -> 2
	=c -> 1
}

[markdown]The {
	=goal
	~deliverable
} is first.

[markdown]Short? {
	=walking skeleton
	=%0%prototype#No.
}

[markdown]Number? {#
	=11..13
	=%0%50:0#No.
}

[markdown]Open? {
}
`
	if string(data) != want {
		t.Errorf("%s", data)
	}
	if got := strings.Join(lost, "\n"); got != `a.md:8: GIFT has no hints
a.md:20: GIFT has no orders, and this question is left out
a.md:32: GIFT has one gap a question, and this one, with several, is left out
a.md:44: GIFT has no model answer` {
		t.Errorf("lost:\n%s", got)
	}
}

// What has no place with us, or would be read as something else, is named.
func TestGIFTThatIsNotReadWhole(t *testing.T) {
	block, list := Import([]byte("True? {F#no#yes}\n\nPart? {=%50%a =b}\n\n[html]<p>Bold <b>x</b> & y</p> {=<i>a</i> ~b}\n\nGap {=a|b ~c} here\n"), "a.gift", "gift")
	var told []string
	for _, d := range list {
		told = append(told, fmt.Sprintf("%d %s", d.Pos.Line, d.Message))
	}
	want := []string{"1 not read: what is said to true and false", "3 not read: a part of the mark: the answer counts as right"}
	for _, w := range want {
		if !slices.Contains(told, w) {
			t.Errorf("%q is not told: %q", w, told)
		}
	}
	if got := unfenced(block); !strings.Contains(got, "? Bold x & y\n- [x] a\n") || strings.Contains(got, "a|b") {
		t.Errorf("%s", got)
	}
}

// What Moodle's manual shows is read.
func TestReadingGIFT(t *testing.T) {
	block, list := Import([]byte(`// question: 0
$CATEGORY: tom/dick
::Q1:: 1+1=2 {T}

::Q2:: What's between orange and green in the spectrum?
{ =yellow # right; good!
  ~red # wrong, it's yellow
  ~blue # wrong, it's yellow }

Two plus {=two =2} equals four.

::Kant:: When was Kant born?{#1724:0.1}

How much? {#
 =3..5
}

Write a short biography of Dag Hammarskjöld. {}

Match the following. {
 =Canada -> Ottawa
 =Italy  -> Rome
 =Japan  -> Tokyo
}

Broken
`), "a.gift", "")
	body := unfenced(block)
	for _, want := range []string{
		"? 1+1=2\n- [x] True\n- [ ] False\nshuffle: no\n", "- [x] yellow\n  > right; good!\n- [ ] red\n  > wrong, it's yellow\n", "? Two plus [[two]] equals four.\n",
		"? When was Kant born?\n= 1724 ± 0.1\n", "= 3..5\n", "model: Write a model answer here.\n", "- Canada -> Ottawa\n",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("it lacks %q:\n%s", want, body)
		}
	}
	parse(t, body)
	if len(list) != 2 || list[0].Severity != diag.Warning || list[1].Pos.Line != 26 {
		t.Errorf("%v", list)
	}
}

func TestReadingAiken(t *testing.T) {
	block, list := Import([]byte("What is it?\nA. this\nB) that\nANSWER: B\n\nAnd now?\nA. x\nB. y\nANSWER: C\n\nLast?\nA. z\n"), "a.txt", "")
	if got := unfenced(block); got != "? What is it?\n- [ ] this\n- [x] that\n" {
		t.Errorf("%s", got)
	}
	if len(list) != 2 || list[0].Pos.Line != 9 || list[1].Pos.Line != 11 {
		t.Errorf("%v", list)
	}
	block, list = Import([]byte("One?\na) this\n   and more\nb) that\nAnswer: b\n\nNone?\nA. x\nB. y\n\nTwo?\nA. x\nB. y\nANSWER: A, B\n"), "a.txt", "aiken")
	if got := unfenced(block); got != "? One?\n- [ ] this and more\n- [x] that\n" {
		t.Errorf("%s", got)
	}
	if len(list) != 2 || list[0].Pos.Line != 7 || list[1].Pos.Line != 14 {
		t.Errorf("%v", list)
	}
	if block, list := Import([]byte("nothing\n"), "a.txt", "aiken"); block != nil || len(list) != 1 {
		t.Errorf("%s %v", block, list)
	}
}

// line draws a text that can stand anywhere in a question.
func line() *rapid.Generator[string] {
	return rapid.StringMatching(`[A-Za-z][A-Za-z0-9 ~={}#:\\%,.?!'-]{0,20}[a-z]`).Filter(func(s string) bool {
		return !strings.Contains(s, "->") && !strings.Contains(s, "=>") && !strings.Contains(s, "####") && strings.Join(strings.Fields(s), " ") == s &&
			!strings.Contains(s, `\n`) && !strings.Contains(s, `\`)
	})
}

func draw(t *rapid.T) quiz.Question {
	q := quiz.Question{Ask: text(line().Draw(t, "ask"))}
	q.Kind = rapid.SampledFrom([]quiz.Kind{quiz.Single, quiz.Several, quiz.Any, quiz.Match, quiz.Short, quiz.Number, quiz.Gap}).Draw(t, "kind")
	feedback := func() quiz.Text {
		if rapid.Bool().Draw(t, "said") {
			return text(line().Draw(t, "feedback"))
		}
		return quiz.Text{}
	}
	distinct := rapid.SliceOfNDistinct(line(), 3, 4, strings.ToLower).Draw(t, "answers")
	switch q.Kind {
	case quiz.Single, quiz.Several, quiz.Any:
		right := map[quiz.Kind]int{quiz.Single: 1, quiz.Several: 2, quiz.Any: 2}[q.Kind]
		for i, s := range distinct {
			q.Answers = append(q.Answers, quiz.Answer{Text: text(s), Right: i < right, Feedback: feedback()})
		}
	case quiz.Match:
		for _, s := range distinct {
			q.Answers = append(q.Answers, quiz.Answer{Text: text(s), With: line().Draw(t, "with")})
		}
	case quiz.Short:
		q.Texts = distinct
		q.Wrong = []quiz.Answer{{Text: text("never " + line().Draw(t, "wrong")), Feedback: feedback()}}
	case quiz.Number:
		low := float64(rapid.IntRange(-1000, 1000).Draw(t, "low"))
		q.Numbers = []quiz.Range{{Low: low, High: low + 2, Typed: number(low) + ".." + number(low+2)}}
	case quiz.Gap:
		q.Gaps = []quiz.Blank{{Right: distinct[0], Wrong: distinct[1:]}}
		q.Ask = text(line().Draw(t, "before") + " " + quiz.BlankMark + "0" + quiz.BlankMark + " " + line().Draw(t, "after"))
	}
	if rapid.Bool().Draw(t, "why") {
		q.Because = text(line().Draw(t, "because"))
	}
	if rapid.Bool().Draw(t, "named") {
		q.ID = rapid.StringMatching(`[a-z][a-z0-9-]{0,10}`).Draw(t, "id")
	}
	return q
}

// GIFT out and in gives the same questions.
func TestGIFTOutAndIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := draw(t)
		want := quiz.Format([]quiz.Question{q})
		data, lost, err := Export(items([]quiz.Question{q}), "gift")
		if err != nil || len(lost) > 0 {
			t.Fatalf("%v %v", err, lost)
		}
		block, list := Import(data, "a.gift", "gift")
		if len(list) > 0 {
			t.Fatalf("%v\n%s", list, data)
		}
		if got := unfenced(block); got != want {
			t.Fatalf("got\n%s\nwant\n%s\nby\n%s", got, want, data)
		}
	})
}

// A package has a file for each question, all of it well-formed, with the same bytes every time.
func TestQTI(t *testing.T) {
	questions := parse(t, every)
	data, lost, err := Export(items(questions), "qti")
	if err != nil || len(lost) != 1 {
		t.Fatal(err, lost)
	}
	again, _, _ := Export(items(questions), "qti")
	if !bytes.Equal(data, again) {
		t.Error("two packages of the same questions differ")
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(r)
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if start, is := token.(xml.StartElement); is && strings.HasSuffix(start.Name.Local, "Interaction") {
				seen[start.Name.Local] = true
			}
		}
	}
	if len(archive.File) != len(questions)+1 || len(seen) != 6 {
		t.Errorf("%d files, interactions %v", len(archive.File), seen)
	}
}

func TestJSON(t *testing.T) {
	data, _, err := Export(items(parse(t, every)), "json")
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Questions []struct{ ID, Kind, Ask string }
	}
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	if n := len(read.Questions); n != 10 || read.Questions[0].ID != "one" || read.Questions[5].Ask != "The {{0}} is first." || read.Questions[1].ID != "a/several" {
		t.Errorf("%+v", read)
	}
}

func FuzzImport(f *testing.F) {
	f.Add("::a::b{=c ~d#e ####f}\n\ng{#1:2}\n\nh{T}\n\ni{}\n\nj {=k} l", "gift")
	f.Add("a\nA. b\nB. c\nANSWER: A", "aiken")
	f.Fuzz(func(t *testing.T, file, from string) {
		if from != "gift" && from != "aiken" {
			from = ""
		}
		block, list := Import([]byte(file), "a", from)
		if block == nil && len(list) == 0 {
			t.Error("nothing came of it, and nothing is said")
		}
	})
}
