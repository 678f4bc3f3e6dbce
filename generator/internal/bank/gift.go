package bank

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/quiz"
)

// GIFT is Moodle's text form. Source: https://docs.moodle.org/en/GIFT_format

var (
	giftEscape   = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`)
	giftUnescape = strings.NewReplacer(`\\`, `\`, `\~`, "~", `\=`, "=", `\#`, "#", `\{`, "{", `\}`, "}", `\:`, ":", `\n`, "\n")
)

// gift writes questions, one behind the other with an empty line between.
func gift(items []Item, lost *losses) []byte {
	var b strings.Builder
	b.WriteString("// made by Waymark\n")
	for _, i := range items {
		q := i.Asked
		answers, before, after, held := giftAnswers(i, lost)
		if !held {
			continue
		}
		b.WriteString("\n")
		if q.ID != "" {
			b.WriteString("::" + giftEscape.Replace(q.ID) + "::")
		}
		b.WriteString("[markdown]" + giftEscape.Replace(before) + " {" + answers)
		if because := q.Because.String(); because != "" {
			b.WriteString("\n\t####" + giftEscape.Replace(because))
		}
		b.WriteString("\n}" + map[bool]string{true: " " + giftEscape.Replace(after)}[after != ""] + "\n")
		giftLosses(i, lost)
	}
	return []byte(b.String())
}

// giftLosses says what of a question GIFT has no place for.
func giftLosses(i Item, lost *losses) {
	q := i.Asked
	for _, l := range []struct {
		is   bool
		what string
	}{
		{len(q.Hints) > 0, "GIFT has no hints"},
		{q.Fixed, "GIFT does not say that answers keep their order"},
		{q.Kind == quiz.Open, "GIFT has no model answer"},
		{q.Kind == quiz.Match && slices.ContainsFunc(q.Answers, said), "GIFT says nothing to a pair"},
	} {
		if l.is {
			lost.add(i, l.what)
		}
	}
	for _, s := range q.Texts {
		if strings.HasPrefix(s, `"`) {
			lost.add(i, "GIFT does not say that "+s+" counts letter by letter")
		}
	}
	for _, r := range q.Numbers {
		if r.Unit != "" {
			lost.add(i, "GIFT has no units")
		}
	}
}

func said(a quiz.Answer) bool { return !a.Feedback.Empty() }

func giftAnswers(i Item, lost *losses) (answers, before, after string, held bool) {
	q := i.Asked
	var b strings.Builder
	one := func(mark, answer string, feedback quiz.Text) {
		b.WriteString("\n\t" + mark + giftEscape.Replace(answer))
		if !feedback.Empty() {
			b.WriteString("#" + giftEscape.Replace(feedback.String()))
		}
	}
	before = q.Ask.String()
	switch q.Kind {
	case quiz.Single, quiz.Any:
		for _, a := range q.Answers {
			one(map[bool]string{true: "=", false: "~"}[a.Right], a.Text.String(), a.Feedback)
		}
	case quiz.Several:
		right := len(q.Right())
		share := func(n int) string { return strconv.FormatFloat(100/float64(n), 'f', 5, 64) }
		for _, a := range q.Answers {
			mark := "~%" + share(right) + "%"
			if !a.Right {
				mark = "~%-" + share(len(q.Answers)-right) + "%"
			}
			one(mark, a.Text.String(), a.Feedback)
		}
	case quiz.Match:
		for _, a := range q.Answers {
			b.WriteString("\n\t=" + giftEscape.Replace(a.Text.String()) + " -> " + giftEscape.Replace(a.With))
		}
	case quiz.Short:
		for _, s := range q.Texts {
			one("=", strings.Trim(s, `"`), quiz.Text{})
		}
		for _, a := range q.Wrong {
			one("=%0%", a.Text.String(), a.Feedback)
		}
	case quiz.Number:
		b.WriteString("#")
		for _, r := range q.Numbers {
			b.WriteString("\n\t=" + strconv.FormatFloat(r.Low, 'g', -1, 64) + ".." + strconv.FormatFloat(r.High, 'g', -1, 64))
		}
		for _, a := range q.Wrong {
			n, _, _ := strings.Cut(a.Text.String(), " ") // without its unit
			b.WriteString("\n\t=%0%" + n + ":0")
			if !a.Feedback.Empty() {
				b.WriteString("#" + giftEscape.Replace(a.Feedback.String()))
			}
		}
	case quiz.Gap:
		if len(q.Gaps) > 1 {
			lost.add(i, "GIFT has one gap a question, and this one, with several, is left out")
			return "", "", "", false
		}
		one("=", q.Gaps[0].Right, quiz.Text{})
		for _, s := range q.Gaps[0].Wrong {
			one("~", s, quiz.Text{})
		}
		before, after, _ = strings.Cut(marked(q, func(int) string { return quiz.BlankMark }), quiz.BlankMark)
		before, after = strings.TrimSpace(before), strings.TrimSpace(after)
		if after == "" { // a gap at the end would be read as the answer to a question
			after = "."
		}
	case quiz.Order:
		lost.add(i, "GIFT has no orders, and this question is left out")
		return "", "", "", false
	case quiz.Open:
	}
	return b.String(), before, after, true
}

