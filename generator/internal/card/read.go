package card

import (
	"path"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/source"
)

// Read reads what the cards of a site are drawn with: nil where it has none. A font of the site's own that cannot be read is a
// diagnostic, and the cards are drawn without it; that a file is not there says the Site.
func Read(root *source.Root, c config.Config) (*Fonts, *diag.Diagnostic) {
	if c.Cards.None || c.BaseURL == "" {
		return nil, nil
	}
	name, chosen := c.CardFont()
	var own []byte
	if name != "" {
		own, _ = source.ReadFile(root, path.Join(source.StaticFolder, name)) // or nil
	}
	fonts, err := NewFonts(own)
	if err == nil {
		return fonts, nil
	}
	var problem *diag.Diagnostic
	if chosen {
		problem = &diag.Diagnostic{
			Pos: c.Cards.FontPos, Severity: diag.Error, Code: "font", Message: "static/" + name + " cannot be read as a font",
			Hint: "give it as TTF or OTF: " + err.Error(),
		}
	}
	fonts, _ = NewFonts(nil) // those that come along can be read
	return fonts, problem
}
