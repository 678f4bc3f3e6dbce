package site

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// sortByName sorts by names as readers of the site's language expect them (CLDR collation), numbers in them by their value: day 2
// before day 10. It keeps the order of what has one name.
func sortByName[T any](lang string, items []T, name func(T) string) {
	plain := !slices.ContainsFunc(items, func(x T) bool { return !isASCII(name(x)) })
	if plain { // as nearly all names of files are; the collation costs ten times as much
		slices.SortStableFunc(items, func(x, y T) int { return natural(name(x), name(y)) })
		return
	}
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.English
	}
	c := collate.New(tag, collate.Numeric)
	var buffer collate.Buffer
	keys := make([]keyed[T], len(items))
	for i, x := range items {
		keys[i] = keyed[T]{x, c.KeyFromString(&buffer, name(x))}
	}
	slices.SortStableFunc(keys, func(x, y keyed[T]) int { return slices.Compare(x.key, y.key) })
	for i, k := range keys {
		items[i] = k.item
	}
}

type keyed[T any] struct {
	item T
	key  []byte
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// natural compares two names without their case, and runs of digits by their value.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x != "" && y != "" {
			p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), cmp.Compare(p, q)); c != 0 {
				return c
			}
			a, b = a[len(x):], b[len(y):]
			continue
		}
		if c := cmp.Compare(lower(a[0]), lower(b[0])); c != 0 {
			return c
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

// digits returns the digits that a text begins with.
func digits(s string) string {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n]
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
