package sitetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/net/html"

	"waymark/generator"
)

// repository is the folder of the demonstration site, seen from here.
const repository = "../.."

// build builds the demonstration site and returns its folder. No page of it may have a mistake.
func build(t *testing.T, change func(*generator.Config)) string {
	t.Helper()
	out := t.TempDir()
	c := generator.Config{
		Dir: repository, Output: out, BaseURL: "https://example.org/notes/", Strict: true,
		Clock: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC),
	}
	if change != nil {
		change(&c)
	}
	report, err := generator.Build(context.Background(), c)
	if err != nil || !report.Written {
		t.Fatalf("build: %v\n%+v", err, report.Diagnostics)
	}
	return out
}

// tool returns the path of a program, or skips the test; with WAYMARK_TOOLS a missing one is a failure.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name)
	}
	return path
}

func missing(t *testing.T, name string) {
	t.Helper()
	if os.Getenv("WAYMARK_TOOLS") != "" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed (make test installs it)", name)
}

func npm(t *testing.T, path string) string {
	t.Helper()
	full, err := filepath.Abs(filepath.Join("node_modules", path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(full); err != nil {
		missing(t, path)
	}
	return full
}

// files returns the paths, below the folder, of all files with an ending.
func files(t *testing.T, dir, ending string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(p, ending) {
			rel, _ := filepath.Rel(dir, p)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Every internal link and fragment leads somewhere: under a prefix, and, in a portable build, from the file system.
func TestLinks(t *testing.T) {
	t.Run("prefix", func(t *testing.T) {
		checkLinks(t, build(t, nil), "/notes/")
	})
	t.Run("another prefix", func(t *testing.T) {
		checkLinks(t, build(t, func(c *generator.Config) { c.BaseURL = "https://example.org/" }), "/")
	})
	t.Run("portable", func(t *testing.T) {
		checkLinks(t, build(t, func(c *generator.Config) { c.Portable = true }), "file")
	})
}

type document struct {
	ids   map[string]bool
	links []string
}

// checkLinks follows every link as a browser would. root is the path at which the site lies, or "file" where links
// must name files.
func checkLinks(t *testing.T, dir, root string) {
	pages := map[string]document{}
	for _, p := range files(t, dir, ".html") {
		pages[p] = readDocument(t, filepath.Join(dir, p))
	}
	checked := 0
	for p, doc := range pages {
		for _, link := range doc.links {
			if strings.Contains(link, ":") {
				continue
			}
			checked++
			if problem := follow(dir, root, p, link, pages); problem != "" {
				t.Errorf("%s: %s: %s", p, link, problem)
			}
		}
	}
	if checked < 1000 {
		t.Errorf("only %d links were checked", checked)
	}
}

func follow(dir, root, page, link string, pages map[string]document) string {
	path, fragment, _ := strings.Cut(link, "#")
	base := "/" + page
	if root != "file" {
		base = root + page
		if strings.HasSuffix(path, "index.html") {
			return "names index.html"
		}
	}
	target := base
	if path != "" {
		target = resolve(base, path)
	}
	if root != "file" {
		if !strings.HasPrefix(target, root) {
			return "leaves the site for " + target
		}
		target = "/" + strings.TrimPrefix(target, root)
		if strings.HasSuffix(target, "/") {
			target += "index.html"
		}
	}
	file := strings.TrimPrefix(unescape(target), "/")
	if info, err := os.Stat(filepath.Join(dir, file)); err != nil || info.IsDir() {
		return "there is no file " + file
	}
	if fragment != "" && !pages[file].ids[unescape(fragment)] {
		return "there is no place #" + fragment
	}
	return ""
}

func readDocument(t *testing.T, name string) document {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	doc := document{ids: map[string]bool{}}
	z := html.NewTokenizer(bytes.NewReader(data))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			switch a.Key {
			case "id":
				if doc.ids[a.Val] {
					t.Errorf("%s: the id %q stands twice", name, a.Val)
				}
				doc.ids[a.Val] = true
			case "href", "src":
				doc.links = append(doc.links, a.Val)
			case "srcset":
				for _, candidate := range strings.Split(a.Val, ",") {
					doc.links = append(doc.links, strings.Fields(candidate)[0])
				}
			}
		}
	}
	return doc
}

// The Nu HTML checker finds no error on any page.
func TestHTML(t *testing.T) {
	dir := build(t, nil)
	java, jar := tool(t, "java"), npm(t, "vnu-jar/build/dist/vnu.jar")
	out, err := exec.Command(java, "-jar", jar, "--errors-only", "--skip-non-html", dir).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Feeds and the sitemap are what their specifications ask for.
func TestFeeds(t *testing.T) {
	dir := build(t, nil)
	xmllint := tool(t, "xmllint")
	feeds := files(t, dir, "atom.xml")
	if len(feeds) < 30 {
		t.Errorf("there are only %d feeds", len(feeds))
	}
	for _, f := range feeds {
		validate(t, xmllint, "--relaxng", "testdata/atom.rng", filepath.Join(dir, f))
	}
	validate(t, xmllint, "--schema", npm(t, "sitemap/schema/sitemap.xsd"), filepath.Join(dir, "sitemap.xml"))

	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile("testdata/jsonfeed.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files(t, dir, "feed.json") {
		file, err := os.Open(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(file)
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%s: %v", f, err)
		}
		_ = file.Close()
	}
}

func validate(t *testing.T, xmllint, kind, schema, file string) {
	t.Helper()
	out, err := exec.Command(xmllint, "--noout", "--nonet", kind, schema, file).CombinedOutput()
	if err != nil {
		t.Errorf("%s\n%s", file, out)
	}
}

// The same inputs give the same bytes: over time zones, locales, numbers of processors and folders.
func TestSameInputsSameBytes(t *testing.T) {
	program := filepath.Join(t.TempDir(), "waymark")
	if out, err := exec.Command("go", "build", "-o", program, "waymark/cmd/waymark").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	copied := filepath.Join(t.TempDir(), "a copy")
	for _, part := range []string{"content", "waymark.yaml"} {
		if err := copyInto(filepath.Join(copied, part), filepath.Join(repository, part)); err != nil {
			t.Fatal(err)
		}
	}
	hashes := map[string]int{}
	builds := 0
	for _, zone := range []string{"TZ=America/New_York", "TZ=Asia/Kathmandu"} {
		for _, locale := range []string{"LC_ALL=C", "LC_ALL=de_DE.UTF-8"} {
			for _, processors := range []string{"GOMAXPROCS=1", "GOMAXPROCS=2", "GOMAXPROCS=2", "GOMAXPROCS=4", "GOMAXPROCS=1"} {
				out := filepath.Join(t.TempDir(), "deeper", "still")
				from := []string{repository, copied}[builds%2]
				cmd := exec.Command(program, "build", "-s", from, "-d", out, "-q", "--now", "2026-11-22")
				cmd.Env = append(os.Environ(), zone, locale, processors)
				if printed, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, printed)
				}
				hashes[hashFolder(t, out)]++
				builds++
			}
		}
	}
	if builds != 20 || len(hashes) != 1 {
		t.Errorf("%d builds gave %d different sites: %v", builds, len(hashes), hashes)
	}
}

// copyInto copies a file, or a folder with all that is in it.
func copyInto(target, source string) error {
	return filepath.WalkDir(source, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(source, p)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(target, rel), 0o755)
		}
		data, err := os.ReadFile(p)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(filepath.Join(target, rel)), 0o755)
		}
		return errors.Join(err, os.WriteFile(filepath.Join(target, rel), data, 0o600))
	})
}

