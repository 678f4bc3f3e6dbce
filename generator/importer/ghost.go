package importer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ghostExport is the part of an export of Ghost that is read (https://ghost.org/docs/migration/custom/).
type ghostExport struct {
	DB   []struct{ Data ghostData } `json:"db"`
	Data ghostData                  `json:"data"` // as older ones have it
}

// loose is a text, or what can stand for one: ids are numbers in old exports, and so are times, in milliseconds.
type loose string

// UnmarshalJSON takes any value as its text; null is none.
func (l *loose) UnmarshalJSON(data []byte) error {
	var s string
	switch {
	case json.Unmarshal(data, &s) == nil:
		*l = loose(s)
	default:
		*l = loose(data)
	}
	return nil
}

type ghostData struct {
	Posts        []ghostPost
	Tags         []struct{ ID, Name, Visibility loose }
	Users        []struct{ ID, Name loose }
	PostsTags    []ghostPair `json:"posts_tags"`
	PostsAuthors []ghostPair `json:"posts_authors"`
	PostsMeta    []struct {
		PostID          loose `json:"post_id"`
		MetaDescription loose `json:"meta_description"`
	} `json:"posts_meta"`
}

// ghostPair joins a post with something.
type ghostPair struct {
	Post   loose `json:"post_id"`
	Tag    loose `json:"tag_id"`
	Author loose `json:"author_id"`
	Order  int   `json:"sort_order"`
}

type ghostPost struct {
	ID                                                             loose
	Title, Slug, HTML, Plaintext, Status, Type, Visibility, Locale loose
	Page                                                           loose
	Author                                                         loose `json:"author_id"`
	FeatureImage                                                   loose `json:"feature_image"`
	CustomExcerpt                                                  loose `json:"custom_excerpt"`
	Published                                                      loose `json:"published_at"`
	Updated                                                        loose `json:"updated_at"`
}

// Ghost reads an export of Ghost. files are the paths of files that come along from its content folder.
func Ghost(data []byte, files []File) (Writing, error) {
	var export ghostExport
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\uFEFF")), &export); err != nil {
		return Writing{}, fmt.Errorf("read the export: %w", err)
	}
	all := export.Data
	if len(export.DB) > 0 {
		all = export.DB[0].Data
	}
	if len(all.Posts) == 0 {
		return Writing{}, errors.New("this is no export of Ghost: it holds no post (in Ghost: Settings, Labs, Export your content)")
	}
	p := newPages("https://__ghost_url__/")
	for _, f := range files {
		p.files[f.Path] = true
	}
	p.all = true // an export does not say where the site was
	w := Writing{Files: files}
	names, tags := map[loose]string{}, map[loose]string{}
	for _, u := range all.Users {
		names[u.ID] = oneLine(string(u.Name))
	}
	for _, t := range all.Tags {
		if t.Visibility != "internal" && !strings.HasPrefix(string(t.Name), "#") {
			tags[t.ID] = oneLine(string(t.Name))
		}
	}
	tagged, written, described := map[loose][]string{}, map[loose][]string{}, map[loose]string{}
	slices.SortStableFunc(all.PostsTags, func(x, y ghostPair) int { return cmp.Compare(x.Order, y.Order) })
	slices.SortStableFunc(all.PostsAuthors, func(x, y ghostPair) int { return cmp.Compare(x.Order, y.Order) })
	for _, p := range all.PostsTags {
		if name := tags[p.Tag]; name != "" {
			tagged[p.Post] = append(tagged[p.Post], name)
		}
	}
	for _, p := range all.PostsAuthors {
		if name := names[p.Author]; name != "" {
			written[p.Post] = append(written[p.Post], name)
		}
	}
	for _, m := range all.PostsMeta {
		described[m.PostID] = oneLine(known(m.MetaDescription))
	}
	for _, post := range all.Posts {
		t, err := post.text(p)
		if err != nil {
			w.Dropped = append(w.Dropped, Outcome{From: t.From, What: Dropped, Why: err.Error()})
			continue
		}
		t.Tags, t.Authors, t.Description = tagged[post.ID], written[post.ID], cmp.Or(t.Description, described[post.ID])
		if name := names[post.Author]; len(t.Authors) == 0 && name != "" {
			t.Authors = []string{name}
		}
		w.Texts = append(w.Texts, t)
	}
	return w, nil
}

// known is a text, and nothing for null.
func known(l loose) string {
	if l == "null" {
		return ""
	}
	return string(l)
}

// text turns a post into a text.
func (g ghostPost) text(p *pages) (Text, error) {
	const place = "__GHOST_URL__"
	kind := cmp.Or(known(g.Type), "post")
	if g.Page == "true" || g.Page == "1" {
		kind = "page"
	}
	title, name, visible, status := oneLine(known(g.Title)), known(g.Slug), known(g.Visibility), known(g.Status)
	t := Text{
		From: fmt.Sprintf("%s %q", kind, title), Title: title, Description: oneLine(known(g.CustomExcerpt)), Address: addressOf("/" + name + "/"), Key: string(g.ID),
		Date: stamp(known(g.Published)), Updated: stamp(known(g.Updated)), Language: known(g.Locale), Image: p.address(strings.Replace(known(g.FeatureImage), place, "https://__ghost_url__", 1)),
	}
	text := known(g.HTML)
	if text == "" && known(g.Plaintext) == "" {
		return t, errors.New("the export has no HTML of it (it was written by a version of Ghost that keeps another form: open it in Ghost, save it, and export again)")
	}
	var err error
	if t.Body, t.Notes, err = p.markdown(strings.ReplaceAll(text, place, "https://__ghost_url__")); err != nil {
		return t, err
	}
	if text == "" {
		t.Body = escaped(known(g.Plaintext))
	}
	switch {
	case status != "published" && status != "scheduled":
		t.Draft, t.Notes = true, append(t.Notes, "held back, because it was "+cmp.Or(status, "of no known status"))
	case visible != "" && visible != "public":
		t.Draft, t.Notes = true, append(t.Notes, "held back, because it was for "+visible+" alone")
	case status == "scheduled" && t.Date.IsZero():
		t.Draft, t.Notes = true, append(t.Notes, "held back, because it was to come out on a day that cannot be read")
	}
	if t.Path = named("posts", name, title); kind == "page" {
		t.Path = named("", name, title)
	}
	return t, nil
}

// stamp reads a time as programs exchange it; zero where it is none.
func stamp(s string) time.Time {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05.000Z", time.DateTime, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(form, s); err == nil {
			return t
		}
	}
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil && ms > 0 {
		return time.UnixMilli(ms).UTC()
	}
	return time.Time{}
}
