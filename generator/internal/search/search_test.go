package search

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// made makes an index of entries with texts, by a plan that counts them.
func made(t interface{ Fatal(args ...any) }, entries []Entry, texts []string) (*Index, Plan) {
	plan := Plan{Entries: len(entries)}
	for i, e := range entries {
		plan.Words += len(strings.Fields(texts[i]))
		plan.Facets += 3 + len(e.Tags)
	}
	x, err := Make(context.Background(), plan, entries, func(i int) ([]byte, error) { return []byte(texts[i]), nil })
	if err != nil {
		t.Fatal(err)
	}
	return x, plan
}

func of(texts ...string) ([]Entry, []string) {
	entries := make([]Entry, len(texts))
	for i := range texts {
		entries[i] = Entry{Kind: "post", Title: "T" + strconv.Itoa(i), URL: strconv.Itoa(i), Language: "en"}
	}
	return entries, texts
}

// lines opens a file of the index as a script does.
func (x *Index) lines(name string) []string {
	data, err := x.File(name, false)
	if err != nil {
		return []string{err.Error()}
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return []string{err.Error()}
	}
	text, _ := io.ReadAll(z)
	_, rest, _ := strings.Cut(string(text), "\n")
	return strings.Split(strings.TrimSuffix(rest, "\n"), "\n")
}

// levels returns the entries of postings, with their levels.
func levels(text string) map[int]int {
	out := map[int]int{}
	for run := range strings.SplitSeq(text, ";") {
		at := int64(0)
		if run == "" {
			continue
		}
		for more := range strings.SplitSeq(run[1:], ",") {
			n, _ := strconv.ParseInt(more, 36, 64)
			at += n
			out[int(at)] = int(run[0] - '0')
		}
	}
	return out
}

// finds returns where a word is, by the way that a script goes: the root, the file of the word, and what is beyond the best.
func (x *Index) finds(word string) map[int]int {
	var found struct{ Firsts []string }
	_ = json.Unmarshal([]byte(x.lines(Root)[0]), &found)
	at := 0
	for i, first := range found.Firsts {
		if compare(first, word) <= 0 {
			at = i
		}
	}
	out := map[int]int{}
	for _, line := range x.lines(term + strconv.Itoa(at)) {
		parts := strings.Split(line, "\t")
		if !slices.Contains(strings.Fields(parts[0]), word) {
			continue
		}
		maps.Copy(out, levels(parts[1]))
		if len(parts) > 2 {
			file, n, _ := strings.Cut(parts[3], ".")
			i, _ := strconv.Atoi(n)
			maps.Copy(out, levels(x.lines(rest + file)[i]))
			if strconv.Itoa(len(out)) != parts[2] {
				out[-1] = 0 // it is said to be in more, or in fewer
			}
		}
	}
	return out
}

func TestWordsAreFoundAsTheyAreWritten(t *testing.T) {
	for text, forms := range map[string]string{
		"Story maps":          "story maps",
		"CAFÉ Ångström œuvre": "cafe angstrom oeuvre",
		"don't owner’s":       "dont owners",
		"l'équipe":            "equipe lequipe",
		"e-mail":              "e mail email",
		"co‑op":               "co op coop",
		"Straße ΟΔΟΣ":         "strasse οδοσ",
		"новый Ёлка":          "новый елка",
		"الْقِصَّة قصة":       "القصة قصة",
		"故事地图":                "故事 事地 地图 图",
		"a図b":                 "a 図 b",
		"ユーザーストーリー":           "ユー ーザ ザー ース スト トー ーリ リー ー",
		"사용자 스토리":             "사용 용자 자 스토 토리 리",
		"ประชุม":              "ปร ระ ะช ชุ ุม ม",
		"½ and 3,000":         "1 2 12 and 3 000",
		"soft\u00adhyphen":    "softhyphen",
		"C++ base_url":        "c base url",
		"''- -":               "",
	} {
		var got []string
		newFolder().words(text, func(word []byte) { got = append(got, string(word)) })
		want := strings.Fields(forms)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q is found as %q, want %q", text, got, want)
		}
	}
}

