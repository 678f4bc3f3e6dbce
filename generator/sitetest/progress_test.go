package sitetest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"
	"pgregory.net/rapid"

	"waymark/generator"
)

// merger runs the theme's own merge, in an engine for JavaScript.
func merger(t *testing.T) func(a, b []map[string]any) string {
	t.Helper()
	source, err := os.ReadFile("../../themes/trail/assets/js/merge.js")
	if err != nil {
		t.Fatal(err)
	}
	out := api.Transform(string(source), api.TransformOptions{Format: api.FormatIIFE, GlobalName: "merged", Target: api.ES2017})
	if len(out.Errors) > 0 {
		t.Fatal(out.Errors)
	}
	engine := goja.New()
	if _, err := engine.RunString(string(out.Code)); err != nil {
		t.Fatal(err)
	}
	run, err := engine.RunString(`(a, b) => JSON.stringify(merged.merge(JSON.parse(a), JSON.parse(b)))`)
	if err != nil {
		t.Fatal(err)
	}
	call, _ := goja.AssertFunction(run)
	return func(a, b []map[string]any) string {
		x, _ := json.Marshal(a)
		y, _ := json.Marshal(b)
		v, err := call(goja.Undefined(), engine.ToValue(string(x)), engine.ToValue(string(y)))
		if err != nil {
			t.Fatal(err)
		}
		return v.String()
	}
}

// What two devices know can be merged in any order, and as often as one likes: nothing is lost, and nothing counts twice.
func TestMergingIsCommutativeAssociativeAndIdempotent(t *testing.T) {
	merge := merger(t)
	events := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) map[string]any {
		e := map[string]any{
			"t": rapid.IntRange(1, 6).Draw(r, "t"), "d": rapid.SampledFrom([]string{"a", "b"}).Draw(r, "d"), "k": rapid.SampledFrom([]string{"answer", "grade", "read"}).Draw(r, "k"),
		}
		if rapid.Bool().Draw(r, "more") {
			e["g"] = rapid.IntRange(1, 4).Draw(r, "g")
		}
		return e
	}), 0, 8)
	read := func(text string) (out []map[string]any) {
		if err := json.Unmarshal([]byte(text), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b, c := events.Draw(r, "a"), events.Draw(r, "b"), events.Draw(r, "c")
		ab := merge(a, b)
		if ba := merge(b, a); ab != ba {
			r.Fatalf("a and b: %s\nb and a: %s", ab, ba)
		}
		if left, right := merge(read(ab), c), merge(a, read(merge(b, c))); left != right {
			r.Fatalf("(a b) c: %s\na (b c): %s", left, right)
		}
		if again := merge(read(ab), b); again != ab {
			r.Fatalf("once: %s\ntwice: %s", ab, again)
		}
		for _, e := range append(a, b...) { // what happened at one time, on one device, to one thing, happened once
			name := fmt.Sprintf(`"d":"%v"`, e["d"])
			if !strings.Contains(ab, name) {
				r.Fatalf("%v is lost in %s", e, ab)
			}
		}
	})
}

// learning opens a site with a course, at a clock that can be moved.
func learning(t *testing.T) (b *tab, origin string) {
	t.Helper()
	dir := build(t, func(c *generator.Config) { c.Dir = "testdata/review" })
	server := serve(t, dir, "/notes/")
	b = open(t, server.URL)
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: moving})
	return b, server.URL + "/notes/"
}

func (b *tab) text(css string) string {
	b.Helper()
	return value[string](b, fmt.Sprintf(`(document.querySelector(%q)?.innerText ?? "").replace(/\s+/g, " ").trim()`, css))
}

// Reading is marked by who reads, or when all questions are answered; it shows beside links, on the course, and where one goes on.
func TestHowFarOneHasCome(t *testing.T) {
	b, origin := learning(t)
	b.see(origin+"courses/c/", 1440)
	if got := b.text("[data-far]"); got != "" {
		t.Errorf("at first: %q", got)
	}
	b.see(origin+"courses/c/one/", 1440)
	if got := b.text("[data-read]"); got != "Mark as read" {
		t.Errorf("at first: %q", got)
	}
	b.press("stops", "I don’t know yet")
	b.press("once", "I don’t know yet")
	if got := b.text("[data-read]"); got != "✓ Read Not yet" {
		t.Errorf("with all questions answered: %q", got)
	}
	b.see(origin+"courses/c/", 1440)
	if got := b.text("[data-far]"); got != "1 of 2 read · 2 of 2 questions answered Continue: Session two" {
		t.Errorf("on the course: %q", got)
	}
	if got := b.text(".schedule a.was-read"); !strings.HasPrefix(got, "Session one") {
		t.Errorf("the link that was read: %q", got)
	}
	b.see(origin, 1440)
	if got := b.text("[data-continue]"); got != "Continue: Session two A course" {
		t.Errorf("on the home page: %q", got)
	}
	b.see(value[string](b, `document.querySelector("[data-continue] a").href`), 1440)
	b.click("[data-read] button")
	if got := b.text("[data-read]"); got != "✓ Read Not yet" {
		t.Errorf("marked: %q", got)
	}
	b.see(origin, 1440)
	if got := b.text("[data-continue]"); got != "" {
		t.Errorf("with all of it read: %q", got)
	}
	b.see(origin+"courses/c/two/", 1440)
	b.click("[data-read] button:last-child")
	if got := b.text("[data-read]"); got != "Mark as read" {
		t.Errorf("taken back: %q", got)
	}
	b.see(value[string](b, `document.querySelector(".turn .next").href`), 1440)
	if got := b.text("main"); !strings.Contains(got, "The end of A course") || !strings.Contains(got, "See your record") {
		t.Errorf("at the end: %q", got)
	}
	b.quiet("progress")
}

