// Package edition makes the files of a finished site: every output that the site lists, each when it is asked for. A build
// makes all of them; a preview makes those that browsers want.
package edition

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/feed"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/output"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/theme"
)

// Edition is a finished site with what is needed to make its files. It may be used by several goroutines.
type Edition struct {
	Site     *site.Site
	Theme    *theme.Theme
	Texts    Texts
	root     *source.Root
	renderer *render.Renderer
	latest   func() time.Time
	assets   map[string][]byte
	pictures pictures
	index    index
	kept     remembered
}

// Texts fetches what was read of a page's text, from wherever the caller keeps it: its HTML with its holes, or its plain words.
type Texts interface {
	HTML(p *site.Page) ([]byte, error)
	Plain(p *site.Page) ([]byte, error)
}

// New returns an Edition. root is the site's folder, which pictures and other files are copied from.
func New(root *source.Root, s *site.Site, t *theme.Theme, options render.Options, texts Texts) *Edition {
	assets := make(map[string][]byte, len(t.Assets))
	for _, f := range t.Assets {
		assets[f.Path] = f.Data
	}
	return &Edition{
		Site: s, Theme: t, Texts: texts, root: root, renderer: render.New(s, t, options, texts.HTML), assets: assets, pictures: newPictures(s),
		latest: sync.OnceValue(func() time.Time { return latest(s) }),
	}
}

// Product is one file of the output that is not made yet.
type Product struct {
	site.Output
	edition *Edition
}

// Made is what became of a product.
type Made struct {
	Data    []byte           // nil where an error of the author's keeps it from being made
	Problem *diag.Diagnostic // or nil
	StandIn bool             // whether the Data only stand in for what could not be made
}

// Products lists all files of the output.
func (e *Edition) Products() []Product {
	products := make([]Product, len(e.Site.Outputs))
	for i, o := range e.Site.Outputs {
		products[i] = Product{o, e}
	}
	return products
}

// Lost is the page for addresses at which there is nothing.
func (e *Edition) Lost() Product {
	p := e.Site.Only(site.NotFound)
	return Product{site.Output{Path: p.OutputPath(), Kind: site.PageFile, Page: p}, e}
}

// Lasting reports whether the product's name changes whenever its bytes do, so that browsers may keep it.
func (p Product) Lasting() bool { return p.Kind == site.AssetFile }

// Make makes the file. A panic is a mistake of this file, and others can be made. The error is the machine's.
func (p Product) Make() (Made, error) { return p.make(false) }

// make is Make. Where all products will be made, what they have in common is made once.
func (p Product) make(all bool) (m Made, err error) {
	defer p.catch(&m, &err)
	if p.Kind == site.PageFile {
		return p.page(func(memo.Key) bool { return false })
	}
	if p.Kind == site.NarrowerFile {
		return p.picture(all)
	}
	m.Data, err = p.edition.data(p.Output)
	return m, err
}

// catch turns a panic while a file is made into a mistake of that file.
func (p Product) catch(m *Made, err *error) {
	if cause := recover(); cause != nil {
		problem := diag.Fault(p.blamed(), cause)
		*m, *err = Made{Problem: &problem}, nil
	}
}

// Put makes the file and gives it to the output folder, unless an earlier build made it by the same recipe. Where an error of
// the author's keeps it from being made, it is not given, nor where its source went away meanwhile. The error is the machine's.
func (p Product) Put(folder *output.Folder) (problem *diag.Diagnostic, err error) {
	defer func() {
		if p.Source != "" && errors.Is(err, fs.ErrNotExist) && source.WentAway(p.edition.root, p.Source) {
			problem, err = source.Gone(p.Source), nil
		}
	}()
	if p.edition.unchanged(p.Output) && folder.Keep(p.Path) {
		return nil, nil
	}
	if p.Kind == site.PageFile {
		return p.putPage(folder)
	}
	if p.Kind == site.CopyFile {
		in, err := source.OpenFile(p.edition.root, p.Source)
		if err != nil {
			return nil, err
		}
		defer func() { _ = in.Close() }() // it was only read
		return nil, folder.PutCopy(p.Path, in)
	}
	recipe, err := p.Recipe()
	if err != nil {
		return nil, err
	}
	if recipe != "" {
		if ledger := p.edition.kept.ledger; ledger != nil && p.Kind == site.NarrowerFile {
			ledger.Note(p.Path, p.pictureKey(recipe))
		}
		err = folder.PutMade(p.Path, recipe, func() ([]byte, error) {
			m, err := p.make(true)
			problem = m.Problem
			if m.StandIn {
				err = output.ErrStandIn
			}
			return m.Data, err
		})
		return problem, err
	}
	m, err := p.Make()
	switch {
	case err != nil || m.Problem != nil && m.Problem.Severity == diag.Error:
		return m.Problem, err
	case p.Lasting():
		return m.Problem, folder.PutLasting(p.Path, m.Data)
	}
	return m.Problem, folder.Put(p.Path, m.Data)
}

// blamed names the source of the product, for a fault of our own.
func (p Product) blamed() string {
	if p.Page != nil {
		return p.Page.Name()
	}
	return p.Source
}

// data makes the outputs in which an author can make no mistake any more.
func (e *Edition) data(o site.Output) ([]byte, error) {
	switch o.Kind {
	case site.AtomFeed:
		return e.feed(o.Page, feed.Feed.Atom)
	case site.JSONFeed:
		return e.feed(o.Page, feed.Feed.JSON)
	case site.CalendarFile:
		return e.calendar(o.Page), nil
	case site.MapDownload:
		return Export(e.Site, o.Map, o.Format)
	case site.CopyFile:
		return e.read(o.Source)
	case site.AssetFile:
		return e.assets[o.Path], nil
	case site.CardFile:
		return e.Site.Cards.Draw(e.renderer.Card(o.Page)), nil
	case site.RedirectFile:
		return e.renderer.Redirect(o.Path, o.Page), nil
	case site.SitemapFile:
		return e.sitemapPart(o.Part)
	case site.RobotsFile:
		return feed.Robots(e.sitemap()), nil
	case site.AnkiFile:
		return e.renderer.Anki(o.Page, o.Format)
	case site.IndexFile:
		return e.indexFile(o.Format)
	case site.IDsFile:
		data, err := json.Marshal(e.Site.IDs())
		return append(data, '\n'), err
	case site.HeadersFile:
		return fmt.Appendf(nil, headers, Policy(e.Site.Config.ImageHosts)), nil
	}
	return nil, fmt.Errorf("make %s: no way is known to make a %s", o.Path, o.Kind)
}

func (e *Edition) read(name string) ([]byte, error) {
	data, err := source.ReadFile(e.root, name)
	if err != nil {
		return nil, fmt.Errorf("copy a file: %w", err)
	}
	return data, nil
}

// Policy returns the Content-Security-Policy that hosts should send with every page. The pages say it of themselves as well, but
// for the part about frames, which only a host can say.
func Policy(imageHosts []string) string {
	return render.Policy(imageHosts) + "; frame-ancestors 'none'"
}

// headers are what hosts that read a _headers file send with every page. %s is the policy.
const headers = `/*
  Content-Security-Policy: %s
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`
