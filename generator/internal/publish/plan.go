package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/parallel"
)

// step is what is to be done to one file.
type step struct {
	path   string
	want   entry
	was    entry // what was published there
	keep   bool  // whether that stands there, and goes now
	fresh  bool  // whether nothing stands there
	remove bool
	first  bool // of what is removed: whether it is in the way of what comes
}

// plan is all that is to be done.
type plan struct {
	send, remove []step
	foreign      []string // files in the way that Waymark did not put there
	files        int      // how many were published before
}

// makePlan compares what is wanted with what may be there, and looks at the place wherever these differ.
func (r *run) makePlan(ctx context.Context) (p plan, err error) {
	touched := r.touched()
	steps, foreign := make([]*step, len(touched)), make([]bool, len(touched))
	gone := make([]bool, len(touched))
	err = parallel.Most(ctx, atATime, touched, func(i int, path string) (err error) {
		steps[i], foreign[i], gone[i], err = r.compare(ctx, path)
		return err
	})
	if err != nil {
		return p, fmt.Errorf("look at what stands there: %w", err)
	}
	for i, s := range steps {
		if foreign[i] {
			p.foreign = append(p.foreign, touched[i])
		}
		if gone[i] {
			delete(r.wanted, touched[i])
		}
		switch {
		case s == nil:
		case s.remove:
			p.remove = append(p.remove, *s)
		default:
			p.send = append(p.send, *s)
		}
	}
	p.files = r.known.was.Files
	r.clearTheWay(&p)
	return p, nil
}

