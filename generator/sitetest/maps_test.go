package sitetest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/generator"
)

const (
	impactMap = "maps/school-mornings/"
	storyMap  = "maps/parents-morning/"
)

// node is what a screen reader is told of one thing.
type node struct {
	role, name string
	level      float64
	below      []*node
}

// spoken returns the page as Chromium tells it to screen readers.
func (b *tab) spoken() *node {
	b.Helper()
	result, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.Fatal(err)
	}
	text := func(v *accessibility.Value) string {
		if v == nil {
			return ""
		}
		var s string
		_ = json.Unmarshal(v.Value, &s) // what is no string has no name
		return s
	}
	byID := map[accessibility.NodeID]*node{}
	for _, n := range result.Nodes {
		made := &node{role: text(n.Role), name: text(n.Name)}
		if n.Ignored {
			made.role = ""
		}
		for _, p := range n.Properties {
			if p.Name == accessibility.PropertyNameLevel {
				_ = json.Unmarshal(p.Value.Value, &made.level)
			}
		}
		byID[n.NodeID] = made
	}
	for _, n := range result.Nodes {
		for _, id := range n.ChildIDs {
			if child := byID[id]; child != nil {
				byID[n.NodeID].below = append(byID[n.NodeID].below, child)
			}
		}
	}
	return byID[result.Nodes[0].NodeID]
}

// all returns the nodes of a role, in order.
func (n *node) all(role string) []*node {
	var out []*node
	if n.role == role {
		out = append(out, n)
	}
	for _, c := range n.below {
		out = append(out, c.all(role)...)
	}
	return out
}

func names(nodes []*node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, n.name)
	}
	return out
}

// A screen reader hears a story map as a table whose headers are the activities, the steps and the slices, and an
// impact map as lists in lists, each item of which says its level, also where they are drawn as a tree.
func TestMapsReadAloud(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/"+storyMap, 1440)
	page := b.spoken()
	tables := page.all("table")
	if len(tables) != 1 {
		t.Fatalf("there are %d tables", len(tables))
	}
	columns, rows := names(tables[0].all("columnheader")), names(tables[0].all("rowheader"))
	if len(columns) != 9 || !strings.HasPrefix(columns[0], "Get ready") || !strings.HasPrefix(columns[4], "Leave in time") {
		t.Errorf("the column headers are %q", columns)
	}
	if len(rows) != 2 || !strings.Contains(rows[0], "One corner") || !strings.Contains(rows[1], "Four corners") {
		t.Errorf("the row headers are %q", rows)
	}
	b.see(server.URL+"/notes/"+impactMap, 1440)
	page = b.spoken()
	if regions := names(page.all("region")); !slices.Contains(regions, "The map: Fewer cars in front of the school") {
		t.Errorf("the regions are called %q", regions)
	}
	var levels []string
	var visit func(n *node, depth int)
	visit = func(n *node, depth int) {
		if n.role == "list" {
			depth++
		}
		if n.role == "StaticText" && slices.Contains([]string{"Why:", "Who:", "How:", "What:"}, n.name) {
			levels = append(levels, fmt.Sprintf("%d %s", depth, n.name))
		}
		for _, c := range n.below {
			visit(c, depth)
		}
	}
	for _, main := range page.all("main") {
		visit(main, 0)
	}
	if len(levels) != 16 || levels[0] != "1 Why:" || levels[1] != "2 Who:" || levels[2] != "3 How:" || levels[3] != "4 What:" {
		t.Errorf("the list's levels are %q", levels)
	}
	b.see(server.URL+"/notes/"+storyMap, 390)
	page = b.spoken()
	var headings []string
	for _, h := range page.all("heading") {
		headings = append(headings, fmt.Sprintf("%v %s", h.level, h.name))
	}
	if len(page.all("table")) != 0 || len(headings) < 4 || !strings.HasPrefix(headings[2], "2 ") || !strings.Contains(headings[2], "One corner") {
		t.Errorf("on a phone the headings are %q", headings)
	}
	b.quiet("read aloud")
}

