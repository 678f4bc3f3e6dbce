package sitetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/generator"
)

// goTo follows the link that a selector finds, as a click does.
func (b *tab) goTo(css string) {
	b.Helper()
	href := value[string](b, fmt.Sprintf(`document.querySelector(%q)?.href ?? ""`, css))
	if href == "" {
		b.Fatalf("%s: there is no link %s", value[string](b, `location.href`), css)
	}
	b.do(chromedp.Navigate(href))
}

// markRead says that the page was read.
func (b *tab) markRead() {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-read] button").click()`))
	b.until("it is read", `document.querySelector("[data-read]").textContent.includes("✓ Read")`)
}

// A learner takes the course of the demonstration, from the search to a note of their own.
func TestALearnerTakesTheCourse(t *testing.T) {
	server := serve(t, build(t, nil), "/notes/")
	origin := server.URL + "/notes/"
	b := open(t, server.URL)
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: moving})
	b.see(origin, 1440)
	value[bool](b, `localStorage.setItem("test:hours", (12 - new Date().getHours() + 24) % 24) ?? true`) // at noon, so that no other day begins meanwhile

	// They search for a term, arrive at it, and then find the course.
	b.find("walking skeleton")
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the term is there", `location.hash === "#walking-skeleton" && document.readyState === "complete"`)
	b.find("three days")
	if found := b.found(); len(found) == 0 || found[0] != "Three days of product-owner school (Course)" {
		t.Fatalf("the course is found as %q", found)
	}
	b.do(chromedp.KeyEvent(kb.ArrowDown))
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("the course is there", `document.querySelector("h1")?.innerText === "Three days of product-owner school" && document.readyState === "complete"`)

	// They begin, and answer: wrongly, then rightly; guessing; and not at all.
	b.goTo(".schedule a")
	if at := b.text("h1"); at != "Day one: other people" {
		t.Fatalf("the course begins with %q", at)
	}
	b.choose("hours-are-bad", "An observation")
	b.press("hours-are-bad", "Check, I’m sure")
	if said := b.says("hours-are-bad"); !strings.Contains(said, "An observation could be filmed") || b.open("hours-are-bad") {
		t.Errorf("a wrong answer: %q", said)
	}
	b.choose("hours-are-bad", "An opinion")
	b.press("hours-are-bad", "Check")
	if said := b.says("hours-are-bad"); said != "Right." {
		t.Errorf("the right answer: %q", said)
	}
	b.choose("the-last-time", "People know quite well")
	b.press("the-last-time", "Check, I’m guessing")
	b.press("sort-the-notes", "I don’t know yet")
	if !b.open("sort-the-notes") {
		t.Error("whoever does not know is not told")
	}
	b.markRead()

	// They leave, come back on another day, and go on where they were.
	b.later(origin, 1)
	b.see(origin, 390)
	if said := b.text("[data-continue]"); !strings.HasPrefix(said, "Continue: ") || !strings.Contains(said, "Three days of product-owner school") {
		t.Errorf("on the home page: %q", said)
	}
	b.goTo("[data-continue] a")
	if at := b.text("h1"); at != "Twenty minutes with a stranger" {
		t.Errorf("they go on with %q", at)
	}
	b.markRead()

	// They review until nothing is due, and again when more is due: what they were sure of and had wrong comes first.
	b.see(origin+"review/", 834)
	if first := b.allOf("3 Knew it"); len(first) == 0 || !strings.Contains(first[0], "opening hours are bad") {
		t.Errorf("the first review asks %q", first)
	}
	again := 0
	for range 6 {
		b.later(origin, 4)
		if !strings.Contains(b.stage(), "Start") {
			continue
		}
		again += len(b.allOf("3 Knew it"))
	}
	if again < 3 {
		t.Errorf("in four weeks %d things were asked again", again)
	}

	// They tick what the discovery asks, and take it along.
	b.see(origin+"journey/discovery/", 834)
	box := value[string](b, `document.querySelector('[data-item="phase-discovery"] input[type="checkbox"]').dataset.part`)
	b.fillIn("phase-discovery", box, "")
	b.fillIn("phase-discovery", box+"/how", "Eleven conversations.")
	if list := b.markdownOf("phase-discovery"); !strings.Contains(list, "- [x] ") || !strings.Contains(list, "Eleven conversations.") {
		t.Errorf("the checklist: %q", list)
	}

	// They save everything, lose it, bring it back, and merge what they did on another device.
	b.see(origin+"record/", 834)
	record := b.text(".learned")
	file := b.saved("Save as a file")
	kept := func() string {
		return value[string](b, `JSON.stringify(Object.entries(localStorage).filter(([k]) => /:[pqckw]\//.test(k)).sort())`)
	}
	before := kept()
	b.own("Delete everything")
	b.own("Yes, delete all that I did here")
	b.bring(file)
	if got := kept(); got != before || len(before) < 500 {
		t.Errorf("brought back is\n%s\nand was\n%s", got, before)
	}
	site := value[string](b, `document.documentElement.dataset.site`)
	if said := b.bring(fmt.Sprintf(`{"version":1,"site":%q,"log":{"q/sort-the-notes":[{"t":1790000000000,"d":"phone","k":"answer","r":1}]}}`, site)); !strings.HasPrefix(said, "1 new thing") {
		t.Errorf("another device: %q", said)
	}
	if said := b.bring(file); !strings.HasPrefix(said, "0 new things") {
		t.Errorf("the first file once more: %q", said)
	}
	b.see(origin+"record/", 834)
	if now := b.text(".learned"); !strings.Contains(now, "Day one: other people read") || record == "" {
		t.Errorf("the record says %q, and said %q", now, record)
	}

	// They write it up, and what comes out is a post that builds without a warning.
	note := b.saved("Write it up")
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"content/posts/what-i-learnt.md": note})
	report, err := generator.Build(context.Background(), generator.Config{Dir: dir, Strict: true, Future: true, Clock: time.Now()})
	if err != nil || !report.Written {
		t.Fatalf("%v %v\n%s", err, report.Diagnostics, note)
	}
	post, err := os.ReadFile(filepath.Join(dir, "public/posts/what-i-learnt/index.html"))
	if err != nil || !strings.Contains(string(post), "Day one: other people") || !strings.Contains(string(post), "Eleven conversations.") {
		t.Errorf("%v: the post lacks what was learnt:\n%s", err, note)
	}
	b.quiet("a learner")
}
