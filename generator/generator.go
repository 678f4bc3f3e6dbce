// Package generator is Waymark as a library: it turns a folder of front-matter Markdown into a learning site.
//
// A build is a chain of pure steps, each in a package of its own:
//
//	read -> parse -> model -> resolve -> render -> write
//
// Build runs the chain from a site's folder to an output folder. Explain and OpenMaps run it as far as the model: Explain says
// where one file goes, or where an address comes from, and Maps are the maps of the site, with what they say together.
// FormatMaps and ImportMap work on single files. Package preview holds the same chain in memory while a site is written.
package generator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/fetch"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/output"
	"waymark/generator/internal/parallel"
	"waymark/generator/internal/remote"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/texts"
	"waymark/generator/internal/theme"
)

// Config says what to build, and how.
type Config struct {
	Dir       string    // the site's folder
	Output    string    // where the site is written; Dir/public where empty
	BaseURL   string    // takes the place of base_url in waymark.yaml
	Theme     string    // takes the place of theme
	Now       string    // a date that decides what is still in the future; the day of Clock where empty
	Clock     time.Time // the caller's clock: the chain itself has none
	Drafts    bool      // build drafts too
	Future    bool      // build what is dated in the future too
	Strict    bool      // take warnings for errors
	KeepGoing bool      // leave out pages that have errors, and publish the others
	Portable  bool      // write addresses that open from a file system
	Fetch     bool      // first bring the pictures of other hosts that texts show into the content folder
	Cache     string    // the folder that keeps what was made for later builds; nothing is kept where it is empty
	Remote    string    // the address of a store in which other machines keep what they made, for the Cache; none where it is empty
	Share     Share     // make this share of the pages alone, for the Cache, and write nothing
	Preview   bool      // publish pages whose maps have errors too, with the errors beside the maps

	// Progress, where given, is told how many of the files are made.
	Progress func(done, total int)

	// Trace, where given, is told that a step begins: one of the whole build, with no name, or one for the file of a name. It returns
	// what is called when the step ends. Several goroutines call it.
	Trace func(step, name string) (end func())
}

// The steps of which Trace is told. Texts and pages are made several at a time, within reading and making.
const (
	comparing = "compare with the last build"
	fetching  = "fetch from the remote cache"
	settling  = "read settings and theme"
	reading   = "read and parse texts"
	measuring = "look at other files"
	modelling = "model and resolve"
	making    = "make files"
	writing   = "write files"
	giving    = "give to the remote cache"
	ofText    = "text"
	ofFile    = "file"
)

// step tells Trace that a step begins, and returns what ends it.
func (c Config) step(step, name string) (end func()) {
	if c.Trace == nil {
		return func() {}
	}
	return c.Trace(step, name)
}

// Report says what a build did, or why it did nothing.
type Report struct {
	Diagnostics diag.List    `json:"diagnostics"`
	Pages       []Count      `json:"pages"`
	Held        []Held       `json:"held"`
	Texts       int          `json:"texts"`             // how many of them somebody has written
	LeftOut     []string     `json:"leftOut,omitempty"` // files with errors, where KeepGoing left them out
	Files       output.Stats `json:"files"`
	Cache       CacheStats   `json:"cache"`
	Written     bool         `json:"written"`          // whether the output is what this build made
	Warmed      int          `json:"warmed,omitempty"` // of a share: how many pages and pictures the cache has now
	Output      string       `json:"output"`
	BaseURL     string       `json:"baseURL,omitempty"`
	Site        string       `json:"site,omitempty"`    // the lasting name of the site
	Content     string       `json:"content,omitempty"` // where the content folder leads, where it is a symbolic link that leaves the site's
}

// Count is how many pages there are of one kind.
type Count struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// Held is a page that was not published: a draft, one whose time is in the future, or one that has expired.
type Held struct {
	File   string `json:"file"`
	Title  string `json:"title"`
	Reason string `json:"reason"` // draft, future or expired
	Detail string `json:"detail"`
}

