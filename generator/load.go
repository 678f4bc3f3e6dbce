package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/images"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/themes"
)

// load runs the chain up to the frozen site: read, parse, model, resolve.
func (b *build) load(ctx context.Context) error {
	if err := b.readConfig(); err != nil || b.fatal {
		return err
	}
	now, err := today(b.Config, b.config)
	if err != nil {
		return err
	}
	theme, assets, list, err := readTheme(b.root, b.config.Theme)
	if err != nil {
		return err
	}
	b.theme, b.assets = theme, assets
	b.fail(list)
	entries, list, err := source.Scan(b.root)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return noContent(b.Dir)
		}
		return err
	}
	b.diagnostics.Add(list...)
	docs, broken, err := b.parse(ctx, entries)
	if err != nil {
		return err
	}
	files, err := b.inspect(ctx, entries)
	if err != nil {
		return err
	}
	if b.static, err = listStatic(b.root); err != nil {
		return err
	}
	b.model(site.Input{
		Config: b.config, Docs: docs, Broken: broken, BrokenMaps: b.brokenMaps, Files: files, Static: b.static, Drafts: b.Drafts, Future: b.Future, Now: now,
	})
	return nil
}

func noContent(dir string) error {
	return &UsageError{fmt.Sprintf("%s has no folder \"content\" (waymark new site DIR makes a site)", dir)}
}

// fail adds diagnostics; an error among them ends the build, whatever KeepGoing says.
func (b *build) fail(list diag.List) {
	b.diagnostics.Add(list...)
	b.fatal = b.fatal || list.HasErrors()
}

func (b *build) readConfig() error {
	config, list, err := wantedConfig(b.root, b.Config)
	b.config = config
	b.fail(list)
	return err
}

// wantedConfig reads waymark.yaml and lays over it what the caller wants in its place.
func wantedConfig(root *os.Root, c Config) (site.Config, diag.List, error) {
	config, list, err := readConfig(root)
	if err != nil {
		return config, nil, err
	}
	if c.BaseURL != "" {
		r := configReader{Config: &config}
		if config.BaseURL = r.baseURL(diag.Position{}, c.BaseURL); r.List.HasErrors() {
			return config, nil, &UsageError{fmt.Sprintf("--base-url: %s (%s)", r.List[0].Message, r.List[0].Hint)}
		}
	}
	if c.Theme != "" {
		config.Theme = c.Theme
	}
	return config, list, nil
}

// today is the day that decides what is still in the future.
func today(c Config, config site.Config) (dates.Date, error) {
	if c.Now == "" {
		day := c.Clock.In(config.Zone)
		return dates.Date{Time: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, config.Zone), Precision: dates.Day}, nil
	}
	now, err := dates.Parse(c.Now, config.Order, config.Zone)
	if err != nil {
		return now, &UsageError{"--now: " + err.Error()}
	}
	return now, nil
}

// readTheme lays the site's own layouts and assets over the theme, and reads the result. The theme is nil where the list
// holds an error.
func readTheme(root *os.Root, name string) (*render.Theme, *render.Assets, diag.List, error) {
	wrong := func(hint, format string, args ...any) (*render.Theme, *render.Assets, diag.List, error) {
		return nil, nil, diag.List{{
			Pos: diag.Position{File: configFile}, Severity: diag.Error, Code: "theme", Message: fmt.Sprintf(format, args...), Hint: hint,
		}}, nil
	}
	if path.Base(name) != name || name == ".." {
		return wrong("a theme's name is that of its folder in themes", "%q is not the name of a theme", name)
	}
	own := root.FS()
	var base fs.FS
	if sub, err := fs.Sub(own, "themes/"+name); err == nil && fs.ValidPath(name) {
		if _, err := fs.Stat(sub, "theme.yaml"); err == nil {
			base = sub
		}
	}
	if base == nil {
		base = themes.FS(name)
	}
	if base == nil {
		return wrong(diag.DidYouMean(name, themes.Names(), "put it in themes/"+name+", or use one of "+strings.Join(themes.Names(), ", ")), "there is no theme %q", name)
	}
	overlay := overlay{top: own, base: base}
	display := func(p string) string {
		if overlay.fromTop(p) {
			return p
		}
		return "themes/" + name + "/" + p
	}
	theme, list, err := render.LoadTheme(name, overlay, display)
	if err != nil || theme == nil {
		return nil, nil, list, err
	}
	assets, more, err := theme.Bundle(display)
	return theme, assets, append(list, more...), err
}

// overlay is a theme with the site's layouts and assets in front.
type overlay struct{ top, base fs.FS }

func (o overlay) fromTop(name string) bool {
	if !strings.HasPrefix(name, "layouts/") && !strings.HasPrefix(name, "assets/") {
		return false
	}
	info, err := fs.Stat(o.top, name)
	return err == nil && !info.IsDir()
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if o.fromTop(name) {
		return o.top.Open(name)
	}
	return o.base.Open(name)
}

// Glob implements fs.GlobFS: a site may add layouts that the theme lacks.
func (o overlay) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(o.base, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(o.top, pattern)
	if err != nil {
		return nil, err
	}
	names = append(names, own...)
	slices.Sort(names)
	return slices.Compact(names), nil
}

