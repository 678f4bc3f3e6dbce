package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// body draws the text of a page.
func (p *Preview) body(page *site.Page) ([]byte, error) {
	if html := p.memory.text(page.Doc); html != nil {
		return html, nil
	}
	data, err := p.spool.get(p.shown.sources[page.Doc.Path])
	if err != nil {
		return nil, err
	}
	doc, _ := p.shown.parser.Parse(source.File{Path: page.Doc.Path, Name: page.Doc.Name, Data: data})
	p.memory.keepText(page.Doc, doc.HTML)
	return doc.HTML, nil
}

// Answer is a file of the site.
type Answer struct {
	Data    []byte           // nil where the problem keeps it from being made, and for a copy
	Copy    string           // the file that it is a copy of, for Open; empty for what is made
	Problem *diag.Diagnostic // what the theme has to say of it, or nil
	Page    bool             // whether it is a page to be looked at
	Lasting bool             // whether its name changes whenever its bytes do
	Version string           // of a page: differs where the Data do, but for the address of the style sheet
	Style   string           // the address of the style sheet of the whole site, within the site
}

// Lost is the name by which Get knows the page for addresses at which there is nothing. It is 404.html, but works at any
// address, even if the site does not say where it will stand.
const Lost = ""

// Get makes a file of the site as Build would write it. name is its path relative to the output folder. It returns nil
// where the site has no such file.
func (p *Preview) Get(name string) (*Answer, error) {
	if item := p.picture(name); item != nil {
		return p.scaled(*item) // takes long, and needs nothing of the site
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.answer(name)
}

// picture returns the narrower version of a picture that has a name, or nil.
func (p *Preview) picture(name string) *product {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil {
		return nil
	}
	if item, found := p.shown.products[name]; found && item.recipe != nil {
		return &item
	}
	return nil
}

// scaled makes a narrower version of a picture, once.
func (p *Preview) scaled(item product) (*Answer, error) {
	recipe, err := item.recipe()
	if err == nil {
		if a := p.memory.picture(recipe); a != nil {
			return a, nil
		}
		var m made
		if m, err = item.made(); err == nil {
			a := &Answer{Data: m.data, Problem: m.problem}
			p.memory.keepPicture(recipe, a)
			return a, nil
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // the picture went away, and the next Update says so
	}
	return nil, err
}

// Open opens the file that an Answer is a copy of.
func (p *Preview) Open(a *Answer) (*os.File, error) { return p.root.Open(a.Copy) }

// answer is Get for who holds the lock.
func (p *Preview) answer(name string) (*Answer, error) {
	if p.shown == nil {
		return nil, nil //nolint:nilnil // there is no file of a site that is not there
	}
	item, found := p.shown.products[name]
	if !found {
		return p.shown.kept[name], nil
	}
	if item.copied != "" {
		return &Answer{Copy: item.copied}, nil
	}
	if a := p.memory.answer(name); a != nil {
		return a, nil
	}
	m, err := item.made()
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // it went away, and the next Update says so
	}
	if err != nil {
		return nil, err
	}
	style, integrity := p.shown.assets.Style()
	a := &Answer{Data: m.data, Problem: m.problem, Page: item.page != nil, Lasting: item.named, Style: "/" + style}
	if m.problem != nil && m.problem.Severity == diag.Error {
		a.Data = nil
	}
	if !a.Page {
		return a, nil
	}
	a.Version = digest([]byte(strings.NewReplacer(style, "", integrity, "").Replace(string(a.Data))))
	p.memory.keepAnswer(name, a)
	return a, nil
}

// Has reports whether the site has a file of this name, relative to the output folder.
func (p *Preview) Has(name string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil {
		return false
	}
	_, found := p.shown.products[name]
	return found || p.shown.kept[name] != nil
}

// Names returns the names of all files of the site, sorted.
func (p *Preview) Names() []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(p.shown.products))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// Base returns the path at which the site will stand on the web, with a slash at both ends: that of base_url.
func (p *Preview) Base() string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil || p.shown.site.Config.BaseURL == "" {
		return "/"
	}
	u, err := url.Parse(p.shown.site.Config.BaseURL)
	if err != nil {
		return "/"
	}
	return u.Path
}
