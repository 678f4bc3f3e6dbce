package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"waymark/generator/diag"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/recall"
	"waymark/generator/internal/sheet"
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

// Remembered is a card with the page that has it.
type Remembered struct {
	Page *Page
	Card *recall.Card
}

// Key returns the lasting id of the card.
func (r Remembered) Key() string { return r.Card.Key(r.Page.ID) }

// Cards returns the cards of a page, in their order.
func (p *Page) Cards() []Remembered {
	var out []Remembered
	if p.Doc == nil {
		return nil
	}
	for i := range p.Doc.Cards {
		for j := range p.Doc.Cards[i].Cards {
			out = append(out, Remembered{p, &p.Doc.Cards[i].Cards[j]})
		}
	}
	return out
}

// Filled is a checklist or worksheet with the page that has it.
type Filled struct {
	Page  *Page
	Sheet *sheet.Sheet
}

// Key returns the lasting id of the sheet.
func (f Filled) Key() string { return f.Sheet.Key(f.Page.ID) }

// Sheets returns the checklists and worksheets of a page, in their order.
func (p *Page) Sheets() []Filled {
	var out []Filled
	if p.Doc == nil {
		return nil
	}
	for i := range p.Doc.Sheets {
		out = append(out, Filled{p, &p.Doc.Sheets[i].Sheet})
	}
	return out
}

// sheets finds ids that two checklists or worksheets have.
func (b *builder) sheets() {
	known := map[string]Filled{}
	for _, p := range b.Pages {
		for _, f := range p.Sheets() {
			if other, taken := known[f.Key()]; taken {
				b.errorf(f.Sheet.Pos, "sheet", "give one of them an id: of its own", "the %s %q is already in %s, line %d", f.Sheet.Kind, f.Key(), other.Page.Doc.Name, other.Sheet.Pos.Line)
				b.list[len(b.list)-1].Beside = true
			}
			known[f.Key()] = f
		}
	}
}

// AnkiFiles returns the names of the files of cards that stand beside the review and beside each course: all cards with their types,
// and those of each type without. Anki names its types in its user's language, and not all have the English ones.
func AnkiFiles() []string { return []string{"anki.txt", "anki-basic.txt", "anki-cloze.txt"} }

// Practice returns the pages whose cards and questions belong to the review, or to a course, in the order of their addresses.
func (s *Site) Practice(of *Page) []*Page {
	var out []*Page
	for _, p := range s.Pages {
		if (of.Kind == ReviewPage || p.within(of)) && (len(p.Cards()) > 0 || len(p.Asked()) > 0) {
			out = append(out, p)
		}
	}
	return out
}

// within reports whether a page is another one, or lies below it.
func (p *Page) within(top *Page) bool {
	for ; p != nil; p = p.Parent {
		if p == top {
			return true
		}
	}
	return false
}

// CourseOf returns the course that a page belongs to, or nil.
func (p *Page) CourseOf() *Page {
	for ; p != nil; p = p.Parent {
		if p.Kind == Course {
			return p
		}
	}
	return nil
}

func (b *builder) remembers(course *Page) bool { return len(b.Practice(course)) > 0 }

// practice adds the page on which readers are asked again what they read.
func (b *builder) practice() {
	for _, p := range b.Pages {
		if len(p.Cards()) > 0 || len(p.Asked()) > 0 {
			review := b.ownIndex(ReviewPage, "review", true)
			review.Description = cmp.Or(review.Description, b.say().Say("page.review.about"))
			return
		}
	}
}

// ownIndex is index for a page that readers need and that authors do not know of: a folder or text of that name keeps its place, and
// the page gets another one.
func (b *builder) ownIndex(kind Kind, name string, wanted bool) *Page {
	if p := b.byPath[name]; wanted && p != nil && (p.Doc == nil || len(p.Children) > 0) {
		page := b.add(&Page{Kind: kind, URL: "/my-" + name + "/", Title: b.say().Say("page." + name), ID: "my-" + name, Parent: b.Home})
		return page
	}
	return b.index(kind, name, wanted)
}

// cards finds ids that two cards have.
func (b *builder) cards() {
	known := map[string]Remembered{}
	for _, p := range b.Pages {
		for _, r := range p.Cards() {
			other, taken := known[r.Key()]
			if !taken {
				known[r.Key()] = r
				continue
			}
			d := diag.Diagnostic{Pos: r.Card.Pos, Severity: diag.Error, Code: "recall", Beside: true, Hint: "give one of them an id:, or other words", Message: "this card begins as that in line " + itoa(other.Card.Pos.Line) + ", and nothing tells them apart"}
			if at, given := r.Card.At["id"]; given {
				d.Pos, d.Hint = at, "give one of them another id"
				d.Message = "the id \"" + r.Key() + "\" is already used in " + other.Page.Doc.Name + ", line " + itoa(other.Card.Pos.Line)
			}
			b.list.Add(d)
		}
	}
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

// maxTermsSought is up to how many times a question is looked through for a term of the glossary, and maxFolded how much of it.
const maxTermsSought, maxFolded = 200_000, 2_000

// termsAhead gives advice on questions in a reading order that use a term of the glossary which neither their page nor any before it
// explains.
func (b *builder) termsAhead() {
	sought := 0
	names := make([]string, len(b.Terms))
	for i, t := range b.Terms {
		names[i] = spaced(t.Name)
	}
	for _, p := range b.Pages {
		asked := p.Asked()
		if len(b.Terms) == 0 || len(asked) == 0 || p.Series == nil && p.Kind != Session && p.Kind != Note {
			continue
		}
		if sought += len(asked) * len(b.Terms); sought > maxTermsSought {
			return
		}
		before := map[*Page]bool{}
		for q := p; q != nil && !before[q] && len(before) < maxTermsSought/100; q = q.Prev {
			before[q] = true
		}
		for _, a := range asked {
			said := spaced(a.Question.Ask.Plain)
			for i, t := range b.Terms {
				if strings.Contains(said, names[i]) && !slices.ContainsFunc(t.UsedBy, func(q *Page) bool { return before[q] }) {
					b.warnf(a.Question.Pos, "question", "link it where it comes first: [["+t.Name+"]]", "this question uses the term %q, which neither this page nor one before it explains", t.Name)
					b.list[len(b.list)-1].Advice = true
				}
			}
		}
	}
}

// spaced returns the folded words of a text with a space around each.
func spaced(text string) string {
	text = text[:min(len(text), maxFolded)]
	return " " + strings.Join(strings.FieldsFunc(slug.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ") + " "
}
