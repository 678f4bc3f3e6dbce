package generator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Preview is a site held in memory: the chain of Build, with the last step left to whoever asks for a file. It reads
// again only what changed, and makes a file when it is wanted.
//
// An author's mistake takes nothing away that was there: a text with errors is shown as it last was without, and so are
// the theme and waymark.yaml. What never was without errors is left out.
//
// Its methods may be called by several goroutines.
type Preview struct {
	config Config
	root   *os.Root
	spool  *spool // of the sources, so that a text can be drawn as it was when the site was last made

	updating sync.Mutex // one Update at a time; guards what only Updates use
	settings settings
	theme    theme
	texts    map[string]*text // by path
	files    map[string]*file
	links    []source.Entry // symbolic links, which change when what they name does
	scanned  diag.List      // what is wrong with the folder itself
	static   []string
	modelled diag.List         // what the site as a whole has to say
	behind   bool              // whether a change could not be read
	reparse  bool              // whether texts have to be parsed again, because waymark.yaml says something else of their meaning
	seen     map[string]string // signatures of files that are no texts, by name
	faulty   map[string]*text  // the texts that have diagnostics, by path
	tidyAt   int64             // how large the spool may become, in bytes, before it is looked through
	pending  bool              // whether what was read is not what is shown

	mu    sync.RWMutex         // guards what is shown
	shown *shown               // nil while there is none
	list  diag.List            // all diagnostics, sorted
	out   []leftOut            // texts that are not shown at all, because of errors
	stale map[string]diag.List // by name: texts that are shown as they were, and why

	memory memory
}

// shown is the site as it is shown.
type shown struct {
	*edition
	products map[string]product
	parser   *markdown.Parser
	sources  map[string]piece   // of the texts, by path
	kept     map[string]*Answer // pages as they were, of texts that had to be left out, with what they need
	day      dates.Date
}

// settings are waymark.yaml as it was last read without errors.
type settings struct {
	config site.Config
	known  bool
	parser *markdown.Parser
	list   diag.List
}

// theme is the theme as it was last read without errors.
type theme struct {
	*render.Theme
	assets *render.Assets
	list   diag.List
}

// text is a Markdown file.
type text struct {
	entry   source.Entry
	now     version   // as the file stands
	good    version   // as the site shows it; without a document where it does not
	use     *version  // what the model that is being made has of it
	fresh   bool      // whether it changed since the site was last made
	suspect bool      // whether it was stuck when the site was last made
	stuck   diag.List // the errors of the site that keep it from being shown as it stands
	address string    // where it was shown before it was left out
}

// version is a text as it was at one time.
type version struct {
	doc  *markdown.Document // nil where it could not be read
	at   piece              // its source in the spool
	list diag.List
}

// fit reports whether the version can be shown. Maps with errors are shown with the errors beside them.
func (v version) fit() bool { return v.doc != nil && onlyMaps(v.list) }

// file is any other file of the content.
type file struct {
	site.File
	problem *diag.Diagnostic
}

// Change says what happened to the files of a site.
type Change struct {
	Paths []string  // of files and folders, relative to the site's folder, slash-separated
	All   bool      // whether more may have changed than Paths says
	Clock time.Time // the caller's clock, as in Config
}

// Update says what came of a Change. Addresses are absolute within the site.
type Update struct {
	Nothing     bool      // whether all files are as they were
	Names       []string  // the files that changed, came or went, relative to the site's folder
	Address     string    // of the page of the text that changed, where it is one only; empty where it has none
	Files       []string  // the addresses of other files that changed: pictures, downloads
	Pages       int       // how many pages the site has now
	Diagnostics diag.List // all of the site, sorted
}

// OpenPreview reads a site, as far as it can be read. Mistakes of the author's, even one that leaves no site at all, are
// no error. The Output of the Config is not used. Close the Preview when it is no longer needed.
func OpenPreview(ctx context.Context, c Config) (*Preview, Update, error) {
	root, err := openSite(c.Dir)
	if err != nil {
		return nil, Update{}, err
	}
	p := &Preview{config: c, root: root, texts: map[string]*text{}, files: map[string]*file{}, seen: map[string]string{}, faulty: map[string]*text{}}
	if p.spool, err = newSpool(); err != nil {
		_ = root.Close() // it was only read
		return nil, Update{}, err
	}
	u, err := p.Update(ctx, Change{All: true, Clock: c.Clock})
	if err != nil {
		p.Close()
		return nil, u, err
	}
	return p, u, nil
}

