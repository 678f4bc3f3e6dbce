package torture

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/generator"
	"waymark/generator/internal/config"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// built builds a site in this process, and returns how long that took, how much memory was asked for, and whether it was written.
func built(tb testing.TB, site folder) (took time.Duration, allocated int64, written bool) {
	tb.Helper()
	dir := tb.TempDir()
	site.write(tb, dir)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Clock: time.Unix(1_795_000_000, 0)})
	if err != nil {
		tb.Fatal(err)
	}
	took = time.Since(start)
	runtime.ReadMemStats(&after)
	return took, int64(after.TotalAlloc - before.TotalAlloc), report.Written
}

// What a build asks for grows as its input does, and no faster: four times as much text takes four times as much memory, beside
// what any site takes, with a third for what is rounded up.
func TestAllocationsGrowWithTheInput(t *testing.T) {
	const slack = 4 << 20
	_, _, _ = built(t, folder{"content/a.md": "a\n"}) // the first of a process makes tables that it keeps
	_, good, _ := built(t, folder{"content/a.md": "a\n"})
	_, bad, _ := built(t, folder{"content/a.md": "---\na: [\n---\n"}) // no page of it is made
	for _, k := range kinds() {
		size := 8_000
		if k.texts {
			size = 2_000 // it is the files that take time
		}
		one, four := k.make(size), k.make(4*size)
		_, small, _ := built(t, one)
		_, large, written := built(t, four)
		plain := good
		if !written {
			plain = bad
		}
		input := float64(four.size()) / float64(one.size())
		if float64(large-plain) > 1.3*input*float64(max(small-plain, 0))+slack {
			t.Errorf("%s: %.1f times the input, but %d KB in place of %d KB beyond the %d KB of any site", k.name, input, (large-plain)>>10, (small-plain)>>10, plain>>10)
		}
	}
}

// growth reports how the time grows from n to 4n: 4 where it is in proportion.
func growth(b *testing.B, size int, run func(folder) time.Duration, k kind) {
	one, four := k.make(size), k.make(4*size)
	input := float64(four.size()) / float64(one.size())
	b.Run(k.name, func(b *testing.B) {
		var small, large time.Duration
		for b.Loop() {
			small += run(one)
			large += run(four)
		}
		b.ReportMetric(large.Seconds()/small.Seconds()/input*4, "growth")
		b.ReportMetric(large.Seconds()/float64(b.N)*1000, "ms/4n")
		b.ReportMetric(0, "ns/op")
	})
}

// BenchmarkTexts builds each kind of text at 60 and 240 KB. A text that is refused takes what any site takes.
func BenchmarkTexts(b *testing.B) {
	for _, k := range kinds() {
		if k.texts {
			continue
		}
		growth(b, 60_000, func(f folder) time.Duration {
			took, _, _ := built(b, f)
			return took
		}, k)
	}
}

const modelSize = 150_000

// BenchmarkSite makes the model of each kind of site, of about 3,000 and 12,000 texts.
func BenchmarkSite(b *testing.B) {
	parser := markdown.NewParser(markdown.Options{Zone: time.UTC})
	for _, k := range kinds() {
		if !k.texts {
			continue
		}
		growth(b, modelSize, func(f folder) time.Duration {
			in := site.Input{Config: config.Config{Zone: time.UTC, PageSize: 10}}
			for _, name := range slices.Sorted(maps.Keys(f)) {
				path, isContent := strings.CutPrefix(name, "content/")
				switch {
				case !isContent:
				case strings.HasSuffix(name, ".md"):
					doc, _ := parser.Outline(source.File{Path: path, Name: name, Data: []byte(f[name])})
					in.Docs = append(in.Docs, &doc)
				default:
					in.Files = append(in.Files, site.Source{Path: path})
				}
			}
			start := time.Now()
			if s, list := site.New(in); s == nil {
				b.Fatal(list)
			}
			return time.Since(start)
		}, k)
	}
}
