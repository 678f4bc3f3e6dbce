package site

import (
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"waymark/generator/internal/markdown"
)

// Key returns the path by which other files name a page: without its ending, a folder for its index, "" for the home page. What
// other programs call a folder for posts, "_posts" and "_drafts", is "posts". Some texts are indexes only for want of another; a
// site knows them.
func Key(docPath string) string {
	k := norm.NFC.String(strings.TrimSuffix(docPath, path.Ext(docPath)))
	if strings.Contains(k, "_") {
		parts := strings.Split(k, "/")
		for i, part := range parts[:len(parts)-1] {
			if part == "_posts" || part == "_drafts" {
				parts[i] = string(PostsSection)
			}
		}
		k = strings.Join(parts, "/")
	}
	if dir, base := path.Split(k); base == "index" || base == "_index" {
		return strings.TrimSuffix(dir, "/")
	}
	return k
}

// findKeys decides which page each text is. Where a folder has no index, its README is that, and else a text that is called as the
// folder.
func (b *builder) findKeys() {
	b.keys = make(map[string]string, len(b.in.Docs)+len(b.in.Broken))
	indexed := map[string]bool{}
	b.eachPath(func(p string) {
		k := Key(p)
		b.keys[p], b.keys[norm.NFC.String(p)] = k, k
		if base := strings.TrimSuffix(path.Base(p), path.Ext(p)); base == "index" || base == "_index" {
			indexed[k] = true
		}
	})
	for _, stands := range []func(dir, name string) bool{
		func(_, name string) bool { return strings.EqualFold(name, "readme") },
		func(dir, name string) bool { return dir != "" && strings.EqualFold(name, path.Base(dir)) },
	} {
		b.eachPath(func(p string) {
			dir, name := path.Split(b.keys[p])
			if dir = strings.TrimSuffix(dir, "/"); name != "" && !indexed[dir] && stands(dir, name) && sectionOf(dir) == "" {
				indexed[dir] = true
				b.keys[p], b.keys[norm.NFC.String(p)] = dir, dir
			}
		})
	}
	b.adoptFolders(indexed)
	for _, p := range b.in.Broken {
		b.broken[b.keys[p]] = true
	}
}

// adoptFolders makes a text the page of the folder beside it that is called the same but for letter case, as CONTRIBUTING.md is that of
// contributing/, where that has none: both have one address. Where case is the same, their keys are.
func (b *builder) adoptFolders(indexed map[string]bool) {
	folders := map[string]string{} // by what they are called in lower case
	b.eachPath(func(p string) {
		for dir := path.Dir(b.keys[p]); dir != "."; dir = path.Dir(dir) {
			folders[strings.ToLower(dir)] = dir
		}
	})
	b.eachPath(func(p string) {
		k := b.keys[p]
		dir, there := folders[strings.ToLower(k)]
		if there && dir != k && path.Dir(dir) == path.Dir(k) && !indexed[dir] && sectionOf(dir) == "" {
			indexed[dir] = true
			b.keys[p], b.keys[norm.NFC.String(p)] = dir, dir
		}
	})
}

func (b *builder) eachPath(visit func(docPath string)) {
	for _, d := range b.in.Docs {
		visit(d.Path)
	}
	for _, p := range b.in.Broken {
		visit(p)
	}
}

// key returns the key of a text's page.
func (b *builder) key(doc *markdown.Document) string { return b.keys[doc.Path] }

// writingNames are what folders of dated writing are called, besides "posts".
var writingNames = []string{"post", "blog", "blogs", "news", "articles", "article", "journal", "diary", "weblog", "weeknotes", "writing", "updates", "essays", "archive", "archives"}

// findWriting finds the folders at the top that are writing: those in which most texts have a day, and none an order.
func (b *builder) findWriting() {
	type count struct{ all, dated, ordered int }
	counts := map[string]*count{}
	for _, d := range b.in.Docs {
		top, _, below := strings.Cut(b.key(d), "/")
		if !below || sectionOf(top) != "" {
			continue
		}
		c := counts[top]
		if c == nil {
			c = &count{}
			counts[top] = c
		}
		c.all++
		if !d.Front.Date.IsZero() || datedName.MatchString(path.Base(Key(d.Path))) {
			c.dated++
		}
		if _, given := d.Front.At["order"]; given {
			c.ordered++
		}
	}
	b.writing = map[string]bool{}
	for top, c := range counts {
		named := slices.Contains(writingNames, strings.ToLower(top))
		b.writing[top] = c.dated*2 > c.all && c.ordered*2 < c.all && (c.dated > 1 || named) || named && c.dated > 0 && c.dated*2 >= c.all
	}
}
