package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"waymark/generator/diag"
)

// A list comes back as it was written, and whatever stands in its place is a list or an error.
func TestListsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []Blob
		for range rapid.IntRange(0, 20).Draw(t, "blobs") {
			list = append(list, Blob{[32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "digest")), rapid.Int64Range(0, mostBlobSize).Draw(t, "size")})
		}
		data := EncodeList(list)
		got, err := DecodeList(data)
		if err != nil || !slices.Equal(got, list) {
			t.Fatalf("%v: %v in place of %v", err, got, list)
		}
		if len(data) > 0 {
			data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			_, _ = DecodeList(data[:rapid.IntRange(0, len(data)).Draw(t, "length")])
		}
	})
}

// The bytes are those of the specification's messages: protoc --decode_raw reads 2 {1: "waymark/0.pack" 2 {1: "ab..." 2: 300}} 4: 0.
func TestAListIsAnActionResult(t *testing.T) {
	got := EncodeList([]Blob{{[32]byte(bytes.Repeat([]byte{0xab}, 32)), 300}})
	want := "\x12\x57\x0a\x0ewaymark/0.pack\x12\x45\x0a\x40" + strings.Repeat("ab", 32) + "\x10\xac\x02\x20\x00"
	if string(got) != want {
		t.Errorf("%q\n%q", got, want)
	}
}

func FuzzDecodeList(f *testing.F) {
	f.Add(EncodeList([]Blob{{Size: 3}, {Size: 1 << 30}}))
	f.Add([]byte("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := DecodeList(data)
		if err != nil {
			return
		}
		if again, err := DecodeList(EncodeList(list)); err != nil || !slices.Equal(again, list) {
			t.Errorf("%v: %v in place of %v", err, again, list)
		}
	})
}

// cacheServer keeps what it is given, for who knows the password.
func cacheServer(t *testing.T) (address string, kept map[string][]byte) {
	t.Helper()
	kept = map[string][]byte{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		data, found := kept[r.URL.Path]
		switch {
		case name != "me" || password != "secret":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodPut:
			kept[r.URL.Path], _ = io.ReadAll(r.Body)
		case !found:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(data)
		}
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "http://", "http://me:secret@", 1) + "/site/", kept
}

func TestACacheServer(t *testing.T) {
	address, kept := cacheServer(t)
	store, err := Open(address)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	file := filepath.Join(t.TempDir(), "file")
	name := Action([32]byte{1})
	if err := store.Get(t.Context(), name, file, 10); !errors.Is(err, fs.ErrNotExist) {
		t.Error("what was never left there:", err)
	}
	if err := os.WriteFile(file, []byte("ten bytes."), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), name, file); err != nil {
		t.Fatal(err)
	}
	if string(kept["/site/"+name]) != "ten bytes." {
		t.Errorf("%q", kept)
	}
	back := filepath.Join(t.TempDir(), "back")
	if err := store.Get(t.Context(), name, back, 10); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(back); err != nil || string(data) != "ten bytes." {
		t.Errorf("%q %v", data, err)
	}
	if err := store.Get(t.Context(), name, back, 9); !errors.Is(err, ErrTooLarge) {
		t.Error("more than was announced:", err)
	}
}

// Whatever goes wrong, no message says a password.
func TestNoMessageSaysAPassword(t *testing.T) {
	address, _ := cacheServer(t)
	wrong := strings.Replace(address, "me:secret@", "you:secret@", 1)
	for _, at := range []string{wrong, "http://me:secret@127.0.0.1:1/", "http://me:secret@127.0.0.1:99999/x", "https://secret@[::1]:1/?token=secret"} {
		store, err := Open(at)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "file")
		for _, err := range []error{store.Get(t.Context(), "ac/1", file, 1), store.Put(t.Context(), "ac/1", os.DevNull)} {
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("%s: %v", at, err)
			}
		}
		store.Close()
	}
	for _, at := range []string{"http://me:secret@", "ftp://me:secret@host/", "http://me:secret@ho st/", "secret/"} {
		err := Check(at)
		if usage := new(diag.UsageError); !errors.As(err, &usage) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", at, err)
		}
	}
	for _, at := range []string{"http://host/", "https://host:8080/site", "s3://bucket/site?region=eu-west-2", "gs://b", "azblob://c/x", "file:///srv/cache"} {
		if err := Check(at); err != nil {
			t.Error(at, err)
		}
	}
}

// A store that does not answer is waited for as long as somebody wants to, and the reason is said.
func TestASlowStore(t *testing.T) {
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer s.Close()
	defer close(release)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	ctx, done := context.WithTimeoutCause(t.Context(), time.Millisecond, errSlow)
	defer done()
	err = newServer(u).Get(ctx, "ac/1", filepath.Join(t.TempDir(), "file"), 1)
	if err = Reason(ctx, err); !errors.Is(err, errSlow) {
		t.Error(err)
	}
}
