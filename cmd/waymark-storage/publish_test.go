package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"
)

// kills is how often a publisher is killed while it works.
func kills() int {
	n, err := strconv.Atoi(os.Getenv("WAYMARK_KILLS"))
	if err != nil {
		return 12
	}
	return n
}

// twoVersions writes a site of some pages, and returns what makes it one of two versions: other words, other pages, and another style sheet
// on each of them.
func twoVersions(t *testing.T) (dir string, version func(n int)) {
	dir = t.TempDir()
	write := func(name, text string) {
		t.Helper()
		at := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("waymark.yaml", "title: Two versions\n")
	style, err := os.ReadFile(filepath.Join("..", "..", "themes", "trail", "assets", "css", "base.css"))
	if err != nil {
		t.Fatal(err)
	}
	return dir, func(n int) {
		for i := range 12 {
			write(fmt.Sprintf("content/posts/post-%d.md", i), fmt.Sprintf("---\ndate: 2025-01-%02d\ntags: [version %d]\n---\nWords of version %d.\n", i+1, n, n))
		}
		write("content/index.md", fmt.Sprintf("Version %d.\n", n))
		write("assets/css/base.css", fmt.Sprintf("%s\n.version { order: %d; }\n", style, n))
	}
}

// publisher is a publish that is to be started.
func publisher(dir, address string) *exec.Cmd {
	return exec.Command(filepath.Join(programs, "waymark"), "publish", address, "-s", dir, "--now", "2026-11-22", "--format", "json", "--allow-deletes", "99")
}

// published says what was done.
type published struct {
	Done    bool
	Changes struct {
		Steps          []struct{ Do, Path string }
		Resumed        bool
		Unchanged      int
		Requests, Sent int64
	}
}

func publish(t *testing.T, dir, address string) (p published) {
	t.Helper()
	cmd := publisher(dir, address)
	var said bytes.Buffer
	cmd.Stderr = &said
	data, err := cmd.Output()
	if err != nil || json.Unmarshal(data, &p) != nil {
		t.Fatalf("publish: %v\n%s%s", err, said.String(), data)
	}
	if strings.Contains(said.String()+string(data), secret) {
		t.Error("a secret is said")
	}
	return p
}

// fresh builds a site into an empty folder, and returns its files. The folder that a publication built into may hold more: files that stay
// for pages of the build before, which are not published.
func fresh(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := t.TempDir()
	if said, err := exec.Command(filepath.Join(programs, "waymark"), "build", "-q", "-s", dir, "-d", out, "--now", "2026-11-22").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return files(t, out)
}

var assetForm = regexp.MustCompile(`(?:href|src)="([^"]*assets/[^"]*)"`)

// reader looks at pages, again and again, and at whether all that they name is there. It returns what ends it, and what it read.
func reader(t *testing.T, bucket *blob.Bucket, pages []string) (stop func() (read int)) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		n := 0
		for i := 0; ctx.Err() == nil; i++ {
			page := pages[i%len(pages)]
			text, err := bucket.ReadAll(ctx, page)
			if gcerrors.Code(err) == gcerrors.NotFound || ctx.Err() != nil || err != nil && strings.Contains(err.Error(), "checksum did not match") {
				continue // the gateway keeps the checksum in another file than the page, and replaces one after the other
			}
			if err != nil {
				t.Errorf("read %s: %v", page, err)
				break
			}
			n++
			for _, found := range assetForm.FindAllSubmatch(text, -1) {
				asset := path.Join(path.Dir(page), string(found[1]))
				if there, err := bucket.Exists(ctx, asset); !there && ctx.Err() == nil {
					t.Errorf("%s names %s, which is not there (%v)", page, asset, err)
				}
			}
		}
		done <- n
	}()
	var n int
	end := sync.OnceFunc(func() { cancel(); n = <-done })
	t.Cleanup(end)
	return func() int { end(); return n }
}

// all reads what is in a bucket.
func all(t *testing.T, bucket *blob.Bucket) map[string]string {
	t.Helper()
	found := map[string]string{}
	for items := bucket.List(nil); ; {
		item, err := items.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := bucket.ReadAll(t.Context(), item.Key)
		if err != nil {
			t.Fatal(err)
		}
		found[item.Key] = string(data)
	}
}

