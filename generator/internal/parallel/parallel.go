// Package parallel does the same to many things, several at a time.
package parallel

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Each does something to every item. It bounds how many are in flight, and with them the memory that they take. It returns
// the first error, and then begins no other item.
func Each[T any](ctx context.Context, items []T, do func(i int, item T) error) error {
	return Most(ctx, runtime.GOMAXPROCS(0)+1, items, do)
}

// Most is Each with a bound of one's own, for work that mostly waits.
func Most[T any](ctx context.Context, inFlight int, items []T, do func(i int, item T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	for i, item := range items {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(i, item)
		})
	}
	return group.Wait()
}
