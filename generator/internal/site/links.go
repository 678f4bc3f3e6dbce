package site

import (
	"cmp"
	"net/url"
	"path"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
)

// learnNames makes pages known by title, by the last part of their address, and by path.
func (b *builder) learnNames() {
	var maps []*Page
	for _, p := range b.Pages {
		if p.Number > 0 || p.Kind == NotFound {
			continue
		}
		if p.Map != nil {
			maps = append(maps, p)
			continue
		}
		names := []string{p.Title}
		if p.Doc != nil {
			names = append(names, path.Base(strings.TrimSuffix(p.URL, "/")), Key(p.Doc.Path), p.Doc.Front.ID)
		}
		for _, name := range names {
			if k := slug.Fold(name); k != "" {
				b.names[k] = addLast(b.names[k], p)
			}
		}
	}
	// A map is often called as the page that it stands on, which then has the name.
	for _, p := range maps {
		for _, name := range []string{p.Title, p.Map.ID} {
			if k := slug.Fold(name); len(b.names[k]) == 0 {
				b.names[k] = []*Page{p}
			}
		}
	}
}

func (b *builder) target(p *Page, l markdown.Link) Target {
	switch {
	case l.Kind == markdown.MapHole:
		return Target{}
	case l.Kind == markdown.Wiki:
		return b.wikiTarget(p, l)
	case markdown.LinkScheme(l.Target) == markdown.External:
		return Target{URL: strings.ReplaceAll(l.Target, " ", "%20"), External: true}
	}
	raw, fragment, _ := strings.Cut(l.Target, "#")
	raw, query, _ := strings.Cut(raw, "?")
	name, err := url.PathUnescape(raw)
	if err != nil {
		name = raw
	}
	switch {
	case l.Kind == markdown.Image:
		return b.imageTarget(p, l, name)
	case raw == "" && query == "":
		return b.placeIn(p, p, l, fragment)
	}
	if q := b.sourcePage(p.Doc.Path, name); q != nil {
		return b.placeIn(p, q, l, fragment)
	}
	k := b.sourceKey(p.Doc.Path, name)
	if f := b.files[joined(p.Doc.Path, name)]; f != nil {
		return Target{URL: "/" + f.Path, Fragment: fragment}
	}
	if strings.HasPrefix(name, "/") && b.static[strings.TrimPrefix(path.Clean(name), "/")] {
		return Target{URL: path.Clean(name), Fragment: fragment}
	}
	switch {
	case b.held[k] != "":
		b.warnf(l.Pos, "held-link", "it will work once that page is published", "this links to %q, which is held back (%s)", l.Target, b.held[k])
	case b.broken[k]:
		b.warnf(l.Pos, "held-link", "mend that page", "this links to %q, which has errors and is left out", l.Target)
	case b.missingMap(l, name):
	default:
		b.warnf(l.Pos, "broken-link", b.suggestPath(name), "there is no page or file %q", l.Target)
	}
	return Target{}
}

// joined returns the path of a file that another one names, relative to the content folder.
func joined(from, name string) string {
	if strings.HasPrefix(name, "/") {
		return strings.TrimPrefix(path.Clean(name), "/")
	}
	return strings.TrimPrefix(path.Clean("/"+path.Join(path.Dir(from), name)), "/")
}

func (b *builder) sourceKey(from, name string) string {
	p := joined(from, name)
	if source.IsText(p) || strings.EqualFold(path.Ext(p), ".html") {
		p = strings.TrimSuffix(p, path.Ext(p))
	}
	if p == "index" {
		return ""
	}
	return strings.TrimSuffix(p, "/index")
}

// sourcePage finds the page that a file names by the path of its source, or by its address.
func (b *builder) sourcePage(from, name string) *Page {
	if p := b.byPath[b.sourceKey(from, name)]; p != nil {
		return p
	}
	if strings.HasPrefix(name, "/") {
		address := path.Clean(strings.TrimSuffix(name, "index.html"))
		if p := b.byURL[strings.TrimSuffix(address, "/")+"/"]; p != nil {
			return p
		}
		return b.byURL[address]
	}
	return nil
}

// maxSearches bounds how many near names are looked for: each look goes through all names of the site, and who has a
// hundred broken links has one cause for them.
const maxSearches = 100

func (b *builder) maySearch() bool {
	b.searched++
	return b.searched <= maxSearches
}

// suggestPath names the file whose path or name is most like a wrong one.
func (b *builder) suggestPath(name string) string {
	const hint = "link to another file by its path from this one: ../posts/name.md"
	if !b.maySearch() {
		return hint
	}
	want := strings.TrimSuffix(path.Base(name), path.Ext(name))
	var names []string
	full := map[string]string{}
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		n := path.Base(Key(p.Doc.Path))
		if _, twice := full[n]; !twice {
			names = append(names, n)
			full[n] = p.Doc.Path
		}
	}
	sort.Strings(names)
	near := diag.Nearest(want, names)
	if near == "" {
		return hint
	}
	return "did you mean " + strconv.Quote(full[near]) + "?"
}

