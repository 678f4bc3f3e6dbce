package output

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Commit puts every staged file in its place and removes what no longer belongs. Where that fails in the middle, what was
// moved is put back; where the disk does not allow that either, the error says how things stand, and the next build mends it.
func (f *Folder) Commit() (Stats, error) {
	defer f.unlock()
	ghosts := f.ghosts()
	stats := Stats{Written: len(f.staged), Unchanged: len(f.next) - len(f.staged) - f.kept, Kept: f.kept}
	if err := f.checkTheWay(ghosts); err != nil {
		return stats, errors.Join(err, f.Abort())
	}
	c := commit{Folder: f}
	err := c.run(ghosts)
	if err != nil {
		err = errors.Join(err, c.putBack(), f.disk.RemoveAll(f.stage))
		return Stats{}, err
	}
	stats.Removed = c.removed
	_ = f.disk.RemoveAll(f.stage) // what remains is removed by the next build
	return stats, nil
}

// commit is a Commit that is under way.
type commit struct {
	*Folder
	done    []step
	folders []string // that were made
	removed int
	intent  bool // whether the manifest says what is under way
}

// step is one file that was put in its place, or taken from it.
type step struct {
	path   string
	backup string // the file that was there before, in the stage; "" where there was none
}

// run changes the folder in an order in which whoever reads it meanwhile finds what a page names: first what pages name, then
// pages; then old pages go, and what only they named comes last.
func (c *commit) run(ghosts []string) error {
	if len(c.staged) == 0 && len(ghosts) == 0 {
		return c.writeManifest(manifest{Version: 1, Files: c.next})
	}
	if err := c.writeManifest(c.Folder.intent()); err != nil {
		return err
	}
	c.intent = true
	paths := sortedKeys(c.staged)
	pagesLast(paths)
	if err := c.clearTheWay(ghosts); err != nil {
		return err
	}
	for _, path := range paths { // all that can fail for its name fails here, before a page is replaced
		if err := c.makeFolder(filepath.Dir(c.place(path))); err != nil {
			return fmt.Errorf("make an output folder: %w", err)
		}
	}
	for _, path := range paths {
		if err := c.replace(path); err != nil {
			return err
		}
	}
	pagesLast(ghosts)
	slices.Reverse(ghosts)
	for _, path := range ghosts {
		if err := c.removeGhost(path); err != nil {
			return err
		}
	}
	return c.writeManifest(manifest{Version: 1, Files: c.next})
}

// pagesLast moves pages behind all that they may name.
func pagesLast(paths []string) {
	page := func(path string) bool { return strings.HasSuffix(path, ".html") }
	slices.SortStableFunc(paths, func(x, y string) int {
		switch {
		case page(x) == page(y):
			return 0
		case page(y):
			return -1
		}
		return 1
	})
}

// makeFolder makes a folder with those above it, and remembers which were not there.
func (c *commit) makeFolder(dir string) error {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := c.disk.Lstat(at); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		c.folders = append(c.folders, at)
	}
	return c.disk.MkdirAll(dir, 0o755)
}

// replace puts a staged file in its place. What was there before is kept in the stage until all is done.
func (c *commit) replace(path string) error {
	backup, err := c.keep(path)
	if err == nil {
		err = c.disk.Rename(c.staged[path], c.place(path))
	}
	if err != nil {
		return fmt.Errorf("put a page in its place: %w", err)
	}
	c.done = append(c.done, step{path, backup})
	return nil
}

// keep links a file into the stage, or copies it where the disk knows no links. It returns "" where there is none.
func (c *commit) keep(path string) (string, error) {
	info, err := c.disk.Lstat(c.place(path))
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.IsDir() {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	backup := filepath.Join(c.stage, "before-"+strconv.Itoa(len(c.done)))
	if c.disk.Link(c.place(path), backup) == nil {
		return backup, nil
	}
	in, err := c.disk.Open(c.place(path))
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }() // it was only read
	_, err = c.copyVerified(backup, in)
	return backup, err
}

// removeGhost removes a file that an earlier build wrote, if it still is what was written, and the folders that this
// leaves empty.
func (c *commit) removeGhost(path string) error {
	ours, err := c.stillOurs(path)
	if err != nil || !ours {
		return err
	}
	backup, err := c.keep(path)
	if err == nil {
		err = c.disk.Remove(c.place(path))
	}
	if err != nil {
		return fmt.Errorf("remove an old page: %w", err)
	}
	c.done = append(c.done, step{path, backup})
	c.removed++
	return c.removeEmptied(path)
}

// putBack undoes what was done, from the last to the first. It returns what keeps the folder from being as it was.
func (c *commit) putBack() error {
	c.removeMade() // an empty one may stand where a file was
	var failed []string
	var cause error
	for _, s := range slices.Backward(c.done) {
		if err := c.undo(s); err != nil {
			failed, cause = append(failed, s.path), err
		}
	}
	c.removeMade()
	if c.intent {
		if err := c.restoreManifest(); err != nil && cause == nil {
			cause = err
		}
	}
	if len(failed) == 0 {
		return nil // where only the manifest is still that of the change, the next build knows what to make of it
	}
	return fmt.Errorf("the output folder is half changed: %d files are as this build made them, among them %s, and could not be put back (%w); the next build mends it",
		len(failed), failed[0], cause)
}

// removeMade removes the folders that were made, those in others first, as far as they are empty.
func (c *commit) removeMade() {
	slices.SortFunc(c.folders, func(x, y string) int { return len(y) - len(x) })
	for _, dir := range c.folders {
		_ = c.removeFolder(dir)
	}
}

func (c *commit) undo(s step) error {
	if s.backup != "" {
		if err := c.disk.MkdirAll(filepath.Dir(c.place(s.path)), 0o755); err != nil {
			return err
		}
		return c.disk.Rename(s.backup, c.place(s.path))
	}
	if err := c.disk.Remove(c.place(s.path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return c.removeEmptied(s.path)
}

// clearTheWay removes first those old files that stand where a folder is wanted, and those in folders that stand where
// a file is wanted.
func (c *commit) clearTheWay(ghosts []string) error {
	wanted := map[string]bool{}
	for path := range c.staged {
		for dir := path; dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
			wanted[dir] = true
		}
	}
	for _, ghost := range ghosts {
		inTheWay := wanted[ghost]
		for dir := filepath.ToSlash(filepath.Dir(ghost)); dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
			if _, isFile := c.staged[dir]; isFile {
				inTheWay = true
			}
		}
		if inTheWay {
			if err := c.removeGhost(ghost); err != nil {
				return err
			}
		}
	}
	return nil
}
