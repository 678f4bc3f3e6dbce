// Package past reads from Git what the maps of a site were at earlier times.
package past

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/history"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/parallel"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Bounds of what is read. Whoever wants more has Git.
const (
	maxVersions = 400 // of a file
	maxDays     = 100 // of a map
)

// Reader reads the past of a site's maps, and remembers it until the history or the maps are others.
type Reader struct {
	dir  string
	memo *memo.Memo
	key  memo.Key
	past map[string]*life
}

// life is what is kept of a map's past.
type life struct {
	Days  []exchange.Day // how it became what it was last
	Last  *exchange.Map  // what that was; nil where nothing is known of it
	Month *exchange.Map  // what it was a month ago; nil where it was not there
	Whole bool           // whether its past is known from its first day on
}

// NewReader returns a Reader for the site in a folder, which keeps what it read in a memo.
func NewReader(dir string, m *memo.Memo) *Reader { return &Reader{dir: dir, memo: m} }

// folder is where the texts lie: the content folder may be a link into another repository.
func folder(dir string) string {
	content := filepath.Join(dir, source.Folder)
	if target, err := filepath.EvalSymlinks(content); err == nil {
		return target
	}
	return content
}

// State names all that the history of a site's texts depends on; see history.State.
func State(ctx context.Context, dir string) string { return history.State(ctx, folder(dir)) }

// Tell says how each map became what it is, and what of that came in the month before today. state is what State says. Where there is
// no history, or only the end of one, that is a diagnostic.
func (r *Reader) Tell(ctx context.Context, state string, docs []*markdown.Document, c config.Config, today dates.Date) (map[string]site.Told, *diag.Diagnostic) {
	docs = slices.DeleteFunc(slices.Clone(docs), func(doc *markdown.Document) bool { return !hasMap(doc) })
	if len(docs) == 0 {
		return nil, nil
	}
	if state == "" {
		return nil, advice(c, "there is no history here that changes could be read from"+because(history.Why(ctx, folder(r.dir))), "make a commit, or take out changes: true")
	}
	since := dates.Date{Time: monthBefore(today.Time), Precision: dates.Day}
	if problem := r.read(ctx, state, docs, c, since); problem != nil {
		return nil, problem
	}
	var problem *diag.Diagnostic
	if history.IsShallow(state) {
		problem = advice(c, "this is the end of a history: what changed before is not told", "fetch all of it (git fetch --unshallow; in a job fetch-depth: 0, or GIT_DEPTH: 0)")
	}
	return r.tell(docs, since), problem
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

func advice(c config.Config, message, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: c.ChangesPos, Severity: diag.Warning, Code: "changes", Message: message, Hint: hint, Advice: true}
}

func hasMap(doc *markdown.Document) bool {
	return slices.ContainsFunc(doc.Maps, func(b markdown.MapBlock) bool { return b.Embed().Map == "" })
}

// read reads what the maps were, unless that is known.
func (r *Reader) read(ctx context.Context, state string, docs []*markdown.Document, c config.Config, since dates.Date) *diag.Diagnostic {
	key := memo.KeyOf("past", memo.Program(), []byte(state), []byte(folder(r.dir)), fmt.Appendf(nil, "%s %s %q %q", c.Zone, since.ISO(), c.Maps(), asked(docs)))
	if r.past != nil && key == r.key {
		return nil
	}
	past := map[string]*life{}
	if data, found := r.memo.Get(key); !found || memo.Decode(data, &past) != nil {
		var err error
		if past, err = r.ask(ctx, state, docs, c, since); err != nil {
			return advice(c, "what changed cannot be told: "+err.Error(), "see what git log says of the texts with maps")
		}
		if data, err := memo.Encode(past); err == nil && r.memo.Kept() {
			r.memo.Keep(key, data)
		}
	}
	r.key, r.past = key, past
	return nil
}

// asked names the maps whose past is wanted.
func asked(docs []*markdown.Document) (names []string) {
	for _, doc := range docs {
		names = append(names, doc.Path)
		for i := range doc.Maps {
			names = append(names, doc.Maps[i].Kind(), doc.Maps[i].ID, fmt.Sprint(doc.Maps[i].Named))
		}
	}
	return names
}

// ask asks Git.
func (r *Reader) ask(ctx context.Context, state string, docs []*markdown.Document, c config.Config, since dates.Date) (map[string]*life, error) {
	parser := markdown.NewParser(markdown.Options{Zone: c.Zone, Maps: c.Maps()})
	log, err := history.ReadLog(ctx, folder(r.dir), state)
	if err != nil {
		return nil, err
	}
	pasts := make([]map[string]*life, len(docs))
	err = parallel.Each(ctx, docs, func(i int, doc *markdown.Document) error {
		versions, err := log.Versions(ctx, doc.Path, maxVersions)
		pasts[i] = map[string]*life{}
		whole := len(versions) < maxVersions && !history.IsShallow(state)
		for id, states := range statesOf(doc, parser, versions, c.Zone) {
			pasts[i][id] = lifeOf(states, whole && len(states) < maxDays, since)
		}
		return err
	})
	past := map[string]*life{}
	for _, p := range pasts {
		maps.Copy(past, p)
	}
	return past, err
}

// tell says what became of each map. What is not in the history yet stands first.
func (r *Reader) tell(docs []*markdown.Document, since dates.Date) map[string]site.Told {
	told := map[string]site.Told{}
	for _, doc := range docs {
		for i := range doc.Maps {
			block := &doc.Maps[i]
			l := r.past[block.ID]
			if l == nil || block.Embed().Map != "" || block.Problems.HasErrors() {
				continue
			}
			now := exchange.Of(block.ID, block.Impact, block.Story)
			t := site.Told{Since: since, Days: l.Days, New: l.Whole && l.Month == nil}
			if day, found := newest(l.Last, now); found && (l.Last != nil || l.Whole) {
				t.Days = append([]exchange.Day{day}, l.Days...)
			}
			if l.Month != nil {
				t.Month = exchange.Diff(*l.Month, now)
			}
			told[block.ID] = t
		}
	}
	return told
}

// monthBefore returns the same day a month before, or the last one of that month.
func monthBefore(day time.Time) time.Time {
	before := day.AddDate(0, -1, 0)
	if before.Day() != day.Day() { // there was no such day
		before = before.AddDate(0, 0, -before.Day())
	}
	return before
}
