package dialect

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

// alerts are the names that programs have for what is set apart from the text, by the kind of alert that each becomes.
var alerts = map[string]string{
	"note": "note", "info": "note", "information": "note", "seealso": "note", "abstract": "note", "summary": "note", "tldr": "note", "todo": "note",
	"question": "note", "help": "note", "faq": "note", "quote": "note", "cite": "note", "example": "note", "callout": "note", "admonition": "note",
	"aside": "note", "notice": "note", "message": "note", "remember": "note", "definition": "note", "discussion": "note", "instructor": "note", "primary": "note", "default": "note", "secondary": "note",
	"objectives": "note", "questions": "note", "keypoints": "note", "challenge": "note", "exercise": "note", "solution": "note", "prereq": "note", "testimonial": "note", "checklist": "note",
	"tip": "tip", "hint": "tip", "success": "tip", "check": "tip", "done": "tip",
	"important": "important",
	"warning":   "warning", "warn": "warning", "attention": "warning", "alert": "warning",
	"caution": "caution", "danger": "caution", "error": "caution", "failure": "caution", "fail": "caution", "missing": "caution", "bug": "caution",
}

// Alert returns the kind of alert that a program's word for one becomes, and the name of the title that it has where its author gave
// none. kind is "" where it is no such word.
func Alert(word string) (kind, name string) {
	word = strings.ToLower(strings.TrimPrefix(strings.ToLower(word), "callout-"))
	if kind = alerts[word]; kind == "" {
		return "", ""
	}
	switch word {
	case "callout", "admonition", "notice", "message", "default", "primary", "secondary", "aside", "info", "information", "warn":
		return kind, kind
	}
	return kind, word
}

// Alerts returns the words that Alert knows, in order.
func Alerts() []string {
	var out []string
	for word := range alerts {
		out = append(out, word)
	}
	slices.Sort(out)
	return out
}

// Folds reports whether a word is one for what readers open when they want it.
func Folds(word string) bool {
	return slices.Contains([]string{"details", "spoiler", "collapse", "expand", "expandable", "accordion"}, strings.ToLower(word))
}

// Meaning is what some tags become.
type Meaning struct {
	Names []string
	Says  string // what they become, for the manual
	give  func(p *pass, t *tag) bool
}

// Meanings are the tags that have a meaning here. The names are those that several programs share.
func Meanings() []Meaning {
	return []Meaning{
		{[]string{"highlight", "codeblock", "code-block", "prism"}, "a block of code", (*pass).codeTag},
		{[]string{"ref", "relref", "post_url", "link", "url"}, "the address of a page, in a link", (*pass).refTag},
		{[]string{"figure", "img", "image", "picture", "photo", "imgproc", "imglink", "responsive_image"}, "a picture", (*pass).imageTag},
		{[]string{"youtube", "vimeo", "tweet", "twitter", "x", "gist", "instagram", "video", "embed", "spotify", "codepen", "asciinema", "iframe", "lite-youtube", "youtubeembed"}, "a link", (*pass).mediaTag},
		{[]string{"details", "spoiler", "collapse", "expand", "expandable", "accordion"}, "what readers open when they want it", (*pass).foldTag},
		{append(Alerts(), "panel"), "an alert", (*pass).alertTag},
		{[]string{"include", "include_relative", "partial", "render", "component"}, "what it is called for, where that is one of these", (*pass).includeTag},
		{[]string{"raw", "verbatim", "rawhtml", "unsafe", "safe", "html", "markdown", "markdownify", "br", "nbsp", "toc", "more", "pagebreak", "clear", "fragment"}, "nothing", (*pass).quietTag},
	}
}

// byName returns the meanings by the names of their tags.
func byName() map[string]func(*pass, *tag) bool {
	out := map[string]func(*pass, *tag) bool{}
	for _, m := range Meanings() {
		for _, name := range m.Names {
			if out[name] == nil {
				out[name] = m.give
			}
		}
	}
	return out
}

// literal reports whether what stands in a tag is not a template.
func literal(t *tag) bool {
	if t.syntax == component {
		return false
	}
	switch strings.ToLower(t.name) {
	case "raw", "verbatim", "comment", "highlight", "codeblock", "code-block", "prism":
		return true
	}
	return false
}

