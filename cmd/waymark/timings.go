package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"waymark/generator"
)

// timings measures the steps of a build.
type timings struct {
	mu    sync.Mutex
	steps []timing
	files []timing
}

type timing struct {
	step, name string
	took       time.Duration
}

// trace is a Config's Trace.
func (t *timings) trace(step, name string) (end func()) {
	start := time.Now()
	return func() {
		took := time.Since(start)
		t.mu.Lock()
		defer t.mu.Unlock()
		if name == "" {
			t.steps = append(t.steps, timing{step, name, took})
		} else {
			t.files = append(t.files, timing{step, name, took})
		}
	}
}

// slowest is how many texts and files are named.
const slowest = 10

// print says how long each step took, which texts and files took longest, and what the cache gave.
func (t *timings) print(w io.Writer, c generator.CacheStats) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	line := func(took, what string) { fmt.Fprintf(&b, "%9s  %s\n", took, what) }
	for _, s := range t.steps {
		line(milliseconds(s.took), s.step)
	}
	if asked := c.Found + c.Missed; asked > 0 {
		line("", fmt.Sprintf("the cache had %d of %d that were asked for (%d %%), and %d more now", c.Found, asked, 100*c.Found/asked, c.Added))
	}
	slices.SortStableFunc(t.files, func(x, y timing) int { return cmp.Compare(y.took, x.took) })
	for i, f := range t.files[:min(len(t.files), slowest)] {
		if i == 0 {
			line("", "the slowest, made beside others:")
		}
		line(milliseconds(f.took), f.step+" "+f.name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}
