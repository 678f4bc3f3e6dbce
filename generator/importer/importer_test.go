package importer

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"
)

// readers are those of one file.
var readers = map[string]func(data []byte) (Writing, error){
	"wordpress": func(data []byte) (Writing, error) { return WordPress(bytes.NewReader(data), nil) },
	"ghost":     func(data []byte) (Writing, error) { return Ghost(data, nil) },
	"feed":      func(data []byte) (Writing, error) { return Feed(bytes.NewReader(data)) },
	"page":      func(data []byte) (Writing, error) { return Page(data, "page", "https://example.org/") },
	"medium": func(data []byte) (Writing, error) {
		return Medium(fstest.MapFS{"posts/a.html": &fstest.MapFile{Data: data}})
	},
}

// FuzzReaders: whatever a file holds, it is writing or an error; and what is written of it stays in the folder, with each thing told once.
func FuzzReaders(f *testing.F) {
	for _, s := range []string{
		"", "<rss><channel><link>https://a.b</link><item><title>A</title><link>https://a.b/../../x/?q</link><post_type>post</post_type><encoded>x</encoded><status>publish</status></item></channel></rss>",
		`{"db":[{"data":{"posts":[{"id":1,"title":"A","slug":"../../x","html":"<p>a<iframe src=//b></p>","status":"published"}]}}]}`,
		"<article><h1 class=p-name>A</h1><section data-field=body><p>Words</p></section></article>", "Title\n\nPosted by: A, Posted on: 2 May 2020 - Categories: b, c\n\nWords # not a heading\n\nShare this page",
		"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>\x01</title><content type='html'>&lt;table>&lt;tr>&lt;td>a|b</content></entry></feed>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for name, read := range readers {
			w, err := read(data)
			if err != nil {
				continue
			}
			dir := t.TempDir()
			first := Write(w, dir)
			if len(first) != len(w.Texts)+len(w.Files)+len(w.Dropped) {
				t.Errorf("%s: %d outcomes of %d texts", name, len(first), len(w.Texts))
			}
			written := 0
			for _, o := range first {
				if o.To != "" && !strings.HasPrefix(o.To, "content/") && !strings.HasPrefix(o.To, "static/") {
					t.Errorf("%s: %q lies outside", name, o.To)
				}
				if o.What == Changed {
					written++
				}
			}
			for _, o := range Write(w, dir) {
				if o.What == Changed || o.What == Kept {
					t.Errorf("%s: a second time %s is written", name, o.To)
				}
			}
			if all := files(t, dir); len(all) != written {
				t.Errorf("%s: %d were written, and %d are there: %v", name, written, len(all), all)
			}
		}
	})
}

func files(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A folder is copied as it is, but for what is told, whatever its texts hold; and a second time nothing is written.
func TestFoldersLoseNothing(t *testing.T) {
	piece := rapid.SampledFrom([]string{"---\n", "+++\n", "title: A\n", "title = 'A'\n", "date: 2020-01-02\n", "date = 2020-01-02\n", "aliases: [/x/]\n", "\n", "words", "{", "}", "\uFEFF", "\r\n", "# a comment\n", "slug: é\n", ": :\n", "- x\n"})
	rapid.Check(t, func(t *rapid.T) {
		base, err := os.MkdirTemp("", "import-*")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(base) }()
		text := strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "text"), "")
		from, to := filepath.Join(base, "from"), filepath.Join(base, "to")
		for name, data := range map[string]string{"hugo.toml": "[permalinks]\nposts = '/:year/:slug/'\n", "content/posts/a.md": text, "content/posts/b.md": "b"} {
			at := filepath.Join(from, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		outcomes, err := Folder(from, to, "Hugo")
		if err != nil {
			t.Fatal(err)
		}
		now, err := os.ReadFile(filepath.Join(to, "content", "posts", "a.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range outcomes {
			if o.To == "content/posts/a.md" && o.What == Kept && string(now) != text {
				t.Fatalf("%q became %q, and that is not told", text, now)
			}
		}
		rest := string(now)
		for word := range strings.FieldsSeq(strings.NewReplacer("\uFEFF", " ").Replace(text)) {
			i := strings.Index(rest, strings.Trim(word, "[],"))
			if i < 0 && word != "aliases:" && word != "[/x/]" {
				t.Fatalf("%q became %q, without %q", text, now, word)
			}
		}
		again, err := Folder(from, to, "Hugo")
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range again {
			if o.What == Changed || o.What == Kept {
				t.Fatalf("a second time %s is written", o.To)
			}
		}
	})
}

// A line says something about a page only where it begins with a word for that; what is a sentence stays text.
func TestWhatAPageSaysOfItself(t *testing.T) {
	for text, want := range map[string]string{
		"T\n\nA remark posted by Anna yesterday made me think.": "", "T\n\nThere are three categories: apples, pears and plums.": "", "T\n\nPosted by Anna, who knows.\n\nWords.": "",
		"T\n\nPosted by: Anna Ek, Posted on: 2 May 2020 - Categories: a, b\n\nWords": "Anna Ek 2020-05-02 a b", "T\n\nBy Anna Ek\n\nWords": "Anna Ek", "T\n\nTags: a, b\n\nWords": "",
	} {
		w, err := Page([]byte(text), "page", "")
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		p := w.Texts[0]
		got := strings.TrimSpace(strings.Join(p.Authors, " ") + " " + strings.TrimSuffix(written(p.Date), "0001-01-01") + " " + strings.Join(p.Categories, " "))
		if got != want {
			t.Errorf("%q: %q in place of %q", text, got, want)
		}
		if want == "" && !strings.Contains(text, "Tags:") && !strings.Contains(p.Body, strings.Split(text, "\n\n")[1]) {
			t.Errorf("%q lost words: %q", text, p.Body)
		}
	}
}

// Plain text stays what it is when Markdown reads it.
func TestEscaped(t *testing.T) {
	for in, want := range map[string]string{
		"# no heading": `\# no heading`, "1. no list": `1\. no list`, "a * b_c": `a \* b\_c`, "- no item": `\- no item`, "{% no tag %}": `\{% no tag %\}`,
		"plain – text": "plain – text", "<b>": `\<b\>`,
	} {
		if got := escaped(in); got != want {
			t.Errorf("%q: %q in place of %q", in, got, want)
		}
	}
}
