package preview

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/source"
	"waymark/generator/internal/texts"
	"waymark/generator/internal/theme"
	"waymark/generator/internal/words"
)

// changes are what reread found.
type changes struct {
	texts      []string // names
	files      []string // names of files in content and static
	others     []string // names of waymark.yaml and of files of the theme
	all        bool     // whether more than these may have changed
	noticed    bool     // whether there is something else to say of the folders
	onlyTexts  bool     // texts that were there before, and nothing else
	incomplete bool     // whether the content folder could not be read
}

func (c changes) nothing() bool {
	return len(c.texts)+len(c.files)+len(c.others) == 0 && !c.all && !c.noticed
}

// reread reads what a Change names.
func (d *desk) reread(ctx context.Context, c Change) (changes, error) {
	below := func(folders ...string) bool { return c.All || len(c.in(folders...)) > 0 }
	own, themed := d.changed(c.in(config.File, words.Folder)), d.changed(c.in("layouts", "assets", "themes"))
	found := changes{all: c.All, others: slices.Concat(own, themed)}
	retheme := c.All || len(themed) > 0
	if c.All || len(own)+len(themed) > 0 { // a theme has words too
		options, name, look := d.settings.config.Texts(), d.settings.config.Theme, d.settings.config.Look.CSS()
		if err := d.readSettings(); err != nil {
			return found, err
		}
		d.reparse = d.reparse || d.settings.known && !reflect.DeepEqual(options, d.settings.config.Texts())
		retheme = retheme || d.reparse || name != d.settings.config.Theme || look != d.settings.config.Look.CSS()
	}
	if !d.settings.known {
		return found, nil
	}
	again := d.reparse
	if d.settings.shelf == nil || again {
		d.settings.shelf = texts.NewShelf(d.memo, d.settings.config.Texts())
	}
	if retheme {
		if err := d.readTheme(); err != nil {
			return found, err
		}
	}
	if below(source.StaticFolder) {
		names, list, err := source.Static(d.root)
		if err != nil {
			return found, err
		}
		found.noticed = !slices.Equal(d.passed, list)
		d.static, d.passed = names, list
		found.files = d.changed(c.in(source.StaticFolder))
		if others := d.otherStatic(); c.All {
			found.files = append(found.files, others...)
			slices.Sort(found.files)
			found.files = slices.Compact(found.files)
		}
	}
	if again {
		if err := d.reparseGood(); err != nil {
			return found, err
		}
	}
	if again || below(source.Folder) {
		if err := d.rereadContent(ctx, c, again, &found); err != nil {
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
func (d *desk) reparseGood() error {
	for _, t := range d.texts {
		if t.good.doc == nil || t.good.doc == t.now.doc {
			continue
		}
		was := t.good
		t.good = version{}
		data, found := d.settings.shelf.Source(was.key)
		if !found {
			continue
		}
		again, err := d.settings.shelf.Outline(source.File{Path: t.entry.Path, Name: t.entry.Name(), Data: data})
		if err != nil {
			return err
		}
		if v := (version{again.Doc, again.Key, again.List}); v.fit() {
			t.good = v
		}
	}
	return nil
}

// changed returns those of the named files that are not what they were when they were last named. Folders, and what other
// programs have for themselves, do not count.
func (d *desk) changed(names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		info, err := d.root.Stat(name)
		return source.Hidden(path.Base(name)) || err == nil && info.IsDir() && name != config.File || !d.isNew(name, d.signature(name))
	})
}

// otherStatic names the files of the static folder that are others than when it was last looked at, by their sizes and times. It
// is what is known of them where more may have changed than was told of.
func (d *desk) otherStatic() (changed []string) {
	stamps := make(map[string]string, len(d.static))
	for _, name := range d.static {
		name = path.Join(source.StaticFolder, name)
		if info, err := d.root.Stat(name); err == nil {
			stamps[name] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
		if d.stamps != nil && d.stamps[name] != stamps[name] {
			changed = append(changed, name)
		}
	}
	for name := range d.stamps {
		if _, there := stamps[name]; !there {
			changed = append(changed, name)
		}
	}
	d.stamps = stamps
	slices.Sort(changed)
	return changed
}

// isNew reports whether a file has another signature than before, and remembers the new one.
func (d *desk) isNew(name, signature string) bool {
	was := d.seen[name]
	d.seen[name] = signature
	return was != signature
}

// hashed is up to which size, in bytes, a file's signature is made of all of it. Larger ones are known by their time.
const hashed = 4 << 20

// signature tells versions of a file apart.
func (d *desk) signature(name string) string {
	info, err := d.root.Stat(name)
	if err == nil && info.Size() > hashed {
		return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
	}
	data, err := source.ReadFile(d.root, name)
	if err != nil {
		return "none"
	}
	return digest(data)
}

func (d *desk) readSettings() error {
	c, list, err := config.Read(d.root, d.wanted)
	if usage := new(diag.UsageError); errors.As(err, &usage) {
		return err
	}
	if err != nil {
		list = diag.List{*unreadable(config.File, err)}
	}
	d.settings.list = list
	if !list.HasErrors() {
		d.settings.config, d.settings.known = c, true
	}
	return nil
}

func (d *desk) readTheme() error {
	t, list, err := theme.Read(d.root, d.settings.config.Theme, config.File, d.settings.config.Words.Site(), d.settings.config.Look.CSS())
	if err != nil {
		return err
	}
	d.theme.list = list
	if t != nil {
		d.theme.Theme = t
	}
	return nil
}

// rereadContent reads the texts and files that changed. Where no more is known than that texts which were there before
// are there still, the folder is not looked through.
func (d *desk) rereadContent(ctx context.Context, c Change, again bool, found *changes) error {
	names := slices.DeleteFunc(c.in(source.Folder), d.cameAndWent)
	entries, known := d.knownTexts(names)
	if found.onlyTexts = known && !c.All && !again; !found.onlyTexts {
		all, list, err := source.Scan(d.root)
		switch {
		case err != nil && !d.opened && errors.Is(err, os.ErrNotExist):
			return source.NoContent(d.dir)
		case err != nil:
			list = diag.List{*unreadable(source.Folder, err)}
		}
		found.noticed = found.noticed || !slices.Equal(d.scanned, list)
		d.scanned = list
		if err != nil {
			found.incomplete = true // what was there stays, and everything is looked at when it can be
			return nil
		}
		if !d.opened {
			d.recall()
		}
		d.opened = true
		d.dropMissing(all, found)
		named := make(map[string]bool, len(names))
		for _, name := range names {
			named[name] = true
		}
		entries = slices.DeleteFunc(all, func(e source.Entry) bool {
			if again || c.All || e.Link || named[e.Name()] {
				return false
			}
			return d.texts[e.Path] != nil || d.files[e.Path] != nil
		})
	}
	err := d.read(ctx, entries, found)
	d.settings.shelf.Recall(texts.Files{}, nil) // files may change from now on
	return err
}

// cameAndWent reports whether a name is nothing to the site: what an editor put beside a text for a moment, or keeps there for
// itself. What Scan says something of does count.
func (d *desk) cameAndWent(name string) bool {
	base := path.Base(name)
	below, inside := strings.CutPrefix(name, source.Folder+"/")
	switch {
	case !inside || !utf8.ValidString(name):
		return false // the folder itself, or a name of which something is said
	case len(d.links) > 0 || slices.ContainsFunc(d.scanned, func(p diag.Diagnostic) bool { return p.Code == "symlink" }):
		return false // a link may name what is hidden
	case source.Hidden(base) && !strings.HasPrefix(base, "_"):
		return true
	case d.texts[below] != nil || d.files[below] != nil:
		return false
	case slices.ContainsFunc(d.scanned, func(p diag.Diagnostic) bool { return strings.HasPrefix(p.Pos.File+"/", name+"/") }):
		return false
	}
	if _, err := d.root.Lstat(name); !errors.Is(err, os.ErrNotExist) {
		return false
	}
	for other := range d.texts { // it may have been a folder
		if strings.HasPrefix(other, below+"/") {
			return false
		}
	}
	for other := range d.files {
		if strings.HasPrefix(other, below+"/") {
			return false
		}
	}
	return true
}

// knownTexts returns the entries of the named texts and of all links; false where a name is not one of a text that was
// there before and is there still.
func (d *desk) knownTexts(named []string) (entries []source.Entry, known bool) {
	for _, name := range named {
		t := d.texts[strings.TrimPrefix(name, source.Folder+"/")]
		if t == nil || t.entry.Link {
			return nil, false
		}
		info, err := d.root.Lstat(name)
		if err != nil || !info.Mode().IsRegular() {
			return nil, false
		}
		e := t.entry
		e.Size = info.Size()
		entries = append(entries, e)
	}
	return append(entries, d.links...), true
}

// dropMissing forgets what is no longer in the folder.
func (d *desk) dropMissing(all []source.Entry, found *changes) {
	there := make(map[string]bool, len(all))
	d.links = nil
	for _, e := range all {
		there[e.Path] = true
		if e.Link {
			d.links = append(d.links, e)
		}
	}
	for name, t := range d.texts {
		if !there[name] {
			found.texts = append(found.texts, t.entry.Name())
			delete(d.texts, name)
			delete(d.faulty, name)
		}
	}
	for name := range d.files {
		if !there[name] {
			found.files = append(found.files, path.Join(source.Folder, name))
			delete(d.files, name)
			delete(d.seen, path.Join(source.Folder, name))
		}
	}
	slices.Sort(found.texts)
}
