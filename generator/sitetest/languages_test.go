package sitetest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"waymark/generator"
	"waymark/generator/internal/words"
)

// languages are the sites in testdata, each in the language of its folder.
var languages = []string{"cy", "ar"}

// buildIn builds the site of testdata that is written in a language.
func buildIn(t *testing.T, tag string) string {
	t.Helper()
	return build(t, func(c *generator.Config) {
		c.Dir, c.Strict = filepath.Join("testdata", tag), false
	})
}

// Every page of a site in Welsh or Arabic is as sound as those in English: axe has nothing to say, nor has the console, and
// nothing has to be scrolled sideways.
func TestLanguagesInABrowser(t *testing.T) {
	axe := readAxe(t)
	for _, tag := range languages {
		dir := buildIn(t, tag)
		server := serve(t, dir, "/notes/")
		b := open(t, server.URL)
		for i, page := range files(t, dir, ".html") {
			colours, width := []string{"light", "dark"}[i%2], widths[i%3]
			b.media("", "prefers-color-scheme", colours)
			name := fmt.Sprintf("%s %s %s %d", tag, page, colours, width)
			b.inspect(name, server.URL+"/notes/"+page, width, axe)
			b.quiet(name)
		}
	}
}

// A page in Welsh or Arabic says nothing of its own in English: no text of it, and nothing that is read aloud, is one of the English
// words.
func TestPagesSayNothingInEnglish(t *testing.T) {
	for _, tag := range languages {
		english := englishOnly(t, tag)
		dir := buildIn(t, tag)
		for _, page := range files(t, dir, ".html") {
			if page == "our-maps/index.html" && tag == "cy" {
				continue // its author's words are English
			}
			for _, said := range saidIn(t, filepath.Join(dir, page)) {
				if slices.ContainsFunc(english, func(form *regexp.Regexp) bool { return form.MatchString(said) }) {
					t.Errorf("%s: %s says %q", tag, page, said)
				}
			}
		}
	}
}

// englishOnly returns the texts that are said in English, and otherwise in a language.
func englishOnly(t *testing.T, tag string) []*regexp.Regexp {
	t.Helper()
	read := func(tag string) map[string]string {
		data, err := os.ReadFile(filepath.Join("../../themes/trail/i18n", tag+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		key := ""
		for _, line := range strings.Split(string(data), "\n") {
			name, text, found := strings.Cut(line, ": ")
			if strings.HasSuffix(line, ":") && !strings.HasPrefix(line, "#") {
				key = strings.TrimSuffix(line, ":") + " "
			} else if found && !strings.HasPrefix(line, "#") {
				if !strings.HasPrefix(name, "  ") {
					key = ""
				}
				texts[key+strings.TrimSpace(name)] = strings.Trim(text, `"'`)
			}
		}
		return texts
	}
	own := read(tag)
	var out []*regexp.Regexp
	for key, text := range read("en") {
		if key == "language.name" || own[key] == text || strings.Trim(regexp.MustCompile(`\{\w+\}`).ReplaceAllString(text, ""), " :,()%/") == "" {
			continue
		}
		form := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(text), ".+")
		out = append(out, regexp.MustCompile("^"+form+"$"))
	}
	if len(out) < 150 {
		t.Fatalf("only %d texts differ from English", len(out))
	}
	return out
}

// saidIn returns the texts of a page, and those of its attributes that are read aloud.
func saidIn(t *testing.T, name string) []string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	doc, err := html.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "code" {
			out = append(out, strings.Join(strings.Fields(n.Data), " "))
		}
		for _, a := range n.Attr {
			if a.Key == "aria-label" || a.Key == "title" || a.Key == "alt" || a.Key == "placeholder" {
				out = append(out, a.Val)
			}
		}
	}
	return out
}

