package check

import (
	"bytes"
	hexadecimal "encoding/hex"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/image/colornames"

	"waymark/generator/diag"
)

// Style is a style sheet. Own says that it is the site's, and not the theme's.
type Style struct {
	Name string
	Data []byte
	Own  bool
}

// leastContrast is what text needs to be read by most people (WCAG 2.2, 1.4.3).
const leastContrast = 4.5

// Styles finds colours of a site's own that cannot be read on one another: in a rule that has both, and where one of a theme's colours got
// another value. Values that cannot be known without a browser are passed over.
func Styles(sheets []Style) (list diag.List) {
	var rules []rule
	for i := range sheets {
		rules = append(rules, read(&sheets[i])...)
	}
	v := variables{}
	for _, r := range rules {
		if r.root() {
			for name, d := range r.declared {
				if strings.HasPrefix(name, "--") {
					v[name] = d
				}
			}
		}
	}
	for _, r := range rules {
		if r.own && len(list) < mostPoor {
			list.Add(r.check(v)...)
		}
	}
	list.Add(v.check()...)
	return list
}

// rule is a rule of a style sheet.
type rule struct {
	selector string
	declared map[string]declared
	own      bool
}

type declared struct {
	value string
	own   bool
	sheet *Style
	name  string // of the property
	end   int    // how far the parser had read behind it
}

// mostPoor is of how many pairs of colours in a sheet is told.
const mostPoor = 50

// root reports whether the rule says what holds for all of a page.
func (r rule) root() bool { return r.selector == ":root" || r.selector == "html" }

// read reads the rules of a sheet that hold always, and not for some screens or on paper alone; what browsers would not understand is passed
// over, as they do.
func read(s *Style) (rules []rule) {
	p := css.NewParser(parse.NewInputBytes(s.Data), false)
	var selectors []string
	var now *rule
	within := 0 // how many at-rules
	for {
		kind, _, data := p.Next()
		switch kind {
		case css.ErrorGrammar:
			if p.Err() != nil { // which is io.EOF in the end, and of what is passed over nothing
				return rules
			}
		case css.BeginAtRuleGrammar:
			within++
		case css.EndAtRuleGrammar:
			within--
		case css.QualifiedRuleGrammar:
			selectors = append(selectors, join(p.Values()))
		case css.BeginRulesetGrammar:
			now = &rule{strings.Join(append(selectors, join(p.Values())), ", "), map[string]declared{}, s.Own}
			selectors = nil
		case css.DeclarationGrammar, css.CustomPropertyGrammar:
			if now != nil {
				now.declared[strings.ToLower(string(data))] = declared{strings.TrimSpace(join(p.Values())), s.Own, s, string(data), p.Offset()}
			}
		case css.EndRulesetGrammar:
			if now != nil && within == 0 {
				rules = append(rules, *now)
			}
			now = nil
		}
	}
}

func join(tokens []css.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.Write(t.Data)
	}
	return b.String()
}

// at is where a property stands.
func (d declared) at() diag.Position {
	s := d.sheet
	start := max(bytes.LastIndex(s.Data[:min(d.end, len(s.Data))], []byte(d.name)), 0)
	line := bytes.LastIndexByte(s.Data[:start], '\n') + 1
	return diag.Position{File: s.Name, Line: bytes.Count(s.Data[:start], []byte("\n")) + 1, Col: utf8.RuneCount(s.Data[line:start]) + 1}
}

// check looks at a rule that has both a colour of text and one behind it.
func (r rule) check(v variables) (list diag.List) {
	behind, has := r.declared["background-color"]
	if !has {
		behind, has = r.declared["background"]
	}
	text, both := r.declared["color"]
	if !has || !both {
		return nil
	}
	for _, scheme := range schemes {
		a, ok1 := v.colour(text.value, scheme, 0)
		b, ok2 := v.colour(behind.value, scheme, 0)
		if c := contrast(a, b); ok1 && ok2 && c < leastContrast {
			list.Add(poor(text.at(), fmt.Sprintf("the text of %s (%s) on its ground (%s)", diag.Printable(r.selector), text.value, behind.value), scheme, c))
			break
		}
	}
	return list
}

