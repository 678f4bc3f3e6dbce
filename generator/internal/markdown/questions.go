package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/slug"
)

// QuizBlock is a block of questions. Section is the heading that it stands below, where that is not the page's title.
type QuizBlock struct {
	Questions []quiz.Question
	Section   Heading
	Pos       diag.Position
	Fence     Fence
	Problems  diag.List // the errors in it: it must not be published, but may be shown to its author
}

// maxAsked is how many questions a page may have.
const maxAsked = 1_000

// quizBlock reads a block of questions, and leaves a hole for it.
func (p *preparer) quizBlock(n *ast.FencedCodeBlock) {
	typed := p.block(n)
	block := QuizBlock{Pos: typed.opening, Fence: typed.fence}
	if h := p.doc.Headings; len(h) > 0 {
		block.Section = h[len(h)-1]
	}
	if !typed.closed {
		p.neverClosed("quiz", typed)
	} else {
		questions, list := quiz.Parse(typed.opening, typed.lines)
		p.list.Add(list...)
		block.Questions, block.Problems = questions, list
	}
	if p.asked += len(block.Questions); p.asked > maxAsked {
		p.errorf(typed.opening, "too-much", "put some of them on pages of their own", "this page asks more than %d questions", maxAsked)
		return
	}
	for i := range block.Questions {
		p.question(&block.Questions[i])
	}
	p.doc.Quizzes = append(p.doc.Quizzes, block)
	setHole(n, p.hole(Link{Kind: QuizHole, Block: len(p.doc.Quizzes) - 1, Pos: typed.opening}))
}

// neverClosed tells of a block that goes on to the end of the page. One that holds code has to be opened, and closed, with more marks
// than that.
func (p *preparer) neverClosed(code string, typed block) {
	hint := "end it with a line of ```"
	if outline.AnyLine(typed.lines, func(s string) bool {
		s = strings.TrimSpace(s)
		return strings.HasPrefix(s, "```") || strings.HasPrefix(s, "~~~")
	}) {
		hint = "it holds code: open it, and close it, with four backticks"
	}
	p.list.Add(diag.Diagnostic{Pos: typed.opening, Severity: diag.Error, Code: code, Message: "this block is never closed", Hint: hint, Beside: true})
}

// question renders the texts of a question.
func (p *preparer) question(q *quiz.Question) {
	p.fragment(&q.Ask)
	for i := range q.Answers {
		p.fragment(&q.Answers[i].Text)
		p.fragment(&q.Answers[i].Feedback)
	}
	for i := range q.Wrong {
		p.fragment(&q.Wrong[i].Text)
		p.fragment(&q.Wrong[i].Feedback)
	}
	for i := range q.Hints {
		p.fragment(&q.Hints[i])
	}
	p.fragment(&q.Model)
	p.fragment(&q.Because)
	p.plain.WriteString(q.Ask.Plain + " ")
	p.objective(q)
	for i := range q.Answers {
		p.emptied(q.Answers[i].Text)
	}
	if q.Kind == quiz.Gap && quiz.Blanks(q.Ask.HTML) != len(q.Gaps) {
		p.list.Add(diag.Diagnostic{Pos: q.Pos, Severity: diag.Error, Code: "quiz", Beside: true, Message: "a gap of this question stands where nobody can fill it: in code, a formula or an attribute", Hint: "write the gap into a sentence"})
	}
}

// emptied tells of an answer of which nothing is left once it is Markdown.
func (p *preparer) emptied(t quiz.Text) {
	if t.Empty() || t.Plain != "" || bytes.ContainsRune(t.HTML, 0) || bytes.Contains(t.HTML, []byte("<math")) || bytes.Contains(t.HTML, []byte("<code")) {
		return
	}
	p.list.Add(diag.Diagnostic{Pos: t.Pos(), Severity: diag.Error, Code: "quiz", Beside: true, Message: "readers see nothing of this answer: \"" + shorten(t.String()) + "\"", Hint: "put it between backticks, if it is code"})
}

