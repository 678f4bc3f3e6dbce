package markdown

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/dialect"
	"waymark/generator/internal/fields"
)

// FrontMatter is the header of a file, typed. Keys that were not given have their zero value.
type FrontMatter struct {
	Title, Description, Type, Slug, ID, Layout string

	Date, Updated, Publish, Expires, Reviewed dates.Date
	ReviewIn                                  Span

	Tags, Categories, Authors, Aliases, Terms, Maps []string

	Draft               string // what in the header makes it a draft, such as "private: true"; empty where nothing does
	HideTOC, HideSearch bool

	Address string // its whole address within the site, as other programs have it: "/2019/old-name/"
	Lang    string // the language of the page, where it is not the site's

	Translations []string // the same text in other languages, by path

	Series string
	Part   int // from 1; 0 where none is given
	Parts  []Part
	Phase  string

	Image, ImageAlt string

	// Courses, sessions and notes.
	Provider, Where, Workload, Level          string
	Starts, Ends                              dates.Date
	Order, Duration                           int // Duration is in minutes
	Objectives, Outcomes, KeyPoints, Question []string
	Prerequisites, Start                      []string
	Resources                                 []Resource
	Actions                                   []Action
	Revisit                                   []Revisit

	// Extra holds the keys that Waymark does not know, for themes. Slips are those among them that may have been meant for one
	// that it knows: where many pages have such a key, it was meant as it stands.
	Extra map[string]any
	Slips []Slip

	// At has the position of each key's value, by key; a file without front matter has none.
	At map[string]diag.Position
}

// Pos returns where the value of a key stands, or the beginning of the file where the key was not given.
func (f FrontMatter) Pos(file, key string) diag.Position {
	if p, ok := f.At[key]; ok {
		return p
	}
	return diag.Position{File: file, Line: 1, Col: 1}
}

// Slip is an unknown key that is one slip of the keyboard away from a known one.
type Slip struct {
	Key, Near string
	Pos       diag.Position
	Fits      bool // whether it can be nothing but that: what it holds is what the known key holds, and it is no plural of it
}

// Part is one entry of a series' parts: a page that exists, by its path, or one that is planned, by its title.
type Part struct {
	Path, Title, Phase string
	Pos                diag.Position
}

// Resource is something to read or use: a title, an address (either may be empty) and a remark.
type Resource struct{ Title, URL, Note string }

// Action is what somebody set out to do.
type Action struct {
	What, By string
	Done     bool
}

// Revisit is a time to look at a note again: a date, or a span after the note's own date.
type Revisit struct {
	On    dates.Date
	After Span
}

// Span is a calendar span, such as 2 weeks or 6 months.
type Span struct{ Years, Months, Days int }

// IsZero reports whether the span is empty.
func (s Span) IsZero() bool { return s == Span{} }

// key describes one front-matter key. doc is a sentence for the reference.
type key struct {
	name, form, doc string
	read            func(d *fields.Decoder, f *FrontMatter, v fields.Value)
	also            []string // what other programs call it
}

// as adds what other programs call a key. Where a header has several of these, the key's own name wins, and then the first of
// them; lists are put together.
func (k key) as(names ...string) key {
	k.also = names
	return k
}

// Key is what the reference says about one front-matter key. Also are other programs' names for it.
type Key struct {
	Name, Form, Doc string
	Also            []string
}

// Keys returns the known front-matter keys in the order of the reference.
func Keys() []Key {
	var out []Key
	for _, k := range keyTable() {
		out = append(out, Key{k.name, k.form, k.doc, k.also})
	}
	return out
}

func line(name, doc string, field func(*FrontMatter) *string) key {
	return key{name: name, form: "text", doc: doc, read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) { *field(f) = d.Text(v, name) }}
}

func texts(name, doc string, field func(*FrontMatter) *[]string) key {
	return key{name: name, form: "list", doc: doc, read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
		list := append(*field(f), d.Texts(v, name)...)
		if most := mostTexts(name); len(list) > most {
			d.Errorf(v.Pos, "too-much", "keep those that readers look for", "%q has %d entries, and at most %d are read", name, len(list), most)
			list = list[:most]
		}
		*field(f) = list
	}}
}

// mostTexts is how many entries a list of front matter may have. Each tag, author and former address of a page is a page of
// its own.
func mostTexts(name string) int {
	if name == "aliases" {
		return 1_000
	}
	return 100
}

func sentences(name, doc string, field func(*FrontMatter) *[]string) key {
	return key{name: name, form: "list of sentences", doc: doc, read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
		*field(f) = d.Sentences(v, name)
	}}
}

