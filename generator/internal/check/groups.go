package check

import "slices"

// Group is a kind of findings that is looked for, or left alone, as one.
type Group struct {
	Name  string
	Says  string
	Codes []string // of diagnostics
}

// Groups returns all groups. What belongs to none is in the first.
func Groups() []Group {
	return []Group{
		{"build", "what a build says of a site: headers, settings, addresses, layouts", []string{
			"address", "alert", "alias", "asset", "base-url", "code-too-long", "container", "cut-by-comment", "duration", "editor", "fault", "fetch", "file-name", "footnote", "formula", "glossary",
			"header-too-large", "id", "import", "language", "layout", "markdown", "menu", "no-date", "parent", "persona", "phase", "publish", "raw-html", "same-address", "slice", "span", "tags", "template",
			"theme", "time-zone", "too-deep", "too-large", "too-much", "unclosed-code", "unclosed-comment", "unclosed-container", "underscore", "unread-text", "unreadable", "value", "went-away", "words",
		}},
		{"links", "links, places in pages, pictures and downloads that are not there", []string{"broken-link", "broken-anchor", "missing-image", "bad-link", "reference", "held-link", "remote-image", "image", "unknown-tag", "ambiguous-link"}},
		{"external", "links to other sites that lead nowhere", []string{"dead-link", "moved-link"}},
		{"accessibility", "what keeps readers out: pictures and links without words, headings that are left out, colours", []string{"picture-unsaid", "link-unsaid", "heading-empty", "heading-skipped", "table-unsaid", "contrast", "image-alt"}},
		{"maps", "what maps say together", []string{"map", "deliverable-without-story", "story-without-deliverable"}},
		{"health", "pages whose time for a review has come, or that nobody comes upon, tags that no text has or that are nearly the same, objectives that nothing asks, questions", []string{"review-due", "alone", "tag-empty", "tags-alike", "objective", "quiz", "recall", "sheet", "question", "objectives", "because", "feedback", "list", "long", "not", "sweeping", "yes"}},
		{"text", "letters that were lost, text that was read in the wrong encoding, line ends", []string{"misdecoded", "lost-letter", "line-ends", "encoding"}},
		{"header", "keys and values of front matter and of waymark.yaml that are slips", []string{"unknown-key", "wrong-type", "wrong-value", "duplicate-key", "date", "yaml", "toml", "json", "slug", "series"}},
	}
}

// GroupOf returns the name of the group that a code belongs to.
func GroupOf(code string) string {
	all := Groups()
	for _, g := range all[1:] {
		if slices.Contains(g.Codes, code) {
			return g.Name
		}
	}
	return all[0].Name
}
