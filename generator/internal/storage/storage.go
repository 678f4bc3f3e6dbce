// Package storage gets and puts files in object stores, by way of the program waymark-storage. That is one of its own because what it
// needs for the clouds is larger than Waymark is. It is told what to do through its standard input, and answers through its standard
// output (net/rpc).
package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
)

// Program is the name of the program that knows object stores.
const Program = "waymark-storage"

// schemes are those of addresses that the program knows.
var schemes = []string{"s3", "gs", "azblob", "sftp", "file"}

// Knows reports whether addresses with a scheme (s3, gs, azblob, sftp, file) are of object stores.
func Knows(scheme string) bool { return slices.Contains(schemes, scheme) }

// Transfer is what is asked of the program: about what lies in the store under a name.
type Transfer struct {
	Name string
	File string // that it is fetched into, or left from
	From string // the name of what is copied
	Most int64  // how many bytes may be fetched

	// Of what is left: how hosts send it, what it is known by, and whether it is left only where there is nothing of the name.
	Type, Caching string
	Digest        string
	New           bool

	Packed bool // of what is looked at: whether it is a compressed copy, known by what it is a copy of
}

// Answer is what the program says.
type Answer struct {
	Missing  bool   // there is nothing of the name
	TooLarge bool   // there is more than may be fetched
	There    bool   // there is something of the name already
	Digest   string // what lies there is known by, where it was left with that
}

// ErrTooLarge is what Get returns where there is more than may be fetched.
var ErrTooLarge = errors.New("there is more than was announced")

// Store is an object store. Several goroutines may use it.
type Store struct {
	client *rpc.Client
	end    func()
}

// pipes joins what a program says and what it is told.
type pipes struct {
	io.ReadCloser
	io.Writer
	stop func() error
}

func (p pipes) Close() error { return p.stop() }

// Open starts the program for the store at an address: s3://bucket/folder, gs://bucket/folder, azblob://container/folder,
// sftp://user@host/folder or file:///folder. Whether the store is there shows when it is asked.
func Open(address string) (*Store, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, address)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", Program, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", Program, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", Program, err)
	}
	end := sync.OnceFunc(func() {
		_ = in.Close()         // it ends when it is told nothing more
		_ = cmd.Process.Kill() // or now, where it waits for a store that does not answer
		_ = cmd.Wait()
	})
	return &Store{rpc.NewClient(pipes{out, in, in.Close}), end}, nil
}

// errNoProgram says what is missing, and what to do.
var errNoProgram = errors.New("object stores need the program " + Program + " (put it beside waymark: make install STORAGE_TOO=1, in Waymark's source)")

// find finds the program beside this one, or where the system looks for programs.
func find() (string, error) {
	if own, err := os.Executable(); err == nil {
		if followed, err := filepath.EvalSymlinks(own); err == nil {
			own = followed
		}
		if beside, err := exec.LookPath(filepath.Join(filepath.Dir(own), Program)); err == nil {
			return beside, nil
		}
	}
	found, err := exec.LookPath(Program)
	if err != nil {
		return "", errNoProgram
	}
	return found, nil
}

// Close ends the program.
func (s *Store) Close() { s.end() }

// Get fetches what lies under a name into a file that is there. It is fs.ErrNotExist where there is nothing, and ErrTooLarge where it
// has more bytes than most.
func (s *Store) Get(ctx context.Context, name, file string, most int64) error {
	_, err := s.call(ctx, "Get", Transfer{Name: name, File: file, Most: most})
	return err
}

// Put leaves a file, and reports whether it did: where t.New is set, only if there is nothing of the name.
func (s *Store) Put(ctx context.Context, t Transfer) (bool, error) {
	a, err := s.call(ctx, "Put", t)
	return !a.There, err
}

// Look returns what an object was left with as its digest, or, where a place keeps no such thing, the digest of what is there; fs.ErrNotExist
// where there is none of the name.
func (s *Store) Look(ctx context.Context, name string, packed bool) (digest string, err error) {
	a, err := s.call(ctx, "Look", Transfer{Name: name, Packed: packed})
	return a.Digest, err
}

// Copy puts what lies under one name under another one as well, with all that is known of it.
func (s *Store) Copy(ctx context.Context, from, to string) error {
	_, err := s.call(ctx, "Copy", Transfer{Name: to, From: from})
	return err
}

// Remove removes an object, where there is one.
func (s *Store) Remove(ctx context.Context, name string) error {
	_, err := s.call(ctx, "Remove", Transfer{Name: name})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Sweep removes what transfers that were cut off left on the way.
func (s *Store) Sweep(ctx context.Context) error {
	_, err := s.call(ctx, "Sweep", Transfer{})
	return err
}

func (s *Store) call(ctx context.Context, method string, t Transfer) (Answer, error) {
	var a Answer
	call := s.client.Go("Storage."+method, t, &a, make(chan *rpc.Call, 1))
	select {
	case <-ctx.Done():
		return Answer{}, context.Cause(ctx) // a is still written to
	case <-call.Done:
	}
	switch {
	case call.Error != nil:
		return a, call.Error
	case a.Missing:
		return a, fmt.Errorf("%s: %w", t.Name, fs.ErrNotExist)
	case a.TooLarge:
		return a, fmt.Errorf("%s: %w", t.Name, ErrTooLarge)
	}
	return a, nil
}
