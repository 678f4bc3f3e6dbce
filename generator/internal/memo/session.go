package memo

import "iter"

// A run that lasts, such as a preview, lets go of what it does not want any more, and gives others what it made before it ends.

// slack is how much of what a run put in, in bytes, may be what nobody wants any more, beside as much again as is wanted.
const slack = 16 << 20

// Load reads what is known of the entries ahead of the first question, which else waits for it.
func (m *Memo) Load() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.load()
}

// Save gives what this run put in so far to later runs, as Close does. It stays within reach. Where it lies is returned, or "" where there
// is nothing.
func (m *Memo) Save() string {
	m.moving.Lock()
	defer m.moving.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	own := m.kept()
	if own == nil || m.spoiled {
		return ""
	}
	m.own = m.own[1:]
	entries := m.entriesOf(own, m.day())
	err := own.finish(entries)
	if err == nil {
		err = m.folder.place(own, m.day())
	}
	var placed *pack
	if err == nil {
		placed, err = read(own.name)
	} else {
		remove(own.name)
	}
	for _, e := range entries {
		if p := m.known[e.key]; err != nil {
			delete(m.known, e.key)
		} else {
			p.pack = placed
		}
	}
	if err != nil {
		return ""
	}
	m.packs = append(m.packs, placed)
	return placed.name
}

// Tidy takes the entries that this run put in and that are not wanted out again, where there are many. What it put in before the
// last Save is left alone. An error is the machine's: then everything is as it was.
func (m *Memo) Tidy(wanted iter.Seq[Key]) error { return m.tidy(wanted, slack) }

func (m *Memo) tidy(wanted iter.Seq[Key], slack int64) error {
	m.moving.Lock()
	defer m.moving.Unlock()
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.own)
	if n == 0 || m.own[n-1].end.Load() < max(m.tidyAt, slack) {
		return nil
	}
	old := m.own[n-1]
	stays := map[Key]bool{}
	live := slack
	for key := range wanted {
		if p := m.known[key]; p != nil && p.pack == old && !stays[key] {
			stays[key] = true
			live += 2 * int64(p.size)
		}
	}
	if m.tidyAt = live; old.end.Load() < live {
		return nil
	}
	err := m.move(old, n-1, stays)
	if err != nil {
		m.tidyAt = 2 * old.end.Load() // there is no room for it now
	}
	return err
}

// move moves those entries of one of this run's packs that stay into another one, which takes its place.
func (m *Memo) move(old *pack, place int, stays map[Key]bool) error {
	next, err := m.begin()
	if err != nil {
		return err
	}
	moved := make(map[Key]*piece, len(stays))
	for key := range stays {
		data, err := m.known[key].read()
		if err != nil {
			continue // it is damaged, and as if it were not there
		}
		if moved[key], err = next.write(data); err != nil {
			next.drop()
			return err
		}
	}
	for key, p := range m.known {
		if to := moved[key]; to != nil {
			m.known[key] = to
		} else if p.pack == old {
			delete(m.known, key)
		}
	}
	m.own[place] = next
	old.drop()
	return nil
}

// Size returns how many bytes this run has put in since the last Save, and has not let go of.
func (m *Memo) Size() (size int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range m.own {
		size += p.end.Load()
	}
	return size
}
