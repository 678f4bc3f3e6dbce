package quiz

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
)

// read parses a block as it stands in a file, from line 1.
func read(text string) ([]Question, diag.List) {
	var lines []outline.Line
	for i, l := range strings.Split(text, "\n") {
		lines = append(lines, outline.Line{Text: l, Pos: diag.Position{File: "a.md", Line: i + 1, Col: 1}})
	}
	return Parse(diag.Position{File: "a.md", Line: 1, Col: 1}, lines)
}

// summary says a question in a line, as the tests below want it.
func summary(q Question) string {
	var parts []string
	add := func(name, text string) {
		if text != "" {
			parts = append(parts, name+"="+text)
		}
	}
	for i, a := range q.Answers {
		mark := fmt.Sprint(i)
		if a.Right {
			mark += "!"
		}
		text := a.Text.String()
		if a.With != "" {
			text += "/" + a.With
		}
		if !a.Feedback.Empty() {
			text += " (" + a.Feedback.String() + ")"
		}
		add(mark, text)
	}
	for _, r := range q.Numbers {
		add("number", fmt.Sprintf("%g..%g %s", r.Low, r.High, r.Unit))
	}
	for _, g := range q.Gaps {
		add("gap", g.Right+"|"+strings.Join(g.Wrong, "|"))
	}
	for _, a := range q.Wrong {
		add("wrong", a.Text.String()+" ("+a.Feedback.String()+")")
	}
	add("texts", strings.Join(q.Texts, "|"))
	add("model", q.Model.String())
	for _, h := range q.Hints {
		add("hint", h.String())
	}
	add("because", q.Because.String())
	add("objective", q.Objective)
	add("id", q.ID)
	add("was", strings.Join(q.Was, "|"))
	for name, set := range map[string]bool{"fixed": q.Fixed, "unsure": q.Unsure, "once": q.Once, "before": q.Before} {
		if set {
			add(name, "yes")
		}
	}
	return string(q.Kind) + ": " + q.Ask.String() + "; " + strings.Join(parts, "; ")
}

