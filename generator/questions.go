package generator

import (
	"context"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/bank"
)

// QuestionForms returns the names of the forms that ExportQuestions knows.
func QuestionForms() []string { return bank.Forms() }

// ExportQuestions writes the questions of a site as another program wants them: all of them, or those of a text, of a folder, or of
// the pages below an address. lost says what the form has no place for, a line each. The list has all mistakes of the site; pages
// with errors are left out.
func ExportQuestions(ctx context.Context, c Config, below, as string) (data []byte, lost []string, list diag.List, err error) {
	b, list, err := openSite(ctx, c)
	if err != nil || b == nil {
		return nil, nil, list, err
	}
	defer b.close()
	file := b.nameOf(below)
	address := "/" + strings.TrimPrefix(below, "/")
	var items []bank.Item
	for _, p := range b.site.Pages {
		if p.Name() != file && !strings.HasPrefix(p.Name(), strings.TrimSuffix(file, "/")+"/") && !strings.HasPrefix(p.URL, address) {
			continue
		}
		for _, a := range p.Asked() {
			items = append(items, bank.Item{Key: a.Key(), Page: p.Title, File: p.Doc.Name, Asked: a.Question})
		}
	}
	if len(items) == 0 {
		return nil, nil, list, diag.Usagef("there is no question in %s (questions stand in blocks that open with ```quiz)", below)
	}
	data, lost, err = bank.Export(items, as)
	return data, lost, list, err
}

// ImportQuestions turns questions of another program into a block. from is gift or aiken; where it is empty, the text says which it
// is. name is the file's, for what there is to say of it.
func ImportQuestions(data []byte, name, from string) ([]byte, diag.List) {
	return bank.Import(data, name, from)
}

// openSite reads a site as far as it can be read. Pages with errors are left out; the list has all mistakes of the site. The build is
// nil where there is no site at all, and is closed by whoever gets it.
func openSite(ctx context.Context, c Config) (*build, diag.List, error) {
	c.KeepGoing = true
	b, err := open(c)
	if err != nil {
		return nil, nil, err
	}
	b.pageless = true
	if err := b.load(ctx); err != nil {
		b.close()
		return nil, nil, err
	}
	list := b.report().Diagnostics
	if b.site == nil {
		b.close()
		return nil, list, nil
	}
	return b, list, nil
}
