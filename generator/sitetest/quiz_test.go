package sitetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"waymark/generator"
)

// asking opens the page of testdata that asks every kind of question.
func asking(t *testing.T) (b *tab, address string) {
	t.Helper()
	dir := build(t, func(c *generator.Config) { c.Dir = "testdata/quiz" })
	server := serve(t, dir, "/notes/")
	b = open(t, server.URL)
	address = server.URL + "/notes/ask/"
	b.see(address, 834)
	return b, address
}

// in is a question's selector, by its id.
func in(item, rest string) string {
	return `.question:not(.ahead)[data-item="` + item + `"] ` + rest
}

// choose marks the answers of a question by their texts.
func (b *tab) choose(item string, texts ...string) {
	b.Helper()
	for _, text := range texts {
		if !value[bool](b, fmt.Sprintf(`(() => {
			const li = [...document.querySelectorAll(%q)].find((l) => l.querySelector("label").textContent.includes(%q));
			li?.querySelector("input").click();
			return Boolean(li);
		})()`, in(item, ".choices > li"), text)) {
			b.Fatalf("%s has no answer %q", item, text)
		}
	}
}

// press presses a button of a question, by its text.
func (b *tab) press(item, text string) {
	b.Helper()
	if !value[bool](b, fmt.Sprintf(`(() => {
		const button = [...document.querySelectorAll(%q)].find((x) => x.textContent === %q);
		button?.focus();
		button?.click();
		return Boolean(button);
	})()`, in(item, "button"), text)) {
		b.Fatalf("%s has no button %q: %s", item, text, value[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, in(item, ""))))
	}
}

// says is what a question says of the answer that was given.
func (b *tab) says(item string) string {
	b.Helper()
	return value[string](b, fmt.Sprintf(`document.querySelector(%q).innerText.replace(/\s+/g, " ").trim()`, in(item, ".result")))
}

// kept is the outcomes that are kept of a question: 1, 0 or -1, each with how sure the reader was.
func (b *tab) kept(item string) string {
	b.Helper()
	return value[string](b, fmt.Sprintf(`JSON.parse(localStorage.getItem("waymark:questions/notes:q/%s") ?? '{"log":[]}').log.filter((e) => e.k === "answer").map((e) => e.r + (e.s === undefined ? "" : "/" + e.s)).join(" ")`, item))
}

func (b *tab) open(item string) bool {
	b.Helper()
	return value[bool](b, fmt.Sprintf(`!document.querySelector(%q).hidden`, in(item, ".sheet")))
}

// A wrong answer is told what speaks against it, and not what is right; after a second one, or when a reader asks, it is. Only
// the first attempt is kept.
func TestAnsweringWronglyAndThenRightly(t *testing.T) {
	b, address := asking(t)
	b.press("small-problem", "Check, I’m sure")
	if got := b.says("small-problem"); got != "Give an answer first." {
		t.Errorf("without an answer: %q", got)
	}
	b.choose("small-problem", "Go to alpha")
	b.press("small-problem", "Check, I’m sure")
	if got := b.says("small-problem"); !strings.Contains(got, "Not yet") || !strings.Contains(got, "Approved money is not evidence") || !strings.Contains(got, "You were sure") {
		t.Errorf("a wrong answer: %q", got)
	}
	if b.open("small-problem") || value[bool](b, `document.querySelector(".question .verdict") !== null`) {
		t.Error("what is right is shown after one wrong answer")
	}
	if got := value[string](b, `document.activeElement.textContent`); got != "Check" {
		t.Errorf("the focus went to %q", got)
	}
	b.choose("small-problem", "Stop, and publish")
	b.press("small-problem", "Check")
	if got := b.says("small-problem"); got != "Right." || !b.open("small-problem") {
		t.Errorf("the right answer: %q", got)
	}
	sheet := value[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, in("small-problem", ".sheet")))
	if !strings.Contains(sheet, "it frees the team") || !strings.Contains(sheet, "What a discovery is for") {
		t.Errorf("it says: %q", sheet)
	}
	if got := b.kept("small-problem"); got != "0/1" {
		t.Errorf("kept: %q", got)
	}
	b.press("small-problem", "Ask me again")
	b.choose("small-problem", "Stop, and publish")
	b.press("small-problem", "Check")
	if got := b.kept("small-problem"); got != "0/1" {
		t.Errorf("kept after another attempt: %q", got)
	}
	b.see(address, 834)
	if got := b.says("small-problem"); !strings.HasPrefix(got, "You have met this before, on ") {
		t.Errorf("when one comes back: %q", got)
	}
	b.quiet("answering")
}

