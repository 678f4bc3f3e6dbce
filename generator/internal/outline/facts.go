package outline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/slug"
)

// Status is how far a card has come.
type Status string

// The statuses. A card that says nothing is to do.
const (
	ToDo    Status = "to do"
	Idea    Status = "idea"
	Doing   Status = "doing"
	Done    Status = "done"
	Dropped Status = "dropped"
)

// Statuses lists them in the order in which a card goes through them.
func Statuses() []Status { return []Status{Idea, ToDo, Doing, Done, Dropped} }

// Facts are what every card says of itself, whichever map it stands on.
type Facts struct {
	ID         string
	Text       string // with inline marks
	Status     Status
	Phase      string // of the journey, as the site names it
	Note, Link string
	Pos        diag.Position
}

// Plain returns the card's text without its marks.
func (f Facts) Plain() string { return Plain(f.Text) }

// Reference names a card, of another map where Map is not empty.
type Reference struct {
	Map, Card string
	Pos       diag.Position
}

// ParseReference reads "card" or "map/card"; also "map#card" and the address of a card.
func ParseReference(text string, pos diag.Position) Reference {
	text = strings.Replace(strings.TrimPrefix(text, "/maps/"), "/#", "/", 1)
	if at := strings.IndexAny(text, "/#"); at > 0 {
		return Reference{Map: strings.Trim(text[:at], blanks), Card: strings.Trim(text[at+1:], blanks), Pos: pos}
	}
	return Reference{Card: strings.TrimPrefix(text, "#"), Pos: pos}
}

// Term is a word that notes may hold.
type Term struct {
	Kind   string // slice, persona, status, phase, role, effect
	Name   string
	Levels []int // on which it may stand; on all where empty
}

// Vocabulary is all words that the notes of a map may hold, those of the map itself first.
type Vocabulary struct {
	Rules Rules
	Terms []Term
	Quiet bool // says nothing of words that it does not know: where the header was wrong, they may come of that
	kinds []string
	found map[string][]Term       // by the name as it is looked up
	at    map[string]map[int]bool // the levels on which words of a kind may stand
	near  int                     // how many near names have been looked for
}

// NewVocabulary prepares the look-up. Letter case does not count. Of two terms of one name the first one wins on the
// levels where it may stand.
func NewVocabulary(rules Rules, terms []Term) *Vocabulary {
	v := &Vocabulary{Rules: rules, Terms: terms, found: map[string][]Term{}, at: map[string]map[int]bool{}}
	for _, t := range terms {
		v.found[Fold(t.Name)] = append(v.found[Fold(t.Name)], t)
		if !slices.Contains(v.kinds, t.Kind) {
			v.kinds = append(v.kinds, t.Kind)
			v.at[t.Kind] = map[int]bool{}
		}
		for level := range rules.Levels {
			if t.Levels == nil || slices.Contains(t.Levels, level) {
				v.at[t.Kind][level] = true
			}
		}
	}
	return v
}

// Fold returns the form in which words are looked up: letter case, the kinds of spaces and quotes, and signs that are
// not seen do not count.
func Fold(word string) string {
	word = strings.Map(func(r rune) rune {
		switch r {
		case '\u00AD', '\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', '"', '“', '”', '„', '«', '»':
			return -1
		case '’', '‘', '`', '´':
			return '\''
		case '\u2010', '\u2011', '–', '—':
			return '-'
		}
		return r
	}, word)
	return slug.Fold(strings.Join(strings.Fields(word), " "))
}

// Unquote takes a pair of quotes off a text that stands in them, as other programs' headers want it.
func Unquote(text string) string {
	if n := len(text); n > 1 && (text[0] == '"' || text[0] == '\'') && text[n-1] == text[0] && strings.Count(text, text[:1]) == 2 {
		return text[1 : n-1]
	}
	return text
}

// FixedTerms returns the words of every map: the statuses, and the phases of the journey.
func FixedTerms(phases []string, phaseLevels []int) []Term {
	var terms []Term
	for _, s := range Statuses() {
		terms = append(terms, Term{Kind: "status", Name: string(s)})
	}
	for _, p := range phases {
		terms = append(terms, Term{Kind: "phase", Name: p, Levels: phaseLevels})
	}
	return terms
}

// Knows reports whether a word is in the vocabulary, on any level.
func (v *Vocabulary) Knows(word string) bool { return len(v.found[Fold(word)]) > 0 }

// Meaning is what the notes and details of one card say beyond its Facts.
type Meaning struct {
	Words   []Term // in the order in which they were written
	Refs    []Reference
	Details map[string]string
	Again   map[string][]Said // of details that may be there more than once: all that was said, in that order
	said    map[string]bool   // the words, each behind its kind
	twice   map[string]bool   // the kinds of which it was said that there are too many
}