// No text of a picture leaves its box: the theme's font is not there.
func TestPicturesHoldTheirTexts(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, filepath.Join(dir, "site"), map[string]string{"content/x.md": "# Maps\n\n```impact-map i\ntitle: Strange texts\n" +
		"- WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW\n  metric: m\n  baseline: WWWWWWWW 65%\n  target: WWWWWWWWWWWWWWWWWWWW\n  - 家庭收入较低的父母使用这个服务来支付每周的食物\n    - Keep — “funding” it… because ÄÖÜ are wide, too\n" +
		"      - 👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉\n      - Ω Ж ж щ Щ ю Ю Ωμέγα Щука Ширина широкая\n```\n\n```story-map s\npersona: WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW\nslice: N - o\n" +
		"- mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm\n  - 家庭收入较低的父母使用这个服务来支付每周的食物\n    - [x] mmmmmm WWWWWWWWWWWWWWWWWWWWWWWWW [N, WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW]\n```\n"})
	report, err := generator.Build(context.Background(), generator.Config{Dir: filepath.Join(dir, "site"), Output: filepath.Join(dir, "out"), Clock: time.Unix(1767225600, 0)})
	if err != nil || !report.Written {
		t.Fatal(err, report.Diagnostics)
	}
	strange := serve(t, filepath.Join(dir, "out"), "/")
	own := serve(t, build(t, nil), "/notes/")
	b := open(t, "http")
	pages := []string{strange.URL + "/maps/i/i.svg", strange.URL + "/maps/s/s.svg"}
	for _, m := range []string{"borrow-instead", "borrowing-a-tool"} {
		pages = append(pages, own.URL+"/notes/maps/"+m+"/"+m+".svg")
	}
	for _, p := range pages {
		b.see(p, 1440)
		checked := value[int](b, `document.fonts.ready.then(() => document.querySelectorAll("svg[role=img] text").length)`)
		out := value[[]string](b, `(() => {
			const boxes = [...document.querySelectorAll("svg[role=img] rect")].filter((r) => r.hasAttribute("rx") && !r.closest("g[transform]")).map((r) => r.getBBox());
			return [...document.querySelectorAll("svg[role=img] text")].filter((text) => {
				const t = text.getBBox();
				const around = boxes.find((r) => t.x >= r.x && t.x <= r.x + r.width && t.y >= r.y - 3 && t.y <= r.y + r.height);
				return around && (t.x + t.width > around.x + around.width || t.y + t.height > around.y + around.height + 3);
			}).map((t) => t.textContent);
		})()`)
		if len(out) > 0 || checked < 6 {
			t.Errorf("%s: of %d texts these leave their box: %q", p, checked, out)
		}
	}
	b.quiet("texts in boxes")
}

// At 390 pixels a story map is read slice by slice, and nothing of it has to be scrolled sideways. A card that the
// address names is shown there too.
func TestStoryMapOnAPhone(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	for _, p := range []string{"maps/borrowing-a-tool/", "posts/slices-with-outcomes/"} {
		b.see(server.URL+"/notes/"+p, 390)
		wide := value[[]string](b, `[...document.querySelectorAll(".map-story *")].filter((e) => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
			&& !["visible", "clip"].includes(getComputedStyle(e).overflowX) && !e.matches(".hidden, .skip")).map((e) => e.outerHTML.slice(0, 100))`)
		cards := value[int](b, `[...document.querySelectorAll(".map-slices .stories .card")].filter((c) => c.checkVisibility()).length`)
		table := value[bool](b, `document.querySelector("table.story").checkVisibility()`)
		if len(wide) > 0 || cards != 60 || table {
			t.Errorf("%s: %d cards; the table shows: %v; to be scrolled sideways: %q", p, cards, table, wide)
		}
	}
	b.see(server.URL+"/notes/maps/borrowing-a-tool/#one-page", 390)
	named := value[string](b, `document.querySelector(".named").innerText`)
	place := value[float64](b, `document.querySelector(".named").getBoundingClientRect().top`)
	if !strings.Contains(named, "One page a tool") || place < 0 || place > 900 {
		t.Errorf("the address shows %q at %v", named, place)
	}
	b.quiet("phone")
}

// sizes are the sizes of the pages of a PDF file, in whole millimetres: "297x210".
func sizes(pdf []byte) (all []string) {
	for _, m := range regexp.MustCompile(`/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]`).FindAllSubmatch(pdf, -1) {
		width, _ := strconv.ParseFloat(string(m[1]), 64)
		height, _ := strconv.ParseFloat(string(m[2]), 64)
		all = append(all, fmt.Sprintf("%.0fx%.0f", width/72*25.4, height/72*25.4))
	}
	return all
}

