package markdown

import (
	"bytes"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/source"
)

// FormatMaps rewrites the map blocks of a file in canonical form, and leaves everything else as it is. A file with errors in
// its maps comes back unchanged, with the errors.
func FormatMaps(name string, data []byte, maps outline.Options) ([]byte, diag.List) {
	refuse := func(message, hint string) ([]byte, diag.List) {
		return data, diag.List{{Pos: diag.Position{File: name}, Severity: diag.Error, Code: "encoding", Message: message, Hint: hint}}
	}
	text := source.Clean(data)
	windows := bytes.Count(data, []byte("\r\n"))
	switch {
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return refuse("this file is not text in UTF-8", "save it as UTF-8")
	case windows != bytes.Count(data, []byte("\r")) || windows > 0 && windows != bytes.Count(text, []byte("\n")):
		return refuse("the lines of this file end in different ways", "save it with one kind of line ending")
	}
	doc, list := NewParser(Options{Zone: time.UTC, Maps: maps}).Parse(source.File{Path: path.Base(filepath.ToSlash(name)), Name: name, Data: text})
	list = slices.DeleteFunc(list, func(d diag.Diagnostic) bool { return d.Severity == diag.Warning })
	if list.HasErrors() {
		return data, list
	}
	var out bytes.Buffer
	at := 0
	for _, block := range doc.Maps {
		if block.Fence.Stop == 0 {
			continue
		}
		out.Write(text[at:block.Fence.Start])
		for line := range strings.Lines(outline.Format(block.Typed())) {
			out.WriteString(strings.TrimRight(block.Fence.Prefix+strings.TrimSuffix(line, "\n"), " ") + "\n")
		}
		at = block.Fence.Stop
	}
	out.Write(text[at:])
	result := out.Bytes()
	if windows > 0 {
		result = bytes.ReplaceAll(result, []byte("\n"), []byte("\r\n"))
	}
	if bytes.HasPrefix(data, bom) {
		result = append(bytes.Clone(bom), result...)
	}
	return result, list
}

var bom = []byte("\xEF\xBB\xBF")
