package torture

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// pieces are what names are made of here: all that a file system allows, and that some program somewhere stumbles over.
var pieces = []string{
	"a", "B", " ", "  ", ".", "..", "-", "_", "~", "#", "?", "%", "%2e", "%00", "&", "=", "+", ",", ";", ":", "@", "!", "$", "'", "\"", "`", "*", "|", "<", ">", "(", ")", "[", "]", "{", "}", "\\", "^",
	"\n", "\t", "\x01", "\x7f", "\u00a0", "\u200b", "\u202e", "\ufeff", "é", "e\u0301", "ß", "İ", "ø", "日本", "العربية", "😂", "👩🏽‍🚀", "\xff", "\xc3\x28", "con", "nul", "index", ".md", ".html", "public", "404",
	strings.Repeat("x", 100), strings.Repeat("é", 60), "2026-01-02-", "<script>alert(1)</script>", "{{.Title}}", "index.md",
}

// name makes a name of some pieces that a file system takes.
func name() string {
	for {
		var b strings.Builder
		for range 1 + rand.IntN(4) {
			b.WriteString(pieces[rand.IntN(len(pieces))])
		}
		if s := b.String(); s != "." && s != ".." && len(s) < 240 {
			return s
		}
	}
}

// Whatever files and folders are called, a build ends with a site or with words.
func TestNames(t *testing.T) {
	rounds, n := scale(4, 200), 0
	for range rounds {
		dir := t.TempDir()
		site := folder{"content/index.md": "# Home\n"}
		for range 25 {
			at := "content/"
			if rand.IntN(3) == 0 {
				at += name() + "/"
			}
			file := name()
			switch rand.IntN(3) {
			case 0:
				file += ".md"
			case 1:
				at = strings.Replace(at, "content", "static", 1)
			}
			if !clashes(site, at+file) {
				site[at+file] = "---\ntags: [\"" + strings.NewReplacer("\\", "", "\"", "", "\n", "", "\x01", "", "\x7f", "", "\ufeff", "").Replace(strings.ToValidUTF8(file, "")) + "\"]\n---\ntext\n"
			}
		}
		site.write(t, dir)
		n += len(site)
		o := finish(t, command(dir))
		if o.status != 0 && o.status != 1 {
			t.Errorf("status %d: %s\n%q", o.status, head(o.said), site)
		}
		if o.status == 1 { // what can be published is, and the names of the rest are said
			kept := finish(t, command(dir, "--keep-going"))
			if kept.status > 1 {
				t.Errorf("with --keep-going, status %d: %s", kept.status, head(kept.said))
			}
		}
	}
	tried(t, "Odd names of files and folders", n, "in sites of 25")
}

// clashes reports whether a file cannot stand beside the others: one of them is a folder that it needs, or needs it as one.
func clashes(site folder, path string) bool {
	for other := range site {
		if strings.HasPrefix(other, path+"/") || strings.HasPrefix(path, other+"/") {
			return true
		}
	}
	return false
}
