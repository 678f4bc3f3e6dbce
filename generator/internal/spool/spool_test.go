package spool

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is put, compacted and put again, what is wanted comes back as it was.
func TestWhatIsWantedComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := New()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		s.tidyAt = 0
		wanted := map[*Piece]string{}
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			if rapid.IntRange(0, 4).Draw(t, "compact") == 0 {
				s.tidyAt = 0
				if err := s.Compact(maps.Keys(wanted)); err != nil {
					t.Fatal(err)
				}
			}
			text := strings.Repeat(fmt.Sprint(i, " "), rapid.IntRange(0, 1<<17).Draw(t, "length"))
			p, err := s.Put([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "wanted") {
				wanted[p] = text
			}
		}
		for p, text := range wanted {
			if got, err := s.Get(p); err != nil || string(got) != text || p.Size() != len(text) {
				t.Fatalf("%d bytes came back as %d: %v", len(text), len(got), err)
			}
		}
	})
}

// What nobody wants any more is given back, and little is copied where most is wanted.
func TestCompactGivesRoomBack(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	block := make([]byte, slack/4)
	var last *Piece
	for range 8 {
		if last, err = s.Put(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Compact(slices.Values([]*Piece{last, last})); err != nil {
		t.Fatal(err)
	}
	if s.Size() != int64(len(block)) {
		t.Errorf("%d bytes are kept for one piece of %d", s.Size(), len(block))
	}
}
