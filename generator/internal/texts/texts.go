// Package texts reads texts, and keeps what was read of them in a memo: for later builds and previews, or until the end of this one.
package texts

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/source"
)

// Shelf holds what was read of texts, by what it was made of: by all that decides it, so that nothing on it can be out of date. It
// may be used by several goroutines.
type Shelf struct {
	memo   *memo.Memo
	parser *markdown.Parser
	making []byte              // what decides what is made of a text, beside the text: the program, and what the site says
	seen   map[string]memo.Key // texts in files that look as they did when they were read, by their paths
}

// NewShelf returns the shelf for texts that are parsed with these options.
func NewShelf(m *memo.Memo, options markdown.Options) *Shelf {
	making := memo.KeyOf("making", memo.Program(), options.Fingerprint())
	return &Shelf{memo: m, parser: markdown.NewParser(options), making: making[:]}
}

// Text is a text as it was read. What remains of a document in memory is small: its HTML and its plain words lie on the shelf.
type Text struct {
	Doc  *markdown.Document
	List diag.List
	Key  memo.Key // under which it lies on the shelf
}

// The parts of a text in the memo. Under the key itself lies its record.
const (
	htmlPart   = 1
	plainPart  = 2
	sourcePart = 3
)

// record is a text as it was parsed, without what lies in its other parts.
type record struct {
	Doc  markdown.Document
	List diag.List
}

// Key names what is made of a text.
func (s *Shelf) Key(file source.File) memo.Key {
	return memo.KeyOf("text", s.making, []byte(file.Path), file.Data)
}

// Parts yields the keys of all that may lie on a shelf of a text.
func (s *Shelf) Parts(key memo.Key) iter.Seq[memo.Key] {
	return slices.Values([]memo.Key{key, key.Part(htmlPart), key.Part(plainPart), key.Part(sourcePart), s.fleeting(key)})
}

// fleeting names the HTML of a text of which something was said that may not be there the next time. This run wants it, and no other one
// finds it.
func (s *Shelf) fleeting(key memo.Key) memo.Key { return s.memo.Mine(key.Part(htmlPart)) }

// Read reads a text, which is parsed where it is not known. The error is the machine's: there is no room for it anywhere.
func (s *Shelf) Read(file source.File) (Text, error) {
	key := s.Key(file)
	if t, known := s.Known(key); known && s.memo.Has(key.Part(htmlPart)) && s.memo.Has(key.Part(plainPart)) {
		return t, nil
	}
	doc, list := s.parser.Parse(file)
	if err := s.putHTML(key, doc.HTML, list); err != nil {
		return Text{}, err
	}
	return s.lay(key, &doc, list)
}

// Outline is Read for texts whose HTML nobody may ask for: a text that is not known is not drawn, which takes a seventh of the time. Its
// source is kept too, so that it can be drawn as it was when its file is another one.
func (s *Shelf) Outline(file source.File) (Text, error) {
	key := s.Key(file)
	if err := s.keepSource(key, file); err != nil {
		return Text{}, err
	}
	if t, known := s.Known(key); known {
		return t, nil
	}
	doc, list := s.parser.Outline(file)
	return s.lay(key, &doc, list)
}

// Glance reads a text of which no more is wanted than what other texts are told of it. Nothing of it is kept.
func (s *Shelf) Glance(file source.File) Text {
	key := s.Key(file)
	if t, known := s.Known(key); known {
		return t
	}
	doc, list := s.parser.Outline(file)
	doc.HTML, doc.Plain = nil, nil
	return Text{&doc, list, key}
}

// ReadWithSource is Read that keeps the source too, as Outline does.
func (s *Shelf) ReadWithSource(file source.File) (Text, error) {
	if err := s.keepSource(s.Key(file), file); err != nil {
		return Text{}, err
	}
	return s.Read(file)
}

func (s *Shelf) keepSource(key memo.Key, file source.File) error {
	if s.memo.Has(key.Part(sourcePart)) {
		return nil
	}
	return s.memo.Put(key.Part(sourcePart), file.Data)
}

// lay lays what was read on the shelf.
func (s *Shelf) lay(key memo.Key, doc *markdown.Document, list diag.List) (Text, error) {
	if err := s.memo.Put(key.Part(plainPart), doc.Plain); err != nil {
		return Text{}, err
	}
	doc.HTML, doc.Plain = nil, nil
	if s.memo.Kept() && !passing(list) {
		if data, err := memo.Encode(record{*doc, list}); err == nil {
			s.memo.Keep(key, data)
		}
	}
	return Text{doc, list, key}, nil
}

// putHTML lays the HTML of a text on the shelf, of which all this was said.
func (s *Shelf) putHTML(key memo.Key, html []byte, list diag.List) error {
	if passing(list) {
		return s.memo.Put(s.fleeting(key), html)
	}
	return s.memo.Put(key.Part(htmlPart), html)
}

// passing reports whether something is said that may not be there the next time: a fault, or what took too long.
func passing(list diag.List) bool {
	return slices.ContainsFunc(list, func(d diag.Diagnostic) bool {
		return d.Code == diag.FaultCode || d.Code == "code-too-long" || d.Code == "formula"
	})
}

// Known returns a text that was read before.
func (s *Shelf) Known(key memo.Key) (Text, bool) {
	data, found := s.memo.Get(key)
	if !found {
		return Text{}, false
	}
	var r record
	if err := memo.Decode(data, &r); err != nil {
		return Text{}, false
	}
	return Text{&r.Doc, r.List, key}, true
}

// Source returns the source of a text, where it was kept.
func (s *Shelf) Source(key memo.Key) ([]byte, bool) { return s.memo.Get(key.Part(sourcePart)) }

// HTML returns the HTML of a text, with its holes, and draws it where it is not there. again reads the file once more, which is good
// for that if it is what it was.
func (s *Shelf) HTML(doc *markdown.Document, key memo.Key, again func() (source.File, error)) ([]byte, error) {
	for _, at := range []memo.Key{key.Part(htmlPart), s.fleeting(key)} {
		if data, found := s.memo.Get(at); found {
			return data, nil
		}
	}
	file, err := s.file(doc, key, again)
	if err != nil {
		return nil, err
	}
	drawn, list := s.parser.Parse(file)
	return drawn.HTML, s.putHTML(key, drawn.HTML, list)
}

// Plain returns the plain words of a text. again is as for HTML.
func (s *Shelf) Plain(doc *markdown.Document, key memo.Key, again func() (source.File, error)) ([]byte, error) {
	if data, found := s.memo.Get(key.Part(plainPart)); found {
		return data, nil
	}
	file, err := s.file(doc, key, again)
	if err != nil {
		return nil, err
	}
	outlined, _ := s.parser.Outline(file)
	return outlined.Plain, s.memo.Put(key.Part(plainPart), outlined.Plain)
}

// file returns the source of a text: as it was kept, or as it is.
func (s *Shelf) file(doc *markdown.Document, key memo.Key, again func() (source.File, error)) (source.File, error) {
	if data, found := s.Source(key); found {
		return source.File{Path: doc.Path, Name: doc.Name, Data: data}, nil
	}
	file, err := again()
	if err == nil && s.Key(file) != key {
		err = errChanged
	}
	if err != nil {
		return file, fmt.Errorf("fetch the text of %s: %w", doc.Name, err)
	}
	return file, nil
}

// errChanged says that a text is not there any more as it was read.
var errChanged = errors.New("what was put aside cannot be read, and the file is another one by now")
