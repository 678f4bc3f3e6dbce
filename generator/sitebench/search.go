package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/chromedp"
)

// queries are what is asked, one after another: two words, one, a title, and one that is nowhere as it is typed.
var queries = []string{"phone counter", "library", "post 421", "jorney"}

// runSearch compares the index of a site with that of Pagefind, over the same posts as HTML: how long it takes to make, how large it
// is, what a browser fetches for a first query and for later ones, how many requests follow one another after the first key, and how
// long it takes on a slow line. Pagefind is given the posts alone, and their text alone, as its manual advises.
func runSearch(waymark, pagefind string, runs int, sizes []string) error {
	if _, err := os.Stat(pagefind); err != nil {
		pagefind = ""
	}
	fmt.Println("| posts | index | made in, of all cores | peak | on disk | first query | later queries | in sequence | slow line, empty cache | the same, opened before |")
	fmt.Println("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|")
	return each(sizes, func(posts int) error {
		n := runs
		if n == 0 {
			n = 3
		}
		return measureSearch(waymark, pagefind, posts, n)
	})
}

func measureSearch(waymark, pagefind string, posts, runs int) (err error) {
	dir, err := writeSites(posts, kinds[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	bare := filepath.Join(dir, "bare")
	if err := withoutSearch(dir, bare); err != nil {
		return err
	}
	var with, without, theirs []sample
	out := func(name string, i int) string { return filepath.Join(dir, fmt.Sprint(name, i)) }
	for i := range runs + 1 { // in turn, because the machine is not always as fast; the first warms it up
		for _, b := range []struct {
			source, name string
			samples      *[]sample
		}{{bare, "bare", &without}, {dir, "site", &with}} {
			s, err := timed(exec.Command(waymark, "build", "-q", "-s", b.source, "-d", out(b.name, i)))
			if err != nil {
				return err
			}
			if i > 0 {
				*b.samples = append(*b.samples, s)
			}
		}
	}
	site := out("site", 0)
	if pagefind != "" {
		for range runs {
			s, err := timed(exec.Command(pagefind, "--site", filepath.Join(site, "posts"), "--output-path", filepath.Join(site, "pagefind"), "--root-selector", "main", "--glob", "post-*/*.html"))
			if err != nil {
				return err
			}
			theirs = append(theirs, s)
		}
	}
	_, peakA := median(with)
	_, peakB := median(without)
	a, b := cpu(with), cpu(without) // because a build's time on the clock differs by more than an index takes
	made := fmt.Sprintf("%.2f s of a build's %.2f s (%.0f %%)", a-b, a, 100*(a-b)/a)
	if err := browse(site, posts, "Waymark", made, fmt.Sprintf("%d MiB, without it %d", peakA>>20, peakB>>20), filepath.Join(site, "search"), ours); err != nil {
		return err
	}
	if pagefind == "" {
		return nil
	}
	_, most := median(theirs)
	if err := os.WriteFile(filepath.Join(site, "blank.html"), []byte("<!doctype html><title>x</title>"), 0o600); err != nil {
		return err // our pages do not allow what Pagefind runs on
	}
	return browse(site, posts, "Pagefind", fmt.Sprintf("%.2f s", cpu(theirs)), fmt.Sprintf("%d MiB", most>>20), filepath.Join(site, "pagefind"), pagefinds)
}

// cpu returns the median of the time that processes took of all cores, in seconds.
func cpu(list []sample) float64 {
	all := make([]float64, len(list))
	for i, s := range list {
		all[i] = s.cpu.Seconds()
	}
	slices.Sort(all)
	return all[len(all)/2]
}

var firstLine = regexp.MustCompile(`^---\n`)

// withoutSearch copies a site, of whose posts none can be searched for.
func withoutSearch(from, to string) error {
	config, err := os.ReadFile(filepath.Join(from, "waymark.yaml"))
	if err == nil {
		err = errors.Join(os.MkdirAll(to, 0o755), os.WriteFile(filepath.Join(to, "waymark.yaml"), config, 0o600))
	}
	if err != nil {
		return err
	}
	return filepath.WalkDir(filepath.Join(from, "content"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		return errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, firstLine.ReplaceAll(data, []byte("---\nsearch: false\n")), 0o600))
	})
}

// driver is how a search is used from a script: where it begins, what opens it, and what asks it and waits for ten results.
type driver struct{ page, open, ask string }

var ours = driver{
	page: "/posts/post-00042/",
	open: `dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true}))`,
	ask: `new Promise((done) => {
		const look = () => {
			const list = document.querySelector("dialog .results");
			if (list?.dataset.of === %[1]q) return done(list.querySelectorAll("a").length);
			const field = document.querySelector("dialog input");
			if (field && field.value !== %[1]q) { field.value = %[1]q; field.dispatchEvent(new Event("input")); }
			setTimeout(look, 5);
		};
		look();
	})`,
}

var pagefinds = driver{
	page: "/blank.html",
	open: `globalThis.opened = import("/pagefind/pagefind.js").then(async (p) => { await p.init(); return p; }); true`,
	ask:  `opened.then((p) => p.search(%q)).then(async (s) => (await Promise.all(s.results.slice(0, 10).map((r) => r.data()))).length)`,
}

// A slow line: 1.6 Mbit/s, and 150 ms for each request, as Lighthouse has "slow 4G".
const (
	latency   = 150 * time.Millisecond
	bandwidth = 1.6e6 / 8 // bytes a second
)

