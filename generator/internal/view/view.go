// Package view holds the closed values that layouts are given: plain data with no way back to the site. It imports nothing
// of ours, so that the compiler keeps the wall.
package view

import (
	"html/template"
	"reflect"
)

// View is all that a template may see of one page, and all that the page depends on beside the theme: equal Views and equal
// themes give equal pages. Addresses in it are ready to be written: relative to the page.
type View struct {
	Layout  string      // the layout that makes the page: that of its kind, or the one that it asks for
	Site    *Site       // the same on every page, but for its addresses
	Page    Page        // this page
	Items   []Item      // what the page lists: newest first, or in reading order
	Groups  []Group     // for indexes: tags by initial, writing by month, terms by letter, years
	Pager   *Pager      // the other pages of a long list
	Side    *Side       // the place in a series, a course or a folder
	Series  *Series     // on a series' own page
	Course  *Course     // on a course's own page
	Lesson  *Lesson     // on sessions and notes: what is to be learned
	Journey []Phase     // on the home page and the journey: the road
	Phase   *Phase      // on a phase's own page
	Home    *Home       // on the home page
	Map     *Map        // on a map's own page
	Maps    []Map       // on the page that lists them
	Goal    *GoalPage   // on a goal's own page
	Roadmap []Stretch   // on the roadmap
	Goals   []Goal      // there: what it is for
	Month   *Month      // there: what the last month brought, where the site tells it
	Changes *Changes    // on the page of what changed in a map
	Record  []Learned   // on the page of what a reader did
	Texts   template.JS // there: what questions ask and what sheets are called, by their lasting ids, as JSON
	Finish  *Finish     // at the end of a series or course
	Review  *Review     // on the page on which readers are asked again
	Search  *Search     // on the page on which readers search
	Plan    *Link       // to the roadmap, on the pages that lead to it
}

// Site is what every page knows of the site.
type Site struct {
	Title       string
	Description string
	ID          string // a lasting name, under which browsers keep what readers did
	Language    string // BCP 47, such as en or pt-BR
	Direction   string // ltr or rtl
	URL         string // of the home page
	Menu        []Link
	Record      string // the address of the page of what a reader did, or empty
	Review      string // the address of the page on which readers are asked again, or empty
	Search      Searching
	Footer      []Link // feeds and indexes
	Style       Asset
	Script      Asset
	Early       Asset // a small script that runs before the page is drawn
	Icon        Asset
	Logo        string   // the address of the site's own sign, or empty
	Preload     []string // fonts
	Policy      string   // the Content-Security-Policy; empty in a portable build
	License     string
	Repository  string // address of the source, or empty
}

// Asset is a file of the theme, by its fingerprinted address.
type Asset struct {
	URL       string
	Integrity string // Subresource Integrity, empty in a portable build
}

// Link is something to follow. URL is empty where there is nothing yet.
type Link struct {
	Title   string
	URL     string
	Note    string // a word beside it
	Current bool   // whether it leads to this page, or above it
}

// Date is a date in the three forms that a page needs; all are empty where there is none.
type Date struct {
	ISO   string // for the datetime attribute
	Long  string // 17 September 2022
	Short string // 17 Sep 2022
}

// Page is the page itself.
type Page struct {
	Kind           string // post, course, session, note, series, page, glossary, home, list, tags, tag ...
	ID             string // a lasting name, for progress
	Language       string // of its text, where it is not the site's
	Direction      string // in which that is written; empty where it is the site's
	TitleDirection string // in which its title is written; empty where it is the page's
	Title          string
	FullTitle      string // with the site's title, for the title element
	Lead           string // the description, where its author wrote one
	Description    string
	Head           template.HTML // canonical address, feeds, Open Graph and JSON-LD
	Body           template.HTML // the text
	Answers        template.HTML // to the questions in it, for paper
	Scripts        []Asset       // that this page needs, beside those of all pages
	Contents       []Heading     // of the text; empty where there is little to choose from
	Date           Date
	Updated        Date
	Reviewed       Date
	Minutes        int // of reading
	Words          int
	Tags           []Link
	Authors        []Link
	Translations   []Link // the same text in other languages; their Note is the tag of the language
	Phase          *PhaseTag
	Image          *Image // its picture, where the text does not show it
	Breadcrumbs    []Link // from the home page to the page above
	Previous       *Link
	Next           *Link
	Backlinks      []Item // pages that link here
	Related        []Item
	Share          []Link
	Former         string         // ids under which browsers may have kept what readers did, with "|" between
	In             *Link          // the course or series that it belongs to
	ToRead         bool           // whether a reader can have read it
	Edit           string         // where its source can be changed, or empty
	Atom           string         // its feed, or empty
	Website        string         // on an author's page: their own site, or empty
	Draft          bool           // a plain build would hold it back: it is a draft, or belongs to one
	Scheduled      bool           // a plain build would hold it back: its time is in the future
	Extra          map[string]any // front-matter keys that Waymark does not know
}

// Heading is a line of the contents.
type Heading struct {
	Text  string
	URL   string // a fragment
	Level int    // 2 or 3
}

// PhaseTag is a phase as it is shown beside a title.
type PhaseTag struct {
	Name  string // as the page says it: private beta
	ID    string // of the phase on the road: beta
	Shape string // of its blaze: circle, triangle, diamond, square, hexagon
	URL   string
}

// Image is a picture with its size, so that nothing jumps.
type Image struct {
	URL    string
	Alt    string
	Width  int
	Height int
	Srcset string // narrower versions, empty where the picture is small
}

// Item is an entry of a list.
type Item struct {
	Kind        string
	ID          string
	Title       string
	URL         string
	Description string
	Date        Date
	Minutes     int
	Phase       *PhaseTag
	Tags        []Link
	Part        int    // in its series, from 1
	Series      string // the title of its series
	Image       *Image
	Draft       bool
	Scheduled   bool
}

