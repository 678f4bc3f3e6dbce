package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"waymark/generator/diag"
)

// Where there is no browser, a sentence says what to do.
func TestNoBrowserPrints(t *testing.T) {
	t.Setenv(browserVariable, "")
	t.Setenv("PATH", t.TempDir())
	program, err := printer()
	if usage := new(diag.UsageError); err == nil && !filepath.IsAbs(program) || err != nil && !errors.As(err, &usage) {
		t.Errorf("%q, %v", program, err)
	}
	if err != nil && !strings.Contains(err.Error(), "install Chromium, Chrome or Edge") {
		t.Error(err)
	}
}
