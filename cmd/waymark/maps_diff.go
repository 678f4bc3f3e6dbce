package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

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
