// Package markdown turns one source file into a Document: typed front matter, headings, links, and HTML.
//
// It is the only importer of goldmark and goldmark-meta, whose known faults it guards against. A Document
// knows nothing of other files. Where its HTML needs something that another file decides (where a link leads, how
// large an image is) it has a numbered hole, which Fill closes once the whole site is known.
package markdown

import (
	"bytes"
	"strconv"

	"waymark/generator/diag"
)

// Document is one parsed file, as plain data.
type Document struct {
	Path     string // relative to the content folder
	Name     string // relative to the site's folder, as diagnostics show it
	Front    FrontMatter
	Heading  string    // the text of the first heading; a title for pages whose front matter has none
	Headings []Heading // below the title, in order
	Places   []string  // the ids of what is no heading
	Links    []Link    // Links[i] belongs to hole i
	Glossary bool      // whether the file is the site's glossary, by its name or its type
	Terms    []Term    // its definitions
	Maps     []MapBlock
	Quizzes  []QuizBlock
	Cards    []CardBlock
	Sheets   []SheetBlock
	Summary  string // the beginning of the text, plain, at most about 200 characters
	Words    int
	Plain    []byte // the text without its marks and its code, for counting and for searching
	HTML     []byte
	Care     diag.List // what no build warns of, and who checks the site is told
}

// MapIDs returns the ids of the document's maps; none for a document that could not be read.
func (d *Document) MapIDs() []string {
	var ids []string
	if d != nil {
		for _, m := range d.Maps {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// Heading is a place in a page that can be linked to.
type Heading struct {
	Level int // 2 to 6: the page's title alone has level 1
	ID    string
	Text  string
}

// LinkKind says what a hole stands for.
type LinkKind int

// The kinds of holes.
const (
	Anchor    LinkKind = iota // the opening tag of a link
	Image                     // a whole image
	Wiki                      // a whole [[wiki link]]
	MapHole                   // a whole map
	QuizHole                  // a block of questions
	CardHole                  // a block of cards
	SheetHole                 // a checklist or worksheet
	Embed                     // a whole ![[embed]]: a picture, or a link to what it names
)

// Link is a reference from this page to something else. Target is as the author wrote it; Text is the label of a
// wiki link (empty where none was given) or the alternative text of an image.
type Link struct {
	Kind   LinkKind
	Target string
	Text   string
	Title  string
	Width  int // of an image, as its author wants it shown, in pixels; 0 where nothing says so
	Block  int // of a map, in Document.Maps; of questions, in Document.Quizzes; of cards, in Document.Cards; of a sheet, in Document.Sheets
	Pos    diag.Position
}

// Term is one definition of the glossary.
type Term struct {
	Name    string
	Aliases []string
	ID      string
	Pos     diag.Position
	Text    string // the meaning in plain text
	HTML    []byte // the meaning, with holes
}

// holeMark cannot stand in a text: a file with a NUL byte is refused when it is read.
const holeMark = 0

func appendHole(b []byte, n int) []byte {
	b = append(b, holeMark)
	b = strconv.AppendInt(b, int64(n), 10)
	return append(b, holeMark)
}

// Fill returns html with each hole n replaced by what fill(n) returns.
func Fill(html []byte, fill func(n int) string) []byte {
	out := make([]byte, 0, len(html)+len(html)/4)
	for {
		before, rest, found := bytes.Cut(html, []byte{holeMark})
		out = append(out, before...)
		if !found {
			return out
		}
		number, after, _ := bytes.Cut(rest, []byte{holeMark})
		n, err := strconv.Atoi(string(number))
		if err == nil {
			out = append(out, fill(n)...)
		}
		html = after
	}
}
