package site

import (
	"cmp"
	"fmt"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/card"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
)

// Input is all that a Site is made of. New leaves it as it is.
type Input struct {
	Config     config.Config
	Docs       []*markdown.Document // without those that must not be published
	BrokenMaps []string             // ids of maps on pages with errors: what refers to them is not wrong
	Broken     []string             // paths of files whose header could not be read: links to them are not broken links
	Files      []Source
	Static     []string // paths of files of the static folder, which are copied to the same path in the output
	Assets     []string // paths in the output of the files of the theme
	// Equal reports whether two files of the site's folder have the same bytes. It is asked for those that would have one address;
	// without it, none are.
	Equal    func(a, b string) bool
	Cards    *card.Fonts     // what cards are drawn with; nil where there are none
	Past     map[string]Told // how maps became what they are, by their ids; nothing where it is not to be told
	Drafts   bool
	Future   bool
	Portable bool // whether the site is to be read from a file system
	Now      dates.Date
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
		Site:     &Site{Config: in.Config, Portable: in.Portable, Cards: in.Cards, files: map[string]*File{}, byURL: make(map[string]*Page, n), byDoc: make(map[string]*Page, n), Pages: make([]*Page, 0, n)},
		in:       in,
		byPath:   make(map[string]*Page, n),
		held:     map[string]string{},
		series:   map[string]*Series{},
		claimed:  make(map[string]claim, n),
		folder:   make(map[string]claim, n),
		static:   map[string]bool{},
		beside:   map[string][]string{},
		names:    make(map[string][]*Page, 3*n),
		places:   map[*Page]map[string]bool{},
		shown:    map[*File]bool{},
		alike:    map[*Page]map[string]string{},
		heldMaps: map[string]string{},
		broken:   map[string]bool{},
	}
	for _, s := range in.Static {
		b.static[s] = true
	}
	// Each pass needs what those before it found, and nothing of those after it.
	b.findKeys()
	b.findWriting()
	b.phases() // first, because the header of a text may name one

	// What there is: a page for each text that is not held back, those above before those below, so that what belongs to
	// a course goes with it and an address begins with that of the folder. Then what the folders say without a text.
	b.pages()
	b.slips()
	b.folders()
	b.courses()
	b.gatherSeries()

	// What is gathered from the texts, each with pages of its own. The journey comes after maps, which have slices and
	// deliverables in its phases.
	b.taxonomies()
	b.maps()
	b.journey()

	// Orders and lists, once all pages that are listed are there. Inside a series "previous" and "next" are already set.
	b.chronology()
	b.glossary()
	b.ids()
	b.practice()
	b.lists()
	b.progress()
	b.searching()
	b.specialPages()
	b.landmarks()

	// Where everything lies: files follow the pages that they stand beside. Then where every link leads, which needs all names
	// and places; and what follows from who links to whom.
	b.placeFiles()
	b.resolve()
	b.termsAhead()
	b.describeMaps()
	b.reviews()

	// The list of all that is written is whole once it is known which pictures pages show; then two outputs with one address can
	// be found.
	b.cards()
	b.outputs()
	b.claimAddresses()
	slices.SortFunc(b.Pages, func(x, y *Page) int { return cmp.Compare(x.URL, y.URL) })
	return b.Site, b.list
}

type builder struct {
	*Site
	in           Input
	list         diag.List
	writing      map[string]bool   // folders at the top that are writing, by what is in them
	former       map[string]*Page  // by addresses that pages had before
	keys         map[string]string // of texts, by the paths of their files
	byPath       map[string]*Page  // by key
	held         map[string]string
	series       map[string]*Series
	phase        map[string]*Phase
	claimed      map[string]claim
	folder       map[string]claim // a claim that needs this path as a folder
	static       map[string]bool
	beside       map[string][]string         // the files of a folder, by name
	names        map[string][]*Page          // by folded title, slug and id, for wiki links
	places       map[*Page]map[string]bool   // of texts that links name places in
	alike        map[*Page]map[string]string // of such texts: the ids of headings, by their letters
	fetchedFiles map[string]*File            // pictures of other sites, by images.FetchedKey
	fileNames    map[string][]*File          // files by their names
	broken       map[string]bool             // Input.Broken
	terms        map[string]*Term
	mapID        map[string]*Map
	heldMaps     map[string]string // why the page of a map is held back, by its id
	spaces       bool              // whether spaces stand between tags
	shown        map[*File]bool    // the pictures that pages show
	searched     int               // how many near names have been looked for
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