// Build builds the site. Authors' mistakes are in the Report; where they keep the site from being published the output
// folder is as it was, and Report.Written is false. The error is the machine's: a disk, a permission; or a *diag.UsageError.
func Build(ctx context.Context, c Config) (Report, error) {
	var missing diag.List
	if c.Fetch {
		var err error
		if missing, err = fetchPictures(ctx, c); err != nil {
			return Report{}, err
		}
	}
	b, err := open(c)
	if err != nil {
		return Report{}, err
	}
	defer b.close()
	end := b.step(comparing, "")
	b.recall()
	r, ok := b.unchanged()
	if !ok {
		b.was = b.look()
	}
	if end(); ok {
		return r, nil
	}
	b.fetch(ctx)
	b.diagnostics.Add(missing...)
	if err := b.load(ctx); err != nil {
		return b.report(), err
	}
	if !b.mayWrite() {
		return b.report(), nil
	}
	var names []string
	if b.Share.Of > 0 {
		err = b.warm(ctx)
	} else {
		names, err = b.write(ctx)
	}
	if err != nil {
		return b.report(), err
	}
	r = b.report()
	b.remember(r, names)
	b.give(ctx)
	r.Cache = statsOf(b.memo.Stats(), b.remote)
	return r, nil
}

// fetchPictures brings the pictures of other hosts into the content folder that pages show. What did not come is told.
func fetchPictures(ctx context.Context, c Config) (diag.List, error) {
	b, err := open(c)
	if err != nil {
		return nil, err
	}
	defer b.close()
	if err := b.load(ctx); err != nil || b.site == nil {
		return nil, err
	}
	failed, err := fetch.Pictures(ctx, filepath.Join(b.Dir, source.Folder), b.site.Remote())
	var list diag.List
	for _, f := range failed {
		list.Add(diag.Diagnostic{
			Severity: diag.Warning, Code: "fetch", Message: fmt.Sprintf("the picture %s did not come: %v", f.Address, f.Err),
			Hint: "save it beside the page yourself, or take it out",
		})
	}
	return list, err
}

// build is one run of the chain.
type build struct {
	Config
	root        *source.Root
	memo        *memo.Memo
	shelf       *texts.Shelf
	texts       map[string]placed // by a document's path
	was         before
	last        *state // what the last build of this kind remembers, or nil
	ledger      *ledger
	store       remote.Store // or nil
	remote      *RemoteStats // or nil
	warmed      int
	problems    bool // whether something was found while files were made
	config      config.Config
	theme       *theme.Theme
	site        *site.Site
	pageless    bool   // whether nobody wants a page
	history     string // what pages tell of it depends on; see past.State
	fatal       bool   // an error that KeepGoing cannot step around
	leftOut     []string
	brokenMaps  []string // ids of the maps on pages with errors
	diagnostics diag.List
	stats       output.Stats
	written     bool
}

func open(c Config) (*build, error) {
	if c.Output == "" {
		c.Output = filepath.Join(c.Dir, "public")
	}
	root, err := source.Open(c.Dir)
	if err != nil {
		return nil, err
	}
	if err := c.Apart(); err != nil {
		_ = root.Close() // it was only read
		return nil, err
	}
	return &build{Config: c, root: root, texts: map[string]placed{}, memo: memo.Open(c.Cache, c.Clock)}, nil
}

// Apart refuses, with a *diag.UsageError, folders for the output and for what is kept that lie where they would be read or published.
func (c Config) Apart() error {
	out := cmp.Or(c.Output, filepath.Join(c.Dir, "public"))
	sources := inputs[1:] // all but waymark.yaml
	if err := output.Apart(out, c.Dir, sources); err != nil || c.Cache == "" {
		return err
	}
	return output.CacheApart(c.Cache, out, c.Dir, sources)
}

func (b *build) close() {
	_ = b.root.Close() // it was only read
	b.memo.Close()
	if b.store != nil {
		b.store.Close()
	}
}

