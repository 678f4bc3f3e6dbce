package edition

import (
	"context"
	"strings"
	"sync"

	"waymark/generator/internal/search"
	"waymark/generator/internal/site"
)

// index is the index of a site, which is made when the first of its files is asked for.
type index struct {
	mu   sync.Mutex
	made *search.Index
}

// indexFile returns a file of the index by its name.
func (e *Edition) indexFile(name string) ([]byte, error) {
	x, err := e.wholeIndex()
	if err != nil {
		return nil, err
	}
	return x.File(name, e.Site.Portable)
}

// wholeIndex returns the index, which is made once. Who asks meanwhile waits.
func (e *Edition) wholeIndex() (*search.Index, error) {
	e.index.mu.Lock()
	defer e.index.mu.Unlock()
	if e.index.made != nil {
		return e.index.made, nil
	}
	found := e.Site.Findables()
	made, err := search.Make(context.Background(), e.Site.Plan(), e.renderer.Entries(), func(i int) ([]byte, error) { return e.textOf(found[i]) })
	e.index.made = made
	return made, err
}

// textOf returns the words in which something is found, beside its title.
func (e *Edition) textOf(f site.Findable) ([]byte, error) {
	switch {
	case f.Term != nil:
		return []byte(f.Term.Text), nil
	case f.Card != nil:
		return []byte(strings.Join(f.Card.Notes, " ")), nil
	case f.Page.Doc == nil:
		return nil, nil
	}
	return e.Texts.Plain(f.Page)
}

// Revised tells the edition that the words of its site's texts changed.
func (e *Edition) Revised() {
	e.index.mu.Lock()
	defer e.index.mu.Unlock()
	e.index.made = nil
}
