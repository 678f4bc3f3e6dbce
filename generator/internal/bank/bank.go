// Package bank brings questions to other programs, and from them: GIFT and QTI, which learning platforms read, Aiken, and JSON. What
// a form cannot hold is listed, never lost in silence.
package bank

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
)

// Item is a question with the lasting id by which readers' browsers know it, and where it stands.
type Item struct {
	Key   string
	Page  string // the title of the page that asks it
	File  string
	Asked *quiz.Question
}

// Forms are the names of those that Export knows.
func Forms() []string { return []string{"gift", "qti", "json"} }

// Export writes questions in a form. lost says, for each question of which something was left out, what that is.
func Export(items []Item, form string) (data []byte, lost []string, err error) {
	w := &losses{}
	switch form {
	case "gift":
		data = gift(items, w)
	case "qti":
		data, err = qti(items, w)
	case "json":
		data, err = asJSON(items)
	default:
		return nil, nil, diag.Usagef("--as is %q (write %s)", form, strings.Join(Forms(), ", "))
	}
	return data, w.said, err
}

// losses collects what a form cannot hold.
type losses struct{ said []string }

func (l *losses) add(i Item, what string) {
	l.said = append(l.said, fmt.Sprintf("%s:%d: %s", i.File, i.Asked.Pos.Line, what))
}

// text makes a Text of a line or several.
func text(s string) quiz.Text {
	var t quiz.Text
	if s = strings.TrimSpace(s); s == "" {
		return t
	}
	for _, l := range strings.Split(s, "\n") {
		t.Lines = append(t.Lines, outline.Line{Text: strings.TrimRight(l, " \t\r")})
	}
	return t
}

// tags are the elements that platforms write around plain words.
var tags = regexp.MustCompile(`(?i)</?(?:p|br|span|div|strong|em|b|i|u)(?:\s[^>]*)?/?>`)

// safe keeps the words of another program from being read as marks of ours: elements that only set words go, what else begins as
// one is written as it was, and all stands in one line, so that none is taken for an answer.
func safe(s string) string {
	if tags.MatchString(s) && strings.Contains(s, "</") {
		s = tags.ReplaceAllString(s, "")
	}
	s = strings.NewReplacer("<", `\<`, "[[", `\[\[`).Replace(html.UnescapeString(s))
	return strings.Join(strings.Fields(s), " ")
}

// asJSON writes all that is known of the questions.
func asJSON(items []Item) ([]byte, error) {
	type answer struct {
		Text     string `json:"text"`
		Right    *bool  `json:"right,omitempty"`
		With     string `json:"with,omitempty"`
		Feedback string `json:"feedback,omitempty"`
	}
	type number struct {
		Low  float64 `json:"low"`
		High float64 `json:"high"`
		Unit string  `json:"unit,omitempty"`
	}
	type gap struct {
		Right string   `json:"right"`
		Wrong []string `json:"wrong,omitempty"`
	}
	type question struct {
		ID        string   `json:"id"`
		Kind      string   `json:"kind"`
		Page      string   `json:"page"`
		Ask       string   `json:"ask"` // Markdown; a gap is {{n}}, from 0
		Answers   []answer `json:"answers,omitempty"`
		Texts     []string `json:"texts,omitempty"`
		Numbers   []number `json:"numbers,omitempty"`
		Gaps      []gap    `json:"gaps,omitempty"`
		Expected  []answer `json:"expected,omitempty"`
		Model     string   `json:"model,omitempty"`
		Hints     []string `json:"hints,omitempty"`
		Because   string   `json:"because,omitempty"`
		Objective string   `json:"objective,omitempty"`
		Was       []string `json:"was,omitempty"`
	}
	out := make([]question, 0, len(items))
	for _, i := range items {
		q := i.Asked
		o := question{
			ID: i.Key, Kind: string(q.Kind), Page: i.Page, Ask: marked(q, func(n int) string { return fmt.Sprintf("{{%d}}", n) }),
			Texts: q.Texts, Model: q.Model.String(), Because: q.Because.String(), Objective: q.Objective, Was: q.Was,
		}
		for _, a := range q.Answers {
			made := answer{Text: a.Text.String(), With: a.With, Feedback: a.Feedback.String()}
			if q.Choices() {
				made.Right = &a.Right
			}
			o.Answers = append(o.Answers, made)
		}
		for _, a := range q.Wrong {
			o.Expected = append(o.Expected, answer{Text: a.Text.String(), Feedback: a.Feedback.String()})
		}
		for _, r := range q.Numbers {
			o.Numbers = append(o.Numbers, number{r.Low, r.High, r.Unit})
		}
		for _, g := range q.Gaps {
			o.Gaps = append(o.Gaps, gap{g.Right, g.Wrong})
		}
		for _, h := range q.Hints {
			o.Hints = append(o.Hints, h.String())
		}
		out = append(out, o)
	}
	data, err := json.MarshalIndent(map[string]any{"version": 1, "questions": out}, "", "  ")
	return append(data, '\n'), err
}

