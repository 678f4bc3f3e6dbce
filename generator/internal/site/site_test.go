package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/images"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/source"
)

var zone = time.UTC

// input parses texts, by their paths in the content folder.
func input(t interface{ Fatal(...any) }, texts map[string]string) Input {
	c := config.Config{
		Title: "A site", Zone: zone, PageSize: 2,
		Phases:  []config.Phase{{ID: "alpha", Name: "Alpha"}, {ID: "beta", Name: "Beta"}, {ID: "private-beta", Name: "Private beta", Parent: "beta"}},
		Authors: []config.Author{{ID: "ann", Name: "Ann Smith"}},
	}
	in := Input{Config: c, Now: dates.Date{Time: time.Date(2026, 3, 2, 0, 0, 0, 0, zone), Precision: dates.Day}}
	parser := markdown.NewParser(c.Texts())
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		doc, list := parser.Parse(source.File{Path: name, Name: "content/" + name, Data: []byte(texts[name])})
		if list.HasErrors() {
			t.Fatal(list)
		}
		in.Docs = append(in.Docs, &doc)
	}
	return in
}

func post(title string, more ...string) string {
	return "---\ntitle: " + title + "\ndate: 2026-01-01\n" + strings.Join(more, "\n") + "\n---\nWords of " + title + ".\n"
}

// Near names are looked for a hundred times: who has more broken names has one cause for them. Series without a file do not count
// among these.
func TestNearNamesAreNotLookedForWithoutEnd(t *testing.T) {
	texts := map[string]string{}
	for i := range 400 {
		name := fmt.Sprintf("%c%c", 'a'+i/20, 'a'+i%20)
		texts["posts/"+name+".md"] = post("Name "+name, "series: walking-"+name) + "\n[a](wanted-" + name + ".md) [[Named " + name + "]] ![a](picture-" + name + ".png) [b](#place-" + name + ")\n"

	}
	_, list := New(input(t, texts))
	meant := map[bool]int{} // of series, which are all compared, and of what is wrong
	for _, d := range list {
		if strings.HasPrefix(d.Hint, "did you mean") {
			meant[d.Code == "series"]++
		}
	}
	if meant[false] == 0 || meant[false] > maxSearches || meant[true] == 0 || meant[true] > maxSeries {
		t.Errorf("%v near names in %d messages", meant, len(list))
	}
}

// Past its bound a page shows nothing of the maps that it embeds, also where an author looks at it with its errors.
func TestEmbedsPastTheBoundAreNotShown(t *testing.T) {
	text := "```impact-map m\n- G\n" + strings.Repeat("  - A\n", 900) + "```\n" + strings.Repeat("```impact-map\nembed: m\n```\n", 4)
	s, list := New(input(t, map[string]string{"a.md": text}))
	if !list.HasErrors() {
		t.Fatal("no error")
	}
	var shown []bool
	for _, m := range s.PageOf("a.md").Maps {
		shown = append(shown, m.Map != nil)
	}
	if !slices.Equal(shown, []bool{true, true, true, false, false}) {
		t.Errorf("shown %v", shown)
	}
}

// A site with more pages than one sitemap may hold has several, and an index of them.
func TestSitemapsInParts(t *testing.T) {
	in := input(t, nil)
	in.Config.BaseURL = "https://example.org/"
	for i := range SitemapLimit {
		name := fmt.Sprintf("p/%d.md", i)
		in.Docs = append(in.Docs, &markdown.Document{Path: name, Name: "content/" + name})
	}
	s, list := New(in)
	if list.HasErrors() {
		t.Fatal(list[0])
	}
	var parts []string
	for _, o := range s.Outputs {
		if o.Kind == SitemapFile {
			parts = append(parts, fmt.Sprint(o.Path, " ", o.Part))
		}
	}
	if want := "sitemap.xml 0, sitemap-1.xml 1, sitemap-2.xml 2"; strings.Join(parts, ", ") != want {
		t.Errorf("%d pages have %q", len(s.Searchable()), parts)
	}
}

