package importer

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

// wxr is the part of a WordPress eXtended RSS file that is read
// (https://developer.wordpress.org/advanced-administration/wordpress/export/).
type wxr struct {
	Channel struct {
		Link    string      `xml:"link"`
		Authors []wxrAuthor `xml:"author"`
		Items   []wxrItem   `xml:"item"`
	} `xml:"channel"`
}

type wxrAuthor struct {
	Login string `xml:"author_login"`
	Name  string `xml:"author_display_name"`
}

type wxrItem struct {
	Title    string `xml:"title"`
	Link     string `xml:"link"`
	Creator  string `xml:"creator"`
	Content  string `xml:"http://purl.org/rss/1.0/modules/content/ encoded"`
	Excerpts []struct {
		XMLName xml.Name
		Text    string `xml:",chardata"`
	} `xml:"encoded"`
	ID         int    `xml:"post_id"`
	Date       string `xml:"post_date"`
	DateGMT    string `xml:"post_date_gmt"`
	Modified   string `xml:"post_modified"`
	Name       string `xml:"post_name"`
	Status     string `xml:"status"`
	Type       string `xml:"post_type"`
	Password   string `xml:"post_password"`
	Attachment string `xml:"attachment_url"`
	Categories []struct {
		Domain string `xml:"domain,attr"`
		Text   string `xml:",chardata"`
	} `xml:"category"`
	Comments []struct{} `xml:"comment"`
	Meta     []struct {
		Key   string `xml:"meta_key"`
		Value string `xml:"meta_value"`
	} `xml:"postmeta"`
}

// WordPress reads an export of WordPress. files are the paths of files that come along from the uploads of the old site.
func WordPress(r io.Reader, files []File) (Writing, error) {
	d := xml.NewDecoder(cleaned(r))
	d.CharsetReader = charset.NewReaderLabel
	d.Strict = false
	var export wxr
	if err := d.Decode(&export); err != nil {
		return Writing{}, fmt.Errorf("read the export: %w", err)
	}
	if !slices.ContainsFunc(export.Channel.Items, func(i wxrItem) bool { return i.Type != "" }) {
		return Writing{}, errors.New("this is no export of WordPress: it holds no post (in WordPress: Tools, Export, all content)")
	}
	p := newPages(export.Channel.Link)
	w := Writing{Files: files}
	for _, f := range files {
		p.files[f.Path] = true
	}
	names, pictures := map[string]string{}, map[string]string{}
	for _, a := range export.Channel.Authors {
		names[a.Login] = cmp.Or(strings.TrimSpace(a.Name), a.Login)
	}
	for _, i := range export.Channel.Items {
		if i.Type == "attachment" {
			pictures[fmt.Sprint(i.ID)] = i.Attachment
		}
	}
	for _, i := range export.Channel.Items {
		i.take(&w, p, names, pictures)
	}
	return w, nil
}

// take adds an item to what is written, or to what is not.
func (i wxrItem) take(w *Writing, p *pages, names, pictures map[string]string) {
	from := fmt.Sprintf("%s %d %q", cmp.Or(i.Type, "item"), i.ID, plain(i.Title))
	drop := func(why string) { w.Dropped = append(w.Dropped, Outcome{From: from, What: Dropped, Why: why}) }
	switch {
	case i.Type == "attachment":
		if p.files[strings.TrimPrefix(pathOf(i.Attachment), "/")] {
			return // its file comes along, and is told
		}
		drop("the export has its address alone: " + i.Attachment + " (give the folder of uploads with --files, or let waymark build --fetch-images bring pictures)")
		return
	case i.Type == "nav_menu_item":
		drop("an entry of a menu: write what leads on into menu in waymark.yaml")
		return
	case i.Type != "post" && i.Type != "page":
		drop("neither a post nor a page")
		return
	case i.Status == "trash" || i.Status == "auto-draft" || i.Status == "inherit":
		drop("it was thrown away, or never begun")
		return
	}
	t := Text{From: from, Title: plain(i.Title), Date: i.date(), Updated: moment(i.Modified, ""), Address: addressOf(i.Link)}
	body, notes, err := p.markdown(shortcodes(paragraphs(codes(i.Content))))
	if err != nil {
		drop(err.Error())
		return
	}
	t.Body, t.Notes = body, notes
	if i.Creator != "" {
		t.Authors = []string{cmp.Or(names[i.Creator], i.Creator)}
	}
	for _, e := range i.Excerpts {
		if strings.Contains(e.XMLName.Space, "excerpt") {
			t.Description = plain(e.Text)
		}
	}
	for _, c := range i.Categories {
		switch {
		case c.Domain == "post_tag":
			t.Tags = append(t.Tags, oneLine(c.Text))
		case c.Domain == "category" && c.Text != "Uncategorized":
			t.Categories = append(t.Categories, oneLine(c.Text))
		}
	}
	if i.Status != "publish" && i.Status != "future" || i.Password != "" {
		t.Draft = true
		t.Notes = append(t.Notes, "held back, because it was "+map[bool]string{true: "kept behind a password", false: i.Status}[i.Password != ""])
	}
	if i.Status == "future" && t.Date.IsZero() {
		t.Draft = true
		t.Notes = append(t.Notes, "held back, because it was to come out on a day that cannot be read")
	}
	for _, m := range i.Meta {
		if m.Key == "_thumbnail_id" && pictures[m.Value] != "" {
			t.Image = p.address(pictures[m.Value])
		}
	}
	if n := len(i.Comments); n > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%d comments stay behind", n))
	}
	if t.Address == "" {
		t.Notes = append(t.Notes, "its address was "+i.Link+", which no page can have")
	}
	if t.Path = named("posts", cmp.Or(i.Name, t.Address), t.Title); i.Type == "page" {
		t.Path = pagePath(t.Address, cmp.Or(i.Name, t.Title))
	}
	w.Texts = append(w.Texts, t)
}

