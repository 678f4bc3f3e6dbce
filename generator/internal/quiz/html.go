package quiz

import (
	"bytes"
	"encoding/json"
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"waymark/generator/internal/words"
)

// Voice is how questions are written on a page.
type Voice struct {
	Say     *words.Words
	Page    string   // the lasting id of the page that asks them
	Prefix  string   // before names and ids, so that a question can stand on a page twice
	Section Link     // where the page teaches it
	Former  []string // the ids that the question had
}

// Link is a place in the page. It is empty where there is none.
type Link struct{ Title, URL string }

// Key returns the lasting id of a question: its own, or that of its page with its first six words.
func (q *Question) Key(page string) string {
	if q.ID != "" {
		return q.ID
	}
	return page + "/" + q.Name()
}

// digest changes whenever what is right does.
func (q *Question) digest() string {
	right := strings.Join(q.Texts, "\n") + q.Model.String()
	for _, a := range q.Answers {
		if a.Right || !q.Choices() {
			right += "\n" + a.Text.String() + "\n" + a.With
		}
	}
	for _, r := range q.Numbers {
		right += "\n" + r.Typed
	}
	for _, g := range q.Gaps {
		right += "\n" + g.Right
	}
	return Digest(right)
}

// order is in which order a question shows its answers.
func (q *Question) order(page string) []int {
	if q.Fixed || q.Kind == Open {
		order := make([]int, len(q.Answers))
		for i := range order {
			order[i] = i
		}
		return order
	}
	return Shuffled(len(q.Answers), q.Key(page))
}

type writer struct {
	out strings.Builder
	Voice
	q      *Question
	number int
}

func (w *writer) write(s string) { w.out.WriteString(s) }

func (w *writer) String() string { return w.out.String() }

func (w *writer) say(key string, args ...string) string {
	return html.EscapeString(w.Say.Say(key, args...))
}

// HTML returns a question as a page shows it, with the holes of its texts: what is asked, with a control for each answer, and its
// hints and its answer folded away. It can be read, and answered in one's head, where no script runs. number is its place on the
// page, from 1.
func (q *Question) HTML(number int, v Voice) string {
	w := &writer{Voice: v, q: q, number: number}
	w.open("")
	w.ask()
	w.write("</fieldset>")
	for _, h := range q.Hints {
		w.write(`<details class="hint"><summary>` + w.say("quiz.hint") + "</summary>" + string(h.HTML) + "</details>")
	}
	w.write(`<details class="key"><summary>` + w.say("quiz.answer") + "</summary>")
	w.key()
	w.write("</details></div>")
	return w.String()
}

// Ahead returns a question as it is asked at the head of a page, before anybody has read what answers it.
func (q *Question) Ahead(number int, v Voice) string {
	w := &writer{Voice: v, q: q, number: number}
	w.open(" ahead")
	w.ask()
	w.write("</fieldset></div>")
	return w.String()
}

// Answer returns what is right, and why, for a sheet of answers.
func (q *Question) Answer(v Voice) string {
	w := &writer{Voice: v, q: q}
	w.key()
	return w.String()
}

// Printed returns what a question asks, with its answers as a list, where nobody can give one: on a card.
func (q *Question) Printed(page string) string {
	var b strings.Builder
	b.WriteString(blankForm.ReplaceAllString(string(q.Ask.HTML), "____"))
	if q.Kind == Open || len(q.Answers) == 0 {
		return b.String()
	}
	tag := map[bool]string{true: `<ol type="A">`, false: "<ul>"}[q.Choices()]
	b.WriteString(tag)
	for _, i := range q.order(page) {
		b.WriteString("<li>" + q.Answers[i].Text.Inline() + "</li>")
	}
	b.WriteString("</" + tag[1:3] + ">")
	return b.String()
}

