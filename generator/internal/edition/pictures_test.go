package edition

import (
	"path/filepath"
	"sync"
	"testing"

	"waymark/generator/internal/output"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
)

// However many ask at once, and in whatever order, all versions of a picture are made, and are the same as each made alone.
func TestVersionsMadeTogether(t *testing.T) {
	e := demonstration(t, same)
	alone := map[string]string{}
	for _, p := range e.Products() {
		if p.Kind == site.NarrowerFile {
			m, err := p.Make()
			if err != nil || m.StandIn || m.Data == nil {
				t.Fatal(p.Path, m.Problem, err)
			}
			alone[p.Path] = string(m.Data)
		}
	}
	if len(alone) < 3 {
		t.Fatalf("the demonstration has %d narrower pictures", len(alone))
	}
	e = New(e.root, e.Site, e.Theme, render.Options{}, e.Texts)
	var all sync.WaitGroup
	for _, p := range e.Products() {
		if p.Kind != site.NarrowerFile {
			continue
		}
		all.Go(func() {
			if m, err := p.make(true); err != nil || string(m.Data) != alone[p.Path] {
				t.Errorf("%s is another one, made with others: %v", p.Path, err)
			}
		})
	}
	all.Wait()
	for _, p := range e.pictures.byName {
		if len(p.ready) > 0 {
			t.Errorf("%d versions of %s are kept after all were asked for", len(p.ready), p.name)
		}
	}
}

// A copied file arrives whole, and is not written again where it is the same.
func TestCopiesArrive(t *testing.T) {
	e := demonstration(t, same)
	dir := filepath.Join(t.TempDir(), "out")
	for round, want := range []int{1, 0} {
		folder, err := output.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		copies := 0
		for _, p := range e.Products() {
			if p.Kind != site.CopyFile {
				continue
			}
			copies++
			if problem, err := p.Put(folder); err != nil || problem != nil {
				t.Fatal(p.Path, problem, err)
			}
		}
		stats, err := folder.Commit()
		if err != nil || stats.Written != copies*want || copies == 0 {
			t.Errorf("round %d: %+v of %d: %v", round, stats, copies, err)
		}
	}
}
