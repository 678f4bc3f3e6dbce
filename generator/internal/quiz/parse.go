package quiz

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
)

// MaxQuestions is how many questions a block may have. A question has at most maxParts answers, hints or gaps.
const (
	MaxQuestions = 500
	maxParts     = 50
)

// The forms that lines may have.
var (
	askForm    = regexp.MustCompile(`^[?？؟]\s*(.*)$`)
	boxForm    = regexp.MustCompile(`^(\s{0,3}(?:(?:[-*+–—]|\d{1,3}[.)])\s*)?)\[\s*(x|X|✓|✔|)\s*\](?:\s+|$)(.*)$`)
	oddBox     = regexp.MustCompile(`^\s{0,3}[-*+–—]\s*(?:[\[［【]([^\]］】]{0,2})[\]］】]|\(([^)xX ][^)]?)\))(?:\s|$)`)
	radioForm  = regexp.MustCompile(`^(\s{0,3}[-*+–—]\s*)\(\s*(x|X|)\s*\)(?:\s+|$)(.*)$`)
	orderForm  = regexp.MustCompile(`^(\s{0,3}\d{1,3}[.)]\s+)(.*)$`)
	pairForm   = regexp.MustCompile("^(\\s{0,3}[-*+–—]\\s*)((?:`[^`]*`|[^`])*?)(?:->|→|=>)(.*)$")
	equalForm  = regexp.MustCompile(`^(\s{0,3}=\s*)(.*)$`)
	tildeForm  = regexp.MustCompile(`^(\s{0,3}~\s*)(.*)$`)
	saidForm   = regexp.MustCompile(`^(\s*>\s?)(.*)$`)
	keyForm    = regexp.MustCompile(`^(?:\*\*)?([A-Za-z][A-Za-z_-]*) ?:(?:\*\*)?(?:\s+|$)(.*)$`)
	remarkForm = regexp.MustCompile(`^\s*(?:<!--.*-->|-{3,})\s*$`)
	headForm   = regexp.MustCompile(`^(#{1,6}\s+)(.*\S)\s*$`)
	gapForm    = regexp.MustCompile(`\[\[(.*?)\]\]`)
	bulletForm = regexp.MustCompile(`^\s{0,3}[-*+]\s+`)
)

// keys are what may be said of a question beside its answers.
var keys = []string{"hint", "because", "objective", "id", "was", "shuffle", "sure", "recall", "before", "model"}

// Parse reads the lines of a block. What is wrong is told at its own line, one message for one slip; a question with an error is
// left out. at is where the block opens.
func Parse(at diag.Position, lines []outline.Line) ([]Question, diag.List) {
	p := &parser{at: at}
	for _, part := range p.split(cleaned(lines)) {
		if len(p.questions) == MaxQuestions {
			p.errorf(part[0].Pos, "put some of them on pages of their own", "this block has more than %d questions", MaxQuestions)
			break
		}
		p.question(part)
	}
	if len(p.questions) == 0 && len(p.list) == 0 {
		p.errorf(at, "begin a question with ? and write its answers below it", "this block asks nothing")
	}
	return p.questions, p.list
}

// cleaned takes off what nobody sees: the space that all lines begin with, spaces that do not break, settings of quizdown at the
// head, and comments and rules between questions.
func cleaned(lines []outline.Line) []outline.Line {
	indent := -1
	for _, l := range lines {
		if strings.TrimSpace(l.Text) != "" {
			if n := len(l.Text) - len(strings.TrimLeft(l.Text, " ")); indent < 0 || n < indent {
				indent = n
			}
		}
	}
	out := make([]outline.Line, 0, len(lines))
	fence := ""
	for i, l := range lines {
		if l = behind(l, min(max(indent, 0), len(l.Text))); strings.Contains(l.Text, "\u00a0") {
			l.Text = strings.ReplaceAll(l.Text, "\u00a0", " ")
		}
		if mark := fenceOf(l.Text); mark != "" && (fence == "" || strings.HasPrefix(mark, fence)) {
			if fence != "" {
				mark = ""
			}
			fence = mark
		}
		if fence == "" && remarkForm.MatchString(l.Text) {
			if i == 0 && strings.HasPrefix(l.Text, "---") {
				if end := headEnd(lines); end > 0 {
					return cleaned(lines[end+1:])
				}
			}
			l.Text = ""
		}
		out = append(out, l)
	}
	return out
}

