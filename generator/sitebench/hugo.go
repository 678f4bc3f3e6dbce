package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
)

// Two sites of Hugo's stand beside ours, because people have either: a lean one, and one that works as hard as we do.
const (
	lean  = "hugo-lean"  // lists, tags, series, feeds of summaries, a sitemap
	equal = "hugo-equal" // what our default theme makes of the same texts, but for the search
)

const hugoConfig = `title: Bench
baseURL: https://example.org/
contentDir: ../content
pagination: {pagerSize: 10}
taxonomies: {tag: tags, series: series}
markup: {highlight: {noClasses: false}, tableOfContents: {startLevel: 2, endLevel: 3}}
services: {rss: {limit: 20}}
`

// leanSite is a theme of few layouts: a head, lists of ten, and pages that say what they are tagged with and what comes next.
var leanSite = map[string]string{
	"hugo.yaml": hugoConfig,
	"layouts/_default/baseof.html": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }} · {{ site.Title }}</title>
<meta name="description" content="{{ .Description }}"><link rel="canonical" href="{{ .Permalink }}">
{{ range .AlternativeOutputFormats }}<link rel="{{ .Rel }}" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">{{ end }}</head>
<body><header><a href="{{ "/" | relURL }}">{{ site.Title }}</a><nav><a href="{{ "/posts/" | relURL }}">Posts</a><a href="{{ "/tags/" | relURL }}">Tags</a><a href="{{ "/series/" | relURL }}">Series</a></nav></header>
<main>{{ block "main" . }}{{ end }}</main><footer>{{ site.Title }}</footer></body></html>
`,
	"layouts/_default/single.html": `{{ define "main" }}<article><h1>{{ .Title }}</h1><p>{{ .Description }}</p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time>
{{ .Content }}
<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</article>{{ end }}
`,
	"layouts/_default/list.html": `{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range (.Paginate .Pages).Pages }}<li><time>{{ .Date.Format "2 Jan 2006" }}</time><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Description }}</p></li>{{ end }}</ul>
{{ with .Paginator.Prev }}<a href="{{ .URL }}">Newer</a>{{ end }}{{ with .Paginator.Next }}<a href="{{ .URL }}">Older</a>{{ end }}{{ end }}
`,
	"layouts/_default/terms.html": `{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ len .Pages }}</li>{{ end }}</ul>{{ end }}
`,
	"layouts/index.html": `{{ define "main" }}<h1>{{ site.Title }}</h1><ul>{{ range first 6 site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
`,
}

// equalSite is what is different in the site that works as hard: minified; with the page's contents, the series around it, related
// pages, social cards and JSON-LD; and with Atom and JSON feeds of each list, whole texts in them.
var equalSite = map[string]string{
	"hugo.yaml": hugoConfig + `minify: {minifyOutput: true}
mediaTypes: {application/atom+xml: {suffixes: [atom]}, application/feed+json: {suffixes: [feed]}}
outputFormats:
  atom: {mediaType: application/atom+xml, baseName: atom, isPlainText: false, rel: alternate}
  jsonfeed: {mediaType: application/feed+json, baseName: feed, isPlainText: true, rel: alternate}
outputs: {home: [html, atom, jsonfeed], section: [html, atom, jsonfeed], taxonomy: [html], term: [html, atom, jsonfeed]}
`,
	"layouts/_default/baseof.html": `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{ .Title }} · {{ site.Title }}</title>
<meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}">
<meta property="og:title" content="{{ .Title }}">
<meta property="og:description" content="{{ .Description }}">
<meta property="og:url" content="{{ .Permalink }}">
<meta property="og:type" content="{{ if .IsPage }}article{{ else }}website{{ end }}">
<meta property="og:site_name" content="{{ site.Title }}">
<meta name="twitter:card" content="summary">
{{ range .AlternativeOutputFormats }}<link rel="{{ .Rel }}" type="{{ .MediaType.Type }}" href="{{ .Permalink }}">
{{ end }}{{ if .IsPage }}<script type="application/ld+json">{{ dict "@context" "https://schema.org" "@type" "BlogPosting" "headline" .Title "description" .Description "datePublished" (.Date.Format "2006-01-02") "url" .Permalink "wordCount" .WordCount "keywords" (.Param "tags") | jsonify | safeJS }}</script>{{ end }}
</head>
<body>
<header><a href="{{ "/" | relURL }}">{{ site.Title }}</a>
<nav><ul>{{ range slice "posts" "tags" "series" }}<li><a href="{{ printf "/%s/" . | relURL }}"{{ if hasPrefix $.RelPermalink (printf "/%s/" .) }} aria-current="true"{{ end }}>{{ title . }}</a></li>{{ end }}</ul></nav></header>
<main>{{ block "main" . }}{{ end }}</main>
<footer>{{ site.Title }}</footer>
</body>
</html>
`,
	"layouts/_default/single.html": `{{ define "main" }}<article>