// On paper a map is a sheet of A4 or A3 where its texts can be read there, or else several of one size; there are as many pages, none is
// empty, no text has less than 6.5 points, and a sheet says what it is, as of when, and what its marks mean.
func TestMapsOnPaper(t *testing.T) {
	for _, language := range []string{"en", "ar"} {
		url := showing(t, language)
		b := open(t, url)
		for page, want := range map[string][]string{
			"maps/three/": {"297x210"}, "maps/long/": {"297x210"}, "maps/large/": nil, "maps/wide/": nil, "posts/three/": {"216x279"},
		} {
			b.media("print", "prefers-color-scheme", "dark")
			b.see(url+"/"+page, 1000)
			got := value[struct {
				Sheets, Cards, Out int
				Least              float64
				Others             bool
				Says               string
			}](b, `(() => {
				const sheets = [...document.querySelectorAll(".sheet")].filter((s) => s.checkVisibility());
				const texts = sheets.flatMap((s) => [...s.querySelectorAll("text")]);
				const cards = [...sheets[0].querySelectorAll("svg rect")];
				const frame = sheets[0].getBoundingClientRect();
				return {
					sheets: sheets.length, cards: cards.length, least: Math.min(...texts.map((x) => parseFloat(x.getAttribute("font-size")) * x.getScreenCTM().a)),
					out: sheets.length > 1 ? 0 : [...sheets[0].querySelectorAll("text, rect")].filter((c) => { const r = c.getBoundingClientRect(); return r.left < frame.left - 1 || r.right > frame.right + 1 || r.top < frame.top - 1 || r.bottom > frame.bottom + 1 }).length,
					others: [...document.querySelectorAll(".map .card, .map-tools, .filters")].some((c) => c.checkVisibility()), says: sheets.at(-1).textContent,
				};
			})()`)
			if got.Sheets == 0 || got.Cards < 3 || got.Out > 0 || got.Least < 6.5*96/72 || got.Others {
				t.Errorf("%s %s: %+v", language, page, got)
			}
			for _, word := range map[string][]string{"en": {"1 January 2026", "done", "dropped"}, "ar": {"2026"}}[language] {
				if !strings.Contains(got.Says, word) {
					t.Errorf("%s %s: a sheet does not say %q: %q", language, page, word, got.Says)
				}
			}
			background, css := true, true
			pdf, err := chromedp.Call(b.ctx, cdp.PrintToPDF, cdp.PrintToPDFParams{PrintBackground: &background, PreferCSSPageSize: &css})
			if err != nil {
				t.Fatal(err)
			}
			pages := sizes(pdf.Data)
			if want == nil { // sheets of one size, and after them what the map says
				for i, size := range pages[:min(got.Sheets, len(pages))] {
					if size != pages[0] || !slices.Contains([]string{"297x210", "210x297", "420x297", "297x420"}, size) {
						t.Errorf("%s %s: page %d is %s", language, page, i+1, size)
					}
				}
				if len(pages) > got.Sheets && pages[got.Sheets] == pages[0] || got.Sheets < 2 {
					t.Errorf("%s %s: of %d sheets the pages are %q", language, page, got.Sheets, pages)
				}
			} else if len(pages) < len(want) || !slices.Equal(pages[:len(want)], want) || strings.HasPrefix(page, "posts/") && len(pages) > len(want) {
				t.Errorf("%s %s: the pages are %q", language, page, pages)
			}
		}
		b.media("", "prefers-color-scheme", "light")
		b.quiet("paper " + language)
	}
}

// waymark maps print writes the same sheets, by a real browser.
func TestMapsPrint(t *testing.T) {
	chromium := tool(t, "chromium")
	dir := t.TempDir()
	program := filepath.Join(dir, "waymark")
	if out, err := exec.Command("go", "build", "-o", program, "waymark/cmd/waymark").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	writeFiles(t, dir, map[string]string{"content/wide.md": "# Wide\n\n" + mapsToShow()["wide"], "content/three.md": "# Three\n\n" + mapsToShow()["three"]})
	for id, want := range map[string]int{"three": 1, "wide": 0} {
		cmd := exec.Command(program, "maps", "print", id)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "WAYMARK_BROWSER="+chromium)
		out, err := cmd.CombinedOutput()
		pdf, readErr := os.ReadFile(filepath.Join(dir, id+".pdf"))
		if err != nil || readErr != nil {
			t.Fatalf("%v, %v: %s", err, readErr, out)
		}
		pages := sizes(pdf)
		said := fmt.Sprintf("%s.pdf: %d sheet", id, len(pages))
		if !strings.HasPrefix(string(out), said) || want > 0 && len(pages) != want || len(pages) == 0 || pages[0] == "216x279" {
			t.Errorf("%s: %q, and the pages are %q", id, out, pages)
		}
	}
}

