package preview

import (
	"cmp"
	"slices"
	"strings"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Look is what an author wants to know of one page of a Preview.
type Look struct {
	Title   string
	Kind    string // of page; empty where there is none
	File    string // its source, relative to the site's folder; empty for a page that is generated
	Words   int
	Minutes int              // of reading
	Waits   []generator.Held // why a plain build would hold it back
	Stale   bool             // whether it is shown as it was before its errors

	Diagnostics diag.List // of this page, errors first, with source lines
	Wide        diag.List // the errors that keep the whole site as it was, with source lines
	Elsewhere   diag.List // the first errors on other pages
	Errors      int       // of the whole site
	Warnings    int
}

// maxElsewhere is how many errors on other pages are told of.
const maxElsewhere = 10

// Look says what there is to know of the page at a path relative to the output folder.
func (p *Preview) Look(name string) (Look, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	answer, err := p.answer(name) // of the same site as all that is said below
	if err != nil {
		return Look{}, err
	}
	var l Look
	l.Errors, l.Warnings = p.shown.diagnostics.Count()
	page := p.page(name)
	if page != nil {
		l.Title, l.Kind, l.File, l.Minutes = page.Title, string(page.Kind), page.Name(), page.Minutes
		for _, w := range page.Waits {
			l.Waits = append(l.Waits, generator.Held{File: page.Name(), Title: page.Title, Reason: w.Reason, Detail: w.Detail})
		}
		if page.Doc != nil {
			l.Words = page.Doc.Words
		}
	}
	if page == nil || page.Doc == nil { // a list may stand where a text with errors should
		if i := slices.IndexFunc(p.shown.out, func(o leftOut) bool { return outputPath(o.address) == name }); i >= 0 {
			l.File = p.shown.out[i].name
		}
	}
	if l.File == "" && page == nil {
		p.lookAtHeld(name, &l)
	}
	why, stale := p.shown.stale[l.File]
	l.Stale = stale && l.File != "" || p.shown.kept[name] != nil
	l.Diagnostics = slices.Clone(why)
	if answer != nil && answer.Problem != nil {
		l.Diagnostics.Add(*answer.Problem)
		errs, warnings := diag.List{*answer.Problem}.Count()
		l.Errors, l.Warnings, l.Stale = l.Errors+errs, l.Warnings+warnings, l.Stale || errs > 0
	}
	for _, d := range p.shown.diagnostics {
		switch {
		case d.Pos.File == l.File && l.File != "":
			l.Diagnostics.Add(d)
		case d.Severity != diag.Error:
		case !strings.HasPrefix(d.Pos.File, source.Folder+"/"):
			l.Wide.Add(d)
		case len(l.Elsewhere) < maxElsewhere:
			l.Elsewhere.Add(d)
		}
	}
	l.Diagnostics.Sort()
	slices.SortStableFunc(l.Diagnostics, func(x, y diag.Diagnostic) int { return cmp.Compare(y.Severity, x.Severity) })
	source.Excerpts(p.desk.root, l.Diagnostics)
	source.Excerpts(p.desk.root, l.Wide)
	return l, nil
}

// lookAtHeld finds a text that is held back, and would be shown at a path.
func (p *Preview) lookAtHeld(name string, l *Look) {
	if p.shown.empty() {
		return
	}
	for _, h := range p.shown.site().Held {
		if outputPath(likelyAddress(strings.TrimPrefix(h.Name, source.Folder+"/"))) == name {
			l.File, l.Title = h.Name, h.Title
			l.Waits = append(l.Waits, generator.Held{File: h.Name, Title: h.Title, Reason: h.Reason, Detail: h.Detail})
			return
		}
	}
}

// page returns the page that is written to a file, or nil. The caller holds the lock.
func (p *Preview) page(name string) *site.Page {
	if item := p.shown.products[name]; item.Kind == site.PageFile {
		return item.Page
	}
	return nil
}

// LeftOut reports whether a text with errors belongs at a path relative to the output folder, where it is not shown.
func (p *Preview) LeftOut(name string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return slices.ContainsFunc(p.shown.out, func(o leftOut) bool { return outputPath(o.address) == name })
}

// Empty reports whether there is no site at all yet, because of errors.
func (p *Preview) Empty() bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.shown.empty()
}

// Excerpts returns a copy of a sorted list, with the source lines that it points into.
func (p *Preview) Excerpts(list diag.List) diag.List {
	list = slices.Clone(list)
	source.Excerpts(p.desk.root, list)
	return list
}

// Editor returns the address that opens a file of the site in the author's editor, or "" where waymark.yaml names none.
func (p *Preview) Editor(pos diag.Position) string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown.empty() {
		return ""
	}
	return p.shown.site().Config.EditorAddress(p.config.Dir, pos)
}

// Policy returns the Content-Security-Policy to send with every page.
func (p *Preview) Policy() string {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if p.shown.empty() {
		return edition.Policy(nil)
	}
	return edition.Policy(p.shown.site().Config.ImageHosts)
}
