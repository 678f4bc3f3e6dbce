package generator

import (
	"errors"
	"io/fs"

	"waymark/generator/diag"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/texts"
)

// placed is where a text came from, and where what was read of it lies.
type placed struct {
	entry source.Entry
	key   memo.Key
}

// parseOne reads a text. It has no document where the file could not be read.
func (b *build) parseOne(e source.Entry) (texts.Text, error) {
	if t, known := b.shelf.Unread(e, true); known {
		return t, nil
	}
	file, list, err := source.Read(b.root, e)
	if errors.Is(err, fs.ErrNotExist) && source.WentAway(b.root, e.Name()) {
		return texts.Text{List: diag.List{*source.Gone(e.Name())}}, nil
	}
	if err != nil || list.HasErrors() {
		return texts.Text{List: list}, err
	}
	if !b.Share.has(e.Name()) {
		return b.shelf.Glance(file), nil
	}
	return b.shelf.Read(file)
}

// HTML implements edition.Texts.
func (b *build) HTML(p *site.Page) ([]byte, error) {
	at := b.texts[p.Doc.Path]
	return b.shelf.HTML(p.Doc, at.key, func() (source.File, error) { return b.again(at.entry) })
}

// Plain implements edition.Texts.
func (b *build) Plain(p *site.Page) ([]byte, error) {
	at := b.texts[p.Doc.Path]
	return b.shelf.Plain(p.Doc, at.key, func() (source.File, error) { return b.again(at.entry) })
}

func (b *build) again(e source.Entry) (source.File, error) {
	file, _, err := source.Read(b.root, e)
	return file, err
}
