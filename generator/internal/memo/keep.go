package memo

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// A memo may take this much and three times what the last run used, in bytes. Then it is cut down to two times that. So it stays
// in proportion to its site, whatever is changed, and a site that is built in two ways in turn has room for both.
const (
	spare   = 64 << 20
	most    = 3
	cutDown = 2
)

// most of a run that does not ask for all that is wanted, such as a preview: it cannot tell what is wanted, so it leaves twice as much as
// the last run that could, and at least this.
const leastUnknown = 1 << 30

// Small packs are put together when there are many of them: each run that changed something leaves one.
const (
	manyPacks = 12
	smallPack = 8 << 20
)

// keep writes the pack of this run, with what is taken over from older packs that go.
func (m *Memo) keep() {
	own := m.kept()
	m.folder.sweep(m.now, own)
	day := m.day()
	entries := m.entriesOf(own, day)
	old, over := m.outdated(own)
	if len(entries)+len(over) > 0 {
		var err error
		if own == nil {
			own, err = m.folder.begin()
		}
		for _, e := range over {
			if err == nil {
				err = own.carry(e, &entries)
			}
		}
		if err == nil {
			err = own.finish(entries)
		}
		if err == nil {
			err = m.folder.place(own, day)
		}
		if err != nil { // nothing is lost but time
			if own != nil {
				remove(own.name)
			}
			return
		}
	} else if own != nil {
		remove(own.name)
	}
	for _, p := range old {
		_ = p.file.Close()
		remove(p.name)
	}
}

// day returns the day of the run, counted since 1970.
func (m *Memo) day() int64 { return m.now.Unix() / (24 * 60 * 60) }

// sizeState names the state that says how many bytes the last run used that asked for all that is wanted.
func sizeState() Key { return KeyOf("used") }

func (m *Memo) lastUsed() int64 {
	data, found := m.State(sizeState())
	if !found || len(data) != 8 {
		return 0
	}
	return int64(min(binary.LittleEndian.Uint64(data), 1<<50))
}

// kept returns the pack of this run that lies in the folder, or nil.
func (m *Memo) kept() *pack {
	if len(m.own) > 0 && m.own[0].name != "" {
		return m.own[0]
	}
	return nil
}

func (m *Memo) entriesOf(own *pack, day int64) []entry {
	var out []entry
	for key, p := range m.known {
		if p.pack == own && own != nil {
			out = append(out, entry{key, p.at, int64(p.size), p.sum, day})
		}
	}
	slices.SortFunc(out, func(x, y entry) int { return cmp.Compare(x.at, y.at) })
	return out
}

// carried is an entry of an older pack that stays.
type carried struct {
	entry
	from *pack
	used bool // in this run
}

// outdated returns the packs that go, and which of their entries are taken over.
func (m *Memo) outdated(own *pack) (old []*pack, over []carried) {
	var total, used int64
	for _, p := range m.packs {
		total += p.size
	}
	if own != nil {
		total += own.end.Load()
	}
	for key := range m.used {
		if p := m.known[key]; p != nil {
			used += int64(p.size)
		}
	}
	if m.whole {
		m.SaveState(sizeState(), binary.LittleEndian.AppendUint64(nil, uint64(used)))
	}
	room := int64(1) << 62
	for _, p := range m.packs {
		if m.damaged[p] { // or what is not good in it would stand before what is good in another one
			old = append(old, p)
		}
	}
	limit := spare + most*used
	if !m.whole {
		limit = max(leastUnknown, 2*(spare+most*m.lastUsed()))
	}
	switch {
	case total > limit && m.whole:
		old, room = m.packs, spare/2+cutDown*used
	case total > limit:
		old, room = m.packs, limit/2
	case len(m.packs) >= manyPacks:
		for _, p := range m.packs {
			if p.size < smallPack && !m.damaged[p] {
				old = append(old, p)
			}
		}
	}
	for _, p := range old {
		for _, e := range p.entries {
			if now := m.known[e.key]; now != nil && now.pack == p && now.at == e.at {
				over = append(over, carried{e, p, m.used[e.key]})
			}
		}
	}
	slices.SortStableFunc(over, func(x, y carried) int { // what goes last comes first
		if x.used != y.used {
			return map[bool]int{true: -1, false: 1}[x.used]
		}
		return cmp.Compare(y.day, x.day)
	})
	if own != nil {
		room -= own.end.Load()
	}
	for i, e := range over {
		if room -= e.size; room < 0 {
			return old, over[:i]
		}
	}
	return old, over
}

// carry copies an entry of an older pack. One that is damaged is left behind.
func (p *pack) carry(c carried, entries *[]entry) error {
	data := make([]byte, c.size)
	if _, err := c.from.file.ReadAt(data, c.at); err != nil || sumOf(data) != c.sum {
		return nil
	}
	piece, err := p.write(data)
	if err != nil {
		return err
	}
	c.at = piece.at
	*entries = append(*entries, c.entry)
	return nil
}

// Info returns how many entries the memo in a folder has, and how many bytes it takes.
func Info(dir string) (entries int, size int64) { return folder(dir).info() }

// Clean removes everything from the memo in a folder that nobody else is writing, and returns how many bytes it took.
func Clean(dir string) (int64, error) {
	return folder(dir).clean()
}
