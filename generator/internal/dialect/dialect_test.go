package dialect

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fenced is what a reader of Markdown would call code, for these tests: what stands between lines of three backticks.
func fenced(text []byte) []Range {
	var out []Range
	from, at := -1, 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimLeft(line, " "), "```") {
			if from < 0 {
				from = at + len(line)
			} else {
				out = append(out, Range{from, at})
				from = -1
			}
		}
		at += len(line)
	}
	return out
}

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name       string
		program    Program
		text, want string
		notes      string // the names of what is not understood
	}{
		{"nothing of another program", Any, "# A\n\nText {braces} and 100%.\n", "# A\n\nText {braces} and 100%.\n", ""},
		{"a comment before words", Any, "<!-- later --> Words.\n", "Words.\n", ""},
		{"a comment in a list", Any, "- <!-- later --> Words.\n", "- Words.\n", ""},
		{"a comment with an empty line", Any, "Before <!-- a\n\nb --> after.\n", "Before  after.\n", ""},
		{"a comment for itself", Any, "- a\n\n<!-- -->\n\n- b\n", "- a\n\n<!-- -->\n\n- b\n", ""},
		{"a comment that nothing closes", Any, "Words.\n\n<!-- a\n\nb\n", "Words.\n\n", ""},
		{"Obsidian's comments", Any, "A %%no%% b.\n\n%%\nno\n\nno\n%%\n\n50% and 60%% of it\n", "A b.\n\n\n\n50% and 60%% of it\n", ""},
		{"Obsidian's marks", Any, "==Marked== and a==b. ^name\n", "<mark>Marked</mark> and a==b." + `<span id="^name"></span>` + "\n", ""},
		{"Liquid with no meaning", Any, "{% include nav.html %}\n\nBy {{ site.author }}, {{ 'Ines' }}.\n", "\n\nBy , Ines.\n", "{% include nav.html %} {{ site.author }}"},
		{"Liquid around code", Any, "{% highlight sh %}\n# {{ x }}\n{% endhighlight %}\n", "```sh\n# {{ x }}\n```\n", ""},
		{"Liquid's own comment", Any, "a{% comment %}no {{ x }}{% endcomment %}b\n", "a b\n", ""},
		{"Liquid as it is", Any, "{% raw %}{{ x }}{% endraw %}\n", "{{ x }}\n", ""},
		{"a picture of Liquid's", Any, "{% image \"a b.png\" \"A pot\" %}\n", "![A pot](<a b.png>)\n", ""},
		{"an alert of Liquid's", Any, "{% callout \"warning\" %}\nHot.\n{% endcallout %}\n", "::: warning\n\nHot.\n\n:::\n", ""},
		{"words of an include", Any, "{% include note.html content=\"Mind *this*.\" %}\n", "::: note\n\nMind *this*.\n\n:::\n", ""},
		{"an address of Jekyll's", Any, "[a]({{ site.baseurl }}{% post_url 2016-10-14-kettle %}) [b]({{ \"/x/\" | relative_url }})\n", "[a](2016-10-14-kettle.md) [b](/x/)\n", ""},
		{"Hugo's shortcodes", Any, "{{< youtube abc >}}\n{{< figure src=\"pot.png\" alt=\"A pot\" >}}\n{{< spin >}}\n", "<https://www.youtube.com/watch?v=abc>\n![A pot](pot.png)\n\n", "{{< spin >}}"},
		{"an alert of Hugo's, in a list", Any, "- x\n  {{% notice tip %}}Slowly.{{% /notice %}}\n", "- x\n  ::: tip\n  \n  Slowly.\n  \n  :::\n", ""},
		{"a link of Hugo's", Any, "[a]({{< relref \"b.md#c\" >}})\n", "[a](b.md#c)\n", ""},
		{"Handlebars", Any, "{{#if x}}Yes.{{/if}} {{> card}}\n", "Yes. \n", "{{ #if }} {{ /if }} {{ > card }}"},
		{"MDX", MDX, "import X from 'x'\nexport const a = {\n  b: 1,\n}\n\n<Callout type=\"warning\">Hot.</Callout>\n\n<Spin items={['a', {b: 1}]} /> {1 + 2}\n", "\n\n\n::: warning\n\nHot.\n\n:::\n\n \n", "<Spin> {...}"},
		{"values in braces", MDX, "<img src={require(\"./a.png\").default} alt=\"A pot\" style={{width: 200}} /> <p style={{color: c}}>Words.</p>\n", "![A pot](./a.png) <p>Words.</p>\n", ""},
		{"a component's title", Any, "<Tab title=\"One\">Words.</Tab>\n", "**One**\n\nWords.\n", "<Tab>"},
		{"a type in prose", Any, "A List<String>.\n", "A List&lt;String>.\n", ""},
		{"Quarto's code", Quarto, "```{r, echo=TRUE}\n#| label: a\nplot(x)\n```\n\n```{r, echo=FALSE}\nsecret()\n```\n", "```r\nplot(x)\n```\n\n", ""},
		{"attributes", Any, "## A {#a .b c=d}\n\n![](x.png){fig-alt=\"A pot\" width=50%}\n[words]{.small} and *em*{: .x} and [l](y){ .button }\n\n## B\n{: #b }\n", "## A {#a}\n\n![A pot](x.png)\nwords and *em* and [l](y)\n\n## B {#b}\n", ""},
		{"MkDocs' admonitions", Any, "!!! note \"Title\"\n    One.\n\n    - two\n\nAfter.\n", "::: note Title\n\nOne.\n\n- two\n:::\n\nAfter.\n", ""},
		{"admonitions in one another", Any, "!!! note\n    {{< spin >}}One.\n\n    !!! tip\n        Two.\n", "::: note\n\nOne.\n\n::: tip\n\nTwo.\n:::\n:::\n", "{{< spin >}}"},
		{"a note where it is called", Any, "So^[as I think] it is.\n", "So[^aside-1] it is.\n\n\n[^aside-1]: as I think\n", ""},
		{"contents, snippets and abbreviations", Any, "* TOC\n{:toc}\n\n--8<-- \"a.md\"\n\n*[HTML]: Hyper\n", "\n\n\n\n\n", "--8<--"},
		{"Microsoft's marks", Any, "> [!INCLUDE [a](b.md)]\n\n:::image type=\"content\" source=\"a.png\" alt-text=\"A\":::\n\n:::row:::\n", "\n\n![A](a.png)\n\n\n", "[!INCLUDE]"},
		{"no-break spaces", Any, "#\u00A0A\n\n-\u00A0b\n\n*\u00A0a *\n", "# A\n\n- b\n\n*\u00A0a *\n", ""},
		{"names with spaces", Any, "![a](my pic.png \"T\") [b](the note.md#c)\n", "![a](<my pic.png> \"T\") [b](<the note.md#c>)\n", ""},
		{"formulas of LaTeX's", Any, "So \\(a = b\\), \\(not\\) one.\n\n\\[\na_1\n\\]\n\n\\[x = y\\]\n", "So $a = b$, \\(not\\) one.\n\n$$\na_1\n$$\n\n$$x = y$$\n", ""},
		{"a wiki link in a table", Any, "| [[a|b]] | [[c\\|d]] |\n", "| [[a\\|b]] | [[c\\|d]] |\n", ""},
		{"code stays", Any, "```\n{{ x }} %%a%% <!-- b --> c\n```\n", "```\n{{ x }} %%a%% <!-- b --> c\n```\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Read([]byte(c.text), c.program, fenced)
			if string(got.Data) != c.want {
				t.Errorf("%q\n got %q\nwant %q", c.text, got.Data, c.want)
			}
			var names []string
			for _, n := range got.Notes {
				if n.Same != "" {
					names = append(names, n.Same)
				}
			}
			if s := strings.Join(names, " "); s != c.notes {
				t.Errorf("notes %q, want %q", s, c.notes)
			}
		})
	}
}

