// Package site turns Documents into a Site: every page with its address, and how the pages belong together.
//
// New runs whole on every build, in the order in which it reads: hold back what is not to be published, give each page
// its kind and address, gather tags, authors, series, courses and phases, lay out the generated pages, and resolve
// every link. Afterwards nothing of a Site changes.
package site

import (
	"waymark/generator/internal/card"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/images"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/recall"
	"waymark/generator/internal/search"
)

// Author is somebody who writes. Pages gather what they wrote.
type Author struct {
	config.Author
	Page  *Page
	Pages []*Page // newest first
}

// Phase is a stretch of the journey.
type Phase struct {
	config.Phase
	Page         *Page
	Pages        []*Page // what belongs to it and its narrower phases
	Slices       []SlicePlace
	Deliverables []DeliverablePlace
}

// MenuItem is an entry of the site's navigation.
type MenuItem struct {
	Title string
	Page  *Page  // that it leads to; nil for one of another site
	URL   string // of another site
}

// Kind is what a page is.
type Kind string

// The kinds that authors write.
const (
	Post         Kind = "post"
	Course       Kind = "course"
	Session      Kind = "session"
	Note         Kind = "note"
	SeriesPage   Kind = "series"
	Plain        Kind = "page"
	GlossaryPage Kind = "glossary"
)

// The kinds that Waymark generates. Home, List and Glossary pages may have a text of the author's.
const (
	Home        Kind = "home"
	List        Kind = "list"
	Tags        Kind = "tags"
	TagPage     Kind = "tag"
	Authors     Kind = "authors"
	AuthorPage  Kind = "author"
	Archive     Kind = "archive"
	ArchiveYear Kind = "archive-year"
	Journey     Kind = "journey"
	PhasePage   Kind = "phase"
	NotFound    Kind = "404"
	MapsPage    Kind = "maps"
	MapPage     Kind = "map"
	GoalPage    Kind = "goal"
	ChangesPage Kind = "changes"
	RoadmapPage Kind = "roadmap"
	ReviewPage  Kind = "review"
	RecordPage  Kind = "record"   // of what a reader did
	FinishPage  Kind = "finished" // at the end of a series or course
	SearchPage  Kind = "search"   // on which readers search
)

// Section is one of the four folders that Waymark knows, whose own page lists what is in it.
type Section string

// The sections.
const (
	PostsSection   Section = "posts"
	CoursesSection Section = "courses"
	SeriesSection  Section = "series"
	NotesSection   Section = "notes"
)

// sectionOf returns the section that a folder is, or "".
func sectionOf(dir string) Section {
	switch s := Section(dir); s {
	case PostsSection, CoursesSection, SeriesSection, NotesSection:
		return s
	}
	return ""
}

// Page is one page of the site. Doc is nil where no file stands behind it.
type Page struct {
	Kind        Kind
	Section     Section // whose own page it is
	URL         string  // absolute within the site, with a trailing slash
	Title       string
	Description string
	Doc         *markdown.Document
	ID          string
	key         string // the path by which others name it; "" for what no folder or text stands behind
	Date        dates.Date
	Updated     dates.Date
	Minutes     int
	Translated  []*Page // the same text in other languages, by their tags
	Tags        []*Tag
	Authors     []*Author
	Phase       *Phase
	Waits       []Wait // what a plain build would hold it back for

	Series *Series
	Part   int // from 1; 0 outside a series

	Parent     *Page   // the page above it, for breadcrumbs
	Children   []*Page // the sessions of a course, the notes of a session, the pages of a folder
	Prev, Next *Page
	Links      []Target // Links[i] fills hole i
	Resources  []Target // where the resources of the front matter lead
	Backlinks  []*Page
	Before     []*Page // prerequisites that are pages
	BeforeText []string
	Start      []*Page // of the home page: where a reader may begin

	Items  []*Page // what a generated page lists
	Number int     // of a page of a list, numbered from the oldest; 0 for the list's first page
	Pages  []*Page // the numbered pages of the list, newest first
	Tag    *Tag
	Author *Author
	Year   int
	Map    *Map          // on a map's own page
	Goal   *Goal         // on a goal's own page
	Of     *Map          // on the page of what changed in it
	Maps   []Shown       // Maps[i] is what the block Doc.Maps[i] shows
	terms  []recall.Card // on the glossary, where the site asks anything: terms[i] is Site.Terms[i]
	Feed   bool          // whether an Atom and a JSON feed stand beside it
}

// Name returns the file behind the page as diagnostics show it, or "" for a generated one.
func (p *Page) Name() string {
	if p.Doc == nil {
		return ""
	}
	return p.Doc.Name
}

