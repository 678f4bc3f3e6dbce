package words

import (
	"strings"
	"unicode"
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
