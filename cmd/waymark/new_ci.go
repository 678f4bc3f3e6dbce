package main

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"waymark/generator/diag"
	"waymark/generator/newpage"
)

//go:embed recipes
var recipes embed.FS

// installScript is where the script that installs waymark lies, for hosts without actions.
const installScript = "ci/install-waymark.sh"

// hosts are those for which there is a recipe, with the files of each, by where they go.
var hosts = []struct {
	name, about string
	files       map[string]string
}{
	{"github", "GitHub: check, build, Pages; a preview of each pull request to download", map[string]string{".github/workflows/site.yml": "github.yml"}},
	{"gitlab", "GitLab: check, build, Pages; a preview of each merge request", map[string]string{".gitlab-ci.yml": "gitlab.yml", installScript: "install-waymark.sh"}},
	{"forgejo", "Forgejo and Gitea: check, build, and publish to a branch", map[string]string{".forgejo/workflows/site.yml": "forgejo.yml", installScript: "install-waymark.sh"}},
	{"netlify", "Netlify, which gives each pull request a preview", map[string]string{"netlify.toml": "netlify.toml", installScript: "install-waymark.sh"}},
	{"cloudflare", "Cloudflare Pages, which gives each branch a preview", map[string]string{"wrangler.toml": "cloudflare.toml", "ci/build.sh": "build.sh", installScript: "install-waymark.sh"}},
}

// recipe is what a recipe is told.
type recipe struct{ Action, Releases, Version, Address, Name string }

func newCICommand() *cobra.Command {
	var dir, address, home string
	var about strings.Builder
	names := make([]string, 0, len(hosts))
	for _, h := range hosts {
		names = append(names, h.name)
		fmt.Fprintf(&about, "  %-11s %s\n", h.name, h.about)
	}
	cmd := &cobra.Command{
		Use: "ci HOST", Short: "Write the recipe by which a code host checks, builds and publishes the site", Args: exactArgs(1),
		Long: `Ci writes the files by which a host checks, builds and publishes a site, and keeps the cache between
runs. It never overwrites one.

` + about.String(),
		Example: "  waymark new ci github --waymark https://github.com/OWNER/waymark --address https://example.org/notes/",
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, h := range hosts {
				if h.name == args[0] {
					r := recipe{Action: strings.TrimPrefix(strings.TrimPrefix(home, "https://"), "github.com/"), Releases: strings.TrimSuffix(home, "/") + "/releases/download", Version: cmp.Or(release, "1.0.0"), Address: address, Name: "site"}
					return writeRecipe(cmd, dir, h.files, r)
				}
			}
			return diag.Usagef("there is no recipe for %q (%s)", diag.Printable(args[0]), diag.DidYouMean(args[0], names, "write one of "+strings.Join(names, ", ")))
		},
	}
	f := cmd.Flags()
	f.StringVarP(&dir, "source", "s", ".", "the site's `folder`, at the top of its repository")
	f.StringVar(&address, "address", "https://example.org/", "the `address` that the site will have")
	f.StringVar(&home, "waymark", "https://github.com/OWNER/waymark", "the `address` of the repository that Waymark's releases lie in")
	return cmd
}

// writeRecipe writes the files of a recipe. Where one of them is there, none is written.
func writeRecipe(cmd *cobra.Command, dir string, files map[string]string, r recipe) error {
	for to := range files {
		if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(to))); err == nil && to != installScript {
			return diag.Usagef("%s is there already, and stays as it is (move it, and try again)", to)
		}
	}
	var made []string
	for _, to := range slices.Sorted(maps.Keys(files)) {
		from := files[to]
		t, err := template.ParseFS(recipes, path.Join("recipes", from))
		if err != nil {
			return err
		}
		var text strings.Builder
		if err := t.ExecuteTemplate(&text, from, r); err != nil {
			return err
		}
		at := filepath.Join(dir, filepath.FromSlash(to))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return fmt.Errorf("write the recipe: %w", err)
		}
		switch err := newpage.WriteNew(at, []byte(text.String())); {
		case err == nil:
			made = append(made, to)
		case !errors.Is(err, fs.ErrExist):
			return fmt.Errorf("write the recipe: %w", err)
		}
	}
	for _, to := range made {
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), "made", filepath.Join(dir, filepath.FromSlash(to))); err != nil {
			return err
		}
	}
	if strings.Contains(r.Releases, "/OWNER/") {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "next: write the place where Waymark's releases lie for OWNER (or --waymark ADDRESS)")
		return err
	}
	return nil
}
