package site

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"waymark/generator/diag"
	"waymark/generator/internal/images"
	"waymark/generator/internal/slug"
)

// placeFiles gives each file that belongs to the content its place. Files beside a folder's own page follow that
// page; all others keep their path.
func (b *builder) placeFiles() {
	for _, s := range b.in.Files {
		dir, name := path.Split(s.Path)
		dir = strings.TrimSuffix(dir, "/")
		if b.unpublished(path.Dir(s.Path)) {
			continue
		}
		f := &File{Source: s.Path, Path: b.folderPath(dir) + norm.NFC.String(name)}
		f.Image = shownAs(f.Path, s.Picture)
		b.Files = append(b.Files, f)
		b.files[norm.NFC.String(f.Source)] = f
		b.beside[path.Dir(f.Source)] = append(b.beside[path.Dir(f.Source)], path.Base(f.Source))
	}
}

// shownAs says what pages need to know of a picture with a place in the site.
func shownAs(place string, p *images.Picture) *ImageInfo {
	if p == nil {
		return nil
	}
	info := &ImageInfo{Width: p.Width, Height: p.Height}
	ext := path.Ext(place)
	for _, width := range p.Narrower {
		info.Scaled = append(info.Scaled, Scaled{Path: strings.TrimSuffix(place, ext) + "-" + itoa(width) + "w" + strings.ToLower(ext), Width: width})
	}
	return info
}

// unpublished reports whether a folder belongs to a page that is held back or has errors: its files wait with it. The
// nearest page above decides; the lists posts, courses, series and notes own no files of others.
func (b *builder) unpublished(dir string) bool {
	for ; dir != "."; dir = path.Dir(dir) {
		if sectionOf(dir) != "" {
			return false
		}
		if p := b.byPath[dir]; p != nil && p.Doc != nil {
			return false
		}
		if b.held[dir] != "" || b.broken[dir] {
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

// datedSlug proposes a slug for a page whose file's name begins with a day.
func datedSlug(p *Page) string {
	g := datedName.FindStringSubmatch(path.Base(Key(p.Doc.Path)))
	if g == nil {
		return ""
	}
	return slug.Make(g[2]) + "-" + g[1][:len("2024-08")]
}

type claim struct {
	source string // the file that it is a copy of, or is made of
	page   *Page  // whose it is; nil for what is no text's
	what   string // for a message: a file's name, or what is generated
	pos    diag.Position
	path   string
}

// claimAddresses finds two outputs with one address. Two files with the same bytes are one output. Letter case and Unicode forms do not count, because on some
// machines they are one file.
func (b *builder) claimAddresses() {
	b.Outputs = slices.DeleteFunc(b.Outputs, func(o Output) bool { return b.claim(o.Path, o.claim()) })
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

// claim claims an address, and reports whether it already has the same bytes there.
func (b *builder) claim(out string, c claim) (twice bool) {
	c.path = out
	k := strings.ToLower(norm.NFC.String(out)) // in which space counts: a file may be called " "
	for _, part := range strings.Split(out, "/") {
		if len(part) > maxPart {
			b.errorf(c.pos, "address", "give it a shorter name", "%s has an address with a part of %d bytes, and file systems allow %d", c.what, len(part), maxPart)
			return false
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
		return false
	}
	if c.path == first.path && c.source != "" && first.source != "" && b.in.Equal != nil && b.in.Equal(first.source, c.source) {
		return true
	}
	if c.pos.File == "" {
		first, c = c, first
	}
	hint := "rename one of them"
	if c.page != nil {
		hint += ", or give it another slug"
		if slug := datedSlug(c.page); slug != "" {
			hint = "the day in a file's name is no part of its address: give one of them another, such as slug: " + slug
		}
	}
	if first.path != c.path || first.source != c.source && norm.NFC.String(first.source) == norm.NFC.String(c.source) {
		hint = "they differ only in letter case or in the form of their accents, which some machines do not tell apart; rename one"
	}
	b.errorf(c.pos, "same-address", hint, "%s and %s have one address: /%s", first.what, c.what, strings.TrimSuffix(c.path, "index.html"))
	return false
}
