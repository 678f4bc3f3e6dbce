// Package schema describes front matter and waymark.yaml as editors want them: JSON Schema, draft 7, which the common language servers for
// YAML read (https://json-schema.org/draft-07). What the keys are, and what is said of them, comes from the readers of both.
package schema

import (
	"encoding/json"
	"fmt"
	"regexp"

	"waymark/generator/internal/config"
	"waymark/generator/internal/markdown"
)

// object is a part of a schema.
type object = map[string]any

// FrontMatter returns the schema of a text's header. Keys that it does not name are allowed there: themes and other programs have them.
func FrontMatter() ([]byte, error) {
	properties := object{}
	for _, k := range markdown.Keys() {
		form, known := forms[k.Form]
		if !known {
			return nil, fmt.Errorf("describe the key %q: nobody has said how %q is written", k.Name, k.Form)
		}
		if more, has := fronts[k.Name]; has {
			form = more
		}
		properties[k.Name] = described(form, k.Doc)
	}
	return written("Front matter of a text for Waymark", properties, true)
}

// Settings returns the schema of waymark.yaml, in which a key that it does not name is an error.
func Settings() ([]byte, error) {
	properties := object{}
	for _, k := range config.Keys() {
		form, known := settings[k.Name]
		if !known {
			form = text
		}
		properties[k.Name] = described(form, k.Doc+". Without it: "+k.Without)
	}
	return written("waymark.yaml, the settings of a site for Waymark", properties, false)
}

func written(title string, properties object, more bool) ([]byte, error) {
	data, err := json.MarshalIndent(object{
		"$schema": "http://json-schema.org/draft-07/schema#", "title": title, "type": []string{"object", "null"}, "properties": properties, "additionalProperties": more,
	}, "", "  ")
	return append(data, '\n'), err
}

// described adds what is said of a key, without its links.
func described(form object, doc string) object {
	out := object{"description": link.ReplaceAllString(doc, "$1")}
	for key, value := range form {
		out[key] = value
	}
	return out
}

var link = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

// How values are written. YAML makes a number of 2024 and nothing of an empty value, which is what people type meanwhile.
var (
	text   = object{"type": []string{"string", "number", "boolean", "null"}}
	list   = object{"type": []string{"array", "string", "number", "null"}, "items": object{"type": []string{"string", "number", "boolean", "null"}}}
	yesNo  = object{"type": []string{"boolean", "string", "null"}}
	things = object{"type": []string{"array", "string", "null"}}
)

// forms are those that the reference of front matter names.
var forms = map[string]object{
	"text": text, "list": list, "list of sentences": list, "date": {"type": []string{"string", "number", "boolean", "null"}}, "true or false": yesNo, "number": {"type": []string{"integer", "string", "null"}},
	"span": text, "duration": text,
}

// fronts are keys of front matter whose lists hold more than texts, or that have few values.
var fronts = map[string]object{
	"parts": things, "actions": things, "resources": things, "revisit": things, "translations": list,
	"type": {"type": []string{"string", "null"}, "examples": []string{"post", "course", "session", "note", "series", "page", "glossary"}},
}

func oneOf(values ...any) object { return object{"enum": values} }

func mapping(properties object) object {
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// hex is a colour.
var hex = object{"type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"}

// settings are the keys of waymark.yaml that are no texts.
var settings = map[string]object{
	"direction": oneOf("ltr", "rtl"), "date_order": oneOf("dmy", "mdy", "ymd"), "tags": oneOf("commas", "spaces"), "roadmap": oneOf("phases", "horizons"),
	"accent": {"anyOf": []object{hex, mapping(object{"light": hex, "dark": hex})}}, "raw_html": {"type": []string{"boolean", "null"}},
	"page_size": {"type": "integer", "minimum": 1, "maximum": 1000}, "base_url": {"type": []string{"string", "null"}, "pattern": "^https?://"},
	"authors": {"type": "object", "additionalProperties": mapping(object{"name": text, "about": text, "url": text})},
	"journey": {"type": "array", "items": object{"anyOf": []object{text, mapping(object{
		"name": text, "aim": text, "questions": list, "shape": oneOf("circle", "triangle", "diamond", "square", "hexagon"), "part_of": text,
	})}}},
	"menu":   {"type": "array", "items": object{"anyOf": []object{text, mapping(object{"title": text, "url": text})}}},
	"images": mapping(object{"hosts": list}), "feeds": mapping(object{"site": oneOf("whole", "summary"), "lists": oneOf("whole", "summary", "none")}),
	"changes": yesNo,
	"cards":   {"anyOf": []object{yesNo, mapping(object{"font": text})}},
	"check":   mapping(object{"skip": list, "allow": list}),
	"publish": {"type": "object", "additionalProperties": object{"anyOf": []object{text, mapping(object{"to": text, "base_url": text, "compress": yesNo})}}},
}