// headEnd returns where the settings of quizdown end that stand at the head of a block; 0 where there are none.
func headEnd(lines []outline.Line) int {
	for i, l := range lines[1:] {
		switch s := strings.TrimSpace(l.Text); {
		case strings.HasPrefix(s, "---"):
			return i + 1
		case s != "" && !strings.Contains(s, ":"):
			return 0
		}
	}
	return 0
}

type parser struct {
	at        diag.Position
	questions []Question
	list      diag.List

	q      *Question
	wrong  bool // whether the question has an error already: what follows from that is not told
	pasted bool // whether it is written as another program has it, without "?"
	onto   *Text
	answer *Answer // that what is said next belongs to
	kind   Kind    // of its answers so far
	listed bool    // whether it has other answers than rows, so that numbers are a list in its text
	blank  bool    // whether an empty line came behind the text that is being read
	model  bool
}

func problem(severity diag.Severity, pos diag.Position, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Pos: pos, Severity: severity, Code: "quiz", Message: fmt.Sprintf(format, args...), Hint: hint, Beside: true}
}

// errorf tells the first error of a question.
func (p *parser) errorf(pos diag.Position, hint, format string, args ...any) {
	if !p.wrong {
		p.list.Add(problem(diag.Error, pos, hint, format, args...))
	}
	p.wrong = true
}

// split cuts a block into its questions. A block without "?" was written for another program: there each heading begins one, or all
// of it is one.
func (p *parser) split(lines []outline.Line) [][]outline.Line {
	begins := func(s string) bool { return askForm.MatchString(s) }
	if !has(lines, begins) {
		p.pasted = true
		if begins = headForm.MatchString; !has(lines, begins) {
			begins = func(string) bool { return false }
		}
	}
	var parts [][]outline.Line
	fence := ""
	answered := false // whether the question has an answer, where no mark begins the next one
	for i, line := range lines {
		inCode := fence != ""
		if mark := fenceOf(line.Text); mark != "" && (fence == "" || strings.HasPrefix(mark, fence)) {
			if fence = mark; inCode {
				fence = ""
			}
		}
		switch {
		case !inCode && (begins(line.Text) || p.pasted && answered && beforeAnswers(lines, i)):
			parts, answered = append(parts, []outline.Line{line}), false
		case len(parts) > 0:
			parts[len(parts)-1] = append(parts[len(parts)-1], line)
			answered = answered || boxForm.MatchString(line.Text)
		case strings.TrimSpace(line.Text) == "":
		case p.pasted:
			parts = append(parts, []outline.Line{line})
		default:
			p.errorf(line.Pos, "begin the question with ? in front of it", "this stands before the first question")
			p.wrong = false
			parts = append(parts, nil)
		}
	}
	out := parts[:0]
	for _, part := range parts {
		if len(part) > 0 && askForm.MatchString(part[0].Text) || p.pasted && len(part) > 0 {
			out = append(out, part)
		}
	}
	return out
}

func has(lines []outline.Line, form func(string) bool) bool {
	for _, l := range lines {
		if form(l.Text) {
			return true
		}
	}
	return false
}

// beforeAnswers reports whether a line is a text behind an empty line, and before answers: the next question, where nothing marks it.
func beforeAnswers(lines []outline.Line, at int) bool {
	if at == 0 || strings.TrimSpace(lines[at-1].Text) != "" || boxForm.MatchString(lines[at].Text) || strings.TrimSpace(lines[at].Text) == "" {
		return false
	}
	for _, l := range lines[at+1:] {
		if boxForm.MatchString(l.Text) {
			return true
		}
		if strings.TrimSpace(l.Text) != "" {
			return false
		}
	}
	return false
}

// fenceOf returns the marks of a fence that a line begins with.
func fenceOf(line string) string {
	s := strings.TrimLeft(line, " ")
	for _, mark := range []string{"`", "~"} {
		if n := len(s) - len(strings.TrimLeft(s, mark)); n >= 3 {
			return s[:n]
		}
	}
	return ""
}

// behind returns what of a line stands behind its first bytes.
func behind(line outline.Line, bytes int) outline.Line {
	pos := line.Pos
	pos.Col += utf8.RuneCountInString(line.Text[:bytes])
	return outline.Line{Text: line.Text[bytes:], Pos: pos}
}

