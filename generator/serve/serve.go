// Package serve shows a site while it is being written: it watches the site's files, keeps the site in memory, answers a
// browser, and tells it when what it shows has changed.
//
// What it answers is what a build would write, with one script more in the head of each page. That script listens to a
// stream of events, which carries addresses and nothing of the content, and draws the author's bar and the mistakes.
package serve

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/internal/watch"
	"waymark/generator/preview"
)

// Options say what to serve, and how.
type Options struct {
	Config  generator.Config
	Address string               // host and port to listen at
	Only    bool                 // whether no other port will do where that one is taken
	Poll    bool                 // look through the folders at intervals, whatever the system can do
	Follow  bool                 // lead browsers to the page that was just edited
	Out     io.Writer            // for a line about each rebuild, and for diagnostics
	Clock   func() time.Time     // the caller's clock
	Ready   func(address string) // called once, when the first page can be asked for; may be nil
	Settled func(preview.Update) // called after each update, when browsers have been told; may be nil
}

// DefaultAddress is where a preview is served: this machine alone can reach it.
const DefaultAddress = "127.0.0.1:1313"

//go:embed page
var pageFiles embed.FS

var reportPage = template.Must(template.New("report.html").Funcs(template.FuncMap{
	"address": func(s string) template.URL { return template.URL(s) }, //nolint:gosec // waymark.yaml may not name a scheme that runs anything
}).ParseFS(pageFiles, "page/report.html"))

// pageFolder changes whenever the preview's own files do, so that browsers may keep them.
var pageFolder = ours + pageDigest() + "/"

// pageFile returns the address of one of them.
func pageFile(name string) string { return pageFolder + name }

// server is a running preview.
type server struct {
	options Options
	preview *preview.Preview
	guard   guard
	at      net.Addr // where it listens
	hub     hub
	told    map[diag.Diagnostic]int // what the terminal was told of, and how often
	last    lastLine
	saying  sync.Mutex      // guards the terminal
	telling sync.Mutex      // guards what requests tell the terminal of
	problem diag.Diagnostic // the last one in a layout
}

// Run serves a preview until ctx ends. Mistakes of the author's do not end it. The error is the machine's, or a
// *diag.UsageError.
func Run(ctx context.Context, o Options) error {
	listener, err := listen(o.Address, o.Only)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it, unless there was none
	host, _, _ := net.SplitHostPort(o.Address)
	s := &server{options: o, guard: newGuard(host, listener.Addr()), at: listener.Addr()}
	watcher, err := watch.New(watch.Options{Root: o.Config.Dir, Names: preview.Sources(), Poll: o.Poll})
	if err != nil {
		return noFolder(o.Config.Dir, err)
	}
	defer watcher.Close()
	start := time.Now()
	var first preview.Update
	o.Config.Clock = o.Clock()
	if s.preview, first, err = preview.Open(ctx, o.Config); err != nil {
		return err
	}
	defer s.preview.Close()
	s.welcome(first, watcher.Polling(), time.Since(start))
	return s.serve(ctx, listener, watcher)
}

// serve answers and watches until ctx ends.
func (s *server) serve(ctx context.Context, listener net.Listener, watcher *watch.Watcher) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	web := &http.Server{
		Handler: s.handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx }, // ends the event streams
		ErrorLog:    log.New(io.Discard, "", 0),                        // what browsers do wrong is of no use to an author
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	if s.options.Ready != nil {
		s.options.Ready(s.address())
	}
	minute := time.NewTicker(time.Minute) // for what comes with the day, and for what could not be read
	defer minute.Stop()
	for {
		select {
		case <-minute.C:
			s.update(ctx, watch.Change{})
		case <-ctx.Done():
			stop()
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second/2)
			defer cancel()
			if err := web.Shutdown(last); err != nil {
				_ = web.Close() // who has not asked by then, and who still listens, is cut off
			}
			return nil
		case err := <-failed:
			return fmt.Errorf("serve: %w", err)
		case change, open := <-watcher.Changes():
			if !open {
				return errors.New("the watch on the site's folder ended")
			}
			s.update(ctx, change)
		}
	}
}

// update reads what changed, tells the browsers, and says so in the terminal.
func (s *server) update(ctx context.Context, change watch.Change) {
	defer func() {
		if fault := recover(); fault != nil { // the next change is read all the same
			s.say("%s, in reading a change (please report it)", diag.Fault("", fault).Message)
		}
	}()
	start, base := time.Now(), s.base()
	if change.Polling != "" {
		s.sayPolling(change.Polling)
	}
	u, err := s.preview.Update(ctx, preview.Change{Paths: change.Paths, All: change.All, Clock: s.options.Clock()})
	if err != nil {
		if ctx.Err() == nil {
			s.say("this change could not be read: %s", diag.Printable(err.Error()))
		}
		return
	}
	if !u.Nothing {
		s.rebuilt(change.All, u, time.Since(start))
		if u.Address != "" {
			s.hub.note(u.Address)
		}
		for i, f := range u.Files {
			u.Files[i] = escaped(s.base() + f[1:])
		}
		s.hub.noteFiles(u.Files)
		s.hub.tell(func(v *viewer) []event {
			if base != s.base() {
				return s.moved(v, base)
			}
			return s.decide(v)
		})
		if base != s.base() {
			s.say("the site now stands at %s", s.address())
		}
	}
	if s.options.Settled != nil {
		s.options.Settled(u)
	}
}

