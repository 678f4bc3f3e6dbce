package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

// browserVariable names the browser that prints, where the usual ones are not meant.
const browserVariable = "WAYMARK_BROWSER"

func mapsPrint() *cobra.Command {
	var c generator.Config
	var file string
	cmd := &cobra.Command{
		Use: "print ID [-o FILE.pdf]", Short: "Write a map as PDF, on sheets of paper", Args: oneMap,
		Long: `Print writes a map as PDF: on one sheet of A4 or A3, upright or on its side, where its texts can be
read there; or else on several that overlap, to be glued together.

A browser that is there makes the file: Chromium, Chrome, Edge or Brave, or the one that
` + browserVariable + ` names. Where there is none, print the map's page from the one that you read it in:
it has the same sheets.`,
		Example: `  waymark maps print healthy-start
  waymark maps print healthy-start -o wall.pdf`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withMaps(cmd, c, func(maps *generator.Maps) error {
				document, err := maps.Printed(args[0])
				if err != nil {
					return err
				}
				pdf, err := printed(cmd.Context(), document)
				if err != nil {
					return err
				}
				name := file
				if name == "" {
					name = args[0] + ".pdf"
				}
				if name == "-" {
					_, err = cmd.OutOrStdout().Write(pdf)
					return err
				}
				if err := replaceFile(name, pdf); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", diag.Printable(name), plural(sheetsIn(document), "sheet"))
				return err
			})
		},
	}
	sourceFlags(cmd, &c)
	cmd.Flags().StringVarP(&file, "output", "o", "", "the `file` to write (default ID.pdf; - is standard output)")
	return cmd
}

func sheetsIn(document []byte) int { return bytes.Count(document, []byte(`<svg class="sheet `)) }

// browsers are programs that print pages, by the names under which they are found, and the places where they are on other systems.
var browsers = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge", "brave-browser",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
	"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge", "/Applications/Brave Browser.app/Contents/MacOS/Brave Browser",
	`C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
}

// printer finds a program that prints pages.
func printer() (string, error) {
	if named := os.Getenv(browserVariable); named != "" {
		found, err := exec.LookPath(named)
		if err != nil {
			return "", diag.Usagef("%s names %q, which is no program", browserVariable, named)
		}
		return found, nil
	}
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", diag.Usagef("there is no browser here that makes PDF files (install Chromium, Chrome or Edge, or name one in %s; or print the map's page from your own browser)", browserVariable)
}

// printFor is how long a browser may take.
const printFor = 2 * time.Minute

// printed lets a browser print a document.
func printed(ctx context.Context, document []byte) (pdf []byte, err error) {
	program, err := printer()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "waymark-print-*")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what was written there has been read
	page, out := filepath.Join(dir, "map.html"), filepath.Join(dir, "map.pdf")
	if err := os.WriteFile(page, document, 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	ctx, done := context.WithTimeout(ctx, printFor)
	defer done()
	args := []string{"--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run", "--user-data-dir=" + filepath.Join(dir, "profile"), "--print-to-pdf=" + out}
	if runtime.GOOS == "linux" && os.Getuid() == 0 {
		args = append(args, "--no-sandbox") // which its sandbox wants of the system's keeper; the page is our own and has no script
	}
	cmd := exec.CommandContext(ctx, program, append(args, (&url.URL{Scheme: "file", Path: filepath.ToSlash(page)}).String())...)
	cmd.WaitDelay = 5 * time.Second // a browser may leave others behind that hold on to what it says
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	runErr := cmd.Run()
	if pdf, err = os.ReadFile(out); err == nil && bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return pdf, nil
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("print: %w", ctx.Err())
	}
	if line := lastLine(said.String()); line != "" || runErr == nil {
		runErr = errors.New(cmp.Or(line, "it made no file; a browser that came as a snap sees none of the system's temporary files: set TMPDIR to a folder of yours"))
	}
	return nil, fmt.Errorf("%s did not print: %w", diag.Printable(program), runErr)
}

// lastLine is the last thing that a program said.
func lastLine(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return diag.Printable(strings.TrimSpace(lines[len(lines)-1]))
}
