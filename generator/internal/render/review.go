package render

import (
	"cmp"
	"html"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/recall"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
	"waymark/generator/internal/words"
)

// cards writes a block of cards where a page has them.
func (v *viewer) cards(p *site.Page, n int) string {
	block := &p.Doc.Cards[n]
	var b strings.Builder
	b.WriteString(v.problems(block.Problems, "review.problems") + `<div class="cards-to-keep">`)
	for i := range block.Cards {
		c := &block.Cards[i]
		b.WriteString(c.HTML(recall.Voice{Say: v.wordsOf(p), Page: p.ID, Former: v.site.FormerKeys(site.Remembered{Page: p, Card: c})}))
	}
	b.WriteString("</div>")
	return v.filled(p, b.String())
}

// cardsInFeed writes the cards of a block as a feed carries them: what is asked, and a link to the page that has the answers.
func (v *viewer) cardsInFeed(p *site.Page, n int, to func(target, fragment string) string) string {
	var b strings.Builder
	b.WriteString("<ul>")
	for i := range p.Doc.Cards[n].Cards {
		c := &p.Doc.Cards[n].Cards[i]
		b.WriteString(`<li><a href="` + html.EscapeString(to(p.URL, "")) + `">` + html.EscapeString(c.Fill(c.Front.Plain, func(recall.Left) string { return "____" })) + "</a></li>")
	}
	b.WriteString("</ul>")
	return b.String()
}

// maxReview is how many cards and questions the review holds itself. Those of further pages stand on these alone: the review's script
// asks for the pages whose cards a reader has.
const maxReview = 1_000

// review gathers all that readers can be asked again.
func (v *viewer) review() *view.Review {
	out := &view.Review{}
	var whole collecting
	total := 0
	for i, p := range v.site.Practice(v.page) {
		count := len(p.Cards())
		for _, a := range p.Asked() {
			if !a.Question.Once {
				count++
			}
		}
		if count == 0 {
			continue
		}
		var ids []string
		if p.Kind != site.GlossaryPage { // of which each term belongs where it is used
			for _, c := range v.collections(p) {
				whole.add(c, count)
				ids = append(ids, c.ID)
			}
		}
		practice := view.Practice{Page: v.link(p), ID: p.ID, Language: foreign(p, v.site.Config.Language), In: strings.Join(ids, "|"), Count: count}
		if practice.Language != "" {
			practice.Direction = words.LanguageDirection(practice.Language)
		}
		if total += count; total <= maxReview || p.Kind == site.GlossaryPage {
			practice.HTML = v.practice(p, i)
		}
		out.Pages = append(out.Pages, practice)
	}
	for _, t := range v.site.TermCards() {
		for _, top := range t.In {
			whole.add(termsOf(top), 1)
		}
	}
	out.Whole = whole.all()
	for _, name := range site.AnkiFiles() {
		out.Anki = append(out.Anki, view.Link{Title: v.say().Say("review." + strings.TrimSuffix(name, ".txt")), URL: v.to(v.page.URL+name, "")})
	}
	return out
}

// collecting counts what readers may want to remember as a whole.
type collecting []view.Collection

func (c *collecting) add(to view.Collection, count int) {
	at := slices.IndexFunc(*c, func(x view.Collection) bool { return x.ID == to.ID })
	if at < 0 {
		at = len(*c)
		*c = append(*c, to)
	}
	(*c)[at].Count += count
}

// all returns them by their kinds.
func (c *collecting) all() []view.Collection {
	kinds := []string{"course", "series", "phase", "tag", "terms"}
	slices.SortStableFunc(*c, func(x, y view.Collection) int {
		return cmp.Compare(slices.Index(kinds, x.Kind), slices.Index(kinds, y.Kind))
	})
	return *c
}

// termsOf are the terms that a course or series uses.
func termsOf(top *site.Page) view.Collection {
	return view.Collection{ID: "terms:" + top.ID, Kind: "terms", Title: top.Title}
}

// foreign is the language of a page where it is not the site's, or "".
func foreign(p *site.Page, own string) string {
	if lang := p.Language(); lang != own {
		return lang
	}
	return ""
}

// practice writes all cards and questions of a page.
func (v *viewer) practice(p *site.Page, n int) template.HTML {
	var b strings.Builder
	for i := range p.Doc.Quizzes {
		b.WriteString(v.quiz(p, i, "r"+strconv.Itoa(n)+"-"))
	}
	for i := range p.Doc.Cards {
		b.WriteString(v.cards(p, i))
	}
	if p.Kind == site.GlossaryPage {
		b.WriteString(v.termCards(p))
	}
	return template.HTML(b.String()) //nolint:gosec // the Markdown stage made it
}

// termCards writes the terms of the glossary as cards, each with the courses and series that use it.
func (v *viewer) termCards(p *site.Page) string {
	var b strings.Builder
	b.WriteString(`<div class="cards-to-keep">`)
	for _, t := range v.site.TermCards() {
		in := make([]string, len(t.In))
		for i, top := range t.In {
			in[i] = termsOf(top).ID
		}
		card := t.Card.HTML(recall.Voice{Say: v.wordsOf(p), Page: p.ID, Former: v.site.FormerKeys(site.Remembered{Page: p, Card: t.Card})})
		b.WriteString(`<div data-terms="` + html.EscapeString(strings.Join(in, "|")) + `">` + v.filled(p, card) + "</div>")
	}
	b.WriteString("</div>")
	return b.String()
}

// collections are what a page belongs to that a reader may want to remember as a whole.
func (v *viewer) collections(p *site.Page) []view.Collection {
	var out []view.Collection
	if course := p.CourseOf(); course != nil {
		out = append(out, view.Collection{ID: "course:" + course.ID, Kind: "course", Title: course.Title})
	}
	if p.Series != nil {
		out = append(out, view.Collection{ID: "series:" + p.Series.ID, Kind: "series", Title: p.Series.Page.Title})
	}
	if p.Phase != nil {
		top := v.site.Top(p.Phase)
		out = append(out, view.Collection{ID: "phase:" + top.ID, Kind: "phase", Title: top.Name})
	}
	for _, t := range p.Tags {
		out = append(out, view.Collection{ID: "tag:" + strings.ReplaceAll(t.Name, " ", "_"), Kind: "tag", Title: t.Name})
	}
	return out
}
