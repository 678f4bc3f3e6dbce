package check

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"waymark/generator/diag"
)

// Mend puts right in a file what has one right answer, and returns how much that was. All other bytes stay. What is not found at its
// place any more is left as it is.
func Mend(data []byte, list diag.List) (mended []byte, n int) {
	lines := bytes.SplitAfter(data, []byte("\n"))
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b diag.Diagnostic) int { // from the end, so that places stay what they are
		return cmp.Or(cmp.Compare(b.Pos.Line, a.Pos.Line), cmp.Compare(b.Pos.Col, a.Pos.Col))
	})
	everywhere := diag.List{}
	for _, d := range list {
		switch {
		case d.Fix.Everywhere:
			everywhere.Add(d)
		case d.Pos.Line > 0 && d.Pos.Line <= len(lines):
			if line, ok := replaceAt(string(lines[d.Pos.Line-1]), d); ok {
				lines[d.Pos.Line-1] = []byte(line)
				n++
			}
		}
	}
	mended = bytes.Join(lines, nil)
	for _, d := range everywhere {
		if after := bytes.ReplaceAll(mended, []byte(d.Fix.Old), []byte(d.Fix.New)); !bytes.Equal(after, mended) {
			mended = after
			n++
		}
	}
	return mended, n
}

// byteOrderMark stands before the first line of some files, and counts as no character.
const byteOrderMark = "\uFEFF"

// replaceAt mends one place of a line.
func replaceAt(line string, d diag.Diagnostic) (string, bool) {
	mark := ""
	if d.Pos.Line == 1 && strings.HasPrefix(line, byteOrderMark) {
		mark, line = byteOrderMark, strings.TrimPrefix(line, byteOrderMark)
	}
	at, col := -1, 1
	for i := range line {
		if col == d.Pos.Col {
			at = i
			break
		}
		col++
	}
	if at < 0 {
		return mark + line, false
	}
	off := strings.Index(line[at:], d.Fix.Old) // a value's place is where it begins
	if off < 0 {
		return mark + line, false
	}
	at += off
	return mark + line[:at] + d.Fix.New + line[at+len(d.Fix.Old):], true
}
