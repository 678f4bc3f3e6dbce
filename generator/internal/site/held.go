package site

import (
	"path"
	"slices"
	"strings"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/source"
)

// heldBack returns the first reason for which a page is not published; it is empty where it is.
func (b *builder) heldBack(p *Page) Wait {
	for _, w := range p.Waits {
		if w.Reason == Draft && b.in.Drafts || w.Reason == Future && b.in.Future {
			continue
		}
		return w
	}
	return Wait{}
}

// waits lists what a plain build would hold a page back for.
func (b *builder) waits(p *Page, k string) (waits []Wait) {
	for dir := path.Dir(k); dir != "." && strings.HasPrefix(dir, "courses/"); dir = path.Dir(dir) {
		if why := b.held[dir]; why != "" {
			waits = append(waits, Wait{why, "it belongs to " + dir + ", which is held back"})
		} else if above := b.byPath[dir]; above != nil && len(above.Waits) > 0 {
			waits = append(waits, Wait{above.Waits[0].Reason, "it belongs to " + dir + ", which is held back"})
		}
	}
	front := &p.Doc.Front
	if front.Draft != "" {
		waits = append(waits, Wait{Draft, front.Draft + " (build with --drafts to see it)"})
	}
	if strings.Contains("/"+p.Doc.Path, "/"+source.DraftsFolder+"/") {
		waits = append(waits, Wait{Draft, "it lies in " + source.DraftsFolder + " (build with --drafts to see it)"})
	}
	switch {
	case b.after(front.Publish):
		waits = append(waits, Wait{Future, "publish: " + front.Publish.ISO() + " is in the future (build with --future to see it)"})
	case front.Publish.IsZero() && b.after(p.Date):
		waits = append(waits, Wait{Future, "date: " + p.Date.ISO() + " is in the future (build with --future to see it)"})
	}
	if !front.Expires.IsZero() && !b.after(front.Expires) {
		waits = append(waits, Wait{Expired, "expires: " + front.Expires.ISO() + " has come"})
	}
	return waits
}

// after reports whether a date is later than now. Where now is a day, all of that day has come.
func (b *builder) after(d dates.Date) bool {
	if d.IsZero() || b.in.Now.IsZero() {
		return false
	}
	if b.in.Now.Precision == dates.Minute {
		return d.Time.After(b.in.Now.Time)
	}
	return !d.Time.Before(b.in.Now.Time.AddDate(0, 0, 1))
}

// reviews warns of pages whose time for another look has come.
func (b *builder) reviews() {
	for _, p := range b.Pages {
		if p.Doc == nil || p.Doc.Front.ReviewIn.IsZero() || p.Number > 0 {
			continue
		}
		front := p.Doc.Front
		from := front.Reviewed
		if from.IsZero() {
			from = p.Date
		}
		if from.IsZero() {
			continue
		}
		span := front.ReviewIn
		due := dates.Date{Time: from.Time.AddDate(span.Years, span.Months, span.Days), Precision: dates.Day}
		if !b.after(due) {
			b.warnf(pos(p, "review_in"), "review-due", "check that it still holds, and set reviewed:", "this page was due for a review on %s", due.Long())
		}
	}
}

// Held is a page that was not published, and why.
type Held struct {
	Name, Title string
	Wait
}

// The reasons for which pages are held back.
const (
	Draft   = "draft"
	Future  = "future"
	Expired = "expired"
)

// Wait is a reason for which a plain build holds a page back, and the same in a sentence.
type Wait struct{ Reason, Detail string }

// Waiting reports whether a plain build would hold the page back for a reason.
func (p *Page) Waiting(reason string) bool {
	return slices.ContainsFunc(p.Waits, func(w Wait) bool { return w.Reason == reason })
}
