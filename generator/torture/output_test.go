package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A build that is killed, at whatever moment, leaves whole files of the one edition or the other, and pages that find their
// style sheet; the next build makes the folder what it should be.
func TestKilledBuilds(t *testing.T) {
	sources, right := editions(t, 2, 40)
	out := t.TempDir()
	must(t, command(sources[0], "-q", "-d", out))
	start := time.Now()
	must(t, command(sources[1], "-q", "-d", out))
	took := time.Since(start)
	kills, between := 0, 0
	for i := 0; kills < scale(8, 1_000); i++ {
		next := i % 2
		cmd := command(sources[next], "-q", "-d", out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(took))))
		_ = cmd.Process.Kill() // it may be done already
		if cmd.Wait() != nil {
			kills++
		}
		files := read(t, out)
		for _, wrong := range whole(files, right) {
			t.Errorf("kill %d: %s", kills, wrong)
		}
		if len(same(files, right[0], right[1])) > 0 && len(same(files, right[1], right[0])) > 0 {
			between++
		}
		if i%3 == 2 { // now and then several are killed in a row
			mended(t, out, sources[next], right[next], right[1-next])
		}
	}
	mended(t, out, sources[0], right[0], right[1])
	tried(t, "Builds killed (`kill -9`) at any moment", kills, fmt.Sprintf("%d left some files of the old and some of the new edition, as one that stops halfway must", between))
}

// mended builds once more, after which nothing may be wrong.
func mended(t *testing.T, out, source string, want, before folder) {
	t.Helper()
	must(t, command(source, "-q", "-d", out))
	for _, wrong := range same(read(t, out), want, before) {
		t.Errorf("after the next build: %s", wrong)
	}
	if names := leftovers(t, out); len(names) > 0 {
		t.Errorf("after the next build these stay behind: %s", strings.Join(names, ", "))
	}
}

// Whoever takes files, folders or what Waymark keeps for itself out of the output, the next build puts them back.
func TestDeletedFiles(t *testing.T) {
	sources, right := editions(t, 1, 20)
	out := t.TempDir()
	must(t, command(sources[0], "-q", "-d", out))
	deleted := 0
	for deleted < scale(12, 500) {
		var all []string
		for name := range read(t, out) {
			all = append(all, name, filepath.ToSlash(filepath.Dir(name)))
		}
		slices.Sort(all)
		for range 1 + rand.IntN(4) {
			name := all[rand.IntN(len(all))]
			if name == "." {
				continue
			}
			if err := os.RemoveAll(filepath.Join(out, name)); err != nil {
				t.Fatal(err)
			}
			deleted++
		}
		mended(t, out, sources[0], right[0], nil)
	}
	tried(t, "Files and folders deleted from the output", deleted, "all were back after the next build")
}

// Builds of different sites into one folder, all at once: each says that it is done, or who keeps it out. In the end the folder
// is what one of them made.
func TestBuildsAtOnce(t *testing.T) {
	const together = 8
	sources, right := editions(t, together, 10)
	out := t.TempDir()
	rounds, done, kept := scale(1, 50), 0, 0
	for range rounds {
		var wait sync.WaitGroup
		outcomes := make([]outcome, together)
		for i := range together {
			wait.Go(func() { outcomes[i] = finish(t, command(sources[i], "-q", "-d", out)) })
		}
		wait.Wait()
		for i, o := range outcomes {
			switch {
			case o.status == 0:
				done++
			case o.status == 2 && strings.Contains(o.said, "another build (process "):
				kept++
			default:
				t.Errorf("build %d: status %d: %s", i, o.status, head(o.said))
			}
		}
		files := read(t, out)
		if !slices.ContainsFunc(right, func(r folder) bool { return len(same(files, r, right...)) == 0 }) {
			t.Error("the folder is no edition's")
		}
		if names := leftovers(t, out); len(names) > 0 {
			t.Errorf("these stay behind: %s", strings.Join(names, ", "))
		}
	}
	tried(t, "Rounds of eight builds at once into one folder", rounds, fmt.Sprintf("%d builds were done, %d were told who kept them out", done, kept))
}

// Whoever reads a page while builds go on gets a whole page, and then the style sheet that it names. A reader who falls behind
// by two builds is not promised anything, and not counted.
func TestReadersDuringBuilds(t *testing.T) {
	sources, right := editions(t, 2, 20)
	out := t.TempDir()
	must(t, command(sources[0], "-q", "-d", out))
	var begun, readings, behind atomic.Int64
	var wrong faults
	stop := make(chan struct{})
	var readers sync.WaitGroup
	pages := []string{"index.html", "404.html", "posts/p3/index.html", "tags/index.html", "archive/index.html"}
	for i := range 4 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				since := begun.Load()
				name := pages[rand.IntN(len(pages))]
				data, err := os.ReadFile(filepath.Join(out, filepath.FromSlash(name)))
				if err != nil {
					wrong.add("reader %d: %v", i, err)
					continue
				}
				if right[0][name] != string(data) && right[1][name] != string(data) {
					wrong.add("reader %d: %s is of no edition (%d bytes)", i, name, len(data))
				}
				for _, g := range named.FindAllStringSubmatch(string(data), -1) {
					_, err := os.Stat(filepath.Join(out, filepath.Dir(name), g[1]))
					switch {
					case begun.Load() > since+1:
						behind.Add(1)
					case err != nil:
						wrong.add("reader %d: %s names a file that is gone: %v", i, name, err)
					}
				}
				readings.Add(1)
			}
		})
	}
	builds := 0
	for ; builds < scale(4, 50) || readings.Load() < int64(scale(100, 10_000)); builds++ {
		begun.Add(1)
		must(t, command(sources[(builds+1)%2], "-q", "-d", out))
	}
	close(stop)
	readers.Wait()
	wrong.report(t)
	tried(t, "Pages read while builds went on, with what they name", int(readings.Load()), fmt.Sprintf("%d builds; %d looks were too late to count", builds, behind.Load()))
}
