package serve

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"waymark/generator"
	"waymark/generator/diag"
)

// place is what an address of the server means.
type place struct {
	name   string // the file of the output
	asked  string // where there is none: the file that was asked for
	moved  string // the address to ask for instead, or ""
	status int
}

// locate finds the file that an address means. Only files of the output can be found: an address never becomes a path of
// the file system.
func (s *server) locate(address string) place {
	base := s.base()
	rest, within := strings.CutPrefix(address, base)
	switch {
	case !within && address+"/" == base || address == "/" && base != "/":
		return place{moved: base}
	case !within:
		return place{name: generator.Lost, status: http.StatusNotFound}
	}
	name := rest
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if s.preview.Has(name) || s.preview.LeftOut(name) {
		return place{name: name, status: http.StatusOK}
	}
	if folder := name + "/index.html"; s.preview.Has(folder) || s.preview.LeftOut(folder) {
		return place{moved: address + "/"}
	}
	return place{name: generator.Lost, asked: name, status: http.StatusNotFound}
}

// state is what a browser would be shown.
type state struct {
	version, style string
	broken         bool // whether there is only a report of mistakes to show
}

func (s *server) state(p place) (state, error) {
	a, err := s.preview.Get(p.name)
	if err != nil {
		return state{}, err
	}
	s.tell(a)
	if a == nil || a.Data == nil {
		return state{version: "broken", broken: true}, nil
	}
	return state{version: a.Version, style: s.styleAddress(a)}, nil
}

func (s *server) tell(a *generator.Answer) {
	if a != nil {
		s.tellProblem(a.Problem)
	}
}

