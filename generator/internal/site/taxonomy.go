package site

import (
	"cmp"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/words"
)

// taxonomies gathers tags (categories among them) and authors.
func (b *builder) taxonomies() {
	tags, authors := map[string]*Tag{}, map[string]*Author{}
	b.readSpaces()
	for _, said := range b.Config.Authors {
		a := &Author{Author: said}
		authors[slug.Fold(a.ID)], authors[slug.Fold(a.Name)], authors[slug.Make(a.ID)] = a, a, a
		b.Authors = append(b.Authors, a)
	}
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		for _, name := range p.Doc.Front.Tags {
			for _, part := range b.parts(name) {
				b.tag(tags, p, part)
			}
		}
		for _, name := range p.Doc.Front.Categories {
			b.tag(tags, p, name)
		}
		for _, name := range p.Doc.Front.Authors {
			b.author(authors, p, name)
		}
	}
	sortByName(b.Config.Language, b.Tags, func(t *Tag) string { return t.Name })
	b.Authors = slices.DeleteFunc(b.Authors, func(a *Author) bool { return a.Page == nil })
	sortByName(b.Config.Language, b.Authors, func(a *Author) string { return a.Name })
	for _, t := range b.Tags {
		newestFirst(t.Pages)
		t.Page.Items = t.Pages
	}
	for _, a := range b.Authors {
		newestFirst(a.Pages)
		a.Page.Items = a.Pages
	}
	tagsPage := b.index(Tags, "tags", len(b.Tags) > 0)
	authorsPage := b.index(Authors, "authors", len(b.Authors) > 0)
	for _, t := range b.Tags {
		t.Page.Parent = tagsPage
	}
	for _, a := range b.Authors {
		a.Page.Parent = authorsPage
	}
}

// readSpaces decides whether spaces stand between tags: in Jekyll they do, and elsewhere "design thinking" is one tag. Where the
// site does not say it, they do if most tags with spaces have words in them that are tags of their own, and no list has such a tag.
func (b *builder) readSpaces() {
	if b.Config.Tags != "" {
		b.spaces = b.Config.Tags == "spaces"
		return
	}
	alone, spaced, listed := map[string]bool{}, 0, 0
	var first *Page
	each := func(visit func(p *Page, words []string)) {
		for _, p := range b.Pages {
			if p.Doc == nil {
				continue
			}
			for _, tag := range p.Doc.Front.Tags {
				visit(p, strings.Fields(tag))
			}
		}
	}
	each(func(p *Page, words []string) {
		switch {
		case len(words) == 1 || signed(words):
			for _, w := range words {
				alone[slug.Fold(strings.TrimPrefix(w, "#"))] = true
			}
		case len(p.Doc.Front.Tags) > 1:
			listed++
		default:
			spaced++
		}
	})
	known := 0
	each(func(p *Page, words []string) {
		if len(words) > 1 && !signed(words) && slices.ContainsFunc(words, func(w string) bool { return alone[slug.Fold(w)] }) {
			known++
			if first == nil {
				first = p
			}
		}
	})
	if spaced > 1 && listed == 0 && known*2 >= spaced {
		b.spaces = true
		b.warnf(pos(first, "tags"), "tag", `put commas between them, or say which is meant: "tags: spaces" or "tags: commas" in waymark.yaml`,
			"%d pages write tags with spaces between, and each word is read as a tag", spaced)
	}
}

// signed reports whether all words begin with a number sign: then each is a tag, whatever the site says.
func signed(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.HasPrefix(w, "#") })
}

// parts returns the tags that stand in one.
func (b *builder) parts(tag string) []string {
	if words := strings.Fields(tag); b.spaces || signed(words) {
		return words
	}
	return []string{tag}
}

// say returns the words of the site's own language.
func (b *builder) say() *words.Words { return b.Config.Words.Site() }

// index adds a generated page at the top level, or gives its kind to the author's page that stands there.
func (b *builder) index(kind Kind, name string, wanted bool) *Page {
	if !wanted {
		return nil
	}
	if p := b.byPath[name]; p != nil {
		p.Kind = kind
		return p
	}
	p := b.add(&Page{Kind: kind, URL: "/" + name + "/", Title: b.say().Say("page." + name), ID: name, Parent: b.Home})
	b.byPath[name] = p
	return p
}

// headed returns the page that an author wrote in the place of a generated one, which it introduces, or else a new one there.
func (b *builder) headed(k, title string) *Page {
	if p := b.byPath[k]; p != nil && p.Doc != nil {
		return p
	}
	return b.add(&Page{URL: "/" + k + "/", Title: title, ID: k})
}

// tagSlug is the slug of a tag. In the names of languages, signs make the difference: C, C# and C++.
func tagSlug(name string) string {
	if strings.ContainsAny(name, "#+") {
		name = strings.NewReplacer("++", " plus plus", "#", " sharp").Replace(name)
	}
	return slug.Make(name)
}

func (b *builder) tag(tags map[string]*Tag, p *Page, name string) {
	name = strings.TrimPrefix(name, "#") // as some programs write them
	id := tagSlug(name)
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
		t.Page = b.headed("tags/"+id, name)
		t.Page.Kind, t.Page.Tag, t.Page.Feed = TagPage, t, b.listFeeds()
		tags[id] = t
		b.Tags = append(b.Tags, t)
	} else if slug.Fold(t.Name) != slug.Fold(name) && tagSlug(strings.ReplaceAll(t.Name, " ", "-")) != slug.Fold(strings.ReplaceAll(name, " ", "-")) {
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
		a.Page = b.headed("authors/"+cmp.Or(slug.Make(a.ID), "author"), a.Name)
		a.Page.Kind, a.Page.Author, a.Page.Feed = AuthorPage, a, b.listFeeds()
		a.Page.Description = cmp.Or(a.Page.Description, a.About)
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
	sortByName(b.Config.Language, b.Terms, func(t *Term) string { return t.Name })
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
