package search

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Plan says into how many files an index is cut. It follows from how much there is to be found, and not from the words of the texts,
// so that a site can list its files before any text is read.
type Plan struct {
	Entries int
	Words   int // of all texts
	Facets  int // how many tags, phases and courses all entries have together, and kinds
}

// block is how many entries are described in one file.
const block = 16

// perFile is how many entries of filters are listed in one file.
const perFile = 4_000

// terms is how many files hold the groups. How many words a language has grows as the square root of how much is written in it
// (Heaps' law), and so do they: about 8 KB each, compressed.
func (p Plan) terms() int { return 1 + int(math.Sqrt(float64(p.Words))/28) }

// rests is how many files hold what groups have beyond their best entries.
func (p Plan) rests() int {
	if p.Entries <= best {
		return 0
	}
	return 1 + p.Words/40_000
}

func (p Plan) pages() int { return (p.Entries + block - 1) / block }

func (p Plan) lists() int { return 1 + p.Facets/perFile }

// Same reports whether an index has the same files by both plans.
func (p Plan) Same(q Plan) bool {
	return p.terms() == q.terms() && p.rests() == q.rests() && p.pages() == q.pages() && p.lists() == q.lists()
}

// Files returns the names of the files of an index, without their ending.
func (p Plan) Files() []string {
	names := []string{Root, common, filters}
	for prefix, n := range map[string]int{term: p.terms(), rest: p.rests(), page: p.pages(), list: p.lists()} {
		for i := range n {
			names = append(names, prefix+strconv.Itoa(i))
		}
	}
	slices.Sort(names)
	return names
}

// Root is the name of the file that a script reads first: it says where each word is looked for.
const Root = "root"

// The names of the other files, or what they begin with before a number.
const (
	common  = "common"  // words that many entries have, against slips
	filters = "filters" // what entries can be chosen by
	term    = "t"
	rest    = "r"
	page    = "p"
	list    = "l"
)

// caller is the function that a file of the index calls which is a script, with its name and its text.
const caller = "waymarkIndex"

// File returns a file of the index: compressed with gzip (RFC 1952), so that it matters not how a host sends it; or as a script, for
// browsers that read it from a disk. A name of no file gives an empty one.
func (x *Index) File(name string, script bool) ([]byte, error) {
	text := x.versionOf(name) + "\n" + x.files[name]
	var b bytes.Buffer
	if script {
		quoted, err := json.Marshal(text)
		b.WriteString(caller + "(" + strconv.Quote(name) + "," + string(quoted) + ")\n")
		return b.Bytes(), err
	}
	z, made := x.idle.Get().(*gzip.Writer)
	if !made {
		z = gzip.NewWriter(&b)
	}
	defer x.idle.Put(z)
	z.Reset(&b)
	_, err := io.WriteString(z, text)
	err = cmp.Or(err, z.Close())
	return b.Bytes(), err
}

// write writes all files.
func write(plan Plan, entries []Entry, all []group) *Index {
	x := &Index{files: map[string]string{}}
	lines := x.writeGroups(plan, all)
	firsts := x.writeTerms(plan, all, lines)
	usual := mostUsed(entries)
	x.writePages(entries, usual)
	x.writeFilters(plan, entries)
	x.files[common] = commonest(all)
	x.words = x.sum(func(name string) bool { return !describes(name) })
	x.pages = x.sum(describes)
	x.files[Root] = encode(map[string]any{
		"entries": len(entries), "block": block, "levels": levelCount, "language": usual, "firsts": firsts, "words": x.words, "pages": x.pages,
	}) + "\n"
	x.version = x.sum(func(name string) bool { return name == Root })
	return x
}

// describes reports whether a file says what entries are, and not which words they have. Most files do, and other words in a text leave
// them as they are.
func describes(name string) bool {
	return name == filters || strings.HasPrefix(name, page) || strings.HasPrefix(name, list)
}

// versionOf returns what a file names at its beginning, so that a script notices one of another build: the version of those of its sort.
func (x *Index) versionOf(name string) string {
	switch {
	case name == Root:
		return x.version
	case describes(name):
		return x.pages
	}
	return x.words
}

