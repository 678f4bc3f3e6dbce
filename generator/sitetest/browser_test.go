package sitetest

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/generator"
)

// kinds is one page of every kind.
var kinds = map[string]string{
	"home": "", "post": "posts/the-shelf-in-numbers/", "part": "posts/opening-the-doors/", "series": "series/discovery-to-live/",
	"series list": "series/", "course": "courses/three-days/", "courses": "courses/", "session": "courses/three-days/day-two/",
	"note": "courses/three-days/day-three/mine-ours-theirs/", "page": "guide/writing/", "reference": "guide/themes/", "list": "posts/",
	"numbered list": "posts/page/1/", "tag": "tags/roadmap/", "tags": "tags/", "author": "authors/rosa/", "authors": "authors/",
	"archive": "archive/", "year": "archive/2026/", "journey": "journey/", "phase": "journey/beta/", "glossary": "glossary/", "404": "404.html",
	"maps": "maps/", "impact map": "maps/borrow-instead/", "story map": "maps/borrowing-a-tool/", "roadmap": "roadmap/", "goal": "maps/borrow-instead/goals/more-households-borrow-instead-of-buying/", "page with maps": "courses/three-days/day-two/",
	"review": "review/", "search": "search/", "record": "record/", "end of a series": "series/impact-mapping/finished/", "questions": "guide/questions/", "cards": "guide/review/",
	"part of a map":      "posts/the-walking-skeleton/",
	"another impact map": "maps/quiet-mondays/", "a third impact map": "maps/school-mornings/", "another story map": "maps/long-table/", "a third story map": "maps/parents-morning/",
	"branch of a map": "posts/change-behaviour-not-software/", "guide to maps": "guide/maps/",
}

var widths = []int64{390, 834, 1440}

// tab is a page in a browser. What goes wrong in it ends the test.
type tab struct {
	*testing.T
	ctx      context.Context
	mu       sync.Mutex
	origin   string
	messages []string
}

// open starts Chromium, which makes no request of its own, with a tab that notes all that the browser says, and every
// request that leaves origin.
func open(t *testing.T, origin string, more ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		missing(t, "chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true))
	options = append(options, more...)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx, origin: origin}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	call(b, log.Enable, cdp.Empty{})
	call(b, network.Enable, network.EnableParams{})
	call(b, runtime.Enable, cdp.Empty{})
	return b
}

func (b *tab) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.messages = append(b.messages, fmt.Sprintf("console: %s", e.Type))
	case *runtime.EventExceptionThrown:
		b.messages = append(b.messages, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		if !strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
			b.messages = append(b.messages, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, b.origin) && !strings.HasPrefix(u, "data:") {
			b.messages = append(b.messages, "a request leaves the site: "+u)
		}
	}
}

// quiet reports everything that was noted since the last time.
func (b *tab) quiet(name string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.messages {
		b.Errorf("%s: %s", name, m)
	}
	b.messages = nil
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// see goes to a page at a width.
func (b *tab) see(address string, width int64) {
	b.Helper()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate(address))
}

// resize makes the window wider or narrower, and waits until the page was laid out in it.
func (b *tab) resize(width int64) {
	b.Helper()
	b.do(chromedp.EmulateViewport(width, 900))
	value[bool](b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

func (b *tab) click(css string) {
	b.Helper()
	b.do(chromedp.Click(chromedp.CSS(css)))
}

// media sets what the system prefers: a colour scheme, forced colours, print.
func (b *tab) media(kind, feature, value string) {
	b.Helper()
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind, Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
}

func call[P, R any](b *tab, command cdp.Command[P, R], params P) {
	b.Helper()
	if _, err := chromedp.Call(b.ctx, command, params); err != nil {
		b.Fatal(err)
	}
}

// value evaluates an expression in the page.
func value[T any](b *tab, expression string) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// until looks at the page, whichever it is by then, until an expression holds. A page that is being left is asked again.
func (b *tab) until(what, expression string) {
	b.Helper()
	limit := time.Now().Add(time.Minute)
	for time.Now().Before(limit) {
		ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`new Promise((done) => setTimeout(() => done(Boolean(`+expression+`)), 5))`, chromedp.EvalAwaitPromise))
		cancel()
		if err == nil && holds {
			return
		}
	}
	b.Fatalf("%s: not so after a minute: %s\n%s", what, expression, value[string](b, `location.href + "\n" + document.body.innerText.slice(0, 600)`))
}