// pairs are the colours of the theme that are read on one another.
var pairs = [][2]string{
	{"--ink", "--paper"}, {"--ink", "--raise"}, {"--soft", "--paper"}, {"--accent", "--paper"}, {"--accent", "--raise"}, {"--ink", "--code"}, {"--ink", "--accent-soft"},
}

// check looks at the colours of the theme to which the site has given another value.
func (v variables) check() (list diag.List) {
	for _, p := range pairs {
		text, has := v[p[0]]
		behind, both := v[p[1]]
		if !has || !both || !text.own && !behind.own {
			continue
		}
		at := behind
		if text.own {
			at = text
		}
		for _, scheme := range schemes {
			a, ok1 := v.colour(text.value, scheme, 0)
			b, ok2 := v.colour(behind.value, scheme, 0)
			if c := contrast(a, b); ok1 && ok2 && c < leastContrast {
				list.Add(poor(at.at(), fmt.Sprintf("%s on %s", p[0], p[1]), scheme, c))
				break
			}
		}
	}
	return list
}

func poor(at diag.Position, what string, s scheme, c float64) diag.Diagnostic {
	in := map[scheme]string{light: "in light", dark: "in dark"}[s]
	return diag.Warnf(at, "contrast", "make one of them lighter or darker: text needs 4.5 to 1", "%s has a contrast of %s to 1 %s", what, strconv.FormatFloat(math.Floor(c*10)/10, 'f', 1, 64), in)
}

// scheme is light or dark.
type scheme int

const (
	light scheme = iota
	dark
)

var schemes = []scheme{light, dark}

// variables are custom properties by their names.
type variables map[string]declared

// colour reads a colour that needs no browser to be known: a name, #rgb, rgb(), light-dark() or a variable that is one.
func (v variables) colour(value string, s scheme, depth int) (color.RGBA, bool) {
	value = strings.ToLower(strings.TrimSpace(value))
	if depth > 8 {
		return color.RGBA{}, false
	}
	if inner, is := called(value, "var"); is {
		name, otherwise, _ := strings.Cut(inner, ",")
		if d, known := v[strings.TrimSpace(name)]; known {
			return v.colour(d.value, s, depth+1)
		}
		return v.colour(otherwise, s, depth+1)
	}
	if inner, is := called(value, "light-dark"); is {
		if both := arguments(inner); len(both) == 2 {
			return v.colour(both[s], s, depth+1)
		}
		return color.RGBA{}, false
	}
	if inner, is := called(value, "rgb"); is {
		return rgb(inner)
	}
	if hex, is := strings.CutPrefix(value, "#"); is {
		return fromHex(hex)
	}
	c, known := colornames.Map[value]
	return c, known
}

// called returns what stands between the brackets of a function.
func called(value, name string) (string, bool) {
	inner, is := strings.CutPrefix(value, name+"(")
	if !is || !strings.HasSuffix(inner, ")") {
		return "", false
	}
	return strings.TrimSuffix(inner, ")"), true
}

// arguments cuts at the commas that stand in no brackets.
func arguments(inner string) (all []string) {
	depth, from := 0, 0
	for i, c := range inner {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			all = append(all, inner[from:i])
			from = i + 1
		}
	}
	return append(all, inner[from:])
}

func rgb(inner string) (color.RGBA, bool) {
	parts := strings.FieldsFunc(inner, func(r rune) bool { return r == ',' || r == ' ' })
	if len(parts) != 3 { // with a fourth it depends on what lies below
		return color.RGBA{}, false
	}
	var c [3]uint8
	for i, p := range parts {
		n, err := strconv.ParseUint(p, 10, 8)
		if err != nil {
			return color.RGBA{}, false
		}
		c[i] = uint8(n)
	}
	return color.RGBA{c[0], c[1], c[2], 255}, true
}

func fromHex(hex string) (color.RGBA, bool) {
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	c, err := hexadecimal.DecodeString(hex)
	if err != nil || len(c) != 3 {
		return color.RGBA{}, false
	}
	return color.RGBA{c[0], c[1], c[2], 255}, true
}

// contrast is how much lighter one colour is than the other (WCAG 2.2, "contrast ratio").
func contrast(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

// luminance is how light a colour is (WCAG 2.2, "relative luminance").
func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= .04045 {
			return s / 12.92
		}
		return math.Pow((s+.055)/1.055, 2.4)
	}
	return .2126*part(c.R) + .7152*part(c.G) + .0722*part(c.B)
}
