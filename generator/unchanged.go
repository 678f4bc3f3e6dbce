package generator

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"waymark/generator/internal/config"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/output"
	"waymark/generator/internal/past"
	"waymark/generator/internal/source"
	"waymark/generator/internal/stamps"
	"waymark/generator/internal/texts"
	"waymark/generator/internal/words"
)

// inputs are the names in a site's folder below which everything lies that decides what is made of it.
var inputs = []string{config.File, source.Folder, source.StaticFolder, "assets", "layouts", "themes", words.Folder}

// state is what a build remembers of itself, so that it need not be done again where nothing changed since.
type state struct {
	Zone   string // in which the day was counted, where nothing said which day it is
	Day    string
	Out    stamps.Tree         // and how the output did when it was written
	Pages  map[string]memo.Key // by what they were made of
	Texts  texts.Files         // and how everything looked before it was read
	Report Report

	Told    bool   // whether pages tell of the history of the site
	History string // and what that was; see past.State

	Problems bool // whether something was found while files were made: it is found again only where they are
}

// state names the state of builds with this program and these choices, of this site, into this folder.
func (c Config) state() memo.Key {
	dir, _ := filepath.Abs(c.Dir)
	out, _ := filepath.Abs(c.Output)
	c.Clock, c.Progress, c.Trace, c.Cache, c.Remote = time.Time{}, nil, nil, "", ""
	return memo.KeyOf("state", memo.Program(), []byte(dir), []byte(out), fmt.Appendf(nil, "%#v", c))
}

// before is how a site's folder looked before a build.
type before struct {
	tree    stamps.Tree // nothing where it cannot be told
	certain bool        // whether nothing can change without looking another way
}

// look looks at everything that decides what is made.
func (b *build) look() (was before) {
	if !b.memo.Kept() || b.Fetch {
		return before{}
	}
	now, err := b.memo.Touched()
	if err != nil {
		return before{}
	}
	tree, known := stamps.Look(b.Dir, source.Hidden, inputs...)
	if !known || !tree.Beside(b.Cache) {
		return before{}
	}
	return before{tree, tree.Certain(now)}
}

// recall reads what the last build of this kind remembers.
func (b *build) recall() {
	var s state
	if data, found := b.memo.State(b.state()); found && !b.Fetch && memo.Decode(data, &s) == nil {
		b.last = &s
	}
}

// unchanged returns the report of the last build, where all that it read and all that it wrote is as it was.
func (b *build) unchanged() (Report, bool) {
	s := b.last
	if s == nil || s.Told && s.History != past.State(context.Background(), b.Dir) || s.Day != b.day(s.Zone) || !s.Texts.Tree.Same(b.Dir) || !s.Out.Same(b.Output) {
		return Report{}, false
	}
	r := s.Report
	r.Cache, r.Files = CacheStats{}, output.Stats{Unchanged: r.Files.Unchanged + r.Files.Written}
	return r, true
}

// day returns which day it is in a time zone.
func (b *build) day(zone string) string {
	if b.Now != "" {
		return b.Now
	}
	z, err := time.LoadLocation(zone)
	if err != nil {
		return ""
	}
	return b.Clock.In(z).Format(time.DateOnly)
}

// remember saves what is needed to tell that nothing changed. Files of an earlier build that stay for this one alone have to go with the
// next: then that is not nothing.
func (b *build) remember(r Report, outputs []string) {
	if !b.was.certain || !b.written || b.stats.Kept > 0 {
		return
	}
	out, known := stamps.At(b.Output, outputs)
	if !known {
		return
	}
	zone := b.config.Zone.String()
	keys := make(map[string]memo.Key, len(b.texts))
	for name, at := range b.texts {
		keys[name] = at.key
	}
	data, err := memo.Encode(state{Zone: zone, Day: b.day(zone), Told: b.config.Changes, History: b.history, Texts: b.shelf.Files(b.was.tree, keys), Out: out, Pages: b.ledger.now, Report: r, Problems: b.problems})
	if err == nil {
		b.memo.SaveState(b.state(), data)
	}
}
