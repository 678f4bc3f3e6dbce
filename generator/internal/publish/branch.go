package publish

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"waymark/generator/diag"
)

// branch is a branch of a git repository, as a remote has it. What is done to it is gathered, and becomes one commit, which readers see
// at once; a remote takes no commit that does not stand on what it has, so that nobody need be kept out.
type branch struct {
	dir, remote, name string
	temporary         bool   // whether dir was made for this, and holds nothing else
	base              string // the commit that is there; "" where there is none

	mu      sync.Mutex
	changes map[string]change
	begun   *exec.Cmd      // git, which takes in what is published; nil before the first file
	in      io.WriteCloser // what it is told
	said    bytes.Buffer   // what it says where it fails
	blobs   int            // how many files it was given
}

// change is what becomes of a path.
type change struct {
	object string // which git takes it from: the number of a file that it was given (:1), or one that it has
	remove bool
}

// defaultBranch is the one that hosts of pages look for.
const defaultBranch = "gh-pages"

// openBranch fetches what a branch holds. Where the site's folder lies in a repository, that is used, with its remotes and credentials.
func openBranch(ctx context.Context, rest, repo string) (*branch, error) {
	remote, name, _ := strings.Cut(rest, "#")
	if name == "" {
		name = defaultBranch
	}
	b := &branch{dir: repo, remote: remote, name: name, changes: map[string]change{}}
	if _, err := exec.LookPath("git"); err != nil {
		return nil, errors.New("publishing to a branch needs git, and there is none on this machine")
	}
	if _, err := b.git(ctx, "check-ref-format", "refs/heads/"+name); err != nil {
		return nil, diag.Usagef("%q is no name that git takes for a branch", diag.Printable(name))
	}
	if at := filepath.Join(repo, remote); !filepath.IsAbs(remote) && remote != "." && !strings.Contains(remote, ":") {
		if info, err := os.Stat(at); err == nil && info.IsDir() { // a path from the site's folder, and no name of a remote
			if b.remote, err = filepath.Abs(at); err != nil {
				return nil, fmt.Errorf("find %s: %w", remote, err)
			}
		}
	}
	if top, err := b.git(ctx, "rev-parse", "--show-toplevel"); err == nil {
		b.dir = strings.TrimSpace(string(top))
	} else {
		if b.dir, err = os.MkdirTemp("", "waymark-git-*"); err != nil {
			return nil, fmt.Errorf("make a repository: %w", err)
		}
		b.temporary = true
		if _, err := b.git(ctx, "init", "--bare", "--quiet"); err != nil {
			b.Close()
			return nil, fmt.Errorf("make a repository: %w", err)
		}
	}
	if err := b.fetch(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// fetch brings the commit that the remote has.
func (b *branch) fetch(ctx context.Context) error {
	found, err := b.git(ctx, "ls-remote", b.remote, "refs/heads/"+b.name)
	if err != nil {
		return fmt.Errorf("ask for the branch %s: %w", b.name, err)
	}
	commit, _, _ := strings.Cut(string(found), "\t")
	if commit == "" {
		return nil
	}
	if _, err := b.git(ctx, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", b.remote, "refs/heads/"+b.name); err != nil {
		return fmt.Errorf("fetch the branch %s: %w", b.name, err)
	}
	b.base = commit
	return nil
}

// command is git with these arguments, which asks nobody for a password.
func (b *branch) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0", "LC_ALL=C")
	return cmd
}

// git runs git, and returns what it prints.
func (b *branch) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := b.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, diag.Printable(strings.TrimSpace(said.String())))
	}
	return out, nil
}

func (b *branch) Close() {
	if b.begun != nil { // given up
		_ = b.begun.Process.Kill()
		_ = b.begun.Wait()
	}
	if b.temporary {
		_ = os.RemoveAll(b.dir)
	}
}

func (*branch) atOnce() bool { return true }

func (*branch) Sweep(context.Context) error { return nil }

func (*branch) oneFile(_, _ string) bool { return false }

func (*branch) below(string) []string { return nil }

func (b *branch) Get(ctx context.Context, path string) ([]byte, error) {
	object, err := b.object(ctx, path)
	if err != nil {
		return nil, err
	}
	return b.git(ctx, "cat-file", "blob", object)
}

// object returns what git knows the file at a path by, before anything was done to it.
func (b *branch) object(ctx context.Context, path string) (string, error) {
	if b.base == "" {
		return "", fs.ErrNotExist
	}
	found, err := b.git(ctx, "ls-tree", "--full-tree", "--format=%(objectname) %(objecttype)", b.base, "--", path)
	if err != nil {
		return "", err
	}
	name, kind, _ := strings.Cut(strings.TrimSpace(string(found)), " ")
	if kind != "blob" {
		return "", fs.ErrNotExist
	}
	return name, nil
}

