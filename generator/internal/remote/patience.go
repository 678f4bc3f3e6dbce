package remote

import (
	"context"
	"errors"
	"time"
)

// How long a build waits for a store. What has not come by then is made, and what has not gone is lost to others alone.
const (
	readPatience  = 10 * time.Second
	writePatience = 30 * time.Second
)

// errSlow says that somebody has waited long enough.
var errSlow = errors.New("it did not answer in time")

// Reading bounds how long is waited for what a store has.
func Reading(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, readPatience, errSlow)
}

// Writing bounds how long is waited for a store to take something.
func Writing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, writePatience, errSlow)
}

// Reason returns what ended something, where the context did, and else the error.
func Reason(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
