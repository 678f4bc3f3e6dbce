package source

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"unicode/utf8"

	"waymark/generator/diag"
)

// errNotRegular says that something is no regular file. A pipe would keep who reads it waiting for ever.
var errNotRegular = errors.New("this is not a regular file")

// ReadFile reads a regular file of a site's folder. What is none is an error at once.
func ReadFile(root *Root, name string) ([]byte, error) {
	f, err := OpenFile(root, name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(int(info.Size()) + bytes.MinRead) // so that its end is seen without growing
	_, err = out.ReadFrom(f)
	return out.Bytes(), err
}

// WentAway reports whether a file of a site's folder is no longer there.
func WentAway(root *Root, name string) bool {
	_, err := root.Lstat(name)
	return errors.Is(err, fs.ErrNotExist)
}

// Gone says of a file that it went away between two looks, as when somebody removes it while the site is built.
func Gone(name string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Pos: diag.Position{File: name}, Severity: diag.Warning, Code: "went-away",
		Message: "this file went away while the site was built, and is left out", Hint: "build again, so that nothing links to it",
	}
}

// OpenFile opens a regular file or folder of a site's folder. What is neither is an error at once: it is opened without
// waiting, and looked at before it is read.
func OpenFile(root *Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: errNotRegular}
	}
	if err != nil {
		_ = f.Close() // nothing was read
		return nil, err
	}
	return f, nil
}

// FS returns a site's folder as a file system in which nothing but regular files and folders can be opened.
func FS(root *Root) fs.FS { return regular{root} }

type regular struct{ root *Root }

var _ fs.StatFS = regular{} // else what may not be read would seem not to be there

// Open implements fs.FS.
func (r regular) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return OpenFile(r.root, name)
}

// Stat implements fs.StatFS: what may not be read is there all the same, and has to be said to be unreadable.
func (r regular) Stat(name string) (fs.FileInfo, error) { return r.root.Stat(name) }

// below opens a folder of a site's. One that lies elsewhere is a *diag.UsageError.
func below(root *Root, folder string) (*os.Root, error) {
	opened, err := root.OpenRoot(folder)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return opened, err
	}
	if info, statErr := root.Lstat(folder); statErr == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, diag.Contentf("%s is a symbolic link that leaves the site's folder, and is not followed (copy the folder here, or build the site where it lies)", folder)
	}
	if info, statErr := root.Stat(folder); statErr == nil && !info.IsDir() {
		return nil, diag.Contentf("%s is a file, and must be a folder (it may be a symbolic link that was copied or checked out as a file: link it again)", folder)
	}
	return nil, fmt.Errorf("open the %s folder: %w", folder, err)
}

// rule is the one rule for every folder that is read: regular files inside of it, and links to such files. All else is left
// out, and named.
type rule struct {
	root   *os.Root // the folder
	folder string   // its name, as diagnostics show it
}

// maxDepth is how many folders may lie in one another. Each is a level above every page below it.
const maxDepth = 20

// enter says why a folder is not looked into; nil where it is.
func (r rule) enter(p string) *diag.Diagnostic {
	if problem := r.misnamed(p); problem != nil {
		return problem
	}
	if strings.Count(p, "/") < maxDepth {
		return nil
	}
	return &diag.Diagnostic{
		Pos: diag.Position{File: path.Join(r.folder, p)}, Severity: diag.Error, Code: "too-deep",
		Message: fmt.Sprintf("folders are nested deeper than %d levels", maxDepth), Hint: "move it further up: readers find their way by these levels",
	}
}

// misnamed reports a name that no address can have.
func (r rule) misnamed(p string) *diag.Diagnostic {
	if utf8.ValidString(p) {
		return nil
	}
	return &diag.Diagnostic{
		Pos: diag.Position{File: path.Join(r.folder, strings.ToValidUTF8(p, "\uFFFD"))}, Severity: diag.Error, Code: "file-name",
		Message: "this name is not valid UTF-8", Hint: "rename it",
	}
}

