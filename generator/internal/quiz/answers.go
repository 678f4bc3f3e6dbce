package quiz

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"waymark/generator/internal/outline"
)

// typedAnswer reads a line that is an answer, and reports whether it is one.
func (p *parser) typedAnswer(line outline.Line) bool {
	s := line.Text
	if g := boxForm.FindStringSubmatchIndex(s); g != nil {
		if p.model {
			p.choice(line, g, Open)
			return true
		}
		p.choice(line, g, Single)
		return true
	}
	if g := radioForm.FindStringSubmatchIndex(s); g != nil {
		p.choice(line, g, Any)
		return true
	}
	if oddBox.MatchString(s) && !p.model {
		p.errorf(line.Pos, "write - [x] before what is right, and - [ ] before what is wrong", "the mark before this answer is none that is known")
		return true
	}
	if g := tildeForm.FindStringSubmatchIndex(s); g != nil {
		p.q.Wrong = append(p.q.Wrong, Answer{Text: Text{Lines: []outline.Line{line.Behind(g[4])}}})
		p.answer = &p.q.Wrong[len(p.q.Wrong)-1]
		p.onto = nil
		if p.answer.Text.Empty() {
			p.errorf(line.Pos, "write what you expect behind ~", "this answer has no text")
		}
		return true
	}
	if g := equalForm.FindStringSubmatchIndex(s); g != nil && !p.model {
		p.equal(line.Behind(g[4]))
		return true
	}
	if g := pairForm.FindStringSubmatchIndex(s); g != nil && !p.model {
		p.pair(line, g)
		return true
	}
	if g := orderForm.FindStringSubmatchIndex(s); g != nil && !p.model && !p.listed && (p.kind == Order || p.kind == "" && !p.q.Ask.Empty()) {
		p.put(Answer{Text: Text{Lines: []outline.Line{line.Behind(g[4])}}}, Order, line)
		return true
	}
	return false
}

// put adds an answer of a kind.
func (p *parser) put(a Answer, kind Kind, line outline.Line) {
	if p.kind != "" && p.kind != kind {
		p.errorf(line.Pos, "give a question one kind of answers", "this answer is of another kind than those above it")
	}
	p.kind = kind
	p.q.Answers = append(p.q.Answers, a)
	p.answer = &p.q.Answers[len(p.q.Answers)-1]
	p.onto, p.blank = &p.answer.Text, false
}

func (p *parser) choice(line outline.Line, g []int, kind Kind) {
	box := strings.TrimSpace(line.Text[g[4]:g[5]])
	if numbered := strings.TrimSpace(line.Text[g[2]:g[3]]); strings.ContainsAny(numbered, "0123456789") {
		p.q.Fixed = true // as other programs have it: numbers say that the order stays
	}
	p.put(Answer{Text: Text{Lines: []outline.Line{line.Behind(g[6])}}, Right: box != ""}, kind, line)
}

func (p *parser) pair(line outline.Line, g []int) {
	left, right := line.Behind(g[4]), outline.Plain(strings.TrimSpace(line.Text[g[6]:g[7]]))
	left.Text = strings.TrimRight(line.Text[g[4]:g[5]], " \t")
	p.put(Answer{Text: Text{Lines: []outline.Line{left}}, With: right}, Match, line)
	p.onto = nil
	if strings.TrimSpace(left.Text) == "" || right == "" {
		p.errorf(line.Pos, "write what belongs together on both sides of ->", "one side of this pair is empty")
	}
}

// equal reads the right answer of a short text or of a number.
func (p *parser) equal(line outline.Line) {
	s := strings.TrimSpace(line.Text)
	p.answer, p.onto = nil, nil
	if s == "" {
		p.errorf(line.Pos, "write the right answer behind =", "this answer has no text")
		return
	}
	if p.kind != "" && p.kind != Short && p.kind != Number {
		p.errorf(line.Pos, "give a question one kind of answers", "this answer is of another kind than those above it")
		return
	}
	r, isNumber, why := readNumber(s)
	switch {
	case why != "":
		p.errorf(line.Pos, "write for example: = 12.5 ± 0.5 km, or = 10..20", "%q %s", s, why)
	case isNumber && p.kind != Short:
		p.kind = Number
		p.q.Numbers = append(p.q.Numbers, r)
	default:
		s = typedText(s)
		for _, n := range p.q.Numbers { // words beside numbers: all of them are words
			p.q.Texts = append(p.q.Texts, n.Typed)
		}
		p.q.Numbers, p.kind = nil, Short
	}
	if p.kind == Short {
		if slices.Contains(p.q.Texts, s) {
			p.errorf(line.Pos, "keep one of them", "the answer %q is there twice", s)
		}
		p.q.Texts = append(p.q.Texts, s)
	}
}

