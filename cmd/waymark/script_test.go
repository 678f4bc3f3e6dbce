package main

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"waymark": main})
}

// Each script is one behaviour of the command, told from the outside.
func TestScripts(t *testing.T) {
	found, err := filepath.Abs("testdata/real")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("REAL", found)
			env.Setenv("SOURCE_DATE_EPOCH", "1767225600") // 1 January 2026
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"fill": fill, "expand": expand, "steps": steps, "bytes": writeBytes, "freeport": freePort, "occupy": occupy, "fetch": fetch,
		},
	})
}
