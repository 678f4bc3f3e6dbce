package markdown

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// chroma has no bound for a whole block, and some lexers take quadratic time. Past these limits a block is shown as
// plain text. The time is a last resort for a lexer that misbehaves within them: it never decides on a sound machine.
const (
	maxCodeBytes = 100 << 10
	maxCodeLines = 1_500
	maxCodeTime  = 1500 * time.Millisecond // of all blocks of a page
	maxColoured  = 200 << 10               // bytes of all blocks of a page, a line counting 40 more
)

// fenceInfo is what stands behind the opening of a code block: go {2,4-6} title="main.go".
type fenceInfo struct {
	language, title string
	marked          map[int]bool // lines, from 1
	rest            string       // behind the language
}

var (
	fenceTitle = regexp.MustCompile(`(?:^|\s)title=(?:"([^"]*)"|'([^']*)'|(\S+))`)
	fenceMarks = regexp.MustCompile(`\{([\d,\s-]+)\}`)
)

func readFenceInfo(info string) fenceInfo {
	info = strings.TrimSpace(info)
	end := strings.IndexAny(info, " \t{")
	if end < 0 {
		end = len(info)
	}
	f := fenceInfo{language: info[:end], rest: strings.TrimSpace(info[end:])}
	if g := fenceTitle.FindStringSubmatch(f.rest); g != nil {
		f.title = g[1] + g[2] + g[3]
	}
	if g := fenceMarks.FindStringSubmatch(fenceTitle.ReplaceAllString(f.rest, "")); g != nil { // a title may have braces too
		f.marked = lineSet(g[1])
	}
	return f
}

// lineSet reads "2,4-6".
func lineSet(s string) map[int]bool {
	set := map[int]bool{}
	for _, part := range strings.Split(s, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		first, err := strconv.Atoi(from)
		last := first
		if isRange && err == nil {
			last, err = strconv.Atoi(to)
		}
		if err != nil || last > maxCodeLines {
			continue
		}
		for n := first; n <= last; n++ {
			set[n] = true
		}
	}
	return set
}

// highlight returns code as HTML. bounded is false where the block is too large, or took longer than it may, to be coloured.
func highlight(code string, info fenceInfo, limit time.Duration) (out string, bounded bool) {
	lines, bounded := tokenise(code, info.language, limit)
	var b strings.Builder
	b.Grow(len(code) * 2)
	for i, line := range lines {
		end := "" // the line's own ending stands outside its mark, or the next line would follow on the same one
		if info.marked[i+1] && len(line) > 0 {
			b.WriteString(`<mark class="line">`)
			last := &line[len(line)-1]
			last.Value, end = strings.TrimSuffix(last.Value, "\n"), "</mark>"
			if strings.HasSuffix(code, "\n") || i+1 < len(lines) {
				end += "\n"
			}
		}
		for _, token := range line {
			class := tokenClass(token.Type)
			if class == "" || strings.TrimSpace(token.Value) == "" {
				b.WriteString(html.EscapeString(token.Value))
				continue
			}
			b.WriteString(`<span class="`)
			b.WriteString(class)
			b.WriteString(`">`)
			b.WriteString(html.EscapeString(token.Value))
			b.WriteString("</span>")
		}
		b.WriteString(end)
	}
	return b.String(), bounded
}

func isPlain(language string) bool {
	return language == "" || language == "text" || language == "plain"
}

func tooLargeToColour(code, language string) bool {
	return !isPlain(language) && (len(code) > maxCodeBytes || strings.Count(code, "\n") > maxCodeLines)
}

func tokenise(code, language string, limit time.Duration) (lines [][]chroma.Token, bounded bool) {
	plain := chroma.SplitTokensIntoLines([]chroma.Token{{Type: chroma.Text, Value: code}})
	if isPlain(language) {
		return plain, true
	}
	if tooLargeToColour(code, language) {
		return plain, false
	}
	lexer := lexers.Get(language)
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
	case l := <-done:
		switch {
		case l.broken:
			return plain, true
		case l.late:
			return plain, false
		}
		return chroma.SplitTokensIntoLines(l.tokens), true
	}
}

// lexed is what a lexer made of code, or what kept it from doing so.
type lexed struct {
	tokens []chroma.Token
	late   bool
	broken bool // whether the lexer itself is: some panic on code that they do not expect
}

func lex(lexer chroma.Lexer, code string, limit time.Duration) (l lexed) {
	defer func() {
		if recover() != nil {
			l = lexed{broken: true}
		}
	}()
	timed := &timedLexer{Lexer: lexer, deadline: time.Now().Add(limit)}
	iterate, err := chroma.Coalesce(timed).Tokenise(&chroma.TokeniseOptions{State: "root"}, code)
	if err != nil {
		return lexed{broken: true}
	}
	tokens := iterate.Tokens()
	return lexed{tokens: tokens, late: timed.late}
}

// timedLexer is a lexer that ends early when its time is over. It looks before each token, because chroma joins all of one type
// before it gives them, and may take a quarter of a second for each sign that no rule matches.
type timedLexer struct {
	chroma.Lexer
	deadline time.Time
	late     bool
}

// Tokenise implements chroma.Lexer.
func (l *timedLexer) Tokenise(options *chroma.TokeniseOptions, text string) (chroma.Iterator, error) {
	next, err := l.Lexer.Tokenise(options, text)
	if err != nil {
		return nil, err
	}
	return func() chroma.Token {
		if l.late = l.late || time.Now().After(l.deadline); l.late {
			return chroma.EOF
		}
		return next()
	}, nil
}

// tokenClass groups chroma's token types into the few that the theme colours.
func tokenClass(t chroma.TokenType) string {
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
