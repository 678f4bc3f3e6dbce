package importer

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
)

// Page reads one page that was saved, as HTML or as its plain text. address is where it stood, where that is known.
func Page(data []byte, name, address string) (Writing, error) {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return Writing{}, errors.New("this is not UTF-8 (save the page again as such)")
	}
	t, err := plainPage(string(data))
	if looksLikeHTML(data) {
		t, err = htmlPage(data, address)
	}
	if err != nil {
		return Writing{}, err
	}
	if t.Title == "" {
		return Writing{}, errors.New("nothing in it is a title")
	}
	t.From = name
	t.Notes = append(t.Notes, unknown(t)...)
	t.Path = named("posts", "", t.Title)
	return Writing{Texts: []Text{t}}, nil
}

var tag = regexp.MustCompile(`(?i)<(?:!doctype html|html|head|body|div|article|main|p|h1)\b`)

func looksLikeHTML(data []byte) bool { return tag.Match(data[:min(len(data), 4096)]) }

// htmlPage finds the text of a page among what stands around it.
func htmlPage(data []byte, address string) (t Text, err error) {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" {
		at = nil
	}
	article, err := readability.FromReader(bytes.NewReader(data), at)
	if err != nil {
		return t, fmt.Errorf("find the text of the page: %w", err)
	}
	var text strings.Builder
	if article.Node == nil {
		return t, errors.New("there is no text on this page")
	}
	if err := article.RenderHTML(&text); err != nil {
		return t, fmt.Errorf("find the text of the page: %w", err)
	}
	if t.Body, t.Notes, err = newPages("").markdown(text.String()); err != nil {
		return t, err
	}
	t.Title, t.Language = oneLine(article.Title()), language(article.Language())
	t.Description = short(oneLine(article.Excerpt()))
	if by := oneLine(strings.TrimPrefix(article.Byline(), "By ")); by != "" {
		t.Authors = []string{by}
	}
	if day, err := article.PublishedTime(); err == nil {
		t.Date = day
	}
	if at != nil {
		t.Notes = append(t.Notes, "it stood at "+address)
	}
	return t, nil
}

// What stands around the text of a page when it is saved as plain text, in the words that many sites use.
var (
	skipLink  = regexp.MustCompile(`(?i)^(?:skip to (?:main )?(?:content|navigation|text)|jump to (?:main )?content|menu|search|home|cookies on .*|accept(?: all)? cookies)$`)
	footer    = regexp.MustCompile(`(?i)^(?:sharing and comments|share this(?: page| post| article)?|leave a (?:comment|reply)|related (?:posts|content|articles)|comments?(?: \(\d+\))?|\d+ comments?|tweet|print this page)$`)
	about     = regexp.MustCompile(`(?i)^(?:posted (?:by|on):|by:|written by:|author:|published(?: on)?:|date:|categor(?:y|ies):|tags?:|filed under:)`)
	posted    = regexp.MustCompile(`(?i)\b(?:posted by|written by|author|^by):\s*(.*?)(?:,?\s*posted on:|\s+-\s+(?:categor|tag)|\||$)`)
	postedOn  = regexp.MustCompile(`(?i)\b(?:posted on|published on|published|date):\s*(.*?)\s*(?:\s-\s+(?:categor|tag)|\||$)`)
	category  = regexp.MustCompile(`(?i)\b(?:categor(?:y|ies)|filed under):\s*(.+?)(?:\s+-\s+tag.*)?$`)
	tagged    = regexp.MustCompile(`(?i)\btags?:\s*(.+)$`)
	byWhom    = regexp.MustCompile(`^[Bb]y\s+(\p{Lu}[\p{L}.'-]+(?:\s+\p{Lu}[\p{L}.'-]+){0,3})$`)
	dateForms = []string{"2 January 2006", "January 2, 2006", "2 Jan 2006", "Jan 2, 2006", time.DateOnly}
)

// plainPage reads the plain text of a page: paragraphs, with what says who wrote it, when, and about what.
func plainPage(text string) (t Text, err error) {
	pieces := regexp.MustCompile(`\n\s*\n`).Split(strings.ReplaceAll(text, "\r\n", "\n"), -1)
	skipped, cut := 0, 0
	var body []string
	for i, piece := range pieces {
		line := oneLine(piece)
		switch {
		case line == "" || t.Title == "" && skipLink.MatchString(line):
			if line != "" {
				skipped++
			}
		case t.Title == "":
			t.Title = line
		case footer.MatchString(line) && mostly(pieces[i:]):
			cut = len(pieces[i:])
		case len(body) < 2 && t.said(line):
		default:
			body = append(body, escaped(strings.TrimSpace(piece)))
		}
		if cut > 0 {
			break
		}
	}
	if len(body) == 0 {
		return t, errors.New("there is no text on this page")
	}
	t.Body = strings.Join(body, "\n\n")
	if skipped > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("what stood above the title is gone (%d)", skipped))
	}
	if cut > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("what stood below the text is gone (%d)", cut))
	}
	return t, nil
}

// mostly reports whether what follows is the foot of a page, and no more of its text: nothing in it is long.
func mostly(pieces []string) bool {
	return !slices.ContainsFunc(pieces, func(p string) bool { return len(strings.Fields(p)) > 40 })
}

// longestAbout is how many characters a line about a text may have. A longer one is text.
const longestAbout = 250

// said reads a line that says who wrote a page, when, and about what, and reports whether it is one: it begins with a word for that and a
// colon, and is no sentence. What it leaves open stays open.
func (t *Text) said(line string) bool {
	if g := byWhom.FindStringSubmatch(line); g != nil {
		t.Authors = []string{g[1]}
		return true
	}
	if !about.MatchString(line) || len(line) > longestAbout || strings.HasSuffix(line, ".") {
		return false
	}
	if g := posted.FindStringSubmatch(line); g != nil {
		if who := strings.Trim(g[1], " ,-"); who != "" {
			t.Authors = []string{who}
		}
	}
	if g := postedOn.FindStringSubmatch(line); g != nil {
		for _, form := range dateForms {
			if day, err := time.Parse(form, strings.Trim(g[1], " ,-")); err == nil {
				t.Date = day
			}
		}
	}
	if g := category.FindStringSubmatch(line); g != nil {
		t.Categories = list(g[1])
	}
	if g := tagged.FindStringSubmatch(line); g != nil {
		t.Tags = list(g[1])
	}
	t.Notes = append(t.Notes, fmt.Sprintf("what it says of itself is in its header: %q", line))
	return true
}

// list reads what stands between commas.
func list(s string) (all []string) {
	for part := range strings.SplitSeq(s, ",") {
		if part = oneLine(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

var (
	special   = regexp.MustCompile("[\\\\`*_\\[\\]<>{}|~$]")
	lineStart = regexp.MustCompile(`(?m)^(\s*)([#+=:-]|\d+[.)])`)
)

// escaped writes plain text so that Markdown reads it as what it is.
func escaped(text string) string {
	text = special.ReplaceAllStringFunc(text, func(s string) string { return `\` + s })
	return lineStart.ReplaceAllStringFunc(text, func(s string) string {
		last := len(s) - 1
		return s[:last] + `\` + s[last:]
	})
}
