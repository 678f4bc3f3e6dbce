package watch

import (
	"slices"

	"golang.org/x/sys/unix"
)

// remotes are the kinds of file systems whose changes the kernel does not learn of: NFS, SMB, CIFS, FUSE, 9P (Windows'
// folders in its Linux), VirtualBox. Source: statfs(2), linux/magic.h.
var remotes = []int64{0x6969, 0x517B, 0xFE534D42, 0xFF534D42, 0x65735546, 0x01021997, 0x786F4256}

// remote reports whether a folder lies on another machine.
func remote(folder string) bool {
	var s unix.Statfs_t
	return unix.Statfs(folder, &s) == nil && slices.Contains(remotes, int64(uint32(s.Type))) //nolint:gosec // the magic number has 32 bits
}
