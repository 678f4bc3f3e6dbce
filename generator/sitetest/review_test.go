package sitetest

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"waymark/generator"
)

// moving lets a page's clock be moved by the hours in "test:hours".
const moving = `{
	const Own = Date;
	const now = () => Own.now() + Number(localStorage.getItem("test:hours") ?? 0) * 3600e3;
	globalThis.Date = class extends Own {
		constructor(...args) { if (args.length) super(...args); else super(now()); }
		static now() { return now(); }
	};
}`

// reviewing opens the review of the site in testdata. Its clock stands at noon, so that no test runs into another day.
func reviewing(t *testing.T) (b *tab, origin string) {
	t.Helper()
	dir := build(t, func(c *generator.Config) { c.Dir = "testdata/review" })
	server := serve(t, dir, "/notes/")
	b = open(t, server.URL)
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: moving})
	b.see(server.URL+"/notes/review/", 834)
	value[bool](b, `localStorage.setItem("test:hours", (12 - new Date().getHours() + 24) % 24) ?? true`)
	b.see(server.URL+"/notes/review/", 834)
	return b, server.URL + "/notes/"
}

// later moves the clock by some days, and opens the review.
func (b *tab) later(origin string, days int) {
	b.Helper()
	value[bool](b, fmt.Sprintf(`localStorage.setItem("test:hours", Number(localStorage.getItem("test:hours") ?? 0) + %d) ?? true`, 24*days))
	b.see(origin+"review/", 834)
}

// stage is what the review says.
func (b *tab) stage() string {
	b.Helper()
	return value[string](b, `document.querySelector("[data-review]").innerText.replace(/\s+/g, " ").trim()`)
}

// act presses a button of the review.
func (b *tab) act(text string) {
	b.Helper()
	if !value[bool](b, fmt.Sprintf(`(() => { const x = [...document.querySelectorAll("[data-review] button")].find((x) => x.textContent === %q); x?.click(); return Boolean(x); })()`, text)) {
		b.Fatalf("the review has no button %q: %s", text, b.stage())
	}
}

// addAll takes a collection into the review.
func (b *tab) addAll(title string) {
	b.Helper()
	if !value[bool](b, fmt.Sprintf(`(() => {
		const select = document.querySelector("[data-review-add] select");
		const option = [...select.options].find((o) => o.text.startsWith(%q));
		if (!option) return false;
		select.value = option.value;
		document.querySelector("[data-review-add] button").click();
		return true;
	})()`, title)) {
		b.Fatalf("there is no %q to add", title)
	}
}

// answer does with what is asked what an answer says: a grade for a card, and for a question whether it is to be right. It returns
// what was asked.
func (b *tab) answer(grade string, right bool) string {
	b.Helper()
	asked := value[string](b, `document.querySelector("[data-review] :is(.front, legend)").innerText`)
	if value[bool](b, `document.querySelector("[data-review] .question[data-kind]") !== null`) {
		check := value[string](b, fmt.Sprintf(`(() => {
			const all = (css) => [...document.querySelectorAll("[data-review] " + css)];
			const wanted = all(".choices > li").filter((l) => ("right" in l.dataset) === %t);
			(document.querySelector("[data-review] input[type='radio']") ? wanted.slice(0, 1) : wanted).forEach((l) => l.querySelector("input").click());
			all(".pairs > li").forEach((l) => (l.querySelector("select").value = l.dataset.with));
			return all("button").map((x) => x.textContent).find((text) => text === "Check" || text === "Check, I’m sure");
		})()`, right))
		b.act(check)
		b.act("Next")
		return asked
	}
	b.act("Show the answer")
	b.act(grade)
	return asked
}

// allOf answers everything that is asked today, and returns it.
func (b *tab) allOf(grade string) (asked []string) {
	b.Helper()
	b.act("Start")
	for range 60 {
		if strings.Contains(b.stage(), "Nothing is due any more today.") {
			return asked
		}
		asked = append(asked, b.answer(grade, true))
	}
	b.Fatalf("the review has no end: %v", asked)
	return nil
}

