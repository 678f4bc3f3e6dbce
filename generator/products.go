package generator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strconv"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/calendar"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/feed"
	"waymark/generator/internal/images"
	"waymark/generator/internal/output"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
)

// feeds writes an Atom and a JSON feed for the site, and for each tag, series, author and course.
func (b *build) feeds(ctx context.Context, renderer *render.Renderer, folder *output.Folder) error {
	latest := b.latest()
	group, ctx := workers(ctx)
	for _, p := range b.site.Pages {
		if !p.Feed {
			continue
		}
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return b.feed(p, latest, renderer, folder)
		})
	}
	return group.Wait()
}

func (b *build) feed(p *site.Page, latest time.Time, renderer *render.Renderer, folder *output.Folder) error {
	c := b.site.Config
	f := feed.Feed{
		Title: p.Title + " · " + c.Title, Subtitle: p.Description, Language: c.Language, Base: c.BaseURL, Path: render.Absolute("", p.URL),
		Generator: "Waymark", Now: latest,
	}
	if p == b.site.Home {
		f.Title, f.Subtitle = c.Title, c.Description
	}
	pages := b.feedPages(p)
	for _, q := range pages[:min(len(pages), feed.Limit)] {
		html, err := renderer.FeedBody(q)
		if err != nil {
			return fmt.Errorf("write the feed of %s: %w", p.URL, err)
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
	atom, err := f.Atom()
	if err != nil {
		return err
	}
	json, err := f.JSON()
	if err != nil {
		return err
	}
	if err := folder.Put(path.Join(p.URL, "atom.xml")[1:], atom); err != nil {
		return err
	}
	return folder.Put(path.Join(p.URL, "feed.json")[1:], json)
}

// latest is the newest date on any page: what stands for "updated" where a feed has no date of its own. A site without
// a single date says the beginning of 1970, because the chain has no clock.
func (b *build) latest() time.Time {
	latest := time.Unix(0, 0).UTC()
	for _, p := range b.site.Pages {
		for _, t := range []time.Time{p.Date.Time, p.Updated.Time} {
			if t.After(latest) {
				latest = t
			}
		}
	}
	return latest
}

// feedPages returns the pages with a text that belong to a feed, newest first, or in reading order.
func (b *build) feedPages(p *site.Page) []*site.Page {
	var candidates []*site.Page
	switch p.Kind {
	case site.Home:
		return b.site.Dated()
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

// calendars writes a calendar file beside each course: its sessions, and the days to look at something again.
func (b *build) calendars(_ context.Context, _ *render.Renderer, folder *output.Folder) error {
	stamp := b.latest()
	for _, course := range b.site.Courses {
		var events []calendar.Event
		for _, p := range b.feedPages(course) {
			if p.Kind == site.Session && p.Date.Precision >= dates.Day {
				events = append(events, b.event(p, p.Title, "", p.Date))
			}
			for i, on := range p.RevisitOn() {
				events = append(events, b.event(p, "Look again: "+p.Title, "#"+strconv.Itoa(i+1), on))
			}
		}
		data := calendar.Write(course.Title, stamp, events)
		if err := folder.Put(path.Join(course.URL, site.CalendarName)[1:], data); err != nil {
			return err
		}
	}
	return nil
}

// event is a whole day, or, for a session with a time of day, as long as it takes.
func (b *build) event(p *site.Page, title, again string, on dates.Date) calendar.Event {
	e := calendar.Event{ID: p.ID + again + "@" + slug.Make(b.site.Config.Title), Title: title, Description: p.Description, Start: on.Time}
	if b.site.Config.BaseURL != "" {
		e.URL = render.Absolute(b.site.Config.BaseURL, p.URL)
	}
	if on.Precision == dates.Minute && again == "" {
		e.Length = time.Duration(max(p.Doc.Front.Duration, 60)) * time.Minute
	}
	return e
}

// files copies what lies beside the texts.
func (b *build) files(_ context.Context, _ *render.Renderer, folder *output.Folder) error {
	for _, f := range b.site.Files {
		data, err := b.root.ReadFile(path.Join(source.Folder, f.Source))
		if err != nil {
			return fmt.Errorf("copy a file: %w", err)
		}
		if err := folder.Put(f.Path, data); err != nil {
			return err
		}
	}
	return nil
}

// images makes narrower versions of large pictures, unless an earlier build made them of the same bytes.
func (b *build) images(ctx context.Context, _ *render.Renderer, folder *output.Folder) error {
	group, ctx := workers(ctx)
	problems := make([]error, len(b.site.Files))
	for i, f := range b.site.Files {
		if f.Image == nil || len(f.Image.Scaled) == 0 {
			continue
		}
		group.Go(func() error {
			data, err := b.root.ReadFile(path.Join(source.Folder, f.Source))
			if err != nil {
				return fmt.Errorf("read a picture: %w", err)
			}
			sum := sha256.Sum256(data)
			for _, s := range f.Image.Scaled {
				if err := ctx.Err(); err != nil {
					return err
				}
				recipe := images.Recipe + " " + strconv.Itoa(s.Width) + " " + hex.EncodeToString(sum[:])
				err := folder.PutMade(s.Path, recipe, func() ([]byte, error) {
					small, err := images.Scale(f.Source, data, s.Width)
					if err != nil {
						problems[i] = err
						return data, output.ErrStandIn // pages name this file, and shall find at least what there is
					}
					return small, nil
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	for i, problem := range problems {
		if problem != nil {
			b.diagnostics.Add(diag.Diagnostic{
				Pos: diag.Position{File: path.Join(source.Folder, b.site.Files[i].Source)}, Severity: diag.Warning, Code: "image",
				Message: "no narrower versions can be made of this picture", Hint: problem.Error(),
			})
			b.fatal = b.fatal || b.Strict
		}
	}
	return err
}

func (b *build) staticFiles(_ context.Context, _ *render.Renderer, folder *output.Folder) error {
	for _, name := range b.static {
		data, err := b.root.ReadFile(path.Join("static", name))
		if err != nil {
			return fmt.Errorf("copy a static file: %w", err)
		}
		if err := folder.Put(name, data); err != nil {
			return err
		}
	}
	return nil
}

// headers are what hosts that read a _headers file send with every page.
const headers = `/*
  Content-Security-Policy: ` + render.Policy + `; frame-ancestors 'none'
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/assets/*
  Cache-Control: public, max-age=31536000, immutable
`

// rest writes assets, redirects, and the files that machines look for.
func (b *build) rest(_ context.Context, renderer *render.Renderer, folder *output.Folder) error {
	artifacts := append([]render.Artifact{}, b.assets.Artifacts...)
	for _, a := range b.site.Aliases {
		artifacts = append(artifacts, renderer.Redirect(a))
	}
	sitemap := ""
	if b.site.Config.BaseURL != "" {
		data, err := feed.Sitemap(b.places())
		if err != nil {
			return err
		}
		sitemap = b.site.Config.BaseURL + "sitemap.xml"
		artifacts = append(artifacts, render.Artifact{Path: "sitemap.xml", Data: data})
	}
	artifacts = append(artifacts,
		render.Artifact{Path: "robots.txt", Data: feed.Robots(sitemap)},
		render.Artifact{Path: "_headers", Data: []byte(headers)})
	for _, a := range artifacts {
		if err := folder.Put(a.Path, a.Data); err != nil {
			return err
		}
	}
	return nil
}

// places lists what search engines should know of: all pages but numbered lists and those that asked to be left out.
func (b *build) places() []feed.Place {
	var out []feed.Place
	for _, p := range b.site.Pages {
		if p.Number > 0 || p.Kind == site.NotFound || p.Doc != nil && p.Doc.Front.HideSearch {
			continue
		}
		place := feed.Place{URL: render.Absolute(b.site.Config.BaseURL, p.URL), Modified: p.Updated.Time}
		if place.Modified.IsZero() {
			place.Modified = p.Date.Time
		}
		out = append(out, place)
	}
	return out
}
