package memo

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"errors"
	"io"
	"os"
	"sync"
)

// Program returns what tells this program from any other, such as another version of it: the id that the linker wrote into it, which
// follows from all that it was made of, or else a digest of the whole file. It is nil where neither can be read: then nothing that this
// program makes may be kept.
var Program = sync.OnceValue(func() []byte {
	name, err := os.Executable()
	if err != nil {
		return nil
	}
	if id := linked(name); len(id) > 0 {
		return id
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if errors.Join(err, f.Close()) != nil {
		return nil
	}
	return h.Sum(nil)
})

// What stands around the id in a program (cmd/internal/buildid of Go), and how far from its beginning at most.
var (
	idBegins = []byte("\xff Go build ID: \"")
	idEnds   = []byte("\"\n \xff")
)

const idWithin = 64 << 10

// linked returns the id that the linker wrote, or nothing.
func linked(name string) []byte {
	if f, err := elf.Open(name); err == nil {
		defer func() { _ = f.Close() }() // it was only read
		if note := f.Section(".note.go.buildid"); note != nil {
			data, err := note.Data()
			if err == nil && len(bytes.Trim(data[min(16, len(data)):], "\x00")) > 0 { // behind the header of the note
				return data
			}
		}
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // it was only read
	head := make([]byte, idWithin)
	n, _ := io.ReadFull(f, head)
	_, behind, found := bytes.Cut(head[:n], idBegins)
	id, _, ended := bytes.Cut(behind, idEnds)
	if !found || !ended {
		return nil
	}
	return id
}