// Pages describe themselves to machines in schema.org's terms, as JSON that can be read.
func TestLinkedData(t *testing.T) {
	dir := build(t, nil)
	types := map[string]int{}
	var count func(v any)
	count = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if kind, ok := v["@type"].(string); ok {
				types[kind]++
			}
			for _, inner := range v {
				count(inner)
			}
		case []any:
			for _, inner := range v {
				count(inner)
			}
		}
	}
	for _, p := range files(t, dir, ".html") {
		data, err := os.ReadFile(filepath.Join(dir, p))
		if err != nil {
			t.Fatal(err)
		}
		_, rest, found := strings.Cut(string(data), `<script type="application/ld+json">`)
		if !found {
			continue
		}
		text, _, _ := strings.Cut(rest, "</script>")
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Errorf("%s: %v", p, err)
		}
		count(v)
	}
	for _, kind := range []string{"WebSite", "BlogPosting", "LearningResource", "Course", "BreadcrumbList", "DefinedTerm", "Person"} {
		if types[kind] == 0 {
			t.Errorf("no page says that it is a %s: %v", kind, types)
		}
	}
}

// hashFolder covers names and bytes of every file, the manifest among them.
func hashFolder(t *testing.T, dir string) string {
	t.Helper()
	names := files(t, dir, "")
	sort.Strings(names)
	h := sha256.New()
	for _, n := range names {
		data, err := os.ReadFile(filepath.Join(dir, n))
		if err != nil {
			t.Fatal(err)
		}
		h.Write([]byte(n + "\x00"))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// A first visit to a post that asks nothing stays within its budget: all that a browser fetches, compressed as hosts do it. So do
// the scripts that pages load for what they ask.
func TestFirstVisit(t *testing.T) {
	dir := build(t, nil)
	page := "posts/the-week-i-stopped-fixing-the-scanner/index.html"
	total, font := compressed(t, filepath.Join(dir, page)), 0
	for _, link := range readDocument(t, filepath.Join(dir, page)).links {
		if !strings.Contains(link, "/assets/") {
			continue
		}
		size := compressed(t, filepath.Join(dir, strings.TrimPrefix(resolve("/"+page, link), "/")))
		total += size
		if strings.HasSuffix(link, ".woff2") {
			font += size
		}
	}
	t.Logf("%d bytes, of them the font %d", total, font)
	for purpose, most := range map[string]int{"quiz": 6 << 10, "review": 20 << 10} {
		script, err := filepath.Glob(filepath.Join(dir, "assets", purpose+"-*.js"))
		if err != nil || len(script) != 1 {
			t.Fatal(script, err)
		}
		size := compressed(t, script[0])
		if t.Logf("the script %s has %d bytes", purpose, size); size > most {
			t.Errorf("the script %s has %d bytes, and may have %d", purpose, size, most)
		}
	}
	if total > 42<<10 || font > 28<<10 || font == 0 {
		t.Errorf("a first visit takes %d bytes, of them the font %d", total, font)
	}
}

// serve serves a site under a prefix, as a host would that reads its _headers file.
func serve(t *testing.T, dir, prefix string) *httptest.Server {
	t.Helper()
	headers, err := os.ReadFile(filepath.Join(dir, "_headers"))
	if err != nil {
		t.Fatal(err)
	}
	policy := ""
	for line := range strings.Lines(string(headers)) {
		if p, found := strings.CutPrefix(strings.TrimSpace(line), "Content-Security-Policy: "); found {
			policy = p
		}
	}
	if policy == "" {
		t.Fatal("_headers has no policy")
	}
	pages := http.StripPrefix(strings.TrimSuffix(prefix, "/"), http.FileServer(http.Dir(dir)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if !strings.HasPrefix(r.URL.Path, prefix) {
			http.NotFound(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server
}