var (
	giftTitle  = regexp.MustCompile(`^::((?:[^:\\]|\\.|:[^:])*)::\s*`)
	giftFormat = regexp.MustCompile(`^\[(html|markdown|plain|moodle)\]\s*`)
	giftShare  = regexp.MustCompile(`^%(-?[\d.]+)%\s*`)
	giftNumber = regexp.MustCompile(`^\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*?(?:(:|\.\.)\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))?\s*$`)
)

// readGIFT reads questions, which empty lines stand between.
func readGIFT(s, name string) (questions []quiz.Question, list diag.List) {
	for _, part := range giftParts(s) {
		q, problem := readGIFTQuestion(part.text, name, part.line)
		if problem != nil {
			list.Add(*problem)
		}
		if q != nil {
			questions = append(questions, *q)
		}
	}
	return questions, list
}

type giftPart struct {
	text string
	line int
}

// giftParts cuts a file at its empty lines, but not within braces, and leaves out comments and categories.
func giftParts(s string) []giftPart {
	var parts []giftPart
	var current giftPart
	open := false
	flush := func() {
		if strings.TrimSpace(current.text) != "" {
			parts = append(parts, current)
		}
		current = giftPart{}
	}
	for n, line := range strings.Split(s, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "//") || strings.HasPrefix(trimmed, "$CATEGORY:") {
			continue
		}
		if trimmed == "" && !open {
			flush()
			continue
		}
		if current.text == "" {
			current.line = n + 1
		}
		current.text += line + "\n"
		for i := 0; i < len(line); i++ {
			switch line[i] {
			case '\\':
				i++
			case '{':
				open = true
			case '}':
				open = false
			}
		}
	}
	flush()
	return parts
}

// unescaped returns where one of some signs stands that no backslash is before; -1 where none does.
func unescaped(s, signs string) int {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if strings.IndexByte(signs, s[i]) >= 0 {
			return i
		}
	}
	return -1
}

func plain(s string) string { return strings.TrimSpace(giftUnescape.Replace(strings.TrimSpace(s))) }