func date(name, doc string, field func(*FrontMatter) *dates.Date) key {
	return key{name: name, form: "date", doc: doc, read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
		if name == "date" || name == "updated" {
			if v.Kind == fields.Scalar && madeDate.MatchString(v.Text) {
				d.Warnf(v.Pos, "date", "write the day, such as 2024-01-31", "%q is a day that another program fills in, and the page has none", v.Text)
				return
			}
		}
		*field(f) = d.Date(v, name)
	}}
}

// madeDate is what other programs fill in when they make a page.
var madeDate = regexp.MustCompile(`(?i)^(?:today|now|last[- ]modified|git (?:last modified|created)|created)$|[{<\x60]`)

func number(name, doc string, low int, field func(*FrontMatter) *int) key {
	return key{name: name, form: "number", doc: doc, read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
		*field(f) = d.Int(v, name, low, 9999)
	}}
}

// keys is the content model's front matter, in the order of the reference.
func keys() []key {
	return []key{
		line("title", "The page's title. Without it, the first heading, or else the file's name.", func(f *FrontMatter) *string { return &f.Title }),
		line("description", "One sentence for lists, search results and shared links. Without it, the beginning of the text.", func(f *FrontMatter) *string { return &f.Description }).as("summary", "excerpt", "subtitle", "teaser", "abstract"),
		date("date", "When it was written. A date in the future holds the page back. Without it, the date in the file's name.", func(f *FrontMatter) *dates.Date { return &f.Date }).as("pubDate", "published", "published_at", "publishedAt", "publish_date", "created", "created_at", "date_created", "post_date"),
		date("updated", "When it was last changed in a way that readers should know of.", func(f *FrontMatter) *dates.Date { return &f.Updated }).as("lastmod", "modified", "last_modified_at", "last_modified", "updated_at", "date_modified", "updatedDate", "modified_at"),
		key{name: "publish", form: "date", doc: "Holds the page back until this day, whatever `date` says. `false` makes a draft.", read: readPublish}.as("publishDate"),
		date("expires", "Takes the page away from this day on.", func(f *FrontMatter) *dates.Date { return &f.Expires }).as("expiryDate", "unpublishDate"),
		{name: "draft", form: "true or false", doc: "A draft is only built with `--drafts`. So is what other programs have for it: `private`, `hidden`, `published: false`, `status: draft` and others.", read: func(*fields.Decoder, *FrontMatter, fields.Value) {}},
		texts("tags", "What it is about, in words that other pages use too.", func(f *FrontMatter) *[]string { return &f.Tags }).as("tag", "keywords"),
		texts("categories", "The same, as imported writing has them; shown with the tags.", func(f *FrontMatter) *[]string { return &f.Categories }).as("category"),
		texts("author", "Who wrote it: a name, or an id from `waymark.yaml`.", func(f *FrontMatter) *[]string { return &f.Authors }).as("creator"),
		texts("authors", "The same for several people.", func(f *FrontMatter) *[]string { return &f.Authors }),
		line("slug", "The last part of the address, where it is not to be the file's name.", func(f *FrontMatter) *string { return &f.Slug }),
		texts("aliases", "Addresses the page had before, which will lead to it.", func(f *FrontMatter) *[]string { return &f.Aliases }).as("alias", "redirect_from"),
		line("permalink", "The whole address within the site, as other programs have it: `/2019/old-name/`. A pattern means nothing here.", func(f *FrontMatter) *string { return &f.Address }).as("url"),
		key{name: "lang", form: "text", doc: "The language of the page, where it is not the site's: `cy`. On the index of a folder it holds for all below.", read: readLanguage}.as("language", "locale"),
		{name: "translations", form: "list", doc: "The same text in other languages, by path: each of them leads to all others. What language a text is in, its own `lang` says.", read: readTranslations},
		line("type", "The kind of page, where the folder does not say it: post, course, session, note, series, page, glossary.", func(f *FrontMatter) *string { return &f.Type }),
		line("layout", "The name of a layout of the theme to use in place of the kind's own.", func(f *FrontMatter) *string { return &f.Layout }),
		{name: "series", form: "text", doc: "The series it is a part of: the series' file name without its ending.", read: readSeries},
		number("part", "Its number in the series, from 1.", 1, func(f *FrontMatter) *int { return &f.Part }),
		{name: "parts", form: "list", doc: "On a series: its parts in order, as paths; a part that is planned as `title:` and `phase:`.", read: readParts},
		line("phase", "The phase of the journey: discovery, alpha, beta (private beta, public beta), live, retirement.", func(f *FrontMatter) *string { return &f.Phase }),
		texts("maps", "Maps, or cards of maps, that this page is evidence for.", func(f *FrontMatter) *[]string { return &f.Maps }),
		texts("terms", "Terms of the glossary that it explains, whether or not the text links to them.", func(f *FrontMatter) *[]string { return &f.Terms }),
		line("image", "A picture for cards and shared links, beside the file.", func(f *FrontMatter) *string { return &f.Image }),
		line("image_alt", "What the picture shows, in words.", func(f *FrontMatter) *string { return &f.ImageAlt }),
		{name: "toc", form: "true or false", doc: "`false` leaves out the contents of the page.", read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.HideTOC = v.Kind != fields.Null && !d.Bool(v, "toc")
		}},
		{name: "search", form: "true or false", doc: "`false` keeps the page out of the site's own [search](search.md) and out of the sitemap, and asks search engines to leave it out.", read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.HideSearch = v.Kind != fields.Null && !d.Bool(v, "search")
		}},
		line("id", "A name that lasts when the page moves: links by name find it. Without it, the path.", func(f *FrontMatter) *string { return &f.ID }),
		date("reviewed", "When somebody last checked that it still holds.", func(f *FrontMatter) *dates.Date { return &f.Reviewed }),
		{name: "review_in", form: "span", doc: "How long that lasts: `6 months`. Past it, the build warns.", read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.ReviewIn, _ = readSpan(d, v, "review_in")
		}},
		line("provider", "On a course: who gives it.", func(f *FrontMatter) *string { return &f.Provider }),
		line("where", "On a course: the place.", func(f *FrontMatter) *string { return &f.Where }),
		date("starts", "On a course: its first day.", func(f *FrontMatter) *dates.Date { return &f.Starts }),
		date("ends", "On a course: its last day.", func(f *FrontMatter) *dates.Date { return &f.Ends }),
		line("workload", "On a course: how much time it takes, in words.", func(f *FrontMatter) *string { return &f.Workload }),
		line("level", "On a course: whom it is for.", func(f *FrontMatter) *string { return &f.Level }),
		sentences("outcomes", "On a course: what one can do after it.", func(f *FrontMatter) *[]string { return &f.Outcomes }),
		number("order", "The place among its neighbours, in a course or a folder.", 0, func(f *FrontMatter) *int { return &f.Order }).as("weight", "nav_order", "sidebar_position", "menu_order"),
		{name: "duration", form: "duration", doc: "On a session or note: how long it takes: `90 min`, `1h30`.", read: func(d *fields.Decoder, f *FrontMatter, v fields.Value) { f.Duration = d.Minutes(v, "duration") }},
		sentences("objectives", "What one should be able to do at the end.", func(f *FrontMatter) *[]string { return &f.Objectives }),
		sentences("key_points", "What to remember.", func(f *FrontMatter) *[]string { return &f.KeyPoints }),
		sentences("questions", "What I still ask.", func(f *FrontMatter) *[]string { return &f.Question }),
		{name: "actions", form: "list", doc: "What I will do: sentences, or `what:`, `by:` and `done:`.", read: readActions},
		{name: "resources", form: "list", doc: "What to read or use: addresses, or `title:`, `url:` and `note:`.", read: readResources},
		{name: "revisit", form: "list", doc: "When to look at it again: dates, or spans after its date such as `+1w`.", read: readRevisit},
		texts("start", "On the home page: where a reader may begin, by path: up to three pages.", func(f *FrontMatter) *[]string { return &f.Start }),
		texts("prerequisites", "Pages to read first, by path. On a course, sentences are fine too.", func(f *FrontMatter) *[]string { return &f.Prerequisites }),
	}
}

