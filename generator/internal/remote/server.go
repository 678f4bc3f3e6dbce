package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strings"

	"waymark/generator/internal/storage"
)

// server is a cache server: GET and PUT below /ac/ and /cas/ of its address
// (https://bazel.build/remote/caching#http-caching).
type server struct {
	base   *url.URL // with a name and password, which net/http sends, and which stand in no message
	client *http.Client
}

func newServer(u *url.URL) *server { return &server{u, &http.Client{}} }

func (s *server) Close() { s.client.CloseIdleConnections() }

func (s *server) Get(ctx context.Context, name, file string, most int64) error {
	answer, err := s.ask(ctx, http.MethodGet, name, nil, 0)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	return save(file, io.LimitReader(answer.Body, most+1), most)
}

func (s *server) Put(ctx context.Context, name, file string) error {
	in, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("send to the remote cache: %w", err)
	}
	defer func() { _ = in.Close() }() // it was only read
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("send to the remote cache: %w", err)
	}
	answer, err := s.ask(ctx, http.MethodPut, name, in, info.Size())
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection can be used again
	return answer.Body.Close()
}

// ask sends a request, and returns an answer that says that all went well.
func (s *server) ask(ctx context.Context, method, name string, body io.Reader, size int64) (*http.Response, error) {
	at := s.base.JoinPath(strings.Split(name, "/")...)
	r, err := http.NewRequestWithContext(ctx, method, at.String(), body)
	if err != nil {
		return nil, errors.New("ask the remote cache: its address cannot be asked")
	}
	r.ContentLength = size
	answer, err := s.client.Do(r)
	if failed := new(url.Error); errors.As(err, &failed) {
		err = failed.Err // what is around it says the address, with all that stands in it
	}
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", s.name(), err)
	}
	switch {
	case answer.StatusCode == http.StatusNotFound && method == http.MethodGet:
		err = fs.ErrNotExist
	case answer.StatusCode < 200 || answer.StatusCode > 299:
		err = errors.New(answer.Status)
	default:
		return answer, nil
	}
	_ = answer.Body.Close() // nothing of it is wanted
	return nil, fmt.Errorf("ask %s: %w", s.name(), err)
}

// name is what a message may say of the address: names, passwords and tokens may stand in all else.
func (s *server) name() string { return s.base.Scheme + "://" + s.base.Host }

// ErrTooLarge says that a file has more bytes than it was said to have.
var ErrTooLarge = storage.ErrTooLarge

// save writes what comes into a new file.
func save(file string, in io.Reader, most int64) error {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("fetch from the remote cache: %w", err)
	}
	n, err := io.Copy(out, in)
	if err == nil && n > most {
		err = ErrTooLarge
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("fetch from the remote cache: %w", err)
	}
	return nil
}