// A choice of cards stands in the address, and an address that names one shows it.
func TestFiltersStandInTheAddress(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	shown := func(css string) []string {
		return value[[]string](b, `[...document.querySelectorAll("`+css+`")].filter((c) => c.checkVisibility()).map((c) => c.querySelector("p").innerText.split("\n").pop().trim())`)
	}
	b.see(server.URL+"/notes/"+storyMap+"?persona=Ada", 1440)
	if got := shown(".story .stories .card"); len(got) != 4 {
		t.Errorf("Ada has %q", got)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector("[name=slice]"); s.value = "One corner"; s.dispatchEvent(new Event("change", {bubbles: true})); })()`))
	if got, query := shown(".story .stories .card"), value[string](b, `location.search`); len(got) != 1 || query != "?persona=Ada&slice=One+corner" {
		t.Errorf("Ada in one corner: %q, at %s", got, query)
	}
	if says := value[string](b, `document.querySelector(".filters output").innerText`); says != "1 of 9 cards" {
		t.Errorf("the page says %q", says)
	}
	b.click(".filters [type=reset]")
	value[bool](b, `new Promise((done) => setTimeout(() => done(true)))`) // a form is reset after its event
	if got, query := shown(".story .stories .card"), value[string](b, `location.search`); len(got) != 9 || query != "" {
		t.Errorf("all: %q, at %s", got, query)
	}
	b.see(server.URL+"/notes/"+impactMap+"?phase=Alpha", 1440)
	if got := shown(".branch .card"); len(got) != 7 {
		t.Errorf("in alpha there are %q", got)
	}
	if away := value[float64](b, `document.querySelector(".tree").getBoundingClientRect().height`); away > 420 {
		t.Errorf("the map without what is filtered away is %v px tall", away)
	}
	b.see(server.URL+"/notes/maps/borrowing-a-tool/?slice=Hook", 1440)
	if empty := value[int](b, `[...document.querySelectorAll(".story .steps th")].filter((th) => th.checkVisibility()).length`); empty == 18 || empty == 0 {
		t.Errorf("%d columns are left of 18", empty)
	}
	uneven := value[int](b, `new Set([...document.querySelector("table.story").rows].filter((r) => r.checkVisibility()).map((r) => [...r.cells].filter((c) => c.checkVisibility()).reduce((n, c) => n + c.colSpan, 0))).size`)
	if uneven != 1 {
		t.Errorf("rows of %d lengths", uneven)
	}
	b.quiet("filters")
}

// Branches and slices fold, and the map with them; it grows and shrinks by button, keyboard and wheel.
func TestFoldingAndZooming(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/"+impactMap, 1440)
	visible := func(css string) int {
		return value[int](b, `[...document.querySelectorAll("`+css+`")].filter((c) => c.getClientRects().length > 0).length`)
	}
	if cards := visible(".branch .card"); cards != 16 {
		t.Fatalf("%d cards", cards)
	}
	b.click(`.actor .fold-branch[aria-label^="Fold Parents"]`)
	if cards := visible(".branch .card"); cards != 11 {
		t.Errorf("folded: %d cards", cards)
	}
	b.click(`.actor .fold-branch[aria-label^="Fold Parents"]`)
	if cards := visible(".branch .card"); cards != 16 {
		t.Errorf("opened: %d cards", cards)
	}
	width := func() float64 {
		return value[float64](b, `Math.round(document.querySelector(".tree .goal > .card").getBoundingClientRect().width)`)
	}
	natural := width()
	b.click(`.map-tools [aria-label="Larger"]`)
	larger := width()
	b.do(chromedp.Focus(chromedp.CSS(".map-scroll")), chromedp.KeyEvent("+"))
	byKey := width()
	keys := value[string](b, `getComputedStyle(document.querySelector(".map-keys")).visibility`)
	b.do(chromedp.KeyEvent("0"))
	back := width()
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".map-scroll").dispatchEvent(new WheelEvent("wheel", {ctrlKey: true, deltaY: -60, cancelable: true}))`))
	byWheel := width()
	b.do(chromedp.KeyEvent("0"), chromedp.KeyEvent(kb.ArrowRight))
	if math.Abs(larger-natural*1.25) > 2 || math.Abs(byKey-natural*1.5) > 2 || back != natural || byWheel <= natural || keys != "visible" {
		t.Errorf("widths: %v, larger %v, by key %v, back %v, by wheel %v; the keys are %s", natural, larger, byKey, back, byWheel, keys)
	}
	b.see(server.URL+"/notes/"+storyMap, 1440)
	b.click(`.story .fold-branch`)
	if n := visible(".story .stories .card"); n != 3 {
		t.Errorf("with a folded slice %d stories show", n)
	}
	b.quiet("folding")
}