func (w *writer) open(class string) {
	q := w.q
	w.write(`<div class="question` + class + `" id="` + html.EscapeString(w.id("")) + `" data-kind="` + string(q.Kind) + `" data-item="` + html.EscapeString(q.Key(w.Page)) + `"`)
	if q.AsksHowSure() {
		w.write(" data-sure")
	}
	w.write(` data-digest="` + q.digest() + `"`)
	if q.Fixed {
		w.write(" data-fixed")
	}
	if q.Once {
		w.write(" data-once")
	}
	w.write(FormerData(w.Former))
	if key := w.data(); key != "" {
		w.write(` data-key="` + html.EscapeString(key) + `"`)
	}
	w.write("><fieldset>")
}

// id is a name within the page. No heading's id has a colon.
func (w *writer) id(part string) string {
	return "wm:" + w.Prefix + "q" + strconv.Itoa(w.number) + part
}

// data is what a script needs to check an answer, where the answers themselves do not say it.
func (w *writer) data() string {
	q := w.q
	data := map[string]any{}
	if len(q.Texts) > 0 {
		data["texts"] = q.Texts
	}
	for _, r := range q.Numbers {
		n := map[string]any{"low": r.Low, "high": r.High}
		if r.Unit != "" {
			n["unit"] = r.Unit
		}
		data["numbers"] = append(list(data["numbers"]), n)
	}
	for _, g := range q.Gaps {
		data["gaps"] = append(list(data["gaps"]), g.Right)
	}
	for _, a := range q.Wrong {
		data["wrong"] = append(list(data["wrong"]), a.Text.String())
	}
	if len(data) == 0 {
		return ""
	}
	out, err := json.Marshal(data)
	if err != nil {
		return "" // texts and numbers always marshal
	}
	return string(out)
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// FormerData returns the attribute that tells scripts which ids a question, card or sheet had; "" where it had none.
func FormerData(former []string) string {
	if len(former) == 0 {
		return ""
	}
	return ` data-was="` + html.EscapeString(strings.Join(former, "|")) + `"`
}

var oneParagraph = regexp.MustCompile(`(?s)^<p( dir="\w+")?>(.*)</p>\n?$`)

// Inline returns the HTML of a text without its paragraph, and the attribute of that with its direction, if any, where the text is
// one paragraph.
func Inline(text []byte) (inner, dir string, ok bool) {
	g := oneParagraph.FindSubmatch(text)
	if g == nil || bytes.Contains(g[2], []byte("<p")) {
		return "", "", false
	}
	return string(g[2]), string(g[1]), true
}

// Inline returns the HTML of a text that stands in a line: without its paragraph, where it is one.
func (t Text) Inline() string {
	if inner, _, ok := Inline(t.HTML); ok {
		return inner
	}
	return string(t.HTML)
}

// span is line in an element of its own, with the direction that the text has.
func span(t Text) string {
	if inner, dir, ok := Inline(t.HTML); ok {
		return "<span" + dir + ">" + inner + "</span>"
	}
	return "<span>" + string(t.HTML) + "</span>"
}

// ask writes what is asked, and the controls.
func (w *writer) ask() {
	q := w.q
	number := `<span class="number">` + w.say("quiz.number", "n", strconv.Itoa(w.number)) + "</span> "
	remark := map[Kind]string{Several: "quiz.several", Order: "quiz.order", Match: "quiz.match", Gap: "quiz.gap"}[q.Kind]
	inner, dir, short := Inline(q.Ask.HTML)
	if short && q.Kind != Gap {
		w.write("<legend" + dir + ">" + number + inner + "</legend>")
	} else {
		w.write("<legend>" + number + "</legend>" + `<div class="ask">` + w.blanks(string(q.Ask.HTML)) + "</div>")
	}
	if remark != "" {
		w.write(`<p class="soft">` + w.say(remark) + "</p>")
	}
	switch q.Kind {
	case Single, Any:
		w.choices("radio")
	case Several:
		w.choices("checkbox")
	case Order:
		w.write(`<ol class="rows">`)
		for _, i := range q.order(w.Page) {
			w.write(`<li data-n="` + strconv.Itoa(i) + `">` + span(q.Answers[i].Text) + "</li>")
		}
		w.write("</ol>")
	case Match:
		w.pairs()
	case Short, Number:
		mode, unit := "", ""
		if q.Kind == Number {
			mode = ` inputmode="decimal"`
			if u := q.Numbers[0].Unit; u != "" {
				unit = " <span>" + html.EscapeString(u) + "</span>"
			}
		}
		w.write(`<p class="field"><label>` + w.say("quiz.yours") + ` <input type="text" autocomplete="off" spellcheck="false"` + mode + "></label>" + unit + "</p>")
	case Open:
		w.write(`<p class="field"><label>` + w.say("quiz.yours") + ` <textarea rows="5"></textarea></label></p>`)
	}
}

func (w *writer) choices(kind string) {
	w.write(`<ol class="choices">`)
	for _, i := range w.q.order(w.Page) {
		right := ""
		if w.q.Answers[i].Right {
			right = " data-right"
		}
		w.write(`<li data-n="` + strconv.Itoa(i) + `"` + right + `><label><input type="` + kind + `" name="` + html.EscapeString(w.id("")) + `"> ` + span(w.q.Answers[i].Text) + "</label></li>")
	}
	w.write("</ol>")
}

// pairs writes each left side with a choice of all right ones.
func (w *writer) pairs() {
	q := w.q
	var rights []string
	seen := map[string]bool{}
	for _, a := range q.Answers {
		if !seen[a.With] {
			seen[a.With] = true
			rights = append(rights, a.With)
		}
	}
	options := `<option value="">` + w.say("quiz.choose") + "</option>"
	for _, i := range Shuffled(len(rights), q.Key(w.Page)+"/with") {
		options += "<option>" + html.EscapeString(rights[i]) + "</option>"
	}
	w.write(`<ul class="pairs">`)
	for _, i := range q.order(w.Page) {
		w.write(`<li data-with="` + html.EscapeString(q.Answers[i].With) + `"><label>` + span(q.Answers[i].Text) + " <select>" + options + "</select></label></li>")
	}
	w.write("</ul>")
}

var blankForm = regexp.MustCompile(BlankMark + `(\d+)` + BlankMark)

// Blanks returns how many gaps of a text a reader can fill: those that stand whole in its words, and in no mark of an element.
func Blanks(text []byte) int {
	n := 0
	for _, at := range blankForm.FindAllIndex(text, -1) {
		if open, shut := bytes.LastIndexByte(text[:at[0]], '<'), bytes.LastIndexByte(text[:at[0]], '>'); open <= shut {
			n++
		}
	}
	return n
}

// blanks puts a control into each gap of a text.
func (w *writer) blanks(text string) string {
	return blankForm.ReplaceAllStringFunc(text, func(mark string) string {
		i, err := strconv.Atoi(strings.Trim(mark, BlankMark))
		if err != nil || i >= len(w.q.Gaps) {
			return ""
		}
		g := w.q.Gaps[i]
		label := ` aria-label="` + w.say("quiz.blank", "n", strconv.Itoa(i+1)) + `"`
		if len(g.Wrong) == 0 {
			return `<input class="gap" type="text" autocomplete="off" spellcheck="false" size="` + strconv.Itoa(min(max(len(g.Right)+2, 6), 30)) + `"` + label + ">"
		}
		all := append([]string{g.Right}, g.Wrong...)
		out := `<select class="gap"` + label + `><option value="">…</option>`
		for _, j := range Shuffled(len(all), w.q.Key(w.Page)+"/"+strconv.Itoa(i)) {
			out += "<option>" + html.EscapeString(all[j]) + "</option>"
		}
		return out + "</select>"
	})
}

// letter names a choice by its place: A, B, C.
func letter(place int) string { return string(rune('A' + place%26)) }

// key writes what is right, what is said to each answer, and why.
func (w *writer) key() {
	q := w.q
	item := func(attributes, text string) { w.write("<li" + attributes + ">" + text + "</li>") }
	switch q.Kind {
	case Single, Several, Any:
		var right []string
		said := ""
		for place, i := range q.order(w.Page) {
			a := q.Answers[i]
			if a.Right {
				right = append(right, letter(place))
			}
			if !a.Feedback.Empty() {
				said += `<li data-n="` + strconv.Itoa(i) + `"><b>` + letter(place) + "</b> " + a.Feedback.Inline() + "</li>"
			}
		}
		w.write(`<p class="right">` + w.say("quiz.right", "answer", w.Say.List(right...)) + "</p>")
		if said != "" {
			w.write(`<ul class="said">` + said + "</ul>")
		}
	case Order:
		w.write(`<ol class="right">`)
		for i := range q.Answers {
			item("", q.Answers[i].Text.Inline()+remark(q.Answers[i]))
		}
		w.write("</ol>")
	case Match:
		w.write(`<ul class="right">`)
		for _, a := range q.Answers {
			item("", a.Text.Inline()+` <span class="arrow">→</span> `+html.EscapeString(a.With)+remark(a))
		}
		w.write("</ul>")
	case Gap:
		var right []string
		for _, g := range q.Gaps {
			right = append(right, g.Right)
		}
		w.write(`<p class="right">` + w.say("quiz.right", "answer", w.Say.List(right...)) + "</p>")
	case Short:
		var right []string
		for _, s := range q.Texts {
			right = append(right, strings.Trim(s, `"`))
		}
		w.write(`<p class="right">` + w.say("quiz.right", "answer", w.Say.List(right...)) + "</p>")
	case Number:
		w.write(`<p class="right">` + string(w.Say.HTML("quiz.right", "answer", template.HTML(w.numbers()))) + "</p>") //nolint:gosec // numbers escapes
	case Open:
		w.write(`<div class="model"><p><b>` + w.say("quiz.model") + "</b></p>" + string(q.Model.HTML) + "</div>")
		if len(q.Answers) > 0 {
			w.write(`<div class="criteria"><p>` + w.say("quiz.criteria") + "</p><ul>")
			for _, a := range q.Answers {
				item("", "<label><input type=\"checkbox\"> <span>"+a.Text.Inline()+"</span></label>")
			}
			w.write("</ul></div>")
		}
	}
	if len(q.Wrong) > 0 {
		w.write(`<ul class="said">`)
		for i, a := range q.Wrong {
			item(` data-n="w`+strconv.Itoa(i)+`"`, "<b>"+html.EscapeString(a.Text.String())+"</b> "+a.Feedback.Inline())
		}
		w.write("</ul>")
	}
	if len(q.Because.HTML) > 0 {
		w.write(`<div class="because">` + string(q.Because.HTML) + "</div>")
	}
	if w.Section.URL != "" {
		w.write(`<p class="read">` + w.say("quiz.read") + ` <a href="` + html.EscapeString(w.Section.URL) + `">` + html.EscapeString(w.Section.Title) + "</a></p>")
	}
}

// remark is what an author says to a row or pair.
func remark(a Answer) string {
	if a.Feedback.Empty() {
		return ""
	}
	return ` <span class="soft">` + a.Feedback.Inline() + "</span>"
}

// numbers says which numbers are right, as their author wrote them.
func (w *writer) numbers() string {
	var out []string
	for _, r := range w.q.Numbers {
		if from, to, is := strings.Cut(r.Typed, ".."); is && r.Unit == "" {
			out = append(out, w.say("date.range", "from", strings.TrimSpace(from), "to", strings.TrimSpace(strings.TrimLeft(to, "."))))
			continue
		}
		out = append(out, html.EscapeString(r.Typed))
	}
	return w.Say.List(out...)
}
