package generator

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
)

// leftOut is a text that is not shown, because it never was without errors, or because its errors cannot be kept to
// itself.
type leftOut struct {
	name    string // relative to the site's folder
	address string // where it was shown, or would be by its name
}

// model makes the site anew of what was read. Texts that would make it wrong are shown as they were, and where that does
// not help they are left out. Where no text is to blame, all of the site stays as it was.
func (p *Preview) model() error {
	p.pending = true
	if !p.settings.known || p.theme.Theme == nil {
		return nil // the lists say why
	}
	now, err := today(p.config, p.settings.config)
	if err != nil {
		return err
	}
	attempt := attempt{texts: p.sorted(), first: p.shown == nil}
	for _, t := range attempt.texts {
		t.suspect, t.stuck, t.use = len(t.stuck) > 0, nil, &t.good
		if t.now.fit() {
			t.use = &t.now
		}
	}
	files := make([]site.File, 0, len(p.files))
	for _, f := range p.files {
		files = append(files, f.File)
	}
	slices.SortFunc(files, func(x, y site.File) int { return cmp.Compare(x.Source, y.Source) })
	for {
		in := site.Input{
			Config: p.settings.config, Files: cloneFiles(files), Static: p.static, Drafts: p.config.Drafts, Future: p.config.Future, Now: now,
		}
		attempt.fill(&in)
		s, list := site.New(in)
		wrong := slices.DeleteFunc(slices.Clone(list), func(d diag.Diagnostic) bool { return d.Severity != diag.Error || d.Code == "map" })
		if len(wrong) == 0 {
			attempt.blame()
			p.modelled = slices.Concat(attempt.list, list)
			p.show(s, attempt.texts, now)
			return nil
		}
		attempt.note(wrong)
		if !attempt.stepBack(wrong, &files) {
			p.modelled = slices.Concat(attempt.list, list)
			return nil
		}
	}
}

// cloneFiles copies files: the model writes into them where they go.
func cloneFiles(files []site.File) []site.File {
	out := slices.Clone(files)
	for i := range out {
		if out[i].Image != nil {
			info := *out[i].Image
			info.Scaled = slices.Clone(info.Scaled)
			out[i].Image = &info
		}
	}
	return out
}

func (p *Preview) sorted() []*text {
	texts := make([]*text, 0, len(p.texts))
	for _, t := range p.texts {
		texts = append(texts, t)
	}
	slices.SortFunc(texts, func(x, y *text) int { return cmp.Compare(x.entry.Path, y.entry.Path) })
	return texts
}

// attempt is a model in the making.
type attempt struct {
	texts  []*text // by path
	list   diag.List
	first  bool // whether nothing was shown before
	undone *undone
}

// undone is what was taken back to see whether that helps.
type undone struct {
	uses  []*version // of all texts, as they were
	wrong diag.List  // what was wrong with them
	tried int        // how many of the suspicions were followed
}

// suspicions are whose changes may be to blame for errors elsewhere: those that were to blame before, then those that
// came just now, then all.
var suspicions = []func(*text) bool{
	func(t *text) bool { return t.suspect && !t.fresh },
	func(t *text) bool { return t.fresh },
	func(*text) bool { return true },
}

// note adds errors that are not known yet. Hints may differ from one attempt to the next.
func (a *attempt) note(wrong diag.List) {
	for _, d := range wrong {
		if !slices.ContainsFunc(a.list, func(e diag.Diagnostic) bool { return e.Pos == d.Pos && e.Message == d.Message }) {
			a.list.Add(d)
		}
	}
}

func (a *attempt) fill(in *site.Input) {
	for _, t := range a.texts {
		if t.use.doc != nil {
			in.Docs = append(in.Docs, t.use.doc)
			continue
		}
		in.BrokenMaps = append(in.BrokenMaps, mapIDs(t.now.doc)...)
		in.Broken = append(in.Broken, site.Key(t.entry.Path))
	}
}

// stepBack takes back what makes the site wrong: first changes to the texts that errors point at; then changes to others
// that were not shown yet, if that helps; then the texts and files themselves. It reports whether there was anything to
// take.
func (a *attempt) stepBack(wrong diag.List, files *[]site.File) bool {
	if a.undone == nil {
		if a.takeBack(wrong) {
			return true
		}
		a.undone = &undone{wrong: wrong}
		for _, t := range a.texts {
			a.undone.uses = append(a.undone.uses, t.use)
		}
	}
	for !a.first && a.undone.tried < len(suspicions) {
		a.restore()
		suspect := suspicions[a.undone.tried]
		a.undone.tried++
		if a.each(func(t *text) bool { return t.unshown() && suspect(t) }, func(t *text) { t.use = &t.good }) {
			return true
		}
	}
	if a.undone.wrong != nil {
		a.restore()
		wrong, a.undone.wrong = a.undone.wrong, nil
	}
	return a.leaveOut(wrong, files)
}

func (a *attempt) restore() {
	for i, t := range a.texts {
		t.use = a.undone.uses[i]
	}
}

// byFile sorts errors by the files that they point at.
func byFile(list diag.List) map[string]diag.List {
	files := map[string]diag.List{}
	for _, d := range list {
		files[d.Pos.File] = append(files[d.Pos.File], d)
	}
	return files
}

// unshown reports whether a text has a change that was not shown yet.
func (t *text) unshown() bool { return t.use == &t.now && t.now.doc != t.good.doc }

