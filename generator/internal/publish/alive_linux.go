package publish

import (
	"errors"
	"os"
	"strings"
	"syscall"
)

// processes names all that the number of a process means one process in: this start of the system, and the container.
func processes() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	space, linkErr := os.Readlink("/proc/self/ns/pid")
	if err != nil || linkErr != nil {
		return ""
	}
	return strings.TrimSpace(string(boot)) + " " + space
}

// alive reports whether there is a process of this number.
func alive(pid int) bool {
	return pid > 0 && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}
