package generator

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/card"
	"waymark/generator/internal/config"
	"waymark/generator/internal/images"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/parallel"
	"waymark/generator/internal/past"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/texts"
	"waymark/generator/internal/theme"
)

// load runs the chain up to the frozen site: read, parse, model, resolve.
func (b *build) load(ctx context.Context) error {
	end := b.step(settling, "")
	c, list, err := config.Read(b.root, config.Wanted{BaseURL: b.BaseURL, Theme: b.Theme})
	b.config = c
	if b.fail(list); err != nil || b.fatal {
		return err
	}
	in := site.Input{Config: c, Drafts: b.Drafts, Future: b.Future, Portable: b.Portable, Equal: func(x, y string) bool { return source.Equal(b.root, x, y) }}
	if in.Now, err = c.Today(b.Now, b.Clock); err != nil {
		return err
	}
	if b.theme, list, err = theme.Read(b.root, c.Theme, config.File, c.Words.Site(), c.Look.CSS()); err != nil {
		return err
	}
	if b.fail(list); b.theme != nil {
		for _, f := range b.theme.Assets {
			in.Assets = append(in.Assets, f.Path)
		}
	}
	var problem *diag.Diagnostic
	if in.Cards, problem = card.Read(b.root, c); problem != nil {
		b.fail(diag.List{*problem})
	}
	end()
	end = b.step(reading, "")
	entries, list, err := source.Scan(b.root)
	if errors.Is(err, fs.ErrNotExist) {
		return source.NoContent(b.Dir)
	}
	if err != nil {
		return err
	}
	b.diagnostics.Add(list...)
	if in.Docs, in.Broken, err = b.parse(ctx, entries); err != nil {
		return err
	}
	if c.Changes && !b.pageless {
		b.history = past.State(ctx, b.Dir)
		var problem *diag.Diagnostic
		if in.Past, problem = past.NewReader(b.Dir, b.memo).Tell(ctx, b.history, in.Docs, c, in.Now); problem != nil {
			b.diagnostics.Add(*problem)
		}
	}
	end()
	end = b.step(measuring, "")
	in.BrokenMaps = b.brokenMaps
	if in.Files, err = b.inspect(ctx, entries); err != nil {
		return err
	}
	if in.Static, list, err = source.Static(b.root); err != nil {
		return err
	}
	b.diagnostics.Add(list...)
	end()
	defer b.step(modelling, "")()
	b.model(in)
	return nil
}

// fail adds diagnostics; an error among them ends the build, whatever KeepGoing says.
func (b *build) fail(list diag.List) {
	b.diagnostics.Add(list...)
	b.fatal = b.fatal || list.HasErrors()
}

// parse reads and parses every Markdown file, several at a time. broken are the files with errors: they are left out of the
// site.
func (b *build) parse(ctx context.Context, entries []source.Entry) (docs []*markdown.Document, broken []string, err error) {
	b.shelf = texts.NewShelf(b.memo, b.config.Texts())
	if b.last != nil {
		b.shelf.Recall(b.last.Texts, b.was.tree)
	}
	files := slices.DeleteFunc(slices.Clone(entries), func(e source.Entry) bool { return !e.Markdown() })
	results := make([]texts.Text, len(files))
	err = parallel.Each(ctx, files, func(i int, e source.Entry) (err error) {
		defer b.step(ofText, e.Name())()
		results[i], err = b.parseOne(e)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	for i, r := range results {
		b.diagnostics.Add(r.List...)
		if r.Doc == nil && !r.List.HasErrors() {
			continue // it went away
		}
		// A page whose maps alone have errors stays, so that what refers to them is checked as well; it is not published.
		if r.Doc == nil || r.List.HasErrors() && (b.KeepGoing || len(r.List.Grave()) > 0) {
			b.brokenMaps = append(b.brokenMaps, r.Doc.MapIDs()...)
			broken = append(broken, files[i].Path)
			b.leftOut = append(b.leftOut, files[i].Name())
			continue
		}
		docs = append(docs, r.Doc)
		b.texts[r.Doc.Path] = placed{files[i], r.Key}
	}
	return docs, broken, nil
}

// inspect lists all files that are published as they are, and measures the pictures among them.
func (b *build) inspect(ctx context.Context, entries []source.Entry) ([]site.Source, error) {
	entries = slices.DeleteFunc(slices.Clone(entries), source.Entry.Markdown)
	files, problems := make([]site.Source, len(entries)), make([]*diag.Diagnostic, len(entries))
	err := parallel.Each(ctx, entries, func(i int, e source.Entry) (err error) {
		files[i].Path = e.Path
		files[i].Picture, problems[i], err = images.Inspect(b.root, e.Name())
		if errors.Is(err, fs.ErrNotExist) && source.WentAway(b.root, e.Name()) {
			return nil // which is said where it is copied
		}
		return err
	})
	for _, problem := range problems {
		if problem != nil {
			b.diagnostics.Add(*problem)
		}
	}
	return files, err
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
		before := len(in.Docs) + len(in.Files) + len(in.Static)
		in.Docs = slices.DeleteFunc(slices.Clone(in.Docs), func(d *markdown.Document) bool {
			if wrong[d.Name] {
				in.Broken = append(in.Broken, d.Path)
				b.leftOut = append(b.leftOut, d.Name)
			}
			return wrong[d.Name]
		})
		in.Files = slices.DeleteFunc(slices.Clone(in.Files), func(f site.Source) bool {
			name := path.Join(source.Folder, f.Path)
			if wrong[name] {
				b.leftOut = append(b.leftOut, name)
			}
			return wrong[name]
		})
		in.Static = slices.DeleteFunc(slices.Clone(in.Static), func(p string) bool {
			name := path.Join(source.StaticFolder, p)
			if wrong[name] {
				b.leftOut = append(b.leftOut, name)
			}
			return wrong[name]
		})
		if before == len(in.Docs)+len(in.Files)+len(in.Static) {
			b.fatal = true // no file of the content is to blame
			return
		}
	}
}
