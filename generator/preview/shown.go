package preview

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
	"waymark/generator/internal/texts"
)

// shown is all that is shown, as one value: a site, or none yet, with what there is to say of it. It is not changed once it
// is shown, but for what Preview.revise does.
type shown struct {
	edition     *edition.Edition // nil where there is no site yet
	products    map[string]edition.Product
	shelf       *texts.Shelf         // on which its texts lie
	keys        map[string]memo.Key  // of the texts, by path
	kept        map[string]*Answer   // pages as they were, of texts that had to be left out, with what they need
	day         dates.Date           // on which it was made
	diagnostics diag.List            // all, sorted
	out         []leftOut            // texts that are not shown at all, because of errors
	stale       map[string]diag.List // by name: texts that are shown as they were, and why
	answers     answers              // what was made of it so far
}

// leftOut is a text that is not shown, because it never was without errors, or because its errors cannot be kept to
// itself.
type leftOut struct {
	name    string // relative to the site's folder
	address string // where it was shown, or would be by its name
}

func (s *shown) empty() bool { return s.edition == nil }

func (s *shown) site() *site.Site { return s.edition.Site }

// again returns the same site, of which nothing has been made yet, and nothing is said.
func (s *shown) again() *shown {
	return &shown{edition: s.edition, products: s.products, shelf: s.shelf, keys: s.keys, kept: s.kept, day: s.day}
}

// fill lists the site's files by name. lost is the page for addresses at which there is nothing.
func (s *shown) fill(lost edition.Product, all []*text) {
	products := s.edition.Products()
	s.products = make(map[string]edition.Product, len(products)+1)
	for _, item := range products {
		s.products[item.Path] = item
	}
	s.products[Lost] = lost
	s.keys, s.kept = make(map[string]memo.Key, len(all)), map[string]*Answer{}
}

// keepAssets keeps the style sheets and scripts that kept pages name, where there are any.
func (s *shown) keepAssets(old *shown) {
	if len(s.kept) == 0 {
		return
	}
	for name, a := range old.kept {
		if a.Lasting {
			s.kept[name] = a
		}
	}
	for _, asset := range old.edition.Theme.Assets {
		if _, there := s.products[asset.Path]; !there {
			s.kept[asset.Path] = &Answer{Data: asset.Data, Lasting: true, Type: site.Output{Path: asset.Path}.MediaType()}
		}
	}
}

// has reports whether some version of a text is a part of the site.
func (s *shown) has(t *text) bool {
	_, found := s.keys[t.entry.Path]
	return found
}

// judge says which texts are left out, and which are shown as they were, and why.
func (s *shown) judge(texts map[string]*text) {
	s.stale = map[string]diag.List{}
	for _, t := range texts {
		if !s.has(t) {
			s.out = append(s.out, leftOut{t.entry.Name(), cmp.Or(t.address, likelyAddress(t.entry.Path))})
		} else if t.now.doc != t.good.doc || len(t.stuck) > 0 {
			s.stale[t.entry.Name()] = t.stuck
		}
	}
}

// likelyAddress is where a text with nothing special in its header is shown.
func likelyAddress(docPath string) string {
	address := "/"
	for _, part := range strings.Split(site.Key(docPath), "/") {
		if made := slug.Make(part); made != "" {
			address += made + "/"
		}
	}
	return address
}

// outputPath returns the file of the page at an address.
func outputPath(address string) string { return path.Join(address, "index.html")[1:] }

// addressOf returns where a text is shown, or would be if it had no errors.
func (s *shown) addressOf(name string) string {
	if page := s.site().PageOf(strings.TrimPrefix(name, source.Folder+"/")); page != nil {
		return page.URL
	}
	if i := slices.IndexFunc(s.out, func(o leftOut) bool { return o.name == name }); i >= 0 {
		return s.out[i].address
	}
	return ""
}

// addresses returns where files of content and static lie in the site, and the narrower versions of pictures.
func (s *shown) addresses(names []string) []string {
	made := make(map[string][]string, len(names))
	for _, name := range names {
		made[name] = nil
	}
	for _, o := range s.site().Outputs {
		if list, wanted := made[o.Source]; wanted {
			made[o.Source] = append(list, o.Address())
		}
	}
	var out []string
	for _, name := range names {
		if rest, found := strings.CutPrefix(name, source.StaticFolder+"/"); found && len(made[name]) == 0 {
			out = append(out, "/"+rest) // where it was
		}
		out = append(out, made[name]...)
	}
	return out
}

// Answer is a file of the site.
type Answer struct {
	Data    []byte           // nil where the problem keeps it from being made, and for a copy
	Copy    string           // the file that it is a copy of, for Open; empty for what is made
	Problem *diag.Diagnostic // what the theme has to say of it, or nil
	Page    bool             // whether it is a page to be looked at
	Type    string           // its media type
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
func (p *Preview) picture(name string) *edition.Product {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if item, found := p.shown.products[name]; found && item.Kind == site.NarrowerFile {
		return &item
	}
	return nil
}

// scaled makes a narrower version of a picture, once.
func (p *Preview) scaled(item edition.Product) (*Answer, error) {
	recipe, err := item.Recipe()
	if err == nil {
		var made any
		if made, err, _ = p.scaling.Do(recipe, func() (any, error) {
			m, err := item.Make()
			return &Answer{Data: m.Data, Problem: m.Problem, Type: item.MediaType()}, err
		}); err == nil {
			return made.(*Answer), nil //nolint:forcetypeassert // it is what was just made
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // the picture went away, and the next Update says so
	}
	return nil, err
}

// answer is Get for who holds the lock.
func (p *Preview) answer(name string) (*Answer, error) {
	item, found := p.shown.products[name]
	if !found {
		return p.shown.kept[name], nil
	}
	if item.Kind == site.CopyFile {
		return &Answer{Copy: item.Source, Type: item.MediaType()}, nil
	}
	return p.shown.answers.once(name, func() (*Answer, error) { return p.make(name, item) })
}

// make makes the answer of an output, for who holds the lock.
func (p *Preview) make(name string, item edition.Product) (*Answer, error) {
	m, err := item.Make()
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // it went away, and the next Update says so
	}
	if err != nil {
		return nil, err
	}
	style := p.shown.edition.Theme.Style
	a := &Answer{Data: m.Data, Problem: m.Problem, Page: item.Kind == site.PageFile, Type: item.MediaType(), Lasting: item.Lasting(), Style: "/" + style.Path}
	if m.Problem != nil && m.Problem.Severity == diag.Error {
		a.Data = nil
	}
	if !a.Page {
		return a, nil
	}
	integrity := strings.ReplaceAll(style.Integrity, "+", "&#43;") // as html/template writes it
	a.Version = digest([]byte(strings.NewReplacer(style.Path, "", style.Integrity, "", integrity, "").Replace(string(a.Data))))
	p.shown.answers.keep(name, a)
	return a, nil
}

// Has reports whether the site has a file of this name, relative to the output folder.
func (p *Preview) Has(name string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	_, found := p.shown.products[name]
	return found || p.shown.kept[name] != nil
}

// Names returns the names of all files of the site, sorted.
func (p *Preview) Names() []string {
	p.mu.RLock()
	defer p.mu.RUnlock()
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
	if p.shown.empty() || p.shown.site().Config.BaseURL == "" {
		return "/"
	}
	u, err := url.Parse(p.shown.site().Config.BaseURL)
	if err != nil {
		return "/"
	}
	return u.Path
}
