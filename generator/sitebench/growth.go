package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// large is a site with much of one thing.
type large struct {
	name  string
	posts int // that the time and memory of one are counted by; 0 for other things
	write func(dir string) error
}

// brief is a post of a few words, with these lines in its header.
func brief(dir string, i int, header, text string) error {
	folder := filepath.Join(dir, "content", "posts")
	if i%1000 == 0 {
		if err := os.MkdirAll(folder, 0o750); err != nil {
			return err
		}
	}
	w := writer{rand.New(rand.NewPCG(uint64(i), 2))} //nolint:gosec // the same texts every time
	post := fmt.Sprintf("---\ntitle: Note %d\ndate: 2020-01-%02d\n%s---\n\n%s\n\n%s", i, 1+i%28, header, w.sentence(), text)
	return os.WriteFile(filepath.Join(folder, fmt.Sprintf("note-%07d.md", i)), []byte(post), 0o600)
}

// many writes as many brief posts.
func many(n int, header, text func(i int) string) func(dir string) error {
	return func(dir string) error {
		for i := range n {
			if err := brief(dir, i, header(i), text(i)); err != nil {
				return err
			}
		}
		return writeConfig(dir)
	}
}

func nothing(int) string { return "" }

// numbered returns what is said once for each post.
func numbered(format string) func(int) string {
	return func(i int) string { return fmt.Sprintf(format, i) }
}

func same(text string) func(int) string { return func(int) string { return text } }

// links are a hundred to other posts.
func links(i int) string {
	var b strings.Builder
	for j := range 100 {
		fmt.Fprintf(&b, "- [Note](note-%07d.md)\n", (i*37+j*11)%1000)
	}
	return b.String()
}

// longText is a text of nearly as many bytes as one may have, with code, which a page says in more of them.
func longText(dir string) error {
	w := writer{rand.New(rand.NewPCG(1, 3))} //nolint:gosec // the same text every time
	var b strings.Builder
	for i := 0; b.Len() < 1_900_000; i++ { // and fewer headings than a page may have
		b.WriteString("## " + w.sentence() + "\n\n" + w.paragraph() + "\n\n" + w.code(i) + "\n" + w.table() + "\n")
		for range 12 {
			b.WriteString(w.paragraph() + "\n\n")
		}
	}
	return errors.Join(brief(dir, 0, "", b.String()), writeConfig(dir))
}

// grown are the sites that are measured, with as many posts as are named first.
func grown(sizes []int) []large {
	var all []large
	for _, n := range sizes {
		all = append(all, large{fmt.Sprintf("%s posts", thousands(n)), n, func(dir string) error { return writeContent(dir, n, kinds[0]) }})
	}
	return append(all,
		large{"10,000 brief posts", 10_000, many(10_000, nothing, nothing)},
		large{"the same, all with one tag", 10_000, many(10_000, same("tags: [one]\n"), nothing)},
		large{"the same, each with a tag of its own", 10_000, many(10_000, numbered("tags: [tag %d]\n"), nothing)},
		large{"1,000 brief posts", 1_000, many(1_000, nothing, nothing)},
		large{"the same, in one series", 1_000, many(1_000, same("series: one\n"), nothing)},
		large{"the same, with 100,000 links between them", 1_000, many(1_000, nothing, links)},
		large{"one text of 1.9 MB", 0, longText},
	)
}

// runGrowth measures builds from nothing of sites that are large in one way. million adds a site of a million brief posts.
func runGrowth(waymark string, runs int, page string, sizes []string, million bool) (err error) {
	base, err := os.MkdirTemp("", "sitebench-*")
	if err != nil {
		return fmt.Errorf("make a folder for the sites: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(base)) }() // in the end: to remove many files and then make many makes file systems slow
	var counts []int
	if err := each(sizes, func(n int) error { counts = append(counts, n); return nil }); err != nil {
		return err
	}
	sites := grown(counts)
	if million {
		sites = append(sites, large{"a million brief posts", 1_000_000, many(1_000_000, nothing, nothing)})
	}
	table := "| | time | peak | time a post | memory a post | files |\n|---|--:|--:|--:|--:|--:|\n"
	fmt.Print(table)
	for i, s := range sites {
		row, err := s.measure(waymark, filepath.Join(base, strconv.Itoa(i)), max(runs, 1))
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		table += row
		fmt.Print(row)
	}
	if page == "" {
		return nil
	}
	return replace(page, "growth", fmt.Sprintf("%s. Builds from nothing: the median of %d, or one of more than 20,000 posts.\n\n%s", machine(""), max(runs, 1), table))
}

// measure builds the site some times, or once where it is very large, and returns a row of the table.
func (l large) measure(waymark, dir string, runs int) (row string, err error) {
	if err := errors.Join(os.Mkdir(dir, 0o750), l.write(dir)); err != nil {
		return "", err
	}
	if l.posts > 20_000 {
		runs = 1
	}
	var samples []sample
	for i := range runs {
		s, err := timed(exec.Command(waymark, "build", "-q", "--no-cache", "-s", dir, "-d", filepath.Join(dir, "out"+strconv.Itoa(i))))
		if err != nil {
			return "", err
		}
		samples = append(samples, s)
	}
	files := 0
	err = countFiles(filepath.Join(dir, "out0"), &files)
	wall, peak := median(samples)
	each, memory := "", ""
	if l.posts > 0 {
		each = fmt.Sprintf("%.2f ms", wall.Seconds()*1000/float64(l.posts))
		memory = fmt.Sprintf("%.1f KiB", float64(peak)/1024/float64(l.posts))
	}
	return fmt.Sprintf("| %s | %s | %d MiB | %s | %s | %s |\n", l.name, seconds(wall), peak>>20, each, memory, thousands(files)), err
}

func countFiles(dir string, n *int) error {
	listed, err := os.ReadDir(dir)
	for _, d := range listed {
		if d.IsDir() {
			err = errors.Join(err, countFiles(filepath.Join(dir, d.Name()), n))
		} else {
			*n++
		}
	}
	return err
}
