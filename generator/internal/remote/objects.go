package remote

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
	"sync"
)

// Storage is the program that knows object stores. It is one of its own because what it needs for that is larger than Waymark is.
const Storage = "waymark-storage"

// objects is an object store, by way of that program: it is told what to do through its standard input, and answers through its
// standard output (net/rpc).
type objects struct {
	client *rpc.Client
	end    func()
}

// Transfer is what is asked of waymark-storage.
type Transfer struct {
	Name string // of what lies in the store
	File string // that it is fetched into, or left from
	Most int64  // how many bytes may be fetched
}

// Answer is what waymark-storage says.
type Answer struct {
	Missing  bool // there is nothing of the name
	TooLarge bool // there is more than may be fetched
}

// pipes joins what a program says and what it is told.
type pipes struct {
	io.ReadCloser
	io.Writer
	stop func() error
}

func (p pipes) Close() error { return p.stop() }

func openObjects(address string) (Store, error) {
	program, err := findStorage()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(program, address)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", Storage, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", Storage, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", Storage, err)
	}
	end := sync.OnceFunc(func() {
		_ = in.Close()         // it ends when it is told nothing more
		_ = cmd.Process.Kill() // or now, where it waits for a store that does not answer
		_ = cmd.Wait()
	})
	return &objects{rpc.NewClient(pipes{out, in, in.Close}), end}, nil
}

// errNoStorage says what is missing, and what to do.
var errNoStorage = errors.New("s3://, gs://, azblob:// and file:// need the program " + Storage + " (put it beside waymark: make install STORAGE_TOO=1, in Waymark's source)")

// findStorage finds the program beside this one, or where the system looks for programs.
func findStorage() (string, error) {
	if own, err := os.Executable(); err == nil {
		if followed, err := filepath.EvalSymlinks(own); err == nil {
			own = followed
		}
		if beside, err := exec.LookPath(filepath.Join(filepath.Dir(own), Storage)); err == nil {
			return beside, nil
		}
	}
	found, err := exec.LookPath(Storage)
	if err != nil {
		return "", errNoStorage
	}
	return found, nil
}

func (o *objects) Close() { o.end() }

func (o *objects) Get(ctx context.Context, name, file string, most int64) error {
	return o.call(ctx, "Storage.Get", Transfer{name, file, most})
}

func (o *objects) Put(ctx context.Context, name, file string) error {
	return o.call(ctx, "Storage.Put", Transfer{Name: name, File: file})
}

func (o *objects) call(ctx context.Context, method string, t Transfer) error {
	var a Answer
	call := o.client.Go(method, t, &a, make(chan *rpc.Call, 1))
	select {
	case <-ctx.Done():
		return fmt.Errorf("ask the remote cache: %w", context.Cause(ctx))
	case <-call.Done:
	}
	switch {
	case call.Error != nil:
		return fmt.Errorf("ask the remote cache: %w", call.Error)
	case a.Missing:
		return fmt.Errorf("%s: %w", t.Name, fs.ErrNotExist)
	case a.TooLarge:
		return fmt.Errorf("%s: %w", t.Name, ErrTooLarge)
	}
	return nil
}
