package edition

import (
	"waymark/generator/internal/memo"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// pages are those that were rendered before, by this program, with this theme.
type pages struct {
	memo *memo.Memo // nil where none are kept
	look []byte     // program and theme
}

// Remember lets the Edition take pages from a memo that were rendered before, and put into it what it renders. program tells the program
// from any other one.
func (e *Edition) Remember(m *memo.Memo, program []byte) {
	if m.Kept() {
		theme := memo.KeyOf("theme", program, e.Theme.Fingerprint())
		e.pages = pages{m, theme[:]}
	}
}

// page makes a page, or takes it from the memo.
func (e *Edition) page(p *site.Page) (m Made, err error) {
	v, problem, err := e.renderer.View(p)
	if v == nil || err != nil {
		return Made{Problem: problem}, err
	}
	key, kept := e.pages.key(v)
	if kept {
		if data, found := e.pages.memo.Get(key); found {
			return Made{Data: data, Problem: problem}, nil
		}
	}
	data, wrong := e.Theme.Page(v)
	if wrong != nil {
		return Made{Problem: wrong}, nil
	}
	if kept {
		e.pages.memo.Keep(key, data)
	}
	return Made{Data: data, Problem: problem}, nil
}

// key names the page that a View makes: it follows from the View, the theme and the program, and from nothing else.
func (p pages) key(v *view.View) (key memo.Key, kept bool) {
	if p.memo == nil {
		return key, false
	}
	data, err := memo.Encode(v)
	if err != nil {
		return key, false // a value of the author's own that cannot be written
	}
	return memo.KeyOf("page", p.look, data), true
}
