package memo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// pack is a file of entries, one behind another. A pack that is whole ends with a table of them:
//
//	magic | entries ... | table: key, place, size, digest, day of the last use | where the table begins, how many it names, its digest, magic
//
// all numbers in 8 bytes, little end first.
type pack struct {
	name    string // "" for one that is not kept
	file    *os.File
	size    int64
	entries []entry
	end     atomic.Int64
}

// entry is a line of a pack's table.
type entry struct {
	key  Key
	at   int64
	size int64
	sum  sum
	day  int64 // since 1970, on which it was last used
}

const (
	magic      = "waymark memo 1\n\x00"
	lineSize   = len(Key{}) + 8 + 8 + len(sum{}) + 8
	footSize   = 8 + 8 + len(sum{}) + len(magic)
	suffix     = ".pack"
	unfinished = "new-"
)

// maxTable is how many entries a pack may name: more than any site has.
const maxTable = 1 << 26

// unnamed makes a pack that nobody else sees, and that the system takes away in the end.
func unnamed() (*pack, error) {
	f, err := os.CreateTemp("", "waymark-*")
	if err != nil {
		return nil, fmt.Errorf("make a file for what is put aside: %w", err)
	}
	_ = os.Remove(f.Name()) // fails only where open files cannot be removed; close does it then
	return &pack{file: f}, nil
}

func (p *pack) close() {
	_ = p.file.Close()
	if p.name == "" {
		_ = os.Remove(p.file.Name()) // it is still there only where open files cannot be removed
	}
}

// drop closes a pack that is not whole, and removes it.
func (p *pack) drop() {
	p.close()
	if p.name != "" {
		remove(p.name)
	}
}

// write writes an entry behind the others.
func (p *pack) write(data []byte) (*piece, error) {
	at := p.end.Add(int64(len(data))) - int64(len(data))
	if _, err := p.file.WriteAt(data, at); err != nil {
		return nil, err
	}
	return &piece{p, at, len(data), sumOf(data)}, nil
}

// finish writes the table behind the entries, and closes the file.
func (p *pack) finish(entries []entry) error {
	table := make([]byte, 0, len(entries)*lineSize+footSize)
	for _, e := range entries {
		table = append(table, e.key[:]...)
		table = binary.LittleEndian.AppendUint64(table, uint64(e.at))   //nolint:gosec // places are never negative
		table = binary.LittleEndian.AppendUint64(table, uint64(e.size)) //nolint:gosec // nor are sizes
		table = append(table, e.sum[:]...)
		table = binary.LittleEndian.AppendUint64(table, uint64(e.day)) //nolint:gosec // nor are days
	}
	digest := sumOf(table)
	table = binary.LittleEndian.AppendUint64(table, uint64(p.end.Load())) //nolint:gosec // as above
	table = binary.LittleEndian.AppendUint64(table, uint64(len(entries)))
	table = append(append(table, digest[:]...), magic...)
	_, err := p.file.WriteAt(table, p.end.Load())
	return errors.Join(err, p.file.Close())
}

// read opens a pack that is whole.
func read(name string) (*pack, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	p := &pack{name: name, file: f}
	if err := p.readTable(); err != nil {
		_ = f.Close()
		return nil, err
	}
	return p, nil
}

// errTable says that a file is no whole pack.
var errTable = errors.New("this is no whole pack")

func (p *pack) readTable() error {
	info, err := p.file.Stat()
	if err != nil {
		return err
	}
	p.size = info.Size()
	if !info.Mode().IsRegular() || p.size < int64(len(magic)+footSize) {
		return errTable
	}
	foot := make([]byte, footSize)
	if _, err := p.file.ReadAt(foot, p.size-int64(footSize)); err != nil {
		return err
	}
	at, n := int64(binary.LittleEndian.Uint64(foot)), int64(binary.LittleEndian.Uint64(foot[8:])) //nolint:gosec // what is too large is refused
	if string(foot[16+len(sum{}):]) != magic || n < 0 || n > maxTable || at < int64(len(magic)) || at+n*int64(lineSize)+int64(footSize) != p.size {
		return errTable
	}
	table := make([]byte, n*int64(lineSize))
	if _, err := p.file.ReadAt(table, at); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if digest := sumOf(table); !bytes.Equal(digest[:], foot[16:16+len(sum{})]) {
		return errTable
	}
	p.entries = make([]entry, n)
	for i := range p.entries {
		line := table[i*lineSize:]
		e := &p.entries[i]
		copy(e.key[:], line)
		line = line[len(e.key):]
		e.at, e.size = int64(binary.LittleEndian.Uint64(line)), int64(binary.LittleEndian.Uint64(line[8:])) //nolint:gosec // looked at below
		copy(e.sum[:], line[16:])
		e.day = int64(binary.LittleEndian.Uint64(line[16+len(e.sum):])) //nolint:gosec // a day of any kind will do
		if e.at < 0 || e.size < 0 || e.at > at || e.size > at-e.at {
			return errTable
		}
	}
	return nil
}

