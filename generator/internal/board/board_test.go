package board

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// texts are words of many scripts, with what breaks lines and what must not.
var texts = rapid.Custom(func(t *rapid.T) string {
	words := rapid.SliceOfN(rapid.OneOf(
		rapid.StringMatching(`[a-z]{1,12}`), rapid.SampledFrom([]string{"a-b/c", "読書", "Straße", "👩‍👩‍👧", "العربية", strings.Repeat("x", 80), "—", "e\u0301e\u0301"}),
	), 0, 20).Draw(t, "words")
	return strings.Join(words, " ")
})

// Wrapped lines fit, no letter is lost where there is room for all lines, and never are there more lines than allowed.
func TestWrap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, width := texts.Draw(t, "text"), rapid.Float64Range(40, 400).Draw(t, "width")
		const size = 14
		for _, line := range Wrap(text, size, width, 1000) {
			if Width(line, size) > width && len([]rune(line)) > 5 { // a single cluster may be wider than any line
				t.Fatalf("%q is %.1f wide, and a line has %.1f", line, Width(line, size), width)
			}
		}
		squeezed := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := squeezed(strings.Join(Wrap(text, size, width, 1000), "")); got != squeezed(text) {
			t.Fatalf("%q became %q", text, got)
		}
		most := rapid.IntRange(1, 4).Draw(t, "most")
		lines := Wrap(text, size, width, most)
		if len(lines) > most {
			t.Fatalf("%d lines where %d are allowed", len(lines), most)
		}
		if cut := squeezed(strings.Join(lines, "")) != squeezed(text); cut && !strings.HasSuffix(lines[len(lines)-1], "…") {
			t.Fatalf("%q is cut to %q without a mark", text, lines)
		}
	})
}

// A wider text is never measured narrower.
func TestWidthGrowsWithTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		if both := Width(a+" "+b, 10); both < Width(a, 10) || both < Width(b, 10) {
			t.Fatalf("%q and %q are together %.1f wide", a, b, both)
		}
	})
	if w := Width("iii", 10); w >= Width("www", 10) {
		t.Errorf("narrow letters are as wide as wide ones: %.1f", w)
	}
}

// Whatever text is drawn, the picture is one that a reader of XML can read, and the text is in it.
func TestPicturesAreWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		p := NewPen(200, 100, Style{RightToLeft: rapid.Bool().Draw(t, "right to left")})
		p.Box(10, 10, 50, 20, Raise, Line, true)
		p.Text(12, 20, text, Type{Size: 12, Bold: true, Struck: true, Colour: Ink})
		p.Branch(60, 20, 100, 40)
		picture := p.Picture(text, text)
		decoder := xml.NewDecoder(strings.NewReader(picture))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in\n%s", err, picture)
			}
		}
	})
}

// From right to left, what began on the left begins as far from the right.
func TestRightToLeftMirrors(t *testing.T) {
	p := NewPen(200, 100, Style{RightToLeft: true})
	p.Box(10, 10, 50, 20, Raise, Line, false)
	if got := p.Picture("t", "d"); !strings.Contains(got, `<rect x="140" y="10" width="50"`) || !strings.Contains(got, `direction="rtl"`) {
		t.Error(got)
	}
}

// Without a site around it, a map has names and no links; what its site says of a card is escaped.
func TestSurroundings(t *testing.T) {
	facts := outline.Facts{ID: "a&b", Text: "A", Status: outline.Doing, Phase: "Beta", Note: "see [x](y.md)", Link: "y.md"}
	if got := (Surroundings{}).Details((Surroundings{}).Facts(facts)); strings.Contains(got, "<a ") || !strings.Contains(got, "y.md") {
		t.Errorf("alone it says %s", got)
	}
	around := Surroundings{
		Prefix: "m/", Href: func(target string) (string, bool) { return "../" + target, false },
		Evidence: func(string) []Place { return []Place{{Title: "A <post>", URL: "p/"}} },
		Shape:    func(string) string { return "diamond" },
	}
	got := around.Details(around.Facts(facts)) + around.ID(facts.ID) + Data(facts, "First", []string{"Ann", "Bob"}) + around.Blaze("Beta")
	for _, want := range []string{`<a href="../y.md">y.md</a>`, `<a href="p/">A &lt;post&gt;</a>`, ` id="m/a&amp;b"`, ` data-status="doing"`, ` data-persona="Ann|Bob"`, "shape-diamond"} {
		if !strings.Contains(got, want) {
			t.Errorf("it lacks %s: %s", want, got)
		}
	}
	around.NoIDs = true
	if around.ID("x") != "" {
		t.Error("a card has its place twice on a page")
	}
}

