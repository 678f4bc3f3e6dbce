package diag_test

import (
	"os"

	"waymark/generator/diag"
)

func ExampleText() {
	list := diag.List{{
		Pos: diag.Position{File: "content/a.md", Line: 2, Col: 1}, Severity: diag.Error, Code: "unknown-key", Message: `"titel" is not a key`,
		Hint: diag.DidYouMean("titel", []string{"title", "tags"}, "see the guide"), Source: "titel: Hello",
	}}
	if err := diag.Text(os.Stdout, list); err != nil {
		panic(err)
	}
	// Output:
	// content/a.md:2:1: error: "titel" is not a key
	//     titel: Hello
	//     ^
	//     hint: did you mean "title"?
}
