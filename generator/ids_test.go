package generator_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator"
)

// put writes a site of one page, and returns its folder.
func put(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "content"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content/page.md"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

var idLine = regexp.MustCompile(`(?:\r\n|\n|^)[ >-]*id: [b-df-hj-np-tv-z2-9]{6}`)

// pinned writes ids into a text, and returns it.
func pinned(t *testing.T, text string) string {
	t.Helper()
	dir := put(t, text)
	out, list, err := generator.PinIDs(context.Background(), generator.Config{Dir: dir, Clock: time.Unix(1767225600, 0)})
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	if len(out) == 0 {
		return text
	}
	return string(out[0].Data)
}

func TestIDsAreWrittenBehindTheirQuestions(t *testing.T) {
	for name, text := range map[string]string{
		"one question":            "# A\n\n```quiz\n? Why?\n- [x] a\n- [ ] b\n```\n",
		"with empty lines behind": "```quiz\n? Why?\n- [x] a\n- [ ] b\n\n\n? What?\n- [x] a\n- [ ] b\n\n```\n",
		"other ends of lines":     "# A\r\n\r\n```quiz\r\n? Why?\r\n- [x] a\r\n- [ ] b\r\n```\r\nText.\r\n",
		"in a list":               "- one\n\n  ```quiz\n  ? Why?\n  - [x] a\n  - [ ] b\n  ```\n",
		"in a quote":              "> ```quiz\n> ? Why?\n> - [x] a\n> - [ ] b\n> ```\n",
		"with code at the end":    "````quiz\n? Why?\nmodel: so\n\n```go\nx\n```\n````\n",
		"a gap":                   "```quiz\n? The [[goal]] is first.\n```\n",
		"a byte-order mark":       "\ufeff```quiz\n? Why?\n- [x] a\n- [ ] b\n```\n",
	} {
		t.Run(name, func(t *testing.T) {
			got := pinned(t, text)
			want := strings.Count(text, "? ")
			if n := len(idLine.FindAllString(got, -1)); n != want {
				t.Errorf("%d ids for %d questions:\n%q", n, want, got)
			}
			if without := idLine.ReplaceAllString(got, ""); without != text {
				t.Errorf("more has changed:\n%q\n%q", without, text)
			}
			if again := pinned(t, got); again != got {
				t.Errorf("a second time changes it:\n%q\n%q", got, again)
			}
		})
	}
}

// Whatever stands around questions, ids are all that is written, and are read as those of the questions.
func TestIDsLoseNoByte(t *testing.T) {
	texts := rapid.Custom(func(r *rapid.T) string {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
			"Text.\n\n", "# Heading\n\n", "- item\n", "> quote\n\n", "\n", "```go\n? Why?\n- [x] a\n```\n\n", "<!-- id: x -->\n\n",
			"```quiz\n? Why %d?\n- [x] a\n- [ ] b\n  > no\n```\n\n", "~~~quiz\n? Which %d?\n= a\n\n? How %d?\n1. a\n2. b\n3. c\nbecause: x\n~~~\n\n",
			"> ```quiz\n> ? Quoted %d?\n> - [x] a\n> - [ ] b\n> ```\n\n", "```quiz\n? Named %d?\n- [x] a\n- [ ] b\nid: named-%d\n```\n\n",
		}), 1, 8).Draw(r, "pieces")
		text := ""
		for i, p := range pieces {
			text += strings.ReplaceAll(p, "%d", "%p"+string(rune('a'+i)))
		}
		if rapid.Bool().Draw(r, "crlf") {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		return text
	})
	dir, was := put(t, "# A\n"), map[string]string{}
	for seed := range 300 {
		name := fmt.Sprintf("content/p%d.md", seed)
		was[name] = strings.ReplaceAll(texts.Example(seed), "%p", fmt.Sprint(seed))
		if err := os.WriteFile(filepath.Join(dir, name), []byte(was[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for round := range 2 {
		out, list, err := generator.PinIDs(context.Background(), generator.Config{Dir: dir, Clock: time.Unix(1767225600, 0)})
		if err != nil || list.HasErrors() {
			t.Fatal(err, list)
		}
		if round == 1 && len(out) > 0 || round == 0 && len(out) < 100 {
			t.Errorf("round %d changes %d files", round, len(out))
		}
		for _, p := range out {
			if without := idLine.ReplaceAllString(string(p.Data), ""); without != was[p.File] {
				t.Errorf("more has changed:\n%q\n%q", without, was[p.File])
			}
			if err := os.WriteFile(filepath.Join(dir, p.File), p.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A published site is asked for its ids by its address, and what is no such site is said.
func TestIDsOfAPublishedSite(t *testing.T) {
	dir := put(t, "# A\n\n```quiz\n? Why?\n- [x] a\n- [ ] b\nid: why\n```\n")
	out := filepath.Join(t.TempDir(), "public")
	clock := time.Unix(1767225600, 0)
	if report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Output: out, Clock: clock}); err != nil || !report.Written {
		t.Fatal(err, report.Diagnostics)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(out)))
	defer server.Close()
	compare := func(dir, against string) string {
		lost, _, err := generator.CompareIDs(context.Background(), generator.Config{Dir: dir, Clock: clock}, against)
		if err != nil {
			return err.Error()
		}
		return strings.Join(lost.Pages, " ") + "|" + strings.Join(lost.Questions, " ")
	}
	for name, test := range map[string]struct{ text, against, want string }{
		"nothing lost":      {"# A\n\n```quiz\n? Another?\n- [x] a\n- [ ] b\nid: why\n```\n", server.URL, "|"},
		"a question lost":   {"# A\n", server.URL + "/", "|why"},
		"a former name":     {"# A\n\n```quiz\n? Another?\n- [x] a\n- [ ] b\nwas: why\n```\n", out, "|"},
		"a page lost":       {"---\nid: other\nslug: x\n---\n", out, "|why"},
		"no site":           {"# A\n", server.URL + "/assets", "there is no ids.json at " + server.URL + "/assets: name the address of the home page; a site that an older Waymark built has none"},
		"no folder":         {"# A\n", dir, "there is no ids.json in " + dir + ": name the folder that a site was built into"},
		"nobody who answer": {"# A\n", "http://127.0.0.1:1/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := compare(put(t, test.text), test.against)
			if test.want != "" && got != test.want || test.want == "" && !strings.Contains(got, "does not answer") {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
