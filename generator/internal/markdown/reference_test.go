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
	var table strings.Builder
	table.WriteString("\n| Key | Takes | What it says |\n|---|---|---|\n")
	for _, k := range Keys() {
		fmt.Fprintf(&table, "| `%s` | %s | %s |\n", k.Name, k.Form, k.Doc)
	}
	holdTables(t, page, map[string][2]string{table.String() + "\n": {"-update -->\n", "<!-- end -->"}})
}

// holdTables compares tables in a page of the manual, each between two marks, with what the program makes of itself; with -update it
// writes them there.
func holdTables(t *testing.T, page string, tables map[string][2]string) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	want := string(data)
	for table, marks := range tables {
		before, rest, opens := strings.Cut(want, marks[0])
		_, after, closes := strings.Cut(rest, marks[1])
		if !opens || !closes {
			t.Fatalf("%s has lost the marks of its table %q", page, marks[0])
		}
		want = before + marks[0] + table + marks[1] + after
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(data) {
		t.Errorf("the tables of %s are not the program's (make golden)", page)
	}
}
