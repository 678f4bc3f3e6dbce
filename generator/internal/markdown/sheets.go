package markdown

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"waymark/generator/diag"
	"waymark/generator/internal/sheet"
)

// SheetBlock is a checklist or worksheet.
type SheetBlock struct {
	sheet.Sheet
	Problems diag.List // found while it was parsed, for the preview
	Fence    Fence
}

// maxSheets is how many checklists and worksheets a page may have.
const maxSheets = 100

// isSheet reports whether a fence opens a checklist or worksheet.
func isSheet(language string) bool {
	return slices.Contains(sheet.Kinds(), sheet.Kind(strings.ToLower(language)))
}

// sheetBlock reads a checklist or worksheet, and leaves a hole for it.
func (p *preparer) sheetBlock(n *ast.FencedCodeBlock, kind sheet.Kind) {
	typed := p.block(n)
	read := &sheet.Sheet{Kind: kind, Pos: typed.opening}
	var problems diag.List
	switch {
	case len(p.doc.Sheets) == maxSheets:
		p.errorf(typed.opening, "too-much", "put some of them on pages of their own", "this page has more than %d checklists and worksheets", maxSheets)
		return
	case !typed.closed:
		p.neverClosed("sheet", typed)
	default:
		var s *sheet.Sheet
		s, problems = sheet.Parse(kind, typed.opening, typed.lines)
		p.list.Add(problems...)
		if s != nil {
			read = s
		}
	}
	p.fragment(&read.Title)
	for i := range read.Parts {
		p.fragment(&read.Parts[i].Text)
		p.fragment(&read.Parts[i].Note)
		p.plain.WriteString(read.Parts[i].Text.Plain + " ")
	}
	p.doc.Sheets = append(p.doc.Sheets, SheetBlock{Sheet: *read, Problems: problems, Fence: typed.fence})
	setHole(n, p.hole(Link{Kind: SheetHole, Block: len(p.doc.Sheets) - 1, Pos: typed.opening}))
}
