package fields

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"waymark/generator/diag"
	"waymark/generator/internal/source"
)

// ParseTOML reads a TOML document (TOML 1.0) as Pairs in written order, as Parse does for YAML: tables and arrays of tables
// become mappings and lists of them, and every scalar is its text.
func ParseTOML(data []byte, file string, line int) ([]Pair, diag.List) {
	at := func(offset int) diag.Position {
		pos := source.At(file, data, offset)
		pos.Line += line - 1
		return pos
	}
	var whole map[string]any
	if err := toml.Unmarshal(data, &whole); err != nil { // which also finds keys that are given twice
		d := diag.Diagnostic{
			Pos: diag.Position{File: file, Line: line}, Severity: diag.Error, Code: "toml",
			Message: "this is not valid TOML: " + strings.TrimPrefix(err.Error(), "toml: "), Hint: `write key = "value", text always between quotes`,
		}
		if where := new(toml.DecodeError); errors.As(err, &where) {
			row, col := where.Position()
			d.Pos.Line, d.Pos.Col = line+row-1, col
		}
		return nil, diag.List{d}
	}
	r := tomlReader{at: at}
	p := &unstable.Parser{}
	p.Reset(data)
	root := Value{Kind: Mapping, Pos: at(0)}
	table := &root
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = r.open(&root, e.Key(), e.Kind == unstable.ArrayTable)
		case unstable.KeyValue:
			r.set(table, e)
		default:
		}
	}
	return root.Pairs, r.list
}

type tomlReader struct {
	at    func(offset int) diag.Position
	nodes int
	list  diag.List
}

// open returns the table that a header names, below root; of an array of tables, a new one.
func (r *tomlReader) open(root *Value, key unstable.Iterator, array bool) *Value {
	table := root
	for key.Next() {
		table = r.below(table, key.Node())
		if array && key.IsLast() {
			table.Kind = Sequence
			table.Items = append(table.Items, Value{Kind: Mapping, Pos: table.Pos})
		}
		if table.Kind == Sequence && len(table.Items) > 0 {
			table = &table.Items[len(table.Items)-1]
		}
	}
	return table
}

// below returns the value of a key in a table, and adds it where there is none.
func (r *tomlReader) below(table *Value, key *unstable.Node) *Value {
	name, pos := string(key.Data), r.at(int(key.Raw.Offset))
	for i := range table.Pairs {
		if table.Pairs[i].Key == name {
			return &table.Pairs[i].Value
		}
	}
	table.Kind = Mapping
	table.Pairs = append(table.Pairs, Pair{Key: name, Pos: pos, Value: Value{Kind: Mapping, Pos: pos}})
	return &table.Pairs[len(table.Pairs)-1].Value
}

func (r *tomlReader) set(table *Value, pair *unstable.Node) {
	target := table
	for key := pair.Key(); key.Next(); {
		target = r.below(target, key.Node())
	}
	*target = r.value(pair.Value(), target.Pos, 0)
}

// value reads a value; near is the place that it has where the parser knows none, as for a list.
func (r *tomlReader) value(n *unstable.Node, near diag.Position, depth int) Value {
	v := Value{Kind: Scalar, Text: string(n.Data), Pos: near}
	if n.Raw.Length > 0 {
		v.Pos = r.at(int(n.Raw.Offset))
	}
	if r.nodes++; r.nodes > maxNodes || depth > maxNested {
		if r.nodes <= maxNodes+1 {
			r.list.Add(tooLarge(v.Pos))
			r.nodes = maxNodes + 1
		}
		return Value{Pos: v.Pos}
	}
	switch n.Kind {
	case unstable.Array:
		v.Kind, v.Text = Sequence, ""
		for items := n.Children(); items.Next(); {
			if item := items.Node(); item.Kind != unstable.Comment {
				v.Items = append(v.Items, r.value(item, near, depth+1))
			}
		}
	case unstable.InlineTable:
		v.Kind, v.Text = Mapping, ""
		for pairs := n.Children(); pairs.Next(); {
			if pair := pairs.Node(); pair.Kind == unstable.KeyValue {
				r.set(&v, pair)
			}
		}
	default:
	}
	return v
}
