package main

import (
	"os"
	"path/filepath"
)

// hugoSite is an equivalent small theme: lists, tags, series, feeds, a sitemap, contents of the page, previous and
// next, related pages, and code coloured with classes.
var hugoSite = map[string]string{
	"hugo.yaml": `title: Bench
baseURL: https://example.org/
contentDir: ../content
disableKinds: []
pagination: {pagerSize: 10}
taxonomies: {tag: tags, series: series}
markup:
  highlight: {noClasses: false}
  goldmark: {extensions: {typographer: {}, footnote: true}}
  tableOfContents: {startLevel: 2, endLevel: 3}
minify: {minifyOutput: true}
services: {rss: {limit: 20}}
`,
	"layouts/_default/baseof.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }} · {{ site.Title }}</title>
<meta name="description" content="{{ .Description }}"><link rel="canonical" href="{{ .Permalink }}">
<meta property="og:title" content="{{ .Title }}"><meta property="og:url" content="{{ .Permalink }}">
{{ range .AlternativeOutputFormats }}<link rel="{{ .Rel }}" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">{{ end }}</head>
<body><header><a href="{{ "/" | relURL }}">{{ site.Title }}</a><nav><a href="{{ "/posts/" | relURL }}">Posts</a><a href="{{ "/tags/" | relURL }}">Tags</a><a href="{{ "/series/" | relURL }}">Series</a></nav></header>
<main>{{ block "main" . }}{{ end }}</main><footer>{{ site.Title }}</footer></body></html>
`,
	"layouts/_default/single.html": `{{ define "main" }}<article><h1>{{ .Title }}</h1><p>{{ .Description }}</p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time> {{ .ReadingTime }} min
<nav>{{ .TableOfContents }}</nav>{{ .Content }}
<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ range .GetTerms "series" }}<nav><h2>{{ .Title }}</h2><ol>{{ range .Pages.ByDate }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ol></nav>{{ end }}
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ range first 3 (site.RegularPages.Related .) }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</article>{{ end }}
`,
	"layouts/_default/list.html": `{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range (.Paginate .Pages).Pages }}<li><time>{{ .Date.Format "2 Jan 2006" }}</time><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Description }}</p>{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</li>{{ end }}</ul>
{{ with .Paginator.Prev }}<a href="{{ .URL }}">Newer</a>{{ end }}{{ with .Paginator.Next }}<a href="{{ .URL }}">Older</a>{{ end }}{{ end }}
`,
	"layouts/_default/terms.html": `{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ len .Pages }}</li>{{ end }}</ul>{{ end }}
`,
	"layouts/index.html": `{{ define "main" }}<h1>{{ site.Title }}</h1><ul>{{ range first 6 site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
`,
}

func writeHugo(dir string, _ int) error {
	for name, text := range hugoSite {
		full := filepath.Join(dir, "hugo", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
