// Package history asks Git what files were at an earlier time.
package history

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
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

// git asks Git in a folder. What variables of the environment say of another repository is not meant; a name of a file is one, and no
// pattern.
func git(ctx context.Context, dir string, in io.Reader, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"--literal-pathspecs"}, args...)...)
	cmd.Dir, cmd.Stdin = dir, in
	cmd.Env = slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "GIT_DIR=") || strings.HasPrefix(s, "GIT_WORK_TREE=") || strings.HasPrefix(s, "GIT_INDEX_FILE=")
	})
	out, err := cmd.Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		if says, _, _ := strings.Cut(strings.TrimSpace(string(failed.Stderr)), "\n"); says != "" {
			err = errors.New(says)
		}
	}
	return out, err
}

// State names all that a folder's history depends on: the revision that it is at, and whether what came before is there. It is "" where
// there is no history: no repository, no commit, no Git, or one that must not be read.
func State(ctx context.Context, dir string) string {
	out, err := git(ctx, dir, nil, "rev-parse", "--is-shallow-repository", "HEAD^{commit}")
	says := strings.Fields(string(out))
	if err != nil || len(says) != 2 {
		return ""
	}
	if says[0] == "true" {
		return says[1] + shallow
	}
	return says[1]
}

// shallow marks the state of a repository that has but the last part of its history, as machines of continuous integration clone it.
const shallow = " shallow"

// IsShallow reports whether a State is that of a repository which has but the last part of its history.
func IsShallow(state string) bool { return strings.HasSuffix(state, shallow) }

// Why says why a folder has no history, as Git says it.
func Why(ctx context.Context, dir string) string {
	if _, err := git(ctx, dir, nil, "log", "-1", "--format=%H", "HEAD"); err != nil {
		return err.Error()
	}
	return ""
}

// Log is what was done in a folder, commit by commit, the newest first. Of merged branches the one is followed into which the other was
// merged, as it stood after each commit.
type Log struct {
	dir     string
	commits []commit
}

type commit struct {
	name    string
	time    time.Time
	changes []change
}

// change is what became of a file: from is what it was called before, where that is another name.
type change struct {
	file, from string
}

// maxCommits bounds how far back a Log goes.
const maxCommits = 20_000

// ReadLog reads what was done in a folder up to a State; what came into the repository since then does not count.
func ReadLog(ctx context.Context, dir, state string) (Log, error) {
	l := Log{dir: dir}
	out, err := git(ctx, dir, nil, "-c", "log.showRoot=true", "log", "-z", "--first-parent", "-m", "-M", "--name-status", "--relative", "--format=%x01%H %ct",
		"-n", strconv.Itoa(maxCommits), strings.TrimSuffix(state, shallow), "--", ".")
	if err != nil {
		return l, fmt.Errorf("ask Git for a history: %w", err)
	}
	for record := range strings.SplitSeq(string(out), "\x01") { // no name of a file has that sign, or it has no history
		words := strings.Split(strings.Trim(record, "\x00"), "\x00")
		name, seconds, found := strings.Cut(words[0], " ")
		n, err := strconv.ParseInt(strings.TrimSpace(seconds), 10, 64)
		if found && err == nil {
			l.commits = append(l.commits, commit{name, time.Unix(n, 0), changesOf(words[1:])})
		}
	}
	return l, nil
}

// changesOf reads what Git says of a commit: for each file a letter, and its name, or its names before and after.
func changesOf(words []string) (changes []change) {
	for len(words) > 1 {
		what := strings.TrimSpace(words[0])
		switch {
		case what == "":
			words = words[1:]
		case strings.HasPrefix(what, "R") && len(words) > 2:
			changes = append(changes, change{file: words[2], from: words[1]})
			words = words[3:]
		default:
			changes = append(changes, change{file: words[1]})
			words = words[2:]
		}
	}
	return changes
}

// Version is a file as a commit left it.
type Version struct {
	Time time.Time
	Name string // that of the file at that time
	Data []byte // nil where it went away
	of   string // the commit
}

// Versions returns what a file of the folder was, the newest first, at most so many; also where it was called otherwise.
func (l Log) Versions(ctx context.Context, name string, most int) ([]Version, error) {
	var versions []Version
	for _, c := range l.commits {
		at := slices.IndexFunc(c.changes, func(c change) bool { return c.file == name })
		if at < 0 || strings.Contains(name, "\n") { // what is asked for stands on a line
			continue
		}
		if len(versions) == most {
			break
		}
		versions = append(versions, Version{Time: c.time, Name: name, of: c.name})
		if from := c.changes[at].from; from != "" {
			name = from
		}
	}
	return versions, fill(ctx, l.dir, versions)
}

// fill reads what the versions held, with one process for all of them.
func fill(ctx context.Context, dir string, versions []Version) error {
	if len(versions) == 0 {
		return nil
	}
	var asked strings.Builder
	for _, v := range versions {
		asked.WriteString(v.of + ":./" + v.Name + "\n")
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