// How far a card has come is told by shape alone: in black and white, and to those who do not tell colours apart.
func TestStatusesDifferInShape(t *testing.T) {
	colours := regexp.MustCompile(`#[0-9a-f]{6}`)
	seen := map[string]outline.Status{}
	for _, s := range outline.Statuses() {
		p := NewPen(20, 20, Style{})
		p.State(3, 3, string(s))
		shape := colours.ReplaceAllString(p.out.String(), "")
		if other, known := seen[shape]; known {
			t.Errorf("%q looks like %q", s, other)
		}
		seen[shape] = s
	}
}

// Sheets hold all of a drawing at a size that can be read: one where that is possible, and else as few as may be, each of which repeats a
// part of the one before.
func TestSheets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, height := rapid.Float64Range(200, 9000).Draw(t, "width"), rapid.Float64Range(100, 9000).Draw(t, "height")
		style := Style{RightToLeft: rapid.Bool().Draw(t, "right to left"), Say: words.English()}
		pen := func() *Pen { return NewPen(width, height, style) }
		inText := rapid.Bool().Draw(t, "in text")
		all := sheetForm.FindAllStringSubmatch(Sheets("x", []func() *Pen{pen}, Heading{Title: "T", Day: "D"}, inText), -1)
		if len(all) == 0 {
			t.Fatal("no sheet")
		}
		number := func(s string) float64 { f, _ := strconv.ParseFloat(s, 64); return f }
		covered := 0.0
		var lefts, tops []float64
		for _, m := range all {
			shownWidth, x, y, viewWidth, viewHeight := number(m[2]), number(m[4]), number(m[5]), number(m[6]), number(m[7])
			if scale := shownWidth / viewWidth; scale < smallest-.01 || scale > largest+.01 {
				t.Fatalf("of %v x %v a sheet shows a part at %v", width, height, scale)
			}
			if m[1] != all[0][1] {
				t.Fatalf("a sheet of %s and one of %s", m[1], all[0][1])
			}
			lefts, tops = append(lefts, x), append(tops, y)
			if shared := (viewWidth - overlap*viewWidth/shownWidth) + .1; !near(lefts, shared) || !near(tops, (viewHeight-overlap*viewWidth/shownWidth)+.1) {
				t.Fatalf("between sheets that begin at %v and %v there is more than a sheet has without its overlap", lefts, tops)
			}
			covered += max(min(x+viewWidth, width)-max(x, 0), 0) * max(min(y+viewHeight, height)-max(y, 0), 0)
		}
		if area := width * height; covered < area*.999 || len(all) == 1 && covered > area*1.001 {
			t.Fatalf("%d sheets show %v of %v", len(all), covered, area)
		}
	})
}

// near reports whether positions, sorted, are never further apart than a step.
func near(positions []float64, step float64) bool {
	sorted := slices.Sorted(slices.Values(positions))
	for i := 1; i < len(sorted); i++ {
		if sorted[i]-sorted[i-1] > step {
			return false
		}
	}
	return true
}

// sheetForm finds a sheet's paper, and the size and part of the drawing in it.
var sheetForm = regexp.MustCompile(`<svg class="sheet ([^"]+)"(?:.*?)<svg (?:x="[^"]*" )?y="[^"]*" width="([^"]+)" height="([^"]+)" viewBox="(\S+) (\S+) (\S+) (\S+)">`)
