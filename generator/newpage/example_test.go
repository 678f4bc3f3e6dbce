package newpage_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"waymark/generator/newpage"
)

func ExampleMake() {
	dir, err := os.MkdirTemp("", "site")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Mkdir(filepath.Join(dir, "content"), 0o755); err != nil {
		panic(err)
	}
	name, err := newpage.Make(dir, "post", "What I got wrong", "", time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC))
	if err != nil {
		panic(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		panic(err)
	}
	fmt.Println(name)
	fmt.Print(string(text))
	// Output:
	// content/posts/what-i-got-wrong.md
	// ---
	// title: 'What I got wrong'
	// date: 2026-01-31
	// description: ''
	// tags: []
	// ---
	//
	// Write here.
}