func TestWordsOfOneStemAreFoundTogether(t *testing.T) {
	for _, c := range []struct{ language, written, asked string }{
		{"en", "stories", "story"},
		{"en-GB", "prioritising", "prioritise"},
		{"de", "Häuser", "haus"},
		{"fr", "histoires", "histoire"},
		{"es", "canciones", "cancion"},
		{"ar", "المدرسة", "مدرسة"},
		{"cy", "fap", "map"},
		{"cy", "nghath", "cath"},
		{"cy", "ardd", "gardd"},
	} {
		entries, texts := of(c.written, "x "+c.asked)
		for i := range entries {
			entries[i].Language = c.language
		}
		x, _ := made(t, entries, texts)
		if found := x.finds(c.asked); len(found) != 2 {
			t.Errorf("%s: %q does not find %q: %v", c.language, c.asked, c.written, found)
		}
	}
	entries, texts := of("stories", "story")
	entries[0].Language = "cy"
	x, _ := made(t, entries, texts)
	if found := x.finds("story"); len(found) != 1 {
		t.Errorf("a word is found by its stem in another language: %v", found)
	}
}

// All of a title counts for more than a part of it, a title for more than a heading, a heading for more than any text, and a text for
// more the oftener it says the word for its length.
func TestWhatCountsForMore(t *testing.T) {
	entries, texts := of("word", "", "", "", "word "+strings.Repeat("other ", 200), "", "", "", strings.Repeat("word ", 50)+strings.Repeat("other ", 100))
	entries[7].Title = "What a word is, at some length"
	entries[1].Title = "A word here"
	entries[2].Title = "Word"
	entries[3].Headings = []Heading{{"a", "The word"}}
	entries[5].Title, entries[5].Kind = "A word here", "card"
	entries[6].Names = []string{"word"}
	x, _ := made(t, entries, texts)
	found := x.finds("word")
	order := []int{2, 1, 7, 3, 8, 0, 4}
	for i, n := range order[1:] {
		if found[order[i]] <= found[n] {
			t.Errorf("entry %d has level %d, and entry %d has %d", order[i], found[order[i]], n, found[n])
		}
	}
	if found[5] >= found[1] || found[6] != wholeTitle {
		t.Errorf("a card has %d, another name %d", found[5], found[6])
	}
}

// Whatever is written can be found again by each of its words, in files that the plan lists.
func TestWhateverIsWrittenIsFound(t *testing.T) {
	word := rapid.StringMatching(`[a-cé漢字ع]{1,4}(['-][a-c]{1,3})?`)
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(word, 0, 12), func(w []string) string { return strings.Join(w, " ") }), 1, 2*best+50).Draw(t, "texts")
		entries, _ := of(texts...)
		for i := range entries {
			entries[i].Language = rapid.SampledFrom([]string{"en", "cy", "ar", "ja", "x"}).Draw(t, "language")
			entries[i].Tags = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 3).Draw(t, "tags")
		}
		x, plan := made(t, entries, texts)
		again, _ := made(t, entries, texts)
		for _, name := range slices.Concat(plan.Files(), slices.Collect(maps.Keys(x.files))) {
			if !slices.Contains(plan.Files(), name) {
				t.Fatalf("the plan does not list %s", name)
			}
			one, _ := x.File(name, true)
			other, _ := again.File(name, true)
			if !bytes.Equal(one, other) {
				t.Fatalf("%s is another one the second time", name)
			}
		}
		for i, text := range texts {
			newFolder().words(text, func(form []byte) {
				if _, found := x.finds(string(form))[i]; !found {
					t.Fatalf("%q does not find %q", form, text)
				}
			})
		}
	})
}

func TestFiltersListWhatTheyLeave(t *testing.T) {
	entries, texts := of("a", "b", "c")
	entries[0].Tags, entries[2].Tags = []string{"x", "x"}, []string{"x", "y"}
	entries[1].Phase, entries[2].Course = "Beta", "Three days"
	x, _ := made(t, entries, texts)
	got := map[string][]int{}
	for _, line := range x.lines(filters) {
		var f [4]any
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		file, n, _ := strings.Cut(f[3].(string), ".")
		i, _ := strconv.Atoi(n)
		got[fmt.Sprint(f[0], ":", f[1], " ", f[2])] = slices.Sorted(maps.Keys(levels(x.lines(list + file)[i])))
	}
	want := map[string][]int{"kind:post 3": {0, 1, 2}, "tag:x 2": {0, 2}, "tag:y 1": {2}, "phase:Beta 1": {1}, "course:Three days 1": {2}}
	if !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("filters: %v", got)
	}
}

