package torture

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// limited is a build under a limit of the shell: "-n 20" for open files, "-v 100000" for address space in KB.
func limited(limit string, cmd *exec.Cmd) *exec.Cmd {
	under := exec.Command("sh", append([]string{"-c", "ulimit " + limit + " && exec \"$@\"", "sh"}, cmd.Args...)...)
	under.Env = cmd.Env
	return under
}

// A build that may open few files is slower or says so, and changes nothing in that case. Eight are what the Go runtime itself
// needs; the guide says how many a build does.
func TestFewOpenFiles(t *testing.T) {
	sources, right := editions(t, 2, 10)
	out := t.TempDir()
	must(t, command(sources[0], "-q", "-d", out))
	least, n := 0, 0
	for files := 12; files <= 60; files += scale(16, 1) {
		n++
		o := finish(t, limited("-n "+strconv.Itoa(files), command(sources[1], "-q", "-d", out)))
		switch {
		case o.status == 0:
			if least == 0 {
				least = files
			}
		case o.status != 3 && o.status != 1 || !strings.Contains(o.said, "too many open files"):
			t.Errorf("%d open files: status %d: %s", files, o.status, head(o.said))
		default:
			least = 0
			for _, wrong := range whole(read(t, out), right) {
				t.Errorf("%d open files: %s", files, wrong)
			}
		}
		mended(t, out, sources[0], right[0], right[1])
	}
	tried(t, "Builds that may open 12 to 60 files", n, fmt.Sprintf("enough from %d on, with %d processors", least, cpus()))
}

// On a disk that is full a build says so, and the folder is as it was; when there is room again, the next one succeeds.
func TestFullDisks(t *testing.T) {
	if !*full {
		t.Skip("in make torture: it mounts a disk of its own, which needs rights that tests should not have. Failing disks of all kinds are tried in package output")
	}
	sources, right := editions(t, 2, 40)
	disk := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Fatalf("mount a small disk (run this as root): %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", disk).Run() })
	out, ballast := filepath.Join(disk, "public"), filepath.Join(disk, "ballast")
	must(t, command(sources[0], "-q", "-d", out))
	now, n, filled := 0, 0, 0
	for ; filled < 100; n++ {
		size := 4<<20 + rand.Int64N(4<<20)
		if f, err := os.Create(ballast); err == nil {
			_, _ = f.Write(make([]byte, size)) // as much of it as there is room for
			_ = f.Close()
		}
		o := finish(t, command(sources[1-now], "-q", "-d", out))
		switch {
		case o.status == 0:
			now = 1 - now
		case o.status == 3 && strings.Contains(o.said, "no space left"):
			filled++
			for _, wrong := range same(read(t, out), right[now], right[1-now]) {
				t.Errorf("on a full disk: %s", wrong)
			}
		default:
			t.Errorf("status %d: %s", o.status, head(o.said))
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		if n%5 == 4 {
			mended(t, out, sources[now], right[now], right[1-now])
		}
	}
	tried(t, "Builds that met a full disk", filled, fmt.Sprintf("of %d with less and less room; the folder was as it was", n))
}