func TestEveryKindOfAnswer(t *testing.T) {
	b, _ := asking(t)
	fill := func(item, css, text string) {
		t.Helper()
		if value[string](b, fmt.Sprintf(`(() => { const c = document.querySelector(%q); c.value = %q; return c.value; })()`, in(item, css), text)) != text {
			t.Fatalf("%s cannot be %q", item, text)
		}
	}
	expect := func(item, want, kept string) {
		t.Helper()
		if got := b.says(item); !strings.Contains(got, want) {
			t.Errorf("%s says %q, want %q", item, got, want)
		}
		if got := b.kept(item); got != kept {
			t.Errorf("%s: kept %q, want %q", item, got, kept)
		}
	}

	b.choose("outcomes", "Fewer letters", "A new form")
	b.press("outcomes", "Check, I’m guessing")
	expect("outcomes", "1 of 2 found, and 1 too many.", "0/0")
	expect("outcomes", "That is an output.", "0/0")
	b.choose("outcomes", "A new form", "People finish")
	b.press("outcomes", "Check")
	expect("outcomes", "Right.", "0/0")

	b.press("phases", "Check")
	expect("phases", "in their order", "0")
	for range 4 { // sort by hand
		for _, row := range []string{"Live", "Beta", "Alpha"} {
			value[bool](b, fmt.Sprintf(`(() => {
				const li = [...document.querySelectorAll(%q)].find((l) => l.firstElementChild.textContent === %q);
				const wanted = ["Discovery", "Alpha", "Beta", "Live"];
				const next = li.nextElementSibling?.firstElementChild.textContent;
				if (next && wanted.indexOf(next) < wanted.indexOf(%q)) li.querySelector("button:last-of-type").click();
				return true;
			})()`, in("phases", ".rows > li"), row, row))
		}
	}
	if got := value[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, in("phases", ".rows + [role=status]"))); !strings.Contains(got, "of 4") {
		t.Errorf("a row that moved says %q", got)
	}
	b.press("phases", "Check")
	expect("phases", "Right.", "0")

	value[bool](b, fmt.Sprintf(`[...document.querySelectorAll(%q)].forEach((li) => { li.querySelector("select").value = li.dataset.with; }) ?? true`, in("levels", ".pairs > li")))
	b.press("levels", "Check")
	expect("levels", "Right.", "1")

	fill("gaps", "input.gap", "the goal")
	fill("gaps", "select.gap", "who")
	b.press("gaps", "Check")
	expect("gaps", "1 of 2 are right.", "0")
	fill("gaps", "input.gap", "GOAL ")
	b.press("gaps", "Check")
	expect("gaps", "Right.", "0")

	fill("skeleton", "input", "Prototype")
	b.press("skeleton", "Check, I’m guessing")
	expect("skeleton", "A prototype is thrown away.", "0/0")
	fill("skeleton", "input", "skeleton") // strict: letter by letter
	b.press("skeleton", "Check")
	expect("skeleton", "Not right.", "0/0")

	fill("far", "input", "12,9 km")
	b.press("far", "Check, I’m sure")
	expect("far", "Right.", "1/1")

	fill("date", "textarea", "When we know.")
	b.press("date", "Compare with a good answer")
	if !b.open("date") {
		t.Error("the model answer is not shown")
	}
	b.press("date", "I had part of it")
	expect("date", "Noted.", "1/0")

	b.choose("road", "the south road")
	b.press("road", "Check")
	expect("road", "Right.", "1")
	b.quiet("every kind")
}

