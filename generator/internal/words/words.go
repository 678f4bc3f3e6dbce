// Package words holds what pages say of themselves: every word that is not an author's, in the languages that there are files
// for. A file is i18n/<tag>.yaml, with flat keys, {names} for what is filled in, and a text for each plural category where a
// number decides. Key by key, a site's own file comes before the theme's, that before the ones that come with Waymark, and
// English stands below all of them.
package words

import (
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"waymark/generator/internal/dates"
)

// Words are the words of one language. The nil Words are the English that comes with Waymark. They may be used by several
// goroutines.
type Words struct {
	Language  string // BCP 47
	Direction string // ltr or rtl

	tag   language.Tag
	texts map[string]text
}

// text is what stands behind a key: one text, or one for each plural category.
type text struct {
	plain string
	forms map[string]string // by category; nil where no number decides
}

// English returns the English words that come with Waymark.
func English() *Words { return english() }

// english is read once: it is a fixed table.
var english = sync.OnceValue(func() *Words {
	layers, _ := shipped("en")
	return join("en", "ltr", layers)
})

func (w *Words) orEnglish() *Words {
	if w == nil {
		return English()
	}
	return w
}

// Has reports whether there is something to say for a key.
func (w *Words) Has(key string) bool {
	_, has := w.orEnglish().texts[key]
	return has
}

// Keys returns all keys, in no order.
func (w *Words) Keys() []string {
	texts := w.orEnglish().texts
	keys := make([]string, 0, len(texts))
	for key := range texts {
		keys = append(keys, key)
	}
	return keys
}

// Say returns the text of a key, with its {names} filled in: args are names and values in turn. A value that is written in the
// other direction is set apart by signs of Unicode's (UAX 9), so that what is around it stays in its order. Where there is
// nothing to say for a key, that is the key itself.
func (w *Words) Say(key string, args ...string) string {
	w = w.orEnglish()
	return w.fill(w.form(key, 1), key, args)
}

// Count is Say for a key whose text depends on a number, which is also filled in as {n}.
func (w *Words) Count(key string, n int, args ...string) string {
	w = w.orEnglish()
	return w.fill(w.form(key, n), key, append(args, "n", strconv.Itoa(n)))
}

// HTML is Say, or Count where one of the args is called n and is a number, for a page: text is escaped, but for values that are
// template.HTML.
func (w *Words) HTML(key string, args ...any) template.HTML {
	w = w.orEnglish()
	n, values, marks := 1, make([]string, 0, len(args)), []string{}
	name := ""
	for _, arg := range args {
		switch arg := arg.(type) {
		case template.HTML: // what is filled in cannot hold this sign: no text of a site does
			values = append(values, "\x00"+strconv.Itoa(len(marks))+"\x00")
			marks = append(marks, "\x00"+strconv.Itoa(len(marks))+"\x00", string(arg))
		case int:
			if name == "n" {
				n = arg
			}
			values = append(values, strconv.Itoa(arg))
		case string:
			values = append(values, arg)
		default:
			values = append(values, fmt.Sprint(arg)) // of a layout of the site's own
		}
		name = values[len(values)-1]
	}
	out := html.EscapeString(w.fill(w.form(key, n), key, values))
	if len(marks) == 0 {
		return template.HTML(out) //nolint:gosec // escaped
	}
	return template.HTML(strings.NewReplacer(marks...).Replace(out)) //nolint:gosec // everything but what is HTML was escaped
}

// scriptPrefix is what the keys begin with that scripts say.
const scriptPrefix = "script."

// Scripts returns what one part of the scripts says, as JSON: by key, without the prefix "script.<part>.", a text, or an object with
// a text for each plural category. Under the empty key is the language.
func (w *Words) Scripts(part string) ([]byte, error) {
	w = w.orEnglish()
	said := map[string]any{"": w.Language}
	for key, t := range w.texts {
		name, is := strings.CutPrefix(key, scriptPrefix+part+".")
		switch {
		case !is:
		case t.forms != nil:
			said[name] = t.forms
		default:
			said[name] = t.plain
		}
	}
	return json.Marshal(said)
}

// List returns several things as one text: "a, b, c".
func (w *Words) List(items ...string) string {
	if len(items) == 0 {
		return ""
	}
	out := items[len(items)-1]
	for i := len(items) - 2; i >= 0; i-- {
		out = w.Say("list.and", "first", items[i], "rest", out)
	}
	return out
}

// form returns the text of a key for a number.
func (w *Words) form(key string, n int) string {
	t := w.texts[key]
	if t.forms == nil {
		return t.plain
	}
	if s, has := t.forms[w.Category(n)]; has {
		return s
	}
	return t.forms["other"]
}

// fill puts values in the place of {names}.
func (w *Words) fill(text, key string, args []string) string {
	if text == "" {
		return key
	}
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, behind, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, rest, closed := strings.Cut(behind, "}")
		value, given := valueOf(args, name)
		if !closed || !given {
			b.WriteByte('{')
			text = behind
			continue
		}
		b.WriteString(w.apart(value))
		text = rest
	}
}

// valueOf returns the value of a name among names and values in turn.
func valueOf(args []string, name string) (value string, given bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return "", false
}

// Signs that set a text apart from what is around it, in its own direction (Unicode Standard Annex 9, section 2.4).
const (
	firstStrongIsolate    = "\u2068"
	popDirectionalIsolate = "\u2069"
)

func (w *Words) apart(value string) string {
	if d := DirectionOf(value); d == "" || d == w.Direction {
		return value
	}
	return firstStrongIsolate + value + popDirectionalIsolate
}

// categories are the plural categories of CLDR, by the names that files have for them.
var categories = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// Category returns the plural category of a number in the language: zero, one, two, few, many or other.
func (w *Words) Category(n int) string {
	n = max(n, -n)
	// CLDR's operands of a whole number: no visible fraction digits.
	return categories[plural.Cardinal.MatchPlural(w.orEnglish().tag, n%10_000_000, 0, 0, 0, 0)]
}

// Date returns a date in words: 17 September 2022, or with a short month 17 Sep 2022. A time of day is left out, and the zero
// date is "".
func (w *Words) Date(d dates.Date, short bool) string {
	if d.IsZero() {
		return ""
	}
	year, month := strconv.Itoa(d.Time.Year()), w.Month(int(d.Time.Month()), short)
	switch d.Precision {
	case dates.Year:
		return year
	case dates.Month:
		return w.Say("date.month", "month", month, "year", year)
	}
	return w.Say("date.day", "day", strconv.Itoa(d.Time.Day()), "month", month, "year", year)
}

// Month returns the name of a month, 1 to 12.
func (w *Words) Month(month int, short bool) string {
	key := "month." + strconv.Itoa(month)
	if short && w.Has(key+".short") {
		key += ".short"
	}
	return w.Say(key)
}

// Minutes returns a time as people say it: 45 min, 2 h, 1 h 30 min. No time is "".
func (w *Words) Minutes(minutes int) string {
	hours, rest := minutes/60, minutes%60
	switch {
	case minutes == 0:
		return ""
	case hours == 0:
		return w.Count("time.minutes", rest)
	case rest == 0:
		return w.Count("time.hours", hours)
	}
	return w.Say("time.both", "hours", w.Count("time.hours", hours), "minutes", w.Count("time.minutes", rest))
}
