package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"waymark/generator/diag"
)

// Root is a site's folder, in which nothing outside of it can be opened: a path that leaves it is an error, whatever links say. The
// one exception is the content folder itself, which may be a link to a folder of the author's own, as to a vault of notes: it is
// the content then, and nothing outside of that.
type Root struct {
	site    *os.Root
	content *os.Root // where the content folder is such a link; nil elsewhere
	Linked  string   // where it leads; empty elsewhere
}

// Open opens a site's folder. One that is not there, or is none, is a *diag.UsageError.
func Open(dir string) (*Root, error) {
	site, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	r := &Root{site: site}
	info, err := site.Lstat(Folder)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return r, nil
	}
	if inside, err := site.OpenRoot(Folder); err == nil {
		return r, inside.Close()
	}
	target, err := filepath.EvalSymlinks(filepath.Join(dir, Folder))
	if err != nil {
		return r, nil // it leads nowhere, which is said where it is read
	}
	if !own(target) {
		_ = site.Close() // nothing was read
		return nil, diag.Contentf("%s is a symbolic link to %s, which belongs to somebody else, and is not followed (copy what you want to publish)", Folder, target)
	}
	r.content, err = os.OpenRoot(target)
	if err != nil {
		_ = site.Close() // nothing was read
		return nil, diag.Contentf("%s is a symbolic link to %s, which cannot be read: %v", Folder, target, err)
	}
	r.Linked = target
	return r, nil
}

func openDir(dir string) (*os.Root, error) {
	root, err := os.OpenRoot(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, diag.Usagef("there is no folder %q", dir)
	case isFile(dir):
		return nil, diag.Usagef("%q is a file (name the folder that holds the site)", dir)
	case err != nil:
		return nil, fmt.Errorf("open the site: %w", err)
	}
	return root, nil
}

func isFile(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && !info.IsDir()
}

// Close closes the folder.
func (r *Root) Close() error {
	if r.content != nil {
		return errors.Join(r.content.Close(), r.site.Close())
	}
	return r.site.Close()
}

// at returns the folder in which a path is to be opened, and the path in it.
func (r *Root) at(name string) (*os.Root, string) {
	if r.content != nil {
		if name == Folder {
			return r.content, "."
		}
		if below, inside := strings.CutPrefix(name, Folder+"/"); inside {
			return r.content, below
		}
	}
	return r.site, name
}

// OpenFile opens a file or folder as os.Root does.
func (r *Root) OpenFile(name string, flag int, mode fs.FileMode) (*os.File, error) {
	root, name := r.at(name)
	return root.OpenFile(name, flag, mode) //nolint:wrapcheck // it stands for os.Root
}

// OpenRoot opens a folder as os.Root does.
func (r *Root) OpenRoot(name string) (*os.Root, error) {
	root, name := r.at(name)
	return root.OpenRoot(name) //nolint:wrapcheck // it stands for os.Root
}

// Stat describes a file as os.Root does.
func (r *Root) Stat(name string) (fs.FileInfo, error) {
	root, name := r.at(name)
	return root.Stat(name) //nolint:wrapcheck // it stands for os.Root
}

// Lstat describes a file as os.Root does.
func (r *Root) Lstat(name string) (fs.FileInfo, error) {
	root, name := r.at(name)
	return root.Lstat(name) //nolint:wrapcheck // it stands for os.Root
}
