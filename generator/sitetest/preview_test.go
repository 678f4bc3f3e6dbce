package sitetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/generator"
	preview "waymark/generator/serve"
)

// desk is a preview that is being looked at while its files are changed.
type desk struct {
	*tab
	dir, address string
}

// deskFiles are a site with something to scroll.
func deskFiles() map[string]string {
	return map[string]string{
		"waymark.yaml":           "title: Desk\nbase_url: https://example.org/notes/\neditor: vscode\n",
		"content/index.md":       "---\ntitle: Home\n---\nWelcome.\n",
		"content/posts/one.md":   longPost("One", "first"),
		"content/posts/two.md":   longPost("Two", "second"),
		"content/box/a/note.md":  "# A note\n\nIn a folder.\n",
		"content/box/a/wall.svg": wall(40),
		"content/glossary.md":    "# Glossary\n\nSkeleton\n: The thinnest slice.\n",
		"content/pictures.md":    "# Pictures\n\n![A wall](box/a/wall.svg)\n",
	}
}

func wall(width int) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="40"><rect width="30" height="30"/></svg>`, width)
}

func longPost(title, word string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\ndate: 2026-01-01\ntags: [a]\n---\n", title)
	for i := range 60 {
		fmt.Fprintf(&b, "Paragraph %d has a %s word, and *some* more `of` them.\n\n", i, word)
		if i%10 == 0 {
			fmt.Fprintf(&b, "## Part %d\n\n```go\nfunc part%d() {} // %s\n```\n\n", i, i, word)
		}
	}
	return b.String()
}

// sit serves files, and opens a browser.
func sit(t *testing.T, files map[string]string, change ...func(*preview.Options)) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir()}
	writeFiles(t, d.dir, files)
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	o := preview.Options{
		Config: generator.Config{Dir: d.dir, Drafts: true, Future: true, Preview: true}, Address: "127.0.0.1:0", Only: true, Out: &strings.Builder{},
		Clock: func() time.Time { return time.Unix(1767225600, 0) }, Ready: func(address string) { ready <- address },
	}
	for _, f := range change {
		f(&o)
	}
	go func() { ended <- preview.Run(ctx, o) }()
	select {
	case d.address = <-ready:
	case err := <-ended:
		stop()
		t.Fatal(err)
	}
	d.tab = open(t, strings.TrimSuffix(d.address, "notes/"))
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *desk) write(name, text string) {
	d.Helper()
	writeFiles(d.T, d.dir, map[string]string{name: text})
}

// visit goes to a page, marks it, and waits until it listens and its author's bar is there.
func (d *desk) visit(page string) {
	d.Helper()
	d.see(d.address+page, 1000)
	d.until("the bar is there", `Boolean(document.querySelector(".waymark-preview")?.shadowRoot.querySelector(".facts").textContent)`)
	d.do(chromedp.Evaluate[chromedp.Void](`window.mark = "still here"`))
}

// hide makes the page believe that nobody sees it, or that somebody does.
func (d *desk) hide(state string) {
	d.Helper()
	d.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`Object.defineProperty(document, "visibilityState", {value: %q, configurable: true}); document.dispatchEvent(new Event("visibilitychange"))`, state)))
}

// stayed reports whether the page was not loaded again since it was visited.
func (d *desk) stayed() bool { return value[bool](d.tab, `window.mark === "still here"`) }

func (d *desk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.messages = nil
}

func has(text string) string { return fmt.Sprintf("document.body.innerText.includes(%q)", text) }

// overlay is what the list of mistakes says, or "" where it is closed.
const overlay = `(() => { const p = document.querySelector(".waymark-preview")?.shadowRoot.querySelector(".panel"); return p && !p.hidden ? p.innerText : ""; })()`

