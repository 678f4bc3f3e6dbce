package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"waymark/generator/internal/outline"
)

func fromOPML(text string) (Imported, error) {
	var doc opml
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	if err := decoder.Decode(&doc); err != nil {
		return Imported{}, fmt.Errorf("this is not OPML: %w", err)
	}
	b := newBuilder()
	b.header("title", doc.Title, "")
	kind := ""
	for _, o := range doc.Body {
		if level := o.attr("level"); level == "goal" {
			kind = impactKind
		} else if level == "activity" {
			kind = storyKind
		}
		b.out.Cards = append(b.out.Cards, b.fromOutline(o, 0))
	}
	return Imported{Kind: kind, Outline: b.out}, nil
}

func (o opmlOutline) attr(name string) string {
	for _, a := range o.Attrs {
		if strings.TrimPrefix(a.Name.Local, "_") == name {
			return a.Value
		}
	}
	return ""
}

// maxDepth bounds how deep an outline is followed.
const maxDepth = 100

func (b *builder) fromOutline(o opmlOutline, level int) *outline.Card {
	c := newCard(o.Text)
	setStatus(c, o.attr("status"))
	b.fields(c, o.attr)
	if level < maxDepth {
		for _, child := range o.Children {
			c.Children = append(c.Children, b.fromOutline(child, level+1))
		}
	}
	return c
}
