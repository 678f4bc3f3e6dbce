// Package quiz reads questions that authors type in a fenced block: what is asked, what can be answered, what an answer is told,
// and why. It knows nothing of Markdown but where a text of it begins and ends: whoever calls it renders those.
//
// A question begins with "?" in the first column. Of which kind it is follows from its answers.
package quiz

import (
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
)

// Fence is what opens a block of questions.
const Fence = "quiz"

// Kind is how a question is answered.
type Kind string

// The kinds of questions.
const (
	Single  Kind = "single"  // one of the choices is right
	Several Kind = "several" // all that apply
	Any     Kind = "any"     // one choice is made, and several would be right
	Order   Kind = "order"   // rows in their order
	Match   Kind = "match"   // what belongs to what
	Gap     Kind = "gap"     // words in a text
	Short   Kind = "text"    // a few words
	Number  Kind = "number"  // with a tolerance, and a unit
	Open    Kind = "open"    // one's own words, beside a model answer
)

// Text is a piece of Markdown as it was typed, and what was made of it.
type Text struct {
	Lines []outline.Line
	HTML  []byte // with holes
	Plain string
}

// Empty reports whether there is no word in it.
func (t Text) Empty() bool {
	for _, l := range t.Lines {
		if strings.TrimSpace(l.Text) != "" {
			return false
		}
	}
	return true
}

// String returns the text as it was typed.
func (t Text) String() string {
	lines := make([]string, len(t.Lines))
	for i, l := range t.Lines {
		lines[i] = l.Text
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// Pos returns where the text begins.
func (t Text) Pos() diag.Position {
	if len(t.Lines) == 0 {
		return diag.Position{}
	}
	return t.Lines[0].Pos
}

// Answer is a choice, a row of an order, a pair, a criterion of an open question, or a wrong answer that is expected.
type Answer struct {
	Text     Text
	Right    bool   // of a choice
	With     string // of a pair: what belongs to it, in plain words
	Feedback Text   // what is said to whoever chose it
}

// Range is what a number may be. Low and High are the same where there is no tolerance.
type Range struct {
	Low, High float64
	Unit      string // or ""
	Typed     string
}

// Blank is a gap in a text: the right words, and, where one chooses, the wrong ones.
type Blank struct {
	Right string
	Wrong []string
}

// Question is one question.
type Question struct {
	Kind    Kind
	Ask     Text
	Answers []Answer
	Wrong   []Answer // what is expected of short texts and numbers, and what is said to it
	Texts   []string // the right ones of a short text; between quotes where they count letter by letter
	Numbers []Range
	Gaps    []Blank // in the order of Blanks in the text
	Model   Text    // of an open question

	Hints     []Text
	Because   Text
	Objective string // that it asks, as the page has it

	ID     string   // lasting; "" where its author gave none
	Was    []string // ids that it had before
	Fixed  bool     // whether its answers keep their order
	Unsure bool     // whether nobody is asked how sure they are
	Once   bool     // whether it is no part of the review
	Before bool     // whether it is asked at the head of the page too

	Pos diag.Position
	End diag.Position            // of its last line
	At  map[string]diag.Position // where its keys stand
}

// Name returns what the question is called where its author gave it no id: its first six words, as they stand in addresses.
func (q *Question) Name() string {
	return Name(q.Ask.String())
}

// Name returns the first six words of a text, as they stand in addresses.
func Name(text string) string {
	if len(text) > 400 { // of which the first words are wanted
		text = strings.ToValidUTF8(text[:400], "")
	}
	words := strings.FieldsFunc(slug.Make(text), func(r rune) bool { return r == '-' })
	if len(words) > 6 {
		words = words[:6]
	}
	return strings.Join(words, "-")
}

// Asked returns what is asked in plain words, with a line for each gap.
func (q *Question) Asked() string {
	return blankForm.ReplaceAllString(q.Ask.Plain, "____")
}

// BlankMark stands in the Ask of a question for each gap, around its number: a sign that no text has.
const BlankMark = "\uE0F0"

// Right returns the places of the right choices.
func (q *Question) Right() []int {
	var right []int
	for i, a := range q.Answers {
		if a.Right {
			right = append(right, i)
		}
	}
	return right
}

// Choices reports whether the question is answered by choosing among its Answers.
func (q *Question) Choices() bool { return q.Kind == Single || q.Kind == Several || q.Kind == Any }

// AsksHowSure reports whether readers say how sure they are when they check their answer.
func (q *Question) AsksHowSure() bool {
	return !q.Unsure && (q.Choices() || q.Kind == Number || q.Kind == Short)
}
