// Package config reads waymark.yaml, what a site says about itself, into plain values, with the defaults filled in. What the
// words mean to the parser of texts, and which day it is for the site, follow from it.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // so that a site's time zone is the same on every machine
	"unicode"

	"golang.org/x/text/language"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
	"waymark/generator/internal/words"
)

// File is the name of the site's own description of itself, in the site's folder.
const File = "waymark.yaml"

// keyNames are the keys of waymark.yaml, in the order of the reference.
func keyNames() (names []string) {
	for _, k := range Keys() {
		names = append(names, k.Name)
	}
	return names
}

// Config is what a site says about itself in waymark.yaml, with the defaults filled in.
type Config struct {
	Title, Description string
	ID                 string // a lasting name, by which browsers keep what readers did on the site
	BaseURL            string // with a trailing slash; empty where the site has no address yet
	Language           string // BCP 47
	Direction          string // ltr or rtl
	Zone               *time.Location
	Order              dates.Order
	Theme              string
	Authors            []Author
	Phases             []Phase
	Menu               []MenuItem
	EditURL            string // the address of the content folder's parent in the repository's editor
	RepositoryURL      string
	PageSize           int
	RawHTML            bool
	Look               Look // what it changes of its theme
	Cards              Cards
	Changes            bool // whether pages tell from Git what changed in maps
	ChangesPos         diag.Position
	Roadmap            string // how the roadmap is cut: phases or horizons
	Tags               string // how a text is read that stands for a list of tags: commas, spaces, or as most of them are meant
	Feeds              Feeds
	ImageHosts         []string // other hosts whose pictures pages may show
	License            string
	Editor             string // the address that opens a file in the author's editor; empty where there is none
	Publish            []Target
	Check              Check
	Words              *words.Set
}

// Feeds says what feeds hold of each text: those of the site, and those of its tags, series, courses and authors.
type Feeds struct{ Site, Lists Carried }

// Carried is what a feed holds of a text.
type Carried string

// The texts themselves, what they say of themselves, or nothing: then there is no feed.
const (
	Whole   Carried = "whole"
	Summary Carried = "summary"
	None    Carried = "none"
)

// Author is somebody who writes.
type Author struct{ ID, Name, About, URL string }

// Phase is a stretch of the journey. Parent is the ID of the phase that a narrower one (private beta) belongs to.
type Phase struct {
	ID, Name, Parent, Aim string
	Questions             []string
	Shape                 string // circle, triangle, diamond, square, hexagon
}

// MenuItem is an entry of the site's navigation. Target is as the author wrote it.
type MenuItem struct {
	Title, Target string
	Pos           diag.Position
}

// Wanted is what the caller wants in place of what waymark.yaml says; empty where nothing is.
type Wanted struct{ BaseURL, Theme string }

// Read reads waymark.yaml in a site's folder, or gives the defaults where there is none, and lays over it what is wanted. A
// wanted address that is none is a *diag.UsageError.
func Read(root *source.Root, wanted Wanted) (Config, diag.List, error) {
	c, list, err := read(root)
	if err != nil {
		return c, nil, err
	}
	if wanted.BaseURL != "" {
		r := reader{Config: &c}
		if c.BaseURL = r.baseURL(diag.Position{}, wanted.BaseURL); r.List.HasErrors() {
			return c, nil, diag.Usagef("--base-url: %s (%s)", r.List[0].Message, r.List[0].Hint)
		}
	}
	c.Theme = cmp.Or(wanted.Theme, c.Theme)
	said, more, err := words.Read(root, c.Theme, c.Language, c.Direction)
	c.Words = said
	c.Title = cmp.Or(c.Title, said.Site().Say("page.untitled"))
	c.ID = cmp.Or(c.ID, siteID(c.Title, c.BaseURL))
	if len(c.Phases) == 0 {
		c.Phases = defaultPhases(said.Site())
	}
	return c, append(list, more...), err
}

func read(root *source.Root) (Config, diag.List, error) {
	c := Config{Language: "en", Zone: time.UTC, Theme: "trail", PageSize: 10, RawHTML: true, Feeds: Feeds{Site: Whole, Lists: Summary}}
	data, err := source.ReadFile(root, File)
	if errors.Is(err, fs.ErrNotExist) {
		c.Direction = "ltr"
		return c, nil, nil
	}
	if err != nil {
		return c, nil, fmt.Errorf("read %s: %w", File, err)
	}
	pairs, list := fields.Parse(data, File, 1)
	r := reader{Config: &c, branch: "main"}
	for _, p := range pairs {
		r.read(p)
	}
	r.finish()
	return c, append(list, r.List...), nil
}

