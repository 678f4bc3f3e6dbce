// Package publish brings a finished build to the place that hosts it: a folder, an object store, or a branch of a git repository.
//
// Only what changed is sent: a place remembers what was published there. What pages name comes first, then pages, then feeds; what goes,
// goes last, and what only older pages name goes one publication later. Before anything changes, what is to be is written down, so that
// whoever comes after a publisher that was cut off knows which files are Waymark's own. Nothing else is ever changed or removed. What a
// publication replaces is kept for the next Rollback.
package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/parallel"
)

// File is a file of a finished build.
type File struct {
	Path    string
	Digest  string // SHA-256 in hex
	Lasting bool   // whether its name changes whenever its bytes do
}

// Options say what is published, and how far one may go.
type Options struct {
	Dir     string // the folder of the finished build
	Repo    string // a folder in a git repository, whose remotes and branches addresses may name
	Site    string // the lasting name of the site
	Files   []File
	Type    func(path string) string // the media type of a file
	Pack    bool                     // put a copy beside each text that is compressed by gzip, for servers that look for such
	Deletes int                      // how many files may go at most; fewer than none stand for what seems usual
	Replace bool                     // take the place of what others put there, or of another site
	Forget  bool                     // keep nothing of the publication before
	All     bool                     // look at every file at the place, not only at those that changed
	Unlock  bool                     // take the place of a publisher that was killed
	Dry     bool                     // change nothing

	// Progress, where given, is told how many of the steps are done.
	Progress func(done, total int)
}

// Step is one thing that is done to a file of the place.
type Step struct {
	Do   string `json:"do"` // send, replace, restore or remove
	Path string `json:"path"`
}

// Report says what was done, or would be.
type Report struct {
	Steps     []Step `json:"steps"`
	Unchanged int    `json:"unchanged"`
	Leaving   int    `json:"leaving"`  // how many files stay that no page names any more, for those that have an old page open
	Resumed   bool   `json:"resumed"`  // whether something that was begun before was brought to its end
	Requests  int64  `json:"requests"` // how many were asked of the place
	Sent      int64  `json:"sent"`     // bytes
	Fetched   int64  `json:"fetched"`  // bytes
}

// Publish makes the place at an address what a finished build is. What the author has to decide is a *diag.UsageError, and nothing has
// changed then. Where the machine or the place failed, another call goes on from there.
func Publish(ctx context.Context, address string, o Options) (Report, error) {
	r, err := forward(o)
	if err != nil {
		return Report{}, err
	}
	return r.at(ctx, address)
}

// forward is a run that publishes a build.
func forward(o Options) (*run, error) {
	if !slices.ContainsFunc(o.Files, func(f File) bool { return f.Path == "index.html" }) {
		return nil, diag.Usagef("there is nothing to publish: the site in %s has no first page", o.Dir)
	}
	wanted := part{}
	for _, f := range o.Files {
		if o.Pack && isText(f.Path) {
			wanted[f.Path+packedEnding] = entry{Digest: f.Digest, Lasting: f.Lasting, Packed: true}
		}
	}
	for _, f := range o.Files { // an author's own name.gz before one of ours
		wanted[f.Path] = entry{Digest: f.Digest, Lasting: f.Lasting}
	}
	r := &run{Options: o, wanted: wanted}
	r.send = r.sendBuilt
	return r, nil
}

// packedEnding ends the names of compressed copies.
const packedEnding = ".gz"

// isText reports whether a file gets smaller when it is compressed.
func isText(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".html", ".css", ".js", ".json", ".xml", ".svg", ".txt", ".ics", ".csv", ".opml", ".mermaid", ".webmanifest":
		return true
	}
	return false
}

// Rollback puts the publication back that stood at the place before the last one. A second one undoes it.
func Rollback(ctx context.Context, address string, o Options) (Report, error) {
	return backward(o).at(ctx, address)
}

// backward is a run that puts back what was.
func backward(o Options) *run {
	r := &run{Options: o, back: true}
	r.send = r.restore
	return r
}

// run is one publication.
type run struct {
	Options
	place  *counted
	back   bool // whether it puts back what was
	wanted part
	same   bool // whether it is what was published last, so that what was published before that stays what a Rollback puts back
	known  known
	plan   plan
	parts  []part // as they will be
	send   func(ctx context.Context, path string, e entry) error
	lock   *lock
	report Report
}

// at publishes at an address.
func (r *run) at(ctx context.Context, address string) (Report, error) {
	p, err := open(ctx, address, r.Repo)
	if err != nil {
		return Report{}, err
	}
	defer p.Close()
	return r.on(ctx, p)
}

// on publishes at a place.
func (r *run) on(ctx context.Context, p place) (_ Report, err error) {
	r.place = &counted{place: p}
	if !r.Dry && !p.atOnce() {
		if r.lock, err = acquire(ctx, r.place, r.Unlock); err != nil {
			return Report{}, err
		}
		defer r.lock.release()
		ctx = r.lock.ctx
		if err := r.place.Sweep(ctx); err != nil {
			return Report{}, fmt.Errorf("remove what a killed publisher left: %w", err)
		}
	}
	if r.back {
		if err := r.wantBefore(ctx); err != nil {
			return Report{}, err
		}
	}
	if err := r.prepare(ctx); err != nil {
		return Report{}, because(ctx, err)
	}
	if !r.Dry {
		err = because(ctx, r.change(ctx))
	}
	r.report.Requests, r.report.Sent, r.report.Fetched = r.place.requests.Load(), r.place.sent.Load(), r.place.fetched.Load()
	return r.report, err
}

