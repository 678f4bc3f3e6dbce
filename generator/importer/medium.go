package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Medium reads an export of Medium, unpacked: a folder of pages, one a post, below posts/.
func Medium(export fs.FS) (w Writing, err error) {
	p := newPages("")
	err = fs.WalkDir(export, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir():
			return err
		case path.Ext(name) != ".html" || path.Base(path.Dir(name)) != "posts" && path.Dir(name) != ".":
			if path.Dir(name) != "." {
				w.Dropped = append(w.Dropped, Outcome{From: name, What: Dropped, Why: "no post: what an account has besides its writing"})
			}
			return nil
		}
		t, err := mediumPost(export, p, name)
		if err != nil {
			w.Dropped = append(w.Dropped, Outcome{From: name, What: Dropped, Why: err.Error()})
			return nil
		}
		w.Texts = append(w.Texts, t)
		return nil
	})
	if err == nil && len(w.Texts) == 0 {
		err = errors.New("this is no export of Medium: it holds no posts/*.html (in Medium: Settings, Security and apps, Download your information)")
	}
	return w, err
}

// mostPost is how many bytes a post may have.
const mostPost = 8 << 20

// mediumPost reads one post.
func mediumPost(export fs.FS, p *pages, name string) (t Text, err error) {
	f, err := export.Open(name)
	if err != nil {
		return t, err
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, mostPost+1))
	if err == nil && len(data) > mostPost {
		err = errors.New("it is larger than any post")
	}
	if err != nil {
		return t, err
	}
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		return t, fmt.Errorf("read the HTML: %w", err)
	}
	body := find(root, func(n *html.Node) bool { return attribute(n, "data-field") == "body" })
	if body == nil {
		return t, errors.New("there is no text in it")
	}
	t.From = name
	if n := find(root, func(n *html.Node) bool { return hasClass(n, "p-name") }); n != nil {
		t.Title = oneLine(textOf(n))
	}
	if n := find(root, func(n *html.Node) bool { return attribute(n, "data-field") == "subtitle" }); n != nil {
		t.Description = oneLine(textOf(n))
	}
	if n := find(root, func(n *html.Node) bool { return hasClass(n, "dt-published") }); n != nil {
		t.Date = stamp(attribute(n, "datetime"))
	}
	if n := find(root, func(n *html.Node) bool { return hasClass(n, "p-author") }); n != nil {
		t.Authors = []string{oneLine(textOf(n))}
	}
	// The title and the subtitle stand in the text as well.
	for _, class := range []string{"graf--title", "graf--subtitle"} {
		if n := find(body, func(n *html.Node) bool { return hasClass(n, class) }); n != nil && (oneLine(textOf(n)) == t.Title || oneLine(textOf(n)) == t.Description) {
			n.Parent.RemoveChild(n)
		}
	}
	for n := find(body, isDivider); n != nil; n = find(body, isDivider) {
		n.Parent.RemoveChild(n)
	}
	var text strings.Builder
	if err := html.Render(&text, body); err != nil {
		return t, err
	}
	if t.Body, t.Notes, err = p.markdown(text.String()); err != nil {
		return t, err
	}
	base := path.Base(name)
	if strings.HasPrefix(base, "draft_") || t.Date.IsZero() {
		t.Draft = true
		t.Notes = append(t.Notes, "held back, because it was a draft")
	}
	if n := find(root, func(n *html.Node) bool { return hasClass(n, "p-canonical") }); n != nil {
		t.Address = addressOf(attribute(n, "href"))
	}
	t.Notes = append(t.Notes, "tags are not in an export of Medium")
	t.Path = named("posts", "", t.Title)
	return t, nil
}

// isDivider reports whether an element is the line that Medium draws above a text.
func isDivider(n *html.Node) bool { return n.DataAtom == atom.Div && hasClass(n, "section-divider") }
