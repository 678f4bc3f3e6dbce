// Package colour tells what the parts of code are: keywords, names, texts, remarks. It is the only importer of chroma, whose lexers
// it drives, and whose bounds it sets: of how much code is looked at, and for how long.
package colour

import (
	"strings"
	"sync"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// chroma has no bound for a whole block, and some lexers take quadratic time. Past these limits a block is plain.
const (
	maxBytes = 100 << 10
	MaxLines = 1_500 // of a block that is coloured
)

// Run is a part of code that is shown in one way. Class is that of the theme, or "" for what has no colour.
type Run struct{ Class, Text string }

// Lexers know the languages of code. It may be used by several goroutines.
type Lexers struct {
	mu    sync.Mutex
	named map[string]chroma.Lexer // by what authors call them; nil for what nobody knows
	quick map[*chroma.RegexLexer]*quick
}

// New returns Lexers that have not read any language yet: each is read when it is met.
func New() *Lexers {
	return &Lexers{named: map[string]chroma.Lexer{}, quick: map[*chroma.RegexLexer]*quick{}}
}

// TooLarge reports whether code is larger than what is coloured.
func TooLarge(code, language string) bool {
	return !isPlain(language) && (len(code) > maxBytes || strings.Count(code, "\n") > MaxLines)
}

func isPlain(language string) bool {
	return language == "" || language == "text" || language == "plain"
}

// Runs divides code in a language into runs. Together their texts are the code. What is of an unknown language, or too large, or
// takes longer than the limit, is one plain run; bounded is false in the last two cases. The time is a last resort for a lexer
// that misbehaves: it never decides on a sound machine.
func (l *Lexers) Runs(code, language string, limit time.Duration) (runs []Run, bounded bool) {
	plain := []Run{{Text: code}}
	if isPlain(language) {
		return plain, true
	}
	if TooLarge(code, language) {
		return plain, false
	}
	lexer := l.get(language)
	if lexer == nil {
		return plain, true
	}
	late := time.NewTimer(limit)
	defer late.Stop()
	done := make(chan lexed, 1)
	go func() { done <- lex(lexer, code, limit) }()
	select {
	case <-late.C: // a lexer that looks through all of the code before it gives the first token is left to itself
		return plain, false
	case got := <-done:
		switch {
		case got.broken:
			return plain, true
		case got.late:
			return plain, false
		}
		return got.runs, true
	}
}

// get returns the lexer of a language: ours where we can drive chroma's rules, or chroma's own; nil where there is none.
func (l *Lexers) get(language string) chroma.Lexer {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lexer, known := l.named[language]; known {
		return lexer
	}
	lexer := lexers.Get(language)
	if regex, ok := lexer.(*chroma.RegexLexer); ok {
		if l.quick[regex] == nil {
			l.quick[regex] = newQuick(regex)
		}
		if q := l.quick[regex]; q.usable() {
			lexer = q
		}
	}
	l.named[language] = lexer
	return lexer
}

// lexed is what a lexer made of code, or what kept it from doing so.
type lexed struct {
	runs   []Run
	late   bool
	broken bool // whether the lexer itself is: some panic on code that they do not expect
}

func lex(lexer chroma.Lexer, code string, limit time.Duration) (l lexed) {
	defer func() {
		if recover() != nil {
			l = lexed{broken: true}
		}
	}()
	next, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, code)
	if err != nil {
		return lexed{broken: true}
	}
	deadline := time.Now().Add(limit)
	var b joiner
	for t := next(); t != chroma.EOF; t = next() {
		if time.Now().After(deadline) { // before each token, because a lexer may take a quarter of a second for each sign that no rule matches
			return lexed{late: true}
		}
		b.add(t)
	}
	return lexed{runs: b.runs()}
}

// joiner puts together what follows on one another in one class.
type joiner struct {
	text  strings.Builder
	marks []mark
}

// mark says where a class ends.
type mark struct {
	class string
	end   int
}

func (j *joiner) add(t chroma.Token) {
	if t.Value == "" {
		return
	}
	class := classOf(t.Type)
	j.text.WriteString(t.Value)
	if n := len(j.marks); n > 0 && j.marks[n-1].class == class {
		j.marks[n-1].end = j.text.Len()
		return
	}
	j.marks = append(j.marks, mark{class, j.text.Len()})
}

func (j *joiner) runs() []Run {
	text, from := j.text.String(), 0
	runs := make([]Run, len(j.marks))
	for i, m := range j.marks {
		runs[i] = Run{m.class, text[from:m.end]}
		from = m.end
	}
	return runs
}

// classOf groups chroma's token types into the few that themes colour.
func classOf(t chroma.TokenType) string {
	switch {
	case t.InCategory(chroma.Comment):
		return "hc"
	case t == chroma.GenericDeleted:
		return "hd"
	case t == chroma.GenericInserted:
		return "hi"
	case t == chroma.GenericHeading, t == chroma.GenericSubheading, t.InCategory(chroma.Keyword), t == chroma.OperatorWord:
		return "hk"
	case t.InSubCategory(chroma.LiteralString):
		return "hs"
	case t.InSubCategory(chroma.LiteralNumber), t == chroma.NameConstant, t == chroma.LiteralDate:
		return "hn"
	case t == chroma.NameFunction, t == chroma.NameFunctionMagic, t == chroma.NameClass, t == chroma.NameTag, t == chroma.NameBuiltin, t == chroma.NameDecorator:
		return "hf"
	case t == chroma.NameAttribute, t == chroma.NameVariable, t == chroma.NameProperty, t == chroma.NameNamespace:
		return "ha"
	}
	return ""
}
