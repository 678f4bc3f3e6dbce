package schema

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"waymark/generator/internal/config"
)

func compiled(t *testing.T, write func() ([]byte, error)) *jsonschema.Schema {
	t.Helper()
	data, err := write()
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", value); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// parsed reads YAML as language servers do, for which days are texts.
func parsed(t *testing.T, text string) any {
	t.Helper()
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(text), &node); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Tag == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, c := range n.Content {
			walk(c)
		}
	}
	walk(&node)
	var v any
	if err := node.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

var header = regexp.MustCompile(`(?s)\A---\n(.*?)^?---\n`)

// All texts and settings of the demonstration, and of a new site, are as their schemas say.
func TestTheDemonstrationFits(t *testing.T) {
	front, settings := compiled(t, FrontMatter), compiled(t, Settings)
	n := 0
	err := filepath.WalkDir("../../../content", func(p string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(p) != ".md" {
			return err
		}
		data, err := os.ReadFile(p)
		if g := header.FindSubmatch(data); g != nil {
			n++
			if err := front.Validate(parsed(t, string(g[1]))); err != nil {
				t.Errorf("%s: %v", p, err)
			}
		}
		return err
	})
	if err != nil || n < 40 {
		t.Fatalf("%d headers: %v", n, err)
	}
	for _, name := range []string{"../../../waymark.yaml", "../../../cmd/waymark/starter/waymark.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := settings.Validate(parsed(t, string(bytes.ReplaceAll(data, []byte("{{.Title}}"), []byte("A title"))))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is right, and what an editor should underline.
func TestSchemas(t *testing.T) {
	front, settings := compiled(t, FrontMatter), compiled(t, Settings)
	for text, fits := range map[string]bool{
		"": true, "title: 2024": true, "title:": true, "date: 2024-01-02": true, "publish: false": true, "tags: one": true, "tags: [a, 2]": true, "anything: {at: all}": true, "part: 2": true,
		"actions: [{what: a, by: 2024-01-02}]": true, "revisit: [+1w]": true, "title: [a]": false, "tags: {a: b}": false, "part: 1.5": false, "draft: [yes]": false,
	} {
		if err := front.Validate(parsed(t, text)); (err == nil) != fits {
			t.Errorf("front matter %q: %v", text, err)
		}
	}
	for text, fits := range map[string]bool{
		"": true, "title: A": true, "direction: rtl": true, "feeds: {lists: none}": true, "publish: {web: 's3://a', b: {to: 'file:///x', compress: true}}": true,
		"authors: {me: {name: A}}": true, "menu: [a.md, {title: A, url: b}]": true, "journey: [A, {name: B, part_of: A}]": true,
		"titel: A": false, "direction: up": false, "page_size: 0": false, "base_url: example.org": false, "feeds: {lists: some}": false, "publish: {web: {at: x}}": false, "authors: {me: {neme: A}}": false,
	} {
		if err := settings.Validate(parsed(t, text)); (err == nil) != fits {
			t.Errorf("waymark.yaml %q: %v", text, err)
		}
	}
}

// Each key that is described in a way of its own is one that there is.
func TestSettingsAreKnown(t *testing.T) {
	for name := range settings {
		if !slices.ContainsFunc(config.Keys(), func(k config.Key) bool { return k.Name == name }) {
			t.Errorf("waymark.yaml has no key %q", name)
		}
	}
}
