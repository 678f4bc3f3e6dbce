package site

import (
	"strings"
	"unicode"

	"waymark/generator/diag"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/slug"
)

// Asked is a question with the page that asks it.
type Asked struct {
	Page     *Page
	Question *quiz.Question
}

// Key returns the lasting id of the question.
func (a Asked) Key() string { return a.Question.Key(a.Page.ID) }

// Asked returns the questions of a page, in the order in which they are asked.
func (p *Page) Asked() []Asked {
	var out []Asked
	if p.Doc == nil {
		return nil
	}
	for i := range p.Doc.Quizzes {
		for j := range p.Doc.Quizzes[i].Questions {
			out = append(out, Asked{p, &p.Doc.Quizzes[i].Questions[j]})
		}
	}
	return out
}

// questions finds ids that two questions have: what a reader did with one of them would count for the other.
func (b *builder) questions() {
	known := map[string]Asked{}
	wrong := func(a Asked, hint, format string, args ...any) {
		pos := a.Question.Pos
		if at, given := a.Question.At["id"]; given {
			pos = at
		}
		b.errorf(pos, "quiz", hint, format, args...)
		b.list[len(b.list)-1].Beside = true
	}
	for _, p := range b.Pages {
		for _, a := range p.Asked() {
			other, taken := known[a.Key()]
			switch {
			case !taken:
				known[a.Key()] = a
			case a.Question.ID != "":
				wrong(a, "give one of them another id", "the id %q is already used in %s, line %d", a.Key(), other.Page.Doc.Name, other.Question.Pos.Line)
			default:
				wrong(a, "give one of them an id:, or other words", "this question begins as that in line %d, and nothing tells them apart", other.Question.Pos.Line)
			}
		}
	}
	for _, p := range b.Pages {
		for _, a := range p.Asked() {
			for _, was := range a.Question.Was {
				if other, taken := known[was]; taken {
					b.list.Add(diag.Diagnostic{
						Pos: a.Question.At["was"], Severity: diag.Error, Code: "quiz", Beside: true, Hint: "leave it out: what readers did with that one is its own",
						Message: "the id \"" + was + "\" is that of another question, in " + other.Page.Doc.Name,
					})
				}
			}
		}
	}
}

// maxTermsSought is up to how many times a question is looked through for a term of the glossary.
const maxTermsSought = 200_000

// termsAhead gives advice on questions in a reading order that use a term of the glossary which neither their page nor any before it
// explains.
func (b *builder) termsAhead() {
	sought := 0
	for _, p := range b.Pages {
		asked := p.Asked()
		if len(asked) == 0 || p.Series == nil && p.Kind != Session && p.Kind != Note {
			continue
		}
		if sought += len(asked) * len(b.Terms); sought > maxTermsSought {
			return
		}
		before := map[*Page]bool{}
		for q := p; q != nil && !before[q]; q = q.Prev {
			before[q] = true
		}
		for _, t := range b.Terms {
			explained := false
			for _, q := range t.UsedBy {
				explained = explained || before[q]
			}
			for _, a := range asked {
				if !explained && says(a.Question.Ask.Plain, t.Name) {
					b.warnf(a.Question.Pos, "question", "link it where it comes first: [["+t.Name+"]]", "this question uses the term %q, which neither this page nor one before it explains", t.Name)
					b.list[len(b.list)-1].Advice = true
				}
			}
		}
	}
}

// says reports whether a text has the words of a name.
func says(text, name string) bool {
	words := func(s string) string {
		return " " + strings.Join(strings.FieldsFunc(slug.Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
	}
	return strings.Contains(words(text), words(name))
}
