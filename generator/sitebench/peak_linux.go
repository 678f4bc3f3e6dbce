package main

import (
	"os"
	"syscall"
)

// peak returns how much memory a process that has ended took at most, in bytes; false where that is not known.
func peak(p *os.ProcessState) (int64, bool) {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, false
	}
	return usage.Maxrss << 10, true // in kibibytes: getrusage(2)
}
