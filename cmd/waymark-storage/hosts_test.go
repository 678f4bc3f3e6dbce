package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// setting returns the settings for a host that stand in the guide.
func setting(t *testing.T, title, www, port string) string {
	t.Helper()
	guide, err := os.ReadFile(filepath.Join("..", "..", "content", "guide", "publishing.md"))
	if err != nil {
		t.Fatal(err)
	}
	g := regexp.MustCompile("(?s)```\\w+ title=\"" + regexp.QuoteMeta(title) + "\"\n(.*?)```").FindSubmatch(guide)
	if g == nil {
		t.Fatalf("the guide has no %s", title)
	}
	return strings.NewReplacer("/srv/www", www, "listen 8080", "listen 127.0.0.1:"+port, ":8080 {", "http://127.0.0.1:"+port+" {").Replace(string(g[1]))
}

// hosts start a server with the settings of the guide.
var hosts = map[string]func(t *testing.T, www, port string){
	"nginx": func(t *testing.T, www, port string) {
		nginx, dir := tool(t, "nginx"), t.TempDir()
		conf := fmt.Sprintf("daemon off; master_process off; user root; pid %[1]s/pid; error_log stderr; events {}\nhttp {\naccess_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n%[2]s\n}\n", dir, setting(t, "nginx.conf", www, port))
		if os.Getuid() != 0 {
			conf = strings.Replace(conf, "user root; ", "", 1)
		}
		if err := os.WriteFile(filepath.Join(dir, "conf"), []byte(conf), 0o600); err != nil {
			t.Fatal(err)
		}
		serve(t, port, exec.Command(nginx, "-c", filepath.Join(dir, "conf"), "-e", "stderr"))
	},
	"Caddy": func(t *testing.T, www, port string) {
		caddy, dir := tool(t, "caddy"), t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "Caddyfile"), []byte("{\n\tadmin off\n\tauto_https off\n}\n"+setting(t, "Caddyfile", www, port)), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(caddy, "run", "--config", filepath.Join(dir, "Caddyfile"), "--adapter", "caddyfile")
		cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
		serve(t, port, cmd)
	},
}

// A site that was published into a folder is sent as it should be by the servers of the guide, with the settings of the guide.
func TestHosts(t *testing.T) {
	dir, version := twoVersions(t)
	version(1)
	www := filepath.Join(t.TempDir(), "www")
	if out, err := exec.Command(filepath.Join(programs, "waymark"), "publish", "file://"+www, "-s", dir, "--compress").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built, err := os.ReadFile(filepath.Join(dir, "public", "_headers"))
	if err != nil {
		t.Fatal(err)
	}
	policy := regexp.MustCompile(`Content-Security-Policy: (.*)`).FindSubmatch(built)
	styles, err := filepath.Glob(filepath.Join(www, "assets", "*.css"))
	if policy == nil || err != nil || len(styles) == 0 {
		t.Fatalf("%s %v %v", built, styles, err)
	}
	for name, start := range hosts {
		t.Run(name, func(t *testing.T) {
			port := freePort(t)
			start(t, www, port)
			for _, c := range []struct {
				path, file, kind, caching string
				status                    int
			}{
				{"/", "index.html", "text/html; charset=utf-8", "no-cache", 200},
				{"/posts/post-1/", "posts/post-1/index.html", "text/html; charset=utf-8", "no-cache", 200},
				{"/assets/" + filepath.Base(styles[0]), "assets/" + filepath.Base(styles[0]), "text/css; charset=utf-8", "public, max-age=31536000, immutable", 200},
				{"/atom.xml", "atom.xml", "application/atom+xml; charset=utf-8", "no-cache", 200},
				{"/feed.json", "feed.json", "application/feed+json", "no-cache", 200},
				{"/nowhere/", "404.html", "text/html; charset=utf-8", "no-cache", 404},
				{"/.waymark/publication.json", "", "", "", 404},
			} {
				for _, encoding := range []string{"identity", "gzip"} {
					answer, body := ask(t, "http://127.0.0.1:"+port+c.path, encoding)
					want, err := os.ReadFile(filepath.Join(www, c.file))
					if answer.StatusCode != c.status {
						t.Errorf("%s: %s", c.path, answer.Status)
					}
					if c.file == "" {
						continue
					}
					if err != nil || !bytes.Equal(body, want) {
						t.Errorf("%s (%s): another text than was published: %d bytes in place of %d, %v", c.path, encoding, len(body), len(want), err)
					}
					h := answer.Header
					if kind := strings.ToLower(h.Get("Content-Type")); strings.TrimSuffix(kind, "; charset=utf-8") != strings.TrimSuffix(c.kind, "; charset=utf-8") || strings.HasSuffix(c.kind, "8") && !strings.HasSuffix(kind, "; charset=utf-8") {
						t.Errorf("%s: %s", c.path, h.Get("Content-Type"))
					}
					if h.Get("Cache-Control") != c.caching || h.Get("Content-Security-Policy") != string(policy[1]) || h.Get("X-Content-Type-Options") != "nosniff" {
						t.Errorf("%s: %v", c.path, h)
					}
					if zipped := h.Get("Content-Encoding") == "gzip"; zipped != (encoding == "gzip") && c.status == 200 {
						t.Errorf("%s: asked for %s, and got %q", c.path, encoding, h.Get("Content-Encoding"))
					}
				}
			}
		})
	}
}

// ask asks for something in an encoding, and returns what was meant.
func ask(t *testing.T, address, encoding string) (*http.Response, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", encoding)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close()); err == nil && answer.Header.Get("Content-Encoding") == "gzip" {
		var unpacked *gzip.Reader
		if unpacked, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
			body, err = io.ReadAll(unpacked)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}
