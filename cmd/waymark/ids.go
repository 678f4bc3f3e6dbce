package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

func idsCommand() *cobra.Command {
	var c generator.Config
	var write bool
	var against string
	cmd := &cobra.Command{
		Use: "ids --write | --against URL|FOLDER", Short: "Keep what readers did when questions and pages change", Args: noMoreArgs(0),
		Long: `What readers did stays in their browsers, under the lasting id of each page, question and card. A question or
card without an id of its own is known by its page and its first six words.

--write gives each that has none a short id, in its file, and changes nothing else. --against names
the ids that a published site has and this one would lose: give a page that moved its old path among
its aliases, or an id:, and a question its old id behind was:.`,
		Example: `  waymark ids --write
  waymark ids --against https://example.org/notes/
  waymark ids --against public`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if write == (against != "") {
				return diag.Usagef("say what to do: --write, or --against URL|FOLDER (see %s --help)", cmd.CommandPath())
			}
			var err error
			if c.Clock, err = clock(); err != nil {
				return err
			}
			if write {
				return writeIDs(cmd, c)
			}
			return compareIDs(cmd, c, against)
		},
	}
	sourceFlags(cmd, &c)
	cmd.Flags().BoolVar(&write, "write", false, "write short ids into the files")
	cmd.Flags().StringVar(&against, "against", "", "the `URL` of a published site, or a folder that one was built into")
	return cmd
}

func writeIDs(cmd *cobra.Command, c generator.Config) error {
	pinned, list, err := generator.PinIDs(cmd.Context(), c)
	if err != nil {
		return err
	}
	wrong, err := printErrors(cmd, list)
	if err != nil {
		return err
	}
	total := 0
	for _, p := range pinned {
		if p.IDs > 0 {
			if err := replaceFile(filepath.Join(c.Dir, filepath.FromSlash(p.File)), p.Data); err != nil {
				return err
			}
			total += p.IDs
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", diag.Printable(p.File), plural(p.IDs, "id")); err != nil {
				return err
			}
		}
		if p.Left > 0 {
			if _, err := fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s in a text that is not read as it stands: write id: below them yourself\n", diag.Printable(p.File), plural(p.Left, "item")); err != nil {
				return err
			}
		}
	}
	if total == 0 && !wrong {
		_, err = fmt.Fprintln(cmd.OutOrStdout(), "every question and card has its id")
	}
	if err == nil && wrong {
		return errContent
	}
	return err
}

func compareIDs(cmd *cobra.Command, c generator.Config, against string) error {
	lost, list, err := generator.CompareIDs(cmd.Context(), c, against)
	if err != nil {
		return err
	}
	wrong, err := printErrors(cmd, list)
	if err != nil {
		return err
	}
	if lost.Site != "" {
		if _, err := fmt.Fprintf(cmd.OutOrStdout(), "lost: everything, because the site was called %q (write into waymark.yaml: id: %s)\n", lost.Site, diag.Printable(lost.Site)); err != nil {
			return err
		}
	}
	for _, l := range []struct {
		ids        []string
		what, hint string
	}{
		{lost.Pages, "page", "give the page that took its place id: or an alias"},
		{lost.Questions, "question", "give the question that took its place was:"},
		{lost.Cards, "card", "give the card that took its place was:"},
		{lost.Sheets, "checklist or worksheet", "give the one that took its place was:"},
	} {
		for _, id := range l.ids {
			if _, err := fmt.Fprintf(cmd.OutOrStdout(), "lost: the %s %q (%s)\n", l.what, diag.Printable(id), l.hint); err != nil {
				return err
			}
		}
	}
	if wrong || lost.Site != "" || len(lost.Pages)+len(lost.Questions)+len(lost.Cards)+len(lost.Sheets) > 0 {
		return errContent
	}
	_, err = fmt.Fprintln(cmd.OutOrStdout(), "every id of the published site is here")
	return err
}
