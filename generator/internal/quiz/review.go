package quiz

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"waymark/generator/diag"
)

// What makes a question worse than it need be. Sources: Haladyna, Downing and Rodriguez, "A review of multiple-choice item-writing
// guidelines" (2002), for the forms of choices; Rodriguez, "Three options are optimal" (2005), for their number.
var (
	sweeping = regexp.MustCompile(`(?i)^\W*(?:all|none|both|any|neither) of (?:the )?(?:above|these|them|those)\W*$`)
	negated  = regexp.MustCompile(`(?i)\b(?:which|what|who|where|when)\b[^.?!,;]*\b(?:not|never|isn't|aren't)\b`)
	inCode   = regexp.MustCompile("(?s)```.*?```|~~~.*?~~~|`[^`]*`")
	stressed = regexp.MustCompile(`[*_]{1,2}(?:not|never)[*_]{1,2}`)
	yesOrNo  = regexp.MustCompile(`(?i)^\W*(?:yes|no|true|false)\W*$`)
)

// most is how many choices a question should have at most.
const most = 5

// Review gives advice on the questions of one page, none of it an error. objectives are those of the page, with where they stand.
func Review(questions []*Question, objectives map[string]diag.Position) diag.List {
	r := reviewer{asked: map[string]bool{}}
	longest, choosing := 0, 0
	for _, q := range questions {
		r.one(q)
		if q.Kind == Single || q.Kind == Any {
			choosing++
			if rightIsLongest(q) {
				longest++
			}
		}
	}
	if choosing >= 3 && longest*10 > choosing*6 {
		r.advise(questions[0].Pos, "", "make the wrong answers as long, or the right ones shorter", "the right answer is by far the longest in %d of the %d questions of this page that are choices", longest, choosing)
	}
	names := make([]string, 0, len(objectives))
	for o := range objectives {
		names = append(names, o)
	}
	slices.Sort(names)
	for _, o := range names {
		if !r.asked[o] {
			r.advise(objectives[o], "objective", "ask it, and write objective: below the question", "no question of this page asks the objective %q", o)
		}
	}
	return r.list
}

type reviewer struct {
	list  diag.List
	asked map[string]bool
}

// advise gives advice. same is what is the same of many places.
func (r *reviewer) advise(pos diag.Position, same, hint, format string, args ...any) {
	d := problem(diag.Warning, pos, hint, format, args...)
	d.Code, d.Beside, d.Advice, d.Same = "question", false, true, same
	r.list.Add(d)
}

func (r *reviewer) one(q *Question) {
	r.asked[q.Objective] = true
	ask := inCode.ReplaceAllString(q.Ask.String(), "")
	if q.Because.Empty() && q.Kind != Open {
		r.advise(q.Pos, "because", "write because: below its answers: it is what a reader learns from", "nothing says why this answer is right")
	}
	if q.Kind != Open && negated.MatchString(ask) && !stressed.MatchString(ask) {
		r.advise(q.Pos, "not", "write **not**, or ask for what is", "this question has a \"not\" that is easily read over")
	}
	if !q.Choices() {
		return
	}
	if len(q.Answers) > most {
		r.advise(q.Pos, "", "leave out the wrong answers that nobody would choose", "this question has %d answers to choose from, and three are enough", len(q.Answers))
	}
	if len(q.Answers) == 2 && yesOrNo.MatchString(q.Answers[0].Text.String()) && yesOrNo.MatchString(q.Answers[1].Text.String()) {
		r.advise(q.Pos, "yes", "ask which, why, or what next", "half of those who do not know answer yes or no rightly")
	}
	for _, a := range q.Answers {
		if sweeping.MatchString(a.Text.String()) {
			r.advise(a.Text.Pos(), "sweeping", "write out what is meant, or let several answers be right", "%q asks how the answers are counted, and nothing of the subject", a.Text.String())
		}
		if !a.Right && a.Feedback.Empty() {
			r.advise(a.Text.Pos(), "feedback", "write below it, behind >, what speaks against it", "nothing is said to whoever chooses this wrong answer")
		}
	}
	if word := givesAway(q); word != "" {
		r.advise(q.Pos, "", "use another word in one of the two", "the word %q stands in the question and in the right answer alone", word)
	}
}

// rightIsLongest reports whether the right answer is half as long again as each wrong one.
func rightIsLongest(q *Question) bool {
	right, wrong := 0, 0
	for _, a := range q.Answers {
		if n := len([]rune(a.Text.String())); a.Right {
			right = max(right, n)
		} else {
			wrong = max(wrong, n)
		}
	}
	return right*2 > wrong*3
}

// givesAway returns a long word of the question that the right answers have, and no wrong one.
func givesAway(q *Question) string {
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
	}
	wrong := map[string]bool{}
	for _, a := range q.Answers {
		if !a.Right {
			for _, w := range words(a.Text.String()) {
				wrong[w] = true
			}
		}
	}
	asked := words(inCode.ReplaceAllString(q.Ask.String(), ""))
	in := map[string]bool{}
	for _, w := range asked {
		in[w] = true
	}
	for w := range wrong {
		if len(w) > 3 && in[w] { // the question names what there is to choose from
			return ""
		}
	}
	for _, i := range q.Right() {
		for _, w := range words(q.Answers[i].Text.String()) {
			if len(w) > 7 && !wrong[w] && in[w] {
				return w
			}
		}
	}
	return ""
}
