package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/source"
)

// bench measures builds.
type bench struct {
	waymark, hugo string // programs
	tree          string // of somebody's Markdown, or ""
	page          string // into which the results are written, or ""
	runs          int    // counted rounds, or 0 to decide by size
	results       []result
	dirs          []string // that were made, and go in the end: to remove many files and then make many makes file systems slow
}

// result is what was measured of one folder of content.
type result struct {
	content string
	texts   int
	samples map[string][]sample // by what was done
}

// What is done, in this order in each round. The first three are from nothing.
const (
	cold         = "from nothing"
	leanCold     = "Hugo, lean"
	equalCold    = "Hugo, the same features"
	first        = "from nothing, keeping what is made"
	again        = "nothing changed"
	wordsChanged = "words of one text changed"
	newPost      = "a new post"
	look         = "a layout changed"
	elsewhere    = "into a new folder" // as a CI job does that kept the cache
	leanAgain    = "Hugo, lean, once more"
)

func (b *bench) run(sizes []string) (err error) {
	if _, err := os.Stat(b.hugo); err != nil {
		b.hugo = ""
	}
	defer func() {
		for _, dir := range b.dirs {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	err = each(sizes, func(posts int) error {
		for _, k := range kinds {
			dir, err := writeSites(posts, k)
			if err != nil {
				return err
			}
			b.dirs = append(b.dirs, dir)
			if err := b.measure(dir, k.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && b.tree != "" {
		err = b.measureTree()
	}
	if err != nil || b.page == "" {
		return err
	}
	return b.publish()
}

// measureTree measures a copy of somebody's folder of Markdown.
func (b *bench) measureTree() error {
	dir, err := os.MkdirTemp("", "sitebench-*")
	if err != nil {
		return fmt.Errorf("make a folder for the sites: %w", err)
	}
	b.dirs = append(b.dirs, dir)
	if err := errors.Join(os.CopyFS(filepath.Join(dir, "content"), os.DirFS(b.tree)), writeConfig(dir), writeHugo(dir)); err != nil {
		return fmt.Errorf("copy %s: %w", b.tree, err)
	}
	return b.measure(dir, "the Markdown in "+filepath.Base(b.tree))
}

func (b *bench) measure(dir, content string) error {
	texts, err := textsIn(filepath.Join(dir, "content"))
	if err != nil || len(texts) == 0 {
		return errors.Join(fmt.Errorf("there is no Markdown in %s", dir), err)
	}
	r := result{content, len(texts), map[string][]sample{}}
	runs := b.runs
	if runs == 0 {
		runs = 5
	}
	for round := range runs + 1 { // the first warms the machine up, and does not count
		if err := b.round(dir, texts, round, r.samples); err != nil {
			return err
		}
		if round == 0 {
			clear(r.samples)
		}
	}
	b.results = append(b.results, r)
	r.print()
	return nil
}

// textsIn lists the texts in a folder.
func textsIn(dir string) (names []string, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && source.IsText(name) {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// round does everything once.
func (b *bench) round(dir string, texts []string, n int, samples map[string][]sample) error {
	out := func(name string) string { return filepath.Join(dir, fmt.Sprintf("%s-%d", name, n)) }
	cache := out("cache")
	site := out("site")
	ours := func(to string, more ...string) *exec.Cmd {
		return exec.Command(b.waymark, append([]string{"build", "-q", "-s", dir, "-d", to}, more...)...)
	}
	theirs := func(which, to string) *exec.Cmd {
		if b.hugo == "" {
			return nil
		}
		return exec.Command(b.hugo, "--quiet", "--source", filepath.Join(dir, which), "--destination", to)
	}
	text := texts[len(texts)/2]
	before, err := os.ReadFile(text)
	if err != nil {
		return err
	}
	post := filepath.Join(filepath.Dir(text), "a-new-post.md")
	layout := filepath.Join(dir, "layouts", "partials", "footer.html")
	steps := []struct {
		name    string
		prepare func() error
		command *exec.Cmd
	}{
		{cold, nil, ours(out("cold"), "--no-cache")},
		{leanCold, nil, theirs(lean, out("lean"))},
		{equalCold, nil, theirs(equal, out("equal"))},
		{first, nil, ours(site, "--cache-dir", cache)},
		{again, nil, ours(site, "--cache-dir", cache)},
		{wordsChanged, func() error {
			return os.WriteFile(text, append(slices.Clip(before), "\nA few words more.\n"...), 0o600)
		}, ours(site, "--cache-dir", cache)},
		{newPost, func() error {
			return os.WriteFile(post, []byte("---\ntitle: A new post\ndate: 2026-01-02\ntags: [week]\n---\n\nIt says little.\n"), 0o600)
		}, ours(site, "--cache-dir", cache)},
		{look, func() error {
			return errors.Join(os.MkdirAll(filepath.Dir(layout), 0o750), os.WriteFile(layout, fmt.Appendf(nil, `{{define "footer"}}<footer>%d {{.Site.Title}}</footer>{{end}}`, n), 0o600))
		}, ours(site, "--cache-dir", cache)},
		{elsewhere, nil, ours(out("elsewhere"), "--cache-dir", cache)},
		{leanAgain, nil, theirs(lean, out("lean"))},
	}
	for _, step := range steps {
		if step.command == nil {
			continue
		}
		if step.prepare != nil {
			if err := step.prepare(); err != nil {
				return err
			}
		}
		s, err := timed(step.command)
		if err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
		samples[step.name] = append(samples[step.name], s)
	}
	return errors.Join(os.WriteFile(text, before, 0o600), os.Remove(post), os.RemoveAll(filepath.Join(dir, "layouts")))
}

// rows are what Waymark did, in the order in which it is shown.
var rows = []string{cold, first, again, wordsChanged, newPost, look, elsewhere}

// table is the result as lines of Markdown: medians, or with the least and the most.
func (r result) table(all bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s texts, %s:\n\n", thousands(r.texts), r.content)
	b.WriteString("| | time | peak | of lean Hugo's time | of its memory | of equal Hugo's time |\n|---|--:|--:|--:|--:|--:|\n")
	line := func(name, shown string, ratios bool) {
		if len(r.samples[name]) == 0 {
			return
		}
		middle, most := median(r.samples[name])
		took := seconds(middle)
		if all {
			took = spread(r.samples[name])
		}
		fmt.Fprintf(&b, "| %s | %s | %d\u00a0MiB |", shown, took, most>>20)
		for _, ratio := range []string{r.ratio(name, leanCold, false), r.ratio(name, leanCold, true), r.ratio(name, equalCold, false)} {
			if !ratios {
				ratio = ""
			}
			fmt.Fprintf(&b, " %s |", ratio)
		}
		b.WriteByte('\n')
	}
	for _, name := range rows {
		line(name, "Waymark, "+name, true)
	}
	for _, name := range []string{leanCold, leanAgain, equalCold} {
		line(name, name, false)
	}
	return b.String()
}

func (r result) print() { fmt.Println(r.table(true)) }

// ratio compares medians of time, or of memory.
func (r result) ratio(ours, theirs string, memory bool) string {
	if len(r.samples[theirs]) == 0 {
		return ""
	}
	a, peakA := median(r.samples[ours])
	b, peakB := median(r.samples[theirs])
	ratio := a.Seconds() / b.Seconds()
	if memory {
		ratio = float64(peakA) / float64(peakB)
	}
	if ratio < 0.1 {
		return fmt.Sprintf("%.3f", ratio)
	}
	return fmt.Sprintf("%.2f", ratio)
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