func TestTheReviewStartsEmptyAndFills(t *testing.T) {
	b, origin := reviewing(t)
	if got := b.stage(); !strings.HasPrefix(got, "Your review is empty.") {
		t.Errorf("at first: %q", got)
	}
	// A card that one wants to remember, and a question that one has answered.
	b.see(origin+"courses/c/one/", 834)
	b.press("stops", "I don’t know yet")
	if !value[bool](b, `document.querySelector("[data-due]").hidden`) {
		t.Error("the page leads to a review before there is one")
	}
	value[bool](b, `[...document.querySelectorAll(".cards-to-keep button")].at(-1).click() ?? true`)
	b.see(origin+"review/", 834)
	if got := b.stage(); !strings.HasPrefix(got, "3 to answer today.") {
		t.Errorf("then: %q", got)
	}
	asked := b.allOf("3 Knew it")
	if len(asked) != 3 {
		t.Errorf("asked %q: the question was met today, and of each card one way is asked a day", asked)
	}
	b.quiet("a first review")
}

// What is known comes back after days, later and later; of one card only one way is asked in a day; what was missed comes back at the
// end of the session until it was right once, and its first grade counts.
func TestReviewingOverDays(t *testing.T) {
	b, origin := reviewing(t)
	b.addAll("Course: A course")
	if got := value[string](b, `document.querySelector("[data-review-add] output").textContent`); got != "4 added." {
		t.Errorf("added: %q", got)
	}
	first := b.allOf("3 Knew it")
	if len(first) != 4 {
		t.Errorf("the first day asks %q", first)
	}
	if got := b.stage(); !strings.Contains(got, "Next: ") || !strings.Contains(got, "2 new ones wait for another day.") {
		t.Errorf("at the end: %q", got)
	}
	b.later(origin, 1)
	if second := b.allOf("3 Knew it"); len(second) != 2 {
		t.Errorf("the second day asks %q", second)
	}
	b.later(origin, 1)
	if got := b.stage(); !strings.Contains(got, "Nothing is due any more today.") {
		t.Errorf("the third day: %q", got)
	}
	b.later(origin, 3)
	if value[bool](b, `document.querySelector("[data-due]").hidden`) {
		t.Error("no page leads to what is due")
	}
	b.act("Start")
	missed := b.answer("1 Forgot", false)
	asked := []string{missed}
	for !strings.Contains(b.stage(), "Nothing is due") {
		asked = append(asked, b.answer("3 Knew it", true))
		if len(asked) > 20 {
			t.Fatal(asked)
		}
	}
	if last := asked[len(asked)-1]; last != missed || len(asked) < 3 {
		t.Errorf("%q was missed, and asked were %q", missed, asked)
	}
	grades := value[string](b, `Object.entries(localStorage).filter(([k]) => k.startsWith("waymark:remembered/notes:c/")).flatMap(([, v]) => JSON.parse(v).log).filter((e) => e.k === "grade" && e.g === 1).length + ""`)
	sure := value[string](b, `JSON.parse(localStorage.getItem("waymark:remembered/notes:q/stops")).log.filter((e) => e.k === "answer" && e.r === 0).length + ""`)
	if grades+sure != "10" && grades+sure != "01" {
		t.Errorf("what was missed is kept %s and %s times", grades, sure)
	}
	b.later(origin, 1)
	if got := b.stage(); !strings.Contains(got, "to answer today") {
		t.Errorf("what was missed is not asked the next day: %q", got)
	}
	// Until nothing is due, however long it takes.
	for range 12 {
		b.later(origin, 40)
		if strings.Contains(b.stage(), "to answer today") {
			b.allOf("4 At once")
		}
	}
	b.later(origin, 1)
	if got := b.stage(); !strings.Contains(got, "Nothing is due any more today.") {
		t.Errorf("a year later: %q", got)
	}
	b.quiet("over days")
}

func TestOnlySoMuchADay(t *testing.T) {
	b, origin := reviewing(t)
	b.addAll("Tag: many")
	if got := b.stage(); !strings.HasPrefix(got, "8 to answer today.") {
		t.Errorf("of ten new ones: %q", got)
	}
	b.allOf("3 Knew it")
	value[bool](b, `(() => { const i = document.querySelector(".settings input"); i.value = 3; i.dispatchEvent(new Event("change")); return true; })()`)
	b.later(origin, 30)
	if got := b.stage(); !strings.HasPrefix(got, "5 to answer today. There is more than 3; the rest can wait.") {
		t.Errorf("of eight that are due, and two new ones: %q", got)
	}
	b.quiet("limits")
}

