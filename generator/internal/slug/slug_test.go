package slug

import (
	"testing"

	"pgregory.net/rapid"
)

func TestMake(t *testing.T) {
	for text, want := range map[string]string{
		"Like a PO!":         "like-a-po",
		"  What's next?  ":   "whats-next",
		"Über-Größe":         "über-größe",
		"e\u0301tude":        "étude",
		"产品 路线图":             "产品-路线图",
		"C# & C++":           "c-c",
		"...":                "",
		"2022 / 09 -- begin": "2022-09-begin",
	} {
		if got := Make(text); got != want {
			t.Errorf("Make(%q) = %q, want %q", text, got, want)
		}
	}
}

// A slug is its own slug, so that an address made twice is one address.
func TestMakeIsStable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Make(rapid.String().Draw(t, "text"))
		if twice := Make(once); twice != once {
			t.Fatalf("%q, then %q", once, twice)
		}
	})
}
