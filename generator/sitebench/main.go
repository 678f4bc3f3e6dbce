// Command sitebench measures whole builds of generated sites, side by side with Hugo's where Hugo is there.
//
// For each number of posts and each kind of content it writes one folder of content (600 to 1,200 words a post, tags, series, a table in
// every third post, a code block of 15 lines in every second, all different), and builds it with Waymark and with two sites of
// Hugo's, in turn, into a new folder each time: from nothing; and Waymark also with what earlier builds kept, after changes of
// different sizes. A folder of Markdown that one names is measured in the same way. It prints medians and ratios, and writes them
// into a page of the guide, with a picture. With -growth it measures how time and memory grow with a site. Times are whole processes' wall time; memory is the largest resident set that the
// system saw. With -preview it measures the preview servers, and with -search the search, beside Pagefind.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"time"
)

func main() {
	waymark := flag.String("waymark", "waymark", "the program to measure")
	hugo := flag.String("hugo", "", "the program to compare it with")
	runs := flag.Int("runs", 0, "counted runs of each build (default by size)")
	preview := flag.Bool("preview", false, "measure the preview servers in place of builds")
	pagefind := flag.String("search", "", "measure the search in place of builds, and that of this Pagefind where it is there")
	growth := flag.Bool("growth", false, "measure sites that are large in one way in place of builds")
	million := flag.Bool("million", false, "with -growth, one of a million posts too")
	tree := flag.String("content", "", "a folder of Markdown to build as well")
	page := flag.String("page", "", "the page of the guide that the results are written into")
	flag.Parse()
	builds := bench{waymark: *waymark, hugo: *hugo, tree: *tree, page: *page, runs: *runs}
	measured, other := func(_, _ string, _ int, sizes []string) error { return builds.run(sizes) }, *hugo
	switch {
	case *preview:
		measured = runPreview
	case *growth:
		measured = func(_, _ string, _ int, sizes []string) error {
			return runGrowth(*waymark, *runs, *page, sizes, *million)
		}
	case *pagefind != "":
		measured, other = runSearch, *pagefind
	}
	if err := measured(*waymark, other, *runs, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sitebench:", err)
		os.Exit(1)
	}
}

// runPreview measures preview servers. A server's edits are counted, not its runs.
func runPreview(waymark, hugo string, _ int, sizes []string) error {
	if _, err := os.Stat(hugo); err != nil {
		hugo = ""
	}
	fmt.Printf("| posts | content | server | start to first page | saved | to browser, %d edits of words: median / 95th percentile | of titles | never shown | memory |\n", edits)
	fmt.Println("|--:|---|---|--:|---|--:|--:|--:|--:|")
	return each(sizes, func(posts int) error {
		for _, k := range kinds {
			if err := measurePreview(waymark, hugo, posts, k); err != nil {
				return err
			}
		}
		return nil
	})
}

func each(sizes []string, do func(posts int) error) error {
	for _, size := range sizes {
		posts, err := strconv.Atoi(size)
		if err != nil || posts < 1 {
			return fmt.Errorf("%q is no number of posts", size)
		}
		if err := do(posts); err != nil {
			return err
		}
	}
	return nil
}

// sample is one measured process.
type sample struct {
	wall time.Duration
	cpu  time.Duration // of all cores together
	peak int64         // bytes
}

// writeSites makes a folder with the content and what each program needs beside it.
func writeSites(posts int, k kind) (dir string, err error) {
	dir, err = os.MkdirTemp("", "sitebench-*")
	if err != nil {
		return "", fmt.Errorf("make a folder for the sites: %w", err)
	}
	if err := errors.Join(writeContent(dir, posts, k), writeHugo(dir)); err != nil {
		return "", errors.Join(fmt.Errorf("write a site of %d posts: %w", posts, err), os.RemoveAll(dir))
	}
	return dir, nil
}

func timed(cmd *exec.Cmd) (sample, error) {
	start := time.Now()
	out, err := cmd.CombinedOutput()
	wall := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	most, known := peak(cmd.ProcessState)
	if !known {
		return sample{}, errors.New("this system does not say how much memory a process took")
	}
	return sample{wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), most}, nil
}

func median(list []sample) (time.Duration, int64) {
	walls, peaks := make([]time.Duration, len(list)), make([]int64, len(list))
	for i, s := range list {
		walls[i], peaks[i] = s.wall, s.peak
	}
	slices.Sort(walls)
	slices.Sort(peaks)
	return walls[len(walls)/2], peaks[len(peaks)/2]
}

func spread(list []sample) string {
	low, high := list[0].wall, list[0].wall
	for _, s := range list {
		low, high = min(low, s.wall), max(high, s.wall)
	}
	middle, _ := median(list)
	if middle < time.Second/5 {
		return fmt.Sprintf("%d ms (%d-%d)", middle.Milliseconds(), low.Milliseconds(), high.Milliseconds())
	}
	return fmt.Sprintf("%.2f s (%.2f-%.2f)", middle.Seconds(), low.Seconds(), high.Seconds())
}
