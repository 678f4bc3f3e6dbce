// Package search makes an index of a site's texts for readers' browsers, in small files of which a query needs only a few.
//
// Words are folded (fold.go), and those of one stem are a group (stem.go). Each group knows its best pages by how much it says of
// them, which is worked out here: a script has only to add up. What lies in which file is written in write.go.
package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"waymark/generator/internal/parallel"
)

// Entry is what can be found: a page, a term of the glossary or a card of a map.
type Entry struct {
	Kind     string
	Title    string
	Names    []string // other titles, such as a term's aliases
	URL      string   // as a result links to it
	Trail    string   // what it is a part of
	About    string   // its first words
	Language string   // BCP 47
	Headings []Heading
	Tags     []string
	Phase    string
	Course   string
}

// Heading is a place in a page, as results link to it.
type Heading struct{ ID, Text string }

// How soon more of the same counts no more, and how much a long text counts less: the constants of BM25 (Robertson and Zaragoza, "The
// Probabilistic Relevance Framework", 2009). shortest is up to where a short text counts for more, as a part of how long others are.
const saturation, lengths, shortest = 1.2, 0.75, 0.5

// factors say how much what a kind says is worth, beside a page. Cards are many, and short.
var factors = map[string]float64{"card": 0.6, "lesson": 0.95}

// The levels of what a word says of an entry: it is all of the title, in a short title or in a longer one, in a heading; below are
// those of the text, by how often it is there for its length. However often a text repeats a word, it never becomes a heading.
const (
	wholeTitle = 7 - iota
	shortTitle
	longTitle
	heading
	inText
)

// levelCount is how many levels there are.
const levelCount = wholeTitle + 1

// shortWords is up to how many words a title is short.
const shortWords = 3

// best is how many entries a group names at once. The others are in a file of their own.
const best = 200

// posting is an entry and the level of a group there: the entry's number shifted by three, and the level.
type posting uint32

func (p posting) entry() int { return int(p >> 3) }
func (p posting) level() int { return int(p & 7) }

// Index is a finished index. Its files are made when they are asked for, by several goroutines.
type Index struct {
	files    map[string]string // their texts, by name without ending
	versions map[string]string // by the same names
	idle     sync.Pool         // of *gzip.Writer, whose making costs more than most files
}

