package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"waymark/generator"
	"waymark/generator/diag"
)

func quizCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "quiz", Short: "Bring questions to other programs, and from them", Args: knownVerb,
		Example: `  waymark quiz export --as gift -o questions.gift
  waymark quiz export courses/three-days/ --as qti -o questions.zip
  waymark quiz import questions.gift >> content/courses/three-days/day-one.md`,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SuggestionsMinimumDistance: 2,
	}
	cmd.AddCommand(quizExport(), quizImport())
	return cmd
}

func quizExport() *cobra.Command {
	var c generator.Config
	var as, file string
	forms := strings.Join(generator.QuestionForms(), ", ")
	cmd := &cobra.Command{
		Use: "export [FILE|FOLDER|ADDRESS] --as FORMAT", Short: "Write questions as " + forms, Args: noMoreArgs(1),
		Long: `Export writes all questions of the site, or those of a text, a folder or the pages below an address, for a learning
platform: GIFT (Moodle and others), a package of QTI 2.1, or JSON. What the form has no place for is listed.`,
		Example: `  waymark quiz export --as gift -o questions.gift
  waymark quiz export content/courses/three-days/day-one --as json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(generator.QuestionForms(), as) {
				return diag.Usagef("say what to write: --as %s", forms)
			}
			var err error
			if c.Clock, err = clock(); err != nil {
				return err
			}
			below := strings.Join(args, "")
			data, lost, list, err := generator.ExportQuestions(cmd.Context(), c, below, as)
			wrong, printErr := printErrors(cmd, list)
			if err = errors.Join(err, printErr); err != nil {
				return err
			}
			if len(lost) > 0 {
				if _, err := fmt.Fprintln(cmd.ErrOrStderr(), printable(strings.Join(lost, "\n"))); err != nil {
					return err
				}
			}
			switch {
			case data == nil:
			case file == "" || file == "-":
				_, err = cmd.OutOrStdout().Write(data)
			default:
				err = replaceFile(file, data)
			}
			if err == nil && wrong {
				return errContent
			}
			return err
		},
	}
	sourceFlags(cmd, &c)
	cmd.Flags().StringVar(&as, "as", "", "the `format`: "+forms)
	cmd.Flags().StringVarP(&file, "output", "o", "", "the `file` to write (default standard output)")
	return cmd
}

func quizImport() *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use: "import FILE", Short: "Turn questions of another program into a block on standard output", Args: exactArgs(1),
		Long: `Import reads questions in the forms GIFT and Aiken, and prints a block to paste into a page. What cannot be
read is named, and everything else is read. - reads standard input.`,
		Example: `  waymark quiz import questions.gift >> content/courses/three-days/day-one.md
  waymark quiz import --from aiken questions.txt`,
		RunE: func(cmd *cobra.Command, args []string) error {
			from = strings.ToLower(from)
			if from != "" && from != "gift" && from != "aiken" {
				return diag.Usagef("--from is %q (write gift or aiken)", from)
			}
			data, err := readArgument(cmd, args[0])
			if err != nil {
				return err
			}
			block, list := generator.ImportQuestions(data, args[0], from)
			if err := diag.Text(cmd.ErrOrStderr(), list); err != nil {
				return err
			}
			if _, err := cmd.OutOrStdout().Write(block); err != nil {
				return err
			}
			if list.HasErrors() {
				return errContent
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "`gift` or aiken (default what the file looks like)")
	return cmd
}
