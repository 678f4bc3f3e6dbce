package importer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
	"waymark/generator/newpage"
)

// Folder brings a folder of writing that Waymark reads as it is: for Hugo, Jekyll, MkDocs, Docusaurus or mdBook, or a vault of Obsidian or
// Logseq. Texts stay what they are, but for what stands elsewhere in such a folder: old addresses that follow from settings become aliases,
// and the order of a navigation becomes order. A folder that was written for none of the programs is a *diag.UsageError; "" stands for one
// that says nothing of that.
func Folder(from, to string, programs ...string) ([]Outcome, error) {
	if err := newpage.Apart(from, to); err != nil {
		return nil, err
	}
	found, err := newpage.List(from)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(programs, found.Program) {
		return nil, diag.Usagef("%s looks like a folder for %s (waymark import --help lists what is read of that)", diag.Printable(from), programName(found.Program))
	}
	old := addressesOf(from, found.Program)
	places := navigation(from, found.Program)
	parser := markdown.NewParser(markdown.Options{RawHTML: true})
	var outcomes []Outcome
	var descriptions []string
	for _, name := range found.Passed {
		if found.Program == "Docusaurus" && describesFolder(name) {
			descriptions = append(descriptions, name)
			continue
		}
		outcomes = append(outcomes, Outcome{From: name, What: Dropped, Why: whyPassed(name, found.Program)})
	}
	outcomes = append(outcomes, menus(from, found.Program)...)
	for _, name := range found.Links {
		outcomes = append(outcomes, Outcome{From: name, What: Dropped, Why: "a link, or no regular file"})
	}
	for _, c := range found.Copies {
		rel, err := filepath.Rel(from, c.From)
		if err != nil {
			rel = c.From
		}
		o := Outcome{From: filepath.ToSlash(rel), What: Kept, To: c.To}
		if found.Program == "mdBook" && c.To == "content/SUMMARY.md" {
			outcomes = append(outcomes, Outcome{From: o.From, What: Dropped, Why: "its order is that of the pages now"})
			continue
		}
		data, err := os.ReadFile(c.From)
		if err == nil && c.Text {
			out, notes := adjusted(data, c.To, old, places)
			if !bytes.Equal(out, data) {
				o.What = Changed
			}
			o.Why = strings.Join(append(notes, marks(parser, c.To, data)...), "; ")
			data = out
		}
		outcomes = append(outcomes, put(to, o, data, err))
	}
	for _, name := range descriptions { // at last: a page that somebody wrote for the folder stays
		data, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
		page, unreadable := folderPage(data)
		if err == nil && unreadable != nil {
			outcomes = append(outcomes, Outcome{From: name, What: Dropped, Why: unreadable.Error()})
			continue
		}
		o := Outcome{From: name, What: Changed, To: path.Join(source.Folder, path.Dir(name), "index.md"), Why: "it is the page of its folder now"}
		outcomes = append(outcomes, put(to, o, page, err))
	}
	return outcomes, nil
}

// describesFolder reports whether a file of Docusaurus' describes the folder that it lies in.
func describesFolder(name string) bool {
	return strings.HasPrefix(name, "docs/") && path.Base(name) == "_category_.json"
}

// folderPage makes the page of a folder that Docusaurus describes in a file of its own.
func folderPage(data []byte) ([]byte, error) {
	var said struct {
		Label    string
		Position float64
	}
	if err := json.Unmarshal(data, &said); err != nil {
		return nil, fmt.Errorf("it is no description of a folder: %w", err)
	}
	h := &fields.Header{Order: order}
	var err error
	if said.Label != "" {
		err = h.Set("title", said.Label)
	}
	if said.Position > 0 {
		err = errors.Join(err, h.Set("order", int(said.Position)))
	}
	return h.Bytes(), err
}

func programName(program string) string {
	if program == "" {
		return "another program"
	}
	return program
}

