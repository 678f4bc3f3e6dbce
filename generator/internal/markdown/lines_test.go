package markdown

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A place is the same in whatever order places are asked for: what is remembered of the last one only saves counting.
func TestPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := []byte(rapid.StringOf(rapid.SampledFrom([]rune("ab\né😂 \n"))).Draw(t, "data"))
		whole := func(at int) bool { return at >= len(data) || utf8.RuneStart(data[at]) } // places are those of characters
		base := rapid.IntRange(0, len(data)).Filter(whole).Draw(t, "base")
		at := newLines("x.md", data, base)
		for range rapid.IntRange(1, 20).Draw(t, "questions") {
			offset := rapid.IntRange(0, len(data)+2).Filter(func(n int) bool { return whole(base + n) }).Draw(t, "offset")
			before := string(data[:min(base+offset, len(data))])
			line, col := 1+strings.Count(before, "\n"), 1+utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
			if got := at.position(offset); got.Line != line || got.Col != col {
				t.Fatalf("offset %d behind %d in %q is %d:%d, want %d:%d", offset, base, data, got.Line, got.Col, line, col)
			}
		}
	})
}

// One line of many places costs in proportion to its length: compare the figures of n and 4n.
func BenchmarkPlacesOnOneLine(b *testing.B) {
	for _, n := range []int{10_000, 40_000} {
		data := []byte(strings.Repeat("😂 www.a.bc ", n))
		b.Run("n="+itoa(n), func(b *testing.B) {
			for b.Loop() {
				at := newLines("x.md", data, 0)
				for i := range n {
					at.position(i * 14)
				}
			}
		})
	}
}
