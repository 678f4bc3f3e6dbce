package preview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/images"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/parallel"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/spool"
	"waymark/generator/internal/theme"
)

// desk is what lies before the author: every file of the site as it stands, and as it last was without errors.
type desk struct {
	dir    string
	wanted config.Wanted
	root   *os.Root
	spool  *spool.Spool // of the sources, so that a text can be drawn as it was when the site was last made

	settings settings
	theme    design
	texts    map[string]*text // by path
	files    map[string]*file
	links    []source.Entry // symbolic links, which change when what they name does
	opened   bool           // whether the content folder was ever read
	scanned  diag.List      // what is wrong with the folder itself
	static   []string
	reparse  bool              // whether texts have to be parsed again, because waymark.yaml says something else of their meaning
	seen     map[string]string // signatures of files that are no texts, by name
	faulty   map[string]*text  // the texts that have diagnostics, by path
}

// settings are waymark.yaml as it was last read without errors.
type settings struct {
	config config.Config
	known  bool
	parser *markdown.Parser
	list   diag.List
}

// design is the theme as it was last read without errors.
type design struct {
	*theme.Theme
	list diag.List
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
	at   *spool.Piece       // its source in the spool
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
	aside, err := spool.New()
	if err != nil {
		_ = root.Close() // it was only read
		return nil, err
	}
	return &desk{
		dir: c.Dir, wanted: config.Wanted{BaseURL: c.BaseURL, Theme: c.Theme}, root: root, spool: aside,
		texts: map[string]*text{}, files: map[string]*file{}, seen: map[string]string{}, faulty: map[string]*text{},
	}, nil
}

func (d *desk) close() {
	_ = d.root.Close() // it was only read
	d.spool.Close()
}

// compact gives back the room of sources that neither lie on the desk nor are shown.
func (d *desk) compact(s *shown) error {
	return d.spool.Compact(iter.Seq[*spool.Piece](func(yield func(*spool.Piece) bool) {
		for _, t := range d.texts {
			for _, at := range []*spool.Piece{t.now.at, t.good.at} {
				if at != nil && !yield(at) {
					return
				}
			}
		}
		for _, at := range s.sources {
			if !yield(at) {
				return
			}
		}
	}))
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

// judge says which texts are left out of what is shown, and which are shown as they were, and why.
func (d *desk) judge(s *shown) (out []leftOut, stale map[string]diag.List) {
	stale = map[string]diag.List{}
	for _, t := range d.texts {
		if !s.has(t) {
			out = append(out, leftOut{t.entry.Name(), cmp.Or(t.address, likelyAddress(t.entry.Path))})
		} else if t.now.doc != t.good.doc || len(t.stuck) > 0 {
			stale[t.entry.Name()] = t.stuck
		}
	}
	return out, stale
}

// diagnostics gathers what all stages have to say, with what the model of the site says.
func (d *desk) diagnostics(modelled diag.List) diag.List {
	list := slices.Concat(d.settings.list, d.theme.list, d.scanned, modelled)
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

// changes are what reread found.
type changes struct {
	texts      []string // names
	files      []string // names of files in content and static
	others     []string // names of waymark.yaml and of files of the theme
	all        bool     // whether more than these may have changed
	noticed    bool     // whether there is something else to say of the content folder
	onlyTexts  bool     // texts that were there before, and nothing else
	incomplete bool     // whether the content folder could not be read

	drawn map[*markdown.Document][]byte // texts that were drawn with it
}

func (c changes) nothing() bool {
	return len(c.texts)+len(c.files)+len(c.others) == 0 && !c.all && !c.noticed
}

// reread reads what a Change names.
func (d *desk) reread(ctx context.Context, c Change) (changes, error) {
	below := func(folders ...string) bool { return c.All || len(c.in(folders...)) > 0 }
	own, themed := d.changed(c.in(config.File)), d.changed(c.in("layouts", "assets", "themes"))
	found := changes{all: c.All, drawn: map[*markdown.Document][]byte{}, others: slices.Concat(own, themed)}
	retheme := c.All || len(themed) > 0
	if c.All || len(own) > 0 {
		options, name := d.settings.config.Texts(), d.settings.config.Theme
		if err := d.readSettings(); err != nil {
			return found, err
		}
		d.reparse = d.reparse || d.settings.known && !reflect.DeepEqual(options, d.settings.config.Texts())
		retheme = retheme || name != d.settings.config.Theme
	}
	if !d.settings.known {
		return found, nil
	}
	again := d.reparse
	if d.settings.parser == nil || again {
		d.settings.parser = markdown.NewParser(d.settings.config.Texts())
	}
	if retheme {
		if err := d.readTheme(); err != nil {
			return found, err
		}
	}
	if below(source.StaticFolder) {
		names, err := source.Static(d.root)
		if err != nil {
			return found, err
		}
		d.static = names
		found.files = d.changed(c.in(source.StaticFolder))
	}
	if again {
		if err := d.reparseGood(); err != nil {
			return found, err
		}
	}
	if again || below(source.Folder) {
		if err := d.rereadContent(ctx, c, again, &found); err != nil {
			return found, err
		}
	}
	found.onlyTexts = found.onlyTexts && len(found.others)+len(found.files) == 0 && !found.noticed
	return found, nil
}

// in returns the paths of a change that lie in a folder, or are one of these names.
func (c Change) in(folders ...string) []string {
	var names []string
	for _, name := range c.Paths {
		if top, _, _ := strings.Cut(name, "/"); slices.Contains(folders, top) {
			names = append(names, name)
		}
	}
	return names
}

// reparseGood parses again what is shown of texts that have errors now, as if their files were what they were.
func (d *desk) reparseGood() error {
	for _, t := range d.texts {
		if t.good.doc == nil || t.good.doc == t.now.doc {
			continue
		}
		data, err := d.spool.Get(t.good.at)
		if err != nil {
			return err
		}
		doc, list := d.settings.parser.Outline(source.File{Path: t.entry.Path, Name: t.entry.Name(), Data: data})
		doc.Plain = nil
		t.good.doc, t.good.list = &doc, list
		if !t.good.fit() {
			t.good = version{}
		}
	}
	return nil
}

// changed returns those of the named files that are not what they were when they were last named. Folders, and what other
// programs have for themselves, do not count.
func (d *desk) changed(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		info, err := d.root.Stat(name)
		return source.Hidden(path.Base(name)) || err == nil && info.IsDir() && name != config.File || !d.isNew(name, d.signature(name))
	})
}

