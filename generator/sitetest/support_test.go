package sitetest

import (
	"bytes"
	"compress/gzip"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// resolve returns the path that a browser asks for when a page at base has this link.
func resolve(base, link string) string {
	b, err := url.Parse(base)
	if err != nil {
		return "(not an address: " + base + ")"
	}
	u, err := b.Parse(link)
	if err != nil {
		return "(not an address: " + link + ")"
	}
	return u.EscapedPath()
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// compressed returns a file's size as it travels: a font as it is, all else under gzip.
func compressed(t *testing.T, name string) int {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(name) == ".woff2" {
		return len(data)
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, 6)
	_, _ = z.Write(data)
	_ = z.Close()
	return b.Len()
}

func writeFiles(t *testing.T, dir string, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
