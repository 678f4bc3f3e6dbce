package markdown

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"

	"waymark/generator/diag"
)

// lint collects what no build warns of, because it is a matter of care, and what "waymark check" tells: what stands in the way of readers
// who hear a page or jump from heading to heading (WCAG 2.2, 1.1.1, 1.3.1 and 2.4.4), and letters that were lost. levels are those of the
// headings as their author typed them.
func (p *preparer) lint(all []ast.Node) {
	last := 1
	for _, n := range all {
		switch n := n.(type) {
		case *ast.Heading:
			p.lintHeading(n, &last)
		case *ast.Image:
			p.lintPicture(n)
		case *ast.Link:
			p.lintLink(n)
		case *xast.Table:
			p.lintTable(n)
		case *ast.Text:
			p.lintText(n)
		}
	}
}

func (p *preparer) care(n ast.Node, code, hint, format string, args ...any) {
	p.doc.Care.Add(diag.Warnf(p.at.position(n.Pos()), code, hint, format, args...))
}

// lintHeading looks at headings that are left out on the way down: a reader who jumps looks for what lies between.
func (p *preparer) lintHeading(n *ast.Heading, last *int) {
	if n.Parent() == nil || n.Parent().Kind() != ast.KindDocument {
		return // those in quotes and lists are of what is quoted
	}
	text := strings.TrimSpace(plainText(n, p.source))
	if text == "" {
		p.care(n, "heading-empty", "give it words, or take it out", "this heading says nothing")
	}
	if n.Level > *last+1 {
		p.care(n, "heading-skipped", "make it one of level "+itoa(*last+1)+", or put what it belongs to above it", "the heading %q is of level %d, and the one before it of level %d", diag.Printable(text), n.Level, *last)
	}
	*last = n.Level
}

// pictureWords say that there is a picture, which a reader is told anyway.
var pictureWords = regexp.MustCompile(`(?i)^(?:an? |the )?(?:image|picture|photo|photograph|screenshot|graphic|figure|diagram|img|untitled)(?: ?\d+)?$|\.(?:png|jpe?g|gif|webp|svg|avif)$`)

func (p *preparer) lintPicture(n *ast.Image) {
	switch text := strings.TrimSpace(plainText(n, p.source)); {
	case text == "" && !p.spoken(n):
		p.care(n, "picture-unsaid", "say in a few words what it shows: ![a wall of cards](wall.png)", "the picture %s has no words for those who do not see it", diag.Printable(path.Base(string(n.Destination))))
	case pictureWords.MatchString(text):
		p.care(n, "picture-unsaid", "say in a few words what it shows", "%q does not say what the picture shows", diag.Printable(text))
	}
}

// spoken reports whether a picture stands in a link that has words of its own, or has none to show.
func (p *preparer) spoken(n *ast.Image) bool {
	link, in := n.Parent().(*ast.Link)
	return len(n.Destination) == 0 || in && strings.TrimSpace(plainText(link, p.source)) != ""
}

// vague are texts of links that say nothing of where they lead, in the languages in which they were met, without their signs.
var vague = map[string]bool{
	"here": true, "click here": true, "click": true, "this": true, "this link": true, "link": true, "more": true, "read more": true, "read it here": true, "see here": true,
	"this page": true, "this article": true, "this post": true, "hier": true, "hier klicken": true, "mehr": true, "ici": true, "cliquez ici": true, "lire la suite": true,
	"aquí": true, "haz clic aquí": true, "yma": true, "cliciwch yma": true, "هنا": true, "اضغط هنا": true,
}

func (p *preparer) lintLink(n *ast.Link) {
	text := strings.ToLower(strings.TrimFunc(plainText(n, p.source), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
	switch {
	case text == "" && !hasPicture(n) && len(n.Destination) > 0:
		p.care(n, "link-unsaid", "write what it leads to between the brackets", "this link has no words")
	case vague[strings.Join(strings.Fields(text), " ")]:
		p.care(n, "link-unsaid", "say what it leads to: readers jump from link to link", "%q does not say where the link leads", diag.Printable(strings.TrimSpace(plainText(n, p.source))))
	}
}

// hasPicture reports whether there is a picture in a link, of which something else is said.
func hasPicture(n ast.Node) (has bool) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		has = has || c.Kind() == ast.KindImage || c.Kind() == ast.KindRawHTML || hasPicture(c)
	}
	return has
}

func (p *preparer) lintTable(n *xast.Table) {
	header, _ := n.FirstChild().(*xast.TableHeader)
	if header == nil || n.ChildCount() < 2 {
		return
	}
	for c := header.FirstChild(); c != nil; c = c.NextSibling() {
		if strings.TrimSpace(plainText(c, p.source)) != "" || hasPicture(c) {
			return
		}
	}
	p.care(n, "table-unsaid", "say above each column what stands in it", "this table has no word above any column")
}

// lostQuote is a question mark where an apostrophe stood before somebody saved the text in an encoding that has none.
var lostQuote = regexp.MustCompile(`(?i)\b(?:don|can|won|isn|doesn|didn|couldn|shouldn|wouldn|aren|wasn|weren|hasn|haven|it|that|what|there|you|we|they|let|i)\?(?:t|s|re|ve|ll|d|m)\b`)

// lintText finds letters that were lost. The expression is tried only where there is a mark between letters: on all text it would take a
// third of a build's time.
func (p *preparer) lintText(n *ast.Text) {
	if n.Parent() != nil && n.Parent().Kind() == ast.KindCodeSpan {
		return
	}
	text := n.Segment.Value(p.source)
	lost := func(at int, hint, format string, args ...any) {
		p.doc.Care.Add(diag.Warnf(p.at.position(n.Segment.Start+at), "lost-letter", hint, format, args...))
	}
	if at := bytes.Index(text, []byte("\uFFFD")); at >= 0 {
		lost(at, "write the letter again, from where the text came from", "a letter was lost here when the text was saved")
		return
	}
	mark := bytes.IndexByte(text, '?')
	if mark <= 0 || mark == len(text)-1 {
		return
	}
	if at := lostQuote.FindIndex(text); at != nil {
		lost(at[0], "write the apostrophe again", "%q was probably an apostrophe: %q", "?", text[at[0]:at[1]])
	}
}
