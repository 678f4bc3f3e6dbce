package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

func mapsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "maps", Short: "Work with impact maps and story maps", Args: knownVerb,
		Example: `  waymark maps list
  waymark maps trace healthy-start
  waymark maps export healthy-start --as svg -o map.svg
  waymark maps fmt content/posts/*.md
  waymark maps import wall.opml >> content/posts/wall.md
  waymark maps diff healthy-start --since HEAD~5`,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SuggestionsMinimumDistance: 2,
	}
	cmd.AddCommand(mapsList(), mapsTrace(), mapsExport(), mapsFmt(), mapsImport(), mapsDiff())
	return cmd
}

// printable takes away what could move a terminal's cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (r < ' ' || r >= 0x7F && r < 0xA0) {
			return ' '
		}
		return r
	}, text)
}

// withMaps reads the site, prints its errors, and hands its maps on. A site with errors gives the status of wrong
// content, after what can be said of the others.
func withMaps(cmd *cobra.Command, c generator.Config, use func(*generator.Maps) error) error {
	var err error
	if c.Clock, err = clock(); err != nil {
		return err
	}
	maps, list, err := generator.OpenMaps(cmd.Context(), c)
	if err != nil {
		return err
	}
	var errs diag.List
	for _, d := range list {
		if d.Severity == diag.Error {
			errs.Add(d)
		}
	}
	if err := diag.Text(cmd.ErrOrStderr(), errs); err != nil {
		return err
	}
	if maps != nil {
		defer maps.Close()
		if err := use(maps); err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		return errContent
	}
	return nil
}

// formatFlag is --format, where a verb prints text or JSON.
func formatFlag(cmd *cobra.Command) *string {
	format := cmd.Flags().String("format", "text", "print `text` or json")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if *format != "text" && *format != "json" {
			return diag.Usagef("--format is %q (write text or json)", *format)
		}
		return nil
	}
	return format
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// oneMap wants the name of one map.
func oneMap(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return diag.Usagef("name one map (waymark maps list lists them; see %s --help)", cmd.CommandPath())
	}
	return nil
}

// noMoreArgs is cobra.MaximumNArgs with the status of wrong use.
func noMoreArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := cobra.MaximumNArgs(n)(cmd, args); err != nil {
			return diag.Usagef("%v (see %s --help)", err, cmd.CommandPath())
		}
		return nil
	}
}

func mapsList() *cobra.Command {
	var c generator.Config
	cmd := &cobra.Command{Use: "list", Short: "List every map of the site", Args: exactArgs(0), Example: "  waymark maps list --format json"}
	sourceFlags(cmd, &c)
	format := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return withMaps(cmd, c, func(maps *generator.Maps) error {
			if *format == "json" {
				return printJSON(cmd.OutOrStdout(), maps.List())
			}
			if len(maps.List()) == 0 {
				_, err := io.WriteString(cmd.OutOrStdout(), noMaps)
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, m := range maps.List() {
				if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s:%d\n", m.ID, m.Kind, printable(m.Summary), printable(m.File), m.Line); err != nil {
					return err
				}
			}
			return w.Flush()
		})
	}
	return cmd
}

func mapsTrace() *cobra.Command {
	var c generator.Config
	cmd := &cobra.Command{
		Use: "trace [ID]", Short: "Say what maps say together", Args: noMoreArgs(1),
		Long: `Trace says, for one map and those it belongs with, or for all maps: how far each goal has come,
which open deliverables no story is for, which stories no deliverable asks for, and how many
stories each slice holds and how many of them are done.`,
		Example: `  waymark maps trace
  waymark maps trace healthy-start --format json`,
	}
	sourceFlags(cmd, &c)
	format := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id := strings.Join(args, "")
		return withMaps(cmd, c, func(maps *generator.Maps) error {
			t, err := maps.Trace(id)
			if err != nil {
				return err
			}
			if *format == "json" {
				return printJSON(cmd.OutOrStdout(), t)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), printable(traceText(t)))
			return err
		})
	}
	return cmd
}

// noMaps is said of a site without any.
const noMaps = "this site has no maps (the guide's chapter \"Draw a map in five minutes\" has the words)\n"

