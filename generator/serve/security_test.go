package serve

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secret stands in every file that must never be served.
const secret = "NOT FOR READERS"

// guarded is a site with secrets around it: beside the site's folder, in its own files, and in files with a dot.
func guarded(t *testing.T, change ...func(*Options)) *trial {
	files := smallSite()
	files["waymark.yaml"] = "title: Small # " + secret + "\n"
	for _, name := range []string{".env", "content/.hidden.md", "content/_drafts/x.md", "static/.git/config", "content/posts/one.md~", "public/old.html", "layouts/tag.html"} {
		files[name] = secret
	}
	delete(files, "layouts/tag.html")
	p := start(t, files, change...)
	for _, beside := range []string{p.dir + "-leak", filepath.Join(p.dir, "public-leak")} {
		p.must(os.MkdirAll(beside, 0o755), os.WriteFile(filepath.Join(beside, "secret.txt"), []byte(secret), 0o600))
		t.Cleanup(func() { _ = os.RemoveAll(beside) })
	}
	p.must(os.Symlink(p.dir+"-leak", filepath.Join(p.dir, "static", "link")), os.Symlink("../../.env", filepath.Join(p.dir, "content", "posts", "env.txt")))
	return p
}

// raw sends a request as it stands, which no client would, and returns the status and all that comes back.
func (p *trial) raw(target string) (status int, body string) {
	p.Helper()
	host := strings.TrimSuffix(strings.TrimPrefix(p.address, "http://"), "/")
	conn, err := net.Dial("tcp", host)
	p.must(err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", target, host)
	p.must(err)
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, ""
	}
	data, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(data)
}

