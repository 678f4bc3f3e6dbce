// Package generator is Waymark as a library: it turns a folder of front-matter Markdown into a learning site.
//
// A build is a chain of pure steps, each in a package of its own:
//
//	read -> parse -> model -> resolve -> render -> write
//
// Build runs the chain from a site's folder to an output folder. Explain runs it as far as the model, to say where one
// file goes.
package generator

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"waymark/generator/diag"
	"waymark/generator/internal/output"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
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
	Preview   bool      // publish pages whose maps have errors too, with the errors beside the maps

	// Progress, where given, is told from time to time how many of the files are written. Several goroutines call it.
	Progress func(done, total int)
}

// Report says what a build did, or why it did nothing.
type Report struct {
	Diagnostics diag.List    `json:"diagnostics"`
	Pages       []Count      `json:"pages"`
	Held        []Held       `json:"held"`
	LeftOut     []string     `json:"leftOut,omitempty"` // files with errors, where KeepGoing left them out
	Files       output.Stats `json:"files"`
	Written     bool         `json:"written"` // whether the output is what this build made
	Output      string       `json:"output"`
	BaseURL     string       `json:"baseURL,omitempty"`
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

// UsageError is a request that makes no sense, as opposed to a mistake in the content.
type UsageError struct{ Message string }

// Error returns the message.
func (e *UsageError) Error() string { return e.Message }

// Build builds the site. Authors' mistakes are in the Report; where they keep the site from being published the output
// folder is as it was, and Report.Written is false. The error is the machine's: a disk, a permission; or a *UsageError.
func Build(ctx context.Context, c Config) (Report, error) {
	b, err := open(c)
	if err != nil {
		return Report{}, err
	}
	defer b.close()
	if err := b.load(ctx); err != nil {
		return b.report(), err
	}
	if b.mayWrite() {
		if err := b.write(ctx); err != nil {
			return b.report(), err
		}
	}
	return b.report(), nil
}

// build is one run of the chain.
type build struct {
	Config
	root        *os.Root
	spool       *spool
	texts       map[string]piece // by a document's path
	config      site.Config
	theme       *render.Theme
	assets      *render.Assets
	site        *site.Site
	static      []string
	fatal       bool // an error that KeepGoing cannot step around
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
	root, err := openSite(c.Dir)
	if err != nil {
		return nil, err
	}
	b := &build{Config: c, root: root, texts: map[string]piece{}}
	if err := b.checkOutput(); err != nil {
		b.close()
		return nil, err
	}
	if b.spool, err = newSpool(); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func openSite(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, &UsageError{fmt.Sprintf("there is no folder %q", dir)}
	}
	if errors.Is(err, syscall.ENOTDIR) {
		return nil, &UsageError{fmt.Sprintf("%q is a file (name the folder that holds the site)", dir)}
	}
	if err != nil {
		return nil, fmt.Errorf("open the site: %w", err)
	}
	return root, nil
}

func (b *build) close() {
	_ = b.root.Close()
	if b.spool != nil {
		b.spool.close()
	}
}

// checkOutput refuses output folders in which a build would meet its own sources.
func (b *build) checkOutput() error {
	out, err := realPath(b.Output)
	if err != nil {
		return err
	}
	dir, err := realPath(b.Dir)
	if err != nil {
		return err
	}
	if within(out, dir) {
		return &UsageError{fmt.Sprintf("the output folder %s holds the site itself (choose a folder of its own, such as public)", b.Output)}
	}
	for _, source := range []string{"content", "static", "assets", "layouts", "themes"} {
		if within(filepath.Join(dir, source), out) {
			return &UsageError{fmt.Sprintf("the output folder %s lies inside %s, which is read (choose a folder beside it, such as public)", b.Output, source)}
		}
	}
	return nil
}

// within reports whether a path is a folder itself, or lies inside it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

// realPath follows links as far as the path exists.
func realPath(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", p, err)
	}
	rest := ""
	for at := abs; ; at = filepath.Dir(at) {
		if found, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(found, rest), nil
		}
		if at == filepath.Dir(at) {
			return abs, nil
		}
		rest = filepath.Join(filepath.Base(at), rest)
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
	return b.KeepGoing || b.Preview && onlyMaps(list) || !list.HasErrors()
}