// mean decides what becomes of a tag: the meaning of its name, or nothing, with a note.
func (p *pass) mean(t *tag) {
	if t.closing {
		return // of nothing, or of what has no meaning
	}
	if t.syntax == output {
		p.outputTag(t)
		return
	}
	if inner := string(p.data[t.from:t.to]); t.syntax == shortcode && strings.Contains(inner, "/*") { // Hugo's way to show one
		t.with = "`" + strings.NewReplacer("/*", "", "*/", "", "`", "'").Replace(inner) + "`"
		return
	}
	name := strings.ToLower(strings.TrimSuffix(path.Base(t.name), path.Ext(t.name)))
	if give := p.meanings[name]; give != nil && give(p, t) {
		return
	}
	if strings.EqualFold(t.name, "comment") && t.closer != nil { // Liquid's own
		t.to = t.closer.to
		t.closer.from = t.closer.to
		t.closer.done = true
		return
	}
	title := t.said.first("title", "summary", "label", "caption", "name")
	if title == "" && strings.Contains(name, "tab") {
		title = t.said.at(0)
	}
	if title != "" && t.closer != nil {
		t.with, t.block = "**"+title+"**\n", true // its words stay
	}
	p.unknown(t)
}

// unknown names a tag that means nothing here.
func (p *pass) unknown(t *tag) {
	what := "is a tag of another program, and is left out"
	if t.closer != nil {
		what = "is a tag of another program: it is left out, and the words in it stay"
	}
	p.note(t.from, "unknown-tag", t.shown(), t.shown()+" "+what, "write in Markdown what it was to show; in code, between backticks, it stays as it is")
}

var quoted = regexp.MustCompile(`^["']`)

// outputTag leaves a text that is given as it is, and the site's own address empty; a value is known to nobody here.
func (p *pass) outputTag(t *tag) {
	inner := strings.TrimLeft(string(p.data[t.from:t.to]), "{-~ ")
	switch name := strings.ToLower(t.name); {
	case quoted.MatchString(inner):
		t.with = t.said.at(0)
	case t.inTarget && (strings.Contains(name, "base") || strings.Contains(name, "site") || strings.Contains(name, "url") || strings.Contains(name, "root") || strings.Contains(name, "path")):
	default:
		p.unknown(t)
	}
}

func (p *pass) quietTag(*tag) bool { return true }

// codeTag makes a block of code of what stands between two tags.
func (p *pass) codeTag(t *tag) bool {
	if t.closer == nil || t.syntax == component {
		return false
	}
	fence := "```"
	for bytes.Contains(p.data[t.to:t.closer.from], []byte(fence)) {
		fence += "`"
	}
	language := t.said.first("lang", "language")
	if language == "" {
		language = strings.TrimPrefix(t.said.at(0), "lang:")
	}
	if strings.ContainsAny(language, "` \n") {
		language = ""
	}
	t.with, t.block = fence+language, true
	t.closer.with, t.closer.block, t.closer.done = fence, true, true
	return true
}

// refTag gives the page that is named.
func (p *pass) refTag(t *tag) bool {
	target := t.said.at(0)
	if target == "" {
		target = t.said.first("path", "name", "href")
	}
	if target == "" || strings.ContainsAny(target, "\n<>") {
		return false
	}
	if path.Ext(target) == "" && t.syntax == logic && strings.EqualFold(t.name, "post_url") {
		target += ".md"
	}
	switch {
	case t.inTarget:
		t.with = strings.ReplaceAll(target, " ", "%20")
	case t.closer != nil && t.syntax != logic: // a link of its own: <Link href="...">words</Link>
		t.with, t.closer.with, t.closer.done = "[", "]("+bracketed(target)+")", true
	default:
		t.with = "[" + target + "](" + bracketed(target) + ")"
	}
	return true
}

func bracketed(target string) string {
	if strings.ContainsAny(target, " ()") {
		return "<" + target + ">"
	}
	return target
}

// pictureEndings are those of pictures that pages show.
var pictureEndings = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}

func isPicture(name string) bool {
	name, _, _ = strings.Cut(name, "?")
	return slices.Contains(pictureEndings, strings.ToLower(path.Ext(name)))
}

func (p *pass) imageTag(t *tag) bool {
	src := t.said.first("src", "image_path", "image", "path", "file", "url", "href", "name", "filename")
	rest := t.said.list
	if src == "" {
		i := slices.IndexFunc(rest, isPicture)
		if i < 0 {
			return false
		}
		src, rest = rest[i], rest[i+1:]
	}
	alt := t.said.first("alt", "alt-text", "alt_text", "description")
	if alt == "" && len(rest) > 0 && !strings.HasSuffix(rest[0], ".html") && !isPicture(rest[0]) {
		alt = rest[0]
	}
	t.with = imageMark(src, alt, t.said.first("caption", "title"))
	return true
}

