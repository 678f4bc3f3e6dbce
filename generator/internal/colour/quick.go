package colour

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/dlclark/regexp2/v2"
)

// quick drives the rules of a chroma lexer and gives the same tokens in a fraction of the time. At each place chroma tries one
// rule after another until one matches, and beginning a search costs more than most searches. quick knows with which signs a
// match of each rule can begin, and tries only those that can begin with the sign that is there.
//
// It is a chroma.Lexer. Rules that run code of their own may look at anything; lexers with such rules are left to chroma.
type quick struct {
	*chroma.RegexLexer

	once   sync.Once
	states map[string]*state
	rules  chroma.CompiledRules
	fit    bool
}

// state is one state of a lexer: its rules in their order, and which of them can match where the next sign is a certain one.
type state struct {
	rules   []*rule
	ascii   [utf8.RuneSelf][]*rule
	other   []*rule
	prepare sync.Once
}

// rule is one rule. Its expression is compiled when it is first needed.
type rule struct {
	chroma.Rule
	expression string
	once       sync.Once
	compiled   *regexp2.Regexp
	groups     []int
}

func newQuick(lexer *chroma.RegexLexer) *quick { return &quick{RegexLexer: lexer} }

// usable reports whether all rules are of the kinds that we know.
func (q *quick) usable() bool {
	q.once.Do(q.read)
	return q.fit
}

// read brings the rules into the form in which they are used: with what they include, each with its whole expression.
func (q *quick) read() {
	raw, err := q.Rules()
	if err != nil {
		return
	}
	rules := chroma.CompiledRules{}
	for name, list := range raw {
		rules[name] = nil
		for _, r := range list {
			if !declared(r) {
				return
			}
			rules[name] = append(rules[name], &chroma.CompiledRule{Rule: r})
		}
	}
	for resolved(rules) {
	}
	flags := flags(q.Config())
	all := map[*chroma.CompiledRule]*rule{}
	q.states = map[string]*state{}
	for name, list := range rules {
		s := &state{}
		for _, r := range list {
			if all[r] == nil {
				all[r] = &rule{Rule: r.Rule, expression: flags + "(?:" + r.Pattern + ")"}
			}
			s.rules = append(s.rules, all[r])
		}
		q.states[name] = s
	}
	q.rules, q.fit = rules, true
}

// declared reports whether what a rule does is said in data.
func declared(r chroma.Rule) bool {
	switch r.Type.(type) {
	case nil, chroma.TokenType, chroma.SerialisableEmitter:
	default:
		return false
	}
	switch r.Mutator.(type) {
	case nil, chroma.SerialisableMutator:
		return true
	}
	return false
}

// resolved puts one set of included rules in its place, and reports whether there was one.
func resolved(rules chroma.CompiledRules) bool {
	for name, list := range rules {
		for i, r := range list {
			if m, ok := r.Mutator.(chroma.LexerMutator); ok {
				return m.MutateLexer(rules, name, i) == nil
			}
		}
	}
	return false
}

// flags are those that chroma sets for all expressions of a lexer.
func flags(c *chroma.Config) string {
	set := ""
	if !c.NotMultiline {
		set += "m"
	}
	if c.CaseInsensitive {
		set += "i"
	}
	if c.DotAll {
		set += "s"
	}
	if set == "" {
		return ""
	}
	return "(?" + set + ")"
}

// maxMatch is how long one rule may look for its match: chroma's own bound.
const maxMatch = 250 * time.Millisecond

func (r *rule) regexp() *regexp2.Regexp {
	r.once.Do(func() {
		r.compiled = regexp2.MustCompile(`\G` + r.expression) // chroma has compiled the same already
		r.compiled.MatchTimeout = maxMatch
		r.groups = r.compiled.GetGroupNumbers()
	})
	return r.compiled
}

// at returns the rules that can match where the next sign is c.
func (s *state) at(c rune) []*rule {
	s.prepare.Do(func() {
		for _, r := range s.rules {
			first := firstOf(r.expression)
			for c := range s.ascii {
				if first.ascii[c] {
					s.ascii[c] = append(s.ascii[c], r)
				}
			}
			if first.other {
				s.other = append(s.other, r)
			}
		}
	})
	if c < utf8.RuneSelf {
		return s.ascii[c]
	}
	return s.other
}

