package preview_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/preview"
	"waymark/themes"
)

// chainSeeds are texts, headers, configurations and maps that have brought something down, or nearly.
var chainSeeds = [][4]string{
	{"![a picture]()", "title: x", "title: y", "- a"},
	{"![]( )", "", "", "- Goal\n  - Actor"},
	{"![a](#x)", "tags: [a, b]", "page_size: 1", "slice: S\n- A\n  - B\n    - C [S]"},
	{"![a](?)", "image: \nimage_alt: x", "menu: [posts, \"?\"]", "embed: m"},
	{"[[ ]] [[#]] [[a#]] [](#) []( ) [x]: \n", "aliases: [/, \"\", ?, /a/../b]", "base_url: \"?\"", "embed: m/x"},
	{"```impact-map\n- a [-> b]\n```\n```impact-map\nembed: impact\n```\n", "series: s\npart: 3", "journey: [a, b]", "impact-map: m\n- a\n  - b\n    - c [-> d/e]"},
	{"<br> text <table><tr><td>x", "draft: maybe", "raw_html: true", "title: [\n- a"},
	{"# [x](y) {#a}\n\n[^1]\n\n[^1]: ![n]()\n", "parts: [a.md, {title: t, phase: alpha}]", "authors: {a: {name: n}}", "- [x] \"q\" [doing, #id]"},
	{"| a |\n|---|\n| [[t]] |\n\nTerm\n: ![]() meaning\n", "type: glossary", "time_zone: Europe/London", "\t- a\n  \t- b"},
	{"```quiz\n? Why [a](posts/fuzzed.md)?\n- [ ] x\n  > ![]()\n- [x] `y`\nbecause: [[Word]]\nbefore: yes\n? A [[b|c]] d\n? n\n= 1 ± 2 m\n? o\nmodel: m\n- [ ] p\n```\n", "objectives: [a]", "language: cy", "- a"},
	{"```recall\nQ: a [b](posts/fuzzed.md)\nA: ![]()\n\nc ::: d\n\nThe ==e== and {{c1::f::g}}.\nhint: [[Word]]\n```\n", "id: \"?\"", "id: x", "- a"},
	{"# 影 \u0301 x\n", "title: \"🎉 قصة \\u202e\"", "base_url: https://example.org/\nlanguage: ar\nchanges: true", "- [-] Goal **x** [#ä]\n  metric: x\n  baseline: 5 (est) (2020)\n  target: 1\n  now: 4 (June 2026)\n  now: **3** (31/12/2026)\n  now: (x)\n  now: 2 (02/03/2026)\n  - A\n    - b\n      - c"},
	{"---\ntitle: again\n---\n", "date: 2024-13-40", "language: ar", "persona: P - who\n- a [P]\n  - b\n    - c"},
}

// What has to hold of any input: neither the build nor the preview falls, and no page meets a fault of Waymark's own. Each
// input is a site of one text with a header, a map and a configuration, which is then opened in a preview, shown whole,
// edited and shown again.
func FuzzChain(f *testing.F) {
	for _, s := range chainSeeds {
		f.Add([]byte(s[0]), []byte(s[1]), []byte(s[2]), []byte(s[3]))
	}
	f.Fuzz(func(t *testing.T, text, header, config, lines []byte) {
		dir := t.TempDir()
		write := func(name, data string) {
			full := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		site := func(text, lines string) {
			write("waymark.yaml", string(config))
			write("content/posts/fuzzed.md", "---\n"+string(header)+"\n---\n"+text)
			write("content/bare.md", text)
			write("content/maps.md", "```impact-map m\n"+lines+"\n```\n\n```story-map s\nimpact-map: m\n"+lines+"\n```\n")
			write("content/glossary.md", "Word\n: "+text)
			write("content/index.md", "See [one](posts/fuzzed.md), [[Word]] and [a map](maps.md#m).\n")
		}
		site(string(text), string(lines))
		bareTheme(t, write)
		c := generator.Config{Dir: dir, Theme: "bare", Clock: time.Unix(1767225600, 0), KeepGoing: true, Drafts: true, Future: true}
		report, err := generator.Build(context.Background(), c)
		noFault(t, report.Diagnostics)
		if err != nil && !strings.Contains(err.Error(), "has no folder") {
			t.Fatal(err)
		}
		shown, update, err := preview.Open(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		defer shown.Close()
		for round := range 3 {
			noFault(t, update.Diagnostics)
			show(t, shown)
			switch round {
			case 0: // half of what was typed, as an editor saves it
				site(string(text[:len(text)/2]), string(lines[:len(lines)/2]))
			case 1:
				site("![a]() "+string(text), string(lines)+"\n- x")
			}
			if update, err = shown.Update(context.Background(), preview.Change{All: true, Clock: c.Clock}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// bareTheme is the layouts of the theme that comes along, without its style and scripts: bundling them takes most of the time
// that a small site does.
func bareTheme(t *testing.T, write func(name, data string)) {
	t.Helper()
	write("themes/bare/theme.yaml", "name: bare\n")
	trail := themes.FS("trail")
	err := fs.WalkDir(trail, "layouts", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(trail, name)
		write("themes/bare/"+name, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// show asks a preview for everything that a browser could ask it for.
func show(t *testing.T, p *preview.Preview) {
	t.Helper()
	for _, name := range append(p.Names(), preview.Lost, "nothing/index.html") {
		a, err := p.Get(name)
		if err != nil {
			t.Fatal(name, err)
		}
		if a != nil && a.Problem != nil {
			noFault(t, diag.List{*a.Problem})
		}
		if _, err := p.Look(name); err != nil {
			t.Fatal(name, err)
		}
	}
}

func noFault(t *testing.T, list diag.List) {
	t.Helper()
	for _, d := range list {
		if d.Code == diag.FaultCode {
			t.Fatal(fmt.Sprint(d.Pos, " ", d.Message))
		}
	}
}