func readGIFTQuestion(s, name string, line int) (*quiz.Question, *diag.Diagnostic) {
	fail := func(hint, format string, args ...any) (*quiz.Question, *diag.Diagnostic) {
		d := problem(name, line, hint, format, args...)
		return nil, &d
	}
	q := &quiz.Question{}
	s = strings.TrimSpace(s)
	if g := giftTitle.FindStringSubmatch(s); g != nil {
		if id := plain(g[1]); quiz.IDForm.MatchString(id) {
			q.ID = id
		}
		s = s[len(g[0]):]
	}
	s = giftFormat.ReplaceAllString(s, "")
	from, to := unescaped(s, "{"), unescaped(s, "}")
	if from < 0 || to < from {
		return fail("write its answers between { and }", "this question has no answers")
	}
	before, body, after := plain(s[:from]), s[from+1:to], plain(s[to+1:])
	if at := strings.Index(body, "####"); at >= 0 {
		q.Because, body = text(plain(body[at+4:])), body[:at]
	}
	body = strings.TrimSpace(body)
	var warn *diag.Diagnostic
	switch {
	case body == "":
		q.Kind = quiz.Open
		q.Model = text("Write a model answer here.")
		d := warning(name, line, "write one behind model:", "an open question has no model answer there, and has a stand-in now")
		warn = &d
	case strings.HasPrefix(body, "#"):
		if why := giftNumbers(q, body[1:]); why != "" {
			return fail("write for example: {#12:0.5}", "%s", why)
		}
	default:
		if why := giftChoices(q, body); why != "" {
			return fail("see https://docs.moodle.org/en/GIFT_format", "%s", why)
		}
	}
	q.Ask = text(safe(before))
	if after != "" {
		giftGap(q, before, after)
	}
	if q.Ask.Empty() {
		return fail("write the question before {", "this question asks nothing")
	}
	if warn == nil && q.Kind != quiz.Open {
		warn = giftUnread(body, name, line)
	}
	return q, warn
}

// giftUnread says what of a question has no place with us.
func giftUnread(body, name string, line int) *diag.Diagnostic {
	what := ""
	for _, a := range giftList(strings.TrimPrefix(body, "#")) {
		switch {
		case strings.Contains(a.said+a.feedback, "@@PLUGINFILE@@"):
			what = "a picture of the platform's, which is not in this file"
		case a.shared && a.share > 0 && a.share < 100 && a.mark == '=':
			what = "a part of the mark: the answer counts as right"
		case a.mark == '=' && a.feedback != "" && !strings.Contains(body, "~") && !(a.shared && a.share == 0):
			what = "what is said to a right answer"
		}
	}
	if word := strings.TrimSpace(body); strings.HasPrefix(word, "T") || strings.HasPrefix(word, "F") {
		if unescaped(word, "#") > 0 && !strings.ContainsAny(word[:1], "=~") && len(giftList(word)) == 1 {
			what = "what is said to true and false"
		}
	}
	if what == "" {
		return nil
	}
	d := warning(name, line, "look at the question once more", "not read: %s", what)
	return &d
}

// giftGap makes a gap of answers that stand in the middle of a text.
func giftGap(q *quiz.Question, before, after string) {
	var gap quiz.Blank
	switch {
	case q.Kind == quiz.Short && len(q.Texts) > 0:
		gap.Right = strings.Trim(q.Texts[0], `"`)
	case q.Kind == quiz.Single:
		for _, a := range q.Answers {
			if a.Right {
				gap.Right = a.Text.String()
			} else {
				gap.Wrong = append(gap.Wrong, a.Text.String())
			}
		}
	default:
		q.Ask = text(before + " ____ " + after)
		return
	}
	if !strings.ContainsAny(after[:1], ".,;:!?)") {
		after = " " + after
	}
	q.Kind, q.Answers, q.Texts, q.Gaps = quiz.Gap, nil, nil, []quiz.Blank{gap}
	q.Ask = text(before + " " + quiz.BlankMark + "0" + quiz.BlankMark + after)
}

// giftAnswer is one answer as it stands there.
type giftAnswer struct {
	mark     byte // = or ~
	share    float64
	shared   bool
	said     string
	feedback string
}

func giftList(body string) (out []giftAnswer) {
	for body = strings.TrimSpace(body); body != ""; {
		a := giftAnswer{mark: body[0]}
		rest := body[1:]
		if a.mark != '=' && a.mark != '~' {
			a.mark, rest = '=', body
		}
		end := unescaped(rest, "=~")
		if end < 0 {
			end = len(rest)
		}
		body = rest[end:]
		said := strings.TrimSpace(rest[:end])
		if g := giftShare.FindStringSubmatch(said); g != nil {
			a.share, _ = strconv.ParseFloat(g[1], 64)
			a.shared, said = true, said[len(g[0]):]
		}
		if at := unescaped(said, "#"); at >= 0 {
			said, a.feedback = said[:at], plain(said[at+1:])
		}
		a.said = strings.TrimSpace(said)
		out = append(out, a)
	}
	return out
}

