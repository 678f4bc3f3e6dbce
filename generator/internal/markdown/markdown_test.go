package markdown

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/colour"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/source"
)

// parse reads a text as the file content/x.md.
func parse(text string) (Document, diag.List) {
	return NewParser(Options{Zone: time.UTC}).Parse(source.File{Path: "x.md", Name: "content/x.md", Data: source.Clean([]byte(text))})
}

// filled returns a document's HTML with every hole closed by the link's own target.
func filled(doc Document) string {
	return string(Fill(doc.HTML, func(n int) string {
		l := doc.Links[n]
		switch l.Kind {
		case Image:
			return fmt.Sprintf("<img src=%q alt=%q>", l.Target, l.Text)
		case Wiki:
			return "[[" + l.Target + "|" + l.Text + "]]"
		}
		return fmt.Sprintf("<a href=%q>", l.Target)
	}))
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a leading title is taken out", "# Title\n\ntext", "<p>text</p>"},
		{"a second top heading moves all down", "# One\n\n# Two\n\n## Three", `<h2 id="two">Two <a class="anchor" href="#two"><span class="hidden">Link to “Two”</span></a></h2>` + "\n" + `<h3 id="three">Three <a class="anchor" href="#three"><span class="hidden">Link to “Three”</span></a></h3>`},
		{"a heading's own id and class", "text\n\n## A *b* {#here .wide}", "<p>text</p>\n" + `<h2 id="here" class="wide">A <em>b</em> <a class="anchor" href="#here"><span class="hidden">Link to “A b”</span></a></h2>`},
		{"links have holes", "[a](../b.md#c)", `<p><a href="../b.md#c">a</a></p>`},
		{"wiki links", "[[Walking skeleton|the skeleton]]", "<p>[[Walking skeleton|the skeleton]]</p>"},
		{"images", "![A wall](wall.jpg)", `<p><img src="wall.jpg" alt="A wall"></p>`},
		{"an image with a title is a figure", `![A wall](wall.jpg "Day two")`, `<figure><img src="wall.jpg" alt="A wall"><figcaption>Day two</figcaption></figure>`},
		{"alerts", "> [!TIP]\n> Start **small**.", `<div class="alert alert-tip" role="note">` + "\n" + `<p class="alert-title">Tip</p>` + "\n<p>Start <strong>small</strong>.</p>\n</div>"},
		{"alerts with a title", "> [!NOTE] Before you leave\n> Look back.", `<div class="alert alert-note" role="note">` + "\n" + `<p class="alert-title">Before you leave</p>` + "\n<p>Look back.</p>\n</div>"},
		{"aligned tables have no style", "| a |\n|--:|\n| 1 |", `<div class="table" tabindex="0" role="group" aria-label="Table 1"><table>` + "\n<thead>\n<tr>\n" + `<th class="align-right">a</th>` + "\n</tr>\n</thead>\n<tbody>\n<tr>\n" + `<td class="align-right">1</td>` + "\n</tr>\n</tbody>\n</table></div>"},
		{"code with a title and a marked line", "```go {2} title=\"x.go\"\na\nb\n```", `<figure class="code"><figcaption>x.go</figcaption><pre tabindex="0"><code class="language-go">a` + "\n" + `<mark class="line">b</mark>` + "\n</code></pre></figure>"},
		{"no link in a link", "[see [[Term]] and ![badge](https://x/y.png)](b.md)", `<p><a href="b.md">see Term and badge</a></p>`},
		{"task lists", "- [x] did", "<ul>\n<li><input type=\"checkbox\" disabled checked aria-label=\"done\"> did</li>\n</ul>"},
		{"emoji names", ":joy:", "<p>&#x1f602;</p>"},
		{"typographic quotes", `"yes"--it's`, "<p>&ldquo;yes&rdquo;&ndash;it&rsquo;s</p>"},
		{"of HTML the words stay, where a site wants none", "a <b>b</b><br>c <script>alert(1)</script>\n\n<table><tr><td>d</td><td>e</td></tr></table>", "<p>a b c </p>\n<p>   d e</p>"},
		{"forbidden links keep their text", "[a](javascript:alert(1)) [b](//host/x) [c](blob:x) [d](java&#10;script:x)", "<p>a b c d</p>"},
		{"definition lists", "Term\n: meaning", "<dl>\n<dt>Term</dt>\n<dd>meaning</dd>\n</dl>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, _ := parse(c.text)
			if got := strings.TrimSpace(filled(doc)); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

// No page of ours may hold style or event attributes, whatever an author writes: the Content-Security-Policy would
// refuse it.
func TestNothingInline(t *testing.T) {
	for _, text := range []string{
		"## a {style=color:red onclick=alert(1)}", "| a |\n|:-:|\n| b |", "```go\nfunc main() {}\n```", `<p style="x" onclick="y">z</p>`,
		"---\na: !!int \"--><script>alert(1)</script>\"\n---\ntext",
	} {
		doc, _ := parse(text)
		for _, bad := range []string{" style=", " onclick=\"", "<script"} {
			if strings.Contains(string(doc.HTML), bad) {
				t.Errorf("%q holds %q:\n%s", text, bad, doc.HTML)
			}
		}
	}
}

func TestRawHTMLIsSanitisedAndBalanced(t *testing.T) {
	p := NewParser(Options{Zone: time.UTC, RawHTML: true})
	doc, _ := p.Parse(source.File{Path: "x.md", Name: "x", Data: []byte("<div class=\"a\" onclick=\"x\" style=\"y\">\n\ntext <kbd>K</kbd></b> <script>alert(1)</script><img src=http://x/y>\n\n<details open>\n\n- <b>one\n- <ul><li>two<li>three</ul> List<String> and <x-y>four</x-y>\n")})
	want := "<div class=\"a\">\n<p>text <kbd>K</kbd> \x000\x00</p>\n<details open=\"\">\n<ul>\n<li><b>one</b></li>\n<li>\n<ul><li>two<li>three</li></li></ul> List&lt;String&gt; and four\n</li>\n</ul>\n</details></div>"
	if got := string(doc.HTML); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// An address in HTML that leads to another host says so by its scheme. What browsers take for two slashes is one of another host; a
// backslash becomes what it is in a path.
func TestRawAddresses(t *testing.T) {
	p := NewParser(Options{Zone: time.UTC, RawHTML: true})
	for address, kept := range map[string]bool{
		"//host/x": false, "/\\host": true, "\\\\host": true, "\\/host": true, "/ /host": false, " //host": false, "&#9;//host": false, "/&#9;/host": false, "/&#10;/host": false, "javascript:alert(1)": false,
		"https://example.org/": true, "mailto:a@b.cd": true, "/a//b": true, "/": true, "#a": true, "?a": true, "a/b": true, "../a": true,
	} {
		doc, _ := p.Parse(source.File{Path: "x.md", Name: "x", Data: []byte("<p><a href=\"" + address + "\">a</a></p>\n")})
		if got := len(doc.Links) == 1; got != kept || strings.Contains(string(doc.HTML), "href") || !strings.Contains(string(doc.HTML), "a") {
			t.Errorf("%q: %s %v", address, doc.HTML, doc.Links)
		}
	}
}

// A lexer that breaks leaves its code plain, and nothing else.
func TestLexersThatBreak(t *testing.T) {
	doc, list := parse("```yang\n/* a\n```\n\nText.\n")
	if want := "/* a"; len(list) > 0 || !strings.Contains(string(doc.HTML), want) || !strings.Contains(string(doc.HTML), "Text.") {
		t.Errorf("%s\n%+v", doc.HTML, list)
	}
}

func TestPlainWords(t *testing.T) {
	doc, _ := parse("# Why *me*?\n\nIt's a **well-known** [link](x.md), [[Term]] and `code`.\n\n```go\nnot counted\n```\n\n产品路线\n")
	if doc.Heading != "Why me?" || doc.Summary != "It’s a well-known link, Term and code." || doc.Words != 9 {
		t.Errorf("heading %q, summary %q, %d words", doc.Heading, doc.Summary, doc.Words)
	}
}

func TestMisdecodedText(t *testing.T) {
	for text, want := range map[string]string{
		"EDIT: ðŸ˜‚ðŸ˜‚ done": `"ðŸ˜‚ðŸ˜‚" was probably "😂😂"`,
		"cafÃ©":               `"Ã©" was probably "é"`,
		"itâ€™s":              `"â€™" was probably "’"`,
	} {
		_, list := parse("first\n\n" + text)
		if len(list) != 1 || list[0].Pos.Line != 3 || !strings.HasSuffix(list[0].Message, want) {
			t.Errorf("%s: %v", text, list)
		}
	}
	for _, text := range []string{"`cafÃ©`", "```\ncafÃ©\n```", "café", "Ärger", "São Paulo", "naïve – “quote”", "10 °C ½"} {
		if _, list := parse(text); len(list) > 0 {
			t.Errorf("%s: %v", text, list)
		}
	}
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "---\ntitle: A\n---\ntext", ""},
		{"empty", "---\n---\ntext", ""},
		{"a rule, not a header", "---\n\nJust a text.\n\n---\n", ""},
		{"byte-order mark and CRLF", "\uFEFF---\r\ntitle: A\r\ndraft: maybe\r\n---\r\n", `content/x.md:3:8: error: "draft" must be true or false, and this is "maybe"`},
		{"rules inside a block scalar", "---\ntitle: |\n  a\n  ---\n  b\ndraft: x\n---\n", `content/x.md:6:8: error: "draft" must be true or false, and this is "x"`},
		{"unclosed", "---\ntitle: A\ntext", "content/x.md:1:1: error: the front matter is never closed"},
		{"closed with dots", "---\ntitle: A\n...\ntext", `content/x.md:3:1: error: front matter ends with "---", and this is "..."`},
		{"broken YAML", "---\ntitle: A\nb: [c\n---\n", "content/x.md:3: error: this is not valid YAML: did not find expected ',' or ']'"},
		{"executable YAML", "---\na: !!int \"--><script>\"\n---\n", "content/x.md:2: error: this is not valid YAML: cannot decode !!str `--><script>` as a !!int"},
		{"duplicate key", "---\ntitle: A\nx: [\"b\"]\ntitle: B\n---\n", `content/x.md:4:1: error: "title" is already given on line 2`},
		{"swallowed by a comment", "---\ntitle: C# basics # 2\n---\n", `content/x.md:2:8: warning: "title" ends at "C# basics": YAML takes the rest of the line, "# 2", for a comment`},
		{"a foreign key", "---\nfeatured_media: 12\n---\n", ""},
		{"two readings", "---\ndate: 02/01/2024\n---\n", `content/x.md:2:7: error: "02/01/2024" has two readings: 2 January 2024, or 1 February 2024`},
		{"TOML", "+++\ndraft = 1\n+++\n", `content/x.md:2:9: error: "draft" must be true or false, and this is "1"`},
		{"broken TOML", "+++\ntitle = A\n+++\n", "content/x.md:2:9: error: this is not valid TOML: unexpected character U+0041 'A' at start of value"},
		{"a key of TOML twice", "+++\na = 1\na = 2\n+++\n", "content/x.md:3:1: error: this is not valid TOML: key a is already defined"},
		{"a table of TOML", "+++\ntitle = 'A'\n[build]\nrender = 'never'\n[[resources]]\nsrc = 'a'\n+++\n", ""},
		{"JSON", "{\n\"draft\": 1\n}\n\ntext", `content/x.md:2:10: error: "draft" must be true or false, and this is "1"`},
		{"broken JSON", "{\n\"draft\": tru\n}\n\ntext", "content/x.md:2:9: error: this is not valid JSON: invalid character '\\n' in literal true (expecting 'e')"},
		{"too late", "\n  ---\ndraft: true\n---\n", `content/x.md:2:1: error: this looks like front matter, and is in a form that Waymark does not read`},
		{"too long", "----\ndraft: true\n----\n", `content/x.md:1:1: error: this looks like front matter, and is in a form that Waymark does not read`},
		{"Logseq's properties", "title:: A\npublic:: perhaps\ntags:: #a, [[b]]\n\n- text", ""},
		{"Logseq's properties that hold back", "draft:: perhaps\n\n- text", `content/x.md:1:9: error: "draft" must be true or false, and this is "perhaps"`},
		{"a list of states", "---\nstatus:\n  - draft\n---\n", ""},
		{"an export of MDX that holds back", "import X from 'y'\n\nexport const meta = { title: 'D', draft: true }\n", `content/x.md:3:1: error: this says that the text is not for readers, in a form that Waymark does not read`},
		{"no marks", "Title: A\nStatus: draft\n\ntext", `content/x.md:1:1: error: this looks like front matter, and is in a form that Waymark does not read`},
		{"prose with colons", "Remember: the shed is open on Mondays.\nBring: a drill.\n\ntext", ""},
		{"another letter case", "---\nTitle: A\nDraft: perhaps\n---\n", `content/x.md:3:8: error: "Draft" must be true or false, and this is "perhaps"`},
		{"twice in two letter cases", "---\ntitle: A\nTitle: B\n---\n", `content/x.md:3:1: error: "title" is already given on line 2`},
		{"a slip of draft", "---\ndrfat: TRUE\n---\n", `content/x.md:2:1: error: "drfat" is not a key that Waymark knows, and the page would be published`},
		{"a slip of false", "---\npublished: flase\n---\n", `content/x.md:2:12: error: "published" must be true or false, and this is "flase"`},
		{"a second document", "---\n title: A\ndraft: true\n---\n", "content/x.md:2: error: this is not valid YAML: did not find expected <document start>"},
		{"another program's day", "---\nlastmod: lately\n---\n", `content/x.md:2:10: warning: "lately" is not a date`},
		{"another program's order", "---\nweight: heavy\n---\n", ""},
		{"numbers stay text", "---\ntitle: 1.10\nslug: no\n---\n", ""},
		{"list in place of text", "---\ntitle: [a, b]\n---\n", `content/x.md:2:8: warning: "title" must be text, and this is a list`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, list := parse(c.text)
			var got strings.Builder
			if err := diag.Text(&got, list); err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(got.String(), "\n")
			if first != c.want || len(list) > 1 {
				t.Errorf("%q\n got %s\nwant %s", c.text, got.String(), c.want)
			}
		})
	}
}

