package config

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of keys into the manual")

// The table of keys in the manual is the program's own.
func TestReference(t *testing.T) {
	const page, opens, closes = "../../../content/guide/configuration.md", "-update -->\n", "<!-- end -->"
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), opens)
	_, after, ends := strings.Cut(rest, closes)
	if !found || !ends {
		t.Fatalf("%s has lost the marks of its table", page)
	}
	var table strings.Builder
	table.WriteString("\n| Key | What it says | Without it |\n|---|---|---|\n")
	for _, k := range Keys() {
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", k.Name, k.Doc, k.Without)
	}
	want := before + opens + table.String() + "\n" + closes + after
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(data) {
		t.Errorf("the table of %s is not the program's (make golden)", page)
	}
}
