// Package history asks Git what files were at an earlier time.
package history

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"waymark/generator/diag"
)

// Revision is the state of a folder at an earlier time.
type Revision struct{ dir, name string }

// At finds a revision of the Git repository that a folder lies in: by any name that Git knows, or as a day (2024-01-31, in UTC, so
// that it is the same one everywhere), whose last revision is meant. One that is not there, and a folder without a repository, are a *diag.UsageError.
func At(ctx context.Context, dir, revision string) (Revision, error) {
	r := Revision{dir, revision}
	if strings.HasPrefix(revision, "-") {
		return r, diag.Usagef("%q is not a revision", revision)
	}
	if _, err := exec.LookPath("git"); err != nil {
		return r, fmt.Errorf("ask Git: %w", err)
	}
	if _, err := r.git(ctx, "rev-parse", "--git-dir"); err != nil {
		return r, diag.Usagef("%s is not in a Git repository (compare with a file: --against FILE)", dir)
	}
	if _, err := time.Parse(time.DateOnly, revision); err == nil {
		last, err := r.git(ctx, "rev-list", "-1", "--before="+revision+"T23:59:59Z", "HEAD")
		if err != nil || len(bytes.TrimSpace(last)) == 0 {
			return r, diag.Usagef("there is no revision as old as %s", revision)
		}
		r.name = string(bytes.TrimSpace(last))
	}
	if _, err := r.git(ctx, "rev-parse", "--verify", "--quiet", r.name+"^{commit}"); err != nil {
		return r, diag.Usagef("there is no revision %q in the Git repository of %s", revision, dir)
	}
	return r, nil
}

// Holding names the files below a folder that held a word, relative to the Revision's own.
func (r Revision) Holding(ctx context.Context, word, folder string) []string {
	out, err := r.git(ctx, "grep", "-z", "-l", "-F", "-e", word, r.name, "--", folder)
	if err != nil {
		return nil // there are none
	}
	var names []string
	for _, line := range strings.Split(string(out), "\x00") {
		if _, name, found := strings.Cut(line, ":"); found {
			names = append(names, name)
		}
	}
	return names
}

// File returns what a file held; false where it was not there yet.
func (r Revision) File(ctx context.Context, name string) ([]byte, bool) {
	data, err := r.git(ctx, "show", r.name+":./"+name)
	return data, err == nil
}

func (r Revision) git(ctx context.Context, args ...string) ([]byte, error) {
	return git(ctx, r.dir, nil, args...) // the revision is checked not to be an option
}

func git(ctx context.Context, dir string, in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Stdin = dir, in
	return cmd.Output()
}

// Head names the revision that a folder is at, or "" where there is none: no repository, no commit, or no Git.
func Head(ctx context.Context, dir string) string {
	out, err := git(ctx, dir, nil, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(out))
}

// Shallow reports whether a repository has but the last part of its history, as machines of continuous integration clone it.
func Shallow(ctx context.Context, dir string) bool {
	out, err := git(ctx, dir, nil, "rev-parse", "--is-shallow-repository")
	return err == nil && string(bytes.TrimSpace(out)) == "true"
}

// Version is a file as a commit left it.
type Version struct {
	Time time.Time
	Name string // that of the file at that time, from the top of the repository
	Data []byte // nil where it went away
	of   string // the revision
}

// Versions returns what a file was, the newest first, at most so many; also where it was called otherwise.
func Versions(ctx context.Context, dir, name string, most int) ([]Version, error) {
	out, err := git(ctx, dir, nil, "-c", "core.quotePath=false", "log", "--follow", "--name-only", "--format=%x00%H %ct", "-n", strconv.Itoa(most), "HEAD", "--", name)
	if err != nil {
		return nil, fmt.Errorf("ask Git for the history of %s: %w", name, err)
	}
	var versions []Version
	for record := range strings.SplitSeq(string(out), "\x00") {
		head, names, _ := strings.Cut(record, "\n")
		revision, seconds, found := strings.Cut(head, " ")
		n, err := strconv.ParseInt(seconds, 10, 64)
		if named := strings.TrimSpace(names); found && err == nil && named != "" {
			versions = append(versions, Version{Time: time.Unix(n, 0), Name: named, of: revision})
		}
	}
	return versions, fill(ctx, dir, versions)
}

// fill reads what the versions held, with one process for all of them.
func fill(ctx context.Context, dir string, versions []Version) error {
	var asked strings.Builder
	for _, v := range versions {
		asked.WriteString(v.of + ":" + v.Name + "\n")
	}
	out, err := git(ctx, dir, strings.NewReader(asked.String()), "cat-file", "--batch")
	if err != nil {
		return fmt.Errorf("ask Git for earlier texts: %w", err)
	}
	for i := range versions {
		head, rest, found := bytes.Cut(out, []byte("\n"))
		if !found {
			return nil
		}
		out = rest
		fields := bytes.Fields(head)
		size, err := strconv.Atoi(string(fields[len(fields)-1]))
		if err != nil || size < 0 || size >= len(out) { // "missing" stands in the place of a size
			continue
		}
		versions[i].Data, out = out[:size], out[size+1:]
	}
	return nil
}
