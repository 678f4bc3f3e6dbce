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
		{"build", "what a build says of a site: headers, settings, addresses, layouts", nil},
		{"links", "links, places in pages, pictures and downloads that are not there", []string{"broken-link", "broken-anchor", "missing-image", "bad-link", "reference", "held-link", "remote-image", "image", "unknown-tag"}},
		{"external", "links to other sites that lead nowhere", []string{"dead-link", "moved-link"}},
		{"accessibility", "what keeps readers out: pictures and links without words, headings that are left out, colours", []string{"picture-unsaid", "link-unsaid", "heading-empty", "heading-skipped", "table-unsaid", "contrast"}},
		{"maps", "what maps say together", []string{"map", "deliverable-without-story", "story-without-deliverable"}},
		{"health", "pages whose time for a review has come, or that nobody comes upon, tags that are nearly the same, objectives that nothing asks, questions", []string{"review-due", "alone", "tags-alike", "objective", "quiz", "recall", "sheet", "question"}},
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
