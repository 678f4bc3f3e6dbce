package site

import (
	"mime"
	"net/url"
	"path"
	"strings"
	"unicode"

	"waymark/generator/diag"
)

// OutputKind is what a file of the output is.
type OutputKind string

// The kinds of outputs. What a site writes is one of these, and nothing else.
const (
	PageFile     OutputKind = "page"
	AtomFeed     OutputKind = "Atom feed"
	JSONFeed     OutputKind = "JSON feed"
	CalendarFile OutputKind = "calendar"
	MapDownload  OutputKind = "download"     // a map for other programs
	CopyFile     OutputKind = "file"         // of the content or of the static folder, as it is
	NarrowerFile OutputKind = "picture"      // a narrower version of one
	AssetFile    OutputKind = "asset"        // of the theme
	RedirectFile OutputKind = "redirect"     // at an address that a page had before
	SitemapFile  OutputKind = "sitemap"      // for search engines
	RobotsFile   OutputKind = "robots.txt"   // for search engines, too
	AnkiFile     OutputKind = "Anki file"    // cards for another program
	HeadersFile  OutputKind = "headers file" // for hosts
	IDsFile      OutputKind = "list of ids"  // for the next edition
	CardFile     OutputKind = "card"         // what other places show of a page
	IndexFile    OutputKind = "index"        // that readers' browsers search in
)

// Output is one file that the site writes. The fields below Kind are set where the kind has them.
type Output struct {
	Path   string // relative to the output folder
	Kind   OutputKind
	Page   *Page  // that it is, belongs to, or leads to
	Map    *Map   // of a download
	Format string // of a download: one of MapFiles; of an Anki file: one of AnkiFiles; of an index: its name
	Source string // of a copy or a picture: the file, relative to the site's folder
	Width  int    // of a picture, in pixels
	Part   int    // of a sitemap in parts, from 1; 0 for the whole, or the index of the parts
}

// CalendarName is the name of the calendar file beside a course.
const CalendarName = "calendar.ics"

// outputs lists every file that the site writes. A new kind of output is added here, and in package edition, which makes it.
func (b *builder) outputs() {
	for _, p := range b.Pages {
		b.write(Output{Path: p.OutputPath(), Kind: PageFile, Page: p})
		beside := strings.TrimPrefix(p.URL, "/")
		if p.Kind == Course && p.Doc != nil {
			b.write(Output{Path: beside + CalendarName, Kind: CalendarFile, Page: p})
		}
		if p.Kind == ReviewPage || p.Kind == Course && b.remembers(p) {
			for _, format := range AnkiFiles() {
				b.write(Output{Path: beside + format, Kind: AnkiFile, Page: p, Format: format})
			}
		}
		if p.Map != nil {
			for _, format := range MapFiles() {
				b.write(Output{Path: p.Map.FilePath(format), Kind: MapDownload, Page: p, Map: p.Map, Format: format})
			}
		}
		if name := b.CardOf(p); name != "" {
			b.write(Output{Path: name, Kind: CardFile, Page: p})
		}
		if p.Feed {
			b.write(Output{Path: beside + "atom.xml", Kind: AtomFeed, Page: p}, Output{Path: beside + "feed.json", Kind: JSONFeed, Page: p})
		}
	}
	b.write(Output{Path: "robots.txt", Kind: RobotsFile}, Output{Path: "_headers", Kind: HeadersFile}, Output{Path: IDsPath, Kind: IDsFile})
	b.indexes()
	if b.Config.BaseURL != "" {
		b.sitemaps()
	}
	for _, f := range b.Files {
		name := "content/" + f.Source
		b.write(Output{Path: f.Path, Kind: CopyFile, Source: name})
		if f.Image != nil && b.shown[f] {
			for _, s := range f.Image.Scaled {
				b.write(Output{Path: s.Path, Kind: NarrowerFile, Source: name, Width: s.Width})
			}
		}
	}
	for _, s := range b.in.Static {
		b.write(Output{Path: s, Kind: CopyFile, Source: "static/" + s})
	}
	for _, asset := range b.in.Assets {
		b.write(Output{Path: asset, Kind: AssetFile})
	}
	for _, p := range b.Pages {
		b.redirects(p)
	}
}

// SitemapLimit is how many addresses one sitemap may hold (Sitemaps protocol 0.9). So many stay far below the size that it may
// have.
const SitemapLimit = 50_000

// sitemaps lists the sitemap, or, where the site has more pages than one may hold, its parts and the index that names them.
func (b *builder) sitemaps() {
	b.write(Output{Path: "sitemap.xml", Kind: SitemapFile})
	if n := len(b.Searchable()); n > SitemapLimit {
		for part := 1; (part-1)*SitemapLimit < n; part++ {
			b.write(Output{Path: "sitemap-" + itoa(part) + ".xml", Kind: SitemapFile, Part: part})
		}
	}
}

