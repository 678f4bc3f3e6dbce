package site

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"

	"waymark/generator/internal/outline"
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
	for i := range p.terms {
		out = append(out, Remembered{p, &p.terms[i]})
	}
	return out
}

// TermCard is a term of the glossary as a card, with the courses and series whose pages use it.
type TermCard struct {
	Card *recall.Card
	In   []*Page
}

// TermCards returns the terms of the glossary as cards, where the site asks its readers anything. They are in nobody's review until a
// reader adds those of a course or series.
func (s *Site) TermCards() []TermCard {
	if s.Glossary == nil {
		return nil
	}
	out := make([]TermCard, len(s.Glossary.terms))
	for i := range out {
		out[i].Card = &s.Glossary.terms[i]
		for _, p := range s.Terms[i].UsedBy {
			top := p.CourseOf()
			if top == nil && p.Series != nil {
				top = p.Series.Page
			}
			if top != nil && !slices.Contains(out[i].In, top) {
				out[i].In = append(out[i].In, top)
			}
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

// AnkiFiles returns the names of the files of cards that stand beside the review and beside each course: all cards with their types,
// and those of each type without. Anki names its types in its user's language, and not all have the English ones.
func AnkiFiles() []string { return []string{"anki.txt", "anki-basic.txt", "anki-cloze.txt"} }

// Practice returns the pages whose cards and questions belong to the review, or to a course, in the order in which they are read:
// those of courses and series first, then the others by their addresses.
func (s *Site) Practice(of *Page) []*Page {
	var out []*Page
	seen := map[*Page]bool{}
	add := func(p *Page) {
		if !seen[p] && (of.Kind == ReviewPage || p.within(of)) && p.asks() {
			out = append(out, p)
		}
		seen[p] = true
	}
	for _, l := range s.Learnings() {
		add(l.Top)
		for _, p := range l.Pages {
			add(p)
		}
	}
	for _, p := range s.Pages {
		add(p)
	}
	return out
}

// asks reports whether a page has something for the review.
func (p *Page) asks() bool { return len(p.Cards()) > 0 || len(p.Asked()) > 0 }

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

// remembers reports whether a course has something for the review.
func (b *builder) remembers(course *Page) bool {
	return slices.ContainsFunc(b.Pages, func(p *Page) bool { return p.within(course) && p.asks() })
}

// practice adds the page on which readers are asked again what they read.
func (b *builder) practice() {
	if slices.ContainsFunc(b.Pages, (*Page).asks) {
		review := b.ownIndex(ReviewPage, "review", true)
		review.Description = cmp.Or(review.Description, b.say().Say("page.review.about"))
		for _, t := range b.Terms {
			name := quiz.Text{Lines: []outline.Line{{Text: t.Name}}, HTML: []byte("<p>" + html.EscapeString(t.Name) + "</p>"), Plain: t.Name}
			meaning := quiz.Text{Lines: []outline.Line{{Text: t.Text}}, HTML: t.HTML, Plain: t.Text}
			b.Glossary.terms = append(b.Glossary.terms, recall.Card{Kind: recall.Basic, ID: "term-" + t.ID, Front: name, Back: meaning, Pos: t.Pos})
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