// sum returns the version of the files that are meant.
func (x *Index) sum(meant func(name string) bool) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(x.files)) {
		if meant(name) {
			sum.Write([]byte(name + "\n" + x.files[name]))
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:5])
}

// encode writes a value as JSON, without escapes that only HTML needs.
func encode(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // texts and numbers, which always can be
	return strings.TrimSuffix(b.String(), "\n")
}

// writeGroups returns the line of each group, and writes what is beyond their best into files of its own. A line has, between tabs,
// the words, the best postings, how many there are where these are not all, and the file and line of the others.
func (x *Index) writeGroups(plan Plan, all []group) []string {
	lines, rests := make([]string, len(all)), make([]string, len(all))
	total := 0
	for i, g := range all {
		n := min(len(g.postings), best)
		lines[i] = strings.Join(g.words, " ") + "\t" + postings(g.postings[:n])
		if n < len(g.postings) {
			rests[i] = postings(g.postings[n:])
			total += len(rests[i])
		}
	}
	cut := newCut(total, plan.rests())
	for i, g := range all {
		if rests[i] == "" {
			continue
		}
		file, line := cut.add(len(rests[i]))
		x.files[rest+strconv.Itoa(file)] += rests[i] + "\n"
		lines[i] += "\t" + strconv.Itoa(len(g.postings)) + "\t" + strconv.Itoa(file) + "." + strconv.Itoa(line)
	}
	return lines
}

// cut shares things out to files of about the same size, in their order.
type cut struct {
	target           float64
	file, line, size int
}

func newCut(total, files int) *cut { return &cut{target: float64(total) / float64(max(files, 1))} }

// add returns in which file a thing is, and at which line of it. A file is closed once it has its share, so there are never more.
func (c *cut) add(size int) (file, line int) {
	if c.line > 0 && float64(c.size) >= c.target {
		c.file, c.line, c.size = c.file+1, 0, 0
	}
	c.size += size
	c.line++
	return c.file, c.line - 1
}

// postings writes postings by level: its digit, and the entries, each as how much it is more than the one before, to the base of 36.
// 73,c;51 is entries 3 and 15 at level 7, and 1 at level 5.
func postings(all []posting) string {
	var b []byte
	level, last := -1, 0
	for i, p := range all {
		if p.level() != level {
			if i > 0 {
				b = append(b, ';')
			}
			level, last = p.level(), 0
			b = strconv.AppendInt(b, int64(level), 10)
		} else {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(p.entry()-last), 36)
		last = p.entry()
	}
	return string(b)
}

// writeTerms puts the lines of groups into files by their words, in order, and returns the first word of each. A group whose words
// lie in several files is in all of them.
func (x *Index) writeTerms(plan Plan, all []group, lines []string) []string {
	type place struct {
		word  string
		group int
	}
	var words []place
	total := 0
	for i, g := range all {
		total += len(lines[i])
		for _, w := range g.words {
			words = append(words, place{w, i})
		}
	}
	slices.SortFunc(words, func(x, y place) int { return cmp.Or(compare(x.word, y.word), cmp.Compare(x.group, y.group)) })
	var files [][]int
	var firsts []string
	for target := float64(total) / float64(plan.terms()); ; target *= 1.05 {
		files, firsts = nil, nil
		var has map[int]bool
		size := 0.0
		for i, p := range words {
			if i == 0 || size >= target && p.word != words[i-1].word {
				files, firsts = append(files, nil), append(firsts, p.word)
				has, size = map[int]bool{}, 0
			}
			if !has[p.group] {
				has[p.group] = true
				files[len(files)-1] = append(files[len(files)-1], p.group)
				size += float64(len(lines[p.group]))
			}
		}
		if len(files) <= plan.terms() {
			break
		}
	}
	for i, groups := range files {
		var b strings.Builder
		for _, g := range groups {
			b.WriteString(lines[g])
			b.WriteByte('\n')
		}
		x.files[term+strconv.Itoa(i)] = b.String()
	}
	return firsts
}

