package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"waymark/generator/internal/memo"
)

// CacheStats says what a cache gave a build.
type CacheStats struct {
	Found  int `json:"found"`  // texts and pages, and parts of them, that were there
	Missed int `json:"missed"` // that had to be made
	Added  int `json:"added"`  // that are there for the next build

	Remote *RemoteStats `json:"remote,omitempty"` // where one was named
}

func statsOf(s memo.Stats, r *RemoteStats) CacheStats {
	return CacheStats{s.Found, s.Missed, s.Added, r}
}

// CacheInfo says what a cache holds.
type CacheInfo struct {
	Entries int   // texts and pages, and their parts
	Bytes   int64 // that it takes
}

// Cache returns what the cache in a folder holds: nothing, where there is none.
func Cache(dir string) CacheInfo {
	entries, size := memo.Info(dir)
	return CacheInfo{entries, size}
}

// CleanCache removes everything from the cache in a folder, and returns how many bytes that took.
func CleanCache(dir string) (int64, error) { return memo.Clean(dir) }

// Verify builds the site once more, without the cache and into a folder that is removed again, and returns the paths of the files that
// differ from those in c.Output: none, as long as the cache keeps its promise.
func Verify(ctx context.Context, c Config) (differ []string, err error) {
	if c.Output == "" {
		c.Output = filepath.Join(c.Dir, "public")
	}
	dir, err := os.MkdirTemp("", "waymark-verify-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder to build into: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	cold := c
	cold.Cache, cold.Remote, cold.Output, cold.Progress, cold.Fetch = "", "", dir, nil, false
	r, err := Build(ctx, cold)
	if err != nil || !r.Written {
		return nil, err
	}
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".waymark" {
				return fs.SkipDir
			}
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		want, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(filepath.Join(c.Output, rel))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err != nil || !bytes.Equal(got, want) {
			differ = append(differ, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil {
		return differ, fmt.Errorf("compare with a build without the cache: %w", err)
	}
	return differ, nil
}