func (p *parser) question(lines []outline.Line) {
	first := lines[0]
	p.q = &Question{Pos: first.Pos, At: map[string]diag.Position{}}
	p.wrong, p.answer, p.kind, p.model = false, nil, "", false
	for _, line := range lines {
		if strings.TrimSpace(line.Text) != "" {
			p.q.End = line.Pos
		}
	}
	p.onto, p.blank = &p.q.Ask, false
	p.listed = has(lines, func(s string) bool {
		return boxForm.MatchString(s) || radioForm.MatchString(s) || equalForm.MatchString(s) || strings.HasPrefix(strings.ToLower(s), "model:")
	})
	switch g := askForm.FindStringSubmatchIndex(first.Text); {
	case g != nil:
		p.q.Ask.Lines = []outline.Line{behind(first, g[2])}
	case headForm.MatchString(first.Text):
		p.q.Ask.Lines = []outline.Line{behind(first, headForm.FindStringSubmatchIndex(first.Text)[4])}
	default:
		p.line(first)
	}
	fence := ""
	for _, line := range lines[1:] {
		if mark := fenceOf(line.Text); fence != "" || mark != "" && p.onto != nil {
			p.add(line)
			if fence == "" {
				fence = mark
			} else if strings.HasPrefix(mark, fence) {
				fence = ""
			}
			continue
		}
		p.line(line)
	}
	if fence != "" {
		p.errorf(p.q.End, "end it with a line of the same marks; the block around it needs longer ones", "code in this question is never closed")
	}
	p.finish()
}

// add adds a line to the text that is being read.
func (p *parser) add(line outline.Line) {
	if p.onto != nil {
		p.onto.Lines = append(p.onto.Lines, line)
	}
}

// line reads one line of a question.
func (p *parser) line(line outline.Line) {
	s := line.Text
	indented := strings.HasPrefix(s, "  ") || strings.HasPrefix(s, "\t")
	switch {
	case strings.TrimSpace(s) == "":
		if p.blank = p.answering(); !p.blank {
			p.add(line)
		}
		return
	case indented && (p.onto == &p.q.Because || p.onto == &p.q.Model && !boxForm.MatchString(s) || p.onto != nil && len(p.q.Hints) > 0 && p.onto == &p.q.Hints[len(p.q.Hints)-1]):
		p.add(behind(line, 2)) // whatever it looks like
		return
	case p.typedAnswer(line):
		return
	}
	if g := saidForm.FindStringSubmatchIndex(s); g != nil && (p.answer != nil || p.onto != &p.q.Ask || len(p.q.Answers) > 0) || g != nil && p.pasted {
		p.said(line, g)
		return
	}
	if g := keyForm.FindStringSubmatchIndex(s); g != nil {
		if name := strings.ToLower(s[g[2]:g[3]]); slices.Contains(keys, name) {
			p.key(name, line, behind(line, g[4]))
			return
		} else if p.onto != &p.q.Ask && !indented {
			p.errorf(line.Pos, diag.DidYouMean(name, keys, "there are "+strings.Join(keys, ", ")), "%q is nothing that can be said of a question", name)
			return
		}
	}
	switch {
	case p.onto == &p.q.Ask && (p.q.Ask.Empty() || len(p.q.Answers) == 0):
		p.add(line)
	case p.model && p.onto != nil && !bulletForm.MatchString(s):
		if strings.HasPrefix(s, "  ") { // as what is said deeper than its key is typed
			line = behind(line, 2)
		}
		p.add(line)
	case indented && p.onto != nil:
		if p.blank {
			p.blank = false
			p.add(outline.Line{Pos: line.Pos})
		}
		p.add(outline.Line{Text: strings.TrimLeft(s, " \t"), Pos: behind(line, len(s)-len(strings.TrimLeft(s, " \t"))).Pos})
	case p.pasted && !bulletForm.MatchString(s): // what other programs write behind the answers says why
		if p.onto != &p.q.Because {
			p.onto, p.answer = &p.q.Because, nil
		}
		p.add(line)
	case bulletForm.MatchString(s):
		p.errorf(line.Pos, "write - [x] or - [ ] before a choice, or - left -> right", "this answer does not say whether it is right")
	default:
		p.errorf(line.Pos, "indent it to go on with the line above, or begin a question with ?", "this line belongs to no answer")
	}
}

