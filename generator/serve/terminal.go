package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"time"

	"waymark/generator/diag"
	"waymark/generator/preview"
)

// noFolder says that a site's folder is none; other errors are the machine's.
func noFolder(dir string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return diag.Usagef("there is no folder %q", dir)
	case errors.Is(err, syscall.ENOTDIR):
		return diag.Usagef("%q is a file (name the folder that holds the site)", dir)
	}
	return err
}

func pageDigest() string {
	sum := sha256.New()
	err := fs.WalkDir(pageFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := pageFiles.ReadFile(name)
		sum.Write(data)
		return err
	})
	if err != nil {
		panic(err) // they are embedded
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// say writes a line to the terminal, whole: requests and updates say things side by side.
func (s *server) say(format string, args ...any) {
	s.saying.Lock()
	defer s.saying.Unlock()
	_, _ = fmt.Fprintf(s.options.Out, format+"\n", args...) // there is nowhere else to say it
}

// sayAll writes diagnostics to the terminal, with the lines that they point into.
func (s *server) sayAll(list diag.List) {
	list = s.preview.Excerpts(list)
	s.saying.Lock()
	defer s.saying.Unlock()
	_ = diag.Text(s.options.Out, list) // there is nowhere else to say it
}

// welcome says where the site can be seen, and what there is to know of it.
func (s *server) welcome(u preview.Update, polling string, took time.Duration) {
	s.tellMistakes(u)
	if s.preview.Empty() {
		s.say("there is no site to show yet; it comes when this is mended")
	} else {
		s.say("%s, ready in %s", plural(u.Pages, "page"), spell(took))
	}
	if polling != "" {
		s.sayPolling(polling)
	}
	if !s.guard.loopback {
		s.say("warning: everybody who can reach this machine can read the preview, drafts included (leave out --addr to keep it to yourself)")
	}
	s.say("%s shows the site until Ctrl-C", s.address())
}

func (s *server) sayPolling(why string) {
	s.say("changes are looked for twice a second: %s", diag.Printable(why))
}

// shownPaths is up to how many changed files are named.
const shownPaths = 3

// breath is how soon after a line the next one about the same files is left out: some editors save at every stroke.
const breath = time.Second

// rebuilt tells of an update in a line.
func (s *server) rebuilt(all bool, u preview.Update, took time.Duration) {
	what := strings.Join(u.Names, ", ")
	switch {
	case all || what == "":
		what = "all was read again"
	case len(u.Names) > shownPaths:
		what = fmt.Sprintf("%s and %d more files", strings.Join(u.Names[:shownPaths-1], ", "), len(u.Names)-shownPaths+1)
	}
	line := fmt.Sprintf("%s: %s, %s", diag.Printable(what), plural(u.Pages, "page"), spell(took))
	errors, warnings := u.Diagnostics.Count()
	if errors > 0 {
		line += ", " + plural(errors, "error")
	}
	if warnings > 0 {
		line += ", " + plural(warnings, "warning")
	}
	if now := time.Now(); what != s.last.what || errors != s.last.errors || now.Sub(s.last.at) > breath {
		s.say("%s  %s", now.Format(time.TimeOnly), line)
		s.last = lastLine{what, errors, now}
	}
	s.tellMistakes(u)
}

// lastLine is what the terminal was told last.
type lastLine struct {
	what   string
	errors int
	at     time.Time
}

// toldAtOnce is how many new mistakes are printed at once.
const toldAtOnce = 8

// tellMistakes prints the mistakes that were not there before, the errors first. Those that moved to another line are not
// new, nor are those that something else hid for a while.
func (s *server) tellMistakes(u preview.Update) {
	now := map[diag.Diagnostic]int{}
	var fresh diag.List
	for _, severity := range []diag.Severity{diag.Error, diag.Warning} {
		for _, d := range u.Diagnostics {
			if d.Severity != severity {
				continue
			}
			key := anywhere(d)
			if now[key]++; now[key] > s.told[key] {
				fresh.Add(d)
			}
		}
	}
	for key, times := range s.told {
		if now[key] == 0 && !slices.Contains(u.Names, key.Pos.File) {
			now[key] = times
		}
	}
	s.told = now
	more := len(fresh) - toldAtOnce
	if more > 0 {
		fresh = fresh[:toldAtOnce]
	}
	s.sayAll(fresh)
	if more > 0 {
		s.say("and %d more (waymark build prints them all)", more)
	}
}

// anywhere is a mistake without its line.
func anywhere(d diag.Diagnostic) diag.Diagnostic {
	d.Pos.Line, d.Pos.Col = 0, 0
	return d
}

// tellProblem prints a mistake in a layout, which is only found when a page is made. The same one is not printed twice on
// end.
func (s *server) tellProblem(d *diag.Diagnostic) {
	if d == nil {
		return
	}
	s.telling.Lock()
	defer s.telling.Unlock()
	if s.problem != anywhere(*d) {
		s.problem = anywhere(*d)
		s.sayAll(diag.List{*d})
	}
}

// spell gives a duration the digits that it is worth.
func spell(d time.Duration) string {
	switch ms := float64(d.Microseconds()) / 1000; {
	case ms < 10:
		return fmt.Sprintf("%.1f ms", ms)
	case ms < 1000:
		return fmt.Sprintf("%.0f ms", ms)
	default:
		return fmt.Sprintf("%.2f s", ms/1000)
	}
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
