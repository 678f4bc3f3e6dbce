package generator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"strconv"
	"sync"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/calendar"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/feed"
	"waymark/generator/internal/images"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
)

// edition is a finished model with what is needed to make files of it. Build writes all of them; a Preview makes those
// that it is asked for.
type edition struct {
	root     *os.Root
	site     *site.Site
	assets   *render.Assets
	static   []string
	renderer *render.Renderer
	latest   func() time.Time
}

func newEdition(root *os.Root, s *site.Site, assets *render.Assets, static []string, renderer *render.Renderer) *edition {
	return &edition{root, s, assets, static, renderer, sync.OnceValue(func() time.Time { return latest(s) })}
}

// product is one file of the output that is not made yet.
type product struct {
	path   string     // relative to the output folder
	page   *site.Page // nil for all that is no page
	named  bool       // whether its name changes whenever its bytes do
	copied string     // the file that it is a copy of, relative to the site's folder; or ""
	make   func() (made, error)
	recipe func() (string, error) // names all that its bytes depend on, where they cost much; nil elsewhere
}

// made is what became of a product.
type made struct {
	data    []byte           // nil where an error of the author's keeps it from being made
	problem *diag.Diagnostic // or nil
	standIn bool             // whether the data only stand in for what could not be made
}

// made makes the file. A panic is one file's mistake, and the others go on.
func (p product) made() (m made, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			problem := diag.Fault(p.source(), cause)
			m, err = made{problem: &problem}, nil
		}
	}()
	return p.make()
}

// source names the file that is to blame where the product cannot be made.
func (p product) source() string {
	if p.page != nil && p.page.Doc != nil {
		return p.page.Name()
	}
	return p.copied
}

// products lists all files of the output.
func (e *edition) products() []product {
	products := make([]product, 0, len(e.site.Pages)+len(e.site.Files)+len(e.static))
	add := func(path string, data func() ([]byte, error)) {
		products = append(products, product{path: path, make: func() (made, error) {
			data, err := data()
			return made{data: data}, err
		}})
	}
	ready := func(a render.Artifact, named bool) {
		products = append(products, product{path: a.Path, named: named, make: func() (made, error) { return made{data: a.Data}, nil }})
	}
	for _, p := range e.site.Pages {
		products = append(products, e.page(p))
		if p.Feed {
			add(path.Join(p.URL, "atom.xml")[1:], func() ([]byte, error) { return e.feed(p, feed.Feed.Atom) })
			add(path.Join(p.URL, "feed.json")[1:], func() ([]byte, error) { return e.feed(p, feed.Feed.JSON) })
		}
	}
	for _, course := range e.site.Courses {
		add(path.Join(course.URL, site.CalendarName)[1:], func() ([]byte, error) { return e.calendar(course), nil })
	}
	for _, m := range e.site.Maps {
		for _, as := range site.MapFiles() {
			add(m.FilePath(as), func() ([]byte, error) { return export(e.site, m, as) })
		}
	}
	for _, f := range e.site.Files {
		name := path.Join(source.Folder, f.Source)
		products = append(products, e.copied(f.Path, name))
		products = append(products, e.narrower(f, name)...)
	}
	for _, name := range e.static {
		products = append(products, e.copied(name, path.Join("static", name)))
	}
	for _, a := range e.assets.Artifacts {
		ready(a, true)
	}
	for _, a := range e.site.Aliases {
		ready(e.renderer.Redirect(a), false)
	}
	sitemap := ""
	if e.site.Config.BaseURL != "" {
		sitemap = e.site.Config.BaseURL + "sitemap.xml"
		add("sitemap.xml", func() ([]byte, error) { return feed.Sitemap(e.places()) })
	}
	ready(render.Artifact{Path: "robots.txt", Data: feed.Robots(sitemap)}, false)
	ready(render.Artifact{Path: "_headers", Data: []byte(headers)}, false)
	return products
}

func (e *edition) copied(path, name string) product {
	return product{path: path, copied: name, make: func() (made, error) {
		data, err := e.read(name)
		return made{data: data}, err
	}}
}

func (e *edition) page(p *site.Page) product {
	return product{path: p.OutputPath(), page: p, make: func() (made, error) {
		artifact, problem, err := e.renderer.Page(p)
		return made{data: artifact.Data, problem: problem}, err
	}}
}

func (e *edition) read(name string) ([]byte, error) {
	data, err := e.root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("copy a file: %w", err)
	}
	return data, nil
}

// Policy is the Content-Security-Policy that hosts should send with every page. The pages say it of themselves as well, but
// for the part about frames, which only a host can say.
const Policy = render.Policy + "; frame-ancestors 'none'"

// headers are what hosts that read a _headers file send with every page.
const headers = `/*
  Content-Security-Policy: ` + Policy + `
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`

