package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waymark/generator/diag"
)

// The exit statuses, the same for every verb.
const (
	statusDone    = 0
	statusContent = 1 // the content has errors
	statusUsage   = 2 // wrong use of the command
	statusMachine = 3 // a disk, a permission: the machine failed
)

// errContent says that diagnostics have already told what is wrong.
var errContent = errors.New("the content has errors")

// run is the whole command: it returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (status int) {
	defer func() {
		if cause := recover(); cause != nil {
			d := diag.Fault("", cause)
			_, _ = fmt.Fprintf(stderr, "waymark: %s (%s)\n", d.Message, d.Hint) // there is nowhere else to say it
			status = statusMachine
		}
	}()
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return statusDone
	}
	if errors.Is(err, errContent) {
		return statusContent
	}
	_, _ = fmt.Fprintln(stderr, "waymark:", err) // there is nowhere else to say it
	usage := new(diag.UsageError)
	switch {
	case !errors.As(err, &usage):
		return statusMachine
	case usage.Content:
		return statusContent
	}
	return statusUsage
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "waymark",
		Short: "Turn Markdown posts and course notes into a learning site",
		Long: `Waymark turns front-matter Markdown posts and course notes into a site that can be
learned from: series, courses, a glossary, tags, and the journey from discovery to live.

A folder with content/*.md in it is a site. Everything else has a default.`,
		Example: `  waymark new site my-notes        make a small complete site
  waymark serve -s my-notes        show it while you write
  waymark build -s my-notes        write it to my-notes/public
  waymark why content/posts/x.md   where does this file go?
  waymark maps trace               what do the maps say together?`,
		SilenceUsage: true, SilenceErrors: true,
		Args: knownVerb,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SuggestionsMinimumDistance = 2
	root.Version = version()
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return diag.Usagef("%v (see %s --help)", err, cmd.CommandPath())
	})
	root.AddCommand(buildCommand(), serveCommand(), checkCommand(), newCommand(), importCommand(), whyCommand(), mapsCommand(), quizCommand(), idsCommand(), publishCommand(), rollbackCommand(), schemaCommand(), themeCommand(), cacheCommand(), versionCommand(), manualCommand())
	return root
}

// knownVerb refuses what is no verb of a command, with the one that was probably meant.
func knownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see " + cmd.CommandPath() + " --help"
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf("did you mean %q?", near[0])
	}
	return diag.Usagef("there is no verb %q (%s)", args[0], hint)
}

// exactArgs is cobra.ExactArgs with the status of wrong use.
func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch wanted := strings.Join(strings.Fields(cmd.Use)[1:], " "); {
		case len(args) == n:
			return nil
		case n == 0:
			return diag.Usagef("%s takes nothing behind it, and this has %q (see %s --help)", cmd.CommandPath(), args[0], cmd.CommandPath())
		case len(args) < n:
			return diag.Usagef("write behind it what it is about: %s %s (see %s --help)", cmd.CommandPath(), wanted, cmd.CommandPath())
		default:
			return diag.Usagef("%s takes one thing behind it, and this has %d: put a title with spaces between quotes (see %s --help)", cmd.CommandPath(), len(args), cmd.CommandPath())
		}
	}
}

// clock is the only place that looks at the time: SOURCE_DATE_EPOCH, where it is set, so that a build can be repeated,
// and this machine's clock otherwise. Source: the Reproducible Builds project's specification of the variable.
func clock() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, diag.Usagef("SOURCE_DATE_EPOCH is %q, and must be a number of seconds", epoch)
	}
	return time.Unix(seconds, 0), nil
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version, from the build information", Args: exactArgs(0),
		Example: "  waymark version",
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "waymark", version())
			return err
		},
	}
}

// release is the version of a release, which the linker is given; "" for what somebody builds for themselves.
var release string

// version describes the program: as the release that it is, or else as Go's linker recorded it, the module's version or the revision it was
// built from.
func version() string {
	if release != "" {
		return release + " " + runtime.Version()
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "of unknown origin"
	}
	v := info.Main.Version
	if v == "" {
		v = "(devel)"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && v == "(devel)" {
			v += " " + s.Value
		}
	}
	return v + " " + info.GoVersion
}
