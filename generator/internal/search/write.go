package search

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"hash/crc32"
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

// sorts returns the sorts of files beside the root, and the names of those of each, in their order.
func (p Plan) sorts() map[string][]string {
	sorts := map[string][]string{common: {common}, filters: {filters}}
	for prefix, n := range map[string]int{term: p.terms(), rest: p.rests(), page: p.pages(), list: p.lists()} {
		for i := range n {
			sorts[prefix] = append(sorts[prefix], prefix+strconv.Itoa(i))
		}
	}
	return sorts
}

// Files returns the names of the files of an index, without their ending.
func (p Plan) Files() []string {
	names := []string{Root}
	for _, sort := range p.sorts() {
		names = append(names, sort...)
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
	text := x.versions[name] + "\n" + x.files[name]
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
	x := &Index{files: map[string]string{}, versions: map[string]string{}}
	lines := x.writeGroups(plan, all)
	firsts := x.writeTerms(plan, all, lines)
	usual := mostUsed(entries)
	x.writePages(entries, usual)
	x.writeFilters(plan, entries)
	x.files[common] = commonest(all)
	x.files[Root] = encode(map[string]any{
		"entries": len(entries), "block": block, "levels": levelCount, "language": usual, "firsts": firsts, "versions": x.version(plan),
	}) + "\n"
	x.versions[Root] = sum(x.files[Root])
	return x
}

// versioned is the versions of the files of one sort, one after the other: each of versionSize signs, and of as many files.
type versioned struct {
	Files    int    `json:"files"`
	Versions string `json:"versions"`
}

// versionSize is how many signs a version has, of 64: so that of a thousand million pairs of texts, two have the same one. mostVersions
// is how many the root names of one sort of files; where there are more files, some that follow one another have one together.
const versionSize, mostVersions = 5, 256

// version gives all files but the root their versions, and returns these. A file names its own at its beginning, so that a script notices
// one of another build; and one whose text stays has the same one, so that who mends a sentence publishes few files.
func (x *Index) version(plan Plan) map[string]versioned {
	out := map[string]versioned{}
	for sort, names := range plan.sorts() {
		v := versioned{Files: (len(names) + mostVersions - 1) / mostVersions}
		for some := range slices.Chunk(names, max(v.Files, 1)) {
			var texts strings.Builder
			for _, name := range some {
				texts.WriteString(x.files[name])
				texts.WriteByte(0)
			}
			version := sum(texts.String())
			for _, name := range some {
				x.versions[name] = version
			}
			v.Versions += version
		}
		out[sort] = v
	}
	return out
}

// sum returns the version of a text.
func sum(text string) string {
	digest := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(digest[:])[:versionSize]
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
	lines := make([]string, len(all))
	var long []thing
	var rests []string
	var those []int // the groups that these are of
	for i, g := range all {
		n := min(len(g.postings), best)
		lines[i] = strings.Join(g.words, " ") + "\t" + postings(g.postings[:n])
		if n < len(g.postings) {
			beyond := postings(g.postings[n:])
			long, rests, those = append(long, thing{g.words[0], len(beyond)}), append(rests, beyond), append(those, i)
		}
	}
	for i, at := range x.share(rest, plan.rests(), long, rests) {
		lines[those[i]] += "\t" + strconv.Itoa(len(all[those[i]].postings)) + "\t" + at
	}
	return lines
}

// thing is what a line of a file is about, and how long the line is.
type thing struct {
	name string
	size int
}

// share writes the lines of things into files whose names begin with a sort, and returns the file and line of each: "3.14".
func (x *Index) share(sort string, files int, things []thing, lines []string) []string {
	places := make([]string, len(things))
	line := 0
	for i, file := range cut(files, things) {
		if i > 0 && x.files[sort+strconv.Itoa(file)] == "" {
			line = 0
		}
		x.files[sort+strconv.Itoa(file)] += lines[i] + "\n"
		places[i] = strconv.Itoa(file) + "." + strconv.Itoa(line)
		line++
	}
	return places
}

// cut says which file each thing goes into: files of about the same size, in the order of the things, those of one name in one file.
//
// A file ends where it is large enough and the next name's sum says so, and not at a size: so the ends stay where they are when
// something before them becomes a little longer, and with them all files but one (as Muthitacharoen and others cut files in "A
// low-bandwidth network file system", 2001). That size grows in steps, for the same reason.
func cut(files int, things []thing) []int {
	total := 0
	for _, t := range things {
		total += t.size
	}
	in := make([]int, len(things))
	for size := 1; ; size += 1 + size/16 {
		if size < total/max(files, 1) {
			continue
		}
		file, has := 0, 0
		for i, t := range things {
			if i > 0 && t.name != things[i-1].name && (has >= size+size/2 || has >= size-size/4 && crc32.ChecksumIEEE([]byte(t.name))%8 == 0) {
				file, has = file+1, 0
			}
			in[i] = file
			has += t.size
		}
		if file < max(files, 1) {
			return in
		}
	}
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
func (x *Index) writeTerms(plan Plan, all []group, lines []string) (firsts []string) {
	type place struct {
		word  string
		group int
	}
	var words []place
	for i, g := range all {
		for _, w := range g.words {
			words = append(words, place{w, i})
		}
	}
	slices.SortFunc(words, func(x, y place) int { return cmp.Or(compare(x.word, y.word), cmp.Compare(x.group, y.group)) })
	things := make([]thing, len(words))
	for i, p := range words { // a line counts once, however many of its words are in a file
		things[i] = thing{p.word, len(lines[p.group]) / len(all[p.group].words)}
	}
	has := map[int]bool{}
	var b strings.Builder
	in := cut(plan.terms(), things)
	for i, file := range in {
		if file == len(firsts) {
			firsts = append(firsts, words[i].word)
			clear(has)
		}
		if g := words[i].group; !has[g] {
			has[g] = true
			b.WriteString(lines[g])
			b.WriteByte('\n')
		}
		if i+1 == len(words) || in[i+1] != file {
			x.files[term+strconv.Itoa(file)] = b.String()
			b.Reset()
		}
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
	things, lines := make([]thing, len(all)), make([]string, len(all))
	for i, f := range all {
		lines[i] = postings(having[f])
		things[i] = thing{f.by + "\t" + f.value, len(lines[i])}
	}
	var b strings.Builder
	for i, at := range x.share(list, plan.lists(), things, lines) {
		b.WriteString(encode([]any{all[i].by, all[i].value, len(having[all[i]]), at}) + "\n")
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
