package torture

import (
	"fmt"
	"testing"
	"time"
)

// What a text may cost: time, memory, and how much is made of it. The measure is the whole process, in which some 40 MiB and
// 50 ms are spent on any site. What a map becomes is drawn in its page and on a page of its own, and written for five other
// programs.
const (
	mostTime   = 2 * time.Second
	mostMemory = 256 << 20
	mostOutput = 20
	mostOfMaps = 150
	mostSaid   = 1 << 20
)

// However an author types, a build ends soon with a site or with words, and makes nothing out of proportion of it.
func TestTexts(t *testing.T) {
	empty := t.TempDir()
	folder{"content/a.md": "a\n"}.write(t, empty)
	must(t, command(empty, "-q"))
	plain := read(t, empty+"/public").size()
	sizes := []int{3_000, 40_000}
	if *full {
		sizes = []int{3_000, 15_000, 60_000, 250_000, 1_000_000, 2_000_000}
	}
	n := 0
	var slowest, largest string
	var longest time.Duration
	var most int64
	for _, k := range kinds() {
		if k.texts {
			continue
		}
		for _, size := range sizes {
			n++
			what := fmt.Sprintf("%s, %d bytes", k.name, size)
			site, dir := k.make(size), t.TempDir()
			site.write(t, dir)
			o := finish(t, command(dir, "-q"))
			if o.status > 1 || o.status < 0 {
				t.Errorf("%s: status %d: %s", what, o.status, head(o.said))
			}
			if *full && o.wall > mostTime {
				t.Errorf("%s: %s", what, o.wall)
			}
			if o.wall > longest {
				slowest, longest = what, o.wall
			}
			if o.peak > mostMemory {
				t.Errorf("%s: %d MiB", what, o.peak>>20)
			}
			if o.peak > most {
				largest, most = what, o.peak
			}
			times := mostOutput
			if k.drawn {
				times = mostOfMaps
			}
			if made := read(t, dir+"/public").size() - plain; made > times*site.size()+1<<20 {
				t.Errorf("%s: %d bytes became %d", what, site.size(), made)
			}
			if len(o.said) > mostSaid {
				t.Errorf("%s: %d bytes of messages", what, len(o.said))
			}
		}
	}
	tried(t, "Hostile texts of 3 KB to 2 MB", n, fmt.Sprintf("slowest %.2f s (%s), most memory %d MiB (%s)", longest.Seconds(), slowest, most>>20, largest))
}