// Publishers are killed wherever they are, and others go on. Who reads meanwhile never meets a page whose assets are missing; files of
// others stay; and what is there in the end is the build, with the headers that it needs.
func TestPublishToS3(t *testing.T) {
	address, _, _ := stores["S3"](t)
	bucket, err := open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	if err := bucket.WriteAll(t.Context(), "theirs/index.html", []byte("theirs"), nil); err != nil {
		t.Fatal(err)
	}
	dir, version := twoVersions(t)
	version(1)
	first := publish(t, dir, address)
	if !first.Done || len(first.Changes.Steps) < 30 {
		t.Fatalf("%+v", first)
	}
	begun := time.Now()
	version(2)
	publish(t, dir, address)
	whole := time.Since(begun)

	pages := []string{"index.html"}
	for i := range 12 {
		pages = append(pages, fmt.Sprintf("posts/post-%d/index.html", i))
	}
	stop := reader(t, bucket, pages)
	random := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	resumed := 0
	for killed, n := 0, 1; killed < kills(); n++ {
		version(n % 3)
		cmd := publisher(dir, address)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("a publisher that nobody killed failed: %v\n%s", err, said.String())
			}
			continue
		case <-time.After(whole/4 + time.Duration(random.Int64N(int64(whole)))):
		}
		_ = cmd.Process.Kill()
		if err := <-ended; err == nil {
			continue // it was done
		}
		if there, err := bucket.Exists(t.Context(), ".waymark/intent.json"); err != nil {
			t.Fatal(err)
		} else if there {
			resumed++
		}
		killed++
	}
	version(1)
	last := publish(t, dir, address)
	if read := stop(); read == 0 {
		t.Error("nothing was read meanwhile")
	} else {
		t.Logf("%d pages were read meanwhile; %d publishers had begun when they were killed", read, resumed)
	}
	if resumed == 0 || !last.Done {
		t.Errorf("no publisher was killed while it worked: %+v", last)
	}

	now, want := all(t, bucket), fresh(t, dir)
	if now["theirs/index.html"] != "theirs" {
		t.Error("a file of others is gone")
	}
	for name, text := range want {
		if name = strings.TrimPrefix(name, "/"); now[name] != text {
			t.Errorf("%s is another one than was built", name)
		}
	}
	for name := range now {
		if _, wanted := want["/"+name]; !wanted && !strings.HasPrefix(name, ".waymark/") && !strings.HasPrefix(name, "assets/") && name != "theirs/index.html" {
			t.Errorf("%s is left", name)
		}
		if name == ".waymark/lock.json" || name == ".waymark/intent.json" {
			t.Errorf("%s is left", name)
		}
	}
	headers(t, bucket, now)
	backAgain(t, dir, address, bucket)
}

// headers looks at what hosts are told of files.
func headers(t *testing.T, bucket *blob.Bucket, names map[string]string) {
	t.Helper()
	for name, want := range map[string][2]string{
		"index.html": {"text/html; charset=utf-8", "no-cache"}, "atom.xml": {"application/atom+xml; charset=utf-8", "no-cache"},
		"assets/*.css": {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
	} {
		for found := range names {
			if ok, err := path.Match(name, found); !ok || err != nil {
				continue
			}
			is, err := bucket.Attributes(t.Context(), found)
			if err != nil || is.ContentType != want[0] || is.CacheControl != want[1] {
				t.Errorf("%s: %q, %q, %v", found, is.ContentType, is.CacheControl, err)
			}
		}
	}
}

// backAgain changes one page, which needs little, and puts back what was.
func backAgain(t *testing.T, dir, address string, bucket *blob.Bucket) {
	t.Helper()
	before, err := bucket.ReadAll(t.Context(), "posts/post-3/index.html")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "content", "posts", "post-3.md"), []byte("---\ndate: 2025-01-04\ntags: [version 1]\n---\nOther words.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := publish(t, dir, address)
	if len(p.Changes.Steps) > 20 || p.Changes.Unchanged < 30 || !slices.ContainsFunc(p.Changes.Steps, func(s struct{ Do, Path string }) bool { return s.Path == "posts/post-3/index.html" }) {
		t.Errorf("one page changed: %+v", p.Changes)
	}
	out, err := exec.Command(filepath.Join(programs, "waymark"), "rollback", address, "-s", dir).CombinedOutput()
	if err != nil {
		t.Fatalf("rollback: %v\n%s", err, out)
	}
	if now, err := bucket.ReadAll(t.Context(), "posts/post-3/index.html"); err != nil || !bytes.Equal(now, before) {
		t.Errorf("what was there is not back: %v", err)
	}
	headers(t, bucket, map[string]string{"index.html": ""})
}

// Of two publishers at once, the second is refused, and told who is there.
func TestTwoPublishers(t *testing.T) {
	address, _, _ := stores["S3"](t)
	bucket, err := open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bucket.Close() }()
	dir, version := twoVersions(t)
	version(1)
	first := publisher(dir, address)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- first.Wait() }()
	for there := false; !there; { // until it works
		select {
		case err := <-ended:
			t.Fatalf("the first publisher ended before it could be held: %v", err)
		default:
		}
		if there, err = bucket.Exists(t.Context(), ".waymark/lock.json"); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	out, err := publisher(dir, address).CombinedOutput()
	if err == nil || !strings.Contains(string(out), fmt.Sprintf("process %d on ", first.Process.Pid)) || !strings.Contains(string(out), "has been publishing there since") {
		t.Errorf("the second publisher was let in: %v\n%s", err, out)
	}
	if err := errors.Join(first.Process.Signal(syscall.SIGCONT), <-ended); err != nil {
		t.Errorf("the first publisher: %v", err)
	}
	if p := publish(t, dir, address); len(p.Changes.Steps) > 0 || p.Changes.Resumed {
		t.Errorf("something is left to do: %+v", p.Changes)
	}
}
