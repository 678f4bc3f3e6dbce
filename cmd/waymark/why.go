package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

func whyCommand() *cobra.Command {
	var c generator.Config
	cmd := &cobra.Command{
		Use: "why FILE|ADDRESS", Short: "Say where a file goes, or why it goes nowhere", Args: exactArgs(1),
		Example: `  waymark why content/posts/hello.md
  waymark why /posts/hello/`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if c.Clock, err = clock(); err != nil {
				return err
			}
			e, err := generator.Explain(cmd.Context(), c, args[0])
			if err != nil {
				return err
			}
			return printExplanation(cmd, e)
		},
	}
	sourceFlags(cmd, &c)
	return cmd
}

func printExplanation(cmd *cobra.Command, e generator.Explanation) error {
	var out strings.Builder
	name := e.File
	if name == "" {
		name = e.Address
	}
	if e.Problem != "" {
		fmt.Fprintf(&out, "%s is not published: %s\n", name, e.Problem)
	} else {
		fmt.Fprintf(&out, "%s -> %s\n", name, e.Address)
		fmt.Fprintf(&out, "  Its kind is %s", e.Kind)
		if e.Title != "" {
			fmt.Fprintf(&out, ", %q", e.Title)
		}
		out.WriteString(".\n")
		for _, f := range e.Facts {
			fmt.Fprintf(&out, "  %s\n", f)
		}
	}
	if _, err := io.WriteString(cmd.OutOrStdout(), out.String()); err != nil {
		return err
	}
	return diag.Text(cmd.ErrOrStderr(), e.Diagnostics)
}
