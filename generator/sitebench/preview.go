package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"waymark/generator/internal/watch/saves"
)

// starts is how often a preview of ours is started before the one that is measured.
const starts = 5

// edits is how many times each kind of edit is measured.
const edits = 30

// inText and inTitle are the places in a post at which it is edited.
func inText(post string) int {
	section := strings.Index(post, "\n## ")
	return section + strings.Index(post[section:], "\n\n") + len("\n\n")
}

func inTitle(post string) int { return strings.Index(post, "title: ") + len("title: ") }

// shownPost is the post that the browser shows and that is edited. It has a table and a code block.
const shownPost = "post-00042"

// measurePreview compares the preview servers over the same content: from start to the first page, from a save to the
// changed page in a connected browser, and memory. A text is saved in the three ways in which most editors do.
func measurePreview(waymark, hugo string, posts int, k kind) (err error) {
	dir, err := writeSites(posts, k)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	serve := func(port string) *exec.Cmd {
		return exec.Command(waymark, "serve", "-s", dir, "--addr", "127.0.0.1:"+port)
	}
	var firsts []time.Duration
	for range starts { // the first begins with nothing, and those behind it with what it kept
		s, err := newSession(posts, k.name, "Waymark", dir, serve)
		if err != nil {
			return err
		}
		s.close()
		firsts = append(firsts, s.first)
	}
	ours, err := newSession(posts, k.name, "Waymark", dir, serve)
	if err != nil {
		return err
	}
	defer ours.close()
	kept := slices.Sorted(slices.Values(append(firsts, ours.first)[1:]))
	ours.report(fmt.Sprintf("%.2f s, again %.2f s", firsts[0].Seconds(), kept[len(kept)/2].Seconds()))
	if hugo == "" {
		return ours.err
	}
	theirs, err := newSession(posts, k.name, "Hugo", dir, func(port string) *exec.Cmd {
		return exec.Command(hugo, "server", "--source", dir+"/"+lean, "--bind", "127.0.0.1", "--port", port, "--baseURL", "http://127.0.0.1:"+port+"/")
	})
	if err != nil {
		return errors.Join(ours.err, err)
	}
	defer theirs.close()
	theirs.report(fmt.Sprintf("%.2f s", theirs.first.Seconds()))
	return errors.Join(ours.err, theirs.err)
}

// session is a running preview server with a browser that looks at it.
type session struct {
	posts   int
	content string
	name    string
	file    string // the text that is edited
	text    string // as it was
	server  *exec.Cmd
	first   time.Duration
	address string // of the page that is shown
	missed  int    // edits that the browser never showed
	arrived chan string
	ctx     context.Context
	stop    []func()
	err     error // the first thing that went wrong while measuring
}

func newSession(posts int, content, name, dir string, command func(port string) *exec.Cmd) (*session, error) {
	s := &session{posts: posts, content: content, name: name, file: filepath.Join(dir, "content", "posts", shownPost+".md"), arrived: make(chan string, 1000)}
	data, err := os.ReadFile(s.file)
	if err != nil {
		return nil, err
	}
	s.text = string(data)
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s.address = "http://127.0.0.1:" + port + "/posts/" + shownPost + "/"
	s.server = command(port)
	start := time.Now()
	if err := s.server.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	s.stop = append(s.stop, func() {
		_ = s.server.Process.Signal(syscall.SIGTERM) // it is gone afterwards, one way or another
		_ = s.server.Wait()
	})
	for !answers(s.address) {
		if time.Since(start) > 5*time.Minute {
			s.close()
			return nil, fmt.Errorf("%s does not answer", name)
		}
		time.Sleep(2 * time.Millisecond)
	}
	s.first = time.Since(start)
	if err := s.browse(); err != nil {
		s.close()
		return nil, fmt.Errorf("open a browser: %w", err)
	}
	return s, nil
}

func (s *session) close() {
	for _, f := range slices.Backward(s.stop) {
		f()
	}
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, errors.Join(err, l.Close())
}

