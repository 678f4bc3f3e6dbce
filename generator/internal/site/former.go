package site

import (
	"path"
	"regexp"
	"strings"

	"waymark/generator/internal/slug"
)

// isAddress reports whether an alias is an address that a page had before, rather than another name of it.
func isAddress(alias string) bool {
	return strings.Contains(alias, "/") || strings.HasSuffix(alias, ".html")
}

// plainAddress is one in which nothing is a pattern, and nothing would have another form as an address of ours.
var plainAddress = regexp.MustCompile(`^/?[^:{}*?#%\\\s.]+$`)

// ownAddress returns the address that a header gives its page, where it can be one; "" where it is a pattern of another program,
// or of another form, such as the name of a file.
func ownAddress(said string) string {
	if !plainAddress.MatchString(said) || !strings.Contains(strings.Trim(said, "/"), "/") && !strings.HasPrefix(said, "/") {
		return ""
	}
	address := path.Clean("/" + said)
	if address == "/" || hidden(address) {
		return ""
	}
	for _, part := range strings.Split(address[1:], "/") {
		if slug.Make(part) != slug.Fold(part) {
			return ""
		}
	}
	return address + "/"
}

// addressKey returns the form in which two spellings of an address are one.
func addressKey(address string) string {
	return slug.Fold(strings.TrimSuffix(strings.Trim(strings.TrimSuffix(address, "index.html"), "/"), ".html"))
}

// formerAddresses gathers the addresses that pages had before: those that they name, and for writing with a day and a name those
// that Jekyll and others make of these.
func (b *builder) formerAddresses() {
	b.former = map[string]*Page{}
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		for _, address := range b.addressesOf(p) {
			b.former[addressKey(address)] = p
		}
		if name := path.Base(Key(p.Doc.Path)); datedName.MatchString(name) {
			b.former[addressKey(name)] = p
		}
	}
	dated := map[string]*Page{}
	for _, p := range b.Pages {
		if p.Doc == nil || p.Date.IsZero() {
			continue
		}
		name := path.Base(Key(p.Doc.Path))
		if g := datedName.FindStringSubmatch(name); g != nil {
			name = g[2]
		}
		k := addressKey(p.Date.Time.Format("2006/01/02/") + slug.Make(name))
		if other, taken := dated[k]; taken && other != p {
			dated[k] = nil // two of a day
		} else {
			dated[k] = p
		}
	}
	for k, p := range dated {
		if _, said := b.former[k]; !said {
			b.former[k] = p
		}
	}
}

// addressesOf returns the addresses that a page says it had, as it spells them.
func (b *builder) addressesOf(p *Page) []string {
	var out []string
	for _, alias := range p.Doc.Front.Aliases {
		if isAddress(alias) {
			out = append(out, alias)
		}
	}
	if said := p.Doc.Front.Address; said != "" && !strings.ContainsAny(said, ":{}*") && strings.Contains(said, "/") {
		out = append(out, said)
	}
	return out
}

var datedAddress = regexp.MustCompile(`(?:^|/)(\d{4}/\d{2}/\d{2}/[^/]+)$`)

// formerly returns the page that had an address before, or whose file is called so, or nil.
func (b *builder) formerly(name string) *Page {
	if b.former == nil {
		b.formerAddresses()
	}
	k := addressKey(name)
	if p := b.former[k]; p != nil {
		return p
	}
	if g := datedAddress.FindStringSubmatch(k); g != nil {
		return b.former[g[1]]
	}
	return b.former[addressKey(path.Base(Key(name)))]
}