// Put gives git the file at once, because it may be gone when the commit is made.
func (b *branch) Put(ctx context.Context, o object) error {
	f, err := os.Open(o.file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.give(ctx, o.path, f, info.Size())
}

// give gives git a file of so many bytes, for a path.
func (b *branch) give(ctx context.Context, path string, from io.Reader, size int64) error {
	if b.begun == nil {
		cmd := b.command(ctx, "fast-import", "--quiet", "--force", "--date-format=raw")
		cmd.Stderr = &b.said
		in, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			return err
		}
		b.begun, b.in = cmd, in
	}
	b.blobs++
	mark := fmt.Sprintf(":%d", b.blobs)
	_, err := fmt.Fprintf(b.in, "blob\nmark %s\ndata %d\n", mark, size)
	if err == nil {
		_, err = io.CopyN(b.in, from, size)
	}
	if err == nil {
		_, err = io.WriteString(b.in, "\n")
	}
	b.changes[path] = change{object: mark}
	return err
}

func (b *branch) Create(ctx context.Context, o object) (bool, error) { return true, b.Put(ctx, o) }

func (b *branch) Look(ctx context.Context, path string, packed bool) (string, error) {
	data, err := b.Get(ctx, path)
	if err != nil {
		return "", err
	}
	return digestReader(bytes.NewReader(data), packed)
}

func (b *branch) Copy(ctx context.Context, from, to string) error {
	object, err := b.object(ctx, from)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changes[to] = change{object: object}
	return nil
}

func (b *branch) Remove(_ context.Context, path string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changes[path] = change{remove: true}
	return nil
}

// Finish makes the commit, and gives it to the remote.
func (b *branch) Finish(ctx context.Context) error {
	if _, err := b.object(ctx, noJekyll); errors.Is(err, fs.ErrNotExist) {
		if err := b.give(ctx, noJekyll, strings.NewReader(""), 0); err != nil {
			return fmt.Errorf("make a commit: %w", err)
		}
	}
	who, err := b.committer(ctx)
	if err != nil {
		return err
	}
	ref := "refs/waymark/publication-" + rand.Text() // so that git keeps the commit until it has been given on, and nobody else's is
	told := errors.Join(b.tell(ref, who), b.in.Close())
	err = b.begun.Wait()
	b.begun = nil
	if err = errors.Join(told, err); err != nil {
		return fmt.Errorf("make a commit: %w: %s", err, diag.Printable(strings.TrimSpace(b.said.String())))
	}
	if _, err := b.git(ctx, "push", "--quiet", b.remote, ref+":refs/heads/"+b.name); err != nil {
		return fmt.Errorf("give the commit to the branch %s (if another publisher came first, publish again): %w", b.name, err)
	}
	_, err = b.git(ctx, "update-ref", "-d", ref)
	return err
}

// noJekyll is the name of a file that keeps GitHub Pages from leaving out files that begin with a dot or an underscore.
const noJekyll = ".nojekyll"

// committer says who publishes, as git knows it.
func (b *branch) committer(ctx context.Context) (string, error) {
	if who, err := b.git(ctx, "var", "GIT_COMMITTER_IDENT"); err == nil {
		if name, _, found := strings.Cut(string(who), "> "); found {
			return name + ">", nil
		}
	}
	return "Waymark <waymark@localhost>", ctx.Err()
}

// tell tells git of the commit (https://git-scm.com/docs/git-fast-import).
func (b *branch) tell(ref, who string) error {
	const message = "Publish the site"
	w := bufio.NewWriter(b.in)
	_, _ = fmt.Fprintf(w, "commit %s\ncommitter %s %d +0000\ndata %d\n%s\n", ref, who, time.Now().Unix(), len(message), message) // Flush says of all
	if b.base != "" {
		_, _ = fmt.Fprintf(w, "from %s\n", b.base)
	}
	for _, path := range sortedPaths(b.changes) {
		if c := b.changes[path]; c.remove {
			_, _ = fmt.Fprintf(w, "D %s\n", quoted(path))
		} else {
			_, _ = fmt.Fprintf(w, "M 100644 %s %s\n", c.object, quoted(path))
		}
	}
	_, _ = io.WriteString(w, "\n")
	return w.Flush()
}

// quoted writes a path as git reads it.
func quoted(path string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(path) + `"`
}
