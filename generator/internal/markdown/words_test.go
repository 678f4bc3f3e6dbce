package markdown

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator/internal/source"
)

// pieces are what people who write for several programs put into their texts. K is a word for readers, H one that is not for them.
var pieces = []string{
	"K", "K *K* **K** `K` ~~K~~", "K<br>K", "<b>K</b> K", "<p>K <i>K</i></p>", "<table><tr><td>K</td><td>K</td></tr></table>", "<div class=\"H\">K</div>",
	"<script>H</script>K", "K <script>H</script> K", "<style>H</style>\n\nK", "<!-- H --> K", "K <!-- H --> K", "<!--\nH\n\nH\n-->\n\nK", "<!-- H\n H --> K",
	"<center>K</center>", "<font color=H>K</font>", "<details><summary>K</summary>K</details>", "<my-box H=\"H\">K</my-box>", "K<wbr>", "List<K> K",
	"{{< H >}}", "{{< note >}}K{{< /note >}}", "{{% notice tip %}}\nK\n{{% /notice %}}", "{{<note type=\"H\">}}\nK\n{{</note>}}", "{{< H H=\"H\" >}}K{{< /H >}}",
	"{{</* H */>}} K", "{{< details \"K\" >}}K{{< /details >}}", "{{< figure src=\"H.png\" alt=\"K\" caption=\"K\" >}}", "{{ .H }} K", "{{ H.H | H }} K", "{{! H }} K", "{{!-- H --}} K",
	"{% include H.html %} K", "{% include note.html content=\"K\" %}", "{% if H %}K{% endif %}", "{% callout \"warning\" %}\nK\n{% endcallout %}", "{% comment %}H{% endcomment %}K",
	"{% highlight go %}\nK\n{% endhighlight %}", "{% raw %}K{% endraw %}", "{# H #}K", "{%- H -%}K", "{% image \"H.png\" \"K\" %}",
	"<Callout type=\"H\">K</Callout>", "<H/>K", "<Tab title=\"K\">K</Tab>", "{/* H */}K", "import H from 'H'\n\nK",
	"::: note\nK\n:::", "::: H\nK\n:::", ":::tip[K]\nK\n:::", "::: {.callout-warning title=\"K\"}\nK\n:::", "::::: challenge\nK\n::: hint\nK\n:::\n:::::", "!!! note \"K\"\n    K", "??? tip \"K\"\n    K",
	"> [!tip] K\n> K", "> [!todo]- K\n> K", "> [!H]\n> K",
	"K %%H%% K", "%%\nH\n\nH\n%%\n\nK", "==K== K", "K ^H", "![[H.png]]K", "[[H|K]]",
	"## K {#H}", "## K {#H .H H=H}", "[K](https://example.org/){.H}", "[K]{.H}", "*K*{: .H}", "K\n{: .H }", "![K](H.png){#H width=H}",
	"> [!INCLUDE [H](H.md)]\n\nK", ":::row:::\n\nK\n\n:::row-end:::", "[TOC]\n\nK",
	"K[^a] K\n\n[^a]: K", "K^[K] K", "* TOC\n{:toc}\n\nK", "--8<-- \"H.md\"\n\nK", "*[H]: H\n\nK", "[^z]: K", "#\u00A0K", "-\u00A0K", "K $H$ K", "$$\nH\n$$\n\nK", "```math\nH\n```\n\nK", "| K | K |\n|---|---|\n| K | [[H|K]] |", "<iframe src=\"https://H.example/\" title=\"K\"></iframe>",
	"[K](H with space.md)", "```\nK\n```", "    K",
}

// Every word for readers is on the page, and no other is, whatever stands beside what, in lists, in quotes or by itself, and whether
// the site lets HTML through or not.
func TestWordsForReaders(t *testing.T) {
	var parsers []*Parser
	for _, raw := range []bool{true, false} {
		parsers = append(parsers, NewParser(Options{Zone: time.UTC, RawHTML: raw}))
	}
	word := regexp.MustCompile(`\b[KH]\b`)
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		var keep, hide []string
		var blocks []string
		for _, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 5).Draw(t, "pieces") {
			piece = word.ReplaceAllStringFunc(piece, func(w string) string {
				n++
				if w == "K" {
					keep = append(keep, fmt.Sprintf("keep%dx", n))
					return keep[len(keep)-1]
				}
				hide = append(hide, fmt.Sprintf("hide%dx", n))
				return hide[len(hide)-1]
			})
			in := rapid.SampledFrom([]string{"", "", "list", "quote"}).Draw(t, "in")
			if strings.HasPrefix(piece, "import") {
				in = "" // elsewhere it is a word
			}
			switch in {
			case "list":
				piece = "- " + strings.ReplaceAll(piece, "\n", "\n  ")
			case "quote":
				piece = "> " + strings.ReplaceAll(piece, "\n", "\n> ")
			}
			blocks = append(blocks, piece)
		}
		text := "Opening words.\n\n" + strings.Join(blocks, "\n\n") + "\n"
		p := parsers[rapid.IntRange(0, 1).Draw(t, "raw")]
		doc, list := p.Parse(source.File{Path: "x.md", Name: "content/x.md", Data: []byte(text)})
		if list.HasErrors() {
			t.Fatalf("%s\n%+v", text, list)
		}
		page := string(Fill(doc.HTML, func(n int) string { return " " + doc.Links[n].Text + " " + doc.Links[n].Title + " " }))
		page = regexp.MustCompile(`<math.*?</math>|(id|class|href)="[^"]*"`).ReplaceAllString(html.UnescapeString(page), "")
		for _, w := range keep {
			if !strings.Contains(page, w) {
				t.Fatalf("%s is missing:\n%s\n---\n%s", w, text, page)
			}
		}
		for _, w := range hide {
			if strings.Contains(page, w) {
				t.Fatalf("%s is on the page:\n%s\n---\n%s", w, text, page)
			}
		}
		for _, sign := range []string{"{{", "{%", "%}", ":::", "%%", "[!"} {
			if strings.Contains(page, sign) {
				t.Fatalf("%s is on the page:\n%s\n---\n%s", sign, text, page)
			}
		}
	})
}
