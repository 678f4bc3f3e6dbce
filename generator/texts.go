package generator

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// kept returns the folder in which what is made is kept: none where nobody can tell this program from another one.
func kept(c Config) string {
	if memo.Program() == nil {
		return ""
	}
	return c.Cache
}

// texts are where the parts of a text lie that are not needed until its page is made.
type texts struct {
	entry       source.Entry
	key         memo.Key
	html, plain *memo.Piece
}

// The parts of a text in the memo. Under the key itself lies its record.
const (
	htmlPart  = 1
	plainPart = 2
)

// record is a text as it was parsed, without what lies in its other parts.
type record struct {
	Doc  markdown.Document
	List diag.List
}

// parsed is what came of parsing a text. What remains of a document in memory is small.
type parsed struct {
	doc  *markdown.Document // nil where the file could not be read
	list diag.List
	texts
}

func (b *build) parseOne(e source.Entry) (parsed, error) {
	file, list, err := source.Read(b.root, e)
	if errors.Is(err, fs.ErrNotExist) && source.WentAway(b.root, e.Name()) {
		return parsed{list: diag.List{*source.Gone(e.Name())}}, nil
	}
	if err != nil || list.HasErrors() {
		return parsed{list: list}, err
	}
	at := texts{entry: e, key: b.keyOf(file)}
	if r, ok := b.remembered(at); ok {
		return r, nil
	}
	doc, list := b.parser.Parse(file)
	if at.html, err = b.memo.Put(at.key.Part(htmlPart), doc.HTML); err == nil {
		at.plain, err = b.memo.Put(at.key.Part(plainPart), doc.Plain)
	}
	if err != nil {
		return parsed{}, err
	}
	doc.HTML, doc.Plain = nil, nil
	if b.memo.Kept() && !slices.ContainsFunc(list, passing) {
		if data, err := memo.Encode(record{doc, list}); err == nil {
			b.memo.Keep(at.key, data)
		}
	}
	return parsed{&doc, list, at}, nil
}

// passing reports whether a diagnostic may not be there the next time: a fault, or something that took too long.
func passing(d diag.Diagnostic) bool {
	return d.Code == diag.FaultCode || d.Code == "code-too-long" || d.Code == "formula"
}

// keyOf names what is made of a text.
func (b *build) keyOf(file source.File) memo.Key {
	if !b.memo.Kept() {
		return memo.Key{}
	}
	return memo.KeyOf("text", b.making, []byte(file.Path), file.Data)
}

// remembered returns a text that was parsed before.
func (b *build) remembered(at texts) (parsed, bool) {
	if !b.memo.Kept() {
		return parsed{}, false
	}
	data, found := b.memo.Get(at.key)
	if !found {
		return parsed{}, false
	}
	at.html, at.plain = b.memo.Find(at.key.Part(htmlPart)), b.memo.Find(at.key.Part(plainPart))
	var r record
	if err := memo.Decode(data, &r); err != nil || at.html == nil || at.plain == nil {
		return parsed{}, false
	}
	return parsed{&r.Doc, r.List, at}, true
}

// HTML implements edition.Texts.
func (b *build) HTML(p *site.Page) ([]byte, error) {
	return b.part(b.texts[p.Doc.Path], b.texts[p.Doc.Path].html, func(doc markdown.Document) []byte { return doc.HTML })
}

// Plain implements edition.Texts.
func (b *build) Plain(p *site.Page) ([]byte, error) {
	return b.part(b.texts[p.Doc.Path], b.texts[p.Doc.Path].plain, func(doc markdown.Document) []byte { return doc.Plain })
}

// part fetches a part of a text. Where it is damaged, the text is parsed again.
func (b *build) part(at texts, piece *memo.Piece, of func(markdown.Document) []byte) ([]byte, error) {
	data, err := b.memo.Read(piece)
	if err == nil {
		return data, nil
	}
	file, list, readErr := source.Read(b.root, at.entry)
	if readErr != nil || list.HasErrors() || !b.memo.Kept() || b.keyOf(file) != at.key {
		return nil, errors.Join(fmt.Errorf("fetch the text of %s: %w", at.entry.Name(), err), readErr)
	}
	doc, _ := b.parser.Parse(file)
	return of(doc), nil
}
