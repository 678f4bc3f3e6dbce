package markdown

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	meta "github.com/yuin/goldmark-meta"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
)

// maxHeader is the largest front matter, in bytes.
const maxHeader = 64 << 10

// header is the front matter of a file as it stands there.
type header struct {
	form headerForm
	text []byte
	body int // where the text behind it begins
}

type headerForm int

const (
	noHeader headerForm = iota
	yamlHeader
	tomlHeader
	jsonHeader
	propertyHeader
)

// splitHeader cuts a file into its header and its body. A header is YAML between the first two lines of "---", TOML between two
// of "+++", a JSON object, or lines of "key:: value" as Logseq has them. goldmark-meta would take "...", an indented "---", or the end of the file for the end of the
// header, so it is not asked. Where there is a problem, the header is not read, and the body is what stands behind it as far as
// one can tell, for what else is to be said of it.
func splitHeader(name string, data []byte) (header, *diag.Diagnostic) {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	begin := min(len(first)+1, len(data))
	switch mark := string(bytes.TrimRight(first, " \t")); {
	case mark == "---" && looksLikeHeader(data[begin:]):
		return markedHeader(name, data, begin, yamlHeader, mark)
	case mark == "+++":
		return markedHeader(name, data, begin, tomlHeader, mark)
	case jsonBegins.Match(data):
		return jsonHeaderOf(name, data)
	case propertyLine.Match(first):
		end := 0
		for line := range bytes.Lines(data) {
			if !propertyLine.Match(bytes.TrimRight(line, "\n")) {
				break
			}
			end += len(line)
		}
		if rest, _, _ := bytes.Cut(data[end:], []byte("\n")); len(bytes.TrimSpace(rest)) == 0 || rest[0] == '-' {
			return header{propertyHeader, data[:end], end}, nil
		}
	}
	if problem, end := foreignHeader(name, data); problem != nil {
		return header{body: end}, problem
	}
	return header{}, nil
}

// propertyLine is a property of a page as Logseq writes it: all lines of that form that a text begins with are its header.
var propertyLine = regexp.MustCompile(`^([A-Za-z][\w-]*)::[ \t]*(.*?)[ \t]*$`)

// properties reads the lines of such a header. A text in double brackets, or behind a number sign, is that text.
func properties(name string, text []byte) (pairs []fields.Pair) {
	line := 0
	for s := range bytes.Lines(text) {
		line++
		g := propertyLine.FindSubmatchIndex(bytes.TrimRight(s, "\n"))
		value := fields.Value{Kind: fields.Scalar, Pos: diag.Position{File: name, Line: line, Col: g[4] + 1}}
		value.Text = strings.NewReplacer("[[", "", "]]", "").Replace(string(s[g[4]:g[5]]))
		if value.Text == "" {
			value.Kind = fields.Null
		}
		pairs = append(pairs, fields.Pair{Key: string(s[g[2]:g[3]]), Pos: diag.Position{File: name, Line: line, Col: 1}, Value: value})
	}
	return pairs
}

// markedHeader reads up to the line that closes a header.
func markedHeader(name string, data []byte, begin int, form headerForm, mark string) (header, *diag.Diagnostic) {
	for at := begin; at < len(data); {
		line, _, _ := bytes.Cut(data[at:], []byte("\n"))
		next := min(at+len(line)+1, len(data))
		switch string(bytes.TrimRight(line, " \t")) {
		case mark:
			if at-begin > maxHeader {
				return header{body: next}, headerProblem(name, 1, "header-too-large", "the front matter is larger than 64 KB", "keep data in a file of its own")
			}
			return header{form, data[begin:at], next}, nil
		case "...":
			if form == yamlHeader {
				return header{body: next}, headerProblem(name, 1+bytes.Count(data[:at], []byte("\n")), "unclosed-header",
					`front matter ends with "---", and this is "..."`, `write "---" on this line`)
			}
		}
		at = next
	}
	return header{body: len(data)}, headerProblem(name, 1, "unclosed-header", "the front matter is never closed", `add a line "`+mark+`" below the last key`)
}

// jsonBegins tells a JSON object from a brace that a template or an attribute begins with.
var jsonBegins = regexp.MustCompile(`^\{\s*("[^"\n]*"\s*:|\})`)

func jsonHeaderOf(name string, data []byte) (header, *diag.Diagnostic) {
	_, size, _ := fields.ParseJSON(data[:min(len(data), maxHeader)], name, 1)
	rest, after, _ := bytes.Cut(data[size:], []byte("\n"))
	if len(bytes.TrimSpace(rest)) > 0 {
		after = data[size:]
	}
	return header{jsonHeader, data[:size], len(data) - len(after)}, nil
}

func headerProblem(name string, line int, code, message, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: diag.Position{File: name, Line: line, Col: 1}, Severity: diag.Error, Code: code, Message: message, Hint: hint}
}

