package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
)

func mapsTrace() *cobra.Command {
	var c generator.Config
	cmd := &cobra.Command{
		Use: "trace [ID]", Short: "Say what maps say together", Args: noMoreArgs(1),
		Long: `Trace says, for one map and those it belongs with, or for all maps: how far each goal has come,
which open deliverables no story is for, which stories no deliverable asks for, and how many
stories each slice holds and how many of them are done.`,
		Example: `  waymark maps trace
  waymark maps trace healthy-start --format json`,
	}
	sourceFlags(cmd, &c)
	format := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id := strings.Join(args, "")
		return withMaps(cmd, c, func(maps *generator.Maps) error {
			t, err := maps.Trace(id)
			if err != nil {
				return err
			}
			if *format == "json" {
				return printJSON(cmd.OutOrStdout(), t)
			}
			_, err = io.WriteString(cmd.OutOrStdout(), printable(traceText(t)))
			return err
		})
	}
	return cmd
}

func traceText(t generator.Trace) string {
	if len(t.ImpactMaps)+len(t.StoryMaps) == 0 {
		return noMaps
	}
	var b strings.Builder
	for _, m := range t.ImpactMaps {
		fmt.Fprintf(&b, "Impact map %s: %s\n", m.ID, m.Title)
		for _, g := range m.Goals {
			progress := "not measured yet"
			if g.Progress != nil {
				progress = fmt.Sprintf("%d%% of the way", int(math.Round(*g.Progress*100)))
			}
			if g.Metric == "" {
				progress = "no metric"
			}
			fmt.Fprintf(&b, "  %s: %s, %s\n", g.Level, g.Text, progress)
		}
		if len(t.StoryMaps) > 0 {
			fmt.Fprintf(&b, "  deliverables without a story: %d\n", len(m.WithoutStory))
			for _, d := range m.WithoutStory {
				fmt.Fprintf(&b, "    %s (#%s)\n", d.Text, d.ID)
			}
		}
	}
	for _, m := range t.StoryMaps {
		fmt.Fprintf(&b, "Story map %s: %s\n", m.ID, m.Title)
		for _, s := range m.Slices {
			phase := ""
			if s.Phase != "" {
				phase = " [" + strings.ToLower(s.Phase) + "]"
			}
			if s.Stories == 0 && s.Dropped > 0 {
				fmt.Fprintf(&b, "  %s%s: %s dropped\n", s.Name, phase, stories(s.Dropped))
				continue
			}
			fmt.Fprintf(&b, "  %s%s: %d of %s done", s.Name, phase, s.Done, stories(s.Stories))
			for _, n := range []struct {
				count int
				word  string
			}{{s.Doing, "in progress"}, {s.Dropped, "dropped"}} {
				if n.count > 0 {
					fmt.Fprintf(&b, ", %d %s", n.count, n.word)
				}
			}
			b.WriteString("\n")
		}
		if m.ImpactMap != "" {
			fmt.Fprintf(&b, "  stories that no deliverable asks for: %d\n", len(m.Unasked))
			for _, s := range m.Unasked {
				fmt.Fprintf(&b, "    %s (#%s)\n", s.Text, s.ID)
			}
		}
	}
	return b.String()
}

func stories(n int) string {
	if n == 1 {
		return "1 story"
	}
	return fmt.Sprintf("%d stories", n)
}
