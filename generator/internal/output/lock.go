package output

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	ctx, cancel := context.WithTimeout(context.Background(), wait)
	defer cancel()
	var l *flock.Flock
	for locked = false; !locked; {
		err := os.MkdirAll(filepath.Dir(name), 0o755) // who was there may have taken it away
		if errors.Is(err, fs.ErrNotExist) && ctx.Err() == nil {
			continue // and while it was made, too
		}
		if err != nil {
			return nil, false, fmt.Errorf("prepare the output folder: %w", err)
		}
		l = flock.New(name)
		ours, err := l.TryLock() // at least once, however short the wait
		if !ours && err == nil {
			ours, err = l.TryLockContext(ctx, glance)
		}
		switch {
		case ctx.Err() != nil && !ours:
			return nil, false, busy(name, folder)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return func() {}, false, nil
		}
		if locked = ours && isThere(l, name); !locked {
			_ = l.Close() // a lock on a file that is gone keeps nobody out
		}
	}
	host, _ := os.Hostname() // of no use where it is not known
	_ = os.WriteFile(name, fmt.Appendf(nil, "process %d on %s", os.Getpid(), host), 0o644)
	return func() {
		_ = os.Truncate(name, 0)
		_ = l.Unlock()
	}, true, nil
}

// isThere reports whether the file that is locked is the one that others would lock.
func isThere(l *flock.Flock, name string) bool {
	held, err := l.Stat()
	if err != nil {
		return false
	}
	now, err := os.Stat(name)
	return err == nil && os.SameFile(held, now)
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
