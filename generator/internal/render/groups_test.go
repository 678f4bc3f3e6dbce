package render

import (
	"testing"

	"waymark/generator/internal/view"
)

// Each letter has one group, and so one id, wherever its names are sorted.
func TestLettersStandOnce(t *testing.T) {
	var groups []view.Group
	for _, name := range []string{"1 apple", "2", "#beta", "3", "apple", "Beta", "zebra", "Ärger"} {
		g := byLetter(&groups, name)
		g.Links = append(g.Links, view.Link{Title: name})
	}
	seen := map[string]int{}
	for _, g := range groups {
		if seen[g.ID]++; seen[g.ID] > 1 {
			t.Errorf("%q stands twice", g.ID)
		}
	}
	if len(groups) != 5 || len(groups[0].Links) != 2 || groups[1].Title != "#" || len(groups[1].Links) != 2 {
		t.Errorf("%+v", groups)
	}
}
