package theme

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"waymark/generator/diag"
	"waymark/generator/internal/view"
	"waymark/generator/internal/words"
)

// layout is a layout with the theme's base and partials. Most sites use few of a theme's, so that each is made when it is first
// used.
type layout struct {
	name, file, text string
	once             sync.Once
	made             *template.Template
	err              error
}

// readLayouts reads every layout, and parses it for its mistakes.
func (t *Theme) readLayouts() (diag.List, error) {
	partials, err := fs.Glob(t.files, "layouts/partials/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the theme's partials: %w", err)
	}
	var list diag.List
	t.base = template.New("base").Funcs(functions(t.say))
	for _, p := range append([]string{"layouts/base.html"}, partials...) {
		_, problems := t.parse(t.base, p)
		list.Add(problems...)
	}
	layouts, err := fs.Glob(t.files, "layouts/*.html")
	if err != nil {
		return nil, fmt.Errorf("list the theme's layouts: %w", err)
	}
	for _, p := range layouts {
		if p == "layouts/base.html" {
			continue
		}
		name := strings.TrimSuffix(path.Base(p), ".html")
		alone := template.New(name).Funcs(functions(t.say))
		text, problems := t.parse(alone, p)
		list.Add(problems...)
		t.layouts[name] = &layout{name: name, file: p, text: text}
	}
	return list, nil
}

// template returns the layout, ready to be executed.
func (t *Theme) template(l *layout) (*template.Template, error) {
	l.once.Do(func() {
		if l.made, l.err = t.base.Clone(); l.err != nil {
			return
		}
		alone := map[string]bool{}
		l.made.Funcs(template.FuncMap{"shared": t.share(l.name, l.made, alone)})
		if l.err = t.parseText(l.made, l.file, l.text); l.err != nil {
			return
		}
		for _, partial := range l.made.Templates() {
			alone[partial.Name()] = ofSiteAlone(l.made, partial.Name(), map[string]bool{})
		}
	})
	return l.made, l.err
}

// parse reads a file of the theme, and parses it.
func (t *Theme) parse(into *template.Template, file string) (text string, list diag.List) {
	data, err := fs.ReadFile(t.files, file)
	if err != nil {
		return "", diag.List{{Pos: diag.Position{File: t.display(file)}, Severity: diag.Error, Code: "template", Message: "this layout cannot be read", Hint: err.Error()}}
	}
	t.digest.Write(fmt.Appendf(nil, "%s %d\n%s", file, len(data), data))
	if err := t.parseText(into, file, string(data)); err != nil {
		return "", diag.List{templateError(err, t.display(file))}
	}
	return string(data), nil
}

func (t *Theme) parseText(into *template.Template, file, text string) error {
	if _, err := into.New(t.display(file)).Parse(text); err != nil {
		return err
	}
	for _, defined := range into.Templates() {
		if defined.Tree != nil && defined.Tree.ParseName == t.display(file) {
			lean(defined.Tree)
		}
	}
	return nil
}

// functions are the few that templates have beyond the language's own.
func functions(say *words.Words) template.FuncMap {
	join := func(items []template.HTML) template.HTML {
		if len(items) == 0 {
			return ""
		}
		out := items[len(items)-1]
		for i := len(items) - 2; i >= 0; i-- {
			out = say.HTML("list.and", "first", items[i], "rest", out)
		}
		return out
	}
	return template.FuncMap{
		// say gives the words of a key, with what is filled in: names and values in turn. Where a number decides, that is n.
		"say": func(key string, args ...any) (template.HTML, error) {
			if !say.Has(key) {
				return "", fmt.Errorf("there are no words for %q: %s", key, diag.DidYouMean(key, say.Keys(), "put them into i18n/"+say.Language+".yaml"))
			}
			return say.HTML(key, args...), nil
		},
		// time gives a date as an element that machines can read, link a link, links several of them, code a command.
		"time": func(d view.Date) template.HTML {
			return template.HTML(`<time datetime="` + html.EscapeString(d.ISO) + `">` + html.EscapeString(d.Long) + "</time>") //nolint:gosec // escaped
		},
		"link": link,
		// tongue links the same text in another language.
		"tongue": func(l view.Link) template.HTML {
			tag := html.EscapeString(l.Note)
			return template.HTML(`<a href="` + html.EscapeString(l.URL) + `" hreflang="` + tag + `" lang="` + tag + `">` + html.EscapeString(l.Title) + "</a>") //nolint:gosec // escaped
		},
		"links": func(links []view.Link) template.HTML {
			var out []template.HTML
			for _, l := range links {
				out = append(out, link(l))
			}
			return join(out)
		},
		"code": func(text string) template.HTML {
			return template.HTML("<code>" + html.EscapeString(text) + "</code>") //nolint:gosec // escaped
		},
		// list gives several texts as one: "a, b, c".
		"list": func(items []string) string { return say.List(items...) },
		// shared stands here for its name; each layout has its own.
		"shared": func(string, *view.View) template.HTML { return "" },
		// dict makes a map of names and values, to hand several things to a partial.
		"dict": func(pairs ...any) (map[string]any, error) {
			if len(pairs)%2 != 0 {
				return nil, errors.New("dict wants names and values in turn")
			}
			m := make(map[string]any, len(pairs)/2)
			for i := 0; i < len(pairs); i += 2 {
				name, ok := pairs[i].(string)
				if !ok {
					return nil, errors.New("dict wants a name before each value")
				}
				m[name] = pairs[i+1]
			}
			return m, nil
		},
	}
}

