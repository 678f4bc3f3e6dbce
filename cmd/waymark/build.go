package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"waymark/generator"
	"waymark/generator/diag"
)

// sourceFlags are those of every verb that reads a site.
func sourceFlags(cmd *cobra.Command, c *generator.Config) {
	f := cmd.Flags()
	f.StringVarP(&c.Dir, "source", "s", ".", "the site's `folder`")
	f.BoolVar(&c.Drafts, "drafts", false, "take drafts in")
	f.BoolVar(&c.Future, "future", false, "take in what is dated in the future")
	f.StringVar(&c.Now, "now", "", "the `date` that decides what is in the future (default today)")
	f.StringVar(&c.Theme, "theme", "", "the `name` of the theme, in place of the site's")
	f.StringVar(&c.BaseURL, "base-url", "", "the site's `address`, in place of base_url in waymark.yaml")
}

func buildCommand() *cobra.Command {
	var c generator.Config
	var format, profile string
	var kept cacheFlags
	var quiet, verbose, verify bool
	var times *timings
	var timed bool
	cmd := &cobra.Command{
		Use: "build", Short: "Build the site", Args: exactArgs(0),
		Long: `Build reads the site's folder and writes the site to its output folder.

Every mistake in the content is reported in one run, with its file, line and column. What would
publish something wrong is an error: nothing is written, and the output stays as it was. What
only disappoints a reader, such as a broken link, is a warning.

Exit status: 0 done, 1 the content has errors, 2 wrong use, 3 the machine failed.`,
		Example: `  waymark build                                   ./content becomes ./public
  waymark build -s notes -d /srv/www --strict     warnings fail
  waymark build --drafts --future                 with all that is held back
  waymark build --portable                        opens straight from the file system
  waymark build --format github                   annotations in GitHub Actions`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			switch format {
			case "text", "json", "github":
			default:
				return diag.Usagef("--format is %q (write text, json or github)", format)
			}
			if quiet && verbose {
				return diag.Usagef("--quiet and --verbose exclude each other")
			}
			if err := kept.apply(&c); err != nil {
				return err
			}
			if profile != "" {
				stop, startErr := startProfile(profile)
				if startErr != nil {
					return startErr
				}
				defer func() { err = errors.Join(err, stop()) }()
			}
			if timed {
				times = &timings{}
				c.Trace = times.trace
			}
			return runBuild(cmd, c, printing{format, quiet, verbose, verify, times})
		},
	}
	sourceFlags(cmd, &c)
	f := cmd.Flags()
	f.StringVarP(&c.Output, "destination", "d", "", "the output `folder` (default public in the site's folder)")
	f.BoolVar(&c.Strict, "strict", false, "take warnings for errors")
	f.BoolVar(&c.KeepGoing, "keep-going", false, "leave out pages with errors, and publish the others")
	f.BoolVar(&c.Preview, "preview", false, "publish pages whose maps have errors, with the errors beside the maps")
	f.BoolVar(&c.Fetch, "fetch-images", false, "first bring pictures of other hosts into content/pictures-from")
	f.BoolVar(&c.Portable, "portable", false, "write addresses that open straight from a file system")
	kept.add(cmd)
	kept.addRemote(cmd)
	f.BoolVar(&verify, "verify", false, "build once more without the cache, and compare every file")
	f.BoolVar(&timed, "timings", false, "say how long each step took, what took longest, and what the cache gave")
	f.StringVar(&profile, "profile", "", "write where time and memory go into a `folder`, for go tool pprof")
	f.StringVar(&format, "format", "text", "print diagnostics as `text`, json or github")
	f.BoolVarP(&quiet, "quiet", "q", false, "print mistakes only")
	f.BoolVarP(&verbose, "verbose", "v", false, "name every mistake, and what is held back, one by one")
	return cmd
}

// printing is what is to be said of a build, and how.
type printing struct {
	format                 string
	quiet, verbose, verify bool
	times                  *timings // or nil
}