func TestTakingBackAndByKeyboard(t *testing.T) {
	b, _ := reviewing(t)
	b.addAll("Tag: many")
	b.act("Start")
	asked := `document.querySelector("[data-review] .front").innerText`
	first := value[string](b, asked)
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent("1"))
	if second := value[string](b, asked); second == first {
		t.Error("a grade goes to the next card")
	}
	b.do(chromedp.KeyEvent("u"))
	if again := value[string](b, asked); again != first {
		t.Errorf("taken back: %q, and not %q", again, first)
	}
	if got := value[string](b, `Object.entries(localStorage).filter(([k]) => k.includes(":c/")).flatMap(([, v]) => JSON.parse(v).log).map((e) => e.k).filter((k) => k !== "add").join(" ")`); got != "grade undo" {
		t.Errorf("kept: %s", got) // so that a file that is merged in brings no grade back
	}
	for range 8 {
		b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent("3"))
	}
	if got := b.stage(); !strings.Contains(got, "Nothing is due any more today.") {
		t.Errorf("after eight cards by keyboard: %q", got)
	}
	b.quiet("the keyboard")
}

// A card that says something else than it did says so, and keeps its schedule. One that is gone is kept, and not asked. A clock that
// was set back asks nothing twice, and breaks nothing.
func TestWhatChangedAndWhatIsGone(t *testing.T) {
	b, origin := reviewing(t)
	value[bool](b, `(() => {
		const then = Date.now() - 30 * 24 * 3600e3;
		const put = (item, log) => localStorage.setItem("waymark:remembered/notes:" + item, JSON.stringify({ v: 1, log }));
		put("c/conclude", [{ t: then, d: "a", k: "grade", g: 3, h: "another" }]);
		put("c/gone", [{ t: then, d: "a", k: "grade", g: 3 }]);
		put("c/discovery", [{ t: Date.now() + 90 * 24 * 3600e3, d: "a", k: "grade", g: 3 }]);
		return true;
	})()`)
	b.see(origin+"review/", 834)
	if got := b.stage(); !strings.HasPrefix(got, "2 to answer today.") { // the other way of a card that was asked one way is new
		t.Errorf("what is due: %q", got)
	}
	b.act("Start")
	if got := b.stage(); !strings.Contains(got, "Changed since you learnt it") {
		t.Errorf("what changed: %q", got)
	}
	b.answer("3 Knew it", true)
	if !value[bool](b, `localStorage.getItem("waymark:remembered/notes:c/gone") !== null`) {
		t.Error("what is gone is lost")
	}
	b.quiet("changes")
}

func TestReviewsInACalendar(t *testing.T) {
	b, _ := reviewing(t)
	b.addAll("Course: A course")
	b.allOf("3 Knew it")
	value[bool](b, `(() => { const own = URL.createObjectURL; URL.createObjectURL = (blob) => { blob.text().then((t) => (window.saved = t)); return own(blob); }; return true; })()`)
	b.act("Put my reviews in my calendar")
	text := value[string](b, `new Promise((done) => { const look = () => (window.saved ? done(window.saved) : setTimeout(look, 20)); look(); })`)
	if !strings.Contains(text, "BEGIN:VEVENT\r\n") || !strings.Contains(text, "SUMMARY:Review: ") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") {
		t.Errorf("%s", text)
	}
}

// What is taken back leaves what was on screen where it was.
func TestTakingBackLosesNothing(t *testing.T) {
	b, _ := reviewing(t)
	b.addAll("Tag: many")
	b.act("Start")
	asked := `document.querySelector("[data-review] .front")?.innerText ?? ""`
	var seen []string
	for range 3 {
		seen = append(seen, value[string](b, asked))
		b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent("3"))
	}
	fourth := value[string](b, asked)
	b.do(chromedp.KeyEvent("u"))
	if got := value[string](b, asked); got != seen[2] {
		t.Errorf("taken back: %q, want %q", got, seen[2])
	}
	b.do(chromedp.KeyEvent(" "), chromedp.KeyEvent("3"))
	if got := value[string](b, asked); got != fourth {
		t.Errorf("then: %q, want %q", got, fourth)
	}
	b.quiet("taking back")
}