// file answers with a file of the site.
func (s *server) file(w http.ResponseWriter, r *http.Request) {
	p := s.locate(r.URL.Path)
	if p.moved != "" {
		to := escaped(p.moved)
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, to, http.StatusFound) //nolint:gosec // only folders of this site are led to
		return
	}
	a, err := s.preview.Get(p.name)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.tell(a)
	if a == nil || a.Data == nil && a.Copy == "" {
		s.report(w, p)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	if !a.Page {
		h.Set("Content-Type", contentType(p.name))
	}
	h.Set("Content-Security-Policy", generator.Policy)
	h.Set("Cache-Control", "no-cache")
	if a.Lasting {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if a.Copy != "" {
		s.copied(w, r, a)
		return
	}
	data := a.Data
	if a.Page {
		data = s.withScript(data, a)
	}
	if p.status != http.StatusOK {
		w.WriteHeader(p.status)
		if r.Method != http.MethodHead {
			_, _ = w.Write(data) // a browser that went away
		}
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// copied answers with a file as it is, or the part of it that is asked for.
func (s *server) copied(w http.ResponseWriter, r *http.Request, a *generator.Answer) {
	f, err := s.preview.Open(a)
	if err != nil {
		plainText(w, http.StatusNotFound, "This file went away.\n")
		return
	}
	defer func() { _ = f.Close() }()            // it was only read
	http.ServeContent(w, r, "", time.Time{}, f) // a time has whole seconds, in which a picture may change twice
}

// withScript puts the preview's script at the end of a page's head.
func (s *server) withScript(page []byte, a *generator.Answer) []byte {
	tag := s.scriptTag(a)
	before, after, found := bytes.Cut(page, []byte("</head>"))
	if !found {
		return append(bytes.Clone(page), tag...)
	}
	return bytes.Join([][]byte{before, after}, []byte(tag+"</head>"))
}

func (s *server) scriptTag(a *generator.Answer) string {
	edits, files := s.hub.counts()
	follow := ""
	if s.options.Follow {
		follow = fmt.Sprintf(` data-follow="%d"`, edits)
	}
	return fmt.Sprintf(`<script type="module" src="%s" data-waymark data-version="%s" data-style="%s" data-files="%d"%s></script>`,
		pageFile("preview.js"), a.Version, html.EscapeString(s.styleAddress(a)), files, follow)
}

// styleAddress is where the style sheet of the site lies on this server.
func (s *server) styleAddress(a *generator.Answer) string {
	return escaped(s.base() + strings.TrimPrefix(a.Style, "/"))
}

// escaped writes a path as addresses have it.
func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// report answers with what keeps a page from being shown.
func (s *server) report(w http.ResponseWriter, p place) {
	look, err := s.preview.Look(p.name)
	if err != nil {
		s.fail(w, err)
		return
	}
	var page bytes.Buffer
	err = reportPage.Execute(&page, map[string]any{
		"Look": s.look(look), "Digest": s.lookDigest(p), "Style": pageFile("preview.css"), "Script": pageFile("preview.js"),
	})
	if err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", generator.Policy)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(page.Bytes()) // a browser that went away
}

// fail answers where the machine failed.
func (s *server) fail(w http.ResponseWriter, err error) {
	s.say("the machine failed: %s", diag.Printable(err.Error()))
	plainText(w, http.StatusInternalServerError, "This cannot be shown: "+diag.Printable(err.Error())+"\n")
}

// look is what the author's bar shows, as JSON.
type look struct {
	File        string       `json:"file,omitempty"`
	Edit        string       `json:"edit,omitempty"`
	Kind        string       `json:"kind,omitempty"`
	Words       int          `json:"words,omitempty"`
	Minutes     int          `json:"minutes,omitempty"`
	Waits       []wait       `json:"waits,omitempty"`
	Stale       bool         `json:"stale,omitempty"`
	Missing     bool         `json:"missing,omitempty"`
	Diagnostics []diagnostic `json:"diagnostics"`
	Wide        []diagnostic `json:"wide"`
	Elsewhere   []diagnostic `json:"elsewhere"`
	Errors      int          `json:"errors"`
	Warnings    int          `json:"warnings"`
}

type wait struct {
	Reason string `json:"reason"` // draft, future or expired
	Detail string `json:"detail"`
}

type diagnostic struct {
	Place    string `json:"place"` // file:line:col
	Edit     string `json:"edit,omitempty"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`
	Source   string `json:"source,omitempty"`
	Mark     string `json:"mark,omitempty"` // what stands below the source line, to point into it
}

func (s *server) look(l generator.Look) look {
	out := look{
		File: l.File, Kind: l.Kind, Words: l.Words, Minutes: l.Minutes, Stale: l.Stale,
		Diagnostics: s.diagnostics(l.Diagnostics), Wide: s.diagnostics(l.Wide), Elsewhere: s.diagnostics(l.Elsewhere),
		Errors: l.Errors, Warnings: l.Warnings,
	}
	for _, w := range l.Waits {
		out.Waits = append(out.Waits, wait{w.Reason, w.Detail})
	}
	if l.File != "" {
		out.Edit = s.preview.Editor(diag.Position{File: l.File})
	}
	return out
}

func (s *server) diagnostics(list diag.List) []diagnostic {
	out := []diagnostic{}
	for _, d := range list {
		source, mark := d.Excerpt()
		out = append(out, diagnostic{
			Place: d.Pos.String(), Edit: s.preview.Editor(d.Pos), Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint, Source: source, Mark: mark,
		})
	}
	return out
}

// lookJSON returns what the author's bar of a page shows.
func (s *server) lookJSON(p place) ([]byte, error) {
	l, err := s.preview.Look(cmp.Or(p.asked, p.name))
	if err != nil {
		return nil, err
	}
	shown := s.look(l)
	shown.Missing = p.name == generator.Lost
	return json.Marshal(shown)
}

func (s *server) lookDigest(p place) string {
	data, err := s.lookJSON(p)
	if err != nil {
		return err.Error()
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// types are the kinds of the files that a site has, so that they do not depend on what this machine knows.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
	".xml": "application/xml", ".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".woff2": "font/woff2", ".pdf": "application/pdf",
	".txt": "text/plain; charset=utf-8", ".ics": "text/calendar; charset=utf-8", ".csv": "text/csv; charset=utf-8", ".opml": "text/x-opml; charset=utf-8",
	".mermaid": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json", ".mp4": "video/mp4", ".webm": "video/webm", ".mp3": "audio/mpeg",
}

func contentType(name string) string {
	switch path.Base(name) {
	case "atom.xml":
		return "application/atom+xml; charset=utf-8"
	case "feed.json":
		return "application/feed+json; charset=utf-8"
	case "_headers":
		return "text/plain; charset=utf-8"
	}
	ext := strings.ToLower(path.Ext(name))
	if known := types[ext]; known != "" {
		return known
	}
	if known := mime.TypeByExtension(ext); known != "" {
		return known
	}
	return "application/octet-stream"
}
