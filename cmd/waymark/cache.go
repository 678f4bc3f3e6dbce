package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

// cacheFlags say where what is made is kept for later builds, and on which machines.
type cacheFlags struct {
	dir    string
	off    bool
	remote string
	warm   string
}

func (c *cacheFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.dir, "cache-dir", "", "keep what is made in a `folder` (default .waymark/cache in the site's folder)")
	f.BoolVar(&c.off, "no-cache", false, "make everything anew, and keep nothing")
}

// addRemote adds the flags of builds on several machines.
func (c *cacheFlags) addRemote(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.remote, "cache-remote", "", "share what is kept with other machines, at an `address`: http(s)://, s3://, gs://, azblob://, file:///")
	f.StringVar(&c.warm, "warm", "", "make one `share` of the pages, such as 3/8, for the cache alone: nothing is written")
}

// apply tells a build what the flags say.
func (c *cacheFlags) apply(to *generator.Config) error {
	to.Cache, to.Remote = c.folder(to.Dir), c.remote
	if c.off && (c.remote != "" || c.warm != "") {
		return diag.Usagef("--no-cache goes with neither --cache-remote nor --warm")
	}
	if c.warm != "" {
		number, of, _ := strings.Cut(c.warm, "/")
		var errs [2]error
		to.Share.Number, errs[0] = strconv.Atoi(number)
		to.Share.Of, errs[1] = strconv.Atoi(of)
		if errors.Join(errs[:]...) != nil || to.Share.Number < 1 || to.Share.Number > to.Share.Of || to.Share.Of > generator.MostShares {
			return diag.Usagef("--warm is %q (write a share such as 3/8: the third of eight, of %d at most)", c.warm, generator.MostShares)
		}
	}
	if c.remote == "" {
		return nil
	}
	return generator.CheckRemote(c.remote)
}

// folder returns the folder, for a site in another one; "" where nothing is to be kept.
func (c *cacheFlags) folder(site string) string {
	switch {
	case c.off:
		return ""
	case c.dir != "":
		return c.dir
	}
	return filepath.Join(site, ".waymark", "cache")
}

func cacheCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "cache", Short: "Show or remove what builds keep for later ones", Args: knownVerb,
		Long: `A build keeps what it made of each text and each page, so that the next one need not make it again:
in .waymark/cache in the site's folder, which git leaves alone, or where --cache-dir says. It stays
in proportion to the site. It can be removed at any time, and nothing is lost but time.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(cacheVerb("info", "Show what is kept", func(dir string) (string, error) {
		info := generator.Cache(dir)
		return fmt.Sprintf("%s: %s in %s\n", dir, bytesOf(info.Bytes), plural(info.Entries, "part")), nil
	}), cacheVerb("clean", "Remove what is kept", func(dir string) (string, error) {
		n, err := generator.CleanCache(dir)
		return fmt.Sprintf("%s: %s removed\n", dir, bytesOf(n)), err
	}))
	return cmd
}

func cacheVerb(name, short string, do func(dir string) (string, error)) *cobra.Command {
	var site, dir string
	cmd := &cobra.Command{
		Use: name, Short: short, Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			said, err := do((&cacheFlags{dir: dir}).folder(site))
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), said)
			return err
		},
	}
	cmd.Flags().StringVarP(&site, "source", "s", ".", "the site's `folder`")
	cmd.Flags().StringVar(&dir, "cache-dir", "", "the `folder` of the cache (default .waymark/cache in the site's folder)")
	return cmd
}

// bytesOf says how many bytes there are, as people say it.
func bytesOf(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (n+1023)>>10)
}
