package render

import (
	"bytes"
	"cmp"
	"fmt"
	"html"

	"github.com/tdewolff/minify/v2"
	minifyhtml "github.com/tdewolff/minify/v2/html"

	"waymark/generator/diag"
	"waymark/generator/internal/site"
)

// Page renders one page. A template that cannot be executed is a diagnostic at its own place, and an error; a warning
// comes with the page.
func (r *Renderer) Page(p *site.Page) (Artifact, *diag.Diagnostic, error) {
	v := r.viewer(p)
	var body []byte
	if p.Doc != nil && p.Number == 0 {
		raw, err := r.body(p)
		if err != nil {
			return Artifact{}, nil, fmt.Errorf("read the text of %s: %w", p.Doc.Name, err)
		}
		body = v.fill(raw)
	}
	layout, problem := r.theme.layoutFor(p)
	if layout == nil {
		return Artifact{}, problem, nil
	}
	var out bytes.Buffer
	if err := layout.ExecuteTemplate(&out, "document", v.view(body)); err != nil {
		d := templateError(err, r.theme.file)
		return Artifact{}, &d, nil
	}
	small, err := Minify(out.Bytes())
	if err != nil {
		return Artifact{}, nil, fmt.Errorf("minify %s: %w", p.URL, err)
	}
	return Artifact{Path: p.OutputPath(), Data: small}, problem, nil
}

// Minify takes white space and comments out of a page, and nothing that a checker or a reader would miss.
func Minify(page []byte) ([]byte, error) {
	var out bytes.Buffer
	out.Grow(len(page))
	m := minify.New()
	err := (&minifyhtml.Minifier{KeepDocumentTags: true, KeepEndTags: true, KeepQuotes: true, KeepDefaultAttrVals: true}).Minify(m, &out, bytes.NewReader(page), nil)
	return out.Bytes(), err
}

// Redirect is the page at an alias: it sends browsers on at once, and says where to those that do not follow.
func (r *Renderer) Redirect(a site.Alias) Artifact {
	from := newAddresses("/"+a.Path, r.site.Config.BaseURL, r.options.Portable)
	to := html.EscapeString(from.to(a.Page.URL, ""))
	canonical := html.EscapeString(cmp.Or(from.absolute(a.Page.URL), from.to(a.Page.URL, "")))
	var b bytes.Buffer
	fmt.Fprintf(&b, `<!doctype html><html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title>`+
		`<meta name="robots" content="noindex"><link rel="canonical" href="%s"><meta http-equiv="refresh" content="0; url=%s"></head>`+
		`<body><main><h1>This page has moved</h1><p><a href="%s">%s</a></p></main></body></html>`,
		html.EscapeString(r.site.Config.Language), html.EscapeString(a.Page.Title), canonical, to, to, html.EscapeString(a.Page.Title))
	return Artifact{Path: a.Path, Data: b.Bytes()}
}
