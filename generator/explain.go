package generator

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
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
	case b.explainFile(name, &e), b.explainFile(source.Folder+"/"+what, &e), b.explainAddress(what, &e):
	default:
		return e, diag.Usagef("there is no file and no address %q in this site", what)
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
		if rel, err := filepath.Rel(dir, abs); err == nil && filepath.IsLocal(rel) && inSources(filepath.ToSlash(rel)) {
			return filepath.ToSlash(rel)
		}
	}
	what = strings.TrimPrefix(filepath.ToSlash(what), "./")
	if inSources(what) {
		return what
	}
	return source.Folder + "/" + strings.TrimPrefix(what, "/")
}

// inSources reports whether a path lies in a folder whose files have a place in the site.
func inSources(name string) bool {
	return strings.HasPrefix(name, source.Folder+"/") || strings.HasPrefix(name, source.StaticFolder+"/")
}

// explainFile finds a file of the content or of the static folder.
func (b *build) explainFile(name string, e *Explanation) bool {
	for _, h := range b.site.Held {
		if h.Name == name {
			e.File, e.Title, e.Problem = name, h.Title, "it is held back: "+h.Detail
			return true
		}
	}
	if slices.Contains(b.leftOut, name) {
		e.File, e.Problem = name, "it has errors"
		return true
	}
	for _, o := range b.site.Outputs {
		text := o.Kind == site.PageFile && o.Page.Doc != nil && o.Page.Name() == name && o.Page.Number == 0
		if text || o.Kind == site.CopyFile && o.Source == name {
			b.explainOutput(o, e)
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
	plain := func(address string) string {
		return slug.Fold(strings.Trim(strings.TrimSuffix(address, "index.html"), "/"))
	}
	for _, o := range b.site.Outputs {
		if plain(o.Path) == plain(what) {
			b.explainOutput(o, e)
			return true
		}
	}
	return false
}

// explainOutput says of a file of the site what it is.
func (b *build) explainOutput(o site.Output, e *Explanation) {
	e.Address, e.File, e.Kind = o.Address(), o.Source, "file"
	switch o.Kind {
	case site.PageFile:
		b.explainPage(o.Page, e)
	case site.RedirectFile:
		b.explainPage(o.Page, e)
		e.Facts = append(e.Facts, o.Address()+" is an old address that leads to it.")
	case site.AtomFeed, site.JSONFeed:
		e.Kind, e.Facts = "feed", []string{"It is the feed of " + o.Page.URL + "."}
	case site.CalendarFile:
		e.Kind, e.Facts = "calendar", []string{"It is the calendar of " + o.Page.URL + "."}
	case site.MapDownload:
		e.Kind, e.Facts = "download", []string{"It is the map of " + o.Page.URL + " for other programs."}
	case site.CopyFile:
		e.Facts = []string{"It is copied as it is."}
	case site.CardFile:
		e.Kind, e.Facts = "card", []string{"It is what other places show of " + o.Page.URL + "."}
	case site.NarrowerFile:
		e.Kind, e.Facts = "picture", []string{fmt.Sprintf("It is a narrower version of it, %d pixels wide.", o.Width)}
	case site.AssetFile:
		e.Kind, e.Facts = "asset", []string{"It belongs to the theme."}
	case site.IndexFile:
		e.Kind, e.Facts = "index", []string{"It belongs to the index that readers search in."}
	default:
		e.Facts = []string{"Waymark generates it."}
	}
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
	if p.Doc != nil && p.Doc.Front.HideSearch {
		fact("It asks not to be found: it is in no index.")
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
