package generator

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
)

// Explanation says where one file of the content goes, or why it goes nowhere.
type Explanation struct {
	File        string    // relative to the site's folder; empty for a generated page
	Address     string    // within the site; empty where the file is not published
	Kind        string    // of page, or "file" for one that is copied
	Title       string    // of the page
	Facts       []string  // more about it, a sentence each
	Problem     string    // why it is not published; empty where it is
	Diagnostics diag.List // those of this file
}

// Explain finds out where a file goes, or which file an address comes from. what is the path of a file, relative to
// the working folder or to the site's, or an address of the site.
func Explain(ctx context.Context, c Config, what string) (Explanation, error) {
	c.KeepGoing = true
	b, err := open(c)
	if err != nil {
		return Explanation{}, err
	}
	defer b.close()
	if err := b.load(ctx); err != nil {
		return Explanation{}, err
	}
	if b.site == nil {
		return Explanation{Diagnostics: b.report().Diagnostics, Problem: "the site cannot be read"}, nil
	}
	name := b.nameOf(what)
	var e Explanation
	switch {
	case b.explainFile(name, &e), b.explainAddress(what, &e):
	default:
		return e, &UsageError{fmt.Sprintf("there is no file and no address %q in this site", what)}
	}
	for _, d := range b.report().Diagnostics {
		if d.Pos.File == e.File && e.File != "" {
			e.Diagnostics.Add(d)
		}
	}
	return e, nil
}

// nameOf returns a file's path relative to the site's folder.
func (b *build) nameOf(what string) string {
	abs, err := filepath.Abs(what)
	dir, dirErr := filepath.Abs(b.Dir)
	if err == nil && dirErr == nil {
		if rel, err := filepath.Rel(dir, abs); err == nil && filepath.IsLocal(rel) && strings.HasPrefix(filepath.ToSlash(rel), source.Folder+"/") {
			return filepath.ToSlash(rel)
		}
	}
	what = strings.TrimPrefix(filepath.ToSlash(what), "./")
	if strings.HasPrefix(what, source.Folder+"/") {
		return what
	}
	return source.Folder + "/" + strings.TrimPrefix(what, "/")
}

func (b *build) explainFile(name string, e *Explanation) bool {
	for _, p := range b.site.Pages {
		if p.Doc != nil && p.Doc.Name == name && p.Number == 0 {
			b.explainPage(p, e)
			return true
		}
	}
	for _, h := range b.site.Held {
		if h.Name == name {
			e.File, e.Title, e.Problem = name, h.Title, "it is held back: "+h.Detail
			return true
		}
	}
	for _, broken := range b.leftOut {
		if broken == name {
			e.File, e.Problem = name, "it has errors"
			return true
		}
	}
	for _, f := range b.site.Files {
		if source.Folder+"/"+f.Source == name {
			e.File, e.Kind, e.Address = name, "file", "/"+f.Path
			e.Facts = []string{"It is copied as it is."}
			return true
		}
	}
	return false
}

// explainAddress takes any spelling of an address: with the site's own in front, without the slash at the end.
func (b *build) explainAddress(what string, e *Explanation) bool {
	what = strings.TrimPrefix(what, b.config.BaseURL)
	if u, err := url.Parse(what); err == nil {
		what = u.Path
	}
	address := "/" + strings.Trim(strings.TrimSuffix(what, "index.html"), "/")
	if p := b.site.At(strings.TrimSuffix(address, "/") + "/"); p != nil {
		b.explainPage(p, e)
		return true
	}
	if p := b.site.At(address); p != nil {
		b.explainPage(p, e)
		return true
	}
	switch name := filepath.Base(address); {
	case name == "atom.xml" || name == "feed.json":
		owner := b.site.At(strings.TrimSuffix(address, name))
		if owner == nil || !owner.Feed {
			return false
		}
		e.Address, e.Kind, e.Facts = address, "feed", []string{"It is the feed of " + owner.URL + "."}
		return true
	case address == "/robots.txt" || address == "/_headers" || address == "/sitemap.xml" && b.config.BaseURL != "":
		e.Address, e.Kind, e.Facts = address, "file", []string{"Waymark generates it."}
		return true
	}
	for _, f := range b.site.Files {
		if "/"+f.Path == address {
			return b.explainFile(source.Folder+"/"+f.Source, e)
		}
	}
	for _, a := range b.site.Aliases {
		if slug.Fold(strings.TrimSuffix("/"+a.Path, "/index.html")) == slug.Fold(address) {
			b.explainPage(a.Page, e)
			e.Facts = append(e.Facts, "/"+strings.TrimSuffix(a.Path, "index.html")+" is an old address that leads to it.")
			return true
		}
	}
	return false
}

func (b *build) explainPage(p *site.Page, e *Explanation) {
	e.File, e.Address, e.Kind, e.Title = p.Name(), p.URL, string(p.Kind), p.Title
	fact := func(format string, args ...any) { e.Facts = append(e.Facts, fmt.Sprintf(format, args...)) }
	fact("It is written to %s.", p.OutputPath())
	if p.Doc == nil {
		fact("No file stands behind it: Waymark generates it.")
	}
	if !p.Date.IsZero() {
		fact("Its date is %s.", p.Date.Long())
	}
	for _, t := range p.Tags {
		fact("It is listed at %s.", t.Page.URL)
	}
	if p.Series != nil && p.Kind != site.SeriesPage {
		fact("It is part %d of the series %s.", p.Part, p.Series.Page.URL)
	}
	if p.Phase != nil {
		fact("It belongs to the phase %s.", strings.ToLower(p.Phase.Name))
	}
	if p.Dated() && p.Doc != nil {
		fact("It is in the site's feed while it is among the newest.")
	}
	if n := len(p.Backlinks); n == 1 {
		fact("One page links to it.")
	} else if n > 1 {
		fact("%d pages link to it.", n)
	}
}
