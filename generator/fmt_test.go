package generator

import (
	"strings"
	"testing"
)

// However a block stands in its page, formatting leaves the map what it is: a second time there is nothing to do, and the
// cards are on the levels that they seem to be on.
func TestFormattingBlocksInTheirPlaces(t *testing.T) {
	const want = "- A\n  - B\n    - C\n"
	for name, text := range map[string]string{
		"an indented fence":             "  ```story-map m\n- A\n  - B\n    - C\n  ```\n",
		"an indented block":             "   ```story-map m\n   - A\n     - B\n       - C\n   ```\n",
		"a header further left":         "  ```story-map m\ntitle: x\n- A\n      - B\n          - C\n  ```\n",
		"a quote":                       "> ```story-map m\n> - A\n>   - B\n>     - C\n> ```\n",
		"a quote without spaces":        ">```story-map m\n>- A\n>  - B\n>    - C\n>```\n",
		"a quote with both":             "> ```story-map m\n>title: x\n> - A\n>   - B\n>     - C\n> ```\n",
		"a list":                        "- item\n\n  ```story-map m\n  - A\n    - B\n      - C\n  ```\n",
		"a numbered list":               "10. item\n\n    ```story-map m\n    - A\n      - B\n        - C\n    ```\n",
		"a list with a tab":             "- item\n\n\t```story-map m\n  - A\n    - B\n      - C\n\t```\n",
		"a quote in a list":             "- item\n\n  > ```story-map m\n  > - A\n  >   - B\n  >     - C\n  > ```\n",
		"empty lines in a list":         "- item\n\n  ```story-map m\n\n  - A\n\n    - B\n      - C\n  ```\n",
		"Windows and a byte-order mark": "\uFEFFtext\r\n\r\n```story-map m\r\n- A\r\n    - B\r\n        - C\r\n```\r\n",
		"comments behind the cards":     "```story-map m\n- A // one\n  - B\n    - C // two\n```\n",
		"steps of one":                  "```story-map m\n- A\n - B\n  - C\n```\n",
		"steps of eight":                "```story-map m\n- A\n        - B\n                - C\n```\n",
		"tabs below spaces":             "```story-map m\n- A\n  - B\n    - C\n- F\n\t- G\n\t\t- H\n```\n",
		"other steps in a branch":       "```story-map m\n- A\n  - B\n    - C\n- G\n    - H\n        - I\n        - J\n    - K\n        - L\n```\n",
		"aligned numbers":               "```story-map m\n1. A\n   - B\n     - C\n10. X\n    - Y\n      - Z\n```\n",
	} {
		t.Run(name, func(t *testing.T) {
			once, list, err := FormatMaps(t.TempDir(), "x.md", []byte(text))
			if err != nil || list.HasErrors() {
				t.Fatal(err, list)
			}
			twice, list, err := FormatMaps(t.TempDir(), "x.md", once)
			if err != nil || list.HasErrors() || string(twice) != string(once) {
				t.Fatalf("%q became %q, and then %q: %v %v", text, once, twice, err, list)
			}
			if strings.Count(string(once), "\r\n") != strings.Count(text, "\r\n") || strings.Count(string(once), "//") != strings.Count(text, "//") {
				t.Errorf("line endings or comments changed: %q", once)
			}
			var cards strings.Builder
			for line := range strings.Lines(strings.ReplaceAll(string(once), "\r", "")) {
				if line = strings.TrimLeft(strings.TrimSpace(line), "> "); strings.HasPrefix(line, "- ") && len(line) == 3 {
					cards.WriteString(line + "\n")
				}
			}
			if !strings.HasPrefix(cards.String(), "- A\n- B\n- C\n") {
				t.Errorf("%q lost cards: %q", text, once)
			}
			if got := levels(string(once)); !strings.HasPrefix(got, want) {
				t.Errorf("%q became\n%s", text, once)
			}
		})
	}
}

// levels returns the cards of a formatted block as they stand to one another.
func levels(text string) string {
	var b strings.Builder
	base := -1
	for line := range strings.Lines(strings.ReplaceAll(text, "\r", "")) {
		at := strings.Index(line, "- ")
		if at < 0 || len(strings.TrimSpace(line[at:])) != 3 {
			continue
		}
		if base < 0 {
			base = at
		}
		b.WriteString(strings.Repeat(" ", max(at-base, 0)) + strings.TrimSpace(line[at:]) + "\n")
	}
	return b.String()
}