// date is when an item was published; what was never is of no day.
func (i wxrItem) date() time.Time {
	if strings.HasPrefix(i.Date, "0000") {
		return time.Time{}
	}
	return moment(i.Date, i.DateGMT)
}

// moment reads a time as databases write it, in the zone that follows from the same in UTC.
func moment(local, utc string) time.Time {
	t, err := time.Parse(time.DateTime, strings.TrimSpace(local))
	if err != nil {
		return time.Time{}
	}
	if u, err := time.Parse(time.DateTime, strings.TrimSpace(utc)); err == nil {
		offset := t.Sub(u).Round(15 * time.Minute)
		if offset.Abs() <= 14*time.Hour {
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.FixedZone("", int(offset.Seconds())))
		}
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) // whose hour is of no known zone
}

// pathOf returns the path of an address.
func pathOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return ""
	}
	return u.Path
}

// addressOf returns the path that a page had, or "" where that was none of its own: of a draft, or with a question in it.
func addressOf(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") == "" {
		return ""
	}
	return u.Path
}

// pagePath is where a page lies that stands by itself: as its address does.
func pagePath(address, name string) string {
	if address == "" {
		return named("", name, name)
	}
	return named(strings.Trim(path.Dir(strings.TrimSuffix(address, "/")), "/."), address, name)
}

var (
	caption   = regexp.MustCompile(`(?s)\[caption[^\]]*\](.*?)(<img[^>]*>(?:\s*</a>)?)(.*?)\[/caption\]`)
	embedded  = regexp.MustCompile(`(?s)\[(?:embed|video|audio)[^\]]*\]\s*(\S+?)\s*\[/(?:embed|video|audio)\]`)
	codeBlock = regexp.MustCompile(`(?s)\[(?:source)?code(?:\s+lang(?:uage)?="?([\w+#-]+)"?)?[^\]]*\](.*?)\[/(?:source)?code\]`)
)

// shortcodes gives the common shortcodes of WordPress their meaning. Others stay where they stand, to be seen.
func shortcodes(text string) string {
	text = caption.ReplaceAllString(text, "<figure>$1$2<figcaption>$3</figcaption></figure>")
	return embedded.ReplaceAllString(text, `<p><a href="$1">$1</a></p>`)
}

// codes makes blocks of code of the shortcodes for them, before blank lines mean anything.
func codes(text string) string {
	return codeBlock.ReplaceAllStringFunc(text, func(s string) string {
		g := codeBlock.FindStringSubmatch(s)
		return `<pre><code class="language-` + g[1] + `">` + strings.Trim(g[2], "\r\n") + `</code></pre>`
	})
}

// block begins what is no paragraph.
var block = regexp.MustCompile(`(?i)^\s*<(?:/?(?:p|div|ul|ol|li|h[1-6]|table|thead|tbody|tr|td|th|pre|blockquote|figure|figcaption|hr|section|article|dl|dt|dd|iframe|form|style|script)\b|!--)`)

// paragraphs makes paragraphs of what is parted by blank lines alone, as WordPress does when it shows a text of the old editor.
func paragraphs(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if strings.Contains(text, "<!-- wp:") || strings.Contains(text, "<p>") || strings.Contains(text, "<p ") {
		return text
	}
	var out []string
	inPre := false
	for _, piece := range strings.Split(text, "\n\n") {
		if opens := strings.Count(piece, "<pre") - strings.Count(piece, "</pre>"); inPre || opens != 0 || block.MatchString(piece) || strings.TrimSpace(piece) == "" {
			inPre = (inPre || opens > 0) && opens >= 0
			out = append(out, piece)
			continue
		}
		out = append(out, "<p>"+strings.ReplaceAll(strings.TrimSpace(piece), "\n", "<br>\n")+"</p>")
	}
	return strings.Join(out, "\n\n")
}

// cleaned leaves out the signs that XML forbids, which exports hold all the same.
func cleaned(r io.Reader) io.Reader { return &xmlCleaner{r} }

type xmlCleaner struct{ io.Reader }

func (c *xmlCleaner) Read(into []byte) (int, error) {
	n, err := c.Reader.Read(into)
	kept := slices.DeleteFunc(into[:n], func(b byte) bool { return b < ' ' && b != '\t' && b != '\n' && b != '\r' })
	return len(kept), err
}
