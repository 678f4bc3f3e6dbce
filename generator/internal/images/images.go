// Package images measures pictures, and makes narrower versions of large ones.
package images

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/gif" // so that a GIF can be measured
	"image/jpeg"
	"image/png"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // so that a WebP can be measured

	"waymark/generator/diag"
	"waymark/generator/internal/source"
)

// widths are those, in pixels, in which large pictures are offered besides their own.
var widths = []int{480, 960, 1440}

// Picture is what is known of a picture: its size as it is shown, in pixels, and the widths of the narrower versions that are
// to be made of it.
type Picture struct {
	Width, Height int
	Narrower      []int
}

// Inspect measures a picture of a site's folder. It returns nil for a file that is no picture, or cannot be measured, which
// is a warning. The error is the machine's.
func Inspect(root *source.Root, name string) (p *Picture, problem *diag.Diagnostic, err error) {
	if !isImage(name) {
		return nil, nil, nil
	}
	data, err := source.ReadFile(root, name)
	if err != nil {
		return nil, nil, fmt.Errorf("read a picture: %w", err)
	}
	defer func() {
		if cause := recover(); cause != nil { // of a decoder
			fault := diag.Fault(name, cause)
			p, problem, err = nil, &fault, nil
		}
	}()
	width, height, err := Size(name, data)
	if err != nil {
		return nil, &diag.Diagnostic{
			Pos: diag.Position{File: name}, Severity: diag.Warning, Code: "image",
			Message: "this picture cannot be measured, and pages may jump when it loads", Hint: err.Error(),
		}, nil
	}
	p = &Picture{Width: width, Height: height}
	for _, w := range widths {
		if scalable(name) && width >= w*5/4 && !tooLarge(width, height) {
			p.Narrower = append(p.Narrower, w)
		}
	}
	return p, nil, nil
}

// MaxPixels bounds what is decoded: 60 megapixels take 240 MB.
const MaxPixels = 60_000_000

// tooLarge reports whether a picture of this size is never decoded.
func tooLarge(width, height int) bool { return width > MaxPixels/max(height, 1) }

// Recipe names how narrower versions are made; it changes whenever their bytes would.
const Recipe = "catmull-rom jpeg82 2"

// isImage reports whether a file is a picture, by its ending.
func isImage(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg":
		return true
	}
	return false
}

// scalable reports whether narrower versions are made of such a file: of JPEG and PNG.
func scalable(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png":
		return true
	}
	return false
}

// Size returns a picture's width and height as it is shown, in pixels. A JPEG that its camera held upright is turned.
func Size(name string, data []byte) (width, height int, err error) {
	if strings.EqualFold(path.Ext(name), ".svg") {
		return svgSize(data)
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0, fmt.Errorf("measure the picture: %w", err)
	}
	if orientation(data) >= 5 {
		return config.Height, config.Width, nil
	}
	return config.Width, config.Height, nil
}

var (
	svgTag     = regexp.MustCompile(`(?s)<svg\b[^>]*>`)
	svgLength  = regexp.MustCompile(`\s(width|height)\s*=\s*["']\s*([\d.]+)(?:px)?\s*["']`)
	svgViewBox = regexp.MustCompile(`\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*["']`)
)

func svgSize(data []byte) (width, height int, err error) {
	tag := svgTag.Find(data[:min(len(data), 64<<10)])
	lengths := map[string]int{}
	for _, g := range svgLength.FindAllSubmatch(tag, -1) {
		f, _ := strconv.ParseFloat(string(g[2]), 64)
		lengths[string(g[1])] = int(f + 0.5)
	}
	if lengths["width"] > 0 && lengths["height"] > 0 {
		return lengths["width"], lengths["height"], nil
	}
	if g := svgViewBox.FindSubmatch(tag); g != nil {
		w, _ := strconv.ParseFloat(string(g[1]), 64)
		h, _ := strconv.ParseFloat(string(g[2]), 64)
		return int(w + 0.5), int(h + 0.5), nil
	}
	return 0, 0, fmt.Errorf("measure the picture: the svg element has neither a width and height in pixels nor a viewBox")
}

// Scale returns the picture in each of the widths, in pixels, in its own format. It is decoded once. The same bytes give the
// same bytes.
func Scale(name string, data []byte, widths ...int) ([][]byte, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("scale the picture: %w", err)
	}
	if tooLarge(config.Width, config.Height) {
		return nil, fmt.Errorf("scale the picture: it has %d x %d pixels, and at most %d million are decoded", config.Width, config.Height, MaxPixels/1_000_000)
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("scale the picture: %w", err)
	}
	picture = upright(picture, orientation(data))
	var out [][]byte
	for _, width := range widths { // one after the other: each takes 32 bytes for every line of the picture and column of its own
		small, err := narrower(name, picture, width)
		if err != nil {
			return nil, fmt.Errorf("scale the picture: %w", err)
		}
		out = append(out, small)
	}
	return out, nil
}

// narrower returns a picture made width pixels wide.
func narrower(name string, picture image.Image, width int) ([]byte, error) {
	from := picture.Bounds()
	height := max(1, (from.Dy()*width+from.Dx()/2)/from.Dx())
	to := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(to, to.Bounds(), picture, from, draw.Src, nil)
	var out bytes.Buffer
	if strings.EqualFold(path.Ext(name), ".png") {
		err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
		return out.Bytes(), err
	}
	err := jpeg.Encode(&out, to, &jpeg.Options{Quality: 82})
	return out.Bytes(), err
}

// orientation returns a JPEG's Exif orientation, 1 to 8, or 1 where it has none. Source: Exif 2.32, tag 0x0112.
func orientation(data []byte) int {
	if len(data) < 4 || data[0] != 0xFF || data[1] != 0xD8 {
		return 1
	}
	for at := 2; at+4 <= len(data) && data[at] == 0xFF; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		segment := data[at+4 : min(len(data), at+2+max(size, 2))]
		if marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return exifOrientation(segment[6:])
		}
		if marker == 0xDA {
			break
		}
		at += 2 + max(size, 2)
	}
	return 1
}

func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 0 || at+2 > len(tiff) {
		return 1
	}
	count := int(order.Uint16(tiff[at:]))
	for i := range count {
		field := at + 2 + 12*i
		if field+12 > len(tiff) {
			return 1
		}
		if order.Uint16(tiff[field:]) == 0x0112 {
			if v := int(order.Uint16(tiff[field+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// upright turns and mirrors a picture as its orientation asks.
func upright(p image.Image, orientation int) image.Image {
	if orientation == 1 {
		return p
	}
	b := p.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewNRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.Set(tx, ty, p.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}
