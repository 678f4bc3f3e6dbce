package remote

import (
	"context"
	"fmt"

	"waymark/generator/internal/storage"
)

// objects is an object store.
type objects struct{ *storage.Store }

func openObjects(address string) (Store, error) {
	s, err := storage.Open(address)
	if err != nil {
		return nil, err
	}
	return objects{s}, nil
}

func (o objects) Get(ctx context.Context, name, file string, most int64) error {
	return asked(o.Store.Get(ctx, name, file, most))
}

func (o objects) Put(ctx context.Context, name, file string) error {
	_, err := o.Store.Put(ctx, storage.Transfer{Name: name, File: file})
	return asked(err)
}

func asked(err error) error {
	if err != nil {
		return fmt.Errorf("ask the remote cache: %w", err)
	}
	return nil
}