// Make makes the index of entries, in the order in which they are to be shown where nothing else decides. body returns the text of
// one, without marks. The error is body's, or that of the context.
func Make(ctx context.Context, plan Plan, entries []Entry, body func(i int) ([]byte, error)) (*Index, error) {
	mean := float64(1)
	for mean < float64(plan.Words)/float64(max(len(entries), 1)) { // in steps, so that a word more here weighs no other text anew
		mean += float64(mean/32) + 1
	}
	var mu sync.Mutex
	var idle, all []*reader
	take := func() *reader {
		mu.Lock()
		defer mu.Unlock()
		if n := len(idle); n > 0 {
			r := idle[n-1]
			idle = idle[:n-1]
			return r
		}
		r := &reader{folder: newFolder(), mean: mean, tongues: map[string]*tongue{}}
		all = append(all, r)
		return r
	}
	err := parallel.Each(ctx, entries, func(i int, e Entry) error {
		text, err := body(i)
		if err != nil {
			return fmt.Errorf("index %s: %w", e.URL, err)
		}
		r := take()
		r.read(i, e, text)
		mu.Lock()
		defer mu.Unlock()
		idle = append(idle, r)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return write(plan, entries, groups(all)), nil
}

// group are the words of one stem, in one language.
type group struct {
	words    []string // as they are written, folded
	postings []posting
}

// tongue is what a reader met of one language.
type tongue struct {
	language string
	words    map[string]uint32 // the group of each word
	stems    map[string]uint32
	groups   []group
	counts   []count // of the entry that is read, by group
}

// count is what a group is in an entry.
type count struct {
	level int // by where it stands; 0 where it stands in the text alone
	text  int // how often it stands there
	met   bool
}

// reader reads entries, one after another.
type reader struct {
	folder  *folder
	mean    float64 // words of an entry
	tongues map[string]*tongue
	met     []uint32 // the groups of the entry that is read
}

func (r *reader) read(i int, e Entry, text []byte) {
	language := base(e.Language)
	t := r.tongues[language]
	if t == nil {
		t = &tongue{language: language, words: map[string]uint32{}, stems: map[string]uint32{}}
		r.tongues[language] = t
	}
	r.met = r.met[:0]
	stands := func(text string, level int) {
		r.folder.words(text, func(word []byte) {
			c := &t.counts[r.group(t, word)]
			c.level = max(c.level, level)
		})
	}
	for _, title := range append([]string{e.Title}, e.Names...) {
		switch words := len(strings.Fields(title)); {
		case words == 1:
			stands(title, wholeTitle)
		case words <= shortWords:
			stands(title, shortTitle)
		default:
			stands(title, longTitle)
		}
	}
	for _, h := range e.Headings {
		stands(h.Text, heading)
	}
	length := 0
	for _, s := range []string{e.About, string(text)} { // what is said about it may stand nowhere else
		r.folder.words(s, func(word []byte) {
			t.counts[r.group(t, word)].text++
			length++
		})
	}
	factor := cmp.Or(factors[e.Kind], 1)
	for _, g := range r.met {
		level := t.counts[g].levelIn(float64(length) / r.mean)
		t.counts[g] = count{}
		t.groups[g].postings = append(t.groups[g].postings, posting(i<<3|int(factor*float64(level)))) //nolint:gosec // far fewer than 2^29 entries
	}
}

// group returns the group of a word, and notes that the entry has it.
func (r *reader) group(t *tongue, word []byte) uint32 {
	g, known := t.words[string(word)]
	if !known {
		w := string(word)
		s := stem(w, t.language)
		if g, known = t.stems[s]; !known {
			g = uint32(len(t.groups)) //nolint:gosec // far fewer than 2^32
			t.stems[s] = g
			t.groups = append(t.groups, group{})
			t.counts = append(t.counts, count{})
		}
		t.words[w] = g
		t.groups[g].words = append(t.groups[g].words, w)
	}
	if !t.counts[g].met {
		t.counts[g].met = true
		r.met = append(r.met, g)
	}
	return g
}

// levelIn returns the level of a group in an entry, whose length is given by that of others. Products are rounded one by one, so that
// each machine comes to the same.
func (c count) levelIn(length float64) int {
	if c.level > 0 {
		return c.level
	}
	shorter := 1 - lengths + float64(lengths*max(length, shortest))
	tf := float64(c.text) / shorter
	return int(float64(inText+1) * (tf / (tf + saturation)))
}

// groups joins what the readers met. What comes first is decided by the words alone, not by who read what.
func groups(readers []*reader) []group {
	joined := map[[2]string]*group{}
	for _, r := range readers {
		for _, t := range r.tongues {
			for s, n := range t.stems {
				g := joined[[2]string{t.language, s}]
				if g == nil {
					g = &group{}
					joined[[2]string{t.language, s}] = g
				}
				g.words = append(g.words, t.groups[n].words...)
				g.postings = append(g.postings, t.groups[n].postings...)
			}
		}
	}
	joinMutated(joined)
	out := make([]group, 0, len(joined))
	for _, g := range joined {
		slices.Sort(g.words)
		g.words = slices.Compact(g.words)
		g.tidy()
		out = append(out, *g)
	}
	slices.SortFunc(out, func(x, y group) int {
		return cmp.Or(cmp.Compare(x.words[0], y.words[0]), slices.Compare(x.words, y.words), slices.Compare(x.postings, y.postings))
	})
	return out
}

// tidy sorts postings by level and then by entry, and leaves one of each entry: that of the highest level.
func (g *group) tidy() {
	slices.Sort(g.postings)
	var by [levelCount][]posting
	for i, p := range g.postings {
		if i+1 == len(g.postings) || g.postings[i+1].entry() != p.entry() {
			by[p.level()] = append(by[p.level()], p)
		}
	}
	g.postings = g.postings[:0]
	for _, level := range slices.Backward(by[:]) {
		g.postings = append(g.postings, level...)
	}
}

// joinMutated puts Welsh words whose beginning was changed by the word before them into the group of the word as it is by itself,
// where the site has that at least as often.
func joinMutated(joined map[[2]string]*group) {
	var keys []string
	for key := range joined {
		if key[0] == "cy" {
			keys = append(keys, key[1])
		}
	}
	slices.Sort(keys)
	frequency := map[string]int{} // as they were before any was joined
	for _, word := range keys {
		frequency[word] = len(joined[[2]string{"cy", word}].postings)
	}
	for _, word := range keys {
		best := ""
		for _, radical := range radicals(word) {
			if n := frequency[radical]; n >= frequency[word] && n > frequency[best] {
				best = radical
			}
		}
		from, to := joined[[2]string{"cy", word}], joined[[2]string{"cy", best}]
		if best == "" || from == nil || to == nil {
			continue // or it was joined with another one already
		}
		to.words, to.postings = append(to.words, from.words...), append(to.postings, from.postings...)
		delete(joined, [2]string{"cy", word})
	}
}
