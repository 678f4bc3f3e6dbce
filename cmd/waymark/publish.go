package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

func publishCommand() *cobra.Command {
	var c generator.Config
	var p generator.Publication
	var kept cacheFlags
	var say publishing
	var compress bool
	cmd := &cobra.Command{
		Use: "publish [TARGET]", Short: "Build the site, and bring it to the place that hosts it", Args: atMostOne,
		Long: `Publish builds the site and brings it to a place: one that waymark.yaml names below publish:, or
an address. Only what changed is sent: first what pages name, then pages, then feeds; what goes, goes
last. Cut off anywhere, readers have a whole site, and the next publish goes on from there. Files
that Waymark did not put there are never changed or removed.

  s3://bucket/folder?region=eu-west-2     any S3 server, with endpoint=https://... in the query
  gs://bucket/folder, azblob://container/folder
  sftp://user@host/srv/www                a folder of another machine
  file:///srv/www                         a folder of this machine
  git:origin#gh-pages                     a branch, by the git of this machine

Credentials come from where the store's own tools have them, never from the address. What is held
back is never published. Exit status: as that of build.`,
		Example: `  waymark publish                               to the one place in waymark.yaml
  waymark publish web --dry-run                 say what would be done
  waymark publish file:///srv/www --compress
  waymark rollback web                          put back what was there before`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := say.check(); err != nil {
				return err
			}
			if err := kept.apply(&c); err != nil {
				return err
			}
			p.Target = strings.Join(args, "")
			if cmd.Flags().Changed("compress") {
				p.Compress = &compress
			}
			var err error
			if c.Clock, err = clock(); err != nil {
				return err
			}
			p.Progress = say.progress(cmd)
			start := time.Now()
			done, err := generator.Publish(cmd.Context(), c, p)
			if err := diag.Text(cmd.ErrOrStderr(), done.Build.Diagnostics); err != nil {
				return err
			}
			if err != nil {
				return err
			}
			if done.Build.Diagnostics.HasErrors() {
				_, _ = fmt.Fprintln(cmd.ErrOrStderr(), "nothing was published: the site has errors") // the status says it, too
				return errContent
			}
			return say.print(cmd.OutOrStdout(), done, p.Dry, time.Since(start))
		},
	}
	f := cmd.Flags()
	f.StringVarP(&c.Dir, "source", "s", ".", "the site's `folder`")
	f.StringVarP(&c.Output, "destination", "d", "", "the `folder` that is built into (default public in the site's folder)")
	f.StringVar(&c.BaseURL, "base-url", "", "the site's `address`, in place of that in waymark.yaml")
	f.StringVar(&c.Now, "now", "", "the `date` that decides what is in the future (default today)")
	f.BoolVar(&c.Strict, "strict", false, "take warnings for errors")
	kept.add(cmd)
	f.BoolVar(&compress, "compress", false, "put a copy beside each text that is compressed by gzip, for servers that look for name.gz")
	f.BoolVar(&p.All, "all", false, "look at every file at the place, not only at those that changed")
	f.BoolVar(&p.Forget, "forget", false, "keep nothing of what was published before: then there is no rollback")
	addPublishing(cmd, &p, &say)
	return cmd
}

func rollbackCommand() *cobra.Command {
	var c generator.Config
	var p generator.Publication
	var say publishing
	cmd := &cobra.Command{
		Use: "rollback [TARGET]", Short: "Put back what was published before the last publication", Args: atMostOne,
		Long: `Rollback puts back what stood at a place before the last publication. Nothing is built, and the
content stays as it is. A second rollback undoes the first.`,
		Example: `  waymark rollback web
  waymark rollback s3://bucket/notes --dry-run`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if err := say.check(); err != nil {
				return err
			}
			p.Target, p.Progress = strings.Join(args, ""), say.progress(cmd)
			start := time.Now()
			done, err := generator.Rollback(cmd.Context(), c, p)
			if err != nil {
				return err
			}
			return say.print(cmd.OutOrStdout(), done, p.Dry, time.Since(start))
		},
	}
	cmd.Flags().StringVarP(&c.Dir, "source", "s", ".", "the site's `folder`")
	addPublishing(cmd, &p, &say)
	return cmd
}

// atMostOne takes one thing behind a verb, or none.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return diag.Usagef("%s takes one place behind it, and this has %d (see %s --help)", cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}

// publishing is how a publication is told.
type publishing struct {
	format string
	quiet  bool
}

func addPublishing(cmd *cobra.Command, p *generator.Publication, say *publishing) {
	f := cmd.Flags()
	f.IntVar(&p.Deletes, "allow-deletes", -1, "let this `number` of files go (default 50, or a tenth of all)")
	f.BoolVar(&p.Replace, "replace", false, "take the place of files that others put there, or of another site")
	f.BoolVar(&p.Unlock, "unlock", false, "take the place of a publisher that was killed")
	f.BoolVar(&p.Dry, "dry-run", false, "say what would be done, and do nothing there")
	f.StringVar(&say.format, "format", "text", "print what was done as `text` or json")
	f.BoolVarP(&say.quiet, "quiet", "q", false, "print mistakes only")
}

func (s publishing) check() error {
	if s.format != "text" && s.format != "json" {
		return diag.Usagef("--format is %q (write text or json)", s.format)
	}
	return nil
}

// progress draws a bar on a terminal when it takes longer than a moment.
func (s publishing) progress(cmd *cobra.Command) func(done, total int) {
	var c generator.Config
	done := showProgress(&c, cmd.ErrOrStderr(), s.format == "text" && !s.quiet)
	return func(n, total int) {
		if c.Progress == nil {
			return
		}
		if c.Progress(n, total); n == total {
			done()
		}
	}
}

func (s publishing) print(w io.Writer, done generator.Published, dry bool, took time.Duration) error {
	if s.format == "json" {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(done)
	}
	if s.quiet {
		return nil
	}
	var b strings.Builder
	counts := map[string]int{}
	for _, step := range done.Changes.Steps {
		if counts[step.Do]++; dry {
			fmt.Fprintf(&b, "%-8s %s\n", step.Do, diag.Printable(step.Path))
		}
	}
	if done.Changes.Resumed && !dry {
		b.WriteString("what was begun before is brought to its end\n")
	}
	fmt.Fprintf(&b, "%s: ", done.Address)
	if dry {
		b.WriteString("nothing was done; this would be ")
	}
	fmt.Fprintf(&b, "%d new, %d replaced, %d restored, %d removed, %d unchanged", counts["send"], counts["replace"], counts["restore"], counts["remove"], done.Changes.Unchanged)
	if !dry {
		fmt.Fprintf(&b, "; %s, %s sent, in %s", plural(int(done.Changes.Requests), "request"), bytesOf(done.Changes.Sent), took.Round(time.Millisecond))
	}
	_, err := io.WriteString(w, b.String()+"\n")
	return err
}
