package preview

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/images"
	"waymark/generator/internal/parallel"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/texts"
)

// drawn is up to how many changed texts are drawn at once: somebody looks at them, most likely.
const drawn = 8

// reading is what came of reading an entry.
type reading struct {
	version
	file      *file // of what is no text
	signature string
	changed   bool
}

// read reads entries, several at a time.
func (d *desk) read(ctx context.Context, entries []source.Entry, found *changes) error {
	readings := make([]reading, len(entries))
	read := d.settings.shelf.Outline
	if len(entries) <= drawn {
		read = d.settings.shelf.ReadWithSource
	}
	err := parallel.Each(ctx, entries, func(i int, e source.Entry) (err error) {
		if e.Markdown() {
			readings[i], err = d.readText(e, read)
			return err
		}
		picture, problem, err := images.Inspect(d.root, e.Name())
		if err != nil {
			problem = unreadable(e.Name(), err)
		}
		readings[i] = reading{file: &file{site.Source{Path: e.Path, Picture: picture}, problem}, changed: true, signature: d.signature(e.Name())}
		return nil
	})
	if err != nil {
		return err
	}
	for i, e := range entries {
		d.lay(e, readings[i], found)
	}
	slices.Sort(found.texts)
	return nil
}

// readText reads a text, unless it is what it was.
func (d *desk) readText(e source.Entry, read func(source.File) (texts.Text, error)) (r reading, err error) {
	if t, known := d.settings.shelf.Unread(e, false); known {
		return reading{version: version{t.Doc, t.Key, t.List}, changed: true}, nil
	}
	file, list, err := source.Read(d.root, e)
	if err != nil {
		list = diag.List{*unreadable(e.Name(), err)}
	}
	if list.HasErrors() {
		r.list, r.changed = list, true
		return r, nil
	}
	if t := d.texts[e.Path]; t != nil && t.now.doc != nil && t.now.key == d.settings.shelf.Key(file) {
		return r, nil
	}
	t, err := read(file)
	r.doc, r.list, r.key, r.changed = t.Doc, t.List, t.Key, true
	return r, err
}

// lay lays what was read on the desk.
func (d *desk) lay(e source.Entry, r reading, found *changes) {
	switch {
	case !r.changed:
	case r.file != nil:
		if d.isNew(e.Name(), r.signature) || d.files[e.Path] == nil {
			found.files = append(found.files, e.Name())
		}
		d.files[e.Path] = r.file
	default:
		if d.texts[e.Path] == nil {
			d.texts[e.Path] = &text{}
			found.onlyTexts = false
		}
		t := d.texts[e.Path]
		t.entry, t.now, t.fresh = e, r.version, true
		if delete(d.faulty, e.Path); len(r.list) > 0 {
			d.faulty[e.Path] = t
		}
		found.texts = append(found.texts, e.Name())
	}
}

// unreadable says of a file or folder that it cannot be read, and why. One that went away since it was listed is named by
// the next change.
func unreadable(name string, err error) *diag.Diagnostic {
	why := err.Error()
	if path := new(fs.PathError); errors.As(err, &path) {
		why = path.Err.Error()
	}
	return &diag.Diagnostic{
		Pos: diag.Position{File: name}, Severity: diag.Error, Code: "unreadable", Message: "this cannot be read: " + why,
		Hint: "put back what was there, or check its permissions; until then the site is shown as it was",
	}
}
