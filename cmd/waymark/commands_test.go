package main

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"
)

// fill writes a file of a given size: fill FILE BYTES.
func fill(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("text "), n/5), 0o644))
}

// expand puts the script's variables into a file: expand FILE.
func expand(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(os.Expand(ts.ReadFile(args[0]), ts.Getenv)), 0o644))
}

// steps writes what a recipe runs into a script: steps RECIPE SCRIPT.
func steps(ts *testscript.TestScript, _ bool, args []string) {
	var lines []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				switch said := v[key].(type) {
				case string:
					if key == "run" || key == "command" {
						lines = append(lines, said)
					}
				case []any:
					if key == "script" {
						for _, line := range said {
							lines = append(lines, line.(string))
						}
					}
					walk(said)
				default:
					walk(said)
				}
			}
		case []any:
			for _, item := range v {
				walk(item)
			}
		}
	}
	var recipe map[string]any
	if text := []byte(ts.ReadFile(args[0])); filepath.Ext(args[0]) == ".toml" {
		ts.Check(toml.Unmarshal(text, &recipe))
	} else {
		ts.Check(yaml.Unmarshal(text, &recipe))
	}
	if walk(recipe); len(lines) == 0 {
		ts.Fatalf("%s runs nothing", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte("set -euo pipefail\n"+strings.Join(lines, "\n")+"\n"), 0o644))
}

// writeBytes writes a file that a script cannot hold: bytes FILE QUOTED-GO-STRING.
func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// freePort finds a port that nobody listens at: freeport NAME sets a variable.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
	ts.Check(l.Close())
}

// occupy listens at a port until the script ends: occupy PORT.
func occupy(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:"+args[0])
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
}

// fetch asks for an address until the answer has a text: fetch ADDRESS TEXT.
func fetch(ts *testscript.TestScript, _ bool, args []string) {
	last := ""
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		answer, err := http.Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		data, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		ts.Check(err)
		if last = string(data); strings.Contains(last, args[1]) {
			return
		}
	}
	ts.Fatalf("%s never answers with %q, but with\n%s", args[0], args[1], last)
}
