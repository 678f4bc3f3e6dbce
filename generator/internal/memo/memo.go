// Package memo keeps what was made, by what it was made of: a text that was parsed, a page that was rendered. What is asked for again
// need not be made again, in this run or in another one.
//
// A memo is a folder of packs. A run reads the packs of the runs before it, and writes one of its own, which takes its name when
// it is whole; a pack is never changed. So nobody waits for anybody, a run that is killed leaves nothing but a file that the next
// one removes, and what cannot be read is as if it had never been there: each entry carries its digest. A memo is no promise:
// where its folder cannot be read or written, or the disk is full, everything is made as if there were none.
package memo

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"waymark/generator/internal/remote"
)

// Key names what an entry was made of.
type Key [sha256.Size]byte

// KeyOf returns the key of what a kind of work makes of some parts. Different parts, or the same in another order, give another
// key.
func KeyOf(kind string, parts ...[]byte) Key {
	h := sha256.New()
	var size [8]byte
	for _, part := range append([][]byte{[]byte(kind)}, parts...) {
		binary.LittleEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write(part)
	}
	return Key(h.Sum(nil))
}

// Part returns the key of a part of what the key names.
func (k Key) Part(n byte) Key {
	k[len(k)-1] ^= n
	return k
}

// piece is an entry, wherever it lies.
type piece struct {
	pack *pack
	at   int64
	size int
	sum  sum
}

// Memo is a memo that is open. It may be used by several goroutines.
type Memo struct {
	folder folder // where it is kept, or nowhere
	now    time.Time
	run    []byte // what no other run has

	moving sync.RWMutex // held against who moves what others read

	mu      sync.Mutex
	known   map[Key]*piece
	packs   []*pack        // of runs before
	own     []*pack        // of this run: the last is written to
	damaged map[*pack]bool // that have entries which are not what they were
	used    map[Key]bool   // what was asked for, or put in, in this run, where it is kept
	stats   Stats
	loaded  bool
	whole   bool            // whether this run asked for all that is wanted
	spoiled bool            // whether writing to the folder failed: then nothing more of this run is kept
	listed  [][]remote.Blob // what lies in a store: of builds, and behind it of shares by their numbers
	rewrite bool            // whether they list what is not there
	tidyAt  int64           // how large what this run put in may become before it is worth looking what of it is wanted
}

// Stats says what a memo gave.
type Stats struct {
	Found  int // of what was asked for
	Missed int // of what was asked for
	Added  int
}

// Open opens the memo in a folder, making the folder where there is none. It never fails: without a folder that can be used, or
// where dir is "", or where nobody can tell this program from another one, the memo forgets everything in the end. now is the
// caller's clock, by which what was not used for long is forgotten first.
func Open(dir string, now time.Time) *Memo {
	run := make([]byte, 16)
	_, _ = rand.Read(run) // it never fails
	m := &Memo{now: now, run: run, known: map[Key]*piece{}, used: map[Key]bool{}, damaged: map[*pack]bool{}}
	if dir != "" && Program() != nil {
		m.folder = openFolder(dir)
	}
	return m
}

// Mine returns a key of what may be found by this run alone.
func (m *Memo) Mine(key Key) Key { return KeyOf("mine", m.run, key[:]) }

// load reads the tables of the packs, when something is first asked for.
func (m *Memo) load() {
	if m.loaded || !m.Kept() {
		return
	}
	m.loaded = true
	m.packs = m.folder.packs()
	for _, p := range m.packs {
		for i := range p.entries {
			e := &p.entries[i]
			m.known[e.key] = &piece{p, e.at, int(e.size), e.sum}
		}
	}
}

// Kept reports whether the memo outlives the run.
func (m *Memo) Kept() bool { return m.folder != "" }

// find returns the entry of a key without reading it, or nil.
func (m *Memo) find(key Key) *piece {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
	p := m.known[key]
	if m.Kept() && p == nil {
		m.stats.Missed++
	}
	if m.Kept() && p != nil {
		m.stats.Found++
		m.used[key] = true
	}
	return p
}

