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
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
)

// Input is all that a Site is made of. New leaves it as it is.
type Input struct {
	Config     config.Config
	Docs       []*markdown.Document // without those that must not be published
	BrokenMaps []string             // ids of maps on pages with errors: what refers to them is not wrong
	Broken     []string             // keys of files whose header could not be read: links to them are not broken links
	Files      []Source
	Static     []string // paths of files of the static folder, which are copied to the same path in the output
	Assets     []string // paths in the output of the files of the theme
	Drafts     bool
	Future     bool
	Now        dates.Date
}

// New builds the Site. Where the list holds an error, the Site must not be published; after a fault of our own it is nil.
func New(in Input) (s *Site, list diag.List) {
	defer func() {
		if cause := recover(); cause != nil {
			s, list = nil, diag.List{diag.Fault("", cause)}
		}
	}()
	n := len(in.Docs) // maps that grow cost most of the time
	b := &builder{
		Site:     &Site{Config: in.Config, byURL: make(map[string]*Page, n), byDoc: make(map[string]*Page, n), Pages: make([]*Page, 0, n)},
		in:       in,
		byPath:   make(map[string]*Page, n),
		held:     map[string]string{},
		series:   map[string]*Series{},
		claimed:  make(map[string]claim, n),
		folder:   make(map[string]claim, n),
		static:   map[string]bool{},
		beside:   map[string][]string{},
		files:    map[string]*File{},
		names:    make(map[string][]*Page, 3*n),
		heldMaps: map[string]string{},
	}
	for _, s := range in.Static {
		b.static[s] = true
	}
	b.phases()
	b.pages()
	b.folders()
	b.courses()
	b.gatherSeries()
	b.taxonomies()
	b.maps()
	b.journey()
	b.chronology()
	b.glossary()
	b.lists()
	b.specialPages()
	b.landmarks()
	b.placeFiles()
	b.outputs()
	b.claimAddresses()
	b.resolve()
	b.describeMaps()
	b.reviews()
	slices.SortFunc(b.Pages, func(x, y *Page) int { return cmp.Compare(x.URL, y.URL) })
	return b.Site, b.list
}

type builder struct {
	*Site
	in       Input
	list     diag.List
	byPath   map[string]*Page // by the path of its file, without ending and "/index"
	held     map[string]string
	series   map[string]*Series
	phase    map[string]*Phase
	claimed  map[string]claim
	folder   map[string]claim // a claim that needs this path as a folder
	static   map[string]bool
	beside   map[string][]string // the files of a folder, by name
	files    map[string]*File
	names    map[string][]*Page // by folded title, slug and id, for wiki links
	terms    map[string]*Term
	mapID    map[string]*Map
	heldMaps map[string]string // why the page of a map is held back, by its id
	searched int               // how many near names have been looked for
}

func (b *builder) errorf(pos diag.Position, code, hint, format string, args ...any) {
	b.list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Error, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (b *builder) warnf(pos diag.Position, code, hint, format string, args ...any) {
	b.list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Warning, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// pos returns where a key of a page's front matter stands.
func pos(p *Page, key string) diag.Position {
	if p.Doc == nil {
		return diag.Position{File: config.File}
	}
	return p.Doc.Front.Pos(p.Doc.Name, key)
}

// Key returns the path by which other files name a page: without its ending, a folder for its index, "" for the home
// page. Input.Broken holds such keys.
func Key(docPath string) string {
	k := strings.TrimSuffix(docPath, path.Ext(docPath))
	if k == "index" {
		return ""
	}
	return strings.TrimSuffix(k, "/index")
}

// pages turns Documents into Pages, and holds back those that are not to be published.
func (b *builder) pages() {
	docs := slices.Clone(b.in.Docs)
	// A folder's own page comes before what it holds, so that a course held back takes its sessions along.
	slices.SortFunc(docs, func(x, y *markdown.Document) int {
		return cmp.Or(cmp.Compare(strings.Count(Key(x.Path), "/"), strings.Count(Key(y.Path), "/")), cmp.Compare(x.Path, y.Path))
	})
	for _, doc := range docs {
		k := Key(doc.Path)
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
		Doc: doc, Kind: b.kind(doc), Title: cmp.Or(front.Title, doc.Heading), Description: description(doc),
		Date: front.Date, Updated: front.Updated, Minutes: minutes(doc),
	}
	k := Key(doc.Path)
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
		if made == "" {
			b.errorf(doc.Front.Pos(doc.Name, "slug"), "slug", "use letters or digits", "the slug %q has nothing that can stand in an address", s)
		}
		return url + made + "/"
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
	}
	k := Key(doc.Path)
	parts := strings.Split(k, "/")
	switch {
	case k == "":
		return Home
	case doc.Glossary:
		return GlossaryPage
	case sectionOf(k) != "":
		return List
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
	if front.Draft {
		waits = append(waits, Wait{Draft, "draft: true (build with --drafts to see it)"})
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

// newestFirst sorts by date, then by address; pages without a date come last.
func newestFirst(pages []*Page) {
	slices.SortFunc(pages, newer)
}

func newer(a, c *Page) int {
	return cmp.Or(compareTime(c.Date.Time, a.Date.Time), cmp.Compare(a.URL, c.URL))
}

func compareTime(a, c time.Time) int { return a.Compare(c) }
