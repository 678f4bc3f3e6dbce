package importer

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"waymark/generator/internal/fields"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/source"
)

// templates are the folders in which programs keep what makes pages of texts.
var templates = []string{"layouts", "_layouts", "_includes", "themes", "archetypes", "templates", "_sass", "_plugins"}

// whyPassed says of what a program keeps for itself why it did not come along, and what to do where something is lost with it.
func whyPassed(name, program string) string {
	switch base := strings.TrimSuffix(path.Base(name), "/"); {
	case base == "data" || base == "_data":
		return "data for templates: write what readers want of it into a text, as a table"
	case base == "assets" && strings.HasSuffix(name, "/"):
		return "what templates work on: copy pictures that texts show into " + source.StaticFolder
	case slices.Contains(templates, base):
		return "templates: what pages look like is a theme's"
	}
	return "a setting, or what " + programName(program) + " keeps for itself"
}

// menuFile is where a program is told what leads on: a form of names, and the keys in such files. No keys stand for all of them.
type menuFile struct {
	names string
	keys  []string
}

// menuFiles are those of programs that have any (https://gohugo.io/configuration/menus/; Jekyll leaves it to themes).
var menuFiles = map[string][]menuFile{
	"Hugo": {
		{"hugo.*", []string{"menu", "menus"}},
		{"config.*", []string{"menu", "menus"}},
		{"config/*/hugo.*", []string{"menu", "menus"}},
		{"config/*/config.*", []string{"menu", "menus"}},
		{"config/*/menu*.*", nil},
	},
	"Jekyll": {
		{"_config.y*ml", []string{"header_pages", "nav", "navigation", "menu"}},
		{"_data/nav*.y*ml", nil},
		{"_data/menu*.y*ml", nil},
	},
}

// menus lists the entries of menus that stand in settings.
func menus(from, program string) (outcomes []Outcome) {
	for _, f := range menuFiles[program] {
		names, _ := fs.Glob(os.DirFS(from), f.names) // the forms are right ones
		for _, name := range names {
			for _, p := range settings(from, name) {
				if f.keys == nil || slices.Contains(f.keys, strings.ToLower(p.Key)) {
					entries(name, p.Value, &outcomes)
				}
			}
		}
	}
	return outcomes
}

// entries lists those of a menu: texts, or mappings of a name and where it leads, in lists and mappings of whatever depth.
func entries(file string, v fields.Value, outcomes *[]Outcome) {
	said := map[string]string{}
	for _, p := range v.Pairs {
		said[strings.ToLower(p.Key)] = p.Value.Text
	}
	title := cmp.Or(said["name"], said["title"], said["text"], said["identifier"], v.Text)
	to := cmp.Or(said["url"], said["pageref"], said["link"], said["href"], v.Text)
	if title != "" || to != "" {
		why := "write it into menu in waymark.yaml, where it is to lead on"
		if to != "" && to != title {
			why = "it leads to " + to + ": " + why
		}
		*outcomes = append(*outcomes, Outcome{From: fmt.Sprintf("%s, line %d, menu: %s", file, v.Pos.Line, cmp.Or(title, to)), What: Dropped, Why: why})
	}
	for _, item := range v.Items {
		entries(file, item, outcomes)
	}
	for _, p := range v.Pairs {
		if len(p.Value.Items)+len(p.Value.Pairs) > 0 && !strings.EqualFold(p.Key, "params") { // which say how an entry looks
			entries(file, p.Value, outcomes)
		}
	}
}

// settings reads a file of settings. What cannot be read says nothing.
func settings(from, name string) []fields.Pair {
	data, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	data = source.Mend(data)
	switch path.Ext(name) {
	case ".toml":
		pairs, _ := fields.ParseTOML(data, name, 1)
		return pairs
	case ".json":
		pairs, _, _ := fields.ParseJSON(data, name, 1)
		return pairs
	}
	pairs, _ := fields.Parse(data, name, 1)
	return pairs
}

// marks says of a text which of its marks mean nothing here: they stay where they stand, and pages are made without them.
func marks(parser *markdown.Parser, name string, data []byte) (notes []string) {
	_, list := parser.Parse(source.File{Path: name, Name: name, Data: source.Mend(data)})
	lines := map[string][]string{}
	var order []string
	for _, d := range list {
		if d.Code != "unknown-tag" {
			continue
		}
		if lines[d.Same] == nil {
			order = append(order, d.Same)
		}
		if n := strconv.Itoa(d.Pos.Line); len(lines[d.Same]) == 0 || lines[d.Same][len(lines[d.Same])-1] != n {
			lines[d.Same] = append(lines[d.Same], n)
		}
	}
	for _, mark := range order {
		notes = append(notes, fmt.Sprintf("%s means nothing here (%s)", mark, atLines(lines[mark])))
	}
	return notes
}

// atLines names lines, the first few of them.
func atLines(lines []string) string {
	const most = 5
	more := ""
	if n := len(lines) - most; n > 0 {
		lines, more = lines[:most], fmt.Sprintf(" and %d more", n)
	}
	word := "line "
	if len(lines) > 1 {
		word = "lines "
	}
	return word + strings.Join(lines, ", ") + more
}