// maxIdle is how often in sequence rules may match without taking a sign. chroma's lexers need it to change from state to state; one
// that does so for ever would never end.
const maxIdle = 10_000

// Tokenise implements chroma.Lexer.
func (q *quick) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	end := len(text)
	if !options.Nested && q.Config().EnsureNL && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	w := &walk{quick: q, text: text, end: end, root: options.State}
	w.LexerState = chroma.LexerState{
		Lexer: q.RegexLexer, Registry: lexers.GlobalLexerRegistry, Text: []rune(text), Stack: []string{options.State}, Rules: q.rules, MutatorContext: map[any]any{},
	}
	return w.next, nil
}

// walk goes through a text. Pos, of the LexerState, counts runes, and at counts bytes of the same place.
type walk struct {
	chroma.LexerState
	quick *quick
	text  string
	end   int // in bytes, without the line feed that we added
	at    int
	idle  int // matches in sequence that took nothing
	root  string
	emits chroma.Iterator // of a match that consists of more than one token
}

// next gives the next token: what chroma.LexerState.Iterator does, with fewer rules tried.
func (w *walk) next() chroma.Token {
	for {
		if w.emits != nil {
			if t := w.emits(); t != chroma.EOF {
				if t.Type == chroma.Ignore {
					continue
				}
				return t
			}
			w.emits = nil
		}
		if w.at >= w.end || len(w.Stack) == 0 {
			break
		}
		w.State = w.Stack[len(w.Stack)-1]
		s, known := w.quick.states[w.State]
		if !known {
			panic("unknown state " + w.State)
		}
		matched, token := w.try(s)
		if !matched {
			if w.Text[w.Pos] == '\n' && w.State != w.root { // a line that went wrong does not spoil those behind it
				w.Stack = []string{w.root}
				continue
			}
			return chroma.Token{Type: chroma.Error, Value: w.take(1)}
		}
		if token.Value != "" {
			return token
		}
	}
	if w.at != len(w.text) && len(w.Stack) == 0 {
		return chroma.Token{Type: chroma.Error, Value: w.take(len(w.Text) - w.Pos)}
	}
	return chroma.EOF
}

// take steps over a number of runes, and returns them.
func (w *walk) take(runes int) string {
	from := w.at
	for _, c := range w.Text[w.Pos : w.Pos+runes] {
		w.at += utf8.RuneLen(c)
	}
	w.Pos += runes
	return w.text[from:w.at]
}

// try looks for the first rule that matches here, and does what it says. The token is that of a rule that gives one, or none.
func (w *walk) try(s *state) (matched bool, token chroma.Token) {
	var found *rule
	var length int
	for _, r := range s.at(w.Text[w.Pos]) {
		// An error is a search that took too long, and no match.
		_ = r.regexp().FindRunesMatches(w.Text, w.Pos, func(m regexp2.MatchView) bool {
			from, n, _ := m.GroupRange(0)
			if from != w.Pos {
				return false
			}
			found, length = r, n
			if _, simple := r.Type.(chroma.TokenType); !simple {
				w.Groups = w.groups(r, m)
			}
			return false
		})
		if found != nil {
			break
		}
	}
	if found == nil {
		return false, chroma.Token{}
	}
	value := w.take(length)
	if w.idle++; length > 0 {
		w.idle = 0
	} else if w.idle > maxIdle {
		panic("the lexer turns in a circle")
	}
	if found.Mutator != nil {
		if err := found.Mutator.Mutate(&w.LexerState); err != nil {
			panic(err)
		}
	}
	switch kind := found.Type.(type) {
	case nil:
	case chroma.TokenType:
		if kind != chroma.Ignore {
			token = chroma.Token{Type: kind, Value: value}
		}
	default:
		w.emits = found.Type.Emit(w.Groups, &w.LexerState)
	}
	return true, token
}

// groups returns what the groups of a match hold, "" for those that have no part in it.
func (w *walk) groups(r *rule, m regexp2.MatchView) []string {
	out := make([]string, len(r.groups))
	for i, number := range r.groups {
		if from, n, ok := m.GroupRange(number); ok {
			out[i] = string(w.Text[from : from+n])
		}
	}
	return out
}
