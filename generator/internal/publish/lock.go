package publish

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"waymark/generator/diag"
)

// A lock keeps others out for as long as it says, and is renewed long before that ends. So a publisher that is killed keeps nobody out for
// long.
const (
	lockFor   = 5 * time.Minute
	renewEach = time.Minute
)

// lock says that a publisher is at work.
type lock struct {
	holder
	place *counted
	ctx   context.Context // ends when the lock is lost
	stop  context.CancelCauseFunc
	ended chan struct{}
}

// holder is what stands in the lock's file.
type holder struct {
	Host  string    `json:"host"`
	Where string    `json:"where,omitempty"` // within what the number of the process means one process; "" where that cannot be told
	PID   int       `json:"process"`
	Token string    `json:"token"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
}

// errLost says that somebody else has taken the place of this publisher.
var errLost = errors.New("another publisher has taken the place of this one (look whether both were meant, and publish again)")

// acquire takes the lock of a place. Another publisher that is at work is a *diag.UsageError, unless unlock says that it is not.
func acquire(ctx context.Context, p *counted, unlock bool) (*lock, error) {
	host, _ := os.Hostname() // of no use where it is not known
	now := time.Now().UTC().Truncate(time.Second)
	l := &lock{holder: holder{host, processes(), os.Getpid(), rand.Text(), now, now.Add(lockFor)}, place: p, ended: make(chan struct{})}
	for range 3 { // it may go, or come, while it is looked at
		var other holder
		err := l.write(ctx, p.Create)
		if err == nil {
			other, err = readLock(ctx, p) // a store that knows no conditions has let in whoever wrote last
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("keep other publishers out: %w", err)
		}
		if err == nil && other.Token == l.Token {
			l.ctx, l.stop = context.WithCancelCause(ctx)
			go l.renew()
			return l, nil
		}
		if other, err = readLock(ctx, p); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("keep other publishers out: %w", err)
		}
		if now.Before(other.Until) && !unlock && !other.dead() {
			return nil, diag.Usagef("process %d on %s has been publishing there since %s, and keeps others out until %s (wait, or use --unlock if it was killed)",
				other.PID, diag.Printable(other.Host), other.Since.Local().Format(time.DateTime), other.Until.Local().Format(time.TimeOnly))
		}
		if err := p.Remove(ctx, lockName); err != nil {
			return nil, fmt.Errorf("keep other publishers out: %w", err)
		}
	}
	return nil, diag.Usagef("another publisher came first (wait until it is done)")
}

// dead reports whether the holder was a process that could be seen from here, and is no more. Where that cannot be told, it is not.
func (h holder) dead() bool {
	return h.Where != "" && h.Where == processes() && (h.PID == os.Getpid() || !alive(h.PID))
}

// readLock reads who has the lock. A file that says nothing of that is nobody's.
func readLock(ctx context.Context, p *counted) (h holder, err error) {
	data, err := p.Get(ctx, lockName)
	if err != nil {
		return h, err
	}
	_ = json.Unmarshal(data, &h)
	return h, nil
}

// write writes the lock's file; fs.ErrExist where it is to be made, and is there.
func (l *lock) write(ctx context.Context, how func(context.Context, object) (bool, error)) error {
	data, err := json.Marshal(l.holder)
	if err != nil {
		return err
	}
	return withFile(data, func(file string) error {
		made, err := how(ctx, object{path: lockName, file: file, kind: "application/json", caching: "no-store"})
		if err == nil && !made {
			err = fs.ErrExist
		}
		return err
	})
}

// renew says from time to time that this publisher is still at work.
func (l *lock) renew() {
	defer close(l.ended)
	tick := time.NewTicker(renewEach)
	defer tick.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case now := <-tick.C:
			if err := l.check(l.ctx, l.place); err != nil {
				l.stop(err)
				return
			}
			l.Until = now.UTC().Truncate(time.Second).Add(lockFor)
			_ = l.write(l.ctx, func(ctx context.Context, o object) (bool, error) { return true, l.place.Put(ctx, o) }) // the next one may do
		}
	}
}

// check returns an error where somebody else has the lock.
func (l *lock) check(ctx context.Context, p *counted) error {
	if l == nil {
		return nil
	}
	now, err := readLock(ctx, p)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && now.Token != l.Token:
		return errLost
	case err != nil:
		return fmt.Errorf("keep other publishers out: %w", err)
	}
	return nil
}

// release lets others in. Where that fails, time does.
func (l *lock) release() {
	l.stop(nil)
	<-l.ended
	ctx, done := context.WithTimeout(context.Background(), 10*time.Second) // also where the publication was given up
	defer done()
	if l.check(ctx, l.place) == nil { // else it is not ours to take away
		_ = l.place.Remove(ctx, lockName)
	}
}
