package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// words are what the posts are made of.
var words = strings.Fields(`people journey goal number team week question answer map story slice step card wall phone counter
library tool shelf hold promise bus morning evening member household measure baseline target actor impact reason plan roadmap
listen ask draw cut build try learn stop begin finish count look change keep leave carry borrow return open close small thin
whole honest useful early late cheap real public private certain quiet plain first last next other same better only never often
together before after between without because where when while until about against through`)

// writer makes the same text for the same seed.
type writer struct{ *rand.Rand }

func (w writer) sentence() string {
	n := 6 + w.IntN(14)
	out := make([]string, n)
	for i := range out {
		out[i] = words[w.IntN(len(words))]
	}
	if w.IntN(6) == 0 {
		out[n/2] = "*" + out[n/2] + "*"
	}
	s := strings.Join(out, " ")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (w writer) paragraph() string {
	out := make([]string, 3+w.IntN(4))
	for i := range out {
		out[i] = w.sentence()
	}
	return strings.Join(out, " ")
}

// code is fifteen lines of one of four languages, different in every post.
func (w writer) code(post int) string {
	n := w.IntN(1000)
	var lines []string
	language := []string{"go", "python", "javascript", "yaml"}[post/2%4]
	for i := range 14 {
		a, b := words[w.IntN(len(words))], words[w.IntN(len(words))]
		switch language {
		case "go":
			lines = append(lines, fmt.Sprintf("\tif %s := measure(%d, %q); %s > %d { return fmt.Errorf(\"%s %%d\", %s) } // %s", a, n+i, b, a, i, b, a, b))
		case "python":
			lines = append(lines, fmt.Sprintf("    %s = [measure(x, %d) for x in \"%s\".split() if x != '%s']  # %s", a, n+i, b, a, b))
		case "javascript":
			lines = append(lines, fmt.Sprintf("  const %s%d = await measure(`%s ${%d}`, { %s: true, rest: null }); // %s", a, i, b, n+i, a, b))
		default:
			lines = append(lines, fmt.Sprintf("%s-%d: { %s: %d, text: \"%s\", list: [1, 2, %d] } # %s", a, i, b, n+i, a, i, b))
		}
	}
	return "```" + language + "\n" + strings.Join(append(lines, ""), "\n") + "end\n```\n"
}

func (w writer) table() string {
	var b strings.Builder
	b.WriteString("| What | Before | After |\n|---|--:|--:|\n")
	for range 5 {
		fmt.Fprintf(&b, "| %s | %d | %d |\n", words[w.IntN(len(words))], w.IntN(100), w.IntN(100))
	}
	return b.String()
}

// kind is a kind of content: how headers are written, and how the posts hang together.
type kind struct {
	name   string
	header func(w writer, i int) string
}

// kinds are the two that are measured: short lists between brackets and many small series, and lists that are written line by
// line, as other programs write them, with few tags and long series.
var kinds = []kind{
	{"short lists, small series", func(w writer, i int) string {
		header := fmt.Sprintf("tags: [%s, %s, tag%d]\n", words[w.IntN(20)], words[20+w.IntN(20)], w.IntN(10))
		if i%5 == 0 {
			header += fmt.Sprintf("series: [series-%d]\n", i/50)
		}
		return header
	}},
	{"lists by line, 20 series", func(w writer, i int) string {
		header := fmt.Sprintf("tags:\n  - %s\n  - %s\n  - tag%d\n", words[w.IntN(24)], words[24+w.IntN(24)], w.IntN(10))
		if i%5 == 0 {
			header += fmt.Sprintf("series:\n  - series-%d\n", i/5%20)
		}
		return header
	}},
}

func (w writer) post(i int, k kind) string {
	day := time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%4000)
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Post %d about %s\ndate: %s\ndescription: %s\n%s", i, words[w.IntN(len(words))],
		day.Format("2006-01-02"), w.sentence(), k.header(w, i))
	b.WriteString("---\n\n")
	sections := 5 + w.IntN(4)
	for s := range sections {
		fmt.Fprintf(&b, "## Section %d on %s\n\n%s\n\n%s\n\n", s+1, words[w.IntN(len(words))], w.paragraph(), w.paragraph())
		switch {
		case s == 1 && i%3 == 0:
			b.WriteString(w.table() + "\n")
		case s == 2 && i%2 == 0:
			b.WriteString(w.code(i) + "\n")
		case s == 3:
			fmt.Fprintf(&b, "- %s\n- %s with a [link](https://example.net/%d)\n- %s\n\n", w.sentence(), words[w.IntN(len(words))], i, w.sentence())
		}
	}
	return b.String()
}

// writeContent writes the content that both programs read.
func writeContent(dir string, posts int, k kind) error {
	folder := filepath.Join(dir, "content", "posts")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for i := range posts {
		w := writer{rand.New(rand.NewPCG(uint64(i), 1))} //nolint:gosec // the same texts every time
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("post-%05d.md", i)), []byte(w.post(i, k)), 0o600); err != nil {
			return err
		}
	}
	return writeConfig(dir)
}

// writeConfig writes the site's settings: without cards, which neither of Hugo's sites draws.
func writeConfig(dir string) error {
	return os.WriteFile(filepath.Join(dir, "waymark.yaml"), []byte("title: Bench\nbase_url: https://example.org/\ncards: false\n"), 0o600)
}
