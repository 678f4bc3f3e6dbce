package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
)

// SARIF writes the list as a log that code hosts show beside the lines it names: the Static Analysis Results Interchange Format, version
// 2.1.0 (OASIS). version is that of Waymark; about says of a code what it is about.
func SARIF(w io.Writer, list List, version string, about func(code string) string) error {
	type text struct {
		Text string `json:"text"`
	}
	type rule struct {
		ID               string `json:"id"`
		ShortDescription text   `json:"shortDescription"`
	}
	type region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	type location struct {
		ArtifactLocation struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *region `json:"region,omitempty"`
	}
	type result struct {
		RuleID    string                `json:"ruleId"`
		Level     string                `json:"level"`
		Message   text                  `json:"message"`
		Locations []map[string]location `json:"locations"`
		Prints    map[string]string     `json:"partialFingerprints"`
	}
	rules, results := []rule{}, []result{}
	seen := map[string]int{}
	for _, d := range list {
		if !slices.ContainsFunc(rules, func(r rule) bool { return r.ID == d.Code }) {
			rules = append(rules, rule{d.Code, text{about(d.Code)}})
		}
		var at location
		at.ArtifactLocation.URI = (&url.URL{Path: d.Pos.File}).EscapedPath()
		if d.Pos.File == "" {
			at.ArtifactLocation.URI = "waymark.yaml" // what is wrong with a site as a whole
		}
		if d.Pos.Line > 0 {
			at.Region = &region{d.Pos.Line, d.Pos.Col}
		}
		level := map[bool]string{true: "note", false: d.Severity.String()}[d.Advice]
		key := d.Code + ":" + d.Pos.File + ":" + d.Message // which stays the same where lines move
		seen[key]++
		results = append(results, result{d.Code, level, text{d.sentence()}, []map[string]location{{"physicalLocation": at}}, map[string]string{"waymark/v1": fmt.Sprintf("%s:%d", key, seen[key])}})
	}
	slices.SortFunc(rules, func(x, y rule) int { return strings.Compare(x.ID, y.ID) })
	log := map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []any{map[string]any{
			"tool":       map[string]any{"driver": map[string]any{"name": "waymark", "version": version, "rules": rules}},
			"columnKind": "unicodeCodePoints", "results": results,
		}},
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(log); err != nil {
		return fmt.Errorf("print findings: %w", err)
	}
	return nil
}