// Every kind of page, light and dark, at three widths: axe has nothing to say, nor has the console; nothing leaves the
// site; and nothing has to be scrolled sideways.
func TestPagesInABrowser(t *testing.T) {
	axe := readAxe(t)
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	for kind, page := range kinds {
		for _, colours := range []string{"light", "dark"} {
			for _, width := range widths {
				name := fmt.Sprintf("%s %s %d", kind, colours, width)
				b.media("", "prefers-color-scheme", colours)
				b.inspect(name, server.URL+"/notes/"+page, width, axe)
				b.quiet(name)
			}
		}
	}
}

func readAxe(t *testing.T) string {
	t.Helper()
	axe, err := os.ReadFile(npm(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(axe)
}

// inspect goes to a page and reports what axe says of it, and what is wider than the screen.
func (b *tab) inspect(name, address string, width int64, axe string) {
	b.Helper()
	b.see(address, width)
	if out := value[string](b, widest); out != "" {
		b.Errorf("%s: wider than the screen: %s", name, out)
	}
	b.do(chromedp.Evaluate[chromedp.Void](axe))
	for _, v := range value[[]string](b, axeRun) {
		b.Errorf("%s: axe: %s", name, v)
	}
}

const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then((r) => r.violations.map((v) =>
	v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join(" | ")))`

// widest names what sticks out of the page to the side, if the page can be scrolled that way.
const widest = `(() => {
	const root = document.scrollingElement;
	if (root.scrollWidth <= root.clientWidth) return "";
	const out = [...document.body.querySelectorAll("*")].find((e) =>
		e.getBoundingClientRect().right > root.clientWidth + 1 && getComputedStyle(e).visibility !== "hidden");
	return root.scrollWidth + " px " + (out ? out.outerHTML.slice(0, 120) : "");
})()`

// Everything that can be used is reached with the Tab key, and shows that it has the focus.
func TestKeyboardReachesEverything(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	for _, width := range []int64{390, 1440} {
		for _, kind := range []string{"home", "part", "course", "session", "journey", "glossary", "tags", "page", "page with maps"} {
			b.see(server.URL+"/notes/"+kinds[kind], width)
			wanted := value[int](b, `window.wanted = [...document.querySelectorAll("a[href], button, summary, textarea:enabled, select:enabled, input:enabled:not([type='radio']), [tabindex='0']")].filter((e) =>
				e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})); window.seen = new Set(); window.dim = []; wanted.length`)
			groups := value[int](b, `new Set([...document.querySelectorAll("input[type='radio']")].map((e) => e.name)).size`)
			for range wanted + groups + 3 {
				b.do(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate[chromedp.Void](`(() => {
					const e = document.activeElement;
					seen.add(e);
					if (e !== document.body && getComputedStyle(e).outlineStyle === "none") dim.push(e.outerHTML.slice(0, 100));
				})()`))
			}
			left := value[[]string](b, `wanted.filter((e) => !seen.has(e)).map((e) => e.outerHTML.slice(0, 120))`)
			dim := value[[]string](b, `dim`)
			if wanted < 8 || len(left) > 0 || len(dim) > 0 {
				t.Errorf("%s at %d px: of %d the keyboard does not reach %q; these do not show the focus: %q", kind, width, wanted, left, dim)
			}
		}
	}
}

// Without JavaScript every page shows its text and its ways on, also on a phone.
func TestWithoutJavaScript(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	for kind, page := range kinds {
		call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		b.see(server.URL+"/notes/"+page, 390)
		// The page's own scripts had their moment, and did not run. Now the test may look.
		call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
		title := value[string](b, `document.querySelector("h1").innerText`)
		text := value[string](b, `document.querySelector("main").innerText`)
		ran := value[bool](b, `!document.querySelector("[data-theme-switch]").hidden`)
		b.click("details.menu > summary")
		ways := value[int](b, `[...document.querySelectorAll("details.menu a")].filter((a) => a.checkVisibility()).length`)
		if ran || title == "" || len(text) < 60 || ways < 5 {
			t.Errorf("%s: scripts ran: %v, title %q, %d characters of text, %d ways on", kind, ran, title, len(text), ways)
		}
		b.quiet(kind)
	}
}

// A portable site works straight from the file system: styles, scripts and links.
func TestPortableSiteFromTheFileSystem(t *testing.T) {
	dir := build(t, func(c *generator.Config) { c.Portable = true })
	b := open(t, "file://")
	b.see((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "index.html"))}).String(), 1440)
	family := value[string](b, `document.fonts.ready.then(() => [...document.fonts].filter((f) => f.status === "loaded").map((f) => f.family).join())`)
	switched := value[bool](b, `!document.querySelector("[data-theme-switch]").hidden`)
	b.click(".cards .card h3 a")
	b.do(chromedp.WaitVisible(chromedp.CSS(".stations")))
	b.click(".stations h2 a")
	b.do(chromedp.WaitVisible(chromedp.CSS("article .text")))
	title := value[string](b, `document.querySelector("h1").innerText`)
	if !strings.Contains(family, "Atkinson") || !switched || title != "What a discovery is for" {
		t.Errorf("font %q, script ran: %v, arrived at %q", family, switched, title)
	}
	b.quiet("portable")
}

// The reader's choice of colours holds on the next page, and can be taken back; a term's meaning shows on focus and
// goes on Escape.
func TestChoosingColoursAndReadingATerm(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	paper := func() string { return value[string](b, `getComputedStyle(document.body).backgroundColor`) }
	meaning := func() string {
		return value[string](b, `getComputedStyle(document.querySelector(".term .tip")).display`)
	}
	b.media("", "prefers-color-scheme", "dark")
	b.see(server.URL+"/notes/"+kinds["part"], 1440)
	system := paper()
	b.click("[data-theme-switch]")
	light := paper()
	b.see(server.URL+"/notes/glossary/", 1440)
	next := paper()
	b.click("[data-theme-switch]")
	dark := paper()
	b.click("[data-theme-switch]")
	b.see(server.URL+"/notes/"+kinds["part"], 1440)
	b.do(chromedp.Focus(chromedp.CSS(".term a")))
	shown := meaning()
	b.do(chromedp.KeyEvent(kb.Escape))
	gone := meaning()
	if system == light || next != light || dark != system || shown != "block" || gone != "none" {
		t.Errorf("paper: system %s, light %s, next page %s, dark %s; meaning: %s, then %s", system, light, next, dark, shown, gone)
	}
	b.quiet("choosing")
}

// tap touches the middle of what an expression gives.
func (b *tab) tap(element string) {
	b.Helper()
	at := value[struct{ X, Y float64 }](b, `(() => { const e = `+element+`; e.scrollIntoView({ block: "center", behavior: "instant" }); const r = e.getClientRects()[0]; return { x: r.left + r.width / 2, y: r.top + r.height / 2 } })()`)
	for _, event := range []input.DispatchTouchEventParams{
		{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at.X, Y: at.Y}}}, {Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}},
	} {
		if _, err := chromedp.Call(b.ctx, input.DispatchTouchEvent, event); err != nil {
			b.Fatal(err)
		}
	}
}

// The first tap on a term opens its meaning, the second one leads to the glossary. "Skip to the text" passes what stands beside it.
func TestTappingATermAndSkipping(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	page := server.URL + "/notes/" + kinds["part"]
	b.see(page, 390)
	if _, err := chromedp.Call(b.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true}); err != nil {
		t.Fatal(err)
	}
	term := `document.querySelector(".text .term a")`
	b.tap(term)
	b.until("the meaning shows", `getComputedStyle(document.querySelector(".text .term .tip")).display === "block"`)
	if at := value[string](b, `location.pathname`); !strings.HasSuffix(page, at) {
		t.Errorf("the first tap led to %s", at)
	}
	b.tap(term)
	b.until("the glossary shows", `location.pathname.endsWith("/glossary/")`)
	b.see(page, 1440)
	b.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	if at := value[string](b, `document.activeElement.tagName`); at != "ARTICLE" {
		t.Errorf("skipping leads to %s", at)
	}
	b.quiet("tapping and skipping")
}

// commit puts a folder into a Git repository of its own.
func commit(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "x"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
}

// Written from right to left, in forced colours, and on paper, pages stay whole.
func TestOtherWaysOfReading(t *testing.T) {
	axe := readAxe(t)
	dir := t.TempDir()
	site := filepath.Join(dir, "site")
	writeFiles(t, site, map[string]string{
		"waymark.yaml":        "title: تعلّم\nlanguage: ar\nchanges: true\n",
		"content/glossary.md": "# مسرد\n\nب\n: معنى\n",
		"content/posts/a.md": "---\ndate: 2025-01-01\nphase: alpha\nseries: r\ntags: [أ]\n---\n# مرحبا بالعالم\n\nنص [[ب]] طويل.\n\n" +
			"> [!NOTE]\n> ملاحظة\n\n```go\nfunc main() {}\n```\n",
		"content/maps-of-it.md": "# خرائط\n\n```impact-map why\n- عائلات أكثر [#more]\n  metric: عائلات\n  baseline: 10\n  target: 40\n  now: 12 (June 2025)\n  now: 19 (July 2025)\n  now: 27 (November 2025)\n  - الآباء\n    - يتقدمون بلا مساعدة\n      - نموذج\n```\n\n" +
			"```story-map how\nslice: ألف - خمس عائلات\n- يعرف\n  - يسمع\n    - [x] منشور [ألف]\n```\n",
	})
	commit(t, site) // so that there is something that changed since
	name := filepath.Join(site, "content", "maps-of-it.md")
	text, err := os.ReadFile(name)
	if err == nil {
		err = os.WriteFile(name, bytes.ReplaceAll(text, []byte("    - [x] منشور [ألف]\n"), []byte("    - ملصق [ألف]\n")), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	report, err := generator.Build(context.Background(), generator.Config{Dir: site, Output: filepath.Join(dir, "out"), Clock: time.Unix(1767225600, 0)})
	if err != nil || !report.Written {
		t.Fatal(err, report.Diagnostics)
	}
	server := serve(t, filepath.Join(dir, "out"), "/")
	b := open(t, server.URL)
	for _, page := range []string{"/", "/posts/a/", "/series/r/", "/glossary/", "/journey/", "/maps-of-it/", "/maps/why/", "/maps/why/goals/more/", "/maps/how/", "/maps/how/changes/", "/roadmap/"} {
		for _, width := range widths {
			b.inspect(fmt.Sprintf("right to left %s %d", page, width), server.URL+page, width, axe)
		}
	}
	if side := value[string](b, `getComputedStyle(document.documentElement).direction`); side != "rtl" {
		t.Errorf("the direction is %s", side)
	}
	b.see(server.URL+"/maps/why/", 1440)
	if right := value[bool](b, `(() => {
		const [goal, deliverable] = [".goal > .card", ".deliverable > .card"].map((c) => document.querySelector(`+"`.tree ${c}`"+`).getBoundingClientRect());
		const text = document.querySelector(".goal .what").getBoundingClientRect();
		return goal.left > deliverable.right && text.left >= goal.left && text.right <= goal.right;
	})()`); !right {
		t.Error("the map does not begin on the right")
	}
	b.see(server.URL+"/maps/why/goals/more/", 390)
	if shown := value[string](b, `(() => {
		const chart = [...document.querySelectorAll(".chart")].filter((c) => c.getBoundingClientRect().width > 0);
		const points = [...chart[0].querySelectorAll(".chart-point")].map((p) => p.getBoundingClientRect().left);
		const frame = chart[0].getBoundingClientRect();
		const texts = [...chart[0].querySelectorAll("text")].map((x) => x.getBoundingClientRect());
		return [chart.length, points[0] > points[2], texts.every((x) => x.left >= frame.left - 1 && x.right <= frame.right + 1), Math.min(...texts.map((x) => x.height)) >= 12].join(" ");
	})()`); shown != "1 true true true" {
		t.Errorf("of the charts is shown, runs from right to left, holds its texts, in a size to be read: %s", shown)
	}
	b.media("", "forced-colors", "active")
	b.see(server.URL+"/posts/a/", 834)
	if mark := value[string](b, `getComputedStyle(document.querySelector(".alert")).borderTopStyle`); mark != "solid" {
		t.Errorf("in forced colours an alert has the border %s", mark)
	}
	b.media("print", "forced-colors", "none")
	if bar := value[string](b, `getComputedStyle(document.querySelector("header.top")).display`); bar != "none" {
		t.Errorf("on paper the navigation is %s", bar)
	}
}
