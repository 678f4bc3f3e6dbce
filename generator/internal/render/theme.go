// Package render turns a Site and a Theme into Artifacts: pages, feeds' bodies, assets.
//
// For each page it makes a View, a closed value that is all a template may see, and executes the layout of the page's
// kind with it. Equal themes and equal Views give equal bytes.
package render

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/site"
)

// Theme is a theme as it was read: its layouts parsed, its assets named.
type Theme struct {
	Name    string
	layouts map[string]*template.Template
	files   fs.FS
	file    string // theme.yaml, as an author knows it
	style   string
	script  string
	early   string
	icon    string
	preload []string
}

// LoadTheme reads a theme. files is the theme's folder with the site's own layouts and assets laid over it; display
// turns a path in it into the path that an author knows. A broken template is reported at its own place.
func LoadTheme(name string, files fs.FS, display func(string) string) (*Theme, diag.List, error) {
	theme := &Theme{Name: name, files: files, layouts: map[string]*template.Template{}}
	list, err := theme.readManifest(display)
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	partials, err := fs.Glob(files, "layouts/partials/*.html")
	if err != nil {
		return nil, nil, fmt.Errorf("list the theme's partials: %w", err)
	}
	base := template.New("base").Funcs(functions())
	for _, p := range append([]string{"layouts/base.html"}, partials...) {
		list.Add(theme.parse(base, p, display)...)
	}
	layouts, err := fs.Glob(files, "layouts/*.html")
	if err != nil {
		return nil, nil, fmt.Errorf("list the theme's layouts: %w", err)
	}
	for _, p := range layouts {
		if p == "layouts/base.html" {
			continue
		}
		t, err := base.Clone()
		if err != nil {
			return nil, nil, fmt.Errorf("prepare the theme %s: %w", name, err)
		}
		list.Add(theme.parse(t, p, display)...)
		theme.layouts[strings.TrimSuffix(path.Base(p), ".html")] = t
	}
	if list.HasErrors() {
		return nil, list, nil
	}
	return theme, list, nil
}

func (t *Theme) readManifest(display func(string) string) (diag.List, error) {
	data, err := fs.ReadFile(t.files, "theme.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the theme %s: %w", t.Name, err)
	}
	file := display("theme.yaml")
	t.file = file
	pairs, list := fields.Parse(data, file, 1)
	var d fields.Decoder
	known := func(key string) func(fields.Value) { return func(v fields.Value) { d.Text(v, key) } }
	d.Fields(pairs, "a theme", map[string]func(fields.Value){
		"name": known("name"), "description": known("description"), "author": known("author"), "license": known("license"),
		"style": d.Into(&t.style, "style"), "script": d.Into(&t.script, "script"), "early": d.Into(&t.early, "early"), "icon": d.Into(&t.icon, "icon"),
		"preload": func(v fields.Value) { t.preload = d.Texts(v, "preload") },
	})
	return append(list, d.List...), nil
}

func (t *Theme) parse(into *template.Template, file string, display func(string) string) diag.List {
	data, err := fs.ReadFile(t.files, file)
	if err != nil {
		return diag.List{{Pos: diag.Position{File: display(file)}, Severity: diag.Error, Code: "template", Message: "this layout cannot be read", Hint: err.Error()}}
	}
	if _, err := into.New(display(file)).Parse(string(data)); err != nil {
		return diag.List{templateError(err, display(file))}
	}
	return nil
}

// functions are the few that templates have beyond the language's own.
func functions() template.FuncMap {
	return template.FuncMap{
		// plural gives "1 part", "3 parts".
		"plural": func(n int, one, many string) string {
			if n == 1 {
				return "1 " + one
			}
			return strconv.Itoa(n) + " " + many
		},
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

// layoutFor returns the layout of a page: that of its kind, or another one that it asks for.
func (t *Theme) layoutFor(p *site.Page) (*template.Template, *diag.Diagnostic) {
	name, at := string(p.Kind), diag.Position{File: t.file}
	if p.Doc != nil && p.Doc.Front.Layout != "" {
		asked := p.Doc.Front.Layout
		if t.layouts[asked] != nil {
			return t.layouts[asked], nil
		}
		// Writing from elsewhere asks for layouts of its own: the kind's will do.
		if t.layouts[name] != nil {
			return t.layouts[name], &diag.Diagnostic{
				Pos: p.Doc.Front.Pos(p.Doc.Name, "layout"), Severity: diag.Warning, Code: "layout",
				Message: fmt.Sprintf("the theme %q has no layout %q, and the page gets that of its kind, %q", t.Name, asked, name),
				Hint:    diag.DidYouMean(asked, t.Layouts(), "leave it out, or add layouts/"+asked+".html"),
			}
		}
	}
	if t.layouts[name] == nil {
		return nil, &diag.Diagnostic{
			Pos: at, Severity: diag.Error, Code: "layout", Message: fmt.Sprintf("the theme %q has no layout for pages of the kind %q", t.Name, name),
			Hint: "add layouts/" + name + ".html",
		}
	}
	return t.layouts[name], nil
}

var (
	templatePlace = regexp.MustCompile(`template: ?([^:\s]+):(\d+)(?::(\d+))?: ?(?s:(.*))$`)
	missingField  = regexp.MustCompile(`can't evaluate field (\w+) in type \*?(?:render\.)?(\w+)`)
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
		fields := fieldNames(f[2])
		d.Message = fmt.Sprintf("there is no field %q in %s", f[1], f[2])
		d.Hint = diag.DidYouMean(f[1], fields, f[2]+" has") + " (" + strings.Join(fields, ", ") + ")"
	}
	return d
}

// fieldNames lists the fields of one of the types that a View is made of.
func fieldNames(typeName string) []string {
	t := viewTypes()[typeName]
	if t == nil {
		return nil
	}
	names := make([]string, 0, t.NumField())
	for f := range t.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// viewTypes returns every struct that can be reached from a View, by name.
func viewTypes() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice:
			visit(t.Elem())
		case reflect.Struct:
			if types[t.Name()] != nil {
				return
			}
			types[t.Name()] = t
			for f := range t.Fields() {
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[View]())
	return types
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