// Changed words appear where they stand: the page is not loaded again, and nothing moves.
func TestWordsChangeInPlace(t *testing.T) {
	d := sit(t, deskFiles())
	d.visit("posts/one/")
	d.do(chromedp.Evaluate[chromedp.Void](`scrollTo({top: 700, behavior: "instant"}); document.querySelector("main a").focus({preventScroll: true})`))
	before := value[int](d.tab, `Math.round(scrollY)`)
	d.write("content/posts/one.md", strings.Replace(longPost("One", "first"), "Paragraph 40 has", "Paragraph 40, mended, has", 1))
	d.until("the words change", has("Paragraph 40, mended, has"))
	after := value[int](d.tab, `Math.round(scrollY)`)
	focus := value[string](d.tab, `document.activeElement.nodeName`)
	if !d.stayed() || before != 700 || after != before || focus != "A" {
		t.Errorf("loaded again: %v; scrolled to %d, then %d; the focus is on %s", !d.stayed(), before, after, focus)
	}
	d.quiet("words")
}

// What is more than words is loaded again, where it was scrolled to. Pages that are not concerned are left alone.
func TestReloadKeepsThePlace(t *testing.T) {
	d := sit(t, deskFiles())
	d.visit("posts/one/")
	d.do(chromedp.Evaluate[chromedp.Void](`scrollTo({top: 700, behavior: "instant"})`))
	d.write("content/posts/one.md", longPost("One", "first")+"\n## A new part\n\n> [!NOTE]\n> Look.\n")
	d.until("the page is loaded again", has("A new part")+` && window.mark === undefined && Math.round(scrollY) === 700`)
	d.visit("posts/two/")
	d.write("content/box/a/note.md", "# A note\n\nOf which nothing stands in the post.\n")
	d.write("content/posts/two.md", longPost("Two", "second")+"\nThe end.\n")
	d.until("the post changes", has("The end."))
	if !d.stayed() {
		t.Error("it was loaded again for another page")
	}
	d.quiet("reload")
}

// After any change of words the page in the browser is the page that a fresh visit gives, scripts and all.
func TestPatchedPagesArePages(t *testing.T) {
	d := sit(t, deskFiles())
	random := rand.New(rand.NewPCG(1, 2))
	text := longPost("One", "first")
	// What is shown, without what the preview adds. The theme marks the heading that is being read.
	const shown = `[...document.querySelectorAll("main, header, footer, title, head meta, script[type='application/ld+json']")].map((e) => e.outerHTML).join("\n").replaceAll(/ aria-current="[a-z]+"/g, "")`
	d.visit("posts/one/")
	inPlace := 0
	for i := range 25 {
		lines := strings.Split(text, "\n")
		at := 8 + random.IntN(len(lines)-10)
		switch random.IntN(8) {
		case 0:
			lines[at] += fmt.Sprintf(" more%d", i)
		case 1:
			lines = append(lines[:at], lines[at+1:]...)
		case 2:
			lines = append(lines[:at], append([]string{"", fmt.Sprintf("A *new* paragraph %d, with `code`.", i), ""}, lines[at:]...)...)
		case 3:
			lines[1] = fmt.Sprintf("title: One, number %d", i)
		case 4:
			lines[at] = strings.ReplaceAll(lines[at], "word", fmt.Sprintf("**word %d**", i))
		case 5:
			lines = append(lines, "", fmt.Sprintf("- a list %d", i), "- of things", "")
		case 6:
			lines = append(lines, "", "| a | b |", "|---|---|", fmt.Sprintf("| %d | with a note[^n%d] |", i, i), "", fmt.Sprintf("[^n%d]: A footnote on [[skeleton]].", i), "")
		case 7:
			lines = append(lines, "", fmt.Sprintf("A link to [two](two.md), and a [[Skeleton]], %d times.", i), "")
		}
		text = strings.Join(append(lines, fmt.Sprintf("Edit%d.", i), ""), "\n")
		d.write("content/posts/one.md", text)
		d.until("the edit shows", has(fmt.Sprintf("Edit%d.", i)))
		if d.stayed() {
			inPlace++
		}
		patched := value[string](d.tab, shown)
		d.visit("posts/one/")
		if fresh := value[string](d.tab, shown); fresh != patched {
			t.Fatalf("edit %d: patched\n%.3000s\nfresh\n%.3000s", i, patched, fresh)
		}
	}
	if inPlace < 5 {
		t.Errorf("only %d of 25 changes were made in place", inPlace)
	}
	d.quiet("patched")
}