// foreignHeader finds a header in a form that is not read, and would be published as text with all that it was to hold back: one
// with other marks around it, with none, in a comment or in a block of code, or one that does not begin on the first line. Where
// it stands behind an empty line, or in a comment, it is looked for, too. It returns where the header ends.
func foreignHeader(name string, data []byte) (problem *diag.Diagnostic, end int) {
	line, at := 0, 0
	for text := range bytes.Lines(data) {
		line++
		begin := at
		at += len(text)
		s := visible(string(text))
		if strings.HasPrefix(s, "export ") && exportHolds(data[begin:]) {
			return headerProblem(name, line, "header", "this says that the text is not for readers, in a form that Waymark does not read", `write a header at the top of the file: a line "---", a line "key: value" for each, and a line "---"`), at
		}
		if s == "" || strings.HasPrefix(s, "import ") || strings.HasPrefix(s, "export ") || strings.Contains(s, "-->") || strings.HasPrefix(s, "#") && !strings.HasPrefix(s, "# ") && line == 1 {
			continue
		}
		keys, size := keyLines(data[at:], true)
		is, to := headerMark.MatchString(s) && keys.header() || len(s) <= maxMark && keys.holds > 0, at+size
		if !is {
			keys, size = keyLines(data[begin:], false)
			is, to = keys.header(), begin+size
		}
		if is {
			return headerProblem(name, line, "header", "this looks like front matter, and is in a form that Waymark does not read",
				`write it at the top of the file: a line "---", a line "key: value" for each, and a line "---"`), to
		}
		return nil, 0
	}
	return nil, 0
}

var exportedPair = regexp.MustCompile(`["']?([A-Za-z_]\w*)["']?\s*[:=]\s*["']?([\w-]+)`)

// exportHolds reports whether what MDX exports, up to the next empty line, has a word that holds back.
func exportHolds(data []byte) bool {
	said, _, _ := bytes.Cut(data[:min(len(data), maxHeader)], []byte("\n\n"))
	return slices.ContainsFunc(exportedPair.FindAllSubmatch(said, -1), func(g [][]byte) bool {
		return likeHoldBack(foldKey(string(g[1]))) && holdingValue(string(g[2]))
	})
}

// visible returns a line without the space around it and without signs that nobody sees.
func visible(line string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch r {
		case '\uFEFF', '\u200B', '\u2060', '\u200E', '\u200F':
			return -1
		}
		return r
	}, line))
}

// headerMark is a line that other programs, or a slip, put above a header: signs alone, perhaps with the name of its form behind
// them, the fence of a block of code, or the beginning of a comment.
var headerMark = regexp.MustCompile("^(?:<!--+|[-\u2010-\u2015\u2212_=~+;:*%/#.`\u2026 ]{2,}|[-\u2010-\u2015])\\s*(?:\\{?\\.?(?i:ya?ml|toml|json|js|javascript|coffee|lua|front-?matter|meta(?:data)?|ini)\\}?)?(?:\\s+#.*)?$")

// maxMark is how long a line may be, in bytes, that a slip of the keyboard has made of such a mark.
const maxMark = 12

// keyForm is a line of a header in any form: a key, a colon or an equals sign, and a value.
var keyForm = regexp.MustCompile(`^(?:[^\pL\s"'*>|<]{1,5})?\s*(["']?[\pL_][\pL\d_."' -]{0,40}?)\s*(?::+|=)`)

// found says which keys were seen in lines that may be a header.
type found struct{ holds, common, all int }

// header reports whether lines with these keys are one: a word that holds back is enough, because what follows it must not be
// published; else they have a key that every program knows.
func (f found) header() bool { return f.holds > 0 || f.common > 0 }

// maxKeyLines is how far a header in an unknown form is looked for.
const maxKeyLines = 80

// keyLines counts the keys in the lines that a header could have, up to the line that closes it, and returns how many bytes they
// take. Behind a mark, empty lines do not end it where a closing mark follows; without one, the first empty line does. A line of
// another form may stand among them: behind no mark, only words that hold back count then.
func keyLines(data []byte, marked bool) (f found, size int) {
	n, loose, ended := 0, 0, false
	for text := range bytes.Lines(data) {
		s := visible(string(text))
		if n++; n > maxKeyLines {
			return found{}, 0
		}
		size += len(text)
		switch {
		case s == "":
			ended = !marked || loose > 0 || n > 1 && !closesLater(data[size:])
		case n > 1 && headerMark.MatchString(s) || s == "-->":
			ended = true
		case f.count(s):
			ended = strings.HasSuffix(s, "-->")
		case f.all > 0 && (text[0] == ' ' || text[0] == '\t' || strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "#")):
			// It continues the line above it, or is a comment.
		default:
			loose++
			ended = loose > 1
		}
		if ended {
			break
		}
	}
	if loose > 1 || loose > 0 && !marked {
		f.common = 0
	}
	return f, size
}