// adjusted gives a text what stands elsewhere about it.
func adjusted(data []byte, to string, old func(to string, h header) string, places map[string]placed) (out []byte, notes []string) {
	h := readHeader(data)
	name := strings.TrimPrefix(to, source.Folder+"/")
	add := map[string]any{}
	if address := old(name, h); address != "" && address != own(name) && !slices.Contains(h.aliases, address) {
		add["aliases"] = append(slices.Clone(h.aliases), address)
		notes = append(notes, "its old address "+address+" leads to it")
	}
	if at, known := places[name]; known && !h.has["order"] && !h.has["weight"] && !h.has["nav_order"] && !h.has["sidebar_position"] {
		add["order"] = at.order
		notes = append(notes, "its place in the navigation is its order")
		if at.title != "" && !h.has["title"] {
			add["title"] = at.title
		}
	}
	for _, key := range []string{"menu", "menus"} {
		if h.has[key] {
			notes = append(notes, strings.TrimSpace("it stood in the menu "+h.values[key])+": write it into menu in waymark.yaml")
		}
	}
	if len(add) == 0 {
		return data, notes
	}
	out, err := h.with(add)
	if err != nil {
		return data, []string{"it is left as it is, though " + strings.Join(notes, "; ") + ": " + err.Error()}
	}
	return out, notes
}

// header is the header of a text, as far as it matters here.
type header struct {
	yaml          *fields.Header // or nil
	toml          string         // what follows the line that begins one in TOML
	body          []byte         // behind one in YAML
	has           map[string]bool
	spelt         map[string]string // keys as they are written there
	values        map[string]string
	aliases, cats []string
}

var (
	yamlHeader = regexp.MustCompile(`\A(?:\x{FEFF})?---[ \t]*\r?\n((?s:.*?)(?:\r?\n)?)---[ \t]*(?:\r?\n|\z)`)
	tomlHeader = regexp.MustCompile(`\A(?:\x{FEFF})?\+\+\+[ \t]*\r?\n((?s:.*?)(?:\r?\n)?)\+\+\+[ \t]*(?:\r?\n|\z)`)
)

// readHeader reads a header in YAML or TOML; of a text without one, an empty one.
func readHeader(data []byte) header {
	h := header{has: map[string]bool{}, spelt: map[string]string{}, values: map[string]string{}, body: data}
	if g := tomlHeader.FindSubmatchIndex(data); g != nil {
		pairs, list := fields.ParseTOML(data[g[2]:g[3]], "", 1)
		if h.take(pairs); !list.HasErrors() {
			h.toml = string(data[g[2]:])
		}
		return h
	}
	g := yamlHeader.FindSubmatchIndex(data)
	if g == nil {
		if s := strings.TrimSpace(string(data[:min(len(data), 3)])); !strings.HasPrefix(s, "{") && !strings.HasPrefix(s, "---") && !strings.HasPrefix(s, "+++") {
			h.yaml, h.body = &fields.Header{Order: order}, append([]byte("\n"), bytes.TrimPrefix(data, []byte("\uFEFF"))...)
		}
		return h
	}
	text := strings.ReplaceAll(string(data[g[2]:g[3]]), "\r\n", "\n")
	pairs, list := fields.Parse([]byte(text), "", 1)
	h.take(pairs)
	if read, err := fields.ReadHeader([]byte(text)); err == nil && !list.HasErrors() {
		read.Order = order
		h.yaml, h.body = read, data[g[1]:]
	}
	return h
}

// take remembers what a header says.
func (h *header) take(pairs []fields.Pair) {
	for _, p := range pairs {
		key := strings.ToLower(p.Key)
		h.has[key], h.values[key], h.spelt[key] = true, p.Value.Text, p.Key
		if key == "menu" || key == "menus" {
			h.values[key] = strings.Join(menuNames(p.Value), ", ")
		}
		switch key {
		case "aliases", "redirect_from":
			h.aliases = append(h.aliases, texts(p.Value)...)
		case "categories", "category":
			h.cats = texts(p.Value)
		}
	}
}

// menuNames returns the menus that a page says it stands in: a name, a list of them, or a mapping of what it is there.
func menuNames(v fields.Value) (names []string) {
	for _, item := range v.Items {
		names = append(names, item.Text)
	}
	for _, p := range v.Pairs {
		names = append(names, p.Key)
	}
	if v.Text != "" {
		names = append(names, v.Text)
	}
	return names
}