// clearTheWay lets go first what stands as a file where a folder is wanted, or in a folder where a file is; and lets stay what is one file
// with something that is wanted, on a disk that does not tell the case of letters.
func (r *run) clearTheWay(p *plan) {
	wanted, folders := map[string]string{}, map[string]bool{}
	for name := range r.wanted {
		wanted[strings.ToLower(name)] = name
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	kept := p.remove[:0]
	for _, s := range p.remove {
		if now, there := wanted[strings.ToLower(s.path)]; there && r.place.oneFile(s.path, now) {
			continue
		}
		s.first = folders[s.path]
		for dir := path.Dir(s.path); dir != "."; dir = path.Dir(dir) {
			_, file := r.wanted[dir]
			s.first = s.first || file
		}
		kept = append(kept, s)
	}
	p.remove = kept
}

// touched returns the paths at which something else may stand than what is wanted.
func (r *run) touched() []string {
	paths := map[string]bool{}
	all := append(slices.Clone(r.known.attempts), r.known.files)
	for path, want := range r.wanted {
		for _, files := range all {
			if was, there := files[path]; !there || !was.sameFile(want) || r.All {
				paths[path] = true
			}
		}
	}
	for _, files := range all {
		for path := range files {
			if _, wanted := r.wanted[path]; !wanted {
				paths[path] = true
			}
		}
	}
	return sortedPaths(paths)
}

func (e entry) sameFile(other entry) bool {
	return e.Digest == other.Digest && e.Packed == other.Packed
}

// compare looks at one path. foreign says that what somebody else put there is in the way, and gone that a file is not there which only
// had to stay.
func (r *run) compare(ctx context.Context, path string) (_ *step, foreign, gone bool, err error) {
	want, wanted := r.wanted[path]
	was, known := r.known.files[path]
	packed := want.Packed || !wanted && r.isPacked(path)
	have, err := r.place.Look(ctx, path, packed)
	missing := errors.Is(err, fs.ErrNotExist)
	if errors.Is(err, errFolder) {
		if missing = !slices.ContainsFunc(r.place.below(path), func(file string) bool { return !r.isOurs(file) }); !missing && wanted {
			return nil, true, false, nil
		}
		err = fs.ErrNotExist
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, false, err
	}
	s := &step{path: path, want: want, was: was, keep: known && have == was.Digest && !missing, fresh: missing, remove: !wanted}
	ours := s.keep || r.mayBe(path, have) || known && (have == ofNothing || wanted && r.All)
	switch {
	case wanted && !missing && have == want.Digest:
		return nil, false, false, nil
	case wanted && want.Leaving:
		return nil, false, true, nil // it is not there to stay
	case wanted && (missing || ours):
		return s, false, false, nil
	case wanted:
		return s, !r.Replace, false, nil
	case missing || !ours:
		return nil, false, false, nil
	}
	return s, false, false, nil
}

// ofNothing is the digest of an empty file, which is what a power cut leaves of one of ours, and holds nothing of anybody's.
var ofNothing = digestOf(nil)

// mayBe reports whether what stands at a path was put there by something that was begun, or is one file with one of ours on a disk that does
// not tell the case of letters.
func (r *run) mayBe(path, have string) bool {
	if have == "" {
		return false
	}
	for _, files := range append(slices.Clone(r.known.attempts), r.known.files) {
		if files[path].Digest == have {
			return true
		}
		for other, e := range files {
			if e.Digest == have && other != path && strings.EqualFold(other, path) && r.place.oneFile(other, path) {
				return true
			}
		}
	}
	return false
}

// isOurs reports whether a file was published, or may have been.
func (r *run) isOurs(path string) bool {
	for _, files := range append(slices.Clone(r.known.attempts), r.known.files) {
		if _, ours := files[path]; ours {
			return true
		}
	}
	return false
}

// isPacked reports whether what was published at a path is a compressed copy.
func (r *run) isPacked(path string) bool {
	return r.known.files[path].Packed || slices.ContainsFunc(r.known.attempts, func(files part) bool { return files[path].Packed })
}

// kept returns the names under which the files are kept that were published and stand there no more.
func (r *run) kept() (names []string) {
	for _, path := range sortedPaths(r.known.files) {
		was := r.known.files[path]
		if want, wanted := r.wanted[path]; !wanted || !want.sameFile(was) {
			names = append(names, was.keptName(path))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// keptName names a file that is kept: by what is in it, and by its path, because hosts are told how to send it.
func (e entry) keptName(path string) string {
	return keptPrefix + e.Digest + "-" + digestOf([]byte(path))[:16]
}

// usual is how many of so many files may go without having been allowed to: half a hundred, or a tenth.
func usual(files int) int { return min(50, (files+9)/10) }

// allowed refuses what nobody can have meant.
func (p plan) allowed(o Options) error {
	if len(p.foreign) > 0 {
		return diag.Usagef("%s is in the way, which Waymark did not put there%s (move it, publish elsewhere, or take its place with --replace)", p.foreign[0], andMore(len(p.foreign)-1))
	}
	var pages []string
	for _, s := range p.remove {
		if !s.was.Lasting && !s.was.Packed {
			pages = append(pages, s.path)
		}
	}
	limit := o.Deletes
	if limit < 0 {
		limit = usual(p.files)
	}
	if len(pages) > limit {
		return diag.Usagef("%d of %d files would go, first %s, which is more than %d (if that is meant, add --allow-deletes %d)", len(pages), p.files, pages[0], limit, len(pages))
	}
	return nil
}

func andMore(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", and %d more are", n)
}

// steps lists what is done, in its order.
func (p plan) steps(back bool) []Step {
	all := []Step{}
	for _, stretch := range p.stretches() {
		for _, s := range stretch {
			do := "replace"
			switch {
			case s.remove:
				do = "remove"
			case back:
				do = "restore"
			case s.fresh:
				do = "send"
			}
			all = append(all, Step{do, s.path})
		}
	}
	return all
}

// The order in which files come and go, so that whoever reads meanwhile finds what a page names.
const (
	wayCleared = iota
	assetsCome
	newPagesCome
	pagesCome
	feedsCome
	pagesGo
	restGoes
	allStretches
)

// stretches cuts the plan into parts of which each is done before the next begins.
func (p plan) stretches() [][]step {
	cut := make([][]step, allStretches)
	for _, s := range slices.Concat(p.send, p.remove) {
		at := s.stretch()
		cut[at] = append(cut[at], s)
	}
	return slices.DeleteFunc(cut, func(steps []step) bool { return len(steps) == 0 })
}

func (s step) stretch() int {
	name := strings.TrimSuffix(s.path, packedEnding)
	page := path.Ext(name) == ".html"
	switch {
	case s.remove && s.first:
		return wayCleared
	case s.remove && page:
		return pagesGo
	case s.remove:
		return restGoes
	case page && s.fresh:
		return newPagesCome
	case page:
		return pagesCome
	case path.Ext(name) == ".xml", path.Base(name) == "feed.json", path.Base(name) == "robots.txt":
		return feedsCome
	}
	return assetsCome
}
