package publish

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"waymark/generator/internal/storage"
)

// place is where a site is published: files by their paths. Several goroutines may use it.
type place interface {
	// Get returns a small file; fs.ErrNotExist where there is none.
	Get(ctx context.Context, path string) ([]byte, error)

	// Put puts a file in its place, in the place of what was there.
	Put(ctx context.Context, o object) error

	// Create puts a file where there is none, and reports whether it did.
	Create(ctx context.Context, o object) (bool, error)

	// Look returns the digest of what stands at a path, of a packed file that of what it is a copy of; "" where that is none of ours, and
	// fs.ErrNotExist where there is nothing.
	Look(ctx context.Context, path string, packed bool) (string, error)

	// Copy puts what stands at one path at another one as well.
	Copy(ctx context.Context, from, to string) error

	// Remove removes what stands at a path, if anything does.
	Remove(ctx context.Context, path string) error

	// Sweep removes what killed publishers left on its way. It is called while nobody else publishes.
	Sweep(ctx context.Context) error

	// oneFile reports whether two paths that differ by the case of letters alone are one file, as on disks that do not tell them apart.
	oneFile(x, y string) bool

	// below lists the files of what stands as a folder at a path; none where that can stand beside a file of the same name.
	below(path string) []string

	// Finish is called when all is in its place. atOnce says of a place that nothing is seen of what was done before that.
	Finish(ctx context.Context) error
	atOnce() bool

	Close()
}

// object is a file on its way to a place.
type object struct {
	path          string
	file          string // on this machine
	digest        string
	kind, caching string // its media type, and what is said of how long it may be kept (RFC 9111)
}

// bucket is an object store, or a folder of another machine.
type bucket struct{ *storage.Store }

func (bucket) Finish(context.Context) error { return nil }
func (bucket) atOnce() bool                 { return false }
func (bucket) oneFile(_, _ string) bool     { return false }
func (bucket) below(string) []string        { return nil }

// mostState is how many bytes a file that says what was published may have.
const mostState = 64 << 20