// Today returns the day that decides what is still in the future: that of now, a date as authors write them, or, where it is
// empty, that of the caller's clock in the site's time zone.
func (c Config) Today(now string, clock time.Time) (dates.Date, error) {
	if now == "" {
		day := clock.In(c.Zone)
		return dates.Date{Time: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, c.Zone), Precision: dates.Day}, nil
	}
	date, err := dates.Parse(now, c.Order, c.Zone)
	if err != nil {
		return date, diag.Usagef("--now: %v", err)
	}
	return date, nil
}

// Texts returns what the site decides about the meaning of texts.
func (c Config) Texts() markdown.Options {
	return markdown.Options{Order: c.Order, Zone: c.Zone, RawHTML: c.RawHTML, Maps: c.Maps(), Direction: c.Direction, Words: c.Words}
}

// Maps returns what maps have to know of the journey.
func (c Config) Maps() outline.Options {
	var o outline.Options
	for _, p := range c.Phases {
		o.Phases = append(o.Phases, p.Name)
		if slug.Make(p.Name) != p.ID {
			o.Phases = append(o.Phases, p.ID, strings.ReplaceAll(p.ID, "-", " ")) // which are the same words in every language
		}
		if o.Reach == "" && (p.ID == "beta" || p.ID == "private-beta") {
			o.Reach = p.Name
		}
	}
	return o
}

type reader struct {
	fields.Decoder
	*Config
	branch  string
	phaseAt []diag.Position
}

func (r *reader) read(p fields.Pair) {
	v := p.Value
	switch p.Key {
	case "title":
		r.Title = cmp.Or(r.Text(v, p.Key), r.Title)
	case "description":
		r.Description = r.Text(v, p.Key)
	case "id":
		r.id(v)
	case "base_url":
		r.BaseURL = r.baseURL(v.Pos, r.Text(v, p.Key))
	case "language":
		r.language(v)
	case "direction":
		r.Direction = r.oneOf(v, p.Key, "ltr", "rtl")
	case "time_zone":
		r.zone(v)
	case "date_order":
		r.Config.Order = dates.Order(r.oneOf(v, p.Key, "dmy", "mdy", "ymd"))
	case "theme":
		r.Theme = cmp.Or(r.Text(v, p.Key), r.Theme)
	case "authors":
		r.authors(v)
	case "journey":
		r.journey(v)
	case "menu":
		r.menu(v)
	case "repository":
		r.RepositoryURL = strings.TrimSuffix(r.address(v, p.Key), "/")
	case "branch":
		r.branch = r.Text(v, p.Key)
	case "edit_url":
		r.EditURL = r.address(v, p.Key)
	case "page_size":
		r.PageSize = cmp.Or(r.Int(v, p.Key, 1, 1000), r.PageSize)
	case "raw_html":
		r.RawHTML = v.Kind == fields.Null || r.Bool(v, p.Key)
	case "images":
		r.images(v)
	case "feeds":
		r.feeds(v)
	case "accent":
		r.accent(v)
	case "font":
		if v.Text == SystemFont {
			r.Look.Font = SystemFont
		} else {
			r.Look.Font, r.Look.FontPos = r.file(v, p.Key, fontEndings)
		}
	case "logo":
		r.Look.Logo, r.Look.LogoPos = r.file(v, p.Key, logoEndings)
	case "cards":
		r.cards(v)
	case "changes":
		r.Changes, r.ChangesPos = v.Kind != fields.Null && r.Bool(v, p.Key), v.Pos
	case "roadmap":
		r.Roadmap = r.oneOf(v, p.Key, "phases", "horizons")
	case "tags":
		r.Tags = r.oneOf(v, p.Key, "commas", "spaces")
	case "license":
		r.License = r.Text(v, p.Key)
	case "editor":
		r.Editor = r.editor(v)
	case "publish":
		r.publish(v)
	case "check":
		r.check(v)
	default:
		r.Errorf(p.Pos, "unknown-key", diag.DidYouMean(p.Key, keyNames(), "the keys are "+strings.Join(keyNames(), ", ")), "%q is not a key of waymark.yaml", p.Key)
	}
}

// id reads the site's lasting name.
func (r *reader) id(v fields.Value) {
	if r.ID = r.Text(v, "id"); r.ID != slug.Make(strings.ReplaceAll(r.ID, "/", "-")) && strings.ContainsFunc(r.ID, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("-_/.", c)
	}) {
		r.Errorf(v.Pos, "id", "write for example: id: "+cmp.Or(slug.Make(r.ID), "my-notes"), "%q is not a name of letters, digits and hyphens", r.ID)
	}
}