// somethingOfEverything is a small site with every kind of page.
func somethingOfEverything() map[string]string {
	return map[string]string{
		"index.md":             "See [one](posts/one.md).\n",
		"posts/one.md":         post("One", "tags: [a, b]", "author: ann", "series: walk", "phase: alpha", "aliases: [/old/]"),
		"posts/two.md":         post("Two", "tags: [a]", "series: walk"),
		"posts/three.md":       post("Three", "tags: [a]"),
		"posts/four.md":        post("Four", "tags: [a]") + "\nSee [[Skeleton]] and ![a wall](../wall.png).\n",
		"series/walk.md":       "---\ntitle: A walk\n---\n",
		"courses/c/index.md":   "---\ntitle: Course\nstarts: 2026-02-01\n---\n",
		"courses/c/d/index.md": "---\ntitle: Day\ndate: 2026-02-01\n---\n",
		"courses/c/d/note.md":  "---\ntitle: Note\nprerequisites: [../../../posts/one.md]\n---\n",
		"notes/loose.md":       "# Loose\n",
		"glossary.md":          "Skeleton\n: The thinnest slice.\n",
		"about.md":             "# About\n",
		"maps.md":              "```impact-map goal\n- More\n  metric: x\n  - People\n    - Come\n      - Sign\n```\n\n```story-map calls\nimpact-map: goal\nslice: First - it works [beta]\n- Look\n  - Find\n    - Read [First, -> sign]\n```\n",
	}
}

func withFiles(in Input) Input {
	in.Files = []Source{{Path: "wall.png", Picture: &images.Picture{Width: 2000, Height: 1000, Narrower: []int{480, 960}}}, {Path: "posts/plan.pdf"}}
	in.Static, in.Assets = []string{"favicon.ico"}, []string{"assets/main-ABCDEFGH.css"}
	return in
}

// What New is given is what it was afterwards: a preview gives the same texts and files again and again.
func TestNewLeavesItsInputAsItIs(t *testing.T) {
	in := withFiles(input(t, somethingOfEverything()))
	in.Config.Menu = []config.MenuItem{{Target: "about.md"}, {Target: "gone.md"}, {Title: "Away", Target: "https://example.org/"}}
	again := withFiles(input(t, somethingOfEverything()))
	again.Config.Menu = slices.Clone(in.Config.Menu)
	same := cmp.Options{cmp.Comparer(func(x, y *time.Location) bool { return x == y })}
	first, _ := New(in)
	if diff := cmp.Diff(again, in, same); diff != "" {
		t.Fatalf("the input changed (- before, + after):\n%s", diff)
	}
	second, _ := New(in)
	for i, o := range first.Outputs {
		if second.Outputs[i].Path != o.Path || second.Outputs[i].Kind != o.Kind {
			t.Errorf("the second time, %s is %s", o.Path, second.Outputs[i].Path)
		}
	}
}

// What the site writes is in one list: a page for each Page, and each path once.
func TestOutputs(t *testing.T) {
	in := withFiles(input(t, somethingOfEverything()))
	in.Config.BaseURL = "https://example.org/"
	s, list := New(in)
	if list.HasErrors() {
		t.Fatal(list)
	}
	paths := map[string]OutputKind{}
	pages := 0
	for _, o := range s.Outputs {
		if was, twice := paths[o.Path]; twice {
			t.Errorf("%s is a %s and a %s", o.Path, was, o.Kind)
		}
		if paths[o.Path] = o.Kind; o.Kind == PageFile {
			pages++
		}
	}
	if pages != len(s.Pages) {
		t.Errorf("%d pages are written, of %d", pages, len(s.Pages))
	}
	for path, kind := range map[string]OutputKind{
		"index.html": PageFile, "404.html": PageFile, "posts/one/index.html": PageFile, "tags/a/page/1/index.html": PageFile, "old/index.html": RedirectFile,
		"atom.xml": AtomFeed, "tags/a/feed.json": JSONFeed, "courses/c/calendar.ics": CalendarFile, "maps/goal/goal.svg": MapDownload, "maps/calls/calls.opml": MapDownload,
		"wall.png": CopyFile, "wall-480w.png": NarrowerFile, "posts/plan.pdf": CopyFile, "favicon.ico": CopyFile, "assets/main-ABCDEFGH.css": AssetFile,
		"robots.txt": RobotsFile, "_headers": HeadersFile, "sitemap.xml": SitemapFile, "roadmap/index.html": PageFile, "journey/beta/index.html": PageFile,
	} {
		if paths[path] != kind {
			t.Errorf("%s is %q, and should be a %s", path, paths[path], kind)
		}
	}
}

