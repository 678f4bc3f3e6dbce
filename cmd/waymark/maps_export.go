package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

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
