// Package fields reads a mapping (of YAML, TOML or JSON) key by key, and remembers where everything stands.
//
// The libraries for these decode into Go values and lose what an author needs: the line of a wrong value, a key given twice,
// the text "1.10" before it became a number. Here a mapping becomes a tree of Values that still know their text and
// position, and a Decoder turns Values into Go types with a diagnostic for each one that does not fit.
package fields

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"waymark/generator/diag"
)

// Kind is the shape of a Value.
type Kind int

// The shapes.
const (
	Null Kind = iota
	Scalar
	Sequence
	Mapping
)

// Value is one YAML value. Text is the text of a scalar as the author wrote it, without quotes; Comment is what YAML
// cut off behind a plain scalar on the same line, without its "#".
type Value struct {
	Kind    Kind
	Text    string
	Comment string
	Items   []Value
	Pairs   []Pair
	Pos     diag.Position
}

// Pair is a key of a mapping and what it holds.
type Pair struct {
	Key   string
	Pos   diag.Position
	Value Value
}

// maxNodes bounds a mapping, counted after aliases have been followed: enough for any real header, and the end of
// every "billion laughs". maxNested is how deep values may stand in one another.
const maxNodes, maxNested = 20_000, 100

func tooLarge(pos diag.Position) diag.Diagnostic {
	return diag.Diagnostic{
		Pos: pos, Severity: diag.Error, Code: "header-too-large",
		Message: "this header is too large or too deep to read", Hint: "keep data in a file of its own",
	}
}

func duplicate(pos diag.Position, key string, line int) diag.Diagnostic {
	return diag.Diagnostic{
		Pos: pos, Severity: diag.Error, Code: "duplicate-key",
		Message: fmt.Sprintf("%q is already given on line %d", key, line), Hint: "keep one of the two",
	}
}

