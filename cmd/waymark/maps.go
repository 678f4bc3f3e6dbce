package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"

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
  waymark maps print healthy-start -o map.pdf
  waymark maps fmt content/posts/*.md
  waymark maps import wall.opml >> content/posts/wall.md
  waymark maps diff healthy-start --since HEAD~5`,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SuggestionsMinimumDistance: 2,
	}
	cmd.AddCommand(mapsList(), mapsTrace(), mapsExport(), mapsPrint(), mapsFmt(), mapsImport(), mapsDiff())
	return cmd
}

// printable takes away what could move a terminal's cursor, or turn its text around, but for the ends of lines.
func printable(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = diag.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
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
	wrong, err := printErrors(cmd, list)
	if err != nil {
		return err
	}
	if maps != nil {
		defer maps.Close()
		if err := use(maps); err != nil {
			return err
		}
	}
	if wrong {
		return errContent
	}
	return nil
}

// printErrors prints the errors of a site, and reports whether there are any.
func printErrors(cmd *cobra.Command, list diag.List) (bool, error) {
	var errs diag.List
	for _, d := range list {
		if d.Severity == diag.Error {
			errs.Add(d)
		}
	}
	return len(errs) > 0, diag.Text(cmd.ErrOrStderr(), errs)
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

// readProblem makes wrong use of a file that is not there.
func readProblem(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return diag.Usagef("%v", err)
	}
	return err
}
