package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/newpage"
)

// schemaFolder is where the schemas of a site lie.
const schemaFolder = "schemas"

func schemaCommand() *cobra.Command {
	var site string
	cmd := &cobra.Command{
		Use: "schema", Short: "Write the schemas by which editors complete and check", Args: exactArgs(0),
		Long: `Schema writes two files into the folder schemas of a site: JSON Schemas of waymark.yaml and of front
matter, by which editors complete keys, explain them, and underline what is wrong. A new site has
them. Write them again after an update of Waymark.

waymark.yaml names its own in its first line, which editors with a language server for YAML read:

  # yaml-language-server: $schema=schemas/` + generator.SettingsSchema,
		Example: "  waymark schema -s my-notes",
		RunE: func(cmd *cobra.Command, _ []string) error {
			names, err := writeSchemas(site, replaceFile)
			for _, name := range names {
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), name); err != nil {
					return err
				}
			}
			return err
		},
	}
	cmd.Flags().StringVarP(&site, "source", "s", ".", "the site's `folder`")
	return cmd
}

// writeSchemas writes the schemas into a site's folder, and returns their names.
func writeSchemas(site string, write func(name string, data []byte) error) (names []string, err error) {
	all, err := generator.Schemas()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(site, schemaFolder), 0o755); err != nil {
		return nil, fmt.Errorf("write the schemas: %w", err)
	}
	for _, s := range all {
		name := filepath.Join(site, schemaFolder, s.Name)
		if err := write(name, s.Data); err != nil {
			return names, fmt.Errorf("write the schemas: %w", err)
		}
		names = append(names, name)
	}
	return names, nil
}

// forEditors gives a new site what common editors read: the schemas, and for Visual Studio Code which file each is of.
func forEditors(site string) error {
	if _, err := writeSchemas(site, newpage.WriteNew); err != nil {
		return err
	}
	name := filepath.Join(site, ".vscode", "settings.json")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return fmt.Errorf("make a site: %w", err)
	}
	err := newpage.WriteNew(name, []byte(`{
  "yaml.schemas": {
    "`+schemaFolder+`/`+generator.SettingsSchema+`": "waymark.yaml"
  },
  "[markdown]": {
    "editor.wordWrap": "on"
  }
}
`))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make a site: %w", err)
	}
	return nil
}