// Parse reads a YAML document that is a mapping (or empty) as Pairs in written order. file names the file and line is
// the line on which data begins, counted from 1. A key given twice is an error at its second place.
func Parse(data []byte, file string, line int) ([]Pair, diag.List) {
	var document, more yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	err := decoder.Decode(&document)
	if err == nil { // what stands behind the mapping would be lost in silence
		if err = decoder.Decode(&more); err == nil {
			return nil, diag.List{{
				Pos: diag.Position{File: file, Line: line + max(more.Line, 1) - 1, Col: 1}, Severity: diag.Error, Code: "yaml",
				Message: "this is not valid YAML: there is a second document", Hint: "indent all keys alike, and take out lines of hyphens",
			}}
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, diag.List{SyntaxError(err, file, line, data)}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	r := reader{file: file, offset: line - 1}
	root := r.value(document.Content[0], 0)
	if root.Kind != Mapping {
		if root.Kind == Null {
			return nil, r.list
		}
		r.fail(root.Pos, "yaml", "this is not a list of \"key: value\" lines", "write for example: title: My first post")
		return nil, r.list
	}
	return root.Pairs, r.list
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:unmarshal errors:\n\s*)?(?:line (\d+): )?(?s:(.*))$`)

// SyntaxError turns an error of a YAML library into a diagnostic at the line it names. line is the line of the file
// on which data begins.
func SyntaxError(err error, file string, line int, data []byte) diag.Diagnostic {
	d := diag.Diagnostic{
		Pos: diag.Position{File: file, Line: line}, Severity: diag.Error, Code: "yaml",
		Hint: "put a value that holds a colon, a quote, a hash or a bracket between single quotes",
	}
	message := err.Error()
	if g := yamlLine.FindStringSubmatch(message); g != nil {
		if n, convErr := strconv.Atoi(g[1]); convErr == nil {
			d.Pos.Line = line + min(n-1, strings.Count(string(data), "\n"))
		}
		message, _, _ = strings.Cut(g[2], "\n")
	}
	d.Message = "this is not valid YAML: " + message
	if strings.Contains(message, "mapping values are not allowed") {
		d.Hint = quoteHint(data, d.Pos.Line-line)
	}
	if strings.Contains(string(data), "\t") && (strings.Contains(message, "cannot start any token") || strings.Contains(message, "tab character")) {
		d.Hint = "indent with spaces: YAML does not allow tabs"
	}
	return d
}

// quoteHint writes a line with a second colon as it should be.
func quoteHint(data []byte, line int) string {
	lines := strings.Split(string(data), "\n")
	key, value, found := strings.Cut(lines[min(line, len(lines)-1)], ":")
	if value = strings.TrimSpace(value); !found || value == "" || len(value) > 200 || strings.HasPrefix(value, "'") {
		return "put a value that holds a colon between single quotes"
	}
	return "put the value between quotes: " + key + ": '" + strings.ReplaceAll(value, "'", "''") + "'"
}

type reader struct {
	file   string
	offset int
	nodes  int
	list   diag.List
}

func (r *reader) fail(pos diag.Position, code, message, hint string) {
	r.list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Error, Code: code, Message: message, Hint: hint})
}

func (r *reader) value(n *yaml.Node, depth int) Value {
	v := Value{Pos: diag.Position{File: r.file, Line: n.Line + r.offset, Col: n.Column}}
	if r.nodes++; r.nodes > maxNodes || depth > maxNested {
		if r.nodes == maxNodes+1 || depth > maxNested {
			r.list.Add(tooLarge(v.Pos))
			r.nodes = maxNodes + 1
		}
		return v
	}
	switch n.Kind {
	case yaml.AliasNode:
		followed := r.value(n.Alias, depth+1)
		followed.Pos = v.Pos
		return followed
	case yaml.ScalarNode:
		if n.Tag == "!!null" && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0 {
			return v
		}
		v.Kind, v.Text = Scalar, n.Value
		if n.Style == 0 {
			v.Comment = strings.TrimSpace(strings.TrimPrefix(n.LineComment, "#"))
		}
	case yaml.SequenceNode:
		v.Kind = Sequence
		for _, item := range n.Content {
			v.Items = append(v.Items, r.value(item, depth+1))
		}
	case yaml.MappingNode:
		v.Kind = Mapping
		v.Pairs = r.pairs(n, depth)
	}
	return v
}

func (r *reader) pairs(n *yaml.Node, depth int) []Pair {
	var pairs []Pair
	first := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		pos := diag.Position{File: r.file, Line: key.Line + r.offset, Col: key.Column}
		if key.Kind != yaml.ScalarNode {
			r.fail(pos, "yaml", "a key must be a plain word", "write for example: title: My first post")
			continue
		}
		if line, twice := first[key.Value]; twice {
			r.list.Add(duplicate(pos, key.Value, line))
			continue
		}
		first[key.Value] = pos.Line
		pairs = append(pairs, Pair{Key: key.Value, Pos: pos, Value: r.value(n.Content[i+1], depth+1)})
	}
	return pairs
}

// ErrNotPlain says that a header uses more of YAML than ParsePlain reads.
var ErrNotPlain = errors.New("not a plain header")

// ParsePlain reads the headers that nearly all pages have (lines of "key: value", values that are plain or simply
// quoted text, a "[a, b]" of plain words, or a list of plain words with a line and a hyphen for each) in a fraction of the time that a YAML parser takes. On everything else it
// returns ErrNotPlain, and Parse must be asked; where it succeeds, Parse gives the same pairs.
func ParsePlain(data []byte, file string, line int) ([]Pair, error) {
	var pairs []Pair
	for rest := string(data); rest != ""; line++ {
		var text string
		text, rest, _ = strings.Cut(rest, "\n")
		if text == "" {
			continue
		}
		key, value, found := strings.Cut(text, ":")
		if !found || !plainKey(key) {
			return nil, ErrNotPlain
		}
		for _, p := range pairs {
			if p.Key == key {
				return nil, ErrNotPlain
			}
		}
		at := diag.Position{File: file, Line: line, Col: 1}
		trimmed := strings.TrimLeft(value, " ")
		if trimmed == "" {
			list, behind, lines := plainList(rest, diag.Position{File: file, Line: line + 1})
			if lines == 0 {
				return nil, ErrNotPlain
			}
			pairs = append(pairs, Pair{Key: key, Pos: at, Value: list})
			rest, line = behind, line+lines
			continue
		}
		if trimmed == value {
			return nil, ErrNotPlain
		}
		pos := diag.Position{File: file, Line: line, Col: len(key) + 2 + len(value) - len(trimmed)}
		v, ok := plainValue(strings.TrimRight(trimmed, " "), pos)
		if !ok {
			return nil, ErrNotPlain
		}
		pairs = append(pairs, Pair{Key: key, Pos: at, Value: v})
	}
	return pairs, nil
}

func plainKey(s string) bool {
	if len(s) > 1024 { // YAML takes no longer ones without a mark of their own (YAML 1.2, section 7.4.2)
		return false
	}
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r != '-' && (r < '0' || r > '9')) {
			return false
		}
	}
	// These words are not text in every YAML.
	switch strings.ToLower(s) {
	case "", "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

func plainValue(s string, pos diag.Position) (Value, bool) {
	v := Value{Kind: Scalar, Pos: pos}
	switch {
	case len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'' && !strings.Contains(s[1:len(s)-1], "'"),
		len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' && !strings.ContainsAny(s[1:len(s)-1], `"\`):
		v.Text = s[1 : len(s)-1]
	case len(s) >= 2 && s[0] == '[' && s[len(s)-1] == ']':
		return plainSequence(s, pos)
	default:
		v.Text = s
		if !plainScalar(s) {
			return v, false
		}
	}
	return v, printable(v.Text)
}

