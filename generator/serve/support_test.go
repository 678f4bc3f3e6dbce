package serve

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/generator"
	"waymark/generator/preview"
)

// day is when the tests take place.
var day = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// trial is a running server over a site of its own.
type trial struct {
	*testing.T
	dir     string
	address string // with a slash at the end
	updates chan preview.Update
	out     *buffer
	stop    context.CancelFunc
	ended   chan error
}

// buffer is a terminal.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(data)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// start serves a site of these files.
func start(t *testing.T, files map[string]string, change ...func(*Options)) *trial {
	t.Helper()
	p := &trial{T: t, dir: t.TempDir(), updates: make(chan preview.Update, 10_000), out: &buffer{}, ended: make(chan error, 1)}
	for name, text := range files {
		p.write(name, text)
	}
	ready := make(chan string, 1)
	o := Options{
		Config:  generator.Config{Dir: p.dir, Drafts: true, Future: true, Preview: true},
		Address: "127.0.0.1:0", Only: true, Out: p.out, Clock: func() time.Time { return day },
		Ready: func(address string) { ready <- address }, Settled: func(u preview.Update) { p.updates <- u },
	}
	for _, f := range change {
		f(&o)
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	go func() { p.ended <- Run(ctx, o) }()
	select {
	case p.address = <-ready:
	case err := <-p.ended:
		stop()
		t.Fatal("it ended: ", err)
	}
	t.Cleanup(func() {
		stop()
		if err := <-p.ended; err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *trial) path(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *trial) write(name, text string) {
	p.Helper()
	p.must(os.MkdirAll(filepath.Dir(p.path(name)), 0o755), os.WriteFile(p.path(name), []byte(text), 0o600))
}

func (p *trial) must(errs ...error) {
	p.Helper()
	if err := errors.Join(errs...); err != nil {
		p.Fatal(err)
	}
}

// until waits for updates until something holds.
func (p *trial) until(what string, holds func() bool) {
	p.Helper()
	limit := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-p.updates:
		case err := <-p.ended:
			p.ended <- err
			p.Fatal("it ended: ", err)
		case <-limit:
			p.Fatalf("%s: not so after 20 s; the terminal says\n%s", what, p.out)
		}
	}
}

// shows waits until a page has a text.
func (p *trial) shows(name, text string) {
	p.Helper()
	p.until(name+" shows "+text, func() bool { return strings.Contains(p.get(name), text) })
}

// request asks for an address of the server, with headers as "Name: value".
func (p *trial) request(method, name string, headers ...string) *http.Response {
	p.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, p.address+strings.TrimPrefix(name, "/"), nil)
	p.must(err)
	for _, h := range headers {
		key, value, _ := strings.Cut(h, ": ")
		if key == "Host" {
			r.Host = value
		}
		r.Header.Add(key, value)
	}
	answer, err := http.DefaultTransport.RoundTrip(r) // follows no redirect
	p.must(err)
	p.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// get returns what the server answers, whatever the status.
func (p *trial) get(name string) string {
	p.Helper()
	answer := p.request(http.MethodGet, name)
	data, err := io.ReadAll(answer.Body)
	p.must(err, answer.Body.Close())
	return string(data)
}

var script = regexp.MustCompile(`<script type="module" src="/_waymark/[0-9a-f]+/preview\.js"[^>]*></script>`)

// sites are small, and have something of everything.
func smallSite() map[string]string {
	return map[string]string{
		"waymark.yaml":               "title: Small\nbase_url: https://example.org/\npage_size: 3\n",
		"content/index.md":           "---\ntitle: Home\n---\nSee [one](posts/one.md) and [[Skeleton]].\n",
		"content/posts/one.md":       "---\ntitle: One\ndate: 2026-01-01\ntags: [a, b]\nseries: walk\n---\nThe first post, with ![a wall](../shared/wall.png).\n\n## Part\n\nMore.\n",
		"content/posts/two.md":       "---\ntitle: Two\ndate: 2026-01-02\ntags: [a]\nseries: walk\n---\nSee [one](one.md#part).\n\n```go\nfunc x() {}\n```\n",
		"content/posts/three.md":     "---\ntitle: Three\ndate: 2026-01-03\ntags: [b]\ndescription: About three.\n---\nWords on [[Two]].\n",
		"content/posts/four.md":      "---\ntitle: Four\ndate: 2026-01-04\ndraft: true\n---\nNot yet.\n",
		"content/posts/five.md":      "---\ntitle: Five\ndate: 2027-01-05\nphase: alpha\n---\nLater.\n",
		"content/posts/six.md":       "---\ntitle: Six\ndate: 2026-01-06\naliases: [/old/]\n---\nSix.\n",
		"content/posts/map.md":       "---\ntitle: A map\ndate: 2026-01-07\n---\n```impact-map helps\n- Fewer calls\n  metric: calls\n  - Members\n    - They look first\n      - A shelf list\n```\n",
		"content/posts/story.md":     "---\ntitle: A story map\ndate: 2026-01-08\n---\n```story-map calls\nimpact-map: helps\nslice: First - it works\n- Look\n  - Find\n    - Read the shelf [First, -> a-shelf-list]\n```\n",
		"content/courses/c/index.md": "---\ntitle: Course\nstarts: 2026-02-01\n---\nA course.\n",
		"content/courses/c/day.md":   "---\ntitle: Day\ndate: 2026-02-01\nobjectives: [see]\n---\nA day.\n",
		"content/glossary.md":        "---\ntitle: Glossary\n---\nSkeleton\n: The thinnest slice.\n",
		"content/shared/wall.png":    picture(40),
		"content/posts/clash.md":     "---\ntitle: Clash\ndate: 2026-01-10\n---\nNo clash.\n",
		"content/posts/zz-last.md":   "---\ntitle: Last\ndate: 2026-01-11\n---\nLast.\n",
		"content/about.md":           "---\ntitle: About\n---\nAbout us.\n",
		"static/robots/readme.txt":   "hello\n",
	}
}
