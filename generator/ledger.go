package generator

import (
	"strings"
	"sync"

	"waymark/generator/internal/edition"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
	"waymark/generator/internal/stamps"
)

// ledger is what a build knows of the one before it, and tells the one behind it.
type ledger struct {
	dir    string
	before map[string]stamps.File // how the output looked when it was written
	pages  map[string]memo.Key    // which pages and pictures were written

	// edited are the texts that are another one than before, by their paths, where nothing but words of theirs is another one, nor
	// anything else in the site. It is nil where more changed.
	edited map[string]bool
	site   *site.Site
	memo   *memo.Memo

	mu  sync.Mutex
	now map[string]memo.Key
}

// manyEdited is up to how many texts it is looked whether only words changed.
const manyEdited = 64

// newLedger compares the site with what the last build of its kind saw.
func (b *build) newLedger(was before) *ledger {
	l := &ledger{dir: b.Output, site: b.site, memo: b.memo, now: map[string]memo.Key{}}
	s := b.last
	if s == nil {
		return l
	}
	l.before, l.pages = make(map[string]stamps.File, len(s.Out)), s.Pages
	for _, f := range s.Out {
		l.before[f.Path] = f
	}
	if was.certain && !s.Problems && len(s.Report.LeftOut) == 0 && s.Day == b.day(s.Zone) && s.Told == b.config.Changes && s.History == b.history && onlyTextsDiffer(s.Texts.Tree, was.tree) {
		l.edited = b.edited(s.Texts.Keys)
	}
	return l
}

// onlyTextsDiffer reports whether the same files were there, and all but the texts and the folders are as they were.
func onlyTextsDiffer(old, now stamps.Tree) bool {
	if len(old) != len(now) {
		return false
	}
	by := make(map[string]stamps.File, len(old))
	for _, f := range old {
		by[f.Path] = f
	}
	for _, f := range now {
		was, there := by[f.Path]
		text := strings.HasPrefix(f.Path, source.Folder+"/") && source.IsText(f.Path)
		if !there || was.Kind() != f.Kind() || was != f && !text && !f.Folder() {
			return false
		}
	}
	return true
}

// edited returns the texts that are another one than before, or nil where more than words of theirs is.
func (b *build) edited(before map[string]memo.Key) map[string]bool {
	if len(before) != len(b.texts) {
		return nil
	}
	edited := map[string]bool{}
	for docPath, at := range b.texts {
		old, there := before[docPath]
		if !there {
			return nil
		}
		if old == at.key {
			continue
		}
		page := b.site.PageOf(docPath)
		if len(edited) == manyEdited || page == nil || page.Doc == nil {
			return nil
		}
		if was, known := b.shelf.Known(old); !known || !site.OnlyWords(was.Doc, page.Doc) {
			return nil
		}
		edited[docPath] = true
	}
	return edited
}

// stands reports whether a file of the output is as the last build wrote it.
func (l *ledger) stands(name string) bool {
	f, known := l.before[name]
	return known && stamps.Tree{f}.Same(l.dir)
}

// Stands implements edition.Ledger.
func (l *ledger) Stands(name string, key memo.Key) bool {
	l.write(name, key)
	old, known := l.pages[name]
	return known && old == key && l.stands(name)
}

// Unchanged implements edition.Ledger.
func (l *ledger) Unchanged(o site.Output) bool {
	if l.edited == nil || l.concerns(o) || !l.stands(o.Path) {
		return false
	}
	if key, page := l.pages[o.Path]; page {
		l.write(o.Path, key)
	}
	return true
}

// Note implements edition.Ledger.
func (l *ledger) Note(name string, key memo.Key) { l.write(name, key) }

// write notes an output for the next build. The memo is told that it is wanted, even if it need not be fetched.
func (l *ledger) write(name string, key memo.Key) {
	l.memo.Use(key)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now[name] = key
}

// concerns reports whether an output may be another one because words of a text are.
func (l *ledger) concerns(o site.Output) bool {
	switch o.Kind {
	case site.PageFile:
		return l.hasEdited(o.Page)
	case site.IndexFile:
		return true
	case site.AtomFeed, site.JSONFeed:
		for _, q := range edition.FeedPages(l.site, o.Page) {
			if l.hasEdited(q) {
				return true
			}
		}
	}
	return false
}

func (l *ledger) hasEdited(p *site.Page) bool {
	return p != nil && p.Doc != nil && l.edited[p.Doc.Path]
}
