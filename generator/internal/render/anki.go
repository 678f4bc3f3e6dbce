package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"html"
	"strings"

	"waymark/generator/internal/markdown"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/recall"
	"waymark/generator/internal/site"
)

// note is a note of Anki's: its lasting name there, its type, and its fields.
type note struct {
	guid, kind, deck, tags string
	front, back            string
}

// Anki writes the cards and questions of the site, or of a course, as a text file that Anki imports. name is one of site.AnkiFiles.
// A note that is imported again takes the place of what it was, because its guid follows from its lasting id. Source: Anki manual,
// "Importing text files", file headers.
func (r *Renderer) Anki(of *site.Page, name string) ([]byte, error) {
	v := r.viewer(of)
	var notes []note
	for _, p := range r.site.Practice(of) {
		notes = append(notes, v.notes(p)...)
	}
	var out bytes.Buffer
	out.WriteString("#separator:tab\n#html:true\n#guid column:1\n")
	typed := name == "anki.txt"
	if typed {
		out.WriteString("#notetype column:2\n#deck column:3\n#tags column:4\n")
	} else {
		out.WriteString("#deck column:2\n#tags column:3\n")
	}
	w := csv.NewWriter(&out)
	w.Comma = '\t'
	for _, n := range notes {
		if !typed && name != "anki-"+strings.ToLower(n.kind)+".txt" {
			continue
		}
		row := []string{n.guid}
		if typed {
			row = append(row, n.kind)
		}
		if err := w.Write(append(row, n.deck, n.tags, n.front, n.back)); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// notes are the cards and questions of a page. A card that is asked both ways becomes two.
func (v *viewer) notes(p *site.Page) []note {
	deck, tags := v.deck(p), v.ankiTags(p)
	text := func(html []byte) string { return v.forAnki(p, string(html)) }
	var out []note
	add := func(key, kind, front, back string) {
		out = append(out, note{guid(key), kind, deck, tags, strings.TrimSpace(front), strings.TrimSpace(back)})
	}
	for _, a := range p.Asked() {
		if q := a.Question; !q.Once {
			add("q/"+a.Key(), "Basic", v.forAnki(p, q.Printed(p.ID)), v.forAnki(p, q.Answer(quiz.Voice{Say: v.wordsOf(p), Page: p.ID})))
		}
	}
	for _, r := range p.Cards() {
		c := r.Card
		switch c.Kind {
		case recall.Cloze:
			add("c/"+r.Key(), "Cloze", c.Fill(text(c.Front.HTML), func(l recall.Left) string {
				hint := ""
				if l.Hint != "" {
					hint = "::" + left.Replace(html.EscapeString(l.Hint))
				}
				return fmt.Sprintf("{{c%d::%s%s}}", l.Number, left.Replace(html.EscapeString(l.Text)), hint)
			}), text(c.Hint.HTML))
		case recall.Both:
			add("c/"+r.Key()+"/back", "Basic", text(c.Back.HTML), text(c.Front.HTML))
			fallthrough
		default:
			add("c/"+r.Key(), "Basic", text(c.Front.HTML), text(c.Back.HTML))
		}
	}
	return out
}

// left keeps what Anki takes for the end of a gap, or of its answer, from being that.
var left = strings.NewReplacer("::", ":&#58;", "}}", "}&#125;")

// guid is a lasting name of 10 signs.
func guid(key string) string {
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:10]
}

// deck is where Anki puts the cards of a page: below the site, in its course or series.
func (v *viewer) deck(p *site.Page) string {
	deck := v.site.Config.Title
	switch {
	case p.CourseOf() != nil:
		deck += "::" + p.CourseOf().Title
	case p.Kind == site.GlossaryPage:
		deck += "::" + p.Title
	case p.Series != nil:
		deck += "::" + p.Series.Page.Title
	}
	return deck
}

func (v *viewer) ankiTags(p *site.Page) string {
	var tags []string
	for _, t := range p.Tags {
		tags = append(tags, strings.ReplaceAll(t.Name, " ", "_"))
	}
	return strings.Join(tags, " ")
}

// forAnki closes the holes of a text for a program that knows nothing of the site: links are whole, or text; pictures are their words.
func (v *viewer) forAnki(p *site.Page, text string) string {
	return string(markdown.Fill([]byte(text), func(n int) string {
		if n < 0 || n >= len(p.Links) {
			return ""
		}
		link, t := p.Doc.Links[n], p.Links[n]
		whole := t.URL
		if !t.External {
			whole = v.absolute(t.URL)
		}
		switch {
		case link.Kind == markdown.Image || link.Kind == markdown.Embed && t.Image != nil:
			return html.EscapeString(link.Text)
		case link.Kind == markdown.Wiki || link.Kind == markdown.Embed:
			return html.EscapeString(cmpText(link.Text, cmpText(t.Title, link.Target)))
		case whole == "":
			return "<a>"
		}
		return anchorTag(t, "", whole)
	}))
}
