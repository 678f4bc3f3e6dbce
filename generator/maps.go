package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/generator/diag"
	"waymark/generator/internal/board"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/impactmap"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/storymap"
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
	c.KeepGoing = true
	b, err := open(c)
	if err != nil {
		return nil, nil, err
	}
	if err := b.load(ctx); err != nil {
		b.close()
		return nil, nil, err
	}
	list := b.report().Diagnostics
	if b.site == nil {
		b.close()
		return nil, list, nil
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

func (m *Maps) find(id string) (*site.Map, error) {
	if found := m.b.site.MapByID(id); found != nil {
		return found, nil
	}
	if slices.Contains(m.b.brokenMaps, id) {
		return nil, &ContentError{fmt.Errorf("the map %q stands on a page with errors", id)}
	}
	var ids []string
	for _, s := range m.b.site.Maps {
		ids = append(ids, s.ID)
	}
	return nil, &UsageError{fmt.Sprintf("there is no map %q (%s)", id, diag.DidYouMean(id, ids, "waymark maps list lists them"))}
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
	return export(m.b.site, found, as)
}

func export(s *site.Site, m *site.Map, as string) ([]byte, error) {
	switch e := exchanged(s, m); strings.ToLower(as) {
	case "svg":
		return append([]byte(picture(s, m)), '\n'), nil
	case "json":
		return exchange.JSON(e)
	case "csv":
		return exchange.CSV(e)
	case "opml":
		return exchange.OPML(e)
	case "mermaid":
		return exchange.Mermaid(e), nil
	}
	return nil, &UsageError{fmt.Sprintf("--as is %q (write %s)", as, strings.Join(MapFormats(), ", "))}
}

func picture(s *site.Site, m *site.Map) string {
	style := board.Style{Alone: true, RightToLeft: s.Config.Direction == "rtl"}
	if m.Impact != nil {
		return m.Impact.Draw(style)
	}
	return m.Story.Draw(style)
}

// exchanged returns a map as the exports see it.
func exchanged(s *site.Site, m *site.Map) exchange.Map {
	e := exchangedBlock(*m.Block)
	e.ID, e.Title, e.Summary, e.Trace = m.ID, m.Title, m.Page.Description, s.Trace(m)
	return e
}

func exchangedBlock(block markdown.MapBlock) exchange.Map {
	e := exchange.Map{Kind: block.Kind(), ID: block.ID, Title: block.Title()}
	rules := impactmap.Rules()
	if block.Impact != nil {
		e.Cards = block.Impact.Nodes()
	} else {
		rules, e.Cards = storymap.Rules(), block.Story.Nodes()
		for _, p := range block.Story.Personas {
			e.Personas = append(e.Personas, exchange.Person{Name: p.Name, About: outline.Plain(p.About)})
		}
		for _, s := range block.Story.Slices {
			e.Slices = append(e.Slices, exchange.Slice{ID: s.ID, Name: s.Name, Outcome: outline.Plain(s.Outcome), Phase: s.Phase})
		}
	}
	for _, l := range rules.Levels {
		e.Levels = append(e.Levels, l.Name)
	}
	return e
}

// Diff compares a map with what it was in a revision of the site's Git repository.
func (m *Maps) Diff(ctx context.Context, id, revision string) ([]MapChange, error) {
	found, err := m.find(id)
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(revision, "-") {
		return nil, &UsageError{fmt.Sprintf("%q is not a revision", revision)}
	}
	if _, err := m.git(ctx, "rev-parse", "--git-dir"); err != nil {
		return nil, &UsageError{fmt.Sprintf("%s is not in a Git repository (compare with a file: --against FILE)", m.b.Dir)}
	}
	if _, err := time.Parse(time.DateOnly, revision); err == nil {
		last, err := m.git(ctx, "rev-list", "-1", "--before="+revision+"T23:59:59", "HEAD")
		if err != nil || len(bytes.TrimSpace(last)) == 0 {
			return nil, &UsageError{"there is no revision as old as " + revision}
		}
		revision = string(bytes.TrimSpace(last))
	}
	if _, err := m.git(ctx, "rev-parse", "--verify", "--quiet", revision+"^{commit}"); err != nil {
		return nil, &UsageError{fmt.Sprintf("there is no revision %q in the Git repository of %s", revision, m.b.Dir)}
	}
	names := []string{found.Home.Doc.Name}
	if others, err := m.git(ctx, "grep", "-z", "-l", "-F", "-e", found.Block.Kind(), revision, "--", source.Folder); err == nil {
		for _, line := range strings.Split(string(others), "\x00") {
			if _, name, found := strings.Cut(line, ":"); found {
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		data, err := m.git(ctx, "show", revision+":./"+name)
		if err != nil {
			continue // it was not there yet
		}
		if before := m.blockIn(name, data, found, false); before != nil {
			return m.compare(before, found), nil
		}
	}
	return m.compare(nil, found), nil
}

func (m *Maps) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...) // the revision is checked not to be an option
	cmd.Dir = m.b.Dir
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("ask Git: %w", err)
	}
	return out, err
}

