package markdown

import (
	"bytes"
	"cmp"
	"fmt"
	"path"
	"regexp"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"waymark/generator/diag"
	"waymark/generator/internal/colour"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/dialect"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/formula"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/source"
	"waymark/generator/internal/words"
)

// Options are the choices of a site that change what a file's text means. Two Parsers with equal Options turn equal
// bytes into equal Documents.
type Options struct {
	Order   dates.Order
	Zone    *time.Location
	RawHTML bool // let harmless HTML through; only its words stay otherwise
	Maps    outline.Options

	Direction string // in which the site's language is written: ltr, the default, or rtl
	Words     *words.Set
}

// Fingerprint returns bytes that are the same for two Options exactly if texts mean the same with them.
func (o Options) Fingerprint() []byte {
	said := fmt.Appendf(nil, "%q %q %t %q %q %q ", o.Order, o.Zone.String(), o.RawHTML, o.Maps.Phases, o.Maps.Reach, o.Direction)
	return append(said, o.Words.Fingerprint()...)
}

// Parser turns files into Documents. It may be used by several goroutines.
type Parser struct {
	options       Options
	md, fragments goldmark.Markdown // of pages, and of texts in blocks, which have no footnotes
	policy        *bluemonday.Policy
	setter        *formula.Setter
	lexers        *colour.Lexers
}

// NewParser returns a Parser: CommonMark, GitHub's extensions, footnotes, definition lists, typographic quotes and
// dashes, emoji names, alerts, containers, formulas, and wiki links.
func NewParser(options Options) *Parser {
	return &Parser{options: options, md: dialectOf(extension.Footnote), fragments: dialectOf(), policy: rawPolicy(), setter: formula.NewSetter(), lexers: colour.New()}
}

// dialectOf returns the Markdown that we read, with what not all texts have.
func dialectOf(more ...goldmark.Extender) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(append(more,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.Strikethrough, extension.Linkify, extension.TaskList,
			extension.DefinitionList, extension.Typographer, emoji.Emoji,
		)...),
		goldmark.WithParserOptions(
			parser.WithInlineParsers(util.Prioritized(wikiParser{}, 199), util.Prioritized(formulaParser{}, 150)),
			parser.WithBlockParsers(util.Prioritized(containerParser{}, 90), util.Prioritized(formulaBlockParser{}, 690)),
			parser.WithASTTransformers(util.Prioritized(orphans{}, 500)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(nodes{}, 50))),
	)
}

// Parse reads one file. Where the list holds an error, the Document must not be published; as much of it as could be
// read is given all the same.
func (p *Parser) Parse(file source.File) (Document, diag.List) { return p.parse(file, true) }

// Outline is Parse without the Document's HTML, which costs most of the time. What it gives is the same otherwise, but for
// the warning of a code block that took chroma too long.
func (p *Parser) Outline(file source.File) (Document, diag.List) { return p.parse(file, false) }

func (p *Parser) parse(file source.File, draw bool) (doc Document, list diag.List) {
	defer func() {
		if cause := recover(); cause != nil { // of ours, of goldmark or of chroma: it stays with this text
			doc, list = Document{Path: file.Path, Name: file.Name}, diag.List{diag.Fault(file.Name, cause)}
		}
	}()
	doc = Document{Path: file.Path, Name: file.Name}
	header, problem := splitHeader(file.Name, file.Data)
	if problem != nil {
		list.Add(*problem)
	}
	begin := header.body
	if header.form != noHeader {
		pairs, problems := readHeader(file.Name, header)
		list.Add(problems...)
		decoder := &fields.Decoder{Order: p.options.Order, Zone: p.options.Zone}
		doc.Front = decodeFront(pairs, decoder)
		list.Add(decoder.List...)
	}
	body := file.Data[begin:]
	if problem := p.overLimit(file.Name, body, 1+bytes.Count(file.Data[:begin], []byte("\n"))); problem != nil {
		list.Add(*problem)
		return doc, list
	}
	doc.Glossary = isGlossary(&doc)
	list.Add(p.parseBody(&doc, body, newLines(file.Name, file.Data, begin), draw)...)
	return doc, list
}

// overLimit returns a diagnostic for the first construct that would cost out of proportion, or nil. Marks in code cost
// nothing, but only goldmark knows what is code: it is asked where there are too many of them.
func (p *Parser) overLimit(name string, body []byte, line int) *diag.Diagnostic {
	problem := overLimit(name, body, line, true)
	if problem == nil {
		return nil
	}
	if blocks := overLimit(name, body, line, false); blocks != nil {
		return blocks
	}
	return overLimit(name, withoutCode(body), line, true)
}

// withoutCode returns a text in which code blocks have lost their signs.
func withoutCode(body []byte) []byte {
	out := bytes.Clone(body)
	walkCode(body, func(from, to int) {
		for at := from; at < to; at++ {
			if out[at] > ' ' {
				out[at] = 'x'
			}
		}
	})
	return out
}

