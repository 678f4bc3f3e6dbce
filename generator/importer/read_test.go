package importer

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/generator/diag"
)

// TestGet: a file is read, and so is what an address gives, however often it leads on; what cannot be had is said in one line.
func TestGet(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("words")) })
	mux.Handle("/old", http.RedirectHandler("/new/feed", http.StatusMovedPermanently))
	mux.HandleFunc("/new/feed", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.UserAgent())) })
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("half"))
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, _ *http.Request) {
		part := []byte(strings.Repeat("more ", 1<<16))
		for {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	file := filepath.Join(t.TempDir(), "feed.xml")
	if err := os.WriteFile(file, []byte("a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, want, address, problem string
		usage                        bool
	}{
		{file, "a file", "", "", false},
		{server.URL + "/feed", "words", server.URL + "/feed", "", false},
		{server.URL + "/old", "waymark import", server.URL + "/new/feed", "", false},
		{file + ".none", "", "", "cannot be read: no such file", true},
		{server.URL + "/none", "", "", "answers 404 Not Found", true},
		{server.URL + "/cut", "", "", "unexpected EOF", false},
		{server.URL + "/endless", "", "", "there is more than can be read", false},
		{"http://127.0.0.1:1/", "", "", "ask for http://127.0.0.1:1/: ", false},
		{"http://a b/", "", "", "cannot be read", true},
	} {
		data, address, err := Get(t.Context(), c.what)
		if c.problem == "" {
			if err != nil || string(data) != c.want || address != c.address {
				t.Errorf("%s: %q from %q, %v; want %q from %q", c.what, data, address, err, c.want, c.address)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.problem) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v; want %q in one line", c.what, err, c.problem)
		}
		if usage := new(diag.UsageError); errors.As(err, &usage) != c.usage {
			t.Errorf("%s: %T; a mistake of the one who asks: %v", c.what, err, c.usage)
		}
	}

	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err := Get(gone, server.URL+"/feed"); !errors.Is(err, context.Canceled) {
		t.Errorf("Ctrl-C: %v", err)
	}
}
