package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

// checkFlags say what is looked for, and what becomes of it.
type checkFlags struct {
	wanted   generator.Checking
	kept     cacheFlags
	format   string
	baseline string
	write    bool // the baseline
	fix, dry bool
	all      bool
}

func checkCommand() *cobra.Command {
	var c generator.Config
	var f checkFlags
	var groups strings.Builder
	for _, g := range generator.CheckGroups() {
		fmt.Fprintf(&groups, "  %-14s %s\n", g.Name, g.Says)
	}
	cmd := &cobra.Command{
		Use: "check", Short: "Find what should be mended before the site is published", Args: exactArgs(0),
		Long: `Check looks at a site for all that can be known before it is published, and writes nothing:

` + groups.String() + `
--only and --skip take these names, and the codes of findings; so does skip: below check: in
waymark.yaml. A baseline is a file of findings that were there before: only new ones are told.

Exit status: 0 nothing was found (advice does not count), 1 something was, 2 wrong use, 3 the
machine failed.`,
		Example: `  waymark check
  waymark check --external                  ask other sites, too, whether their pages are there
  waymark check --only accessibility,maps
  waymark check --fix --dry-run             what would be put right, as a diff
  waymark check --baseline old.json --write-baseline
  waymark check --format sarif > waymark.sarif`,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCheck(cmd, c, f) },
	}
	sourceFlags(cmd, &c)
	flags := cmd.Flags()
	flags.StringSliceVar(&f.wanted.Only, "only", nil, "look for these `kinds` alone: names of groups, or codes")
	flags.StringSliceVar(&f.wanted.Skip, "skip", nil, "leave these `kinds` alone")
	flags.BoolVar(&f.wanted.External, "external", false, "ask other sites whether what is linked to is there")
	flags.StringVar(&f.format, "format", "text", "print findings as `text`, json, github or sarif")
	flags.BoolVarP(&f.all, "verbose", "v", false, "name every finding, one by one")
	flags.StringVar(&f.baseline, "baseline", "", "tell only what is not in this `file`")
	flags.BoolVar(&f.write, "write-baseline", false, "put what is found into the baseline, and tell nothing")
	flags.BoolVar(&f.fix, "fix", false, "put right what has one right answer")
	flags.BoolVar(&f.dry, "dry-run", false, "with --fix, show what would change, and change nothing")
	f.kept.add(cmd)
	return cmd
}

func (f *checkFlags) apply(c *generator.Config) error {
	switch f.format {
	case "text", "json", "github", "sarif":
	default:
		return diag.Usagef("--format is %q (write text, json, github or sarif)", f.format)
	}
	if f.write && f.baseline == "" {
		return diag.Usagef("--write-baseline needs to know where (--baseline file.json)")
	}
	if f.dry && !f.fix {
		return diag.Usagef("--dry-run goes with --fix: a check changes nothing anyway")
	}
	f.wanted.Agent, f.wanted.Pause = "waymark check (looks for dead links)", time.Second
	return f.kept.apply(c)
}

func runCheck(cmd *cobra.Command, c generator.Config, f checkFlags) error {
	if err := f.apply(&c); err != nil {
		return err
	}
	var err error
	if c.Clock, err = clock(); err != nil {
		return err
	}
	if err := knownKinds(f.wanted); err != nil {
		return err
	}
	done := func() {}
	if f.wanted.External {
		done = showProgress(&c, cmd.ErrOrStderr(), f.format == "text")
	}
	found, err := generator.Check(cmd.Context(), c, f.wanted)
	done()
	if err != nil {
		return err
	}
	if f.fix {
		return mend(cmd, c, f, found)
	}
	before, err := readBaseline(f.baseline, f.write)
	if err != nil {
		return err
	}
	if f.write {
		return writeBaseline(cmd, f.baseline, found.Diagnostics)
	}
	found.Diagnostics = before.without(found.Diagnostics)
	return printFindings(cmd, f, found)
}

// knownKinds refuses names of groups that are slips.
func knownKinds(wanted generator.Checking) error {
	var names []string
	known := map[string]bool{}
	for _, g := range generator.CheckGroups() {
		for _, name := range append([]string{g.Name}, g.Codes...) {
			names, known[name] = append(names, name), true
		}
	}
	for _, name := range append(append([]string{}, wanted.Only...), wanted.Skip...) {
		if !known[name] {
			return diag.Usagef("nothing is found by the name %q (%s)", diag.Printable(name), diag.DidYouMean(name, names, "waymark check --help names the groups, --format json the codes"))
		}
	}
	return nil
}

