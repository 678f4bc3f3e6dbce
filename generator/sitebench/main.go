// Command sitebench measures whole builds of generated sites, side by side with Hugo's where Hugo is there.
//
// For each number of posts it writes one folder of content (600 to 1,200 words a post, tags, series, a table in every
// third post, a code block of 15 lines in every second, all different), builds it with both programs in turn, from
// nothing and with nothing changed, and prints medians and ratios. Times are whole processes' wall time; memory is the
// largest resident set that the system saw. With -preview it measures the preview servers in the same way, and
// with -search the search, beside Pagefind.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	flag.Parse()
	measured, other := run, *hugo
	switch {
	case *preview:
		measured = runPreview
	case *pagefind != "":
		measured, other = runSearch, *pagefind
	}
	if err := measured(*waymark, other, *runs, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "sitebench:", err)
		os.Exit(1)
	}
}

func run(waymark, hugo string, runs int, sizes []string) error {
	if _, err := os.Stat(hugo); err != nil {
		hugo = ""
	}
	fmt.Println("| posts | build | Waymark, median (min-max) | peak | Hugo, median (min-max) | peak | time / Hugo's | memory / Hugo's |")
	fmt.Println("|--:|---|--:|--:|--:|--:|--:|--:|")
	return each(sizes, func(posts int) error {
		n := runs
		if n == 0 {
			n = map[bool]int{true: 3, false: 7}[posts > 5000]
		}
		return measure(waymark, hugo, posts, n)
	})
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

func measure(waymark, hugo string, posts, runs int) (err error) {
	dir, err := writeSites(posts, kinds[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ours := func(out string) *exec.Cmd { return exec.Command(waymark, "build", "-q", "-s", dir, "-d", out) }
	theirs := func(out string) *exec.Cmd {
		return exec.Command(hugo, "--quiet", "--source", dir+"/"+lean, "--destination", out)
	}
	var cold, warm, hugoCold, hugoWarm []sample
	for i := range runs + 1 { // the first warms the machine up, and does not count
		count := i > 0
		if err := pair(ours, filepath.Join(dir, "ours-"+strconv.Itoa(i)), count, &cold, &warm); err != nil {
			return err
		}
		if hugo == "" {
			continue
		}
		if err := pair(theirs, filepath.Join(dir, "theirs-"+strconv.Itoa(i)), count, &hugoCold, &hugoWarm); err != nil {
			return err
		}
	}
	report(posts, "from nothing", cold, hugoCold)
	report(posts, "nothing changed", warm, hugoWarm)
	return nil
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

// pair builds into a new folder, and again into the same.
func pair(command func(out string) *exec.Cmd, out string, count bool, cold, warm *[]sample) error {
	for _, list := range []*[]sample{cold, warm} {
		s, err := timed(command(out))
		if err != nil {
			return err
		}
		if count {
			*list = append(*list, s)
		}
	}
	return nil
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

func report(posts int, what string, ours, theirs []sample) {
	wall, most := median(ours)
	line := fmt.Sprintf("| %d | %s | %s | %d MiB |", posts, what, spread(ours), most>>20)
	if len(theirs) > 0 {
		hugoWall, hugoPeak := median(theirs)
		line += fmt.Sprintf(" %s | %d MiB | %.2f | %.2f |", spread(theirs), hugoPeak>>20, wall.Seconds()/hugoWall.Seconds(), float64(most)/float64(hugoPeak))
	} else {
		line += " - | - | - | - |"
	}
	fmt.Println(line)
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
	return fmt.Sprintf("%.2f s (%.2f-%.2f)", middle.Seconds(), low.Seconds(), high.Seconds())
}