// imageMark writes a picture in Markdown.
func imageMark(src, alt, caption string) string {
	plain := strings.NewReplacer("[", `\[`, "]", `\]`, "\n", " ")
	mark := "![" + plain.Replace(alt) + "](" + bracketed(src)
	if caption != "" {
		mark += ` "` + strings.ReplaceAll(strings.ReplaceAll(caption, "\n", " "), `"`, "&quot;") + `"`
	}
	return mark + ")"
}

// mediaTag makes a link of what another site would show in a frame.
func (p *pass) mediaTag(t *tag) bool {
	id := t.said.first("url", "src", "href", "id", "videoid", "video_id", "youtubeid")
	if id == "" {
		id = t.said.at(0)
	}
	if id == "" || strings.ContainsAny(id, " \n<>") {
		return false
	}
	address := id
	if !strings.Contains(id, "://") {
		switch name := strings.ToLower(t.name); {
		case strings.Contains(name, "youtube"):
			address = "https://www.youtube.com/watch?v=" + id
		case name == "vimeo":
			address = "https://vimeo.com/" + id
		case name == "instagram":
			address = "https://www.instagram.com/p/" + id + "/"
		case name == "gist" && t.said.at(1) != "":
			address = "https://gist.github.com/" + id + "/" + t.said.at(1)
		case name == "tweet" || name == "twitter" || name == "x":
			user, number := t.said.first("user"), id
			if user == "" && t.said.at(1) != "" {
				user, number = id, t.said.at(1)
			}
			address = "https://twitter.com/" + cmp.Or(user, "i") + "/status/" + number
		case strings.ContainsAny(id, "./"): // a file of the site
		default:
			return false
		}
	}
	if title := t.said.first("title", "alt", "caption"); title != "" {
		t.with = "[" + strings.NewReplacer("[", `\[`, "]", `\]`).Replace(title) + "](" + bracketed(address) + ")"
	} else if strings.Contains(address, "://") {
		t.with = "<" + address + ">"
	} else {
		t.with = "[" + path.Base(address) + "](" + bracketed(address) + ")"
	}
	return true
}

func (p *pass) foldTag(t *tag) bool {
	if t.closer == nil {
		return false
	}
	title := t.said.first("title", "summary", "label")
	if title == "" {
		title = strings.Join(t.said.list, " ")
	}
	p.container(t, "details", title)
	return true
}

// container makes lines of its own of a pair of tags, as the containers of Markdown have them.
func (p *pass) container(t *tag, name, title string) {
	t.with, t.block = strings.TrimSpace("::: "+name+" "+strings.ReplaceAll(title, "\n", " "))+"\n", true
	t.closer.with, t.closer.block, t.closer.done = "\n:::", true, true
}

// alertTag makes an alert of a pair of tags, of the kind that one of its words names.
func (p *pass) alertTag(t *tag) bool {
	kind := strings.ToLower(t.name)
	if said := t.said.first("type", "kind", "style", "variant", "level", "emoji", "class"); said != "" {
		kind = p.kindOf(said, kind)
	} else if k, _ := Alert(t.said.at(0)); k != "" {
		kind = strings.ToLower(t.said.at(0))
		t.said.list = t.said.list[1:]
	}
	if k, _ := Alert(kind); k == "" {
		kind = "note"
	}
	title := t.said.first("title", "heading", "header")
	if title == "" {
		title = t.said.at(0)
	}
	switch body := t.said.first("content", "text", "body", "message"); {
	case t.closer != nil:
		p.container(t, kind, title)
	case body != "":
		t.with, t.block = strings.TrimSpace("::: "+kind+" "+title)+"\n\n"+body+"\n\n:::", true
	default:
		return false
	}
	return true
}

func (p *pass) kindOf(said, otherwise string) string {
	for _, word := range strings.Fields(said) {
		if k, _ := Alert(word); k != "" {
			return strings.ToLower(word)
		}
	}
	return otherwise
}

// includeTag gives a file that is included the meaning of its name, and else the words that it is given.
func (p *pass) includeTag(t *tag) bool {
	file := t.said.at(0)
	name := strings.ToLower(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	if give := p.meanings[name]; give != nil && name != "include" && file != "" {
		named := *t
		named.name, named.said.list = name, t.said.list[1:]
		if give(p, &named) {
			t.with, t.block = named.with, named.block
			return true
		}
	}
	if isPicture(t.said.first("src", "image_path", "image", "path", "file", "url")) {
		t.said.list = nil
		return p.imageTag(t)
	}
	if body := t.said.first("content", "text", "body"); body != "" {
		t.with = body
	}
	t.name = strings.TrimSpace(t.name + " " + file)
	return false
}
