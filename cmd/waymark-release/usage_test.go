package main

import (
	"strings"
	"testing"
)

// A version is three numbers; a tag's v in front of it is told apart from a slip.
func TestVersions(t *testing.T) {
	for version, want := range map[string]string{"v1.2.3": "(write 1.2.3)", "one": `"one" is none`, "1.2": `"1.2" is none`, "": `"" is none`} {
		r := release{version: version, targets: all()}
		if err := r.make(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %s", version, err, want)
		}
	}
}
