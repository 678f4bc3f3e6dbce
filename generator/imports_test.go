package generator

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// imports is the table of ARCHITECTURE.md: what each room may import of our own. A new arrow is a decision.
var imports = map[string]string{
	"cmd/waymark":                    "generator generator/diag generator/newpage generator/serve",
	"generator":                      "generator/diag generator/internal/board generator/internal/calendar generator/internal/dates generator/internal/exchange generator/internal/feed generator/internal/fields generator/internal/images generator/internal/impactmap generator/internal/markdown generator/internal/outline generator/internal/output generator/internal/render generator/internal/site generator/internal/slug generator/internal/source generator/internal/storymap themes",
	"generator/diag":                 "",
	"generator/newpage":              "generator/internal/slug",
	"generator/serve":                "generator generator/diag generator/internal/watch",
	"generator/internal/calendar":    "",
	"generator/internal/source":      "generator/diag",
	"generator/internal/dates":       "",
	"generator/internal/slug":        "",
	"generator/internal/fields":      "generator/diag generator/internal/dates",
	"generator/internal/outline":     "generator/diag generator/internal/slug",
	"generator/internal/board":       "generator/internal/outline",
	"generator/internal/impactmap":   "generator/diag generator/internal/board generator/internal/outline",
	"generator/internal/storymap":    "generator/diag generator/internal/board generator/internal/outline generator/internal/slug",
	"generator/internal/exchange":    "generator/internal/impactmap generator/internal/outline generator/internal/slug generator/internal/storymap",
	"generator/internal/markdown":    "generator/diag generator/internal/dates generator/internal/fields generator/internal/impactmap generator/internal/outline generator/internal/slug generator/internal/source generator/internal/storymap",
	"generator/internal/site":        "generator/diag generator/internal/dates generator/internal/impactmap generator/internal/markdown generator/internal/outline generator/internal/slug generator/internal/storymap",
	"generator/internal/images":      "",
	"generator/internal/render":      "generator/diag generator/internal/board generator/internal/dates generator/internal/fields generator/internal/impactmap generator/internal/markdown generator/internal/outline generator/internal/site generator/internal/slug generator/internal/storymap",
	"generator/internal/feed":        "",
	"generator/internal/output":      "",
	"generator/internal/watch":       "",
	"generator/internal/watch/saves": "",
	"generator/sitebench":            "",
	"generator/sitetest":             "",
	"themes":                         "",
}

// only names the one room that may import each of these libraries.
var only = map[string]string{
	"github.com/yuin/goldmark":           "generator/internal/markdown",
	"github.com/yuin/goldmark-meta":      "generator/internal/markdown",
	"github.com/alecthomas/chroma/v2":    "generator/internal/markdown",
	"github.com/evanw/esbuild/pkg/api":   "generator/internal/render",
	"go.yaml.in/yaml/v3":                 "generator/internal/fields",
	"github.com/fsnotify/fsnotify":       "generator/internal/watch",
	"github.com/rivo/uniseg":             "generator/internal/board",
	"github.com/spf13/cobra":             "cmd/waymark",
	"github.com/cli/browser":             "cmd/waymark",
	"github.com/schollz/progressbar/v3":  "cmd/waymark",
	"github.com/tdewolff/minify/v2/html": "generator/internal/render",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "waymark/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		room := strings.TrimPrefix(words[0], "waymark/")
		allowed, known := imports[room]
		if !known {
			t.Errorf("the room %s stands in no table", room)
		}
		for _, path := range words[1:] {
			if own, found := strings.CutPrefix(path, "waymark/"); found && !slices.Contains(strings.Fields(allowed), own) {
				t.Errorf("%s imports %s", room, own)
			}
			if home := only[path]; home != "" && home != room {
				t.Errorf("%s imports %s, which belongs to %s", room, path, home)
			}
		}
	}
}
