// Package remote fetches and leaves files where several machines share them: on cache servers that speak the plain HTTP protocol of
// Bazel's remote caches, and in object stores, which the program waymark-storage knows.
package remote

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/url"

	"waymark/generator/diag"
	"waymark/generator/internal/storage"
)

// Store keeps files by name. Several goroutines may use it.
type Store interface {
	// Get fetches what lies under a name into a new file. It is fs.ErrNotExist where there is nothing, and ErrTooLarge where it has more
	// bytes than most.
	Get(ctx context.Context, name, file string, most int64) error

	// Put leaves a file under a name, in the place of what was there.
	Put(ctx context.Context, name, file string) error

	// Close ends the connection.
	Close()
}

// Action returns the name of what was made of something: of what the key names.
func Action(key [32]byte) string { return "ac/" + hex.EncodeToString(key[:]) }

// Blob is a file, known by what is in it.
type Blob struct {
	Digest [32]byte // SHA-256
	Size   int64
}

// Name returns the name under which the file lies.
func (b Blob) Name() string { return "cas/" + hex.EncodeToString(b.Digest[:]) }

// Check returns a *diag.UsageError for an address at which there can be no store.
func Check(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return diag.Usagef("--cache-remote is no address (write https://host/name/, or one of s3://, gs://, azblob:// and file:///)")
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Host == "" {
			return diag.Usagef("--cache-remote names no host (write https://host/name/)")
		}
	case !storage.Knows(u.Scheme):
		return diag.Usagef("--cache-remote begins with %q, which is of no kind that is known (write https://host/name/, or one of s3://, gs://, azblob:// and file:///)", u.Scheme)
	}
	return nil
}

// Open opens the store at an address that Check has passed: a cache server (http, https), or an object store. Whether it is there shows
// when it is asked.
func Open(address string) (Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("open the remote cache: %w", err)
	}
	if storage.Knows(u.Scheme) {
		return openObjects(address)
	}
	return newServer(u), nil
}
