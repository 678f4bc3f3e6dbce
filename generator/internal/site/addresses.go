package site

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"waymark/generator/diag"
	"waymark/generator/internal/slug"
)

// placeFiles gives each file that belongs to the content its place. Files beside a folder's own page follow that
// page; all others keep their path.
func (b *builder) placeFiles() {
	b.Files = slices.DeleteFunc(slices.Clone(b.in.Files), func(f File) bool { return b.unpublished(path.Dir(f.Source)) })
	for i := range b.Files {
		f := &b.Files[i]
		dir, name := path.Split(f.Source)
		f.Path = b.folderPath(strings.TrimSuffix(dir, "/")) + norm.NFC.String(name)
		if f.Image != nil {
			ext := path.Ext(f.Path)
			for j := range f.Image.Scaled {
				s := &f.Image.Scaled[j]
				s.Path = strings.TrimSuffix(f.Path, ext) + "-" + itoa(s.Width) + "w" + strings.ToLower(ext)
			}
		}
		b.files[f.Source] = f
		b.beside[path.Dir(f.Source)] = append(b.beside[path.Dir(f.Source)], path.Base(f.Source))
	}
}

// unpublished reports whether a folder belongs to a page that is held back or has errors: its files wait with it. The
// nearest page above decides; the lists posts, courses, series and notes own no files of others.
func (b *builder) unpublished(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if slices.Contains([]string{"posts", "courses", "series", "notes"}, dir) {
			return false
		}
		if p := b.byPath[dir]; p != nil && p.Doc != nil {
			return false
		}
		if b.held[dir] != "" || slices.Contains(b.in.Broken, dir) {
			return true
		}
	}
	return false
}

// folderPath returns the output folder of a content folder, with a trailing slash: that of the nearest page above
// with a folder of its own.
func (b *builder) folderPath(dir string) string {
	if dir == "" {
		return ""
	}
	if p := b.byPath[dir]; p != nil && p.Doc != nil {
		return strings.TrimPrefix(p.URL, "/")
	}
	parent, name := path.Split(dir)
	return b.folderPath(strings.TrimSuffix(parent, "/")) + cmp.Or(slug.Make(name), name) + "/"
}

type claim struct {
	what string // for a message: a file's name, or what is generated
	pos  diag.Position
	path string
}

// claimAddresses finds two outputs with one address. Letter case and Unicode forms do not count, because on some
// machines they are one file.
func (b *builder) claimAddresses() {
	for _, p := range b.Pages {
		c := claim{what: p.Name(), pos: diag.Position{File: p.Name(), Line: 1, Col: 1}}
		if p.Doc == nil {
			c = claim{what: "the generated page " + p.URL}
		}
		b.claim(p.OutputPath(), c)
		if p.Kind == Course && p.Doc != nil {
			b.claim(strings.TrimPrefix(p.URL, "/")+CalendarName, claim{what: "the calendar of " + p.URL})
		}
		if p.Map != nil {
			for _, ending := range MapFiles() {
				b.claim(p.Map.FilePath(ending), claim{what: "a download of " + p.URL})
			}
		}
		if p.Feed {
			b.claim(strings.TrimPrefix(p.URL, "/")+"atom.xml", claim{what: "the feed of " + p.URL})
			b.claim(strings.TrimPrefix(p.URL, "/")+"feed.json", claim{what: "the feed of " + p.URL})
		}
	}
	generated := []string{"robots.txt", "_headers"}
	if b.Config.BaseURL != "" {
		generated = append(generated, "sitemap.xml")
	}
	for _, name := range generated {
		b.claim(name, claim{what: "the generated file " + name})
	}
	for _, f := range b.Files {
		c := claim{what: "content/" + f.Source, pos: diag.Position{File: "content/" + f.Source}}
		b.claim(f.Path, c)
		if f.Image != nil {
			for _, s := range f.Image.Scaled {
				b.claim(s.Path, claim{what: "a narrower version of " + c.what, pos: c.pos})
			}
		}
	}
	for _, s := range b.in.Static {
		b.claim(s, claim{what: "static/" + s, pos: diag.Position{File: "static/" + s}})
	}
	b.claimAliases()
	for k, c := range b.claimed {
		if other, both := b.folder[k]; both {
			if c.pos.File == "" {
				c.pos = other.pos
			}
			b.errorf(c.pos, "same-address", "rename one of them", "%s would be a file where %s needs a folder: /%s", c.what, other.what, c.path)
		}
	}
}

// maxPart is how many bytes a file's name may have on all common file systems.
const maxPart = 255

func (b *builder) claimAliases() {
	for _, p := range b.Pages {
		if p.Doc == nil {
			continue
		}
		for _, alias := range p.Doc.Front.Aliases {
			at := pos(p, "aliases")
			if plain, err := url.PathUnescape(alias); err == nil {
				alias = plain
			}
			target := path.Clean("/" + strings.TrimSuffix(alias, "index.html"))
			if strings.Contains(alias, "://") || strings.Contains(alias, "..") || strings.ContainsAny(alias, "?#\\\x00") || target == "/" {
				b.errorf(at, "alias", "write the old path: /2019/old-name/", "%q is not an address of this site", alias)
				continue
			}
			out := strings.TrimPrefix(target, "/")
			if path.Ext(out) != ".html" {
				out += "/index.html"
			}
			if out == p.OutputPath() || slices.ContainsFunc(b.Aliases, func(a Alias) bool { return a.Page == p && a.Path == out }) {
				b.warnf(at, "alias", "take it out", "%q already leads to this page", alias)
				continue
			}
			b.claim(out, claim{what: "an alias of " + p.Doc.Name, pos: at})
			b.Aliases = append(b.Aliases, Alias{Path: out, Page: p})
		}
	}
}

func (b *builder) claim(out string, c claim) {
	c.path = out
	k := slug.Fold(out)
	for _, part := range strings.Split(out, "/") {
		if len(part) > maxPart {
			b.errorf(c.pos, "address", "give it a shorter name", "%s has an address with a part of %d bytes, and file systems allow %d", c.what, len(part), maxPart)
			return
		}
	}
	for dir := path.Dir(k); dir != "."; dir = path.Dir(dir) {
		if _, known := b.folder[dir]; known {
			break // and all above it
		}
		b.folder[dir] = c
	}
	first, taken := b.claimed[k]
	if !taken {
		b.claimed[k] = c
		return
	}
	if c.pos.File == "" {
		first, c = c, first
	}
	hint := "rename one of them, or give it another slug"
	if first.path != c.path {
		hint = "they differ only in letter case or in the form of their accents, which some machines do not tell apart; rename one"
	}
	b.errorf(c.pos, "same-address", hint, "%s and %s have one address: /%s", first.what, c.what, strings.TrimSuffix(c.path, "index.html"))
}
