package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// programs are waymark and waymark-storage, beside one another.
var programs string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "programs-*")
	if err == nil {
		programs = dir
		err = goBuild(filepath.Join(dir, "waymark-storage"), ".", ".")
	}
	if err == nil {
		err = goBuild(filepath.Join(dir, "waymark"), filepath.Join("..", ".."), "./cmd/waymark")
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func goBuild(to, in, what string) error {
	cmd := exec.Command("go", "build", "-o", to, what)
	cmd.Dir = in
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("build %s: %w\n%s", what, err, out)
	}
	return nil
}

// tool returns the path of a program, or skips the test; with WAYMARK_TOOLS a missing one is a failure.
func tool(t *testing.T, name string) string {
	t.Helper()
	for _, at := range []string{name, filepath.Join("..", "..", ".cache", "bin", name)} {
		if found, err := exec.LookPath(at); err == nil {
			if found, err = filepath.Abs(found); err == nil {
				return found
			}
		}
	}
	if os.Getenv("WAYMARK_TOOLS") != "" {
		t.Fatalf("%s is missing (make tools)", name)
	}
	t.Skipf("%s is missing (make tools)", name)
	return ""
}

// serve starts a server, waits until it listens, and returns what ends it.
func serve(t *testing.T, port string, cmd *exec.Cmd) (stop func()) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &said, &said, time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	stop = func() { _ = cmd.Process.Kill(); <-ended }
	t.Cleanup(stop)
	for {
		c, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = c.Close()
			return stop
		}
		select {
		case <-ended:
			t.Fatalf("%s ended: %s", cmd, said.String())
		case <-time.After(10 * time.Millisecond): // there is nothing else to wait for
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil || l.Close() != nil {
		t.Fatal(err)
	}
	return port
}

const secret = "a-secret-of-machines"

// stores are real ones: a folder, an S3 server (Versity's gateway) and nginx, which keeps what it is sent by PUT, as Bazel's manual
// has it for a remote cache. Each returns an address, the folder in which all lies, and what ends it.
var stores = map[string]func(t *testing.T) (address, folder string, stop func()){
	"folder": func(t *testing.T) (string, string, func()) {
		dir := filepath.Join(t.TempDir(), "not", "there", "yet")
		return "file://" + dir, dir, nil
	},
	"S3": func(t *testing.T) (string, string, func()) {
		gateway, dir, port := tool(t, "versitygw"), t.TempDir(), freePort(t)
		if err := os.Mkdir(filepath.Join(dir, "bucket"), 0o755); err != nil {
			t.Fatal(err)
		}
		t.Setenv("AWS_ACCESS_KEY_ID", "machines")
		t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
		cmd := exec.Command(gateway, "--port", "127.0.0.1:"+port, "--access", "machines", "--secret", secret, "posix", "--sidecar", t.TempDir(), dir)
		return "s3://bucket/a/site?region=us-east-1&use_path_style=true&endpoint=http://127.0.0.1:" + port, dir, serve(t, port, cmd)
	},
	"HTTP": func(t *testing.T) (string, string, func()) {
		nginx, dir, port := tool(t, "nginx"), t.TempDir(), freePort(t)
		conf := fmt.Sprintf(`daemon off; master_process off; user root; pid %[1]s/pid; error_log stderr; events {}
http {
	access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	server {
		listen 127.0.0.1:%[2]s; root %[1]s/files; client_max_body_size 1G;
		auth_basic cache; auth_basic_user_file %[1]s/users;
		location / { dav_methods PUT; create_full_put_path on; }
	}
}`, dir, port)
		if os.Getuid() != 0 {
			conf = strings.Replace(conf, "user root; ", "", 1)
		}
		for name, text := range map[string]string{"conf": conf, "users": "machines:{PLAIN}" + secret + "\n"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		stop := serve(t, port, exec.Command(nginx, "-c", filepath.Join(dir, "conf"), "-e", "stderr"))
		return "http://machines:" + secret + "@127.0.0.1:" + port + "/a/site/", filepath.Join(dir, "files"), stop
	},
}

// report is what a build says of itself.
type report struct {
	Written bool
	Warmed  int
	Cache   struct {
		Found, Missed, Added int
		Remote               *struct {
			Fetched, Given int64
			Problem        string
		}
	}
}

// build builds the demonstration site on a machine that has nothing yet.
func build(t *testing.T, flags ...string) (r report, out string) {
	t.Helper()
	out = t.TempDir()
	args := append([]string{"build", "-s", filepath.Join("..", ".."), "-d", out, "--now", "2026-11-22", "--format", "json"}, flags...)
	cmd := exec.Command(filepath.Join(programs, "waymark"), args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	data, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", flags, err, said.String())
	}
	if strings.Contains(said.String()+string(data), secret) {
		t.Errorf("%v: a secret is said: %s", flags, said.String())
	}
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	return r, out
}

func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".waymark" {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(p)
		all[strings.TrimPrefix(p, dir)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Three machines make a share each, and a fourth puts the site together and makes nothing: through a folder, an S3 server, and a cache
// server. Without the store everything is made, and all is the same.
func TestMachinesShareASite(t *testing.T) {
	_, plain := build(t, "--no-cache")
	want := files(t, plain)
	for name, store := range stores {
		t.Run(name, func(t *testing.T) {
			address, folder, stop := store(t)
			for share := 1; share <= 3; share++ {
				r, out := build(t, "--cache-dir", t.TempDir(), "--cache-remote", address, "--warm", fmt.Sprintf("%d/3", share))
				if r.Written || r.Warmed == 0 || r.Cache.Remote == nil || r.Cache.Remote.Problem != "" || r.Cache.Remote.Given == 0 || len(files(t, out)) > 0 {
					t.Fatalf("share %d: %+v %+v", share, r, r.Cache.Remote)
				}
			}
			same := func(what string, out string) {
				t.Helper()
				got := files(t, out)
				for name := range want {
					if got[name] != want[name] {
						t.Errorf("%s: %s differs", what, name)
					}
				}
				if len(got) != len(want) {
					t.Errorf("%s: %d files in place of %d", what, len(got), len(want))
				}
			}
			r, out := build(t, "--cache-dir", t.TempDir(), "--cache-remote", address)
			if !r.Written || r.Cache.Missed > 0 || r.Cache.Added > 0 || r.Cache.Remote.Fetched == 0 || r.Cache.Remote.Problem != "" {
				t.Errorf("put together: %+v %+v", r, r.Cache.Remote)
			}
			same("put together", out)
			for name, text := range files(t, folder) {
				if strings.Contains(text, secret) {
					t.Errorf("%s holds a secret", name)
				}
			}
			if stop == nil {
				return
			}
			stop()
			r, out = build(t, "--cache-dir", t.TempDir(), "--cache-remote", address)
			if !r.Written || r.Cache.Added == 0 || r.Cache.Remote.Problem == "" {
				t.Errorf("without the store: %+v %+v", r, r.Cache.Remote)
			}
			same("without the store", out)
		})
	}
}

// A program that is asked wrongly says how it is asked.
func TestUsage(t *testing.T) {
	out, err := exec.Command(filepath.Join(programs, "waymark-storage")).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "usage: waymark-storage ADDRESS") {
		t.Errorf("%v %s", err, out)
	}
}
