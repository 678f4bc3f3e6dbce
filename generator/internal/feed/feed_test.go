package feed

import (
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func example(base string) Feed {
	return Feed{
		Title: "Notes & more", Base: base, Path: "tags/road%20map/", Language: "en", Now: time.Unix(0, 0).UTC(),
		Entries: []Entry{{Title: "<One>", Path: "posts/one/", HTML: "<p>1 &amp; 2</p>", Published: time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)}},
	}
}

// A site without an address has relative links in its feeds, and names that last all the same.
func TestAddresses(t *testing.T) {
	for base, want := range map[string][]string{
		"https://example.org/n/": {`<id>https://example.org/n/posts/one/</id>`, `href="https://example.org/n/tags/road%20map/atom.xml"`},
		"":                       {`<id>urn:uuid:`, `href="../../posts/one/"`, `href="../../tags/road%20map/atom.xml"`},
	} {
		atom, err := example(base).Atom()
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range append(want, "<title>&lt;One&gt;</title>", "<updated>2024-01-02T00:00:00Z</updated>") {
			if !strings.Contains(string(atom), w) {
				t.Errorf("base %q: no %s in\n%s", base, w, atom)
			}
		}
	}
}

// Names without an address are version 5 UUIDs: the same for the same path, another for another.
func TestIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		id := Feed{}.id(a)
		if (id == Feed{}.id(b)) != (a == b) || len(id) != len("urn:uuid:")+36 || id[len("urn:uuid:")+14] != '5' {
			t.Fatalf("%q: %s", a, id)
		}
	})
}

// Whatever titles hold, the feed is XML.
func TestAtomIsXML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := example("")
		f.Entries[0].Title, f.Entries[0].Summary = rapid.String().Draw(t, "title"), rapid.String().Draw(t, "summary")
		data, err := f.Atom()
		if err != nil {
			t.Fatal(err)
		}
		var v struct{}
		if err := xml.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
	})
}

func TestSitemapAndRobots(t *testing.T) {
	data, err := Sitemap([]Place{{URL: "https://example.org/?a&b"}, {URL: "https://example.org/x/", Modified: time.Unix(0, 0).UTC()}})
	if err != nil || !strings.Contains(string(data), "<loc>https://example.org/?a&amp;b</loc></url>") || !strings.Contains(string(data), "<lastmod>1970-01-01T00:00:00Z</lastmod>") {
		t.Errorf("%s, %v", data, err)
	}
	if got := string(Robots("")); got != "User-agent: *\nDisallow:\n" {
		t.Errorf("%q", got)
	}
}
