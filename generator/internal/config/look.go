package config

import (
	"fmt"
	"math"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
)

// Look is what a site changes of its theme without making one of its own. Its colours are as #rrggbb, its files lie in the static folder.
type Look struct {
	Light, Dark string // the accent on light paper and on dark; both empty for the theme's
	Font, Logo  string // paths; Font may be SystemFont
	FontPos     diag.Position
	LogoPos     diag.Position
}

// Accent is the colour of links and marks on light paper where a site names none: that of trail.
const Accent = "#22634a"

// SystemFont stands for the fonts that a reader's system has.
const SystemFont = "system"

// fontEndings are the forms of fonts that browsers read.
var fontEndings = []string{".woff2", ".woff", ".ttf", ".otf"}

// logoEndings are the forms of pictures that a logo may have.
var logoEndings = []string{".svg", ".png", ".webp", ".avif", ".jpg", ".jpeg"}

// papers are what the accent is read on: the theme's paper and what is raised from it, light and dark, and how much of the accent
// tints the ground behind marked words.
var papers = map[bool]struct {
	grounds []colour
	tint    float64
	towards colour // what makes a colour easier to read there
}{
	false: {[]colour{{0xfb, 0xfa, 0xf6}, {0xff, 0xff, 0xff}}, .12, colour{0, 0, 0}},
	true:  {[]colour{{0x14, 0x17, 0x15}, {0x1c, 0x20, 0x1d}}, .14, colour{255, 255, 255}},
}

// readableAt is the contrast that text needs (Web Content Accessibility Guidelines 2.2, success criterion 1.4.3).
const readableAt = 4.5

// colour is one of sRGB.
type colour [3]float64

