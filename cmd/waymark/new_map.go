package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
	"waymark/generator/newpage"
)

// knownTo returns what the site in a folder has that a new map has to fit. Errors on its pages are for its next build.
func knownTo(ctx context.Context, dir string) (known newpage.Known, err error) {
	maps, _, err := generator.OpenMaps(ctx, generator.Config{Dir: dir})
	if err != nil || maps == nil {
		return known, err
	}
	defer maps.Close()
	for _, m := range maps.List() {
		known.Maps = append(known.Maps, m.ID)
	}
	known.Phases = maps.Phases()
	return known, nil
}

func newMapCommand() *cobra.Command {
	var dir, now, from string
	var list strings.Builder
	for _, t := range newpage.MapTemplates() {
		fmt.Fprintf(&list, "  %-12s %-12s %s\n", t.Kind, t.Name, t.About)
	}
	kinds := strings.Join(newpage.MapKinds(), "|")
	cmd := &cobra.Command{
		Use: "map " + kinds + " [TITLE]", Short: "Make a note with a map to start from",
		Long: "Map makes a note with an impact map, an opportunity map or a story map, filled in so far that it can be argued with.\n" +
			"The kinds, and the templates of each, which --from names:\n\n" + list.String(),
		Example: "  waymark new map impact \"More people finish\"\n  waymark new map story --from service",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return diag.Usagef("say which kind of map: waymark new map %s [TITLE]", kinds)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := today(now)
			if err != nil {
				return err
			}
			title := ""
			if len(args) == 2 {
				title = args[1]
			}
			known := func() (newpage.Known, error) { return knownTo(cmd.Context(), dir) }
			name, err := newpage.Map(dir, args[0], title, from, known, day)
			if err != nil {
				return err
			}
			return sayMade(cmd, dir, name)
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`")
	cmd.Flags().StringVar(&now, "now", "", "its `date` (default today)")
	cmd.Flags().StringVar(&from, "from", "", "the `template` to start from (default the first of its kind)")
	return cmd
}
