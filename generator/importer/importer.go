// Package importer turns writing that was made elsewhere into files of a site: what blogs, newsletters and feeds give away of themselves,
// and pages that were saved.
//
// Each reader (wordpress.go, ghost.go, medium.go, feed.go, page.go) gives a Writing: texts, files, and what cannot come along. Write puts
// it into a site's folder. It never writes over anything, and says of each thing what became of it.
package importer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
	"waymark/generator/internal/slug"
	"waymark/generator/internal/source"
	"waymark/generator/newpage"
)

// Writing is what was read of an export.
type Writing struct {
	Texts   []Text
	Files   []File
	Dropped []Outcome
}

// Text becomes a page.
type Text struct {
	From        string // what it was, in the words of the export
	Path        string // relative to the content folder, with its ending
	Title       string
	Description string
	Date        time.Time // zero where there is none; midnight stands for a day
	Updated     time.Time
	Authors     []string
	Tags        []string
	Categories  []string
	Draft       bool
	Language    string
	Address     string   // the path that it had, such as /2019/05/a-title/
	Key         string   // by what else it is known where it came from
	Image       string   // that stands for it
	Body        string   // Markdown
	Notes       []string // what is another thing now than it was, or is not known
}

// File is copied as it is, into the static folder.
type File struct {
	From, Path string
	Read       func() ([]byte, error)
}

// Outcome is what became of one thing.
type Outcome struct {
	From string `json:"from"`
	What What   `json:"what"`
	To   string `json:"to,omitempty"` // relative to the site's folder
	Why  string `json:"why,omitempty"`

	Failed bool `json:"failed,omitempty"` // whether it is the disk that kept it out
}

// What became of a thing.
type What string

// Kept is as it was, Changed has another form, Dropped did not come along, and There is what had come before, or what somebody put in its
// place: it was left alone.
const (
	Kept    What = "kept"
	Changed What = "changed"
	Dropped What = "dropped"
	There   What = "there"
)

// Write puts writing into a site's folder. What is there already, in whatever form, stays. One thing that cannot be written keeps no other
// from it.
func Write(w Writing, dir string) []Outcome {
	outcomes := slices.Clone(w.Dropped)
	taken := map[string]bool{}
	for _, t := range w.Texts {
		t.Path = t.free(dir, taken)
		text, err := t.Bytes()
		o := Outcome{From: t.From, What: Changed, To: path.Join(source.Folder, t.Path), Why: strings.Join(t.Notes, "; ")}
		outcomes = append(outcomes, put(dir, o, text, err))
	}
	for _, f := range w.Files {
		data, err := f.Read()
		outcomes = append(outcomes, put(dir, Outcome{From: f.From, What: Kept, To: path.Join(source.StaticFolder, unique(taken, f.Path))}, data, err))
	}
	return outcomes
}

// put writes one file, and returns what became of it.
func put(dir string, o Outcome, data []byte, err error) Outcome {
	at := filepath.Join(dir, filepath.FromSlash(o.To))
	if err == nil && !filepath.IsLocal(filepath.FromSlash(o.To)) {
		err = errors.New("its name leads out of the folder")
	}
	if err == nil {
		err = os.MkdirAll(filepath.Dir(at), 0o755)
	}
	if err == nil {
		err = writeNew(at, data)
	}
	switch {
	case err == nil:
		return o
	case errors.Is(err, fs.ErrExist):
		o.What = There
		if now, readErr := os.ReadFile(at); readErr == nil && !bytes.Equal(now, data) {
			o.Why = "what is there is another text, and stays"
		} else {
			o.Why = ""
		}
		return o
	}
	if wrapped := new(fs.PathError); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return Outcome{From: o.From, What: Dropped, Why: diag.Printable(err.Error()), Failed: true}
}

// writeNew writes a file that is not there, whole or not at all.
func writeNew(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".import-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	err = os.Link(f.Name(), name) // which fails where there is something
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return newpage.WriteNew(name, data) // on disks without links
}

