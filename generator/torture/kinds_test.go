package torture

import (
	"maps"
	"strconv"
	"strings"
)

// kind is a way to make much work of little text: a site of about size bytes, by the names of its files.
type kind struct {
	name  string
	make  func(size int) folder
	texts bool // many small texts, each of which becomes a page
	drawn bool // a map
}

// kinds are all that were seen to cost out of proportion once, or that one would expect to.
func kinds() []kind {
	return []kind{
		// One text.
		text("www names", repeat("www.a.bc ")),
		text("mail addresses", repeat("a@b.cd ")),
		text("addresses", repeat("http://a.bc ")),
		text("addresses in angle brackets", repeat("<http://a.bc> ")),
		text("ellipses", repeat("a... ")),
		text("dashes and quotes", repeat(`a -- "b" 'c' --- `)),
		text("comments on top", func(size int) string { return repeat("<!-- x -->\n")(size) + "text" }),
		text("unclosed attributes", repeat(`<a b="`)),
		text("unclosed comments", repeat("a <!-- b ")),
		text("unclosed instructions", repeat("a <? b ")),
		text("footnotes", numbered("[^%d]\n\n[^%d]: x\n\n")),
		text("entities", repeat("&amp;")),
		text("unclosed links", repeat("[a](")),
		text("emoji names", repeat(":a: :smile: ")),
		text("wrongly decoded text beside code", repeat("ðŸ˜‚ `x` ")),
		text("code spans of all lengths", backticks),
		text("links to places that are not there", repeat("[a](#nope) ")),
		text("links to pages that are not there", numbered("[a](nope-%d.md)\n\n")),
		text("wiki links to nothing", numbered("[[nope %d]]\n\n")),
		text("pictures that are not there", numbered("![a](nope-%d.png)\n\n")),
		text("headings with links", numbered("## A [b](#c-%d) %d\n\n")),
		text("equal headings", repeat("# a\n\n")),
		text("link definitions", numbered("[a%d]: /b\n\n[a%d]\n\n")),
		text("definition lists", repeat("a\n: b\n\n")),
		text("tasks", repeat("- [ ] a\n")),
		text("alerts", repeat("> [!note]\n> a\n\n")),
		// What other programs put into texts.
		text("tags", repeat("{{< a >}} ")),
		text("pairs of tags in one line", repeat("{{< note >}}a{{< /note >}} ")),
		text("tags that nothing closes", repeat("{{< a ")),
		text("values that nothing closes", repeat("{{ a ")),
		text("tags of different names", numbered("{%% t%d %%} ")),
		text("template comments that nothing closes", repeat("{# a ")),
		text("percent comments", repeat("a %%b%% ")),
		text("percent comments that nothing closes", repeat("\n%%a")),
		text("components", numbered("<A%d>a</A%d> ")),
		text("components that nothing closes", numbered("<A%d> ")),
		text("components without an end", repeat("<Aa b={ ")),
		text("elements of no program", numbered("<a%d> ")),
		text("HTML in lines", repeat("<b>a</b> <a href=\"b\">c</a> ")),
		text("HTML that nothing closes", repeat("<div>\n\n")),
		text("blocks of HTML", repeat("<p>a</p>\n\n")),
		text("containers", repeat("::: note\na\n:::\n\n")),
		text("containers that nothing closes", repeat("::: note\n")),
		text("admonitions", repeat("!!! note\n    a\n\n")),
		text("attributes", repeat("[a](b){.c #d e=f} ")),
		text("marks", repeat("==a== ^b\n")),
		text("formulas of one sign", repeat("$a$\n")),
		text("formulas that nothing closes", repeat("$$ a $ ")),
		text("embeds of nothing", numbered("![[nope %d]]\n\n")),
		text("footnotes that nobody calls", numbered("[^%d]: a\n\n")),
		text("references to nothing", numbered("[a][b%d] [^c%d]\n\n")),
		text("short code", repeat("```go\nx\n```\n\n")),
		text("tables", repeat("|a|b|\n|-|-|\n|c|d|\n\n")),
		text("emphasis", repeat("*a **b\n\n")),
		text("nested quotes", repeat(strings.Repeat(">", 50)+" a\n\n")),
		text("terms", repeat("[[goal]] [[#a]]\n\n")),
		// Those of cmark's pathological tests that are not among the others.
		text("nested strong emphasis", func(size int) string { return repeat("*a **a ")(size/2) + "b" + repeat(" a** a*")(size/2) }),
		text("emphasis that is only closed", repeat("a_ ")),
		text("emphasis that is only opened", repeat("_a ")),
		text("links that are only closed", repeat("a]")),
		text("links that are only opened", repeat("[a")),
		text("openers and closers of two kinds", repeat("*a_ ")),
		text("brackets and parentheses", repeat("[ (](")),
		text("nested brackets", func(size int) string { return repeat("[")(size/2) + "a" + repeat("]")(size/2) }),
		text("nested quotes in one line", repeat("> ")),
		text("nested lists", func(size int) string {
			var b strings.Builder
			for depth := 0; b.Len() < size; depth++ {
				b.WriteString(strings.Repeat("  ", depth%1000) + "* a\n")
			}
			return b.String()
		}),
		text("backslashes", repeat("\\\\")),
		text("declarations that are not closed", repeat("a <!A ")),
		text("character data that is not closed", repeat("a <![CDATA[ ")),
		text("opened pictures", repeat("![[]()")),
		text("strikes", repeat("~~a ~b ")),
		text("empty lines in a deep list", func(size int) string { return strings.Repeat("- ", 50) + "a" + repeat("\n")(size) + "b" }),
		text("one key of references", func(size int) string { return repeat("[a]: /b\n")(size/2) + repeat("[a] ")(size/2) }),
		text("tables of one cell", repeat("|\n-|\n")),
		text("pipes", repeat("|a")),
		header("front matter of comments", repeat("# c\n")),
		header("keys that are not known", numbered("key%d: a\n")),
		list("aliases of one page", "aliases:\n", "  - /a/%d\n"),
		list("tags of one page", "tags:\n", "  - t%d\n"),
		list("authors of one page", "authors:\n", "  - A%d\n"),
		list("parts of a series", "type: series\nparts:\n", "  - title: P%d\n"),
		mapped("cards", "impact-map m\ntitle: M\n- Goal\n", numbered("  - Actor %d\n")),
		mapped("marks in one card", "impact-map m\ntitle: M\n- Goal\n  - A ", repeat("*a **b ")),
		mapped("references between cards", "story-map m\ntitle: M\n- A\n", numbered("  - Step %d [-> nope-%d]\n")),
		mapped("stories", "story-map m\ntitle: M\n- A\n  - B\n", numbered("    - Story %d\n")),
		mapped("slices", "story-map m\ntitle: M\n", numbered("slice: S%d\n")),
		asked("questions", numbered("? Why %d\n- [x] a\n- [ ] b\n")),
		asked("answers of one question", func(size int) string { return "? Why\n- [x] a\n" + numbered("- [ ] b%d\n")(size) }),
		asked("gaps in one question", func(size int) string { return "? Why " + repeat("[[a]] b ")(size) }),
		asked("gaps that nothing closes", func(size int) string { return "? Why " + repeat("[[a ")(size) }),
		asked("feedback to one answer", func(size int) string { return "? Why\n- [ ] a\n" + repeat("  > b\n")(size) + "- [x] c\n" }),
		asked("hints", func(size int) string { return "? Why\n- [x] a\n- [ ] b\n" + repeat("hint: c\n")(size) }),
		asked("slips in questions", repeat("? Why\n- [o] a\n")),
		asked("a long question", func(size int) string { return "? " + repeat("word ")(size) + "\n- [x] a\n- [ ] b\n" }),
		remembered("cards", numbered("Card %d :: back\n\n")),
		remembered("gaps in one card", repeat("==a== b ")),
		remembered("gaps in a card that nothing closes", repeat("==a ")),
		remembered("numbered gaps that nothing closes", repeat("{{c1::a ")),
		remembered("questions without an answer", repeat("Q: a\n\n")),
		remembered("lines of one card", repeat("a\n")),
		{name: "embeds of one map", drawn: true, make: func(size int) folder {
			return folder{
				"content/a.md": "```impact-map m\ntitle: M\n- Goal\n" + numbered("  - Actor %d\n")(4000) + "```\n\n" + repeat("```impact-map\nembed: m\n```\n\n")(size),
			}
		}},
		{name: "a long term used often", make: func(size int) folder {
			return folder{
				"content/glossary.md": "# Glossary\n\nterm\n: " + repeat("word ")(size/2) + "\n",
				"content/a.md":        repeat("[[term]]\n\n")(size / 2),
			}
		}},

		// Many texts.
		posts("posts", ""),
		posts("equal titles", "title: Same\n"),
		posts("equal dates", "date: 2026-01-01\n"),
		posts("tags of their own", "tags: [tag%d]\n"),
		posts("tags that are nearly equal", "tags: [tag-%d-a, tag-%d-b]\n"),
		posts("authors of their own", "author: Author %d\n"),
		posts("series of their own", "series: Series %d\n"),
		posts("one series", "series: One\npart: %d\n"),
		posts("aliases", "aliases: [/old/%d]\n"),
		posts("the same alias", "aliases: [/old]\n"),
		many("links to one page", nil, func(i int) folder { return folder{at("content/p%d.md", i): "[a](p0.md)\n"} }),
		many("links in a ring", nil, func(i int) folder {
			return folder{at("content/p%d.md", i): at("[a](p%d.md) [b](nope%d.md)\n", i+1)}
		}),
		many("wiki links by title", nil, func(i int) folder { return folder{at("content/p%d.md", i): "[[P0]]\n"} }),
		many("folders", nil, func(i int) folder { return folder{at("content/f%d/a.md", i): "a\n"} }),
		{name: "nested folders", texts: true, make: func(size int) folder {
			files := folder{}
			for name, n := "content/", 0; n < size && len(name) < 2000; n += len(name) {
				name += "f/"
				files[name+"a.md"] = "a\n"
			}
			return files
		}},
		{name: "missing pictures beside files", texts: true, make: func(size int) folder {
			files := many("", nil, func(i int) folder { return folder{at("content/picture-%d.txt", i): "x"} }).make(size / 2)
			files["content/a.md"] = numbered("![a](nope-%d.png)\n\n")(size / 2)
			return files
		}},
		many("files beside texts", nil, func(i int) folder {
			return folder{at("content/f%d/a.md", i): "a\n", at("content/f%d/b.txt", i): "b\n"}
		}),
		many("a course of notes", folder{"content/courses/c/index.md": "---\ntitle: C\n---\n"}, func(i int) folder {
			return folder{at("content/courses/c/n%d.md", i): at("---\ntitle: N%d\nobjectives: [a, b]\nquestions: [c]\n---\n", i)}
		}),
		many("maps", nil, func(i int) folder {
			return folder{at("content/m%d.md", i): at("```impact-map m%d\ntitle: M\n- G\n  - A\n```\n", i)}
		}),
		{name: "terms of a glossary with a long title", make: func(size int) folder {
			return folder{"content/glossary.md": "# " + repeat("long ")(size/2) + "\n\n" + numbered("term %d\n: what\n\n")(size/2), "content/a.md": "[[term 1]]\n"}
		}},
		{name: "terms of a glossary", make: func(size int) folder {
			return folder{"content/glossary.md": "# Glossary\n\n" + numbered("term %d\n: what\n\n")(size), "content/a.md": "[[term 1]]\n"}
		}},
	}
}

