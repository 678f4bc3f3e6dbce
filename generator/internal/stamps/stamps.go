// Package stamps tells from what the file system says of files whether they are what they were, without opening them.
//
// A stamp holds a file's number, size, and the times at which its bytes and anything about it last changed. The last of these cannot be set
// by a program, so that a file with another content has another stamp, however it got its content; but for what changed within
// one tick of the file system's clock, which Certain tells.
package stamps

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waymark/generator/internal/parallel"
)

// Tree is how some files and folders looked at one time.
type Tree []File

// File is a file or folder with its stamp. Its fields are those of stat(2), times in nanoseconds since 1970; Mode is 0 where there
// is none of the name.
type File struct {
	_       struct{} `cbor:",toarray"`
	Path    string   // relative to the folder that was looked into, with forward slashes
	Mode    uint32
	Device  uint64
	Number  uint64
	Size    int64
	Written int64
	Changed int64
}

// Kind returns what of the mode tells files from folders and other things; 0 where there is nothing.
func (f File) Kind() uint32 { return f.Mode & kindBits }

// Folder reports whether it is one.
func (f File) Folder() bool { return f.Kind() == folderBits }

// The bits of a mode that say what something is (stat(2)).
const (
	kindBits   = 0o170000
	folderBits = 0o040000
)

// Look looks at files and folders by their names, and at all that is in the folders, but for what hidden leaves out. known is false
// where stamps say nothing: on systems that do not tell when a file changed, or where there are links, which lead elsewhere.
func Look(dir string, hidden func(name string) bool, names ...string) (tree Tree, known bool) {
	for _, name := range names {
		err := filepath.WalkDir(filepath.Join(dir, filepath.FromSlash(name)), func(p string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && d == nil {
				return nil
			}
			switch {
			case err != nil:
				return err
			case p != filepath.Join(dir, name) && hidden(d.Name()):
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			case !d.IsDir() && !d.Type().IsRegular():
				return errors.ErrUnsupported
			}
			rel, err := filepath.Rel(dir, p)
			tree = append(tree, File{Path: filepath.ToSlash(rel)})
			return err
		})
		if err != nil {
			return nil, false
		}
		if !slices.ContainsFunc(tree, func(f File) bool { return f.Path == name }) {
			tree = append(tree, File{Path: name})
		}
	}
	return tree, supported && tree.stamp(dir) == nil
}

// At stamps files by their names alone.
func At(dir string, names []string) (tree Tree, known bool) {
	tree = make(Tree, len(names))
	for i, name := range names {
		tree[i].Path = name
	}
	return tree, supported && tree.stamp(dir) == nil
}

// share is how many files are stamped in one go.
const share = 256

// each does something to each file, several at a time.
func (t Tree) each(do func(f *File) error) error {
	var shares []Tree
	for part := range slices.Chunk(t, share) {
		shares = append(shares, part)
	}
	return parallel.Each(context.Background(), shares, func(_ int, part Tree) error {
		for i := range part {
			if err := do(&part[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t Tree) stamp(dir string) error {
	prefix := prefixOf(dir)
	return t.each(func(f *File) error { return f.stamp(prefix + f.Path) })
}

func prefixOf(dir string) string { return strings.TrimSuffix(dir, string(filepath.Separator)) + "/" }

var errOther = errors.New("this is another one")

// Same reports whether all files and folders in a folder are as they were.
func (t Tree) Same(dir string) bool {
	prefix := prefixOf(dir)
	return supported && t.each(func(f *File) error {
		now := File{Path: f.Path}
		if err := now.stamp(prefix + f.Path); err != nil {
			return err
		}
		if now != *f {
			return errOther
		}
		return nil
	}) == nil
}

// Beside reports whether all files lie on the device of a folder, so that its clock is theirs.
func (t Tree) Beside(dir string) bool {
	here, known := At(dir, []string{"."})
	return known && !slices.ContainsFunc(t, func(f File) bool { return f.Mode != 0 && f.Device != here[0].Device })
}

// The clocks of file systems go by ticks: of ten milliseconds at most where they know parts of a second, and two seconds where they do
// not.
const (
	tick       = 20 * time.Millisecond
	coarseTick = 2 * time.Second
)

// Certain reports whether no file changed so shortly before now, the file system's own time, that it could change again without
// getting another stamp.
func (t Tree) Certain(now time.Time) bool {
	for _, f := range t {
		last := max(f.Written, f.Changed)
		margin := tick
		if f.Changed%int64(time.Second) == 0 {
			margin = coarseTick
		}
		if f.Mode != 0 && last > now.Add(-margin).UnixNano() {
			return false
		}
	}
	return true
}
