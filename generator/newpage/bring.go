package newpage

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/source"
)

// Brought is what was found in a folder of writing, and copied from it.
type Brought struct {
	Program      string // that it was written for, as far as its files tell; "" where they do not
	Title        string // of the site, as that program was told it; "" where it was not
	Texts, Files int
	Endings      map[string]int // how many texts have which ending
	Copies       []Copy
	Links        []string // what is no regular file; relative to the folder
	Passed       []string // files that say how the program is to work, and folders (with a slash behind) that it has for itself; relative to the folder
}

// Copy is a file that is copied, and where to, relative to the site's folder, with slashes.
type Copy struct {
	From, To string
	Text     bool
}

// layout is how a program keeps a site.
type layout struct {
	program string
	marks   []string          // of which one is there
	content map[string]string // folders of content, by where they come in ours
	static  string
}

// layouts are looked at in this order: the first one that fits is taken.
var layouts = []layout{
	{"Waymark", []string{"waymark.yaml"}, map[string]string{"content": ""}, "static"},
	{"Hugo", []string{"hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "archetypes"}, map[string]string{"content": ""}, "static"},
	{"Docusaurus", []string{"docusaurus.config.js", "docusaurus.config.ts"}, map[string]string{"docs": "docs", "blog": "blog", "src/pages": ""}, "static"},
	{"MkDocs", []string{"mkdocs.yml", "mkdocs.yaml"}, map[string]string{"docs": ""}, ""},
	{"mdBook", []string{"book.toml"}, map[string]string{"src": ""}, ""},
	{"Astro", []string{"astro.config.mjs", "astro.config.ts"}, map[string]string{"src/content": ""}, "public"},
	{"Pelican", []string{"pelicanconf.py"}, map[string]string{"content": ""}, ""},
	{"Quarto", []string{"_quarto.yml"}, map[string]string{"": ""}, ""},
	{"Jekyll", []string{"_config.yml", "_posts"}, map[string]string{"": ""}, ""},
	{"Eleventy", []string{".eleventy.js", "eleventy.config.js", "eleventy.config.mjs"}, map[string]string{"src": ""}, ""},
	{"Eleventy", []string{".eleventy.js", "eleventy.config.js", "eleventy.config.mjs"}, map[string]string{"": ""}, ""},
	{"Obsidian", []string{".obsidian"}, map[string]string{"": ""}, ""},
	{"Logseq", []string{"logseq"}, map[string]string{"pages": "", "journals": "journal", "assets": "assets"}, ""},
}

// passed are folders that programs have for themselves, in the place of content.
var passed = []string{
	"node_modules", "vendor", "public", "dist", "build", "out", "_site", "_includes", "_layouts", "_sass", "_data", "_plugins", "_freeze", "layouts", "themes",
	"archetypes", "resources", "templates", "bin", "src", "venv", "target", "logseq",
}

// Bring copies the writing of a folder, whatever program it was written for, into the content and static folders of a new site.
// Nothing of the folder is changed, and nothing outside of it is read. What cannot be brought as it was asked for is a
// *diag.UsageError.
func Bring(from, to string) (Brought, error) {
	if err := Apart(from, to); err != nil {
		return Brought{}, err
	}
	b, err := List(from)
	if err != nil {
		return b, err
	}
	for _, c := range b.Copies {
		if err := copyNew(c.From, filepath.Join(to, filepath.FromSlash(c.To))); err != nil {
			return b, fmt.Errorf("bring %s: %w", from, err)
		}
	}
	return b, nil
}

// Apart refuses, with a *diag.UsageError, two folders of which one lies in the other: each look would find what the last one wrote.
func Apart(from, to string) error {
	if inside(from, to) || inside(to, from) {
		return diag.Usagef("%s and %s lie in one another (make the site beside the folder)", from, to)
	}
	return nil
}

// List finds the writing of a folder, whatever program it was written for, and says where in a site each file of it belongs. Where there
// is none, that is a *diag.UsageError.
func List(from string) (Brought, error) {
	info, err := os.Stat(from)
	if err != nil || !info.IsDir() {
		return Brought{}, diag.Usagef("there is no folder %q to bring", from)
	}
	if from, err = filepath.EvalSymlinks(from); err != nil {
		return Brought{}, fmt.Errorf("bring %s: %w", from, err)
	}
	l := layoutOf(from)
	b := Brought{Program: l.program, Title: titleOf(from), Endings: map[string]int{}}
	for _, folder := range slices.Sorted(maps.Keys(l.content)) {
		place := l.content[folder]
		if err := b.listTree(from, folder, path.Join(source.Folder, place)); err != nil {
			return b, err
		}
	}
	if l.static != "" {
		if err := b.listTree(from, l.static, source.StaticFolder); err != nil {
			return b, err
		}
	}
	if err := b.listBeside(from, "", l); err != nil {
		return b, err
	}
	if b.Texts == 0 {
		return b, diag.Usagef("%s holds no text that is read (these end in %s)", from, strings.Join(source.Endings, ", "))
	}
	return b, nil
}

// titles are where programs are told the title of a site: a file, and the keys that lead to it.
var titles = []struct {
	file string
	keys []string
}{
	{"waymark.yaml", []string{"title"}},
	{"hugo.toml", []string{"title"}},
	{"config.toml", []string{"title"}},
	{"hugo.yaml", []string{"title"}},
	{"_config.yml", []string{"title"}},
	{"mkdocs.yml", []string{"site_name"}},
	{"_quarto.yml", []string{"website", "title"}},
	{"_quarto.yml", []string{"book", "title"}},
}

// titleOf returns the title that a program was told of the site in a folder, or "".
func titleOf(dir string) string {
	for _, t := range titles {
		data, err := os.ReadFile(filepath.Join(dir, t.file))
		if err != nil {
			continue
		}
		parse := fields.Parse
		if strings.HasSuffix(t.file, ".toml") {
			parse = fields.ParseTOML
		}
		pairs, _ := parse(source.Mend(data), t.file, 1) // what cannot be read has no title
		if text := valueAt(fields.Value{Pairs: pairs}, t.keys); text != "" {
			return text
		}
	}
	return ""
}

// valueAt returns the text to which keys lead, or "".
func valueAt(v fields.Value, keys []string) string {
	for _, key := range keys {
		i := slices.IndexFunc(v.Pairs, func(p fields.Pair) bool { return p.Key == key })
		if i < 0 {
			return ""
		}
		v = v.Pairs[i].Value
	}
	return v.Text
}

func inside(folder, path string) bool {
	a, errA := filepath.EvalSymlinks(folder)
	b, errB := filepath.Abs(path)
	if errA != nil || errB != nil {
		return false
	}
	if followed, err := filepath.EvalSymlinks(b); err == nil {
		b = followed
	}
	if a, errA = filepath.Abs(a); errA != nil {
		return false
	}
	rel, err := filepath.Rel(a, b)
	return err == nil && filepath.IsLocal(rel)
}

// layoutOf finds which program a folder was written for.
func layoutOf(dir string) layout {
	for _, l := range layouts {
		marked := slices.ContainsFunc(l.marks, func(mark string) bool { return exists(dir, mark) })
		for folder := range l.content {
			if marked && exists(dir, folder) {
				return l
			}
		}
	}
	if exists(dir, source.Folder) {
		return layout{"", nil, map[string]string{source.Folder: ""}, source.StaticFolder}
	}
	return layout{"", nil, map[string]string{"": ""}, ""}
}

// listTree lists the regular files of one folder of a root, but for what programs keep for themselves.
func (b *Brought) listTree(root, folder, to string) error {
	from := filepath.Join(root, filepath.FromSlash(folder))
	if followed, err := filepath.EvalSymlinks(from); err == nil {
		from = followed // the content may be a link to a vault
	}
	whole := folder == "" // it is all that somebody has, and not only its content
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == from {
			if p == from && errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		}
		rel, err := filepath.Rel(from, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir() && (source.Hidden(d.Name()) || whole && slices.Contains(passed, d.Name())):
			b.Passed = append(b.Passed, path.Join(folder, rel)+"/")
			return fs.SkipDir
		case d.IsDir():
		case source.Hidden(d.Name()) || whole && d.Type().IsRegular() && isSetting(d.Name()):
			b.Passed = append(b.Passed, path.Join(folder, rel))
		case !d.Type().IsRegular():
			b.Links = append(b.Links, path.Join(folder, rel))
		default:
			b.add(p, path.Join(to, rel))
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("bring %s: %w", from, err)
	}
	return nil
}

// add adds a file to what is copied.
func (b *Brought) add(from, to string) {
	text := source.IsText(from)
	if text {
		b.Texts++
		b.Endings[strings.ToLower(filepath.Ext(from))]++
	} else {
		b.Files++
	}
	b.Copies = append(b.Copies, Copy{from, to, text})
}

// listBeside lists, as passed, what lies in a folder of a root beside the folders that a layout names.
func (b *Brought) listBeside(root, folder string, l layout) error {
	var named []string
	for name := range l.content {
		named = append(named, name)
	}
	if l.static != "" {
		named = append(named, l.static)
	}
	entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(folder)))
	if err != nil {
		return fmt.Errorf("bring %s: %w", root, err)
	}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		switch {
		case slices.Contains(named, name) || slices.Contains(named, ""):
		case slices.ContainsFunc(named, func(n string) bool { return strings.HasPrefix(n, name+"/") }):
			if err := b.listBeside(root, name, l); err != nil {
				return err
			}
		case e.IsDir():
			b.Passed = append(b.Passed, name+"/")
		default:
			b.Passed = append(b.Passed, name)
		}
	}
	return nil
}

// isSetting reports whether a file says how a program is to work, rather than something to readers.
func isSetting(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".toml", ".yml", ".yaml", ".lock", ".gemspec", ".rb", ".py", ".js", ".ts", ".mjs", ".cjs", ".sh":
		return true
	case ".json":
		return strings.HasPrefix(name, "package") || strings.HasPrefix(name, "tsconfig")
	}
	return slices.Contains([]string{"Gemfile", "Rakefile", "Makefile", "Dockerfile", "LICENSE", "LICENSE.md", "CODEOWNERS"}, name)
}

func copyNew(from, to string) (err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
