// Package preview holds a site in memory while it is being written: the chain of a build, with the last step left to whoever
// asks for a file. It reads again only what changed, and makes a file when it is wanted.
//
// An edit walks through three hands. The desk is what lies before the author: texts, files, theme and waymark.yaml, as they
// stand and as they last were without errors. An attempt makes a site of it, and takes back what makes it wrong. What came of
// it is shown: one value with its site, files, mistakes and what is left out, which takes the place of the old one at once.
package preview

import (
	"context"
	"errors"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/words"
)

// Preview is a site held in memory. An author's mistake takes nothing away that was there: a text with errors is shown as it
// last was without, and so are the theme and waymark.yaml. What never was without errors is left out.
//
// Its methods may be called by several goroutines.
type Preview struct {
	config generator.Config

	updating sync.Mutex // one Update at a time; guards the desk, and what the last attempt left
	desk     *desk
	modelled diag.List // what the site as a whole has to say
	pending  bool      // whether what was read is not what is shown
	behind   bool      // whether a change could not be read

	mu    sync.RWMutex // guards what is shown: readers hold it while they make files of it
	shown *shown

	scaling singleflight.Group // of pictures
}

// Change says what happened to the files of a site.
type Change struct {
	Paths []string  // of files and folders, relative to the site's folder, slash-separated
	All   bool      // whether more may have changed than Paths says
	Clock time.Time // the caller's clock, as in generator.Config
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

// Sources returns the files and folders of a site's folder from which the site is made.
func Sources() []string {
	return []string{source.Folder, "layouts", "assets", source.StaticFolder, "themes", words.Folder, config.File}
}

// Open reads a site, as far as it can be read. Mistakes of the author's, even one that leaves no site at all, are no error.
// Of the Config, it is not used where a build is written to, nor how strict it is. Close the Preview when it is no longer
// needed.
func Open(ctx context.Context, c generator.Config) (*Preview, Update, error) {
	desk, err := newDesk(c)
	if err != nil {
		return nil, Update{}, err
	}
	p := &Preview{config: c, desk: desk, shown: &shown{}}
	u, err := p.Update(ctx, Change{All: true, Clock: c.Clock})
	if err != nil {
		p.Close()
		return nil, u, err
	}
	p.desk.memo.Save()
	p.desk.remember()
	return p, u, nil
}

// Close gives back what the Preview holds.
func (p *Preview) Close() { p.desk.close() }

// Update reads again what changed, and makes the site anew where that matters. Until it returns, the site is shown as it
// was. The error is the machine's, or a fault of Waymark's own; the next Update then reads everything.
func (p *Preview) Update(ctx context.Context, c Change) (u Update, err error) {
	p.updating.Lock()
	defer p.updating.Unlock()
	defer func() {
		if cause := recover(); cause != nil {
			err = errors.New(diag.Fault("", cause).Message)
		}
	}()
	p.config.Clock = c.Clock
	first := p.shown.empty()
	c.All = c.All || first || p.behind
	p.behind = true
	changed, err := p.desk.reread(ctx, c)
	if err != nil {
		return u, err
	}
	sameDay, err := p.sameDay()
	if err != nil {
		return u, err
	}
	u = Update{Names: slices.Concat(changed.others, changed.texts, changed.files), Nothing: changed.nothing() && !first && sameDay}
	switch {
	case u.Nothing:
	case changed.onlyTexts && sameDay && p.revise(changed.texts):
	default:
		if err := p.model(); err != nil {
			return u, err
		}
	}
	_ = p.desk.memo.Tidy(p.wanted) // where there is no room for it, it is tried again later
	p.behind, p.desk.reparse = changed.incomplete, false
	p.describe(&u, changed)
	return u, nil
}

// wanted yields the keys of all that the memo may have of texts that lie on the desk, or are shown.
func (p *Preview) wanted(yield func(memo.Key) bool) {
	shelf := p.desk.settings.shelf
	if shelf == nil {
		return
	}
	for _, keys := range []iter.Seq[memo.Key]{p.desk.keys, maps.Values(p.shown.keys)} {
		for key := range keys {
			for part := range shelf.Parts(key) {
				if !yield(part) {
					return
				}
			}
		}
	}
}

// describe fills in what came of a change.
func (p *Preview) describe(u *Update, changed changes) {
	s := p.shown // only Updates put another one there
	u.Diagnostics = slices.Clone(s.diagnostics)
	if s.empty() {
		return
	}
	u.Pages = len(s.site().Pages)
	u.Files = s.addresses(changed.files)
	if len(changed.texts) == 1 {
		u.Address = s.addressOf(changed.texts[0])
	}
}

// sameDay reports whether the site was made on the day that it is now: pages come and go with the day.
func (p *Preview) sameDay() (bool, error) {
	if p.shown.empty() || !p.desk.settings.known {
		return true, nil
	}
	day, err := p.desk.settings.config.Today(p.config.Now, p.config.Clock)
	return day.Time.Equal(p.shown.day.Time), err
}

// model attempts to make the site anew of what lies on the desk. Where no text is to blame for what is wrong, all of the site
// stays as it was.
func (p *Preview) model() error {
	p.pending = true
	if !p.desk.settings.known || p.desk.theme.Theme == nil {
		p.show(p.shown.again()) // the lists say why
		return nil
	}
	now, err := p.desk.settings.config.Today(p.config.Now, p.config.Clock)
	if err != nil {
		return err
	}
	a := newAttempt(p.desk, site.Input{Drafts: p.config.Drafts, Future: p.config.Future, Now: now}, p.shown.empty())
	made := a.run()
	p.modelled = a.said
	if made == nil {
		p.show(p.shown.again())
		return nil
	}
	next := p.next(made, a.texts)
	next.day = now
	p.pending = false
	p.show(next)
	return nil
}

// next makes of a new site what is to be shown of it.
func (p *Preview) next(s *site.Site, all []*text) *shown {
	p.mu.RLock() // pages that have to be kept are made once more
	defer p.mu.RUnlock()
	next := &shown{edition: p.edition(s, render.Options{}), shelf: p.desk.settings.shelf}
	next.fill(p.edition(s, render.Options{Root: "/"}).Lost(), all)
	for _, t := range all {
		t.fresh = false
		if t.use.doc != nil {
			t.good = *t.use
			next.keys[t.entry.Path] = t.good.key
			continue
		}
		p.keep(next, t)
	}
	next.keepAssets(p.shown)
	return next
}

// edition returns the edition of a site, which takes pages from the memo that were rendered before.
func (p *Preview) edition(s *site.Site, options render.Options) *edition.Edition {
	e := edition.New(p.desk.root, s, p.desk.theme.Theme, options, shelved{p})
	e.Remember(p.desk.memo, memo.Program(), nil)
	return e
}

// keep keeps the page of a text that is left out as it was last shown, if nothing else has its address now.
func (p *Preview) keep(next *shown, t *text) {
	if p.shown.empty() {
		return
	}
	if page := p.shown.site().PageOf(t.entry.Path); page != nil {
		t.address = page.URL
	}
	name := outputPath(t.address)
	if _, taken := next.products[name]; taken || t.address == "" {
		return
	}
	if a, err := p.answer(name); err == nil && a != nil && a.Data != nil {
		next.kept[name] = a
	}
}

// show puts another value in the place of what is shown, with all that there is to say of it.
func (p *Preview) show(next *shown) {
	next = p.described(next)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = next
}

// described adds what there is to say of what is to be shown.
func (p *Preview) described(next *shown) *shown {
	next.judge(p.desk.texts)
	next.diagnostics = p.desk.diagnostics(p.modelled)
	return next
}

// revise puts new versions of texts where the old ones stand, where the rest of the site cannot tell. It reports whether it
// could for all of them. It is the one thing that changes what is shown in its place: nobody looks meanwhile.
func (p *Preview) revise(names []string) bool {
	if p.shown.empty() || p.pending {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range names {
		t := p.desk.texts[strings.TrimPrefix(name, source.Folder+"/")]
		if !t.now.fit() || t.good.doc == nil || len(t.stuck) > 0 || t.now.list.HasErrors() {
			return false
		}
		moved, ok := p.shown.site().Revise(t.now.doc)
		if !ok {
			return false
		}
		t.good, t.fresh, p.shown.keys[t.entry.Path] = t.now, false, t.now.key
		for i := range p.modelled {
			if to, found := moved[p.modelled[i].Pos]; found {
				p.modelled[i].Pos = to
			}
		}
	}
	p.shown.edition.Revised()
	p.shown = p.described(p.shown.again())
	return true
}

// Aside returns how many bytes of texts the Preview has put aside on disk since it was opened.
func (p *Preview) Aside() int64 { return p.desk.memo.Size() }

// Open opens the file that an Answer is a copy of.
func (p *Preview) Open(a *Answer) (*os.File, error) { return source.OpenFile(p.desk.root, a.Copy) }

// shelved fetches the texts of what is shown as they were when it was made. Who asks holds the lock.
type shelved struct{ *Preview }

// HTML implements edition.Texts.
func (t shelved) HTML(page *site.Page) ([]byte, error) {
	return t.shown.shelf.HTML(page.Doc, t.shown.keys[page.Doc.Path], func() (source.File, error) { return t.again(page) })
}

// Plain implements edition.Texts.
func (t shelved) Plain(page *site.Page) ([]byte, error) {
	return t.shown.shelf.Plain(page.Doc, t.shown.keys[page.Doc.Path], func() (source.File, error) { return t.again(page) })
}

func (t shelved) again(page *site.Page) (source.File, error) {
	file, _, err := source.Read(t.desk.root, source.Entry{Path: page.Doc.Path})
	return file, err
}
