package fields

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"waymark/generator/diag"
	"waymark/generator/internal/source"
)

// ParseJSON reads the JSON object (RFC 8259) with which data begins as Pairs in written order, as Parse does for YAML, and
// returns how many bytes it takes. Where it cannot be read, these are all.
func ParseJSON(data []byte, file string, line int) (pairs []Pair, size int, list diag.List) {
	r := jsonReader{data: data, decoder: json.NewDecoder(bytes.NewReader(data))}
	r.decoder.UseNumber()
	r.at = func(offset int) diag.Position {
		pos := source.At(file, data, offset)
		pos.Line += line - 1
		return pos
	}
	root, err := r.value(0)
	if err != nil {
		where := r.decoder.InputOffset()
		if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
			where = max(syntax.Offset-1, 0)
		}
		r.list.Add(diag.Diagnostic{
			Pos: r.at(int(where)), Severity: diag.Error, Code: "json",
			Message: fmt.Sprintf("this is not valid JSON: %v", err), Hint: `write {"title": "My post"}, and nothing behind it on its line`,
		})
		return nil, len(data), r.list
	}
	return root.Pairs, int(r.decoder.InputOffset()), r.list
}

type jsonReader struct {
	data    []byte
	decoder *json.Decoder
	at      func(offset int) diag.Position
	nodes   int
	list    diag.List
}

// next returns the next token and where it stands.
func (r *jsonReader) next() (json.Token, diag.Position, error) {
	begin := int(r.decoder.InputOffset())
	for begin < len(r.data) && bytes.IndexByte([]byte(" \t\n,:"), r.data[begin]) >= 0 {
		begin++
	}
	token, err := r.decoder.Token()
	if err != nil {
		return nil, r.at(begin), fmt.Errorf("%w", err)
	}
	return token, r.at(begin), nil
}

func (r *jsonReader) value(depth int) (Value, error) {
	token, pos, err := r.next()
	if err != nil {
		return Value{}, err
	}
	v := Value{Pos: pos}
	if r.nodes++; r.nodes > maxNodes || depth > maxNested {
		r.list.Add(tooLarge(pos))
		return v, errors.New("it is too large or too deep")
	}
	switch token {
	case nil:
	case json.Delim('['):
		v.Kind = Sequence
		for r.decoder.More() {
			item, err := r.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.Items = append(v.Items, item)
		}
		_, _, err = r.next()
	case json.Delim('{'):
		v.Kind = Mapping
		v.Pairs, err = r.pairs(depth)
	default:
		v.Kind, v.Text = Scalar, fmt.Sprint(token)
	}
	return v, err
}

func (r *jsonReader) pairs(depth int) (pairs []Pair, err error) {
	first := map[string]int{}
	for r.decoder.More() {
		key, pos, err := r.next()
		if err != nil {
			return nil, err
		}
		value, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprint(key)
		if line, twice := first[name]; twice {
			r.list.Add(duplicate(pos, name, line))
			continue
		}
		first[name] = pos.Line
		pairs = append(pairs, Pair{Key: name, Pos: pos, Value: value})
	}
	_, _, err = r.next()
	return pairs, err
}