// browse asks all queries in a browser, and prints what was fetched for them.
func browse(site string, posts int, name, made, peak, index string, d driver) error {
	size, err := sizeOf(index)
	if err != nil {
		return err
	}
	host := newHost(site)
	defer host.Close()
	var fetched []int
	err = inBrowser(host.URL+d.page, func(b context.Context) error {
		host.forget()
		if err := evaluate(b, d.open, nil); err != nil {
			return err
		}
		for i, q := range queries {
			if i > 0 {
				host.forget()
			}
			if err := evaluate(b, fmt.Sprintf(d.ask, q), new(int)); err != nil {
				return fmt.Errorf("ask for %q: %w", q, err)
			}
			host.settle()
			bytes, _ := host.since(time.Time{})
			fetched = append(fetched, bytes)
		}
		return nil
	})
	if err != nil {
		return err
	}
	var took [2]time.Duration
	inSequence := 0
	for i := range took { // with nothing there yet, and once more where the search was opened before
		host.setSlow(false)
		err := inBrowser(host.URL+d.page, func(b context.Context) error {
			host.setSlow(true)
			began := time.Now()
			if err := evaluate(b, d.open, nil); err != nil {
				return err
			}
			if i > 0 {
				host.settle()
				host.forget()
				began = time.Now()
			}
			err := evaluate(b, fmt.Sprintf(d.ask, queries[0]), new(int))
			took[i] = time.Since(began)
			_, inSequence = host.since(began)
			return err
		})
		if err != nil {
			return err
		}
	}
	later := slices.Clone(fetched[1:])
	fmt.Printf("| %d | %s | %s | %s | %.2f MB | %.1f KB | %.1f-%.1f KB | %d | %.2f s | %.2f s |\n", posts, name, made, peak, float64(size)/1e6,
		float64(fetched[0])/1e3, float64(slices.Min(later))/1e3, float64(slices.Max(later))/1e3, inSequence, took[0].Seconds(), took[1].Seconds())
	return nil
}

func sizeOf(dir string) (total int64, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) == ".html" {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}

// host serves a folder as hosts do, texts compressed, and notes what is asked for.
type host struct {
	*httptest.Server
	mu      sync.Mutex
	asked   []request
	pending int
	slow    bool
	line    sync.Mutex // which a slow line's answers share
}

type request struct {
	begin, end time.Time
	bytes      int
}

func newHost(dir string) *host {
	h := &host{}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		h.mu.Lock()
		h.pending++
		slow := h.slow
		h.mu.Unlock()
		name := filepath.Join(dir, filepath.FromSlash(r.URL.Path))
		if strings.HasSuffix(r.URL.Path, "/") {
			name = filepath.Join(name, "index.html")
		}
		data, err := os.ReadFile(name)
		kind := map[string]string{".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json"}[filepath.Ext(name)]
		switch {
		case err != nil:
			w.WriteHeader(http.StatusNotFound)
		case kind != "":
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(data)
			_ = z.Close()
			data = b.Bytes()
			w.Header().Set("Content-Type", kind)
			w.Header().Set("Content-Encoding", "gzip")
		}
		if slow {
			time.Sleep(latency)
			h.line.Lock()
			time.Sleep(time.Duration(float64(len(data)) / bandwidth * float64(time.Second)))
			h.line.Unlock()
		}
		_, _ = w.Write(data) //nolint:gosec // a test's own server
		h.mu.Lock()
		defer h.mu.Unlock()
		h.pending--
		h.asked = append(h.asked, request{begin, time.Now(), len(data)})
	}))
	h.EnableHTTP2 = true                           // so that no request waits for another
	h.Config.ErrorLog = log.New(io.Discard, "", 0) // browsers leave connections that they opened ahead
	h.StartTLS()
	return h
}

func (h *host) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = nil
}

func (h *host) setSlow(slow bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.slow = slow
}

// settle waits until nothing is asked for any more.
func (h *host) settle() {
	for quiet := 0; quiet < 20; quiet++ {
		time.Sleep(50 * time.Millisecond)
		h.mu.Lock()
		if h.pending > 0 || len(h.asked) > 0 && time.Since(h.asked[len(h.asked)-1].end) < 700*time.Millisecond {
			quiet = 0
		}
		h.mu.Unlock()
	}
}

// since returns how many bytes were fetched since the last forget, and how many requests that began after a moment followed one
// another.
func (h *host) since(moment time.Time) (total, depth int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	slices.SortFunc(h.asked, func(x, y request) int { return x.begin.Compare(y.begin) })
	depths := make([]int, len(h.asked))
	for i, r := range h.asked {
		total += r.bytes
		if r.begin.Before(moment) {
			continue
		}
		depths[i] = 1
		for j := range i {
			if depths[j] > 0 && h.asked[j].end.Before(r.begin) {
				depths[i] = max(depths[i], depths[j]+1)
			}
		}
		depth = max(depth, depths[i])
	}
	return total, depth
}

// inBrowser opens a page in a new browser, and does something with it.
func inBrowser(address string, do func(b context.Context) error) error {
	ctx, stop := newBrowser()
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		return err
	}
	return do(ctx)
}

// evaluate runs a script in the page, and waits for what it promises.
func evaluate(b context.Context, script string, into *int) error {
	if into == nil {
		return chromedp.Do(b, chromedp.Evaluate[chromedp.Void](script))
	}
	n, err := chromedp.Run(b, chromedp.Evaluate[int](script, chromedp.EvalAwaitPromise))
	*into = n
	return err
}