// keyTable is keys, made once.
var keyTable = sync.OnceValue(keys)

// keyNames returns the keys by their folded names, and by those that other programs have for them.
var keyNames = sync.OnceValues(func() (own, also map[string]key) {
	own, also = make(map[string]key), make(map[string]key)
	for _, k := range keyTable() {
		own[foldKey(k.name)] = k
		for _, name := range k.also {
			also[foldKey(name)] = k
		}
	}
	return own, also
})

// decodeFront turns the pairs of a header into typed front matter. Keys count in any letter case, and with hyphens. What
// another program's name for a key holds is read as far as it can be, after all that has its own name.
func decodeFront(pairs []fields.Pair, d *fields.Decoder) FrontMatter {
	own, also := keyNames()
	f := FrontMatter{At: make(map[string]diag.Position, len(pairs))}
	for _, p := range pairs {
		f.Draft = cmp.Or(f.Draft, heldBy(p, d))
		if k, known := own[foldKey(p.Key)]; known {
			f.read(k, p, d)
		}
	}
	for _, p := range pairs {
		folded := foldKey(p.Key)
		if _, known := own[folded]; known {
			continue
		}
		if k, known := also[folded]; known {
			f.readForeign(k, p, d)
		} else {
			f.keep(p, d)
		}
	}
	f.Title, f.Description = withoutTags(f.Title), withoutTags(f.Description)
	return f
}