// parse reads and parses every Markdown file, several at a time. Texts go to the spool; what remains of a document in
// memory is small. broken are the files with errors: they are left out of the site.
func (b *build) parse(ctx context.Context, entries []source.Entry) (docs []*markdown.Document, broken []string, err error) {
	parser := markdown.NewParser(parserOptions(b.config))
	texts := slices.DeleteFunc(slices.Clone(entries), func(e source.Entry) bool { return !e.Markdown() })
	type result struct {
		doc  *markdown.Document
		list diag.List
		text piece
	}
	results := make([]result, len(texts))
	group, ctx := workers(ctx)
	for i, e := range texts {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			file, list, err := source.Read(b.root, e)
			if err != nil || list.HasErrors() {
				results[i].list = list
				return err
			}
			doc, list := parser.Parse(file)
			if results[i].text, err = b.spool.put(doc.HTML); err != nil {
				return err
			}
			doc.HTML = nil
			results[i].doc, results[i].list = &doc, list
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, err
	}
	for i, r := range results {
		b.diagnostics.Add(r.list...)
		// A page whose maps alone have errors stays, so that what refers to them is checked as well; it is not published.
		if r.doc == nil || r.list.HasErrors() && (b.KeepGoing || !onlyMaps(r.list)) {
			b.brokenMaps = append(b.brokenMaps, mapIDs(r.doc)...)
			broken = append(broken, site.Key(texts[i].Path))
			b.leftOut = append(b.leftOut, texts[i].Name())
			continue
		}
		docs = append(docs, r.doc)
		b.texts[r.doc.Path] = r.text
	}
	return docs, broken, nil
}

// parserOptions are what waymark.yaml says of the meaning of texts.
func parserOptions(c site.Config) markdown.Options {
	return markdown.Options{Order: c.Order, Zone: c.Zone, RawHTML: c.RawHTML, Maps: mapOptions(c)}
}

// mapOptions tells the maps of the journey's phases.
func mapOptions(c site.Config) outline.Options {
	var o outline.Options
	for _, p := range c.Phases {
		o.Phases = append(o.Phases, p.Name)
		if o.Reach == "" && (p.ID == "beta" || p.ID == "private-beta") {
			o.Reach = p.Name
		}
	}
	return o
}

// onlyMaps reports whether all errors are those of maps: their page can be shown, with the errors beside them.
func onlyMaps(list diag.List) bool {
	return !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Severity == diag.Error && d.Code != "map" })
}

func mapIDs(doc *markdown.Document) []string {
	var ids []string
	if doc != nil {
		for _, m := range doc.Maps {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// inspect lists all files that are published as they are.
func (b *build) inspect(ctx context.Context, entries []source.Entry) ([]site.File, error) {
	entries = slices.DeleteFunc(slices.Clone(entries), source.Entry.Markdown)
	files, problems := make([]site.File, len(entries)), make([]*diag.Diagnostic, len(entries))
	group, ctx := workers(ctx)
	for i, e := range entries {
		group.Go(func() (err error) {
			if err := ctx.Err(); err != nil {
				return err
			}
			files[i], problems[i], err = inspectFile(b.root, e)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, problem := range problems {
		if problem != nil {
			b.diagnostics.Add(*problem)
		}
	}
	return files, nil
}

// inspectFile measures a picture. Of other files there is nothing to know.
func inspectFile(root *os.Root, e source.Entry) (site.File, *diag.Diagnostic, error) {
	f := site.File{Source: e.Path}
	if !images.IsImage(f.Source) {
		return f, nil, nil
	}
	data, err := root.ReadFile(e.Name())
	if err != nil {
		return f, nil, fmt.Errorf("read a picture: %w", err)
	}
	width, height, err := images.Size(f.Source, data)
	if err != nil {
		return f, &diag.Diagnostic{
			Pos: diag.Position{File: e.Name()}, Severity: diag.Warning, Code: "image",
			Message: "this picture cannot be measured, and pages may jump when it loads", Hint: err.Error(),
		}, nil
	}
	f.Image = &site.ImageInfo{Width: width, Height: height}
	for _, w := range images.Widths() {
		if images.Scalable(f.Source) && width >= w*5/4 && !images.TooLarge(width, height) {
			f.Image.Scaled = append(f.Image.Scaled, site.Scaled{Width: w})
		}
	}
	return f, nil, nil
}

// listStatic lists the files of the static folder, where there is one.
func listStatic(root *os.Root) ([]string, error) {
	var names []string
	err := fs.WalkDir(root.FS(), "static", func(p string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && p == "static":
			return fs.SkipAll
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".well-known":
			return fs.SkipDir
		case d.Type().IsRegular():
			names = append(names, strings.TrimPrefix(p, "static/"))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the static folder: %w", err)
	}
	return names, nil
}

// model builds the site. With KeepGoing, pages with errors are taken out and the rest is built again, until nothing
// more has to go.
func (b *build) model(in site.Input) {
	base := b.diagnostics
	for {
		s, list := site.New(in)
		b.site = s
		b.diagnostics = append(slices.Clone(base), list...)
		if !b.KeepGoing || !list.HasErrors() {
			return
		}
		wrong := map[string]bool{}
		for _, d := range list {
			if d.Severity == diag.Error {
				wrong[d.Pos.File] = true
				base = append(base, d)
			}
		}
		before := len(in.Docs) + len(in.Files)
		in.Docs = slices.DeleteFunc(slices.Clone(in.Docs), func(d *markdown.Document) bool {
			if wrong[d.Name] {
				in.Broken = append(in.Broken, site.Key(d.Path))
				b.leftOut = append(b.leftOut, d.Name)
			}
			return wrong[d.Name]
		})
		in.Files = slices.DeleteFunc(slices.Clone(in.Files), func(f site.File) bool {
			name := path.Join(source.Folder, f.Source)
			if wrong[name] {
				b.leftOut = append(b.leftOut, name)
			}
			return wrong[name]
		})
		if before == len(in.Docs)+len(in.Files) {
			b.fatal = true // no file of the content is to blame
			return
		}
	}
}

func clean(data []byte) []byte { return source.Clean(bytes.ToValidUTF8(data, []byte("\uFFFD"))) }
