package render

import (
	"html"
	"html/template"
	"strings"

	"waymark/generator/internal/markdown"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/site"
	"waymark/generator/internal/words"
)

// wordsOf returns the words in the language of a page's text.
func (v *viewer) wordsOf(p *site.Page) *words.Words { return v.site.Config.Words.In(p.Language()) }

// voice is how the questions of a block are written.
func (v *viewer) voice(p *site.Page, block *markdown.QuizBlock) quiz.Voice {
	voice := quiz.Voice{Say: v.wordsOf(p), Page: p.ID}
	switch {
	case p != v.page:
		voice.Section = quiz.Link{Title: p.Title, URL: v.to(p.URL, block.Section.ID)}
	case block.Section.ID != "":
		voice.Section = quiz.Link{Title: block.Section.Text, URL: "#" + escapeFragment(block.Section.ID)}
	}
	return voice
}

// firstOf returns the number of a block's first question on its page.
func firstOf(p *site.Page, block int) int {
	n := 1
	for _, b := range p.Doc.Quizzes[:block] {
		n += len(b.Questions)
	}
	return n
}

// quiz writes a block of questions where a page asks them, with a prefix before their names.
func (v *viewer) quiz(p *site.Page, n int, prefix string) string {
	block := &p.Doc.Quizzes[n]
	var b strings.Builder
	b.WriteString(v.problems(block.Problems, "quiz.problems") + `<div class="quiz">`)
	for i := range block.Questions {
		voice := v.voice(p, block)
		voice.Former, voice.Prefix = v.site.FormerKeys(site.Asked{Page: p, Question: &block.Questions[i]}), prefix
		b.WriteString(block.Questions[i].HTML(firstOf(p, n)+i, voice))
	}
	b.WriteString("</div>")
	return v.filled(p, b.String())
}

// filled closes the holes in what stands in a hole.
func (v *viewer) filled(p *site.Page, text string) string {
	return string(markdown.Fill([]byte(text), func(n int) string { return v.fillHole(p, n) }))
}

// ahead writes the questions that a page asks before its text.
func (v *viewer) ahead() string {
	p := v.page
	var b strings.Builder
	for n := range p.Doc.Quizzes {
		block := &p.Doc.Quizzes[n]
		for i := range block.Questions {
			if block.Questions[i].Before {
				voice := v.voice(p, block)
				voice.Prefix = "ahead-"
				b.WriteString(block.Questions[i].Ahead(firstOf(p, n)+i, voice))
			}
		}
	}
	if b.Len() == 0 {
		return ""
	}
	say := v.wordsOf(p)
	return `<div class="quiz ahead"><p class="quiz-title"><b>` + html.EscapeString(say.Say("quiz.ahead")) + "</b></p><p>" +
		html.EscapeString(say.Say("quiz.ahead.about")) + "</p>" + v.filled(p, b.String()) + "</div>"
}

// answers writes the sheet of answers, for paper.
func (v *viewer) answers() template.HTML {
	p := v.page
	if p.Doc == nil || p.Number > 0 {
		return ""
	}
	var b strings.Builder
	for n := range p.Doc.Quizzes {
		block := &p.Doc.Quizzes[n]
		for i := range block.Questions {
			voice := v.voice(p, block)
			voice.Section = quiz.Link{}
			b.WriteString("<li>" + block.Questions[i].Answer(voice) + "</li>")
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return template.HTML(`<section class="answers"><h2>` + html.EscapeString(v.wordsOf(p).Say("quiz.sheet")) + "</h2><ol>" + v.filled(p, b.String()) + "</ol></section>") //nolint:gosec // the Markdown stage made it
}

// quizInFeed writes the questions of a block as a feed carries them: what is asked, and a link to the page that has the answers.
func (v *viewer) quizInFeed(p *site.Page, n int, to func(target, fragment string) string) string {
	var b strings.Builder
	b.WriteString("<ul>")
	for i := range p.Doc.Quizzes[n].Questions {
		q := &p.Doc.Quizzes[n].Questions[i]
		b.WriteString(`<li><a href="` + html.EscapeString(to(p.URL, "")) + `">` + html.EscapeString(q.Asked()) + "</a></li>")
	}
	b.WriteString("</ul>")
	return b.String()
}
