package output

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// disk is all that a Folder asks of the system, so that a test can let any of it fail.
type disk interface {
	Lstat(name string) (fs.FileInfo, error)
	Stat(name string) (fs.FileInfo, error)
	ReadFile(name string) ([]byte, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	Open(name string) (io.ReadCloser, error)
	Create(name string) (io.WriteCloser, error)
	WriteFile(name string, data []byte, mode fs.FileMode) error
	MkdirAll(name string, mode fs.FileMode) error
	MkdirTemp(dir, pattern string) (string, error)
	Sync(name string) error // until the disk has all of a file
	Rename(from, to string) error
	Link(from, to string) error
	Remove(name string) error
	RemoveAll(name string) error

	// Lock keeps other builds out of a folder. Where one is in it, it waits a moment; then the error says who. locked is false
	// where the disk knows no locks.
	Lock(name, folder string) (release func(), locked bool, err error)
}

// system is the disk of this machine.
type system struct{}

func (system) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(name) }
func (system) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (system) ReadFile(name string) ([]byte, error)       { return os.ReadFile(name) }
func (system) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (system) Open(name string) (io.ReadCloser, error)    { return os.Open(name) }
func (system) Create(name string) (io.WriteCloser, error) { return os.Create(name) }
func (system) WriteFile(name string, data []byte, mode fs.FileMode) error {
	return os.WriteFile(name, data, mode)
}
func (system) MkdirAll(name string, mode fs.FileMode) error  { return os.MkdirAll(name, mode) }
func (system) MkdirTemp(dir, pattern string) (string, error) { return os.MkdirTemp(dir, pattern) }
func (system) Link(from, to string) error                    { return os.Link(from, to) }
func (system) Rename(from, to string) error                  { return os.Rename(from, to) }
func (system) Remove(name string) error                      { return os.Remove(name) }
func (system) RemoveAll(name string) error                   { return os.RemoveAll(name) }

func (system) Sync(name string) error {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) { // as on some network file systems
		err = nil
	}
	return errors.Join(err, f.Close())
}

func (system) Lock(name, folder string) (release func(), locked bool, err error) {
	return lock(name, folder, patience)
}
