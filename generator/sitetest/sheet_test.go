package sitetest

import (
	"fmt"
	"strings"
	"testing"
)

// fill fills in a part of a sheet as a reader does.
func (b *tab) fillIn(item, part, text string) {
	b.Helper()
	if !value[bool](b, fmt.Sprintf(`(() => {
		const p = document.querySelector('[data-item=%q] [data-part=%q]');
		if (!p) return false;
		if (p.type === "checkbox") p.click();
		else { p.value = %q; p.dispatchEvent(new Event("input")); p.dispatchEvent(new Event("change")); }
		return true;
	})()`, item, part, text)) {
		b.Fatalf("%s has no %s", item, part)
	}
}

// markdownOf is what a sheet gives to take along.
func (b *tab) markdownOf(item string) string {
	b.Helper()
	return value[string](b, fmt.Sprintf(`new Promise((done) => {
		const own = URL.createObjectURL;
		URL.createObjectURL = (blob) => { blob.text().then(done); URL.createObjectURL = own; return own(blob); };
		[...document.querySelectorAll('[data-item=%q] button')].find((x) => x.textContent === "Save as Markdown").click();
	})`, item))
}

// A checklist and a worksheet are kept, and can be taken along as Markdown.
func TestFillingInSheets(t *testing.T) {
	b, origin := learning(t)
	b.see(origin+"sheets/", 834)
	b.fillIn("go-on", "we-know-who-the-users-are", "")
	b.fillIn("go-on", "we-know-who-the-users-are/how", "We asked seven.\nTwice.")
	b.fillIn("go-on", "date", "3 May")
	b.fillIn("go-on", "names", "Rosa, Ben")
	b.fillIn("story", "as-a", "neighbour")
	b.fillIn("story", "i-want", "to borrow\na drill")
	b.see(origin+"sheets/", 834)
	if got := b.text(`[data-item="go-on"] .tools`); !strings.Contains(got, "1 of 2 ticked") {
		t.Errorf("kept: %q", got)
	}
	want := "# Before we go on\n\n3 May, Rosa, Ben\n\n- [x] We know who the users are\n  How do we know? We asked seven.\n  Twice.\n- [ ] We know what stops them\n"
	if got := b.markdownOf("go-on"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := b.markdownOf("story"); !strings.HasPrefix(got, "# Sheets\n\n") || !strings.HasSuffix(got, "**As a**\n\nneighbour\n\n**I want**\n\nto borrow\na drill\n") {
		t.Errorf("%q", got)
	}
	value[bool](b, `(() => { window.print = () => (window.printed = document.querySelector(".printing").dataset.item); [...document.querySelectorAll('[data-item="story"] button')].find((x) => x.textContent === "Print this").click(); return true; })()`)
	b.media("print", "prefers-color-scheme", "light")
	if got := b.text("body"); strings.Contains(got, "We know who") || !strings.Contains(got, "As a") {
		t.Errorf("printed alone: %q", got)
	}
	b.quiet("sheets")
}

// What a phase asks before one moves on is a checklist, and each page of sheets is sound.
func TestBeforeMovingOn(t *testing.T) {
	axe := readAxe(t)
	server := serve(t, build(t, nil), "/notes/")
	b := open(t, server.URL)
	b.see(server.URL+"/notes/journey/alpha/", 834)
	b.fillIn("phase-alpha", "which-ideas-did-we-drop-and", "")
	b.fillIn("phase-alpha", "which-ideas-did-we-drop-and/how", "The board of dropped ideas.")
	b.see(server.URL+"/notes/journey/alpha/", 834)
	if got := b.markdownOf("phase-alpha"); !strings.HasPrefix(got, "# ") || !strings.Contains(got, "- [x] Which ideas did we drop, and on what evidence?\n  How do we know? The board of dropped ideas.\n") {
		t.Errorf("%q", got)
	}
	for _, width := range widths {
		b.inspect("a phase", server.URL+"/notes/journey/alpha/", width, axe)
	}
	b.quiet("a phase")
}