func TestNotKnowingIsNoWrongAnswer(t *testing.T) {
	b, _ := asking(t)
	b.press("outcomes", "I don’t know yet")
	if got := b.kept("outcomes"); got != "-1" || !b.open("outcomes") {
		t.Errorf("kept %q, and the answer is shown: %t", got, b.open("outcomes"))
	}
	b.choose("road", "the pier")
	b.press("road", "Check")
	b.press("road", "Show me")
	if got := b.kept("road"); got != "0" || !b.open("road") {
		t.Errorf("kept %q, and the answer is shown: %t", got, b.open("road"))
	}
	b.quiet("not knowing")
}

// A guess from before the text is shown again where the text answers it, and is no attempt.
func TestGuessingBeforeReading(t *testing.T) {
	b, address := asking(t)
	value[bool](b, `[...document.querySelectorAll(".ahead .choices > li")].find((l) => l.textContent.includes("Run a longer")).querySelector("input").click() ?? true`)
	b.click(".question.ahead button")
	for _, when := range []string{"at once", "when one comes back"} {
		if got := value[string](b, fmt.Sprintf(`document.querySelector(%q).textContent`, in("small-problem", ".guess"))); got != "Before you read, you guessed: Run a longer discovery" {
			t.Errorf("%s: %q", when, got)
		}
		if got := b.kept("small-problem"); got != "" {
			t.Errorf("%s: kept as an answer: %q", when, got)
		}
		b.see(address, 834)
	}
	b.quiet("guessing")
}

// A question that has another name keeps what a reader did with it.
func TestAFormerNameIsKept(t *testing.T) {
	b, address := asking(t)
	value[bool](b, `localStorage.setItem("waymark:questions/notes:q/tiny-problem", '{"v":1,"log":[{"t":1700000000000,"d":"a","k":"answer","r":1}]}') ?? true`)
	b.see(address, 834)
	if got := b.kept("small-problem"); got != "1" {
		t.Errorf("kept under the new name: %q", got)
	}
	if value[bool](b, `localStorage.getItem("waymark:questions/notes:q/tiny-problem") !== null`) {
		t.Error("it is kept twice")
	}
}

// A record that cannot be read is set aside, and the question works; so it does where the browser keeps nothing, which is said once.
func TestRecordsThatCannotBeReadOrWritten(t *testing.T) {
	b, address := asking(t)
	value[bool](b, `localStorage.setItem("waymark:questions/notes:q/road", '{"log":') ?? true`)
	b.see(address, 834)
	b.choose("road", "the south road")
	b.press("road", "Check")
	if got := b.kept("road"); got != "1" {
		t.Errorf("kept: %q", got)
	}
	if got := value[string](b, `Object.entries(localStorage).filter(([k]) => k.includes(":broken:")).map(([, v]) => v).join()`); got != `{"log":` {
		t.Errorf("set aside: %q", got)
	}
	b.quiet("a broken record")

	value[bool](b, `Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }, true`)
	for _, item := range []string{"outcomes", "phases"} {
		b.press(item, "I don’t know yet")
	}
	if got := value[int](b, `[...document.querySelectorAll(".notice")].filter((n) => n.textContent.includes("until you close this tab")).length`); got != 1 {
		t.Errorf("a full store is told %d times", got)
	}
	b.quiet("a full store")
}