// Files of two builds can be told apart, and those that are the same have the same version: the root's changes with every other.
func TestAnotherTextIsAnotherVersion(t *testing.T) {
	one, _ := made(t, just("story"), []string{"story"})
	other, _ := made(t, just("story"), []string{"map"})
	entries := just("story")
	entries[0].Title += " again"
	renamed, _ := made(t, entries, []string{"story"})
	for _, name := range []string{Root, term + "0", common} {
		if one.versions[name] == other.versions[name] || len(one.versions[name]) != versionSize {
			t.Errorf("%s has the version %q in both", name, one.versions[name])
		}
	}
	if one.versions[page+"0"] != other.versions[page+"0"] || one.versions[page+"0"] == renamed.versions[page+"0"] {
		t.Errorf("what describes pages has the versions %q, %q and %q", one.versions[page+"0"], other.versions[page+"0"], renamed.versions[page+"0"])
	}
	if one.versions[list+"0"] != renamed.versions[list+"0"] || one.versions[filters] != renamed.versions[filters] {
		t.Error("what pages can be chosen by has another version, and is the same")
	}
	if one.versions[Root] == renamed.versions[Root] {
		t.Error("an entry is called otherwise, and nobody notices")
	}
}

// Who mends a sentence publishes few files: of thousands of texts, one that has a few other words changes the files of these words, and
// hardly any beside them; and a title that of the page.
func TestOneTextChangesFewFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, 4000)
	for i := range texts {
		var b strings.Builder
		for range 300 {
			fmt.Fprintf(&b, "word%d ", int(r.ExpFloat64()*2000))
		}
		texts[i] = b.String()
	}
	entries, _ := of(texts...)
	for i := range entries {
		entries[i].About = "what it says"
	}
	before, plan := made(t, entries, texts)
	changed := func() (n int) {
		after, now := made(t, entries, texts)
		if !plan.Same(now) {
			t.Fatalf("there are more files: %+v, %+v", plan, now)
		}
		for _, name := range plan.Files() {
			if before.versions[name] != after.versions[name] || before.files[name] != after.files[name] {
				n++
			}
		}
		before = after
		return n
	}
	if n := changed(); n != 0 {
		t.Fatalf("nothing changed, but for %d files", n)
	}
	sum := 0
	for i := range 20 {
		texts[i*190] += fmt.Sprintf("word%d word%d", i*7, i*331)
		sum += changed()
	}
	if all := len(plan.Files()); all < 300 || sum > 20*12 {
		t.Errorf("a text with two words more changes %d of %d files", sum/20, all)
	}
	entries[2000].Title = "Another title"
	if n := changed(); n > 20 {
		t.Errorf("another title changes %d of %d files", n, len(plan.Files()))
	}
}

func just(texts ...string) []Entry { entries, _ := of(texts...); return entries }

func TestScriptsOrderWordsByUnits(t *testing.T) {
	words := []string{"b", "a", "é", "漢", "\U00020000", "\uFA0E", "ab", ""} // U+20000 is written in two units, the first of them below U+FA0E
	slices.SortFunc(words, compare)
	if got := strings.Join(words, " "); got != " a ab b é 漢 \U00020000 \uFA0E" {
		t.Errorf("the order is %q", got)
	}
}

// Forms stand in lines between spaces and tabs, so they have none.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"a-b'c", "½ ﷺ ㍿ ﬁ", "－'－", "\u200b\u00ad", "漢 字a", "ʼn'ı"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		newFolder().words(strings.ToValidUTF8(text, ""), func(word []byte) {
			s := string(word)
			if s == "" || len(s) > longest || strings.ContainsFunc(s, func(r rune) bool {
				return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.IsUpper(r) && unicode.ToLower(r) != r
			}) {
				t.Errorf("%q is found as %q", text, s)
			}
		})
	})
}

func BenchmarkMake(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	entries, texts := of(make([]string, 1000)...)
	for i := range texts {
		var s strings.Builder
		for range 900 {
			fmt.Fprintf(&s, "word%d ", int(r.ExpFloat64()*3000))
		}
		texts[i] = s.String()
	}
	b.ReportAllocs()
	for b.Loop() {
		made(b, entries, texts)
	}
}