// withoutTags takes the tags of templates out of a line of a header.
func withoutTags(s string) string {
	if !strings.Contains(s, "{{") && !strings.Contains(s, "{%") {
		return s
	}
	t := dialect.Read([]byte(s), dialect.Any, func([]byte) []dialect.Range { return nil })
	return strings.Join(strings.Fields(string(t.Data)), " ")
}

// read reads a key by its own name. Twice in two letter cases is once too often. A list or mapping where Waymark has text is what
// another program reads, and left: only for days it matters too much.
func (f *FrontMatter) read(k key, p fields.Pair, d *fields.Decoder) {
	if before, twice := f.At[k.name]; twice {
		d.Errorf(p.Pos, "duplicate-key", "keep one of the two", "%q is already given on line %d", k.name, before.Line)
		return
	}
	f.At[k.name] = p.Value.Pos
	said := len(d.List)
	k.read(d, f, p.Value)
	for i := range d.List[said:] {
		if problem := &d.List[said+i]; problem.Code == "wrong-type" && p.Value.Kind != fields.Scalar && k.form != "date" {
			problem.Severity = diag.Warning
		}
	}
}

// readForeign reads a key by another program's name for it, where the header does not have its own. What does not fit means
// something else there, and is left.
func (f *FrontMatter) readForeign(k key, p fields.Pair, d *fields.Decoder) {
	f.extra(p)
	if _, given := f.At[k.name]; given && k.form != "list" || p.Value.Kind == fields.Null || slices.Contains(showing, foldKey(p.Key)) && likeBool(p.Value.Text) {
		return
	}
	trial := *d
	trial.List = nil
	before := *f
	if k.read(&trial, f, p.Value); trial.List.HasErrors() {
		*f = before
		if k.form == "date" {
			for _, problem := range trial.List {
				problem.Severity = diag.Warning
				d.List.Add(problem)
			}
		}
		return
	}
	d.List.Add(trial.List...)
	if _, given := f.At[k.name]; !given {
		f.At[k.name] = p.Value.Pos
	}
}

func isBool(s string) bool {
	return isFalse(s) || slices.Contains([]string{"true", "yes", "on", "1"}, strings.ToLower(s))
}

// likeBool reports whether a value is true or false, or has been told to be a slip of that.
func likeBool(s string) bool { return isBool(s) || diag.OneSlip(strings.ToLower(s), "false") }

// keep keeps a key that Waymark does not know. One that is a slip of a known one is told of; one that would have held the page
// back is an error.
func (f *FrontMatter) keep(p fields.Pair, d *fields.Decoder) {
	f.extra(p)
	if holdsBack(foldKey(p.Key)) {
		return
	}
	if near := nearHoldBack(p); near != "" {
		d.Errorf(p.Pos, "unknown-key", fmt.Sprintf("did you mean %q?", near), "%q is not a key that Waymark knows, and the page would be published", p.Key)
		return
	}
	folded := foldKey(p.Key)
	for _, k := range keyTable() {
		name := foldKey(k.name)
		plural := folded+"s" == name || name+"s" == folded
		if (plural || len(folded) >= 5) && len(name) >= 4 && diag.OneSlip(folded, name) {
			trial, as := *d, *f
			trial.List = nil
			k.read(&trial, &as, p.Value)
			f.Slips = append(f.Slips, Slip{Key: p.Key, Near: k.name, Pos: p.Pos, Fits: !plural && len(trial.List) == 0})
			return
		}
	}
}

func (f *FrontMatter) extra(p fields.Pair) {
	if f.Extra == nil {
		f.Extra = map[string]any{}
	}
	f.Extra[p.Key] = p.Value.Plain()
}

// readPublish takes a day, and what other programs have: true or false, which heldBy has read.
func readPublish(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	if v.Kind != fields.Scalar || !likeBool(v.Text) {
		f.Publish = d.Date(v, "publish")
	}
}

