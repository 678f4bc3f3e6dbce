package preview_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/generator"
	"waymark/generator/preview"
)

func Example() {
	dir, err := os.MkdirTemp("", "site")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "content", "hello.md"), []byte(text), 0o600); err != nil {
			panic(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "content"), 0o755); err != nil {
		panic(err)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	write("Before.\n")
	p, _, err := preview.Open(context.Background(), generator.Config{Dir: dir, Clock: now})
	if err != nil {
		panic(err)
	}
	defer p.Close()

	for _, text := range []string{"After.\n", "---\ntitle: [half\n---\nAfter.\n"} {
		write(text)
		u, err := p.Update(context.Background(), preview.Change{Paths: []string{"content/hello.md"}, Clock: now})
		if err != nil {
			panic(err)
		}
		page, err := p.Get("hello/index.html")
		if err != nil {
			panic(err)
		}
		fmt.Println(strings.Contains(string(page.Data), "After."), u.Diagnostics.HasErrors())
	}
	// A mistake takes nothing away: the page is as it was.
	// Output:
	// true false
	// true true
}
