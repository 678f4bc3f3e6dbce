package render

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
	"waymark/generator/internal/view"
)

func initial(name string) string {
	for _, r := range name {
		if unicode.IsLetter(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return "#"
}

// grouped returns the group with a title, and adds it where there is none. Those of one group need not follow one another: a
// name that begins with a sign or a digit stands where that sorts, and with those of its first letter.
func grouped(groups *[]view.Group, title, id string) *view.Group {
	at := slices.IndexFunc(*groups, func(g view.Group) bool { return g.Title == title })
	if at < 0 {
		at = len(*groups)
		*groups = append(*groups, view.Group{Title: title, ID: id})
	}
	return &(*groups)[at]
}

// byLetter returns the group of a name's first letter.
func byLetter(groups *[]view.Group, name string) *view.Group {
	letter := initial(name)
	return grouped(groups, letter, "letter-"+strings.ToLower(letter))
}

func (v *viewer) tagGroups() []view.Group {
	var groups []view.Group
	for _, t := range v.site.Tags {
		g := byLetter(&groups, t.Name)
		g.Links = append(g.Links, view.Link{Title: t.Name, URL: v.to(t.Page.URL, ""), Note: strconv.Itoa(len(t.Pages))})
	}
	return groups
}

func (v *viewer) authorGroups() []view.Group {
	var groups []view.Group
	for _, a := range v.site.Authors {
		groups = append(groups, view.Group{Title: a.Name, URL: v.to(a.Page.URL, ""), Count: len(a.Pages), Links: []view.Link{{Title: a.About}}})
	}
	return groups
}

func (v *viewer) yearGroups() []view.Group {
	var groups []view.Group
	all := 0
	for _, p := range v.page.Children {
		all += len(p.Items)
	}
	for _, p := range v.page.Children {
		if p.Kind != site.ArchiveYear {
			continue
		}
		shown := len(p.Items)
		if all > wholeArchive {
			shown = min(shown, newestOfYear)
		}
		groups = append(groups, view.Group{Title: strconv.Itoa(p.Year), URL: v.to(p.URL, ""), Count: len(p.Items), Items: v.items(p.Items[:shown])})
	}
	return groups
}

// wholeArchive is up to how many texts the archive shows all of them; of more, it shows the newest of each year, and leads to the others.
const wholeArchive, newestOfYear = 500, 5

func (v *viewer) monthGroups() []view.Group {
	var groups []view.Group
	for _, p := range v.page.Items {
		month := v.say().Month(int(p.Date.Time.In(v.site.Config.Zone).Month()), false)
		if p.Date.Precision == dates.Year {
			month = v.say().Say("page.undated", "year", p.Date.Time.Format("2006"))
		}
		g := grouped(&groups, month, "")
		g.Items = append(g.Items, v.item(p))
	}
	return groups
}

func (v *viewer) termGroups() []view.Group {
	var groups []view.Group
	for _, t := range v.site.Terms {
		html := markdown.Fill(t.HTML, func(n int) string { return v.fillHole(v.page, n) })
		term := view.Term{Name: t.Name, Aliases: t.Aliases, ID: t.ID, HTML: template.HTML(html)} //nolint:gosec // the Markdown stage made it
		for _, p := range t.UsedBy {
			term.UsedBy = append(term.UsedBy, v.link(p))
		}
		g := byLetter(&groups, t.Name)
		g.Terms = append(g.Terms, term)
	}
	return groups
}