// A changed style sheet is swapped in, without loading the page again, even twice.
func TestStyleIsSwapped(t *testing.T) {
	d := sit(t, deskFiles())
	d.visit("posts/one/")
	for _, colour := range []string{"rgb(1, 2, 3)", "rgb(4, 5, 6)"} {
		d.write("assets/css/adapt.css", "h1 { color: "+colour+" }")
		d.until("the heading has its colour", fmt.Sprintf(`getComputedStyle(document.querySelector("h1")).color === %q && document.querySelectorAll("link[rel=stylesheet]").length === 1`, colour))
	}
	d.write("content/posts/one.md", strings.Replace(longPost("One", "first"), "Paragraph 4 has", "Paragraph 4, after that, has", 1))
	d.until("words change in place after that", has("Paragraph 4, after that, has"))
	if !d.stayed() {
		t.Error("the page was loaded again")
	}
	for i := range 20 { // faster than a browser can follow
		d.write("assets/css/adapt.css", fmt.Sprintf("h1 { color: rgb(9, 9, %d) }", i))
	}
	d.until("the last of many style sheets is the only one", `getComputedStyle(document.querySelector("h1")).color === "rgb(9, 9, 19)" && document.querySelectorAll("link[rel=stylesheet]").length === 1`)
	d.mu.Lock()
	d.messages = slices.DeleteFunc(d.messages, func(m string) bool { return strings.Contains(m, "404") }) // style sheets of a moment
	d.mu.Unlock()
	d.quiet("style")
}

// A mistake leaves the page as it was, below a list that names the place, shows the line and says what to do. It goes
// when the mistake is mended.
func TestMistakesAreShownAndGo(t *testing.T) {
	d := sit(t, deskFiles())
	good := deskFiles()
	for _, c := range []struct{ what, page, name, bad, shows string }{
		{"a date", "posts/one/", "content/posts/one.md", strings.Replace(longPost("One", "first"), "2026-01-01", "02/01/2024", 1), "content/posts/one.md:3:7|date: 02/01/2024|write 2024-01-02 or 2024-02-01|This page is shown as it was"},
		{"an address", "posts/one/", "content/posts/one.md", strings.Replace(longPost("One", "first"), "---\n", "---\nslug: two\n", 1), "have one address|This page is shown as it was"},
		{"the configuration", "posts/two/", "waymark.yaml", "titel: Desk\n", "waymark.yaml:1:1|did you mean \"title\"?|A mistake that concerns the whole site"},
		{"a layout that cannot be read", "posts/two/", "layouts/post.html", "{{define \"main\"}}\n{{if .Page.Title}}", "layouts/post.html:2|A mistake that concerns the whole site"},
		{"a layout that asks for what is not there", "posts/two/", "layouts/post.html", "{{define \"main\"}}<h1>{{.Page.Titel}}</h1>{{end}}", "layouts/post.html:1:29|did you mean \"Title\"?|This page is shown as it was"},
		{"a style sheet", "posts/two/", "assets/css/adapt.css", "@import \"no-such.css\";", "assets/css/adapt.css:1|A mistake that concerns the whole site"},
	} {
		d.visit(c.page)
		before := value[string](d.tab, `document.querySelector("main").innerText`)
		d.write(c.name, c.bad)
		for _, text := range strings.Split(c.shows, "|") {
			d.until(c.what+" is shown", fmt.Sprintf(`%s.includes(%q)`, overlay, text))
		}
		if after := value[string](d.tab, `document.querySelector("main").innerText`); after != before || !d.stayed() {
			t.Errorf("%s: the page did not stay as it was", c.what)
		}
		if c.name == "content/posts/one.md" {
			if edit := value[string](d.tab, `document.querySelector(".waymark-preview").shadowRoot.querySelector(".where a").href`); !strings.HasPrefix(edit, "vscode://file"+filepath.ToSlash(d.dir)+"/content/posts/") {
				t.Errorf("%s: the editor is opened with %s", c.what, edit)
			}
		}
		if text, kept := good[c.name]; kept {
			d.write(c.name, text)
		} else if err := os.Remove(filepath.Join(d.dir, c.name)); err != nil {
			t.Fatal(err)
		}
		d.until(c.what+" is mended", overlay+` === "" && `+`document.querySelector(".waymark-preview").shadowRoot.querySelector(".status").textContent === "No mistakes"`)
		d.quiet(c.what)
	}
}

