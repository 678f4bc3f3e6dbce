package edition

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/images"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/theme"
)

// kept keeps texts in memory.
type kept map[string]markdown.Document

func (k kept) HTML(p *site.Page) ([]byte, error)  { return k[p.Doc.Path].HTML, nil }
func (k kept) Plain(p *site.Page) ([]byte, error) { return k[p.Doc.Path].Plain, nil }

// Each part of a sitemap holds what the protocol allows, and the index names the parts.
func TestSitemapParts(t *testing.T) {
	in := site.Input{Config: config.Config{Zone: time.UTC, BaseURL: "https://example.org/", PageSize: 10}}
	for i := range site.SitemapLimit + 7 {
		name := fmt.Sprintf("p/%d.md", i)
		in.Docs = append(in.Docs, &markdown.Document{Path: name, Name: "content/" + name})
	}
	s, list := site.New(in)
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	e := &Edition{Site: s}
	all := len(s.Searchable())
	for part, want := range []int{2, site.SitemapLimit, all - site.SitemapLimit} {
		data, err := e.sitemapPart(part)
		if n := bytes.Count(data, []byte("<loc>https://example.org/")); err != nil || n != want {
			t.Errorf("part %d names %d addresses, want %d: %v", part, n, want, err)
		}
	}
	if data, _ := e.sitemapPart(0); !bytes.Contains(data, []byte("<sitemapindex")) || !bytes.Contains(data, []byte("https://example.org/sitemap-2.xml")) {
		t.Errorf("%s", data)
	}
}

// demonstration makes an edition of this project's own site; each document goes through between.
func demonstration(t *testing.T, between func(markdown.Document) markdown.Document) *Edition {
	t.Helper()
	root, err := source.Open("../../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	c, _, err := config.Read(root, config.Wanted{BaseURL: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	look, list, err := theme.Read(root, c.Theme, config.File, c.Words.Site(), c.Look.CSS())
	if err != nil || look == nil {
		t.Fatal(list, err)
	}
	in := site.Input{Config: c, Drafts: true, Future: true, Now: dates.Date{Time: time.Unix(1767225600, 0), Precision: dates.Day}}
	entries, _, err := source.Scan(root)
	if err != nil {
		t.Fatal(err)
	}
	texts, parser := kept{}, markdown.NewParser(c.Texts())
	for _, e := range entries {
		if !e.Markdown() {
			picture, _, err := images.Inspect(root, e.Name())
			if err != nil {
				t.Fatal(err)
			}
			in.Files = append(in.Files, site.Source{Path: e.Path, Picture: picture})
			continue
		}
		file, _, err := source.Read(root, e)
		if err != nil {
			t.Fatal(err)
		}
		doc, _ := parser.Parse(file)
		doc = between(doc)
		texts[doc.Path] = doc
		in.Docs = append(in.Docs, &doc)
	}
	for _, f := range look.Assets {
		in.Assets = append(in.Assets, f.Path)
	}
	s, list := site.New(in)
	if list.HasErrors() {
		t.Fatal(list)
	}
	return New(root, s, look, render.Options{}, texts)
}

func same(doc markdown.Document) markdown.Document { return doc }

// made makes every file of an edition.
func made(t *testing.T, e *Edition) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, p := range e.Products() {
		m, err := p.Make()
		if err != nil || m.Problem != nil || m.Data == nil && p.Kind != site.CopyFile {
			t.Fatal(p.Path, m.Problem, err)
		}
		files[p.Path] = m.Data
	}
	return files
}

// Documents that were written to disk and read back make the same site, byte for byte.
func TestDocumentsFromDiskMakeTheSameSite(t *testing.T) {
	mode, err := cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.EncMode()
	if err != nil {
		t.Fatal(err)
	}
	want := made(t, demonstration(t, same))
	got := made(t, demonstration(t, func(doc markdown.Document) markdown.Document {
		data, err := mode.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var back markdown.Document
		if err := cbor.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		return back
	}))
	for name, data := range want {
		if !bytes.Equal(data, got[name]) {
			t.Errorf("%s is another one", name)
		}
	}
	if len(got) != len(want) || len(want) < 200 {
		t.Errorf("%d files, and %d", len(want), len(got))
	}
}