func link(l view.Link) template.HTML {
	return template.HTML(`<a href="` + html.EscapeString(l.URL) + `">` + html.EscapeString(l.Title) + "</a>") //nolint:gosec // escaped, and every address was resolved
}

// ordinary are the layouts that other programs have for what is nothing special.
var ordinary = []string{"none", "null", "false", "default", "base", "single", "page", "post", "home", "index", "list", "blog", "article", "doc", "docs"}

// Layout returns the layout that a page of a kind gets: the one that it asks for, where it asks for one that the theme has,
// or else that of its kind, with a warning. It is "" where the theme has neither, with an error. at is where the page asks.
func (t *Theme) Layout(kind, asked string, at diag.Position) (string, *diag.Diagnostic) {
	switch {
	case asked != "" && t.layouts[asked] != nil:
		return asked, nil
	case t.layouts[kind] == nil:
		return "", &diag.Diagnostic{
			Pos: diag.Position{File: t.file}, Severity: diag.Error, Code: "layout", Message: fmt.Sprintf("the theme %q has no layout for pages of the kind %q", t.Name, kind),
			Hint: "add layouts/" + kind + ".html",
		}
	case asked != "" && !slices.Contains(ordinary, strings.ToLower(asked)): // writing from elsewhere asks for layouts of its own
		return kind, &diag.Diagnostic{
			Pos: at, Severity: diag.Warning, Code: "layout", Same: asked,
			Message: fmt.Sprintf("the theme %q has no layout %q, and the page gets that of its kind, %q", t.Name, asked, kind),
			Hint:    diag.DidYouMean(asked, t.Layouts(), "leave it out, or add layouts/"+asked+".html"),
		}
	}
	return kind, nil
}

// Page makes a page: it executes the View's layout. A layout that cannot be executed is a diagnostic at its own place.
func (t *Theme) Page(v *view.View) ([]byte, *diag.Diagnostic) {
	var out bytes.Buffer
	out.Grow(len(v.Page.Body) + usualFrame)
	made, err := t.template(t.layouts[v.Layout])
	if err == nil {
		err = made.ExecuteTemplate(&out, "document", v)
	}
	if err != nil {
		d := templateError(err, t.file)
		return nil, &d
	}
	return out.Bytes(), nil
}

// usualFrame is how large most pages are without their text, in bytes.
const usualFrame = 16 << 10

var (
	templatePlace = regexp.MustCompile(`template: ?([^:\s]+):(\d+)(?::(\d+))?: ?(?s:(.*))$`)
	missingField  = regexp.MustCompile(`can't evaluate field (\w+) in type \*?(?:view\.)?(\w+)`)
)

// templateError turns an error of html/template into a diagnostic at the place that it names.
func templateError(err error, file string) diag.Diagnostic {
	d := diag.Diagnostic{Pos: diag.Position{File: file}, Severity: diag.Error, Code: "template", Message: err.Error(), Hint: "the theme reference in the guide lists what a layout can use"}
	g := templatePlace.FindStringSubmatch(err.Error())
	if g == nil {
		return d
	}
	d.Pos.File, d.Message = g[1], g[4]
	d.Pos.Line, _ = strconv.Atoi(g[2])
	if col, convErr := strconv.Atoi(g[3]); convErr == nil {
		d.Pos.Col = col + 1
	}
	if f := missingField.FindStringSubmatch(err.Error()); f != nil {
		fields := view.Fields(f[2])
		d.Message = fmt.Sprintf("there is no field %q in %s", f[1], f[2])
		d.Hint = diag.DidYouMean(f[1], fields, f[2]+" has") + " (" + strings.Join(fields, ", ") + ")"
	}
	return d
}

// Layouts returns the names of the theme's layouts, sorted.
func (t *Theme) Layouts() []string {
	names := make([]string, 0, len(t.layouts))
	for name := range t.layouts {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
