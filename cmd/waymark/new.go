package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/spf13/cobra"

	"waymark/generator/diag"
	"waymark/generator/newpage"
)

//go:embed all:starter
var starter embed.FS

func newCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "new", Short: "Make a site, or a page in one",
		Example: `  waymark new site my-notes
  waymark new post "Like a product owner" -s my-notes
  waymark new map impact "More people finish"
  waymark new course "Three days of product-owner school"
  waymark new session "Day one" --in three-days-of-product-owner-school`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return diag.Usagef("there is nothing called %q to make (there are site, post, note, course, session, series and map)", args[0])
			}
			return cmd.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	cmd.FParseErrWhitelist.UnknownFlags = true // what is wrong is the kind, not its flags
	cmd.AddCommand(newSiteCommand(), newCICommand(), newMapCommand())
	for _, kind := range newpage.Kinds() {
		cmd.AddCommand(newPageCommand(kind))
	}
	return cmd
}

// today returns the day that --now names, or the clock's.
func today(now string) (time.Time, error) {
	if now == "" {
		return clock()
	}
	day, err := time.Parse("2006-01-02", now)
	if err != nil {
		return day, diag.Usagef("--now is %q (write it as 2024-01-31)", now)
	}
	return day, nil
}

func newSiteCommand() *cobra.Command {
	var now, from string
	cmd := &cobra.Command{
		Use: "site DIR", Short: "Make a small complete site that builds at once", Args: exactArgs(1),
		Long:    "A post, a course with a session and a note, a series, a glossary and a page: enough to see how it all goes together.",
		Example: "  waymark new site my-notes && waymark serve -s my-notes\n  waymark new site my-notes --from ../old-blog       of what you have: nothing of it is changed",
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := today(now)
			if err != nil {
				return err
			}
			if from != "" {
				return bring(cmd.Context(), cmd.OutOrStdout(), args[0], from, day)
			}
			if err := mustBeEmpty(args[0]); err != nil {
				return err
			}
			if err := errors.Join(writeStarter(args[0], day), forEditors(args[0])); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "made a site in %s\nnext: waymark serve -s %s\n", args[0], quoted(args[0]))
			return err
		},
	}
	cmd.Flags().StringVar(&now, "now", "", "the `date` of what it holds (default today)")
	cmd.Flags().StringVar(&from, "from", "", "make it of a `folder` of writing for Hugo, Jekyll, Obsidian and others")
	return cmd
}

// mustBeEmpty leaves a folder with anything in it alone.
func mustBeEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("make a site: %w", err)
	}
	if len(entries) > 0 {
		return diag.Usagef("%s is not empty (name a folder that does not exist yet)", dir)
	}
	return nil
}

// writeStarter writes the embedded site, or only some files of it, with its dates filled in.
func writeStarter(dir string, day time.Time, only ...string) error {
	err := fs.WalkDir(starter, "starter", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(only) > 0 && !slices.Contains(only, strings.TrimPrefix(p, "starter/")) {
			return err
		}
		t, err := template.ParseFS(starter, p)
		if err != nil {
			return err
		}
		var text strings.Builder
		if err := t.ExecuteTemplate(&text, path.Base(p), map[string]string{"Today": day.Format("2006-01-02"), "Title": titleOf(dir)}); err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(p, "starter/")))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return newpage.WriteNew(target, []byte(text.String()))
	})
	if err != nil {
		return fmt.Errorf("make a site: %w", err)
	}
	return nil
}

// quoted returns a path as a shell takes it.
func quoted(path string) string {
	if strings.ContainsAny(path, " '\"$&;()<>|*?`\\") {
		return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	return path
}

func titleOf(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	words := strings.Fields(strings.NewReplacer("-", " ", "_", " ").Replace(filepath.Base(abs)))
	title := strings.Join(words, " ")
	if title == "" {
		return "My notes"
	}
	r := []rune(title)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// sayMade says where a new page of a site is, and what comes next.
func sayMade(cmd *cobra.Command, dir, name string) error {
	serve := "waymark serve"
	if dir != "." {
		serve += " -s " + quoted(dir)
	}
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "made %s\nnext: write in it, and look at it with %s\n", quoted(filepath.Join(dir, filepath.FromSlash(name))), serve)
	return err
}

func newPageCommand(kind newpage.Kind) *cobra.Command {
	var dir, now, in string
	cmd := &cobra.Command{
		Use: kind.Name + " TITLE", Short: kind.Short, Args: exactArgs(1), Example: kind.Example,
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := today(now)
			if err != nil {
				return err
			}
			name, err := newpage.Make(dir, kind.Name, args[0], in, day)
			if err != nil {
				return err
			}
			return sayMade(cmd, dir, name)
		},
	}
	cmd.Flags().StringVarP(&dir, "source", "s", ".", "the site's `folder`")
	cmd.Flags().StringVar(&now, "now", "", "its `date` (default today)")
	if kind.Inside != "" {
		cmd.Flags().StringVar(&in, "in", "", kind.Inside)
	}
	return cmd
}
