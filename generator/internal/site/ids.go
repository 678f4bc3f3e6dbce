package site

import (
	"slices"
	"strings"

	"waymark/generator/diag"
)

// IDsPath is where the list of all lasting ids lies in the output.
const IDsPath = "ids.json"

// IDs are the lasting ids of a site: those under which readers' browsers keep what they did.
type IDs struct {
	Version   int      `json:"version"`
	Site      string   `json:"site"`
	Pages     []string `json:"pages"`
	Questions []string `json:"questions"`
	Cards     []string `json:"cards"`
	Sheets    []string `json:"sheets"` // checklists and worksheets
}

// of returns the list of what is of a kind.
func (i *IDs) of(kind byte) *[]string {
	switch kind {
	case 'q':
		return &i.Questions
	case 'c':
		return &i.Cards
	}
	return &i.Sheets
}

// lists are all lists of ids.
func (i *IDs) lists() []*[]string { return []*[]string{&i.Pages, &i.Questions, &i.Cards, &i.Sheets} }

// IDs lists the lasting ids of the site, each list sorted.
func (s *Site) IDs() IDs {
	out := IDs{Version: 1, Site: s.Config.ID, Pages: []string{}, Questions: []string{}, Cards: []string{}, Sheets: []string{}}
	for _, p := range s.Pages {
		if p.Doc == nil || p.Number > 0 {
			continue
		}
		out.Pages = append(out.Pages, p.ID)
		for _, l := range p.learnt() {
			list := out.of(l.identity().kind)
			*list = append(*list, l.Key())
		}
	}
	for _, list := range out.lists() {
		slices.Sort(*list)
	}
	return out
}

// FormerIDs returns the ids under which browsers may have kept what readers did with a page: its path, and the addresses that it had.
func (p *Page) FormerIDs() []string {
	if p.Doc == nil {
		return nil
	}
	former := []string{p.key}
	for _, alias := range p.Doc.Front.Aliases {
		former = append(former, strings.Trim(strings.TrimSuffix(alias, "index.html"), "/"))
	}
	former = slices.DeleteFunc(former, func(id string) bool { return id == "" || id == p.ID })
	slices.Sort(former)
	return slices.Compact(former)
}

// Learnt is something that browsers keep a record of: a question, a card, or a sheet.
type Learnt interface {
	Key() string
	identity() identity
}

// identity is what tells something that is learnt from others of its kind.
type identity struct {
	kind byte
	noun string // what it is called
	code string // of what is wrong with its id
	page *Page
	name func() string // that it has without an id
	was  []string
	pos  diag.Position
	at   map[string]diag.Position // where its keys stand
}

func (a Asked) identity() identity {
	q := a.Question
	return identity{'q', "question", "quiz", a.Page, q.Name, q.Was, q.Pos, q.At}
}

func (r Remembered) identity() identity {
	c := r.Card
	return identity{'c', "card", "recall", r.Page, c.Name, c.Was, c.Pos, c.At}
}

func (f Filled) identity() identity {
	s := f.Sheet
	return identity{'k', string(s.Kind), "sheet", f.Page, s.Name, s.Was, s.Pos, s.At}
}

// known is an id among those of its kind.
func (i identity) known(id string) string { return string(i.kind) + id }

// FormerKeys returns the ids that something had: those that its author names, and the one that it has without a name, on its page
// and on what that was called before. An id that something else has now is none of them.
func (s *Site) FormerKeys(of Learnt) []string {
	i := of.identity()
	former, name := slices.Clone(i.was), i.name()
	for _, page := range append([]string{i.page.ID}, i.page.FormerIDs()...) {
		former = append(former, page+"/"+name)
	}
	return slices.DeleteFunc(former, func(id string) bool { return id == of.Key() || s.learnt[i.known(id)] != nil })
}

// ids remembers what is learnt by its id, and finds ids that two have: what a reader did with one of them would count for the other.
func (b *builder) ids() {
	wrong := func(code string, pos diag.Position, hint, format string, args ...any) {
		b.errorf(pos, code, hint, format, args...)
		b.list[len(b.list)-1].Beside = true
	}
	b.learnt = map[string]Learnt{}
	for _, p := range b.Pages {
		for _, l := range p.learnt() {
			i := l.identity()
			other := b.learnt[i.known(l.Key())]
			if other == nil {
				b.learnt[i.known(l.Key())] = l
				continue
			}
			o := other.identity()
			if at, given := i.at["id"]; given {
				wrong(i.code, at, "give one of them another id", "the id %q is already used in %s, line %d", l.Key(), o.page.Doc.Name, o.pos.Line)
			} else {
				wrong(i.code, i.pos, "give one of them an id:, or other words", "this %s begins as that in line %d, and nothing tells them apart", i.noun, o.pos.Line)
			}
		}
	}
	for _, p := range b.Pages {
		for _, l := range p.learnt() {
			i := l.identity()
			for _, was := range i.was {
				if other := b.learnt[i.known(was)]; other != nil {
					o := other.identity()
					wrong(i.code, i.at["was"], "leave it out: what readers did with that one is its own", "the id %q is that of another %s, in %s", was, o.noun, o.page.Doc.Name)
				}
			}
		}
	}
}

// learnt are all things on a page that browsers keep a record of.
func (p *Page) learnt() []Learnt {
	var out []Learnt
	for _, a := range p.Asked() {
		out = append(out, a)
	}
	for _, r := range p.Cards() {
		out = append(out, r)
	}
	for _, f := range p.Sheets() {
		out = append(out, f)
	}
	return out
}

// Lost says which ids of an earlier edition of the site are in this one no more, under no name.
func (s *Site) Lost(before IDs) IDs {
	var kept IDs
	for _, p := range s.Pages {
		kept.Pages = append(append(kept.Pages, p.ID), p.FormerIDs()...)
		for _, l := range p.learnt() {
			list := kept.of(l.identity().kind)
			*list = append(append(*list, l.Key()), s.FormerKeys(l)...)
		}
	}
	lost := IDs{Pages: slices.Clone(before.Pages), Questions: slices.Clone(before.Questions), Cards: slices.Clone(before.Cards), Sheets: slices.Clone(before.Sheets)}
	for i, list := range lost.lists() {
		known := map[string]bool{}
		for _, id := range *kept.lists()[i] {
			known[id] = true
		}
		*list = slices.DeleteFunc(*list, func(id string) bool { return known[id] })
	}
	return lost
}
