// Package sheet reads what readers fill in: checklists, whose items are ticked and answered with how one knows, and worksheets, whose
// blanks are filled. It knows nothing of Markdown but where a text of it begins and ends.
package sheet

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/quiz"
	"waymark/generator/internal/words"
)

// Kind is what a sheet is; also what opens its block.
type Kind string

// The kinds of sheets.
const (
	Checklist Kind = "checklist"
	Worksheet Kind = "worksheet"
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Checklist, Worksheet} }

// Part is an item of a checklist, a blank of a worksheet, or a text between blanks, which has no name.
type Part struct {
	Name string // within the sheet: its first words, as they stand in addresses
	Text quiz.Text
	Note quiz.Text // of an item: what it means
	Rows int       // of a blank
}

// Sheet is one checklist or worksheet.
type Sheet struct {
	Kind     Kind
	Title    quiz.Text
	Parts    []Part
	ID       string // lasting; "" where its author gave none
	Was      []string
	Pos, End diag.Position
	At       map[string]diag.Position
}

// Name returns what the sheet is called where its author gave it no id: the first six words of its title, or of its first part.
func (s *Sheet) Name() string {
	if name := quiz.Name(s.Title.String()); name != "" {
		return name
	}
	for _, p := range s.Parts {
		if p.Name != "" {
			return p.Name
		}
	}
	return string(s.Kind)
}

// Key returns the lasting id of the sheet: its own, or that of its page with its first words.
func (s *Sheet) Key(page string) string {
	if s.ID != "" {
		return s.ID
	}
	return page + "/" + s.Name()
}

// maxParts is how many items or blanks a sheet may have, and maxRows how many lines a blank.
const maxParts, maxRows = 200, 30

var (
	itemForm  = regexp.MustCompile(`^(\s{0,3}[-*+]\s+\[[ xX]?\]\s*)(.*)$`)
	noteForm  = regexp.MustCompile(`^(\s*>\s?)(.*)$`)
	blankForm = regexp.MustCompile(`^\s{0,3}(?:[-*+]\s+)?(.*?(?:[?؟]|\S:))\s*_{2,}\s*$`)
	labelForm = regexp.MustCompile(`^\s{0,3}(?:[-*+]\s+)?(.*?(?:[?؟]|\S:))\s*$`)
	lineForm  = regexp.MustCompile(`^\s*_{2,}\s*$`)
	keyForm   = regexp.MustCompile(`^(id|was):(?:\s+|$)(.*)$`)
)

type parser struct {
	sheet Sheet
	list  diag.List
	wrong bool
	names map[string]bool
}

// Parse reads the lines of a block. What is wrong is told at its own line; a sheet with an error is nil.
func Parse(kind Kind, at diag.Position, lines []outline.Line) (*Sheet, diag.List) {
	p := &parser{sheet: Sheet{Kind: kind, Pos: at, End: at, At: map[string]diag.Position{}}, names: map[string]bool{}}
	for i, line := range lines {
		if strings.TrimSpace(line.Text) != "" {
			p.sheet.End = line.Pos
		}
		if g := keyForm.FindStringSubmatchIndex(line.Text); g != nil {
			p.key(line.Text[g[2]:g[3]], line.Behind(g[4]), line)
			continue
		}
		if kind == Checklist {
			p.item(line)
		} else {
			p.blank(line, i+1 < len(lines) && lineForm.MatchString(lines[i+1].Text))
		}
	}
	named := 0
	for _, part := range p.sheet.Parts {
		if part.Name != "" {
			named++
		}
	}
	switch {
	case named == 0 && kind == Checklist:
		p.errorf(at, "write for example: - [ ] We know who the users are", "this checklist has no item")
	case named == 0:
		p.errorf(at, "write for example: What hurts: ____", "this worksheet has no blank")
	case named > maxParts:
		p.errorf(at, "make several of it", "this %s has more than %d parts", kind, maxParts)
	}
	if p.wrong {
		return nil, p.list
	}
	return &p.sheet, p.list
}

func (p *parser) errorf(pos diag.Position, hint, format string, args ...any) {
	p.wrong = true
	p.list.Add(diag.Diagnostic{Pos: pos, Severity: diag.Error, Code: "sheet", Message: fmt.Sprintf(format, args...), Hint: hint, Beside: true})
}

func (p *parser) key(name string, value, line outline.Line) {
	s := strings.TrimSpace(value.Text)
	switch _, twice := p.sheet.At[name]; {
	case twice && name == "id":
		p.errorf(line.Pos, "keep one of the two", "%q is already said of this %s", name, p.sheet.Kind)
	case s == "":
		p.errorf(line.Pos, "write it behind the colon, or leave the line out", "%q says nothing", name)
	case name == "was":
		p.sheet.Was = append(p.sheet.Was, quiz.FormerIDs(s)...)
	case !quiz.IDForm.MatchString(s):
		p.errorf(value.Pos, "use small letters, digits, - and _", "%q cannot be the id of a %s", s, p.sheet.Kind)
	default:
		p.sheet.ID = s
	}
	p.sheet.At[name] = value.Pos
}

// add adds a part, whose name must be its own.
func (p *parser) add(part Part, line outline.Line) {
	if part.Name == "" {
		part.Name = "part-" + strconv.Itoa(len(p.sheet.Parts)+1)
	}
	if p.names[part.Name] {
		p.errorf(line.Pos, "give it other words", "this begins as another part of the %s, and nothing tells them apart", p.sheet.Kind)
	}
	p.names[part.Name] = true
	p.sheet.Parts = append(p.sheet.Parts, part)
}

