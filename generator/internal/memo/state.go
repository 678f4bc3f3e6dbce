package memo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A state is what one run tells the next one of itself, under a name: unlike an entry, it is another one each time.
const stateSuffix = ".state"

// manyStates is how many states there may be. Of more, the oldest go.
const manyStates = 32

// State returns the state of a name that was saved last; found is false where there is none that is whole.
func (m *Memo) State(name Key) (data []byte, found bool) {
	if !m.Kept() {
		return nil, false
	}
	whole, err := os.ReadFile(m.folder.state(name))
	if err != nil || len(whole) < len(sum{}) {
		return nil, false
	}
	data = whole[len(sum{}):]
	return data, sumOf(data) == sum(whole[:len(sum{})])
}

// SaveState saves a state in the place of an earlier one. Where that fails, there is none.
func (m *Memo) SaveState(name Key, data []byte) {
	if !m.Kept() {
		return
	}
	digest := sumOf(data)
	if err := m.folder.replace(m.folder.state(name), append(digest[:], data...)); err != nil {
		remove(m.folder.state(name))
	}
	m.folder.forgetStates()
}

// Touched returns the time of the file system on which the memo lies; an error where it cannot be told.
func (m *Memo) Touched() (time.Time, error) {
	if !m.Kept() {
		return time.Time{}, errors.ErrUnsupported
	}
	f, err := os.CreateTemp(string(m.folder), unfinished+"*")
	if err != nil {
		return time.Time{}, fmt.Errorf("ask the file system for the time: %w", err)
	}
	_, err = f.WriteString("\n")
	info, statErr := f.Stat()
	err = errors.Join(err, statErr, f.Close())
	remove(f.Name())
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}

func (f folder) state(name Key) string {
	return filepath.Join(string(f), fmt.Sprintf("%x%s", name[:12], stateSuffix))
}

// replace writes a file beside another one, and puts it in its place when it is whole.
func (f folder) replace(name string, data []byte) error {
	file, err := os.CreateTemp(string(f), unfinished+"*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		remove(file.Name())
	}
	return err
}

func (f folder) forgetStates() {
	listed, _ := os.ReadDir(string(f))
	var oldest string
	var when time.Time
	n := 0
	for _, d := range listed {
		info, err := d.Info()
		if err != nil || !strings.HasSuffix(d.Name(), stateSuffix) {
			continue
		}
		if n++; oldest == "" || info.ModTime().Before(when) {
			oldest, when = d.Name(), info.ModTime()
		}
	}
	if n > manyStates {
		remove(filepath.Join(string(f), oldest))
	}
}
