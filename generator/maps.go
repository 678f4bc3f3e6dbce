package generator

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/history"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Trace is what maps say together: see its fields.
type Trace = site.Trace

// MapChange is what became of one card between two versions of a map.
type MapChange = exchange.Change

// Maps are the maps of a site.
type Maps struct{ b *build }

// MapInfo is what a list says of one map.
type MapInfo struct {
	ID      string `json:"id"`
	Kind    string `json:"kind"` // impact map or story map
	Title   string `json:"title"`
	Summary string `json:"summary"`
	File    string `json:"file"`
	Line    int    `json:"line"`
}

// OpenMaps reads a site as far as its maps. Pages with errors are left out; the list has all mistakes of the site. Close
// the Maps when they are no longer needed.
func OpenMaps(ctx context.Context, c Config) (*Maps, diag.List, error) {
	b, list, err := openSite(ctx, c)
	if err != nil || b == nil {
		return nil, list, err
	}
	return &Maps{b}, list, nil
}

// Close gives back what the Maps hold.
func (m *Maps) Close() { m.b.close() }

// List returns all maps, by id.
func (m *Maps) List() []MapInfo {
	out := []MapInfo{}
	for _, s := range m.b.site.Maps {
		pos := s.Block.Pos()
		out = append(out, MapInfo{ID: s.ID, Kind: s.Kind(), Title: s.Title, Summary: s.Page.Description, File: pos.File, Line: pos.Line})
	}
	return out
}

// Phases returns the names of the journey's phases, which maps may name.
func (m *Maps) Phases() (names []string) {
	for _, p := range m.b.site.Phases {
		names = append(names, p.Name)
	}
	return names
}

func (m *Maps) find(id string) (*site.Map, error) {
	if found := m.b.site.MapByID(id); found != nil {
		return found, nil
	}
	if slices.Contains(m.b.brokenMaps, id) {
		return nil, diag.Contentf("the map %q stands on a page with errors", id)
	}
	var ids []string
	for _, s := range m.b.site.Maps {
		ids = append(ids, s.ID)
	}
	return nil, diag.Usagef("there is no map %q (%s)", id, diag.DidYouMean(id, ids, "waymark maps list lists them"))
}

// Trace returns what one map says together with those it belongs with, or all maps where id is empty.
func (m *Maps) Trace(id string) (Trace, error) {
	if id == "" {
		return m.b.site.Trace(nil), nil
	}
	found, err := m.find(id)
	if err != nil {
		return Trace{}, err
	}
	return m.b.site.Trace(found), nil
}

// MapFormats returns the names of the forms that Export knows.
func MapFormats() []string { return site.MapFiles() }

// Export returns a map as another program wants it.
func (m *Maps) Export(id, as string) ([]byte, error) {
	found, err := m.find(id)
	if err != nil {
		return nil, err
	}
	return edition.Export(m.b.site, found, as)
}

// Printed returns a map as a document (HTML) of sheets of paper, which a browser prints: one of A4 or A3 where its texts can be read there,
// or else several that overlap.
func (m *Maps) Printed(id string) ([]byte, error) {
	found, err := m.find(id)
	if err != nil {
		return nil, err
	}
	return []byte(edition.Printed(m.b.site, found)), nil
}

// Diff compares a map with what it was in a revision of the site's Git repository.
func (m *Maps) Diff(ctx context.Context, id, revision string) ([]MapChange, error) {
	found, err := m.find(id)
	if err != nil {
		return nil, err
	}
	past, err := history.At(ctx, m.b.Dir, revision)
	if err != nil {
		return nil, err
	}
	names := []string{found.Home.Doc.Name}
	names = append(names, past.Holding(ctx, found.Block.Kind(), source.Folder)...)
	for _, name := range names {
		data, there := past.File(ctx, name)
		if !there {
			continue
		}
		if before := m.blockIn(name, data, found, false); before != nil {
			return m.compare(before, found), nil
		}
	}
	return m.compare(nil, found), nil
}

// DiffAgainst compares a map with the one of the same id in another file.
func (m *Maps) DiffAgainst(id, name string, data []byte) ([]MapChange, error) {
	found, err := m.find(id)
	if err != nil {
		return nil, err
	}
	before := m.blockIn(name, data, found, true)
	if before == nil {
		return nil, diag.Usagef("%s holds no %s %q", name, found.Kind(), id)
	}
	return m.compare(before, found), nil
}

// compare says what became of a map; before is nil where there was none.
func (m *Maps) compare(before *markdown.MapBlock, now *site.Map) []MapChange {
	old := exchange.Map{}
	if before != nil {
		old = exchange.Of(before.ID, before.Impact, before.Story)
	}
	return exchange.Diff(old, exchange.Of(now.Block.ID, now.Block.Impact, now.Block.Story))
}

// blockIn finds another version of a map in a file.
func (m *Maps) blockIn(name string, data []byte, of *site.Map, anyID bool) *markdown.MapBlock {
	file := source.File{Path: path.Base(filepath.ToSlash(name)), Name: name, Data: source.Mend(data)}
	doc, _ := markdown.NewParser(markdown.Options{Zone: time.UTC, Maps: m.b.config.Maps()}).Parse(file)
	return doc.Version(of.Block, anyID)
}

// FormatMaps rewrites the map blocks of a Markdown file in canonical form, and leaves everything else as it is. A file
// with errors in its maps comes back unchanged, with the errors. dir is the site's folder, whose phases maps may name.
func FormatMaps(dir, name string, data []byte) ([]byte, diag.List, error) {
	c, err := siteConfig(dir)
	if err != nil {
		return nil, nil, err
	}
	out, list := markdown.FormatMaps(name, data, c.Maps())
	return out, list, nil
}

// siteConfig returns what a site says about itself, or the defaults where there is no site.
func siteConfig(dir string) (config.Config, error) {
	root, err := source.Open(dir)
	if err != nil {
		return config.Config{}, err
	}
	defer func() { _ = root.Close() }() // it was only read
	c, _, err := config.Read(root, config.Wanted{})
	return c, err
}

// ImportMap turns a file of another program into a block. kind is impact-map or story-map, or "" to guess. What the file says and
// the block does not is told in the list.
func ImportMap(dir, name string, data []byte, kind string) (block string, list diag.List, err error) {
	c, err := siteConfig(dir)
	if err != nil {
		return "", nil, err
	}
	m, err := exchange.Import(name, data, kind, c.Maps().Phases)
	if err != nil {
		return "", nil, diag.Contentf("%v", err)
	}
	if len(m.Missing) > 0 {
		shown := strings.Join(m.Missing[:min(len(m.Missing), 10)], ", ")
		list.Add(diag.Diagnostic{
			Pos: diag.Position{File: name}, Severity: diag.Warning, Code: "parent",
			Message: "these parents are no rows of this file, and their cards stand alone: " + shown,
			Hint:    "export them as well, or move the cards where they belong",
		})
	}
	return m.Block(), list, nil
}
