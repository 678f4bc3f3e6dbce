package fields

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Header is front matter that is written, line by line: what is not set stays as its author typed it, comments, order and
// quotes included. The zero Header has no keys.
type Header struct {
	// Order is the order in which keys that are not there yet are added: before the first key that comes later in it. A key
	// that it does not name comes last.
	Order []string

	lines []string // without those of hyphens
}

// Word is a text that is written without quotes, where YAML allows it: a date, a number with its unit.
type Word string

// ErrNotEditable says that a header is not one key a line, so that one key cannot be changed without touching others.
var ErrNotEditable = errors.New("this header cannot be changed key by key")

// ReadHeader reads the lines between the hyphens of front matter, to change them. The error is ErrNotEditable, wrapped.
func ReadHeader(data []byte) (*Header, error) {
	h := &Header{}
	if text := strings.TrimSuffix(string(data), "\n"); text != "" {
		h.lines = strings.Split(text, "\n")
	}
	if _, err := h.extents(); err != nil {
		return nil, err
	}
	return h, nil
}

// Bytes returns the front matter with its lines of hyphens.
func (h *Header) Bytes() []byte {
	return []byte("---\n" + h.text() + "---\n")
}

func (h *Header) text() string {
	if len(h.lines) == 0 {
		return ""
	}
	return strings.Join(h.lines, "\n") + "\n"
}

// Set gives a key a value: a string (in quotes), a Word, an int, a bool or a list of strings. A key that is there keeps its
// place, and loses the comment on its own line alone. Where the header would not be what it was but for this key, as where
// others refer to the old value, the error is ErrNotEditable, wrapped, and nothing is changed.
func (h *Header) Set(key string, value any) error {
	text, err := written(value)
	if err != nil {
		return err
	}
	return h.change(key, []string{key + ": " + text})
}

// Remove takes a key out, with its value. It is no error where there is none.
func (h *Header) Remove(key string) error { return h.change(key, nil) }

// change puts lines in the place of a key's.
func (h *Header) change(key string, lines []string) error {
	before, err := h.extents()
	if err != nil {
		return err
	}
	from, to := h.place(key, before), 0
	if at := slices.IndexFunc(before, func(e extent) bool { return e.key == key }); at >= 0 {
		from, to = before[at].from, before[at].to
	} else {
		to = from
	}
	next := &Header{lines: slices.Concat(h.lines[:from], lines, h.lines[to:])}
	after, err := next.extents()
	if err != nil {
		return err
	}
	others := func(e extent) bool { return e.key == key }
	if !slices.EqualFunc(slices.DeleteFunc(before, others), slices.DeleteFunc(after, others), func(x, y extent) bool { return x.key == y.key && x.value == y.value }) {
		return fmt.Errorf("%w: other keys depend on %q", ErrNotEditable, key)
	}
	h.lines = next.lines
	return nil
}

// place returns the line before which a key that is not there yet is added.
func (h *Header) place(key string, there []extent) int {
	rank := slices.Index(h.Order, key)
	for _, e := range there {
		if rank >= 0 && slices.Index(h.Order, e.key) > rank {
			return e.from
		}
	}
	return len(h.lines)
}

// extent is where a key stands: the lines from its own to the one before to. Comments and empty lines below it, which belong
// to the next key, are not among them.
type extent struct {
	key, value string
	from, to   int
}

// extents finds the keys.
func (h *Header) extents() ([]extent, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(h.text()), &document); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotEditable, err)
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	root := document.Content[0]
	if root.Kind != yaml.MappingNode || root.Style&yaml.FlowStyle != 0 {
		return nil, fmt.Errorf("%w: it is not one key a line", ErrNotEditable)
	}
	var out []extent
	for i := 0; i+1 < len(root.Content); i += 2 {
		key := root.Content[i]
		var value any
		if err := root.Content[i+1].Decode(&value); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotEditable, err)
		}
		from := key.Line - 1
		if key.Kind != yaml.ScalarNode || key.Column != 1 || from >= len(h.lines) || !strings.HasPrefix(h.lines[from], key.Value) {
			return nil, fmt.Errorf("%w: a key is not a plain word at the beginning of a line", ErrNotEditable)
		}
		if n := len(out); n > 0 {
			out[n-1].to = h.end(out[n-1].from, from)
		}
		if slices.ContainsFunc(out, func(e extent) bool { return e.key == key.Value }) {
			return nil, fmt.Errorf("%w: %q is there twice", ErrNotEditable, key.Value)
		}
		out = append(out, extent{key: key.Value, value: fmt.Sprintf("%#v", value), from: from})
	}
	if n := len(out); n > 0 {
		out[n-1].to = h.end(out[n-1].from, len(h.lines))
	}
	return out, nil
}

// end returns where the lines of a key end that begins at one line, where the next begins at another. What is not indented
// and no item of a list does not belong to a value.
func (h *Header) end(from, next int) int {
	for next > from+1 && (strings.TrimSpace(h.lines[next-1]) == "" || h.lines[next-1][0] == '#') {
		next--
	}
	return next
}

// written writes a value as YAML.
func written(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return quoted(v), nil
	case Word:
		return bare(string(v)), nil
	case int:
		return strconv.Itoa(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case []string:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = bare(item)
		}
		return "[" + strings.Join(items, ", ") + "]", nil
	}
	return "", fmt.Errorf("a header cannot hold a %T", value)
}

// bare writes a text without quotes, where it means the same without them, also in a list.
func bare(s string) string {
	if plainScalar(s) && printable(s) && s == strings.TrimSpace(s) && !strings.ContainsAny(s, "[]{},'\"?") {
		return s
	}
	return quoted(s)
}

func quoted(s string) string {
	if printable(s) {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return strconv.Quote(s)
}