func (b *build) mayWrite() bool {
	if b.fatal {
		return false
	}
	list := b.diagnostics
	if b.Strict {
		list = list.Strict()
	}
	return b.KeepGoing || b.Preview && len(list.Grave()) == 0 || !list.HasErrors()
}

// write makes every file and puts it in its place, and returns the names of all. Nothing of the output changes before all of it is
// ready.
func (b *build) write(ctx context.Context) ([]string, error) {
	folder, err := output.Open(b.Output)
	if err != nil {
		return nil, err
	}
	end := b.step(making, "")
	err = b.produce(ctx, folder)
	end()
	if err == nil && !b.fatal {
		defer b.step(writing, "")()
		b.memo.Whole()
		b.stats, err = folder.Commit()
		b.written = err == nil
		return folder.Names(), err
	}
	return nil, errors.Join(err, folder.Abort())
}

// produce makes every file.
func (b *build) produce(ctx context.Context, folder *output.Folder) error {
	e := edition.New(b.root, b.site, b.theme, render.Options{}, b)
	if b.memo.Kept() {
		b.ledger = b.newLedger(b.was)
		e.Remember(b.memo, memo.Program(), b.ledger)
	}
	products := e.Products()
	// By path, what costs much (feeds) stands between what costs little, and seldom is in flight at once.
	slices.SortFunc(products, func(x, y edition.Product) int { return strings.Compare(x.Path, y.Path) })
	var mu sync.Mutex
	var problems diag.List
	done := 0
	err := parallel.Each(ctx, products, func(_ int, p edition.Product) error {
		end := b.step(ofFile, p.Path)
		problem, err := p.Put(folder)
		end()
		mu.Lock()
		defer mu.Unlock()
		if problem != nil {
			problems.Add(*problem)
		}
		if done++; b.Progress != nil {
			b.Progress(done, len(products))
		}
		return err
	})
	problems.Sort()
	b.problems = len(problems) > 0
	for _, problem := range problems {
		b.tell(problem)
	}
	return err
}

// tell adds what was found while files were made. One broken layout is reported once, not once a page.
func (b *build) tell(problem diag.Diagnostic) {
	b.fatal = b.fatal || b.Strict && !problem.Advice || problem.Severity == diag.Error
	if !slices.ContainsFunc(b.diagnostics, func(d diag.Diagnostic) bool {
		return d.Pos == problem.Pos && (d.Message == problem.Message || problem.Code != diag.FaultCode)
	}) {
		b.diagnostics.Add(problem)
	}
}

func (b *build) report() Report {
	if b.Strict {
		b.diagnostics = b.diagnostics.Strict()
	}
	b.diagnostics.Sort()
	source.Excerpts(b.root, b.diagnostics)
	r := Report{
		Diagnostics: b.diagnostics, LeftOut: b.leftOut, Files: b.stats, Written: b.written, Output: b.Output, BaseURL: b.config.BaseURL, Site: b.config.ID,
		Content: b.root.Linked, Cache: statsOf(b.memo.Stats(), b.remote), Warmed: b.warmed,
		Pages: []Count{}, Held: []Held{},
	}
	if r.Diagnostics == nil {
		r.Diagnostics = diag.List{}
	}
	if b.site == nil {
		return r
	}
	counts := map[string]int{}
	for _, p := range b.site.Pages {
		if p.Doc != nil {
			r.Texts++
		}
		if p.Number == 0 {
			counts[string(p.Kind)]++
		} else {
			counts["numbered list page"]++
		}
	}
	for kind, n := range counts {
		r.Pages = append(r.Pages, Count{kind, n})
	}
	slices.SortFunc(r.Pages, func(x, y Count) int { return strings.Compare(x.Kind, y.Kind) })
	for _, h := range b.site.Held {
		r.Held = append(r.Held, Held{File: h.Name, Title: h.Title, Reason: h.Reason, Detail: h.Detail})
	}
	return r
}