// What was missed comes back until it was right once, however often it is missed again.
func TestMissedAgainAndAgain(t *testing.T) {
	b, _ := reviewing(t)
	b.addAll("Tag: many")
	b.act("Start")
	for range 8 {
		b.answer("1 Forgot", true)
	}
	for range 8 {
		b.answer("1 Forgot", true)
	}
	for i := range 8 {
		if strings.Contains(b.stage(), "Nothing is due") {
			t.Fatalf("after %d of 8", i)
		}
		b.answer("3 Knew it", true)
	}
	if got := b.stage(); !strings.Contains(got, "Nothing is due any more today.") {
		t.Errorf("at the end: %q", got)
	}
}

// A site with more cards than its review holds asks those of further pages too, once a reader has them.
func TestCardsThatStandElsewhere(t *testing.T) {
	dir, out := t.TempDir(), t.TempDir()
	texts := map[string]string{"waymark.yaml": "title: Remembered\n"}
	for _, page := range []string{"a", "b", "c"} {
		var text strings.Builder
		text.WriteString("---\ntitle: Page " + page + "\ntags: [t" + page + "]\n---\n```recall\n")
		for i := range 450 {
			fmt.Fprintf(&text, "What is %s %d? :: %d [here](a.md)\n", page, i, i)
		}
		text.WriteString("```\n")
		texts["content/"+page+".md"] = text.String()
	}
	writeFiles(t, dir, texts)
	if report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Output: out, BaseURL: "https://example.org/notes/", Clock: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}); err != nil || !report.Written {
		t.Fatal(err, report.Diagnostics)
	}
	server := serve(t, out, "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/c/", 834)
	value[bool](b, `[...document.querySelectorAll(".cards-to-keep button")].at(-1).click() ?? true`)
	b.see(server.URL+"/notes/review/", 834)
	got := value[string](b, `new Promise((done) => { const look = () => { const s = document.querySelector("[data-review]").innerText; s ? done(s) : setTimeout(look, 20); }; look(); })`)
	if !strings.HasPrefix(got, "8 to answer today.") {
		t.Errorf("the review says %q", got)
	}
	b.quiet("elsewhere")
}

// axe has nothing to say of the review in any state; without JavaScript all cards can be read.
func TestTheReviewForEverybody(t *testing.T) {
	axe := readAxe(t)
	b, origin := reviewing(t)
	check := func(name string, width int64) {
		t.Helper()
		b.do(chromedp.EmulateViewport(width, 900), chromedp.Evaluate[chromedp.Void](axe))
		if out := value[string](b, widest); out != "" {
			t.Errorf("%s: wider than the screen: %s", name, out)
		}
		for _, v := range value[[]string](b, axeRun) {
			t.Errorf("%s: axe: %s", name, v)
		}
	}
	check("empty", 390)
	b.addAll("Course: A course")
	check("due", 834)
	b.act("Start")
	for range 4 {
		check("asked", 390)
		b.media("", "prefers-color-scheme", "dark")
		b.answer("3 Knew it", true)
	}
	check("done", 1440)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.see(origin+"review/", 390)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}) // so that the test may look
	b.click(".practice summary")
	text := value[string](b, `document.querySelector("main").innerText`)
	if !strings.Contains(text, "What is a discovery allowed to conclude?") || strings.Contains(text, "Add to my review") {
		t.Errorf("without JavaScript:\n%s", text)
	}
}