// spellings are ways to write "one folder up" and to set it off.
var (
	ups       = []string{"..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "....", "..;", "%c0%ae%c0%ae", "..%00", "%u002e%u002e", ".%2e%2f%2e."}
	slashes   = []string{"/", "%2f", "%5c", "\\", "//", "%252f", "/./"}
	bases     = []string{"/", "/posts/", "/posts/one/", "/assets/", "/_waymark/", "/robots/"}
	forbidden = []string{"waymark.yaml", ".env", "content/posts/one.md~", "etc/passwd"}
)

// No spelling of an address leads out of the output: not above the site, not beside it, not to its sources, not to files
// with a dot.
func TestNoAddressLeadsOut(t *testing.T) {
	p := guarded(t)
	leak := filepath.Base(p.dir) + "-leak/secret.txt"
	tried := 0
	try := func(target string) {
		tried++
		status, body := p.raw(target)
		if status == http.StatusOK || strings.Contains(body, secret) || strings.Contains(body, "root:") {
			t.Errorf("%s: status %d\n%.200s", target, status, body)
		}
	}
	for _, up := range ups {
		for i, slash := range slashes {
			for j, base := range bases {
				depth := 1 + (i+j)%5
				try(base + strings.Repeat(up+slash, depth) + forbidden[(i+j)%len(forbidden)])
				try(base + strings.Repeat(up+slash, depth) + leak)
			}
		}
	}
	for _, name := range append([]string{
		"public-leak/secret.txt", "public/old.html", "content/.hidden.md", ".hidden/", "_drafts/x/", ".git/config", "static/.git/config", "link/secret.txt",
		"posts/env.txt", "content/index.md", "content", "layouts/post.html", "themes/trail/theme.yaml", ".waymark/manifest.json", "posts/one.md~", "posts/one.md",
	}, forbidden...) {
		for _, spelling := range []string{"/" + name, "//" + name, "/%2e/" + name, "/" + strings.ReplaceAll(name, ".", "%2e"), p.dir + "/" + name, "/" + name + "%00.html"} {
			try(spelling)
		}
	}
	if tried < 500 {
		t.Errorf("only %d spellings were tried", tried)
	}
	if status, body := p.raw("/robots/readme.txt"); status != http.StatusOK || body != "hello\n" {
		t.Errorf("a file that is there: status %d, %q", status, body)
	}
}

// Only names that nobody else can point at this machine are answered to.
func TestHosts(t *testing.T) {
	here := guard{loopback: true}
	open := guard{name: "preview.example"}
	for _, c := range []struct {
		host       string
		here, open bool
	}{
		{"127.0.0.1:1313", true, true},
		{"localhost:1313", true, true},
		{"LOCALHOST.", true, true},
		{"[::1]:1313", true, true},
		{"127.9.9.9", true, true},
		{"notes.localhost:80", true, true},
		{"[::ffff:127.0.0.1]", true, true},
		{"192.168.1.7:1313", false, true},
		{"[fe80::1]:1313", false, true},
		{"10.0.0.1", false, true},
		{"preview.example:1313", false, true},
		{"PREVIEW.example.", false, true},
		{"evil.example", false, false},
		{"127.0.0.1.evil.example", false, false},
		{"localhost.evil.example", false, false},
		{"evil-localhost", false, false},
		{"localhost@evil.example", false, false},
		{"", false, false},
		{":1313", false, false},
		{"127.1:1313", false, false},
		{"0x7f000001", false, false},
		{"2130706433", false, false},
		{"localhost:1313:80", false, false},
		{"[::1", true, true},
		{"preview.example.evil", false, false},
	} {
		if here.knows(c.host) != c.here || open.knows(c.host) != c.open {
			t.Errorf("%q: on this machine alone %v, open to others %v", c.host, here.knows(c.host), open.knows(c.host))
		}
	}
	p := start(t, smallSite())
	for host, status := range map[string]int{"localhost": 200, "evil.example": 403, "evil.example:1313": 403, "127.0.0.1.nip.example": 403} {
		for _, path := range []string{"", "_waymark/events?path=/", "_waymark/look?path=/", "posts/one/"} {
			if host == "localhost" && strings.Contains(path, "events") {
				continue // it would never end
			}
			if answer := p.request(http.MethodGet, path, "Host: "+host); answer.StatusCode != status {
				t.Errorf("%s as %s: %d", path, host, answer.StatusCode)
			}
		}
	}
}

// What other sites can make a browser ask for is refused, whatever it is; a link that is followed is not.
func TestOtherSitesAreRefused(t *testing.T) {
	p := start(t, smallSite())
	origin := strings.TrimSuffix(p.address, "/")
	for _, c := range []struct {
		headers    []string
		page, ours int
	}{
		{nil, 200, 200},
		{[]string{"Origin: " + origin}, 200, 200},
		{[]string{"Sec-Fetch-Site: same-origin"}, 200, 200},
		{[]string{"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 200, 200},
		{[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 200, 403},
		{[]string{"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"}, 200, 403},
		{[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"}, 403, 403},
		{[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: script"}, 403, 403},
		{[]string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"}, 403, 403},
		{[]string{"Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"}, 403, 403},
		{[]string{"Sec-Fetch-Site: cross-site"}, 403, 403},
		{[]string{"Sec-Fetch-Site: anything-else"}, 403, 403},
		{[]string{"Origin: http://evil.example"}, 403, 403},
		{[]string{"Origin: null"}, 403, 403},
		{[]string{"Origin: " + strings.Replace(origin, "http:", "https:", 1)}, 403, 403},
		{[]string{"Origin: http://127.0.0.1"}, 403, 403},
		{[]string{"Origin: " + origin + ".evil.example"}, 403, 403},
		{[]string{"Origin: " + origin, "Origin: http://evil.example"}, 403, 403},
	} {
		for _, path := range []string{"", "posts/one/", "robots.txt", "404.html", "nowhere/", "_waymark/look?path=/", "_waymark/events?path=/"} {
			want := c.page
			if strings.HasPrefix(path, "_waymark") {
				want = c.ours
			}
			if path == "nowhere/" && want == 200 {
				want = 404
			}
			if strings.Contains(path, "events") && want == 200 {
				continue // it would never end
			}
			answer := p.request(http.MethodGet, path, c.headers...)
			if answer.StatusCode != want {
				t.Errorf("%s with %q: %d and not %d", path, c.headers, answer.StatusCode, want)
			}
			for name := range answer.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s with %q: it says %s", path, c.headers, name)
				}
			}
			if answer.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" || answer.Header.Get("X-Content-Type-Options") != "nosniff" || answer.Header.Get("X-Frame-Options") != "DENY" {
				t.Errorf("%s with %q: %v", path, c.headers, answer.Header)
			}
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch, "TRACE", "PROPFIND"} {
		answer := p.request(method, "posts/one/", "Origin: "+origin, "Access-Control-Request-Method: GET")
		if answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %v", method, answer.StatusCode, answer.Header)
		}
	}
}

// The stream of events tells that something changed, and nothing of what it says.
func TestTheStreamCarriesNoContent(t *testing.T) {
	p := start(t, smallSite(), func(o *Options) { o.Follow = true })
	answer := p.request(http.MethodGet, "_waymark/events?path=/posts/one/&version=old")
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatal(answer.StatusCode, kind)
	}
	lines := bufio.NewReader(answer.Body)
	var told strings.Builder
	next := func(event string) {
		t.Helper()
		for {
			line, err := lines.ReadString('\n')
			p.must(err)
			told.WriteString(line)
			if strings.HasPrefix(line, "event: "+event) {
				return
			}
		}
	}
	next("reload")
	p.write("content/posts/one.md", "---\ntitle: Hush hush\ndate: 2026-01-01\n---\nHush hush.\n")
	next("reload")
	p.write("content/posts/one.md", "---\ntitle: Hush hush\ndate: 02/01/2024\n---\nHush hush.\n")
	next("look")
	p.write("content/posts/two.md", "---\ntitle: Hush hush\ndate: 2026-01-01\n---\nHush hush.\n")
	next("go")
	if strings.Contains(strings.ToLower(told.String()), "hush") || strings.Contains(told.String(), "02/01") {
		t.Errorf("the stream says\n%s", told.String())
	}
}

// By default only this machine can reach the server; told otherwise, it warns.
func TestWhoCanReachIt(t *testing.T) {
	if host, _, _ := net.SplitHostPort(DefaultAddress); !net.ParseIP(host).IsLoopback() {
		t.Error(DefaultAddress)
	}
	if p := start(t, smallSite()); strings.Contains(p.out.String(), "warning: everybody") {
		t.Errorf("it warns:\n%s", p.out)
	}
	p := start(t, smallSite(), func(o *Options) { o.Address = "0.0.0.0:0" })
	if !strings.Contains(p.out.String(), "warning: everybody who can reach this machine can read the preview") || !strings.HasPrefix(p.address, "http://localhost:") {
		t.Errorf("at %s it says\n%s", p.address, p.out)
	}
}

// Where a port is taken the next free one is, unless only that one will do.
func TestTheNextFreePort(t *testing.T) {
	taken, err := listen("127.0.0.1:0", true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	next, err := listen(taken.Addr().String(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = next.Close() }()
	if a, b := taken.Addr().(*net.TCPAddr).Port, next.Addr().(*net.TCPAddr).Port; b <= a {
		t.Errorf("after %d it takes %d", a, b)
	}
	if _, err := listen(taken.Addr().String(), true); err == nil || !strings.Contains(err.Error(), "choose another with --addr") {
		t.Error(err)
	}
}

// A browser has six connections to a server. Of its pages four listen at a time; the one that has listened longest rests.
func TestSomeConnectionsAreLeft(t *testing.T) {
	p := start(t, smallSite())
	listen := func(browser string) *bufio.Reader {
		stream := bufio.NewReader(p.request(http.MethodGet, "_waymark/events?path=/&browser="+browser).Body)
		_, err := stream.ReadString('\n')
		p.must(err)
		return stream
	}
	other := listen("other")
	first := listen("mine")
	for range perBrowser {
		listen("mine")
	}
	rest, err := io.ReadAll(first)
	if err != nil || !strings.HasSuffix(string(rest), "event: rest\ndata: \n\n") {
		t.Errorf("the first one is told %q, %v", rest, err)
	}
	p.write("content/index.md", "---\ntitle: Home\n---\nAnother home.\n")
	for {
		line, err := other.ReadString('\n')
		p.must(err)
		if line == "event: reload\n" {
			break
		}
	}
}

// A browser that does not take its events is let go, and the server goes on.
func TestAFullQueue(t *testing.T) {
	var h hub
	v := &viewer{events: make(chan event, 1)}
	h.join(v)
	h.tell(func(*viewer) []event { return []event{{"style", "a"}, {"look", ""}, {"files", "[]"}} })
	if e, open := <-v.events; !open || e.name != "style" {
		t.Error(e)
	}
	if _, open := <-v.events; open {
		t.Error("it is kept")
	}
	h.leave(v)
}

// It ends when it is told to, also while browsers listen.
func TestItEndsWhileBrowsersListen(t *testing.T) {
	p := start(t, smallSite())
	streams := make([]*bufio.Reader, 20)
	for i := range streams {
		streams[i] = bufio.NewReader(p.request(http.MethodGet, "_waymark/events?path=/").Body)
		if line, err := streams[i].ReadString('\n'); line != "retry: 500\n" {
			t.Fatal(line, err)
		}
	}
	p.stop()
	for _, s := range streams {
		if _, err := io.Copy(io.Discard, s); err != nil {
			t.Errorf("a stream is torn: %v", err)
		}
	}
	if err := <-p.ended; err != nil {
		t.Error(err)
	}
	p.ended <- nil
}

// A fault in one answer is an answer, with a word in the terminal; the next request is answered.
func TestAFaultEndsNothing(t *testing.T) {
	out := &buffer{}
	s := &server{options: Options{Out: out}, guard: guard{loopback: true}}
	web := httptest.NewServer(s.protect(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/fault" {
			_ = strings.Split(r.URL.Path, "/")[len(r.URL.Path)]
		}
	})))
	defer web.Close()
	for _, c := range []struct {
		path   string
		status int
	}{{"/fault", 500}, {"/", 200}, {"/fault", 500}} {
		answer, err := http.Get(web.URL + c.path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode != c.status || strings.Contains(string(body), "goroutine") {
			t.Errorf("%s: %d\n%s", c.path, answer.StatusCode, body)
		}
	}
	if said := out.String(); strings.Count(said, "\n") != 2 || !strings.Contains(said, "runtime error: index out of range [6] with length 2 at security_test.go:347, in answering /fault") {
		t.Errorf("the terminal says\n%s", said)
	}
}
