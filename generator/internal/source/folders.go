package source

import (
	"bytes"
	"strings"

	"waymark/generator/diag"
)

// StaticFolder is the name of the folder below the site's own whose files are published as they are.
const StaticFolder = "static"

// NoContent is the *diag.UsageError of a site's folder without a content folder.
func NoContent(dir string) error {
	return diag.Usagef("%s has no folder %q (waymark new site DIR makes a site)", dir, Folder)
}

// Equal reports whether two files of a site's folder have the same bytes.
func Equal(root *Root, x, y string) bool {
	a, errA := ReadFile(root, x)
	b, errB := ReadFile(root, y)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Mend makes clean text of any bytes: what is not UTF-8 becomes U+FFFD.
func Mend(data []byte) []byte { return Clean(bytes.ToValidUTF8(data, []byte("\uFFFD"))) }

// maxExcerpt is how many characters of a source line are shown.
const maxExcerpt = 2000

// Excerpts adds to diagnostics the source lines that they point into: the stages do not carry them along. The list is
// sorted, so that each file is read once.
func Excerpts(root *Root, list diag.List) {
	var file string
	var lines []string // of the file that is being read
	for i := range list {
		d := &list[i]
		if d.Pos.Line == 0 || d.Pos.File == "" || d.Code == codeEncoding || d.Code == codeNUL {
			continue
		}
		if d.Pos.File != file {
			data, _ := ReadFile(root, d.Pos.File)
			file, lines = d.Pos.File, strings.Split(string(Mend(data)), "\n")
		}
		if d.Pos.Line <= len(lines) {
			d.Source = strings.Clone(firstRunes(lines[d.Pos.Line-1], maxExcerpt))
		}
	}
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
