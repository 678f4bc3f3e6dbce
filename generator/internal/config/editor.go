package config

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
)

// editors are the addresses by which known editors open a file. Sources: the editors' manuals.
var editors = map[string]string{
	"vscode":   "vscode://file{file}:{line}:{column}",
	"vscodium": "vscodium://file{file}:{line}:{column}",
	"cursor":   "cursor://file{file}:{line}:{column}",
	"windsurf": "windsurf://file{file}:{line}:{column}",
	"zed":      "zed://file{file}:{line}:{column}",
	"idea":     "idea://open?file={file}&line={line}&column={column}",
	"textmate": "txmt://open?url=file://{file}&line={line}&column={column}",
}

func editorNames() []string {
	names := make([]string, 0, len(editors))
	for name := range editors {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// editor reads the name of an editor, or an address with {file} in it.
func (r *reader) editor(v fields.Value) string {
	s := r.Text(v, "editor")
	if known := editors[strings.ToLower(s)]; known != "" || s == "" {
		return known
	}
	names := editorNames()
	if !strings.Contains(s, "{file}") {
		r.Errorf(v.Pos, "editor", diag.DidYouMean(s, names, "name one of "+strings.Join(names, ", ")+", or write an address such as vscode://file{file}:{line}"), "%q is no editor that is known, and no address with {file} in it", s)
		return ""
	}
	scheme, _, found := strings.Cut(s, ":")
	if !found || !plainScheme(scheme) {
		r.Errorf(v.Pos, "editor", "write an address that an editor answers to, such as vscode://file{file}:{line}", "%q is not an address that opens an editor", s)
		return ""
	}
	return s
}

// plainScheme reports whether an address with this scheme can neither run anything in the browser nor load anything
// into it.
func plainScheme(scheme string) bool {
	scheme = strings.ToLower(scheme)
	if slices.Contains([]string{"javascript", "data", "vbscript", "blob", "file", "filesystem", "about", "http", "https"}, scheme) {
		return false
	}
	return scheme != "" && strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+.-") == "" && scheme[0] >= 'a'
}

// EditorAddress returns the address that opens a place of the site in its author's editor, or "" where the site names none.
// dir is the site's folder. In the editor's address {file} is the file's whole path with a slash in front; {line} and
// {column} count from 1.
func (c Config) EditorAddress(dir string, pos diag.Position) string {
	abs, err := filepath.Abs(filepath.Join(dir, filepath.FromSlash(pos.File)))
	if c.Editor == "" || pos.File == "" || err != nil {
		return ""
	}
	file := filepath.ToSlash(abs)
	if !strings.HasPrefix(file, "/") {
		file = "/" + file // a path that begins with the letter of a disk
	}
	escaped := (&url.URL{Path: file}).EscapedPath()
	return strings.NewReplacer("{file}", escaped, "{line}", strconv.Itoa(max(pos.Line, 1)), "{column}", strconv.Itoa(max(pos.Col, 1))).Replace(c.Editor)
}
