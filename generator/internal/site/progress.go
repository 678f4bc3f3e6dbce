package site

import "cmp"

// Learning are the pages that belong together for a reader: a series or a course with what is to be read in it, in reading order.
type Learning struct {
	Top   *Page
	Pages []*Page
}

// Learnings returns the courses and series of the site, each with the pages that are written.
func (s *Site) Learnings() []Learning {
	var out []Learning
	for _, course := range s.Courses {
		l := Learning{Top: course}
		for _, session := range course.Children {
			l.Pages = append(append(l.Pages, session), session.Children...)
		}
		out = append(out, l)
	}
	for _, series := range s.Series {
		l := Learning{Top: series.Page}
		for _, part := range series.Parts {
			if part.Page != nil {
				l.Pages = append(l.Pages, part.Page)
			}
		}
		out = append(out, l)
	}
	return out
}

// progress adds the page of what a reader did, and one at the end of each series and course.
func (b *builder) progress() {
	learnings := b.Learnings()
	for _, l := range learnings {
		if len(l.Pages) < 2 {
			continue
		}
		last := l.Pages[len(l.Pages)-1]
		if last.Next != nil || last.Doc == nil || b.byURL[l.Top.URL+"finished/"] != nil {
			continue // it is a part of another order, which goes on
		}
		end := b.add(&Page{
			Kind: FinishPage, URL: l.Top.URL + "finished/", ID: l.Top.ID + "/finished", Parent: l.Top,
			Title: b.say().Say("page.finished", "title", l.Top.Title), Description: b.say().Say("page.finished.about"),
		})
		last.Next, end.Prev = end, last
	}
	if record := b.ownIndex(RecordPage, "record", len(learnings) > 0 || b.byPath["review"] != nil); record != nil {
		record.Description = cmp.Or(record.Description, b.say().Say("page.record.about"))
	}
}

// After returns what a reader may go on with behind a series or course: the others, those of the same kind first.
func (s *Site) After(top *Page) []*Page {
	var same, other []*Page
	for _, l := range s.Learnings() {
		switch {
		case l.Top == top || len(l.Pages) == 0:
		case l.Top.Kind == top.Kind:
			same = append(same, l.Top)
		default:
			other = append(other, l.Top)
		}
	}
	return append(same, other...)
}

// private reports whether a page is of use to one reader only, so that no search engine should know of it.
func (p *Page) private() bool {
	return p.Kind == RecordPage || p.Kind == FinishPage
}