// typedText is what a reader types: without the marks of Markdown, and strict between quotes of any kind.
func typedText(s string) string {
	if g := quotedForm.FindStringSubmatch(s); g != nil {
		return `"` + g[1] + `"`
	}
	return outline.Plain(s)
}

var quotedForm = regexp.MustCompile(`^["“„«](.*)["”“»]$`)

// said reads what is said to whoever gave the answer above.
func (p *parser) said(line outline.Line, g []int) {
	text := line.Behind(g[4])
	switch {
	case p.answer != nil:
		p.answer.Feedback.Lines = append(p.answer.Feedback.Lines, text)
		p.onto, p.blank = &p.answer.Feedback, false
	case p.pasted && len(p.q.Answers) == 0: // as other programs have it, a quote below the question is a hint
		p.q.Hints = append(p.q.Hints, Text{Lines: []outline.Line{text}})
	default:
		p.errorf(line.Pos, "write it below the answer that it belongs to, deeper than that", "this belongs to no answer")
	}
}

func (p *parser) checkChoices() {
	for _, a := range p.q.Answers {
		p.q.Fixed = p.q.Fixed || sweeping.MatchString(a.Text.String()) // which speaks of those above it
	}
	right := len(p.q.Right())
	switch p.q.Kind = p.kind; {
	case right == 0:
		p.errorf(p.q.Pos, "mark what is right with [x]", "no answer of this question is right")
	case right == len(p.q.Answers):
		p.errorf(p.q.Pos, "add one that is wrong, or ask for a text", "every answer of this question is right")
	case p.kind == Single && right > 1:
		p.q.Kind = Several
	}
	p.checkTwice()
}

// checkTwice finds an answer that is there twice, or says nothing.
func (p *parser) checkTwice() {
	seen := map[string]bool{}
	for _, a := range p.q.Answers {
		if a.Text.Empty() {
			p.errorf(a.Text.Pos(), "write the answer behind its mark", "this answer has no text")
		}
		s := strings.ToLower(strings.Join(strings.Fields(a.Text.String()), " "))
		if seen[s] {
			p.errorf(a.Text.Pos(), "keep one of them", "the answer %q is there twice", a.Text.String())
		}
		seen[s] = true
	}
}

// gaps takes the gaps out of the text of a question, and leaves marks.
func (p *parser) gaps() {
	q := p.q
	q.Kind = Gap
	for i := range q.Ask.Lines {
		line := &q.Ask.Lines[i]
		line.Text = gapForm.ReplaceAllStringFunc(line.Text, func(s string) string {
			if len(q.Gaps) == maxParts {
				p.errorf(line.Pos, "make several questions of it", "this question has more than %d gaps", maxParts)
				return ""
			}
			parts := strings.Split(strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(s, "[["), "]]"), `\|`, "|"), "|")
			for j := range parts {
				if parts[j] = outline.Plain(strings.TrimSpace(parts[j])); parts[j] == "" {
					p.errorf(line.Pos, "write the right words between the brackets", "a gap of this question is empty")
				}
			}
			q.Gaps = append(q.Gaps, Blank{Right: parts[0], Wrong: parts[1:]})
			return fmt.Sprintf("%s%d%s", BlankMark, len(q.Gaps)-1, BlankMark)
		})
	}
	if len(q.Gaps) == 0 {
		p.errorf(q.Pos, "write its answers below it: - [x] right, - [ ] wrong, = text, 1. rows, - left -> right, or model:", "this question has no answer")
		return
	}
	rest := q.Ask.String()
	for i := range q.Gaps {
		rest = strings.Replace(rest, fmt.Sprintf("%s%d%s", BlankMark, i, BlankMark), "", 1)
	}
	if strings.Trim(rest, " \n\t.,;:!?") == "" {
		p.errorf(q.Pos, "write the sentence that the gap stands in", "there is no text around this gap")
	}
}