func traceText(t generator.Trace) string {
	if len(t.ImpactMaps)+len(t.StoryMaps) == 0 {
		return noMaps
	}
	var b strings.Builder
	for _, m := range t.ImpactMaps {
		fmt.Fprintf(&b, "Impact map %s: %s\n", m.ID, m.Title)
		for _, g := range m.Goals {
			progress := "not measured yet"
			if g.Progress != nil {
				progress = fmt.Sprintf("%d%% of the way", int(math.Round(*g.Progress*100)))
			}
			if g.Metric == "" {
				progress = "no metric"
			}
			fmt.Fprintf(&b, "  %s: %s, %s\n", g.Level, g.Text, progress)
		}
		if len(t.StoryMaps) > 0 {
			fmt.Fprintf(&b, "  deliverables without a story: %d\n", len(m.WithoutStory))
			for _, d := range m.WithoutStory {
				fmt.Fprintf(&b, "    %s (#%s)\n", d.Text, d.ID)
			}
		}
	}
	for _, m := range t.StoryMaps {
		fmt.Fprintf(&b, "Story map %s: %s\n", m.ID, m.Title)
		for _, s := range m.Slices {
			phase := ""
			if s.Phase != "" {
				phase = " [" + strings.ToLower(s.Phase) + "]"
			}
			if s.Stories == 0 && s.Dropped > 0 {
				fmt.Fprintf(&b, "  %s%s: %s dropped\n", s.Name, phase, stories(s.Dropped))
				continue
			}
			fmt.Fprintf(&b, "  %s%s: %d of %s done", s.Name, phase, s.Done, stories(s.Stories))
			for _, n := range []struct {
				count int
				word  string
			}{{s.Doing, "in progress"}, {s.Dropped, "dropped"}} {
				if n.count > 0 {
					fmt.Fprintf(&b, ", %d %s", n.count, n.word)
				}
			}
			b.WriteString("\n")
		}
		if m.ImpactMap != "" {
			fmt.Fprintf(&b, "  stories that no deliverable asks for: %d\n", len(m.Unasked))
			for _, s := range m.Unasked {
				fmt.Fprintf(&b, "    %s (#%s)\n", s.Text, s.ID)
			}
		}
	}
	return b.String()
}

func stories(n int) string {
	if n == 1 {
		return "1 story"
	}
	return fmt.Sprintf("%d stories", n)
}

func mapsExport() *cobra.Command {
	var c generator.Config
	var as, file string
	cmd := &cobra.Command{
		Use: "export ID --as FORMAT", Short: "Write a map as " + strings.Join(generator.MapFormats(), ", "), Args: oneMap,
		Example: `  waymark maps export healthy-start --as svg -o map.svg
  waymark maps export healthy-start --as csv`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if as == "" {
				return diag.Usagef("say what to write: --as %s", strings.Join(generator.MapFormats(), ", "))
			}
			return withMaps(cmd, c, func(maps *generator.Maps) error {
				data, err := maps.Export(args[0], as)
				if err != nil {
					return err
				}
				if file == "" || file == "-" {
					_, err = cmd.OutOrStdout().Write(data)
					return err
				}
				return replaceFile(file, data)
			})
		},
	}
	sourceFlags(cmd, &c)
	cmd.Flags().StringVar(&as, "as", "", "the `format`: "+strings.Join(generator.MapFormats(), ", "))
	cmd.Flags().StringVarP(&file, "output", "o", "", "the `file` to write (default standard output)")
	return cmd
}