func (b bucket) Get(ctx context.Context, path string) ([]byte, error) {
	f, err := os.CreateTemp("", "waymark-*")
	if err != nil {
		return nil, fmt.Errorf("make a file to fetch into: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	err = errors.Join(f.Close(), b.Store.Get(ctx, path, f.Name(), mostState))
	if err != nil {
		return nil, err
	}
	return os.ReadFile(f.Name())
}

func (b bucket) transfer(o object) storage.Transfer {
	return storage.Transfer{Name: o.path, File: o.file, Digest: o.digest, Type: o.kind, Caching: o.caching}
}

func (b bucket) Put(ctx context.Context, o object) error {
	_, err := b.Store.Put(ctx, b.transfer(o))
	return err
}

func (b bucket) Create(ctx context.Context, o object) (bool, error) {
	t := b.transfer(o)
	t.New = true
	return b.Store.Put(ctx, t)
}

func (b bucket) Look(ctx context.Context, path string, packed bool) (string, error) {
	return b.Store.Look(ctx, path, packed)
}

// folder is a folder of this machine, or one that it has mounted.
type folder struct{ dir string }

func (folder) Finish(context.Context) error { return nil }
func (folder) atOnce() bool                 { return false }
func (folder) Close()                       {}

// Sweep removes files that never came to their places.
func (f folder) Sweep(context.Context) error {
	left, err := filepath.Glob(filepath.Join(f.dir, filepath.FromSlash(stateFolder), tempPrefix+"*"))
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

func (f folder) oneFile(x, y string) bool {
	a, errA := os.Lstat(filepath.Join(f.dir, filepath.FromSlash(x)))
	b, errB := os.Lstat(filepath.Join(f.dir, filepath.FromSlash(y)))
	return errA == nil && errB == nil && os.SameFile(a, b)
}

func (f folder) below(path string) (files []string) {
	_ = filepath.WalkDir(filepath.Join(f.dir, filepath.FromSlash(path)), func(p string, d fs.DirEntry, err error) error {
		if rel, relErr := filepath.Rel(f.dir, p); err == nil && relErr == nil && !d.IsDir() {
			files = append(files, filepath.ToSlash(rel))
		}
		return nil // what cannot be read is found when it is replaced
	})
	return files
}

// errObstacle says that a file stands where a folder is wanted.
var errObstacle = errors.New("a file is in the way of a folder")

// at returns where a path lies. No link on the way leads out of the folder.
func (f folder) at(path string) (string, error) {
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return "", fmt.Errorf("%s lies outside the folder", path)
	}
	at := f.dir
	for dir := range strings.SplitSeq(filepath.Dir(filepath.FromSlash(path)), string(filepath.Separator)) {
		at = filepath.Join(at, dir)
		if info, err := os.Lstat(at); err == nil && !info.IsDir() && at != f.dir {
			if info.Mode().IsRegular() {
				return "", fmt.Errorf("%s: %w", at, errObstacle)
			}
			return "", fmt.Errorf("%s is in the way of a folder", at)
		}
	}
	return filepath.Join(f.dir, filepath.FromSlash(path)), nil
}

func (f folder) Get(_ context.Context, path string) ([]byte, error) {
	at, err := f.at(path)
	if err != nil {
		return nil, err
	}
	return os.ReadFile(at)
}

// stage copies a file beside where it is to stand, whole.
func (f folder) stage(o object) (staged, at string, err error) {
	if at, err = f.at(o.path); err != nil {
		return "", "", err
	}
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return "", "", err
	}
	state := filepath.Join(f.dir, filepath.FromSlash(stateFolder))
	if err := os.MkdirAll(state, 0o755); err != nil {
		return "", "", err
	}
	in, err := os.Open(o.file)
	if err != nil {
		return "", "", err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.CreateTemp(state, tempPrefix+"*")
	if err != nil {
		return "", "", err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Chmod(0o644), out.Close()); err != nil {
		_ = os.Remove(out.Name())
		return "", "", err
	}
	return out.Name(), at, nil
}

// tempPrefix begins the names of files on their way, in the folder for what was published.
const tempPrefix = "coming-"

func (f folder) Put(_ context.Context, o object) error {
	staged, at, err := f.stage(o)
	if err != nil {
		return err
	}
	if err := os.Rename(staged, at); err != nil {
		return errors.Join(err, os.Remove(staged))
	}
	return nil
}

func (f folder) Create(_ context.Context, o object) (bool, error) {
	staged, at, err := f.stage(o)
	if err != nil {
		return false, err
	}
	defer func() { _ = os.Remove(staged) }()
	err = os.Link(staged, at) // which fails where there is something
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err == nil {
		return true, nil
	}
	out, err := os.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644) // on disks without links
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	data, err := os.ReadFile(staged)
	if err == nil {
		_, err = out.Write(data)
	}
	return true, errors.Join(err, out.Close())
}

func (f folder) Look(_ context.Context, path string, packed bool) (string, error) {
	at, err := f.at(path)
	if errors.Is(err, errObstacle) {
		return "", fs.ErrNotExist
	}
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(at)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return "", errFolder
	}
	if !info.Mode().IsRegular() {
		return "", nil
	}
	in, err := os.Open(at)
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }() // it was only read
	return digestReader(in, packed)
}

// errFolder is what Look says of a folder.
var errFolder = errors.New("a folder is in the way of a file")

// digestReader returns the digest of a file, of a packed one that of what it is a copy of, and "" where it is none.
func digestReader(in io.Reader, packed bool) (string, error) {
	hash := sha256.New()
	if packed {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return "", nil //nolint:nilerr // somebody else's
		}
		if _, err := io.Copy(hash, unpacked); err != nil { //nolint:gosec // nothing of it is kept
			return "", nil //nolint:nilerr // the same
		}
	} else if _, err := io.Copy(hash, in); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

func (f folder) Copy(ctx context.Context, from, to string) error {
	at, err := f.at(from)
	if err != nil {
		return err
	}
	return f.Put(ctx, object{path: to, file: at})
}

func (f folder) Remove(_ context.Context, path string) error {
	at, err := f.at(path)
	if errors.Is(err, errObstacle) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := filepath.Dir(at); dir != f.dir; dir = filepath.Dir(dir) {
		if os.Remove(dir) != nil { // it is not empty
			break
		}
	}
	return nil
}
