package generator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/source"
)

// changes are what reread found.
type changes struct {
	texts      []string // names
	files      []string // names of files in content and static
	others     []string // names of waymark.yaml and of files of the theme
	all        bool     // whether more than these may have changed
	noticed    bool     // whether there is something else to say of the content folder
	onlyTexts  bool     // texts that were there before, and nothing else
	incomplete bool     // whether the content folder could not be read
}

func (c changes) nothing() bool {
	return len(c.texts)+len(c.files)+len(c.others) == 0 && !c.all && !c.noticed
}

// reread reads what a Change names.
func (p *Preview) reread(ctx context.Context, c Change) (changes, error) {
	below := func(folders ...string) bool { return c.All || len(c.in(folders...)) > 0 }
	config, themed := p.changed(c.in(configFile)), p.changed(c.in("layouts", "assets", "themes"))
	found := changes{all: c.All, others: slices.Concat(config, themed)}
	retheme := c.All || len(themed) > 0
	if c.All || len(config) > 0 {
		options, name := parserOptions(p.settings.config), p.settings.config.Theme
		if err := p.readSettings(); err != nil {
			return found, err
		}
		p.reparse = p.reparse || p.settings.known && !reflect.DeepEqual(options, parserOptions(p.settings.config))
		retheme = retheme || name != p.settings.config.Theme
	}
	if !p.settings.known {
		return found, nil
	}
	again := p.reparse
	if p.settings.parser == nil || again {
		p.settings.parser = markdown.NewParser(parserOptions(p.settings.config))
	}
	if retheme {
		if err := p.readTheme(); err != nil {
			return found, err
		}
	}
	if below("static") {
		names, err := listStatic(p.root)
		if err != nil {
			return found, err
		}
		p.static = names
		found.files = p.changed(c.in("static"))
	}
	if again {
		if err := p.reparseGood(); err != nil {
			return found, err
		}
	}
	if again || below(source.Folder) {
		if err := p.rereadContent(ctx, c, again, &found); err != nil {
			return found, err
		}
	}
	found.onlyTexts = found.onlyTexts && len(found.others)+len(found.files) == 0 && !found.noticed
	return found, nil
}

// in returns the paths of a change that lie in a folder, or are one of these names.
func (c Change) in(folders ...string) []string {
	var names []string
	for _, name := range c.Paths {
		if top, _, _ := strings.Cut(name, "/"); slices.Contains(folders, top) {
			names = append(names, name)
		}
	}
	return names
}

// reparseGood parses again what is shown of texts that have errors now, as if their files were what they were.
func (p *Preview) reparseGood() error {
	for _, t := range p.texts {
		if t.good.doc == nil || t.good.doc == t.now.doc {
			continue
		}
		data, err := p.spool.get(t.good.at)
		if err != nil {
			return err
		}
		doc, list := p.settings.parser.Outline(source.File{Path: t.entry.Path, Name: t.entry.Name(), Data: data})
		t.good.doc, t.good.list = &doc, list
		if !t.good.fit() {
			t.good = version{}
		}
	}
	return nil
}

// changed returns those of the named files that are not what they were when they were last named. Folders, and what other
// programs have for themselves, do not count.
func (p *Preview) changed(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		info, err := p.root.Stat(name)
		return source.Hidden(path.Base(name)) || err == nil && info.IsDir() && name != configFile || !p.isNew(name, p.signature(name))
	})
}

// isNew reports whether a file has another signature than before, and remembers the new one.
func (p *Preview) isNew(name, signature string) bool {
	was := p.seen[name]
	p.seen[name] = signature
	return was != signature
}

// hashed is up to which size, in bytes, a file's signature is made of all of it. Larger ones are known by their time.
const hashed = 4 << 20

// signature tells versions of a file apart.
func (p *Preview) signature(name string) string {
	info, err := p.root.Stat(name)
	if err == nil && info.Size() > hashed {
		return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	}
	data, err := p.root.ReadFile(name)
	if err != nil {
		return "none"
	}
	return digest(data)
}

func (p *Preview) readSettings() error {
	config, list, err := wantedConfig(p.root, p.config)
	if usage := new(UsageError); errors.As(err, &usage) {
		return err
	}
	if err != nil {
		list = diag.List{*unreadable(configFile, err)}
	}
	p.settings.list = list
	if !list.HasErrors() {
		p.settings.config, p.settings.known = config, true
	}
	return nil
}

func (p *Preview) readTheme() error {
	t, assets, list, err := readTheme(p.root, p.settings.config.Theme)
	if err != nil {
		return err
	}
	p.theme.list = list
	if t != nil && assets != nil && !list.HasErrors() {
		p.theme.Theme, p.theme.assets = t, assets
	}
	return nil
}

