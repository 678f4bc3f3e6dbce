package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"waymark/generator/diag"
)

// goldmark cannot be interrupted, and a few kilobytes of the wrong text take it seconds or gigabytes. These limits
// are far above any real page, and are checked before it sees the text.
const (
	maxNesting  = 100       // containers (quotes, lists) in one line
	maxIndent   = 200       // columns before a list item or quote, which is how deep lists are written
	maxColumns  = 128       // columns of one table
	maxCells    = 50_000    // cells of all tables: goldmark fills short rows
	maxBlank    = 200_000   // empty lines times the depth of the list or quote that they stand in
	maxMarks    = 10_000    // emphasis marks in one paragraph
	maxOpens    = 5_000     // opening brackets in one paragraph
	maxRun      = 1_000     // the same mark in a row
	maxSigns    = 200_000   // signs and lines in all: each may become a node, which takes a hundred times its memory
	maxMapped   = 128 << 10 // bytes of all maps of a page: each is drawn, listed and written for other programs
	maxHeadings = 5_000     // each is in the contents of the page as well
	maxNotes    = 2_000     // footnotes: goldmark looks through all of them for each
	maxExpanded = 1 << 20   // bytes that link references may expand to, beyond the text's own size
)

// isSign says which bytes may begin something that Markdown gives a meaning to; a line is one as well.
var isSign = func() (signs [256]bool) {
	for _, c := range "\n!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" {
		signs[c] = true
	}
	return signs
}()

// footnoteForm is how a footnote begins, in lists and quotes as well.
var footnoteForm = regexp.MustCompile(`^[ \t>*+-]*\[\^[^\]]+\]:`)

// overLimit returns a diagnostic for the first construct that would cost out of proportion, or nil. Marks inside of
// paragraphs, and what else code may hold, count where inline is set. line is the line of the file on which body begins.
func overLimit(name string, body []byte, line int, inline bool) *diag.Diagnostic {
	var columns, cells int // of the table being read, and of all
	var within, blank int  // the depth of the last list or quote, and what its empty lines cost
	inTable := false
	opens, marks := 0, 0 // brackets and emphasis marks in this paragraph
	notes, signs := 0, 0 // footnotes, and signs of all kinds, in all
	for text := range bytes.Lines(body) {
		fail := func(what, hint string, n, limit int) *diag.Diagnostic {
			return &diag.Diagnostic{
				Pos: diag.Position{File: name, Line: line, Col: 1}, Severity: diag.Error, Code: "too-much",
				Message: fmt.Sprintf("%s: %d, and at most %d are read", what, n, limit), Hint: hint,
			}
		}
		depth, indent := nesting(text)
		if depth > maxNesting {
			return fail("quotes or lists nested too deep", "use fewer levels", depth, maxNesting)
		}
		if depth > 0 && indent > maxIndent {
			return fail("columns of indentation before a quote or list item", "use fewer levels", indent, maxIndent)
		}
		switch {
		case len(bytes.TrimSpace(text)) == 0:
			opens, marks, inTable = 0, 0, false
			if blank += within; blank > maxBlank {
				return fail("empty lines in deep lists", "use fewer levels, or fewer empty lines", blank, maxBlank)
			}
		case depth > 0:
			within = max(depth, indent/2)
		case text[0] != ' ' && text[0] != '\t':
			within = 0
		}
		if marks += bytes.Count(text, []byte("*")) + bytes.Count(text, []byte("_")); inline && marks > maxMarks {
			return fail("emphasis marks in one paragraph", "put an empty line between paragraphs, or quote the text as code", marks, maxMarks)
		}
		for _, c := range text {
			if isSign[c] {
				signs++
			}
		}
		if inline && signs > maxSigns {
			return fail("signs that may be marks, and lines", "split the page, or put data into a file of its own", signs, maxSigns)
		}
		if footnoteForm.Match(text) {
			notes++
		}
		if inline && notes > maxNotes {
			return fail("footnotes", "split the page", notes, maxNotes)
		}
		if opens += bytes.Count(text, []byte("[")); inline && opens > maxOpens {
			return fail("opening brackets in one paragraph", "put an empty line between paragraphs", opens, maxOpens)
		}
		if n := longestRun(text); inline && n > maxRun {
			return fail("the same mark in a row", "remove some of them", n, maxRun)
		}
		if c := delimiterColumns(text); c > 0 {
			if c > maxColumns {
				return fail("columns in a table", "split the table", c, maxColumns)
			}
			columns, inTable = c, true
		} else if inTable {
			if cells += columns; cells > maxCells {
				return fail("cells in tables", "split the page", cells, maxCells)
			}
		}
		line++
	}
	return nil
}

// nesting counts the containers that a line opens or continues, and the columns before the last of them.
func nesting(line []byte) (depth, indent int) {
	column := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ':
			column++
		case c == '\t':
			column += 4 - column%4
		case c == '>':
			depth, indent = depth+1, column
			column++
		case (c == '-' || c == '+' || c == '*') && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
			depth, indent = depth+1, column
			column++
		case c >= '0' && c <= '9':
			j := i
			for j < len(line) && line[j] >= '0' && line[j] <= '9' {
				j++
			}
			if j-i > 9 || j+1 >= len(line) || line[j] != '.' && line[j] != ')' || line[j+1] != ' ' {
				return depth, indent
			}
			depth, indent = depth+1, column
			column += j - i + 1
			i = j
		default:
			return depth, indent
		}
	}
	return depth, indent
}

// longestRun returns the length of the longest run of one mark that Markdown gives a meaning to.
func longestRun(line []byte) int {
	longest, run := 0, 0
	for i, c := range line {
		if i > 0 && c == line[i-1] {
			run++
		} else {
			run = 1
		}
		if run > longest && strings.IndexByte("*_`~[]()!<>{}\"'&", c) >= 0 {
			longest = run
		}
	}
	return longest
}

// delimiterColumns returns how many columns a table's delimiter row has, or 0 for any other line.
func delimiterColumns(line []byte) int {
	trimmed := bytes.Trim(line, " \t\r\n>")
	if len(trimmed) < 2 || bytes.IndexByte(trimmed, '-') < 0 || len(bytes.Trim(trimmed, "|:- \t")) > 0 {
		return 0
	}
	return bytes.Count(bytes.Trim(trimmed, "|"), []byte("|")) + 1
}
