package memo

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var today = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

func key(i int) Key { return KeyOf("test", fmt.Append(nil, i)) }

// value is what is put in for a key: something that tells damage.
func value(i, size int) []byte { return bytes.Repeat(fmt.Append(nil, i, " "), size) }

func put(t interface{ Fatal(...any) }, m *Memo, from, to, size int) {
	for i := from; i < to; i++ {
		if err := m.Put(key(i), value(i, size)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeysTellPartsApart(t *testing.T) {
	seen := map[Key]bool{}
	for _, parts := range [][]string{{"ab", "c"}, {"a", "bc"}, {"abc"}, {"abc", ""}, {"", "abc"}, {}} {
		var all [][]byte
		for _, p := range parts {
			all = append(all, []byte(p))
		}
		seen[KeyOf("x", all...)] = true
	}
	if seen[KeyOf("xab", []byte("c"))] = true; len(seen) != 7 {
		t.Errorf("%d keys", len(seen))
	}
}

// What one run puts in, the next one finds.
func TestAMemoIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "memo[*]")
	m := Open(dir, today)
	put(t, m, 0, 100, 10)
	if got, found := m.Get(key(7)); !found || !bytes.Equal(got, value(7, 10)) {
		t.Error("it is not there while it is made")
	}
	m.Close()
	m = Open(dir, today)
	defer m.Close()
	for i := range 100 {
		if got, found := m.Get(key(i)); !found || !bytes.Equal(got, value(i, 10)) {
			t.Errorf("%d: %q %v", i, got, found)
		}
	}
	if _, found := m.Get(key(100)); found {
		t.Error("it finds what nobody put in")
	}
	if s := m.Stats(); s.Found != 100 || s.Missed != 1 {
		t.Errorf("%+v", s)
	}
	if ignored, err := os.ReadFile(filepath.Join(dir, ".gitignore")); err != nil || string(ignored) != "*\n" {
		t.Errorf("%q %v", ignored, err)
	}
}

// Without a folder, or with one that cannot be used, everything works, and nothing is kept.
func TestAMemoThatCannotBeKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below")} {
		m := Open(dir, today)
		put(t, m, 1, 2, 5)
		if got, found := m.Get(key(1)); !found || !bytes.Equal(got, value(1, 5)) {
			t.Errorf("%q %v", got, found)
		}
		m.Close()
	}
	if left, _ := os.ReadFile(file); string(left) != "mine" {
		t.Errorf("%q", left)
	}
}

// Where the folder takes no more in the middle of a run, that goes on, and what was kept before is.
func TestAFolderThatIsFull(t *testing.T) {
	dir := t.TempDir()
	m := Open(dir, today)
	put(t, m, 0, 10, 10)
	m.Close()
	m = Open(dir, today)
	put(t, m, 10, 11, 10)
	_ = m.own[0].file.Close() // every later write to it fails
	put(t, m, 11, 12, 10)
	if got, found := m.Get(key(11)); !found || !bytes.Equal(got, value(11, 10)) {
		t.Errorf("%q %v", got, found)
	}
	m.Close()
	m = Open(dir, today)
	defer m.Close()
	for i := range 10 {
		if _, found := m.Get(key(i)); !found {
			t.Errorf("%d is gone", i)
		}
	}
	if _, found := m.Get(key(11)); found {
		t.Error("it was never written")
	}
}

// Whatever is done to the files, an entry is what it was, or it is not there.
func TestDamageIsNoticed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "memo-*")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		for run := range 3 {
			m := Open(dir, today)
			put(t, m, 10*run, 10*run+10, 20)
			m.Close()
		}
		names, _ := filepath.Glob(filepath.Join(dir, "*"+suffix))
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			name := rapid.SampledFrom(names).Draw(t, "name")
			data, err := os.ReadFile(name)
			if err != nil || len(data) == 0 {
				continue
			}
			switch rapid.IntRange(0, 3).Draw(t, "how") {
			case 0: // cut off
				data = data[:rapid.IntRange(0, len(data)-1).Draw(t, "size")]
			case 1: // a byte is another one
				data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			case 2: // more behind it
				data = append(data, rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "more")...)
			case 3: // zeros, as after a power cut
				at := rapid.IntRange(0, len(data)-1).Draw(t, "from")
				clear(data[at:min(len(data), at+rapid.IntRange(1, 200).Draw(t, "zeros"))])
			}
			if err := os.WriteFile(name, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // and once more after a run with it
			m := Open(dir, today)
			for i := range 30 {
				if got, found := m.Get(key(i)); found && !bytes.Equal(got, value(i, 20)) {
					t.Fatalf("%d is %q", i, got)
				}
			}
			put(t, m, 0, 30, 20)
			m.Close()
		}
		m := Open(dir, today)
		defer m.Close()
		for i := range 30 {
			if got, found := m.Get(key(i)); !found || !bytes.Equal(got, value(i, 20)) {
				t.Fatalf("%d is not kept after the damage: %q", i, got)
			}
		}
	})
}

