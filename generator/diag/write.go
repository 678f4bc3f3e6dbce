package diag

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

// Text writes the list for people: position, level and message on one line, then the source line with a mark below
// the column, then the hint. Errors come last, where they are read. What says the same of many places is said once, with how many
// these are; of many of one kind it writes the first and how many more there are: they have one cause, and nobody reads a hundred
// thousand lines.
func Text(w io.Writer, list List) error {
	shown, more := list.first()
	for _, d := range shown {
		if _, err := io.WriteString(w, d.text()); err != nil {
			return fmt.Errorf("print diagnostics: %w", err)
		}
	}
	return tellOfMore(w, "", more)
}

// TextAll writes the list as Text does, but every diagnostic of it, in its order.
func TextAll(w io.Writer, list List) error {
	for _, d := range list {
		if _, err := io.WriteString(w, d.text()); err != nil {
			return fmt.Errorf("print diagnostics: %w", err)
		}
	}
	return nil
}

// How many diagnostics are printed: warnings of one kind, errors of one kind in one file, errors of one kind, and all.
const maxWarnings, maxInFile, maxErrors, maxShown = 10, 20, 100, 1_000

// Kind is a kind of diagnostics, and how many there are of it.
type Kind struct {
	Code     string
	Severity Severity
	Count    int
}

// Kinds returns the kinds of the list: errors first, then those with most.
func (l List) Kinds() []Kind {
	var kinds []Kind
	for _, d := range l {
		add(&kinds, d.Code, d.Severity, 1)
	}
	slices.SortStableFunc(kinds, func(x, y Kind) int {
		return cmp.Or(cmp.Compare(y.Severity, x.Severity), cmp.Compare(y.Count, x.Count), cmp.Compare(x.Code, y.Code))
	})
	return kinds
}

func add(kinds *[]Kind, code string, severity Severity, n int) {
	for i := range *kinds {
		if k := &(*kinds)[i]; k.Code == code && k.Severity == severity {
			k.Count += n
			return
		}
	}
	*kinds = append(*kinds, Kind{code, severity, n})
}

// first returns the diagnostics that are printed, and of which kinds there are more: warnings, then errors, each in the order of
// the list.
func (l List) first() (shown List, more []Kind) {
	type inFile struct{ file, code string }
	kinds, files := map[Kind]int{}, map[inFile]int{}
	together := l.together()
	for _, severity := range []Severity{Warning, Error} {
		for _, d := range together {
			if d.Severity != severity {
				continue
			}
			kind, file := Kind{Code: d.Code, Severity: severity}, inFile{d.Pos.File, d.Code}
			kinds[kind]++
			files[file]++
			if severity == Warning && kinds[kind] > maxWarnings || severity == Error && (kinds[kind] > maxErrors || files[file] > maxInFile) {
				add(&more, d.Code, severity, 1)
				continue
			}
			shown.Add(d)
		}
	}
	for len(shown) > maxShown { // warnings go first
		add(&more, shown[0].Code, shown[0].Severity, 1)
		shown = shown[1:]
	}
	return shown, more
}

// together puts diagnostics that say the same of many places into one, with how many these are.
func (l List) together() List {
	type same struct{ code, same string }
	count, files, last := map[same]int{}, map[same]int{}, map[same]string{}
	for _, d := range l {
		k := same{d.Code, d.Same}
		if count[k]++; last[k] != d.Pos.File {
			files[k]++
			last[k] = d.Pos.File
		}
	}
	var out List
	for _, d := range l {
		k := same{d.Code, d.Same}
		switch n := count[k]; {
		case d.Same == "" || n == 1:
		case n == 0:
			continue // it has been said
		case files[k] == 1:
			d.Message += fmt.Sprintf(" (%d times)", n)
			count[k] = 0
		default:
			d.Message += fmt.Sprintf(" (%d times, in %d files)", n, files[k])
			count[k] = 0
		}
		out.Add(d)
	}
	return out
}

