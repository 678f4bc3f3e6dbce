package history

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func versionsOf(t *testing.T, dir, name string, most int) ([]Version, error) {
	t.Helper()
	log, err := ReadLog(t.Context(), dir, State(t.Context(), dir))
	if err != nil {
		return nil, err
	}
	return log.Versions(t.Context(), name, most)
}

// Names are no patterns, and may have any signs that a line can have; what settings and the environment say of Git changes nothing.
func TestOddNamesAndSettings(t *testing.T) {
	dir, commit := repository(t)
	names := []string{`a "quoted" na\\me.md`, "tab\there.md", "pl*.md", "[x].md", ":(top)y.md", "-n.md"}
	for _, name := range names {
		commit("2026-02-01", "site/"+name, "of "+name)
	}
	commit("2026-02-02", "site/plX.md", "another")
	for _, setting := range []string{"diff.relative", "log.showRoot"} {
		cmd := exec.Command("git", "config", setting, map[string]string{"diff.relative": "true", "log.showRoot": "false"}[setting])
		cmd.Dir = dir
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GIT_DIR", t.TempDir())
	for _, name := range names {
		versions, err := versionsOf(t, filepath.Join(dir, "site"), name, 10)
		if err != nil || len(versions) != 1 || string(versions[0].Data) != "of "+name {
			t.Errorf("%q has %d versions: %v (%v)", name, len(versions), versions, err)
		}
	}
}

// Of merged branches, a file was what it was in the one into which the other was merged.
func TestMergedBranches(t *testing.T) {
	dir, commit := repository(t)
	run := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=A", "-c", "user.email=a@example.org"}, args...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_COMMITTER_DATE=2026-03-09T12:00:00Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	commit("2026-03-01", "a.md", "base\n\n\n\n")
	run("branch", "side")
	commit("2026-03-03", "a.md", "main\nbase\n\n\n\n")
	run("checkout", "-q", "side")
	commit("2026-03-02", "a.md", "base\n\n\n\nside\n")
	commit("2026-03-04", "a.md", "base\n\n\n\nside two\n")
	run("checkout", "-q", "-")
	run("merge", "-q", "-m", "merge", "side")
	versions, err := versionsOf(t, dir, "a.md", 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range versions {
		got = append(got, strings.Join(strings.Fields(string(v.Data)), "+"))
	}
	if want := "main+base+side+two; main+base; base"; strings.Join(got, "; ") != want {
		t.Errorf("the versions are %q, not %q", got, want)
	}
}

// repository makes a repository below a folder, and returns what commits a file, or its end, on a day.
func repository(t *testing.T) (dir string, commit func(day, name, text string)) {
	t.Helper()
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
	versions, err := versionsOf(t, filepath.Join(dir, "site"), "content/new.md", 10)
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
	if few, err := versionsOf(t, filepath.Join(dir, "site"), "content/new.md", 2); err != nil || len(few) != 2 {
		t.Errorf("of at most two there are %d (%v)", len(few), err)
	}
	if none, err := versionsOf(t, filepath.Join(dir, "site"), "content/never.md", 2); err != nil || len(none) != 0 {
		t.Errorf("a file that never was has %d versions (%v)", len(none), err)
	}
	if len(State(t.Context(), dir)) != 40 || State(t.Context(), t.TempDir()) != "" || IsShallow(State(t.Context(), dir)) {
		t.Error("it is not known where the repository is at")
	}
}
