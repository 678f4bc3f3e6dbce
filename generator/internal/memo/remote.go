package memo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sync/errgroup"

	"waymark/generator/internal/remote"
)

// What runs on several machines have in common lies in a store as packs, compressed, known by their digests, and as lists of packs:
// one that builds keep, and one of each share of a site that was made on a machine of its own. So a run needs few files of a store,
// however many entries it wants.

// MostShares is on how many machines a site may be made.
const MostShares = 64

// askedAtOnce is how many lists of shares are looked for, until none of so many is there.
const askedAtOnce = 8

// mostListed is how many packs builds list. Then they put together what they need.
const mostListed = 12

// mostPack is how large a pack may be that is fetched, in bytes, compressed and not.
const mostPack = 16 << 30

// list names the list of packs of one share, or of builds (0).
func list(share int) string {
	return remote.Action(KeyOf("packs", Program(), []byte(strconv.Itoa(share))))
}

// fetched names the state that says which packs lie in the folder already.
func fetched() Key { return KeyOf("fetched") }

// Fetch brings the packs into the folder that other runs have left in a store, and returns how many bytes came. It is called before
// anything else is asked of the memo. What has come when an error ends it stays.
func (m *Memo) Fetch(ctx context.Context, s remote.Store) (size int64, err error) {
	if !m.Kept() {
		return 0, nil
	}
	lists, err := m.lists(ctx, s)
	if err != nil {
		return 0, err
	}
	m.listed = lists
	have, got, gone := m.have(), map[[32]byte]bool{}, map[[32]byte]bool{}
	var wanted []remote.Blob
	for _, b := range without(slices.Concat(lists...)) {
		if have[b.Digest] {
			got[b.Digest] = true
		} else {
			wanted = append(wanted, b)
		}
	}
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, b := range wanted {
		g.Go(func() error {
			err := m.fetch(ctx, s, b)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				size += b.Size
				got[b.Digest] = true
			case isGone(err):
				gone[b.Digest] = true
				err = nil
			}
			return err
		})
	}
	err = g.Wait()
	m.remember(got)
	for i, l := range lists {
		lists[i] = slices.DeleteFunc(l, func(b remote.Blob) bool { return gone[b.Digest] })
	}
	m.listed, m.rewrite = lists, len(gone) > 0
	return size, err
}

// isGone reports whether an error says that somebody removed what was wanted, or that it is not what it should be: it is made again, and
// listed no more.
func isGone(err error) bool {
	return slices.ContainsFunc([]error{fs.ErrNotExist, errDamaged, errTable, remote.ErrTooLarge}, func(e error) bool { return errors.Is(err, e) })
}

