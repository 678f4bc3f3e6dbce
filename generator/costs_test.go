package generator

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var updateCosts = flag.Bool("costs", false, "write what a build allocates into testdata/costs.json, as with each release")

// cost is what something took.
type cost struct {
	Allocations int64         `json:"allocations"` // objects
	Bytes       int64         `json:"bytes"`
	Time        time.Duration `json:"-"` // differs from machine to machine
}

// meter tells what each step of a build costs, and of the files that it makes, each kind: it lets them be made one at a time.
type meter struct {
	file  sync.Mutex
	costs map[string]cost
}

func (m *meter) trace(step, name string) (end func()) {
	stage := step
	if step == ofText {
		return func() {}
	}
	done := func() {}
	if step == ofFile {
		m.file.Lock()
		stage, done = kindOfFile(name), m.file.Unlock
	}
	before, start := allocated(), time.Now()
	return func() {
		defer done()
		now := allocated()
		c := m.costs[stage]
		c.Allocations += now[0] - before[0]
		c.Bytes += now[1] - before[1]
		c.Time += time.Since(start)
		m.costs[stage] = c
	}
}

func kindOfFile(name string) string {
	switch {
	case strings.HasSuffix(name, ".html"):
		return "make pages"
	case strings.HasPrefix(name, "search/"):
		return "make the search"
	case strings.HasSuffix(name, ".xml"), strings.HasSuffix(name, ".json"):
		return "make feeds and lists"
	}
	return "make other files"
}

func allocated() [2]int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m) // which stops the world, and so counts everything
	return [2]int64{int64(m.Mallocs), int64(m.TotalAlloc)}
}

// costed is a site of as many posts as are named, with some of everything.
func costed(tb testing.TB, posts int) Config {
	tb.Helper()
	dir := tb.TempDir()
	put := func(name, text string) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	put("waymark.yaml", "title: Costs\nbase_url: https://example.org/\n")
	put("content/glossary.md", "# Glossary\n\nSlice\n: A part of a map.\n")
	for i := range posts {
		words := strings.Repeat(fmt.Sprintf("A slice of %d words with a [link](post-%d.md), *marks* and more of all. ", i, (i+7)%posts), 12)
		text := fmt.Sprintf("---\ntitle: Post %d\ndate: 2025-%02d-%02d\ntags: [t%d, u%d]\nseries: s%d\n---\n\n%s\n\n", i, 1+i%12, 1+i%28, i%9, i%5, i/20, words)
		for j := range 4 {
			text += fmt.Sprintf("## Section %d\n\n%s\n\n", j, words)
		}
		text += "```go\nfunc x(a int) string { return fmt.Sprint(a, \"b\") } // c\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
		if i%10 == 0 {
			text += fmt.Sprintf("\n```impact-map goal-%d\ntitle: More\n- More\n  - Parents\n    - Apply\n      - Form [alpha]\n```\n\n```quiz\n? What is it %d?\n- [x] A map\n- [ ] A list\n```\n", i, i)
		}
		put(fmt.Sprintf("content/posts/post-%d.md", i), text)
	}
	return Config{Dir: dir, Output: tb.TempDir(), Clock: time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)}
}

// metered builds a site, and returns what each stage costs.
func metered(tb testing.TB, c Config) map[string]cost {
	tb.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2)) // what each core has of its own counts too
	m := &meter{costs: map[string]cost{}}
	c.Trace = m.trace
	r, err := Build(tb.Context(), c)
	if err != nil || !r.Written {
		tb.Fatal(err, r.Diagnostics)
	}
	delete(m.costs, making) // it is told of by kinds of files
	return m.costs
}

// What a build allocates is what it did at the last release, within a factor of two. Less than that is told, and no more: the counts do
// not depend on the machine, but a new Go or library may shift them.
func TestCosts(t *testing.T) {
	file := filepath.Join("testdata", "costs.json")
	c := costed(t, 100)
	metered(t, c) // what is made once in a process is made here
	c.Output = t.TempDir()
	now := metered(t, c)
	if *updateCosts {
		data, err := json.MarshalIndent(now, "", "\t")
		if err == nil {
			err = os.WriteFile(file, append(data, '\n'), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var before map[string]cost
	if err := json.Unmarshal(data, &before); err != nil {
		t.Fatal(err)
	}
	t.Logf("%-40s %12s %8s %12s %8s", "100 posts from nothing", "allocations", "before", "KiB", "before")
	for _, stage := range slices.Sorted(maps.Keys(now)) {
		n, b := now[stage], before[stage]
		t.Logf("%-40s %12d %+7.1f%% %12d %+7.1f%%", stage, n.Allocations, more(n.Allocations, b.Allocations), n.Bytes>>10, more(n.Bytes, b.Bytes))
		if n.Allocations > 2*b.Allocations+1000 || n.Bytes > 2*b.Bytes+1<<16 {
			t.Errorf("%s: allocates twice what it did (if that has to be: go test ./generator -run TestCosts -costs)", stage)
		}
	}
}

// more returns by how many per cent a number is more than another one.
func more(n, than int64) float64 { return 100 * (float64(n)/float64(max(than, 1)) - 1) }

// BenchmarkStages measures each stage of a build from nothing: 1,000 posts, one file at a time.
func BenchmarkStages(b *testing.B) {
	c := costed(b, 1000)
	names := slices.Sorted(maps.Keys(metered(b, c)))
	for _, stage := range names {
		b.Run(strings.ReplaceAll(stage, " ", "_"), func(b *testing.B) {
			var sum cost
			for range b.N {
				c.Output = b.TempDir()
				m := metered(b, c)[stage]
				sum.Allocations, sum.Bytes, sum.Time = sum.Allocations+m.Allocations, sum.Bytes+m.Bytes, sum.Time+m.Time
			}
			b.ReportMetric(float64(sum.Time.Nanoseconds())/float64(b.N), "ns/op")
			b.ReportMetric(float64(sum.Bytes)/float64(b.N), "B/op")
			b.ReportMetric(float64(sum.Allocations)/float64(b.N), "allocs/op")
		})
	}
}
