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
// the column, then the hint. Of many of one kind in one file, and of very many in all, it writes the first and how many more
// there are: they have one cause, and nobody reads a hundred thousand lines.
func Text(w io.Writer, list List) error {
	shown, more := list.first()
	for _, d := range shown {
		if _, err := io.WriteString(w, d.text()); err != nil {
			return fmt.Errorf("print diagnostics: %w", err)
		}
	}
	return tellOfMore(w, "", more)
}

// maxAlike and maxShown bound how many diagnostics are printed: of one kind in one file, and in all.
const maxAlike, maxShown = 20, 1_000

// first returns the diagnostics that are printed, and how many are not. Errors come before warnings where not all have room.
func (l List) first() (shown List, more int) {
	type alike struct {
		file, code string
		severity   Severity
	}
	counts := map[alike]int{}
	for _, d := range l {
		key := alike{d.Pos.File, d.Code, d.Severity}
		if counts[key]++; counts[key] <= maxAlike {
			shown.Add(d)
		}
	}
	if len(shown) > maxShown {
		slices.SortStableFunc(shown, func(x, y Diagnostic) int { return cmp.Compare(y.Severity, x.Severity) })
		shown = shown[:maxShown]
	}
	return shown, len(l) - len(shown)
}

func tellOfMore(w io.Writer, before string, more int) error {
	if more == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "%sand %d more like these; waymark build --format json lists all of them\n", before, more); err != nil {
		return fmt.Errorf("print diagnostics: %w", err)
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
		_, err := fmt.Fprintf(w, "::%s %s::%s\n", d.Severity, strings.Join(properties, ","), escapeData(d.sentence()))
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

func (d Diagnostic) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s\n", Printable(d.Pos.String()), d.Severity, Printable(d.Message))
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
