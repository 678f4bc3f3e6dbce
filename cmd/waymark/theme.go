package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator/diag"
	"waymark/generator/newpage"
	"waymark/themes"
)

// ownThemes is the folder of a site's themes.
const ownThemes = "themes"

func themeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "theme", Short: "Change how a site looks", Args: knownVerb,
		Long: `A colour, a font and a sign of your own need no theme: accent, font and logo in waymark.yaml.
Beyond that, a file of the theme that lies in the site's own layouts or assets takes the place of the
theme's; and a folder in themes is a theme.`,
		Example: "  waymark theme list\n  waymark theme copy layouts/partials/footer.html\n  waymark theme new mine",
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(themeList(), themeCopy(), themeNew())
	return cmd
}

func themeList() *cobra.Command {
	var dir string
	var files bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the themes, or the files of those that come along", Args: exactArgs(0), Example: "  waymark theme list --files",
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, name := range themes.Names() {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\tcomes along\n", name); err != nil {
					return err
				}
				if !files {
					continue
				}
				for _, f := range filesOf(themes.FS(name)) {
					if _, err := fmt.Fprintln(cmd.OutOrStdout(), "  "+f); err != nil {
						return err
					}
				}
			}
			found, _ := fs.Glob(os.DirFS(dir), ownThemes+"/*/theme.yaml") // it is a right pattern
			for _, f := range found {
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "%s\tthe site's own\n", diag.Printable(path.Base(path.Dir(f)))); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`")
	cmd.Flags().BoolVar(&files, "files", false, "list the files, too: waymark theme copy takes one of them")
	return cmd
}

// filesOf lists the files of a theme.
func filesOf(theme fs.FS) (all []string) {
	_ = fs.WalkDir(theme, ".", func(name string, d fs.DirEntry, err error) error { // it is a part of the program
		if err == nil && !d.IsDir() {
			all = append(all, name)
		}
		return err
	})
	return all
}

func themeCopy() *cobra.Command {
	var dir, name string
	cmd := &cobra.Command{
		Use: "copy FILE", Short: "Copy a file of the theme into the site, to be changed there", Args: exactArgs(1),
		Example: "  waymark theme copy layouts/home.html\n  waymark theme copy assets/css/text.css",
		RunE: func(cmd *cobra.Command, args []string) error {
			theme, err := comesAlong(name)
			if err != nil {
				return err
			}
			file := path.Clean(filepath.ToSlash(args[0]))
			all := slices.DeleteFunc(filesOf(theme), func(f string) bool { return !strings.HasPrefix(f, "layouts/") && !strings.HasPrefix(f, "assets/") })
			if !slices.Contains(all, file) {
				return diag.Usagef("the theme has no file %q (%s)", args[0], diag.DidYouMean(file, all, "waymark theme list --files lists them"))
			}
			if err := copyOut(theme, file, filepath.Join(dir, filepath.FromSlash(file))); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "made %s, which takes the place of the theme's\n", quoted(filepath.Join(dir, filepath.FromSlash(file))))
			return err
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`")
	cmd.Flags().StringVar(&name, "theme", "trail", "the `name` of the theme")
	return cmd
}

// themeName is what a folder in themes, and the value of a key, can be called.
var themeName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}_-]*$`)

func themeNew() *cobra.Command {
	var dir, from string
	cmd := &cobra.Command{
		Use: "new NAME", Short: "Make a theme of the site's own: a copy of one that comes along", Args: exactArgs(1), Example: "  waymark theme new mine",
		RunE: func(cmd *cobra.Command, args []string) error {
			theme, err := comesAlong(from)
			if err != nil {
				return err
			}
			name := args[0]
			if !themeName.MatchString(name) || slices.Contains(themes.Names(), name) {
				return diag.Usagef("%q cannot be the name of a theme (write for example: mine)", name)
			}
			to := filepath.Join(dir, ownThemes, name)
			if err := mustBeEmpty(to); err != nil {
				return err
			}
			for _, f := range filesOf(theme) {
				if err := copyOut(theme, f, filepath.Join(to, filepath.FromSlash(f))); err != nil {
					return err
				}
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "made %s\nnext: write into waymark.yaml: theme: %s\n", quoted(to), name)
			return err
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`")
	cmd.Flags().StringVar(&from, "from", "trail", "the `theme` to copy")
	return cmd
}

// comesAlong returns a theme that comes with the program.
func comesAlong(name string) (fs.FS, error) {
	if theme := themes.FS(name); theme != nil {
		return theme, nil
	}
	return nil, diag.Usagef("no theme %q comes along (%s)", name, diag.DidYouMean(name, themes.Names(), "there is "+strings.Join(themes.Names(), ", ")))
}

// copyOut writes a file of a theme to where there is none.
func copyOut(theme fs.FS, file, to string) error {
	data, err := fs.ReadFile(theme, file)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err == nil {
		err = newpage.WriteNew(to, data)
	}
	if errors.Is(err, fs.ErrExist) {
		return diag.Usagef("%s is already there, and stays as it is", diag.Printable(to))
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", file, err)
	}
	return nil
}