// marked returns what a question asks, with something in the place of each gap.
func marked(q *quiz.Question, with func(n int) string) string {
	s := q.Ask.String()
	for n := range q.Gaps {
		s = strings.Replace(s, fmt.Sprintf("%s%d%s", quiz.BlankMark, n, quiz.BlankMark), with(n), 1)
	}
	return s
}

// Import reads questions of another program, and writes them as a block of ours. from is gift or aiken; where it is empty, the text
// says which it is.
func Import(data []byte, name, from string) ([]byte, diag.List) {
	s := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	if from == "" {
		from = "gift"
		if aikenAnswer.MatchString(s) && !strings.Contains(s, "{") {
			from = "aiken"
		}
	}
	var questions []quiz.Question
	var list diag.List
	switch from {
	case "gift":
		questions, list = readGIFT(s, name)
	case "aiken":
		questions, list = readAiken(s, name)
	}
	if len(questions) == 0 && len(list) == 0 {
		list.Add(problem(name, 1, "name the form with --from gift or --from aiken", "there is no question in this file"))
	}
	questions = slices.DeleteFunc(questions, func(q quiz.Question) bool {
		if again := check(q); again != "" {
			list.Add(warning(name, 1, "write it by hand", "a question could not be brought over: %s (%s)", q.Ask.String(), again))
			return true
		}
		return false
	})
	if len(questions) == 0 {
		return nil, list
	}
	fence := "```"
	body := quiz.Format(questions)
	for strings.Contains(body, fence) {
		fence += "`"
	}
	return []byte(fence + quiz.Fence + "\n" + body + fence + "\n"), list
}

// check reads a question again that was written as ours, and says what it is then that it was not.
func check(q quiz.Question) string {
	if q.Kind == "" {
		return "it has no kind"
	}
	var lines []outline.Line
	for _, l := range strings.Split(strings.TrimRight(quiz.Format([]quiz.Question{q}), "\n"), "\n") {
		lines = append(lines, outline.Line{Text: l})
	}
	read, list := quiz.Parse(diag.Position{}, lines)
	switch {
	case len(list) > 0:
		return list[0].Message
	case len(read) != 1 || read[0].Kind != q.Kind || len(read[0].Answers) != len(q.Answers) || fmt.Sprint(read[0].Gaps) != fmt.Sprint(q.Gaps):
		return "it would be read as another question"
	}
	return ""
}

func problem(name string, line int, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Pos: diag.Position{File: name, Line: line}, Severity: diag.Error, Code: "import", Message: fmt.Sprintf(format, args...), Hint: hint}
}

func warning(name string, line int, hint, format string, args ...any) diag.Diagnostic {
	d := problem(name, line, hint, format, args...)
	d.Severity = diag.Warning
	return d
}
