package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The exit status tells who has to do something: nobody, the author, who called, or who keeps the machine.
func TestExitStatus(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("good/content/a.md", "# A\n")
	write("warns/content/a.md", "[b](b.md)\n")
	write("bad/content/a.md", "---\ndate: soon\n---\n")
	write("file", "not a folder")
	for _, c := range []struct {
		want int
		args string
	}{
		{statusDone, "build -s good"},
		{statusDone, "build -s warns"},
		{statusContent, "build -s warns --strict"},
		{statusContent, "build -s bad"},
		{statusContent, "build -s bad --keep-going"},
		{statusUsage, "build -s nowhere"},
		{statusUsage, "build -s good -d good/content"},
		{statusUsage, "build --no-such-flag"},
		{statusUsage, "build -s good -q -v"},
		{statusUsage, "bulid"},
		{statusUsage, "why"},
		{statusUsage, "new poem x"},
		{statusMachine, "build -s good -d file"},
		{statusDone, "--version"},
		{statusDone, "completion bash"},
	} {
		args := strings.Fields(c.args)
		for i, a := range args {
			if i > 0 && (args[i-1] == "-s" || args[i-1] == "-d") {
				args[i] = filepath.Join(dir, a)
			}
		}
		var out, errs bytes.Buffer
		if got := run(context.Background(), args, strings.NewReader(""), &out, &errs); got != c.want {
			t.Errorf("waymark %s: exit status %d, want %d\n%s%s", c.args, got, c.want, out.String(), errs.String())
		}
		if strings.Contains(errs.String(), "goroutine") {
			t.Errorf("waymark %s: a stack trace", c.args)
		}
	}
}
