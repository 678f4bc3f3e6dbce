package sitetest

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/evanw/esbuild/pkg/api"

	"waymark/generator"
	"waymark/generator/internal/search"
)

// finding opens a page of the demonstration, below a prefix.
func finding(t *testing.T) (b *tab, origin string) {
	t.Helper()
	server := serve(t, build(t, nil), "/notes/")
	b = open(t, server.URL)
	origin = server.URL + "/notes/"
	b.see(origin+"posts/the-shelf-in-numbers/", 834)
	return b, origin
}

// findingIn builds a site of these files, and opens its home page. It can be built again with others.
func findingIn(t *testing.T, files map[string]string) (b *tab, origin string, again func(files map[string]string)) {
	t.Helper()
	dir := t.TempDir()
	again = func(files map[string]string) {
		t.Helper()
		writeFiles(t, dir, files)
		report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Clock: time.Unix(1_800_000_000, 0)})
		if err != nil || !report.Written {
			t.Fatal(err, report.Diagnostics)
		}
	}
	again(files)
	server := serve(t, filepath.Join(dir, "public"), "/")
	b = open(t, server.URL)
	b.see(server.URL+"/", 834)
	return b, server.URL + "/", again
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.Helper()
	b.until("searching", expression)
}

// openSearch opens the search with Ctrl-K.
func (b *tab) openSearch() {
	b.Helper()
	b.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(kb.ModifierCtrl)))
	b.wait(`document.querySelector("dialog[open] input") === document.activeElement`)
}

// find types a query into the search, and returns what is found: each title with what it is.
func (b *tab) find(query string) []string {
	b.Helper()
	b.openSearch()
	b.do(chromedp.KeyEvent(query))
	b.answered("dialog", query)
	return b.found()
}

// answered waits until a query is answered, in the dialog or on the page.
func (b *tab) answered(where, query string) {
	b.Helper()
	b.wait(fmt.Sprintf(`document.querySelector(%q)?.dataset.of === %q`, where+" .results", query))
}

func (b *tab) found() []string {
	b.Helper()
	return value[[]string](b, `[...document.querySelectorAll(".results a")].map((a) => a.querySelector("strong").textContent + " (" + a.querySelector("small").textContent + ")")`)
}

// leadsTo is where the first result leads, within the site.
func (b *tab) leadsTo() string {
	b.Helper()
	return value[string](b, `document.querySelector(".results a")?.getAttribute("href").replace(/^https?:..[^/]*/, "") ?? ""`)
}

// A reader finds a term from any page, by keyboard alone, and arrives at it; or puts the search away, and is where they were.
func TestFindingATerm(t *testing.T) {
	b, origin := finding(t)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-theme-switch]").focus()`))
	found := b.find("story map")
	if len(found) != 10 || found[0] != "Story map (Term)" || !slices.Contains(found, "Story mapping (Series)") {
		t.Errorf("found: %q", found)
	}
	if said := b.text(`dialog [role="status"]`); !strings.HasSuffix(said, " results") {
		t.Errorf("it says %q", said)
	}
	if marks := value[[]string](b, `[...document.querySelectorAll(".results a:first-child mark")].map((m) => m.textContent)`); !slices.Equal(marks, []string{"Story", "map"}) {
		t.Errorf("marked: %q", marks)
	}
	b.do(chromedp.KeyEvent(kb.Escape))
	if focused := value[string](b, `Boolean(document.querySelector("dialog")?.open) + document.activeElement.className`); focused != "falsebutton theme" {
		t.Errorf("after Escape the focus is on %q", focused)
	}
	b.find("story map")
	active := func() string {
		return value[string](b, `document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.matches("[role=option][aria-selected=true]") ? document.activeElement.getAttribute("aria-activedescendant") : ""`)
	}
	var way []string
	for _, key := range []string{kb.ArrowUp, kb.ArrowDown, kb.ArrowDown, kb.ArrowUp} {
		b.do(chromedp.KeyEvent(key))
		way = append(way, active())
	}
	if !slices.Equal(way, []string{"wm-find-9", "wm-find-0", "wm-find-1", "wm-find-0"}) {
		t.Errorf("the arrows led to %q", way)
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.wait(`location.hash === "#story-map" && document.readyState === "complete"`)
	if at := value[string](b, `location.href`); at != origin+"glossary/#story-map" {
		t.Errorf("arrived at %s", at)
	}
	b.quiet("finding")
}