func TestKindsFollowFromTheAnswers(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"one choice", "? What now?\n- [ ] Go on\n  > Why?\n- [x] Stop\nbecause: it is a result.\n", "single: What now?; 0=Go on (Why?); 1!=Stop; because=it is a result."},
		{"several choices", "? Which?\n- [x] a\n- [ ] b\n- [X] c\n", "several: Which?; 0!=a; 1=b; 2!=c"},
		{"any of several", "? Which?\n- (x) a\n- (x) b\n- ( ) c\n", "any: Which?; 0!=a; 1!=b; 2=c"},
		{"an order", "? In which order?\n1. a\n2. b\n3. c\n", "order: In which order?; 0=a; 1=b; 2=c"},
		{"pairs", "? What belongs?\n- a -> 1\n- b → 2\n- c -> 1\n", "match: What belongs?; 0=a/1; 1=b/2; 2=c/1"},
		{"gaps", "? The [[goal]] comes [[first|last]].\n", "gap: The \uE0F00\uE0F0 comes \uE0F01\uE0F0.; gap=goal|; gap=first|last"},
		{"a short text", "? What is it called?\n= walking skeleton\n= \"Skeleton\"\n~ prototype\n  > No.\n", "text: What is it called?; wrong=prototype (No.); texts=walking skeleton|\"Skeleton\""},
		{"a number", "? How far?\n= 12.5 ± 0.5 km\n", "number: How far?; number=12..13 km"},
		{"a range", "? How many?\n= 10..20\n", "number: How many?; number=10..20 "},
		{"a share", "? How many?\n= 40 +/- 5%\n", "number: How many?; number=38..42 "},
		{"a comma before decimals", "? How far?\n= 2,5 km\n", "number: How far?; number=2.5..2.5 km"},
		{"a number with groups", "? How much?\n= 1,140,202 answers\n", "number: How much?; number=1.140202e+06..1.140202e+06 answers"},
		{"an open question", "? Why?\nmodel: Because\n  of this.\n- [ ] says so\n", "open: Why?; 0=says so; model=Because\nof this."},
		{"all keys", "? Why?\nhint: one\nhint: two\n- [x] a\n- [ ] b\nobjective: Say\nid: why\nwas: old, older\nshuffle: no\nsure: no\nrecall: no\nbefore: yes\n", "single: Why?; 0!=a; 1=b; hint=one; hint=two; objective=Say; id=why; was=old|older; fixed=yes; unsure=yes; once=yes; before=yes"},
		{"Markdown in the question", "? What does this print?\n\n    code\n\n- not an answer of ours\n", ""},
		{"a fence in the question", "? What does it do?\n~~~go\n- [ ] x\n~~~\n- [x] a\n- [ ] b\n", "single: What does it do?\n~~~go\n- [ ] x\n~~~; 0!=a; 1=b"},
		{"an answer over two lines", "? Which?\n- [x] a\n  and more\n- [ ] b\n", "single: Which?; 0!=a\nand more; 1=b"},
		{"other bullets and boxes", "? Which?\n* [X] a\n+ [] b\n", "single: Which?; 0!=a; 1=b"},
		{"of mkdocs-quiz", "Which?\n\n- [x] a\n- [ ] b\n\nBecause it is so.\n", "single: Which?; 0!=a; 1=b; because=Because it is so."},
		{"of quizdown", "### Which?\n> A hint\n\n1. [x] a\n2. [ ] b\n", "single: Which?; 0!=a; 1=b; hint=A hint; fixed=yes"},
		{"none of these keeps the order", "? Which?\n- [x] a\n- [ ] none of these\n", "single: Which?; 0!=a; 1=none of these; fixed=yes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			questions, list := read(test.text)
			if test.want == "" {
				if len(list) == 0 {
					t.Errorf("no error: %v", questions)
				}
				return
			}
			if len(list) > 0 || len(questions) != 1 {
				t.Fatalf("%d questions, %v", len(questions), list)
			}
			got := strings.Split(strings.TrimSuffix(summary(questions[0]), "; "), "; ")
			want := strings.Split(test.want, "; ")
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// Each slip is told once, at its own line.
func TestEverySlipHasItsLine(t *testing.T) {
	for _, test := range []struct {
		text string
		line int
		want string
	}{
		{"?\n- [x] a\n- [ ] b", 1, "this question asks nothing"},
		{"? Why?", 1, "this question has no answer"},
		{"? Why?\n- [ ] a\n- [ ] b", 1, "no answer of this question is right"},
		{"? Why?\n- [x] a\n- [x] b", 1, "every answer of this question is right"},
		{"? Why?\n- [x] a", 1, "every answer of this question is right"},
		{"? Why?\n- [x] a\n- [ ] b\n- [ ] A", 4, `the answer "A" is there twice`},
		{"? Why?\n- [x] a\n- [ ]", 3, "this answer has no text"},
		{"? Why?\n1. a\n2. b", 1, "an order of fewer than three rows is a guess"},
		{"? Why?\n- a -> b\n- c ->", 3, "one side of this pair is empty"},
		{"? Why?\n- a -> b\n- -> d", 3, "one side of this pair is empty"},
		{"? [[a]]", 1, "there is no text around this gap"},
		{"? A [[ ]] b", 1, "a gap of this question is empty"},
		{"? A [[b|]] c", 1, "a gap of this question is empty"},
		{"? How many?\n= 12 ± x", 2, `"12 ± x" has a tolerance that is no number`},
		{"? How many?\n= 12 ± -1", 2, `"12 ± -1" has a tolerance below 0`},
		{"? How many?\n= 20..10", 2, `"20..10" is a range that ends before it begins`},
		{"? How many?\n= 1..x", 2, `"1..x" is no range of numbers`},
		{"? How many?\n= 1,234", 2, `"1,234" is no number: a comma and a point in it have two readings`},
		{"? How many?\n= ", 2, "this answer has no text"},
		{"? Why?\n> Said to nobody.\n- [x] a\n- [ ] b", 0, ""}, // a quote in the question's own text
		{"? Why?\n- [x] a\n- [ ] b\nbecause: x\n> Said to nobody.", 5, "this belongs to no answer"},
		{"? Why?\n- [x] a\n- [ ] b\nbecause: x\nbecause: y", 5, `"because" is already said of this question`},
		{"? Why?\n- [x] a\n- [ ] b\nobjektive: x", 4, `"objektive" is nothing that can be said of a question`},
		{"? Why?\n- [x] a\n- [ ] b\nshuffle: maybe", 4, `"shuffle" cannot be "maybe"`},
		{"? Why?\n- [x] a\n- [ ] b\nid: Not One", 4, `"Not One" cannot be the id of a question`},
		{"? Why?\n- [x] a\n- [ ] b\nid:", 4, `"id" says nothing`},
		{"? Why?\n- [o] a\n- [ ] b", 2, "the mark before this answer is none that is known"},
		{"? Why?\n- ［x］ a\n- [ ] b", 2, "the mark before this answer is none that is known"},
		{"? Why?\n- [x] a\n- ( ) b", 3, "this answer is of another kind than those above it"},
		{"? Why?\n- [x] a\n- b", 3, "this answer does not say whether it is right"},
		{"? Why?\n- [x] a\n- [ ] b\nand then this", 4, "this line belongs to no answer"},
		{"? Why?\n- [x] a\n- [ ] b\n~ c", 4, "only answers that are typed can be expected"},
		{"? Why?\nmodel:", 2, "the model answer is empty"},
		{"? Why?\n= a\n= a", 3, `the answer "a" is there twice`},
		{"before\n? Why?\n- [x] a\n- [ ] b", 1, "this stands before the first question"},
		{"", 1, "this block asks nothing"},
	} {
		t.Run(test.text, func(t *testing.T) {
			_, list := read(test.text)
			if test.want == "" {
				if len(list) > 0 {
					t.Errorf("%v", list)
				}
				return
			}
			if len(list) != 1 {
				t.Fatalf("%d messages: %v", len(list), list)
			}
			if d := list[0]; d.Pos.Line != test.line || !strings.HasPrefix(d.Message, test.want) || d.Hint == "" {
				t.Errorf("line %d: %s (%s), want line %d: %s", d.Pos.Line, d.Message, d.Hint, test.line, test.want)
			}
		})
	}
}

// A slip in one question leaves the others as they are.
func TestOtherQuestionsStay(t *testing.T) {
	questions, list := read("? One?\n- [x] a\n- [ ] b\n? Two?\n- [o] a\n? Three?\n= c\n")
	if len(questions) != 2 || len(list) != 1 || list[0].Pos.Line != 5 {
		t.Errorf("%d questions, %v", len(questions), list)
	}
}

func TestAdvice(t *testing.T) {
	long := "? Which is it, then?\n- [x] the one that was found by asking people who use it every day\n- [ ] this\n  > no\n- [ ] that\n  > no\nbecause: x\n"
	for _, test := range []struct{ name, text, want string }{
		{"no reason", "? Which?\n- [x] a\n- [ ] b\n  > no\n", "nothing says why"},
		{"nothing said", "? Which?\n- [x] a\n- [ ] b\nbecause: x\n", "nothing is said to whoever chooses this wrong answer"},
		{"all of the above", "? Which?\n- [x] all of the above\n- [ ] b\n  > no\nbecause: x\n", "asks how the answers are counted"},
		{"many", "? Which?\n- [x] a\n- [ ] b\n  > n\n- [ ] c\n  > n\n- [ ] d\n  > n\n- [ ] e\n  > n\n- [ ] f\n  > n\nbecause: x\n", "this question has 6 answers"},
		{"not", "? Which is not so?\n- [x] a\n- [ ] b\n  > n\nbecause: x\n", "easily read over"},
		{"yes or no", "? Is it?\n- [x] Yes\n- [ ] No\n  > n\nbecause: x\n", "half of those"},
		{"the same word", "? What is a skeleton for?\n- [x] a skeleton walks\n- [ ] a prototype\n  > n\nbecause: x\n", `the word "skeleton"`},
		{"the longest", long + strings.ReplaceAll(long, "then", "now") + strings.ReplaceAll(long, "then", "so"), "by far the longest in 3 of the 3"},
		{"sound", "? Which is **not** so?\n- [x] a\n- [ ] b\n  > n\nbecause: x\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			questions, list := read(test.text)
			if len(list) > 0 {
				t.Fatal(list)
			}
			var all []*Question
			for i := range questions {
				all = append(all, &questions[i])
			}
			advice := Review(all, nil)
			for _, d := range advice {
				if !d.Advice || d.Severity != diag.Warning {
					t.Errorf("%s is no advice", d.Message)
				}
			}
			if len(advice.Strict()) > 0 && advice.Strict().HasErrors() {
				t.Error("--strict fails on advice")
			}
			if found := slices.ContainsFunc(advice, func(d diag.Diagnostic) bool { return strings.Contains(d.Message, test.want) }); test.want != "" && !found || test.want == "" && len(advice) > 0 {
				t.Errorf("%v", advice)
			}
		})
	}
	advice := Review(nil, map[string]diag.Position{"Say it": {File: "a.md", Line: 3}})
	if len(advice) != 1 || advice[0].Pos.Line != 3 {
		t.Errorf("an objective that nothing asks: %v", advice)
	}
}