// objective finds the objective that a question asks among those of the page.
func (p *preparer) objective(q *quiz.Question) {
	if q.Objective == "" {
		return
	}
	has := slices.Concat(p.doc.Front.Objectives, p.doc.Front.Outcomes)
	for _, o := range has {
		if slug.Fold(o) == slug.Fold(q.Objective) {
			q.Objective = o
			return
		}
	}
	hint := "this page has none: write them into its header as objectives"
	if len(has) > 0 {
		hint = "it has: " + strings.Join(has, "; ")
		if near := diag.Nearest(q.Objective, has); near != "" {
			hint = "did you mean \"" + near + "\"?"
		}
	}
	p.list.Add(diag.Diagnostic{Pos: q.At["objective"], Severity: diag.Error, Code: "quiz", Message: "the page has no objective \"" + q.Objective + "\"", Hint: hint, Beside: true})
}

// markBefore is what would make a list, a heading or a quote of the first line of a text.
var markBefore = regexp.MustCompile(`^(\s{0,3}\d{0,9})([.)]\s|[-+*]\s|[.)]$|#{1,6}\s|>)`)

// fragment renders a text that stands in a block, with holes of the page.
func (p *preparer) fragment(t *quiz.Text) {
	if t.Empty() {
		return
	}
	joined := make([]string, len(t.Lines))
	for i, l := range t.Lines {
		joined[i] = l.Text
	}
	sub := *p
	joined[0] = markBefore.ReplaceAllString(joined[0], `$1\$2`) // what looks like a list or heading is none here
	sub.source = []byte(strings.Join(joined, "\n"))
	sub.at = &lines{own: t.Lines, name: p.at.name}
	if problem := overLimit(p.doc.Name, sub.source, t.Pos().Line, true); problem != nil {
		p.list.Add(*problem)
		return
	}
	sub.plain, sub.list, sub.rawNodes, sub.closed, sub.draw, sub.inner = bytes.Buffer{}, nil, nil, nil, true, true
	pc := parser.NewContext()
	root := p.fragments.Parser().Parse(text.NewReader(sub.source), parser.WithContext(pc))
	sub.containers(root)
	var all []ast.Node
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			all = append(all, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range all {
		if h, is := n.(*ast.Heading); is { // a question is no part of the page's outline
			line := ast.NewParagraph()
			for c := h.FirstChild(); c != nil; c = h.FirstChild() {
				line.AppendChild(line, c)
			}
			h.Parent().ReplaceChild(h.Parent(), h, line)
			continue
		}
		if n.Parent() != nil && !sub.tooLong() {
			sub.visit(n, 0)
		}
	}
	sub.dangling(all, pc)
	sub.checkMisdecoded(all)
	sub.closeRaw()
	var out bytes.Buffer
	if err := p.fragments.Renderer().Render(&out, sub.source, root); err != nil {
		sub.errorf(t.Pos(), "markdown", "report this text to Waymark's developers", "this text cannot be rendered: %v", err)
	}
	t.HTML, t.Plain = out.Bytes(), strings.Join(strings.Fields(sub.plain.String()), " ")
	p.list.Add(sub.list...)
	p.tables, p.formulas, p.setting, p.coloured, p.colouring, p.expand = sub.tables, sub.formulas, sub.setting, sub.coloured, sub.colouring, sub.expand
}

// reviewQuestions gives advice on the questions of a page.
func (p *preparer) reviewQuestions() {
	if p.inner || len(p.doc.Quizzes) == 0 {
		return
	}
	var all []*quiz.Question
	for i := range p.doc.Quizzes {
		for j := range p.doc.Quizzes[i].Questions {
			all = append(all, &p.doc.Quizzes[i].Questions[j])
		}
	}
	objectives := map[string]diag.Position{}
	for _, o := range p.doc.Front.Outcomes {
		objectives[o] = p.doc.Front.Pos(p.doc.Name, "outcomes")
	}
	for _, o := range p.doc.Front.Objectives {
		objectives[o] = p.doc.Front.Pos(p.doc.Name, "objectives")
	}
	p.list.Add(quiz.Review(all, objectives)...)
}
