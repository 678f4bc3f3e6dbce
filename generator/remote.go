package generator

import (
	"context"
	"fmt"
	"hash/fnv"

	"waymark/generator/diag"
	"waymark/generator/internal/edition"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/parallel"
	"waymark/generator/internal/remote"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
)

// Share is a part of a site that one of several machines makes.
type Share struct {
	Number int // from 1 to Of
	Of     int // on how many machines; 0 where one makes all
}

// MostShares is on how many machines a site may be made.
const MostShares = memo.MostShares

// has reports whether something belongs to the share, by its name.
func (s Share) has(name string) bool {
	if s.Of == 0 {
		return true
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name))                        // it never fails
	return h.Sum32()%uint32(s.Of) == uint32(s.Number-1) //nolint:gosec // both are small
}

// RemoteStats says what a build had of a remote cache.
type RemoteStats struct {
	Fetched int64  `json:"fetched"`           // bytes
	Given   int64  `json:"given"`             // bytes
	Problem string `json:"problem,omitempty"` // why it was not used, or not to the end
}

// CheckRemote returns a *diag.UsageError for an address at which no remote cache can be.
func CheckRemote(address string) error { return remote.Check(address) }

// fetch brings what other machines have made. Where that cannot be had, all is made here.
func (b *build) fetch(ctx context.Context) {
	if b.Remote == "" || !b.memo.Kept() {
		return
	}
	defer b.step(fetching, "")()
	b.remote = &RemoteStats{}
	store, err := remote.Open(b.Remote)
	if err == nil {
		b.store = store
		waiting, done := remote.Reading(ctx)
		defer done()
		b.remote.Fetched, err = b.memo.Fetch(waiting, store)
		err = remote.Reason(waiting, err)
	}
	if err == nil {
		return
	}
	b.remote.Problem = err.Error()
	if b.store != nil {
		b.store.Close() // it is not asked again
		b.store = nil
	}
}

// give leaves what was made for other machines.
func (b *build) give(ctx context.Context) {
	if b.store == nil {
		return
	}
	defer b.step(giving, "")()
	waiting, done := remote.Writing(ctx)
	defer done()
	var err error
	b.remote.Given, err = b.memo.Give(waiting, b.store, b.Share.Number)
	if err = remote.Reason(waiting, err); err != nil {
		b.remote.Problem = err.Error()
	}
}

// warm makes the pages of a share, with the pictures on them, and writes none: they are kept. It has not asked for all that is wanted of
// the memo, which therefore forgets nothing.
func (b *build) warm(ctx context.Context) error {
	if !b.memo.Kept() {
		return fmt.Errorf("make a share of the site: nothing can be kept in %q", b.Cache)
	}
	defer b.step(making, "")()
	e := edition.New(b.root, b.site, b.theme, render.Options{}, b)
	e.Remember(b.memo, memo.Program(), nil)
	var share []edition.Product
	for _, p := range e.Products() {
		name := p.Path
		switch {
		case p.Source != "":
			name = p.Source
		case p.Page != nil && p.Page.Doc != nil:
			name = p.Page.Doc.Name
		}
		if (p.Kind == site.PageFile || p.Kind == site.NarrowerFile) && b.Share.has(name) {
			share = append(share, p)
		}
	}
	err := b.try(ctx, share)
	b.warmed = len(share)
	return err
}

// try makes files and writes none, and tells what is found meanwhile.
func (b *build) try(ctx context.Context, products []edition.Product) error {
	problems := make([]*diag.Diagnostic, len(products))
	err := parallel.Each(ctx, products, func(i int, p edition.Product) error {
		m, err := p.Make()
		problems[i] = m.Problem
		return err
	})
	for _, problem := range problems {
		if problem != nil {
			b.tell(*problem)
		}
	}
	return err
}