// plainList reads a list that begins with the first line of a text, each item on a line of its own behind a hyphen, all indented
// alike. It returns what comes behind the list, and how many lines it has: none where it is not of this kind.
func plainList(text string, pos diag.Position) (list Value, behind string, lines int) {
	indent := len(text) - len(strings.TrimLeft(text, " "))
	mark := text[:indent] + "- "
	pos.Col = indent + 1
	list = Value{Kind: Sequence, Pos: pos}
	for strings.HasPrefix(text, mark) {
		line, rest, _ := strings.Cut(text, "\n")
		item := strings.TrimLeft(line[len(mark):], " ")
		at := diag.Position{File: pos.File, Line: pos.Line + lines, Col: len(line) - len(item) + 1}
		v, ok := plainValue(strings.TrimRight(item, " "), at)
		if !ok || v.Kind != Scalar {
			return list, "", 0
		}
		list.Items = append(list.Items, v)
		text = rest
		lines++
	}
	return list, text, lines
}

func plainSequence(s string, pos diag.Position) (Value, bool) {
	v := Value{Kind: Sequence, Pos: pos}
	col := pos.Col + 1
	for _, item := range strings.Split(s[1:len(s)-1], ",") {
		word := strings.Trim(item, " ")
		if !plainScalar(word) || strings.ContainsAny(word, "[]{}'\"?") || !printable(word) {
			return v, false
		}
		indent := strings.Index(item, word)
		itemPos := pos
		itemPos.Col = col + len([]rune(item[:indent]))
		v.Items = append(v.Items, Value{Kind: Scalar, Text: word, Pos: itemPos})
		col += len([]rune(item)) + 1
	}
	return v, true
}

// plainScalar reports whether YAML reads s as exactly that text.
func plainScalar(s string) bool {
	if s == "" || strings.ContainsAny(s[:1], "-?:,[]{}#&*!|>'\"%@`~=<") {
		return false
	}
	if strings.Contains(s, ": ") || strings.HasSuffix(s, ":") || strings.Contains(s, " #") {
		return false
	}
	return strings.ToLower(s) != "null"
}

func printable(s string) bool {
	for _, r := range s {
		if r < ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 || r == 0x2028 || r == 0x2029 || r == 0xFEFF || r >= 0xFFFE && r <= 0xFFFF {
			return false
		}
	}
	return true
}
