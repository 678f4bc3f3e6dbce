package edition

import (
	"cmp"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/board"
	"waymark/generator/internal/exchange"
	"waymark/generator/internal/render"
	"waymark/generator/internal/site"
)

// Export returns a map as another program wants it: as is one of the site's MapFiles.
func Export(s *site.Site, m *site.Map, as string) ([]byte, error) {
	switch e := exchanged(s, m); strings.ToLower(as) {
	case "svg":
		return append([]byte(drawing(s, m)), '\n'), nil
	case "json":
		return exchange.JSON(e)
	case "csv":
		return exchange.CSV(e)
	case "opml":
		return exchange.OPML(e)
	case "mermaid":
		return exchange.Mermaid(e), nil
	}
	return nil, diag.Usagef("--as is %q (write %s)", as, strings.Join(site.MapFiles(), ", "))
}

func drawing(s *site.Site, m *site.Map) string {
	if m.Impact != nil {
		return m.Impact.Draw(render.Style(s))
	}
	return m.Story.Draw(render.Style(s))
}

// Printed returns a map as a document that a browser prints.
func Printed(s *site.Site, m *site.Map) string {
	shown := site.Shown{Map: m, Impact: m.Impact, Story: m.Story, Block: m.Block}
	return board.Printed(m.Title, s.Config.Language, render.Sheets(s, shown, "map", false))
}

// exchanged returns a map as the exports see it.
func exchanged(s *site.Site, m *site.Map) exchange.Map {
	e := exchange.Of(m.Block.ID, m.Block.Impact, m.Block.Story)
	e.ID, e.Title, e.Summary, e.Trace = m.ID, cmp.Or(e.Title, m.Title), m.Page.Description, s.Trace(m) // the title as it was typed
	return e
}
