package generator_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"waymark/generator"
)

// exampleSite makes a site of one post with a broken link.
func exampleSite() (dir string, remove func()) {
	dir, err := os.MkdirTemp("", "site")
	if err != nil {
		panic(err)
	}
	post := filepath.Join(dir, "content", "posts", "hello.md")
	if err := os.MkdirAll(filepath.Dir(post), 0o755); err != nil {
		panic(err)
	}
	if err := os.WriteFile(post, []byte("---\ntitle: Hello\ndate: 2025-06-01\n---\nSee [the next](next.md).\n"), 0o600); err != nil {
		panic(err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }
}

func ExampleBuild() {
	dir, remove := exampleSite()
	defer remove()
	report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		panic(err)
	}
	for _, d := range report.Diagnostics {
		fmt.Printf("%s: %s: %s\n", d.Pos, d.Severity, d.Message)
	}
	fmt.Println("written:", report.Written)
	_, err = os.Stat(filepath.Join(dir, "public", "posts", "hello", "index.html"))
	fmt.Println("a page:", err == nil)
	// Output:
	// content/posts/hello.md:5:5: warning: there is no page or file "next.md"
	// written: true
	// a page: true
}

func ExampleExplain() {
	dir, remove := exampleSite()
	defer remove()
	c := generator.Config{Dir: dir, Clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, what := range []string{"content/posts/hello.md", "/atom.xml"} {
		e, err := generator.Explain(context.Background(), c, what)
		if err != nil {
			panic(err)
		}
		fmt.Println(e.Address, "is a", e.Kind)
		fmt.Println(e.Facts[0])
	}
	// Output:
	// /posts/hello/ is a post
	// It is written to posts/hello/index.html.
	// /atom.xml is a feed
	// It is the feed of /.
}
