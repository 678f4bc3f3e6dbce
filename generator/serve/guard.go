package serve

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"waymark/generator/diag"
)

// ours is where the server's own files lie: never an address of the site, whose names do not begin with an underscore.
const ours = "/_waymark/"

// guard decides who is answered. A preview holds what is not published yet, and every site that the author's browser has
// open can send requests to it. Only the browser's own window may, and only by a name that nobody else can point here.
// Sources: Fetch, section "Sec-Fetch-*" (W3C Fetch Metadata Request Headers); RFC 6454 for Origin.
type guard struct {
	name     string // the host of the address that is listened at
	loopback bool   // whether only this machine can reach it
}

func newGuard(host string, at net.Addr) guard {
	g := guard{name: canonical(host)}
	if tcp, ok := at.(*net.TCPAddr); ok {
		g.loopback = tcp.IP.IsLoopback()
	}
	return g
}

// refuse returns why a request is not answered, and with which status; 0 where it is.
func (g guard) refuse(r *http.Request) (status int, why string) {
	switch {
	case !g.knows(r.Host):
		return http.StatusForbidden, fmt.Sprintf("This preview answers to localhost and its own address, and not to the name %q. To use another name, start it with: waymark serve --addr NAME:PORT\n", diag.Printable(r.Host))
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		return http.StatusMethodNotAllowed, "This preview can only be read.\n"
	case !sameOrigin(r) || !sameSite(r):
		return http.StatusForbidden, "This preview does not answer to other sites.\n"
	}
	return 0, ""
}

// knows reports whether the Host of a request is a name of this server. Names that others can point at this machine (DNS
// rebinding) are not.
func (g guard) knows(host string) bool {
	name := hostname(host)
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true // by RFC 6761 always this machine
	}
	ip, err := netip.ParseAddr(name)
	if err == nil {
		return ip.Unmap().IsLoopback() || !g.loopback // no name stands behind a number
	}
	return !g.loopback && name != "" && name == g.name
}

// hostname returns the host of a Host header without its port, in canonical form.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return canonical(name)
	}
	return canonical(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
}

func canonical(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

// sameOrigin reports whether a request comes from this server's own pages, or does not say.
func sameOrigin(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" || !strings.EqualFold(u.Host, r.Host) {
			return false
		}
	}
	return true
}

// sameSite reports whether a request was made by this server's own pages or by the author's own hand. A link on another
// site may lead to a page, as a whole window; nothing else may.
func sameSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	case "same-site", "cross-site":
		return r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document" && !strings.HasPrefix(r.URL.Path, ours)
	}
	return false
}