// DiffAgainst compares a map with the one of the same id in another file.
func (m *Maps) DiffAgainst(id, name string, data []byte) ([]MapChange, error) {
	found, err := m.find(id)
	if err != nil {
		return nil, err
	}
	before := m.blockIn(name, data, found, true)
	if before == nil {
		return nil, &UsageError{fmt.Sprintf("%s holds no %s %q", name, found.Kind(), id)}
	}
	return m.compare(before, found), nil
}

// compare says what became of a map; before is nil where there was none.
func (m *Maps) compare(before *markdown.MapBlock, now *site.Map) []MapChange {
	old := exchange.Map{}
	if before != nil {
		old = exchangedBlock(*before)
	}
	return exchange.Diff(old, exchangedBlock(*now.Block))
}

// blockIn finds another version of a map in a file: by its id, or, where any will do, as the only one of its kind.
func (m *Maps) blockIn(name string, data []byte, of *site.Map, anyID bool) *markdown.MapBlock {
	doc := readMaps(name, data, m.b.config)
	var same []*markdown.MapBlock
	for i := range doc.Maps {
		block := &doc.Maps[i]
		if block.Kind() != of.Block.Kind() || block.Embed().Map != "" {
			continue
		}
		if block.ID == of.ID {
			return block
		}
		same = append(same, block)
	}
	if anyID && len(same) == 1 {
		return same[0]
	}
	return nil
}

func readMaps(name string, data []byte, c site.Config) markdown.Document {
	doc, _ := mapParser(c).Parse(source.File{Path: path.Base(filepath.ToSlash(name)), Name: name, Data: clean(data)})
	return doc
}

func mapParser(c site.Config) *markdown.Parser {
	return markdown.NewParser(markdown.Options{Zone: time.UTC, Maps: mapOptions(c)})
}

// FormatMaps rewrites the map blocks of a Markdown file in canonical form, and leaves everything else as it is. A file
// with errors in its maps comes back unchanged, with the errors. dir is the site's folder, whose phases maps may name.
func FormatMaps(dir, name string, data []byte) ([]byte, diag.List, error) {
	config, err := siteConfig(dir)
	if err != nil {
		return nil, nil, err
	}
	refuse := func(message, hint string) ([]byte, diag.List, error) {
		return data, diag.List{{Pos: diag.Position{File: name}, Severity: diag.Error, Code: "encoding", Message: message, Hint: hint}}, nil
	}
	text := source.Clean(data)
	windows := bytes.Count(data, []byte("\r\n"))
	switch {
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return refuse("this file is not text in UTF-8", "save it as UTF-8")
	case windows != bytes.Count(data, []byte("\r")) || windows > 0 && windows != bytes.Count(text, []byte("\n")):
		return refuse("the lines of this file end in different ways", "save it with one kind of line ending")
	}
	doc, list := mapParser(config).Parse(source.File{Path: path.Base(filepath.ToSlash(name)), Name: name, Data: text})
	list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Severity == diag.Warning })
	if list.HasErrors() {
		return data, list, nil
	}
	var out bytes.Buffer
	at := 0
	for _, block := range doc.Maps {
		if block.Fence.Stop == 0 {
			continue
		}
		out.Write(text[at:block.Fence.Start])
		for line := range strings.Lines(outline.Format(block.Typed())) {
			out.WriteString(strings.TrimRight(block.Fence.Prefix+strings.TrimSuffix(line, "\n"), " ") + "\n")
		}
		at = block.Fence.Stop
	}
	out.Write(text[at:])
	result := out.Bytes()
	if windows > 0 {
		result = bytes.ReplaceAll(result, []byte("\n"), []byte("\r\n"))
	}
	if bytes.HasPrefix(data, bom) {
		result = append(bytes.Clone(bom), result...)
	}
	return result, list, nil
}

var bom = []byte("\xEF\xBB\xBF")

// siteConfig returns what a site says about itself, or the defaults where there is no site.
func siteConfig(dir string) (site.Config, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return site.Config{}, &UsageError{fmt.Sprintf("there is no folder %q", dir)}
	}
	defer func() { _ = root.Close() }() // it was only read
	config, _, err := readConfig(root)
	return config, err
}

// ImportMap turns a file of another program into a block. kind is impact-map or story-map, or "" to guess.
func ImportMap(dir, name string, data []byte, kind string) (string, error) {
	config, err := siteConfig(dir)
	if err != nil {
		return "", err
	}
	m, err := exchange.Import(name, data, kind, mapOptions(config).Phases)
	if err != nil {
		return "", &ContentError{err}
	}
	return m.Block(), nil
}

// ContentError is a file that cannot be used as it is.
type ContentError struct{ Err error }

// Error returns the message.
func (e *ContentError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *ContentError) Unwrap() error { return e.Err }