// Browsers and the program count alike: which plural category a number has is the same to both.
func TestPluralsAreTheSameInBrowsers(t *testing.T) {
	b := open(t, "")
	for _, tag := range words.Shipped() {
		said := value[string](b, `(() => {
			const rules = new Intl.PluralRules("`+tag+`");
			return JSON.stringify([...Array(300).keys(), 1000, 1000000, 1000002].map((n) => rules.select(n)));
		})()`)
		var browser []string
		if err := json.Unmarshal([]byte(said), &browser); err != nil {
			t.Fatal(err)
		}
		names := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
		for n := range 300 {
			if own := names[plural.Cardinal.MatchPlural(language.Make(tag), n, 0, 0, 0, 0)]; own != browser[n] {
				t.Errorf("%s: %d is %q to the program, and %q to a browser", tag, n, own, browser[n])
			}
		}
	}
}

// The letters of Welsh are in the font, and come with a file of their own, only where a page has them.
func TestLettersOfWelsh(t *testing.T) {
	for tag, want := range map[string]bool{"cy": true, "ar": false} {
		dir := buildIn(t, tag)
		server := serve(t, dir, "/notes/")
		b := open(t, server.URL)
		b.see(server.URL+"/notes/", 1440)
		loaded := value[bool](b, `document.fonts.ready.then(() => [...document.fonts].filter((f) => f.status === "loaded").some((f) => f.unicodeRange.includes("154-17F") || f.unicodeRange.includes("154-17f")))`)
		if loaded != want {
			t.Errorf("%s: the font of further letters is loaded: %t", tag, loaded)
		}
	}
}

// A site that says some words in its own way does so on its pages and in its scripts, and a translation leads to the others.
func TestASitesOwnWords(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"waymark.yaml":         "title: Notes\n",
		"i18n/en.yaml":         "home.latest: Fresh off the pen\nscript.theme.system: As your machine has it\n",
		"content/posts/one.md": "---\ndate: 2024-01-01\ntranslations: [un.md]\n---\n# One\n\n> [!NOTE]\n> x\n",
		"content/posts/un.md":  "---\ndate: 2024-01-01\nlang: cy\n---\n# Un\n\n> [!NOTE]\n> x\n",
	})
	out := t.TempDir()
	report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Output: out, BaseURL: "https://example.org/notes/", Clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil || !report.Written {
		t.Fatal(err, report.Diagnostics)
	}
	server := serve(t, out, "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/", 1440)
	if got := value[string](b, `document.body.innerText`); !strings.Contains(got, "Fresh off the pen") || !strings.Contains(got, "As your machine has it") {
		t.Errorf("the page says:\n%s", got)
	}
	b.see(server.URL+"/notes/posts/one/", 1440)
	b.see(value[string](b, `document.querySelector("a[hreflang=cy]").href`), 1440)
	got := value[string](b, `[location.pathname, document.querySelector(".text").lang, document.querySelector(".alert-title").textContent, document.querySelector("a[hreflang=en]").textContent, document.querySelectorAll("link[hreflang]").length].join(" ")`)
	if want := "/notes/posts/un/ cy Nodyn English 2"; got != want {
		t.Errorf("the translation: %s, want %s", got, want)
	}
}

// What a reader chose on one site means nothing to another one at the same host.
func TestSitesAtOneHostNeverMeet(t *testing.T) {
	first, second := buildIn(t, "cy"), buildIn(t, "ar")
	both := t.TempDir()
	for name, dir := range map[string]string{"first": first, "second": second} {
		if err := os.CopyFS(filepath.Join(both, name), os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
	}
	headers, err := os.ReadFile(filepath.Join(first, "_headers"))
	if err != nil {
		t.Fatal(err)
	}
	writeFiles(t, both, map[string]string{"_headers": string(headers)})
	server := serve(t, both, "/")
	b := open(t, server.URL)
	b.see(server.URL+"/first/", 1440)
	b.click("[data-theme-switch]")
	b.see(server.URL+"/second/", 1440)
	if got := value[string](b, `document.documentElement.dataset.theme ?? "none"`); got != "none" {
		t.Errorf("the other site is %s", got)
	}
	b.see(server.URL+"/first/", 1440)
	if got := value[string](b, `document.documentElement.dataset.theme + " " + Object.keys(localStorage)`); got != "light waymark:dŵr-a-dysgu/notes:theme" {
		t.Errorf("the site itself is %s", got)
	}
}