// isNew reports whether a file has another signature than before, and remembers the new one.
func (d *desk) isNew(name, signature string) bool {
	was := d.seen[name]
	d.seen[name] = signature
	return was != signature
}

// hashed is up to which size, in bytes, a file's signature is made of all of it. Larger ones are known by their time.
const hashed = 4 << 20

// signature tells versions of a file apart.
func (d *desk) signature(name string) string {
	info, err := d.root.Stat(name)
	if err == nil && info.Size() > hashed {
		return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	}
	data, err := d.root.ReadFile(name)
	if err != nil {
		return "none"
	}
	return digest(data)
}

func (d *desk) readSettings() error {
	c, list, err := config.Read(d.root, d.wanted)
	if usage := new(diag.UsageError); errors.As(err, &usage) {
		return err
	}
	if err != nil {
		list = diag.List{*unreadable(config.File, err)}
	}
	d.settings.list = list
	if !list.HasErrors() {
		d.settings.config, d.settings.known = c, true
	}
	return nil
}

func (d *desk) readTheme() error {
	t, list, err := theme.Read(d.root, d.settings.config.Theme, config.File)
	if err != nil {
		return err
	}
	d.theme.list = list
	if t != nil {
		d.theme.Theme = t
	}
	return nil
}

// rereadContent reads the texts and files that changed. Where no more is known than that texts which were there before
// are there still, the folder is not looked through.
func (d *desk) rereadContent(ctx context.Context, c Change, again bool, found *changes) error {
	names := c.in(source.Folder)
	entries, known := d.knownTexts(names)
	if found.onlyTexts = known && !c.All && !again; !found.onlyTexts {
		all, list, err := source.Scan(d.root)
		switch {
		case err != nil && !d.opened && errors.Is(err, os.ErrNotExist):
			return source.NoContent(d.dir)
		case err != nil:
			list = diag.List{*unreadable(source.Folder, err)}
		}
		found.noticed = !slices.Equal(d.scanned, list)
		d.scanned = list
		if err != nil {
			found.incomplete = true // what was there stays, and everything is looked at when it can be
			return nil
		}
		d.opened = true
		d.dropMissing(all, found)
		named := make(map[string]bool, len(names))
		for _, name := range names {
			named[name] = true
		}
		entries = slices.DeleteFunc(all, func(e source.Entry) bool {
			if again || c.All || e.Link || named[e.Name()] {
				return false
			}
			return d.texts[e.Path] != nil || d.files[e.Path] != nil
		})
	}
	return d.read(ctx, entries, again, found)
}

