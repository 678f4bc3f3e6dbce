package sitetest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/page"
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
// impact map as lists in lists, each item of which says its level; the picture has a name and nothing inside.
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
	if pictures := names(page.all("image")); len(pictures) != 1 || pictures[0] != "Impact map: Fewer cars in front of the school. 4 actors, 5 impacts, 6 deliverables" {
		t.Errorf("the pictures are called %q", pictures)
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

// No text of a picture leaves its box: in a page, where the theme's font is, and in a file of its own, where it is not.
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
	pages := []string{strange.URL + "/x/", strange.URL + "/maps/i/i.svg", strange.URL + "/maps/s/s.svg"}
	for _, m := range []string{"borrow-instead", "borrowing-a-tool"} {
		pages = append(pages, own.URL+"/notes/maps/"+m+"/"+m+".svg")
	}
	pages = append(pages, own.URL+"/notes/maps/borrow-instead/")
	for _, p := range pages {
		b.see(p, 1440)
		checked := value[int](b, `document.fonts.ready.then(() => document.querySelectorAll("svg[role=img] text").length)`)
		out := value[[]string](b, `(() => {
			const boxes = [...document.querySelectorAll("svg[role=img] rect")].filter((r) => r.hasAttribute("rx")).map((r) => r.getBBox());
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
			&& !["visible", "clip"].includes(getComputedStyle(e).overflowX)&& !e.matches(".hidden")).map((e) => e.outerHTML.slice(0, 100))`)
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

// On a sheet of A4 the text of both maps is at least 6 points tall, nothing is cut off, and no card is missing.
func TestMapsOnPaper(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	for _, c := range []struct {
		page           string
		width, wants   int64 // pixels of the sheet inside its margins, and how many cards
		cards, picture string
	}{
		{impactMap, 1031, 16, ".map-list .card", "block"}, // on its side: 297 mm less 24
		{storyMap, 718, 9, ".map-slices .stories .card", ""},
		{"maps/borrow-instead/", 718, 0, ".map-list .card", "none"}, // too tall to be read as a picture
		{"maps/borrowing-a-tool/", 718, 60, ".map-slices .stories .card", ""},
	} {
		b.media("print", "prefers-color-scheme", "dark")
		b.see(server.URL+"/notes/"+c.page, c.width)
		cards := value[int64](b, `[...document.querySelectorAll("`+c.cards+`")].filter((c) => c.checkVisibility()).length`)
		cut := value[[]string](b, `[...document.querySelectorAll(".map, .map *")].filter((e) => e.checkVisibility() && !e.matches(".hidden") &&
			e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 100))`)
		small := value[float64](b, `Math.min(...[...document.querySelectorAll(".map *")].filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
			.map((e) => e.matches("svg *") ? parseFloat(e.getAttribute("font-size")) * e.closest("svg").getScreenCTM().a : parseFloat(getComputedStyle(e).fontSize)))`)
		shown := value[string](b, `(() => { const p = document.querySelector(".picture"); return !p ? "" : p.checkVisibility() ? "block" : "none" })()`)
		paper := value[string](b, `getComputedStyle(document.body).backgroundColor`)
		if (c.wants > 0 && cards != c.wants) || cards == 0 || len(cut) > 0 || small < 8 || shown != c.picture || paper != "rgb(255, 255, 255)" {
			t.Errorf("%s: %d cards, the smallest text %.1f px, the picture %q, the paper %s, cut off: %q", c.page, cards, small, shown, paper, cut)
		}
		landscape := false
		pdf, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, Landscape: &landscape})
		if err != nil || len(pdf.Data) < 5_000 {
			t.Errorf("%s: %v, %d bytes", c.page, err, len(pdf.Data))
		}
	}
	b.quiet("paper")
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
	if faint := value[int](b, `document.querySelectorAll(".picture .filtered-out").length`); faint != 9 {
		t.Errorf("%d cards of the picture are faint", faint)
	}
	b.quiet("filters")
}

// Branches and slices fold, and the picture with them; a map grows and shrinks by button, keyboard and wheel.
func TestFoldingAndZooming(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/"+impactMap, 1440)
	visible := func(css string) int {
		return value[int](b, `[...document.querySelectorAll("`+css+`")].filter((c) => c.getClientRects().length > 0).length`)
	}
	if list, picture := visible(".branch .card"), visible(".picture g"); list != 16 || picture != 16 {
		t.Fatalf("%d cards in the list, %d in the picture", list, picture)
	}
	b.click(`.actor .fold-branch[aria-label^="Fold Parents"]`)
	if list, picture := visible(".branch .card"), visible(".picture g"); list != 11 || picture != 11 {
		t.Errorf("folded: %d cards in the list, %d in the picture", list, picture)
	}
	b.click(`.actor .fold-branch[aria-label^="Fold Parents"]`)
	if list, picture := visible(".branch .card"), visible(".picture g"); list != 16 || picture != 16 {
		t.Errorf("opened: %d cards in the list, %d in the picture", list, picture)
	}
	width := func() float64 {
		return value[float64](b, `document.querySelector(".picture").getBoundingClientRect().width`)
	}
	natural := width()
	b.click(`.map-tools [aria-label="Larger"]`)
	larger := width()
	b.do(chromedp.Focus(chromedp.CSS(".map-scroll")), chromedp.KeyEvent("+"))
	byKey := width()
	b.do(chromedp.KeyEvent("0"))
	back := width()
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector(".map-scroll").dispatchEvent(new WheelEvent("wheel", {ctrlKey: true, deltaY: -60, cancelable: true}))`))
	byWheel := width()
	b.do(chromedp.KeyEvent("0"), chromedp.KeyEvent(kb.ArrowRight))
	if larger != natural*1.25 || byKey != natural*1.5 || back != natural || byWheel <= natural {
		t.Errorf("widths: %v, larger %v, by key %v, back %v, by wheel %v", natural, larger, byKey, back, byWheel)
	}
	b.see(server.URL+"/notes/"+storyMap, 1440)
	b.click(`.story .fold-branch`)
	if n := visible(".story .stories .card"); n != 3 {
		t.Errorf("with a folded slice %d stories show", n)
	}
	b.see(server.URL+"/notes/courses/three-days/day-two/", 1440)
	before := visible(".map-list .card")
	b.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll(".map-tools button")].find((b) => b.textContent === "Show as a list").click()`))
	if after := visible(".map-list .card"); before != 0 || after != 16 {
		t.Errorf("the list in a text has %d cards, and when asked for %d", before, after)
	}
	b.quiet("folding")
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

// A portable site's maps work from the file system, their links to one another too.
func TestPortableMaps(t *testing.T) {
	dir := build(t, func(c *generator.Config) { c.Portable = true })
	b := open(t, "file://")
	b.see((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "maps/school-mornings/index.html"))}).String(), 1440)
	b.click(`.map-list a[href*="parents-morning"]`)
	b.do(chromedp.WaitVisible(chromedp.CSS("table.story")))
	if at := value[string](b, `document.querySelector(":target").innerText`); !strings.Contains(at, "A message at seven") {
		t.Errorf("arrived at %q", at)
	}
	b.quiet("portable maps")
}