// Everything can be done with the keyboard alone; the focus stays where it was.
func TestAnsweringByKeyboard(t *testing.T) {
	b, _ := asking(t)
	b.do(chromedp.Focus(chromedp.CSS(in("road", ".choices input"))), chromedp.KeyEvent(" "))
	text := value[string](b, `document.activeElement.closest("li").textContent`)
	b.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	want := map[bool]string{true: "Not yet.", false: "Right."}[strings.Contains(text, "pier")]
	if got := b.says("road"); !strings.HasPrefix(got, want) {
		t.Errorf("%q: it says %q", text, got)
	}
	if !value[bool](b, fmt.Sprintf(`document.querySelector(%q).contains(document.activeElement)`, in("road", ".tools"))) {
		t.Error("the focus is lost")
	}
	b.do(chromedp.Focus(chromedp.CSS(in("phases", ".moves button:last-child"))))
	row := value[string](b, `document.activeElement.closest("li").firstElementChild.textContent`)
	b.do(chromedp.KeyEvent(kb.Enter))
	if got := value[string](b, `document.activeElement.closest("li").firstElementChild.textContent`); got != row {
		t.Errorf("the focus went from %s to %s", row, got)
	}
	b.do(chromedp.Focus(chromedp.CSS(in("skeleton", "input"))), chromedp.KeyEvent("walking  Skéleton"), chromedp.KeyEvent(kb.Enter))
	if got := b.says("skeleton"); got != "Right." {
		t.Errorf("Enter in a text: %q", got)
	}
	b.quiet("the keyboard")
}

// axe has nothing to say in any state: asked, wrong, shown, and with all hints open.
func TestQuestionsInEveryState(t *testing.T) {
	axe := readAxe(t)
	b, address := asking(t)
	states := map[string]string{
		"asked":     `true`,
		"not known": `document.querySelectorAll(".question:not(.ahead)").forEach((q) => [...q.querySelectorAll("button")].find((x) => x.textContent === "I don’t know yet").click()) ?? true`,
		"answered":  `document.querySelectorAll(".question").forEach((q) => { q.querySelectorAll(".choices input").forEach((i) => i.click()); q.querySelectorAll("input[type=text]").forEach((i) => (i.value = "50")); [...q.querySelectorAll(".tools button")][0].click(); }) ?? true`,
		"hints":     `document.querySelectorAll("details").forEach((d) => { d.hidden = false; d.open = true; }) ?? true`,
	}
	for name, act := range states {
		for i, width := range widths {
			b.media("", "prefers-color-scheme", []string{"dark", "light"}[i%2])
			b.see(address, width)
			value[bool](b, act)
			if out := value[string](b, widest); out != "" {
				t.Errorf("%s at %d: wider than the screen: %s", name, width, out)
			}
			b.do(chromedp.Evaluate[chromedp.Void](axe))
			for _, v := range value[[]string](b, axeRun) {
				t.Errorf("%s at %d: axe: %s", name, width, v)
			}
			b.quiet(name)
		}
	}
}

// Without JavaScript, and in print, questions can be read and their answers be found.
func TestQuestionsWithoutJavaScriptAndOnPaper(t *testing.T) {
	b, address := asking(t)
	b.media("print", "prefers-color-scheme", "light")
	text := value[string](b, `document.body.innerText`)
	ask, sheet := strings.Index(text, "What now?"), strings.Index(text, "Approved money is not evidence")
	if ask < 0 || sheet < ask || strings.Contains(text, "I don’t know yet") || strings.Contains(text, "Show the answer") {
		t.Errorf("on paper:\n%s", text)
	}
	if got := value[int](b, `document.querySelectorAll(".answers > ol > li").length`); got != 9 {
		t.Errorf("%d answers on paper", got)
	}
	b.media("", "prefers-color-scheme", "light")
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.see(address, 834)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}) // so that the test may look
	b.click(in("small-problem", ".key summary"))
	text = value[string](b, fmt.Sprintf(`document.querySelector(%q).innerText`, in("small-problem", ".key")))
	if !strings.Contains(text, "Right: A") || !strings.Contains(text, "it frees the team") || !strings.Contains(text, "Approved money") {
		t.Errorf("without JavaScript: %s", text)
	}
}
