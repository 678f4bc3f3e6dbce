// Package history asks Git what files were at an earlier time.
package history

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
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
	cmd := exec.CommandContext(ctx, "git", args...) // the revision is checked not to be an option
	cmd.Dir = r.dir
	return cmd.Output()
}
