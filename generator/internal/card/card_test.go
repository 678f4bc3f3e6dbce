package card

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/generator/internal/board"
)

var update = flag.Bool("update", false, "write the golden files anew")

func fonts(t testing.TB) *Fonts {
	t.Helper()
	f, err := NewFonts(nil)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if p.Bounds() != image.Rect(0, 0, Width, Height) {
		t.Fatalf("the card is %v", p.Bounds())
	}
	return p
}

// tree is a map with a goal and what leads to it.
func tree(rightToLeft bool) board.Small {
	pen := board.NewPen(900, 400, board.Style{RightToLeft: rightToLeft})
	pen.Box(10, 10, 226, 80, board.Ink, board.Ink, false)
	pen.Text(22, 40, "A goal of ours", board.Type{Size: 15, Bold: true, Colour: board.Paper})
	for i := range 3 {
		y := 10 + 120*float64(i)
		pen.Branch(236, 40, 320, y+30)
		pen.Box(320, y, 226, 80, board.Tint, board.Line, false)
		pen.Text(332, y+30, "Somebody who helps", board.Type{Size: 15, Colour: board.Ink})
		pen.State(332, y+50, "done")
	}
	return pen.Small()
}

var samples = map[string]Card{
	"title":  {Title: "Impact mapping: from a goal to what is worth building next", Kind: "Post", Phase: "Discovery", Site: "Learning in public", Accent: "#22634a"},
	"long":   {Title: strings.Repeat("Everything that we would have liked to know about private betas before ours ", 6), Kind: "Course note", Phase: "Private beta", Site: strings.Repeat("A very long name ", 8), Accent: "#7a1f5c"},
	"arabic": {Title: "خريطة الأثر: من الهدف إلى ما يستحق البناء في GOV.UK", Kind: "خريطة", Site: "نتعلم علنا", Accent: "#22634a", RightToLeft: true},
	"map":    {Title: "More households borrow", Kind: "Impact map", Site: "Learning in public", Accent: "#22634a", Map: tree(false)},
	"tiny":   {Title: "عائلات أكثر", Kind: "خريطة", Site: "نتعلم علنا", Accent: "#22634a", RightToLeft: true, Map: func() board.Small { m := tree(true); m.Height = 900; return m }()},
}