func (p *Parser) parseBody(doc *Document, body []byte, at *lines, draw bool) diag.List {
	prepare := preparer{
		doc: doc, at: at, policy: p.policy, setter: p.setter, lexers: p.lexers, raw: p.options.RawHTML, maps: p.options.Maps, ids: map[string]int{}, rawLost: map[string]int{},
		fragments: p.fragments, draw: draw || doc.Glossary, direction: directionOf(doc, p.options), say: p.options.Words.In(doc.Front.Lang),
	}
	if translated := prepare.translate(body); len(translated) != len(body) || !bytes.Equal(translated, body) {
		if problem := p.overLimit(doc.Name, translated, 1); problem != nil {
			return append(prepare.list, *problem)
		}
		body = translated
	}
	prepare.source = body
	pc := parser.NewContext()
	root := p.md.Parser().Parse(text.NewReader(body), parser.WithContext(pc))
	prepare.checkFrontText()
	if !prepare.run(root, pc) {
		return prepare.list
	}
	if doc.Glossary {
		prepare.takeTerms(root, p.md.Renderer()) // their HTML stands on other pages too
	}
	if !draw {
		return prepare.list
	}
	var out bytes.Buffer
	out.Grow(len(body) + len(body)/2)
	if err := p.md.Renderer().Render(&out, body, root); err != nil {
		prepare.errorf(at.position(0), "markdown", "report this text to Waymark's developers", "this text cannot be rendered: %v", err)
	}
	doc.HTML = out.Bytes()
	return prepare.list
}

// directionOf returns the direction in which a text is written, as far as its language says it.
func directionOf(doc *Document, o Options) string {
	if doc.Front.Lang != "" {
		return words.LanguageDirection(doc.Front.Lang)
	}
	return cmp.Or(o.Direction, "ltr")
}

func isGlossary(doc *Document) bool {
	if doc.Front.Type != "" {
		return strings.EqualFold(doc.Front.Type, "glossary")
	}
	name := strings.TrimSuffix(doc.Path, path.Ext(doc.Path))
	return name == "glossary" || name == "glossary/index"
}

// lines turns offsets in the body into positions in the file.
type lines struct {
	own []outline.Line // of a text of its own, whose lines stand in the file as they do here; nil for that of the file

	name   string
	data   []byte
	base   int
	starts []int

	translated dialect.Text                // the body, where offsets are those of what was made of it
	last       struct{ line, at, col int } // the place that was asked for last: the next is often further on in its line
}

func newLines(name string, data []byte, base int) *lines {
	return &lines{name: name, data: data, base: base}
}

// offset returns where in the file a byte of the body stands.
func (l *lines) offset(at int) int { return l.base + max(l.translated.Origin(at), 0) }

func (l *lines) position(offset int) diag.Position {
	if l.own != nil {
		return l.ownPosition(offset)
	}
	if l.starts == nil {
		l.starts = []int{0}
		for i, c := range l.data {
			if c == '\n' {
				l.starts = append(l.starts, i+1)
			}
		}
	}
	at := min(l.offset(offset), len(l.data))
	line := sort.SearchInts(l.starts, at+1)
	from, col := l.starts[line-1], 1
	if l.last.line == line && l.last.at <= at {
		from, col = l.last.at, l.last.col
	}
	col += utf8.RuneCount(l.data[from:at])
	l.last.line, l.last.at, l.last.col = line, at, col
	return diag.Position{File: l.name, Line: line, Col: col}
}

func (l *lines) ownPosition(offset int) diag.Position {
	for _, line := range l.own {
		if offset <= len(line.Text) {
			pos := line.Pos
			pos.Col += utf8.RuneCountInString(line.Text[:max(offset, 0)])
			return pos
		}
		offset -= len(line.Text) + 1
	}
	return l.own[len(l.own)-1].Pos
}

func (p *preparer) errorf(pos diag.Position, code, hint, format string, args ...any) {
	p.list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Error, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// warnSame warns of something of which the same can be said in many places.
func (p *preparer) warnSame(pos diag.Position, code, same, hint, format string, args ...any) {
	p.warnf(pos, code, hint, format, args...)
	p.list[len(p.list)-1].Same = same
}

func (p *preparer) warnf(pos diag.Position, code, hint, format string, args ...any) {
	p.list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Warning, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// Scheme says what kind of address a link has.
type Scheme int

// The kinds of addresses.
const (
	Local     Scheme = iota // another file or page of the site, or a place in this one
	External                // another site, an e-mail address, a telephone number
	Forbidden               // a kind that could run or load something
)

// schemeForm is what browsers take for a scheme (RFC 3986, section 3.1).
var schemeForm = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)

// LinkScheme classifies an address by an allow-list. Browsers ignore space and control characters in a scheme, so
// they do not count here.
func LinkScheme(target string) Scheme {
	folded := strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F {
			return -1
		}
		return r
	}, target))
	if strings.HasPrefix(folded, "//") || strings.HasPrefix(folded, `\\`) || strings.HasPrefix(folded, `/\`) || strings.HasPrefix(folded, `\/`) {
		return Forbidden
	}
	scheme, _, found := strings.Cut(folded, ":")
	if !found || !schemeForm.MatchString(scheme) {
		return Local
	}
	switch scheme {
	case "http", "https", "mailto", "tel":
		return External
	}
	return Forbidden
}
