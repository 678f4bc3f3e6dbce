package importer

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"
)

// Feed reads a feed in RSS, Atom or JSON. A feed has what is new, and often the beginnings of texts alone.
func Feed(r io.Reader) (w Writing, err error) {
	feed, err := gofeed.NewParser().Parse(r)
	if err != nil {
		return w, fmt.Errorf("read the feed: %w", err)
	}
	if len(feed.Items) == 0 {
		return w, errors.New("the feed holds no text")
	}
	p := newPages(feed.Link)
	for _, i := range feed.Items {
		t := Text{From: fmt.Sprintf("item %q", oneLine(cmp.Or(i.Title, i.Link, i.GUID))), Title: plain(i.Title), Address: addressOf(i.Link), Language: language(feed.Language)}
		if t.Body, t.Notes, err = p.markdown(cmp.Or(i.Content, i.Description)); err != nil {
			w.Dropped = append(w.Dropped, Outcome{From: t.From, What: Dropped, Why: err.Error()})
			continue
		}
		if i.Content != "" {
			t.Description = short(plain(i.Description))
		} else {
			t.Notes = append(t.Notes, "the feed has perhaps only its beginning")
		}
		for _, at := range []*time.Time{i.PublishedParsed, i.UpdatedParsed} {
			if at != nil && t.Date.IsZero() {
				t.Date = *at
			}
		}
		if i.UpdatedParsed != nil {
			t.Updated = *i.UpdatedParsed
		}
		for _, a := range i.Authors {
			if a != nil && a.Name != "" {
				t.Authors = append(t.Authors, oneLine(a.Name))
			}
		}
		for _, c := range i.Categories {
			t.Tags = append(t.Tags, oneLine(c))
		}
		t.Notes = append(t.Notes, unknown(t)...)
		t.Key = cmp.Or(i.GUID, i.Link)
		if t.Path = named("posts", t.Address, t.Title); t.Address == "" && t.Key != "" { // many texts have a title like "Weekly links"
			t.Path = strings.TrimSuffix(t.Path, ".md") + "-" + short6(t.Key) + ".md"
		}
		w.Texts = append(w.Texts, t)
	}
	return w, nil
}

// short is a description, where it is one, and not the text once more.
func short(s string) string {
	if len([]rune(s)) > 300 {
		return ""
	}
	return s
}

// unknown says what nobody knows of a text, and nobody made up.
func unknown(t Text) (notes []string) {
	if t.Date.IsZero() {
		notes = append(notes, "nothing says when it was written")
	}
	if len(t.Authors) == 0 {
		notes = append(notes, "nothing says who wrote it")
	}
	return notes
}

// language is a tag of a language, of one that is no English site's own.
func language(tag string) string {
	if len(tag) < 2 || tag[:2] == "en" {
		return ""
	}
	return tag
}
