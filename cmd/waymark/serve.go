package main

import (
	"fmt"
	"io"
	"time"

	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"waymark/generator/serve"
)

// open opens an address in the browser, and says so where that cannot be done.
func open(out io.Writer, address string) {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard // what the system tries is of no use to an author
	if err := browser.OpenURL(address); err != nil {
		_, _ = fmt.Fprintf(out, "no browser could be opened: open %s yourself\n", address) // there is nowhere else to say it
	}
}

func serveCommand() *cobra.Command {
	var o serve.Options
	var openBrowser bool
	var kept cacheFlags
	cmd := &cobra.Command{
		Use: "serve", Short: "Show the site while you write", Args: exactArgs(0),
		Long: `Serve shows the site at an address of this machine, and shows every change as soon as it is saved.
Drafts and what is dated in the future are shown too, and marked. Nothing is written: the output
folder stays as it is.

A mistake takes nothing away: a page with errors is shown as it was, with the mistakes above it. A
bar at the foot of each page tells its author what a reader never sees.

It begins with what earlier previews and builds have kept, and keeps what it makes for later ones.`,
		Example: `  waymark serve                          http://127.0.0.1:1313/, or the next free port
  waymark serve -s notes --open          in the browser
  waymark serve --follow                 the browser goes to the page that was just edited
  waymark serve --drafts=false --now 2027-01-01`,
	}
	sourceFlags(cmd, &o.Config)
	f := cmd.Flags()
	for _, name := range []string{"drafts", "future"} {
		flag := f.Lookup(name)
		flag.DefValue = "true"
		_ = flag.Value.Set("true") // true is a value of every switch
	}
	kept.add(cmd)
	f.StringVar(&o.Address, "addr", serve.DefaultAddress, "the `host:port` to listen at")
	f.BoolVar(&openBrowser, "open", false, "open the site in the browser")
	f.BoolVar(&o.Poll, "poll", false, "look for changes at intervals, whatever the system can do")
	f.BoolVar(&o.Follow, "follow", false, "lead the browser to the page that was just edited")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		now, err := clock()
		if err != nil {
			return err
		}
		o.Clock = func() time.Time {
			if later, err := clock(); err == nil {
				return later
			}
			return now
		}
		o.Config.Cache = kept.folder(o.Config.Dir)
		o.Only, o.Out, o.Config.Preview = cmd.Flags().Changed("addr"), cmd.ErrOrStderr(), true
		o.Ready = func(address string) {
			if openBrowser {
				go open(o.Out, address) // some browsers only let go when they are closed
			}
		}
		return serve.Run(cmd.Context(), o)
	}
	return cmd
}