// Every kind of output is listed once, can be made, and has a type that does not depend on the machine.
func TestEveryOutputIsMade(t *testing.T) {
	e := demonstration(t, same)
	kinds := map[site.OutputKind]int{}
	for _, p := range e.Products() {
		kinds[p.Kind]++
		if p.MediaType() == "application/octet-stream" {
			t.Errorf("%s has no type", p.Path)
		}
		if recipe, err := p.Recipe(); err != nil || (recipe != "") != (p.Kind == site.NarrowerFile) {
			t.Errorf("%s has the recipe %q: %v", p.Path, recipe, err)
		}
	}
	for _, kind := range []site.OutputKind{
		site.PageFile, site.AtomFeed, site.JSONFeed, site.CalendarFile, site.MapDownload, site.CopyFile, site.NarrowerFile, site.AssetFile,
		site.SitemapFile, site.RobotsFile, site.HeadersFile, site.IndexFile,
	} {
		if kinds[kind] == 0 {
			t.Errorf("the demonstration has no %s", kind)
		}
	}
	_ = made(t, e)
	if _, err := (Product{site.Output{Path: "x", Kind: "surprise"}, e}).Make(); err == nil {
		t.Error("a kind that nobody can make gives no error")
	}
}

// A page is the same whichever pages were made before it: what pages share depends on nothing in which they differ.
func TestPagesShareOnlyWhatIsTheSame(t *testing.T) {
	e := demonstration(t, same)
	together := made(t, e)
	n := 0
	for _, o := range e.Site.Outputs {
		if o.Kind != site.PageFile {
			continue
		}
		alone := New(e.root, e.Site, e.Theme, render.Options{}, e.Texts)
		m, err := Product{o, alone}.Make()
		if err != nil || m.Data == nil {
			t.Fatal(o.Path, m.Problem, err)
		}
		if n++; !bytes.Equal(m.Data, together[o.Path]) {
			t.Errorf("%s is another page when it is made alone", o.Path)
		}
	}
	if n < 100 {
		t.Errorf("%d pages", n)
	}
}

// The plain words of a page are there for who asks.
func TestPlainWords(t *testing.T) {
	e := demonstration(t, same)
	p := e.Site.PageOf("posts/the-backbone.md")
	plain, err := e.Texts.Plain(p)
	if words := strings.Fields(string(plain)); err != nil || len(words) < p.Doc.Words/2 || strings.ContainsAny(string(plain), "\x00<") {
		t.Errorf("%d words of %d: %v", len(words), p.Doc.Words, err)
	}
}

// falling falls whenever it is asked.
type falling struct{ kept }

func (falling) HTML(*site.Page) ([]byte, error) { panic("the text fell") }

// A panic in making one file is that file's mistake: it names the source, and other files are made.
func TestAPanicIsOneFilesMistake(t *testing.T) {
	e := demonstration(t, same)
	e = New(e.root, e.Site, e.Theme, render.Options{}, falling{})
	for _, p := range e.Products() {
		m, err := p.Make()
		if err != nil {
			t.Fatal(err)
		}
		falls := p.Kind == site.PageFile && p.Page.Doc != nil && p.Page.Number == 0
		if p.Kind == site.AtomFeed || p.Kind == site.JSONFeed {
			continue // those with entries fall
		}
		switch {
		case falls && (m.Problem == nil || m.Problem.Code != diag.FaultCode || m.Problem.Pos.File != p.Page.Name() || m.Data != nil):
			t.Errorf("%s is made, with %v", p.Path, m.Problem)
		case falls && !strings.Contains(m.Problem.Message, "the text fell at edition_test.go:"):
			t.Errorf("it says %q", m.Problem.Message)
		case !falls && m.Problem != nil:
			t.Errorf("%s is not made: %v", p.Path, m.Problem)
		}
	}
}
