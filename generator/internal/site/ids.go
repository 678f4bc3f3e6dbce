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

// IDs lists the lasting ids of the site, each list sorted.
func (s *Site) IDs() IDs {
	out := IDs{Version: 1, Site: s.Config.ID, Pages: []string{}, Questions: []string{}, Cards: []string{}, Sheets: []string{}}
	for _, p := range s.Pages {
		if p.Doc == nil || p.Number > 0 {
			continue
		}
		out.Pages = append(out.Pages, p.ID)
		for _, a := range p.Asked() {
			out.Questions = append(out.Questions, a.Key())
		}
		for _, r := range p.Cards() {
			out.Cards = append(out.Cards, r.Key())
		}
		for _, f := range p.Sheets() {
			out.Sheets = append(out.Sheets, f.Key())
		}
	}
	slices.Sort(out.Pages)
	slices.Sort(out.Questions)
	slices.Sort(out.Cards)
	slices.Sort(out.Sheets)
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
	named() (kind byte, page *Page, name string, was []string)
}

func (a Asked) named() (byte, *Page, string, []string) {
	return 'q', a.Page, a.Question.Name(), a.Question.Was
}

func (r Remembered) named() (byte, *Page, string, []string) {
	return 'c', r.Page, r.Card.Name(), r.Card.Was
}

func (f Filled) named() (byte, *Page, string, []string) {
	return 'k', f.Page, f.Sheet.Name(), f.Sheet.Was
}

// FormerKeys returns the ids that something had: those that its author names, and the one that it has without a name, on its page
// and on what that was called before. An id that something else has now is none of them.
func (s *Site) FormerKeys(of Learnt) []string {
	kind, p, name, was := of.named()
	former := slices.Clone(was)
	for _, page := range append([]string{p.ID}, p.FormerIDs()...) {
		former = append(former, page+"/"+name)
	}
	return slices.DeleteFunc(former, func(id string) bool { return id == of.Key() || s.living[string(kind)+id] })
}

// live remembers the ids that there are.
func (b *builder) live() {
	b.living = map[string]bool{}
	for _, p := range b.Pages {
		for _, l := range p.learnt() {
			kind, _, _, _ := l.named()
			b.living[string(kind)+l.Key()] = true
		}
	}
	for _, p := range b.Pages {
		for _, l := range p.learnt() {
			kind, _, _, was := l.named()
			for _, id := range was {
				if b.living[string(kind)+id] && kind != 'q' { // questions have been checked
					b.errorf(diag.Position{File: p.Doc.Name, Line: 1, Col: 1}, "was", "leave it out: what readers did with that one is its own", "was: %s names something that is still there", id)
					b.list[len(b.list)-1].Beside = true
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
	pages, asked, cards, sheets := map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	know := func(in map[string]bool, id string, former []string) {
		in[id] = true
		for _, f := range former {
			in[f] = true
		}
	}
	for _, p := range s.Pages {
		know(pages, p.ID, p.FormerIDs())
		for _, a := range p.Asked() {
			know(asked, a.Key(), s.FormerKeys(a))
		}
		for _, r := range p.Cards() {
			know(cards, r.Key(), s.FormerKeys(r))
		}
		for _, f := range p.Sheets() {
			know(sheets, f.Key(), s.FormerKeys(f))
		}
	}
	lost := func(ids []string, known map[string]bool) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] })
	}
	return IDs{Pages: lost(before.Pages, pages), Questions: lost(before.Questions, asked), Cards: lost(before.Cards, cards), Sheets: lost(before.Sheets, sheets)}
}