// narrower lists the narrower versions of a large picture. They need not be made again of the same bytes.
func (e *edition) narrower(f site.File, name string) []product {
	if f.Image == nil {
		return nil
	}
	digest := sync.OnceValues(func() (string, error) {
		data, err := e.read(name)
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:]), err
	})
	var products []product
	for _, s := range f.Image.Scaled {
		products = append(products, product{
			path: s.Path,
			recipe: func() (string, error) {
				sum, err := digest()
				return images.Recipe + " " + strconv.Itoa(s.Width) + " " + sum, err
			},
			make: func() (made, error) {
				data, err := e.read(name)
				if err != nil {
					return made{}, err
				}
				small, err := images.Scale(f.Source, data, s.Width)
				if err != nil { // pages name this file, and shall find at least what there is
					return made{data: data, standIn: true, problem: &diag.Diagnostic{
						Pos: diag.Position{File: name}, Severity: diag.Warning, Code: "image",
						Message: "no narrower versions can be made of this picture", Hint: err.Error(),
					}}, nil
				}
				return made{data: small}, nil
			},
		})
	}
	return products
}

// feed writes the feed of the site, or of a tag, series, author or course.
func (e *edition) feed(p *site.Page, write func(feed.Feed) ([]byte, error)) ([]byte, error) {
	c := e.site.Config
	f := feed.Feed{
		Title: p.Title + " · " + c.Title, Subtitle: p.Description, Language: c.Language, Base: c.BaseURL, Path: render.Absolute("", p.URL),
		Generator: "Waymark", Now: e.latest(),
	}
	if p == e.site.Home {
		f.Title, f.Subtitle = c.Title, c.Description
	}
	pages := e.feedPages(p)
	for _, q := range pages[:min(len(pages), feed.Limit)] {
		html, err := e.renderer.FeedBody(q)
		if err != nil {
			return nil, fmt.Errorf("write the feed of %s: %w", p.URL, err)
		}
		entry := feed.Entry{
			Title: q.Title, Path: render.Absolute("", q.URL), Summary: q.Description, HTML: html, Published: q.Date.Time, Updated: q.Updated.Time,
		}
		for _, a := range q.Authors {
			entry.Authors = append(entry.Authors, a.Name)
		}
		for _, t := range q.Tags {
			entry.Tags = append(entry.Tags, t.Name)
		}
		f.Entries = append(f.Entries, entry)
	}
	return write(f)
}

// latest is the newest date on any page: what stands for "updated" where a feed has no date of its own. A site without
// a single date says the beginning of 1970, because the chain has no clock.
func latest(s *site.Site) time.Time {
	latest := time.Unix(0, 0).UTC()
	for _, p := range s.Pages {
		for _, t := range []time.Time{p.Date.Time, p.Updated.Time} {
			if t.After(latest) {
				latest = t
			}
		}
	}
	return latest
}

// feedPages returns the pages with a text that belong to a feed, newest first, or in reading order.
func (e *edition) feedPages(p *site.Page) []*site.Page {
	var candidates []*site.Page
	switch p.Kind {
	case site.Home:
		return e.site.Dated()
	case site.TagPage:
		candidates = p.Tag.Pages
	case site.AuthorPage:
		candidates = p.Author.Pages
	case site.SeriesPage:
		for _, part := range p.Series.Parts {
			candidates = append(candidates, part.Page)
		}
	case site.Course:
		for _, session := range p.Children {
			candidates = append(append(candidates, session), session.Children...)
		}
	default:
		candidates = p.Items
	}
	var out []*site.Page
	for _, q := range candidates {
		if q != nil && q.Doc != nil {
			out = append(out, q)
		}
	}
	return out
}

// calendar writes a course's calendar file: its sessions, and the days to look at something again.
func (e *edition) calendar(course *site.Page) []byte {
	var events []calendar.Event
	for _, p := range e.feedPages(course) {
		if p.Kind == site.Session && p.Date.Precision >= dates.Day {
			events = append(events, e.event(p, p.Title, "", p.Date))
		}
		for i, on := range p.RevisitOn() {
			events = append(events, e.event(p, "Look again: "+p.Title, "#"+strconv.Itoa(i+1), on))
		}
	}
	return calendar.Write(course.Title, e.latest(), events)
}

// event is a whole day, or, for a session with a time of day, as long as it takes.
func (e *edition) event(p *site.Page, title, again string, on dates.Date) calendar.Event {
	c := calendar.Event{ID: p.ID + again + "@" + slug.Make(e.site.Config.Title), Title: title, Description: p.Description, Start: on.Time}
	if e.site.Config.BaseURL != "" {
		c.URL = render.Absolute(e.site.Config.BaseURL, p.URL)
	}
	if on.Precision == dates.Minute && again == "" {
		c.Length = time.Duration(max(p.Doc.Front.Duration, 60)) * time.Minute
	}
	return c
}

// places lists what search engines should know of: all pages but numbered lists and those that asked to be left out.
func (e *edition) places() []feed.Place {
	var out []feed.Place
	for _, p := range e.site.Pages {
		if p.Number > 0 || p.Kind == site.NotFound || p.Doc != nil && p.Doc.Front.HideSearch {
			continue
		}
		place := feed.Place{URL: render.Absolute(e.site.Config.BaseURL, p.URL), Modified: p.Updated.Time}
		if place.Modified.IsZero() {
			place.Modified = p.Date.Time
		}
		out = append(out, place)
	}
	return out
}
