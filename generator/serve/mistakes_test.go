package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"waymark/generator"
	"waymark/generator/preview"
)

// bar returns what the author's bar of a page says.
func (p *trial) bar(page string) look {
	p.Helper()
	var l look
	p.must(json.Unmarshal([]byte(p.get("_waymark/look?path=/"+page)), &l))
	return l
}

// says waits until the terminal has said something.
func (p *trial) says(text string) {
	p.Helper()
	p.until("the terminal says "+text, func() bool { return strings.Contains(p.out.String(), text) })
}

// A text that another one needs goes: the other is shown as it was, says why, and nothing else waits for it.
func TestAMistakeKeepsToItself(t *testing.T) {
	files := smallSite()
	files["content/series/trip.md"] = "---\ntitle: The walk\nparts:\n  - ../posts/three.md\n  - ../about.md\n---\nA series.\n"
	p := start(t, files)
	p.must(os.Remove(p.path("content/about.md")))
	p.says(`content/series/trip.md:5:5: error: there is no file "../about.md" to be a part of this series`)
	p.write("content/posts/unrelated.md", "---\ntitle: Unrelated\ndate: 2026-01-09\n---\nNew.\n")
	p.shows("posts/unrelated/", "New.")
	p.write("content/posts/six.md", "---\ntitle: Number six\ndate: 2026-01-06\n---\nSix, mended.\n")
	p.shows("posts/six/", "Number six")
	if answer := p.request(http.MethodGet, "posts/unrelated/"); answer.StatusCode != http.StatusOK {
		t.Error(answer.Status)
	}
	if l := p.bar("posts/six/"); l.Stale || len(l.Diagnostics) > 0 || l.Errors != 1 || len(l.Elsewhere) != 1 {
		t.Errorf("of another page it says %+v", l)
	}
	answer := p.request(http.MethodGet, "series/trip/")
	if l := p.bar("series/trip/"); answer.StatusCode != http.StatusOK || !strings.Contains(p.get("series/trip/"), "A series.") || !l.Stale || len(l.Diagnostics) != 1 {
		t.Errorf("of the page itself it says %s and %+v", answer.Status, l)
	}
	p.write("content/about.md", "---\ntitle: About again\n---\nBack.\n")
	p.shows("series/trip/", "About again")
	if l := p.bar("series/trip/"); l.Errors != 0 || l.Stale {
		t.Errorf("mended, it says %+v", l)
	}
}

// Half-typed pictures, which have an address without a file, are shown as their text, also where a browser listens.
func TestHalfTypedPictures(t *testing.T) {
	p := start(t, smallSite())
	listening := p.request(http.MethodGet, "_waymark/events?path=/posts/one/&version=none")
	if listening.StatusCode != http.StatusOK {
		t.Fatal(listening.Status)
	}
	for _, typed := range []string{"![Wall]()", "![Wall]( )", "![Wall](#x)", "![Wall](?)"} {
		p.write("content/posts/one.md", "---\ntitle: One\ndate: 2026-01-01\n---\nNow "+typed+" here.\n\n"+typed+"\n")
		p.shows("posts/one/", `Now <span class="missing">Wall</span> here.`)
		if l := p.bar("posts/one/"); l.Errors != 0 || l.Warnings == 0 {
			t.Errorf("of %s it says %+v", typed, l)
		}
	}
}

// What is no folder, or no file, where there should be one is a mistake like any other: what was there holds.
func TestThingsOfTheWrongKind(t *testing.T) {
	p := start(t, smallSite())
	p.must(os.Remove(p.path("waymark.yaml")), os.Mkdir(p.path("waymark.yaml"), 0o755))
	p.says("waymark.yaml: error: this cannot be read: is a directory")
	p.write("content/about.md", "---\ntitle: About\n---\nAbout us, meanwhile.\n")
	p.shows("about/", "About us, meanwhile.")
	if l := p.bar("about/"); len(l.Wide) != 1 || l.Errors != 1 {
		t.Errorf("%+v", l)
	}
	p.must(os.Remove(p.path("waymark.yaml")))
	p.write("waymark.yaml", "title: Small again\nbase_url: https://example.org/\n")
	p.shows("about/", "Small again")

	p.must(os.Rename(p.path("content"), p.path("aside")))
	p.says("content: error: this cannot be read: no such file or directory")
	if got := p.get("about/"); !strings.Contains(got, "About us, meanwhile.") {
		t.Errorf("without a content folder the page is\n%s", got)
	}
	p.write("content", "a file")
	p.says("content: error: this cannot be read: content is a file, and must be a folder")
	p.must(os.Remove(p.path("content")), os.Rename(p.path("aside"), p.path("content")))
	p.until("all is well again", func() bool { return p.bar("about/").Errors == 0 })

	p.must(os.Symlink("nowhere", p.path("content/posts/link.md")))
	p.says("content/posts/link.md: warning: this symbolic link points to nothing")
	p.must(os.Remove(p.path("content/posts/link.md")))
	p.until("the link is forgotten", func() bool { return p.bar("about/").Warnings == 0 })
}

