// Package card draws what chat programs and networks show of a page that somebody links to: a picture with its title.
package card

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/color"
	"strings"

	"waymark/generator/internal/board"
)

// Width and Height are the size of a card in pixels, which is that for which Open Graph's readers have room.
const (
	Width  = 1200
	Height = 630
)

// Card is what stands on a card. Texts may be empty; what the fonts cannot draw is left out.
type Card struct {
	Title       string
	Kind        string // what it is: a post, a story map
	Phase       string // of the journey
	Site        string
	RightToLeft bool
	Accent      string      // as #rrggbb
	Map         board.Small // in small, where the page is about one
}

// recipe is what else a card depends on: the way in which it is drawn. It changes with each change of what cards look like.
const recipe = "card 1"

// Digest names the picture of a card that is drawn with some fonts: another picture has another digest.
func (f *Fonts) Digest(c Card) string {
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%s\n%s\n%q %q %q %q %t %s\n%v", recipe, f.digest, c.Title, c.Kind, c.Phase, c.Site, c.RightToLeft, c.Accent, c.Map) // a digest takes all
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// The measures of a card, in pixels.
const (
	margin   = 80
	headLine = 112 // the base line of what stands at the top
	headSize = 30
	strip    = 14  // at the foot
	titleTop = 168 // where titles begin, at most
	titleEnd = 556 // and end
	leading  = 1.18
	panelGap = 40
	inPanel  = 28
)

// setting is a size in which a title can be set, and on how many lines.
type setting struct {
	size  float64
	lines int
}

// settings are the sizes of titles: the first in which a title is whole, or the last.
var (
	alone = []setting{{80, 3}, {68, 4}, {58, 5}, {50, 6}}
	above = []setting{{58, 1}, {50, 2}, {42, 2}}
	aside = []setting{{54, 4}, {46, 6}, {40, 8}}
)

// Draw returns the card as a PNG. Where a font of the site's own turns out to be damaged, which brings down the library that reads it, the
// card is drawn with those that come along.
func (f *Fonts) Draw(c Card) (data []byte) {
	if f.spare != nil {
		defer func() {
			if recover() != nil {
				data = f.spare.Draw(c)
			}
		}()
	}
	d := f.drawer()
	d.begin(c.RightToLeft)
	accent := hex3(c.Accent)
	d.head(c, accent)
	switch m := c.Map; {
	case len(m.Parts) == 0:
		lines, size := d.title(c.Title, Width-2*margin, alone)
		d.lines(lines, margin, titleEnd-float64(len(lines)-1)*size*leading-.24*size, size, ink)
	case m.Width >= 1.6*m.Height: // it has room below the title
		lines, size := d.title(c.Title, Width-2*margin, above)
		d.lines(lines, margin, titleTop+size, size, ink)
		d.panel(m, margin, titleTop+float64(len(lines))*size*leading+panelGap, Width-2*margin)
	default:
		lines, size := d.title(c.Title, 460, aside)
		d.lines(lines, margin, titleTop+size, size, ink)
		d.panel(m, 580, titleTop+8, Width-margin-580)
	}
	d.box(0, Height-strip, Width, strip, 0, accent)
	data = d.png()
	f.give(d) // not where it came down
	return data
}

// head writes whose the page is, and at the other end what it is.
func (d *drawer) head(c Card, accent color.RGBA) {
	d.blaze(margin, headLine-29, 36, accent)
	what := strings.Join(nonEmpty(d.clean(c.Kind), d.clean(c.Phase)), " · ")
	kind, wide := d.short(what, headSize, Width/2)
	d.lines(kind, Width-margin-wide, headLine, headSize, accent)
	site, _ := d.short(c.Site, headSize, Width-2*margin-60-wide-40)
	d.lines(site, margin+54, headLine, headSize, soft)
}

// title sets a title in the first size in which it is whole.
func (d *drawer) title(text string, width float64, sizes []setting) ([]line, float64) {
	text = d.clean(text)
	for _, s := range sizes[:len(sizes)-1] {
		if lines, whole := d.set(text, s.size, width, s.lines); whole {
			return lines, s.size
		}
	}
	last := sizes[len(sizes)-1]
	lines, _ := d.set(text, last.size, width, last.lines)
	return lines, last.size
}

// short sets a text on one line, and says how wide it is.
func (d *drawer) short(text string, size, width float64) ([]line, float64) {
	lines, _ := d.set(d.clean(text), size, width, 1)
	if len(lines) == 0 {
		return nil, 0
	}
	return lines, lines[0].width
}

// The colours of cards beside the accent: the theme's, on light paper.
var (
	paper = hex3(string(board.Paper))
	ink   = hex3(string(board.Ink))
	soft  = hex3(string(board.Soft))
)

// hex3 reads #rrggbb; anything else is black.
func hex3(s string) color.RGBA {
	c := color.RGBA{A: 255}
	_, _ = fmt.Sscanf(s, "#%02x%02x%02x", &c.R, &c.G, &c.B) // what cannot be read stays black
	return c
}

func nonEmpty(all ...string) (out []string) {
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
