package output

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"waymark/generator/diag"
)

// patience is how long a build waits for another one to leave the folder, and how often it looks.
const (
	patience = 3 * time.Second
	glance   = 50 * time.Millisecond
)

// lock takes the lock that a file stands for. The system takes it back when the process ends, however it ends, so that no
// killed build keeps others out. In the file stands who has it; nothing, while nobody does. Where the disk knows no locks
// (some network file systems), nobody is kept out.
func lock(name, folder string, wait time.Duration) (release func(), locked bool, err error) {
	l := flock.New(name)
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	locked, err = l.TryLockContext(ctx, glance)
	if ctx.Err() != nil {
		return nil, false, busy(name, folder)
	}
	if err != nil || !locked {
		return func() {}, false, nil
	}
	host, _ := os.Hostname() // of no use where it is not known
	_ = os.WriteFile(name, fmt.Appendf(nil, "process %d on %s", os.Getpid(), host), 0o644)
	return func() {
		_ = os.Truncate(name, 0)
		_ = l.Unlock()
	}, true, nil
}

// busy says who builds into a folder, and since when.
func busy(name, folder string) error {
	who, since := "another build", ""
	if data, err := os.ReadFile(name); err == nil && len(data) > 0 {
		who += " (" + diag.Printable(strings.TrimSpace(string(data))) + ")"
	}
	if info, err := os.Stat(name); err == nil {
		since = " since " + info.ModTime().Format(time.DateTime)
	}
	return diag.Usagef("%s has been writing to %s%s (wait until it is done, or build into another folder)", who, folder, since)
}
