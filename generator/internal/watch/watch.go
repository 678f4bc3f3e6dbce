// Package watch tells when the files of a site change, however an editor saves them.
//
// Folders are watched, never files, because editors save by renaming. Events that belong together come together: a save
// in several steps, or the thousand files of a switched branch, are one Change. Where the system cannot tell (its limit
// on watches, a network folder), the folders are looked through at intervals instead.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Change is what happened since the last one.
type Change struct {
	Paths   []string // slash-separated, relative to the root, sorted; of files, and of folders that came or went
	All     bool     // whether more may have changed than Paths says
	Polling string   // why the folders are looked through at intervals from now on; empty where they are not, or were before
}

// Options say what to watch.
type Options struct {
	Root  string   // a folder
	Names []string // the files and folders directly below it that matter, whether they exist yet or not
	Poll  bool     // look through the folders, whatever the system can do
}

// Events that are close to one another belong together; a Change waits for the last of them, but no longer than patience.
// A save of one file is over in a moment. A file that went away may be about to come back: some editors move it aside
// first. Many files at once, and a file that is empty, have more to come.
const (
	settleOne  = 3 * time.Millisecond
	settleGone = 12 * time.Millisecond
	settleMany = 30 * time.Millisecond
	settleVoid = 150 * time.Millisecond
	patience   = 250 * time.Millisecond
	interval   = 500 * time.Millisecond
)

// Watcher watches one site.
type Watcher struct {
	options  Options
	changes  chan Change
	add      func(*fsnotify.Watcher, string) error
	system   *fsnotify.Watcher // nil where it polls from the beginning
	reason   string            // why it does
	interval time.Duration
	known    map[string]bool // files that changed before, and are there
	stop     context.CancelFunc
	done     chan struct{}
}

// New begins to watch. It falls back to polling where the system cannot watch all folders, and only fails where the root
// cannot be read.
func New(options Options) (*Watcher, error) { return open(options, (*fsnotify.Watcher).Add, interval) }

// open is New with the system's part, for tests.
func open(options Options, add func(*fsnotify.Watcher, string) error, every time.Duration) (*Watcher, error) {
	if _, err := os.ReadDir(options.Root); err != nil {
		return nil, fmt.Errorf("watch the site: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &Watcher{options: options, changes: make(chan Change), add: add, interval: every, known: map[string]bool{}, stop: stop, done: make(chan struct{})}
	switch {
	case options.Poll:
		w.reason = "as asked"
	case remote(options.Root):
		w.reason = "the folder lies on another machine, which does not tell of changes"
	default:
		w.system, w.reason = w.watchAll()
	}
	seen := (*snapshot)(nil)
	if w.system == nil {
		seen = w.look()
	}
	go w.run(ctx, seen)
	return w, nil
}

// Changes returns what happens. While nobody receives, changes gather into one.
func (w *Watcher) Changes() <-chan Change { return w.changes }

// Polling returns why the folders are looked through at intervals from the beginning, or "" where the system tells of
// changes.
func (w *Watcher) Polling() string { return w.reason }

// Close stops watching, and closes the channel of changes.
func (w *Watcher) Close() {
	w.stop()
	<-w.done
}

// watchAll asks the system to watch every folder. It returns nil and the reason where it cannot.
func (w *Watcher) watchAll() (*fsnotify.Watcher, string) {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, "the system cannot watch: " + err.Error()
	}
	if err := w.addAll(system); err != nil {
		_ = system.Close() // what matters is why it cannot be used
		return nil, tooMany(err)
	}
	return system, ""
}

// renew begins to watch anew. To watch the same folders once more would not do: the system knows one that was renamed by
// the name that it had.
func (w *Watcher) renew() error {
	next, reason := w.watchAll()
	if next == nil {
		return errors.New(reason)
	}
	_ = w.system.Close() // nothing is left to do with it
	w.system = next
	return nil
}

func tooMany(err error) string { return "the system cannot watch so many folders: " + err.Error() }

// addAll watches the root, and all folders in it that matter.
func (w *Watcher) addAll(system *fsnotify.Watcher) error {
	err := w.add(system, w.options.Root)
	for _, name := range w.options.Names {
		if err == nil {
			err = w.addTree(system, filepath.Join(w.options.Root, name), nil)
		}
	}
	return err
}

// addTree watches a folder and all below it, and tells of every file there: they may have come before the watch did.
func (w *Watcher) addTree(system *fsnotify.Watcher, folder string, found func(path string)) error {
	return walk(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // it went away again
		case err != nil:
			return err
		case d.IsDir():
			if err := w.add(system, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		case found != nil:
			found(path)
		}
		return nil
	})
}

