// Package past reads from Git what the maps of a site were at earlier times.
package past

import (
	"context"
	"path"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/history"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Bounds of what is read. Whoever wants more has Git.
const (
	maxVersions = 400 // of a file
	maxDays     = 100 // of a map
)

// Past is what maps were, by their ids, the newest first, at most one a day.
type Past map[string][]exchange.State

// Read reads what the maps of the texts were. dir is the site's folder. Where there is no history, or only the end of one, that is a
// diagnostic; the error is the machine's.
func Read(ctx context.Context, dir string, docs []*markdown.Document, c config.Config) (Past, *diag.Diagnostic, error) {
	all := Past{}
	if !mapped(docs) {
		return all, nil, nil
	}
	if history.Head(ctx, dir) == "" {
		return all, missing(c, "there is no history here that changes could be read from", "make a commit, or take out changes: true"), nil
	}
	var problem *diag.Diagnostic
	if history.Shallow(ctx, dir) {
		problem = missing(c, "this is the end of a history: what changed before is not told", "fetch all of it (git fetch --unshallow; fetch-depth: 0 in a job)")
	}
	parser := markdown.NewParser(markdown.Options{Zone: c.Zone, Maps: c.Maps()})
	for _, doc := range docs {
		if !hasMap(doc) {
			continue
		}
		versions, err := history.Versions(ctx, dir, doc.Name, maxVersions)
		if err != nil {
			return all, problem, err
		}
		for _, v := range versions {
			if v.Data != nil {
				all.add(doc, parser, v, c.Zone)
			}
		}
	}
	return all, problem, nil
}

func missing(c config.Config, message, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: c.ChangesPos, Severity: diag.Warning, Code: "changes", Message: message, Hint: hint, Advice: true}
}

func mapped(docs []*markdown.Document) bool {
	for _, doc := range docs {
		if hasMap(doc) {
			return true
		}
	}
	return false
}

func hasMap(doc *markdown.Document) bool {
	for i := range doc.Maps {
		if doc.Maps[i].Embed().Map == "" {
			return true
		}
	}
	return false
}

// add notes what the maps of a text were in a version of its file. Of a day, the last version counts.
func (p Past) add(doc *markdown.Document, parser *markdown.Parser, v history.Version, zone *time.Location) {
	day := v.Time.In(zone)
	day = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	past, _ := parser.Outline(source.File{Path: path.Base(v.Name), Name: v.Name, Data: source.Mend(v.Data)})
	for i := range doc.Maps {
		of := &doc.Maps[i]
		if of.Embed().Map != "" || len(p[of.ID]) >= maxDays {
			continue
		}
		states := p[of.ID]
		if n := len(states); n > 0 && !day.Before(states[n-1].Day.Time) {
			continue // the day has its version
		}
		if block := past.Version(of, false); block != nil && !block.Problems.HasErrors() {
			p[of.ID] = append(states, exchange.State{Day: dates.Date{Time: day, Precision: dates.Day}, Map: exchange.Of(block.ID, block.Impact, block.Story)})
		}
	}
}

// Tell says how each map became what it is, and what of that came in the month before today.
func (p Past) Tell(docs []*markdown.Document, today dates.Date) map[string]site.Told {
	monthAgo := dates.Date{Time: today.Time.AddDate(0, -1, 0), Precision: dates.Day}
	told := map[string]site.Told{}
	for _, doc := range docs {
		for i := range doc.Maps {
			block := &doc.Maps[i]
			if block.Embed().Map != "" || block.Problems.HasErrors() {
				continue
			}
			now, states := exchange.Of(block.ID, block.Impact, block.Story), p[block.ID]
			t := site.Told{Days: exchange.Days(states, now), Since: monthAgo}
			t.Month, t.Known = exchange.Since(states, monthAgo, now)
			told[block.ID] = t
		}
	}
	return told
}