// answering reports whether what is being read is an answer, or said of one: that goes on behind an empty line only where it is
// indented.
func (p *parser) answering() bool {
	return p.onto != nil && p.onto != &p.q.Ask && p.onto != &p.q.Because && p.onto != &p.q.Model
}

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
		p.q.Wrong = append(p.q.Wrong, Answer{Text: Text{Lines: []outline.Line{behind(line, g[4])}}})
		p.answer = &p.q.Wrong[len(p.q.Wrong)-1]
		p.onto = nil
		if p.answer.Text.Empty() {
			p.errorf(line.Pos, "write what you expect behind ~", "this answer has no text")
		}
		return true
	}
	if g := equalForm.FindStringSubmatchIndex(s); g != nil && !p.model {
		p.equal(behind(line, g[4]))
		return true
	}
	if g := pairForm.FindStringSubmatchIndex(s); g != nil && !p.model {
		p.pair(line, g)
		return true
	}
	if g := orderForm.FindStringSubmatchIndex(s); g != nil && !p.model && !p.listed && (p.kind == Order || p.kind == "" && !p.q.Ask.Empty()) {
		p.put(Answer{Text: Text{Lines: []outline.Line{behind(line, g[4])}}}, Order, line)
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
	p.put(Answer{Text: Text{Lines: []outline.Line{behind(line, g[6])}}, Right: box != ""}, kind, line)
}

func (p *parser) pair(line outline.Line, g []int) {
	left, right := behind(line, g[4]), outline.Plain(strings.TrimSpace(line.Text[g[6]:g[7]]))
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
	text := behind(line, g[4])
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

func (p *parser) key(name string, line, value outline.Line) {
	if _, twice := p.q.At[name]; twice && name != "hint" && name != "was" {
		p.errorf(line.Pos, "keep one of the two", "%q is already said of this question", name)
		return
	}
	p.q.At[name] = value.Pos
	p.answer, p.onto = nil, nil
	s := strings.TrimSpace(value.Text)
	no := func(no bool) bool { // what is said with yes and no
		switch strings.ToLower(s) {
		case "yes", "true":
			return !no
		case "no", "false":
			return no
		}
		p.errorf(value.Pos, "write yes or no", "%q cannot be %q", name, s)
		return false
	}
	if s == "" && name != "because" && name != "model" && name != "hint" {
		p.errorf(line.Pos, "write it behind the colon, or leave the line out", "%q says nothing", name)
		return
	}
	switch name {
	case "hint":
		p.q.Hints = append(p.q.Hints, Text{Lines: []outline.Line{value}})
		p.onto = &p.q.Hints[len(p.q.Hints)-1]
	case "because":
		p.q.Because.Lines = []outline.Line{value}
		p.onto = &p.q.Because
	case "model":
		p.q.Model.Lines = []outline.Line{value}
		p.onto, p.model = &p.q.Model, true
	case "objective":
		p.q.Objective = s
	case "id":
		p.q.ID = s
		if !IDForm.MatchString(s) {
			p.errorf(value.Pos, "use small letters, digits, - and _", "%q cannot be the id of a question", s)
		}
	case "was":
		p.q.Was = append(p.q.Was, strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })...)
	case "shuffle":
		p.q.Fixed = no(true)
	case "sure":
		p.q.Unsure = no(true)
	case "recall":
		p.q.Once = no(true)
	case "before":
		p.q.Before = no(false)
	}
}

// IDForm is what the id of a question or card may be.
var IDForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// finish decides the kind of the question, and checks what only the whole of it shows.
func (p *parser) finish() {
	q := p.q
	last := q.Pos
	if n := max(len(q.Answers), len(q.Wrong), len(q.Texts)+len(q.Numbers), len(q.Hints)); n > maxParts {
		p.errorf(last, "make several questions of it", "this question has %d answers or hints, and at most %d are read", n, maxParts)
		return
	}
	switch {
	case q.Ask.Empty():
		p.errorf(last, "write the question behind ?", "this question asks nothing")
	case p.model:
		q.Kind = Open
		if p.kind != "" && p.kind != Open {
			p.errorf(q.At["model"], "leave out model:, or the answers", "a question with a model answer is open, and this one has answers too")
		} else if q.Model.Empty() {
			p.errorf(q.At["model"], "write a good answer behind model:", "the model answer is empty")
		}
	case p.kind == "":
		p.gaps()
	case p.kind == Single, p.kind == Any:
		p.checkChoices()
	default:
		q.Kind = p.kind
		if p.kind == Match && len(q.Answers) < 2 {
			p.errorf(last, "write at least two pairs", "one pair alone is no choice")
		}
		if p.kind == Order && len(q.Answers) < 3 {
			p.errorf(last, "write at least three rows, or ask for one of two", "an order of fewer than three rows is a guess")
		}
		p.checkTwice()
	}
	if len(q.Wrong) > 0 && q.Kind != Short && q.Kind != Number && q.Kind != Gap {
		p.errorf(q.Wrong[0].Text.Pos(), "write what is said to a choice below it, behind >", "only answers that are typed can be expected")
	}
	if !p.wrong {
		p.questions = append(p.questions, *q)
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
