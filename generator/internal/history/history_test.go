package history

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a repository below a folder, and returns what commits a file, or its end, on a day.
func repository(t *testing.T) (dir string, commit func(day, name, text string)) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("Git is not installed")
	}
	dir = t.TempDir()
	run := func(day string, args ...string) {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE="+day+"T12:00:00Z", "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.org", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
		}
	}
	run("2026-01-01", "init", "-q")
	return dir, func(day, name, text string) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			run(day, "rm", "-q", "--", name)
		} else if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		run(day, "add", "-A")
		run(day, "commit", "-q", "-m", "x\n\x01 y")
	}
}

func TestVersionsOfAFile(t *testing.T) {
	dir, commit := repository(t)
	long := strings.Repeat("the same words as before\n", 20)
	commit("2026-01-01", "site/content/an old näme.md", long+"1\n")
	commit("2026-01-02", "site/content/other.md", "not asked for\n")
	commit("2026-01-03", "site/content/an old näme.md", long+"2") // without a line's end
	if err := os.Rename(filepath.Join(dir, "site/content/an old näme.md"), filepath.Join(dir, "site/content/new.md")); err != nil {
		t.Fatal(err)
	}
	commit("2026-01-04", "site/content/new.md", long+"2")
	commit("2026-01-05", "site/content/new.md", "")
	commit("2026-01-06", "site/content/new.md", "3\n")
	versions, err := Versions(t.Context(), filepath.Join(dir, "site"), "content/new.md", 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range versions {
		got = append(got, v.Time.UTC().Format("02 ")+filepath.Base(v.Name)+" "+strings.ReplaceAll(strings.TrimPrefix(string(v.Data), long), "\n", "|"))
	}
	want := "06 new.md 3|; 05 new.md ; 04 new.md 2; 03 an old näme.md 2; 01 an old näme.md 1|"
	if strings.Join(got, "; ") != want {
		t.Errorf("the versions are %q, not %q", strings.Join(got, "; "), want)
	}
	if versions[1].Data != nil {
		t.Error("a file that went away has bytes")
	}
	if few, err := Versions(t.Context(), filepath.Join(dir, "site"), "content/new.md", 2); err != nil || len(few) != 2 {
		t.Errorf("of at most two there are %d (%v)", len(few), err)
	}
	if none, err := Versions(t.Context(), filepath.Join(dir, "site"), "content/never.md", 2); err != nil || len(none) != 0 {
		t.Errorf("a file that never was has %d versions (%v)", len(none), err)
	}
	if len(Head(t.Context(), dir)) != 40 || Head(t.Context(), t.TempDir()) != "" || Shallow(t.Context(), dir) {
		t.Error("it is not known where the repository is at")
	}
}
