package output

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// checkTheWay finds what stands in the way of a file or of its folder and is not ours to remove, before anything is
// changed: a folder with foreign files where a file goes, a file or a symbolic link where a folder goes.
func (f *Folder) checkTheWay(ghosts []string) error {
	seen := map[string]bool{}
	for _, path := range sortedKeys(f.staged) {
		if info, err := f.disk.Lstat(f.place(path)); err == nil && info.IsDir() {
			if err := f.onlyGhosts(path, ghosts); err != nil {
				return err
			}
		}
		for dir := filepath.ToSlash(filepath.Dir(path)); dir != "." && !seen[dir]; dir = filepath.ToSlash(filepath.Dir(dir)) {
			seen[dir] = true
			info, err := f.disk.Lstat(f.place(dir))
			if err == nil && !info.IsDir() && !slices.Contains(ghosts, dir) {
				return &ForeignError{f.place(dir)}
			}
		}
	}
	return nil
}

// onlyGhosts checks that a folder holds nothing but files that are about to be removed.
func (f *Folder) onlyGhosts(folder string, ghosts []string) error {
	err := f.onlyHolds(folder, ghosts)
	if err == nil && !slices.ContainsFunc(ghosts, func(g string) bool { return strings.HasPrefix(g, folder+"/") }) {
		return &ForeignError{f.place(folder)} // an empty folder of somebody's
	}
	return err
}

// onlyHolds checks that no other files lie in a folder.
func (f *Folder) onlyHolds(folder string, ghosts []string) error {
	entries, err := f.disk.ReadDir(f.place(folder))
	for _, e := range entries {
		path := folder + "/" + e.Name()
		switch {
		case err != nil:
		case e.IsDir():
			err = f.onlyHolds(path, ghosts)
		case !slices.Contains(ghosts, path):
			err = &ForeignError{f.place(path)}
		}
	}
	return err
}

// oneFile reports whether a file has become another one by letter case only, on a disk that does not tell them apart.
func (f *Folder) oneFile(path string) bool {
	old, err := f.disk.Stat(f.place(path))
	if err != nil {
		return false
	}
	for next := range f.next {
		if strings.EqualFold(next, path) {
			info, err := f.disk.Stat(f.place(next))
			return err == nil && os.SameFile(old, info)
		}
	}
	return false
}

// linked reports whether a path leads through a symbolic link: what lies behind one is not ours.
func (f *Folder) linked(path string) bool {
	for dir := filepath.ToSlash(filepath.Dir(path)); dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
		if info, err := f.disk.Lstat(f.place(dir)); err == nil && info.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

// removeEmptied removes the folders above a path that are empty. One that is empty and stays would be taken for somebody's by
// the next build, and is an error.
func (f *Folder) removeEmptied(path string) error {
	for dir := filepath.Dir(f.place(path)); dir != filepath.Clean(f.dir) && len(dir) > len(f.dir); dir = filepath.Dir(dir) {
		err := f.removeFolder(dir)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if entries, readErr := f.disk.ReadDir(dir); len(entries) > 0 || errors.Is(err, syscall.ENOTDIR) {
			return nil
		} else if readErr != nil {
			err = readErr
		}
		return fmt.Errorf("remove an empty folder: %w", err)
	}
	return nil
}

// removeFolder removes a folder that is empty. It is an error where it is not, and where a file has its place.
func (f *Folder) removeFolder(dir string) error {
	info, err := f.disk.Lstat(dir)
	if err == nil && !info.IsDir() {
		return syscall.ENOTDIR
	}
	if err != nil {
		return err
	}
	return f.disk.Remove(dir)
}
