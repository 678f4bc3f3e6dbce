// Package source reads a content folder: which files it holds, and the clean text of each.
//
// Nothing outside the folder is ever read: a symbolic link that leaves it is reported and passed over. Text is UTF-8;
// a byte-order mark and foreign line endings are taken away, so that every later stage sees one form.
package source

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"waymark/generator/diag"
)

// Folder is the name of the folder below the site's own in which the content lies.
const Folder = "content"

// MaxSize is the largest Markdown file, in bytes, that is read: a long book's worth of text, and small enough that no
// parser's worst case matters.
const MaxSize = 2 << 20

// The codes of what is wrong with the bytes of a file: its lines are not shown.
const (
	codeEncoding = "encoding"
	codeNUL      = "nul-byte"
)

// Entry is one file of the content folder. Path is relative to that folder and has forward slashes.
type Entry struct {
	Path string
	Size int64
	Link bool // whether it is a symbolic link: it changes when what it names does
}

// Endings are those of the names of texts that are read. The last three are Markdown for other programs, with code or components
// in it.
var Endings = []string{".md", ".markdown", ".mdown", ".mkdn", ".mkd", ".mdwn", ".mdx", ".qmd", ".rmd"}

// IsText reports whether a name is one of a text that is read.
func IsText(name string) bool { return slices.Contains(Endings, strings.ToLower(path.Ext(name))) }

// Markdown reports whether the file is a text to be parsed, rather than a file that belongs to one.
func (e Entry) Markdown() bool { return IsText(e.Path) }

// Name returns the file's path relative to the site's folder, as diagnostics show it.
func (e Entry) Name() string { return path.Join(Folder, e.Path) }

// File is a text that has been read. Data is valid UTF-8 with no NUL, no byte-order mark, and "\n" as line ending.
type File struct {
	Path string
	Name string
	Data []byte
}

// Scan lists the files of the content folder below root, sorted by path. Files and folders whose names begin with a
// dot, and editors' backups, are left out in silence; those that begin with an underscore, which other programs have for
// themselves, are left out with a warning, but for the few that have a meaning; so are texts that are not read. A content folder that does not exist is an error.
func Scan(root *Root) ([]Entry, diag.List, error) {
	entries, list, err := list(root, Folder, func(p string) (bool, *diag.Diagnostic) {
		if base := path.Base(p); !strings.HasPrefix(base, "_") || underscored(base) {
			return Hidden(base), nil
		}
		return true, &diag.Diagnostic{
			Pos: diag.Position{File: path.Join(Folder, p)}, Severity: diag.Warning, Code: "underscore",
			Message: "names that begin with an underscore are left out", Hint: "rename it to publish it",
		}
	})
	if err != nil {
		return nil, nil, err
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Path < entries[j].Path })
	entries, apart, err := setApart(root, entries)
	if err != nil {
		return nil, nil, fmt.Errorf("read the %s folder: %w", Folder, err)
	}
	return entries, append(list, apart...), nil
}

// Hidden reports whether a file or folder with this name is left out: what other programs have for themselves.
func Hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") && !underscored(name) || strings.HasSuffix(name, "~") ||
		strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".bak") || strings.HasPrefix(name, "#")
}

// underscored reports whether a name with an underscore has a meaning: the folders of posts and of drafts as Jekyll has them, and
// the text of a folder as Hugo has it.
func underscored(name string) bool {
	return name == "_posts" || name == DraftsFolder || IsText(name) && strings.TrimSuffix(name, path.Ext(name)) == "_index"
}

// DraftsFolder is the name of folders in which all texts are drafts.
const DraftsFolder = "_drafts"

// Read reads and cleans one Markdown file. A file that cannot be published as it stands (too large, not UTF-8, NUL
// bytes) is reported as an error in the list, and File.Data is then nil.
func Read(root *Root, e Entry) (File, diag.List, error) {
	file := File{Path: e.Path, Name: e.Name()}
	fail := func(pos diag.Position, code, message, hint string) (File, diag.List, error) {
		return file, diag.List{{Pos: pos, Severity: diag.Error, Code: code, Message: message, Hint: hint}}, nil
	}
	if e.Size > MaxSize {
		return fail(diag.Position{File: file.Name}, "too-large",
			fmt.Sprintf("the file has %.1f MB, and a text may have %d MB", float64(e.Size)/(1<<20), MaxSize>>20),
			"split it into several pages, or keep data in a file that is not Markdown")
	}
	data, err := ReadFile(root, file.Name)
	if err != nil {
		return file, nil, fmt.Errorf("read %s: %w", file.Name, err)
	}
	data = Clean(data)
	if at := firstInvalid(data); at >= 0 {
		return fail(At(file.Name, data, at), codeEncoding,
			fmt.Sprintf("the file is not valid UTF-8: byte 0x%02X", data[at]), "save it as UTF-8")
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return fail(At(file.Name, data, at), codeNUL, "the file holds a NUL byte", "save it as plain text in UTF-8")
	}
	file.Data = data
	return file, nil, nil
}

// Clean takes away byte-order marks and turns every line ending into "\n". Line numbers stay what they were.
func Clean(data []byte) []byte {
	for bytes.HasPrefix(data, []byte("\uFEFF")) { // some programs add one to another
		data = data[len("\uFEFF"):]
	}
	if bytes.IndexByte(data, '\r') < 0 {
		return data
	}
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	return bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
}

// At returns the position of a byte offset in a text.
func At(name string, data []byte, offset int) diag.Position {
	before := data[:min(offset, len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Position{File: name, Line: line, Col: 1 + utf8.RuneCount(before[start:])}
}

func firstInvalid(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
