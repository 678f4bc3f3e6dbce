package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
)

// shownElsewhere are the forms of pictures that other places show of a page.
var shownElsewhere = []string{".png", ".jpg", ".jpeg", ".gif", ".webp"}

// PictureOf returns the picture that a page has for other places of its own, or nil.
func (s *Site) PictureOf(p *Page) *File {
	if f := s.ImageFor(p); f != nil && slices.Contains(shownElsewhere, strings.ToLower(path.Ext(f.Path))) {
		return f
	}
	return nil
}

// CardOf returns where the card of a page lies in the output, or "" where it has none: because the site has no address by which others
// could fetch it, or wants none, or is to be read from a file system; because the page has a picture of its own, or an address that is another's or too long; or because nobody links to such a page.
func (s *Site) CardOf(p *Page) string {
	if s.Cards == nil || s.Config.BaseURL == "" || p.Number > 0 || p.Kind == NotFound || p.private() || s.Portable || s.PictureOf(p) != nil || s.byURL[p.URL] != p {
		return ""
	}
	name := "cards" + strings.TrimSuffix(p.URL, "/") + ".png"
	if len(path.Base(name)) > maxPart {
		return ""
	}
	return name
}

// cards warns, once, of titles that cards will not have because no font is there to draw them.
func (b *builder) cards() {
	if b.Cards == nil || b.Config.BaseURL == "" {
		return
	}
	const hint = "name a font that has its letters: cards: {font: fonts/own.ttf}, a file in static; or write cards: false"
	if !b.Cards.Shows(b.Config.Title) {
		b.advise(diag.Position{File: config.File}, hint, "no font that cards are drawn with has all letters of the site's title")
	}
	var without []*Page
	for _, p := range b.Pages {
		if !b.Cards.Shows(p.Title) && p.Kind != Home && b.CardOf(p) != "" {
			without = append(without, p)
		}
	}
	if len(without) == 0 {
		return
	}
	first := slices.MinFunc(without, func(x, y *Page) int {
		return cmp.Or(cmp.Compare(len(y.Name()), 0)-cmp.Compare(len(x.Name()), 0), strings.Compare(x.Name()+x.URL, y.Name()+y.URL)) // a text before what is generated
	})
	others := ""
	if n := len(without) - 1; n == 1 {
		others = ", and that of another page,"
	} else if n > 1 {
		others = fmt.Sprintf(", and those of %d other pages,", n)
	}
	what := "this page"
	if first.Doc == nil {
		what = first.URL
	}
	b.advise(pos(first, "title"), hint, "the card of %s%s will be without its title: no font has all letters of %q", what, others, first.Title)
}

func (b *builder) advise(at diag.Position, hint, format string, args ...any) {
	b.warnf(at, "card", hint, format, args...)
	b.list[len(b.list)-1].Advice = true
}
