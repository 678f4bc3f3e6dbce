package markdown

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waymark/generator/internal/dialect"
	"waymark/generator/internal/source"
)

// What the manual says is read of other programs' writing is what the program reads.
func TestBringReference(t *testing.T) {
	const page = "../../../content/guide/bring.md"
	tables := map[string][2]string{}
	for name, table := range map[string]string{
		"endings": "These endings are read: " + code(source.Endings) + ". The last three are read as Markdown without what their programs do in it.",
		"keys":    otherKeys(), "held": heldWords(), "tags": tagMeanings(), "alerts": code(dialect.Alerts()) + ". `" + "details" + "` and its kin fold.",
	} {
		tables[table+"\n"] = [2]string{"<!-- " + name + " -->\n", "<!-- end " + name + " -->"}
	}
	holdTables(t, page, tables)
}

func code(words []string) string {
	return "`" + strings.Join(words, "`, `") + "`"
}

func otherKeys() string {
	var b strings.Builder
	b.WriteString("\n| Waymark's | Others' |\n|---|---|\n")
	for _, k := range Keys() {
		if len(k.Also) > 0 {
			fmt.Fprintf(&b, "| `%s` | %s |\n", k.Name, code(k.Also))
		}
	}
	return b.String()
}

func heldWords() string {
	states := slices.Clone(stating)
	return "\n| Where | What holds back |\n|---|---|\n| " + code(holding) + " | true |\n| " + code(showing) + ", `permalink` | false |\n| " +
		code(states) + " | " + code(heldStates) + " |\n\nHyphens, underscores and letter case do not count."
}

func tagMeanings() string {
	var b strings.Builder
	b.WriteString("\n| Names | What they become |\n|---|---|\n")
	for _, m := range dialect.Meanings() {
		names := code(m.Names)
		if m.Says == "an alert" {
			names = "the words for alerts below"
		}
		fmt.Fprintf(&b, "| %s | %s |\n", names, m.Says)
	}
	return b.String()
}
