package serve

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"waymark/generator"
	"waymark/generator/internal/watch/saves"
	"waymark/generator/preview"
)

// manyPosts is a site of n posts in four folders.
func manyPosts(n int) map[string]string {
	files := map[string]string{"content/index.md": "# Home\n"}
	for i := range n {
		files[post(i)] = postText(i, "before")
	}
	return files
}

func post(i int) string { return fmt.Sprintf("content/posts/%d/post-%d.md", i%4, i) }

func postAddress(i int) string { return fmt.Sprintf("posts/%d/post-%d/", i%4, i) }

func postText(i int, mark string) string {
	return fmt.Sprintf("---\ntitle: Post %d\ndate: 2026-01-01\n---\nThe mark is %s.\n", i, mark)
}

// However an editor saves, every one of a thousand saves shows, and one save is one rebuild.
func TestEverySaveShows(t *testing.T) {
	p := start(t, manyPosts(20))
	patterns := saves.Patterns()
	const times = 1000
	for n := range times {
		i, mark := n%20, fmt.Sprintf("save-%d", n)
		p.must(patterns[n%len(patterns)].Save(p.path(post(i)), postText(i, mark)))
		p.shows(postAddress(i), mark+".")
	}
	if lines := strings.Count(p.out.String(), "\n"); lines > times+times/10 {
		t.Errorf("%d saves gave %d lines in the terminal", times, lines)
	}
}

// A thousand files at once, as when a branch is switched, are one rebuild, or a few where the machine is slow.
func TestABranchIsSwitched(t *testing.T) {
	p := start(t, manyPosts(1000))
	for i := range 1000 {
		if i%10 == 0 {
			p.must(os.Remove(p.path(post(i))))
			continue
		}
		p.write(post(i), postText(i, "another branch"))
	}
	p.until("all posts are those of the other branch", func() bool {
		for i := range 1000 {
			answer := p.request(http.MethodGet, postAddress(i))
			text, err := io.ReadAll(answer.Body)
			p.must(err, answer.Body.Close())
			switch {
			case i%10 == 0 && answer.StatusCode != http.StatusNotFound, i%10 != 0 && !strings.Contains(string(text), "another branch."):
				return false
			}
		}
		return true
	})
	if lines := strings.Count(p.out.String(), " more files: "); lines < 1 || lines > 20 {
		t.Errorf("%d rebuilds:\n%s", lines, p.out)
	}
}

// childDir and childLimit make this program a preview server when it is run again: what no process should do to itself.
const (
	childDir   = "WAYMARK_TEST_PREVIEW"
	childLimit = "WAYMARK_TEST_WATCHES"
)

func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	if limit := os.Getenv(childLimit); limit != "" {
		if err := os.WriteFile("/proc/sys/user/max_inotify_watches", []byte(limit), 0o600); err != nil {
			fmt.Println("no limit:", err)
			os.Exit(1)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	err := Run(ctx, Options{
		Config: generator.Config{Dir: dir, Drafts: true, Future: true, Preview: true}, Address: "127.0.0.1:0", Only: true, Out: os.Stdout,
		Clock: func() time.Time { return day },
	})
	stop()
	if err != nil {
		fmt.Println("it failed:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child starts a preview server in a process of its own, and waits until it says where it is.
func child(t *testing.T, files map[string]string, change func(*exec.Cmd)) (*trial, *os.Process) {
	t.Helper()
	p := &trial{T: t, dir: t.TempDir(), out: &buffer{}, ended: make(chan error, 1), updates: make(chan preview.Update)}
	for name, text := range files {
		p.write(name, text)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+p.dir)
	cmd.Stdout, cmd.Stderr = p.out, p.out
	change(cmd)
	p.must(cmd.Start())
	go func() { p.ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		if err := <-p.ended; err != nil {
			t.Errorf("it ended with %v:\n%s", err, p.out)
		}
	})
	p.look("it says where it is", func() bool {
		_, after, found := strings.Cut(p.out.String(), "http://")
		address, _, _ := strings.Cut(after, " ")
		p.address = "http://" + address
		return found
	})
	return p, cmd.Process
}

// look asks again and again until something holds. A process of its own tells nobody of its updates.
func (p *trial) look(what string, holds func() bool) {
	p.Helper()
	limit, tick := time.After(30*time.Second), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case err := <-p.ended:
			p.ended <- nil
			p.Fatalf("it ended with %v:\n%s", err, p.out)
		case <-limit:
			p.Fatalf("%s: not so after 30 s; the terminal says\n%s", what, p.out)
		}
	}
}
