package render

import (
	"net/url"
	"strings"
)

// addresses writes the addresses of one page: relative to it, so that the site works under any prefix, and naming
// index.html where it must open from a file system.
type addresses struct {
	from     []string // the folders above the page
	base     string   // the site's address with a trailing slash; empty where it has none
	root     string   // written before every address in place of "../", on a page that is shown anywhere
	portable bool
	named    map[string]bool // where it is given, the folders above all that is named are put in
}

func newAddresses(pageURL, base string, portable bool) addresses {
	a := addresses{base: base, portable: portable}
	dir := pageURL[:strings.LastIndexByte(pageURL, '/')+1]
	if parts := strings.Trim(dir, "/"); parts != "" {
		a.from = strings.Split(parts, "/")
	}
	return a
}

// rootOf returns the path at which a site with an address stands, or "".
func rootOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.EscapedPath()
}

// to returns the address of something in the site, given as an absolute path within it ("/posts/x/").
func (a addresses) to(target, fragment string) string {
	if target == "" {
		return ""
	}
	for at := 1; a.named != nil && at < len(target); at++ {
		if target[at] == '/' {
			a.named[target[1:at+1]] = true
		}
	}
	path := escapePath(target)
	if a.portable && strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	if fragment != "" {
		fragment = "#" + escapeFragment(fragment)
	}
	if a.root != "" {
		return a.root + strings.TrimPrefix(path, "/") + fragment
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	common := 0
	for common < len(a.from) && common < len(parts)-1 && escapePath(a.from[common]) == parts[common] {
		common++
	}
	rel := strings.Repeat("../", len(a.from)-common) + strings.Join(parts[common:], "/")
	switch {
	case rel == "":
		rel = "./"
	case strings.Contains(parts[common], ":") && common == len(a.from):
		rel = "./" + rel // what stands before a colon would be read as a scheme
	}
	return rel + fragment
}

// absolute returns the address of something in the site on the web, or "" where the site has none.
func (a addresses) absolute(target string) string {
	if a.base == "" || target == "" {
		return ""
	}
	return Absolute(a.base, target)
}

// Absolute returns the whole address of something in a site: base is the site's own address with a trailing slash.
func Absolute(base, target string) string {
	return base + strings.TrimPrefix(escapePath(target), "/")
}

func escapePath(p string) string { return (&url.URL{Path: p}).EscapedPath() }

func escapeFragment(f string) string { return (&url.URL{Fragment: f}).EscapedFragment() }
