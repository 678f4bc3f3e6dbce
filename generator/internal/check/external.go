package check

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/parallel"
)

// Outside is a link to another site.
type Outside struct {
	Address string
	Pos     diag.Position
}

// External says how links to other sites are looked at.
type External struct {
	Allow []string      // patterns of addresses that are not asked, where * stands for anything
	Cache string        // the file in which answers are kept; none where it is empty
	Now   time.Time     // by which kept answers age
	Pause time.Duration // between two requests to one host
	Agent string        // what the program calls itself
}

// How links are asked: few at a time, one at a time of a host, and not again for a while.
const (
	hostsAtATime = 8
	askTimeout   = 20 * time.Second
	tries        = 3
	keepGood     = 7 * 24 * time.Hour
	keepBad      = time.Hour
	mostWait     = 30 * time.Second // that a host may ask for
)

// answer is what came of asking for an address.
type answer struct {
	Status  int       `json:"status,omitempty"` // of HTTP; 0 where there was none
	Problem string    `json:"problem,omitempty"`
	To      string    `json:"to,omitempty"` // where the address has moved for good
	At      time.Time `json:"at"`
}

// fresh reports whether an answer need not be asked for again.
func (a answer) fresh(now time.Time) bool {
	age := now.Sub(a.At)
	return age >= 0 && (age < keepBad || a.good() && age < keepGood)
}

// good reports whether something is there. Many hosts refuse programs what they show to people.
func (a answer) good() bool {
	switch a.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusTooManyRequests, 999:
		return true
	}
	return a.Status >= 200 && a.Status < 400
}

// Links asks whether there is something at each address, and tells of those where there is not, and of those that have moved for good.
func (e External) Links(ctx context.Context, links []Outside, progress func(done, total int)) (diag.List, error) {
	known := e.load()
	hosts := map[string][]string{}
	at := map[string][]diag.Position{}
	for _, l := range links {
		address := withoutFragment(l.Address)
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || e.allowed(address) {
			continue
		}
		if _, twice := at[address]; !twice && !known[address].fresh(e.Now) {
			hosts[u.Host] = append(hosts[u.Host], address)
		}
		at[address] = append(at[address], l.Pos)
	}
	if err := e.ask(ctx, hosts, known, progress); err != nil {
		return nil, err
	}
	e.save(known, at)
	var list diag.List
	for address, places := range at {
		if d, wrong := known[address].diagnose(address); wrong {
			for _, d.Pos = range places {
				list.Add(d)
			}
		}
	}
	list.Sort()
	return list, nil
}

func withoutFragment(address string) string {
	before, _, _ := strings.Cut(address, "#")
	return before
}

// allowed reports whether an address is not to be asked.
func (e External) allowed(address string) bool {
	return slices.ContainsFunc(e.Allow, func(pattern string) bool { return matches(pattern, address) })
}

// matches reports whether a pattern, in which * stands for anything, stands for a text.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, is := strings.CutPrefix(text, parts[0])
	if !is || len(parts) == 1 {
		return is && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// ask asks all hosts, several at a time, each for one address after another.
func (e External) ask(ctx context.Context, hosts map[string][]string, known map[string]answer, progress func(done, total int)) error {
	names, total := make([]string, 0, len(hosts)), 0
	for host, addresses := range hosts {
		names, total = append(names, host), total+len(addresses)
	}
	slices.Sort(names)
	client := &http.Client{Timeout: askTimeout, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return errors.New("it leads around in a circle")
		}
		return nil
	}}
	defer client.CloseIdleConnections()
	var mu sync.Mutex
	done := 0
	return parallel.Most(ctx, hostsAtATime, names, func(_ int, host string) error {
		for i, address := range hosts[host] {
			if i > 0 && !wait(ctx, e.Pause) {
				return context.Cause(ctx)
			}
			a := e.patiently(ctx, client, address)
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			a.At = e.Now
			mu.Lock()
			known[address] = a
			done++
			if progress != nil {
				progress(done, total)
			}
			mu.Unlock()
		}
		return nil
	})
}

// patiently asks again where a host is busy, or the network is not there for a moment.
func (e External) patiently(ctx context.Context, client *http.Client, address string) (a answer) {
	for n := range tries {
		var after time.Duration
		a, after = e.once(ctx, client, address)
		busy := a.Status == http.StatusTooManyRequests || a.Status >= 500 && a.Status != http.StatusNotImplemented && a.Status != 999 || a.Status == 0 && a.Problem != noSuchHost
		if !busy || n == tries-1 || !wait(ctx, max(after, e.Pause<<n+time.Duration(rand.Int64N(int64(e.Pause)+1)))) { //nolint:gosec // so that not all come again at once
			break
		}
	}
	return a
}

