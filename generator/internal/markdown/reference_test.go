package markdown

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the front-matter table into the manual")

// The table of front-matter keys in the manual is the program's own.
func TestFrontMatterReference(t *testing.T) {
	const page = "../../../content/guide/front-matter.md"
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	begin, rest, found := strings.Cut(string(data), "-update -->\n")
	_, end, closed := strings.Cut(rest, "<!-- end -->")
	if !found || !closed {
		t.Fatal("the manual has lost the marks of its table")
	}
	var table strings.Builder
	table.WriteString("\n| Key | Takes | What it says |\n|---|---|---|\n")
	for _, k := range Keys() {
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", k.Name, k.Form, k.Doc)
	}
	want := begin + "-update -->\n" + table.String() + "\n<!-- end -->" + end
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(data) {
		t.Error("the manual's table of keys is not the program's (make golden)")
	}
}