// siteID is the lasting name of a site that gives itself none: its title, and where below its host it stands, because many sites may
// share one.
func siteID(title, base string) string {
	path := ""
	if u, err := url.Parse(base); err == nil {
		path = strings.Trim(u.Path, "/")
	}
	return strings.Trim(slug.Make(title)+"/"+path, "/")
}

// finish fills in what follows from other keys.
func (r *reader) finish() {
	if r.Direction == "" {
		r.Direction = words.LanguageDirection(r.Language)
	}
	r.checkPhases()
	if r.EditURL == "" && r.RepositoryURL != "" {
		middle := "/edit/"
		if strings.Contains(r.RepositoryURL, "gitlab") {
			middle = "/-/edit/"
		}
		r.EditURL = r.RepositoryURL + middle + r.branch + "/"
	}
	if r.EditURL != "" && !strings.HasSuffix(r.EditURL, "/") {
		r.EditURL += "/"
	}
}

// checkPhases finds phases with one name, and parents that are none.
func (r *reader) checkPhases() {
	top := map[string]bool{}
	seen := map[string]bool{}
	for _, p := range r.Phases {
		top[p.ID] = p.Parent == ""
	}
	for i, p := range r.Phases {
		at := diag.Position{File: File}
		if i < len(r.phaseAt) {
			at = r.phaseAt[i]
		}
		if seen[p.ID] {
			r.Errorf(at, "phase", "give each phase a name of its own", "the journey has two phases %q", p.Name)
		}
		seen[p.ID] = true
		if p.Parent != "" && !top[p.Parent] {
			r.Errorf(at, "phase", "part_of names another phase that is not itself a part", "the phase %q cannot be a part of %q", p.Name, p.Parent)
		}
	}
}

var hostForm = regexp.MustCompile(`^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$`)

// images reads which hosts' pictures pages may show.
func (r *reader) images(v fields.Value) {
	if v.Kind != fields.Mapping {
		r.Errorf(v.Pos, "wrong-type", "write for example: images: {hosts: [images.example.org]}", "\"images\" must be a mapping")
		return
	}
	r.Fields(v.Pairs, "images", map[string]func(fields.Value){"hosts": func(v fields.Value) {
		for _, host := range r.Decoder.Texts(v, "hosts") {
			if host = strings.ToLower(host); !hostForm.MatchString(host) {
				r.Errorf(v.Pos, "address", "write for example: images.example.org", "%q is not the name of a host", host)
				continue
			}
			r.ImageHosts = append(r.ImageHosts, host)
		}
	}})
}

// feeds reads what feeds hold of each text.
func (r *reader) feeds(v fields.Value) {
	if v.Kind != fields.Mapping {
		r.Errorf(v.Pos, "wrong-type", "write for example: feeds: {lists: whole}", "\"feeds\" must be a mapping")
		return
	}
	carried := func(into *Carried, key string, allowed ...string) func(fields.Value) {
		return func(v fields.Value) { *into = cmp.Or(Carried(r.oneOf(v, key, allowed...)), *into) }
	}
	r.Fields(v.Pairs, "feeds", map[string]func(fields.Value){
		"site":  carried(&r.Feeds.Site, "site", string(Whole), string(Summary)),
		"lists": carried(&r.Feeds.Lists, "lists", string(Whole), string(Summary), string(None)),
	})
}

// ShowsPicturesOf reports whether pages may show pictures of a host.
func (c Config) ShowsPicturesOf(host string) bool {
	return slices.ContainsFunc(c.ImageHosts, func(allowed string) bool {
		rest, below := strings.CutPrefix(allowed, "*")
		return allowed == host || below && strings.HasSuffix(host, rest)
	})
}

// address reads the address of another site.
func (r *reader) address(v fields.Value, key string) string {
	s := r.Text(v, key)
	if u, err := url.Parse(s); s != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		r.Errorf(v.Pos, "address", "write for example: https://example.org/", "%q must be an address, and this is %q", key, s)
		return ""
	}
	return s
}

func (r *reader) oneOf(v fields.Value, key string, allowed ...string) string {
	s := strings.ToLower(r.Text(v, key))
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	if v.Kind != fields.Null {
		r.Errorf(v.Pos, "wrong-value", "write one of "+strings.Join(allowed, ", "), "%q cannot be %q", key, v.Text)
	}
	return ""
}

