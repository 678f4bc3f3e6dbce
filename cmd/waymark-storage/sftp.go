package main

import (
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/user"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"
)

// Host answers requests about a folder of another machine, by SFTP.
type Host struct {
	client *sftp.Client
	root   string
	broken error // what went wrong when the connection was made
}

// openHost connects to sftp://user@host:port/folder. Who the other machine is, the file known_hosts says; who we are, an agent, or a key
// without a password among those of the user's .ssh folder.
func openHost(address string) *Host {
	h := &Host{}
	h.broken = h.connect(address)
	return h
}

func (h *Host) connect(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") == "" {
		return errors.New("the address is not of the form sftp://user@host/folder")
	}
	h.root = path.Clean(u.Path)
	name := u.User.Username()
	if name == "" {
		me, err := user.Current()
		if err != nil {
			return err
		}
		name = me.Username
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return err
	}
	known, err := knownhosts.New(filepath.Join(home, ".ssh", "known_hosts"))
	if err != nil {
		return fmt.Errorf("the host is not known (connect to it by ssh once): %w", err)
	}
	port := u.Port()
	if port == "" {
		port = "22"
	}
	connection, err := ssh.Dial("tcp", net.JoinHostPort(u.Hostname(), port), &ssh.ClientConfig{User: name, Auth: keys(home), HostKeyCallback: known})
	if err != nil {
		return err
	}
	h.client, err = sftp.NewClient(connection, sftp.UseConcurrentWrites(true))
	return err
}

// keys are the ways in which we say who we are.
func keys(home string) (all []ssh.AuthMethod) {
	if at := os.Getenv("SSH_AUTH_SOCK"); at != "" {
		if connection, err := net.Dial("unix", at); err == nil { //nolint:gosec // it is the user who says where their agent is
			all = append(all, ssh.PublicKeysCallback(agent.NewClient(connection).Signers))
		}
	}
	var signers []ssh.Signer
	for _, name := range []string{"id_ed25519", "id_ecdsa", "id_rsa"} {
		if data, err := os.ReadFile(filepath.Join(home, ".ssh", name)); err == nil {
			if signer, err := ssh.ParsePrivateKey(data); err == nil {
				signers = append(signers, signer)
			}
		}
	}
	return append(all, ssh.PublicKeys(signers...))
}

func (h *Host) at(name string) (string, error) {
	if h.broken != nil {
		return "", h.broken
	}
	if !filepath.IsLocal(name) || strings.Contains(name, `\`) {
		return "", fmt.Errorf("%s lies outside the folder", name)
	}
	return path.Join(h.root, name), nil
}

// Get fetches a file.
func (h *Host) Get(t Transfer, a *Answer) error {
	at, err := h.at(t.Name)
	if err != nil {
		return err
	}
	in, err := h.client.Open(at)
	if err != nil {
		return a.absent(err)
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(t.File, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	n, err := io.Copy(out, io.LimitReader(in, t.Most+1))
	a.TooLarge = n > t.Most
	return errors.Join(err, out.Close())
}

// coming begins the names of files on their way, in the folder for what was published.
const coming = ".waymark/coming-"

// Put leaves a file: whole, by a rename.
func (h *Host) Put(t Transfer, a *Answer) error {
	at, err := h.at(t.Name)
	if err != nil {
		return err
	}
	in, err := os.Open(t.File)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	if err := errors.Join(h.client.MkdirAll(path.Dir(at)), h.client.MkdirAll(path.Join(h.root, path.Dir(coming)))); err != nil {
		return err
	}
	if t.New {
		out, err := h.client.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
		if err != nil {
			if _, statErr := h.client.Lstat(at); statErr == nil {
				a.There = true
				return nil
			}
			return err
		}
		_, err = out.ReadFrom(in)
		return errors.Join(err, out.Close())
	}
	staged := path.Join(h.root, coming+rand.Text())
	out, err := h.client.OpenFile(staged, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	_, err = out.ReadFrom(in)
	if err = errors.Join(err, out.Close()); err == nil {
		err = h.client.PosixRename(staged, at)
	}
	if err != nil {
		_ = h.client.Remove(staged)
	}
	return err
}

// Look says whether there is a file of a name, and its digest; of a packed one, that of what it is a copy of.
func (h *Host) Look(t Transfer, a *Answer) error {
	at, err := h.at(t.Name)
	if err != nil {
		return err
	}
	info, err := h.client.Lstat(at)
	if err != nil {
		return a.absent(err)
	}
	if !info.Mode().IsRegular() {
		return nil // somebody else's
	}
	in, err := h.client.Open(at)
	if err != nil {
		return a.absent(err)
	}
	defer func() { _ = in.Close() }() // it was only read
	sum := sha256.New()
	if err := digestInto(sum, in, t.Packed); err != nil {
		return nil //nolint:nilerr // it is no copy of ours
	}
	a.Digest = hex.EncodeToString(sum.Sum(nil))
	return nil
}

func digestInto(sum hash.Hash, in io.Reader, packed bool) error {
	if packed {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		in = unpacked
	}
	_, err := io.Copy(sum, in)
	return err
}

// Copy copies a file, by way of this machine: SFTP knows no other.
func (h *Host) Copy(t Transfer, a *Answer) error {
	f, err := os.CreateTemp("", "waymark-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	if err := errors.Join(f.Close(), h.Get(Transfer{Name: t.From, File: f.Name(), Most: 1 << 40}, a)); err != nil || a.Missing {
		return err
	}
	return h.Put(Transfer{Name: t.Name, File: f.Name()}, a)
}

// Remove removes a file, and the folders that this leaves empty.
func (h *Host) Remove(t Transfer, a *Answer) error {
	at, err := h.at(t.Name)
	if err != nil {
		return err
	}
	if err := h.client.Remove(at); err != nil {
		return a.absent(err)
	}
	for dir := path.Dir(at); dir != h.root && h.client.RemoveDirectory(dir) == nil; {
		dir = path.Dir(dir)
	}
	return nil
}

// Sweep removes files that never came to their places.
func (h *Host) Sweep(_ Transfer, _ *Answer) error {
	at, err := h.at(coming)
	if err != nil {
		return err
	}
	left, err := h.client.Glob(at + "*")
	for _, name := range left {
		err = errors.Join(err, h.client.Remove(name))
	}
	return err
}

// absent returns an error, unless it says that there is nothing of the name.
func (a *Answer) absent(err error) error {
	if a.Missing = errors.Is(err, fs.ErrNotExist); a.Missing {
		return nil
	}
	return err
}