// RevisitOn returns the days on which a page is to be looked at again: those it names, and those that lie a span after
// its own date.
func (p *Page) RevisitOn() []dates.Date {
	if p.Doc == nil {
		return nil
	}
	var out []dates.Date
	for _, r := range p.Doc.Front.Revisit {
		on := r.On
		if on.IsZero() && !p.Date.IsZero() {
			on = dates.Date{Time: p.Date.Time.AddDate(r.After.Years, r.After.Months, r.After.Days), Precision: dates.Day}
		}
		if !on.IsZero() {
			out = append(out, on)
		}
	}
	return out
}

// Language returns the language that a page names, or a page above it; "" where it is the site's.
func (p *Page) Language() string {
	for above := p; above != nil; above = above.Parent {
		if above.Doc != nil && above.Doc.Front.Lang != "" && (above == p || above.Kind != Home) {
			return above.Doc.Front.Lang
		}
	}
	return ""
}

// Dated reports whether the page is writing that stands in time: a post, or a note with a date.
func (p *Page) Dated() bool { return p.Kind == Post || p.Kind == Note && !p.Date.IsZero() }

// Tag is a word that pages share.
type Tag struct {
	Name  string
	Page  *Page
	Pages []*Page // newest first
}

// Series is an ordered reading.
type Series struct {
	ID    string
	Page  *Page
	Parts []Part
}

// Minutes returns how long the written parts take to read.
func (s *Series) Minutes() int {
	total := 0
	for _, part := range s.Parts {
		if part.Page != nil {
			total += part.Page.Minutes
		}
	}
	return total
}

// Part is one place in a series. Page is nil where it is planned but not written.
type Part struct {
	Number int
	Title  string
	Phase  *Phase
	Page   *Page
}

// Term is a definition of the glossary, with the pages that use it.
type Term struct {
	markdown.Term
	UsedBy []*Page
}

// Source is a file of the content that is published as it is, before it has a place in the site.
type Source struct {
	Path    string          // relative to the content folder
	Picture *images.Picture // nil for what is no picture
}

// File is a file of the content that is published as it is.
type File struct {
	Source string // relative to the content folder
	Path   string // relative to the output folder
	Image  *ImageInfo
}

// ImageInfo is what a page needs to know of an image: its size as shown, in pixels, and the narrower versions made of
// it.
type ImageInfo struct {
	Width, Height int
	Scaled        []Scaled
}

// Scaled is a narrower version of an image.
type Scaled struct {
	Path  string // relative to the output folder
	Width int
}

// Target is where a link leads once the whole site is known. A broken link has the zero Target, but for a Title; where a
// picture is wanted, one of the site's has an Image, and nothing else is one.
type Target struct {
	URL      string // absolute within the site, or of another site; empty where the link is broken
	Fragment string
	External bool
	Title    string // of the page, for links without a label
	Term     *Term
	Image    *ImageInfo
}

// Site is the whole, frozen.
type Site struct {
	Config   config.Config
	Menu     []MenuItem
	Pages    []*Page // every page that is written, in the order of their addresses
	Home     *Page
	Posts    []*Page // newest first
	Courses  []*Page
	Series   []*Series
	Tags     []*Tag
	learnt   map[string]Learnt // questions, cards and sheets, by their kinds and ids
	Phases   []*Phase
	Authors  []*Author
	Terms    []*Term
	Glossary *Page
	Maps     []*Map   // by id
	Outputs  []Output // every file that is written, in no order
	Files    []*File  // in the order of their sources
	Held     []Held
	Portable bool        // whether it is to be read from a file system
	Cards    *card.Fonts // what cards are drawn with; nil where there are none
	plan     search.Plan
	files    map[string]*File  // by their sources, in Unicode form C
	only     map[Kind]*Page    // of the kinds that there is one page of
	sections map[Section]*Page // their own pages
	byURL    map[string]*Page
	byDoc    map[string]*Page // by the path of a page's text
}

// Only returns the page of a kind that there is one page of: the home page, an index, the journey, the roadmap ... It is nil
// where the site has none.
func (s *Site) Only(kind Kind) *Page { return s.only[kind] }

// Writing returns the page that lists what was written last, or nil: of the posts, or else of the first folder of writing.
func (s *Site) Writing() *Page {
	if p := s.Section(PostsSection); p != nil || len(s.Posts) == 0 {
		return p
	}
	for p := s.Posts[0].Parent; p != nil && p != s.Home; p = p.Parent {
		if p.Parent == s.Home {
			return p
		}
	}
	return s.Only(Archive)
}

// Section returns the page of a section, or nil.
func (s *Site) Section(name Section) *Page { return s.sections[name] }

// Dated returns the pages that make up the site's feed: posts and dated notes, newest first.
func (s *Site) Dated() []*Page {
	var out []*Page
	for _, p := range s.Pages {
		if p.Dated() && p.Number == 0 && p.Doc != nil {
			out = append(out, p)
		}
	}
	newestFirst(out)
	return out
}