// parts are what texts of other programs are made of.
var parts = []string{
	"word", " ", "\n", "\n\n", "- ", "> ", "# ", "{{< note >}}", "{{< /note >}}", "{{% x %}}", "{% if a %}", "{% endif %}", "{{ y }}", "{# c #}", "%%", "<!--", "-->",
	"<Tab>", "</Tab>", "<B/>", "{{", "}}", "{%", "%}", ":::", "::: note", "!!! tip\n    ", "```\n", "`", "==", "{: .a}", "{#b}", "[[c|d]]", "| ", "^e", "\u00A0", "import a from 'b'",
}

// Every byte of the result comes from somewhere in the text, in order, and every note points into it.
func TestOriginsAreInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, 40).Draw(t, "parts"), "")
		program := rapid.SampledFrom([]Program{Any, MDX, Quarto}).Draw(t, "program")
		got := Read([]byte(text), program, fenced)
		last := 0
		for i := range got.Data {
			at := got.Origin(i)
			if at < last || at > len(text) {
				t.Fatalf("byte %d of %q comes from %d, the one before from %d, of %q", i, got.Data, at, last, text)
			}
			last = at
		}
		for _, n := range got.Notes {
			if n.At < 0 || n.At > len(text) {
				t.Fatalf("%+v lies outside of %q", n, text)
			}
		}
	})
}
