package quiz

import (
	"fmt"
	"strings"
)

// Format writes questions as a block holds them, without its fence.
func Format(questions []Question) string {
	var b strings.Builder
	for i := range questions {
		if i > 0 {
			b.WriteByte('\n')
		}
		questions[i].format(&b)
	}
	return b.String()
}

func (q *Question) format(b *strings.Builder) {
	ask := q.Ask.String()
	for i, g := range q.Gaps {
		mark := fmt.Sprintf("%s%d%s", BlankMark, i, BlankMark)
		ask = strings.Replace(ask, mark, "[["+strings.Join(append([]string{g.Right}, g.Wrong...), "|")+"]]", 1)
	}
	b.WriteString("? " + ask + "\n")
	said := func(t Text) {
		if !t.Empty() {
			b.WriteString("  > " + strings.ReplaceAll(t.String(), "\n", "\n  > ") + "\n")
		}
	}
	deeper := func(s string) string { return strings.ReplaceAll(s, "\n", "\n  ") }
	key := func(name, text string) {
		if text != "" {
			b.WriteString(name + ": " + deeper(text) + "\n")
		}
	}
	if q.Kind == Open {
		key("model", q.Model.String())
	}
	for i, a := range q.Answers {
		text := deeper(a.Text.String())
		switch q.Kind {
		case Order:
			fmt.Fprintf(b, "%d. %s\n", i+1, text)
		case Match:
			b.WriteString("- " + text + " -> " + a.With + "\n")
		case Any:
			b.WriteString("- " + map[bool]string{true: "(x) ", false: "( ) "}[a.Right] + text + "\n")
		default:
			b.WriteString("- " + map[bool]string{true: "[x] ", false: "[ ] "}[a.Right] + text + "\n")
		}
		said(a.Feedback)
	}
	for _, s := range q.Texts {
		b.WriteString("= " + s + "\n")
	}
	for _, r := range q.Numbers {
		b.WriteString("= " + r.Typed + "\n")
	}
	for _, a := range q.Wrong {
		b.WriteString("~ " + a.Text.String() + "\n")
		said(a.Feedback)
	}
	key("because", q.Because.String())
	for _, h := range q.Hints {
		key("hint", h.String())
	}
	key("objective", q.Objective)
	key("id", q.ID)
	key("was", strings.Join(q.Was, ", "))
	for _, f := range []struct {
		set        bool
		name, said string
	}{{q.Fixed, "shuffle", "no"}, {q.Unsure, "sure", "no"}, {q.Once, "recall", "no"}, {q.Before, "before", "yes"}} {
		if f.set {
			key(f.name, f.said)
		}
	}
}
