package site

import (
	"cmp"
	"maps"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"waymark/generator/diag"
	"waymark/generator/internal/images"
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
			// Titles as they were typed count, too: their quotes are others where they are shown.
			names = append(names, path.Base(strings.TrimSuffix(p.URL, "/")), b.key(p.Doc), path.Base(Key(p.Doc.Path)), p.Doc.Front.ID, p.Doc.Front.Title, p.Doc.Heading)
			for _, alias := range p.Doc.Front.Aliases {
				if !isAddress(alias) {
					names = append(names, alias)
				}
			}
		}
		for _, name := range names {
			if k := slug.Fold(name); k != "" {
				b.names[k] = addLast(b.names[k], p)
			}
		}
	}
	// A map is often called as the page that it stands on, which then has the name.
	for _, p := range maps {
		for _, name := range []string{p.Title, p.Map.Block.Title(), p.Map.ID} {
			if k := slug.Fold(name); len(b.names[k]) == 0 {
				b.names[k] = []*Page{p}
			}
		}
	}
}

func (b *builder) target(p *Page, l markdown.Link) Target {
	switch l.Kind {
	case markdown.MapHole:
		return Target{}
	case markdown.Wiki:
		return b.wikiTarget(p, l)
	case markdown.Embed:
		return b.embedTarget(p, l)
	case markdown.Anchor, markdown.Image:
	}
	if own := b.Config.BaseURL; own != "" && strings.HasPrefix(l.Target, own) {
		l.Target = "/" + strings.TrimPrefix(l.Target, own)
	}
	switch {
	case markdown.LinkScheme(l.Target) == markdown.External && l.Kind == markdown.Image:
		return b.remoteImage(l)
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
	if q := b.byPath[b.sourceKey("", name)]; q != nil && !strings.HasPrefix(name, ".") {
		return b.placeIn(p, q, l, fragment) // from the top, as other programs have it
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
		if q := b.formerly(name); q != nil {
			return b.placeIn(p, q, l, fragment)
		}
		b.warnf(l.Pos, "broken-link", b.suggestPath(name), "there is no page or file %q", l.Target)
	}
	return Target{}
}

// joined returns the path of a file that another one names, relative to the content folder.
func joined(from, name string) string {
	if strings.HasPrefix(name, "/") {
		return norm.NFC.String(strings.TrimPrefix(path.Clean(name), "/"))
	}
	return norm.NFC.String(strings.TrimPrefix(path.Clean("/"+path.Join(path.Dir(from), name)), "/"))
}

func (b *builder) sourceKey(from, name string) string {
	p := joined(from, name)
	if k, known := b.keys[p]; known {
		return k
	}
	if !source.IsText(p) && !strings.EqualFold(path.Ext(p), ".html") {
		p += "." // a key has no ending, and may have a stop
	}
	return Key(p)
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
		n := path.Base(b.key(p.Doc))
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
	if place := b.likePlace(to, fragment); place != "" {
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
	return append(ids, d.Places...)
}

// likePlace returns the only heading of a page that has the letters and digits of a place, or "": code hosts and other programs
// make names of headings in ways of their own.
func (b *builder) likePlace(p *Page, fragment string) string {
	like := b.alike[p]
	if like == nil {
		like = map[string]string{}
		for _, h := range p.Doc.Headings {
			for _, name := range []string{letters(h.Text), letters(h.ID)} {
				if other, taken := like[name]; taken && other != h.ID {
					like[name] = ""
				} else {
					like[name] = h.ID
				}
			}
		}
		b.alike[p] = like
	}
	return like[letters(fragment)]
}

// letters returns the letters and digits of a text, in one case and form.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(s))
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

// remoteImage says what becomes of a picture of another site: a link to it, unless the site allows its host.
func (b *builder) remoteImage(l markdown.Link) Target {
	t := Target{URL: strings.ReplaceAll(l.Target, " ", "%20"), External: true}
	u, err := url.Parse(t.URL)
	if err != nil {
		return t
	}
	if f := b.fetched(t.URL); f != nil {
		b.shown[f] = true
		return Target{URL: "/" + f.Path, Image: cmp.Or(f.Image, &ImageInfo{})}
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" && b.Config.ShowsPicturesOf(host) {
		t.Image = &ImageInfo{}
		return t
	}
	b.list.Add(diag.Diagnostic{
		Pos: l.Pos, Severity: diag.Warning, Code: "remote-image", Same: host, Message: "pictures on " + host + " are shown as links",
		Hint: "save them beside the page, or let readers' browsers ask that host for them: images: {hosts: [" + host + "]} in waymark.yaml",
	})
	return t
}

// fetched returns the file in which a picture of another site lies that was fetched, or nil.
func (b *builder) fetched(address string) *File {
	if b.fetchedFiles == nil {
		b.fetchedFiles = map[string]*File{}
		for _, f := range b.Files {
			if strings.HasPrefix(f.Source, images.FetchedFolder+"/") {
				b.fetchedFiles[strings.TrimSuffix(f.Source, path.Ext(f.Source))] = f
			}
		}
	}
	return b.fetchedFiles[images.FetchedKey(address)]
}

// Remote returns the addresses of the pictures of other sites that pages name, each once, in order.
func (s *Site) Remote() []string {
	seen := map[string]bool{}
	for _, p := range s.Pages {
		if p.Doc == nil || p.Number > 0 {
			continue
		}
		for i, l := range p.Doc.Links {
			if l.Kind == markdown.Image && p.Links[i].External {
				seen[p.Links[i].URL] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
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
		b.shown[f] = true
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

// wikiTarget looks a name up among the glossary's terms first, then among pages by title, name and path. A name may have a number
// sign in it: the whole is tried first, and then what stands before each of them, from the last.
func (b *builder) wikiTarget(p *Page, l markdown.Link) Target {
	name, fragment := l.Target, ""
	for {
		if t, found := b.named(p, l, name, fragment); found {
			return t
		}
		at := strings.LastIndexByte(name, '#')
		if at < 0 {
			break
		}
		fragment = cmp.Or(fragment, name[at+1:])
		name = name[:at]
	}
	name, _, _ = strings.Cut(l.Target, "#")
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

// named finds what a link by name means: a term, a page by any of its names, or a page by its path.
func (b *builder) named(p *Page, l markdown.Link, name, fragment string) (t Target, known bool) {
	place := fragment
	if !strings.HasPrefix(place, "^") { // which is the name of a block
		place = slug.Make(fragment)
	}
	if strings.TrimSpace(name) == "" {
		t := b.placeIn(p, p, l, place)
		t.Title = fragment
		return t, true
	}
	name = strings.TrimSuffix(name, ".md")
	k := slug.Fold(name)
	if t := b.termNamed(k); t != nil && fragment == "" {
		if p != b.Glossary {
			t.UsedBy = addLast(t.UsedBy, p)
		}
		return Target{URL: b.Glossary.URL, Fragment: t.ID, Title: name, Term: t}, true
	}
	found := b.names[k]
	if len(found) == 0 && !strings.ContainsAny(name, "#+") {
		found = b.names[slug.Make(name)]
	}
	if len(found) > 1 {
		b.warnf(l.Pos, "ambiguous-link", "link by path: [text]("+relative(p, found)+")", "%q is the name of %d pages: %s and %s", name, len(found), found[0].URL, found[1].URL)
	}
	if len(found) > 0 {
		return b.placeIn(p, found[0], l, place), true
	}
	for _, k := range []string{strings.Trim(name, "/ "), joined(p.Doc.Path, name)} {
		if q := b.byPath[norm.NFC.String(k)]; q != nil {
			return b.placeIn(p, q, l, place), true
		}
	}
	return Target{}, false
}

// embedTarget finds what is to be shown: a picture, by its path or by its name anywhere; or else a page or a file, which is linked.
func (b *builder) embedTarget(p *Page, l markdown.Link) Target {
	name, _, _ := strings.Cut(l.Target, "#")
	if f := b.fileNamed(p, name); f != nil {
		b.shown[f] = true
		return Target{URL: "/" + f.Path, Image: f.Image, Title: path.Base(f.Source)}
	}
	return b.wikiTarget(p, l)
}

// fileNamed finds a file by its path from the page or from the top, or by its name, where only one has it.
func (b *builder) fileNamed(p *Page, name string) *File {
	for _, source := range []string{joined(p.Doc.Path, name), joined("", name)} {
		if f := b.files[source]; f != nil {
			return f
		}
	}
	if b.fileNames == nil {
		b.fileNames = map[string][]*File{}
		for _, f := range b.Files {
			k := slug.Fold(path.Base(f.Source))
			b.fileNames[k] = append(b.fileNames[k], f)
		}
	}
	if found := b.fileNames[slug.Fold(path.Base(name))]; len(found) > 0 {
		return found[0]
	}
	return nil
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