// The address of a page that is held back says which file it is, and why.
func TestWhyAPageIsNotThere(t *testing.T) {
	files := smallSite()
	files["content/posts/six.md"] = "---\ntitle: Six\ndate: 2026-01-06\nexpires: 2026-02-01\n---\nSix.\n"
	p := start(t, files)
	l := p.bar("posts/six/")
	if !l.Missing || l.File != "content/posts/six.md" || len(l.Waits) != 1 || l.Waits[0].Detail != "expires: 2026-02-01 has come" {
		t.Errorf("%+v", l)
	}
	if l := p.bar("posts/none/"); !l.Missing || l.File != "" {
		t.Errorf("%+v", l)
	}
}

// The site moves with its base_url, and the terminal says where to.
func TestTheSiteMoves(t *testing.T) {
	p := start(t, smallSite())
	p.write("waymark.yaml", "title: Small\nbase_url: https://example.org/notes/\n")
	p.says("the site now stands at " + p.address + "notes/")
	for address, status := range map[string]int{"notes/posts/one/": 200, "posts/one/": 404, "": 302, "notes": 302, "notes/posts/one": 302} {
		if answer := p.request(http.MethodGet, address); answer.StatusCode != status {
			t.Errorf("%q: %s", address, answer.Status)
		}
	}
}

// An author who saves at every stroke is not told of each, and of a mistake once.
func TestTheTerminalIsNotFlooded(t *testing.T) {
	p := start(t, smallSite())
	for _, mark := range strings.Split("abcdefghijklmnopqrstuvwxyz", "") {
		p.write("content/about.md", "---\ntitle: About\ndate: 02/01/2024\n---\n"+mark+"\n")
		p.write("content/posts/six.md", "---\ntitle: Six\ndate: 2026-01-06\n---\nStroke "+mark+".\n")
		p.shows("posts/six/", "Stroke "+mark+".")
	}
	if said := p.out.String(); strings.Count(said, "has two readings") != 1 {
		t.Errorf("it says\n%s", said)
	}
}

// Two pages get one address, and the error points at the one that did not change: that one stays, and nothing waits.
func TestAnInnocentPageStays(t *testing.T) {
	p := start(t, smallSite())
	p.write("content/posts/clash.md", "---\ntitle: Clash\ndate: 2026-01-10\nslug: zz-last\n---\nA clash.\n")
	p.says("have one address: /posts/zz-last/")
	p.write("content/posts/six.md", "---\ntitle: Number six\ndate: 2026-01-06\n---\nSix.\n")
	p.shows("posts/six/", "Number six")
	p.write("content/posts/unrelated.md", "---\ntitle: Unrelated\ndate: 2026-01-09\n---\nNew.\n")
	p.shows("posts/unrelated/", "New.")
	if !strings.Contains(p.get("posts/zz-last/"), "Last.") || !strings.Contains(p.get("posts/clash/"), "No clash.") {
		t.Error("the two pages are not as they were")
	}
	if l := p.bar("posts/clash/"); !l.Stale || len(l.Diagnostics) != 1 {
		t.Errorf("of the one that changed it says %+v", l)
	}
	if l := p.bar("posts/six/"); l.Stale {
		t.Errorf("of another one it says %+v", l)
	}
}