// Two outputs with one address are an error that names both, whatever kinds they are of, and also where they differ in what
// some disks do not tell apart.
func TestOneAddress(t *testing.T) {
	for _, c := range []struct{ name, path, text, want string }{
		{"two texts", "posts/Uno.md", post("x", "slug: one"), "content/posts/Uno.md and content/posts/one.md have one address: /posts/one/"},
		{"an alias", "x.md", "---\naliases: [/posts/one/]\n---\n", "content/posts/one.md and an alias of content/x.md have one address: /posts/one/"},
		{"a feed", "x.md", "---\naliases: [/ATOM.xml/index.html]\n---\n", "the feed of / would be a file where an alias of content/x.md needs a folder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			texts := somethingOfEverything()
			texts[c.path] = c.text
			_, list := New(input(t, texts))
			if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool {
				return d.Severity == diag.Error && strings.HasPrefix(d.Message, c.want)
			}) {
				t.Errorf("nothing says %q: %v", c.want, list)
			}
		})
	}
}

// What is not for readers yet is held back, with what belongs to it; what is asked for all the same is there, and says why
// it would wait.
func TestHeldBack(t *testing.T) {
	texts := somethingOfEverything()
	texts["posts/draft.md"] = post("Draft", "draft: true")
	texts["posts/later.md"] = post("Later", "publish: 2026-04-01")
	texts["posts/over.md"] = post("Over", "expires: 2026-02-01")
	texts["courses/c/index.md"] = "---\ntitle: Course\ndraft: true\n---\n"
	in := input(t, texts)
	s, _ := New(in)
	var held []string
	for _, h := range s.Held {
		held = append(held, h.Name+" "+h.Reason)
	}
	want := []string{
		"content/courses/c/d/index.md draft", "content/courses/c/d/note.md draft", "content/courses/c/index.md draft",
		"content/posts/draft.md draft", "content/posts/later.md future", "content/posts/over.md expired",
	}
	if !slices.Equal(held, want) {
		t.Errorf("held back are %q, want %q", held, want)
	}
	in.Drafts, in.Future = true, true
	s, _ = New(in)
	if p := s.PageOf("courses/c/d/note.md"); p == nil || !p.Waiting(Draft) || s.PageOf("posts/later.md") == nil || s.PageOf("posts/over.md") != nil {
		t.Errorf("with all that is asked for, the note is %+v, and held back are %v", p, s.Held)
	}
}

// The kind of a page follows its folder, and a type goes before it.
func TestKinds(t *testing.T) {
	for path, kind := range map[string]Kind{
		"index.md": Home, "about.md": Plain, "guide/a/b.md": Plain, "posts/x.md": Post, "posts/index.md": List, "posts/deep/x.md": Post, "notes/x.md": Note,
		"series/x.md": SeriesPage, "series/x/y.md": Plain, "courses/x/index.md": Course, "courses/x/y.md": Session, "courses/x/y/z.md": Note, "glossary.md": GlossaryPage,
	} {
		s, _ := New(input(t, map[string]string{path: "# x\n"}))
		if p := s.PageOf(path); p == nil || p.Kind != kind {
			t.Errorf("%s is %+v, and should be a %s", path, p, kind)
		}
	}
	s, _ := New(input(t, map[string]string{"x.md": "---\ntype: post\n---\n"}))
	if p := s.PageOf("x.md"); p.Kind != Post || len(s.Posts) != 1 {
		t.Errorf("a page of the type post is a %s", p.Kind)
	}
}

