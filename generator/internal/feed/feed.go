// Package feed writes what other programs read of a site: Atom and JSON feeds, the sitemap, robots.txt.
//
// The feeds follow RFC 4287 (Atom) and JSON Feed 1.1, the sitemap the Sitemaps protocol 0.9. encoding/xml and
// encoding/json carry them, because the feed libraries at hand cannot write Atom's categories.
package feed

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // RFC 4122 names SHA-1 for version 5, which is a name and no secret
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"
)

// Limit is how many entries a feed holds.
const Limit = 20

// Feed is a list of entries, newest first.
type Feed struct {
	Title, Subtitle, Language string
	Base                      string // the site's address with a trailing slash; empty where it has none
	Path                      string // of the page that the feed belongs to, without a leading slash
	Entries                   []Entry
	Generator                 string
	Now                       time.Time // for a feed whose entries have no date
}

// Entry is one page of a feed.
type Entry struct {
	Title, Path, Summary, HTML string
	Authors, Tags              []string
	Published, Updated         time.Time // Published may be zero
}

type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang      string      `xml:"xml:lang,attr"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Subtitle  string      `xml:"subtitle,omitempty"`
		Updated   string      `xml:"updated"`
		Links     []atomLink  `xml:"link"`
		Author    atomPerson  `xml:"author"`
		Generator string      `xml:"generator"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name string `xml:"name"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Body string `xml:",chardata"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Updated    string         `xml:"updated"`
		Published  string         `xml:"published,omitempty"`
		Link       atomLink       `xml:"link"`
		Authors    []atomPerson   `xml:"author"`
		Categories []atomCategory `xml:"category"`
		Summary    string         `xml:"summary,omitempty"`
		Content    *atomText      `xml:"content,omitempty"`
	}
)

// Atom returns the feed as Atom.
func (f Feed) Atom() ([]byte, error) {
	out := atomFeed{
		Lang: f.Language, ID: f.id(f.Path), Title: f.Title, Subtitle: f.Subtitle, Updated: rfc3339(f.updated()),
		Author: atomPerson{f.Title}, Generator: f.Generator,
		Links: []atomLink{
			{Rel: "alternate", Type: "text/html", Href: f.address(f.Path)},
			{Rel: "self", Type: "application/atom+xml", Href: f.address(f.Path + "atom.xml")},
		},
	}
	for _, e := range f.Entries {
		entry := atomEntry{
			ID: f.id(e.Path), Title: e.Title, Updated: rfc3339(e.updated(f.Now)), Published: rfc3339(e.Published),
			Link: atomLink{Rel: "alternate", Type: "text/html", Href: f.address(e.Path)}, Summary: e.Summary,
		}
		for _, name := range e.Authors {
			entry.Authors = append(entry.Authors, atomPerson{name})
		}
		for _, tag := range e.Tags {
			entry.Categories = append(entry.Categories, atomCategory{tag})
		}
		if e.HTML != "" {
			entry.Content = &atomText{Type: "html", Body: e.HTML}
		}
		out.Entries = append(out.Entries, entry)
	}
	data, err := xml.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("write the Atom feed of /%s: %w", f.Path, err)
	}
	return append(append([]byte(xml.Header), data...), '\n'), nil
}

