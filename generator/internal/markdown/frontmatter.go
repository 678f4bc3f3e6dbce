package markdown

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/fields"
)

// FrontMatter is the header of a file, typed. Keys that were not given have their zero value.
type FrontMatter struct {
	Title, Description, Type, Slug, ID, Layout string

	Date, Updated, Publish, Expires, Reviewed dates.Date
	ReviewIn                                  Span

	Tags, Categories, Authors, Aliases, Terms, Maps []string

	Draft, HideTOC, HideSearch bool

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
	Prerequisites                             []string
	Resources                                 []Resource
	Actions                                   []Action
	Revisit                                   []Revisit

	// Extra holds the keys that Waymark does not know, for themes.
	Extra map[string]any

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
}

// Key is what the reference says about one front-matter key.
type Key struct{ Name, Form, Doc string }

// Keys returns the known front-matter keys in the order of the reference.
func Keys() []Key {
	var out []Key
	for _, k := range keys() {
		out = append(out, Key{k.name, k.form, k.doc})
	}
	return out
}

func line(name, doc string, field func(*FrontMatter) *string) key {
	return key{name, "text", doc, func(d *fields.Decoder, f *FrontMatter, v fields.Value) { *field(f) = d.Text(v, name) }}
}

func texts(name, doc string, field func(*FrontMatter) *[]string) key {
	return key{name, "list", doc, func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
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
	return key{name, "list of sentences", doc, func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
		*field(f) = d.Sentences(v, name)
	}}
}

func date(name, doc string, field func(*FrontMatter) *dates.Date) key {
	return key{name, "date", doc, func(d *fields.Decoder, f *FrontMatter, v fields.Value) { *field(f) = d.Date(v, name) }}
}

func number(name, doc string, low int, field func(*FrontMatter) *int) key {
	return key{name, "number", doc, func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
		*field(f) = d.Int(v, name, low, 9999)
	}}
}

