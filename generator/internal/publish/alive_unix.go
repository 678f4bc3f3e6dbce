//go:build unix

package publish

import (
	"errors"
	"syscall"
)

// alive reports whether there is a process of this number.
func alive(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