// The order of answers is not their author's, is always the same, and puts what is right in each place as often.
func TestShuffled(t *testing.T) {
	first := make([]int, 4)
	for i := range 4_000 {
		order := Shuffled(4, fmt.Sprint("question-", i))
		if slices.IsSorted(order) {
			t.Fatalf("%d: %v is the author's order", i, order)
		}
		if !slices.Equal(order, Shuffled(4, fmt.Sprint("question-", i))) {
			t.Fatal("two orders of one seed")
		}
		first[slices.Index(order, 0)]++
	}
	for place, n := range first { // of 24 orders 1 is left out, in which 0 stands first
		if n < 800 || n > 1_200 {
			t.Errorf("what is first stands at place %d %d times of 4000", place, n)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("? Why?\n- [x] a\n- [ ] b\n  > c\nbecause: d")
	f.Add("? A [[b|c]] d\n? x\n= 12 ± 3 km\n~ 4\n  > e")
	f.Add("? Why?\nmodel: x\n- [ ] y\n? z\n1. a\n2. b\n3. c\n? m\n- a -> b")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, BlankMark) {
			return
		}
		questions, list := read(text)
		if len(questions) == 0 && len(list) == 0 {
			t.Error("nothing came of it, and nothing is said")
		}
		lines := strings.Count(text, "\n") + 1
		for _, d := range list {
			if d.Pos.Line < 1 || d.Pos.Line > lines || d.Pos.Col < 1 {
				t.Errorf("%s is nowhere", d.Pos)
			}
		}
		for i := range questions {
			q := &questions[i]
			if q.Kind == "" || q.Name() == "" && strings.ContainsAny(q.Ask.String(), "abcdefg") {
				t.Errorf("a question without a kind or a name: %q", q.Ask.String())
			}
			_ = q.HTML(1, Voice{Page: "a"}) + q.Ahead(1, Voice{Page: "a"}) + q.Answer(Voice{Page: "a"})
		}
	})
}