// knownTexts returns the entries of the named texts and of all links; false where a name is not one of a text that was
// there before and is there still.
func (d *desk) knownTexts(named []string) (entries []source.Entry, known bool) {
	for _, name := range named {
		t := d.texts[strings.TrimPrefix(name, source.Folder+"/")]
		if t == nil || t.entry.Link {
			return nil, false
		}
		info, err := d.root.Lstat(name)
		if err != nil || !info.Mode().IsRegular() {
			return nil, false
		}
		e := t.entry
		e.Size = info.Size()
		entries = append(entries, e)
	}
	return append(entries, d.links...), true
}

// dropMissing forgets what is no longer in the folder.
func (d *desk) dropMissing(all []source.Entry, found *changes) {
	there := make(map[string]bool, len(all))
	d.links = nil
	for _, e := range all {
		there[e.Path] = true
		if e.Link {
			d.links = append(d.links, e)
		}
	}
	for name, t := range d.texts {
		if !there[name] {
			found.texts = append(found.texts, t.entry.Name())
			delete(d.texts, name)
			delete(d.faulty, name)
		}
	}
	for name := range d.files {
		if !there[name] {
			found.files = append(found.files, path.Join(source.Folder, name))
			delete(d.files, name)
			delete(d.seen, path.Join(source.Folder, name))
		}
	}
	slices.Sort(found.texts)
}

// drawn is up to how many changed texts are drawn at once: somebody looks at them, most likely.
const drawn = 8

// reading is what came of reading an entry.
type reading struct {
	version
	file      *file // of what is no text
	signature string
	changed   bool
	html      []byte
}

// read reads entries, several at a time.
func (d *desk) read(ctx context.Context, entries []source.Entry, again bool, found *changes) error {
	readings := make([]reading, len(entries))
	parse := d.settings.parser.Outline
	if len(entries) <= drawn {
		parse = d.settings.parser.Parse
	}
	err := parallel.Each(ctx, entries, func(i int, e source.Entry) (err error) {
		if e.Markdown() {
			readings[i], err = d.readText(e, again, parse)
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

// readText reads a text, and parses it where it is not what it was.
func (d *desk) readText(e source.Entry, again bool, parse func(source.File) (markdown.Document, diag.List)) (r reading, err error) {
	data, list, err := source.Read(d.root, e)
	if err != nil {
		list = diag.List{*unreadable(e.Name(), err)}
	}
	if list.HasErrors() {
		r.list, r.changed = list, true
		return r, nil
	}
	same, err := d.sameText(e, data.Data)
	if err != nil || same && !again {
		return r, err
	}
	doc, list := parse(data)
	r.html, doc.HTML, doc.Plain = doc.HTML, nil, nil
	r.doc, r.list, r.changed = &doc, list, true
	if same {
		r.at = d.texts[e.Path].now.at
		return r, nil
	}
	r.at, err = d.spool.Put(data.Data)
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
		if len(r.html) > 0 {
			found.drawn[r.doc] = r.html
		}
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

// sameText reports whether a file has the bytes that it had when it was last read.
func (d *desk) sameText(e source.Entry, data []byte) (bool, error) {
	t := d.texts[e.Path]
	if t == nil || t.now.doc == nil || t.now.at.Size() != len(data) {
		return false, nil
	}
	old, err := d.spool.Get(t.now.at)
	return err == nil && string(old) == string(data), err
}