// Damage that is met when a piece is read is gone with the next run.
func TestADamagedPieceGoes(t *testing.T) {
	dir := t.TempDir()
	m := Open(dir, today)
	put(t, m, 0, 3, 50)
	m.Close()
	names, _ := filepath.Glob(filepath.Join(dir, "*"+suffix))
	data, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(magic)+10] ^= 1
	if err := os.WriteFile(names[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	m = Open(dir, today)
	if _, found := m.Get(key(0)); found {
		t.Error("the damage is not seen")
	}
	m.Close()
	m = Open(dir, today)
	defer m.Close()
	if m.Has(key(0)) || !m.Has(key(1)) || !m.Has(key(2)) {
		t.Error("what is damaged is still there, or what is whole is gone")
	}
}

// A table that leads out of its file is none, even if its digest is right.
func TestATableThatLeadsOut(t *testing.T) {
	for _, e := range []entry{{at: 1<<63 - 2, size: 1<<63 - 2}, {at: 20, size: 1 << 40}, {at: 1 << 40, size: 1}, {at: -1, size: 1}, {at: 20, size: -1}} {
		p, err := folder(t.TempDir()).begin()
		if err != nil || p.finish([]entry{e}) != nil {
			t.Fatal(err)
		}
		if _, err := read(p.name); !errors.Is(err, errTable) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

// Runs that cannot tell what is wanted, such as previews, let a memo grow to a bound.
func TestPreviewsAloneLetNoMemoGrowForever(t *testing.T) {
	dir := t.TempDir()
	m := Open(dir, today)
	put(t, m, 0, 10, 10)
	m.own[0].end.Store(leastUnknown) // as if there were that much between
	put(t, m, 10, 20, 10)
	m.Close()
	m = Open(dir, today)
	m.Get(key(5))
	m.Close()
	if taken := sizeOf(t, dir); taken > 1<<20 {
		t.Errorf("the memo takes %d MB", taken>>20)
	}
	m = Open(dir, today)
	defer m.Close()
	for i := range 20 {
		if _, found := m.Get(key(i)); !found {
			t.Errorf("%d is lost", i)
		}
	}
}

// A memo stays in proportion to what is used of it: what was not used for longest goes first.
func TestAMemoForgets(t *testing.T) {
	dir := t.TempDir()
	const size = 1 << 17 // of a value of two digits and a space: 384 KB
	for run := range 8 {
		m := Open(dir, today.AddDate(0, 0, run))
		put(t, m, 100+100*run, 100+100*run+60, size)
		for i := 10; i < 20; i++ { // these are wanted by each run, whether they are fetched or not
			if m.Use(key(i)); run > 0 && i < 15 {
				continue
			}
			if _, found := m.Get(key(i)); !found {
				put(t, m, i, i+1, size)
			}
		}
		m.Whole()
		m.Close()
		if taken := sizeOf(t, dir); taken > spare+most*70*size*4+1<<20 {
			t.Errorf("run %d: the memo takes %d MB", run, taken>>20)
		}
	}
	m := Open(dir, today.AddDate(0, 0, 9))
	m.Get(key(10))
	m.Close() // a run that asks for little forgets nothing
	m = Open(dir, today.AddDate(0, 0, 9))
	defer m.Close()
	for i := 10; i < 20; i++ {
		if _, found := m.Get(key(i)); !found {
			t.Errorf("%d was used by every run, and is gone", i)
		}
	}
	if _, found := m.Get(key(800)); !found {
		t.Error("what the last run put in is gone")
	}
	if _, found := m.Get(key(100)); found {
		t.Error("what only the first run used is still there")
	}
}

// Many runs that change little leave few files.
func TestSmallPacksArePutTogether(t *testing.T) {
	dir := t.TempDir()
	for run := range 40 {
		m := Open(dir, today)
		put(t, m, run, run+1, 10)
		m.Close()
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) > manyPacks+2 {
		t.Errorf("%d files", len(names))
	}
	m := Open(dir, today)
	defer m.Close()
	for i := range 40 {
		if _, found := m.Get(key(i)); !found {
			t.Errorf("%d is lost", i)
		}
	}
}

// Several runs at once disturb nobody, and all that they make is kept.
func TestSeveralRunsAtOnce(t *testing.T) {
	dir := t.TempDir()
	var all sync.WaitGroup
	for run := range 20 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(run), 1))
			m := Open(dir, today)
			defer m.Close()
			for _, i := range r.Perm(200) {
				if got, found := m.Get(key(i)); found {
					if !bytes.Equal(got, value(i, 100)) {
						t.Errorf("%d is %.20q", i, got)
					}
				} else if err := m.Put(key(i), value(i, 100)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	m := Open(dir, today)
	defer m.Close()
	for i := range 200 {
		if _, found := m.Get(key(i)); !found {
			t.Errorf("%d is lost", i)
		}
	}
}

// What a killed run left is removed in time, and not before.
func TestWhatKilledRunsLeftIsSwept(t *testing.T) {
	dir := t.TempDir()
	left := filepath.Join(dir, unfinished+"1")
	if err := os.WriteFile(left, []byte(magic), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(now time.Time) bool {
		m := Open(dir, now)
		put(t, m, 1, 2, 1)
		m.Close()
		_, err := os.Lstat(left)
		return err == nil
	}
	if !run(time.Now()) || run(time.Now().Add(2*long)) {
		t.Error("it is removed too early, or never")
	}
}

func TestClean(t *testing.T) {
	dir := t.TempDir()
	m := Open(dir, today)
	put(t, m, 0, 10, 100)
	m.Close()
	if n, err := Clean(dir); n < 1000 || err != nil || sizeOf(t, dir) > 10 {
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := Clean(filepath.Join(dir, "none")); n != 0 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestProgram(t *testing.T) {
	id := string(Program())
	if len(id) < 20 || !strings.Contains(id, "/") {
		t.Errorf("%q", id)
	}
	if linked(os.DevNull) != nil {
		t.Error("nothing has an id")
	}
}

func sizeOf(t *testing.T, dir string) (size int64) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if info, err := d.Info(); err == nil {
			size += info.Size()
		}
	}
	return size
}
