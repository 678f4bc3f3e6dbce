package preview

import (
	"path/filepath"

	"waymark/generator/internal/memo"
	"waymark/generator/internal/source"
	"waymark/generator/internal/stamps"
	"waymark/generator/internal/texts"
)

// state names what a preview of this site tells the next one.
func (d *desk) state() memo.Key {
	dir, _ := filepath.Abs(d.dir)
	return memo.KeyOf("preview", memo.Program(), []byte(dir))
}

// recall lets the shelf know the texts in files that look as they did when the preview before this one read them.
func (d *desk) recall() {
	now, err := d.memo.Touched()
	if err != nil {
		return
	}
	tree, known := stamps.Look(d.dir, source.Hidden, source.Folder)
	if !known || !tree.Beside(d.cache) {
		return
	}
	if tree.Certain(now) {
		d.looked = tree
	}
	var before texts.Files
	if data, found := d.memo.State(d.state()); found && memo.Decode(data, &before) == nil {
		d.settings.shelf.Recall(before, tree)
	}
}

// remember tells the next preview which texts the files held when they were first read.
func (d *desk) remember() {
	if d.looked == nil || d.settings.shelf == nil {
		return
	}
	keys := make(map[string]memo.Key, len(d.texts))
	for path, t := range d.texts {
		if t.now.doc != nil {
			keys[path] = t.now.key
		}
	}
	if data, err := memo.Encode(d.settings.shelf.Files(d.looked, keys)); err == nil {
		d.memo.SaveState(d.state(), data)
	}
	d.looked = nil
}
