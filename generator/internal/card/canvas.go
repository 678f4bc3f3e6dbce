package card

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/vector"
)

type colour = color.RGBA

// levels is in how many steps an edge goes over from one colour to another: so few that most cards need but sixteen colours, of which two
// fit into a byte.
const levels = 5

// canvas is a picture in colours of a palette, which grows as it is painted.
type canvas struct {
	pixels  []uint8
	painted [Height]bool // rows that are not all paper
	palette []colour
	paints  []paint
	rows    []byte
	raster  vector.Rasterizer
	mask    []uint8 // of the shape that was filled last
	out     bytes.Buffer
	packer  *zlib.Writer
}

// paint is a colour that was used, and what it makes of each colour below it at each level, as far as that is known yet.
type paint struct {
	colour
	over  [levels + 1][256]uint8
	known [levels + 1][256]bool
}

func newCanvas() *canvas {
	c := &canvas{pixels: make([]uint8, Width*Height)}
	c.packer, _ = zlib.NewWriterLevel(&c.out, 2) // the level is one that exists
	return c
}

// clear makes the canvas empty paper.
func (c *canvas) clear() {
	clear(c.pixels)
	c.painted = [Height]bool{}
	c.palette, c.paints = append(c.palette[:0], paper), c.paints[:0]
}

// paint returns the paint of a colour.
func (c *canvas) paint(of colour) *paint {
	for i := range c.paints {
		if c.paints[i].colour == of {
			return &c.paints[i]
		}
	}
	c.paints = append(c.paints, paint{colour: of})
	return &c.paints[len(c.paints)-1]
}

// put paints one pixel, as far as it is covered: at a level.
func (c *canvas) put(p *paint, at, level int) {
	below := c.pixels[at]
	if !p.known[level][below] {
		p.over[level][below], p.known[level][below] = c.index(mix(c.palette[below], p.colour, level)), true
	}
	c.pixels[at] = p.over[level][below]
}

// mix returns a colour with another over it, at a level.
func mix(below, above colour, level int) colour {
	part := func(a, b uint8) uint8 { return uint8((int(a)*(levels-level) + int(b)*level + levels/2) / levels) } //nolint:gosec // it lies between the two
	return colour{R: part(below.R, above.R), G: part(below.G, above.G), B: part(below.B, above.B), A: 255}
}

// index returns the place of a colour in the palette, or, where that is full, of the nearest one.
func (c *canvas) index(of colour) uint8 {
	nearest, distance := 0, math.MaxInt
	for i, p := range c.palette {
		r, g, b := int(p.R)-int(of.R), int(p.G)-int(of.G), int(p.B)-int(of.B)
		if d := r*r + g*g + b*b; d < distance {
			nearest, distance = i, d
		}
	}
	if distance > 0 && len(c.palette) < 256 {
		c.palette = append(c.palette, of)
		nearest = len(c.palette) - 1
	}
	return uint8(nearest) //nolint:gosec // there are 256 at most
}

// stamp is a shape: how much of each pixel it covers, in levels. Left and top are where it lies, seen from where it is set.
type stamp struct {
	covers                   []uint8
	left, top, width, height int
}

// outline begins a shape of a size, which is filled by stamped.
func (c *canvas) outline(width, height int) *vector.Rasterizer {
	c.raster.Reset(width, height)
	c.raster.DrawOp = draw.Src
	return &c.raster
}

// stamped returns the shape that was begun last. It holds until the next one.
func (c *canvas) stamped(left, top int) stamp {
	size := c.raster.Bounds()
	if n := size.Dx() * size.Dy(); cap(c.mask) < n {
		c.mask = make([]uint8, n)
	}
	mask := &image.Alpha{Pix: c.mask[:size.Dx()*size.Dy()], Stride: size.Dx(), Rect: size}
	c.raster.Draw(mask, size, image.Opaque, image.Point{})
	for i, a := range mask.Pix {
		mask.Pix[i] = uint8((int(a)*levels + 127) / 255) //nolint:gosec // there are few levels
	}
	return stamp{mask.Pix, left, top, size.Dx(), size.Dy()}
}

// whole is the frame of the card.
var whole = image.Rect(0, 0, Width, Height)

// within paints what of a shape lies within a frame.
func (c *canvas) within(s stamp, x, y float64, of colour, frame image.Rectangle) {
	left, top := int(math.Round(x))+s.left, int(math.Round(y))+s.top
	shown := image.Rect(left, top, left+s.width, top+s.height).Intersect(frame)
	p := c.paint(of)
	for row := shown.Min.Y; row < shown.Max.Y; row++ {
		c.painted[row] = true
		covers := s.covers[(row-top)*s.width+shown.Min.X-left:][:shown.Dx()]
		for i, level := range covers {
			if level != 0 {
				c.put(p, row*Width+shown.Min.X+i, int(level))
			}
		}
	}
}

// bounds returns the pixels that an outline touches.
func bounds(segments []font.Segment, scale float32) (left, top, right, bottom int) {
	minX, minY, maxX, maxY := float32(math.MaxFloat32), float32(math.MaxFloat32), float32(-math.MaxFloat32), float32(-math.MaxFloat32)
	for _, s := range segments {
		for _, p := range s.ArgsSlice() {
			minX, maxX = min(minX, p.X*scale), max(maxX, p.X*scale)
			minY, maxY = min(minY, -p.Y*scale), max(maxY, -p.Y*scale)
		}
	}
	if minX > maxX {
		return 0, 0, 0, 0
	}
	floor, ceil := func(v float32) int { return int(math.Floor(float64(v))) }, func(v float32) int { return int(math.Ceil(float64(v))) }
	return floor(minX), floor(minY), ceil(maxX), ceil(maxY)
}

// png writes the canvas (PNG, third edition, sections 5 and 11). The standard library's writer takes five times as long for pictures that
// are nearly empty.
func (c *canvas) png() []byte {
	depth := 8
	if len(c.palette) <= 16 {
		depth = 4
	}
	c.pack(depth)
	c.out.Reset()
	c.packer.Reset(&c.out)
	_, _ = c.packer.Write(c.rows) // it writes to memory
	_ = c.packer.Close()
	colours := make([]byte, 0, 3*len(c.palette))
	for _, p := range c.palette {
		colours = append(colours, p.R, p.G, p.B)
	}
	file := append(make([]byte, 0, c.out.Len()+len(colours)+100), "\x89PNG\r\n\x1a\n"...)
	file = chunk(file, "IHDR", []byte{0, 0, Width >> 8, Width & 255, 0, 0, Height >> 8, Height & 255, byte(depth), 3, 0, 0, 0})
	file = chunk(file, "PLTE", colours)
	file = chunk(file, "IDAT", c.out.Bytes())
	return chunk(file, "IEND", nil)
}

func chunk(file []byte, name string, data []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(data))) //nolint:gosec // a card is small
	begins := len(file)
	file = append(append(file, name...), data...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[begins:]))
}

// pack puts the rows of the picture behind each other, each after a byte that says that they are as they are.
func (c *canvas) pack(depth int) {
	c.rows = c.rows[:0]
	for y := range Height {
		row := c.pixels[y*Width:][:Width]
		c.rows = append(c.rows, 0)
		switch {
		case depth == 8:
			c.rows = append(c.rows, row...)
		case !c.painted[y]:
			c.rows = append(c.rows, c.pixels[y*Width:][:Width/2]...) // all paper
		default:
			for x := 0; x < Width; x += 2 {
				c.rows = append(c.rows, row[x]<<4|row[x+1])
			}
		}
	}
}
