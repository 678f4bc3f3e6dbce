package quiz

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

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
		if l = l.Behind(min(max(indent, 0), len(l.Text))); strings.Contains(l.Text, "\u00a0") {
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
	if !outline.AnyLine(lines, begins) {
		p.pasted = true
		if begins = headForm.MatchString; !outline.AnyLine(lines, begins) {
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
	p.listed = outline.AnyLine(lines, func(s string) bool {
		return boxForm.MatchString(s) || radioForm.MatchString(s) || equalForm.MatchString(s) || strings.HasPrefix(strings.ToLower(s), "model:")
	})
	switch g := askForm.FindStringSubmatchIndex(first.Text); {
	case g != nil:
		p.q.Ask.Lines = []outline.Line{first.Behind(g[2])}
	case headForm.MatchString(first.Text):
		p.q.Ask.Lines = []outline.Line{first.Behind(headForm.FindStringSubmatchIndex(first.Text)[4])}
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
		p.add(line.Behind(2)) // whatever it looks like
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
			p.key(name, line, line.Behind(g[4]))
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
			line = line.Behind(2)
		}
		p.add(line)
	case indented && p.onto != nil:
		if p.blank {
			p.blank = false
			p.add(outline.Line{Pos: line.Pos})
		}
		p.add(outline.Line{Text: strings.TrimLeft(s, " \t"), Pos: line.Behind(len(s) - len(strings.TrimLeft(s, " \t"))).Pos})
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
		p.q.Was = append(p.q.Was, FormerIDs(s)...)
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

// FormerIDs reads what stands behind was: ids with commas or spaces between.
func FormerIDs(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

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