// takeBack takes back the changes to the texts that errors point at.
func (a *attempt) takeBack(wrong diag.List) bool {
	errors := byFile(wrong)
	return a.each(func(t *text) bool { return t.unshown() && errors[t.entry.Name()] != nil }, func(t *text) {
		t.use, t.stuck = &t.good, errors[t.entry.Name()]
	})
}

// blame tells the texts whose changes were taken back for the sake of others why that is so.
func (a *attempt) blame() {
	if a.undone == nil || a.undone.wrong == nil {
		return
	}
	for i, t := range a.texts {
		if t.use != a.undone.uses[i] {
			t.stuck = a.undone.wrong
		}
	}
}

// leaveOut takes the texts and files that errors point at out of the site.
func (a *attempt) leaveOut(wrong diag.List, files *[]site.File) bool {
	errors := byFile(wrong)
	before := len(*files)
	*files = slices.DeleteFunc(*files, func(f site.File) bool { return errors[path.Join(source.Folder, f.Source)] != nil })
	texts := a.each(func(t *text) bool { return t.use.doc != nil && errors[t.entry.Name()] != nil }, func(t *text) { t.use = &version{} })
	return texts || len(*files) < before
}

// each does something to the texts that are meant, and reports whether there were any.
func (a *attempt) each(meant func(*text) bool, do func(*text)) bool {
	found := false
	for _, t := range a.texts {
		if meant(t) {
			do(t)
			found = true
		}
	}
	return found
}

// show puts a new site where the old one was.
func (p *Preview) show(s *site.Site, texts []*text, day dates.Date) {
	p.mu.Lock()
	defer p.mu.Unlock()
	renderer := render.New(s, p.theme.Theme, p.theme.assets, render.Options{}, p.body)
	next := &shown{
		edition: newEdition(p.root, s, p.theme.assets, p.static, renderer), parser: p.settings.parser,
		sources: make(map[string]piece, len(texts)), kept: map[string]*Answer{}, day: day,
	}
	products := next.edition.products()
	next.products = make(map[string]product, len(products)+1)
	for _, item := range products {
		next.products[item.path] = item
	}
	anywhere := *next.edition
	anywhere.renderer = render.New(s, p.theme.Theme, p.theme.assets, render.Options{Root: "/"}, p.body)
	next.products[Lost] = anywhere.page(s.At("/404.html"))
	for _, t := range texts {
		t.fresh = false
		if t.use.doc == nil {
			p.keep(next, t)
			continue
		}
		t.good = *t.use
		next.sources[t.entry.Path] = t.good.at
	}
	if len(next.kept) > 0 {
		p.keepAssets(next)
	}
	p.shown, p.pending = next, false
}

// keepAssets keeps the style sheets and scripts that kept pages name.
func (p *Preview) keepAssets(next *shown) {
	for name, a := range p.shown.kept {
		if a.Lasting {
			next.kept[name] = a
		}
	}
	for _, asset := range p.shown.assets.Artifacts {
		if _, there := next.products[asset.Path]; !there {
			next.kept[asset.Path] = &Answer{Data: asset.Data, Lasting: true}
		}
	}
}

// keep keeps the page of a text that is left out as it was last shown, if nothing else has its address now.
func (p *Preview) keep(next *shown, t *text) {
	if p.shown == nil {
		return
	}
	if page := p.shown.site.PageOf(t.entry.Path); page != nil {
		t.address = page.URL
	}
	name := outputPath(t.address)
	if _, taken := next.products[name]; taken || t.address == "" {
		return
	}
	if a, err := p.answer(name); err == nil && a != nil && a.Data != nil {
		next.kept[name] = a
	}
}

// judge says which texts are left out, and which are shown as they were.
func (p *Preview) judge() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out, p.stale = nil, map[string]diag.List{}
	for _, t := range p.texts {
		if p.shown == nil || !p.shown.has(t) {
			p.out = append(p.out, leftOut{t.entry.Name(), cmp.Or(t.address, likelyAddress(t.entry.Path))})
		} else if t.now.doc != t.good.doc || len(t.stuck) > 0 {
			p.stale[t.entry.Name()] = t.stuck
		}
	}
}

// has reports whether some version of a text is a part of the site.
func (s *shown) has(t *text) bool {
	_, found := s.sources[t.entry.Path]
	return found
}

// likelyAddress is where a text with nothing special in its header is shown.
func likelyAddress(docPath string) string {
	address := "/"
	for _, part := range strings.Split(site.Key(docPath), "/") {
		if made := slug.Make(part); made != "" {
			address += made + "/"
		}
	}
	return address
}

// revise puts new versions of texts where the old ones stand, where the rest of the site cannot tell. It reports whether
// it could for all of them.
func (p *Preview) revise(names []string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown == nil || p.pending {
		return false
	}
	for _, name := range names {
		t := p.texts[strings.TrimPrefix(name, source.Folder+"/")]
		if !t.now.fit() || t.good.doc == nil || len(t.stuck) > 0 || t.now.list.HasErrors() {
			return false
		}
		moved, ok := p.shown.site.Revise(t.now.doc)
		if !ok {
			return false
		}
		t.good, t.fresh, p.shown.sources[t.entry.Path] = t.now, false, t.now.at
		delete(p.stale, name)
		for i := range p.modelled {
			if to, found := moved[p.modelled[i].Pos]; found {
				p.modelled[i].Pos = to
			}
		}
	}
	return true
}