// mapsToShow are maps of all sorts, by their text.
func mapsToShow() map[string]string {
	var large, wide strings.Builder
	large.WriteString("- A goal of many\n  metric: m\n")
	for a := range 8 {
		fmt.Fprintf(&large, "  - Actor %d\n", a)
		for i := range 6 {
			fmt.Fprintf(&large, "    - Do %d otherwise than %d\n", i, a)
			for d := range 8 {
				fmt.Fprintf(&large, "      - Deliverable %d of %d and %d [%s]\n", d, i, a, []string{"idea", "alpha", "done", "dropped"}[d%4])
			}
		}
	}
	slices := []string{"One", "Two", "Three", "Four", "Five", "Six", "Seven"}
	for _, s := range slices {
		fmt.Fprintf(&wide, "slice: %s - what it brings [alpha]\n", s)
	}
	for a := range 5 {
		fmt.Fprintf(&wide, "- Activity %d\n", a)
		for i := range 8 {
			fmt.Fprintf(&wide, "  - Step %d of %d\n", i, a)
			for d := range 10 {
				fmt.Fprintf(&wide, "    - %sStory %d of %d and %d [%s]\n", []string{"", "[x] ", "[/] ", "[-] "}[d%4], d, i, a, slices[a+d%3])
			}
		}
	}
	return map[string]string{
		"three": "```impact-map three\n- A goal\n  metric: m\n  - An actor\n    - Come back sooner\n```\n",
		"long":  "```impact-map long\n- " + strings.Repeat("W", 60) + "\n  metric: m\n  - 家庭收入较低的父母使用这个服务来支付每周的食物\n    - Donaudampfschifffahrtsgesellschaftskapitänsmütze\n      - 👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉👩🏽‍🚀🎉\n        - " + strings.Repeat("m", 80) + "\n```\n",
		"large": "```impact-map large\n" + large.String() + "```\n",
		"wide":  "```story-map wide\n" + wide.String() + "```\n",
	}
}

// showing builds a site with those maps, each in a post with a list beside it, and serves it.
func showing(t *testing.T, direction string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"waymark.yaml": "title: Maps\nlanguage: " + direction + "\n"}
	for name, block := range mapsToShow() {
		files["content/posts/"+name+".md"] = "---\ntitle: " + name + "\ndate: 2026-01-01\nseries: Maps\n---\n\nSome words before it.\n\n" + block + "\nSome words behind it.\n"
	}
	writeFiles(t, filepath.Join(dir, "site"), files)
	report, err := generator.Build(context.Background(), generator.Config{Dir: filepath.Join(dir, "site"), Output: filepath.Join(dir, "out"), Clock: time.Unix(1767225600, 0)})
	if err != nil || !report.Written {
		t.Fatal(err, report.Diagnostics)
	}
	return serve(t, filepath.Join(dir, "out"), "/").URL
}