func answers(address string) bool {
	r, err := http.Get(address) //nolint:gosec // an address of this machine
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, r.Body)
	return errors.Join(err, r.Body.Close()) == nil && r.StatusCode == http.StatusOK
}

// tell runs in every page before anything else, and tells the program of each mark of an edit as soon as it is there.
const tell = `(() => {
	let last;
	const look = () => {
		const mark = document.querySelector("main")?.textContent.match(/edit-mark-\d+/)?.[0];
		if (mark && mark !== last) arrived(last = mark);
	};
	new MutationObserver(look).observe(document, {childList: true, subtree: true, characterData: true});
})()`

// newBrowser starts a browser that asks for nothing of its own. stop ends it.
func newBrowser() (ctx context.Context, stop func()) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true))
	allocator, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	return ctx, func() { cancel(); end() }
}

func (s *session) browse() error {
	ctx, cancel := newBrowser()
	s.ctx, s.stop = ctx, append(s.stop, cancel)
	err := chromedp.Listen(s.ctx, func(event any) {
		if e, ok := event.(*runtime.EventBindingCalled); ok {
			s.arrived <- e.Payload
		}
	})
	if err != nil {
		return err
	}
	if _, err := chromedp.Call(s.ctx, runtime.AddBinding, runtime.AddBindingParams{Name: "arrived"}); err != nil {
		return err
	}
	if _, err := chromedp.Call(s.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: tell}); err != nil {
		return err
	}
	return chromedp.Do(s.ctx, chromedp.Navigate(s.address))
}

// patience is how long a change may take. A browser that was not told by then never will be.
const patience = 20 * time.Second

var errMissed = errors.New("the browser never shows the edit")

// save writes the text with a mark, and returns how long it took until the browser had it.
func (s *session) save(n int, place func(string) int, way saves.Pattern) (time.Duration, error) {
	mark := "edit-mark-" + strconv.Itoa(n)
	at := place(s.text)
	text := s.text[:at] + mark + " " + s.text[at:]
	start := time.Now()
	if err := way.Save(s.file, text); err != nil {
		return 0, err
	}
	limit := time.After(patience)
	for {
		select {
		case got := <-s.arrived:
			if got == mark {
				return time.Since(start), nil
			}
		case <-limit:
			return 0, errMissed
		}
	}
}

// measure saves often, with pauses after which a browser listens again, and of which no server's tick is a part.
func (s *session) measure(from int, place func(string) int, way saves.Pattern) []time.Duration {
	var out []time.Duration
	for i := range edits {
		time.Sleep(time.Duration(500+rand.IntN(500)) * time.Millisecond) //nolint:gosec // any pause will do
		took, err := s.save(from+i, place, way)
		if errors.Is(err, errMissed) {
			s.missed++
			err = chromedp.Do(s.ctx, chromedp.Navigate(s.address))
			if err == nil {
				continue
			}
		}
		if err != nil {
			s.err = errors.Join(s.err, err)
			return out
		}
		out = append(out, took)
	}
	slices.Sort(out)
	return out
}

// report measures each way of saving, and prints a row for it. first says how long the first page took.
func (s *session) report(first string) {
	time.Sleep(time.Second) // the browser has settled
	for i, way := range saves.Patterns()[:3] {
		words := s.measure(2000*i+1000, inText, way)
		titles := s.measure(2000*i+2000, inTitle, way)
		fmt.Printf("| %d | %s | %s | %s | %s | %s | %s | %d of %d | %d MiB |\n", s.posts, s.content, s.name, first, way.Name,
			percentiles(words), percentiles(titles), s.missed, 2*edits, s.memory()>>20)
		s.missed = 0
	}
}

func percentiles(list []time.Duration) string {
	if len(list) == 0 {
		return "-"
	}
	at := func(share float64) float64 {
		return float64(list[min(len(list)-1, int(share*float64(len(list))))].Microseconds()) / 1000
	}
	return fmt.Sprintf("%.1f / %.1f ms", at(.5), at(.95))
}

// memory returns the resident set of the server, in bytes.
func (s *session) memory() int64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.server.Process.Pid))
	if err != nil {
		s.err = errors.Join(s.err, err)
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}