// A page that never was without mistakes says why, and comes by itself. Others are not touched.
func TestAPageThatNeverWas(t *testing.T) {
	files := deskFiles()
	files["content/posts/three.md"] = "---\ntitle: Three\ndate: 2026-13-01\n---\nThe third.\n"
	d := sit(t, files)
	d.see(d.address+"posts/three/", 1000)
	d.until("it says why", has("This page cannot be shown yet")+" && "+has("content/posts/three.md:3:7"))
	d.forget() // the browser tells of the status 500
	d.write("content/posts/three.md", "---\ntitle: Three\ndate: [unclosed\n---\nThe third.\n")
	d.until("it says why now", has("content/posts/three.md:3")+" && !"+has("2026-13-01"))
	d.write("content/posts/three.md", "---\ntitle: Three\ndate: 2026-12-01\n---\nThe third.\n")
	d.until("it comes", has("The third.")+" && document.querySelector('h1').innerText === 'Three'")
	d.forget() // the browser tells of the status 500
	d.visit("posts/two/")
	d.quiet("another page")
}

// What comes, goes, moves, and changes for all pages is followed.
func TestFilesComeAndGo(t *testing.T) {
	d := sit(t, deskFiles())
	d.see(d.address+"posts/new/", 1000)
	d.until("it is not there", has("This page is not here"))
	d.write("content/posts/new.md", longPost("New", "newest"))
	d.until("a new file is shown", has("Paragraph 1 has a newest word"))
	if err := os.Remove(filepath.Join(d.dir, "content/posts/new.md")); err != nil {
		t.Fatal(err)
	}
	d.until("a file that goes takes its page along", has("This page is not here"))
	d.see(d.address+"box/b/note/", 1000)
	d.until("it is not there", has("This page is not here"))
	if err := os.Rename(filepath.Join(d.dir, "content/box/a"), filepath.Join(d.dir, "content/box/b")); err != nil {
		t.Fatal(err)
	}
	d.until("a folder with another name is shown there", has("In a folder."))
	d.write("layouts/page.html", `{{define "main"}}<h1>Another layout for {{.Page.Title}}</h1>{{.Page.Body}}{{end}}`)
	d.until("another layout is shown", has("Another layout for A note"))
	d.write("waymark.yaml", "title: Another desk\nbase_url: https://example.org/notes/\n")
	d.until("another configuration is shown", `document.title.includes("Another desk")`)
	d.visit("pictures/")
	d.write("content/pictures.md", "# Pictures\n\n![A wall](box/b/wall.svg)\n")
	d.until("a picture is shown", `document.querySelector("main img")?.naturalWidth === 40`)
	d.write("content/box/b/wall.svg", wall(90))
	d.until("a picture that changed is shown", `document.querySelector("main img").naturalWidth === 90`)
	d.visit("pictures/")
	d.write("content/pictures.md", "# Pictures\n\n![A wall](box/b/wall.svg)\n\nWith words.\n")
	d.write("content/box/b/wall.svg", wall(70))
	d.until("words and a picture that changed together are shown", `document.querySelector("main img").naturalWidth === 70 && `+has("With words."))
	d.visit("pictures/")
	d.hide("hidden")
	d.write("content/box/b/wall.svg", wall(80))
	d.write("content/pictures.md", "# Pictures\n\n![A wall](box/b/wall.svg)\n\nWith other words.\n")
	d.hide("visible")
	d.until("a picture that changed meanwhile is shown", `document.querySelector("main img").naturalWidth === 80 && `+has("With other words."))
	d.forget() // the browser tells of each status 404
	d.visit("posts/one/")
	d.write("waymark.yaml", "title: Another desk\nbase_url: https://example.org/elsewhere/\n")
	d.until("the browser follows the site to another address", `location.pathname === "/elsewhere/posts/one/" && `+has("Paragraph 1 has a first word"))
}

