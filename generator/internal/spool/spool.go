// Package spool keeps texts on disk while nobody needs them, so that the memory that a site takes does not grow with the size
// of its pages.
package spool

import (
	"fmt"
	"iter"
	"os"
	"sync"
	"sync/atomic"
)

// Spool is a file without a name: the system takes it away whatever happens. It may be used by several goroutines.
type Spool struct {
	file *os.File

	mu     sync.RWMutex // held against Compact, which moves what others read
	end    atomic.Int64
	tidyAt int64 // how large it may become before it is worth looking what of it is wanted
}

// Piece is a text in a Spool. Where it lies may change.
type Piece struct {
	at   int64
	size int
}

// Size returns how long the text is, in bytes.
func (p *Piece) Size() int { return p.size }

// New makes an empty Spool. Close it when it is no longer needed.
func New() (*Spool, error) {
	f, err := os.CreateTemp("", "waymark-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for the texts: %w", err)
	}
	_ = os.Remove(f.Name()) // fails only where open files cannot be removed; Close does it then
	return &Spool{file: f, tidyAt: slack}, nil
}

// Put puts a text aside.
func (s *Spool) Put(data []byte) (*Piece, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := &Piece{s.end.Add(int64(len(data))) - int64(len(data)), len(data)}
	if _, err := s.file.WriteAt(data, p.at); err != nil {
		return nil, fmt.Errorf("put a text aside: %w", err)
	}
	return p, nil
}

// Get fetches a text.
func (s *Spool) Get(p *Piece) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	data := make([]byte, p.size)
	if _, err := s.file.ReadAt(data, p.at); err != nil {
		return nil, fmt.Errorf("fetch a text: %w", err)
	}
	return data, nil
}

// Size returns how many bytes the Spool takes.
func (s *Spool) Size() int64 { return s.end.Load() }

// slack is how much of a Spool, in bytes, may be texts that nobody wants any more, beside as much again as is wanted.
const slack = 16 << 20

// Compact copies the texts that are wanted into a new file where there are many others beside them. What is not wanted must
// not be asked for again. A text may be named more than once.
func (s *Spool) Compact(wanted iter.Seq[*Piece]) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end.Load() < s.tidyAt {
		return nil
	}
	pieces := map[*Piece]bool{}
	live := int64(slack)
	for p := range wanted {
		if !pieces[p] {
			pieces[p] = true
			live += 2 * int64(p.size)
		}
	}
	s.tidyAt = live
	if s.end.Load() < live {
		return nil
	}
	next, err := New()
	if err != nil {
		return err
	}
	moved := make(map[*Piece]int64, len(pieces))
	for p := range pieces {
		if moved[p], err = next.take(s, p); err != nil {
			next.Close()
			return err
		}
	}
	for p, at := range moved {
		p.at = at
	}
	s.release()
	s.file = next.file
	s.end.Store(next.end.Load())
	return nil
}

// take copies a text from another Spool, and returns where it lies.
func (s *Spool) take(from *Spool, p *Piece) (int64, error) {
	data := make([]byte, p.size)
	if _, err := from.file.ReadAt(data, p.at); err != nil {
		return 0, fmt.Errorf("fetch a text: %w", err)
	}
	copied, err := s.Put(data)
	if err != nil {
		return 0, err
	}
	return copied.at, nil
}

// Close gives the Spool's room back.
func (s *Spool) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release()
}

func (s *Spool) release() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // it is still there only where open files cannot be removed
}
