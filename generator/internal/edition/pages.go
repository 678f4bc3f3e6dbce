package edition

import (
	"waymark/generator/diag"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/output"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// remembered is what was made before, by this program, with this theme.
type remembered struct {
	memo    *memo.Memo // nil where nothing is
	program []byte
	look    []byte // program and theme
	ledger  Ledger // nil where nothing is known of the build before
}

// Ledger knows what the build before wrote.
type Ledger interface {
	// Unchanged reports whether an output is certainly the same as the build before wrote it, and still stands.
	Unchanged(o site.Output) bool

	// Stands reports whether the page of this key was written by the build before, and still stands. It is told of every page.
	Stands(path string, key memo.Key) bool

	// Note is told of every other output that the memo has, under which key.
	Note(path string, key memo.Key)
}

// Remember lets the Edition take pages and pictures from a memo that were made before, and put into it what it makes; and leave alone
// what the ledger says is there already. program tells the program from any other one.
func (e *Edition) Remember(m *memo.Memo, program []byte, ledger Ledger) {
	theme := memo.KeyOf("theme", program, e.Theme.Fingerprint())
	e.kept = remembered{m, program, theme[:], ledger}
}

func (e *Edition) unchanged(o site.Output) bool {
	return e.kept.ledger != nil && e.kept.ledger.Unchanged(o)
}

// putPage gives a page to the output folder, unless it is there.
func (p Product) putPage(folder *output.Folder) (problem *diag.Diagnostic, err error) {
	m, err := p.page(func(key memo.Key) bool {
		return p.edition.kept.ledger != nil && p.edition.kept.ledger.Stands(p.Path, key) && folder.Keep(p.Path)
	})
	if err != nil || m.Data == nil {
		return m.Problem, err
	}
	return m.Problem, folder.Put(p.Path, m.Data)
}

// page makes a page, or takes it from the memo. Where it stands already, by its key, it is not made.
func (p Product) page(stands func(memo.Key) bool) (m Made, err error) {
	defer p.catch(&m, &err)
	e := p.edition
	v, problem, err := e.renderer.View(p.Page)
	if v == nil || err != nil {
		return Made{Problem: problem}, err
	}
	key, kept := e.kept.key(v)
	if kept && stands(key) {
		return Made{Problem: problem}, nil
	}
	if kept {
		if data, found := e.kept.memo.Get(key); found {
			return Made{Data: data, Problem: problem}, nil
		}
	}
	data, wrong := e.Theme.Page(v)
	if wrong != nil {
		return Made{Problem: wrong}, nil
	}
	if kept {
		e.kept.keep(key, data)
	}
	return Made{Data: data, Problem: problem}, nil
}

// keep puts something into the memo. What cannot be kept is made again.
func (r remembered) keep(key memo.Key, data []byte) {
	if r.memo.Kept() {
		r.memo.Keep(key, data)
		return
	}
	_ = r.memo.Put(key, data) // for the rest of this run
}

// key names the page that a View makes: it follows from the View, the theme and the program, and from nothing else.
func (r remembered) key(v *view.View) (key memo.Key, kept bool) {
	if r.memo == nil {
		return key, false
	}
	data, err := memo.Encode(v)
	if err != nil {
		return key, false // a value of the author's own that cannot be written
	}
	return memo.KeyOf("page", r.look, data), true
}
