package generator

import (
	"fmt"
	"os"
	"sync"
)

// spool keeps the pages' texts on disk between parsing and rendering, so that the memory a build takes does not grow
// with the size of its pages. Its file has no name: the system takes it away whatever happens.
type spool struct {
	file *os.File
	mu   sync.Mutex
	end  int64
}

// piece is a place in a spool.
type piece struct {
	at   int64
	size int
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "waymark-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for the texts: %w", err)
	}
	_ = os.Remove(f.Name()) // fails only where open files cannot be removed; close does it then
	return &spool{file: f}, nil
}

func (s *spool) put(data []byte) (piece, error) {
	s.mu.Lock()
	p := piece{s.end, len(data)}
	s.end += int64(len(data))
	s.mu.Unlock()
	if _, err := s.file.WriteAt(data, p.at); err != nil {
		return p, fmt.Errorf("put a text aside: %w", err)
	}
	return p, nil
}

func (s *spool) get(p piece) ([]byte, error) {
	data := make([]byte, p.size)
	if _, err := s.file.ReadAt(data, p.at); err != nil {
		return nil, fmt.Errorf("fetch a text: %w", err)
	}
	return data, nil
}

func (s *spool) close() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // it is still there only where open files cannot be removed
}

// rewritten copies the pieces that are still wanted into a spool of their own.
func (s *spool) rewritten(wanted map[piece]piece) (*spool, error) {
	next, err := newSpool()
	if err != nil {
		return nil, err
	}
	for old := range wanted {
		data, err := s.get(old)
		if err == nil {
			wanted[old], err = next.put(data)
		}
		if err != nil {
			next.close()
			return nil, err
		}
	}
	return next, nil
}
