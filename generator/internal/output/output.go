// Package output puts a build into its folder: only what changed, nothing torn, nothing left behind.
//
// New files are staged beside the folder's content until the whole build has succeeded. Then each takes its place by a
// rename, files of an earlier build that are no longer wanted are removed, and the manifest, which says what Waymark
// wrote, comes last. A file that Waymark did not write is never changed or removed. Swapping whole folders would be
// shorter, but fails on the overlay file systems of CI containers.
package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// stateFolder lies in the output folder and holds the manifest. It is harmless to publish.
const stateFolder = ".waymark"

// stagePrefix begins the name of the folder in which a build is staged.
const stagePrefix = "stage-"

// Folder is an output folder during one build.
type Folder struct {
	dir      string
	disk     disk
	made     bool // whether Open made the folder
	stage    string
	manifest manifest

	mu     sync.Mutex
	next   map[string]entry
	staged map[string]string // by path, the staged file
}

// manifest says, for each file that Waymark wrote, which contents it may have. During a commit a file may have the old
// or the new one.
type manifest struct {
	Version int              `json:"version"`
	Files   map[string]entry `json:"files"`
}

type entry struct {
	Digests []string `json:"sha256"`
	Recipe  string   `json:"recipe,omitempty"`
}

// Stats says what a commit did, in numbers of files.
type Stats struct {
	Written   int `json:"written"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
}

// ForeignError says that a file stands where the build wants to write, and that Waymark did not write it.
type ForeignError struct{ Path string }

// Error names the file.
func (e *ForeignError) Error() string {
	return e.Path + " is in the way: Waymark did not write it, and leaves it alone (move it, or build into another folder)"
}

// Open prepares a folder, making it where it does not exist. Call Commit or Abort in the end.
func Open(dir string) (*Folder, error) { return open(dir, system{}) }

func open(dir string, d disk) (*Folder, error) {
	_, statErr := d.Lstat(dir)
	f := &Folder{dir: dir, disk: d, made: errors.Is(statErr, fs.ErrNotExist), next: map[string]entry{}, staged: map[string]string{}}
	state := filepath.Join(dir, stateFolder)
	if err := f.disk.MkdirAll(state, 0o755); err != nil {
		return nil, fmt.Errorf("prepare the output folder: %w", err)
	}
	data, err := f.disk.ReadFile(filepath.Join(state, "manifest.json"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("read the output's manifest: %w", err)
	default:
		if err := json.Unmarshal(data, &f.manifest); err != nil || f.manifest.Version != 1 {
			return nil, fmt.Errorf("read the output's manifest: %s is not one that this version wrote (remove the output folder and build again)", filepath.Join(state, "manifest.json"))
		}
	}
	for path := range f.manifest.Files {
		if !filepath.IsLocal(filepath.FromSlash(path)) {
			return nil, fmt.Errorf("read the output's manifest: it names %q, which lies outside the folder (remove the output folder and build again)", path)
		}
	}
	if f.stage, err = f.disk.MkdirTemp(state, stagePrefix); err != nil {
		return nil, fmt.Errorf("prepare the output folder: %w", err)
	}
	return f, nil
}

// Put gives the folder one file. Nothing is seen of it before Commit. Several goroutines may call it; no path twice.
func (f *Folder) Put(path string, data []byte) error { return f.put(path, "", data) }

// ErrStandIn is what a maker returns with bytes that only stand in for what could not be made: the next build asks it
// again.
var ErrStandIn = errors.New("this stands in for what could not be made")

// PutMade gives the folder a file that is costly to make. The recipe names everything that its bytes depend on; where
// an earlier build wrote the file by the same recipe and it still stands, make is not called.
func (f *Folder) PutMade(path, recipe string, produce func() ([]byte, error)) error {
	if old, ok := f.manifest.Files[path]; ok && old.Recipe == recipe && len(old.Digests) == 1 {
		if data, err := f.disk.ReadFile(f.place(path)); err == nil && digest(data) == old.Digests[0] {
			f.mu.Lock()
			f.next[path] = old
			f.mu.Unlock()
			return nil
		}
	}
	data, err := produce()
	if errors.Is(err, ErrStandIn) {
		recipe, err = "", nil
	}
	if err != nil {
		return err
	}
	return f.put(path, recipe, data)
}

func (f *Folder) place(path string) string { return filepath.Join(f.dir, filepath.FromSlash(path)) }

func (f *Folder) put(path, recipe string, data []byte) error {
	now := entry{Digests: []string{digest(data)}, Recipe: recipe}
	same, err := f.sameOnDisk(path, data)
	if err != nil {
		return err
	}
	f.mu.Lock()
	if _, twice := f.next[path]; twice {
		f.mu.Unlock()
		return fmt.Errorf("write %s: two outputs have this address", path)
	}
	f.next[path] = now
	staged := ""
	if !same {
		staged = filepath.Join(f.stage, strconv.Itoa(len(f.staged)))
		f.staged[path] = staged
	}
	f.mu.Unlock()
	if same {
		return nil
	}
	return f.writeVerified(staged, data)
}

// sameOnDisk reports whether the file already has these bytes. A file with bytes that Waymark did not write is an error.
func (f *Folder) sameOnDisk(path string, data []byte) (bool, error) {
	wrote, ours := f.manifest.Files[path]
	info, err := f.disk.Lstat(f.place(path))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look at the output: %w", err)
	case info.IsDir():
		return false, nil // a folder of an earlier build may give way; Commit finds out
	case !info.Mode().IsRegular():
		return false, &ForeignError{f.place(path)}
	}
	old, err := f.disk.ReadFile(f.place(path))
	if err != nil {
		return false, fmt.Errorf("look at the output: %w", err)
	}
	if bytes.Equal(old, data) {
		return true, nil
	}
	if !ours || !slices.Contains(wrote.Digests, digest(old)) {
		return false, &ForeignError{f.place(path)}
	}
	return false, nil
}

// writeVerified writes a file and reads it back: a short write can go unreported.
func (f *Folder) writeVerified(name string, data []byte) error {
	if err := f.disk.WriteFile(name, data, 0o644); err != nil {
		return fmt.Errorf("write the output: %w", err)
	}
	back, err := f.disk.ReadFile(name)
	if err != nil {
		return fmt.Errorf("check the output: %w", err)
	}
	if !bytes.Equal(back, data) {
		return fmt.Errorf("check the output: %d bytes were written and %d are there", len(data), len(back))
	}
	return nil
}

// Abort forgets the build and leaves the folder as it was.
func (f *Folder) Abort() error {
	if err := f.disk.RemoveAll(f.stage); err != nil {
		return fmt.Errorf("clean up the output folder: %w", err)
	}
	if f.manifest.Files == nil {
		// Nothing of ours was here before: take away what Open made, where it is empty.
		_ = f.disk.Remove(filepath.Join(f.dir, stateFolder))
		if f.made {
			_ = f.disk.Remove(f.dir)
		}
	}
	return nil
}

// Commit puts every staged file in its place and removes what no longer belongs.
func (f *Folder) Commit() (Stats, error) {
	stats := Stats{Written: len(f.staged), Unchanged: len(f.next) - len(f.staged)}
	ghosts := f.ghosts()
	if err := f.checkTheWay(ghosts); err != nil {
		return stats, errors.Join(err, f.Abort())
	}
	if len(f.staged) > 0 || len(ghosts) > 0 {
		if err := f.writeManifest(f.intent()); err != nil {
			return stats, err
		}
	}
	if err := f.clearTheWay(ghosts); err != nil {
		return stats, err
	}
	paths := sortedKeys(f.staged)
	for _, path := range paths { // all that can fail for its name fails here, before a page is replaced
		if err := f.disk.MkdirAll(filepath.Dir(f.place(path)), 0o755); err != nil {
			return stats, fmt.Errorf("make an output folder: %w", err)
		}
	}
	for _, path := range paths {
		if err := f.disk.Rename(f.staged[path], f.place(path)); err != nil {
			return stats, fmt.Errorf("put a page in its place: %w", err)
		}
	}
	for _, path := range ghosts {
		removed, err := f.removeGhost(path)
		if err != nil {
			return stats, err
		}
		if removed {
			stats.Removed++
		}
	}
	if err := f.writeManifest(manifest{Version: 1, Files: f.next}); err != nil {
		return stats, err
	}
	f.removeStages()
	return stats, nil
}

// intent is the manifest during a commit: a crash in the middle must not turn our own files into foreign ones.
func (f *Folder) intent() manifest {
	m := manifest{Version: 1, Files: map[string]entry{}}
	for path, e := range f.manifest.Files {
		m.Files[path] = entry{Digests: e.Digests}
	}
	for path, e := range f.next {
		old := m.Files[path]
		for _, d := range e.Digests {
			if !slices.Contains(old.Digests, d) {
				old.Digests = append(slices.Clone(old.Digests), d)
			}
		}
		m.Files[path] = old
	}
	return m
}

func (f *Folder) ghosts() []string {
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

// clearTheWay removes first those old files that stand where a folder is wanted, and those in folders that stand where
// a file is wanted.
func (f *Folder) clearTheWay(ghosts []string) error {
	wanted := map[string]bool{}
	for path := range f.staged {
		for dir := path; dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
			wanted[dir] = true
		}
	}
	for _, ghost := range ghosts {
		inTheWay := wanted[ghost]
		for dir := filepath.ToSlash(filepath.Dir(ghost)); dir != "."; dir = filepath.ToSlash(filepath.Dir(dir)) {
			if _, isFile := f.staged[dir]; isFile {
				inTheWay = true
			}
		}
		if inTheWay {
			if _, err := f.removeGhost(ghost); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeGhost removes a file that an earlier build wrote, if it still is what was written, and the folders that this
// leaves empty.
func (f *Folder) removeGhost(path string) (bool, error) {
	if f.linked(path) {
		return false, nil
	}
	data, err := f.disk.ReadFile(f.place(path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.removeEmptied(path) // a build that ended here may have left its folder
		return false, nil
	case errors.Is(err, syscall.ENOTDIR):
		return false, nil // a file has the place of its folder by now
	case errors.Is(err, syscall.EISDIR):
		return false, nil // somebody has put something else there
	case err != nil:
		return false, fmt.Errorf("look at an old page: %w", err)
	}
	if !slices.Contains(f.manifest.Files[path].Digests, digest(data)) {
		return false, nil // somebody has put something else there
	}
	if err := f.disk.Remove(f.place(path)); err != nil {
		return false, fmt.Errorf("remove an old page: %w", err)
	}
	f.removeEmptied(path)
	return true, nil
}

// removeEmptied removes the folders above a path that are empty.
func (f *Folder) removeEmptied(path string) {
	for dir := filepath.Dir(f.place(path)); dir != filepath.Clean(f.dir) && len(dir) > len(f.dir); dir = filepath.Dir(dir) {
		info, err := f.disk.Lstat(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue // that one is gone already
		}
		if err != nil || !info.IsDir() || f.disk.Remove(dir) != nil {
			return // a file has its place by now; or it is not empty
		}
	}
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
	if err := f.disk.Rename(staged, name); err != nil {
		return fmt.Errorf("write the output's manifest: %w", err)
	}
	return nil
}

// removeStages removes this build's staging folder and those of builds that were killed.
func (f *Folder) removeStages() {
	entries, _ := f.disk.ReadDir(filepath.Join(f.dir, stateFolder))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), stagePrefix) {
			_ = f.disk.RemoveAll(filepath.Join(f.dir, stateFolder, e.Name())) // what remains is removed by the next build
		}
	}
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