// refused says which of the texts below are refused, and by which guard: the others are merely long.
var refused = map[string]string{
	"wide table": "too-much", "tall table": "too-much", "references": "too-much", "quotes": "too-much", "deep lists": "too-much",
	"brackets": "too-much", "images": "too-much", "emphasis": "too-much", "much emphasis": "too-much", "stars": "too-much",
	"angle brackets": "too-much", "parentheses": "too-much", "wiki": "too-much", "blank C": "code-too-long", "many tables": "too-much", "long references": "too-much",
	"empty deep lines": "too-much", "nested lists": "too-much", "ampersands": "too-much",
	"equal headings": "too-much", "many footnotes": "too-much", "many maps": "too-much", "quotes and quotes": "too-much",
}

func codes(list diag.List) string {
	var out []string
	for _, d := range list {
		out = append(out, d.Code)
	}
	return strings.Join(out, " ")
}

// Texts that cost goldmark or chroma seconds or gigabytes are refused, or take no longer than their size deserves:
// each comes out at most 60 times as large as it went in, or not at all.
func TestAmplification(t *testing.T) {
	for name, text := range map[string]string{
		"wide table":        strings.Repeat("|a", 3000) + "|\n" + strings.Repeat("|-", 3000) + "|\n" + strings.Repeat("|b|\n", 3000),
		"tall table":        strings.Repeat("|a", 120) + "|\n" + strings.Repeat("|-", 120) + "|\n" + strings.Repeat("|b|\n", 3000),
		"references":        "[a]: /" + strings.Repeat("x", 20000) + "\n\n" + strings.Repeat("[a] ", 5000),
		"attributes":        "# a " + strings.Repeat("{a=", 10000),
		"quotes":            strings.Repeat(">", 200000),
		"nested lists":      nestedLists(90) + strings.Repeat("\n", 10000) + "x",
		"deep lists":        nestedLists(1000),
		"blank C":           "```c\n" + strings.Repeat("\n", 5000) + "```",
		"brackets":          strings.Repeat("[", 50000),
		"images":            strings.Repeat("![", 50000),
		"emphasis":          strings.Repeat("*a _b ", 20000),
		"many tables":       strings.Repeat(strings.Repeat("|a", 100)+"|\n"+strings.Repeat("|-", 100)+"|\n"+strings.Repeat("|b|\n", 300)+"\n", 100),
		"equal headings":    strings.Repeat("# a\n", 20000),
		"long references":   "[a]: /" + strings.Repeat("x", 200000) + "\n\n" + strings.Repeat("[a] ", 4000),
		"many blank C":      strings.Repeat("```c\n"+strings.Repeat("\n", 1400)+"```\n\n", 40),
		"empty deep lines":  nestedLists(98) + strings.Repeat("\n", 100000) + "x",
		"ampersands":        strings.Repeat("&", 300000),
		"brackets in code":  "```json\n" + strings.Repeat("[1,2],\n", 1100) + "```",
		"much emphasis":     strings.Repeat("*a_ ", 50000),
		"stars":             strings.Repeat("*", 50000) + "a",
		"back ticks":        strings.Repeat("`a``b", 20000),
		"angle brackets":    strings.Repeat("<", 50000),
		"parentheses":       "[a](" + strings.Repeat("(", 50000),
		"wiki":              strings.Repeat("[[a", 20000),
		"many footnotes":    strings.Repeat("[^a]: x\n\n", 2001),
		"footnotes in code": "```\n" + strings.Repeat("[^a]: x\n", 2100) + "```",
		"many maps":         strings.Repeat("```impact-map\ntitle: a\n- "+strings.Repeat("x ", 140000)+"\n```\n\n", 1),
		"footnotes":         strings.Repeat("[^a]", 900) + "\n\n[^a]: x",
		"quotes and quotes": strings.Repeat(`"'`, 100_001),
	} {
		t.Run(name, func(t *testing.T) {
			doc, list := parse(text)
			if !list.HasErrors() && len(doc.HTML) > 60*len(text) {
				t.Errorf("%d bytes became %d", len(text), len(doc.HTML))
			}
			if want, code := refused[name], codes(list); want != code && name != "many blank C" {
				t.Errorf("diagnostics %q, want %q", code, want)
			}
		})
	}
}