// Searchable returns what search engines should know of: all pages but numbered lists and those that asked to be left out.
func (s *Site) Searchable() []*Page {
	var out []*Page
	for _, p := range s.Pages {
		if p.Number == 0 && p.Kind != NotFound && !p.private() && (p.Doc == nil || !p.Doc.Front.HideSearch) {
			out = append(out, p)
		}
	}
	return out
}

func (b *builder) write(outputs ...Output) { b.Outputs = append(b.Outputs, outputs...) }

// redirects lists the addresses that a page had before.
func (b *builder) redirects(p *Page) {
	if p.Doc == nil {
		return
	}
	at := pos(p, "aliases")
	known := map[string]bool{p.OutputPath(): true}
	for _, said := range b.addressesOf(p) {
		alias := said
		if u, err := url.Parse(said); err == nil && u.Host != "" {
			alias = u.EscapedPath() // where it stood on another host
		}
		if plain, err := url.PathUnescape(alias); err == nil {
			alias = plain
		}
		target := path.Clean("/" + strings.TrimSuffix(alias, "index.html"))
		if strings.Contains(alias, "..") || strings.ContainsAny(alias, "?#\\") || strings.ContainsFunc(alias, unicode.IsControl) || hidden(target) || target == "/" {
			b.warnf(at, "alias", "write the old path: /2019/old-name/", "%q is not an address of this site, and is left out", said)
			continue
		}
		out := strings.TrimPrefix(target, "/")
		if path.Ext(out) != ".html" {
			out += "/index.html"
		}
		if known[out] {
			if said != p.Doc.Front.Address {
				b.warnf(at, "alias", "take it out", "%q already leads to this page", said)
			}
			continue
		}
		known[out] = true
		b.write(Output{Path: out, Kind: RedirectFile, Page: p})
	}
}

// hidden reports whether a part of a path is a name that begins with a dot, as what Waymark, Git and hosts keep for themselves.
func hidden(path string) bool {
	return strings.Contains(path, "/.") && !strings.HasPrefix(path, "/.well-known/")
}

// claim says whose an output is, for the message that two have one address.
func (o Output) claim() claim {
	switch o.Kind {
	case PageFile:
		if o.Page.Doc == nil {
			return claim{what: "the generated page " + o.Page.URL}
		}
		return claim{page: o.Page, what: o.Page.Name(), pos: diag.Position{File: o.Page.Name(), Line: 1, Col: 1}}
	case CalendarFile:
		return claim{what: "the calendar of " + o.Page.URL}
	case AnkiFile:
		return claim{what: "the cards of " + o.Page.URL}
	case MapDownload:
		return claim{what: "a download of " + o.Page.URL}
	case AtomFeed, JSONFeed:
		return claim{what: "the feed of " + o.Page.URL}
	case CardFile:
		return claim{what: "the card of " + o.Page.URL + " (cards: false in waymark.yaml makes none)"}
	case CopyFile:
		return claim{source: o.Source, what: o.Source, pos: diag.Position{File: o.Source}}
	case NarrowerFile:
		return claim{source: o.Source, what: "a narrower version of " + o.Source, pos: diag.Position{File: o.Source}}
	case RedirectFile:
		return claim{what: "an alias of " + o.Page.Name(), pos: pos(o.Page, "aliases")}
	case AssetFile:
		return claim{what: "the theme's file " + o.Path}
	}
	return claim{what: "the generated file " + o.Path}
}

// Address returns where a browser finds the output, within the site.
func (o Output) Address() string {
	if folder, found := strings.CutSuffix("/"+o.Path, "/index.html"); found {
		return folder + "/"
	}
	return "/" + o.Path
}

// mediaTypes are the kinds of the files that a site has, so that they do not depend on what this machine knows.
var mediaTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
	".xml": "application/xml", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".pdf": "application/pdf",
	".txt": "text/plain; charset=utf-8", ".ics": "text/calendar; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".opml": "text/x-opml; charset=utf-8",
	".idx": "application/gzip", ".mermaid": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json", ".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg",
}

// MediaType returns the type with which a host should send the output (RFC 9110, section 8.3).
func (o Output) MediaType() string {
	switch path.Base(o.Path) { // a feed of another program's, which is copied, is a feed too
	case "atom.xml":
		return "application/atom+xml; charset=utf-8"
	case "feed.json":
		return "application/feed+json; charset=utf-8"
	case "_headers":
		return "text/plain; charset=utf-8"
	}
	ext := strings.ToLower(path.Ext(o.Path))
	if known := mediaTypes[ext]; known != "" {
		return known
	}
	if known := mime.TypeByExtension(ext); known != "" {
		return known
	}
	return "application/octet-stream"
}
