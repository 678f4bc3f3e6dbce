package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/check"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Checked says what was found in a site.
type Checked struct {
	Diagnostics diag.List `json:"diagnostics"`
	Pages       int       `json:"pages"`
	External    int       `json:"external"` // how many links to other sites were looked at
}

// Checking says what is looked for.
type Checking struct {
	Only, Skip []string // codes of diagnostics, or names of groups
	External   bool     // ask other sites whether their pages are there
	Agent      string   // what the program calls itself when it asks
	Pause      time.Duration
}

// CheckGroup is a kind of findings.
type CheckGroup = check.Group

// CheckGroups returns the kinds of findings, by which Only and Skip name them.
func CheckGroups() []CheckGroup { return check.Groups() }

// CheckGroupOf returns the name of the group that a code belongs to.
func CheckGroupOf(code string) string { return check.GroupOf(code) }

// Check looks at a site for all that can be known before it is published: what a build would say, without writing anything, and what no
// build warns of. What the author asks wrongly is a *diag.UsageError.
func Check(ctx context.Context, c Config, wanted Checking) (Checked, error) {
	c.KeepGoing = true
	b, err := open(c)
	if err != nil {
		return Checked{}, err
	}
	defer b.close()
	if err := b.load(ctx); err != nil {
		return Checked{}, err
	}
	var done Checked
	if b.site != nil && b.theme != nil {
		if err := b.tryAll(ctx); err != nil {
			return Checked{}, err
		}
		b.diagnostics.Add(check.Site(b.site)...)
		b.diagnostics.Add(check.Styles(b.styles())...)
		if err := b.checkFiles(); err != nil {
			return Checked{}, err
		}
		done.Pages = len(b.site.Pages)
	}
	skip := append(slices.Clone(wanted.Skip), b.config.Check.Skip...)
	if wanted.External && !b.fatal {
		if done.External, err = b.checkOutside(ctx, wanted); err != nil {
			return Checked{}, err
		}
	}
	done.Diagnostics = diag.List{}
	for _, d := range b.report().Diagnostics {
		if named(d.Code, wanted.Only, true) && !named(d.Code, skip, false) {
			done.Diagnostics.Add(d)
		}
	}
	return done, nil
}

// named reports whether a code is on a list, by itself or by its group; otherwise where the list is empty.
func named(code string, list []string, otherwise bool) bool {
	if len(list) == 0 {
		return otherwise
	}
	return slices.Contains(list, code) || slices.Contains(list, check.GroupOf(code))
}

// tryAll makes every file, and writes none: what is wrong with layouts and pictures shows only then.
func (b *build) tryAll(ctx context.Context) error {
	e := edition.New(b.root, b.site, b.theme, render.Options{}, b)
	if b.memo.Kept() {
		e.Remember(b.memo, memo.Program(), nil)
	}
	return b.try(ctx, slices.DeleteFunc(e.Products(), func(p edition.Product) bool { return p.Kind == site.CardFile })) // nothing can be wrong with a card
}

// styles returns the style sheets of the theme, and the site's own over them.
func (b *build) styles() (sheets []check.Style) {
	for _, f := range b.theme.Assets {
		if strings.HasSuffix(f.Path, ".css") {
			sheets = append(sheets, check.Style{Name: f.Path, Data: f.Data})
		}
	}
	_ = fs.WalkDir(source.FS(b.root), assetsFolder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.EqualFold(path.Ext(name), ".css") {
			if data, err := source.ReadFile(b.root, name); err == nil {
				sheets = append(sheets, check.Style{Name: name, Data: data, Own: true})
			}
		}
		return nil // what cannot be read, the build has told
	})
	return sheets
}

// assetsFolder is where a site's own assets lie.
const assetsFolder = "assets"

// checkFiles looks at texts as they lie on the disk.
func (b *build) checkFiles() error {
	for _, at := range b.texts {
		data, err := source.ReadFile(b.root, at.entry.Name())
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went away
		}
		if err != nil {
			return fmt.Errorf("check %s: %w", at.entry.Name(), err)
		}
		b.diagnostics.Add(check.Text(at.entry.Name(), data)...)
	}
	return nil
}

// checkOutside asks other sites whether their pages are there, and returns of how many links.
func (b *build) checkOutside(ctx context.Context, wanted Checking) (int, error) {
	var links []check.Outside
	for _, p := range b.site.Pages {
		if p.Doc == nil || p.Number > 0 {
			continue
		}
		for _, l := range p.Doc.Links {
			if (l.Kind == markdown.Anchor || l.Kind == markdown.Image) && (strings.HasPrefix(l.Target, "https://") || strings.HasPrefix(l.Target, "http://")) {
				links = append(links, check.Outside{Address: l.Target, Pos: l.Pos})
			}
		}
	}
	e := check.External{Allow: b.config.Check.Allow, Now: b.Clock, Pause: wanted.Pause, Agent: wanted.Agent}
	if b.Cache != "" {
		e.Cache = filepath.Join(b.Cache, "links.json")
	}
	list, err := e.Links(ctx, links, b.Progress)
	b.diagnostics.Add(list...)
	return len(links), err
}

// Mended is a file with its mistakes mended that have one right answer.
type Mended struct {
	Name          string // relative to the site's folder
	Before, After []byte
	Count         int // how many were mended
}

// Mend mends what has one right answer, and changes nothing else of a file. Nothing is written.
func Mend(c Config, list diag.List) ([]Mended, error) {
	root, err := source.Open(c.Dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // it was only read
	by := map[string]diag.List{}
	for _, d := range list {
		if d.Fix != (diag.Fix{}) {
			by[d.Pos.File] = append(by[d.Pos.File], d)
		}
	}
	var all []Mended
	for name, list := range by {
		data, err := source.ReadFile(root, name)
		if err != nil {
			return nil, fmt.Errorf("mend %s: %w", name, err)
		}
		if after, n := check.Mend(data, list); n > 0 {
			all = append(all, Mended{name, data, after, n})
		}
	}
	slices.SortFunc(all, func(x, y Mended) int { return strings.Compare(x.Name, y.Name) })
	return all, nil
}