// free is where a text goes: to its path, or, where another text has that, now or from an earlier import, to one that follows from what it
// is, so that it is the same whatever comes before it.
func (t Text) free(dir string, taken map[string]bool) string {
	is := t.Address
	if is == "" {
		is = t.Key
	}
	ext := path.Ext(t.Path)
	other := strings.TrimSuffix(t.Path, ext) + "-" + short6(is+t.Title) + ext
	now, err := os.ReadFile(filepath.Join(dir, source.Folder, filepath.FromSlash(t.Path)))
	theirs := err == nil && t.Address != "" && t.Address != own(t.Path) && bytes.Contains(now, []byte("\naliases:")) && !bytes.Contains(now, []byte(t.Address))
	if !taken[strings.ToLower(t.Path)] && !theirs {
		taken[strings.ToLower(t.Path)] = true
		return t.Path
	}
	return unique(taken, other)
}

// short6 is a short name for a longer one.
func short6(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:3])
}

// unique gives the second file of a name another one.
func unique(taken map[string]bool, name string) string {
	ext := path.Ext(name)
	free := name
	for n := 2; taken[strings.ToLower(free)]; n++ {
		free = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext)
	}
	taken[strings.ToLower(free)] = true
	return free
}

// order is that of keys in a header.
var order = []string{"title", "description", "date", "updated", "author", "authors", "draft", "lang", "tags", "categories", "image", "aliases"}

// Bytes returns the text as it is written.
func (t Text) Bytes() ([]byte, error) {
	h := &fields.Header{Order: order}
	set := func(key string, value any, has bool) error {
		if !has {
			return nil
		}
		return h.Set(key, value)
	}
	var author any = t.Authors
	key := "authors"
	if len(t.Authors) == 1 {
		author, key = t.Authors[0], "author"
	}
	err := errors.Join(
		set("title", oneLine(t.Title), t.Title != ""), set("description", oneLine(t.Description), t.Description != ""),
		set("date", fields.Word(written(t.Date)), !t.Date.IsZero()), set("updated", fields.Word(written(t.Updated)), !t.Updated.IsZero() && written(t.Updated) != written(t.Date)),
		set(key, author, len(t.Authors) > 0), set("draft", true, t.Draft), set("lang", t.Language, t.Language != ""),
		set("tags", t.Tags, len(t.Tags) > 0), set("categories", t.Categories, len(t.Categories) > 0), set("image", t.Image, t.Image != ""),
		set("aliases", []string{t.Address}, t.Address != "" && t.Address != own(t.Path)),
	)
	if err != nil {
		return nil, fmt.Errorf("write the header of %s: %w", t.Path, err)
	}
	body := strings.Trim(strings.ReplaceAll(t.Body, "\x00", ""), "\n")
	return append(h.Bytes(), ("\n" + body + "\n")...), nil
}

// written writes a day, or a moment where it is one.
func written(t time.Time) string {
	if t.Hour() == 0 && t.Minute() == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05Z07:00")
}

// oneLine joins the lines of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// own is the address that a text has by its path alone.
func own(name string) string {
	parts := strings.Split(strings.TrimSuffix(name, path.Ext(name)), "/")
	if parts[len(parts)-1] == "index" {
		parts = parts[:len(parts)-1]
	}
	for i, p := range parts {
		parts[i] = slug.Make(p)
	}
	return "/" + strings.Join(append(parts, ""), "/")
}

// named is the path of a text in a folder, by the last part of its address, or else its title.
func named(folder, address, title string) string {
	name := slug.Make(strings.TrimSuffix(path.Base(strings.Trim(address, "/")), ".html"))
	if name == "" {
		name = slug.Make(title)
	}
	if name == "" || name == "index" {
		name = "untitled"
	}
	if r := []rune(name); len(r) > 80 {
		name = strings.Trim(string(r[:80]), "-")
	}
	return path.Join(folder, name+".md")
}
