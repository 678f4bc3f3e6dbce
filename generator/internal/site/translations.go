package site

import (
	"cmp"
	"slices"
)

// maxTranslations is how many versions of one text lead to one another.
const maxTranslations = 100

// translations finds which pages say the same in other languages. Naming one of them is enough: each leads to all.
func (b *builder) translations() {
	group := map[*Page]*[]*Page{}
	of := func(p *Page) *[]*Page {
		if group[p] == nil {
			group[p] = &[]*Page{p}
		}
		return group[p]
	}
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		for _, name := range p.Doc.Front.Translations {
			q := b.sourcePage(p.Doc.Path, name)
			switch {
			case q == nil && b.held[b.sourceKey(p.Doc.Path, name)] != "":
			case q == nil:
				b.warnf(pos(p, "translations"), "broken-link", b.suggestPath(name), "there is no page %q", name)
			case q == p || q.Doc == nil || b.languageOf(q) == b.languageOf(p):
				b.warnf(pos(p, "translations"), "translations", "say in its header which language it is in: lang: cy", "%q is in the language of this page", name)
			case of(p) != of(q) && len(*of(p))+len(*of(q)) > maxTranslations:
				b.warnf(pos(p, "translations"), "translations", "name the same text only", "a text has more than %d translations, and this one is left out", maxTranslations)
			case of(p) != of(q):
				into, from := of(p), *of(q)
				*into = append(*into, from...)
				for _, other := range from {
					group[other] = into
				}
			}
		}
	}
	for p, all := range group {
		for _, q := range *all {
			if q != p && b.languageOf(q) != b.languageOf(p) {
				p.Translated = append(p.Translated, q)
			}
		}
		slices.SortFunc(p.Translated, func(x, y *Page) int {
			return cmp.Or(cmp.Compare(b.languageOf(x), b.languageOf(y)), cmp.Compare(x.URL, y.URL))
		})
	}
}

func (b *builder) languageOf(p *Page) string { return cmp.Or(p.Language(), b.Config.Language) }