// Nothing of a map is cut, on its own page and in a text, from a tablet to a wall: what has no room is scrolled to. No text is smaller than
// 12 px, no word leaves its card, and lines that mean something are seen.
func TestMapsHaveRoom(t *testing.T) {
	for _, language := range []string{"en", "ar"} {
		url := showing(t, language)
		b := open(t, url)
		pages, widths := []string{"maps/long/", "maps/large/", "maps/wide/", "posts/long/", "posts/large/", "posts/wide/"}, []int64{834, 1440, 1920}
		if language == "ar" {
			pages, widths = []string{"maps/large/", "posts/wide/"}, []int64{834}
		}
		for _, page := range pages {
			for _, width := range widths {
				b.see(url+"/"+page, width)
				got := value[struct {
					Beside, Frame, Screen, Least float64
					Out                          []string
				}](b, `(() => {
					const seen = [...document.querySelectorAll(".map *")].filter((e) => e.checkVisibility() && !e.closest(".hidden, .level, caption, .skip"));
					const texts = seen.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
					const frame = document.querySelector(".map-scroll").getBoundingClientRect();
					return {
						beside: document.documentElement.scrollWidth - innerWidth, frame: frame.width, screen: innerWidth,
						least: Math.min(...texts.map((e) => parseFloat(getComputedStyle(e).fontSize))),
						out: [...document.querySelectorAll(".map .card")].filter((c) => c.checkVisibility() && 
							[...c.querySelectorAll("p, summary")].some((p) => p.scrollWidth > p.clientWidth + 1 && !p.querySelector(".hidden") || p.getBoundingClientRect().right > c.getBoundingClientRect().right + 1)).map((c) => c.innerText),
					};
				})()`)
				if got.Beside > 0 || got.Least < 12 || len(got.Out) > 0 {
					t.Errorf("%s %s at %d: the page is %v px wider than the screen, the smallest text has %v px, out of their cards are %q", language, page, width, got.Beside, got.Least, got.Out)
				}
				if strings.HasPrefix(page, "maps/") && got.Screen-got.Frame > 90 {
					t.Errorf("%s %s at %d: the map has %v px", language, page, width, got.Frame)
				}
				if page == "maps/large/" || page == "posts/large/" {
					if hidden := value[float64](b, `(() => { const s = document.querySelector(".map-scroll"); return s.scrollWidth - s.clientWidth })()`); hidden > 0 {
						t.Errorf("%s %s at %d: %v px of four columns lie off to the side", language, page, width, hidden)
					}
				}
			}
		}
		// Larger is larger around the middle, from whichever side a page is read.
		b.see(url+"/maps/wide/", 1440)
		middle := func() string {
			return value[string](b, `(() => { const r = document.querySelector(".map-scroll").getBoundingClientRect(); const x = r.left + r.width / 2;
				return [...document.querySelectorAll(".story .steps th")].find((th) => { const t = th.getBoundingClientRect(); return t.left <= x && t.right >= x })?.innerText ?? "" })()`)
		}
		b.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector(".map-scroll"); s.scrollTo({ left: (getComputedStyle(s).direction === "rtl" ? -1 : 1) * 2000, behavior: "instant" }) })()`))
		before := middle()
		b.click(".map-tools button:nth-of-type(1)")
		b.click(".map-tools button:nth-of-type(1)")
		if after := middle(); after != before || before == "" {
			t.Errorf("%s: in the middle of a larger map is %q, and not %q", language, after, before)
		}
		b.quiet("room " + language)
	}
}

// Where scroll bars take room, as most people with a mouse have them, a tall map fits beside the bar.
func TestMapsBesideScrollBars(t *testing.T) {
	url := showing(t, "en")
	b := open(t, url, chromedp.Flag("hide-scrollbars", false))
	for _, page := range []string{"maps/large/", "posts/large/", "maps/long/"} {
		for _, width := range []int64{834, 1440, 1920} {
			b.see(url+"/"+page, width)
			got := value[struct{ Bar, Beside, Off float64 }](b, `(() => { const page = document.documentElement, s = document.querySelector(".map-scroll");
				return { bar: innerWidth - page.clientWidth, beside: page.scrollWidth - page.clientWidth, off: s.scrollWidth - s.clientWidth }; })()`)
			if got.Bar <= 0 || got.Beside > 0 || got.Off > 0 && page != "maps/long/" {
				t.Errorf("%s at %d: beside a bar of %v px the page is %v px too wide, the map %v", page, width, got.Bar, got.Beside, got.Off)
			}
		}
	}
}

// Fit shows all of a map, also when the window changes; where that makes its text too small to be read, it says so.
func TestFitFits(t *testing.T) {
	url := showing(t, "en")
	b := open(t, url)
	for _, page := range []string{"maps/long/", "maps/large/", "maps/wide/"} {
		b.see(url+"/"+page, 1440)
		b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".map-tools button")].find((b) => b.textContent === "Fit").click()`))
		for _, width := range []int64{1440, 1000, 1920} {
			b.resize(width)
			got := value[struct {
				Out  int
				Text float64
				Says string
			}](b, `(() => {
				const frame = document.querySelector(".map-scroll").getBoundingClientRect();
				const out = [...document.querySelectorAll(".map-scroll .card")].filter((c) => { const r = c.getBoundingClientRect(); return r.left < frame.left || r.right > frame.right || r.top < frame.top || r.bottom > frame.bottom });
				const text = document.querySelector(".map-scroll .tags-inline, .map-scroll .who, .map-scroll .card p");
				return { out: out.length, text: 13 * (parseFloat(document.querySelector(".map-scroll").firstElementChild.style.zoom) || 1), says: document.querySelector(".map-tools output").textContent };
			})()`)
			if got.Out > 0 || (got.Text < 12) != strings.Contains(got.Says, "too small to read") {
				t.Errorf("%s at %d: %d cards are out of sight, the text has %.1f px, and the page says %q", page, width, got.Out, got.Text, got.Says)
			}
		}
	}
	// What fits may be smaller than the buttons go: smaller is never larger.
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".map-tools [aria-label=Smaller]").click()`))
	if zoom := value[float64](b, `parseFloat(document.querySelector(".map-scroll").firstElementChild.style.zoom)`); zoom >= 0.5 {
		t.Errorf("smaller than what fits is %v", zoom)
	}
	b.quiet("fit")
}

// Of a large story map the backbone and the names of slices stay in sight, and a slice whose cards lie elsewhere says where; an overview
// leads there.
func TestALargeMapKeepsItsNames(t *testing.T) {
	url := showing(t, "en")
	b := open(t, url)
	b.see(url+"/maps/wide/", 1440)
	b.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector(".map-scroll"); s.scrollIntoView(); s.scrollTo(900, 900); })()`))
	got := value[struct {
		Head, Name float64
		Slice      string
		Overview   bool
	}](b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
		const frame = document.querySelector(".map-scroll").getBoundingClientRect();
		const head = document.querySelector(".story thead").getBoundingClientRect();
		const at = document.elementFromPoint(frame.left + 120, head.bottom + 20);
		done({ head: head.top - frame.top, name: document.querySelector(".story .steps th:nth-child(10)").getBoundingClientRect().top - frame.top, slice: at.closest(".slice")?.innerText ?? "", overview: !document.querySelector(".map-overview").hidden });
	})))`)
	if got.Head < -1 || got.Head > 30 || got.Name > 200 || got.Slice == "" || !got.Overview {
		t.Errorf("the backbone stands at %v, a step at %v, the slice is called %q, an overview shows: %v", got.Head, got.Name, got.Slice, got.Overview)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".map-scroll").scrollTo(0, 0)`))
	lead := value[string](b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
		const lead = [...document.querySelectorAll(".further")].find((f) => !f.hidden);
		const say = lead?.textContent ?? "";
		lead?.click();
		done(say);
	})))`)
	if !strings.HasPrefix(lead, "→ ") || !strings.HasSuffix(lead, " cards") {
		t.Errorf("a slice without a card in sight says %q", lead)
	}
	if left := value[float64](b, `document.querySelector(".map-scroll").scrollLeft`); left == 0 {
		t.Error("and leads nowhere")
	}
	b.quiet("large")
}

// Lines between cards, borders and marks have a contrast of 3 to 1 in both schemes, what is pressed is at least 24 px large, and a map can
// be skipped.
func TestMapsCanBeSeenAndPressed(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	for _, scheme := range []string{"light", "dark"} {
		for _, page := range []string{impactMap, storyMap} {
			b.media("screen", "prefers-color-scheme", scheme)
			b.see(server.URL+"/notes/"+page, 1440)
			got := value[struct{ Line, Mark, Least float64 }](b, `(() => {
				const lit = (c) => { const [r, g, b] = c.match(/[\d.]+/g).map(Number).map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
				const contrast = (x, y) => (Math.max(lit(x), lit(y)) + 0.05) / (Math.min(lit(x), lit(y)) + 0.05);
				const ground = getComputedStyle(document.querySelector(".map")).backgroundColor;
				const line = document.querySelector(".tree .branch .branch > li") ? getComputedStyle(document.querySelector(".tree .branch .branch > li"), "::after").borderTopColor : getComputedStyle(document.querySelector(".story .slice th")).borderTopColor;
				const marks = [...document.querySelectorAll(".legend .status-mark")].map((m) => contrast(getComputedStyle(m).borderTopColor, ground));
				const pressed = [...document.querySelectorAll(".map button, .map summary")].filter((e) => e.checkVisibility()).map((e) => e.getBoundingClientRect());
				return { line: contrast(line, ground), mark: Math.min(...marks), least: Math.min(...pressed.map((r) => Math.min(r.width, r.height))) };
			})()`)
			if got.Line < 3 || got.Mark < 3 || got.Least < 23.9 {
				t.Errorf("%s %s: lines %.1f, marks %.1f, the smallest button has %.1f px", scheme, page, got.Line, got.Mark, got.Least)
			}
		}
	}
	b.do(chromedp.Focus(chromedp.CSS(".map .skip")), chromedp.KeyEvent(kb.Enter))
	if at := value[bool](b, `document.activeElement.matches(".map-end")`); !at {
		t.Error("the map cannot be skipped")
	}
	b.quiet("seen and pressed")
}

// The files beside a map are what their programs read: SVG and OPML well-formed, and Mermaid's own parser takes the
// chart.
func TestDownloads(t *testing.T) {
	dir := build(t, nil)
	xmllint := tool(t, "xmllint")
	charts := files(t, dir, ".mermaid")
	if len(charts) < 6 {
		t.Fatalf("there are %d charts", len(charts))
	}
	for _, ending := range []string{".svg", ".opml"} {
		for _, f := range files(t, filepath.Join(dir, "maps"), ending) {
			if out, err := exec.Command(xmllint, "--noout", "--nonet", filepath.Join(dir, "maps", f)).CombinedOutput(); err != nil {
				t.Errorf("%s: %s", f, out)
			}
		}
	}
	script, err := os.ReadFile(npm(t, "mermaid/dist/mermaid.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, "about:")
	b.do(chromedp.Navigate("about:blank"), chromedp.Evaluate[chromedp.Void](string(script)))
	for _, f := range charts {
		chart, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(string(chart))
		if err != nil {
			t.Fatal(err)
		}
		if kind := value[string](b, `mermaid.parse(`+string(text)+`).then((r) => r.diagramType, (e) => String(e))`); !strings.HasPrefix(kind, "flowchart") {
			t.Errorf("%s: %s", f, kind)
		}
	}
}

// What maps need is loaded by pages with maps, and is small.
func TestMapsLoadTheirScript(t *testing.T) {
	dir := build(t, nil)
	scripts, err := filepath.Glob(filepath.Join(dir, "assets", "map-*.js"))
	if err != nil || len(scripts) != 1 {
		t.Fatal(scripts, err)
	}
	if size := compressed(t, scripts[0]); size > 12<<10 {
		t.Errorf("the script has %d bytes, compressed", size)
	}
	for page, wants := range map[string]bool{"maps/borrow-instead/": true, "posts/slices-with-outcomes/": true, "guide/maps/": true, "": false, "posts/a-backlog-is-a-bag-of-leaves/": false} {
		html, err := os.ReadFile(filepath.Join(dir, page, "index.html"))
		if err != nil {
			t.Fatal(err)
		}
		if loads := strings.Contains(string(html), filepath.Base(scripts[0])); loads != wants {
			t.Errorf("/%s loads the script: %v", page, loads)
		}
	}
}

// A portable site's maps work from the file system, their links to one another too.
func TestPortableMaps(t *testing.T) {
	dir := build(t, func(c *generator.Config) { c.Portable = true })
	b := open(t, "file://")
	b.see((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "maps/school-mornings/index.html"))}).String(), 1440)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".tree details").forEach((d) => (d.open = true))`))
	b.click(`.tree a[href*="parents-morning"]`)
	b.do(chromedp.WaitVisible(chromedp.CSS("table.story")))
	if at := value[string](b, `document.querySelector(":target").innerText`); !strings.Contains(at, "A message at seven") {
		t.Errorf("arrived at %q", at)
	}
	b.quiet("portable maps")
}
