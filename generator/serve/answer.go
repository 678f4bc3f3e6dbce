package serve

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/preview"
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
		return place{name: preview.Lost, status: http.StatusNotFound}
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
	return place{name: preview.Lost, asked: name, status: http.StatusNotFound}
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

func (s *server) tell(a *preview.Answer) {
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
	h.Set("Content-Type", a.Type)
	h.Set("Content-Security-Policy", s.preview.Policy())
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
func (s *server) copied(w http.ResponseWriter, r *http.Request, a *preview.Answer) {
	f, err := s.preview.Open(a)
	if err != nil {
		plainText(w, http.StatusNotFound, "This file went away.\n")
		return
	}
	defer func() { _ = f.Close() }()            // it was only read
	http.ServeContent(w, r, "", time.Time{}, f) // a time has whole seconds, in which a picture may change twice
}

// withScript puts the preview's script at the end of a page's head.
func (s *server) withScript(page []byte, a *preview.Answer) []byte {
	tag := s.scriptTag(a)
	before, after, found := bytes.Cut(page, []byte("</head>"))
	if !found {
		return append(bytes.Clone(page), tag...)
	}
	return bytes.Join([][]byte{before, after}, []byte(tag+"</head>"))
}

func (s *server) scriptTag(a *preview.Answer) string {
	edits, files := s.hub.counts()
	follow := ""
	if s.options.Follow {
		follow = fmt.Sprintf(` data-follow="%d"`, edits)
	}
	return fmt.Sprintf(`<script type="module" src="%s" data-waymark data-version="%s" data-style="%s" data-files="%d"%s></script>`,
		pageFile("preview.js"), a.Version, html.EscapeString(s.styleAddress(a)), files, follow)
}

// styleAddress is where the style sheet of the site lies on this server.
func (s *server) styleAddress(a *preview.Answer) string {
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
	w.Header().Set("Content-Security-Policy", s.preview.Policy())
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

func (s *server) look(l preview.Look) look {
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
	shown.Missing = p.name == preview.Lost
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