// count reports whether a line has the form of a key with its value, and counts it. A word that holds back counts without its
// colon, too.
func (f *found) count(line string) bool {
	g := keyForm.FindStringSubmatch(line)
	if g != nil {
		f.all++
		if k := foldKey(g[1]); slices.Contains(headerWords, k) || likeHoldBack(k) {
			f.common++
		}
	}
	at := strings.LastIndexAny(line, ":=")
	if words := strings.Fields(line); at < 0 && len(words) == 2 {
		at = strings.IndexByte(line, ' ')
	}
	if at > 0 && likeHoldBack(foldKey(line[:at])) && holdingValue(line[at+1:]) {
		f.holds++
		return true
	}
	return g != nil
}

// likeHoldBack reports whether a key is a word for "not for readers", or has one in it, or is one slip away from one: here it
// decides only whether to ask the author.
func likeHoldBack(folded string) bool {
	return slices.ContainsFunc(slices.Concat(holding, showing, stating), func(word string) bool {
		return word == folded || len(word) > 4 && (strings.Contains(folded, word) || diag.OneSlip(folded, word))
	})
}

// holdingValue reports whether a value is of the kind that a word for "not for readers" has, rather than prose.
func holdingValue(s string) bool {
	state := foldKey(s)
	return len(strings.Fields(s)) < 3 && (isBool(state) || slices.Contains(heldStates, state) || nearState(state) != "" || diag.OneSlip(state, "true") || diag.OneSlip(state, "false"))
}

// closesLater reports whether a line of marks follows soon.
func closesLater(rest []byte) bool {
	n := 0
	for line := range bytes.Lines(rest) {
		if n++; n > maxKeyLines {
			return false
		}
		if s := visible(string(line)); s != "" && headerMark.MatchString(s) {
			return true
		}
	}
	return false
}

// headerWords are the keys that the headers of most programs have; a block that has one of them is a header.
var headerWords = []string{
	"title", "date", "slug", "layout", "tags", "tag", "category", "categories", "author", "authors", "status", "permalink", "publish", "published", "modified", "updated",
}

// looksLikeHeader tells front matter from a text that begins with a rule: its first line that is neither empty nor a
// comment is a "key:", or closes the header, or there is none; or a line further on is, in what has no empty line before it is
// closed.
func looksLikeHeader(rest []byte) bool {
	first := true
	for line := range bytes.Lines(rest) {
		s := strings.TrimSpace(string(line))
		switch {
		case s == "" && first || strings.HasPrefix(s, "#"):
			continue
		case first && (s == "---" || strings.ContainsAny(s[:1], "{[\"'&*!|>%@`?")), plainKeyLine.MatchString(s):
			return true
		case s == "" || s == "---":
			keys, _ := keyLines(rest, true)
			return keys.header()
		}
		first = false
	}
	return true
}

var plainKeyLine = regexp.MustCompile(`^[^\s:].{0,60}?:(\s|$)`)

// readHeader reads the pairs of a header. Plain YAML is read by the quick reader. For all other YAML goldmark-meta decides
// whether it is any, and the reader with positions must agree.
func readHeader(name string, h header) ([]fields.Pair, diag.List) {
	switch h.form {
	case noHeader:
		return nil, nil
	case tomlHeader:
		return fields.ParseTOML(h.text, name, 2)
	case propertyHeader:
		return properties(name, h.text), nil
	case jsonHeader:
		pairs, _, list := fields.ParseJSON(h.text, name, 1)
		return pairs, list
	case yamlHeader:
	}
	if pairs, err := fields.ParsePlain(h.text, name, 2); err == nil {
		return pairs, nil
	}
	if err := metaError(h.text); err != nil && !hasRule(h.text) {
		return nil, diag.List{fields.SyntaxError(err, name, 2, h.text)}
	}
	return fields.Parse(h.text, name, 2)
}

// hasRule reports whether a line of the header, once trimmed, is only hyphens: goldmark-meta would stop reading there.
func hasRule(header []byte) bool {
	for line := range bytes.Lines(header) {
		if s := strings.TrimSpace(string(line)); s != "" && strings.Trim(s, "-") == "" {
			return true
		}
	}
	return false
}

// metaError asks goldmark-meta whether it can read a header. Nothing is rendered: on an error goldmark-meta would
// print it, unescaped, into the page.
func metaError(header []byte) error {
	framed := make([]byte, 0, len(header)+8)
	framed = append(framed, "---\n"...)
	framed = append(framed, header...)
	framed = append(framed, "---\n"...)
	pc := parser.NewContext()
	goldmark.New(goldmark.WithExtensions(meta.Meta)).Parser().Parse(text.NewReader(framed), parser.WithContext(pc))
	_, err := meta.TryGet(pc)
	return err
}
