package preview

import (
	"path"
	"slices"

	"waymark/generator/diag"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// attempt is a model in the making. Texts that would make it wrong are shown as they were, and where that does not help they
// are left out.
type attempt struct {
	input  site.Input
	texts  []*text   // by path
	said   diag.List // what the site as a whole has to say, and what was wrong with it
	list   diag.List // what was wrong with it
	first  bool      // whether nothing was shown before
	undone *undone
}

// newAttempt begins with every text as it stands, where it can be shown at all.
func newAttempt(d *desk, in site.Input, first bool) *attempt {
	in.Config, in.Files, in.Static = d.settings.config, d.sources(), d.static
	in.Cards, in.Past = d.fonts(), d.told(in.Now)
	in.Equal = func(x, y string) bool { return source.Equal(d.root, x, y) }
	for _, f := range d.theme.Assets {
		in.Assets = append(in.Assets, f.Path)
	}
	a := &attempt{input: in, texts: d.sorted(), first: first}
	for _, t := range a.texts {
		t.suspect, t.stuck, t.use = len(t.stuck) > 0, nil, &t.good
		if t.now.fit() {
			t.use = &t.now
		}
	}
	return a
}

// run makes the site, stepping back until nothing is wrong. It returns nil where nothing is left to take back.
func (a *attempt) run() *site.Site {
	for {
		s, list := site.New(a.filled())
		wrong := list.Grave()
		if len(wrong) == 0 {
			a.blame()
			a.said = slices.Concat(a.list, list)
			return s
		}
		a.note(wrong)
		if !a.stepBack(wrong) {
			a.said = slices.Concat(a.list, list)
			return nil
		}
	}
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

// filled returns the input with the versions of the texts that are to be used.
func (a *attempt) filled() site.Input {
	in := a.input
	for _, t := range a.texts {
		if t.use.doc != nil {
			in.Docs = append(in.Docs, t.use.doc)
			continue
		}
		in.BrokenMaps = append(in.BrokenMaps, t.now.doc.MapIDs()...)
		in.Broken = append(in.Broken, t.entry.Path)
	}
	return in
}

// stepBack takes back what makes the site wrong: first changes to the texts that errors point at; then changes to others
// that were not shown yet, if that helps; then the texts and files themselves. It reports whether there was anything to
// take.
func (a *attempt) stepBack(wrong diag.List) bool {
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
	return a.leaveOut(wrong)
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
func (a *attempt) leaveOut(wrong diag.List) bool {
	errors := byFile(wrong)
	before := len(a.input.Files)
	a.input.Files = slices.DeleteFunc(a.input.Files, func(f site.Source) bool { return errors[path.Join(source.Folder, f.Path)] != nil })
	texts := a.each(func(t *text) bool { return t.use.doc != nil && errors[t.entry.Name()] != nil }, func(t *text) { t.use = &version{} })
	return texts || len(a.input.Files) < before
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
