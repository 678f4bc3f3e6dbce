package site

import (
	"cmp"
	"reflect"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
)

// PageOf returns the page of a text, by the text's path relative to the content folder, or nil.
func (s *Site) PageOf(docPath string) *Page { return s.byDoc[docPath] }

// Revise puts a new version of a text in the place of the one that a page has, where only its own words changed. Then all
// that other pages know of it is how its text begins and how long it takes to read, which they ask the page for. It
// reports whether it could; otherwise nothing changed, and New has to be asked. moved are the places in the text that
// diagnostics of the site may name, by where they were. Nobody may read the Site meanwhile.
func (s *Site) Revise(doc *markdown.Document) (moved map[diag.Position]diag.Position, ok bool) {
	p := s.byDoc[doc.Path]
	if p == nil || !sameButForWords(p.Doc, doc) || p.Description != description(p.Doc) || description(doc) == "" {
		return nil, false // a page without a description may be given one
	}
	plan := s.plan
	if plan.Entries > 0 && p.findable() {
		plan.Words += doc.Words - p.Doc.Words
	}
	if !plan.Same(s.plan) {
		return nil, false // the index is cut into other files
	}
	moved = map[diag.Position]diag.Position{}
	for i, l := range p.Doc.Links {
		moved[l.Pos] = doc.Links[i].Pos
	}
	s.plan = plan
	p.Doc, p.Description, p.Minutes = doc, description(doc), minutes(doc)
	return moved, true
}

// OnlyWords reports whether all that other pages know of a text is the same in two versions of it: then only its own page differs, what
// carries the whole text, and the search.
func OnlyWords(old, doc *markdown.Document) bool {
	return sameButForWords(old, doc) && description(old) == description(doc) && description(doc) != "" && minutes(old) == minutes(doc)
}

// sameButForWords reports whether two versions of a text say the same of themselves, link to the same places, and have
// the same places to be linked to.
func sameButForWords(old, doc *markdown.Document) bool {
	sameLink := func(x, y markdown.Link) bool {
		x.Pos, y.Pos = diag.Position{}, diag.Position{}
		return x == y
	}
	sameHeading := func(x, y markdown.Heading) bool { return x.ID == y.ID }
	return !old.Glossary && !doc.Glossary && len(old.Maps)+len(doc.Maps)+taught(old)+taught(doc) == 0 && old.Heading == doc.Heading &&
		slices.EqualFunc(old.Links, doc.Links, sameLink) && slices.EqualFunc(old.Headings, doc.Headings, sameHeading) &&
		reflect.DeepEqual(old.Front, doc.Front)
}

// taught is how many blocks of questions, cards and sheets a text has: their ids are the site's.
func taught(doc *markdown.Document) int { return len(doc.Quizzes) + len(doc.Cards) + len(doc.Sheets) }

func description(doc *markdown.Document) string {
	return cmp.Or(outline.Typographic(doc.Front.Description), doc.Summary)
}

// wordsPerMinute is a calm reader's speed.
const wordsPerMinute = 220

func minutes(doc *markdown.Document) int { return max(1, (doc.Words+wordsPerMinute/2)/wordsPerMinute) }
