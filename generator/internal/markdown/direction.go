package markdown

import (
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
)

// rightToLeft are the scripts that are written from right to left.
var rightToLeft = []*unicode.RangeTable{
	unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko, unicode.Samaritan, unicode.Mandaic, unicode.Adlam, unicode.Hanifi_Rohingya,
}

// DirectionOf returns the direction of most letters of a text, rtl or ltr; "" where it has none.
func DirectionOf(text string) string {
	right, left := 0, 0
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case r >= 0x0590 && unicode.In(r, rightToLeft...):
			right++
		default:
			left++
		}
	}
	switch {
	case right > left:
		return "rtl"
	case left > 0:
		return "ltr"
	}
	return ""
}

// LanguageDirection returns the direction in which a language is written, rtl or ltr, by its tag (BCP 47).
func LanguageDirection(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	switch base {
	case "ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi":
		return "rtl"
	}
	return "ltr"
}

// direct gives blocks that are written in the other direction than their page that direction, so that marks and points stand where
// they belong.
func (p *preparer) direct(n ast.Node) {
	switch n.Kind() {
	case ast.KindParagraph, ast.KindHeading, ast.KindList, ast.KindBlockquote, xast.KindTable, xast.KindDefinitionList:
	default:
		return
	}
	d := DirectionOf(plainText(n, p.source))
	if d == "" || d == p.direction {
		return
	}
	for above := n.Parent(); above != nil; above = above.Parent() {
		if attribute(above, "dir") == d {
			return
		}
	}
	n.SetAttributeString("dir", d)
}
