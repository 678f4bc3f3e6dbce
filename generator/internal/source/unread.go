package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
)

// unread are the endings of texts that other programs make pages of, and that Waymark does not read.
var unread = []string{
	".rst", ".org", ".adoc", ".asciidoc", ".asc", ".textile", ".creole", ".mediawiki", ".wiki", ".rnw", ".pod",
	".njk", ".liquid", ".hbs", ".handlebars", ".mustache", ".ejs", ".pug", ".jade", ".haml", ".slim", ".erb", ".twig", ".tmpl", ".gohtml",
	".astro", ".svx", ".mdsvex", ".markdoc", ".mdoc",
}

// headless are endings of files that begin with no header: pictures, sounds, fonts and archives, and those that may begin with a
// line of hyphens of their own.
var headless = []string{
	".yaml", ".yml", ".patch", ".diff", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".bmp", ".tif", ".tiff", ".heic",
	".pdf", ".zip", ".gz", ".mp3", ".mp4", ".m4a", ".wav", ".ogg", ".webm", ".mov", ".woff", ".woff2", ".ttf", ".otf", ".docx", ".xlsx", ".pptx", ".key",
}

// setApart takes those texts out of the entries that other programs make a page of, by their names or because they begin with a
// header, and that Waymark does not read. They would be published with their headers, and even if these say that they must not be.
func setApart(root *Root, entries []Entry) (kept []Entry, list diag.List, err error) {
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.Path))
		apart := slices.Contains(unread, ext)
		if !apart && !e.Markdown() && !slices.Contains(headless, ext) {
			apart, err = hasHeader(root, e.Name())
			if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) { // which is said where it is read
				return nil, nil, err
			}
		}
		if !apart {
			kept = append(kept, e)
			continue
		}
		kind := "files that end in " + ext
		if ext == "" {
			kind = "files without an ending"
		}
		list.Add(diag.Diagnostic{
			Pos: diag.Position{File: e.Name()}, Severity: diag.Warning, Code: "unread-text", Same: ext,
			Message: "this is the text of a page, and " + kind + " are not read: it is left out",
			Hint:    "rename it to .md if it is Markdown, or put it into the static folder to publish it as it is",
		})
	}
	return kept, list, nil
}

// hasHeader reports whether a file begins with a line of three hyphens or plus signs.
func hasHeader(root *Root, name string) (bool, error) {
	f, err := OpenFile(root, name)
	if err != nil {
		return false, err //nolint:wrapcheck // the caller tells what it means
	}
	defer func() { _ = f.Close() }() // it was only read
	begin := make([]byte, 64)
	n, err := io.ReadFull(f, begin)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return false, fmt.Errorf("read %s: %w", name, err)
	}
	begin = bytes.TrimLeft(bytes.ReplaceAll(begin[:n], []byte("\uFEFF"), nil), " \t\r\n")
	line, _, found := bytes.Cut(begin, []byte("\n"))
	mark := string(bytes.TrimSpace(line))
	return found && (mark == "---" || mark == "+++"), nil
}