func tellOfMore(w io.Writer, before string, more []Kind) error {
	for _, k := range more {
		if _, err := fmt.Fprintf(w, "%sand %d more of the kind %s (%s); waymark build --verbose lists all\n", before, k.Count, k.Code, k.Severity); err != nil {
			return fmt.Errorf("print diagnostics: %w", err)
		}
	}
	return nil
}

// GitHub writes the list as workflow commands, which GitHub Actions turns into annotations on the lines they name.
// Source: "Workflow commands for GitHub Actions" in GitHub's documentation. It writes as many as Text does.
func GitHub(w io.Writer, list List) error {
	shown, more := list.first()
	for _, d := range shown {
		properties := []string{"file=" + escapeProperty(d.Pos.File)}
		if d.Pos.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", d.Pos.Line))
		}
		if d.Pos.Col > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", d.Pos.Col))
		}
		properties = append(properties, "title="+escapeProperty(d.Code))
		_, err := fmt.Fprintf(w, "::%s %s::%s\n", map[bool]string{true: "notice", false: d.Severity.String()}[d.Advice], strings.Join(properties, ","), escapeData(d.sentence()))
		if err != nil {
			return fmt.Errorf("print annotations: %w", err)
		}
	}
	return tellOfMore(w, "::notice::", more)
}

// String returns the position as file:line:col, leaving out what is not known.
func (p Position) String() string {
	s := p.File
	if s == "" {
		s = "(site)"
	}
	if p.Line > 0 {
		s += fmt.Sprintf(":%d", p.Line)
		if p.Col > 0 {
			s += fmt.Sprintf(":%d", p.Col)
		}
	}
	return s
}

func (d Diagnostic) sentence() string {
	if d.Hint == "" {
		return d.Message
	}
	return d.Message + " (" + d.Hint + ")"
}

// level is what a diagnostic is to people: advice is not called a warning, because nothing fails on it.
func (d Diagnostic) level() string {
	if d.Advice {
		return "advice"
	}
	return d.Severity.String()
}

func (d Diagnostic) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s\n", Printable(d.Pos.String()), d.level(), Printable(d.Message))
	if line, mark := d.Excerpt(); line != "" {
		fmt.Fprintf(&b, "    %s\n", line)
		if mark != "" {
			fmt.Fprintf(&b, "    %s\n", mark)
		}
	}
	if d.Hint != "" {
		fmt.Fprintf(&b, "    hint: %s\n", Printable(d.Hint))
	}
	return b.String()
}

// Excerpt returns the part of the source line that is shown, and the line below it that points to the column; both are
// empty where there is nothing to show.
func (d Diagnostic) Excerpt() (line, mark string) {
	line, at := excerpt(d.Source, d.Pos.Col)
	if at >= 0 {
		mark = strings.Repeat(" ", at) + "^"
	}
	return line, mark
}

// excerptWidth is how many characters of a source line are shown: enough for a line of prose on a wide terminal.
const excerptWidth = 100

// excerpt cuts a source line to what fits around the column (counted from 1), and returns it with the index at which
// a mark below it belongs, or -1 for none.
func excerpt(line string, col int) (string, int) {
	runes := []rune(strings.TrimRight(line, " \t\r\n"))
	if len(runes) == 0 {
		return "", -1
	}
	start, mark := 0, col-1
	if mark >= excerptWidth {
		start = mark - excerptWidth/2
	}
	start = min(start, len(runes))
	end := min(start+excerptWidth, len(runes))
	if mark > len(runes) || mark < 0 {
		return Printable(string(runes[start:end])), -1
	}
	return Printable(string(runes[start:end])), mark - start
}

// Printable replaces every character that could disturb a terminal (control characters, and the marks that reorder
// text) with U+FFFD, so that a file cannot forge what the command says about it. Tabs become single spaces.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
