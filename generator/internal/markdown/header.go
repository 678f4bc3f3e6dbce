package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	meta "github.com/yuin/goldmark-meta"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
)

// maxHeader is the largest front matter, in bytes.
const maxHeader = 64 << 10

// splitHeader cuts a file into its YAML header (the lines between the first two "---") and its body. body is the
// offset at which the text begins; without a header it is 0. goldmark-meta would take "...", an indented "---", or the
// end of the file for the end of the header, so it is not asked.
func splitHeader(name string, data []byte) (header []byte, body int, problem *diag.Diagnostic) {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	if !bytes.Equal(bytes.TrimRight(first, " \t"), []byte("---")) {
		return nil, 0, foreignHeader(name, data)
	}
	begin := min(len(first)+1, len(data))
	if rest := data[begin:]; !looksLikeHeader(rest) {
		return nil, 0, nil // a rule on top of a text
	}
	for at := begin; at < len(data); {
		line, _, _ := bytes.Cut(data[at:], []byte("\n"))
		next := min(at+len(line)+1, len(data))
		switch string(bytes.TrimRight(line, " \t")) {
		case "---":
			if at-begin > maxHeader {
				return nil, 0, &diag.Diagnostic{
					Pos: diag.Position{File: name, Line: 1, Col: 1}, Severity: diag.Error, Code: "header-too-large",
					Message: "the front matter is larger than 64 KB", Hint: "keep data in a file of its own",
				}
			}
			return data[begin:at], next, nil
		case "...":
			return nil, 0, unclosed(name, 1+bytes.Count(data[:at], []byte("\n")),
				`front matter ends with "---", and this is "..."`, `write "---" on this line`)
		}
		at = next
	}
	return nil, 0, unclosed(name, 1, "the front matter is never closed", `add a line "---" below the last key`)
}

// foreignHeader finds a header that is not read, and would be published as text with all that it was to hold back:
// TOML or JSON, as other programs have them, or YAML that does not begin on the first line.
func foreignHeader(name string, data []byte) *diag.Diagnostic {
	line, end := 0, 0
	for text := range bytes.Lines(data) {
		line++
		end += len(text)
		s := strings.TrimSpace(string(text))
		report := func(message, hint string) *diag.Diagnostic {
			return &diag.Diagnostic{Pos: diag.Position{File: name, Line: line, Col: 1}, Severity: diag.Error, Code: "header", Message: message, Hint: hint}
		}
		rest := data[end:]
		switch {
		case s == "" || strings.HasPrefix(s, "<!--") && strings.HasSuffix(s, "-->") || strings.HasPrefix(s, "#") && !strings.HasPrefix(s, "# ") && line == 1:
			continue
		case s == "+++":
			return report("this front matter is TOML, and only YAML is read", "write it between two lines of ---, as key: value")
		case (s == "{" || strings.HasPrefix(s, `{"`)) && bytes.Contains(rest, []byte("}")):
			return report("this front matter is JSON, and only YAML is read", "write it between two lines of ---, as key: value")
		case len(s) >= 3 && strings.Trim(s, "-") == "" && looksLikeHeader(rest) && closes(rest):
			return report(`front matter must begin on the first line, with exactly "---"`, "move it to the top of the file")
		}
		return nil
	}
	return nil
}

// closes reports whether a line of hyphens follows soon: what looks like a header is one.
func closes(rest []byte) bool {
	n := 0
	for line := range bytes.Lines(rest) {
		s := strings.TrimSpace(string(line))
		if len(s) >= 3 && strings.Trim(s, "-") == "" {
			return true
		}
		if n++; n > 60 || s == "" && n > 1 {
			return false
		}
	}
	return false
}

func unclosed(name string, line int, message, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{
		Pos: diag.Position{File: name, Line: line, Col: 1}, Severity: diag.Error, Code: "unclosed-header", Message: message, Hint: hint,
	}
}

var keyLine = regexp.MustCompile(`^[^\s:][^:]{0,60}:(\s|$)`)

// looksLikeHeader tells front matter from a text that begins with a rule: its first line that is neither empty nor a
// comment is a "key:", or closes the header, or there is none.
func looksLikeHeader(rest []byte) bool {
	for line := range bytes.Lines(rest) {
		s := strings.TrimSpace(string(line))
		if s != "" && s[0] != '#' {
			return s == "---" || keyLine.MatchString(s) || strings.ContainsAny(s[:1], "{[\"'&*!|>%@`?")
		}
	}
	return true
}

// readHeader reads the pairs of a header that begins on line 2. Plain headers are read by the quick reader. For all
// others goldmark-meta decides whether this is YAML, and the reader with positions must agree.
func readHeader(name string, header []byte) ([]fields.Pair, diag.List) {
	if pairs, err := fields.ParsePlain(header, name, 2); err == nil {
		return pairs, nil
	}
	if err := metaError(header); err != nil && !hasRule(header) {
		return nil, diag.List{fields.SyntaxError(err, name, 2, header)}
	}
	return fields.Parse(header, name, 2)
}

// hasRule reports whether a line of the header, once trimmed, is only hyphens: goldmark-meta would stop reading there.
func hasRule(header []byte) bool {
	for line := range bytes.Lines(header) {
		if s := strings.TrimSpace(string(line)); s != "" && strings.Trim(s, "-") == "" {
			return true
		}
	}
	return false
}

// metaError asks goldmark-meta whether it can read a header. Nothing is rendered: on an error goldmark-meta would
// print it, unescaped, into the page.
func metaError(header []byte) error {
	framed := make([]byte, 0, len(header)+8)
	framed = append(framed, "---\n"...)
	framed = append(framed, header...)
	framed = append(framed, "---\n"...)
	pc := parser.NewContext()
	goldmark.New(goldmark.WithExtensions(meta.Meta)).Parser().Parse(text.NewReader(framed), parser.WithContext(pc))
	_, err := meta.TryGet(pc)
	return err
}