// write makes every file and puts it in its place. Nothing of the output changes before all of it is ready.
func (b *build) write(ctx context.Context) error {
	folder, err := output.Open(b.Output)
	if err != nil {
		return err
	}
	err = b.produce(ctx, folder)
	if err == nil && !b.fatal {
		b.stats, err = folder.Commit()
		b.written = err == nil
		return err
	}
	return errors.Join(err, folder.Abort())
}

// produce makes every file. One broken layout is reported once, not once a page.
func (b *build) produce(ctx context.Context, folder *output.Folder) error {
	renderer := render.New(b.site, b.theme, b.assets, render.Options{Portable: b.Portable}, b.text)
	products := newEdition(b.root, b.site, b.assets, b.static, renderer).products()
	problems := make([]*diag.Diagnostic, len(products))
	var done atomic.Int64
	group, ctx := workers(ctx)
	for i, p := range products {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			problem, err := put(folder, p)
			problems[i] = problem
			if b.Progress != nil {
				b.Progress(int(done.Add(1)), len(products))
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, problem := range problems {
		if problem == nil {
			continue
		}
		b.fatal = b.fatal || b.Strict || problem.Severity == diag.Error
		if !slices.ContainsFunc(b.diagnostics, func(d diag.Diagnostic) bool { return d.Pos == problem.Pos }) {
			b.diagnostics.Add(*problem)
		}
	}
	return nil
}

// put makes a file and gives it to the folder, unless an earlier build made it by the same recipe.
func put(folder *output.Folder, p product) (problem *diag.Diagnostic, err error) {
	if p.recipe != nil {
		recipe, err := p.recipe()
		if err != nil {
			return nil, err
		}
		err = folder.PutMade(p.path, recipe, func() ([]byte, error) {
			m, err := p.made()
			problem = m.problem
			if m.standIn {
				err = output.ErrStandIn
			}
			return m.data, err
		})
		return problem, err
	}
	m, err := p.made()
	if err != nil || m.problem != nil && m.problem.Severity == diag.Error {
		return m.problem, err
	}
	return m.problem, folder.Put(p.path, m.data)
}

// text returns a page's HTML with its holes.
func (b *build) text(p *site.Page) ([]byte, error) { return b.spool.get(b.texts[p.Doc.Path]) }

// workers bounds how many pages are in flight, and with them the memory that a build takes.
func workers(ctx context.Context) (*errgroup.Group, context.Context) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0) + 1)
	return group, ctx
}

func (b *build) report() Report {
	if b.Strict {
		b.diagnostics = b.diagnostics.Strict()
	}
	b.diagnostics.Sort()
	excerpts(b.root, b.diagnostics)
	r := Report{
		Diagnostics: b.diagnostics, LeftOut: b.leftOut, Files: b.stats, Written: b.written, Output: b.Output, BaseURL: b.config.BaseURL,
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

// excerpts adds the source lines that diagnostics point into: the stages do not carry them along. The list is sorted.
func excerpts(root *os.Root, list diag.List) {
	var file string
	var lines []string // of the file that is being read
	for i := range list {
		d := &list[i]
		if d.Pos.Line == 0 || d.Pos.File == "" || d.Code == "encoding" || d.Code == "nul-byte" {
			continue
		}
		if d.Pos.File != file {
			data, _ := root.ReadFile(d.Pos.File)
			file, lines = d.Pos.File, strings.Split(string(clean(data)), "\n")
		}
		if d.Pos.Line <= len(lines) {
			d.Source = strings.Clone(firstRunes(lines[d.Pos.Line-1], 2000))
		}
	}
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