// A card that is drawn in another way has to have another digest: else places that kept the old one never fetch it again. So who changes a
// golden file (with -update) changes the recipe as well.
func TestCardsLookAsTheyDid(t *testing.T) {
	for name, c := range samples {
		golden := filepath.Join("testdata", name+".png")
		data := fonts(t).Draw(c)
		if *update {
			if err := os.WriteFile(golden, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if n := differ(decoded(t, data), decoded(t, want)); n > Width*Height/2000 { // processors round the edges of letters in ways of their own
			t.Errorf("%s: %d pixels are others than in %s; where that is meant, run with -update and raise the number in recipe", name, n, golden)
		}
	}
}

// differ counts the pixels at which two pictures are clearly different.
func differ(x, y image.Image) (n int) {
	for at := range Width * Height {
		r, g, b, _ := x.At(at%Width, at/Width).RGBA()
		r2, g2, b2, _ := y.At(at%Width, at/Width).RGBA()
		for _, pair := range [][2]uint32{{r, r2}, {g, g2}, {b, b2}} {
			if max(pair[0], pair[1])-min(pair[0], pair[1]) > 0x3800 {
				n++
				break
			}
		}
	}
	return n
}

// Letters of Arabic change their form with those beside them: first, in the middle, last. Unicode has names for these forms, and the font
// calls its letters so.
func TestArabicLettersJoin(t *testing.T) {
	d := fonts(t).drawer()
	d.begin(true)
	lines, whole := d.set("يستحق", 60, Width, 1)
	if !whole || len(lines) != 1 || len(lines[0].runs) != 1 {
		t.Fatalf("the word is set on %d lines", len(lines))
	}
	var forms []string
	run := lines[0].runs[0]
	for _, g := range run.Glyphs {
		forms = append(forms, run.Face.GlyphName(g.GlyphID))
	}
	slices.Reverse(forms) // as they are read
	want := "uniFEF3 uniFEB4 uniFE98 uniFEA4 uniFED6"
	if got := strings.Join(forms, " "); got != want {
		t.Errorf("the letters have the forms %s, not %s", got, want)
	}
}

// Words of two directions stand as they are read: in a title that runs from right to left, what is said first is right of what comes later.
func TestDirectionsMix(t *testing.T) {
	d := fonts(t).drawer()
	for rightToLeft, want := range map[bool]string{true: "1 0", false: "0 1"} {
		d.begin(rightToLeft)
		lines, _ := d.set("خريطة GOV.UK", 40, Width, 1)
		var order []string
		for _, run := range lines[0].runs {
			order = append(order, fmt.Sprint(min(run.Runes.Offset, 1)))
		}
		if got := strings.Join(order, " "); got != want {
			t.Errorf("right to left %t: from the left stand the runs %s, not %s", rightToLeft, got, want)
		}
	}
}

func TestDraws(t *testing.T) {
	f := fonts(t)
	for text, want := range map[string]bool{
		"Plain words": true, "Ŵŷłčş – “quoted” …": true, "Ωμέγα": true, "Дорожная карта": true, "מפת סיפורים": true, "نقشهٔ راه گچپژ": true,
		"Launch 🎉 day": true, "❤️": true, "Hà Nội, ọ ṣ ḥ": true, "ʻOkina": true, "қ ң ө": true, "ἀρχή": true, "A ⇒ B": true, "Step 1️⃣": true, "C♯ ⅓": true, "e\u0301te\u0301": true, "影响地图": false, "ストーリー": false, "कहानी": true, "เรื่อง": false, "Half 影": false,
	} {
		if f.draws(text) != want {
			t.Errorf("draws(%q) = %t", text, !want)
		}
	}
	if got := f.clean("Launch 🎉\ufe0f  day 1\ufe0f\u20e3\n"); got != "Launch day 1" {
		t.Errorf("of a text with adornments is left %q", got)
	}
	if !f.Shows("a") || f.Shows("🎉") || f.Shows("\ufff9") {
		t.Error("it is not known whether anything of a title is seen")
	}
	marks := "a" + strings.Repeat("\u0301", 100_000) // takes time in proportion to the square, where nobody bounds it
	if !bytes.Equal(f.Draw(Card{Title: marks}), f.Draw(Card{Title: clip(marks)})) {
		t.Error("of a title without an end, more is looked at than a card has room for")
	}
	blank, han := f.Draw(Card{Kind: "Post", Site: "Notes"}), f.Draw(Card{Title: "影响地图", Kind: "Post", Site: "Notes"})
	if !bytes.Equal(blank, han) {
		t.Error("a title that cannot be drawn leaves something on its card")
	}
}

// Whatever stands in a title, its card is a picture, whole, and its letters stay clear of the edges.
func TestAnyTitleMakesACard(t *testing.T) {
	f := fonts(t)
	letters := []*rapid.Generator[string]{rapid.String(), rapid.StringMatching(`[a-zA-Z ,.]{0,300}`), rapid.StringMatching(`[א-ת ]{0,80}`), rapid.StringMatching(`[ء-ي\x{64B}-\x{652} ]{0,80}`)}
	rapid.Check(t, func(t *rapid.T) {
		text := func(label string) string { return rapid.OneOf(letters...).Draw(t, label) }
		c := Card{Title: text("title"), Kind: text("kind"), Phase: text("phase"), Site: text("site"), RightToLeft: rapid.Bool().Draw(t, "right to left"), Accent: "#22634a"}
		p, err := png.Decode(bytes.NewReader(f.Draw(c)))
		if err != nil {
			t.Fatal(err)
		}
		for y := range Height - strip {
			for _, x := range []int{2, 20, 40, Width - 41, Width - 21, Width - 3} {
				if p.At(x, y) != p.At(0, 0) {
					t.Fatalf("something stands at %d, %d", x, y)
				}
			}
		}
	})
}

// A font that somebody gives may be damaged in any way: it is refused, or cards are drawn with it.
func FuzzNewFonts(f *testing.F) {
	whole, err := along.ReadFile("fonts/noto-sans-hebrew.ttf")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(len(whole), []byte{})
	f.Add(5000, []byte{})
	f.Add(len(whole), []byte{0, 200, 255, 0, 13, 7})
	f.Fuzz(func(t *testing.T, length int, edits []byte) {
		data := slices.Clone(whole[:min(max(length, 0), len(whole))])
		for ; len(edits) >= 3 && len(data) > 0; edits = edits[3:] { // a place, and what stands there
			data[(int(edits[0])<<8+int(edits[1]))%len(data)] = edits[2]
		}
		own, err := NewFonts(data)
		if err != nil {
			return
		}
		decoded(t, own.Draw(Card{Title: "מפת סיפורים and more", Site: "Notes"}))
	})
}

func BenchmarkDraw(b *testing.B) {
	f := fonts(b)
	for name, c := range samples {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f.Draw(c)
			}
		})
	}
}