// with returns the text with some keys more. Nothing else of it changes.
func (h *header) with(add map[string]any) ([]byte, error) {
	keys := slices.Sorted(maps.Keys(add))
	switch {
	case h.toml != "" && !h.has["aliases"]:
		var b strings.Builder
		b.WriteString("+++\n")
		for _, key := range keys {
			value, err := json.Marshal(add[key]) // numbers, texts and lists of texts are written alike in both
			if err != nil {
				return nil, err
			}
			fmt.Fprintf(&b, "%s = %s\n", key, value)
		}
		return []byte(b.String() + h.toml), nil
	case h.yaml == nil:
		return nil, errors.New("its header cannot be changed key by key")
	}
	for _, key := range keys {
		if err := h.yaml.Set(cmp.Or(h.spelt[key], key), add[key]); err != nil {
			return nil, err
		}
	}
	return append(h.yaml.Bytes(), h.body...), nil
}

// texts returns the texts of a list, or the words of a text.
func texts(v fields.Value) (all []string) {
	for _, item := range v.Items {
		all = append(all, item.Text)
	}
	if v.Text != "" {
		all = strings.Fields(v.Text)
	}
	return all
}

// addressesOf returns a function that says which address a text had by the settings of its program; "" where that follows from none.
func addressesOf(from, program string) func(to string, h header) string {
	switch program {
	case "Jekyll":
		form := setting(from, []string{"_config.yml", "_config.yaml"}, "permalink")
		return func(to string, h header) string { return jekyllAddress(form, to, h) }
	case "Hugo":
		return func(to string, h header) string { return hugoAddress(from, to, h) }
	}
	return func(string, header) string { return "" }
}

// setting reads a text of the first file of settings that has it.
func setting(dir string, names []string, keys ...string) string {
	for _, name := range names {
		v := fields.Value{Pairs: settings(dir, name)}
		for _, key := range keys {
			i := slices.IndexFunc(v.Pairs, func(p fields.Pair) bool { return strings.EqualFold(p.Key, key) })
			if i < 0 {
				v = fields.Value{}
				break
			}
			v = v.Pairs[i].Value
		}
		if v.Text != "" {
			return v.Text
		}
	}
	return ""
}

// jekyllForms are the names of forms of addresses (https://jekyllrb.com/docs/permalinks/).
var jekyllForms = map[string]string{
	"": "/:categories/:year/:month/:day/:title.html", "date": "/:categories/:year/:month/:day/:title.html", "pretty": "/:categories/:year/:month/:day/:title/",
	"ordinal": "/:categories/:year/:y_day/:title.html", "weekdate": "/:categories/:year/W:week/:short_day/:title.html", "none": "/:categories/:title.html",
}

