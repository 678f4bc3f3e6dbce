package generator

import (
	"context"
	"errors"
	"os"
	"path"
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
func (p *Preview) Update(ctx context.Context, c Change) (u Update, err error) {
	p.updating.Lock()
	defer p.updating.Unlock()
	defer func() {
		if cause := recover(); cause != nil {
			err = errors.New(diag.Fault("", cause).Message)
		}
	}()
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
	u = Update{Names: slices.Concat(changed.others, changed.texts, changed.files), Nothing: changed.nothing() && !first && sameDay}
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

// Sources returns the files and folders of a site's folder from which the site is made.
func Sources() []string {
	return []string{source.Folder, "layouts", "assets", "static", "themes", configFile}
}