// folder is a site's files, by name.
type folder map[string]string

func text(name string, body func(size int) string) kind {
	return kind{name: name, make: func(size int) folder { return folder{"content/a.md": body(size)} }}
}

// header is a kind of front matter, which is read up to some size only.
func header(name string, lines func(size int) string) kind {
	return text(name, func(size int) string { return "---\n" + lines(min(size, 60_000)) + "title: A\n---\ntext\n" })
}

// list is a key of front matter with many values.
func list(name, key, item string) kind {
	return header(name, func(size int) string { return key + numbered(item)(size) })
}

// mapped is a kind of map.
func mapped(name, beginning string, lines func(size int) string) kind {
	k := text(name, func(size int) string { return "```" + beginning + lines(size) + "\n```\n" })
	k.drawn = true
	return k
}

// asked is a block of questions.
func asked(name string, lines func(size int) string) kind {
	return text(name, func(size int) string { return "```quiz\n" + lines(size) + "\n```\n" })
}

// remembered is a block of cards.
func remembered(name string, lines func(size int) string) kind {
	return text(name, func(size int) string { return "```recall\n" + lines(size) + "\n```\n" })
}

// posts is a site of short posts that have something in their front matter.
func posts(name, front string) kind {
	return many(name, nil, func(i int) folder {
		return folder{at("content/posts/p%d.md", i): "---\n" + at(front, i+1) + "---\ntext\n"}
	})
}

