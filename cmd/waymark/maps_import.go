package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

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
			block, list, err := generator.ImportMap(dir, args[0], data, kind)
			if err != nil {
				return err
			}
			if err := diag.Text(cmd.ErrOrStderr(), list); err != nil {
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
