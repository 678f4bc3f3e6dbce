// Package newpage makes new content files with their front matter filled in. It never overwrites one.
package newpage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/slug"
)

// Kind is a kind of page that can be made. Inside, where it is not empty, describes what such a page may lie in.
type Kind struct{ Name, Short, Example, Inside string }

// Kinds returns the kinds, in the order in which help shows them.
func Kinds() []Kind {
	return []Kind{
		{"post", "Make a post", `  waymark new post "Like a product owner"`, ""},
		{"note", "Make a note, on its own or in a session of a course", `  waymark new note "Brainstorming"` + "\n" + `  waymark new note "Impact maps" --in three-days/day-two`, "the `course/session` it belongs to"},
		{"course", "Make a course", `  waymark new course "Three days of product-owner school"`, ""},
		{"session", "Make a session of a course", `  waymark new session "Day one" --in three-days`, "the `course` it belongs to; may be left out where there is only one"},
		{"series", "Make a series", `  waymark new series "From discovery to live"`, ""},
	}
}

// Make writes a new page into the site's folder and returns its path relative to it. in names the course, or course
// and session, that it goes into. What cannot be made as it was asked for is a *diag.UsageError.
func Make(dir, kind, title, in string, day time.Time) (string, error) {
	title = oneLine(title)
	name, err := nameOf(dir, title)
	if err != nil {
		return "", err
	}
	target, err := place(dir, kind, name, in)
	if err != nil {
		return "", err
	}
	text, err := frontMatter(kind, title, day, nextOrder(filepath.Join(dir, filepath.FromSlash(path.Dir(path.Dir(target))))))
	if err != nil {
		return "", err
	}
	return target, write(dir, target, text)
}

// oneLine takes the ends of lines, and spaces beyond one, out of a title.
func oneLine(title string) string { return strings.Join(strings.Fields(title), " ") }

// nameOf returns the name of the file of a page with a title.
func nameOf(dir, title string) (string, error) {
	name := slug.Make(title)
	switch {
	case name == "":
		return "", diag.Usagef("the title %q has nothing that can stand in an address (use letters or digits)", title)
	case name == "index":
		return "", diag.Usagef("a page called %q would stand for its whole folder (choose another title)", "index")
	case len(name) > 120:
		return "", diag.Usagef("the title has %d letters, which is more than an address should have (choose a shorter one, and lengthen it in the file)", len([]rune(title)))
	}
	if _, err := os.Stat(filepath.Join(dir, "content")); err != nil {
		return "", diag.Usagef("%s has no folder \"content\" (waymark new site DIR makes a site)", dir)
	}
	return name, nil
}

// write writes a page that is not there yet.
func write(dir, target, text string) error {
	full := filepath.Join(dir, filepath.FromSlash(target))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return fmt.Errorf("make a page: %w", err)
	}
	err := WriteNew(full, []byte(text))
	if errors.Is(err, fs.ErrExist) {
		return diag.Usagef("%s is already there, and stays as it is (choose another title)", target)
	}
	if err != nil {
		return fmt.Errorf("make a page: %w", err)
	}
	return nil
}

// WriteNew writes a file that does not exist yet. Where one does, the error is fs.ErrExist and the file is as it was.
func WriteNew(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// place returns where a new page goes.
func place(dir, kind, name, in string) (string, error) {
	if in != "" && !filepath.IsLocal(filepath.FromSlash(in)) {
		return "", diag.Usagef("--in is %q, which is no course of this site", in)
	}
	in = strings.TrimPrefix(strings.TrimPrefix(strings.Trim(filepath.ToSlash(in), "/"), "content/"), "courses/")
	in = strings.TrimSuffix(in, "/index.md")
	switch kind {
	case "post":
		return "content/posts/" + name + ".md", nil
	case "series":
		return "content/series/" + name + ".md", nil
	case "course":
		return "content/courses/" + name + "/index.md", nil
	case "session":
		course, err := courseNamed(dir, in)
		if err != nil {
			return "", err
		}
		return course + "/" + name + "/index.md", nil
	}
	if in == "" {
		return "content/notes/" + name + ".md", nil
	}
	session := "content/courses/" + in
	if strings.Count(in, "/") != 1 || !exists(dir, session+"/index.md") {
		return "", diag.Usagef("there is no session %q (waymark new session makes one)", in)
	}
	return session + "/" + name + ".md", nil
}

// courseNamed returns the folder of a course: the named one, or the only one there is.
func courseNamed(dir, in string) (string, error) {
	if in != "" {
		course := "content/courses/" + in
		if strings.Contains(in, "/") || !exists(dir, course+"/index.md") {
			return "", diag.Usagef("there is no course %q (waymark new course makes one)", in)
		}
		return course, nil
	}
	found, _ := filepath.Glob(filepath.Join(dir, "content", "courses", "*", "index.md"))
	if len(found) != 1 {
		return "", diag.Usagef("say which course it belongs to: --in COURSE (there are %d)", len(found))
	}
	return "content/courses/" + filepath.Base(filepath.Dir(found[0])), nil
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil
}

var orderLine = regexp.MustCompile(`(?m)^order:[ \t]*(\d{1,4})[ \t]*$`)

// nextOrder returns the order of a session behind those that a course has.
func nextOrder(course string) int {
	last := 0
	found, _ := filepath.Glob(filepath.Join(course, "*", "index.md"))
	for _, name := range found {
		data, _ := os.ReadFile(name) // one that cannot be read has no order
		if g := orderLine.FindSubmatch(data); g != nil {
			n, _ := strconv.Atoi(string(g[1]))
			last = max(last, n)
		}
	}
	return max(last, len(found)) + 1
}

// empty is a list to be filled in.
var empty = []string{}

// pair is a key of a new header, and what it says at first.
type pair struct {
	key   string
	value any
}

// frontMatter returns the header of a new page, with what is usually wanted and a first line to replace.
func frontMatter(kind, title string, day time.Time, order int) (string, error) {
	date := fields.Word(day.Format("2006-01-02"))
	lesson := []pair{{"objectives", empty}, {"key_points", empty}, {"questions", empty}, {"actions", empty}}
	keys, first := []pair{{"title", title}}, "Write here."
	switch kind {
	case "post":
		keys = append(keys, pair{"date", date}, pair{"description", ""}, pair{"tags", empty})
	case "note":
		keys = append(append(keys, pair{"date", date}, pair{"tags", empty}), lesson...)
	case "course":
		keys = append(keys, pair{"description", ""}, pair{"provider", ""}, pair{"where", ""}, pair{"starts", date}, pair{"ends", date}, pair{"outcomes", empty}, pair{"prerequisites", empty})
		first = "Write here what the course is about."
	case "session":
		keys = append(append(keys, pair{"date", date}, pair{"order", order}, pair{"duration", fields.Word("90 min")}), lesson...)
	default:
		keys = append(keys, pair{"description", ""}, pair{"parts", empty})
		first = "Write here what the series is about."
	}
	var header fields.Header
	for _, k := range keys {
		if err := header.Set(k.key, k.value); err != nil {
			return "", fmt.Errorf("make a page: %w", err)
		}
	}
	return string(header.Bytes()) + "\n" + first + "\n", nil
}