// What schedules the review is the library as it is published, but for the address of its source map.
func TestTheSchedulerIsAsPublished(t *testing.T) {
	own, err := os.ReadFile("../../themes/trail/assets/js/ts-fsrs/ts-fsrs-5.4.2.js")
	if err != nil {
		t.Fatal(err)
	}
	published, err := os.ReadFile(npm(t, "ts-fsrs/dist/index.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	text, _, _ := strings.Cut(string(published), "//# sourceMappingURL")
	if string(own) != text {
		t.Error("the theme's ts-fsrs is not that of the package")
	}
}

// The files for Anki have each card once, in a form that takes the place of what it was when it is imported again.
func TestAnkiFiles(t *testing.T) {
	dir := build(t, func(c *generator.Config) { c.Dir = "testdata/review" })
	read := func(name string) (head string, notes [][]string) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		rest := string(data)
		for strings.HasPrefix(rest, "#") {
			line, after, _ := strings.Cut(rest, "\n")
			head, rest = head+line+" ", after
		}
		r := csv.NewReader(strings.NewReader(rest))
		r.Comma = '\t'
		if notes, err = r.ReadAll(); err != nil {
			t.Fatal(err)
		}
		return head, notes
	}
	head, whole := read("review/anki.txt")
	if head != "#separator:tab #html:true #guid column:1 #notetype column:2 #deck column:3 #tags column:4 " {
		t.Errorf("the head: %s", head)
	}
	guids := map[string]bool{}
	for _, note := range whole {
		if len(note) != 6 || len(note[0]) != 10 || guids[note[0]] || note[4] == "" {
			t.Errorf("a note that is not whole, or there twice: %q", note)
		}
		guids[note[0]] = true
	}
	_, course := read("courses/c/anki.txt")
	if len(whole) != 15 || len(course) != 5 {
		t.Errorf("%d notes on the site, and %d of the course", len(whole), len(course))
	}
	for _, note := range course {
		if note[2] != "Remembered::A course" {
			t.Errorf("in no deck of the course: %q", note)
		}
	}
	head, cloze := read("review/anki-cloze.txt")
	if head != "#separator:tab #html:true #guid column:1 #deck column:2 #tags column:3 " || len(cloze) != 1 || !strings.Contains(cloze[0][3], "The {{c1::goal}} comes before the {{c2::actor::who}}.") {
		t.Errorf("cloze: %s %q", head, cloze)
	}
}

// Terms of the glossary are in nobody's review until a reader adds those of a course. Then they are asked as cards, and known to the
// record.
func TestTermsOfACourse(t *testing.T) {
	b, origin, _ := findingIn(t, map[string]string{
		"waymark.yaml":                   "title: Terms\n",
		"content/courses/c/index.md":     "---\ntitle: A course\nstarts: 2024-05-13\n---\n\nIts text.\n",
		"content/courses/c/one/index.md": "---\ntitle: Session one\ndate: 2024-05-13\n---\n\nA [[baseline]] comes first.\n\n```recall\nWhat comes first? :: A baseline.\nid: first\n```\n",
		"content/courses/c/two/index.md": "---\ntitle: Session two\ndate: 2024-05-14\n---\n\nMore.\n",
		"content/glossary.md":            "Baseline\n: What a measure is *before*, see [the course](courses/c/index.md).\n\nUnused\n: A term that no page uses.\n",
	})
	b.see(origin+"review/", 834)
	added := func(title, says string) {
		t.Helper()
		b.addAll(title)
		b.until("it is added", fmt.Sprintf(`document.querySelector("[data-review-add] output").textContent === %q`, says))
	}
	added("Course: A course", "1 added.")
	if got := b.allOf("3 Knew it"); len(got) != 1 || got[0] != "What comes first?" {
		t.Errorf("of the course: %q", got)
	}
	added("Terms: A course", "1 added.")
	added("Terms: A course", "All of that is in your review already.")
	if got := b.allOf("3 Knew it"); len(got) != 1 || got[0] != "Baseline" {
		t.Errorf("of its terms: %q", got)
	}
	if page := value[string](b, `document.querySelector(".practice:has([data-terms])").dataset.url`); page != "../glossary/" {
		t.Errorf("a term leads to %s", page)
	}
	file := func() string { b.see(origin+"record/", 834); return b.saved("Save as a file") }()
	b.own("Delete everything")
	b.own("Yes, delete all that I did here")
	if said := b.bring(file); strings.Contains(said, "belongs to nothing") {
		t.Errorf("the record does not know the term: %s", said)
	}
	b.quiet("terms")
}
