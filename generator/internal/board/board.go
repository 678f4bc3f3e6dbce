// Package board is what both kinds of maps need to be shown: text that is measured and wrapped, a pen that draws boxes
// and lines as SVG, and what a map is told of the site around it.
package board

import (
	"html"
	"strings"

	"waymark/generator/internal/outline"
	"waymark/generator/internal/words"
)

// Place is a link that a map shows. URL is empty where there is only a name.
type Place struct{ Title, URL, Note string }

// Surroundings are what a map is told of the site that it stands in. Functions may be nil.
type Surroundings struct {
	Say      *words.Words
	Prefix   string // stands before the id of each card, so that a page can hold several maps
	Heading  int    // the level of headings inside the map, from 2
	NoIDs    bool   // where the cards have their places elsewhere on the page
	Href     func(target string) (address string, external bool)
	Shape    func(phase string) string                       // of a phase's blaze
	Evidence func(card string) []Place                       // the writing that names a card
	Stories  func(card string) []Place                       // that are for a deliverable
	For      func(reference outline.Reference) (place Place) // the deliverable that a story is for
}

// Text returns a card's text as HTML.
func (s Surroundings) Text(text string) string {
	return outline.HTML(text, s.href)
}

func (s Surroundings) href(target string) (string, bool) {
	if s.Href == nil {
		return "", false
	}
	return s.Href(target)
}

// ID returns an id attribute for a card, or nothing where it has its place elsewhere.
func (s Surroundings) ID(card string) string {
	if s.NoIDs {
		return ""
	}
	return ` id="` + html.EscapeString(s.Prefix+card) + `"`
}

// Places returns the evidence of a card, or the stories of a deliverable.
func Places(find func(string) []Place, card string) []Place {
	if find == nil {
		return nil
	}
	return find(card)
}

// Links writes places as a list in running text.
func Links(places []Place) string {
	var parts []string
	for _, p := range places {
		text := html.EscapeString(p.Title)
		if p.URL != "" {
			text = `<a href="` + html.EscapeString(p.URL) + `">` + text + "</a>"
		}
		if p.Note != "" {
			text += ` <span class="soft">` + html.EscapeString(p.Note) + "</span>"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// Fact is one thing that is said of a card: what it is, by the key of its word, and its text, which is HTML.
type Fact struct{ Key, Text string }

// Facts are what cards of both maps may say beside their own: the note, the link, and the writing about it.
func (s Surroundings) Facts(f outline.Facts) []Fact {
	link := s.Text(f.Link)
	if address, external := s.href(f.Link); address != "" {
		class := ""
		if external {
			class = ` class="external"`
		}
		link = `<a href="` + html.EscapeString(address) + `"` + class + ">" + html.EscapeString(f.Link) + "</a>"
	}
	return []Fact{{"map.note", s.Text(f.Note)}, {"map.see", link}, {"map.about", Links(Places(s.Evidence, f.ID))}}
}

// Details writes facts, those without a text left out, as what a reader opens: the map stays calm, and who opens one sees what there is.
func (s Surroundings) Details(facts []Fact) string {
	var names []string
	var b strings.Builder
	for _, f := range facts {
		if f.Text == "" {
			continue
		}
		name := s.Say.Say(f.Key)
		names = append(names, name)
		b.WriteString(`<p class="fact"><span class="soft">` + html.EscapeString(name) + ":</span> " + f.Text + "</p>")
	}
	if len(names) == 0 {
		return ""
	}
	return `<details class="facts-of"><summary>` + html.EscapeString(strings.Join(names, " · ")) + "</summary>" + b.String() + "</details>"
}

// Mark writes how far a card has come as its mark and its word. What is to do has neither: the mark is for eyes that look down a column,
// and where all have one, none is seen.
func Mark(say *words.Words, s outline.Status) string {
	if s == outline.ToDo {
		return ""
	}
	return `<span class="status-mark ` + StatusID(s) + `"></span>` + html.EscapeString(Status(say, s))
}

// StatusID is the name of a status in classes, and in the keys of its word.
func StatusID(s outline.Status) string { return strings.ReplaceAll(string(s), " ", "-") }

// Legend says what the marks of cards mean.
func Legend(say *words.Words) string {
	var marks []string
	for _, s := range outline.Statuses() {
		marks = append(marks, `<span><span class="status-mark `+StatusID(s)+`"></span>`+html.EscapeString(Status(say, s))+"</span>")
	}
	return `<p class="legend" aria-hidden="true">` + strings.Join(marks, " ") + "</p>"
}

// Data writes what the filters look at.
func Data(f outline.Facts, slice string, personas []string) string {
	d := ` data-card="` + html.EscapeString(f.ID) + `" data-status="` + string(f.Status) + `"`
	if f.Phase != "" {
		d += ` data-phase="` + html.EscapeString(f.Phase) + `"`
	}
	if slice != "" {
		d += ` data-slice="` + html.EscapeString(slice) + `"`
	}
	if len(personas) > 0 {
		d += ` data-persona="` + html.EscapeString(strings.Join(personas, "|")) + `"`
	}
	return d
}

// blazes are the marks of the phases, in a square of 24.
var blazes = map[string]string{
	"circle":   `<circle cx="12" cy="12" r="8.5"/>`,
	"triangle": `<path d="M12 3.2 21 20H3z"/>`,
	"diamond":  `<path d="M12 2.5 21.5 12 12 21.5 2.5 12z"/>`,
	"square":   `<rect x="4" y="4" width="16" height="16" rx="2.5"/>`,
	"hexagon":  `<path d="M7 3.5h10l5 8.5-5 8.5H7L2 12z"/>`,
}

// Blaze returns the mark of a phase as HTML, or nothing for a phase without one.
func (s Surroundings) Blaze(phase string) string {
	if phase == "" || s.Shape == nil {
		return ""
	}
	shape := s.Shape(phase)
	if blazes[shape] == "" {
		return ""
	}
	return `<svg class="blaze shape-` + shape + `" viewBox="0 0 24 24" aria-hidden="true">` + blazes[shape] + "</svg> "
}

// Status returns the word for how far a card has come.
func Status(say *words.Words, s outline.Status) string {
	return say.Say("status." + StatusID(s))
}

// Title names a picture: what kind of map it is, by the key of its word, and its title where it has one.
func Title(say *words.Words, kind, title string) string {
	if title == "" {
		return say.Say(kind)
	}
	return say.Say("map.named", "kind", say.Say(kind), "title", outline.Typographic(outline.Plain(title)))
}
