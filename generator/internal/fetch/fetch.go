// Package fetch brings pictures of other hosts into a site, and reads what a published site says of itself, when its author asks for it.
//
// It asks each host for a picture once, takes no more of one than a page should show, takes nothing that is no picture, and writes
// over nothing.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"time"

	"golang.org/x/sync/errgroup"

	"waymark/generator/internal/images"
)

// Bounds on what is fetched.
const (
	maxPictures = 5_000    // of a site
	maxBytes    = 20 << 20 // of one picture
	maxTime     = 30 * time.Second
	atATime     = 4
)

// endings are those of the pictures that are taken, by their media types. Of other hosts nothing is taken that may run scripts, as SVG
// may.
var endings = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// Failure is a picture that could not be fetched.
type Failure struct {
	Address string
	Err     error
}

// Pictures fetches pictures into the content folder of a site, and returns those that did not come. The error is the machine's.
func Pictures(ctx context.Context, content string, addresses []string) (failed []Failure, err error) {
	if len(addresses) > maxPictures {
		return nil, fmt.Errorf("fetch pictures: there are %d, and at most %d are fetched", len(addresses), maxPictures)
	}
	client := &http.Client{Timeout: maxTime}
	failures := make([]error, len(addresses))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, address := range addresses {
		group.Go(func() error {
			failures[i] = picture(ctx, client, content, address)
			if full := new(os.PathError); errors.As(failures[i], &full) {
				return failures[i]
			}
			return nil
		})
	}
	err = group.Wait()
	for i, address := range addresses {
		if failures[i] != nil {
			failed = append(failed, Failure{address, failures[i]})
		}
	}
	if err != nil {
		err = fmt.Errorf("fetch pictures: %w", err)
	}
	return failed, err
}

// File fetches a file of a site that its author names. Where the host has no such file, the error is fs.ErrNotExist.
func File(ctx context.Context, address string) ([]byte, error) {
	return get(ctx, &http.Client{Timeout: maxTime}, address)
}

// notThere is what a host answers that has no such file.
type notThere string

func (n notThere) Error() string { return "the host answers " + string(n) }

// Is makes it fs.ErrNotExist.
func (notThere) Is(target error) bool { return target == fs.ErrNotExist }

func get(ctx context.Context, client *http.Client, address string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("its address cannot be read")
	}
	request.Header.Set("User-Agent", "Waymark (an author looks at what is their own)")
	answer, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("the host does not answer: %v", err) //nolint:errorlint // it is told, and nobody asks for more
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	switch answer.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return nil, notThere(answer.Status)
	default:
		return nil, fmt.Errorf("the host answers %s", answer.Status)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer broke off: %v", err) //nolint:errorlint // it is told, and nobody asks for more
	case len(data) > maxBytes:
		return nil, fmt.Errorf("it has more than %d MB", maxBytes>>20)
	}
	return data, nil
}

func picture(ctx context.Context, client *http.Client, content, address string) error {
	data, err := get(ctx, client, address)
	if err != nil {
		return err
	}
	ending := endings[http.DetectContentType(data)]
	if ending == "" {
		return errors.New("it is no PNG, JPEG, GIF or WebP picture")
	}
	return writeNew(content, images.FetchedKey(address)+ending, data)
}

// writeNew writes a whole file below a folder that is not there yet, or nothing, and never outside of the folder. What is there
// stays.
func writeNew(folder, name string, data []byte) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // what was written was closed
	if _, err := root.Lstat(name); err == nil {
		return nil
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	part := path.Join(path.Dir(name), ".fetched-"+path.Base(name))
	if err := root.WriteFile(part, data, 0o644); err != nil {
		return errors.Join(err, root.Remove(part))
	}
	return root.Rename(part, name)
}