// The key "/" opens the search, but not where somebody types; the button does, and without its script it is a link.
func TestWaysToTheSearch(t *testing.T) {
	b, origin := finding(t)
	press := `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true}))`
	b.do(chromedp.Evaluate[chromedp.Void](press))
	b.wait(`document.querySelector("dialog")?.open`)
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("dialog button").click()`))
	b.see(origin+"courses/three-days/day-one/", 390)
	typed := value[bool](b, `(() => {
		const field = Object.assign(document.createElement("input"), {type: "text"});
		document.querySelector("main").append(field);
		field.focus();
		return `+press+`;
	})()`)
	if !typed || value[bool](b, `document.querySelector("dialog") !== null`) {
		t.Error("a slash that is typed opens the search")
	}
	b.click(".find")
	b.wait(`document.querySelector("dialog")?.open`)
	if href := value[string](b, `document.querySelector(".find").href`); href != origin+"search/" {
		t.Errorf("the button leads to %s", href)
	}
	b.quiet("ways")
}

// What is found first, and where it leads: to what a title is, to a term, to the heading that says it.
func TestWhatIsFoundFirst(t *testing.T) {
	b, _ := finding(t)
	for _, c := range []struct{ query, first, leads string }{
		{"walking skeleton", "Walking skeleton (Term)", "/notes/glossary/#walking-skeleton"},
		{"backbone", "Backbone (Term)", "/notes/glossary/#backbone"},
		{"SHELF in numbers", "The shelf in numbers (Post)", "/notes/posts/the-shelf-in-numbers/"},
		{"four kinds of no", "Saying no without losing the room (Post)", "/notes/posts/saying-no-without-losing-the-room/#four-kinds-of-no"},
		{"skelet", "Walking skeleton (Term)", "/notes/glossary/#walking-skeleton"},
		{"compare sanders", "Compare two sanders (Map card)", "/notes/maps/borrowing-a-tool/#compare-two-sanders"},
		{"mapping impacts", "Impact map (Term)", "/notes/glossary/#impact-map"},
	} {
		found := b.find(c.query)
		if len(found) == 0 || found[0] != c.first || b.leadsTo() != c.leads {
			t.Errorf("%q finds %q, which leads to %s", c.query, found, b.leadsTo())
		}
	}
	found := b.find("skellton")
	if said := b.text(`dialog [role="status"]`); len(found) == 0 || !strings.HasPrefix(said, "“skellton” is nowhere here: showing “skeleton”.") {
		t.Errorf("%q finds %q, and says %q", "skellton", found, said)
	}
	b.find("zzxqv")
	if said := b.text(`dialog [role="status"]`); said != "Nothing has all of “zzxqv”." || value[bool](b, `!document.querySelector(".results").hidden`) {
		t.Errorf("where nothing is found: %q", said)
	}
	b.quiet("first")
}

// Results can be chosen by kind, tag, phase and course; filters alone list what they leave.
func TestChoosingAmongResults(t *testing.T) {
	b, _ := finding(t)
	b.find("map")
	b.click("dialog .filters summary")
	b.wait(`document.querySelectorAll("dialog .filters select").length === 4`)
	pick := func(select_ int, value_, query string) []string {
		b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(() => {
			const s = document.querySelectorAll("dialog .filters select")[%d];
			delete document.querySelector("dialog .results").dataset.of;
			s.value = %q;
			s.dispatchEvent(new Event("change"));
		})()`, select_, value_)))
		b.answered("dialog", query)
		return b.found()
	}
	series := pick(0, "series", "map")
	if len(series) < 2 || slices.ContainsFunc(series, func(s string) bool { return !strings.HasSuffix(s, "(Series)") }) {
		t.Errorf("series about maps: %q", series)
	}
	posts := pick(0, "post", "map")
	tagged := pick(1, "roadmap", "map")
	if len(tagged) == 0 || len(tagged) >= len(posts) || slices.ContainsFunc(tagged, func(s string) bool { return !strings.HasSuffix(s, "(Post)") }) {
		t.Errorf("posts %q, of which with a tag %q", posts, tagged)
	}
	if course := pick(3, "Three days of product-owner school", "map"); len(course) != 0 {
		t.Errorf("posts of a course: %q", course)
	}
	pick(3, "", "map")
	b.do(chromedp.Evaluate[chromedp.Void](`(() => {
		const field = document.querySelector("dialog input");
		field.value = "";
		field.dispatchEvent(new Event("input"));
	})()`))
	b.answered("dialog", "")
	if all := b.found(); len(all) < len(tagged) {
		t.Errorf("without words the filters leave %q", all)
	}
	b.quiet("choosing")
}

