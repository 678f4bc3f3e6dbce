package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sshd starts a server of SSH for this user alone, and makes it known. It returns the address of a folder there, and where that lies.
func sshd(t *testing.T) (address, folder string) {
	t.Helper()
	program, err := exec.LookPath("/usr/sbin/sshd")
	if err != nil {
		program = tool(t, "sshd")
	}
	home, port := t.TempDir(), freePort(t)
	in := func(name string) string { return filepath.Join(home, ".ssh", name) }
	if err := os.Mkdir(in(""), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"id_ed25519", "host"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", in(name)).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	own, err := os.ReadFile(in("id_ed25519.pub"))
	host, hostErr := os.ReadFile(in("host.pub"))
	conf := fmt.Sprintf("ListenAddress 127.0.0.1:%s\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\nStrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n", port, in("host"), in("authorized_keys"))
	if err := errors.Join(err, hostErr, os.WriteFile(in("authorized_keys"), own, 0o600), os.WriteFile(in("conf"), []byte(conf), 0o600),
		os.WriteFile(in("known_hosts"), []byte("[127.0.0.1]:"+port+" "+string(host)), 0o600)); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	serve(t, port, exec.Command(program, "-D", "-e", "-f", in("conf")))
	t.Setenv("HOME", home)
	t.Setenv("SSH_AUTH_SOCK", "")
	folder = filepath.Join(t.TempDir(), "www", "site")
	return "sftp://127.0.0.1:" + port + folder, folder
}

// A folder of another machine is published into by SFTP, through a real server: killed and gone on with, put back, and with what others put
// there left alone.
func TestPublishBySFTP(t *testing.T) {
	address, folder := sshd(t)
	dir, version := twoVersions(t)
	version(1)
	begun := time.Now()
	if first := publish(t, dir, address); !first.Done || len(first.Changes.Steps) < 30 {
		t.Fatalf("%+v", first)
	}
	whole := time.Since(begun)
	theirs := filepath.Join(folder, "theirs.html")
	if err := os.WriteFile(theirs, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, uint64(begun.UnixNano())))
	for n := range 4 {
		version(2 + n%2)
		cmd := publisher(dir, address)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole/4 + time.Duration(random.Int64N(int64(whole)))) // wherever it is then
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // which says that it was killed, or is done
	}
	version(2)
	publish(t, dir, address)
	same := func(what string) {
		t.Helper()
		now, want := files(t, folder), fresh(t, dir)
		for name, text := range want {
			if now[name] != text {
				t.Errorf("%s: %s is another one than was built", what, name)
			}
		}
		for name := range now {
			if _, wanted := want[name]; !wanted && !strings.HasPrefix(name, "/assets/") && name != "/theirs.html" {
				t.Errorf("%s: %s is left", what, name)
			}
		}
	}
	same("killed")
	if left, err := filepath.Glob(filepath.Join(folder, ".waymark", "coming-*")); err != nil || len(left) > 0 {
		t.Errorf("left on the way: %v %v", left, err)
	}
	before, err := os.ReadFile(filepath.Join(folder, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	version(1)
	publish(t, dir, address)
	same("published again")
	if out, err := exec.Command(filepath.Join(programs, "waymark"), "rollback", address, "-s", dir).CombinedOutput(); err != nil {
		t.Fatalf("rollback: %v\n%s", err, out)
	}
	if now, err := os.ReadFile(filepath.Join(folder, "index.html")); err != nil || !bytes.Equal(now, before) {
		t.Errorf("what was there is not back: %v", err)
	}
	if data, err := os.ReadFile(theirs); err != nil || string(data) != "theirs" {
		t.Errorf("a file of others: %q %v", data, err)
	}
	// A host that nobody has met is not trusted.
	if err := os.WriteFile(filepath.Join(os.Getenv("HOME"), ".ssh", "known_hosts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := publisher(dir, address).CombinedOutput(); err == nil || !strings.Contains(string(out), "knownhosts: key is unknown") {
		t.Errorf("an unknown host is trusted: %v %s", err, out)
	}
}
