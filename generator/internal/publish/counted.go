package publish

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
)

// counted is a place that counts what is asked of it.
type counted struct {
	place
	requests, sent, fetched atomic.Int64
}

func (c *counted) Get(ctx context.Context, path string) ([]byte, error) {
	c.requests.Add(1)
	data, err := c.place.Get(ctx, path)
	c.fetched.Add(int64(len(data)))
	return data, err
}

// sends counts a file on its way.
func (c *counted) sends(o object) {
	c.requests.Add(1)
	if info, err := os.Stat(o.file); err == nil {
		c.sent.Add(info.Size())
	}
}

func (c *counted) Put(ctx context.Context, o object) error {
	c.sends(o)
	return c.place.Put(ctx, o)
}

func (c *counted) Create(ctx context.Context, o object) (bool, error) {
	c.sends(o)
	return c.place.Create(ctx, o)
}

func (c *counted) Look(ctx context.Context, path string, packed bool) (string, error) {
	c.requests.Add(1)
	return c.place.Look(ctx, path, packed)
}

func (c *counted) Copy(ctx context.Context, from, to string) error {
	c.requests.Add(1)
	return c.place.Copy(ctx, from, to)
}

func (c *counted) Remove(ctx context.Context, path string) error {
	c.requests.Add(1)
	return c.place.Remove(ctx, path)
}

// withFile puts bytes into a file while something is done with it.
func withFile(data []byte, do func(file string) error) error {
	f, err := os.CreateTemp("", "waymark-*")
	if err != nil {
		return fmt.Errorf("make a file to send: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("make a file to send: %w", err)
	}
	return do(f.Name())
}

// put puts bytes in their place.
func put(ctx context.Context, p place, o object, data []byte) error {
	return withFile(data, func(file string) error {
		o.file, o.digest, o.kind, o.caching = file, digestOf(data), "application/json", "no-cache"
		return p.Put(ctx, o)
	})
}

// putJSON puts what is said of a publication in its place.
func putJSON(ctx context.Context, p place, path string, what any) error {
	data, err := json.Marshal(what)
	if err != nil {
		return err
	}
	if err := put(ctx, p, object{path: path}, append(data, '\n')); err != nil {
		return fmt.Errorf("write down what is published: %w", err)
	}
	return nil
}

// pack copies a file into a new one, compressed.
func pack(file string) (packed string, err error) {
	in, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.CreateTemp("", "waymark-*.gz")
	if err != nil {
		return "", err
	}
	w, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err == nil {
		_, err = io.Copy(w, in)
		err = errors.Join(err, w.Close())
	}
	return out.Name(), errors.Join(err, out.Close())
}