// giftChoices reads all answers but numbers. It returns what is wrong with them.
func giftChoices(q *quiz.Question, body string) string {
	answers := giftList(body)
	word := strings.ToUpper(strings.TrimSpace(answers[0].said))
	if len(answers) == 1 && (word == "T" || word == "TRUE" || word == "F" || word == "FALSE") && !strings.HasPrefix(body, "=") && !strings.HasPrefix(body, "~") {
		q.Kind, q.Fixed = quiz.Single, true
		q.Answers = []quiz.Answer{{Text: text("True"), Right: word[0] == 'T'}, {Text: text("False"), Right: word[0] == 'F'}}
		return ""
	}
	wrong, shared, pairs := 0, 0, 0
	for _, a := range answers {
		if a.mark == '~' {
			wrong++
		}
		if a.mark == '~' && a.shared {
			shared++
		}
		if a.mark == '=' && strings.Contains(a.said, "->") {
			pairs++
		}
	}
	switch {
	case pairs == len(answers) && pairs > 0:
		q.Kind = quiz.Match
		for _, a := range answers {
			left, right, _ := strings.Cut(a.said, "->")
			q.Answers = append(q.Answers, quiz.Answer{Text: text(plain(left)), With: plain(right)})
		}
	case wrong == 0:
		q.Kind = quiz.Short
		for _, a := range answers {
			if a.shared && a.share == 0 {
				q.Wrong = append(q.Wrong, quiz.Answer{Text: text(plain(a.said)), Feedback: text(a.feedback)})
			} else {
				q.Texts = append(q.Texts, shortAnswer(plain(a.said)))
			}
		}
	default:
		for _, a := range answers {
			q.Answers = append(q.Answers, quiz.Answer{Text: text(safe(plain(a.said))), Right: a.mark == '=' || a.shared && a.share > 0, Feedback: text(a.feedback)})
		}
		switch right := len(q.Right()); {
		case right == 0 || right == len(q.Answers):
			return fmt.Sprintf("%d of %d answers are right", right, len(q.Answers))
		case shared > 0 && right > 1:
			q.Kind = quiz.Several
		case right > 1:
			q.Kind = quiz.Any
		default:
			q.Kind = quiz.Single
		}
	}
	for _, a := range q.Answers {
		if a.Text.Empty() || q.Kind == quiz.Match && a.With == "" {
			return "an answer of this question is empty"
		}
	}
	return ""
}

// shortAnswer keeps a text a text that would be read as a number.
func shortAnswer(s string) string {
	if _, err := strconv.ParseFloat(s, 64); err == nil {
		return `"` + s + `"`
	}
	return s
}

func giftNumbers(q *quiz.Question, body string) string {
	q.Kind = quiz.Number
	for _, a := range giftList(body) {
		g := giftNumber.FindStringSubmatch(a.said)
		if g == nil {
			return fmt.Sprintf("%q is no number", a.said)
		}
		if a.shared && a.share == 0 {
			q.Wrong = append(q.Wrong, quiz.Answer{Text: text(g[1]), Feedback: text(a.feedback)})
			continue
		}
		low, errLow := strconv.ParseFloat(g[1], 64)
		high, errHigh := low, error(nil)
		if g[2] != "" {
			high, errHigh = strconv.ParseFloat(g[3], 64)
		}
		if errLow != nil || errHigh != nil {
			return fmt.Sprintf("%q is no number", a.said)
		}
		r := quiz.Range{Low: low, High: high, Typed: number(low) + ".." + number(high)}
		switch {
		case g[2] == ":" && high != 0:
			r = quiz.Range{Low: low - high, High: low + high, Typed: number(low) + " ± " + number(high)}
		case g[2] == ":" || low == high:
			r = quiz.Range{Low: low, High: low, Typed: number(low)}
		}
		q.Numbers = append(q.Numbers, r)
	}
	if len(q.Numbers) == 0 {
		return "no number is right"
	}
	return ""
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
