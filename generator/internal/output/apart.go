package output

import (
	"fmt"
	"path/filepath"

	"waymark/generator/diag"
)

// Apart refuses output folders in which a build would meet what it is made of, with a *diag.UsageError: dir is the site's
// folder, and sources are the folders in it that are read.
func Apart(out, dir string, sources []string) error {
	realOut, err := realPath(out)
	if err != nil {
		return err
	}
	realDir, err := realPath(dir)
	if err != nil {
		return err
	}
	if within(realOut, realDir) {
		return diag.Usagef("the output folder %s holds the site itself (choose a folder of its own, such as public)", out)
	}
	for _, source := range sources {
		realSource, err := realPath(filepath.Join(dir, source))
		if err != nil {
			return err
		}
		if within(filepath.Join(realDir, source), realOut) || within(realSource, realOut) {
			return diag.Usagef("the output folder %s lies inside %s, which is read (choose a folder beside it, such as public)", out, source)
		}
	}
	return nil
}

// CacheApart refuses folders for what is kept in which it would be published or read, with a *diag.UsageError: out is the output folder,
// dir the site's, and sources the folders in it that are read. What is kept holds drafts as well.
func CacheApart(cache, out, dir string, sources []string) error {
	realCache, err := realPath(cache)
	if err != nil {
		return err
	}
	places := []string{out}
	for _, source := range sources {
		places = append(places, filepath.Join(dir, source))
	}
	for _, place := range places {
		realPlace, err := realPath(place)
		if err != nil {
			return err
		}
		if within(realPlace, realCache) {
			return diag.Usagef("--cache-dir %s lies inside %s, and would be published (choose a folder beside it, such as .waymark/cache)", cache, place)
		}
	}
	return nil
}

// within reports whether a path is a folder itself, or lies inside it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

// realPath follows links as far as the path exists.
func realPath(p string) (string, error) {
	abs, err := filepath.Abs(p)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", p, err)
	}
	rest := ""
	for at := abs; ; at = filepath.Dir(at) {
		if found, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(found, rest), nil
		}
		if at == filepath.Dir(at) {
			return abs, nil
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}