func nestedLists(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("  ", i) + "- a\n")
	}
	return b.String()
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"# a\n\n[b](c)", "---\ntitle: x\n---\n> [!NOTE] y\n> z", "a\n: b", "[[a|b]] ![c](d \"e\")", "```go {1}\nx", "|a|\n|-|\n|b|", "- [ ] x[^1]\n\n[^1]: y"} {
		f.Add(s)
	}
	p := NewParser(Options{Zone: time.UTC, RawHTML: true})
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ReplaceAll(strings.ToValidUTF8(s, "?"), "\x00", "?")
		file := source.File{Path: "x.md", Name: "x.md", Data: source.Clean([]byte(s))}
		sameOutline(t, p, file)
		doc, _ := p.Parse(file)
		if got := filled(doc); strings.Contains(strings.ToLower(got), "<script") || strings.ContainsRune(got, 0) {
			t.Errorf("%q\n%q", s, got)
		}
	})
}

// sameOutline holds what Outline gives to what Parse gives.
func sameOutline(t *testing.T, p *Parser, file source.File) {
	t.Helper()
	whole, list := p.Parse(file)
	outline, outlined := p.Outline(file)
	list.Sort()
	outlined.Sort()
	if whole.HTML = nil; !reflect.DeepEqual(whole, outline) || !reflect.DeepEqual(list, outlined) {
		t.Errorf("%s: Outline gives\n%+v\n%v\nand Parse\n%+v\n%v", file.Name, outline, outlined, whole, list)
	}
}