// Group is a part of an index.
type Group struct {
	Title string
	ID    string
	URL   string
	Count int
	Items []Item
	Links []Link
	Terms []Term
}

// Term is an entry of the glossary.
type Term struct {
	Name    string
	Aliases []string
	ID      string
	HTML    template.HTML
	UsedBy  []Link
}

// Pager leads through a long list, whose pages are numbered from the oldest. It names no total, so that a page stays
// what it is when newer ones are added.
type Pager struct {
	Number int // of this page; 0 for the first, which is the newest
	Newest *Link
	Newer  *Link
	Older  *Link
	Oldest *Link
}

// Side is the navigation beside a text. A long one has the places around the current one.
type Side struct {
	Kind          string // series, course or section
	Title         string
	URL           string
	Note          string // Part 3 of 7
	Items         []SideItem
	Before, After int // places that are not among them, because there are too many
}

// SideItem is one place in it.
type SideItem struct {
	Title   string
	URL     string // empty for a part that is planned
	ID      string
	Current bool
	Depth   int // 0, or 1 for the notes of a session
	Number  int
	Phase   *PhaseTag
}

// Series is an ordered reading.
type Series struct {
	Title       string
	URL         string
	ID          string
	Description string
	Minutes     int
	Written     int
	Planned     int
	Phases      []PhaseTag // in the order in which the parts meet them
	Parts       []Part
}

// Part is one part of a series.
type Part struct {
	Number  int
	Planned bool
	Item    Item
}

// Course is what a course says about itself.
type Course struct {
	Provider      string
	Where         string
	Starts        Date
	Ends          Date
	Workload      string
	Level         string
	Outcomes      []string
	Prerequisites []Link
	Resources     []Link
	Duration      string // of all sessions and notes together
	Calendar      string // the address of a calendar file with its days
	Sessions      []Session
	Actions       []Action // of all sessions and notes
}

// Session is a day or a module of a course.
type Session struct {
	Item     Item
	Duration string // the session's own, or else that of its notes
	Notes    []Item
}

// Lesson is what a session or note wants to teach, and what its writer took from it.
type Lesson struct {
	Duration      string
	Objectives    []string
	KeyPoints     []string
	Questions     []string
	Actions       []Action
	Resources     []Link
	Prerequisites []Link
	Revisit       []Date
	Notes         []Item
}

// Action is what somebody set out to do.
type Action struct {
	What string
	By   string
	Done bool
	From Link // the page that says so
}

// Phase is a stretch of the road.
type Phase struct {
	Name         string
	ID           string
	Shape        string
	URL          string // empty while the journey has no page for it
	Aim          string
	Questions    []string
	Checklist    template.HTML // of the questions
	Count        int           // of what is written
	Planned      int           // slices and deliverables
	Items        []Item
	Narrower     []string // private beta, public beta
	Slices       []Slice  // of story maps
	Deliverables []Deliverable
}

// Home is what the home page shows beside the road.
type Home struct {
	Latest  []Item
	Series  []Series
	Courses []Item
	Tags    []Link
	Writing string  // the address of all writing
	Folders []Group // at the top, with the first of what lies in them: those to which nothing else leads
	Pages   []Item  // the same, of pages
	Start   []Item  // where a reader may begin
	Roadmap []Stretch
	Map     *Map // one that stands for all of them
}

// Learned is a course or series with what is to be read in it, for the page of what a reader did. Its last one is all other pages
// with questions or cards, and has no address.
type Learned struct {
	Top   Link
	ID    string
	Pages []ToLearn
}

// ToLearn is one page with the lasting ids of its questions and cards, with | between.
type ToLearn struct {
	Page       Link
	ID         string
	Questions  string
	Cards      string
	Objectives []Objective
}

// Objective is what a page wants to teach, with the ids of the questions that ask it.
type Objective struct{ Text, Questions string }

// Finish is the end of a series or course: what one can do now, and what to go on with.
type Finish struct {
	Top      Link
	Outcomes []string
	Next     []Item
}

// Review is all that readers can be asked again.
type Review struct {
	Pages []Practice
	Whole []Collection // what can be taken into one's review as a whole
	Anki  []Link       // files of cards for Anki
}

// Practice is the cards and questions of one page.
type Practice struct {
	Page  Link
	ID    string
	In    string // the collections that it belongs to, by their ids, with | between
	Count int
	HTML  template.HTML // empty where there are too many: they stand on the page alone

	Language, Direction string // of the page, where they are not the site's
}

// Searching is where readers search, and what that needs where scripts run. It is empty where there is nothing to search for.
type Searching struct {
	URL    string // of the page
	Index  string // the address of the first file of the index
	Script Asset  // that answers queries
}

// Search is what the page on which readers search shows to those without scripts.
type Search struct {
	Ways []Link  // indexes to look through
	All  []Group // all pages and terms, by their letters; empty where there are too many
}

// Collection is a course, a series, a phase or a tag.
type Collection struct {
	ID    string
	Kind  string // course, series, phase or tag
	Title string
	Count int // of cards and questions
}

// Fields lists the fields of one of the types that a View is made of, by the type's name; nil where there is no such type.
func Fields(typeName string) []string {
	t := types()[typeName]
	if t == nil {
		return nil
	}
	names := make([]string, 0, t.NumField())
	for f := range t.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// types returns every struct that can be reached from a View, by name.
func types() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			visit(t.Elem())
		case reflect.Struct:
			if types[t.Name()] != nil {
				return
			}
			types[t.Name()] = t
			for f := range t.Fields() {
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[View]())
	return types
}
