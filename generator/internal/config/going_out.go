package config

import (
	"waymark/generator/diag"
	"waymark/generator/internal/fields"
)

// Check says what is left alone when the site is checked: codes or groups of findings, and patterns of addresses of other sites.
type Check struct{ Skip, Allow []string }

// Target is a place that the site is published at.
type Target struct {
	Name     string
	To       string // its address
	BaseURL  string // of the site there, where that is another one than elsewhere
	Compress bool   // whether copies stand beside texts that are compressed
	Pos      diag.Position
}

// check reads what is left alone when the site is checked.
func (r *reader) check(v fields.Value) {
	if v.Kind != fields.Mapping {
		r.Errorf(v.Pos, "wrong-type", "write for example: check: {skip: [alone]}", "\"check\" must be a mapping")
		return
	}
	r.Fields(v.Pairs, "check", map[string]func(fields.Value){
		"skip":  func(v fields.Value) { r.Check.Skip = r.Decoder.Texts(v, "skip") },
		"allow": func(v fields.Value) { r.Check.Allow = r.Decoder.Texts(v, "allow") },
	})
}

// publish reads the places that the site is published at.
func (r *reader) publish(v fields.Value) {
	if v.Kind != fields.Mapping {
		r.Errorf(v.Pos, "wrong-type", "write a name for each place, and its address behind it, for example: publish: {web: \"s3://bucket/notes\"}", "\"publish\" must be a mapping")
		return
	}
	for _, p := range v.Pairs {
		t := Target{Name: p.Key, Pos: p.Value.Pos}
		if p.Value.Kind == fields.Mapping {
			r.Fields(p.Value.Pairs, "a place to publish at", map[string]func(fields.Value){
				"to": r.Into(&t.To, "to"), "base_url": func(v fields.Value) { t.BaseURL = r.baseURL(v.Pos, r.Text(v, "base_url")) },
				"compress": func(v fields.Value) { t.Compress = r.Bool(v, "compress") },
			})
		} else {
			t.To = r.Text(p.Value, p.Key)
		}
		if t.To == "" {
			r.Errorf(p.Value.Pos, "publish", "write for example: to: s3://bucket/notes", "%q has no address", p.Key)
			continue
		}
		r.Publish = append(r.Publish, t)
	}
}
