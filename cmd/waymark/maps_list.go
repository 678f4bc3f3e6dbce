package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"waymark/generator"
)

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

// noMaps is said of a site without any.
const noMaps = "this site has no maps (the guide's chapter \"Draw a map in five minutes\" has the words)\n"
