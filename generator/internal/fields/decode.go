package fields

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
)

// Decoder turns Values into Go values. What does not fit is added to List, and the zero value is returned. Order and
// Zone say how the site writes its dates.
type Decoder struct {
	Order dates.Order
	Zone  *time.Location
	List  diag.List
}

// Errorf adds an error.
func (d *Decoder) Errorf(pos diag.Position, code, hint, format string, args ...any) {
	d.List.Add(diag.Diagnostic{Pos: pos, Severity: diag.Error, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// Warnf adds a warning.
func (d *Decoder) Warnf(pos diag.Position, code, hint, format string, args ...any) {
	d.List.Add(diag.Diagnostic{Pos: pos, Severity: diag.Warning, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (d *Decoder) wrongType(v Value, key, want, example string) {
	is := map[Kind]string{Null: "nothing", Scalar: "text", Sequence: "a list", Mapping: "a mapping"}[v.Kind]
	d.Errorf(v.Pos, "wrong-type", "write for example: "+example, "%q must be %s, and this is %s", key, want, is)
}

// Text reads a line of text. A comment that swallowed part of it is warned about: "C# basics # 2" is "C# basics".
func (d *Decoder) Text(v Value, key string) string {
	switch v.Kind {
	case Null:
		return ""
	case Scalar:
		if v.Comment != "" {
			d.Warnf(v.Pos, "cut-by-comment", "put the whole value between quotes",
				"%q ends at %q: YAML takes the rest of the line, %q, for a comment", key, v.Text, "# "+v.Comment)
		}
		return strings.TrimSpace(v.Text)
	}
	d.wrongType(v, key, "text", key+": A line of text")
	return ""
}

// Texts reads a list of texts, written as a list, as "[a, b]", or as "a, b". Empty items are dropped.
func (d *Decoder) Texts(v Value, key string) []string {
	var out []string
	for _, item := range d.Items(v, key, true) {
		if s := d.Text(item, key); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Sentences reads a list of texts in which commas have no meaning: one text alone is a list of one.
func (d *Decoder) Sentences(v Value, key string) []string {
	var out []string
	for _, item := range d.Items(v, key, false) {
		if s := d.Text(item, key); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// Items returns the values of a list; a scalar is split at its commas, or taken as the only item.
func (d *Decoder) Items(v Value, key string, commas bool) []Value {
	switch {
	case v.Kind == Null:
		return nil
	case v.Kind == Sequence:
		return v.Items
	case v.Kind == Scalar && commas:
		var out []Value
		for _, s := range strings.Split(v.Text, ",") {
			out = append(out, Value{Kind: Scalar, Text: strings.TrimSpace(s), Pos: v.Pos})
		}
		return out
	case v.Kind == Scalar:
		return []Value{v}
	}
	d.wrongType(v, key, "a list", key+": [one, two]")
	return nil
}

// Bool reads true or false, and the words that older YAML had for them: yes, no, on, off.
func (d *Decoder) Bool(v Value, key string) bool {
	if v.Kind == Scalar {
		switch strings.ToLower(v.Text) {
		case "true", "yes", "on":
			return true
		case "false", "no", "off":
			return false
		}
		d.Errorf(v.Pos, "wrong-type", "write "+key+": true, or "+key+": false", "%q must be true or false, and this is %q", key, v.Text)
		return false
	}
	if v.Kind != Null {
		d.wrongType(v, key, "true or false", key+": true")
	}
	return false
}

// Int reads a whole number from low to high.
func (d *Decoder) Int(v Value, key string, low, high int) int {
	if v.Kind == Null {
		return 0
	}
	if v.Kind == Scalar {
		if n, err := strconv.Atoi(v.Text); err == nil && n >= low && n <= high {
			return n
		}
		d.Errorf(v.Pos, "wrong-type", fmt.Sprintf("write for example: %s: %d", key, max(low, 3)),
			"%q must be a whole number from %d to %d, and this is %q", key, low, high, v.Text)
		return 0
	}
	d.wrongType(v, key, "a whole number", key+": 3")
	return 0
}

// Date reads a date in any of the forms that package dates knows.
func (d *Decoder) Date(v Value, key string) dates.Date {
	if v.Kind == Null {
		return dates.Date{}
	}
	if v.Kind != Scalar {
		d.wrongType(v, key, "a date", key+": 2024-01-31")
		return dates.Date{}
	}
	date, err := dates.Parse(v.Text, d.Order, d.Zone)
	if err != nil {
		e := &dates.Error{Message: err.Error()}
		errors.As(err, &e)
		d.Errorf(v.Pos, "date", e.Hint, "%s", e.Message)
	}
	return date
}

var durationForm = regexp.MustCompile(`^(?i)(?:(\d+(?:\.\d+)?) ?(?:h|hours?|hrs?))?(?: ?(?:and )?(\d+) ?(?:m|min|mins|minutes?)?)?$`)

// Minutes reads a duration: "90", "90 min", "1h30", "1.5 hours", in minutes.
func (d *Decoder) Minutes(v Value, key string) int {
	if v.Kind == Null {
		return 0
	}
	if g := durationForm.FindStringSubmatch(strings.TrimSpace(v.Text)); v.Kind == Scalar && g != nil && v.Text != "" && len(v.Text) < 40 {
		hours, _ := strconv.ParseFloat("0"+g[1], 64)
		minutes, _ := strconv.Atoi("0" + g[2])
		return int(hours*60) + minutes
	}
	d.Errorf(v.Pos, "duration", "write for example: "+key+": 90 min", "%q must be a duration, and this is %q", key, v.Text)
	return 0
}

// Fields reads the pairs of a mapping, each by the function of its key. A key without one is an error; what is the
// mapping's name in the message: "an action".
func (d *Decoder) Fields(pairs []Pair, what string, read map[string]func(Value)) {
	names := slices.Sorted(maps.Keys(read))
	for _, p := range pairs {
		if f := read[p.Key]; f != nil {
			f(p.Value)
			continue
		}
		d.Errorf(p.Pos, "unknown-key", diag.DidYouMean(p.Key, names, what+" has "+strings.Join(names, ", ")), "%q is not a key of %s", p.Key, what)
	}
}

// Into returns a function for Fields that reads a line of text.
func (d *Decoder) Into(target *string, key string) func(Value) {
	return func(v Value) { *target = d.Text(v, key) }
}

// Plain returns a value as strings, lists and maps, for keys that Waymark does not know and a theme may use.
func (v Value) Plain() any {
	switch v.Kind {
	case Scalar:
		return v.Text
	case Sequence:
		out := make([]any, len(v.Items))
		for i, item := range v.Items {
			out[i] = item.Plain()
		}
		return out
	case Mapping:
		out := make(map[string]any, len(v.Pairs))
		for _, p := range v.Pairs {
			out[p.Key] = p.Value.Plain()
		}
		return out
	}
	return ""
}
