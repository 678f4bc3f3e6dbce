package site

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
)

// pages turns Documents into Pages, and holds back those that are not to be published.
func (b *builder) pages() {
	docs := slices.Clone(b.in.Docs)
	// A folder's own page comes before what it holds, so that a course held back takes its sessions along.
	slices.SortFunc(docs, func(x, y *markdown.Document) int {
		return cmp.Or(cmp.Compare(strings.Count(b.key(x), "/"), strings.Count(b.key(y), "/")), cmp.Compare(x.Path, y.Path))
	})
	for _, doc := range docs {
		k := b.key(doc)
		p := b.page(doc)
		p.Waits = b.waits(p, k)
		if why := b.heldBack(p); why.Reason != "" {
			b.held[k] = why.Reason
			for _, m := range doc.Maps {
				b.heldMaps[m.ID] = why.Reason
			}
			b.Held = append(b.Held, Held{Name: doc.Name, Title: p.Title, Wait: why})
			continue
		}
		if other, taken := b.byPath[k]; taken {
			b.errorf(diag.Position{File: doc.Name, Line: 1, Col: 1}, "same-address", "keep one of the two",
				"%s and %s are one page: %s", other.Doc.Name, doc.Name, p.URL)
			continue
		}
		b.byPath[k] = p
		b.byDoc[doc.Path] = b.add(p)
	}
	slices.SortFunc(b.Held, func(x, y Held) int { return cmp.Compare(x.Name, y.Name) })
	slices.SortFunc(b.Pages, func(x, y *Page) int { return cmp.Compare(x.Doc.Path, y.Doc.Path) })
}

// convention is on how many pages a key stands that is no slip, however near it is to one that Waymark knows.
const convention = 3

// slips warns of keys that look like slips of known ones, where few pages have them.
func (b *builder) slips() {
	pages := map[string]int{}
	for _, doc := range b.in.Docs {
		for key := range doc.Front.Extra {
			pages[key]++
		}
	}
	for _, doc := range b.in.Docs {
		for _, s := range doc.Front.Slips {
			if pages[s.Key] < convention {
				d := diag.Warnf(s.Pos, "unknown-key", fmt.Sprintf("did you mean %q?", s.Near), "%q is not a key that Waymark knows", s.Key)
				if _, given := doc.Front.At[s.Near]; s.Fits && !given {
					d.Fix = diag.Fix{Old: s.Key, New: s.Near}
				}
				b.list.Add(d)
			}
		}
	}
}

// add registers a page. Two pages with one address are found when addresses are claimed.
func (b *builder) add(p *Page) *Page {
	b.Pages = append(b.Pages, p)
	if _, taken := b.byURL[p.URL]; !taken {
		b.byURL[p.URL] = p
	}
	return p
}

var datedName = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[-_ ]+(.+)$`)

func (b *builder) page(doc *markdown.Document) *Page {
	front := &doc.Front
	p := &Page{
		Doc: doc, key: b.key(doc), Kind: b.kind(doc), Title: cmp.Or(outline.Typographic(front.Title), doc.Heading), Description: description(doc),
		Date: front.Date, Updated: front.Updated, Minutes: minutes(doc),
	}
	k := b.key(doc)
	p.Section = sectionOf(k)
	name := path.Base(k)
	if g := datedName.FindStringSubmatch(name); g != nil {
		name = g[2]
		if p.Date.IsZero() {
			p.Date = b.dateInName(doc, g[1])
		}
	}
	if p.Title == "" {
		p.Title = titleFromName(name)
	}
	if p.Kind == Course && p.Date.IsZero() {
		p.Date = front.Starts
	}
	p.ID = cmp.Or(front.ID, k, "home")
	p.URL = b.address(doc, k, name)
	b.placePhase(p)
	return p
}

func (b *builder) dateInName(doc *markdown.Document, text string) dates.Date {
	date, err := dates.Parse(text, b.Config.Order, b.Config.Zone)
	if err != nil {
		b.errorf(diag.Position{File: doc.Name}, "date", "rename the file", "the date in the file's name: %s is a day that does not exist", text)
	}
	return date
}

// titleFromName turns "three-days-in_leeds" into "Three days in leeds".
func titleFromName(name string) string {
	words := strings.Join(strings.Fields(strings.NewReplacer("-", " ", "_", " ").Replace(name)), " ")
	if words == "" || words == "." {
		return "Home"
	}
	r := []rune(words)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// address returns a page's URL: its path, each part a slug.
func (b *builder) address(doc *markdown.Document, k, name string) string {
	if k == "" {
		return "/"
	}
	if k == "404" {
		return "/404.html"
	}
	if own := ownAddress(doc.Front.Address); own != "" {
		return own
	}
	url := "/"
	rest := path.Dir(k)
	for above := rest; above != "."; above = path.Dir(above) {
		if p := b.byPath[above]; p != nil { // which may have a slug of its own
			url, rest = p.URL, strings.TrimPrefix(strings.TrimPrefix(rest, above), "/")
			break
		}
	}
	if rest != "." && rest != "" {
		for _, part := range strings.Split(rest, "/") {
			url += b.slugOf(doc, part) + "/"
		}
	}
	if s := doc.Front.Slug; s != "" {
		made := slug.Make(s)
		if made != "" {
			return url + made + "/"
		}
		b.warnf(doc.Front.Pos(doc.Name, "slug"), "slug", "use letters or digits", "the slug %q has nothing that can stand in an address, and is left out", s)
	}
	return url + b.slugOf(doc, name) + "/"
}

func (b *builder) slugOf(doc *markdown.Document, part string) string {
	s := slug.Make(part)
	if s == "" {
		b.errorf(diag.Position{File: doc.Name}, "slug", "rename it, or give the page a slug", "%q has nothing that can stand in an address", part)
	}
	return s
}

// kinds that an author may name with "type".
var authored = []string{"post", "course", "session", "note", "series", "page", "glossary"}

// kind follows the folder, or "type".
func (b *builder) kind(doc *markdown.Document) Kind {
	if t := strings.ToLower(doc.Front.Type); t != "" && !doc.Glossary {
		if slices.Contains(authored, t) {
			return Kind(t)
		}
		// Writing from elsewhere has types of its own, which mean nothing here.
		b.warnf(doc.Front.Pos(doc.Name, "type"), "type", diag.DidYouMean(t, authored, "there are "+strings.Join(authored, ", ")), "there is no kind of page %q", doc.Front.Type)
		b.list[len(b.list)-1].Same = t
	}
	k := b.key(doc)
	parts := strings.Split(k, "/")
	switch {
	case k == "":
		return Home
	case k == "404":
		return NotFound
	case doc.Glossary:
		return GlossaryPage
	case sectionOf(k) != "" || b.writing[k]:
		return List
	case b.writing[parts[0]]:
		return Post
	}
	switch depth := len(parts); sectionOf(parts[0]) {
	case PostsSection:
		return Post
	case NotesSection:
		return Note
	case SeriesSection:
		if depth == 2 {
			return SeriesPage
		}
	case CoursesSection:
		switch depth {
		case 2:
			return Course
		case 3:
			return Session
		}
		return Note
	}
	return Plain
}

// newestFirst sorts by date, then by address; pages without a date come last.
func newestFirst(pages []*Page) {
	slices.SortFunc(pages, newer)
}

func newer(a, c *Page) int {
	return cmp.Or(compareTime(c.Date.Time, a.Date.Time), cmp.Compare(a.URL, c.URL))
}

func compareTime(a, c time.Time) int { return a.Compare(c) }