// walk is filepath.WalkDir, but that the folder itself may be a symbolic link.
func walk(folder string, do fs.WalkDirFunc) error {
	if info, err := os.Stat(folder); err == nil && info.IsDir() {
		return filepath.WalkDir(folder+string(filepath.Separator)+".", func(path string, d fs.DirEntry, err error) error {
			return do(filepath.Clean(path), d, err)
		})
	}
	return filepath.WalkDir(folder, do)
}

// relative returns a path below the root that matters.
func (w *Watcher) relative(path string) (string, bool) {
	rel, err := filepath.Rel(w.options.Root, path)
	if err != nil || rel == "." {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	top, _, _ := strings.Cut(rel, "/")
	return rel, slices.Contains(w.options.Names, top)
}

// gathered is a Change that is not delivered yet.
type gathered struct {
	paths map[string]bool // whether it was there before, as far as is known
	all   bool
	since time.Time
}

func (g *gathered) empty() bool { return len(g.paths) == 0 && !g.all }

// few is up to how many paths one save touches: a file, and what an editor puts beside it for a moment.
const few = 3

// settle is how long to wait for more.
func (g *gathered) settle(root string) time.Duration {
	wait := settleOne
	if g.all || len(g.paths) > few {
		wait = settleMany
	} else {
		for path, before := range g.paths {
			wait = max(wait, settleFile(filepath.Join(root, filepath.FromSlash(path)), before))
		}
	}
	return max(0, min(wait, patience-time.Since(g.since)))
}

// remember keeps which of the files that changed are there. Most saves are of files that were saved before.
func (w *Watcher) remember(c Change) {
	for _, path := range c.Paths {
		if _, err := os.Lstat(filepath.Join(w.options.Root, filepath.FromSlash(path))); err == nil {
			w.known[path] = true
		} else {
			delete(w.known, path)
		}
	}
}

func settleFile(name string, before bool) time.Duration {
	switch info, err := os.Lstat(name); {
	case err != nil && before:
		return settleGone
	case err != nil: // an editor put it there for a moment
		return settleOne
	case info.Mode().IsRegular() && info.Size() == 0:
		return settleVoid
	}
	return settleOne
}

func (g *gathered) change() Change {
	c := Change{All: g.all}
	for p := range g.paths {
		c.Paths = append(c.Paths, p)
	}
	slices.Sort(c.Paths)
	return c
}

// run tells of changes until ctx ends: of what the system says, for as long as it can, and of what a look finds.
func (w *Watcher) run(ctx context.Context, seen *snapshot) {
	defer close(w.done)
	defer close(w.changes)
	if w.system != nil {
		reason := w.listen(ctx)
		_ = w.system.Close() // nothing is left to do with it
		if reason == "" {
			return
		}
		seen = w.look() // before it is said that anything may have changed: what changes later is found
		if !w.tell(ctx, Change{All: true, Polling: reason}) {
			return
		}
	}
	w.poll(ctx, seen)
}

// tell delivers a change, and reports whether anybody took it before ctx ended.
func (w *Watcher) tell(ctx context.Context, c Change) bool {
	select {
	case <-ctx.Done():
		return false
	case w.changes <- c:
		return true
	}
}

// listen gathers the system's events until they settle, and delivers them. It returns why the system can no longer be
// relied on, or "" where ctx ended.
func (w *Watcher) listen(ctx context.Context) (reason string) {
	waiting := gathered{paths: map[string]bool{}}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var ready chan Change // nil until the events have settled
	var next Change
	for {
		var err error
		select {
		case <-ctx.Done():
			return ""
		case ready <- next:
			waiting, ready = gathered{paths: map[string]bool{}}, nil
			continue
		case <-timer.C:
			if !waiting.empty() {
				ready, next = w.changes, waiting.change()
				w.remember(next)
			}
			continue
		case event, open := <-w.system.Events:
			if !open {
				return "the system stopped watching"
			}
			err = w.take(event, &waiting)
		case lost := <-w.system.Errors:
			// Events were lost, or could not be read: folders may have come of which nothing is known.
			waiting.all = waiting.all || lost != nil
			err = w.renew()
		}
		if err != nil {
			return tooMany(err)
		}
		if waiting.empty() {
			continue
		}
		if waiting.since.IsZero() {
			waiting.since = time.Now()
		}
		ready = nil // what has come belongs to it
		timer.Reset(waiting.settle(w.options.Root))
	}
}

// take adds one event of the system. The error is that of a folder that cannot be watched.
func (w *Watcher) take(event fsnotify.Event, waiting *gathered) error {
	rel, matters := w.relative(event.Name)
	if !matters {
		return nil
	}
	if _, known := waiting.paths[rel]; !known {
		waiting.paths[rel] = !event.Has(fsnotify.Create) || w.known[rel]
	}
	if event.Has(fsnotify.Rename) || event.Has(fsnotify.Remove) {
		w.forget(event.Name)
	}
	if !event.Has(fsnotify.Create) {
		return nil
	}
	if info, err := os.Lstat(event.Name); err != nil || !info.IsDir() {
		return nil //nolint:nilerr // it went away again, which is an event of its own
	}
	return w.addTree(w.system, event.Name, func(path string) {
		if rel, matters := w.relative(path); matters {
			waiting.paths[rel] = true
		}
	})
}

// forget stops watching a folder that went away, and those below it: the system would go on to tell of a folder that was
// renamed by its old name.
func (w *Watcher) forget(folder string) {
	watchList := w.system.WatchList()
	if !slices.Contains(watchList, folder) {
		return // it was a file
	}
	for _, watched := range watchList {
		if watched == folder || strings.HasPrefix(watched, folder+string(filepath.Separator)) {
			_ = w.system.Remove(watched) // the system may have been quicker
		}
	}
}

// snapshot is what stands below the root at a time.
type snapshot struct {
	at    time.Time
	files map[string]fs.FileInfo
}

// grain is how coarse the times are that file systems keep. A file that was written less long before a look may have been
// written again since without a trace.
const grain = 2 * time.Second

func (w *Watcher) look() *snapshot {
	seen := &snapshot{at: time.Now(), files: map[string]fs.FileInfo{}}
	for _, name := range w.options.Names {
		_ = walk(filepath.Join(w.options.Root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // what cannot be read now is seen as gone, and seen again when it comes back
			}
			if rel, matters := w.relative(path); matters && !d.IsDir() {
				if info, err := d.Info(); err == nil {
					seen.files[rel] = info
				}
			}
			return nil
		})
	}
	return seen
}

// poll looks through the folders at intervals.
func (w *Watcher) poll(ctx context.Context, seen *snapshot) {
	ticker := time.NewTicker(w.interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := w.look()
		c := Change{Paths: differences(seen, now)}
		if len(c.Paths) == 0 {
			continue
		}
		if !w.tell(ctx, c) {
			return
		}
		seen = now
	}
}

// differences names the files that changed between two looks, or may have.
func differences(before, after *snapshot) []string {
	var paths []string
	for path, now := range after.files {
		was := before.files[path]
		if was == nil || !os.SameFile(was, now) || was.Size() != now.Size() || !was.ModTime().Equal(now.ModTime()) || before.at.Sub(was.ModTime()).Abs() < grain {
			paths = append(paths, path)
		}
	}
	for path := range before.files {
		if after.files[path] == nil {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
