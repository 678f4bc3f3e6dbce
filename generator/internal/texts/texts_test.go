package texts

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/source"
	"waymark/generator/internal/stamps"
)

var today = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

func shelf(t *testing.T, dir string) (*memo.Memo, *Shelf) {
	t.Helper()
	m := memo.Open(dir, today)
	t.Cleanup(m.Close)
	return m, NewShelf(m, markdown.Options{Zone: time.UTC})
}

func file(text string) source.File {
	return source.File{Path: "a.md", Name: "content/a.md", Data: []byte(text)}
}

const example = "---\ntitle: A\ntags: [x]\n---\n\nWords, [a link](b.md).\n\n```go\nfunc x() {}\n```\n\n```quiz\n? What\n- [x] This\n- [ ] That\n```\n"

var errGone = errors.New("gone")

func gone() (source.File, error) { return source.File{}, errGone }

// Drawn or not, known or not, of this run or of one before: a text is the same.
func TestATextIsTheSameHoweverItIsRead(t *testing.T) {
	dir := t.TempDir()
	m, s := shelf(t, "")
	want, err := s.Read(file(example))
	if err != nil {
		t.Fatal(err)
	}
	html, err := s.HTML(want.Doc, want.Key, gone)
	if err != nil || !strings.Contains(string(html), "Words") || m.Stats() != (memo.Stats{}) {
		t.Fatal(err, string(html))
	}
	for i, read := range []func(*Shelf, source.File) (Text, error){(*Shelf).Outline, (*Shelf).Outline, (*Shelf).Read, (*Shelf).ReadWithSource, (*Shelf).Read} {
		m, s := shelf(t, dir)
		got, err := read(s, file(example))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%d: %v\n%+v\n%+v", i, err, got, want)
		}
		again, err := s.HTML(got.Doc, got.Key, gone)
		if err != nil || string(again) != string(html) {
			t.Errorf("%d: %v %s", i, err, again)
		}
		if plain, err := s.Plain(got.Doc, got.Key, gone); err != nil || !strings.Contains(string(plain), "Words, a link.") {
			t.Errorf("%d: %v %s", i, err, plain)
		}
		m.Close()
	}
}

// What is damaged is made again: of the source that was kept, or of the file, if it is what it was.
func TestWhatIsDamagedIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	m, s := shelf(t, dir)
	text, err := s.Read(file(example))
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	packs, _ := filepath.Glob(filepath.Join(dir, "*.pack"))
	data, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	data[strings.Index(string(data), "Words")] ^= 1
	if err := os.WriteFile(packs[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, s = shelf(t, dir)
	if _, err := s.HTML(text.Doc, text.Key, gone); !errors.Is(err, errGone) {
		t.Error("the file is not asked for:", err)
	}
	if _, err := s.HTML(text.Doc, text.Key, func() (source.File, error) { return file("another one"), nil }); !errors.Is(err, errChanged) {
		t.Error("another text stands for this one:", err)
	}
	html, err := s.HTML(text.Doc, text.Key, func() (source.File, error) { return file(example), nil })
	if err != nil || !strings.Contains(string(html), "<p>Words") {
		t.Error(err, string(html))
	}
	if _, err := s.HTML(text.Doc, text.Key, gone); err != nil {
		t.Error("it is not kept when it is made again:", err)
	}
}

// What may come out otherwise the next time is no part of what a text is known by.
func TestWhatTookTooLongIsNotKnown(t *testing.T) {
	dir := t.TempDir()
	m, s := shelf(t, dir)
	f := file(example)
	doc, _ := s.parser.Parse(f)
	key := s.Key(f)
	list := diag.List{{Code: "code-too-long"}}
	if err := s.putHTML(key, []byte("plain"), list); err != nil {
		t.Fatal(err)
	}
	if _, err := s.lay(key, &doc, list); err != nil {
		t.Fatal(err)
	}
	if html, err := s.HTML(&doc, key, gone); err != nil || string(html) != "plain" {
		t.Error("this run has lost it:", err)
	}
	m.Close()
	_, s = shelf(t, dir)
	if html, err := s.HTML(&doc, key, func() (source.File, error) { return f, nil }); err != nil || string(html) == "plain" {
		t.Error("the next run shows it:", err)
	}
	got, err := s.Read(f)
	if err != nil || len(got.List.Grave()) > 0 || reflect.DeepEqual(got.List, list) {
		t.Error("the next one takes it for known:", err, got.List)
	}
	if html, err := s.HTML(&doc, key, gone); err != nil || string(html) == "plain" {
		t.Error("the next one shows what took too long:", err)
	}
}

// A file need not be opened if it looks as it did, on the same shelf, and all that is needed of it is there.
func TestWhatLooksTheSameNeedNotBeRead(t *testing.T) {
	dir := t.TempDir()
	m, s := shelf(t, dir)
	text, err := s.Read(file(example))
	if err != nil {
		t.Fatal(err)
	}
	tree := stamps.Tree{{Path: "content/a.md", Mode: 0o100644, Size: 9, Changed: 5}}
	files := s.Files(tree, map[string]memo.Key{"a.md": text.Key})
	m.Close()
	_, s = shelf(t, dir)
	known := func(s *Shelf, tree stamps.Tree, e source.Entry, drawn bool) bool {
		s.Recall(files, tree)
		_, known := s.Unread(e, drawn)
		return known
	}
	touched := stamps.Tree{{Path: "content/a.md", Mode: 0o100644, Size: 9, Changed: 6}}
	switch e := (source.Entry{Path: "a.md"}); {
	case !known(s, tree, e, true):
		t.Error("it has to be read")
	case known(s, touched, e, true), known(s, nil, e, true):
		t.Error("another file is taken for it")
	case known(s, tree, source.Entry{Path: "a.md", Link: true}, true):
		t.Error("a link is trusted")
	case known(s, tree, source.Entry{Path: "b.md"}, true):
		t.Error("another name is taken for it")
	case known(s, tree, e, false):
		t.Error("its source is not there")
	case known(NewShelf(s.memo, markdown.Options{Zone: time.UTC, RawHTML: true}), tree, e, true):
		t.Error("it is known whatever the site says")
	}
}