type (
	jsonFeed struct {
		Version     string     `json:"version"`
		Title       string     `json:"title"`
		Description string     `json:"description,omitempty"`
		HomePage    string     `json:"home_page_url"`
		Feed        string     `json:"feed_url"`
		Language    string     `json:"language,omitempty"`
		Items       []jsonItem `json:"items"`
	}
	jsonItem struct {
		ID        string       `json:"id"`
		URL       string       `json:"url"`
		Title     string       `json:"title"`
		HTML      string       `json:"content_html,omitempty"`
		Text      *string      `json:"content_text,omitempty"` // one of the two must be given
		Summary   string       `json:"summary,omitempty"`
		Published string       `json:"date_published,omitempty"`
		Modified  string       `json:"date_modified,omitempty"`
		Authors   []jsonAuthor `json:"authors,omitempty"`
		Tags      []string     `json:"tags,omitempty"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
	}
)

// JSON returns the feed as JSON Feed.
func (f Feed) JSON() ([]byte, error) {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Description: f.Subtitle, Language: f.Language,
		HomePage: f.address(f.Path), Feed: f.address(f.Path + "feed.json"), Items: []jsonItem{},
	}
	for _, e := range f.Entries {
		item := jsonItem{
			ID: f.id(e.Path), URL: f.address(e.Path), Title: e.Title, HTML: e.HTML, Summary: e.Summary, Tags: e.Tags,
			Published: rfc3339(e.Published), Modified: rfc3339(e.Updated),
		}
		if e.HTML == "" {
			item.Text = &e.Summary
		}
		for _, name := range e.Authors {
			item.Authors = append(item.Authors, jsonAuthor{name})
		}
		out.Items = append(out.Items, item)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		return nil, fmt.Errorf("write the JSON feed of /%s: %w", f.Path, err)
	}
	return b.Bytes(), nil
}

// id names an entry for ever: its address, or, for a site without one, a name made from the path (RFC 9562, version 5,
// in the namespace for addresses).
func (f Feed) id(path string) string {
	if f.Base != "" {
		return f.Base + path
	}
	namespace, _ := hex.DecodeString("6ba7b8119dad11d180b400c04fd430c8")
	h := sha1.New() //nolint:gosec // see the import
	h.Write(namespace)
	h.Write([]byte("waymark:/" + path))
	u := h.Sum(nil)[:16]
	u[6], u[8] = u[6]&0x0F|0x50, u[8]&0x3F|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// address returns a whole address or, for a site without one, an address relative to the feed.
func (f Feed) address(path string) string {
	if f.Base != "" {
		return f.Base + path
	}
	up := ""
	for _, c := range f.Path {
		if c == '/' {
			up += "../"
		}
	}
	if up+path == "" {
		return "./"
	}
	return up + path
}

func (f Feed) updated() time.Time {
	latest := time.Time{}
	for _, e := range f.Entries {
		if t := e.updated(time.Time{}); t.After(latest) {
			latest = t
		}
	}
	if latest.IsZero() {
		return f.Now
	}
	return latest
}

func (e Entry) updated(otherwise time.Time) time.Time {
	switch {
	case !e.Updated.IsZero():
		return e.Updated
	case !e.Published.IsZero():
		return e.Published
	}
	return otherwise
}

func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// Place is a page in the sitemap. Modified may be zero.
type Place struct {
	URL      string
	Modified time.Time
}

type (
	urlSet struct {
		XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []mapPage `xml:"url"`
	}
	sitemapIndex struct {
		XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
		Maps    []mapPage `xml:"sitemap"`
	}
	mapPage struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
)

// Sitemap lists pages with their whole addresses, at most the 50,000 that the protocol allows in one file.
func Sitemap(places []Place) ([]byte, error) {
	var set urlSet
	for _, p := range places {
		set.URLs = append(set.URLs, mapPage{Loc: p.URL, LastMod: rfc3339(p.Modified)})
	}
	return sitemapXML(set)
}

// SitemapIndex lists the sitemaps of a site that has more pages than one may hold, by their whole addresses.
func SitemapIndex(addresses []string) ([]byte, error) {
	var index sitemapIndex
	for _, a := range addresses {
		index.Maps = append(index.Maps, mapPage{Loc: a})
	}
	return sitemapXML(index)
}

func sitemapXML(v any) ([]byte, error) {
	data, err := xml.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write the sitemap: %w", err)
	}
	return append(append([]byte(xml.Header), data...), '\n'), nil
}

// Robots lets every robot in, and names the sitemap where there is one (RFC 9309).
func Robots(sitemap string) []byte {
	text := "User-agent: *\nDisallow:\n"
	if sitemap != "" {
		text += "\nSitemap: " + sitemap + "\n"
	}
	return []byte(text)
}