// compare orders words as scripts do, by the units of UTF-16: as their bytes, but that U+E000 and above come behind what is written
// in two units.
func compare(x, y string) int {
	for i := range min(len(x), len(y)) {
		if a, b := x[i], y[i]; a != b {
			if min(a, b) >= 0xEE && (a >= 0xF0) != (b >= 0xF0) {
				return cmp.Compare(b, a)
			}
			return cmp.Compare(a, b)
		}
	}
	return cmp.Compare(len(x), len(y))
}

// writePages describes the entries, a block of them in each file. A language is said where it is not the usual one.
func (x *Index) writePages(entries []Entry, usual string) {
	for from := 0; from < len(entries); from += block {
		var b strings.Builder
		for _, e := range entries[from:min(from+block, len(entries))] {
			headings := []string{}
			for _, h := range e.Headings {
				headings = append(headings, h.ID, h.Text)
			}
			language := e.Language
			if language == usual {
				language = ""
			}
			b.WriteString(encode([]any{e.Title, e.URL, e.Kind, e.Trail, e.About, headings, e.Names, language}) + "\n")
		}
		x.files[page+strconv.Itoa(from/block)] = b.String()
	}
}

// mostUsed returns the language of most entries.
func mostUsed(entries []Entry) string {
	counts := map[string]int{}
	usual := ""
	for _, e := range entries {
		counts[e.Language]++
	}
	for _, language := range slices.Sorted(maps.Keys(counts)) {
		if counts[language] > counts[usual] {
			usual = language
		}
	}
	return usual
}

// writeFilters lists what entries can be chosen by: kinds, tags, phases and courses, each with how many entries it has, and the file
// and line that lists them.
func (x *Index) writeFilters(plan Plan, entries []Entry) {
	type facet struct{ by, value string }
	having := map[facet][]posting{}
	for i, e := range entries {
		has := []facet{{"kind", e.Kind}, {"phase", e.Phase}, {"course", e.Course}}
		for _, tag := range e.Tags {
			has = append(has, facet{"tag", tag})
		}
		for _, f := range has {
			if f.value != "" && (len(having[f]) == 0 || having[f][len(having[f])-1].entry() != i) {
				having[f] = append(having[f], posting(i<<3))
			}
		}
	}
	all := slices.SortedFunc(maps.Keys(having), func(x, y facet) int { return cmp.Or(cmp.Compare(x.by, y.by), cmp.Compare(x.value, y.value)) })
	total := 0
	for _, f := range all {
		total += len(having[f])
	}
	c := newCut(total, plan.lists())
	var b strings.Builder
	for _, f := range all {
		file, line := c.add(len(having[f]))
		x.files[list+strconv.Itoa(file)] += postings(having[f]) + "\n"
		b.WriteString(encode([]any{f.by, f.value, len(having[f]), strconv.Itoa(file) + "." + strconv.Itoa(line)}) + "\n")
	}
	x.files[filters] = b.String()
}

// mostCommon is how many words are known against slips, and leastCommon how long they are.
const mostCommon, leastCommon = 8_000, 4

// commonest lists the words that most entries have, those of a similar number in one line: the number's length in bits, a tab, and the
// words.
func commonest(all []group) string {
	by := map[int][]string{}
	for _, g := range all {
		size := bits.Len(uint(len(g.postings)))
		for _, w := range g.words {
			if utf8.RuneCountInString(w) >= leastCommon && !strings.ContainsAny(w, "0123456789") {
				by[size] = append(by[size], w)
			}
		}
	}
	var b strings.Builder
	left := mostCommon
	for _, size := range slices.Backward(slices.Sorted(maps.Keys(by))) {
		words := by[size]
		slices.Sort(words)
		words = slices.Compact(words)
		words = words[:min(len(words), left)]
		if left -= len(words); len(words) > 0 {
			b.WriteString(strconv.Itoa(size) + "\t" + strings.Join(words, " ") + "\n")
		}
	}
	return b.String()
}
