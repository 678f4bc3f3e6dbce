package importer

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"waymark/generator/diag"
)

// How much is read of what is asked for, and for how long.
const (
	mostFetched = 64 << 20
	fetchFor    = time.Minute
)

// Get reads a file, or what stands at an address (http, https). address is empty for a file. What is not there is a *diag.UsageError.
func Get(ctx context.Context, what string) (data []byte, address string, err error) {
	u, err := url.Parse(what)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		data, err := os.ReadFile(what)
		if err != nil {
			return nil, "", diag.Usagef("%s cannot be read: %v", diag.Printable(what), plainly(err))
		}
		return data, "", nil
	}
	ctx, done := context.WithTimeout(ctx, fetchFor)
	defer done()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, what, nil)
	if err != nil {
		return nil, "", diag.Usagef("%s is no address", diag.Printable(what))
	}
	r.Header.Set("User-Agent", "waymark import")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, "", fmt.Errorf("ask for %s: %w", what, err)
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	if answer.StatusCode != http.StatusOK {
		return nil, "", diag.Usagef("%s answers %s", diag.Printable(what), answer.Status)
	}
	data, err = io.ReadAll(io.LimitReader(answer.Body, mostFetched+1))
	if err == nil && len(data) > mostFetched {
		err = errors.New("there is more than can be read")
	}
	if err != nil {
		return nil, "", fmt.Errorf("ask for %s: %w", what, err)
	}
	return data, answer.Request.URL.String(), nil
}

func plainly(err error) error {
	if wrapped := new(fs.PathError); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// Open opens a folder, or an archive (zip) as one. What is neither is a *diag.UsageError.
func Open(what string) (fs.FS, func(), error) {
	info, err := os.Stat(what)
	switch {
	case err != nil:
		return nil, nil, diag.Usagef("%s cannot be read: %v", diag.Printable(what), plainly(err))
	case info.IsDir():
		return os.DirFS(what), func() {}, nil
	}
	archive, err := zip.OpenReader(what)
	if err != nil {
		return nil, nil, diag.Usagef("%s is neither a folder nor an archive: %v", diag.Printable(what), err)
	}
	return archive, func() { _ = archive.Close() }, nil
}

// Files lists the regular files of a folder, as they are called below a path of the old site.
func Files(dir, below string) (files []File, err error) {
	if dir == "" {
		return nil, nil
	}
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		name := path.Join(below, filepath.ToSlash(rel))
		files = append(files, File{From: name, Path: name, Read: func() ([]byte, error) { return os.ReadFile(p) }})
		return nil
	})
	if err != nil {
		return nil, diag.Usagef("%s cannot be read: %v", diag.Printable(dir), plainly(err))
	}
	return files, nil
}
