package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"syscall"
)

// manifest says, for each file that Waymark wrote, which contents it may have. During a commit a file may have the old
// or the new one.
type manifest struct {
	Version int              `json:"version"`
	Files   map[string]entry `json:"files"`
}

type entry struct {
	Digests []string `json:"sha256"`
	Recipe  string   `json:"recipe,omitempty"`
	Lasting bool     `json:"lasting,omitempty"` // whether its name changes whenever its bytes do
	Kept    bool     `json:"kept,omitempty"`    // whether no page of this build names it any more
}

func (f *Folder) readManifest(name string) error {
	info, err := f.disk.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err == nil && !info.Mode().IsRegular():
		return &ForeignError{name}
	}
	data, err := f.disk.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read the output's manifest: %w", err)
	}
	if err := json.Unmarshal(data, &f.manifest); err != nil || f.manifest.Version != 1 {
		return fmt.Errorf("read the output's manifest: %s is not one that this version wrote (remove the output folder and build again)", name)
	}
	for path := range f.manifest.Files {
		if !filepath.IsLocal(filepath.FromSlash(path)) {
			return fmt.Errorf("read the output's manifest: it names %q, which lies outside the folder (remove the output folder and build again)", path)
		}
	}
	return nil
}

// Written is a file that a build wrote.
type Written struct {
	Path    string
	Digest  string // SHA-256 in hex
	Lasting bool   // whether its name changes whenever its bytes do
}

// List returns the files of the site that the last build wrote into a folder, by path: none of those that stay for old pages alone. An
// error says that no build has, or that one was cut off.
func List(dir string) ([]Written, error) {
	f := &Folder{dir: dir, disk: system{}}
	if err := f.readManifest(filepath.Join(dir, stateFolder, "manifest.json")); err != nil {
		return nil, err
	}
	var all []Written
	for path, e := range f.manifest.Files {
		if len(e.Digests) != 1 {
			return nil, fmt.Errorf("read the output's manifest: a build into %s was cut off (build again)", dir)
		}
		if !e.Kept {
			all = append(all, Written{path, e.Digests[0], e.Lasting})
		}
	}
	slices.SortFunc(all, func(x, y Written) int { return strings.Compare(x.Path, y.Path) })
	return all, nil
}

// intent is the manifest during a commit: a crash in the middle must not turn our own files into foreign ones.
func (f *Folder) intent() manifest {
	m := manifest{Version: 1, Files: map[string]entry{}}
	for path, e := range f.manifest.Files {
		e.Recipe = ""
		m.Files[path] = e
	}
	for path, e := range f.next {
		old := m.Files[path]
		old.Lasting, old.Kept = e.Lasting, e.Kept
		for _, d := range e.Digests {
			if !slices.Contains(old.Digests, d) {
				old.Digests = append(slices.Clone(old.Digests), d)
			}
		}
		m.Files[path] = old
	}
	return m
}

// ghosts lists the files of the build before that are to go. Those that pages may still name stay until the next build.
func (f *Folder) ghosts() []string {
	for path, e := range f.manifest.Files {
		if _, wanted := f.next[path]; wanted || !e.Lasting || e.Kept {
			continue
		}
		if ours, err := f.stillOurs(path); err == nil && ours {
			f.next[path] = entry{Digests: e.Digests, Lasting: true, Kept: true}
			f.kept++
		}
	}
	var out []string
	folded := make(map[string]bool, len(f.next))
	for path := range f.next {
		folded[strings.ToLower(path)] = true
	}
	for path := range f.manifest.Files {
		_, wanted := f.next[path]
		if !wanted && (!folded[strings.ToLower(path)] || !f.oneFile(path)) {
			out = append(out, path)
		}
	}
	sort.Strings(out)
	return out
}

// stillOurs reports whether a file of the build before still is what was written.
func (f *Folder) stillOurs(path string) (bool, error) {
	if f.linked(path) {
		return false, nil
	}
	sum, err := f.digestAt(f.place(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, f.removeEmptied(path) // a build that ended here may have left its folder
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ELOOP), errors.Is(err, fs.ErrPermission):
		return false, nil // somebody has put something else there, or in the place of its folder
	case err != nil:
		return false, fmt.Errorf("look at an old page: %w", err)
	}
	return slices.Contains(f.manifest.Files[path].Digests, sum), nil
}

func (f *Folder) writeManifest(m manifest) error {
	data, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("write the output's manifest: %w", err)
	}
	data = append(data, '\n')
	name := filepath.Join(f.dir, stateFolder, "manifest.json")
	if old, err := f.disk.ReadFile(name); err == nil && bytes.Equal(old, data) {
		return nil
	}
	staged := filepath.Join(f.stage, "manifest.json")
	if err := f.writeVerified(staged, data); err != nil {
		return err
	}
	err = f.disk.Sync(staged) // after a power cut pages that are empty are written again, but only with a manifest that is whole
	if err == nil {
		err = f.disk.Rename(staged, name)
	}
	if err != nil {
		return fmt.Errorf("write the output's manifest: %w", err)
	}
	return nil
}

// restoreManifest writes the manifest of the build before again.
func (f *Folder) restoreManifest() error {
	if f.manifest.Files != nil {
		return f.writeManifest(f.manifest)
	}
	return f.disk.Remove(filepath.Join(f.dir, stateFolder, "manifest.json"))
}