// item reads a line of a checklist.
func (p *parser) item(line outline.Line) {
	last := len(p.sheet.Parts) - 1
	g := itemForm.FindStringSubmatchIndex(line.Text)
	switch {
	case g != nil:
		text := line.Behind(g[4])
		if strings.TrimSpace(text.Text) == "" {
			p.errorf(line.Pos, "write it behind the box", "this item has no text")
			return
		}
		p.add(Part{Name: quiz.Name(text.Text), Text: quiz.Text{Lines: []outline.Line{text}}}, line)
	case last < 0:
		p.sheet.Title.Lines = append(p.sheet.Title.Lines, line)
	case strings.TrimSpace(line.Text) == "":
	case noteForm.MatchString(line.Text):
		p.sheet.Parts[last].Note.Lines = append(p.sheet.Parts[last].Note.Lines, line.Behind(noteForm.FindStringSubmatchIndex(line.Text)[4]))
	case strings.HasPrefix(line.Text, "  ") || strings.HasPrefix(line.Text, "\t"):
		trimmed := strings.TrimLeft(line.Text, " \t")
		p.sheet.Parts[last].Text.Lines = append(p.sheet.Parts[last].Text.Lines, line.Behind(len(line.Text)-len(trimmed)))
	default:
		p.errorf(line.Pos, "begin an item with - [ ], or indent the line to go on with the one above", "this line belongs to no item")
	}
}

// blank reads a line of a worksheet. lined says that the next line is one to write on.
func (p *parser) blank(line outline.Line, lined bool) {
	last := len(p.sheet.Parts) - 1
	label := func(form *regexp.Regexp, rows int) {
		g := form.FindStringSubmatchIndex(line.Text)
		text := line.Behind(g[2])
		text.Text = strings.TrimSuffix(line.Text[g[2]:g[3]], ":") // a question keeps its mark
		p.add(Part{Name: quiz.Name(text.Text), Text: quiz.Text{Lines: []outline.Line{text}}, Rows: rows}, line)
	}
	switch {
	case blankForm.MatchString(line.Text):
		label(blankForm, 1)
	case labelForm.MatchString(line.Text) && lined:
		label(labelForm, 0)
	case lineForm.MatchString(line.Text):
		if last < 0 || p.sheet.Parts[last].Name == "" {
			p.errorf(line.Pos, "write what it is for before it: What hurts: ____", "nothing says what this line is for")
			return
		}
		p.sheet.Parts[last].Rows = min(p.sheet.Parts[last].Rows+1, maxRows)
	case last >= 0 && p.sheet.Parts[last].Name == "":
		p.sheet.Parts[last].Text.Lines = append(p.sheet.Parts[last].Text.Lines, line)
	case strings.TrimSpace(line.Text) != "":
		p.sheet.Parts = append(p.sheet.Parts, Part{Text: quiz.Text{Lines: []outline.Line{line}}})
	}
}

// Voice is how sheets are written on a page.
type Voice struct {
	Say    *words.Words
	Page   string   // the lasting id of the page that has it
	Former []string // the ids that the sheet had
}

// HTML returns a sheet as a page shows it, with the holes of its texts. It can be filled in where no script runs, on paper too; a
// script keeps what is filled in.
func (s *Sheet) HTML(v Voice) string {
	var b strings.Builder
	b.WriteString(`<div class="sheet-to-fill ` + string(s.Kind) + `" data-kind="` + string(s.Kind) + `" data-item="` + html.EscapeString(s.Key(v.Page)) + `"`)
	b.WriteString(quiz.FormerData(v.Former) + ">")
	if !s.Title.Empty() {
		b.WriteString(`<div class="sheet-title">` + string(s.Title.HTML) + "</div>")
	}
	if s.Kind == Checklist {
		b.WriteString(`<ul class="checks" role="list">`)
	}
	for _, p := range s.Parts {
		s.part(&b, p, v)
	}
	if s.Kind == Checklist {
		b.WriteString("</ul>")
		for _, name := range []string{"date", "names"} {
			b.WriteString(`<p class="field signed"><label>` + html.EscapeString(v.Say.Say("sheet."+name)) + ` <input type="text" data-part="` + name + `" autocomplete="off"></label></p>`)
		}
	}
	b.WriteString("</div>")
	return b.String()
}

func (s *Sheet) part(b *strings.Builder, p Part, v Voice) {
	name := ` data-part="` + html.EscapeString(p.Name) + `"`
	switch {
	case s.Kind == Checklist:
		b.WriteString(`<li><label class="check"><input type="checkbox"` + name + `> <span>` + p.Text.Inline() + "</span></label>")
		if !p.Note.Empty() {
			b.WriteString(`<div class="soft">` + string(p.Note.HTML) + "</div>")
		}
		b.WriteString(`<label class="how">` + html.EscapeString(v.Say.Say("sheet.how")) + ` <textarea rows="1" data-part="` + html.EscapeString(p.Name) + `/how"></textarea></label></li>`)
	case p.Name == "":
		b.WriteString(string(p.Text.HTML))
	case p.Rows > 1:
		b.WriteString(`<p class="field"><label>` + p.Text.Inline() + ` <textarea rows="` + strconv.Itoa(p.Rows) + `"` + name + "></textarea></label></p>")
	default:
		b.WriteString(`<p class="field"><label>` + p.Text.Inline() + ` <input type="text" autocomplete="off"` + name + "></label></p>")
	}
}
