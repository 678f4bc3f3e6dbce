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
	Paths []string // slash-separated, relative to the root, sorted; of files, and of folders that came or went
	All   bool     // whether more may have changed than Paths says
}

// Options say what to watch.
type Options struct {
	Root  string   // a folder
	Names []string // the files and folders directly below it that matter, whether they exist yet or not
	Poll  bool     // look through the folders, whatever the system can do
}

// Events closer than settle belong together; a Change waits for the last of them, but no longer than patience.
const (
	settle   = 8 * time.Millisecond
	patience = 250 * time.Millisecond
	interval = 500 * time.Millisecond
)

// Watcher watches one site.
type Watcher struct {
	options  Options
	changes  chan Change
	system   *fsnotify.Watcher // nil where it polls
	reason   string
	interval time.Duration
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
	w := &Watcher{options: options, changes: make(chan Change), interval: every, stop: stop, done: make(chan struct{})}
	switch {
	case options.Poll:
		w.reason = "as asked"
	case remote(options.Root):
		w.reason = "the folder lies on another machine, which does not tell of changes"
	default:
		w.system, w.reason = watchAll(w, add)
	}
	if w.system == nil {
		seen := w.look()
		go w.poll(ctx, seen)
	} else {
		go w.listen(ctx, add)
	}
	return w, nil
}

// Changes returns what happens. While nobody receives, changes gather into one.
func (w *Watcher) Changes() <-chan Change { return w.changes }

// Polling returns why the folders are looked through at intervals, or "" where the system tells of changes.
func (w *Watcher) Polling() string { return w.reason }

// Close stops watching, and closes the channel of changes.
func (w *Watcher) Close() {
	w.stop()
	<-w.done
}

// watchAll asks the system to watch every folder. It returns nil and the reason where it cannot.
func watchAll(w *Watcher, add func(*fsnotify.Watcher, string) error) (*fsnotify.Watcher, string) {
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, "the system cannot watch: " + err.Error()
	}
	err = add(system, w.options.Root)
	for _, name := range w.options.Names {
		if err == nil {
			err = addTree(system, add, filepath.Join(w.options.Root, name), nil)
		}
	}
	if err != nil {
		_ = system.Close() // what matters is why it cannot be used
		return nil, "the system cannot watch so many folders: " + err.Error()
	}
	return system, ""
}

// addTree watches a folder and all below it, and tells of every file there: they may have come before the watch did.
func addTree(system *fsnotify.Watcher, add func(*fsnotify.Watcher, string) error, folder string, found func(path string)) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // it went away again
		case err != nil:
			return err
		case d.IsDir():
			if err := add(system, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		case found != nil:
			found(path)
		}
		return nil
	})
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
	paths map[string]bool
	all   bool
	since time.Time
}

func (g *gathered) empty() bool { return len(g.paths) == 0 && !g.all }

func (g *gathered) change() Change {
	c := Change{All: g.all}
	for p := range g.paths {
		c.Paths = append(c.Paths, p)
	}
	slices.Sort(c.Paths)
	return c
}

// listen gathers the system's events until they settle, and delivers them.
func (w *Watcher) listen(ctx context.Context, add func(*fsnotify.Watcher, string) error) {
	defer close(w.done)
	defer close(w.changes)
	defer func() { _ = w.system.Close() }() // nothing is left to do with it
	waiting := gathered{paths: map[string]bool{}}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	var ready chan Change // nil until the events have settled
	var next Change
	for {
		select {
		case <-ctx.Done():
			return
		case ready <- next:
			waiting, ready = gathered{paths: map[string]bool{}}, nil
			continue
		case <-timer.C:
			if !waiting.empty() {
				ready, next = w.changes, waiting.change()
			}
			continue
		case event, open := <-w.system.Events:
			if !open {
				return
			}
			w.take(event, &waiting, add)
		case err := <-w.system.Errors:
			// Events were lost, or could not be read: folders may have come of which nothing is known.
			waiting.all = true
			for _, name := range w.options.Names {
				err = errors.Join(err, addTree(w.system, add, filepath.Join(w.options.Root, name), nil))
			}
			_ = err // all is looked at again, which is all that can be done
		}
		if waiting.empty() {
			continue
		}
		if waiting.since.IsZero() {
			waiting.since = time.Now()
		}
		ready = nil // what has come belongs to it
		timer.Reset(max(0, min(settle, patience-time.Since(waiting.since))))
	}
}

// take adds one event of the system.
func (w *Watcher) take(event fsnotify.Event, waiting *gathered, add func(*fsnotify.Watcher, string) error) {
	rel, matters := w.relative(event.Name)
	if !matters || event.Op == fsnotify.Chmod {
		return
	}
	waiting.paths[rel] = true
	if event.Has(fsnotify.Rename) || event.Has(fsnotify.Remove) {
		w.forget(event.Name)
	}
	if !event.Has(fsnotify.Create) {
		return
	}
	if info, err := os.Stat(event.Name); err != nil || !info.IsDir() {
		return
	}
	err := addTree(w.system, add, event.Name, func(path string) {
		if rel, matters := w.relative(path); matters {
			waiting.paths[rel] = true
		}
	})
	if err != nil {
		waiting.all = true
	}
}

// forget stops watching a folder that went away, and those below it: the system would go on to tell of a folder that was
// renamed by its old name.
func (w *Watcher) forget(folder string) {
	for _, watched := range w.system.WatchList() {
		if watched == folder || strings.HasPrefix(watched, folder+string(filepath.Separator)) {
			_ = w.system.Remove(watched) // the system may have been quicker
		}
	}
}

// look returns what stands below the root.
func (w *Watcher) look() map[string]fs.FileInfo {
	seen := map[string]fs.FileInfo{}
	for _, name := range w.options.Names {
		_ = filepath.WalkDir(filepath.Join(w.options.Root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // what cannot be read now is seen as gone, and seen again when it comes back
			}
			if rel, matters := w.relative(path); matters && !d.IsDir() {
				if info, err := d.Info(); err == nil {
					seen[rel] = info
				}
			}
			return nil
		})
	}
	return seen
}

// poll looks through the folders at intervals.
func (w *Watcher) poll(ctx context.Context, seen map[string]fs.FileInfo) {
	defer close(w.done)
	defer close(w.changes)
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
		select {
		case <-ctx.Done():
			return
		case w.changes <- c:
			seen = now
		}
	}
}

func differences(before, after map[string]fs.FileInfo) []string {
	var paths []string
	for path, now := range after {
		was := before[path]
		if was == nil || !os.SameFile(was, now) || was.Size() != now.Size() || !was.ModTime().Equal(now.ModTime()) {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if after[path] == nil {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
