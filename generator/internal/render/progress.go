package render

import (
	"cmp"
	"encoding/json"
	"html/template"
	"slices"
	"strings"

	"waymark/generator/internal/sheet"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// toRead reports whether a reader can have read a page: it has a text of its own, and is no list.
func toRead(p *site.Page) bool {
	switch p.Kind {
	case site.Post, site.Session, site.Note, site.Course, site.Plain:
		return p.Doc != nil && p.Number == 0 && p.Minutes > 0
	}
	return false
}

// belongsTo returns the series or course that a page is read in, or nil.
func (v *viewer) belongsTo(p *site.Page) *view.Link {
	var top *site.Page
	switch {
	case p.Series != nil && p.Kind != site.SeriesPage:
		top = p.Series.Page
	case p.CourseOf() != nil:
		top = p.CourseOf()
	}
	if top == nil {
		return nil
	}
	l := v.link(top)
	return &l
}

// maxRecorded is how many pages outside of courses and series the page of what a reader did names.
const maxRecorded = 2_000

// record lists all that a reader can have done.
func (v *viewer) record() []view.Learned {
	var out []view.Learned
	in := map[*site.Page]bool{}
	for _, l := range v.site.Learnings() {
		learned := view.Learned{Top: v.link(l.Top), ID: l.Top.ID}
		for _, p := range l.Pages {
			if p.Doc != nil {
				learned.Pages = append(learned.Pages, v.toLearn(p))
				in[p] = true
			}
		}
		if len(learned.Pages) > 0 {
			out = append(out, learned)
		}
	}
	var rest view.Learned
	for _, p := range v.site.Pages {
		if !in[p] && (toRead(p) || p.Kind == site.GlossaryPage && len(p.Cards()) > 0) && len(rest.Pages) < maxRecorded && (p.Kind != site.Course || len(p.Asked())+len(p.Cards()) > 0) {
			rest.Pages = append(rest.Pages, v.toLearn(p))
		}
	}
	if len(rest.Pages) > 0 {
		out = append(out, rest)
	}
	return out
}

// texts are what questions ask, and what the parts of sheets are called, by the names under which browsers keep what was done.
func (v *viewer) texts() template.JS {
	out := map[string]any{}
	add := func(key, title string, s *sheet.Sheet) {
		parts := map[string]string{}
		for _, part := range s.Parts {
			parts[part.Name] = part.Text.Plain
		}
		kind := map[bool]string{true: "k/", false: "w/"}[s.Kind == sheet.Checklist]
		out[kind+key] = map[string]any{"title": title, "parts": parts}
	}
	for _, p := range v.site.Phases {
		if s := phaseSheet(p); p.Page != nil && len(s.Parts) > 0 {
			add(s.ID, p.Name, &s)
		}
	}
	for _, p := range v.site.Pages {
		for _, a := range p.Asked() {
			out["q/"+a.Key()] = a.Question.Asked()
		}
		for _, f := range p.Sheets() {
			add(f.Key(), cmp.Or(f.Sheet.Title.Plain, p.Title), f.Sheet)
		}
		if len(out) > maxRecorded {
			break
		}
	}
	data, err := json.Marshal(out) // which sorts, and escapes what could end the element
	if err != nil {
		return "{}" // maps of texts always marshal
	}
	return template.JS(data) //nolint:gosec // it is data
}

func (v *viewer) toLearn(p *site.Page) view.ToLearn {
	out := view.ToLearn{Page: v.link(p), ID: p.ID}
	var asked, cards []string
	by := map[string][]string{}
	for _, a := range p.Asked() {
		asked = append(asked, a.Key())
		by[a.Question.Objective] = append(by[a.Question.Objective], a.Key())
	}
	for _, r := range p.Cards() {
		cards = append(cards, r.Key())
	}
	out.Questions, out.Cards = strings.Join(asked, "|"), strings.Join(cards, "|")
	for _, o := range slices.Concat(p.Doc.Front.Objectives, p.Doc.Front.Outcomes) {
		if len(by[o]) > 0 {
			out.Objectives = append(out.Objectives, view.Objective{Text: o, Questions: strings.Join(by[o], "|")})
		}
	}
	return out
}

// finish is the end of a series or course.
func (v *viewer) finish() *view.Finish {
	top := v.page.Parent
	out := &view.Finish{Top: v.link(top)}
	if top.Doc != nil {
		out.Outcomes = top.Doc.Front.Outcomes
	}
	after := v.site.After(top)
	out.Next = v.items(after[:min(len(after), 3)])
	return out
}