// many is a site of what each adds, beside some files that are there once.
func many(name string, once folder, each func(i int) folder) kind {
	return kind{name: name, texts: true, make: func(size int) folder {
		files := folder{}
		maps.Copy(files, once)
		for i, n := 0, 0; n < size; i++ {
			for name, data := range each(i) {
				files[name] = data
				n += len(name) + len(data)
			}
		}
		return files
	}}
}

// repeat returns what makes a text of one unit.
func repeat(unit string) func(size int) string {
	return func(size int) string { return strings.Repeat(unit, max(1, size/len(unit))) }
}

// numbered is repeat with a number in each unit.
func numbered(unit string) func(size int) string {
	return func(size int) string {
		var b strings.Builder
		for i := 1; b.Len() < size; i++ {
			b.WriteString(at(unit, i))
		}
		return b.String()
	}
}

// at puts a number into a text.
func at(unit string, i int) string { return strings.ReplaceAll(unit, "%d", strconv.Itoa(i)) }

func backticks(size int) string {
	var b strings.Builder
	for i := 1; b.Len() < size; i++ {
		b.WriteString("a " + strings.Repeat("`", i%900+1) + " ")
	}
	return b.String()
}

// size is how many bytes there are to read, names among them.
func (f folder) size() int {
	n := 0
	for name, data := range f {
		n += len(name) + len(data)
	}
	return n
}
