package memo

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"waymark/generator/internal/remote"
)

// shared is a store in memory.
type shared struct {
	mu    sync.Mutex
	files map[string][]byte
	asked int
	fail  error
}

func (s *shared) Get(_ context.Context, name, file string, most int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	data, found := s.files[name]
	switch {
	case s.fail != nil:
		return s.fail
	case !found:
		return fs.ErrNotExist
	case int64(len(data)) > most:
		return remote.ErrTooLarge
	}
	return os.WriteFile(file, data, 0o600)
}

func (s *shared) Put(_ context.Context, name, file string) error {
	data, err := os.ReadFile(file)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[name] = data
	return errors.Join(err, s.fail)
}

func (s *shared) Close() {}

// run is a run on a machine of its own: it fetches, asks for all, makes what is not there, and gives. It returns how many it made.
func (s *shared) run(t *testing.T, dir string, share, from, to int) (made int) {
	t.Helper()
	m := Open(dir, today)
	defer m.Close()
	if _, err := m.Fetch(t.Context(), s); err != nil && s.fail == nil {
		t.Error(err)
	}
	for i := from; i < to; i++ {
		data, found := m.Get(key(i))
		if !found {
			put(t, m, i, i+1, 200)
			made++
		} else if !bytes.Equal(data, value(i, 200)) {
			t.Errorf("%d is %.20q", i, data)
		}
	}
	m.Whole()
	if _, err := m.Give(t.Context(), s, share); err != nil && s.fail == nil {
		t.Error(err)
	}
	return made
}

// What one machine made, no other one has to make.
func TestMachinesShareWhatTheyMake(t *testing.T) {
	s := &shared{files: map[string][]byte{}}
	if made := s.run(t, t.TempDir(), 0, 0, 50); made != 50 {
		t.Errorf("the first made %d", made)
	}
	dir := t.TempDir()
	if made := s.run(t, dir, 0, 0, 60); made != 10 {
		t.Errorf("the second made %d", made)
	}
	files := len(s.files)
	if made := s.run(t, dir, 0, 0, 60); made != 0 || len(s.files) != files {
		t.Errorf("the same again made %d, and left %d files", made, len(s.files)-files)
	}
	if made := s.run(t, t.TempDir(), 0, 0, 60); made != 0 || len(s.files) != files {
		t.Errorf("the third made %d, and left %d files", made, len(s.files)-files)
	}
}

// Shares that were made on many machines come together on one, which lists them for all others.
func TestSharesComeTogether(t *testing.T) {
	s := &shared{files: map[string][]byte{}}
	var all sync.WaitGroup
	for share := range 12 {
		all.Go(func() { s.run(t, t.TempDir(), share+1, 10*share, 10*share+10) })
	}
	all.Wait()
	if made := s.run(t, t.TempDir(), 0, 0, 120); made != 0 {
		t.Errorf("%d were made again", made)
	}
	for round := range 4 { // and builds put together what they list
		if made := s.run(t, t.TempDir(), 0, 0, 121+round); made != 1 {
			t.Errorf("round %d: %d were made", round, made)
		}
	}
	if listed, err := remote.DecodeList(s.files[list(0)]); err != nil || len(listed) > 4 {
		t.Errorf("%d packs are listed: %v", len(listed), err)
	}
	for name := range s.files {
		for share := range 13 {
			if name == list(share) && share > 0 {
				delete(s.files, name)
			}
		}
	}
	if made := s.run(t, t.TempDir(), 0, 0, 120); made != 0 {
		t.Errorf("without the lists of the shares %d were made again", made)
	}
}

// What a share lists stays listed until a build has put the site together, whatever became of that.
func TestAShareThatIsMadeAgainLosesNothing(t *testing.T) {
	s := &shared{files: map[string][]byte{}}
	s.run(t, t.TempDir(), 1, 0, 10)
	for more := range 3 {
		if made := s.run(t, t.TempDir(), 1, 0, 11+more); made != 1 {
			t.Errorf("the share made %d", made)
		}
	}
	for round := range 3 {
		if made := s.run(t, t.TempDir(), 0, 0, 13); made != 0 {
			t.Errorf("round %d: %d were made again", round, made)
		}
	}
}