// What was done can be saved, deleted, brought back, and merged with what another device has; each file that is none has its sentence,
// and nothing is lost.
func TestTakingTheRecordAlong(t *testing.T) {
	b, origin := learning(t)
	b.see(origin+"courses/c/one/", 834)
	b.choose("stops", "A result")
	b.press("stops", "Check, I’m sure")
	b.click("[data-read] button")
	b.see(origin+"record/", 834)
	value[bool](b, `localStorage.setItem("waymark:remembered/notes:broken:1:q/x", '{"log":') ?? true`)
	if got := b.text(".learned li"); !strings.HasPrefix(got, "Session one read · 1 of 2 answered, 1 rightly at first") {
		t.Errorf("the record: %q", got)
	}
	file := b.saved("Save as a file")
	kept := func() string {
		return value[string](b, `JSON.stringify(Object.keys(localStorage).filter((k) => /:[pqc]\/|:broken/.test(k)).sort().map((k) => [k, localStorage.getItem(k)]))`)
	}
	before := kept()
	b.own("Delete everything")
	b.own("Yes, delete all that I did here")
	if got := kept(); got != "[]" || b.text("[data-own] .result") != "All of it is deleted." {
		t.Errorf("deleted, and there is %s", got)
	}
	if got := b.bring(file); !strings.Contains(got, "new things.") || !strings.Contains(got, "1 record cannot be read") {
		t.Errorf("brought back: %q", got)
	}
	if got := kept(); got != before {
		t.Errorf("what came back is not what was:\n%s\n%s", got, before)
	}
	if got := b.bring(file); !strings.HasPrefix(got, "0 new things.") {
		t.Errorf("a second time: %q", got)
	}
	other := `{"version":1,"site":"remembered/notes","log":{"q/stops":[{"t":1700000000000,"d":"other","k":"answer","r":0}],"q/gone":[{"t":1,"d":"o","k":"answer","r":1}],"c/conclude":"nonsense"}}`
	if got := b.bring(other); got != "2 new things. 1 belongs to nothing on this site any more, and is kept. 1 record cannot be read; it was set aside, and goes along in your file." {
		t.Errorf("another device: %q", got)
	}
	for name, test := range map[string][2]string{
		"cut":             {file[:len(file)/2], "This file is cut off"},
		"no file of ours": {"hello", "This is no file of progress"},
		"another form":    {`{"a":1}`, "This is no file of progress"},
		"a list":          {`[1]`, "This is no file of progress"},
		"newer":           {`{"version":2,"site":"remembered/notes","log":{}}`, "This file was written by a newer Waymark"},
		"another site":    {`{"version":1,"site":"elsewhere","log":{}}`, "This file belongs to another site, elsewhere,"},
	} {
		at := kept()
		if got := b.bring(test[0]); !strings.HasPrefix(got, test[1]) || !strings.Contains(got, "nothing was taken from it") {
			t.Errorf("%s: %q", name, got)
		}
		if got := kept(); got != at {
			t.Errorf("%s: it changed what is kept", name)
		}
	}
	b.quiet("the record")
}