// parseColour reads #rgb or #rrggbb.
func parseColour(s string) (c colour, ok bool) {
	hex := strings.TrimPrefix(s, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) != 6 || !strings.HasPrefix(s, "#") {
		return c, false
	}
	return colour{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, true
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// mix returns a colour with a part of another in it.
func (c colour) mix(other colour, part float64) colour {
	for i := range c {
		c[i] += (other[i] - c[i]) * part
	}
	return c
}

// luminance is how light a colour is, from 0 to 1 (as the guidelines define it).
func (c colour) luminance() float64 {
	lit := func(v float64) float64 {
		if v /= 255; v <= .04045 {
			return v / 12.92
		}
		return math.Pow((v+.055)/1.055, 2.4)
	}
	return .2126*lit(c[0]) + .7152*lit(c[1]) + .0722*lit(c[2])
}

func (c colour) contrast(other colour) float64 {
	x, y := c.luminance()+.05, other.luminance()+.05
	return max(x, y) / min(x, y)
}

// readable reports whether text in a colour can be read on a site's paper, and on paper that is tinted with it.
func (c colour) readable(dark bool) bool {
	p := papers[dark]
	for _, ground := range append(slices.Clone(p.grounds), p.grounds[0].mix(c, p.tint)) {
		if c.contrast(ground) < readableAt {
			return false
		}
	}
	return true
}

// nearest returns the colour itself where it can be read, or else the first that can on its way to black, or on dark paper to white.
func (c colour) nearest(dark bool) colour {
	const steps = 200
	for i := range steps {
		rounded, _ := parseColour(c.mix(papers[dark].towards, float64(i)/steps).String())
		if rounded.readable(dark) {
			return rounded
		}
	}
	return papers[dark].towards
}

// accent reads a colour, or one for light paper and one for dark. Where dark paper has none of its own, it gets the nearest one that can
// be read there.
func (r *reader) accent(v fields.Value) {
	if v.Kind != fields.Mapping {
		if light, ok := r.colour(v, false); ok {
			r.Look.Light, r.Look.Dark = light.String(), light.nearest(true).String()
		}
		return
	}
	r.Fields(v.Pairs, "accent", map[string]func(fields.Value){
		"light": func(v fields.Value) {
			if c, ok := r.colour(v, false); ok {
				r.Look.Light = c.String()
			}
		},
		"dark": func(v fields.Value) {
			if c, ok := r.colour(v, true); ok {
				r.Look.Dark = c.String()
			}
		},
	})
	if light, ok := parseColour(r.Look.Light); ok && r.Look.Dark == "" {
		r.Look.Dark = light.nearest(true).String()
	}
	if dark, ok := parseColour(r.Look.Dark); ok && r.Look.Light == "" {
		r.Look.Light = dark.nearest(false).String()
	}
}

func (r *reader) colour(v fields.Value, dark bool) (colour, bool) {
	c, ok := parseColour(r.Text(v, "accent"))
	if v.Kind == fields.Null {
		r.Errorf(v.Pos, "accent", `write for example: accent: "#22634a" (without quotes, YAML takes a colour for a comment)`, "there is no colour here")
		return c, false
	}
	if !ok {
		r.Errorf(v.Pos, "accent", `write for example: accent: "#22634a"`, "%q is no colour: # and six digits from 0 to f", v.Text)
		return c, false
	}
	if near := c.nearest(dark); !c.readable(dark) {
		paper := "light"
		if dark {
			paper = "dark"
		}
		r.Errorf(v.Pos, "accent", fmt.Sprintf(`the nearest that can is "%s"`, near), "text in %s cannot be read on %s paper: its contrast is less than 4.5 to 1", c, paper)
		return c, false
	}
	return c, true
}

// file reads the path of a file in the static folder.
func (r *reader) file(v fields.Value, key string, endings []string) (string, diag.Position) {
	name := strings.TrimPrefix(strings.TrimPrefix(r.Text(v, key), "/"), "static/")
	if name != "" && !slices.Contains(endings, strings.ToLower(path.Ext(name))) {
		r.Errorf(v.Pos, key, "these can be: "+strings.Join(endings, ", "), "%q cannot be the site's %s", v.Text, key)
		return "", v.Pos
	}
	return name, v.Pos
}

// files returns those that the look needs.
func (l Look) files() (all []StaticFile) {
	if l.Font != "" && l.Font != SystemFont {
		all = append(all, StaticFile{"font", l.Font, l.FontPos})
	}
	if l.Logo != "" {
		all = append(all, StaticFile{"logo", l.Logo, l.LogoPos})
	}
	return all
}

// Cards says how the pictures are drawn that other places show of a page.
type Cards struct {
	None    bool
	Font    string // the path of a file in the static folder
	FontPos diag.Position
}

// cardFonts are the forms of fonts that cards can be drawn with.
var cardFonts = []string{".ttf", ".otf"}

// cards reads a choice, or what they are drawn with.
func (r *reader) cards(v fields.Value) {
	if v.Kind != fields.Mapping {
		r.Cards.None = v.Kind != fields.Null && !r.Bool(v, "cards")
		return
	}
	r.Fields(v.Pairs, "cards", map[string]func(fields.Value){
		"font": func(v fields.Value) { r.Cards.Font, r.Cards.FontPos = r.file(v, "cards", cardFonts) },
	})
}

// CardFont returns the font of the site's own that cards are drawn with, a path in the static folder, or "". Where none is named for them,
// that of all texts is taken if it can be, and chosen is false.
func (c Config) CardFont() (name string, chosen bool) {
	if c.Cards.Font != "" {
		return c.Cards.Font, true
	}
	if slices.Contains(cardFonts, strings.ToLower(path.Ext(c.Look.Font))) {
		return c.Look.Font, false
	}
	return "", false
}

// Files returns the files in the static folder that waymark.yaml names.
func (c Config) Files() []StaticFile {
	files := c.Look.files()
	if c.Cards.Font != "" {
		files = append(files, StaticFile{"cards", c.Cards.Font, c.Cards.FontPos})
	}
	return files
}

// StaticFile is a file of the static folder that a key of waymark.yaml names.
type StaticFile struct {
	Key, Path string
	Pos       diag.Position
}

// CSS returns the look as a style sheet: values of the theme's custom properties. Its addresses are those of a file in a folder at the top
// of the site.
func (l Look) CSS() string {
	var b strings.Builder
	if light, ok := parseColour(l.Light); ok {
		dark, _ := parseColour(l.Dark)
		soft := func(c colour, dark bool) colour { return papers[dark].grounds[0].mix(c, papers[dark].tint) }
		fmt.Fprintf(&b, ":root { --accent: light-dark(%s, %s); --accent-soft: light-dark(%s, %s); }\n", light, dark, soft(light, false), soft(dark, true))
	}
	switch {
	case l.Font == SystemFont:
		b.WriteString(":root { --font: system-ui; }\n")
	case l.Font != "":
		fmt.Fprintf(&b, "@font-face { font-family: Own; src: url(\"../%s\"); font-weight: 100 900; font-display: swap; }\n:root { --font: Own; }\n", (&url.URL{Path: l.Font}).EscapedPath())
	}
	return b.String()
}