func runBuild(cmd *cobra.Command, c generator.Config, p printing) error {
	read := tuneMemory()
	start := time.Now()
	var err error
	if c.Clock, err = clock(); err != nil {
		return err
	}
	done := showProgress(&c, cmd.ErrOrStderr(), p.format == "text" && !p.quiet)
	show := c.Progress
	c.Progress = func(n, total int) {
		read()
		if show != nil {
			show(n, total)
		}
	}
	report, err := generator.Build(cmd.Context(), c)
	done()
	if err != nil {
		return errors.Join(diag.Text(cmd.ErrOrStderr(), report.Diagnostics), err)
	}
	if err := printReport(cmd, report, p.format, p.quiet, p.verbose, time.Since(start)); err != nil {
		return err
	}
	if p.times != nil {
		if err := p.times.print(cmd.ErrOrStderr(), report.Cache); err != nil {
			return err
		}
	}
	if p.verify && report.Written {
		if err := verifyBuild(cmd, c); err != nil {
			return err
		}
	}
	if report.Diagnostics.HasErrors() {
		return errContent
	}
	return nil
}

// verifyBuild compares the site with one that was built without the cache.
func verifyBuild(cmd *cobra.Command, c generator.Config) error {
	c.Progress, c.Trace = nil, nil
	differ, err := generator.Verify(cmd.Context(), c)
	if err != nil {
		return err
	}
	if len(differ) > 0 {
		return fmt.Errorf("%s not what a build without the cache makes, first %s: this is a fault of Waymark's, please report it (waymark cache clean, and build again)", plural(len(differ), "file")+map[bool]string{true: " is", false: " are"}[len(differ) == 1], differ[0])
	}
	_, err = fmt.Fprintln(cmd.ErrOrStderr(), "verified: a build without the cache makes the same files")
	return err
}

// tuneMemory trades memory for time: a build is short, and what it keeps is small, so that a third of its time would
// go into collecting garbage. The limit holds where there is much to keep, and grows with the records of the site, below which
// it would only keep the collector busy, until read is called: what is worked on from then on is no reason to take more. GOGC
// and GOMEMLIMIT have the last word.
func tuneMemory() (read func()) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
	}
	if os.Getenv("GOMEMLIMIT") != "" || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return func() {}
	}
	debug.SetMemoryLimit(leastLimit)
	var done atomic.Bool
	afterNextCollection(&done)
	return func() { done.Store(true) }
}

// leastLimit is how much memory, in bytes, any build may take before the collector works harder.
const leastLimit = 48 << 20

// afterNextCollection lets the limit be twice what stayed in memory, once the collector has found that nothing needs a new
// object any more; and again after the next collection, until that is done with.
func afterNextCollection(done *atomic.Bool) {
	runtime.AddCleanup(new([64]byte), func(done *atomic.Bool) {
		if done.Load() {
			return
		}
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if limit := 3 * int64(live[0].Value.Uint64()); limit > debug.SetMemoryLimit(-1) { //nolint:gosec // no heap comes near the largest number
			debug.SetMemoryLimit(limit)
		}
		afterNextCollection(done)
	}, done)
}

// showProgress draws a bar on a terminal when a build takes longer than a moment. It returns what takes it away again.
func showProgress(c *generator.Config, stderr io.Writer, wanted bool) (done func()) {
	file, ok := stderr.(*os.File)
	if !wanted || !ok || !term.IsTerminal(int(file.Fd())) || os.Getenv("CI") != "" {
		return func() {}
	}
	const moment = 400 * time.Millisecond
	start := time.Now()
	var mu sync.Mutex
	var bar *progressbar.ProgressBar
	c.Progress = func(n, total int) {
		mu.Lock()
		defer mu.Unlock()
		if bar == nil {
			if time.Since(start) < moment {
				return
			}
			bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("files"),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(65*time.Millisecond))
		}
		_ = bar.Set(n)
	}
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if bar != nil {
			_ = bar.Finish()
		}
	}
}

func printReport(cmd *cobra.Command, r generator.Report, format string, quiet, verbose bool, took time.Duration) error {
	stdout, stderr := cmd.OutOrStdout(), cmd.ErrOrStderr()
	switch format {
	case "json":
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(r)
	case "github":
		if err := diag.GitHub(stdout, r.Diagnostics); err != nil {
			return err
		}
	default:
		write := diag.Text
		if verbose {
			write = diag.TextAll
		}
		if err := write(stderr, r.Diagnostics); err != nil {
			return err
		}
	}
	if err := printRemote(stderr, r.Cache.Remote, quiet); err != nil || quiet {
		return err
	}
	_, err := io.WriteString(stdout, summary(r, verbose, took))
	return err
}