// noSuchHost is what is wrong where nobody knows a host.
const noSuchHost = "nobody knows this host"

// once asks for an address: for its head, and where a host has none, for the page.
func (e External) once(ctx context.Context, client *http.Client, address string) (a answer, after time.Duration) {
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		r, err := http.NewRequestWithContext(ctx, method, address, nil)
		if err != nil {
			return answer{Problem: "it cannot be asked for"}, 0
		}
		r.Header.Set("User-Agent", e.Agent)
		r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		response, err := client.Do(r)
		if err != nil {
			a = answer{Problem: reason(err)}
			continue
		}
		_, _ = io.CopyN(io.Discard, response.Body, 1<<16) // so that the connection can be used again
		_ = response.Body.Close()
		a = answer{Status: response.StatusCode, To: movedTo(response, address)}
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil {
			after = min(time.Duration(max(seconds, 0))*time.Second, mostWait)
		}
		if a.Status < 400 || a.Status == http.StatusTooManyRequests {
			break
		}
	}
	return a, after
}

// movedTo returns where an address has moved for good, by way of such answers alone.
func movedTo(r *http.Response, address string) string {
	to := ""
	for at := r.Request; at.Response != nil; at = at.Response.Request {
		if s := at.Response.StatusCode; s != http.StatusMovedPermanently && s != http.StatusPermanentRedirect {
			return ""
		}
		to = r.Request.URL.String()
	}
	if r.StatusCode >= 400 || withoutFragment(to) == address {
		return ""
	}
	return to
}

// reason says in a few words why there was no answer, without the address.
func reason(err error) string {
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	unknown := new(net.DNSError)
	switch {
	case errors.As(err, &unknown) && unknown.IsNotFound:
		return noSuchHost
	case errors.Is(err, context.DeadlineExceeded) || os.IsTimeout(err):
		return "it did not answer in time"
	}
	return diag.Printable(err.Error())
}

// diagnose says what is wrong with an address.
func (a answer) diagnose(address string) (d diag.Diagnostic, wrong bool) {
	shown := diag.Printable(address)
	switch {
	case !a.good() && a.Status != 0:
		return diag.Warnf(d.Pos, "dead-link", "look for where it went, or take the link out (if it is right: check: {allow: [...]} in waymark.yaml)", "%s answers %d %s", shown, a.Status, http.StatusText(a.Status)), true
	case !a.good():
		return diag.Warnf(d.Pos, "dead-link", "look whether it is still there (if it is right: check: {allow: [...]} in waymark.yaml)", "%s: %s", shown, a.Problem), true
	case a.To != "":
		d = diag.Warnf(d.Pos, "moved-link", "write the new address", "%s has moved for good to %s", shown, diag.Printable(a.To))
		d.Advice = true
		return d, true
	}
	return d, false
}

// load reads the answers that were kept. What cannot be read is asked for again.
func (e External) load() map[string]answer {
	known := map[string]answer{}
	if data, err := os.ReadFile(e.Cache); err == nil {
		_ = json.Unmarshal(data, &known)
	}
	if known == nil {
		known = map[string]answer{}
	}
	return known
}

// save keeps the answers for addresses that the site still has. Where that fails they are asked for again.
func (e External) save(known map[string]answer, wanted map[string][]diag.Position) {
	if e.Cache == "" {
		return
	}
	kept := map[string]answer{}
	for address := range wanted {
		kept[address] = known[address]
	}
	data, err := json.MarshalIndent(kept, "", " ")
	if err != nil || os.MkdirAll(filepath.Dir(e.Cache), 0o750) != nil {
		return
	}
	if f, err := os.CreateTemp(filepath.Dir(e.Cache), path.Base(filepath.ToSlash(e.Cache))+"-*"); err == nil {
		_, err = f.Write(append(data, '\n'))
		if errors.Join(err, f.Close()) != nil || os.Rename(f.Name(), e.Cache) != nil {
			_ = os.Remove(f.Name())
		}
	}
}

// wait waits, and reports whether it could.
func wait(ctx context.Context, long time.Duration) bool {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
