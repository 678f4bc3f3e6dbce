package render

import "testing"

func TestAddresses(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"/", "/", "./"},
		{"/", "/posts/a/", "posts/a/"},
		{"/posts/a/", "/", "../../"},
		{"/posts/a/", "/posts/a/", "./"},
		{"/posts/a/", "/posts/b/", "../b/"},
		{"/posts/a/", "/posts/", "../"},
		{"/posts/a/", "/posts/a/pic.png", "pic.png"},
		{"/posts/a/", "/assets/x.css", "../../assets/x.css"},
		{"/posts/über/", "/posts/über/x.png", "x.png"},
		{"/", "/a:b/", "./a:b/"},
		{"/404.html", "/posts/a/", "posts/a/"},
	} {
		if got := newAddresses(c.from, "", false).to(c.to, ""); got != c.want {
			t.Errorf("from %s to %s: %s, want %s", c.from, c.to, got, c.want)
		}
	}
	lost := newAddresses("/404.html", "https://example.org/notes/", false)
	lost.root = rootOf(lost.base)
	if got := lost.to("/posts/a/", "x"); got != "/notes/posts/a/#x" {
		t.Errorf("the page for wrong addresses links to %s", got)
	}
	if got := newAddresses("/posts/a/", "", true).to("/", ""); got != "../../index.html" {
		t.Errorf("a portable page links to %s", got)
	}
}
