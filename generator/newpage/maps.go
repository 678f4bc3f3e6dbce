package newpage

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/slug"
)

//go:embed maps
var mapTexts embed.FS

// MapTemplate is a map that is worth starting from: for which kind, and what it is called where its author gives no title.
type MapTemplate struct{ Name, Kind, Title, About string }

// MapTemplates returns the templates of maps. The first one of a kind is taken where none is named.
func MapTemplates() []MapTemplate {
	return []MapTemplate{
		{"impact", "impact", "Why we do this", "a goal with a number, who can help, what they would do otherwise, what we could make"},
		{"fewer", "impact", "Less of what hurts", "a goal that falls: fewer calls, errors, days"},
		{"opportunity", "opportunity", "What stands in the way", "one outcome, the needs in its way, and for each what to try and how to be wrong"},
		{"story", "story", "The whole journey", "what people do from beginning to end, and a first slice that goes all the way"},
		{"service", "story", "A service, end to end", "letters, telephones and screens, from before they know of it until it is behind them"},
		{"replace", "story", "Away from the old one", "an old system that goes a slice at a time while people work in it"},
	}
}

// MapKinds returns the kinds of maps that can be made.
func MapKinds() (kinds []string) {
	for _, t := range MapTemplates() {
		if len(kinds) == 0 || kinds[len(kinds)-1] != t.Kind {
			kinds = append(kinds, t.Kind)
		}
	}
	return kinds
}

// Known is what a site has that a new map has to fit: the names of its maps, of which there can be one each, and the phases of its journey.
type Known struct{ Maps, Phases []string }

// slicePhase is the phase of a slice in a template.
var slicePhase = regexp.MustCompile(`(?m)^(slice: .*) \[(.+)\]$`)

// Map writes a note with a map of a kind into the site's folder, and returns its path relative to it. title and from, the name of a
// template, may be empty; ask is called once these are known to be right. What cannot be made as it was asked for is a *diag.UsageError.
func Map(dir, kind, title, from string, ask func() (Known, error), day time.Time) (string, error) {
	chosen, err := templateFor(kind, from)
	if err != nil {
		return "", err
	}
	if title == "" {
		title = chosen.Title
	}
	title = oneLine(title)
	name, err := nameOf(dir, title)
	if err != nil {
		return "", err
	}
	known, err := ask()
	if err != nil {
		return "", err
	}
	if slices.Contains(known.Maps, name) {
		return "", diag.Usagef("there is a map %q already (choose another title)", name)
	}
	h := &fields.Header{Order: []string{"title", "date"}}
	if err := errors.Join(h.Set("title", title), h.Set("date", fields.Word(day.Format(time.DateOnly)))); err != nil {
		return "", fmt.Errorf("make a map: %w", err)
	}
	text, err := mapTexts.ReadFile("maps/" + chosen.Name + ".md")
	if err != nil {
		return "", fmt.Errorf("make a map: %w", err)
	}
	body := strings.NewReplacer("{{.ID}}", name, "{{.Title}}", outline.Escape(title)).Replace(string(text))
	body = slicePhase.ReplaceAllStringFunc(body, func(line string) string {
		g := slicePhase.FindStringSubmatch(line)
		if slices.ContainsFunc(known.Phases, func(p string) bool { return slug.Make(p) == slug.Make(g[2]) }) {
			return line
		}
		return g[1] // a journey of the site's own has other phases
	})
	target := "content/notes/" + name + ".md"
	return target, write(dir, target, string(h.Bytes())+"\n"+body)
}

// templateFor returns the template with a name, or the first one of a kind.
func templateFor(kind, name string) (MapTemplate, error) {
	var names []string
	found := MapTemplate{}
	for _, t := range MapTemplates() {
		if t.Kind == kind {
			names = append(names, t.Name)
		}
		if found.Name == "" && t.Kind == kind && (name == "" || t.Name == name) {
			found = t
		}
	}
	switch {
	case len(names) == 0:
		return found, diag.Usagef("there is no kind of map %q (%s)", kind, diag.DidYouMean(kind, MapKinds(), "there are "+strings.Join(MapKinds(), ", ")))
	case found.Name == "":
		return found, diag.Usagef("there is no template %q for that kind of map (%s)", name, diag.DidYouMean(name, names, "there are "+strings.Join(names, ", ")))
	}
	return found, nil
}
