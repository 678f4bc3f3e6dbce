// Package diag describes an author's mistake: where it is, what is wrong, and what to do about it.
//
// A Diagnostic is never fatal where it is found. Every stage collects its own, and the command prints all of them at
// once, sorted, so that an author mends a site in one go. The machine's failures (disk, permission, network) are
// ordinary errors and do not pass through here.
package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// Position is a place in a source file. Line and Col count from 1, Col in characters (not bytes); 0 means that the
// line or the column is not known. File is a slash-separated path relative to the site's folder.
type Position struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Col  int    `json:"col,omitempty"`
}

// Severity says how much a mistake matters.
type Severity int

const (
	// Warning is what only disappoints a reader: the page is published all the same.
	Warning Severity = iota
	// Error is what would publish something wrong: nothing is written.
	Error
)

// String returns "warning" or "error".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// MarshalText writes the severity as its name, which is how JSON carries it.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Diagnostic is one mistake. Code is a short lasting name ("broken-link") that programs can match on; Message says
// what is wrong and Hint what to do, neither with a full stop; Source is the line of text that Pos points into, empty
// where there is none to show.
type Diagnostic struct {
	Pos      Position `json:"position"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Source   string   `json:"source,omitempty"`
	Same     string   `json:"same,omitempty"`

	// Beside says that the page can be shown to its author all the same, with the mistake beside what it is about. A preview
	// does that; a build publishes no such page.
	Beside bool `json:"-" cbor:"beside,omitempty"`

	// Advice says that the warning is a matter of judgement, on which nobody's build should fail.
	Advice bool `json:"advice,omitempty"`

	// Fix is what mends it, where there is one right answer.
	Fix Fix `json:"fix,omitzero"`
}

// Fix says that New is to stand in the place of Old: at the position of a Diagnostic, or everywhere in its file.
type Fix struct {
	Old        string `json:"old,omitempty"`
	New        string `json:"new,omitempty"`
	Everywhere bool   `json:"everywhere,omitempty"`
}

// Warnf returns a warning.
func Warnf(pos Position, code, hint, format string, args ...any) Diagnostic {
	return Diagnostic{Pos: pos, Severity: Warning, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// List is a collection of diagnostics in the order in which they were found, until Sort is called.
type List []Diagnostic

// Add appends the given diagnostics.
func (l *List) Add(ds ...Diagnostic) { *l = append(*l, ds...) }

// Sort orders the list by file, line, column, severity (errors first), code and message, and drops exact repeats, so
// that the same mistakes always print the same way.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Col, b.Pos.Col),
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	*l = slices.Compact(*l)
}

// Count returns how many errors and how many warnings the list holds. Advice is neither.
func (l List) Count() (errors, warnings int) {
	for _, d := range l {
		switch {
		case d.Severity == Error:
			errors++
		case !d.Advice:
			warnings++
		}
	}
	return errors, warnings
}

// HasErrors reports whether anything in the list is an error.
func (l List) HasErrors() bool {
	errors, _ := l.Count()
	return errors > 0
}

// Grave returns the errors with which a page cannot even be shown to its author.
func (l List) Grave() List {
	var out List
	for _, d := range l {
		if d.Severity == Error && !d.Beside {
			out.Add(d)
		}
	}
	return out
}

// Strict returns a copy of the list in which every warning but advice has become an error.
func (l List) Strict() List {
	out := slices.Clone(l)
	for i := range out {
		if !out[i].Advice {
			out[i].Severity = Error
		}
	}
	return out
}
