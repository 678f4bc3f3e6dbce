package recall

import (
	"html"
	"strconv"
	"strings"

	"waymark/generator/internal/quiz"
	"waymark/generator/internal/words"
)

// Voice is how cards are written on a page.
type Voice struct {
	Say    *words.Words
	Page   string   // the lasting id of the page that has them
	Former []string // the ids that the card had
}

// HTML returns a card as a page shows it, with the holes of its texts: what is asked, and folded away what is to be remembered. A
// script asks it in every way that it has.
func (c *Card) HTML(v Voice) string {
	var b strings.Builder
	faces := make([]string, 0, 2)
	for _, f := range c.Faces() {
		faces = append(faces, string(f))
	}
	b.WriteString(`<div class="recall" data-item="` + html.EscapeString(c.Key(v.Page)) + `" data-kind="` + string(c.Kind) + `" data-faces="` + strings.Join(faces, " ") + `" data-digest="` + c.Digest() + `"`)
	b.WriteString(quiz.FormerData(v.Former) + ">")
	front, back := string(c.Front.HTML), string(c.Back.HTML)
	if c.Kind == Cloze {
		back = c.Fill(front, func(l Left) string {
			hint := ""
			if l.Hint != "" {
				hint = ` data-hint="` + html.EscapeString(l.Hint) + `"`
			}
			return `<b data-c="` + strconv.Itoa(l.Number) + `"` + hint + ">" + html.EscapeString(l.Text) + "</b>"
		})
		front = c.Fill(front, func(l Left) string {
			if l.Hint != "" {
				return "[" + html.EscapeString(l.Hint) + "]"
			}
			return "[…]"
		})
	}
	summary := html.EscapeString(v.Say.Say("recall.show"))
	if inner, dir, short := quiz.Inline([]byte(front)); short && !strings.Contains(inner, "<a ") && !strings.Contains(inner, "\x00") {
		summary = `<span class="front"` + dir + ">" + inner + "</span>"
	} else {
		b.WriteString(`<div class="front">` + front + "</div>")
	}
	b.WriteString("<details><summary>" + summary + `</summary><div class="back">` + back + "</div></details>")
	if !c.Hint.Empty() {
		b.WriteString(`<details class="hint"><summary>` + html.EscapeString(v.Say.Say("quiz.hint")) + "</summary>" + string(c.Hint.HTML) + "</details>")
	}
	b.WriteString("</div>")
	return b.String()
}
