//go:build unix

package source

import (
	"os"
	"syscall"
)

// own reports whether a folder belongs to who runs this program.
func own(dir string) bool {
	info, err := os.Stat(dir)
	if err != nil {
		return false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