// printRemote says what a remote cache gave and took, and always why it did not.
func printRemote(w io.Writer, r *generator.RemoteStats, quiet bool) (err error) {
	switch {
	case r == nil:
	case r.Problem != "":
		_, err = fmt.Fprintf(w, "the remote cache could not be used, and all that is missing was made here: %s\n", r.Problem)
	case !quiet:
		_, err = fmt.Fprintf(w, "remote cache: %s came, %s went\n", bytesOf(r.Fetched), bytesOf(r.Given))
	}
	return err
}

// summary says what a build did in a few lines.
func summary(r generator.Report, verbose bool, took time.Duration) string {
	var b strings.Builder
	if r.Content != "" {
		fmt.Fprintf(&b, "content is a symbolic link to %s\n", r.Content)
	}
	if len(r.Pages) > 0 {
		total, kinds := 0, make([]string, 0, len(r.Pages))
		for _, c := range r.Pages {
			total += c.Count
			kinds = append(kinds, fmt.Sprintf("%d %s", c.Count, c.Kind))
		}
		fmt.Fprintf(&b, "%d pages: %s\n", total, strings.Join(kinds, ", "))
	}
	b.WriteString(heldSummary(r, verbose))
	for _, name := range r.LeftOut {
		if r.Written {
			fmt.Fprintf(&b, "left out, because it has errors: %s\n", name)
		}
	}
	errors, warnings := r.Diagnostics.Count()
	advice := ""
	if n := len(r.Diagnostics) - errors - warnings; n > 0 {
		advice = fmt.Sprintf(", %d of advice", n)
	}
	if len(r.Diagnostics) > 0 {
		fmt.Fprintf(&b, "%s, %s%s%s\n", plural(errors, "error"), plural(warnings, "warning"), advice, kindsOf(r.Diagnostics))
	}
	if r.Warmed > 0 {
		fmt.Fprintf(&b, "%d pages and pictures of this share are in the cache, in %s; nothing is written\n", r.Warmed, took.Round(time.Millisecond))
		return b.String()
	}
	if !r.Written {
		fmt.Fprintf(&b, "nothing was written: %s is as it was\n", r.Output)
		return b.String()
	}
	if r.BaseURL == "" {
		b.WriteString("no base_url: without sitemap.xml and canonical links, and with relative addresses in feeds\n")
	}
	fmt.Fprintf(&b, "%s: %d written, %d unchanged, %d removed, in %s\n", r.Output, r.Files.Written, r.Files.Unchanged, r.Files.Removed, took.Round(time.Millisecond))
	return b.String()
}

// kindsOf names the kinds of a list and how many there are of each, where there are more than can be seen at a glance.
func kindsOf(list diag.List) string {
	if len(list) <= 5 {
		return ""
	}
	var kinds []string
	for _, k := range list.Kinds() {
		kinds = append(kinds, fmt.Sprintf("%s %d", k.Code, k.Count))
	}
	return ": " + strings.Join(kinds, ", ")
}

// maxWords is how many of the words for "not for readers" are named, where a site has several.
const maxWords = 6

// heldSummary always says how many pages were held back and why, and with verbose which ones.
func heldSummary(r generator.Report, verbose bool) string {
	if len(r.Held) == 0 {
		return ""
	}
	count, words := map[string]int{}, map[string][]string{}
	for _, h := range r.Held {
		count[h.Reason]++
		word, _, _ := strings.Cut(h.Detail, " (")
		if !slices.Contains(words[h.Reason], word) && h.Reason == "draft" {
			words[h.Reason] = append(words[h.Reason], word)
		}
	}
	var reasons []string
	for _, reason := range []string{"draft", "future", "expired"} {
		said := ""
		if w := words[reason]; len(w) > 0 && (len(w) > 1 || w[0] != "draft: true") {
			slices.Sort(w)
			if len(w) > maxWords {
				w = append(w[:maxWords], "...")
			}
			said = " (" + strings.Join(w, ", ") + ")"
		}
		if n := count[reason]; n > 0 {
			reasons = append(reasons, fmt.Sprintf("%d %s%s", n, reason, said))
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d held back: %s\n", len(r.Held), strings.Join(reasons, ", "))
	if verbose {
		for _, h := range r.Held {
			fmt.Fprintf(&b, "  %s: %s\n", h.File, h.Detail)
		}
	}
	return b.String()
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
