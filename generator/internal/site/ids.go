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
}

// IDs lists the lasting ids of the site, each list sorted.
func (s *Site) IDs() IDs {
	out := IDs{Version: 1, Site: s.Config.ID, Pages: []string{}, Questions: []string{}}
	for _, p := range s.Pages {
		if p.Doc == nil || p.Number > 0 {
			continue
		}
		out.Pages = append(out.Pages, p.ID)
		for _, a := range p.Asked() {
			out.Questions = append(out.Questions, a.Key())
		}
	}
	slices.Sort(out.Pages)
	slices.Sort(out.Questions)
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
	former := slices.Clone(a.Question.Was)
	for _, page := range append([]string{a.Page.ID}, a.Page.FormerIDs()...) {
		former = append(former, page+"/"+a.Question.Name())
	}
	key := a.Key()
	return slices.DeleteFunc(former, func(id string) bool { return id == key })
}

// Lost says which ids of an earlier edition of the site are in this one no more, under no name.
func (s *Site) Lost(before IDs) (pages, questions []string) {
	known, asked := map[string]bool{}, map[string]bool{}
	for _, p := range s.Pages {
		for _, id := range append(p.FormerIDs(), p.ID) {
			known[id] = true
		}
		for _, a := range p.Asked() {
			for _, id := range append(a.FormerKeys(), a.Key()) {
				asked[id] = true
			}
		}
	}
	for _, id := range before.Pages {
		if !known[id] {
			pages = append(pages, id)
		}
	}
	for _, id := range before.Questions {
		if !asked[id] {
			questions = append(questions, id)
		}
	}
	return pages, questions
}
