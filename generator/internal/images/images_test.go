package images

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// picture is red in its left half and blue in its right.
func picture(w, h int) image.Image {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			if x >= w/2 {
				c = color.NRGBA{B: 255, A: 255}
			}
			p.Set(x, y, c)
		}
	}
	return p
}

func encode(t *testing.T, p image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	if format == "png" {
		err = png.Encode(&b, p)
	} else {
		err = jpeg.Encode(&b, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// turned gives a JPEG an Exif orientation.
func turned(data []byte, orientation byte) []byte {
	tiff := []byte("MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string([]byte{orientation}) + "\x00\x00\x00\x00\x00\x00")
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := []byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(segment)+2))
	return append(append(head, segment...), data[2:]...)
}

func TestSize(t *testing.T) {
	flat := encode(t, picture(40, 20), "jpeg")
	for _, c := range []struct {
		name string
		data []byte
		w, h int
	}{
		{"a.png", encode(t, picture(40, 20), "png"), 40, 20},
		{"a.jpg", flat, 40, 20},
		{"upright.jpg", turned(flat, 6), 20, 40},
		{"over.jpg", turned(flat, 3), 40, 20},
		{"a.svg", []byte(`<?xml version="1.0"?><svg xmlns="x" viewBox="0 0 30 15"/>`), 30, 15},
		{"b.svg", []byte(`<svg width="12px" height='6'>`), 12, 6},
	} {
		if w, h, err := Size(c.name, c.data); err != nil || w != c.w || h != c.h {
			t.Errorf("%s: %d x %d, %v", c.name, w, h, err)
		}
	}
	for _, bad := range []string{"a.png", "a.svg"} {
		if _, _, err := Size(bad, []byte("nothing")); err == nil {
			t.Errorf("%s: measured nothing", bad)
		}
	}
}

// A scaled picture has the wanted width, stands upright, and comes out the same every time.
func TestScale(t *testing.T) {
	flat := encode(t, picture(400, 200), "jpeg")
	for _, orientation := range []byte{1, 6} {
		data := turned(flat, orientation)
		scaled, err := Scale("a.jpg", data, 100, 50)
		if err != nil {
			t.Fatal(err)
		}
		small := scaled[0]
		again, err := Scale("a.jpg", data, 100)
		if err != nil || len(scaled) != 2 || !bytes.Equal(small, again[0]) {
			t.Errorf("orientation %d: not the same twice, %v", orientation, err)
		}
		p, err := jpeg.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		wantHeight, red := 50, image.Pt(10, 25)
		if orientation == 6 { // held upright: the left side is on top
			wantHeight, red = 200, image.Pt(50, 20)
		}
		r, _, b, _ := p.At(red.X, red.Y).RGBA()
		if p.Bounds().Dx() != 100 || p.Bounds().Dy() != wantHeight || r < b {
			t.Errorf("orientation %d: %v, red %d, blue %d", orientation, p.Bounds(), r, b)
		}
	}
}

func FuzzSize(f *testing.F) {
	f.Add([]byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00MM\x00\x2A\x00\x00\x00\x08"))
	f.Add([]byte(`<svg viewBox="0 0 1 1">`))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _, _ = Size("a.jpg", data)
		_, _, _ = Size("a.svg", data)
	})
}