// Said is a detail as it was said.
type Said struct {
	Text string
	Pos  diag.Position
}

// Word returns the name of the first word of a kind, or "".
func (m Meaning) Word(kind string) string {
	for _, t := range m.Words {
		if t.Kind == kind {
			return t.Name
		}
	}
	return ""
}

// Names returns the names of all words of a kind.
func (m Meaning) Names(kind string) []string {
	var names []string
	for _, t := range m.Words {
		if t.Kind == kind {
			names = append(names, t.Name)
		}
	}
	return names
}

// detail takes note of a detail. What is said again later goes before.
func (m *Meaning) detail(rules Rules, key string, s Said) {
	m.Details[key] = s.Text
	if slices.Contains(rules.Again, key) {
		m.Again[key] = append(m.Again[key], s)
	}
}

// Read says what a card means. Only the kinds in several may be given more than once.
func (v *Vocabulary) Read(c *Card, id string, several ...string) (Facts, Meaning, diag.List) {
	var list diag.List
	f := Facts{ID: id, Text: c.Text, Status: ToDo, Pos: c.Pos}
	m := Meaning{Details: map[string]string{}, Again: map[string][]Said{}, said: map[string]bool{}, twice: map[string]bool{}}
	for _, d := range c.Details {
		m.detail(v.Rules, d.Key, Said{d.Text, d.Pos})
	}
	for _, n := range c.Notes {
		switch n.Kind {
		case Ref:
			m.Refs = append(m.Refs, ParseReference(n.Value, n.Pos))
		case Word, Pair:
			list.Add(v.word(c, n, &m, several)...)
		}
	}
	f.Phase, f.Note, f.Link = m.Word("phase"), m.Details["note"], m.Details["link"]
	f.Status, list = status(c, m, list)
	return f, m, list
}

func (v *Vocabulary) word(c *Card, n Note, m *Meaning, several []string) diag.List {
	level := v.Rules.Levels[c.Level]
	kinds := v.kinds
	if n.Kind == Pair {
		if slices.Contains(v.Rules.Details[c.Level], n.Key) {
			if _, twice := m.Details[n.Key]; twice && !slices.Contains(v.Rules.Again, n.Key) {
				return diag.List{Problem(diag.Error, n.Pos, "keep one of them", "this %s has a second %q", level.Name, n.Key)}
			}
			m.detail(v.Rules, n.Key, Said{n.Value, n.Pos})
			return nil
		}
		if !slices.Contains(v.kinds, n.Key) {
			all := append(slices.Clone(v.kinds), v.Rules.Details[c.Level]...)
			return diag.List{Problem(diag.Error, n.Pos, diag.DidYouMean(n.Key, all, "there are "+strings.Join(all, ", ")), "%q is nothing that a note of %s says", n.Key, level.With)}
		}
		kinds = []string{n.Key}
	}
	var misplaced *Term
	for _, t := range v.found[Fold(n.Value)] {
		if !slices.Contains(kinds, t.Kind) {
			continue
		}
		if t.Levels != nil && !slices.Contains(t.Levels, c.Level) {
			misplaced = &t
			continue
		}
		if m.said[t.Kind+" "+t.Name] {
			return nil
		}
		if other := m.Word(t.Kind); other != "" && !slices.Contains(several, t.Kind) {
			if m.twice[t.Kind] {
				return nil
			}
			m.twice[t.Kind] = true
			return diag.List{Problem(diag.Error, n.Pos, "keep one of them", "%s has one %s, and this one two: %q and %q", level.With, t.Kind, other, t.Name)}
		}
		m.said[t.Kind+" "+t.Name] = true
		m.Words = append(m.Words, t)
		return nil
	}
	if misplaced == nil && v.Quiet {
		return nil
	}
	if misplaced != nil {
		var where []string
		for _, l := range misplaced.Levels {
			where = append(where, v.Rules.Levels[l].With)
		}
		hint := "take it out, or move it"
		if misplaced.Levels[0] > c.Level {
			hint = "is a level missing above it? take it out, or move it"
		}
		return diag.List{Problem(diag.Error, n.Pos, hint, "%q is said of %s, and this is %s", n.Value, strings.Join(where, " or "), level.With)}
	}
	if _, box := boxForms[n.Value]; box {
		return diag.List{Problem(diag.Error, n.Pos, "a box stands before the text: - ["+n.Value+"] "+Plain(c.Text), "%q is no %s of this map", n.Value, orList(v.kindsAt(c.Level, kinds)))}
	}
	return diag.List{Problem(diag.Error, n.Pos, v.hint(n.Value, c.Level, kinds), "%q is no %s of this map", n.Value, orList(v.kindsAt(c.Level, kinds)))}
}

