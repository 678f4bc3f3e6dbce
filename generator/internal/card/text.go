package card

import (
	"cmp"
	"image"
	"slices"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
)

// drawer draws one card after another. Its fonts remember what they measured, and may not be shared.
type drawer struct {
	*canvas
	*Fonts
	rightToLeft bool
	faces       []*font.Face
	shaper      shaping.HarfbuzzShaper
	segmenter   shaping.Segmenter
	wrapper     shaping.LineWrapper
	glyphs      map[glyphKey]stamp
}

func (f *Fonts) drawer() *drawer {
	f.mu.Lock()
	defer f.mu.Unlock()
	if last := len(f.free) - 1; last >= 0 {
		d := f.free[last]
		f.free = f.free[:last]
		return d
	}
	d := &drawer{canvas: newCanvas(), Fonts: f, glyphs: map[glyphKey]stamp{}}
	for _, one := range f.all {
		face := font.NewFace(one)
		face.SetVariations([]font.Variation{{Tag: opentype.MustNewTag("wght"), Value: 600}}) // where it has weights
		d.faces = append(d.faces, face)
	}
	return d
}

// give takes a drawer back.
func (f *Fonts) give(d *drawer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.free = append(f.free, d)
}

func (d *drawer) begin(rightToLeft bool) {
	d.rightToLeft = rightToLeft
	d.clear()
}

// ResolveFace chooses the first font that has a letter.
func (d *drawer) ResolveFace(r rune) *font.Face {
	for _, face := range d.faces {
		if _, ok := face.NominalGlyph(r); ok {
			return face
		}
	}
	return d.faces[0]
}

// line is a line of text that is set: its runs, as they stand from left to right.
type line struct {
	runs  []shaping.Output
	width float64
}

// set breaks a text into lines of a width, at most so many, and reports whether it is whole.
func (d *drawer) set(text string, size, width float64, most int) (lines []line, whole bool) {
	if text == "" {
		return nil, true
	}
	runes := []rune(text)
	in := shaping.Input{Text: runes, RunEnd: len(runes), Direction: di.DirectionLTR, Size: fixed.Int26_6(size * 64)}
	if d.rightToLeft {
		in.Direction = di.DirectionRTL
	}
	var runs []shaping.Output
	for _, run := range d.segmenter.Split(in, d) {
		runs = append(runs, d.shaper.Shape(run))
	}
	dots := []rune("…")
	more := in
	more.Text, more.RunEnd, more.Face = dots, len(dots), d.ResolveFace(dots[0])
	wrap := shaping.WrapConfig{Direction: in.Direction, TruncateAfterLines: most}.WithTruncator(&d.shaper, more)
	wrapped, cut := d.wrapper.WrapParagraphF(wrap, fixed.Int26_6(max(width, 1)*64), runes, shaping.NewSliceIterator(runs))
	for _, runs := range wrapped {
		l := line{runs: slices.Clone(runs)}
		slices.SortFunc(l.runs, func(a, b shaping.Output) int { return cmp.Compare(a.VisualIndex, b.VisualIndex) })
		for _, run := range runs {
			l.width += float64(run.Advance) / 64
		}
		lines = append(lines, l)
	}
	return lines, cut == 0
}

// lines writes lines below each other. x is where they begin, y the base line of the first.
func (d *drawer) lines(lines []line, x, y, size float64, c colour) {
	for _, l := range lines {
		d.line(l, d.left(x, l.width), y, size, c, whole)
		y += size * leading
	}
}

// line writes one line, as far as it lies within a frame. x is its left end.
func (d *drawer) line(l line, x, y, size float64, c colour, frame image.Rectangle) {
	for _, run := range l.runs {
		for _, g := range run.Glyphs {
			d.within(d.glyph(run.Face, g.GlyphID, size), x+float64(g.XOffset)/64, y-float64(g.YOffset)/64, c, frame)
			x += float64(g.Advance) / 64
		}
	}
}

func (d *drawer) left(x, width float64) float64 {
	if d.rightToLeft {
		return Width - x - width
	}
	return x
}

// glyphKey is a letter in a size.
type glyphKey struct {
	face *font.Face
	id   font.GID
	size float64
}

// maxGlyphs bounds how many letters are remembered as they look.
const maxGlyphs = 4096

// glyph returns how a letter looks.
func (d *drawer) glyph(face *font.Face, id font.GID, size float64) stamp {
	key := glyphKey{face, id, size}
	if s, made := d.glyphs[key]; made {
		return s
	}
	if len(d.glyphs) >= maxGlyphs {
		clear(d.glyphs)
	}
	s := d.letter(face, id, size)
	s.covers = slices.Clone(s.covers)
	d.glyphs[key] = s
	return s
}

// letter fills the outline of a letter.
func (d *drawer) letter(face *font.Face, id font.GID, size float64) stamp {
	outline, _ := face.GlyphDataOutline(id)
	scale := float32(size) / float32(face.Upem())
	left, top, right, bottom := bounds(outline.Segments, scale)
	if most := int(6 * size); left >= right || top >= bottom || right-left > most || bottom-top > most { // a damaged font may have giants
		return stamp{}
	}
	r := d.outline(right-left, bottom-top)
	at := func(p opentype.SegmentPoint) (x, y float32) {
		return p.X*scale - float32(left), -p.Y*scale - float32(top)
	}
	for i, s := range outline.Segments {
		x, y := at(s.Args[0])
		x2, y2 := at(s.Args[1])
		x3, y3 := at(s.Args[2])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if i > 0 {
				r.ClosePath()
			}
			r.MoveTo(x, y)
		case opentype.SegmentOpLineTo:
			r.LineTo(x, y)
		case opentype.SegmentOpQuadTo:
			r.QuadTo(x, y, x2, y2)
		case opentype.SegmentOpCubeTo:
			r.CubeTo(x, y, x2, y2, x3, y3)
		}
	}
	r.ClosePath()
	return d.stamped(left, top)
}
