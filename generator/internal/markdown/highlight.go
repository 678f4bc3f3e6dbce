package markdown

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"waymark/generator/internal/colour"
)

const (
	maxCodeTime = 1500 * time.Millisecond // of colouring all blocks of a page: it never decides on a sound machine
	maxColoured = 200 << 10               // bytes of all blocks of a page, a line counting 40 more
)

// fenceInfo is what stands behind the opening of a code block: go {2,4-6} title="main.go".
type fenceInfo struct {
	language, title string
	marked          map[int]bool // lines, from 1
	rest            string       // behind the language
}

var (
	fenceTitle = regexp.MustCompile(`(?:^|\s)title=(?:"([^"]*)"|'([^']*)'|(\S+))`)
	fenceMarks = regexp.MustCompile(`\{([\d,\s-]+)\}`)
)

func readFenceInfo(info string) fenceInfo {
	info = strings.TrimSpace(info)
	end := strings.IndexAny(info, " \t{")
	if end < 0 {
		end = len(info)
	}
	f := fenceInfo{language: info[:end], rest: strings.TrimSpace(info[end:])}
	if g := fenceTitle.FindStringSubmatch(f.rest); g != nil {
		f.title = g[1] + g[2] + g[3]
	}
	if g := fenceMarks.FindStringSubmatch(fenceTitle.ReplaceAllString(f.rest, "")); g != nil { // a title may have braces too
		f.marked = lineSet(g[1])
	}
	return f
}

// lineSet reads "2,4-6".
func lineSet(s string) map[int]bool {
	set := map[int]bool{}
	for _, part := range strings.Split(s, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil || last > colour.MaxLines {
			continue
		}
		for n := first; n <= last; n++ {
			set[n] = true
		}
	}
	return set
}

// highlight writes the runs of code as HTML. No element goes over the end of a line, and lines that are to be marked are. What
// colours a line that is marked ends before its line feed, or the next line would follow on the same one.
func highlight(runs []colour.Run, info fenceInfo) string {
	var b strings.Builder
	line, open := 1, false
	for _, run := range runs {
		for part := range strings.SplitAfterSeq(run.Text, "\n") {
			if part == "" {
				continue
			}
			if !open && info.marked[line] {
				b.WriteString(`<mark class="line">`)
				open = true
			}
			text, ends := part, strings.HasSuffix(part, "\n")
			if open && ends {
				text = part[:len(part)-1]
			}
			writeRun(&b, run.Class, text)
			if open && ends {
				b.WriteString("</mark>\n")
				open = false
			}
			if ends {
				line++
			}
		}
	}
	if open {
		b.WriteString("</mark>")
	}
	return b.String()
}

func writeRun(b *strings.Builder, class, text string) {
	if class == "" || strings.TrimSpace(text) == "" {
		b.WriteString(html.EscapeString(text))
		return
	}
	b.WriteString(`<span class="`)
	b.WriteString(class)
	b.WriteString(`">`)
	b.WriteString(html.EscapeString(text))
	b.WriteString("</span>")
}