// An outline is the document without its HTML: over all of the demonstration, and at the bounds of what is coloured.
func TestOutlineIsTheDocumentWithoutItsHTML(t *testing.T) {
	p := NewParser(Options{Zone: time.UTC, RawHTML: true})
	texts := map[string]string{
		"long.md": "# x\n\n```go\n" + strings.Repeat("a := 1\n", colour.MaxLines+1) + "```\n\n```text\n" + strings.Repeat("b\n", colour.MaxLines+1) + "```\n",
		"many.md": strings.Repeat("```go\n"+strings.Repeat("a := 1\n", colour.MaxLines-1)+"```\n\n", 6),
		"none.md": "```no-such-language\nx\n```\n",
	}
	err := filepath.WalkDir("../../../content", func(name string, _ os.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".md" {
			data, readErr := os.ReadFile(name)
			texts[filepath.ToSlash(strings.TrimPrefix(name, filepath.FromSlash("../../../content/")))], err = string(data), readErr
		}
		return err
	})
	if err != nil || len(texts) < 40 {
		t.Fatal(len(texts), err)
	}
	for name, text := range texts {
		sameOutline(t, p, source.File{Path: name, Name: "content/" + name, Data: source.Clean([]byte(text))})
	}
}

// Formulas are set; money, and dollars in code, are not.
func TestFormulas(t *testing.T) {
	for text, want := range map[string]string{
		"$E = m$": "<math>", "$x$, $2n$": "<math>", "$$\na\n- b\n$$": `<div class="formula"`, "$$ x $$": `<div class="formula"`, "> $$\n> a\n> $$": `<div class="formula"`,
		"a $$x$$ b": `<math display="block"`, "```math\nx\n```": `<div class="formula"`, "\\(a_1\\)": "<msub>", "| $a\\_b$ |\n|---|": "<th>",
		"Tea costs $3 or $4.": "<p>Tea costs $3 or $4.</p>", "$5 and $10": "<p>$5 and $10</p>", "$5, or 6$ each": "<p>$5, or 6$ each</p>", "US$5, US$6": "<p>US$5, US$6</p>",
		"$ 5 and 6 $": "<p>$ 5 and 6 $</p>", "`$x$`": "<p><code>$x$</code></p>", "\\$x$": "<p>$x$</p>", "$$\nnever closed": "<p>$$\nnever closed</p>", "$5/$10": "<p>$5/$10</p>",
		"Pay $20 (or $30) a_month": "<p>Pay $20 (or $30) a_month</p>", "$\\foo$": `<code class="formula">\foo</code>`,
	} {
		if doc, _ := parse("before\n\n" + text); !strings.Contains(string(doc.HTML), want) {
			t.Errorf("%q: %s, want %s", text, doc.HTML, want)
		}
	}
	if _, list := parse(strings.Repeat("$a$ ", 2_001)); len(list) != 1 || list[0].Message != "this page has more than 2000 formulas" {
		t.Errorf("%+v", list)
	}
}

