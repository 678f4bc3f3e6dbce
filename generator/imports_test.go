package generator

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// imports is the table of ARCHITECTURE.md: what each room may import of our own, by their names; internal/x is
// written as x where it is imported. A new arrow is a decision.
var imports = map[string]string{
	"cmd/waymark":          "generator generator/diag generator/importer generator/newpage generator/serve themes",
	"generator":            "generator/diag bank card check config edition fetch exchange history images markdown memo output parallel past publish remote render schema site slug source stamps texts theme words",
	"generator/diag":       "",
	"generator/importer":   "generator/diag generator/newpage fields markdown slug source",
	"generator/newpage":    "generator/diag fields outline slug source",
	"generator/preview":    "generator generator/diag card config dates edition images markdown memo parallel past render site slug source stamps texts theme words",
	"generator/serve":      "generator generator/diag generator/preview watch",
	"internal/bank":        "generator/diag outline quiz",
	"internal/board":       "outline words",
	"internal/calendar":    "",
	"internal/card":        "generator/diag board config source",
	"internal/check":       "generator/diag outline parallel site slug storymap",
	"internal/colour":      "",
	"internal/config":      "generator/diag dates fields markdown outline slug source words",
	"internal/dates":       "",
	"internal/dialect":     "",
	"internal/fetch":       "images",
	"internal/formula":     "",
	"internal/edition":     "generator/diag board calendar config dates exchange feed images memo output render search site slug source theme view",
	"internal/exchange":    "dates impactmap outline slug storymap",
	"internal/feed":        "",
	"internal/fields":      "generator/diag dates source",
	"internal/history":     "generator/diag",
	"internal/images":      "generator/diag slug source",
	"internal/impactmap":   "generator/diag board dates outline words",
	"internal/markdown":    "generator/diag colour dates dialect fields formula impactmap outline quiz recall sheet slug source storymap words",
	"internal/memo":        "remote",
	"internal/outline":     "generator/diag slug",
	"internal/output":      "generator/diag",
	"internal/parallel":    "",
	"internal/past":        "generator/diag config dates exchange history markdown memo outline parallel site source",
	"internal/publish":     "generator/diag parallel storage",
	"internal/quiz":        "generator/diag outline slug words",
	"internal/recall":      "generator/diag outline quiz words",
	"internal/remote":      "generator/diag storage",
	"internal/render":      "generator/diag board card config dates exchange impactmap markdown outline quiz recall search sheet site storymap theme view words",
	"internal/schema":      "config markdown",
	"internal/search":      "parallel",
	"internal/site":        "generator/diag card config dates exchange images impactmap markdown outline quiz recall search sheet slug source storymap words",
	"internal/sheet":       "generator/diag outline quiz words",
	"internal/slug":        "",
	"internal/source":      "generator/diag",
	"internal/stamps":      "parallel",
	"internal/storage":     "",
	"internal/storymap":    "generator/diag board outline slug words",
	"internal/texts":       "generator/diag markdown memo source stamps",
	"internal/theme":       "generator/diag fields search source view words themes",
	"internal/view":        "",
	"internal/watch":       "",
	"internal/watch/saves": "",
	"internal/words":       "generator/diag dates fields source themes",
	"generator/sitebench":  "source watch/saves",
	"generator/sitetest":   "words",
	"generator/torture":    "",
	"themes":               "",
}

// The guide names each library that the program or its tests stand on, as go.mod has it.
func TestTheGuideNamesEachDependency(t *testing.T) {
	guide, err := os.ReadFile("../content/guide/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{if not (or .Main .Indirect)}}{{.Path}} {{.Version}}{{end}}", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		path, version, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found {
			continue
		}
		if !strings.Contains(string(guide), "`"+path+"` "+version+" ") {
			t.Errorf("content/guide/promises.md does not name %s %s", path, version)
		}
	}
}

// only names the one room that may import each of these libraries.
var only = map[string]string{
	"github.com/yuin/goldmark":          "generator/internal/markdown",
	"github.com/yuin/goldmark-meta":     "generator/internal/markdown",
	"github.com/alecthomas/chroma/v2":   "generator/internal/colour",
	"github.com/dlclark/regexp2/v2":     "generator/internal/colour",
	"github.com/evanw/esbuild/pkg/api":  "generator/internal/theme",
	"go.yaml.in/yaml/v3":                "generator/internal/fields",
	"github.com/pelletier/go-toml/v2":   "generator/internal/fields",
	"github.com/dop251/goja":            "generator/internal/formula",
	"github.com/fsnotify/fsnotify":      "generator/internal/watch",
	"github.com/gofrs/flock":            "generator/internal/output",
	"github.com/rivo/uniseg":            "generator/internal/board",
	"github.com/spf13/cobra":            "cmd/waymark",
	"github.com/tdewolff/parse/v2":      "generator/internal/check",
	"github.com/mmcdole/gofeed":         "generator/importer",
	"github.com/cli/browser":            "cmd/waymark",
	"github.com/schollz/progressbar/v3": "cmd/waymark",
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "waymark/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		room := strings.TrimPrefix(words[0], "waymark/")
		allowed, known := imports[strings.TrimPrefix(room, "generator/")]
		if !known {
			allowed, known = imports[room]
		}
		if !known {
			t.Errorf("the room %s stands in no table", room)
		}
		for _, path := range words[1:] {
			if own, found := strings.CutPrefix(path, "waymark/"); found && !slices.Contains(strings.Fields(allowed), strings.TrimPrefix(own, "generator/internal/")) {
				t.Errorf("%s imports %s", room, own)
			}
			if home := only[path]; home != "" && home != room {
				t.Errorf("%s imports %s, which belongs to %s", room, path, home)
			}
		}
	}
}
