package preview

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/internal/card"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/past"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/stamps"
	"waymark/generator/internal/texts"
	"waymark/generator/internal/theme"
)

// desk is what lies before the author: every file of the site as it stands, and as it last was without errors.
type desk struct {
	dir    string
	wanted config.Wanted
	root   *source.Root
	cache  string     // where the memo lies
	memo   *memo.Memo // with the sources in it, so that a text can be drawn as it was when the site was last made

	settings settings
	theme    design
	texts    map[string]*text // by path
	files    map[string]*file
	links    []source.Entry // symbolic links, which change when what they name does
	opened   bool           // whether the content folder was ever read
	looked   stamps.Tree    // how it looked before it was first read, where that can be told for certain
	scanned  diag.List      // what is wrong with the folder itself
	static   []string
	passed   diag.List         // what of the static folder is left out
	reparse  bool              // whether texts have to be parsed again, because waymark.yaml says something else of their meaning
	seen     map[string]string // signatures of files that are no texts, by name
	stamps   map[string]string // sizes and times of the static files, by name
	cards    cards
	past     *past.Reader
	telling  diag.List        // what is wrong with the history that pages tell of
	faulty   map[string]*text // the texts that have diagnostics, by path
}

// settings are waymark.yaml as it was last read without errors.
type settings struct {
	config config.Config
	known  bool
	shelf  *texts.Shelf
	list   diag.List
}

// design is the theme as it was last read without errors.
type design struct {
	*theme.Theme
	list diag.List
}

// cards are the fonts that cards are drawn with, and of what they were read.
type cards struct {
	fonts   *card.Fonts
	of      string
	problem *diag.Diagnostic
}

// fonts returns the fonts of cards. They are read again where another file is named, or it changed.
func (d *desk) fonts() *card.Fonts {
	c := d.settings.config
	name, _ := c.CardFont()
	of := fmt.Sprint(c.Cards, c.BaseURL == "", name)
	if info, err := d.root.Stat(path.Join(source.StaticFolder, name)); err == nil { // a font is large, and this is asked at each change
		of += fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	}
	if of != d.cards.of {
		d.cards.of = of
		d.cards.fonts, d.cards.problem = card.Read(d.root, c)
	}
	return d.cards.fonts
}

// told says how maps became what they are, as they stand now.
func (d *desk) told(today dates.Date) map[string]site.Told {
	d.telling = nil
	if !d.settings.config.Changes {
		return nil
	}
	var docs []*markdown.Document
	for _, t := range d.sorted() {
		if t.now.fit() {
			docs = append(docs, t.now.doc)
		} else if t.good.doc != nil {
			docs = append(docs, t.good.doc)
		}
	}
	ctx := context.Background() // Git answers in a moment, or not at all
	told, problem := d.past.Tell(ctx, past.State(ctx, d.dir), docs, d.settings.config, today)
	if problem != nil {
		d.telling.Add(*problem)
	}
	return told
}

// text is a Markdown file.
type text struct {
	entry   source.Entry
	now     version   // as the file stands
	good    version   // as the site shows it; without a document where it does not
	use     *version  // what the attempt that is being made has of it
	fresh   bool      // whether it changed since the site was last made
	suspect bool      // whether it was stuck when the site was last made
	stuck   diag.List // the errors of the site that keep it from being shown as it stands
	address string    // where it was shown before it was left out
}

// version is a text as it was at one time.
type version struct {
	doc  *markdown.Document // nil where it could not be read
	key  memo.Key           // under which it lies on the shelf
	list diag.List
}

// fit reports whether the version can be shown. Maps with errors are shown with the errors beside them.
func (v version) fit() bool { return v.doc != nil && len(v.list.Grave()) == 0 }

// file is any other file of the content.
type file struct {
	site.Source
	problem *diag.Diagnostic
}

func newDesk(c generator.Config) (*desk, error) {
	root, err := source.Open(c.Dir)
	if err != nil {
		return nil, err
	}
	if err := c.Apart(); err != nil {
		_ = root.Close() // it was only read
		return nil, err
	}
	d := &desk{
		dir: c.Dir, cache: c.Cache, wanted: config.Wanted{BaseURL: c.BaseURL, Theme: c.Theme}, root: root, memo: memo.Open(c.Cache, c.Clock),
		texts: map[string]*text{}, files: map[string]*file{}, seen: map[string]string{}, faulty: map[string]*text{},
	}
	d.past = past.NewReader(c.Dir, d.memo)
	go d.memo.Load() // while the folders are looked through
	return d, nil
}

func (d *desk) close() {
	_ = d.root.Close() // it was only read
	d.memo.Close()
}

// keys yields those of the versions that lie on the desk.
func (d *desk) keys(yield func(memo.Key) bool) {
	for _, t := range d.texts {
		if !yield(t.now.key) || !yield(t.good.key) {
			return
		}
	}
}

// sorted returns the texts by path.
func (d *desk) sorted() []*text {
	texts := make([]*text, 0, len(d.texts))
	for _, t := range d.texts {
		texts = append(texts, t)
	}
	slices.SortFunc(texts, func(x, y *text) int { return cmp.Compare(x.entry.Path, y.entry.Path) })
	return texts
}

// sources returns the other files of the content by path.
func (d *desk) sources() []site.Source {
	files := make([]site.Source, 0, len(d.files))
	for _, f := range d.files {
		files = append(files, f.Source)
	}
	slices.SortFunc(files, func(x, y site.Source) int { return cmp.Compare(x.Path, y.Path) })
	return files
}

// diagnostics gathers what all stages have to say, with what the model of the site says.
func (d *desk) diagnostics(modelled diag.List) diag.List {
	var cards diag.List
	if d.cards.problem != nil {
		cards.Add(*d.cards.problem)
	}
	list := slices.Concat(d.settings.list, cards, d.telling, d.theme.list, d.scanned, d.passed, modelled)
	for _, t := range d.faulty {
		list.Add(t.now.list...)
	}
	for _, f := range d.files {
		if f.problem != nil {
			list.Add(*f.problem)
		}
	}
	list.Sort()
	return list
}
