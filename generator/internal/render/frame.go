package render

import (
	"path"
	"strconv"
	"strings"
	"sync"

	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// frames are the parts of Views that say what every page knows of the site. Pages for which the same addresses lead to the same
// places share one, so that it is made once, and the theme can tell by the pointer that what it made of it will do.
type frames struct {
	folders map[string]bool // above what frames name
	made    sync.Map        // *view.Site by the key of a page
}

// learn finds out in which folders lies what frames name.
func (f *frames) learn(r *Renderer) {
	f.folders = map[string]bool{}
	v := r.viewer(r.site.Home)
	v.named = f.folders
	v.siteView()
}

// frame returns the part of the page's View that it shares with others.
func (v *viewer) frame() *view.Site {
	key := v.frameKey()
	if made, ok := v.frames.made.Load(key); ok {
		return made.(*view.Site) //nolint:forcetypeassert // nothing else is in it
	}
	made, _ := v.frames.made.LoadOrStore(key, v.siteView())
	return made.(*view.Site) //nolint:forcetypeassert // as above
}

// frameKey is the same for two pages exactly if their frames are. An address in a frame depends on the folders that the page has in
// common with the place to which it leads, and on how many it has beside them.
func (v *viewer) frameKey() string {
	common, folder := 0, ""
	for common < len(v.from) && v.frames.folders[folder+v.from[common]+"/"] {
		folder += v.from[common] + "/"
		common++
	}
	var b strings.Builder
	b.WriteString(folder)
	b.WriteString(strconv.Itoa(len(v.from) - common))
	b.WriteString(v.root)
	for _, item := range v.site.Menu {
		b.WriteByte(flag(item.Page != nil && v.under(item.Page)))
	}
	for _, kind := range footed {
		b.WriteByte(flag(v.site.Only(kind) == v.page))
	}
	return b.String()
}

func flag(set bool) byte {
	if set {
		return '+'
	}
	return '-'
}

// footed are the kinds of pages to which the foot of each page leads.
var footed = []site.Kind{site.ReviewPage, site.RecordPage, site.MapsPage, site.RoadmapPage, site.Archive, site.Tags, site.Authors}

func (v *viewer) siteView() *view.Site {
	c := v.site.Config
	s := &view.Site{
		Title: c.Title, Description: c.Description, ID: c.ID, Language: c.Language, Direction: c.Direction, URL: v.to("/", ""),
		Style: v.asset(v.theme.Style), Script: v.asset(v.theme.Script), Early: v.asset(v.theme.Early), Icon: v.asset(v.theme.Icon),
		License: c.License, Repository: c.RepositoryURL,
	}
	if c.Look.Logo != "" {
		s.Logo = v.to("/"+c.Look.Logo, "")
	}
	// A browser that reads files from a disk refuses what these ask for.
	if !v.site.Portable {
		s.Policy = Policy(c.ImageHosts)
		for _, p := range v.theme.Preload {
			if c.Look.Font != "" && path.Ext(p) == ".woff2" {
				continue // nothing is set in the theme's
			}
			s.Preload = append(s.Preload, v.to("/"+p, ""))
		}
	}
	if path.Ext(c.Look.Font) == ".woff2" && !v.site.Portable {
		s.Preload = append(s.Preload, v.to("/"+c.Look.Font, ""))
	}
	for _, item := range v.site.Menu {
		link := view.Link{Title: item.Title, URL: item.URL}
		if item.Page != nil {
			link.URL, link.Current = v.to(item.Page.URL, ""), v.under(item.Page)
		}
		s.Menu = append(s.Menu, link)
	}
	for _, kind := range footed {
		if p := v.site.Only(kind); p != nil {
			s.Footer = append(s.Footer, v.link(p))
		}
	}
	if p := v.site.Only(site.ReviewPage); p != nil {
		s.Review = v.to(p.URL, "")
	}
	s.Search = v.searching()
	if p := v.site.Only(site.RecordPage); p != nil {
		s.Record = v.to(p.URL, "")
	}
	s.Footer = append(s.Footer, view.Link{Title: v.say().Say("frame.feed"), URL: v.to("/atom.xml", "")})
	return s
}
