// Command waymark-storage gets and puts files in object stores for waymark, which starts it to publish a site there, and where
// --cache-remote names one.
//
// It is a program and a module of its own because the clients of the clouds take more room, on disk and in memory, than all of Waymark.
// It is given the address of a store (s3://bucket/folder, gs://bucket/folder, azblob://container/folder, file:///folder, or sftp://user@host/folder; what else an
// address may say, and where credentials come from, is said at https://gocloud.dev/howto/blob/), reads requests from its standard input
// and answers through its standard output, as net/rpc has them, until its input ends. It keeps nothing, and says nothing of credentials.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"net/url"
	"os"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob"
	_ "gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/gcsblob"
	_ "gocloud.dev/blob/s3blob"
	"gocloud.dev/gcerrors"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: waymark-storage ADDRESS\n\nwaymark starts it; see waymark build --help, --cache-remote")
		os.Exit(2)
	}
	server := rpc.NewServer()
	var answers any
	if strings.HasPrefix(os.Args[1], "sftp:") {
		answers = openHost(os.Args[1])
	} else {
		bucket, err := open(context.Background(), os.Args[1])
		answers = &Storage{bucket, err}
	}
	if err := server.RegisterName("Storage", answers); err != nil {
		fmt.Fprintln(os.Stderr, "waymark-storage:", err)
		os.Exit(3)
	}
	server.ServeConn(stdio{untilEnd{os.Stdin}, os.Stdout})
}

// untilEnd ends the program where its input does: whoever started it is gone, and what is under way must not come after what is begun anew.
type untilEnd struct{ io.Reader }

func (u untilEnd) Read(into []byte) (int, error) {
	n, err := u.Reader.Read(into)
	if err != nil {
		os.Exit(0)
	}
	return n, err
}

type stdio struct {
	io.Reader
	io.Writer
}

func (stdio) Close() error { return nil }

// open opens the store at an address. A folder in it is what follows the name of a bucket.
func open(ctx context.Context, address string) (*blob.Bucket, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("the address of the store cannot be read")
	}
	if u.Scheme == "file" {
		q := u.Query()
		q.Set("create_dir", "true")
		q.Set("no_tmp_dir", "true") // so that a file gets its name by a rename, in whatever file system
		q.Set("metadata", "skip")
		u.RawQuery = q.Encode()
		return blob.OpenBucket(ctx, u.String())
	}
	folder := strings.Trim(u.Path, "/")
	u.Path = ""
	bucket, err := blob.OpenBucket(ctx, u.String())
	if err != nil || folder == "" {
		return bucket, err
	}
	return blob.PrefixedBucket(bucket, folder+"/"), nil
}

// Storage answers requests.
type Storage struct {
	bucket *blob.Bucket
	broken error // what went wrong when the store was opened
}

// Transfer says what lies in the store under which name, the file that it is fetched into or left from, and how many bytes may be
// fetched. What is left may have a media type, what hosts say of how long it may be kept, and a digest by which it is known; New leaves it
// only where there is nothing of the name; Packed looks at what a compressed file is a copy of. From is the name of what is copied.
type Transfer struct {
	Name, File, From      string
	Most                  int64
	Type, Caching, Digest string
	New, Packed           bool
}

// Answer says whether there is nothing of a name, or more than may be fetched, or something already, and the digest of what was looked at.
type Answer struct {
	Missing, TooLarge, There bool
	Digest                   string
}

var errTooLarge = errors.New("there is more than was announced")

// Get fetches a file.
func (s *Storage) Get(t Transfer, a *Answer) error {
	err := s.get(t)
	a.Missing, a.TooLarge = gcerrors.Code(err) == gcerrors.NotFound, errors.Is(err, errTooLarge)
	if a.Missing || a.TooLarge {
		return nil
	}
	return plain(err)
}

// plain takes away what is around the cause of a request that failed: it says the address, and credentials may stand in that.
func plain(err error) error {
	if failed := new(url.Error); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// digestKey is under what an object's digest stands in what a store keeps beside it.
const digestKey = "waymark"

// Put leaves a file.
func (s *Storage) Put(t Transfer, a *Answer) error {
	if s.broken != nil {
		return s.broken
	}
	in, err := os.Open(t.File)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	o := blob.WriterOptions{ContentType: cmp.Or(t.Type, "application/octet-stream"), CacheControl: t.Caching, IfNotExist: t.New}
	if t.Digest != "" {
		o.Metadata = map[string]string{digestKey: t.Digest}
	}
	err = s.bucket.Upload(context.Background(), t.Name, in, &o)
	if a.There = t.New && gcerrors.Code(err) == gcerrors.FailedPrecondition; a.There {
		return nil
	}
	return plain(err)
}

// Look says whether there is something of a name, and its digest.
func (s *Storage) Look(t Transfer, a *Answer) error {
	if s.broken != nil {
		return s.broken
	}
	is, err := s.bucket.Attributes(context.Background(), t.Name)
	if err == nil {
		a.Digest = is.Metadata[digestKey]
	}
	return a.unless(err)
}

// Copy copies an object, with what is known of it.
func (s *Storage) Copy(t Transfer, a *Answer) error {
	if s.broken != nil {
		return s.broken
	}
	return a.unless(s.bucket.Copy(context.Background(), t.Name, t.From, nil))
}

// Remove removes an object.
func (s *Storage) Remove(t Transfer, a *Answer) error {
	if s.broken != nil {
		return s.broken
	}
	return a.unless(s.bucket.Delete(context.Background(), t.Name))
}

// Sweep has nothing to do: an object is there when all of it is.
func (s *Storage) Sweep(Transfer, *Answer) error { return s.broken }

// unless returns an error, unless it says that there is nothing of the name.
func (a *Answer) unless(err error) error {
	if a.Missing = gcerrors.Code(err) == gcerrors.NotFound; a.Missing {
		return nil
	}
	return plain(err)
}

func (s *Storage) get(t Transfer) (err error) {
	if s.broken != nil {
		return s.broken
	}
	in, err := s.bucket.NewReader(context.Background(), t.Name, nil)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	if in.Size() > t.Most {
		return errTooLarge
	}
	out, err := os.OpenFile(t.File, os.O_WRONLY|os.O_TRUNC, 0) // it is there as long as somebody waits for it
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(in, t.Most))
	return errors.Join(err, out.Close())
}
