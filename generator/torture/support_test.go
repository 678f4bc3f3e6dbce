package torture

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var full = flag.Bool("full", false, "run in full, measure time, and print what was tried")

// program is the path of the waymark that is tried.
var program string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if file := os.Getenv(measuring); file != "" {
		return measure(file, os.Args[1:])
	}
	flag.Parse()
	dir, err := os.MkdirTemp("", "torture")
	if err == nil {
		defer func() { _ = os.RemoveAll(dir) }()
		program = filepath.Join(dir, "waymark")
		if runtime.GOOS == "windows" {
			program += ".exe"
		}
		if out, failed := exec.Command("go", "build", "-o", program, "waymark/cmd/waymark").CombinedOutput(); failed != nil {
			err = fmt.Errorf("%w\n%s", failed, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture: build the program:", err)
		return 1
	}
	return m.Run()
}

// scale returns how often something is tried.
func scale(small, inFull int) int {
	if *full {
		return inFull
	}
	return small
}

// tried says, in a full run, how often something was tried, as a row of the guide's table.
func tried(t *testing.T, what string, n int, remark string) {
	t.Helper()
	if !*full {
		return
	}
	failed := "0"
	if t.Failed() {
		failed = "see above"
	}
	fmt.Printf("| %s | %d | %s | %s |\n", what, n, failed, remark)
}

// outcome is how a process ended.
type outcome struct {
	status int // -1 where it was killed
	said   string
	wall   time.Duration
	peak   int64 // its largest resident set in bytes; 0 where the system does not say
}

// measuring names, in the environment, the file that the peak of a program's memory is to be written to.
const measuring = "TORTURE_PEAK"

// measure runs a program, and writes its peak to a file. A process begins with the peak of the one that starts it, on Linux: this
// one is small, where the tests have grown.
func measure(file string, args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, "torture:", err)
		return 99
	}
	if err := os.WriteFile(file, strconv.AppendInt(nil, peak(cmd.ProcessState), 10), 0o600); err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		return 99
	}
	return cmd.ProcessState.ExitCode()
}

// command is a build of a site's folder.
func command(dir string, more ...string) *exec.Cmd {
	cmd := exec.Command(program, append([]string{"build", "-s", dir}, more...)...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1795000000")
	return cmd
}

// finish runs a command to its end. Whatever it meets, the program says so in words.
func finish(t *testing.T, cmd *exec.Cmd) outcome {
	t.Helper()
	var said strings.Builder
	file := filepath.Join(t.TempDir(), "peak")
	env := cmd.Environ()
	cmd = exec.Command(os.Args[0], cmd.Args...)
	cmd.Env = slices.Concat(env, []string{measuring + "=" + file})
	cmd.Stdout, cmd.Stderr = &said, &said
	start := time.Now()
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	o := outcome{status: cmd.ProcessState.ExitCode(), said: said.String(), wall: time.Since(start)}
	if data, err := os.ReadFile(file); err == nil {
		o.peak, _ = strconv.ParseInt(string(data), 10, 64)
	}
	for _, word := range []string{"goroutine ", "panic", "fault of Waymark"} {
		if strings.Contains(o.said, word) {
			t.Errorf("%s: %q", cmd, head(o.said))
		}
	}
	return o
}

// must runs a build that has to succeed.
func must(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if o := finish(t, cmd); o.status != 0 {
		t.Fatalf("%s: status %d: %s", cmd, o.status, head(o.said))
	}
}

func head(s string) string { return s[:min(len(s), 2_000)] }

// write writes a site's files below a folder.
func (f folder) write(tb testing.TB, dir string) {
	tb.Helper()
	for name, data := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

// read returns the regular files below a folder, but for what Waymark keeps there for itself.
func read(t *testing.T, dir string) folder {
	t.Helper()
	files := folder{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // it went away meanwhile
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".waymark":
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// faults are what went wrong beside the goroutine of a test.
type faults struct {
	sync.Mutex
	list []string
}

func (f *faults) add(format string, args ...any) {
	f.Lock()
	defer f.Unlock()
	f.list = append(f.list, fmt.Sprintf(format, args...))
}

func (f *faults) report(t *testing.T) {
	t.Helper()
	for i, s := range f.list {
		if i == 10 {
			t.Errorf("and %d more", len(f.list)-i)
			return
		}
		t.Error(s)
	}
}

func cpus() int { return runtime.GOMAXPROCS(0) }