// inspect turns one directory entry into an Entry, following a symbolic link only to a file inside the folder.
func (r rule) inspect(p string, d fs.DirEntry) (Entry, *diag.Diagnostic) {
	report := func(code, message, hint string) *diag.Diagnostic {
		return &diag.Diagnostic{
			Pos: diag.Position{File: path.Join(r.folder, p)}, Severity: diag.Warning, Code: code, Message: message, Hint: hint,
		}
	}
	if problem := r.misnamed(p); problem != nil {
		return Entry{}, problem
	}
	info, err := d.Info() // known already: a folder that is a root's says it with the names
	if !d.Type().IsRegular() {
		info, err = r.root.Stat(p)
	}
	switch {
	case err != nil && d.Type()&fs.ModeSymlink != 0 && errors.Is(err, fs.ErrNotExist):
		return Entry{}, report("symlink", "this symbolic link points to nothing and is left out", "remove it, or mend its target")
	case err != nil && d.Type()&fs.ModeSymlink != 0:
		return Entry{}, report("symlink", "this symbolic link leaves the "+r.folder+" folder and is not followed", "copy the file into the "+r.folder+" folder")
	case err != nil:
		return Entry{}, report("unreadable", "this file cannot be read and is left out", "check its permissions")
	case info.IsDir():
		return Entry{}, report("symlink", "this symbolic link to a folder is not followed", "move the folder here, or list its files")
	case !info.Mode().IsRegular():
		return Entry{}, report("not-a-file", "this is not a regular file and is left out", "remove it from the "+r.folder+" folder")
	}
	return Entry{Path: p, Size: info.Size(), Link: d.Type()&fs.ModeSymlink != 0}, nil
}

// shownDots are the hidden names that are meant for hosts and readers: RFC 8615, GitHub Pages, Apache, Netlify's and others'
// settings for the site that they serve. All other hidden files (.env, .git, .DS_Store) are nobody's business.
var shownDots = []string{".well-known", ".nojekyll", ".htaccess", ".domains", ".assetsignore"}

// Static lists the files of the static folder, where there is one, by their paths relative to it. What is left out is named,
// but for hidden files, which other programs put there.
func Static(root *Root) ([]string, diag.List, error) {
	entries, problems, err := list(root, StaticFolder, func(p string) (bool, *diag.Diagnostic) {
		return strings.HasPrefix(path.Base(p), ".") && !slices.Contains(shownDots, path.Base(p)), nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Path)
	}
	return names, problems, err
}

// LeftOut names what would be left out of a folder that is read by the names of its files, such as that of the layouts.
func LeftOut(root *Root, folder string) (diag.List, error) {
	_, problems, err := list(root, folder, func(p string) (bool, *diag.Diagnostic) { return Hidden(path.Base(p)), nil })
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return problems, err
}

// list lists the files of a folder. hidden says which files and folders are left out by their paths, and what there is to say of
// that. A folder that is not there is fs.ErrNotExist.
func list(root *Root, folder string, hidden func(p string) (bool, *diag.Diagnostic)) (entries []Entry, problems diag.List, err error) {
	opened, err := below(root, folder)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = opened.Close() }() // it was only read
	r := rule{root: opened, folder: folder}
	err = fs.WalkDir(opened.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case p == ".":
			return err
		case errors.Is(err, fs.ErrNotExist):
			return nil // it went away meanwhile
		case err != nil:
			return err
		}
		out, problem := hidden(p)
		if !out && d.IsDir() {
			problem = r.enter(p)
			out = problem != nil
		}
		if problem != nil {
			problems.Add(*problem)
		}
		switch {
		case out && d.IsDir():
			return fs.SkipDir
		case out || d.IsDir():
			return nil
		}
		entry, problem := r.inspect(p, d)
		if problem != nil {
			problems.Add(*problem)
			return nil
		}
		entries = append(entries, entry)
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read the %s folder: %w", folder, err)
	}
	return entries, problems, nil
}
