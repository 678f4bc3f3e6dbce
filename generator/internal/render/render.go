// Package render makes the View of each page: a closed value, which is all that its layout may see, and all that the page
// depends on beside the theme. The theme makes the page of it.
package render

import (
	"bytes"
	"cmp"
	"fmt"
	"html"

	"waymark/generator/diag"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

// View makes the View of one page. It is nil where the theme has no layout for the page, which is a diagnostic, and an error; a warning
// comes with the View.
func (r *Renderer) View(p *site.Page) (*view.View, *diag.Diagnostic, error) {
	v := r.viewer(p)
	var body []byte
	if p.Doc != nil && p.Number == 0 {
		raw, err := r.body(p)
		if err != nil {
			return nil, nil, fmt.Errorf("read the text of %s: %w", p.Doc.Name, err)
		}
		body = append([]byte(v.ahead()), v.fill(raw)...)
	}
	layout, problem := r.layout(p)
	if layout == "" {
		return nil, problem, nil
	}
	return v.view(layout, body), problem, nil
}

// layout chooses the layout of a page.
func (r *Renderer) layout(p *site.Page) (string, *diag.Diagnostic) {
	if p.Doc == nil {
		return r.theme.Layout(string(p.Kind), "", diag.Position{})
	}
	return r.theme.Layout(string(p.Kind), p.Doc.Front.Layout, p.Doc.Front.Pos(p.Doc.Name, "layout"))
}

// Redirect returns the page at an address that a page had before, a path relative to the output folder: it sends browsers on at once, and says where to those that do not follow.
func (r *Renderer) Redirect(path string, p *site.Page) []byte {
	from := newAddresses("/"+path, r.site.Config.BaseURL, r.site.Portable)
	to := html.EscapeString(from.to(p.URL, ""))
	canonical := html.EscapeString(cmp.Or(from.absolute(p.URL), from.to(p.URL, "")))
	var b bytes.Buffer
	fmt.Fprintf(&b, `<!doctype html><html lang="%s" dir="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title>`+
		`<meta name="robots" content="noindex"><link rel="canonical" href="%s"><meta http-equiv="refresh" content="0; url=%s"></head>`+
		`<body><main><h1>%s</h1><p><a href="%s">%s</a></p></main></body></html>`,
		html.EscapeString(r.site.Config.Language), r.site.Config.Direction, html.EscapeString(p.Title), canonical, to, html.EscapeString(r.site.Config.Words.Site().Say("page.moved")), to, html.EscapeString(p.Title))
	return b.Bytes()
}
