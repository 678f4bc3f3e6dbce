package render

import (
	"html"
	"html/template"
	"strings"

	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/sheet"
	"waymark/generator/internal/site"
)

// sheet writes a checklist or worksheet where a page has it.
func (v *viewer) sheet(p *site.Page, n int) string {
	s := &p.Doc.Sheets[n].Sheet
	return v.problems(p.Doc.Sheets[n].Problems, "sheet.problems") + v.filled(p, s.HTML(sheet.Voice{Say: v.wordsOf(p), Page: p.ID, Former: v.site.FormerKeys(site.Filled{Page: p, Sheet: s})}))
}

// sheetInFeed writes the words of a checklist or worksheet as a list.
func (v *viewer) sheetInFeed(p *site.Page, n int) string {
	var b strings.Builder
	b.WriteString("<ul>")
	for _, part := range p.Doc.Sheets[n].Parts {
		b.WriteString("<li>" + html.EscapeString(part.Text.Plain) + "</li>")
	}
	b.WriteString("</ul>")
	return b.String()
}

// beforeMovingOn writes the checklist of a phase.
func (v *viewer) beforeMovingOn(p *site.Phase) template.HTML {
	if len(p.Questions) == 0 {
		return ""
	}
	s := phaseSheet(p)
	return template.HTML(s.HTML(sheet.Voice{Say: v.say()})) //nolint:gosec // what is said was escaped
}

// phaseSheet makes a checklist of what a phase must answer before a product leaves it.
func phaseSheet(p *site.Phase) sheet.Sheet {
	s := sheet.Sheet{Kind: sheet.Checklist, ID: "phase-" + p.ID}
	for _, q := range p.Questions {
		text := quiz.Text{Lines: []outline.Line{{Text: q}}, HTML: []byte(html.EscapeString(q)), Plain: q}
		s.Parts = append(s.Parts, sheet.Part{Name: quiz.Name(q), Text: text})
	}
	return s
}
