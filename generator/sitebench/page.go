package main

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// replace puts what was measured of something into the place that a page of the guide has for it.
func replace(page, what, text string) error {
	data, err := os.ReadFile(page)
	if err != nil {
		return fmt.Errorf("read the page for the results: %w", err)
	}
	begin, end := []byte("<!-- measured: "+what+" -->\n"), []byte("<!-- end of "+what+" -->\n")
	before, rest, found := bytes.Cut(data, begin)
	_, behind, ended := bytes.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("the page for the results has no place for %s", what)
	}
	return os.WriteFile(page, bytes.Join([][]byte{before, begin, []byte("\n" + text + "\n"), end, behind}, nil), 0o600)
}

// publish writes the results into a page of the guide, and the picture beside it.
func (b *bench) publish() error {
	text := fmt.Sprintf("%s\n\n![%s](speed.svg)\n", b.circumstances(), b.described())
	for _, r := range b.results {
		text += "\n" + r.table(false)
	}
	return errors.Join(replace(b.page, "builds", text), os.WriteFile(filepath.Join(filepath.Dir(b.page), "speed.svg"), []byte(chart(b.results)), 0o600))
}

// machine says on what, with what and when something was measured, beside Hugo where that is named.
func machine(hugo string) string {
	machine := runtime.GOOS + "/" + runtime.GOARCH
	if data, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(data)) {
			if name, is := strings.CutPrefix(line, "model name"); is {
				machine = strings.TrimSpace(strings.TrimLeft(name, "\t :")) + ", " + machine
				break
			}
		}
	}
	text := fmt.Sprintf("Measured on %s: %s, %d cores, %s", time.Now().Format("2 January 2006"), machine, runtime.NumCPU(), runtime.Version())
	if hugo != "" {
		if out, err := exec.Command(hugo, "version").Output(); err == nil {
			if fields := strings.Fields(string(out)); len(fields) > 1 {
				text += ", Hugo " + strings.TrimPrefix(fields[1], "v")
			}
		}
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) > 8 {
				text += ", Waymark " + s.Value[:8]
			}
		}
	}
	return text
}

// circumstances says how the results were measured, and how much they differ by chance.
func (b *bench) circumstances() string {
	noise := 0.0
	for _, r := range b.results {
		for _, name := range []string{cold, leanCold, equalCold} {
			list := r.samples[name]
			if len(list) == 0 {
				continue
			}
			low, high := list[0].wall, list[0].wall
			for _, s := range list {
				low, high = min(low, s.wall), max(high, s.wall)
			}
			middle, _ := median(list)
			noise = max(noise, (high-low).Seconds()/middle.Seconds())
		}
	}
	return machine(b.hugo) + fmt.Sprintf(". Medians of builds in turn, each into a new folder; the least and the most differ by up to %.0f %% of the median.", 100*noise)
}

// described says what the picture shows, for who does not see it.
func (b *bench) described() string {
	var parts []string
	for _, r := range b.results {
		a, _ := median(r.samples[cold])
		text := fmt.Sprintf("%s texts from nothing: Waymark %.2f s", thousands(r.texts), a.Seconds())
		for _, name := range []string{leanCold, equalCold} {
			if len(r.samples[name]) > 0 {
				t, _ := median(r.samples[name])
				text += fmt.Sprintf(", %s %.2f s", name, t.Seconds())
			}
		}
		parts = append(parts, text)
	}
	return "Bars of build times. " + strings.Join(parts, ". ")
}

// Measures of the picture, in pixels.
const (
	chartWidth = 600
	labelWidth = 170
	valueWidth = 76
	barHeight  = 22
	titleSpace = 44
	margin     = 16
)

// chart draws the times of each result as bars, in proportion within a result. It brings its own ground, because a picture does not know
// whether the page around it is light or dark.
func chart(results []result) string {
	var b strings.Builder
	y := 0
	bar := func(label string, list []sample, longest float64, colour string) {
		if len(list) == 0 {
			return
		}
		t, _ := median(list)
		width := max(2, (chartWidth-labelWidth-valueWidth-margin)*t.Seconds()/longest)
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text><rect x="%d" y="%d" width="%.1f" height="%d" rx="2" fill="%s"/><text x="%.1f" y="%d">%s</text>`+"\n",
			labelWidth-10, y+16, html.EscapeString(label), labelWidth, y+3, width, barHeight-6, colour, labelWidth+width+8, y+16, seconds(t))
		y += barHeight
	}
	for _, r := range results {
		longest := 0.0
		for _, list := range r.samples {
			t, _ := median(list)
			longest = max(longest, t.Seconds())
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" font-weight="600">%s</text>`+"\n", margin, y+32, html.EscapeString(thousands(r.texts)+" texts, "+r.content))
		y += titleSpace
		bar("Hugo, same features", r.samples[equalCold], longest, "#9a9fa8")
		bar("Hugo, lean", r.samples[leanCold], longest, "#9a9fa8")
		bar("Waymark", r.samples[cold], longest, "#1f7a58")
		bar("words changed", r.samples[wordsChanged], longest, "#1f7a58")
		bar("nothing changed", r.samples[again], longest, "#1f7a58")
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" font-family="system-ui, sans-serif" font-size="14" fill="#2b2f2d"><rect width="%[1]d" height="%[2]d" rx="8" fill="#f6f5f1"/>`+"\n%[3]s</svg>\n",
		chartWidth, y+margin, b.String())
}

func seconds(t time.Duration) string {
	if t < time.Second/10 {
		return fmt.Sprintf("%d\u00a0ms", t.Milliseconds())
	}
	return fmt.Sprintf("%.2f\u00a0s", t.Seconds())
}
