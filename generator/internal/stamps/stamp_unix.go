//go:build unix

package stamps

import (
	"errors"

	"golang.org/x/sys/unix"
)

// supported says that the system tells when anything about a file changed.
const supported = true

// stamp fills in what the system says of a file.
func (f *File) stamp(name string) error {
	var s unix.Stat_t
	err := unix.Lstat(name, &s)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return err //nolint:wrapcheck // nobody sees it
	}
	f.Mode, f.Device, f.Number, f.Size = uint32(s.Mode), uint64(s.Dev), uint64(s.Ino), s.Size //nolint:unconvert // they have other types on other systems
	f.Written, f.Changed = s.Mtim.Nano(), s.Ctim.Nano()
	return nil
}