// rereadContent reads the texts and files that changed. Where no more is known than that texts which were there before
// are there still, the folder is not looked through.
func (p *Preview) rereadContent(ctx context.Context, c Change, again bool, found *changes) error {
	names := c.in(source.Folder)
	entries, known := p.knownTexts(names)
	if found.onlyTexts = known && !c.All && !again; !found.onlyTexts {
		all, list, err := source.Scan(p.root)
		switch {
		case err != nil && p.shown == nil && errors.Is(err, os.ErrNotExist):
			return noContent(p.config.Dir)
		case err != nil:
			list = diag.List{*unreadable(source.Folder, err)}
		}
		found.noticed = !slices.Equal(p.scanned, list)
		p.scanned = list
		if err != nil {
			found.incomplete = true // what was there stays, and everything is looked at when it can be
			return nil
		}
		p.dropMissing(all, found)
		named := make(map[string]bool, len(names))
		for _, name := range names {
			named[name] = true
		}
		entries = slices.DeleteFunc(all, func(e source.Entry) bool {
			if again || c.All || e.Link || named[e.Name()] {
				return false
			}
			return p.texts[e.Path] != nil || p.files[e.Path] != nil
		})
	}
	return p.read(ctx, entries, again, found)
}

// knownTexts returns the entries of the named texts and of all links; false where a name is not one of a text that was
// there before and is there still.
func (p *Preview) knownTexts(named []string) (entries []source.Entry, known bool) {
	for _, name := range named {
		t := p.texts[strings.TrimPrefix(name, source.Folder+"/")]
		if t == nil || t.entry.Link {
			return nil, false
		}
		info, err := p.root.Lstat(name)
		if err != nil || !info.Mode().IsRegular() {
			return nil, false
		}
		e := t.entry
		e.Size = info.Size()
		entries = append(entries, e)
	}
	return append(entries, p.links...), true
}

// dropMissing forgets what is no longer in the folder.
func (p *Preview) dropMissing(all []source.Entry, found *changes) {
	there := make(map[string]bool, len(all))
	p.links = nil
	for _, e := range all {
		there[e.Path] = true
		if e.Link {
			p.links = append(p.links, e)
		}
	}
	for name, t := range p.texts {
		if !there[name] {
			found.texts = append(found.texts, t.entry.Name())
			delete(p.texts, name)
			delete(p.faulty, name)
		}
	}
	for name := range p.files {
		if !there[name] {
			found.files = append(found.files, path.Join(source.Folder, name))
			delete(p.files, name)
			delete(p.seen, path.Join(source.Folder, name))
		}
	}
	slices.Sort(found.texts)
}

// drawn is up to how many changed texts are drawn at once: somebody looks at them, most likely.
const drawn = 8

// read reads entries, several at a time.
func (p *Preview) read(ctx context.Context, entries []source.Entry, again bool, found *changes) error {
	type result struct {
		version
		file      *file
		signature string
		changed   bool
		html      []byte
	}
	results := make([]result, len(entries))
	parse := p.settings.parser.Outline
	if len(entries) <= drawn {
		parse = p.settings.parser.Parse
	}
	group, ctx := workers(ctx)
	for i, e := range entries {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r := &results[i]
			if !e.Markdown() {
				f, problem, err := inspectFile(p.root, e)
				if err != nil {
					problem = unreadable(e.Name(), err)
				}
				r.file, r.changed, r.signature = &file{f, problem}, true, p.signature(e.Name())
				return nil
			}
			data, list, err := source.Read(p.root, e)
			if err != nil {
				list = diag.List{*unreadable(e.Name(), err)}
			}
			if list.HasErrors() {
				r.list, r.changed = list, true
				return nil
			}
			same, err := p.sameText(e, data.Data)
			if err != nil || same && !again {
				return err
			}
			doc, list := parse(data)
			r.html, doc.HTML = doc.HTML, nil
			r.doc, r.list, r.changed = &doc, list, true
			if same {
				r.at = p.texts[e.Path].now.at
				return nil
			}
			r.at, err = p.spool.put(data.Data)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, e := range entries {
		r := results[i]
		switch {
		case !r.changed:
		case r.file != nil:
			if p.isNew(e.Name(), r.signature) || p.files[e.Path] == nil {
				found.files = append(found.files, e.Name())
			}
			p.files[e.Path] = r.file
		default:
			if p.texts[e.Path] == nil {
				p.texts[e.Path] = &text{}
				found.onlyTexts = false
			}
			t := p.texts[e.Path]
			t.entry, t.now, t.fresh = e, r.version, true
			if delete(p.faulty, e.Path); len(r.list) > 0 {
				p.faulty[e.Path] = t
			}
			found.texts = append(found.texts, e.Name())
			if len(r.html) > 0 {
				p.memory.keepText(r.doc, r.html)
			}
		}
	}
	slices.Sort(found.texts)
	return nil
}

// unreadable says of a file or folder that it cannot be read, and why. One that went away since it was listed is named by
// the next change.
func unreadable(name string, err error) *diag.Diagnostic {
	why := err.Error()
	if path := new(fs.PathError); errors.As(err, &path) {
		why = path.Err.Error()
	}
	return &diag.Diagnostic{
		Pos: diag.Position{File: name}, Severity: diag.Error, Code: "unreadable", Message: "this cannot be read: " + why,
		Hint: "put back what was there, or check its permissions; until then the site is shown as it was",
	}
}

// sameText reports whether a file has the bytes that it had when it was last read.
func (p *Preview) sameText(e source.Entry, data []byte) (bool, error) {
	t := p.texts[e.Path]
	if t == nil || t.now.doc == nil || t.now.at.size != len(data) {
		return false, nil
	}
	old, err := p.spool.get(t.now.at)
	return err == nil && string(old) == string(data), err
}