// Has reports whether there is an entry of a key, which may turn out to be damaged.
func (m *Memo) Has(key Key) bool { return m.find(key) != nil }

// Get returns the entry of a key. One that is damaged, or cannot be read, is not there: its pack goes when the run ends.
func (m *Memo) Get(key Key) (data []byte, found bool) {
	m.moving.RLock()
	defer m.moving.RUnlock()
	p := m.find(key)
	if p == nil {
		return nil, false
	}
	data, err := p.read()
	if err != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.damaged[p.pack] = true
		delete(m.known, key)
		if m.Kept() {
			m.stats.Found--
			m.stats.Missed++
		}
		return nil, false
	}
	return data, true
}

// errDamaged says that an entry is not what it was.
var errDamaged = errors.New("the entry is damaged")

func (p *piece) read() ([]byte, error) {
	data := make([]byte, p.size)
	_, err := p.pack.file.ReadAt(data, p.at)
	if err == nil && sumOf(data) != p.sum {
		err = errDamaged
	}
	return data, err
}

// Use says that the entry of a key is wanted, without fetching it.
func (m *Memo) Use(key Key) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.used[key] = true
}

// Put puts an entry into the memo. The error is the machine's: then there is no room for it anywhere, and it is lost.
func (m *Memo) Put(key Key, data []byte) error {
	m.moving.RLock()
	defer m.moving.RUnlock()
	p, err := m.write(data)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load() // or what is read later would stand over it
	m.known[key] = p
	if m.Kept() {
		m.used[key] = true
		m.stats.Added++
	}
	return nil
}

// Keep is Put for what can be made again: where it cannot be kept for another run, nothing is done.
func (m *Memo) Keep(key Key, data []byte) {
	m.mu.Lock()
	kept := m.Kept() && !m.spoiled
	m.mu.Unlock()
	if kept {
		_ = m.Put(key, data) // what cannot be kept is made again
	}
}

// write writes data behind what this run has written so far. What does not fit into the folder goes into a file without a name.
func (m *Memo) write(data []byte) (*piece, error) {
	own, err := m.open(nil)
	if err != nil {
		return nil, err
	}
	p, err := own.write(data)
	if err != nil && own.name != "" {
		if own, err = m.open(own); err == nil {
			p, err = own.write(data)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("put something aside: %w", err)
	}
	return p, nil
}

// open returns the pack that this run writes to, another one than that which could not be written to.
func (m *Memo) open(failed *pack) (*pack, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spoiled = m.spoiled || failed != nil
	if n := len(m.own); n > 0 && m.own[n-1] != failed {
		return m.own[n-1], nil
	}
	own, err := m.begin()
	if err != nil {
		return nil, err
	}
	m.own = append(m.own, own)
	return own, nil
}

// begin begins a pack of this run: in the folder, as long as that can be written to.
func (m *Memo) begin() (*pack, error) {
	if m.Kept() && !m.spoiled {
		if own, err := m.folder.begin(); err == nil {
			return own, nil
		}
	}
	m.spoiled = true
	return unnamed()
}

// Whole says that this run has asked for all that is wanted of the memo. Only then Close can tell what is not, and forgets of it what is
// too much.
func (m *Memo) Whole() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.whole = true
}

// Stats returns what the memo gave so far.
func (m *Memo) Stats() Stats {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.stats
}

// Close ends the run. What it put in is kept for the next one, and what is too much or too old is forgotten. Nothing can be
// asked for afterwards.
func (m *Memo) Close() {
	m.moving.Lock() // a picture may still be in the making, for a browser that has gone
	defer m.moving.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Kept() {
		m.keep()
	}
	for _, p := range append(m.packs, m.own...) {
		p.close()
	}
}

// sum is enough of a SHA-256 digest to tell damaged bytes from whole ones.
type sum [16]byte

func sumOf(data []byte) sum {
	whole := sha256.Sum256(data)
	return sum(whole[:len(sum{})])
}

// remove removes a file that nobody needs any more. One that stays is removed by a later run.
func remove(name string) { _ = os.Remove(name) }