// The pages that there is one of are found wherever they stand.
func TestLandmarks(t *testing.T) {
	texts := somethingOfEverything()
	texts["posts/index.md"] = "---\ntitle: All I wrote\nslug: writing\n---\n"
	texts["tags.md"] = "---\ntitle: Words\nslug: words\n---\n"
	s, _ := New(input(t, texts))
	for _, c := range []struct {
		page *Page
		want string
	}{
		{s.Section(PostsSection), "/writing/"},
		{s.Only(Tags), "/words/"},
		{s.Section(SeriesSection), "/series/"},
		{s.Only(NotFound), "/404.html"},
		{s.Only(Journey), "/journey/"},
		{s.Only(GlossaryPage), "/glossary/"},
		{s.Only(Home), "/"},
		{s.Only(Authors), "/authors/"},
	} {
		if c.page == nil || c.page.URL != c.want {
			t.Errorf("%+v should stand at %s", c.page, c.want)
		}
	}
	if !slices.ContainsFunc(s.Menu, func(m MenuItem) bool { return m.Title == "All I wrote" && m.Page.URL == "/writing/" }) {
		t.Errorf("the menu is %+v", s.Menu)
	}
	if p := s.PageOf("posts/one.md"); p.URL != "/writing/one/" || p.Parent != s.Section(PostsSection) {
		t.Errorf("a post stands at %s", p.URL)
	}
}

// A picture is either there, with its size, or not at all: a link to one is never half of each.
func TestAPictureIsThereOrNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "#x", "?", "?a=b#c", "wall.png", "../wall.png", "/wall.png", "/favicon.ico", "posts/", "index.md", "%"})).Draw(t, "target")
		in := withFiles(input(t, map[string]string{"index.md": "x\n"}))
		in.Docs[0].Links = []markdown.Link{{Kind: markdown.Image, Target: target}}
		s, _ := New(in)
		if got := s.Home.Links[0]; !got.External && (got.URL == "") != (got.Image == nil) {
			t.Fatalf("%q leads to %+v", target, got)
		}
	})
}

// Where only the words of a text change, Revise leaves the Site as New would make it.
func TestReviseIsWhatNewWouldMake(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := somethingOfEverything()
		name := rapid.SampledFrom([]string{"posts/one.md", "posts/four.md", "about.md", "courses/c/d/note.md", "glossary.md", "maps.md"}).Draw(t, "name")
		before, _ := New(withFiles(input(t, texts)))
		texts[name] += "\n" + rapid.StringMatching(`[a-z .]{0,200}|# New\n|\[\[Skeleton\]\]`).Draw(t, "words") + "\n"
		in := withFiles(input(t, texts))
		after, _ := New(in)
		at := slices.IndexFunc(in.Docs, func(d *markdown.Document) bool { return d.Path == name })
		if _, ok := before.Revise(in.Docs[at]); !ok {
			return // New has to be asked
		}
		if was, is := described(before), described(after); !slices.Equal(was, is) {
			t.Fatalf("revised, the site is\n%s\nand made anew\n%s", strings.Join(was, "\n"), strings.Join(is, "\n"))
		}
	})
}

// described says of each page what others can know of it.
func described(s *Site) []string {
	var out []string
	for _, p := range s.Pages {
		line := fmt.Sprint(p.Kind, " ", p.URL, " ", p.Title, " ", p.Description, " ", p.Minutes, " ", len(p.Backlinks), " ", len(p.Items))
		for _, l := range p.Links {
			line += fmt.Sprint(" ", l.URL, l.Fragment, l.Title, l.Term != nil, l.Image != nil)
		}
		if p.Doc != nil {
			line += fmt.Sprint(" ", p.Doc.Words, " ", p.Doc.Headings)
		}
		out = append(out, line)
	}
	return out
}

// What an author wrote in the place of an index that has nothing to gather stands for it; a posts folder without posts lists
// what it has.
func TestPagesInThePlaceOfIndexes(t *testing.T) {
	s, _ := New(input(t, map[string]string{"tags.md": "# Words\n", "posts/x.md": "---\ntype: note\n---\n", "index.md": "---\ntype: page\n---\n"}))
	if p := s.Only(Tags); p == nil || p.Title != "Words" {
		t.Errorf("the tags are at %+v", p)
	}
	if p := s.Section(PostsSection); len(p.Items) != 1 {
		t.Errorf("the folder lists %d pages", len(p.Items))
	}
}
