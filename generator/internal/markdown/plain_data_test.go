package markdown

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/generator/internal/memo"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/source"
)

// fromDisk returns a Document as it comes back from a file.
func fromDisk(t interface{ Fatal(...any) }, doc Document) Document {
	data, err := memo.Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	var back Document
	if err := memo.Decode(data, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

// A Document is plain data: written to disk and read back, it is what it was. What it says of other places in itself it says
// by name, never by where they lie in memory.
func TestDocumentsSurviveTheDisk(t *testing.T) {
	parser := NewParser(Options{Zone: time.UTC, Maps: outline.Options{Phases: []string{"Alpha", "Beta"}, Reach: "Beta"}})
	survives := func(t interface {
		Fatal(...any)
		Fatalf(string, ...any)
	}, file source.File,
	) {
		doc, _ := parser.Parse(file)
		if diff := cmp.Diff(doc, fromDisk(t, doc)); diff != "" {
			t.Fatalf("%s comes back as another one (- before, + after):\n%s", file.Name, diff)
		}
	}
	t.Run("demonstration", func(t *testing.T) {
		count := 0
		err := filepath.WalkDir("../../../content", func(name string, _ os.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".md" {
				return err
			}
			data, err := os.ReadFile(name)
			survives(t, source.File{Path: filepath.Base(name), Name: name, Data: source.Clean(data)})
			count++
			return err
		})
		if err != nil || count < 50 {
			t.Fatal(count, err)
		}
	})
	pieces := []string{
		"---\ntitle: A\ndate: 2022-09-17T09:30+01:00\ntags: [a, b]\nextra: {a: [1, {b: c}], d: }\nactions:\n  - what: x\n    done: true\nrevisit: [+1w]\n---\n",
		"# Title\n\n", "## Part {#part .wide}\n\n", "Words with *marks*, [a link](x.md \"title\"), [[Wiki]] and `code`.\n\n", "![A wall](wall.png)\n\n",
		"```go title=\"x\"\nfunc x() {}\n```\n\n", "> [!NOTE] Mind\n> this\n\n", "Term\n: meaning with [[Wiki]]\n\n", "| a | b |\n|---|---|\n| 1 | 2 |\n\n",
		"```impact-map goal\ntitle: More\n- More [#g]\n  metric: families\n  - Parents\n    - Apply\n      - Form [alpha] // why\n```\n\n",
		"```story-map\nimpact-map: goal\npersona: Ann - who\nslice: First - it works [alpha]\nslice: Second\n- Look\n  - Find\n    - [x] Read [First, Ann, -> form]\n    - Hear [Second]\n    - Later\n```\n\n",
		"```story-map\nembed: goal/form\n```\n\n", "```impact-map\ntitel: wrong\n```\n\n", "[^1]\n\n[^1]: A note.\n\n", "<b>raw</b> ðŸ˜‚ \u2028 é\n\n", "- [ ] to do\n- [x] done\n\n",
	}
	t.Run("generated", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			text := strings.Join(rapid.SliceOf(rapid.SampledFrom(pieces)).Draw(t, "pieces"), "") + rapid.String().Draw(t, "end")
			name := rapid.SampledFrom([]string{"posts/a.md", "glossary.md"}).Draw(t, "name")
			survives(t, source.File{Path: name, Name: "content/" + name, Data: []byte(strings.ReplaceAll(text, "\x00", ""))})
		})
	})
}

// Everything that decides about the meaning of texts is in the fingerprint by which they are kept.
func TestOptionsHaveAFingerprint(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	all := []Options{
		{Zone: time.UTC},
		{Zone: london},
		{Zone: time.UTC, Order: "dmy"},
		{Zone: time.UTC, RawHTML: true},
		{Zone: time.UTC, Direction: "rtl"},
		{Zone: time.UTC, Maps: outline.Options{Phases: []string{"a"}}},
		{Zone: time.UTC, Maps: outline.Options{Phases: []string{"a b"}}},
		{Zone: time.UTC, Maps: outline.Options{Reach: "a"}},
	}
	for _, o := range all {
		seen[string(o.Fingerprint())] = true
	}
	if fields := reflect.TypeFor[Options]().NumField(); len(seen) != len(all) || fields != 6 || reflect.TypeFor[outline.Options]().NumField() != 2 {
		t.Errorf("%d of %d are told apart; has a field been added?", len(seen), len(all))
	}
}