// because returns why something was given up, where it was.
func because(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// wantBefore wants what was published before.
func (r *run) wantBefore(ctx context.Context) error {
	var was publication
	there, err := read(ctx, r.place, rootName, &was)
	if err != nil {
		return err
	}
	if !there || len(was.Before) == 0 {
		return diag.Usagef("there is no publication before this one that could be put back")
	}
	parts := was.Before
	var begun intent
	if _, err := read(ctx, r.place, intentName, &begun); err != nil {
		return err
	}
	if begun.restored(was.Parts) {
		parts = was.Parts
	}
	r.wanted, r.Site = part{}, was.Site
	for _, digest := range parts {
		files, err := readPart(ctx, r.place, digest)
		if err != nil {
			return err
		}
		maps.Copy(r.wanted, files)
	}
	return nil
}

// prepare finds out what is to be done, and refuses what nobody can want.
func (r *run) prepare(ctx context.Context) (err error) {
	if r.known, err = look(ctx, r.place, split(r.wanted)); err != nil {
		if !r.Replace || !errors.Is(err, errDamaged) {
			return err
		}
		r.known = known{files: part{}}
	}
	if r.known.there && r.known.was.Site != r.Site && !r.Replace {
		return diag.Usagef("another site stands there, %q, and this is %q (if it is this one with another title or address, write id: %s into waymark.yaml; else publish elsewhere, or take its place with --replace)", r.known.was.Site, r.Site, r.known.was.Site)
	}
	r.report.Resumed = len(r.known.begun.Attempts)+len(r.known.begun.Sweep) > 0
	r.settle()
	if r.plan, err = r.makePlan(ctx); err != nil {
		return err
	}
	if r.back {
		if err := r.allKept(ctx); err != nil {
			return err
		}
	}
	r.report.Steps, r.report.Unchanged = r.plan.steps(r.back), len(r.wanted)-len(r.plan.send)
	r.parts = split(r.wanted)
	return r.plan.allowed(r.Options)
}

// allKept refuses to put back what cannot be put back whole.
func (r *run) allKept(ctx context.Context) error {
	lost := make([]bool, len(r.plan.send))
	err := parallel.Most(ctx, atATime, r.plan.send, func(i int, s step) error {
		have, err := r.place.Look(ctx, s.want.keptName(s.path), s.want.Packed)
		if lost[i] = errors.Is(err, fs.ErrNotExist) || err == nil && have != s.want.Digest; lost[i] {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("look at what was kept: %w", err)
	}
	if i := slices.Index(lost, true); i >= 0 {
		return diag.Usagef("the publication before cannot be put back: %s of it was changed or lost at the place before it could be kept (publish what should be there)", r.plan.send[i].path)
	}
	return nil
}

// settle lets files stay for one publication more that pages of the last one may name.
func (r *run) settle() {
	r.same = r.known.there && maps.EqualFunc(staying(r.wanted), staying(r.known.files), entry.sameFile)
	for _, files := range append(slices.Clone(r.known.attempts), r.known.files) {
		for path, e := range files {
			if _, stays := r.wanted[path]; !stays && e.Lasting && (!e.Leaving || r.same) {
				e.Leaving = true
				r.wanted[path] = e
				r.report.Leaving++
			}
		}
	}
}

// staying returns the files that pages name.
func staying(files part) part {
	staying := maps.Clone(files)
	maps.DeleteFunc(staying, func(_ string, e entry) bool { return e.Leaving })
	return staying
}

// change does what the plan says.
func (r *run) change(ctx context.Context) error {
	root := publication{Version: stateVersion, Site: r.Site, Time: time.Now().UTC().Truncate(time.Second), Files: len(r.wanted)}
	parts := map[string][]byte{}
	for _, p := range r.parts {
		data, digest, err := p.encode()
		if err != nil {
			return err
		}
		root.Parts = append(root.Parts, digest)
		parts[digest] = data
	}
	if len(r.plan.send)+len(r.plan.remove) == 0 && !r.report.Resumed && slices.Equal(root.Parts, r.known.was.Parts) && !r.Forget {
		return nil
	}
	switch {
	case r.Forget:
	case r.same:
		root.Before, root.Kept, root.Time = r.known.was.Before, r.known.was.Kept, r.known.was.Time
	default:
		root.Before, root.Kept = r.known.was.Parts, r.kept()
	}
	var done atomic.Int64
	progress := func() {
		if n := int(done.Add(1)); r.Progress != nil {
			r.Progress(n, len(r.plan.send)+len(r.plan.remove))
		}
	}
	if err := r.writeDown(ctx, root, parts); err != nil {
		return err
	}
	for _, stretch := range r.plan.stretches() {
		if err := r.lock.check(ctx, r.place); err != nil {
			return err
		}
		if err := r.each(ctx, stretch, progress); err != nil {
			return err
		}
	}
	if err := r.lock.check(ctx, r.place); err != nil {
		return err
	}
	if err := putJSON(ctx, r.place, rootName, root); err != nil {
		return err
	}
	if err := r.sweep(ctx, root); err != nil {
		return err
	}
	return r.place.Finish(ctx)
}

// writeDown says what is to be, before anything changes.
func (r *run) writeDown(ctx context.Context, root publication, parts map[string][]byte) error {
	for _, digest := range sortedPaths(parts) {
		if slices.Contains(r.known.was.Parts, digest) {
			continue
		}
		if err := put(ctx, r.place, object{path: partPrefix + digest}, parts[digest]); err != nil {
			return err
		}
	}
	if r.place.atOnce() {
		return nil
	}
	begun := r.known.begun
	begun.Version, begun.Back, begun.Attempts = stateVersion, false, append(slices.Clone(begun.Attempts), attempt{root.Parts, root.Kept, r.back})
	return putJSON(ctx, r.place, intentName, begun)
}

// each does some steps, several at a time.
func (r *run) each(ctx context.Context, steps []step, progress func()) error {
	return parallel.Most(ctx, atATime, steps, func(_ int, s step) error {
		if err := r.do(ctx, s); err != nil {
			return err
		}
		progress()
		return nil
	})
}

// atATime is how many files are on their way at once: most of the time of each is waiting.
const atATime = 16

// do takes one step. What it replaces or removes is kept first.
func (r *run) do(ctx context.Context, s step) error {
	if s.keep && !r.Forget && !r.same {
		if err := r.place.Copy(ctx, s.path, s.was.keptName(s.path)); err != nil {
			return fmt.Errorf("keep %s: %w", s.path, err)
		}
	}
	if s.remove {
		if err := r.place.Remove(ctx, s.path); err != nil {
			return fmt.Errorf("remove %s: %w", s.path, err)
		}
		return nil
	}
	if err := r.send(ctx, s.path, s.want); err != nil {
		return fmt.Errorf("send %s: %w", s.path, err)
	}
	return nil
}

// sendBuilt sends a file of the build, and refuses one that is another than was built.
func (r *run) sendBuilt(ctx context.Context, name string, e entry) error {
	file := filepath.Join(r.Dir, filepath.FromSlash(name))
	if e.Packed {
		file = strings.TrimSuffix(file, packedEnding)
	}
	in, err := os.Open(file)
	if err != nil {
		return err
	}
	digest, err := digestReader(in, false)
	_ = in.Close() // it was only read
	switch {
	case err != nil:
		return err
	case digest != e.Digest:
		return errors.New("it is not what was built any more (build, and publish again)")
	}
	if e.Packed {
		file, err = pack(file)
		defer func() { _ = os.Remove(file) }()
		if err != nil {
			return err
		}
	}
	return r.place.Put(ctx, r.object(name, file, e))
}

// object says how a file is to be sent by its host.
func (r *run) object(name, file string, e entry) object {
	o := object{path: name, file: file, digest: e.Digest, caching: "no-cache"} // which is: ask whether it is still the same
	if e.Lasting {
		o.caching = "public, max-age=31536000, immutable"
	}
	if o.kind = "application/gzip"; !e.Packed && r.Type != nil {
		o.kind = r.Type(name)
	}
	return o
}

// restore puts a file back that was kept.
func (r *run) restore(ctx context.Context, name string, e entry) error {
	err := r.place.Copy(ctx, e.keptName(name), name)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("what was kept of it is gone (publish again)")
	}
	return err
}

// sweep removes what only the publications before needed. What that is, is written down first: it cannot be found again once some of it is
// gone.
func (r *run) sweep(ctx context.Context, root publication) error {
	needed := map[string]bool{}
	for _, digest := range slices.Concat(root.Parts, root.Before) {
		needed[partPrefix+digest] = true
	}
	for _, name := range root.Kept {
		needed[name] = true
	}
	old := attempt{Parts: slices.Concat(r.known.was.Parts, r.known.was.Before), Kept: r.known.was.Kept}
	gone := map[string]bool{}
	for _, a := range append(slices.Clone(r.known.begun.Attempts), old) {
		for _, digest := range a.Parts {
			gone[partPrefix+digest] = true
		}
		for _, name := range a.Kept {
			gone[name] = true
		}
	}
	for _, name := range r.known.begun.Sweep {
		gone[name] = true
	}
	maps.DeleteFunc(gone, func(name string, _ bool) bool { return needed[name] })
	rest := intent{Version: stateVersion, Sweep: sortedPaths(gone), Back: r.back}
	if !r.place.atOnce() {
		if err := putJSON(ctx, r.place, intentName, rest); err != nil {
			return err
		}
	}
	err := parallel.Most(ctx, atATime, rest.Sweep, func(_ int, name string) error { return r.place.Remove(ctx, name) })
	if err == nil && !r.place.atOnce() {
		err = r.place.Remove(ctx, intentName)
	}
	return err
}
