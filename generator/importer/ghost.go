package importer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ghostExport is the part of an export of Ghost that is read (https://ghost.org/docs/migration/custom/).
type ghostExport struct {
	DB   []struct{ Data ghostData } `json:"db"`
	Data ghostData                  `json:"data"` // as older ones have it
}

type ghostData struct {
	Posts        []ghostPost
	Tags         []struct{ ID, Name, Slug, Visibility any }
	Users        []struct{ ID, Name any }
	PostsTags    []ghostPair `json:"posts_tags"`
	PostsAuthors []ghostPair `json:"posts_authors"`
	PostsMeta    []struct {
		PostID          any    `json:"post_id"`
		MetaDescription string `json:"meta_description"`
	} `json:"posts_meta"`
	Settings []struct{ Key, Value any }
}

// ghostPair joins a post with something. IDs are numbers in old exports, and texts in new ones.
type ghostPair struct {
	Post   any `json:"post_id"`
	Tag    any `json:"tag_id"`
	Author any `json:"author_id"`
	Order  int `json:"sort_order"`
}

type ghostPost struct {
	ID, AuthorID                         any
	Title, Slug, HTML, Plaintext, Status string
	Type, Visibility, Locale             string
	Page                                 any
	FeatureImage                         string `json:"feature_image"`
	CustomExcerpt                        string `json:"custom_excerpt"`
	Published                            string `json:"published_at"`
	Updated                              string `json:"updated_at"`
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
	names, tags := map[any]string{}, map[any]string{}
	for _, u := range all.Users {
		names[u.ID] = fmt.Sprint(u.Name)
	}
	for _, t := range all.Tags {
		if t.Visibility != "internal" && !strings.HasPrefix(fmt.Sprint(t.Name), "#") {
			tags[t.ID] = fmt.Sprint(t.Name)
		}
	}
	slices.SortStableFunc(all.PostsTags, func(x, y ghostPair) int { return cmp.Compare(x.Order, y.Order) })
	slices.SortStableFunc(all.PostsAuthors, func(x, y ghostPair) int { return cmp.Compare(x.Order, y.Order) })
	for _, post := range all.Posts {
		t, err := post.text(p)
		if err != nil {
			w.Dropped = append(w.Dropped, Outcome{From: t.From, What: Dropped, Why: err.Error()})
			continue
		}
		for _, pair := range all.PostsTags {
			if pair.Post == post.ID && tags[pair.Tag] != "" {
				t.Tags = append(t.Tags, oneLine(tags[pair.Tag]))
			}
		}
		for _, pair := range all.PostsAuthors {
			if pair.Post == post.ID && names[pair.Author] != "" {
				t.Authors = append(t.Authors, oneLine(names[pair.Author]))
			}
		}
		for _, m := range all.PostsMeta {
			if m.PostID == post.ID {
				t.Description = cmp.Or(t.Description, oneLine(m.MetaDescription))
			}
		}
		w.Texts = append(w.Texts, t)
	}
	return w, nil
}

// text turns a post into a text.
func (g ghostPost) text(p *pages) (Text, error) {
	const place = "__GHOST_URL__"
	kind := cmp.Or(g.Type, "post")
	if g.Page == true || g.Page == 1.0 {
		kind = "page"
	}
	t := Text{
		From: fmt.Sprintf("%s %q", kind, oneLine(g.Title)), Title: oneLine(g.Title), Description: oneLine(g.CustomExcerpt), Address: "/" + g.Slug + "/",
		Date: stamp(g.Published), Updated: stamp(g.Updated), Language: g.Locale, Image: p.address(strings.Replace(g.FeatureImage, place, "https://__ghost_url__", 1)),
	}
	if g.HTML == "" && g.Plaintext == "" {
		return t, errors.New("the export has no HTML of it (it was written by a version of Ghost that keeps another form: open it in Ghost, save it, and export again)")
	}
	var err error
	if t.Body, t.Notes, err = p.markdown(strings.ReplaceAll(g.HTML, place, "https://__ghost_url__")); err != nil {
		return t, err
	}
	if g.HTML == "" {
		t.Body = escaped(g.Plaintext)
	}
	if g.Status != "published" && g.Status != "scheduled" || g.Visibility != "" && g.Visibility != "public" {
		t.Draft = true
		t.Notes = append(t.Notes, "held back, because it was "+map[bool]string{true: "for " + g.Visibility + " alone", false: g.Status}[g.Status == "published"])
	}
	if t.Path = named("posts", g.Slug, g.Title); kind == "page" {
		t.Path = named("", g.Slug, g.Title)
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
	return time.Time{}
}
