// Package past reads from Git what the maps of a site were at earlier times.
package past

import (
	"context"
	"maps"
	"path"
	"slices"
	"time"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/dates"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/history"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/parallel"
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
	if !slices.ContainsFunc(docs, hasMap) {
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
	with := slices.DeleteFunc(slices.Clone(docs), func(doc *markdown.Document) bool { return !hasMap(doc) })
	pasts := make([]Past, len(with))
	err := parallel.Each(ctx, with, func(i int, doc *markdown.Document) error {
		versions, err := history.Versions(ctx, dir, doc.Name, maxVersions)
		pasts[i] = Past{}
		for _, v := range lastOfDays(versions, c.Zone) {
			pasts[i].add(doc, parser, v)
		}
		return err
	})
	for _, p := range pasts {
		maps.Copy(all, p)
	}
	return all, problem, err
}

// lastOfDays returns the last version of each day.
func lastOfDays(versions []history.Version, zone *time.Location) (last []history.Version) {
	for _, v := range versions {
		v.Time = v.Time.In(zone)
		v.Time = time.Date(v.Time.Year(), v.Time.Month(), v.Time.Day(), 0, 0, 0, 0, zone)
		if n := len(last); v.Data != nil && (n == 0 || v.Time.Before(last[n-1].Time)) {
			last = append(last, v)
		}
	}
	return last
}

func missing(c config.Config, message, hint string) *diag.Diagnostic {
	return &diag.Diagnostic{Pos: c.ChangesPos, Severity: diag.Warning, Code: "changes", Message: message, Hint: hint, Advice: true}
}

func hasMap(doc *markdown.Document) bool {
	for i := range doc.Maps {
		if doc.Maps[i].Embed().Map == "" {
			return true
		}
	}
	return false
}

// add notes what the maps of a text were at the end of a day.
func (p Past) add(doc *markdown.Document, parser *markdown.Parser, v history.Version) {
	then, _ := parser.Outline(source.File{Path: path.Base(v.Name), Name: v.Name, Data: source.Mend(v.Data)})
	for i := range doc.Maps {
		of := &doc.Maps[i]
		if of.Embed().Map != "" || len(p[of.ID]) >= maxDays {
			continue
		}
		if block := then.Version(of, false); block != nil && !block.Problems.HasErrors() {
			p[of.ID] = append(p[of.ID], exchange.State{Day: dates.Date{Time: v.Time, Precision: dates.Day}, Map: exchange.Of(block.ID, block.Impact, block.Story)})
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