<nav><ol>{{ range .Ancestors.Reverse }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ol></nav>
<h1>{{ .Title }}</h1><p>{{ .Description }}</p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time> {{ .ReadingTime }} min
<nav>{{ .TableOfContents }}</nav>
{{ .Content }}
<ul>{{ range .GetTerms "tags" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ $page := . }}{{ range .GetTerms "series" }}<nav><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2>
{{ $parts := .Pages.ByDate }}{{ $at := 0 }}{{ range $i, $p := $parts }}{{ if eq $p $page }}{{ $at = $i }}{{ end }}{{ end }}
<ol>{{ range first 20 (after (math.Max 0 (sub $at 10)) $parts) }}<li><a href="{{ .RelPermalink }}"{{ if eq . $page }} aria-current="page"{{ end }}>{{ .Title }}</a></li>{{ end }}</ol></nav>{{ end }}
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}" rel="prev">{{ .Title }}</a>{{ end }}{{ with .NextInSection }}<a href="{{ .RelPermalink }}" rel="next">{{ .Title }}</a>{{ end }}
<ul>{{ range first 3 (site.RegularPages.Related .) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Description }}</p></li>{{ end }}</ul>
</article>{{ end }}
`,
	"layouts/_default/list.html": `{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range (.Paginate .Pages).Pages }}<li><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 Jan 2006" }}</time><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Description }}</p>
{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }} {{ .ReadingTime }} min</li>{{ end }}</ul>
{{ with .Paginator.Prev }}<a href="{{ .URL }}">Newer</a>{{ end }}{{ with .Paginator.Next }}<a href="{{ .URL }}">Older</a>{{ end }}{{ end }}
`,
	"layouts/_default/list.atom.atom": `{{ printf "<?xml version=\"1.0\" encoding=\"utf-8\"?>" | safeHTML }}
<feed xmlns="http://www.w3.org/2005/Atom"><title>{{ .Title }}</title><id>{{ .Permalink }}</id><updated>{{ .Lastmod.Format "2006-01-02T15:04:05Z07:00" }}</updated>
{{ $pages := .Pages }}{{ if .IsHome }}{{ $pages = site.RegularPages }}{{ end }}{{ range first 20 $pages }}<entry><title>{{ .Title }}</title><link href="{{ .Permalink }}"/><id>{{ .Permalink }}</id><published>{{ .Date.Format "2006-01-02T15:04:05Z07:00" }}</published><updated>{{ .Lastmod.Format "2006-01-02T15:04:05Z07:00" }}</updated><summary>{{ .Description }}</summary><content type="html">{{ .Content | transform.XMLEscape | safeHTML }}</content></entry>
{{ end }}</feed>
`,
	"layouts/_default/list.jsonfeed.feed": `{{ $pages := .Pages }}{{ if .IsHome }}{{ $pages = site.RegularPages }}{{ end }}{{ $items := slice }}{{ range first 20 $pages }}{{ $items = $items | append (dict "id" .Permalink "url" .Permalink "title" .Title "summary" .Description "content_html" .Content "date_published" (.Date.Format "2006-01-02T15:04:05Z07:00") "tags" (.Param "tags")) }}{{ end }}{{ dict "version" "https://jsonfeed.org/version/1.1" "title" .Title "home_page_url" .Permalink "items" $items | jsonify }}
`,
}

func writeHugo(dir string) error {
	all := maps.Clone(leanSite)
	maps.Copy(all, equalSite)
	return errors.Join(writeFiles(filepath.Join(dir, lean), leanSite), writeFiles(filepath.Join(dir, equal), all))
}

func writeFiles(dir string, files map[string]string) error {
	for name, text := range files {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