var datedName = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})-(.+)$`)

// jekyllAddress is the address of a post of Jekyll's. That of another page is the one of its file.
func jekyllAddress(form, to string, h header) string {
	if h.has["permalink"] || h.has["redirect_to"] {
		return "" // which is read
	}
	name := strings.TrimSuffix(path.Base(to), path.Ext(to))
	g := datedName.FindStringSubmatch(name)
	if g == nil || !strings.Contains("/"+to, "/_posts/") {
		if name == "index" || strings.EqualFold(name, "readme") || strings.Contains("/"+to, "/_") {
			return ""
		}
		return "/" + strings.TrimSuffix(to, path.Ext(to)) + ".html"
	}
	day := dayOf(g[1], g[2], g[3])
	if said, err := time.Parse(time.DateOnly, h.values["date"][:min(10, len(h.values["date"]))]); err == nil {
		day = said
	}
	if named, known := jekyllForms[form]; known {
		form = named
	}
	title := g[4]
	if s := h.values["slug"]; s != "" {
		title = s
	}
	var cats []string
	for _, c := range h.cats {
		cats = append(cats, slug.Make(c))
	}
	return clean(replaceWords(form, day, map[string]string{":categories": strings.Join(cats, "/"), ":title": title, ":slug": slug.Make(title)}))
}

func dayOf(y, m, d string) time.Time {
	n := func(s string) int { v, _ := strconv.Atoi(s); return v } // they are digits
	return time.Date(n(y), time.Month(n(m)), n(d), 0, 0, 0, 0, time.UTC)
}

// replaceWords puts a day and other words into a form of addresses, the longer names first.
func replaceWords(form string, day time.Time, words map[string]string) string {
	_, week := day.ISOWeek()
	pairs := []string{":year", day.Format("2006"), ":short_year", day.Format("06"), ":i_month", day.Format("1"), ":month", day.Format("01"), ":i_day", day.Format("2"), ":y_day", fmt.Sprintf("%03d", day.YearDay()), ":yearday", strconv.Itoa(day.YearDay()), ":short_day", day.Format("Mon"), ":day", day.Format("02"), ":week", fmt.Sprintf("%02d", week)}
	for name, word := range words {
		pairs = append(pairs, name, word)
	}
	names := make([][2]string, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		names = append(names, [2]string{pairs[i], pairs[i+1]})
	}
	slices.SortFunc(names, func(x, y [2]string) int { return len(y[0]) - len(x[0]) })
	for _, n := range names {
		form = strings.ReplaceAll(form, n[0], n[1])
	}
	return form
}

// clean puts an address in order, and keeps the slash at its end.
func clean(address string) string {
	out := path.Clean("/" + address)
	if strings.HasSuffix(address, "/") && out != "/" {
		out += "/"
	}
	return out
}

// hugoAddress is the address of a page of Hugo's that follows from a form in the settings (https://gohugo.io/configuration/permalinks/).
func hugoAddress(from, to string, h header) string {
	section, _, _ := strings.Cut(to, "/")
	if h.has["url"] || !strings.Contains(to, "/") {
		return ""
	}
	files := []string{"hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config/_default/hugo.toml", "config/_default/config.toml"}
	form := setting(from, files, "permalinks", "page", section)
	if form == "" {
		form = setting(from, files, "permalinks", section)
	}
	name := strings.TrimSuffix(path.Base(to), path.Ext(to))
	if name == "index" {
		name = path.Base(path.Dir(to))
	}
	if form == "" || name == "_index" {
		return ""
	}
	day, err := time.Parse(time.DateOnly, h.values["date"][:min(10, len(h.values["date"]))])
	if err != nil && strings.Contains(form, ":year") {
		return ""
	}
	title := h.values["title"]
	s := h.values["slug"]
	if s == "" {
		s = title
	}
	return clean(replaceWords(form, day, map[string]string{
		":sections": path.Dir(to), ":section": section, ":title": slug.Make(title), ":slugorfilename": slug.Make(orElse(h.values["slug"], name)), ":slugorcontentbasename": slug.Make(orElse(h.values["slug"], name)),
		":slug": slug.Make(s), ":filename": slug.Make(name), ":contentbasename": slug.Make(name),
	}) + "/")
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// placed is a place in a navigation.
type placed struct {
	order int
	title string
}

// navigation reads the order of texts from the settings of a program, by their paths in our content folder.
func navigation(from, program string) map[string]placed {
	places := map[string]placed{}
	switch program {
	case "MkDocs":
		for _, name := range []string{"mkdocs.yml", "mkdocs.yaml"} {
			data, err := os.ReadFile(filepath.Join(from, name))
			if err != nil {
				continue
			}
			pairs, _ := fields.Parse(source.Mend(data), name, 1) // what cannot be read says nothing
			for _, p := range pairs {
				if p.Key == "nav" {
					navigate(p.Value, "", places)
				}
			}
		}
	default:
		summary(from, places)
	}
	return places
}

// navigate goes through a list of MkDocs': paths, titles with paths, and titles with lists.
func navigate(v fields.Value, title string, places map[string]placed) {
	if v.Kind == fields.Scalar && v.Text != "" {
		places[path.Clean(v.Text)] = placed{len(places) + 1, title}
	}
	for _, item := range v.Items {
		navigate(item, "", places)
	}
	for _, p := range v.Pairs {
		navigate(p.Value, p.Key, places)
	}
}

var summaryLink = regexp.MustCompile(`(?m)^\s*(?:[-*+]\s+)?\[([^\]]+)\]\(<?([^)>]+\.md)>?\)`)

// summary reads the order of an mdBook.
func summary(from string, places map[string]placed) {
	for _, dir := range []string{"src", "."} {
		data, err := os.ReadFile(filepath.Join(from, dir, "SUMMARY.md"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		for _, g := range summaryLink.FindAllStringSubmatch(string(data), -1) {
			if name := path.Clean(g[2]); places[name].order == 0 {
				places[name] = placed{len(places) + 1, g[1]}
			}
		}
	}
}
