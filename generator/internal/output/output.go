// Package output puts a build into its folder: only what changed, nothing torn, nothing left behind.
//
// One build at a time is let in. New files are staged beside the folder's content until the whole build has succeeded. Then
// each takes its place by a rename, files of an earlier build that are no longer wanted are removed, and the manifest, which
// says what Waymark wrote, comes last. What fails in the middle is put back. A file that Waymark did not write is never changed
// or removed. Swapping whole folders would be shorter, but fails on the overlay file systems of CI containers.
package output

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
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

// Folder is an output folder during one build. Nobody else builds into it meanwhile.
type Folder struct {
	dir      string
	disk     disk
	made     bool // whether Open made the folder
	release  func()
	stage    string
	manifest manifest // of the build before
	kept     int      // how many files of that build stay, because pages that are open somewhere may name them

	mu     sync.Mutex
	next   map[string]entry
	staged map[string]string // by path, the staged file
}

// Stats says what a commit did, in numbers of files.
type Stats struct {
	Written   int `json:"written"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`

	// Kept is how many files stay that no page of this build names any more, for those that have a page of the last one open.
	Kept int `json:"-" cbor:"-"`
}

// ForeignError says that a file stands where the build wants to write, and that Waymark did not write it.
type ForeignError struct{ Path string }

// Error names the file.
func (e *ForeignError) Error() string {
	return e.Path + " is in the way: Waymark did not write it, and leaves it alone (move it, or build into another folder)"
}

// Open prepares a folder, making it where it does not exist, and keeps other builds out of it; while one is in it, Open waits a
// moment, and then refuses with a *diag.UsageError. Call Commit or Abort in the end.
func Open(dir string) (*Folder, error) { return open(dir, system{}) }

func open(dir string, d disk) (*Folder, error) {
	_, statErr := d.Lstat(dir)
	f := &Folder{dir: dir, disk: d, made: errors.Is(statErr, fs.ErrNotExist), next: map[string]entry{}, staged: map[string]string{}}
	if err := f.prepare(); err != nil {
		f.unlock()
		return nil, err
	}
	return f, nil
}

// prepare makes and locks the folder, sweeps what killed builds left, and reads what the build before wrote.
func (f *Folder) prepare() error {
	state := filepath.Join(f.dir, stateFolder)
	if info, err := f.disk.Lstat(state); err == nil && !info.IsDir() {
		return &ForeignError{state} // a link could lead anywhere
	}
	// Who leaves may take it away while it is made: then the lock makes it.
	if err := f.disk.MkdirAll(state, 0o755); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("prepare the output folder: %w", err)
	}
	var locked bool
	var err error
	if f.release, locked, err = f.disk.Lock(filepath.Join(state, "lock"), f.dir); err != nil {
		return err
	}
	if locked {
		f.removeStages()
	}
	if err := f.readManifest(filepath.Join(state, "manifest.json")); err != nil {
		return err
	}
	if f.stage, err = f.disk.MkdirTemp(state, stagePrefix); err != nil {
		return fmt.Errorf("prepare the output folder: %w", err)
	}
	return nil
}

// unlock lets others build into the folder.
func (f *Folder) unlock() {
	if f.release != nil {
		f.release()
		f.release = nil
	}
}

// Put gives the folder one file. Nothing is seen of it before Commit. Several goroutines may call it; no path twice.
func (f *Folder) Put(path string, data []byte) error { return f.put(path, entry{}, data) }

// PutLasting is Put for a file whose name changes whenever its bytes do. When no page names it any more, it stays for one
// build: pages that are open somewhere, or kept by somebody in between, may still name it.
func (f *Folder) PutLasting(path string, data []byte) error {
	return f.put(path, entry{Lasting: true}, data)
}

// Keep gives the folder a file as the build before wrote it, and reports whether it could: the caller knows that the file is as it was.
func (f *Folder) Keep(path string) bool {
	old, known := f.manifest.Files[path]
	if !known || old.Kept || len(old.Digests) != 1 {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, twice := f.next[path]; twice {
		return false
	}
	f.next[path] = old
	return true
}

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
	return f.put(path, entry{Recipe: recipe}, data)
}

func (f *Folder) place(path string) string { return filepath.Join(f.dir, filepath.FromSlash(path)) }

func (f *Folder) put(path string, now entry, data []byte) error {
	now.Digests = []string{digest(data)}
	same, err := f.sameOnDisk(path, data)
	if err != nil {
		return err
	}
	staged, err := f.admit(path, now, same)
	if err != nil || same {
		return err
	}
	return f.writeVerified(staged, data)
}

// admit remembers a file of this build, and says where it is to be staged, unless it is the same as before.
func (f *Folder) admit(path string, now entry, same bool) (staged string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, twice := f.next[path]; twice {
		return "", fmt.Errorf("write %s: two outputs have this address", path)
	}
	f.next[path] = now
	if !same {
		staged = filepath.Join(f.stage, strconv.Itoa(len(f.staged)))
		f.staged[path] = staged
	}
	return staged, nil
}

// sameOnDisk reports whether the file already has these bytes. A file with bytes that Waymark did not write is an error.
func (f *Folder) sameOnDisk(path string, data []byte) (bool, error) {
	there, err := f.standing(path)
	if err != nil || !there {
		return false, err
	}
	old, err := f.disk.ReadFile(f.place(path))
	if err != nil {
		return false, fmt.Errorf("look at the output: %w", err)
	}
	if bytes.Equal(old, data) {
		return true, nil
	}
	return false, f.mayReplace(path, digest(old))
}

// standing reports whether a file stands at a path. What is no file of ours is an error.
func (f *Folder) standing(path string) (bool, error) {
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
	return true, nil
}

// mayReplace refuses to touch a file with bytes that Waymark did not write.
func (f *Folder) mayReplace(path, old string) error {
	e, known := f.manifest.Files[path]
	if !known || old != ofNothing && !slices.Contains(e.Digests, old) {
		return &ForeignError{f.place(path)}
	}
	return nil
}

// ofNothing is the digest of an empty file. At the place of one of ours it is what a power cut leaves of that, and holds nothing
// of anybody's.
var ofNothing = digest(nil)

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

// Names returns the paths of all files that the folder holds after Commit and that Waymark wrote, and those of the folder that it keeps
// for itself and of its manifest: a build that was killed leaves something in there.
func (f *Folder) Names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	names := append(make([]string, 0, len(f.next)+2), stateFolder, stateFolder+"/manifest.json")
	for path := range f.next {
		names = append(names, path)
	}
	sort.Strings(names)
	return names
}

// Abort forgets the build and leaves the folder as it was.
func (f *Folder) Abort() error {
	defer f.unlock()
	if err := f.disk.RemoveAll(f.stage); err != nil {
		return fmt.Errorf("clean up the output folder: %w", err)
	}
	if f.manifest.Files == nil {
		// Nothing of ours was here before: take away what Open made, where it is empty.
		_ = f.disk.Remove(filepath.Join(f.dir, stateFolder, "lock")) // who waits for it sees that it is gone
		_ = f.disk.Remove(filepath.Join(f.dir, stateFolder))
		if f.made {
			_ = f.disk.Remove(f.dir)
		}
	}
	return nil
}

// removeStages removes the staging folders of builds that were killed.
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
