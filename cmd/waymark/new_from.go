package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/newpage"
)

// bring makes a site of a folder of writing, and says in one screen what was found, and what to look at first.
func bring(ctx context.Context, out io.Writer, dir, from string, day time.Time) error {
	if err := mustBeEmpty(dir); err != nil {
		return err
	}
	brought, err := newpage.Bring(from, dir)
	if err != nil {
		return err
	}
	if err := errors.Join(writeStarter(dir, day, ".gitignore"), forEditors(dir)); err != nil {
		return err
	}
	settings := fmt.Sprintf("# yaml-language-server: $schema=schemas/waymark.schema.json\ntitle: %s\nlanguage: en\n# The address of the site, once it has one. Feeds, the sitemap and canonical links need it.\n# base_url: https://example.org/\n",
		strconv.Quote(cmp.Or(brought.Title, titleOf(dir))))
	if err := newpage.WriteNew(filepath.Join(dir, "waymark.yaml"), []byte(settings)); err != nil {
		return fmt.Errorf("make a site: %w", err)
	}
	trial, err := os.MkdirTemp("", "waymark-trial-")
	if err != nil {
		return fmt.Errorf("look at what was brought: %w", err)
	}
	defer func() { _ = os.RemoveAll(trial) }() // only the report of it is wanted
	report, err := generator.Build(ctx, generator.Config{Dir: dir, Output: filepath.Join(trial, "public"), Clock: day, KeepGoing: true})
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, firstLook(dir, from, brought, report))
	return err
}

// maxFirst is how many mistakes are named at first.
const maxFirst = 5

func firstLook(dir, from string, brought newpage.Brought, r generator.Report) string {
	var b strings.Builder
	program := ""
	if brought.Program != "" {
		program = ", which was written for " + brought.Program
	}
	var endings []string
	for _, ending := range slices.Sorted(maps.Keys(brought.Endings)) {
		endings = append(endings, fmt.Sprintf("%d %s", brought.Endings[ending], ending))
	}
	fmt.Fprintf(&b, "made a site in %s of %s%s\n", dir, from, program)
	fmt.Fprintf(&b, "copied: %s (%s) and %s\n", plural(brought.Texts, "text"), strings.Join(endings, ", "), plural(brought.Files, "other file"))
	var kinds []string
	for _, c := range r.Pages {
		if slices.Contains([]string{"post", "page", "course", "session", "note", "series", "tag"}, c.Kind) {
			kinds = append(kinds, fmt.Sprintf("%d %s", c.Count, c.Kind))
		}
	}
	fmt.Fprintf(&b, "they become: %s\n", cmp.Or(strings.Join(kinds, ", "), "no page yet"))
	b.WriteString(heldSummary(r, false))
	errors, warnings := r.Diagnostics.Count()
	if errors+warnings == 0 {
		b.WriteString("everything in them was understood\n")
	} else {
		fmt.Fprintf(&b, "%s, %s%s\n\nlook first at:\n", plural(errors, "error"), plural(warnings, "warning"), kindsOf(r.Diagnostics))
		for _, d := range firstOfEach(r.Diagnostics) {
			fmt.Fprintf(&b, "  %s: %s: %s\n", diag.Printable(d.Pos.String()), d.Severity, diag.Printable(d.Message))
		}
	}
	fmt.Fprintf(&b, "\nnext: waymark serve -s %s\n", quoted(dir))
	return b.String()
}

// firstOfEach returns the first diagnostic of each kind, errors before warnings, and of those with most first.
func firstOfEach(list diag.List) diag.List {
	var out diag.List
	for _, kind := range list.Kinds() {
		i := slices.IndexFunc(list, func(d diag.Diagnostic) bool { return d.Code == kind.Code && d.Severity == kind.Severity })
		if out.Add(list[i]); len(out) == maxFirst {
			break
		}
	}
	return out
}
