package theme

import (
	"bytes"
	"strings"
	"testing"
)

// A page is made smaller, unless so many entities stand in one run of text that this would take seconds.
func TestPagesThatCostTooMuchStayAsTheyAre(t *testing.T) {
	for text, same := range map[string]bool{
		"a":                                     false,
		strings.Repeat("&hellip; ", 1_000):      false,
		strings.Repeat("<b>&hellip;</b> ", 1e5): false,
		strings.Repeat("&hellip; ", 1e5):        true,
	} {
		page := []byte("<!doctype html><html><head><title>a</title></head><body>  <p>  " + text + "  </p>  </body></html>")
		out, err := minified(page)
		if err != nil || bytes.Equal(out, page) != same {
			t.Errorf("%.20q of %d bytes: %d bytes became %d, %v", text, len(text), len(page), len(out), err)
		}
	}
}