// What was found in containers by reading the code: code and maps in them are closed, a quote with an unknown one is read, and many of
// them in one another take no time.
func TestContainersInOneAnother(t *testing.T) {
	for text, problem := range map[string]string{
		"::: note\n```go\nx\n```\n:::\n":                                        "",
		"::: note\n```impact-map m\n- G\n  - A\n    - I\n      - D\n```\n:::\n": "this goal has no metric",
		"> ::: foo A title\n> text\n> :::\n":                                    `there is no container "foo": its marks are left out, and its words stay`,
	} {
		_, list := parse(text)
		got := ""
		for _, d := range list {
			got = d.Message
		}
		if got != problem {
			t.Errorf("%q: %q", text, got)
		}
	}
	if doc, _ := parse(strings.Repeat("::: note\n\nשלום עולם\n\n", 5_000)); !strings.Contains(string(doc.HTML), "שלום") {
		t.Error("the words are lost")
	}
	if doc, _ := parse("---\nstatus:\n  - draft\n---\n"); doc.Front.Draft != "status: draft" {
		t.Errorf("%q", doc.Front.Draft)
	}
	formatted, list := FormatMaps("a.md", []byte("::: note\n\n```impact-map m\n-   G\n```\n\n:::\n"), outline.Options{})
	if want := "::: note\n\n```impact-map m\n- G\n```\n\n:::\n"; string(formatted) != want || len(list) > 0 {
		t.Errorf("%q, %v", formatted, list)
	}
}
