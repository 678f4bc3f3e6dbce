package site

import (
	"cmp"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
)

// taxonomies gathers tags (categories among them) and authors.
func (b *builder) taxonomies() {
	tags, authors := map[string]*Tag{}, map[string]*Author{}
	for _, said := range b.Config.Authors {
		a := &Author{Author: said}
		authors[slug.Fold(a.ID)], authors[slug.Fold(a.Name)], authors[slug.Make(a.ID)] = a, a, a
		b.Authors = append(b.Authors, a)
	}
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		for _, name := range append(slices.Clone(p.Doc.Front.Tags), p.Doc.Front.Categories...) {
			b.tag(tags, p, name)
		}
		for _, name := range p.Doc.Front.Authors {
			b.author(authors, p, name)
		}
	}
	slices.SortFunc(b.Tags, func(x, y *Tag) int { return cmp.Compare(slug.Fold(x.Name), slug.Fold(y.Name)) })
	b.Authors = slices.DeleteFunc(b.Authors, func(a *Author) bool { return a.Page == nil })
	slices.SortFunc(b.Authors, func(x, y *Author) int { return cmp.Compare(slug.Fold(x.Name), slug.Fold(y.Name)) })
	for _, t := range b.Tags {
		newestFirst(t.Pages)
		t.Page.Items = t.Pages
	}
	for _, a := range b.Authors {
		newestFirst(a.Pages)
		a.Page.Items = a.Pages
	}
	tagsPage := b.index(Tags, "tags", "Tags", len(b.Tags) > 0)
	authorsPage := b.index(Authors, "authors", "Authors", len(b.Authors) > 0)
	for _, t := range b.Tags {
		t.Page.Parent = tagsPage
	}
	for _, a := range b.Authors {
		a.Page.Parent = authorsPage
	}
}

// index adds a generated page at the top level, or gives its kind to the author's page that stands there.
func (b *builder) index(kind Kind, name, title string, wanted bool) *Page {
	if !wanted {
		return nil
	}
	if p := b.byPath[name]; p != nil {
		p.Kind = kind
		return p
	}
	p := b.add(&Page{Kind: kind, URL: "/" + name + "/", Title: title, ID: name, Parent: b.Home})
	b.byPath[name] = p
	return p
}

func (b *builder) tag(tags map[string]*Tag, p *Page, name string) {
	id := slug.Make(name)
	if id == "" {
		b.warnf(pos(p, "tags"), "tag", "use letters or digits", "the tag %q has nothing that can stand in an address, and is left out", name)
		return
	}
	if len(id) > maxPart {
		b.errorf(pos(p, "tags"), "tag", "use fewer words", "the tag %q is too long to stand in an address", shortened(name))
		return
	}
	t := tags[id]
	if t == nil {
		t = &Tag{Name: name}
		t.Page = b.add(&Page{Kind: TagPage, URL: "/tags/" + id + "/", Title: name, ID: "tags/" + id, Tag: t, Feed: true})
		tags[id] = t
		b.Tags = append(b.Tags, t)
	} else if slug.Fold(t.Name) != slug.Fold(name) && slug.Make(strings.ReplaceAll(t.Name, " ", "-")) != slug.Fold(strings.ReplaceAll(name, " ", "-")) {
		b.warnf(pos(p, "tags"), "tag", "spell them alike, or make them more different", "the tags %q and %q have one address, and are taken for one", t.Name, name)
	}
	if !slices.Contains(p.Tags, t) {
		p.Tags = append(p.Tags, t)
		t.Pages = append(t.Pages, p)
	}
}

// shortened is the beginning of a name that is too long to be told whole.
func shortened(name string) string {
	if runes := []rune(name); len(runes) > 40 {
		return string(runes[:40]) + "..."
	}
	return name
}

func (b *builder) author(authors map[string]*Author, p *Page, name string) {
	id := slug.Make(name)
	a := authors[slug.Fold(name)]
	if a == nil && authors[id] != nil && id != "" {
		a = authors[id] // "J. Doe" and "J Doe" have one address
		if slug.Fold(a.Name) != slug.Fold(name) && a.ID != name {
			b.warnf(pos(p, "author"), "author", "spell them alike, or give one an id in waymark.yaml", "the authors %q and %q have one address, and are taken for one", a.Name, name)
		}
	}
	if a == nil {
		if id == "" {
			b.warnf(pos(p, "author"), "author", "use letters or digits, or give them an id in waymark.yaml", "the author %q has nothing that can stand in an address, and is left out", name)
			return
		}
		if len(id) > maxPart {
			b.errorf(pos(p, "author"), "author", "use fewer words, or give them an id in waymark.yaml", "the author %q is too long to stand in an address", shortened(name))
			return
		}
		a = &Author{Author: config.Author{ID: id, Name: name}}
		authors[slug.Fold(name)], authors[id] = a, a
		b.Authors = append(b.Authors, a)
	}
	if a.Page == nil {
		a.Page = b.add(&Page{Kind: AuthorPage, URL: "/authors/" + cmp.Or(slug.Make(a.ID), "author") + "/", Title: a.Name, ID: "authors/" + a.ID, Description: a.About, Author: a, Feed: true})
	}
	if !slices.Contains(p.Authors, a) {
		p.Authors = append(p.Authors, a)
		a.Pages = append(a.Pages, p)
	}
}

// glossary reads the terms, and knows them by every name they have.
func (b *builder) glossary() {
	b.terms = map[string]*Term{}
	for _, p := range b.Pages {
		if p.Kind != GlossaryPage || p.Doc == nil {
			continue
		}
		if b.Glossary != nil {
			b.errorf(diag.Position{File: p.Doc.Name, Line: 1, Col: 1}, "glossary", "keep the terms in one file", "a site has one glossary, and this is the second, after %s", b.Glossary.Doc.Name)
			continue
		}
		b.Glossary = p
		for _, t := range p.Doc.Terms {
			b.term(t)
		}
	}
	slices.SortFunc(b.Terms, func(x, y *Term) int { return cmp.Compare(slug.Fold(x.Name), slug.Fold(y.Name)) })
}

func (b *builder) term(t markdown.Term) {
	term := &Term{Term: t}
	b.Terms = append(b.Terms, term)
	for _, name := range append([]string{t.Name}, t.Aliases...) {
		k := slug.Fold(name)
		if other, taken := b.terms[k]; taken {
			b.errorf(t.Pos, "glossary", "join the two definitions", "the term %q is already defined on line %d", name, other.Pos.Line)
			continue
		}
		b.terms[k] = term
	}
}
