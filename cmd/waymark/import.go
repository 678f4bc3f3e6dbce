package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator/diag"
	"waymark/generator/importer"
)

// importing is what an import was asked for.
type importing struct {
	site, files, report string
	quiet               bool
}

// imports are the kinds of writing that can be imported.
var imports = []struct {
	name, argument, short string
	read                  func(cmd *cobra.Command, what string, i importing) ([]importer.Outcome, error)
}{
	{"wordpress", "FILE.xml", "an export of WordPress (WXR); --files is its folder wp-content/uploads", func(cmd *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
		return i.read(cmd, what, "wp-content/uploads", func(data []byte, _ string, files []importer.File) (importer.Writing, error) {
			return importer.WordPress(bytes.NewReader(data), files)
		})
	}},
	{"ghost", "FILE.json", "an export of Ghost; --files is its folder content/images", func(cmd *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
		return i.read(cmd, what, "content/images", func(data []byte, _ string, files []importer.File) (importer.Writing, error) {
			return importer.Ghost(data, files)
		})
	}},
	{"medium", "FOLDER|FILE.zip", "an export of Medium", importMedium},
	{"rss", "FILE|URL", "a feed: RSS, Atom or JSON", func(cmd *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
		return i.read(cmd, what, "", func(data []byte, _ string, _ []importer.File) (importer.Writing, error) {
			return importer.Feed(bytes.NewReader(data))
		})
	}},
	{"page", "FILE|URL", "one page, as HTML or as its plain text", func(cmd *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
		return i.read(cmd, what, "", func(data []byte, address string, _ []importer.File) (importer.Writing, error) {
			return importer.Page(data, filepath.Base(what), address)
		})
	}},
	{"hugo", "FOLDER", "a site of Hugo's", importFolder("Hugo")},
	{"jekyll", "FOLDER", "a site of Jekyll's", importFolder("Jekyll")},
	{"vault", "FOLDER", "a vault of Obsidian or Logseq", importFolder("Obsidian", "Logseq", "")},
	{"docs", "FOLDER", "manuals for MkDocs, Docusaurus or mdBook", importFolder("MkDocs", "Docusaurus", "mdBook", "")},
}

func importCommand() *cobra.Command {
	var kinds strings.Builder
	for _, k := range imports {
		fmt.Fprintf(&kinds, "  %-28s %s\n", k.name+" "+k.argument, k.short)
	}
	cmd := &cobra.Command{
		Use: "import", Short: "Bring writing from elsewhere into a site", Args: knownVerb,
		Long: `Import turns what was written elsewhere into files of a site, and says of each thing what became of
it: kept as it was, changed, or dropped, and why.

` + kinds.String() + `
It never writes over anything: a second time it changes nothing, and what you have changed meanwhile
stays. Old addresses lead to the new pages (aliases). What was not public is a draft. What nobody
knows, such as who wrote a saved page, is told and not made up. Pictures of other hosts stay where
they are until you bring them: waymark build --fetch-images.

Maps of trackers and boards: waymark maps import. A whole folder as a new site: waymark new site --from.`,
		Example: `  waymark import wordpress export.xml --files backup/wp-content/uploads
  waymark import rss https://example.org/feed/
  waymark import page saved.html -s my-notes`,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, k := range imports {
		var i importing
		sub := &cobra.Command{
			Use: k.name + " " + k.argument, Short: "Import " + k.short, Args: exactArgs(1), Example: "  waymark import " + k.name + " " + k.argument,
			RunE: func(cmd *cobra.Command, args []string) error {
				outcomes, err := k.read(cmd, args[0], i)
				if err != nil {
					return err
				}
				return i.tell(cmd, outcomes)
			},
		}
		f := sub.Flags()
		f.StringVarP(&i.site, "source", "s", ".", "the site's `folder`")
		f.StringVar(&i.report, "report", "", "write what became of each thing into a `file`, as JSON")
		f.BoolVarP(&i.quiet, "quiet", "q", false, "print the sum alone")
		if k.name == "wordpress" || k.name == "ghost" {
			f.StringVar(&i.files, "files", "", "the `folder` of pictures and files of the old site")
		}
		cmd.AddCommand(sub)
	}
	return cmd
}

// read reads an export that is one file, and writes what it holds.
func (i importing) read(cmd *cobra.Command, what, below string, how func(data []byte, address string, files []importer.File) (importer.Writing, error)) ([]importer.Outcome, error) {
	data, address, err := importer.Get(cmd.Context(), what)
	if err != nil {
		return nil, err
	}
	files, err := importer.Files(i.files, below)
	if err != nil {
		return nil, err
	}
	w, err := how(data, address, files)
	if err != nil {
		return nil, diag.Contentf("%s: %v", diag.Printable(what), err)
	}
	return importer.Write(w, i.site), nil
}

func importMedium(_ *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
	export, done, err := importer.Open(what)
	if err != nil {
		return nil, err
	}
	defer done()
	w, err := importer.Medium(export)
	if err != nil {
		return nil, diag.Contentf("%s: %v", diag.Printable(what), err)
	}
	return importer.Write(w, i.site), nil
}

// importFolder imports a folder that one of some programs has written for; "" stands for any.
func importFolder(programs ...string) func(cmd *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
	return func(_ *cobra.Command, what string, i importing) ([]importer.Outcome, error) {
		return importer.Folder(what, i.site, programs...)
	}
}

// tell says what became of each thing.
func (i importing) tell(cmd *cobra.Command, outcomes []importer.Outcome) error {
	counts := map[importer.What]int{}
	var b strings.Builder
	for _, o := range outcomes {
		if counts[o.What]++; i.quiet || o.What == importer.Kept && o.Why == "" || o.What == importer.There && o.Why == "" {
			continue
		}
		fmt.Fprintf(&b, "%-8s%s", o.What, diag.Printable(o.From))
		if o.To != "" {
			fmt.Fprintf(&b, " -> %s", diag.Printable(o.To))
		}
		if o.Why != "" {
			fmt.Fprintf(&b, ": %s", diag.Printable(o.Why))
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%d in all: %d kept as they were, %d changed, %d dropped, %d there before\n", len(outcomes), counts[importer.Kept], counts[importer.Changed], counts[importer.Dropped], counts[importer.There])
	if _, err := fmt.Fprint(cmd.OutOrStdout(), b.String()); err != nil {
		return err
	}
	if i.report != "" {
		data, err := json.MarshalIndent(outcomes, "", "  ")
		if err != nil {
			return err
		}
		if err := replaceFile(i.report, append(data, '\n')); err != nil {
			return err
		}
	}
	for _, o := range outcomes {
		if o.Failed {
			return fmt.Errorf("not all of it could be written, first %s: %s", diag.Printable(o.From), o.Why)
		}
	}
	return nil
}