// Close gives back what the Preview holds.
func (p *Preview) Close() {
	_ = p.root.Close() // it was only read
	p.spool.close()
}

// Update reads again what changed, and makes the site anew where that matters. Until it returns, the site is shown as it
// was. The error is the machine's; the next Update then reads everything.
func (p *Preview) Update(ctx context.Context, c Change) (Update, error) {
	p.updating.Lock()
	defer p.updating.Unlock()
	p.config.Clock = c.Clock
	first := p.shown == nil
	c.All = c.All || first || p.behind
	p.behind = true
	changed, err := p.reread(ctx, c)
	if err != nil {
		return Update{}, err
	}
	sameDay, err := p.sameDay()
	if err != nil {
		return Update{}, err
	}
	u := Update{Names: slices.Concat(changed.others, changed.texts, changed.files), Nothing: changed.nothing() && !first && sameDay}
	switch {
	case u.Nothing:
	case changed.onlyTexts && sameDay && p.revise(changed.texts):
	default:
		if err := p.model(); err != nil {
			return u, err
		}
		p.judge()
	}
	p.behind, p.reparse = changed.incomplete, false
	if err := p.tidy(); err != nil {
		return u, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !u.Nothing {
		p.memory.forget()
		p.list = p.diagnostics()
	}
	u.Diagnostics = slices.Clone(p.list)
	if p.shown != nil {
		u.Pages = len(p.shown.site.Pages)
		u.Files = p.addresses(changed.files)
		if len(changed.texts) == 1 {
			u.Address = p.addressOf(changed.texts[0])
		}
	}
	return u, nil
}

// slack is how much of the spool, in bytes, may be sources that nobody wants any more, beside as much again as is wanted.
const slack = 16 << 20

// tidy copies the sources that are wanted into a new spool when there are many others in the old one.
func (p *Preview) tidy() error {
	wanted := map[piece]piece{}
	live := int64(slack)
	want := func(at piece) {
		if _, known := wanted[at]; !known {
			wanted[at] = at
			live += 2 * int64(at.size)
		}
	}
	if p.spool.end < p.tidyAt {
		return nil
	}
	for _, t := range p.texts {
		want(t.now.at)
		want(t.good.at)
	}
	if p.shown != nil {
		for _, at := range p.shown.sources {
			want(at)
		}
	}
	p.tidyAt = live
	if p.spool.end < live {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	next, err := p.spool.rewritten(wanted)
	if err != nil {
		return err
	}
	for _, t := range p.texts {
		t.now.at, t.good.at = wanted[t.now.at], wanted[t.good.at]
	}
	if p.shown != nil {
		for name, at := range p.shown.sources {
			p.shown.sources[name] = wanted[at]
		}
	}
	p.spool.close()
	p.spool = next
	return nil
}

// Spooled returns how many bytes of sources the Preview keeps on disk.
func (p *Preview) Spooled() int64 {
	p.updating.Lock()
	defer p.updating.Unlock()
	return p.spool.end
}

// sameDay reports whether the site was made on the day that it is now: pages come and go with the day.
func (p *Preview) sameDay() (bool, error) {
	if p.shown == nil || !p.settings.known {
		return true, nil
	}
	day, err := today(p.config, p.settings.config)
	return day.Time.Equal(p.shown.day.Time), err
}

// addressOf returns where a text is shown, or would be if it had no errors. The caller holds the lock.
func (p *Preview) addressOf(name string) string {
	if page := p.shown.site.PageOf(strings.TrimPrefix(name, source.Folder+"/")); page != nil {
		return page.URL
	}
	if i := slices.IndexFunc(p.out, func(o leftOut) bool { return o.name == name }); i >= 0 {
		return p.out[i].address
	}
	return ""
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
}

func (c changes) nothing() bool {
	return len(c.texts)+len(c.files)+len(c.others) == 0 && !c.all && !c.noticed
}

// reread reads what a Change names.
func (p *Preview) reread(ctx context.Context, c Change) (changes, error) {
	below := func(folders ...string) bool { return c.All || len(c.in(folders...)) > 0 }
	config, themed := p.changed(c.in(configFile)), p.changed(c.in("layouts", "assets", "themes"))
	found := changes{all: c.All, others: slices.Concat(config, themed)}
	retheme := c.All || len(themed) > 0
	if c.All || len(config) > 0 {
		options, name := parserOptions(p.settings.config), p.settings.config.Theme
		if err := p.readSettings(); err != nil {
			return found, err
		}
		p.reparse = p.reparse || p.settings.known && !reflect.DeepEqual(options, parserOptions(p.settings.config))
		retheme = retheme || name != p.settings.config.Theme
	}
	if !p.settings.known {
		return found, nil
	}
	again := p.reparse
	if p.settings.parser == nil || again {
		p.settings.parser = markdown.NewParser(parserOptions(p.settings.config))
	}
	if retheme {
		if err := p.readTheme(); err != nil {
			return found, err
		}
	}
	if below("static") {
		names, err := listStatic(p.root)
		if err != nil {
			return found, err
		}
		p.static = names
		found.files = p.changed(c.in("static"))
	}
	if again {
		if err := p.reparseGood(); err != nil {
			return found, err
		}
	}
	if again || below(source.Folder) {
		if err := p.rereadContent(ctx, c, again, &found); err != nil {
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
func (p *Preview) reparseGood() error {
	for _, t := range p.texts {
		if t.good.doc == nil || t.good.doc == t.now.doc {
			continue
		}
		data, err := p.spool.get(t.good.at)
		if err != nil {
			return err
		}
		doc, list := p.settings.parser.Outline(source.File{Path: t.entry.Path, Name: t.entry.Name(), Data: data})
		t.good.doc, t.good.list = &doc, list
		if !t.good.fit() {
			t.good = version{}
		}
	}
	return nil
}

// changed returns those of the named files that are not what they were when they were last named. Folders, and what other
// programs have for themselves, do not count.
func (p *Preview) changed(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		info, err := p.root.Stat(name)
		return source.Hidden(path.Base(name)) || err == nil && info.IsDir() && name != configFile || !p.isNew(name, p.signature(name))
	})
}

// isNew reports whether a file has another signature than before, and remembers the new one.
func (p *Preview) isNew(name, signature string) bool {
	was := p.seen[name]
	p.seen[name] = signature
	return was != signature
}

// hashed is up to which size, in bytes, a file's signature is made of all of it. Larger ones are known by their time.
const hashed = 4 << 20

// signature tells versions of a file apart.
func (p *Preview) signature(name string) string {
	info, err := p.root.Stat(name)
	if err == nil && info.Size() > hashed {
		return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	}
	data, err := p.root.ReadFile(name)
	if err != nil {
		return "none"
	}
	return digest(data)
}

func (p *Preview) readSettings() error {
	config, list, err := wantedConfig(p.root, p.config)
	if usage := new(UsageError); errors.As(err, &usage) {
		return err
	}
	if err != nil {
		list = diag.List{*unreadable(configFile, err)}
	}
	p.settings.list = list
	if !list.HasErrors() {
		p.settings.config, p.settings.known = config, true
	}
	return nil
}

func (p *Preview) readTheme() error {
	t, assets, list, err := readTheme(p.root, p.settings.config.Theme)
	if err != nil {
		return err
	}
	p.theme.list = list
	if t != nil && assets != nil && !list.HasErrors() {
		p.theme.Theme, p.theme.assets = t, assets
	}
	return nil
}

// rereadContent reads the texts and files that changed. Where no more is known than that texts which were there before
// are there still, the folder is not looked through.
func (p *Preview) rereadContent(ctx context.Context, c Change, again bool, found *changes) error {
	names := c.in(source.Folder)
	entries, known := p.knownTexts(names)
	if found.onlyTexts = known && !c.All && !again; !found.onlyTexts {
		all, list, err := source.Scan(p.root)
		switch {
		case err != nil && p.shown == nil && errors.Is(err, os.ErrNotExist):
			return noContent(p.config.Dir)
		case err != nil:
			list = diag.List{*unreadable(source.Folder, err)}
		}
		found.noticed = !slices.Equal(p.scanned, list)
		p.scanned = list
		if err != nil {
			found.incomplete = true // what was there stays, and everything is looked at when it can be
			return nil
		}
		p.dropMissing(all, found)
		named := make(map[string]bool, len(names))
		for _, name := range names {
			named[name] = true
		}
		entries = slices.DeleteFunc(all, func(e source.Entry) bool {
			if again || c.All || e.Link || named[e.Name()] {
				return false
			}
			return p.texts[e.Path] != nil || p.files[e.Path] != nil
		})
	}
	return p.read(ctx, entries, again, found)
}

// knownTexts returns the entries of the named texts and of all links; false where a name is not one of a text that was
// there before and is there still.
func (p *Preview) knownTexts(named []string) (entries []source.Entry, known bool) {
	for _, name := range named {
		t := p.texts[strings.TrimPrefix(name, source.Folder+"/")]
		if t == nil || t.entry.Link {
			return nil, false
		}
		info, err := p.root.Lstat(name)
		if err != nil || !info.Mode().IsRegular() {
			return nil, false
		}
		e := t.entry
		e.Size = info.Size()
		entries = append(entries, e)
	}
	return append(entries, p.links...), true
}

// dropMissing forgets what is no longer in the folder.
func (p *Preview) dropMissing(all []source.Entry, found *changes) {
	there := make(map[string]bool, len(all))
	p.links = nil
	for _, e := range all {
		there[e.Path] = true
		if e.Link {
			p.links = append(p.links, e)
		}
	}
	for name, t := range p.texts {
		if !there[name] {
			found.texts = append(found.texts, t.entry.Name())
			delete(p.texts, name)
			delete(p.faulty, name)
		}
	}
	for name := range p.files {
		if !there[name] {
			found.files = append(found.files, path.Join(source.Folder, name))
			delete(p.files, name)
			delete(p.seen, path.Join(source.Folder, name))
		}
	}
	slices.Sort(found.texts)
}

// drawn is up to how many changed texts are drawn at once: somebody looks at them, most likely.
const drawn = 8

// read reads entries, several at a time.
func (p *Preview) read(ctx context.Context, entries []source.Entry, again bool, found *changes) error {
	type result struct {
		version
		file      *file
		signature string
		changed   bool
		html      []byte
	}
	results := make([]result, len(entries))
	parse := p.settings.parser.Outline
	if len(entries) <= drawn {
		parse = p.settings.parser.Parse
	}
	group, ctx := workers(ctx)
	for i, e := range entries {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r := &results[i]
			if !e.Markdown() {
				f, problem, err := inspectFile(p.root, e)
				if err != nil {
					problem = unreadable(e.Name(), err)
				}
				r.file, r.changed, r.signature = &file{f, problem}, true, p.signature(e.Name())
				return nil
			}
			data, list, err := source.Read(p.root, e)
			if err != nil {
				list = diag.List{*unreadable(e.Name(), err)}
			}
			if list.HasErrors() {
				r.list, r.changed = list, true
				return nil
			}
			same, err := p.sameText(e, data.Data)
			if err != nil || same && !again {
				return err
			}
			doc, list := parse(data)
			r.html, doc.HTML = doc.HTML, nil
			r.doc, r.list, r.changed = &doc, list, true
			if same {
				r.at = p.texts[e.Path].now.at
				return nil
			}
			r.at, err = p.spool.put(data.Data)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, e := range entries {
		r := results[i]
		switch {
		case !r.changed:
		case r.file != nil:
			if p.isNew(e.Name(), r.signature) || p.files[e.Path] == nil {
				found.files = append(found.files, e.Name())
			}
			p.files[e.Path] = r.file
		default:
			if p.texts[e.Path] == nil {
				p.texts[e.Path] = &text{}
				found.onlyTexts = false
			}
			t := p.texts[e.Path]
			t.entry, t.now, t.fresh = e, r.version, true
			if delete(p.faulty, e.Path); len(r.list) > 0 {
				p.faulty[e.Path] = t
			}
			found.texts = append(found.texts, e.Name())
			if len(r.html) > 0 {
				p.memory.keepText(r.doc, r.html)
			}
		}
	}
	slices.Sort(found.texts)
	return nil
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
func (p *Preview) sameText(e source.Entry, data []byte) (bool, error) {
	t := p.texts[e.Path]
	if t == nil || t.now.doc == nil || t.now.at.size != len(data) {
		return false, nil
	}
	old, err := p.spool.get(t.now.at)
	return err == nil && string(old) == string(data), err
}

// diagnostics gathers what all stages have to say.
func (p *Preview) diagnostics() diag.List {
	list := slices.Concat(p.settings.list, p.theme.list, p.scanned, p.modelled)
	for _, t := range p.faulty {
		list.Add(t.now.list...)
	}
	for _, f := range p.files {
		if f.problem != nil {
			list.Add(*f.problem)
		}
	}
	list.Sort()
	return list
}

// addresses returns where files of content and static lie in the site. The caller holds the lock.
func (p *Preview) addresses(names []string) []string {
	var out []string
	for _, name := range names {
		if rest, found := strings.CutPrefix(name, "static/"); found {
			out = append(out, "/"+rest)
			continue
		}
		i := slices.IndexFunc(p.shown.site.Files, func(f site.File) bool { return path.Join(source.Folder, f.Source) == name })
		if i < 0 {
			continue
		}
		f := p.shown.site.Files[i]
		out = append(out, "/"+f.Path)
		if f.Image != nil {
			for _, s := range f.Image.Scaled {
				out = append(out, "/"+s.Path)
			}
		}
	}
	return out
}

// body draws the text of a page.
func (p *Preview) body(page *site.Page) ([]byte, error) {
	if html := p.memory.text(page.Doc); html != nil {
		return html, nil
	}
	data, err := p.spool.get(p.shown.sources[page.Doc.Path])
	if err != nil {
		return nil, err
	}
	doc, _ := p.shown.parser.Parse(source.File{Path: page.Doc.Path, Name: page.Doc.Name, Data: data})
	p.memory.keepText(page.Doc, doc.HTML)
	return doc.HTML, nil
}

// Answer is a file of the site.
type Answer struct {
	Data    []byte           // nil where the problem keeps it from being made, and for a copy
	Copy    string           // the file that it is a copy of, for Open; empty for what is made
	Problem *diag.Diagnostic // what the theme has to say of it, or nil
	Page    bool             // whether it is a page to be looked at
	Lasting bool             // whether its name changes whenever its bytes do
	Version string           // of a page: differs where the Data do, but for the address of the style sheet
	Style   string           // the address of the style sheet of the whole site, within the site
}

// Lost is the name by which Get knows the page for addresses at which there is nothing. It is 404.html, but works at any
// address, even if the site does not say where it will stand.
const Lost = ""

// Get makes a file of the site as Build would write it. name is its path relative to the output folder. It returns nil
// where the site has no such file.
func (p *Preview) Get(name string) (*Answer, error) {
	if item := p.picture(name); item != nil {
		return p.scaled(*item) // takes long, and needs nothing of the site
	}
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.answer(name)
}

// picture returns the narrower version of a picture that has a name, or nil.
func (p *Preview) picture(name string) *product {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil {
		return nil
	}
	if item, found := p.shown.products[name]; found && item.recipe != nil {
		return &item
	}
	return nil
}

// scaled makes a narrower version of a picture, once.
func (p *Preview) scaled(item product) (*Answer, error) {
	recipe, err := item.recipe()
	if err == nil {
		if a := p.memory.picture(recipe); a != nil {
			return a, nil
		}
		var m made
		if m, err = item.make(); err == nil {
			a := &Answer{Data: m.data, Problem: m.problem}
			p.memory.keepPicture(recipe, a)
			return a, nil
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // the picture went away, and the next Update says so
	}
	return nil, err
}

// Open opens the file that an Answer is a copy of.
func (p *Preview) Open(a *Answer) (*os.File, error) { return p.root.Open(a.Copy) }

// answer is Get for who holds the lock.
func (p *Preview) answer(name string) (*Answer, error) {
	if p.shown == nil {
		return nil, nil //nolint:nilnil // there is no file of a site that is not there
	}
	item, found := p.shown.products[name]
	if !found {
		return p.shown.kept[name], nil
	}
	if item.copied != "" {
		return &Answer{Copy: item.copied}, nil
	}
	if a := p.memory.answer(name); a != nil {
		return a, nil
	}
	m, err := item.make()
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // it went away, and the next Update says so
	}
	if err != nil {
		return nil, err
	}
	style, integrity := p.shown.assets.Style()
	a := &Answer{Data: m.data, Problem: m.problem, Page: item.page != nil, Lasting: item.named, Style: "/" + style}
	if m.problem != nil && m.problem.Severity == diag.Error {
		a.Data = nil
	}
	if !a.Page {
		return a, nil
	}
	a.Version = digest([]byte(strings.NewReplacer(style, "", integrity, "").Replace(string(a.Data))))
	p.memory.keepAnswer(name, a)
	return a, nil
}

// Has reports whether the site has a file of this name, relative to the output folder.
func (p *Preview) Has(name string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil {
		return false
	}
	_, found := p.shown.products[name]
	return found || p.shown.kept[name] != nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// Base returns the path at which the site will stand on the web, with a slash at both ends: that of base_url.
func (p *Preview) Base() string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown == nil || p.shown.site.Config.BaseURL == "" {
		return "/"
	}
	u, err := url.Parse(p.shown.site.Config.BaseURL)
	if err != nil {
		return "/"
	}
	return u.Path
}

// Sources returns the files and folders of a site's folder from which the site is made.
func Sources() []string {
	return []string{source.Folder, "layouts", "assets", "static", "themes", configFile}
}
