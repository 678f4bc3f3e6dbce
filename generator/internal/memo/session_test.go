package memo

import (
	"bytes"
	"maps"
	"os"
	"testing"

	"pgregory.net/rapid"
)

// Whatever a run that lasts puts in, saves and lets go of, what it wants is there, and what it saved is there for others.
func TestWhatIsWantedStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir := ""
		if rapid.Bool().Draw(t, "kept") {
			made, err := os.MkdirTemp("", "memo-*")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = os.RemoveAll(made) }()
			dir = made
		}
		m := Open(dir, today)
		defer m.Close()
		wanted, saved := map[Key][]byte{}, map[Key][]byte{}
		for i := range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				if err := m.tidy(maps.Keys(wanted), 1); err != nil {
					t.Fatal(err)
				}
			case 1:
				m.Save()
				saved = maps.Clone(wanted)
			default:
				data := value(i, rapid.IntRange(0, 1<<12).Draw(t, "size"))
				if err := m.Put(key(i), data); err != nil {
					t.Fatal(err)
				}
				if rapid.Bool().Draw(t, "wanted") {
					wanted[key(i)] = data
				}
			}
			for k, want := range wanted {
				if got, found := m.Get(k); !found || !bytes.Equal(got, want) {
					t.Fatalf("%d bytes came back as %d", len(want), len(got))
				}
			}
		}
		if dir == "" {
			return
		}
		other := Open(dir, today)
		defer other.Close()
		for k, want := range saved {
			if got, found := other.Get(k); !found || !bytes.Equal(got, want) {
				t.Fatalf("of %d saved bytes %d are there for others", len(want), len(got))
			}
		}
	})
}

// What nobody wants any more is given back, in the folder and without one.
func TestTidyGivesRoomBack(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		m := Open(dir, today)
		block := bytes.Repeat([]byte("x"), slack/4)
		for i := range 8 {
			if err := m.Put(key(i), block); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Tidy(maps.Keys(map[Key]bool{key(7): true, key(9): true})); err != nil {
			t.Fatal(err)
		}
		if m.Size() > int64(len(block)+len(magic)) || m.Has(key(6)) || !m.Has(key(7)) {
			t.Errorf("%d bytes are kept for one entry of %d", m.Size(), len(block))
		}
		m.Close()
		if dir != "" && sizeOf(t, dir) > slack/2 {
			t.Errorf("the folder takes %d bytes", sizeOf(t, dir))
		}
	}
}