// baseURL checks a site's address and ends it with a slash.
func (r *reader) baseURL(pos diag.Position, s string) string {
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || strings.Contains(u.Path, "//") {
		r.Errorf(pos, "base-url", "write for example: https://example.org/notes/", "%q is not the address of a site", s)
		return ""
	}
	return strings.TrimSuffix(u.String(), "/") + "/"
}

func (r *reader) language(v fields.Value) {
	s := strings.ReplaceAll(r.Text(v, "language"), "_", "-") // as browsers want it
	if _, err := language.Parse(s); err != nil {
		r.Errorf(v.Pos, "language", "write for example: en, de or pt-BR", "%q is not a language", s)
		return
	}
	r.Language = s
}

func (r *reader) zone(v fields.Value) {
	s := r.Text(v, "time_zone")
	zone, err := time.LoadLocation(s)
	if err != nil || s == "" || s == "Local" {
		r.Errorf(v.Pos, "time-zone", "write a name from the time zone database: Europe/London", "%q is not a time zone", s)
		return
	}
	r.Config.Zone = zone
}

func (r *reader) authors(v fields.Value) {
	if v.Kind != fields.Mapping {
		r.Errorf(v.Pos, "wrong-type", "write an id for each, and below it name: and about:", "\"authors\" must be a mapping")
		return
	}
	for _, p := range v.Pairs {
		a := Author{ID: p.Key, Name: p.Key}
		r.Fields(p.Value.Pairs, "an author", map[string]func(fields.Value){
			"name": r.Into(&a.Name, "name"), "about": r.Into(&a.About, "about"),
			"url": func(v fields.Value) { a.URL = r.address(v, "url") },
		})
		r.Authors = append(r.Authors, a)
	}
}

func (r *reader) menu(v fields.Value) {
	for _, item := range r.Items(v, "menu", false) {
		m := MenuItem{Pos: item.Pos, Target: item.Text}
		r.Fields(item.Pairs, "a menu entry", map[string]func(fields.Value){"title": r.Into(&m.Title, "title"), "url": r.Into(&m.Target, "url")})
		if m.Target == "" || markdown.LinkScheme(m.Target) == markdown.Forbidden || strings.HasPrefix(m.Target, "tel:") {
			r.Errorf(item.Pos, "menu", "write a path, such as guide/index.md, or title: and url:", "this menu entry leads nowhere")
			continue
		}
		r.Menu = append(r.Menu, m)
	}
}

func (r *reader) journey(v fields.Value) {
	shapes := []string{"circle", "triangle", "diamond", "square", "hexagon"}
	for i, item := range r.Items(v, "journey", false) {
		phase := Phase{Name: item.Text, Shape: shapes[i%len(shapes)]}
		r.Fields(item.Pairs, "a phase", map[string]func(fields.Value){
			"name": r.Into(&phase.Name, "name"), "aim": r.Into(&phase.Aim, "aim"),
			"part_of":   func(v fields.Value) { phase.Parent = slug.Make(r.Text(v, "part_of")) },
			"questions": func(v fields.Value) { phase.Questions = r.Sentences(v, "questions") },
			"shape":     func(v fields.Value) { phase.Shape = r.oneOf(v, "shape", shapes...) },
		})
		phase.ID = slug.Make(phase.Name)
		if phase.ID == "" {
			r.Errorf(item.Pos, "phase", "write for example: - name: Discovery", "this phase has no name")
			continue
		}
		r.Phases = append(r.Phases, phase)
		r.phaseAt = append(r.phaseAt, item.Pos)
	}
}

// defaultPhases is the journey that public services in the United Kingdom take, in our own words.
func defaultPhases(say *words.Words) []Phase {
	phases := []Phase{
		{ID: "discovery", Shape: "circle"},
		{ID: "alpha", Shape: "triangle"},
		{ID: "beta", Shape: "diamond"},
		{ID: "private-beta", Parent: "beta", Shape: "diamond"},
		{ID: "public-beta", Parent: "beta", Shape: "diamond"},
		{ID: "live", Shape: "square"},
		{ID: "retirement", Shape: "hexagon"},
	}
	for i := range phases {
		p := &phases[i]
		key := "phase." + p.ID
		p.Name = say.Say(key)
		if say.Has(key + ".aim") {
			p.Aim = say.Say(key + ".aim")
		}
		for n := 1; say.Has(key + "." + strconv.Itoa(n)); n++ {
			p.Questions = append(p.Questions, say.Say(key+"."+strconv.Itoa(n)))
		}
	}
	return phases
}
