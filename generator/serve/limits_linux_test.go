package serve

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Where the system loses events, because there were more than it keeps, every change shows all the same; so do those in
// folders of which nothing was told.
func TestOverflow(t *testing.T) {
	limit, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil || strings.TrimSpace(string(limit)) != "16384" {
		t.Skipf("this system does not keep 16384 events: %s %v", limit, err)
	}
	files := manyPosts(40)
	files["content/old/text.md"] = postText(0, "old")
	p, process := child(t, files, func(*exec.Cmd) {})
	p.must(process.Signal(syscall.SIGSTOP)) // it does not take its events meanwhile
	for round := range 500 {
		for i := range 40 {
			p.write(post(i), postText(i, fmt.Sprintf("round %d", round)))
		}
	}
	p.write("content/posts/late/post.md", postText(0, "late"))
	p.must(os.Rename(p.path("content/old"), p.path("content/renamed")))
	p.must(process.Signal(syscall.SIGCONT))
	for i := range 40 {
		p.look(post(i)+" shows", func() bool { return strings.Contains(p.get(postAddress(i)), "round 499.") })
	}
	p.look("the late post shows", func() bool { return strings.Contains(p.get("posts/late/post/"), "late.") })
	if !strings.Contains(p.out.String(), "all was read again") {
		t.Errorf("nothing overflowed:\n%s", p.out)
	}
	p.write("content/posts/late/post.md", postText(0, "later still"))
	p.look("the renamed folder shows", func() bool { return strings.Contains(p.get("renamed/text/"), "old.") })
	p.write("content/renamed/text.md", postText(0, "new"))
	p.look("a folder that was renamed during the overflow is watched", func() bool { return strings.Contains(p.get("renamed/text/"), "new.") })
	p.look("a folder that came during the overflow is watched", func() bool { return strings.Contains(p.get("posts/late/post/"), "later still.") })
}

// Where the system watches no more folders, they are looked through at intervals, every change shows, and it says so.
func TestWatchLimit(t *testing.T) {
	for _, c := range []struct {
		name, limit string
		files       int
	}{{"from the beginning", "3", 4}, {"by folders that come later", "8", 4}} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := child(t, manyPosts(c.files), func(cmd *exec.Cmd) {
				cmd.Env = append(cmd.Env, childLimit+"="+c.limit)
				limitWatches(t, cmd)
			})
			for n := range 3 {
				name := fmt.Sprintf("content/posts/new-%d/post.md", n)
				p.write(name, postText(n, "first"))
				p.look("a new folder shows", func() bool { return strings.Contains(p.get(fmt.Sprintf("posts/new-%d/post/", n)), "first.") })
				p.write(name, postText(n, "second"))
				p.look("a change in it shows", func() bool { return strings.Contains(p.get(fmt.Sprintf("posts/new-%d/post/", n)), "second.") })
			}
			for i := range c.files {
				p.write(post(i), postText(i, "after"))
				p.look("a change shows", func() bool { return strings.Contains(p.get(postAddress(i)), "after.") })
			}
			if said := p.out.String(); strings.Count(said, "changes are looked for twice a second: the system cannot watch so many folders") != 1 {
				t.Errorf("it says\n%s", said)
			}
		})
	}
}

// limitWatches starts a program in a user namespace of its own, in which it may lower its limits.
// Source: user_namespaces(7), inotify(7).
func limitWatches(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	probe := exec.Command("true")
	probe.SysProcAttr = cmd.SysProcAttr
	if err := probe.Run(); errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) {
		t.Skip("this system has no user namespaces, in which a limit can be lowered: ", err)
	}
}
