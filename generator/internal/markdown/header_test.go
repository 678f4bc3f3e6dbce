package markdown

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A form in which some program writes headers: what stands before and behind the pairs, and how a pair is written.
type form struct{ name, begin, pair, between, end string }

var forms = []form{
	{"YAML", "---\n", "%k: %v", "\n", "\n---\n"},
	{"TOML", "+++\n", `%k = %q`, "\n", "\n+++\n"},
	{"JSON", "{\n", `"%k": %q`, ",\n", "\n}\n\n"},
	{"bare", "", "%k: %v", "\n", "\n\n"},
	{"capitals", "", "%K: %v", "\n", "\n\n"},
	{"named", "---yaml\n", "%k: %v", "\n", "\n---\n"},
	{"named apart", "--- yaml\n", "%k: %v", "\n", "\n---\n"},
	{"semicolons", ";;;\n", `"%k": %q`, ",\n", "\n;;;\n"},
	{"fenced", "```yaml\n", "%k: %v", "\n", "\n```\n"},
	{"waves", "~~~\n", "%k: %v", "\n", "\n~~~\n"},
	{"comment", "<!--\n", "%k: %v", "\n", "\n-->\n"},
	{"two marks", "\uFEFF\uFEFF---\n", "%k: %v", "\n", "\n---\n"},
	{"behind an empty line", "\n---\n", "%k: %v", "\n", "\n---\n"},
	{"behind a comment", "<!-- a licence -->\n---\n", "%k: %v", "\n", "\n---\n"},
	{"a dash of a phone", "\u2014\n", "%k: %v", "\n", "\n\u2014\n"},
	{"dashes of a phone", "\u2014-\n", "%k: %v", "\n", "\n\u2014-\n"},
	{"four dashes", "----\n", "%k: %v", "\n", "\n----\n"},
	{"no first line", "", "%k: %v", "\n", "\n---\n"},
	{"an indented mark", "  ---\n", "%k: %v", "\n", "\n  ---\n"},
}

func (f form) write(pairs [][2]string) string {
	var lines []string
	for _, p := range pairs {
		quoted := `"` + p[1] + `"`
		if p[1] == "true" || p[1] == "false" {
			quoted = p[1]
		}
		lines = append(lines, strings.NewReplacer("%k", p[0], "%K", strings.ToUpper(p[0][:1])+p[0][1:], "%v", p[1], "%q", quoted).Replace(f.pair))
	}
	return f.begin + strings.Join(lines, f.between) + f.end
}

// Whatever form a header has, and whatever one slip of the keyboard has done to it, a word that was to hold the text back does,
// or the text is an error.
func TestHeldBackInAnyForm(t *testing.T) {
	holds := [][2]string{
		{"draft", "true"},
		{"private", "true"},
		{"hidden", "true"},
		{"is_draft", "true"},
		{"published", "false"},
		{"publish", "false"},
		{"status", "draft"},
		{"status", "unpublished"},
		{"visibility", "private"},
		{"unlisted", "true"},
	}
	others := [][2]string{{"title", "The week of the scanner"}, {"date", "2024-05-01"}, {"tags", "tools"}, {"author", "Ines"}}
	const slips = `abXY01 -_":'` // a new line inside of a word leaves nothing to know it by
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(forms).Draw(t, "form")
		pairs := rapid.SliceOfN(rapid.SampledFrom(others), 0, 2).Draw(t, "others")
		if len(pairs) == 2 && pairs[0] == pairs[1] {
			pairs = pairs[:1]
		}
		at := rapid.IntRange(0, len(pairs)).Draw(t, "at")
		pairs = append(pairs[:at:at], append([][2]string{rapid.SampledFrom(holds).Draw(t, "held")}, pairs[at:]...)...)
		head := []rune(f.write(pairs))
		i := rapid.IntRange(0, len(head)-1).Draw(t, "place")
		switch rapid.SampledFrom([]string{"as it is", "left out", "too much", "wrong", "swapped"}).Draw(t, "slip") {
		case "left out":
			head = append(head[:i:i], head[i+1:]...)
		case "too much":
			head = append(head[:i:i], append([]rune{rapid.SampledFrom([]rune(slips)).Draw(t, "sign")}, head[i:]...)...)
		case "wrong":
			head[i] = rapid.SampledFrom([]rune(slips)).Draw(t, "sign")
		case "swapped":
			if i > 0 {
				head[i-1], head[i] = head[i], head[i-1]
			}
		}
		text := string(head) + "\nNobody may read this yet.\n"
		doc, list := parse(text)
		if doc.Front.Draft == "" && !list.HasErrors() && strings.Contains(string(doc.HTML), "Nobody") {
			t.Errorf("%s: published:\n%s", f.name, text)
		}
	})
}
