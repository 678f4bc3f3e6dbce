package outline

import "strings"

// Format writes an Outline in canonical form: two spaces a level, one hyphen a bullet, a detail below its card, no
// comment lost. Parse reads it back as the same Outline.
func Format(o *Outline) string {
	var b strings.Builder
	for _, f := range o.Header {
		comments(&b, "", f.Comments)
		writeLine(&b, f.Key, ": ", f.Text, notes(f.Notes))
	}
	for _, c := range o.Cards {
		format(&b, c)
	}
	comments(&b, "", o.Tail)
	return strings.TrimLeft(b.String(), "\n")
}

func format(b *strings.Builder, c *Card) {
	indent := strings.Repeat("  ", c.Level)
	comments(b, indent, c.Comments)
	box := string(c.Box)
	if box != "" {
		box += " "
	}
	writeLine(b, indent, "- ", box, c.Text, notes(c.Notes))
	for _, d := range c.Details {
		comments(b, indent+"  ", d.Comments)
		writeLine(b, indent, "  ", d.Key, ": ", d.Text)
	}
	for _, child := range c.Children {
		format(b, child)
	}
}

// writeLine writes a line without the space that an empty text leaves at its end.
func writeLine(b *strings.Builder, parts ...string) {
	b.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	b.WriteByte('\n')
}

func comments(b *strings.Builder, indent string, list []Comment) {
	for _, c := range list {
		switch {
		case c.Empty:
			b.WriteByte('\n')
		case c.Text == "":
			b.WriteString(indent + "//\n")
		default:
			b.WriteString(indent + "// " + c.Text + "\n")
		}
	}
}

func notes(list []Note) string {
	if len(list) == 0 {
		return ""
	}
	var items []string
	for _, n := range list {
		switch n.Kind {
		case ID:
			items = append(items, "#"+n.Value)
		case Ref:
			items = append(items, "-> "+n.Value)
		case Pair:
			items = append(items, n.Key+": "+n.Value)
		default:
			items = append(items, n.Value)
		}
	}
	return " [" + strings.Join(items, ", ") + "]"
}

// Escape returns a text in which nothing is read as a box, as notes, as a comment, or as inline marks.
func Escape(plain string) string {
	var b strings.Builder
	before := ' '
	for _, r := range strings.Join(strings.Fields(plain), " ") {
		if strings.ContainsRune("\\[]*_`", r) || r == '/' && before == ' ' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}