// hostile is a site whose words would do harm if anything took them for more.
var hostile = map[string]string{
	"waymark.yaml":     "title: Hostile\n",
	"content/index.md": "# Home\n\nWords of the home page.\n",
	"content/posts/a.md": "---\ntitle: 'Payload <img src=x onerror=console.error(1)> title'\ndescription: '\"><script>console.error(2)</script> payload'\ntags: ['<b>payload</b>']\n---\n" +
		"## Head <script>console.error(3)</script> payload {#pay\"load}\n\njavascript:console.error(4) `${console.error(5)}` {{payload}}\n",
	"content/glossary.md": "Payload\n: `<svg onload=console.error(6)>` is code.\n",
	"content/posts/b.md":  "---\ntitle: hasOwnProperty __proto__ constructor\n---\n\ntoString valueOf\n",
}

// Neither a query nor what is found is ever run, or taken for HTML.
func TestQueriesAreNeverRun(t *testing.T) {
	b, origin, _ := findingIn(t, hostile)
	for _, query := range []string{
		`payload`, `<img src=x onerror=console.error(7)>`, `"><script>console.error(8)</script>`, `javascript:console.error(9)`, `${console.error(10)}`,
		`payload' or 1=1 --`, `__proto__`, `constructor`, `toString`, `\`, `(((`, `[a-`, `*`, `%00`, `%F0%28`, `../../etc/passwd`, "a\u202eb", strings.Repeat("a", 5_000), strings.Repeat("pay ", 200),
	} {
		b.do(chromedp.Navigate(origin + "search/?q=" + url.QueryEscape(query)))
		b.wait(`document.querySelector("[data-search-here] .results")?.dataset.of !== undefined`)
		strange := value[[]string](b, `[...document.querySelectorAll("[data-search-here] *")].filter((e) => !/^(FORM|INPUT|DETAILS|SUMMARY|P|OL|LI|A|SPAN|STRONG|SMALL|MARK|BUTTON)$/.test(e.tagName) || [...e.attributes].some((a) => a.name.startsWith("on"))).map((e) => e.outerHTML)`)
		links := value[[]string](b, `[...document.querySelectorAll("[data-search-here] .results a")].map((a) => a.protocol)`)
		if len(strange) > 0 || slices.ContainsFunc(links, func(p string) bool { return p != "http:" }) {
			t.Errorf("%q makes %q, links %q", query, strange, links)
		}
	}
	for query, first := range map[string]string{"payload": "Payload", "constructor": "hasOwnProperty __proto__ constructor", "valueOf": "hasOwnProperty __proto__ constructor"} {
		b.do(chromedp.Navigate(origin + "search/?q=" + url.QueryEscape(query)))
		b.answered("[data-search-here]", query)
		if found := b.found(); len(found) == 0 || !strings.HasPrefix(found[0], first+" (") {
			t.Errorf("%q finds %q", query, found)
		}
	}
	b.quiet("hostile")
}

// What asks not to be found is in no file of the index, nor are drafts.
func TestWhatIsNotToBeFound(t *testing.T) {
	b, origin, _ := findingIn(t, map[string]string{
		"waymark.yaml":          "title: Secrets\n",
		"content/posts/open.md": "---\ntitle: Open\n---\n\nplainword\n", "content/posts/other.md": "---\ntitle: Other\n---\n\nplainword too\n",
		"content/posts/no.md":    "---\ntitle: Notme\nsearch: false\ntags: [notag]\n---\n\nsecretword\n",
		"content/posts/draft.md": "---\ntitle: Draftling\ndraft: true\n---\n\nsecretword\n",
		"content/maps.md":        "---\ntitle: Mapsheet\nsearch: false\n---\n\n```impact-map hidden\n- secretgoal\n  - secretactor\n```\n",
	})
	if found := b.find("plainword"); len(found) != 2 {
		t.Errorf("found: %q", found)
	}
	names := value[[]string](b, `performance.getEntriesByType("resource").map((r) => r.name).filter((n) => n.includes(".idx"))`)
	if len(names) < 3 {
		t.Errorf("files that were asked for: %q", names)
	}
	for _, file := range []string{"root", "common", "filters", "t0", "p0", "l0"} {
		text := value[string](b, fmt.Sprintf(`fetch(%q).then((r) => new Response(r.body.pipeThrough(new DecompressionStream("gzip"))).text())`, origin+"search/"+file+".idx"))
		if low := strings.ToLower(text); strings.Contains(low, "secret") || strings.Contains(low, "notme") || strings.Contains(low, "draftling") || strings.Contains(low, "mapsheet") {
			t.Errorf("%s says %s", file, text)
		}
	}
}

// Where a site is published anew while somebody reads it, the search goes on with the new index; where the index cannot be reached
// it says so, and leads to the list of all pages.
func TestAnIndexThatChangesOrGoesAway(t *testing.T) {
	post := func(word string) string { return "---\ntitle: A post\n---\n\n" + word + "\n" }
	site := map[string]string{"waymark.yaml": "title: Moving\n", "content/posts/a.md": post("oldword"), "content/posts/b.md": post("another")}
	b, origin, again := findingIn(t, site)
	if found := b.find("oldword"); len(found) != 1 {
		t.Errorf("before: %q", found)
	}
	b.do(chromedp.KeyEvent(kb.Escape))
	site["content/posts/c.md"] = "---\ntitle: Newest\ndate: 2020-01-01\n---\n\nnewword " + strings.Repeat("zebra yak ", 300)
	again(site)
	if found := b.find("zebra"); len(found) != 1 || found[0] != "Newest (Post)" {
		t.Errorf("after another build: %q", found)
	}
	b.quiet("another build")
	b.see(origin, 834)
	b.do(chromedp.Evaluate[chromedp.Void](`globalThis.fetch = () => Promise.reject(new TypeError("no network"))`))
	b.openSearch()
	b.do(chromedp.KeyEvent("oldword"))
	b.wait(`document.querySelector('dialog [role="status"] a') !== null`)
	if said := b.text(`dialog [role="status"]`); said != "The search cannot be reached just now. Other ways through the site" {
		t.Errorf("it says %q", said)
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('dialog [role="status"] a').click()`))
	b.wait(`location.pathname === "/search/"`)
}

// Without JavaScript the page lists all that can be found; with it, it is a search of its own that can be linked to.
func TestThePageOnWhichReadersSearch(t *testing.T) {
	b, origin := finding(t)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.click(".find")
	b.do(chromedp.WaitVisible(chromedp.CSS(".all-titles")))
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false})
	listed := value[[]string](b, `[...document.querySelectorAll(".all-titles a")].map((a) => a.textContent)`)
	for _, title := range []string{"Walking skeleton", "The shelf in numbers", "Three days of product-owner school", "Story mapping", "Rosa Lindqvist"} {
		if !slices.Contains(listed, title) {
			t.Errorf("the list lacks %q", title)
		}
	}
	b.see(origin+"search/?q=backbone", 834)
	b.answered("[data-search-here]", "backbone")
	first := b.found()
	b.do(chromedp.Focus(chromedp.CSS("[data-search-here] input")), chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`), chromedp.KeyEvent("map"+kb.Enter))
	b.wait(`location.search === "?q=map"`)
	b.answered("[data-search-here]", "map")
	if found := b.found(); len(first) == 0 || first[0] != "Backbone (Term)" || len(found) != 10 {
		t.Errorf("first %q, then %q", first, found)
	}
	b.do(chromedp.Focus(chromedp.CSS("[data-search-here] > .button")), chromedp.KeyEvent(kb.Enter))
	b.wait(`document.querySelectorAll(".results a").length === 20`)
	if focused := value[int](b, `[...document.querySelectorAll(".results a")].indexOf(document.activeElement)`); focused != 10 {
		t.Errorf("the focus is on result %d: %s", focused, value[string](b, `document.activeElement.outerHTML`))
	}
	b.quiet("page")
}

// A site that is read from a disk can be searched too.
func TestSearchingFromTheFileSystem(t *testing.T) {
	dir := build(t, func(c *generator.Config) { c.Portable = true })
	b := open(t, "file://")
	b.see((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "posts", "index.html"))}).String(), 834)
	found := b.find("walking skeleton")
	if len(found) == 0 || found[0] != "Walking skeleton (Term)" || !strings.HasSuffix(b.leadsTo(), "glossary/index.html#walking-skeleton") {
		t.Errorf("found %q, which leads to %s", found, b.leadsTo())
	}
	b.do(chromedp.KeyEvent(kb.ArrowDown + kb.Enter))
	b.wait(`location.hash === "#walking-skeleton"`)
	b.see((&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "search", "index.html")), RawQuery: "q=backbone&kind=term"}).String(), 834)
	b.answered("[data-search-here]", "backbone")
	if found := b.found(); len(found) == 0 || found[0] != "Backbone (Term)" || slices.ContainsFunc(found, func(s string) bool { return !strings.HasSuffix(s, "(Term)") }) {
		t.Errorf("on the page: %q", found)
	}
	b.quiet("portable")
}

// What readers type is not always what stands in the texts.
func TestWhatReadersType(t *testing.T) {
	files := map[string]string{"waymark.yaml": "title: Typing\n"}
	post := func(name, title, date, text string) {
		files["content/posts/"+name+".md"] = "---\ntitle: \"" + title + "\"\ndate: " + date + "\n---\n\n" + text + "\n"
	}
	post("libraries", "One", "2020-01-01", "Of libraries.")
	post("equipe", "Two", "2020-01-01", "Une équipe et l'arc-en-ciel.")
	post("coop", "Three", "2020-01-01", "A co op, and a loop.")
	post("cats", "Four", "2020-01-01", "私は猫です。また犬")
	post("named", "Story map", "2001-01-01", "Short.")
	for i := range 14 {
		post(fmt.Sprint("note", i), fmt.Sprint("Note ", i), "2021-01-01", strings.Repeat("Of a story and a map. ", 14)+strings.Repeat("Something else. ", 20))
		post(fmt.Sprint("often", i), fmt.Sprint("Often ", i), "2021-01-01", "## Frequent\n\n"+strings.Repeat("rare ", i))
	}
	b, origin, _ := findingIn(t, files)
	ask := func(query string) (found []string, says string) {
		t.Helper()
		b.do(chromedp.Navigate(origin + "search/?q=" + url.QueryEscape(query)))
		b.answered("[data-search-here]", query)
		return b.found(), b.text(`[data-search-here] [role="status"]`)
	}
	for _, c := range []struct{ query, first, says string }{
		{"library", "One (Post)", "“library” is nowhere here: showing “libraries”. 1 result"},
		{"l'équipe", "Two (Post)", "1 result"},
		{"l'arc-en-ciel", "Two (Post)", "1 result"},
		{"arc-en-ciel", "Two (Post)", "1 result"},
		{"co-op", "Three (Post)", "1 result"},
		{"猫", "Four (Post)", "1 result"},
		{"犬", "Four (Post)", "1 result"},
		{"は猫で", "Four (Post)", "1 result"},
		{"story map", "Story map (Post)", "15 results"},
	} {
		if found, says := ask(c.query); len(found) == 0 || found[0] != c.first || says != c.says {
			t.Errorf("%q finds %q, and says %q", c.query, found, says)
		}
	}
	b.do(chromedp.Navigate(origin + "search/?q=" + strings.Repeat("unheard+of+", 2_000))) // a long query is cut, and answered soon
	b.wait(`document.querySelector("[data-search-here] .results")?.dataset.of?.length === 200`)
	b.quiet("typing")
}

// axe has nothing to say of the search in any state, in any language, and nothing is wider than the screen.
func TestTheSearchForEverybody(t *testing.T) {
	axe := readAxe(t)
	for tag, query := range map[string]string{"en": "map", "cy": "map", "ar": "قصة"} {
		dir := ""
		if tag == "en" {
			dir = build(t, nil)
		} else {
			dir = buildIn(t, tag)
		}
		server := serve(t, dir, "/notes/")
		b := open(t, server.URL)
		b.see(server.URL+"/notes/", 390)
		check := func(state string) {
			t.Helper()
			for i, width := range widths {
				b.media("", "prefers-color-scheme", []string{"light", "dark"}[i%2])
				b.do(chromedp.EmulateViewport(width, 900), chromedp.Evaluate[chromedp.Void](axe))
				if out := value[string](b, widest); out != "" {
					t.Errorf("%s, %s: wider than the screen: %s", tag, state, out)
				}
				for _, v := range value[[]string](b, axeRun) {
					t.Errorf("%s, %s at %d: axe: %s", tag, state, width, v)
				}
			}
		}
		b.openSearch()
		check("empty")
		b.do(chromedp.KeyEvent(query))
		b.answered("dialog", query)
		if found := b.found(); len(found) == 0 {
			t.Errorf("%s: %q finds nothing", tag, query)
		}
		check("found")
		b.do(chromedp.KeyEvent(kb.ArrowDown))
		check("chosen")
		b.click("dialog .filters summary")
		b.wait(`document.querySelector("dialog .filters select") !== null`)
		check("filters")
		b.see(server.URL+"/notes/search/?q="+url.QueryEscape(query), 390)
		b.answered("[data-search-here]", query)
		check("page")
		b.see(server.URL+"/notes/search/?q=zzxqv", 390)
		b.answered("[data-search-here]", "zzxqv")
		check("nothing")
		b.quiet(tag)
	}
}

// Scripts cut and fold words as the index does: each word of a text is asked for in the forms in which it is found.
func TestScriptsFoldAsTheIndexDoes(t *testing.T) {
	texts := []string{
		"Café ÅNGSTRÖM œuvre Straße ΟΔΟΣ Ёлка новый", "l'équipe l'arc-en-ciel don't owner’s O'Brien e-mail co‑op state-of-the-art rock'n'roll -a- 'b'", "الْقِصَّة آخر إلى أحمد ٱلكتاب",
		"故事地図 ユーザーストーリー 사용자 스토리 ประชุม a図b 漢", "½ ﷺ ㍿ ﬁ Ⅷ x² 3,000 12.5 ＡＢＣ ａ’ｂ", "soft\u00adhyphen zero\u200bwidth ʼn ŉ ǆ İstanbul ışık", "Ŵyneb ŷd Łódź þorn ðe Ħ ŋ ŧ", "शब्द বাংলা தமிழ் עִבְרִית ກຂ ខ្មែរ မြန်မာ",
	}
	for _, name := range files(t, repository+"/content", ".md") {
		data, err := os.ReadFile(filepath.Join(repository, "content", name))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(data))
	}
	bundle := api.Build(api.BuildOptions{
		EntryPoints: []string{"../../themes/trail/assets/js/search/fold.js"}, Bundle: true, Format: api.FormatIIFE, GlobalName: "folded",
		Plugins: []api.Plugin{{Name: "table", Setup: func(b api.PluginBuild) {
			b.OnResolve(api.OnResolveOptions{Filter: "^waymark:folding$"}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
				return api.OnResolveResult{Path: "folding", Namespace: "table"}, nil
			})
			b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "table"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
				contents := string(search.Folding)
				return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJSON}, nil
			})
		}}},
	})
	if len(bundle.Errors) > 0 {
		t.Fatal(bundle.Errors)
	}
	b := open(t, "about:")
	b.do(chromedp.Evaluate[chromedp.Void](string(bundle.OutputFiles[0].Contents) + "; globalThis.folded = folded"))
	forms := 0
	for _, text := range texts {
		index, err := search.Make(context.Background(), search.Plan{Entries: 1}, []search.Entry{{Language: "x"}}, func(int) ([]byte, error) { return []byte(text), nil })
		if err != nil {
			t.Fatal(err)
		}
		written, err := index.File("t0", true)
		if err != nil {
			t.Fatal(err)
		}
		indexed := map[string]bool{}
		var quoted string
		if err := json.Unmarshal(written[strings.Index(string(written), ",")+1:len(written)-2], &quoted); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(quoted, "\n")[1:] {
			words, _, _ := strings.Cut(line, "\t")
			for _, w := range strings.Fields(words) {
				indexed[w] = true
			}
		}
		asked := map[string]bool{}
		input, _ := json.Marshal(text)
		for _, form := range value[[]string](b, fmt.Sprintf(`[...new Set(folded.words(%s).flatMap((w) => w.ways.flat()))]`, input)) {
			if len(form) <= 60 {
				asked[form] = true
			}
		}
		forms += len(asked)
		for form := range indexed { // the last sign of a run stands alone in the index, so that each sign begins a form
			if len([]rune(form)) == 1 && form >= "\u0e00" {
				delete(indexed, form)
				delete(asked, form)
			}
		}
		if !maps.Equal(asked, indexed) {
			t.Errorf("%.60q: asked for and not indexed %q, indexed and not asked for %q", text, without(asked, indexed), without(indexed, asked))
		}
	}
	if forms < 5_000 {
		t.Errorf("only %d forms were compared", forms)
	}
}

func without(all, some map[string]bool) []string {
	var out []string
	for _, s := range slices.Sorted(maps.Keys(all)) {
		if !some[s] {
			out = append(out, s)
		}
	}
	return out[:min(len(out), 20)]
}

// In a preview the search finds what was just written, also where the page itself was only changed in place.
func TestSearchingInAPreview(t *testing.T) {
	d := sit(t, deskFiles())
	d.visit("posts/one/")
	if found := d.find("second"); len(found) != 1 || found[0] != "Two (Post)" {
		t.Errorf("before: %q", found)
	}
	if value[bool](d.tab, `document.querySelector("dialog [aria-selected='true']") !== null`) {
		t.Error("the only result is chosen before anybody chooses it")
	}
	d.do(chromedp.KeyEvent(kb.Escape))
	d.write("content/posts/one.md", strings.Replace(longPost("One", "first"), "Paragraph 40 has", "Paragraph 40, unmistakably, has", 1))
	d.until("the words change", has("unmistakably"))
	if found := d.find("unmistakably"); !d.stayed() || len(found) != 1 || found[0] != "One (Post)" {
		t.Errorf("after: %q", found)
	}
	d.quiet("searching in a preview")
}

// What searches, and what a first search and a later one fetch of the index, stay within their budgets; no page that is only read
// fetches any of it.
func TestWhatASearchFetches(t *testing.T) {
	dir := build(t, nil)
	script, err := filepath.Glob(filepath.Join(dir, "assets", "search-*.js"))
	if err != nil || len(script) != 1 {
		t.Fatal(script, err)
	}
	if size := compressed(t, script[0]); size > 9<<10 {
		t.Errorf("what searches has %d bytes, compressed", size)
	}
	server := serve(t, dir, "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/posts/the-shelf-in-numbers/", 834)
	fetched := func() int {
		return value[int](b, `performance.getEntriesByType("resource").filter((r) => /search/.test(r.name)).reduce((sum, r) => sum + r.encodedBodySize, 0)`)
	}
	if n := fetched(); n > 0 {
		t.Errorf("reading a page fetches %d bytes for searching", n)
	}
	b.openSearch()
	engine := value[int](b, `performance.getEntriesByType("resource").filter((r) => /search-.*js/.test(r.name)).reduce((sum, r) => sum + r.encodedBodySize, 0)`)
	before := 0
	for i, query := range []string{"walking skeleton", "what the numbers say", "measure", "backlg"} {
		b.find(query)
		n := fetched() - engine
		if t.Logf("%q: %d bytes", query, n-before); i == 0 && n > 55<<10 || n-before > 45<<10 {
			t.Errorf("%q fetches %d bytes", query, n-before)
		}
		before = n
		b.do(chromedp.KeyEvent(kb.Escape))
	}
}

// A result is read aloud in the language of what it leads to, also where most of a site is in another one than the site's own.
func TestResultsSayTheirLanguage(t *testing.T) {
	b, _, _ := findingIn(t, map[string]string{
		"waymark.yaml": "title: Languages\n", "content/posts/one.md": "---\ntitle: One word\n---\n\nText.\n",
		"content/posts/dau.md": "---\ntitle: Dau word\nlang: cy\n---\n\nTestun.\n", "content/posts/tri.md": "---\ntitle: Tri word\nlang: cy\n---\n\nTestun.\n",
	})
	b.find("word")
	got := value[[]string](b, `[...document.querySelectorAll(".results a")].map((a) => a.querySelector("strong").textContent + " " + a.lang + " " + a.querySelector("small").lang).sort()`)
	if !slices.Equal(got, []string{"Dau word cy en", "One word en en", "Tri word cy en"}) {
		t.Errorf("results: %q", got)
	}
}