func printFindings(cmd *cobra.Command, f checkFlags, found generator.Checked) error {
	list := found.Diagnostics
	var err error
	switch f.format {
	case "json":
		encoder := json.NewEncoder(cmd.OutOrStdout())
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(found)
	case "github":
		err = diag.GitHub(cmd.OutOrStdout(), list)
	case "sarif":
		says := map[string]string{}
		for _, g := range generator.CheckGroups() {
			says[g.Name] = g.Says
		}
		err = diag.SARIF(cmd.OutOrStdout(), list, version(), func(code string) string { return says[generator.CheckGroupOf(code)] })
	default:
		write := diag.Text
		if f.all {
			write = diag.TextAll
		}
		if err = write(cmd.ErrOrStderr(), list); err == nil {
			_, err = fmt.Fprint(cmd.OutOrStdout(), findings(found))
		}
	}
	if err != nil {
		return err
	}
	if wrong, warnings := list.Count(); wrong+warnings > 0 {
		return errContent
	}
	return nil
}

// findings says in a line or two what was found.
func findings(found generator.Checked) string {
	wrong, warnings := found.Diagnostics.Count()
	s := plural(found.Pages, "page")
	if found.External > 0 {
		s += " and " + plural(found.External, "link") + " to other sites"
	}
	s += " looked at: "
	if len(found.Diagnostics) == 0 {
		return s + "nothing was found\n"
	}
	s += plural(wrong, "error") + ", " + plural(warnings, "warning")
	mendable := 0
	for _, d := range found.Diagnostics {
		if d.Fix != (diag.Fix{}) {
			mendable++
		}
	}
	if mendable > 0 {
		s += fmt.Sprintf("; waymark check --fix puts %d of them right", mendable)
	}
	return s + "\n"
}

// mend puts right what has one right answer, or shows it.
func mend(cmd *cobra.Command, c generator.Config, f checkFlags, found generator.Checked) error {
	files, err := generator.Mend(c, found.Diagnostics)
	if err != nil {
		return err
	}
	n := 0
	for _, m := range files {
		if n += m.Count; f.dry {
			if _, err := cmd.OutOrStdout().Write(diff.Diff("a/"+m.Name, m.Before, "b/"+m.Name, m.After)); err != nil {
				return err
			}
			continue
		}
		if err := replaceFile(filepath.Join(c.Dir, filepath.FromSlash(m.Name)), m.After); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %d put right\n", diag.Printable(m.Name), m.Count); err != nil {
			return err
		}
	}
	if n == 0 {
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), "nothing was found that has one right answer"); err != nil {
			return err
		}
	}
	if wrong, warnings := found.Diagnostics.Count(); wrong+warnings > n {
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s left for you: waymark check\n", plural(wrong+warnings-n, "finding"))
		return errors.Join(err, errContent)
	}
	return nil
}

// finding is what stays the same of a finding where lines move.
type finding struct {
	File    string `json:"file"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// baseline is how often each finding was there before.
type baseline map[finding]int

// readBaseline reads a baseline; an empty one where none is wanted, or where it is to be made.
func readBaseline(name string, mayLack bool) (baseline, error) {
	if name == "" {
		return baseline{}, nil
	}
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) && mayLack {
		return baseline{}, nil
	}
	if err != nil {
		return nil, diag.Usagef("the baseline cannot be read: %v (make it: --write-baseline)", err)
	}
	var list []finding
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, diag.Usagef("%s is no baseline: %v (make it anew: --write-baseline)", name, err)
	}
	b := baseline{}
	for _, f := range list {
		b[f]++
	}
	return b, nil
}

// without returns the findings that are not in the baseline.
func (b baseline) without(list diag.List) diag.List {
	left, out := baseline{}, diag.List{}
	for f, n := range b {
		left[f] = n
	}
	for _, d := range list {
		f := finding{d.Pos.File, d.Code, d.Message}
		if left[f]--; left[f] < 0 {
			out.Add(d)
		}
	}
	return out
}

func writeBaseline(cmd *cobra.Command, name string, list diag.List) error {
	found := make([]finding, 0, len(list))
	for _, d := range list {
		found = append(found, finding{d.Pos.File, d.Code, d.Message})
	}
	data, err := json.MarshalIndent(found, "", " ")
	if err != nil {
		return err
	}
	if err := replaceFile(name, append(data, '\n')); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", name, plural(len(found), "finding"))
	return err
}
