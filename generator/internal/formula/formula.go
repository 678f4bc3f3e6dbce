// Package formula turns formulas as TeX writes them into MathML (W3C MathML Core), which browsers show without a script.
//
// No library for Go can: Temml, which is kept well and made for this, is in JavaScript. It is embedded, and run by an engine in Go.
// Starting it takes some milliseconds, and only for the first formula.
package formula

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"
	"golang.org/x/net/html"
)

// temml is Temml 0.13.5, as its makers publish it; LICENSE.temml is its licence.
//
//go:embed temml.min.js
var temml string

// MaxLength is how long a formula may be, in bytes.
const MaxLength = 10_000

// Setter sets formulas. It may be used by several goroutines.
type Setter struct {
	program func() (*goja.Program, error)
	idle    sync.Pool
}

// NewSetter returns a Setter.
func NewSetter() *Setter {
	return &Setter{program: sync.OnceValues(func() (*goja.Program, error) { return goja.Compile("temml", temml+call, true) })}
}

// call asks Temml for a formula. Nothing is trusted: no links, no pictures, no endless macros.
const call = `;var set=function(tex,block){return temml.renderToString(tex,{displayMode:block,throwOnError:true,trust:false,strict:false,maxSize:[50,20],maxExpand:500})}`

// engine is one machine that runs Temml.
type engine struct {
	vm  *goja.Runtime
	set goja.Callable
}

func (s *Setter) engine() (*engine, error) {
	if e, ok := s.idle.Get().(*engine); ok {
		return e, nil
	}
	program, err := s.program()
	if err != nil {
		return nil, fmt.Errorf("read Temml: %w", err)
	}
	vm := goja.New()
	vm.SetMaxCallStackSize(2_000)
	if _, err := vm.RunProgram(program); err != nil {
		return nil, fmt.Errorf("start Temml: %w", err)
	}
	set, ok := goja.AssertFunction(vm.Get("set"))
	if !ok {
		return nil, errors.New("start Temml: it has no way to set a formula")
	}
	return &engine{vm, set}, nil
}

// Set returns a formula as a math element, on lines of its own where block is set. It takes no longer than a limit: a large formula
// takes milliseconds. The error says what is wrong with the formula.
func (s *Setter) Set(tex string, block bool, limit time.Duration) (string, error) {
	if len(tex) > MaxLength {
		return "", fmt.Errorf("it has %d bytes, and at most %d are read", len(tex), MaxLength)
	}
	e, err := s.engine()
	if err != nil {
		return "", err
	}
	timer := time.AfterFunc(limit, func() { e.vm.Interrupt("it takes too long") })
	value, err := e.set(goja.Undefined(), e.vm.ToValue(tex), e.vm.ToValue(block))
	if !timer.Stop() {
		return "", errors.New("it takes too long to set")
	}
	s.idle.Put(e)
	if err != nil {
		return "", errors.New(reason(err))
	}
	return harmless(value.String())
}

var (
	cause = regexp.MustCompile(`ParseError:\s*(.*?) at position (\d+)`)
	end   = regexp.MustCompile(`ParseError:\s*(.*?)(?:\n| at temml)`)
)

// reason returns what Temml has to say of a formula, without what only its makers understand.
func reason(err error) string {
	if g := cause.FindStringSubmatch(err.Error()); g != nil {
		return g[1] + " (sign " + g[2] + ")"
	}
	if g := end.FindStringSubmatch(err.Error()); g != nil {
		return g[1]
	}
	return "it cannot be read"
}

// elements are those of MathML Core, and the one for strokes that browsers pass over.
var elements = []string{
	"math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt",
	"mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "menclose", "none",
}

// attributes are what they may say. Styles are not among them: pages allow none.
var attributes = []string{
	"accent", "accentunder", "class", "columnspan", "depth", "display", "displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace",
	"mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowspan", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}

var colour = regexp.MustCompile(`(?:^|;)\s*color:\s*(#[0-9a-fA-F]{3,8}|[a-z]+)`)

// harmless leaves of a formula what is MathML.
func harmless(mathml string) (string, error) {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(strings.ReplaceAll(mathml, "\x00", ""))) // which marks holes in a page
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return out.String(), nil
		case html.TextToken:
			out.WriteString(html.EscapeString(z.Token().Data))
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if !slices.Contains(elements, token.Data) {
				return "", fmt.Errorf("it would need an element %q, which is not published", token.Data)
			}
			var said []html.Attribute
			for _, a := range token.Attr {
				if g := colour.FindStringSubmatch(a.Val); a.Key == "style" && g != nil {
					said = append(said, html.Attribute{Key: "mathcolor", Val: g[1]})
				}
				if slices.Contains(attributes, a.Key) {
					said = append(said, a)
				}
			}
			token.Attr = said
			out.WriteString(token.String())
		default:
		}
	}
}