// With --follow the browser goes where the author writes.
func TestFollow(t *testing.T) {
	d := sit(t, deskFiles(), func(o *preview.Options) { o.Follow = true })
	d.visit("posts/one/")
	d.write("content/posts/two.md", longPost("Two", "followed"))
	d.until("the browser follows", `location.pathname === "/notes/posts/two/" && `+has("Paragraph 1 has a followed word"))
	d.write("content/box/a/note.md", "# A note\n\nHere now.\n")
	d.until("and again", `location.pathname === "/notes/box/a/note/" && `+has("Here now."))
	d.visit("box/a/note/")
	d.do(chromedp.Evaluate[chromedp.Void](`history.back()`))
	d.until("who goes back stays there", `location.pathname === "/notes/posts/two/" && `+has("a followed word"))
	d.write("content/posts/two.md", longPost("Two", "later"))
	d.until("and is told of changes there", `location.pathname === "/notes/posts/two/" && `+has("Paragraph 1 has a later word"))
	d.quiet("following")
}

// The author's bar, the list of mistakes and the report are for everybody: axe is silent, the keyboard reaches them, and
// nothing is wider than the screen, light and dark.
func TestTheAuthorsBar(t *testing.T) {
	axe := readAxe(t)
	files := deskFiles()
	files["content/posts/draft.md"] = "---\ntitle: A draft\ndate: 2027-03-01\ndraft: true\n---\nTo [nowhere](nowhere.md), with a word that is very much longer than it should ever be: " + strings.Repeat("abcdefgh", 30) + "\n"
	files["content/posts/broken.md"] = "---\ntitle: Broken\ndate: 02/01/2024\n---\nx\n"
	d := sit(t, files)
	for _, colours := range []string{"light", "dark"} {
		d.media("", "prefers-color-scheme", colours)
		for _, width := range widths {
			name := fmt.Sprintf("bar %s %d", colours, width)
			d.visit("posts/draft/")
			d.quiet(name)
			d.inspect(name, d.address+"posts/draft/", width, axe)
			d.until("the bar is there", `document.querySelector(".waymark-preview")?.shadowRoot.querySelector(".facts").textContent`)
			facts := value[string](d.tab, `document.querySelector(".waymark-preview").shadowRoot.querySelector(".line").innerText.replaceAll(/\s+/g, " ")`)
			if width > 700 && facts != "Preview Draft Scheduled content/posts/draft.md 16 words 1 min 1 error, 1 warning" {
				t.Errorf("%s says %q", name, facts)
			}
			d.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".waymark-preview").shadowRoot.querySelector(".status").focus()`), chromedp.KeyEvent(kb.Enter))
			d.until("the list is open", overlay+`.includes("there is no page or file \"nowhere.md\"") && `+overlay+`.includes("build with --drafts to see it")`)
			for _, v := range value[[]string](d.tab, axeRun) {
				t.Errorf("%s, open: axe: %s", name, v)
			}
			if out := value[string](d.tab, widest); out != "" {
				t.Errorf("%s, open: wider than the screen: %s", name, out)
			}
			d.do(chromedp.KeyEvent(kb.Escape))
			d.until("Escape closes it", overlay+` === "" && document.querySelector(".waymark-preview").shadowRoot.activeElement.className.includes("status")`)
			d.inspect("report "+name, d.address+"posts/broken/", width, axe)
			d.forget() // the browser tells of the status 500, and of style sheets that axe writes into a shadow tree
		}
	}
	d.media("print", "prefers-color-scheme", "light")
	d.see(d.address+"posts/draft/", 1000)
	d.until("there is no bar on paper", `getComputedStyle(document.querySelector(".waymark-preview")).display === "none"`)
}

// A tab that nobody sees gives its connection back, because a browser has only six; it comes back up to date.
func TestManyTabs(t *testing.T) {
	d := sit(t, deskFiles())
	d.visit("posts/one/")
	streams := 0
	if err := chromedp.Listen(d.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && strings.Contains(e.Request.URL, "/_waymark/events") {
			d.mu.Lock()
			streams++
			d.mu.Unlock()
		}
	}); err != nil {
		t.Fatal(err)
	}
	d.hide("hidden")
	d.write("content/posts/one.md", strings.Replace(longPost("One", "first"), "Paragraph 4 has", "Paragraph 4, meanwhile, has", 1))
	d.write("content/posts/two.md", longPost("Two", "other"))
	d.hide("visible")
	d.until("it is up to date", has("Paragraph 4, meanwhile, has"))
	d.mu.Lock()
	defer d.mu.Unlock()
	if streams == 0 {
		t.Error("it did not give its connection back")
	}
}