// lists returns the lists of builds and of shares.
func (m *Memo) lists(ctx context.Context, s remote.Store) (all [][]remote.Blob, err error) {
	all = make([][]remote.Blob, 1+MostShares)
	for from, to := 0, askedAtOnce; to <= MostShares; from, to = to+1, to+askedAtOnce {
		g, ctx := errgroup.WithContext(ctx)
		for share := from; share <= to; share++ {
			g.Go(func() (err error) {
				all[share], err = m.list(ctx, s, share)
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(all[max(from, 1):to+1], func(l []remote.Blob) bool { return len(l) > 0 }) {
			break
		}
	}
	return all, nil
}

func (m *Memo) list(ctx context.Context, s remote.Store, share int) ([]remote.Blob, error) {
	file, done, err := m.scratch()
	if err != nil {
		return nil, err
	}
	defer done()
	if err := s.Get(ctx, list(share), file, remote.MostList); err != nil {
		if isGone(err) {
			err = nil
		}
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	blobs, err := remote.DecodeList(data)
	if err != nil {
		return nil, nil //nolint:nilerr // a list that is damaged is none, and is written again
	}
	return blobs, nil
}

// scratch makes a file in the folder. done removes it.
func (m *Memo) scratch() (name string, done func(), err error) {
	f, err := os.CreateTemp(string(m.folder), unfinished+"*")
	if err != nil {
		return "", nil, err
	}
	return f.Name(), func() { remove(f.Name()) }, f.Close()
}

// have returns which packs of a store lie in the folder.
func (m *Memo) have() map[[32]byte]bool {
	have := map[[32]byte]bool{}
	data, found := m.State(fetched())
	for ; found && len(data) >= len(Key{}); data = data[len(Key{}):] {
		have[[32]byte(data[:len(Key{})])] = true
	}
	return have
}

func (m *Memo) remember(have map[[32]byte]bool) {
	var data []byte
	for digest := range have {
		data = append(data, digest[:]...)
	}
	m.SaveState(fetched(), data)
}

// fetch brings one pack.
func (m *Memo) fetch(ctx context.Context, s remote.Store, b remote.Blob) error {
	if b.Size > mostPack {
		return errTable
	}
	packed, done, err := m.scratch()
	if err != nil {
		return err
	}
	defer done()
	if err := s.Get(ctx, b.Name(), packed, b.Size); err != nil {
		return err
	}
	plain, done, err := m.scratch()
	if err != nil {
		return err
	}
	defer done()
	if err := unpack(packed, plain, b); err != nil {
		return err
	}
	p, err := read(plain)
	if err != nil {
		return err
	}
	_ = p.file.Close() // it was only read
	return m.folder.place(p, m.day())
}

// unpack opens a compressed pack, if it is what was wanted.
func unpack(from, to string, b remote.Blob) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	h := sha256.New()
	z, err := zstd.NewReader(io.TeeReader(in, h), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return err
	}
	defer z.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	n, err := io.Copy(out, io.LimitReader(z, mostPack+1))
	if failed := new(fs.PathError); errors.As(err, &failed) {
		return err // there is no room for it
	}
	if err == nil {
		_, err = io.Copy(h, in) // what is behind it is a part of what the digest names
	}
	if err != nil || n > mostPack || [32]byte(h.Sum(nil)) != b.Digest {
		return errDamaged
	}
	return nil
}

// Give leaves what this run has put in in a store, for others: as a share of a site, or (0) as a build, which lists what the shares have
// as well. It returns how many bytes went. A build has to be Whole.
func (m *Memo) Give(ctx context.Context, s remote.Store, share int) (size int64, err error) {
	if !m.Kept() {
		return 0, nil
	}
	own := m.Save()
	if share > 0 {
		return m.add(ctx, s, share, m.earlier(share), own)
	}
	known := without(slices.Concat(m.listed...))
	lacks := (len(known) == 0 || m.rewrite) && m.stats.Found > 0 // what lies in the folder here
	if !lacks {
		if size, err = m.add(ctx, s, 0, known, own); err == nil {
			err = m.taken(ctx, s)
		}
		if err != nil || len(m.listOf(0)) < mostListed {
			return size, err
		}
	}
	all, done, err := m.gather(ctx)
	if err != nil {
		return size, err
	}
	defer done()
	more, err := m.add(ctx, s, 0, nil, all)
	return size + more, err
}

// taken empties the lists of shares, which builds list from now on.
func (m *Memo) taken(ctx context.Context, s remote.Store) error {
	for share, l := range m.listed {
		if share == 0 || len(l) == 0 {
			continue
		}
		if err := m.writeList(ctx, s, share, nil); err != nil {
			return err
		}
	}
	return nil
}

// earlier returns what was listed of a share, and no build lists yet. The newest of it stay.
func (m *Memo) earlier(share int) []remote.Blob {
	l := slices.DeleteFunc(slices.Clone(m.listOf(share)), func(b remote.Blob) bool { return slices.Contains(m.listOf(0), b) })
	return l[max(0, len(l)-mostListed+1):]
}

// listOf returns what was listed of a share, or of builds (0), when this run fetched it.
func (m *Memo) listOf(share int) []remote.Blob {
	if m.listed == nil {
		return nil
	}
	return m.listed[share]
}

// add leaves a pack in the store, where there is one, and lists it behind others.
func (m *Memo) add(ctx context.Context, s remote.Store, share int, all []remote.Blob, pack string) (size int64, err error) {
	if pack != "" {
		b, err := m.give(ctx, s, pack)
		if err != nil {
			return 0, err
		}
		size, all = b.Size, append(slices.Clone(all), b)
		have := m.have()
		have[b.Digest] = true
		m.remember(have)
	}
	if len(all) == 0 || slices.Equal(all, m.listOf(share)) && !m.rewrite {
		return size, nil
	}
	return size, m.writeList(ctx, s, share, all)
}

// without leaves out what is named twice.
func without(list []remote.Blob) (once []remote.Blob) {
	for _, b := range list {
		if !slices.Contains(once, b) {
			once = append(once, b)
		}
	}
	return once
}

// gather makes one pack of all that this run used.
func (m *Memo) gather(ctx context.Context) (name string, done func(), err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
	p, err := m.folder.begin()
	if err != nil {
		return "", nil, err
	}
	var entries []entry
	keys := slices.SortedFunc(maps.Keys(m.used), func(x, y Key) int { return bytes.Compare(x[:], y[:]) }) // the same each time
	for _, key := range keys {
		if at := m.known[key]; at != nil && err == nil {
			err = errors.Join(ctx.Err(), p.carry(carried{entry: entry{key, at.at, int64(at.size), at.sum, m.day()}, from: at.pack}, &entries))
		}
	}
	if err = errors.Join(err, p.finish(entries)); err != nil {
		remove(p.name)
		return "", nil, err
	}
	return p.name, func() { remove(p.name) }, nil
}

// give compresses a pack and leaves it in the store.
func (m *Memo) give(ctx context.Context, s remote.Store, pack string) (b remote.Blob, err error) {
	packed, done, err := m.scratch()
	if err != nil {
		return b, err
	}
	defer done()
	if b, err = compress(ctx, pack, packed); err != nil {
		return b, fmt.Errorf("compress %s: %w", filepath.Base(pack), err)
	}
	return b, s.Put(ctx, b.Name(), packed)
}

func compress(ctx context.Context, from, to string) (b remote.Blob, err error) {
	in, err := os.Open(from)
	if err != nil {
		return b, err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return b, err
	}
	h := sha256.New()
	z, err := zstd.NewWriter(io.MultiWriter(out, h), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err == nil {
		_, err = io.Copy(z, while{ctx, in})
		err = errors.Join(err, z.Close())
	}
	info, statErr := out.Stat()
	if err = errors.Join(err, statErr, out.Close()); err != nil {
		return b, err
	}
	return remote.Blob{Digest: [32]byte(h.Sum(nil)), Size: info.Size()}, nil
}

// while reads as long as somebody waits.
type while struct {
	ctx context.Context
	io.Reader
}

func (w while) Read(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.Reader.Read(p)
}

func (m *Memo) writeList(ctx context.Context, s remote.Store, share int, all []remote.Blob) error {
	file, done, err := m.scratch()
	if err != nil {
		return err
	}
	defer done()
	if err := os.WriteFile(file, remote.EncodeList(all), 0o600); err != nil {
		return err
	}
	return s.Put(ctx, list(share), file)
}