func (v *Vocabulary) usable(t Term, level int, kinds []string) bool {
	return slices.Contains(kinds, t.Kind) && (t.Levels == nil || slices.Contains(t.Levels, level))
}

func (v *Vocabulary) kindsAt(level int, kinds []string) []string {
	var out []string
	for _, kind := range v.kinds {
		if v.at[kind][level] && slices.Contains(kinds, kind) {
			out = append(out, kind)
		}
	}
	return out
}

// maxNear bounds how many near names are looked for: each look goes through all names of the map.
const maxNear = 50

// hint says what may have been meant, or what there is. The names that the map itself declares come first, and of
// equally near ones the first one wins.
func (v *Vocabulary) hint(word string, level int, kinds []string) string {
	if v.near++; v.near > maxNear {
		return "mend the others first"
	}
	var names []string
	for _, t := range v.Terms {
		if v.usable(t, level, kinds) && !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	if near := diag.Nearest(word, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(names) > 12 {
		names = append(names[:12:12], "...")
	}
	return "there are " + strings.Join(names, ", ")
}

func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// status joins what the box and the words say.
func status(c *Card, m Meaning, list diag.List) (Status, diag.List) {
	word := Status(m.Word("status"))
	box := map[Box]Status{OpenBox: ToDo, DoingBox: Doing, DoneBox: Done, DroppedBox: Dropped}[c.Box]
	switch {
	case box == "" && word == "":
		return ToDo, list
	case box == "" || box == ToDo && word == Idea:
		return word, list
	case word != "" && word != box:
		list.Add(Problem(diag.Error, c.Pos, "keep one of them", "the box of this card says %q, and its note %q", string(box), string(word)))
	}
	return box, list
}

// Identify gives every card an id: the one in its notes, or else a slug of its text, numbered where that is taken. taken
// holds the ids that the map uses for other things, with their lines.
func Identify(cards []*Card, taken map[string]int) (map[*Card]string, diag.List) {
	ids := map[*Card]string{}
	var list diag.List
	var given, rest func(cards []*Card)
	given = func(cards []*Card) {
		for _, c := range cards {
			for _, n := range c.Notes {
				if n.Kind == ID {
					list.Add(claim(ids, c, n, taken)...)
				}
			}
			given(c.Children)
		}
	}
	next := map[string]int{}
	rest = func(cards []*Card) {
		for _, c := range cards {
			if ids[c] == "" {
				base := slug.Make(Plain(c.Text))
				if base == "" {
					base = "card"
				}
				base = Clip(base)
				name := base
				for n := max(next[base], 2); taken[name] > 0; n++ {
					name = base + "-" + strconv.Itoa(n)
					next[base] = n + 1
				}
				taken[name] = max(c.Pos.Line, 1)
				ids[c] = name
			}
			rest(c.Children)
		}
	}
	given(cards)
	rest(cards)
	return ids, list
}

func claim(ids map[*Card]string, c *Card, n Note, taken map[string]int) diag.List {
	name := slug.Make(n.Value)
	switch {
	case name == "":
		return diag.List{Problem(diag.Error, n.Pos, `write "#name"`, "this id has no letter or digit")}
	case name != slug.Fold(n.Value):
		return diag.List{Problem(diag.Error, n.Pos, fmt.Sprintf("write %q", "#"+name), "the id %q has signs that an address cannot hold", "#"+n.Value)}
	case ids[c] != "":
		return diag.List{Problem(diag.Error, n.Pos, "keep one of them", "this card has two ids: %q and %q", "#"+ids[c], "#"+n.Value)}
	case taken[name] > 0:
		return diag.List{Problem(diag.Error, n.Pos, "", "the id %q is already used on line %d", "#"+name, taken[name])}
	}
	taken[name] = max(c.Pos.Line, 1)
	ids[c] = name
	return nil
}

// maxID is how many characters of a text become an id.
const maxID = 60

// Clip shortens an id, at the end of a word where there is one.
func Clip(id string) string {
	r := []rune(id)
	if len(r) <= maxID {
		return id
	}
	id = string(r[:maxID])
	if at := strings.LastIndexByte(id, '-'); at > maxID/2 {
		id = id[:at]
	}
	return strings.TrimRight(id, "-")
}

// String returns the reference as an author writes it.
func (r Reference) String() string {
	if r.Map == "" {
		return r.Card
	}
	if r.Card == "" {
		return r.Map
	}
	return r.Map + "/" + r.Card
}
