// Package theme reads themes, which are data: a manifest, layouts and assets, with the site's own layouts and assets laid over
// them. A Theme turns Views into pages; equal themes and equal Views give equal bytes.
package theme

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/source"
	"waymark/generator/internal/words"
	"waymark/themes"
)

// Theme is a theme as it was read: its layouts parsed, its assets bundled, minified and fingerprinted.
type Theme struct {
	Name                       string
	Style, Script, Early, Icon Asset            // the parts that a page names; without a path where the theme has none
	Scripts                    map[string]Asset // those that only some pages need, by what they are for
	Preload                    []string         // the paths of what is to be loaded early
	Assets                     []File           // all files of the theme that are published

	say                        *words.Words
	look                       string
	digest                     hash.Hash // of all layouts
	files                      overlay
	base                       *template.Template // with all partials
	layouts                    map[string]*layout
	shared                     shared
	file                       string // theme.yaml, as an author knows it
	style, script, early, icon string // the assets by their names in the theme
	preload                    []string
	scripts                    map[string]string
}

// Asset is a file of the theme that pages name: its path relative to the output folder, and its Subresource Integrity.
type Asset struct{ Path, Integrity string }

// File is a file of the theme as it is published. Its path, relative to the output folder, changes whenever its bytes do.
type File struct {
	Path string
	Data []byte
}

// Read reads the theme of a site's folder that has a name, or the one that comes along. What is wrong with it is reported at
// its own place; where that is an error, the Theme is nil. manifest is the file in which the site names its theme, say are the words of the
// site's language, and look is a style sheet that the theme's imports as "waymark:look".
func Read(root *source.Root, name, manifest string, say *words.Words, look string) (*Theme, diag.List, error) {
	files, problem := find(root, name, manifest)
	if problem != nil {
		return nil, diag.List{*problem}, nil
	}
	t := &Theme{Name: name, say: say, look: look, files: files, digest: sha256.New(), layouts: map[string]*layout{}, Scripts: map[string]Asset{}, scripts: map[string]string{}}
	t.file = t.display("theme.yaml")
	list, err := t.readManifest()
	for _, folder := range []string{"layouts", "assets", words.Folder} {
		if err == nil {
			var passed diag.List
			passed, err = source.LeftOut(root, folder)
			list.Add(passed...)
		}
	}
	for _, read := range []func() (diag.List, error){t.readLayouts, t.bundle} {
		if err != nil || list.HasErrors() {
			return nil, list, err
		}
		var more diag.List
		more, err = read()
		list.Add(more...)
	}
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	return t, list, nil
}

// Fingerprint returns bytes that are the same for two themes exactly if they make the same page of the same View.
func (t *Theme) Fingerprint() []byte { return t.digest.Sum(t.say.Fingerprint()) }

// find finds the folder of a theme: the site's own, or one that comes along.
func find(root *source.Root, name, manifest string) (overlay, *diag.Diagnostic) {
	wrong := func(hint, format string) (overlay, *diag.Diagnostic) {
		return overlay{}, &diag.Diagnostic{Pos: diag.Position{File: manifest}, Severity: diag.Error, Code: "theme", Message: fmt.Sprintf(format, name), Hint: hint}
	}
	if path.Base(name) != name || name == ".." {
		return wrong("a theme's name is that of its folder in themes", "%q is not the name of a theme")
	}
	own := source.FS(root)
	if sub, err := fs.Sub(own, "themes/"+name); err == nil && fs.ValidPath(name) {
		if _, err := fs.Stat(sub, "theme.yaml"); err == nil {
			return overlay{top: own, base: sub}, nil
		}
	}
	if base := themes.FS(name); base != nil {
		return overlay{top: own, base: base}, nil
	}
	return wrong(diag.DidYouMean(name, themes.Names(), "put it in themes/"+name+", or use one of "+strings.Join(themes.Names(), ", ")), "there is no theme %q")
}

// display turns a path in the theme into the one that an author knows.
func (t *Theme) display(p string) string {
	if t.files.fromTop(p) {
		return p
	}
	return "themes/" + t.Name + "/" + p
}

func (t *Theme) readManifest() (diag.List, error) {
	data, err := fs.ReadFile(t.files, "theme.yaml")
	if err != nil {
		return nil, fmt.Errorf("read the theme %s: %w", t.Name, err)
	}
	file := t.file
	pairs, list := fields.Parse(data, file, 1)
	var d fields.Decoder
	known := func(key string) func(fields.Value) { return func(v fields.Value) { d.Text(v, key) } }
	d.Fields(pairs, "a theme", map[string]func(fields.Value){
		"name": known("name"), "description": known("description"), "author": known("author"), "license": known("license"),
		"style": d.Into(&t.style, "style"), "script": d.Into(&t.script, "script"), "early": d.Into(&t.early, "early"), "icon": d.Into(&t.icon, "icon"),
		"scripts": func(v fields.Value) {
			for _, p := range v.Pairs {
				t.scripts[p.Key] = d.Text(p.Value, p.Key)
			}
		},
		"preload": func(v fields.Value) { t.preload = d.Texts(v, "preload") },
	})
	return append(list, d.List...), nil
}

// overlay is a theme with the site's layouts and assets in front.
type overlay struct{ top, base fs.FS }

func (o overlay) fromTop(name string) bool {
	if !strings.HasPrefix(name, "layouts/") && !strings.HasPrefix(name, "assets/") {
		return false
	}
	info, err := fs.Stat(o.top, name)
	return err == nil && info.Mode().IsRegular() // what is none has been named
}

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	if o.fromTop(name) {
		return o.top.Open(name)
	}
	return o.base.Open(name)
}

// Glob implements fs.GlobFS: a site may add layouts that the theme lacks.
func (o overlay) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(o.base, pattern)
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(o.top, pattern)
	if err != nil {
		return nil, err
	}
	names = append(names, slices.DeleteFunc(own, func(name string) bool { return !o.fromTop(name) })...)
	slices.Sort(names)
	return slices.Compact(names), nil
}