// readSeries takes a list of one as well, which is how other programs write it.
func readSeries(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	names := d.Sentences(v, "series")
	if len(names) > 1 {
		d.Errorf(v.Pos, "series", "keep one of them", "a page belongs to one series, and this names %d", len(names))
	}
	if len(names) > 0 {
		f.Series = names[0]
	}
}

func readParts(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	for _, item := range d.Items(v, "parts", false) {
		part := Part{Pos: item.Pos}
		if item.Kind == fields.Mapping {
			d.Fields(item.Pairs, "a part", map[string]func(fields.Value){
				"path": d.Into(&part.Path, "path"), "title": d.Into(&part.Title, "title"), "phase": d.Into(&part.Phase, "phase"),
			})
		} else {
			part.Path = d.Text(item, "parts")
		}
		f.Parts = append(f.Parts, part)
	}
}

func readActions(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	for _, item := range d.Items(v, "actions", false) {
		var a Action
		if item.Kind == fields.Mapping {
			d.Fields(item.Pairs, "an action", map[string]func(fields.Value){
				"what": d.Into(&a.What, "what"), "by": d.Into(&a.By, "by"), "done": func(v fields.Value) { a.Done = d.Bool(v, "done") },
			})
		} else {
			a.What = d.Text(item, "actions")
		}
		f.Actions = append(f.Actions, a)
	}
}

func readResources(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	for _, item := range d.Items(v, "resources", false) {
		var r Resource
		if item.Kind == fields.Mapping && slices.ContainsFunc(item.Pairs, func(p fields.Pair) bool { return p.Key == "src" }) {
			continue // the files of a bundle, as Hugo names them
		}
		if item.Kind == fields.Mapping {
			d.Fields(item.Pairs, "a resource", map[string]func(fields.Value){
				"title": d.Into(&r.Title, "title"), "url": d.Into(&r.URL, "url"), "note": d.Into(&r.Note, "note"),
			})
		} else if r.Title = d.Text(item, "resources"); strings.Contains(r.Title, "://") {
			r.URL = r.Title
		}
		if r.URL != "" && LinkScheme(r.URL) == Forbidden {
			d.Warnf(item.Pos, "bad-link", "link to a page of the site, or with https:", "%q is not a kind of link that is published", r.URL)
			r.URL = ""
		}
		f.Resources = append(f.Resources, r)
	}
}

// readLanguage reads a language as browsers want it: en-GB for en_GB.
func readLanguage(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	s := strings.ReplaceAll(d.Text(v, "lang"), "_", "-")
	if _, err := language.Parse(s); s != "" && err != nil {
		d.Warnf(v.Pos, "language", "write its code: cy, ar or pt-BR", "%q is not a language, and the page is taken for one in the site's", s)
		return
	}
	f.Lang = s
}

// readTranslations reads paths, alone or behind their languages.
func readTranslations(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	if v.Kind != fields.Mapping {
		f.Translations = d.Texts(v, "translations")
		return
	}
	for _, p := range v.Pairs {
		if name := d.Text(p.Value, "translations"); name != "" {
			f.Translations = append(f.Translations, name)
		}
	}
}

func readRevisit(d *fields.Decoder, f *FrontMatter, v fields.Value) {
	for _, item := range d.Items(v, "revisit", true) {
		if strings.HasPrefix(item.Text, "+") {
			if span, ok := readSpan(d, item, "revisit"); ok {
				f.Revisit = append(f.Revisit, Revisit{After: span})
			}
			continue
		}
		if on := d.Date(item, "revisit"); !on.IsZero() {
			f.Revisit = append(f.Revisit, Revisit{On: on})
		}
	}
}

var spanForm = regexp.MustCompile(`^\+?(\d{1,3}) ?(d|days?|w|weeks?|m|months?|y|years?)$`)

func readSpan(d *fields.Decoder, v fields.Value, key string) (Span, bool) {
	g := spanForm.FindStringSubmatch(strings.TrimSpace(v.Text))
	if g == nil {
		d.Errorf(v.Pos, "span", "write for example: "+key+": +2w, or 6 months", "%q must be a span of days, weeks, months or years, and this is %q", key, v.Text)
		return Span{}, false
	}
	n, _ := strconv.Atoi(g[1])
	switch g[2][0] {
	case 'w':
		return Span{Days: 7 * n}, true
	case 'm':
		return Span{Months: n}, true
	case 'y':
		return Span{Years: n}, true
	}
	return Span{Days: n}, true
}
