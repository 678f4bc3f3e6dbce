package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

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