// What one learnt becomes a note with front matter, which a site of one's own builds without a warning.
func TestWritingItUp(t *testing.T) {
	b, origin := learning(t)
	b.see(origin+"courses/c/one/", 834)
	b.choose("stops", "A loss")
	b.press("stops", "Check, I’m guessing")
	b.click("[data-read] button")
	value[bool](b, `localStorage.setItem("waymark:remembered/notes:q/own", JSON.stringify({ v: 1, log: [{ t: 1, d: "a", k: "answer", r: 1, a: 'It is: "mine"\nand #more' }] })) ?? true`)
	b.see(origin+"sheets/", 834)
	b.fillIn("story", "as-a", "neighbour: [x]")
	b.fillIn("go-on", "we-know-what-stops-them", "")
	b.fillIn("go-on", "we-know-what-stops-them/how", "We asked.")
	b.see(origin+"record/", 834)
	note := b.saved("Write it up")
	dir, out := t.TempDir(), t.TempDir()
	writeFiles(t, dir, map[string]string{"content/notes/what-i-learnt.md": note})
	report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Output: out, Strict: true, Clock: time.Now()})
	if err != nil || !report.Written {
		t.Fatalf("%v %v\n%s", err, report.Diagnostics, note)
	}
	data, err := os.ReadFile(filepath.Join(out, "notes/what-i-learnt/index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"What I learnt: Remembered", "What comes of a discovery that stops?", "Session one", "neighbour: [x]", "We know what stops them: We asked."} {
		if !strings.Contains(string(data), want) {
			t.Errorf("the note lacks %q:\n%s", want, note)
		}
	}
	b.quiet("writing it up")
}

// saved presses a button of the record, and returns the file that comes of it.
func (b *tab) saved(button string) string {
	b.Helper()
	value[bool](b, `(() => { window.saved = null; const own = URL.createObjectURL; URL.createObjectURL = (blob) => { blob.text().then((t) => (window.saved = t)); return own(blob); }; return true; })()`)
	b.own(button)
	return value[string](b, `new Promise((done) => { const look = () => (window.saved ? done(window.saved) : setTimeout(look, 20)); look(); })`)
}

// bring brings a file into the record, and returns what that says of it.
func (b *tab) bring(text string) string {
	b.Helper()
	value[bool](b, fmt.Sprintf(`(() => {
		document.querySelector("[data-own] .result").textContent = "";
		const files = new DataTransfer();
		files.items.add(new File([%q], "x.json"));
		const input = document.querySelector("[data-own] input");
		input.files = files.files;
		input.dispatchEvent(new Event("change"));
		return true;
	})()`, text))
	return value[string](b, `new Promise((done) => { const look = () => { const s = document.querySelector("[data-own] .result").textContent; s ? done(s) : setTimeout(look, 20); }; look(); })`)
}

// own presses a button of the record.
func (b *tab) own(text string) {
	b.Helper()
	if !value[bool](b, fmt.Sprintf(`(() => { const x = [...document.querySelectorAll("[data-own] button")].find((x) => x.textContent === %q); x?.click(); return Boolean(x); })()`, text)) {
		b.Fatalf("the record has no button %q: %s", text, b.text("[data-own]"))
	}
}

// What another tab wrote meanwhile stays: each item has a record of its own, and is read before it is written.
func TestAnotherTabWritesToo(t *testing.T) {
	b, origin := learning(t)
	b.see(origin+"courses/c/one/", 834)
	value[bool](b, `["once", "stops"].forEach((id) => localStorage.setItem("waymark:remembered/notes:q/" + id, '{"v":1,"log":[{"t":1700000000000,"d":"other","k":"answer","r":1}]}')) ?? true`)
	b.press("stops", "I don’t know yet")
	if got := value[string](b, `["stops", "once"].map((id) => JSON.parse(localStorage.getItem("waymark:remembered/notes:q/" + id)).log.filter((e) => e.k === "answer").length).join(" ")`); got != "2 1" {
		t.Errorf("kept: %s", got)
	}
}

// After ten things that are in no file, a reader is told that browsers forget.
func TestKeepingItSafe(t *testing.T) {
	b, origin := learning(t)
	b.see(origin+"many/", 834)
	value[bool](b, `localStorage.setItem("waymark:remembered/notes:unsaved", "8") ?? true`)
	b.see(origin+"courses/c/one/", 834)
	b.press("stops", "I don’t know yet")
	if got := b.text(".notice.safe"); got != "" {
		t.Errorf("after nine: %q", got)
	}
	b.press("once", "I don’t know yet")
	if got := b.text(".notice.safe"); !strings.Contains(got, "browsers forget") {
		t.Errorf("after ten: %q", got)
	}
	b.quiet("keeping it safe")
}

// axe has nothing to say of the pages of progress.
func TestProgressForEverybody(t *testing.T) {
	axe := readAxe(t)
	b, origin := learning(t)
	b.see(origin+"courses/c/one/", 834)
	b.click("[data-read] button")
	for i, at := range []string{"record/", "courses/c/finished/", "courses/c/", "courses/c/one/", ""} {
		b.media("", "prefers-color-scheme", []string{"dark", "light"}[i%2])
		for _, width := range widths {
			b.inspect(at, origin+at, width, axe)
		}
		b.quiet(at)
	}
	dir := build(t, func(c *generator.Config) { c.Dir = "testdata/review" })
	data, err := os.ReadFile(filepath.Join(dir, "record/index.html"))
	if err != nil || !strings.Contains(string(data), "Nothing is sent to anybody.") {
		t.Error("the record does not say what is kept", err)
	}
}