// keys is the content model's front matter, in the order of the reference.
func keys() []key {
	return []key{
		line("title", "The page's title. Without it, the first heading, or else the file's name.", func(f *FrontMatter) *string { return &f.Title }),
		line("description", "One sentence for lists, search results and shared links. Without it, the beginning of the text.", func(f *FrontMatter) *string { return &f.Description }),
		date("date", "When it was written. A date in the future holds the page back. Without it, the date in the file's name.", func(f *FrontMatter) *dates.Date { return &f.Date }),
		date("updated", "When it was last changed in a way that readers should know of.", func(f *FrontMatter) *dates.Date { return &f.Updated }),
		date("publish", "Holds the page back until this day, whatever `date` says.", func(f *FrontMatter) *dates.Date { return &f.Publish }),
		date("expires", "Takes the page away from this day on.", func(f *FrontMatter) *dates.Date { return &f.Expires }),
		{"draft", "true or false", "A draft is only built with `--drafts`.", func(d *fields.Decoder, f *FrontMatter, v fields.Value) { f.Draft = d.Bool(v, "draft") || f.Draft }},
		{"published", "true or false", "`false` makes a draft, as in Jekyll.", func(_ *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.Draft = f.Draft || strings.EqualFold(v.Text, "false") || strings.EqualFold(v.Text, "no")
		}},
		{"status", "text", "`draft`, `pending` or `private` makes a draft, as in other programs. Anything else means nothing.", func(_ *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.Draft = f.Draft || slices.Contains([]string{"draft", "pending", "private"}, strings.ToLower(v.Text))
		}},
		texts("tags", "What it is about, in words that other pages use too.", func(f *FrontMatter) *[]string { return &f.Tags }),
		texts("categories", "The same, as imported writing has them; shown with the tags.", func(f *FrontMatter) *[]string { return &f.Categories }),
		texts("author", "Who wrote it: a name, or an id from `waymark.yaml`.", func(f *FrontMatter) *[]string { return &f.Authors }),
		texts("authors", "The same for several people.", func(f *FrontMatter) *[]string { return &f.Authors }),
		line("slug", "The last part of the address, where it is not to be the file's name.", func(f *FrontMatter) *string { return &f.Slug }),
		texts("aliases", "Addresses the page had before, which will lead to it.", func(f *FrontMatter) *[]string { return &f.Aliases }),
		line("type", "The kind of page, where the folder does not say it: post, course, session, note, series, page, glossary.", func(f *FrontMatter) *string { return &f.Type }),
		line("layout", "The name of a layout of the theme to use in place of the kind's own.", func(f *FrontMatter) *string { return &f.Layout }),
		{"series", "text", "The series it is a part of: the series' file name without its ending.", readSeries},
		number("part", "Its number in the series, from 1.", 1, func(f *FrontMatter) *int { return &f.Part }),
		{"parts", "list", "On a series: its parts in order, as paths; a part that is planned as `title:` and `phase:`.", readParts},
		line("phase", "The phase of the journey: discovery, alpha, beta (private beta, public beta), live, retirement.", func(f *FrontMatter) *string { return &f.Phase }),
		texts("maps", "Maps, or cards of maps, that this page is evidence for.", func(f *FrontMatter) *[]string { return &f.Maps }),
		texts("terms", "Terms of the glossary that it explains, whether or not the text links to them.", func(f *FrontMatter) *[]string { return &f.Terms }),
		line("image", "A picture for cards and shared links, beside the file.", func(f *FrontMatter) *string { return &f.Image }),
		line("image_alt", "What the picture shows, in words.", func(f *FrontMatter) *string { return &f.ImageAlt }),
		{"toc", "true or false", "`false` leaves out the contents of the page.", func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.HideTOC = v.Kind != fields.Null && !d.Bool(v, "toc")
		}},
		{"search", "true or false", "`false` keeps the page out of the search and of search engines.", func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.HideSearch = v.Kind != fields.Null && !d.Bool(v, "search")
		}},
		line("id", "A lasting name for readers' progress, which survives a move. Without it, the path.", func(f *FrontMatter) *string { return &f.ID }),
		date("reviewed", "When somebody last checked that it still holds.", func(f *FrontMatter) *dates.Date { return &f.Reviewed }),
		{"review_in", "span", "How long that lasts: `6 months`. Past it, the build warns.", func(d *fields.Decoder, f *FrontMatter, v fields.Value) {
			f.ReviewIn, _ = readSpan(d, v, "review_in")
		}},
		line("provider", "On a course: who gives it.", func(f *FrontMatter) *string { return &f.Provider }),
		line("where", "On a course: the place.", func(f *FrontMatter) *string { return &f.Where }),
		date("starts", "On a course: its first day.", func(f *FrontMatter) *dates.Date { return &f.Starts }),
		date("ends", "On a course: its last day.", func(f *FrontMatter) *dates.Date { return &f.Ends }),
		line("workload", "On a course: how much time it takes, in words.", func(f *FrontMatter) *string { return &f.Workload }),
		line("level", "On a course: whom it is for.", func(f *FrontMatter) *string { return &f.Level }),
		sentences("outcomes", "On a course: what one can do after it.", func(f *FrontMatter) *[]string { return &f.Outcomes }),
		number("order", "The place among its neighbours, in a course or a folder.", 0, func(f *FrontMatter) *int { return &f.Order }),
		{"duration", "duration", "On a session or note: how long it takes: `90 min`, `1h30`.", func(d *fields.Decoder, f *FrontMatter, v fields.Value) { f.Duration = d.Minutes(v, "duration") }},
		sentences("objectives", "What one should be able to do at the end.", func(f *FrontMatter) *[]string { return &f.Objectives }),
		sentences("key_points", "What to remember.", func(f *FrontMatter) *[]string { return &f.KeyPoints }),
		sentences("questions", "What I still ask.", func(f *FrontMatter) *[]string { return &f.Question }),
		{"actions", "list", "What I will do: sentences, or `what:`, `by:` and `done:`.", readActions},
		{"resources", "list", "What to read or use: addresses, or `title:`, `url:` and `note:`.", readResources},
		{"revisit", "list", "When to look at it again: dates, or spans after its date such as `+1w`.", readRevisit},
		texts("prerequisites", "Pages to read first, by path. On a course, sentences are fine too.", func(f *FrontMatter) *[]string { return &f.Prerequisites }),
	}
}

// decodeFront turns the pairs of a header into typed front matter.
func decodeFront(pairs []fields.Pair, d *fields.Decoder) FrontMatter {
	known := keys()
	names := make([]string, len(known))
	byName := make(map[string]key, len(known))
	for i, k := range known {
		names[i], byName[k.name] = k.name, k
	}
	f := FrontMatter{At: make(map[string]diag.Position, len(pairs))}
	for _, p := range pairs {
		f.At[p.Key] = p.Value.Pos
		if k, ok := byName[p.Key]; ok {
			k.read(d, &f, p.Value)
			continue
		}
		if near := slipOf(p.Key, names); near == "draft" {
			d.Errorf(p.Pos, "unknown-key", `did you mean "draft"?`, "%q is not a key that Waymark knows, and the page would be published", p.Key)
		} else if near != "" {
			d.Warnf(p.Pos, "unknown-key", fmt.Sprintf("did you mean %q?", near), "%q is not a key that Waymark knows", p.Key)
		}
		if f.Extra == nil {
			f.Extra = map[string]any{}
		}
		f.Extra[p.Key] = p.Value.Plain()
	}
	return f
}

// slipOf returns the known key that an unknown one is most likely a slip of. Writing from elsewhere has keys of its
// own, so short keys must be very near.
func slipOf(word string, names []string) string {
	if folded := strings.ReplaceAll(strings.ToLower(word), "-", "_"); folded != word {
		for _, n := range names {
			if n == folded {
				return n
			}
		}
	}
	if len(word) < 4 {
		return ""
	}
	return diag.Nearest(word, names)
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