// folder is where packs are kept.
type folder string

// openFolder makes the folder where there is none. It is "" where it cannot be used at all.
func openFolder(dir string) folder {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return ""
	}
	ignore := filepath.Join(dir, ".gitignore")
	if _, err := os.Lstat(ignore); errors.Is(err, os.ErrNotExist) {
		_ = os.WriteFile(ignore, []byte("*\n"), 0o600) // where it cannot be written, nothing else can
	}
	return folder(dir)
}

// packs opens all packs, the oldest first, and leaves out what is none.
func (f folder) packs() []*pack {
	listed, _ := os.ReadDir(string(f)) // sorted by name
	var all []*pack
	for _, d := range listed {
		name := filepath.Join(string(f), d.Name())
		if !strings.HasSuffix(name, suffix) {
			continue
		}
		p, err := read(name)
		if errors.Is(err, errTable) {
			remove(name)
		}
		if err == nil {
			all = append(all, p)
		}
	}
	return all
}

// sweep removes what killed runs left: packs that were begun long ago.
func (f folder) sweep(now time.Time, own *pack) {
	listed, _ := os.ReadDir(string(f))
	for _, d := range listed {
		if own != nil && d.Name() == filepath.Base(own.name) {
			continue
		}
		if info, err := d.Info(); err == nil && strings.HasPrefix(d.Name(), unfinished) && info.ModTime().Before(now.Add(-long)) {
			remove(filepath.Join(string(f), d.Name()))
		}
	}
}

// long is longer than any run takes.
const long = 24 * time.Hour

// place gives a pack that is whole its name. Names of later days come later.
func (f folder) place(p *pack, day int64) error {
	base := strings.TrimPrefix(filepath.Base(p.name), unfinished)
	placed := filepath.Join(string(f), fmt.Sprintf("%06d-%s%s", day, base, suffix))
	err := os.Rename(p.name, placed)
	if err == nil {
		p.name = placed
	}
	return err
}

// begin makes a pack that is not whole yet.
func (f folder) begin() (*pack, error) {
	file, err := os.CreateTemp(string(f), unfinished+"*")
	if err != nil {
		return nil, err
	}
	p := &pack{name: file.Name(), file: file}
	if _, err := file.WriteString(magic); err != nil {
		_ = file.Close()
		remove(p.name)
		return nil, err
	}
	p.end.Store(int64(len(magic)))
	return p, nil
}

// ours reports whether a file of the folder is one that the memo wrote.
func ours(name string) bool {
	return strings.HasSuffix(name, suffix) || strings.HasSuffix(name, stateSuffix) || strings.HasPrefix(name, unfinished)
}

func (f folder) info() (entries int, size int64) {
	known := map[Key]bool{}
	for _, p := range f.packs() {
		for _, e := range p.entries {
			known[e.key] = true
		}
		p.close()
	}
	listed, _ := os.ReadDir(string(f))
	for _, d := range listed {
		if info, err := d.Info(); err == nil && ours(d.Name()) {
			size += info.Size()
		}
	}
	return len(known), size
}

// clean removes all files of the memo.
func (f folder) clean() (bytes int64, err error) {
	listed, err := os.ReadDir(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	for _, d := range listed {
		if !ours(d.Name()) {
			continue
		}
		if info, infoErr := d.Info(); infoErr == nil {
			bytes += info.Size()
		}
		err = errors.Join(err, os.Remove(filepath.Join(string(f), d.Name())))
	}
	if err != nil {
		return bytes, fmt.Errorf("clean the cache: %w", err)
	}
	return bytes, nil
}