// What people really type, and what it is meant as.
func TestTypedInAHurry(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no space behind the mark", "?Why?\n-[x] a\n-[] b", "single: Why?; 0!=a; 1=b"},
		{"marks of other scripts", "؟ Why?\n- [x] a\n- [ ] b", "single: Why?; 0!=a; 1=b"},
		{"all of it indented", "  ? Why?\n  - [x] a\n  - [ ] b\n  because: c", "single: Why?; 0!=a; 1=b; because=c"},
		{"spaces that do not break", "? Why?\n-\u00a0[x]\u00a0a\n-\u00a0[ ]\u00a0b", "single: Why?; 0!=a; 1=b"},
		{"room in the boxes", "? Why?\n- [ x ] a\n- [  ] b", "single: Why?; 0!=a; 1=b"},
		{"dashes as bullets", "? Why?\n– [x] a\n— [ ] b", "single: Why?; 0!=a; 1=b"},
		{"no bullets", "? Why?\n[x] a\n[ ] b", "single: Why?; 0!=a; 1=b"},
		{"keys in other letters", "? Why?\n- [x] a\n- [ ] b\nBecause: c\n**Hint:** d", "single: Why?; 0!=a; 1=b; hint=d; because=c"},
		{"a list in the question", "? Read these:\n1. a\n2. b\n\nWhat now?\n- [x] Go\n- [ ] Stop", "single: Read these:\n1. a\n2. b\n\nWhat now?; 0!=Go; 1=Stop"},
		{"a list in the reason", "? Why?\n- [x] a\n- [ ] b\nbecause: Two reasons:\n  1. one\n  2. two\n  - [x] three", "single: Why?; 0!=a; 1=b; because=Two reasons:\n1. one\n2. two\n- [x] three"},
		{"more of an answer behind an empty line", "? Why?\n- [x] a\n\n  and more\n- [ ] b", "single: Why?; 0!=a\n\nand more; 1=b"},
		{"an answer that begins on the next line", "? Why?\n- [x]\n  a\n- [ ] b", "single: Why?; 0!=a; 1=b"},
		{"a comment and a rule", "<!-- todo -->\n? Why?\n- [x] a\n- [ ] b\n\n---\n", "single: Why?; 0!=a; 1=b"},
		{"settings of quizdown", "---\nprimary_color: red\n---\n\n## Why?\n\n- [x] a\n- [ ] b", "single: Why?; 0!=a; 1=b"},
		{"a range with a dash", "? How many?\n= 10–20 people", "number: How many?; number=10..20 people"},
		{"a unit on both sides", "? How far?\n= 40 km ± 5 km", "number: How far?; number=35..45 km"},
		{"a number with an exponent", "? How many?\n= 6.02e23", "number: How many?; number=6.02e+23..6.02e+23 "},
		{"a day", "? When?\n= 17 September 2022", "text: When?; texts=17 September 2022"},
		{"a fraction", "? How much?\n= 1/2", "text: How much?; texts=1/2"},
		{"a time", "? When?\n= 10:30", "text: When?; texts=10:30"},
		{"a date", "? When?\n= 2024-05-01", "text: When?; texts=2024-05-01"},
		{"a version", "? Which?\n= 1.2.3", "text: Which?; texts=1.2.3"},
		{"quotes of any kind", "? Which?\n= “Postgres”", "text: Which?; texts=\"Postgres\""},
		{"marks that nobody types", "? Which?\n= `git commit`", "text: Which?; texts=git commit"},
		{"a gap in a table", "? A | [[one\\|two]] | b", "gap: A | \uE0F00\uE0F0 | b; gap=one|two"},
		{"an arrow in code", "? What?\n- `p->x` -> member\n- `p.x` -> field", "match: What?; 0=`p->x`/member; 1=`p.x`/field"},
	} {
		t.Run(test.name, func(t *testing.T) {
			questions, list := read(test.text)
			if len(list) > 0 || len(questions) != 1 {
				t.Fatalf("%d questions, %v", len(questions), list)
			}
			got := strings.Split(strings.TrimSuffix(summary(questions[0]), "; "), "; ")
			want := strings.Split(test.want, "; ")
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		})
	}
}

// Several questions of another program, one behind the other, stay several.
func TestPastedQuestionsStaySeveral(t *testing.T) {
	questions, list := read("First?\n- [x] a\n- [ ] b\n\nSecond?\n\n- [x] c\n- [ ] d\n\nSo it is.\n")
	if len(list) > 0 || len(questions) != 2 || questions[0].Because.String() != "" || questions[1].Because.String() != "So it is." {
		t.Errorf("%d questions: %v", len(questions), list)
	}
}