// replaceFile writes a file whole or not at all, and keeps its permissions.
func replaceFile(name string, data []byte) error {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".waymark-*")
	if errors.Is(err, os.ErrNotExist) {
		return diag.Usagef("there is no folder %q to write %s into", filepath.Dir(name), filepath.Base(name))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(mode), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // it is ours, and of no use
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

func mapsFmt() *cobra.Command {
	var dir string
	var check bool
	cmd := &cobra.Command{
		Use: "fmt FILE|FOLDER...", Short: "Rewrite the maps in files in canonical form", Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return diag.Usagef("name the files to format (waymark maps fmt content/posts/*.md)")
			}
			return nil
		},
		Long: `Fmt rewrites the impact-map and story-map blocks of Markdown files: two spaces a level, one hyphen
a bullet, each detail below its card. No comment is lost, and nothing outside the blocks changes. A
file with errors in its maps is left as it is, and the errors are printed.`,
		Example: `  waymark maps fmt content/posts/*.md
  waymark maps fmt --check content        only name the files that would change`,
		RunE: func(cmd *cobra.Command, args []string) error {
			failed := false
			names, err := markdownFiles(args)
			if err != nil {
				return err
			}
			for _, name := range names {
				changed, err := formatFile(cmd, dir, name, check)
				if err != nil && !errors.Is(err, errContent) {
					return err
				}
				failed = failed || err != nil || check && changed
			}
			if failed {
				return errContent
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`, whose phases the maps may name")
	cmd.Flags().BoolVar(&check, "check", false, "change nothing, and name the files that are not in canonical form")
	return cmd
}

// markdownFiles returns the files that are named, and those in the folders that are.
func markdownFiles(names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (path == name || strings.EqualFold(filepath.Ext(path), ".md")) {
				out = append(out, path)
			}
			return err
		})
		if err != nil {
			return nil, readProblem(err)
		}
	}
	return out, nil
}

// formatFile formats one file and says so where it changed.
func formatFile(cmd *cobra.Command, dir, name string, check bool) (changed bool, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return false, readProblem(err)
	}
	out, list, err := generator.FormatMaps(dir, name, data)
	if err != nil {
		return false, err
	}
	if list.HasErrors() {
		list.Sort()
		return false, errors.Join(diag.Text(cmd.ErrOrStderr(), list), errContent)
	}
	if bytes.Equal(out, data) {
		return false, nil
	}
	if !check {
		if err := replaceFile(name, out); err != nil {
			return false, err
		}
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), name)
	return true, err
}

// readProblem makes wrong use of a file that is not there.
func readProblem(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return diag.Usagef("%v", err)
	}
	return err
}

func mapsImport() *cobra.Command {
	var dir, kind string
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Turn a file of another program into a block on standard output", Args: exactArgs(1),
		Long: `Import reads OPML, an indented outline, a tracker's CSV, or a Markdown story map in the form of
MozaicWorks' storymap, and prints a block to paste into a post. - reads standard input.`,
		Example: `  waymark maps import wall.opml >> content/posts/wall.md
  waymark maps import --kind impact-map notes.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch kind {
			case "", "impact-map", "story-map":
			default:
				return diag.Usagef("--kind is %q (write impact-map or story-map)", kind)
			}
			data, err := readArgument(cmd, args[0])
			if err != nil {
				return err
			}
			block, err := generator.ImportMap(dir, args[0], data, kind)
			if err != nil {
				return err
			}
			_, err = io.WriteString(cmd.OutOrStdout(), block)
			return err
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`, whose phases the map may name")
	cmd.Flags().StringVar(&kind, "kind", "", "`impact-map` or story-map (default what the file looks like)")
	return cmd
}

func readArgument(cmd *cobra.Command, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(cmd.InOrStdin())
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, readProblem(err)
	}
	return data, nil
}

func mapsDiff() *cobra.Command {
	var c generator.Config
	var since, against string
	cmd := &cobra.Command{
		Use: "diff ID --since REVISION | --against FILE", Short: "Say what changed in a map, card by card", Args: oneMap,
		Long: `Diff compares a map with what it was in a Git revision, or with the map in another file. Cards are
compared by their ids: + added, - removed, > moved, ~ changed.`,
		Example: `  waymark maps diff healthy-start --since HEAD~5
  waymark maps diff healthy-start --against old.md`,
	}
	sourceFlags(cmd, &c)
	cmd.Flags().StringVar(&since, "since", "", "the Git `revision` to compare with")
	cmd.Flags().StringVar(&against, "against", "", "the `file` to compare with")
	format := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if (since == "") == (against == "") {
			return diag.Usagef("say what to compare with: --since REVISION or --against FILE")
		}
		return withMaps(cmd, c, func(maps *generator.Maps) error {
			changes, err := compareMaps(cmd, maps, args[0], since, against)
			if err != nil {
				return err
			}
			if *format == "json" {
				return printJSON(cmd.OutOrStdout(), changes)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), changesText(changes))
			return err
		})
	}
	return cmd
}

func compareMaps(cmd *cobra.Command, maps *generator.Maps, id, since, against string) ([]generator.MapChange, error) {
	if since != "" {
		return maps.Diff(cmd.Context(), id, since)
	}
	data, err := os.ReadFile(against)
	if err != nil {
		return nil, readProblem(err)
	}
	return maps.DiffAgainst(id, against, data)
}

func changesText(changes []generator.MapChange) string {
	if len(changes) == 0 {
		return "no card changed\n"
	}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s %s %q (#%s)", map[string]string{"added": "+", "removed": "-", "moved": ">", "changed": "~"}[c.What], c.Level, c.Text, c.ID)
		switch {
		case c.What == "added" && c.To != "":
			fmt.Fprintf(&b, " below %q", c.To)
		case c.What == "moved" && c.From != c.To:
			fmt.Fprintf(&b, " from %q to %q", c.From, c.To)
		case c.What == "moved":
			b.WriteString(" among its neighbours")
		}
		b.WriteString("\n")
		for _, f := range c.Fields {
			fmt.Fprintf(&b, "    %s: %q -> %q\n", f.Name, f.Before, f.After)
		}
	}
	return b.String()
}
