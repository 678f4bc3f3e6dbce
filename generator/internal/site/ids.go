package site

import (
	"slices"
	"strings"
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

// FormerKeys returns the ids that a question had: those that its author names, and the one that it has without a name, on its page
// and on what that was called before.
func (a Asked) FormerKeys() []string {
	return formerKeys(a.Page, a.Key(), a.Question.Name(), a.Question.Was)
}

// FormerKeys is the same of a card.
func (r Remembered) FormerKeys() []string {
	return formerKeys(r.Page, r.Key(), r.Card.Name(), r.Card.Was)
}

// FormerKeys is the same of a checklist or worksheet.
func (f Filled) FormerKeys() []string {
	return formerKeys(f.Page, f.Key(), f.Sheet.Name(), f.Sheet.Was)
}

func formerKeys(p *Page, key, name string, was []string) []string {
	former := slices.Clone(was)
	for _, page := range append([]string{p.ID}, p.FormerIDs()...) {
		former = append(former, page+"/"+name)
	}
	return slices.DeleteFunc(former, func(id string) bool { return id == key })
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
			know(asked, a.Key(), a.FormerKeys())
		}
		for _, r := range p.Cards() {
			know(cards, r.Key(), r.FormerKeys())
		}
		for _, f := range p.Sheets() {
			know(sheets, f.Key(), f.FormerKeys())
		}
	}
	lost := func(ids []string, known map[string]bool) []string {
		return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return known[id] })
	}
	return IDs{Pages: lost(before.Pages, pages), Questions: lost(before.Questions, asked), Cards: lost(before.Cards, cards), Sheets: lost(before.Sheets, sheets)}
}