// A store that has lost all, or is new to a machine that has much, gets what that has.
func TestAnEmptyStoreIsFilled(t *testing.T) {
	s, dir := &shared{files: map[string][]byte{}}, t.TempDir()
	s.run(t, dir, 0, 0, 10)
	clear(s.files)
	if made := s.run(t, dir, 0, 0, 11); made != 1 {
		t.Errorf("the machine made %d", made)
	}
	if made := s.run(t, t.TempDir(), 0, 0, 11); made != 0 {
		t.Errorf("another one made %d", made)
	}
	for name := range s.files {
		if strings.HasPrefix(name, "cas/") {
			delete(s.files, name) // as a store does that removes what is old
		}
	}
	s.run(t, dir, 0, 0, 11)
	if made := s.run(t, t.TempDir(), 0, 0, 11); made != 11 && made != 0 {
		t.Errorf("after the loss another one made %d", made)
	}
	if made := s.run(t, t.TempDir(), 0, 0, 11); made != 0 {
		t.Errorf("and the next one %d", made)
	}
}

// However many builds give something, the list stays short, and nothing is lost.
func TestTheListStaysShort(t *testing.T) {
	s := &shared{files: map[string][]byte{}}
	for i := range 3 * mostListed {
		if made := s.run(t, t.TempDir(), 0, 0, i+1); made != 1 {
			t.Fatalf("build %d made %d", i, made)
		}
		if listed, err := remote.DecodeList(s.files[list(0)]); err != nil || len(listed) > mostListed {
			t.Fatalf("build %d lists %d packs: %v", i, len(listed), err)
		}
	}
}

// Whatever lies in the store, or does not, a run makes what it needs, and never takes a wrong byte.
func TestAStoreThatIsDamaged(t *testing.T) {
	for name, damage := range map[string]func(map[string][]byte, string){
		"gone":         func(files map[string][]byte, name string) { delete(files, name) },
		"empty":        func(files map[string][]byte, name string) { files[name] = nil },
		"cut off":      func(files map[string][]byte, name string) { files[name] = files[name][:len(files[name])/2] },
		"another bit":  func(files map[string][]byte, name string) { files[name][len(files[name])/2] ^= 4 },
		"another file": func(files map[string][]byte, name string) { files[name] = []byte("<html>not found</html>") },
		"more":         func(files map[string][]byte, name string) { files[name] = append(files[name], "more"...) },
	} {
		for _, kind := range []string{"ac/", "cas/"} {
			s := &shared{files: map[string][]byte{}}
			s.run(t, t.TempDir(), 0, 0, 20)
			for file := range maps.Clone(s.files) {
				if strings.HasPrefix(file, kind) {
					damage(s.files, file)
				}
			}
			m := Open(t.TempDir(), today)
			_, err := m.Fetch(t.Context(), s)
			for i := range 20 {
				if data, found := m.Get(key(i)); found && !bytes.Equal(data, value(i, 200)) {
					t.Errorf("%s %s: a wrong byte (%v)", kind, name, err)
				}
			}
			m.Close()
			s.run(t, t.TempDir(), 0, 0, 20) // makes it again
			if made := s.run(t, t.TempDir(), 0, 0, 20); made != 0 {
				t.Errorf("%s %s: the damage is still there: %d were made", kind, name, made)
			}
		}
	}
}

// A store that fails is nothing but a store that has nothing.
func TestAStoreThatFails(t *testing.T) {
	s := &shared{files: map[string][]byte{}, fail: errors.New("no route to host")}
	dir := t.TempDir()
	if made := s.run(t, dir, 0, 0, 5); made != 5 {
		t.Errorf("it made %d", made)
	}
	s.fail = nil
	if made := s.run(t, dir, 0, 0, 5); made != 0 {
		t.Errorf("what was made is lost: %d", made)
	}
	left, err := filepath.Glob(filepath.Join(dir, unfinished+"*"))
	if err != nil || slices.ContainsFunc(left, func(string) bool { return true }) {
		t.Errorf("files are left: %v %v", left, err)
	}
}