// placeIn checks the place in a page that a link names, and remembers the link from the other side.
func (b *builder) placeIn(from, to *Page, l markdown.Link, fragment string) Target {
	if to != from {
		b.backlink(from, to)
	}
	if decoded, err := url.PathUnescape(fragment); err == nil {
		fragment = decoded
	}
	t := Target{URL: to.URL, Fragment: fragment, Title: to.Title}
	if to.Map != nil {
		t.Fragment = b.inMap(from, to.Map, l, fragment)
		return t
	}
	if fragment == "" || to.Doc == nil {
		return t
	}
	if b.placesOf(to)[fragment] || strings.HasPrefix(fragment, "fn:") {
		return t
	}
	if place, found := b.onPage(from, to, fragment); found {
		t.Fragment = place
		return t
	}
	hint := "the page's headings are its places"
	if b.maySearch() {
		hint = diag.DidYouMean(fragment, append(placesIn(to.Doc), mapPlaces(to)...), hint)
	}
	b.warnf(l.Pos, "broken-anchor", hint, "%s has no place %q", to.Doc.Name, "#"+fragment)
	t.Fragment = ""
	return t
}

// placesOf returns the places of a page's text as a set, which is made when it is first asked for.
func (b *builder) placesOf(p *Page) map[string]bool {
	set := b.places[p]
	if set == nil {
		set = map[string]bool{}
		for _, id := range placesIn(p.Doc) {
			set[id] = true
		}
		b.places[p] = set
	}
	return set
}

// placesIn lists the ids of a text's headings and terms.
func placesIn(d *markdown.Document) []string {
	ids := make([]string, 0, len(d.Headings)+len(d.Terms))
	for _, h := range d.Headings {
		ids = append(ids, h.ID)
	}
	for _, term := range d.Terms {
		ids = append(ids, term.ID)
	}
	return ids
}

func (b *builder) backlink(from, to *Page) {
	if from.Kind != Home {
		to.Backlinks = addLast(to.Backlinks, from)
	}
}

// addLast adds a page, once: texts are resolved one after the other, so that a page which is there already is the last.
func addLast(pages []*Page, p *Page) []*Page {
	if n := len(pages); n > 0 && pages[n-1] == p {
		return pages
	}
	return append(pages, p)
}

func (b *builder) imageTarget(p *Page, l markdown.Link, name string) Target {
	if strings.TrimSpace(name) == "" { // as it is while somebody types it
		b.warnf(l.Pos, "missing-image", "write its name between the brackets: ![A wall of cards](wall.jpg)", "this image names no file")
		return Target{}
	}
	if f := b.files[joined(p.Doc.Path, name)]; f != nil {
		if strings.TrimSpace(l.Text) == "" {
			b.warnf(l.Pos, "image-alt", "say what it shows: ![A wall of cards](wall.jpg)", "this image has no text for those who cannot see it")
		}
		return Target{URL: "/" + f.Path, Image: cmp.Or(f.Image, &ImageInfo{})}
	}
	if strings.HasPrefix(name, "/") && b.static[strings.TrimPrefix(path.Clean(name), "/")] {
		return Target{URL: path.Clean(name), Image: &ImageInfo{}}
	}
	hint := "put the image beside the page"
	if b.maySearch() {
		hint = diag.DidYouMean(path.Base(name), b.beside[path.Dir(joined(p.Doc.Path, name))], hint)
	}
	b.warnf(l.Pos, "missing-image", hint, "there is no image %q", l.Target)
	return Target{}
}

// wikiTarget looks a name up among the glossary's terms first, then among pages by title, name and path.
func (b *builder) wikiTarget(p *Page, l markdown.Link) Target {
	name, fragment, _ := strings.Cut(l.Target, "#")
	if strings.TrimSpace(name) == "" {
		return b.placeIn(p, p, l, slug.Make(fragment))
	}
	k := slug.Fold(name)
	if t := b.termNamed(k); t != nil && fragment == "" {
		if p != b.Glossary {
			t.UsedBy = addLast(t.UsedBy, p)
		}
		return Target{URL: b.Glossary.URL, Fragment: t.ID, Title: name, Term: t}
	}
	found := b.names[k]
	if len(found) == 0 {
		found = b.names[slug.Make(name)]
	}
	switch {
	case len(found) == 1:
		return b.placeIn(p, found[0], l, slug.Make(fragment))
	case len(found) > 1:
		b.warnf(l.Pos, "ambiguous-link", "link by path: [text]("+relative(p, found)+")", "%q is the name of %d pages: %s and %s", name, len(found), found[0].URL, found[1].URL)
		return b.placeIn(p, found[0], l, slug.Make(fragment))
	}
	if q := b.byPath[strings.Trim(name, "/ ")]; q != nil {
		return b.placeIn(p, q, l, slug.Make(fragment))
	}
	var names []string
	if b.maySearch() {
		for _, t := range b.Terms {
			names = append(names, t.Name)
		}
		for _, q := range b.Pages {
			if q.Doc != nil {
				names = append(names, q.Title)
			}
		}
	}
	b.warnf(l.Pos, "broken-link", diag.DidYouMean(name, names, "define it in content/glossary.md, or name a page by its title"), "no term or page is called %q", name)
	return Target{Title: name}
}

// relative returns the path of the first page with a file that is not the page itself, as a link from it would name it.
func relative(from *Page, pages []*Page) string {
	for _, p := range pages {
		if p.Doc != nil && p != from {
			if rel, err := filepath.Rel(path.Dir(from.Doc.Path), p.Doc.Path); err == nil {
				return filepath.ToSlash(rel)
			}
		}
	}
	return pages[0].URL
}

// termNamed finds a term by any of its names, in the singular where the text has a plain plural.
func (b *builder) termNamed(folded string) *Term {
	if t := b.terms[folded]; t != nil {
		return t
	}
	for _, plural := range [][2]string{{"s", ""}, {"es", ""}, {"ies", "y"}} {
		if stem, found := strings.CutSuffix(folded, plural[0]); found && b.terms[stem+plural[1]] != nil {
			return b.terms[stem+plural[1]]
		}
	}
	return nil
}