func (s *server) base() string { return s.preview.Base() }

// listen listens at an address, or, where another port will do, at the next that is free.
func listen(address string, only bool) (net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	n, numberErr := strconv.Atoi(port)
	switch {
	case err != nil || numberErr != nil:
		return nil, diag.Usagef("--addr is %q (write a host and a port: %s)", address, DefaultAddress)
	case n < 0 || n > 65535:
		return nil, diag.Usagef("--addr is %q (a port is a number from 0 to 65535)", address)
	}
	const tries = 100
	for i := range tries {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(n+i)))
		if err == nil {
			return l, nil
		}
		if only || n == 0 {
			return nil, diag.Usagef("cannot listen at %s: %s (choose another with --addr)", address, reason(err))
		}
	}
	return nil, diag.Usagef("no port from %d to %d is free (choose one with --addr)", n, n+tries-1)
}

// reason says why nothing can listen at an address.
func reason(err error) string {
	unknown := new(net.DNSError)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "another program listens there"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return "this machine does not have that address"
	case errors.Is(err, fs.ErrPermission):
		return "only an administrator may listen there"
	case errors.As(err, &unknown):
		return "no machine of that name is known"
	}
	return diag.Printable(err.Error())
}

// address is what to open in a browser. Where every name of this machine is listened at, that is this machine's own.
func (s *server) address() string {
	host, port, _ := net.SplitHostPort(s.at.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port) + escaped(s.base())
}

// handler answers all requests.
func (s *server) handler() http.Handler { return s.protect(http.HandlerFunc(s.route)) }

// protect answers only those who may ask, and goes on where an answer fails.
func (s *server) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.recover(w, r)
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		status, why := s.guard.refuse(r)
		if status == 0 {
			next.ServeHTTP(w, r)
			return
		}
		if status == http.StatusMethodNotAllowed {
			h.Set("Allow", "GET, HEAD")
		}
		plainText(w, status, why)
	})
}

func (s *server) route(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == ours+"events":
		s.stream(w, r)
	case r.URL.Path == ours+"look":
		s.serveLook(w, r)
	case strings.HasPrefix(r.URL.Path, ours):
		s.own(w, r)
	default:
		s.file(w, r)
	}
}

func plainText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) //nolint:gosec // it is plain text; and whoever it was may have gone
}

// recover answers where the program itself is at fault. Other requests go on.
func (s *server) recover(w http.ResponseWriter, r *http.Request) {
	fault := recover()
	if fault == nil {
		return
	}
	if fault == http.ErrAbortHandler { //nolint:errorlint // it is a value to panic with, and never wrapped
		panic(fault)
	}
	s.say("%s, in answering %s (please report it)", diag.Fault("", fault).Message, diag.Printable(r.URL.Path))
	plainText(w, http.StatusInternalServerError, "A fault of Waymark's own keeps this from being shown. The terminal says more.\n")
}

// ownTypes are the media types of the preview's own files.
var ownTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// own answers with one of the preview's own files.
func (s *server) own(w http.ResponseWriter, r *http.Request) {
	name, current := strings.CutPrefix(r.URL.Path, pageFolder)
	data, err := pageFiles.ReadFile("page/" + name)
	if !current || err != nil || ownTypes[path.Ext(name)] == "" {
		plainText(w, http.StatusNotFound, "There is nothing here.\n")
		return
	}
	w.Header().Set("Content-Type", ownTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(data) //nolint:gosec // it is embedded; and the browser may have gone
}

// serveLook answers with what the author's bar of a page shows.
func (s *server) serveLook(w http.ResponseWriter, r *http.Request) {
	data, err := s.lookJSON(s.locate(plainPath(r.URL.Query().Get("path"))))
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(data) //nolint:gosec // it is JSON, and said to be; and the browser may have gone
}

// plainPath reads a path as a browser names it.
func plainPath(escaped string) string {
	if plain, err := url.PathUnescape(escaped); err == nil {
		return plain
	}
	return escaped
}

// stream tells a browser what happens to the page that it shows, as server-sent events.
// Source: HTML standard, section 9.2.
func (s *server) stream(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	v := &viewer{
		browser: query.Get("browser"), path: plainPath(query.Get("path")), version: query.Get("version"), style: query.Get("style"), look: query.Get("look"), events: make(chan event, queued),
	}
	v.edits, _ = strconv.Atoi(query.Get("edits"))
	v.files, _ = strconv.Atoi(query.Get("files"))
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	s.hub.join(v) // before it is answered: who has an answer is told of everything from then on
	defer s.hub.leave(v)
	control := http.NewResponseController(w)
	if _, err := io.WriteString(w, "retry: 500\n\n"); err != nil || control.Flush() != nil {
		return
	}
	s.hub.tellOne(v, s.decide) // it may have changed while the browser was on its way
	alive := time.NewTicker(20 * time.Second)
	defer alive.Stop()
	for {
		line := ": still here\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-alive.C:
		case e, open := <-v.events:
			if !open {
				return
			}
			line = "event: " + e.name + "\ndata: " + e.data + "\n\n"
		}
		if _, err := io.WriteString(w, line); err != nil || control.Flush() != nil {
			return
		}
	}
}
