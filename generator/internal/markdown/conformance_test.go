package markdown

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// goldmarkFolder is where the module lies: it carries CommonMark's examples and GitHub's.
func goldmarkFolder(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// exceptions reads a list of examples that our parser means to treat differently: a number, and the reason.
func exceptions(t *testing.T, file string) map[int]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for line := range strings.Lines(string(data)) {
		number, reason, found := strings.Cut(strings.TrimSpace(line), ": ")
		if !found {
			continue
		}
		for _, n := range strings.Fields(number) {
			i, err := strconv.Atoi(n)
			if err != nil {
				t.Fatalf("%s: %q", file, line)
			}
			out[i] = reason
		}
	}
	return out
}

// CommonMark's 652 examples pass through the parser as it is configured, but for those in
// testdata/commonmark-exceptions.txt. What our pages add (heading ids, frames around code and tables) is taken off
// again before comparing.
func TestCommonMark(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(goldmarkFolder(t), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Markdown, HTML, Section string
		Example                 int
	}
	if err := json.Unmarshal(data, &examples); err != nil {
		t.Fatal(err)
	}
	if len(examples) != 652 {
		t.Fatalf("there are %d examples", len(examples))
	}
	list := exceptions(t, "testdata/commonmark-exceptions.txt")
	for _, e := range examples {
		check(t, list, e.Example, e.Section, e.Markdown, e.HTML)
	}
}

// caseForm is one example in goldmark's own files: a number, the Markdown, the HTML.
var caseForm = regexp.MustCompile(`(?ms)^(\d+)[^\n]*\n(?:OPTIONS[^\n]*\n)?//- - - - - - - - -//\n(.*?)\n//- - - - - - - - -//\n(.*?)\n//= = = =`)

// GitHub's extensions: the examples of its specification for tables, strikethrough, autolinks and task lists, as
// goldmark carries them.
func TestGitHubExtensions(t *testing.T) {
	for _, name := range []string{"table", "strikethrough", "linkify", "tasklist"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(goldmarkFolder(t), "extension", "_test", name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			list, seen := exceptions(t, "testdata/"+name+"-exceptions.txt"), 0
			for _, c := range caseForm.FindAllStringSubmatch(string(data), -1) {
				number, _ := strconv.Atoi(c[1])
				check(t, list, number, name, c[2], c[3])
				seen++
			}
			if seen < 4 {
				t.Errorf("only %d examples were found", seen)
			}
		})
	}
}

func check(t *testing.T, exceptions map[int]string, number int, section, markdown, want string) {
	t.Helper()
	got, want := alike(asSpecified(markdown)), alike(want)
	reason, excepted := exceptions[number]
	switch {
	case got != want && !excepted:
		t.Errorf("example %d (%s)\n%s\n--- got\n%s\n--- want\n%s", number, section, markdown, got, want)
	case got == want && excepted:
		t.Errorf("example %d (%s) passes, and need not be excepted: %s", number, section, reason)
	}
}

// asSpecified renders the body alone, as a page that has a title already.
func asSpecified(markdown string) string {
	// A line with a title in front keeps the example's first heading where it is.
	doc, _ := parse("---\ntitle: x\n---\n" + strings.ReplaceAll(markdown, "\x00", "\uFFFD"))
	return string(Fill(doc.HTML, func(n int) string {
		l := doc.Links[n]
		title := ""
		if l.Title != "" {
			title = fmt.Sprintf(` title="%s"`, html.EscapeString(l.Title))
		}
		switch l.Kind {
		case Image:
			return fmt.Sprintf(`<img src="%s" alt="%s"%s>`, html.EscapeString(l.Target), html.EscapeString(l.Text), title)
		case Wiki:
			return "[[" + l.Target + "]]"
		}
		return fmt.Sprintf(`<a href="%s"%s>`, html.EscapeString(l.Target), title)
	}))
}

var (
	anchorLink   = regexp.MustCompile(` <a class="anchor".*?</a>`)
	headingTag   = regexp.MustCompile(`<(/?)h[1-6]( id="[^"]*")?( class="[^"]*")?>`)
	highlighted  = regexp.MustCompile(`</?span[^>]*>`)
	codeFrame    = regexp.MustCompile(`<figure class="code">(<figcaption>.*?</figcaption>)?<pre tabindex="0">`)
	tableFrame   = regexp.MustCompile(`<div class="table"[^>]*>`)
	alignment    = regexp.MustCompile(` (align="(left|right|center)"|class="align-(left|right|center)")`)
	checkBoxTag  = regexp.MustCompile(`<input[^>]*?(checked)?[^>]*>`)
	hrefs        = regexp.MustCompile(`(href|src)="([^"]*)"`)
	tagSpace     = regexp.MustCompile(`\s*(</?(?:p|ul|ol|li|blockquote|pre|div|figure|h|table|thead|tbody|tr|th|td|hr|br)[^>]*>)\s*`)
	emptyHeading = regexp.MustCompile(`<th></th>`)
)

// alike takes away what our pages add, and differences of spelling that mean the same: the level of headings
// (our titles have level 1), how an address is escaped, white space between blocks.
func alike(s string) string {
	s = anchorLink.ReplaceAllString(s, "")
	s = headingTag.ReplaceAllString(s, "<${1}h>")
	s = highlighted.ReplaceAllString(s, "")
	s = codeFrame.ReplaceAllString(s, "<pre>")
	s = strings.ReplaceAll(s, "</pre></figure>", "</pre>")
	s = tableFrame.ReplaceAllString(s, "")
	s = strings.ReplaceAll(s, "</table></div>", "</table>")
	s = emptyHeading.ReplaceAllString(s, "<td></td>")
	s = alignment.ReplaceAllString(s, "")
	s = checkBoxTag.ReplaceAllStringFunc(s, func(tag string) string {
		if strings.Contains(tag, "checked") {
			return "[x]"
		}
		return "[ ]"
	})
	s = strings.NewReplacer(" />", ">", "[x] ", "[x]", "[ ] ", "[ ]").Replace(s)
	s = hrefs.ReplaceAllStringFunc(s, func(a string) string {
		g := hrefs.FindStringSubmatch(a)
		return g[1] + `="` + unescapeAddress(html.UnescapeString(g[2])) + `"`
	})
	s = html.UnescapeString(s)
	return strings.TrimSpace(tagSpace.ReplaceAllString(s, "$1"))
}

func unescapeAddress(s string) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return string(out)
}