// A page that is kept as it was has the style sheet that it names.
func TestKeptPagesKeepTheirStyle(t *testing.T) {
	files := smallSite()
	files["content/series/trip.md"] = "---\ntitle: The trip\nparts:\n  - ../about.md\n---\nA series.\n"
	p := start(t, files)
	p.must(os.Remove(p.path("content/about.md")))
	p.says(`there is no file "../about.md"`)
	before := p.get("series/trip/")
	p.write("assets/css/parts.css", "body { margin: 1px }")
	p.until("the style changes", func() bool { return !strings.Contains(p.get("posts/one/"), sheet(before)) })
	if got := p.get("series/trip/"); sheet(got) != sheet(before) || p.request(http.MethodGet, sheet(got)).StatusCode != http.StatusOK {
		t.Errorf("it names %s", sheet(got))
	}
}

// sheet returns the address of a page's style sheet.
func sheet(page string) string {
	_, rest, _ := strings.Cut(page, "assets/main-")
	name, _, _ := strings.Cut(rest, ".css")
	return "assets/main-" + name + ".css"
}

// The site follows the day, even if only words change.
func TestTheDayEnds(t *testing.T) {
	files := smallSite()
	files["content/posts/six.md"] = "---\ntitle: Six\ndate: 2026-01-06\nexpires: 2026-03-03\n---\nSix.\n"
	var mu sync.Mutex
	now := day
	p := start(t, files, func(o *Options) {
		o.Clock = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}
	})
	if status := p.request(http.MethodGet, "posts/six/").StatusCode; status != http.StatusOK {
		t.Fatal(status)
	}
	mu.Lock()
	now = day.AddDate(0, 0, 1)
	mu.Unlock()
	p.write("content/about.md", "---\ntitle: About\n---\nAbout us, the day after.\n")
	p.shows("about/", "the day after")
	if status := p.request(http.MethodGet, "posts/six/").StatusCode; status != http.StatusNotFound {
		t.Errorf("after it has expired: %d", status)
	}
}

// Nothing that a site says of itself moves the terminal's cursor.
func TestTheTerminalIsSafe(t *testing.T) {
	files := smallSite()
	files["waymark.yaml"] = "title: \"\\e]0;x\\a\"\nbase_url: https://example.org/%1b]0;pwned%07/\n"
	p := start(t, files)
	p.write("content/posts/\x1b[2J.md", "---\ntitle: x\ndate: 02/01/2024\n---\n")
	p.says("has two readings")
	if said := p.out.String(); strings.ContainsAny(said, "\x1b\a") || !strings.Contains(said, "/%1B%5D0;pwned%07/ shows the site") {
		t.Errorf("it says %q", said)
	}
}

// Many read while much changes; afterwards the last of each is shown, and nothing is left behind but what is shown.
func TestReadersWhileItChanges(t *testing.T) {
	p := start(t, manyPosts(12))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for n := range 6 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				for _, page := range []string{postAddress(n), "", "tags/", "atom.xml", "_waymark/look?path=/" + postAddress(n)} {
					answer, err := http.Get(p.address + page)
					if err != nil {
						t.Error(err)
						return
					}
					_ = answer.Body.Close()
				}
			}
		})
	}
	long := strings.Repeat("many words ", 20_000)
	for round := range 30 {
		for i := range 12 {
			p.write(post(i), postText(i, fmt.Sprintf("round %d %s", round, long[:11*(round*i%200)])))
		}
		p.write("content/index.md", fmt.Sprintf("# Home %d\n\n%s\n", round, long))
		p.shows("", fmt.Sprintf("Home %d", round))
	}
	close(done)
	readers.Wait()
	for i := range 12 {
		p.shows(postAddress(i), "round 29 ")
	}
}

// What is no longer wanted of the sources is given back.
func TestSourcesDoNotPileUp(t *testing.T) {
	p := start(t, manyPosts(2))
	shown, _, err := preview.Open(t.Context(), generator.Config{Dir: p.dir, Clock: day})
	p.must(err)
	defer shown.Close()
	long := strings.Repeat("words ", 150_000)
	for n := range longSaves {
		p.write(post(0), postText(0, fmt.Sprintf("%d %s", n, long)))
		_, err := shown.Update(t.Context(), preview.Change{Paths: []string{post(0)}, Clock: day})
		p.must(err)
	}
	if held := shown.Aside(); held > 40<<20 {
		t.Errorf("after 54 MB of saves of one text it holds %d MB", held>>20)
	}
	answer, err := shown.Get(postAddress(0) + "index.html")
	if err != nil || !strings.Contains(string(answer.Data), fmt.Sprintf("The mark is %d ", longSaves-1)) {
		t.Error("the text is not the last one", err)
	}
}
