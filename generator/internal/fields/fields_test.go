package fields

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The quick reader and the YAML reader never disagree: where ParsePlain succeeds, Parse gives the same pairs.
func TestParsePlainAgreesWithYAML(t *testing.T) {
	word := rapid.StringMatching(`[a-zA-Z0-9_'": ,\[\]#~.?!&*|>%@{}\-äé€]{0,12}`)
	rapid.Check(t, func(t *rapid.T) {
		var header strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "lines") {
			header.WriteString(rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "key"))
			header.WriteString(rapid.SampledFrom([]string{": ", ":", ":  ", " : "}).Draw(t, "colon"))
			if rapid.Bool().Draw(t, "list") {
				indent := rapid.SampledFrom([]string{"", " ", "  ", "    "}).Draw(t, "indent")
				for range rapid.IntRange(0, 3).Draw(t, "items") {
					indent = rapid.SampledFrom([]string{indent, indent, indent, indent, "   "}).Draw(t, "other indent")
					header.WriteString("\n" + indent + rapid.SampledFrom([]string{"- ", "-  ", "-"}).Draw(t, "hyphen") + word.Draw(t, "item"))
				}
				header.WriteString("\n")
				continue
			}
			header.WriteString(word.Draw(t, "value") + "\n")
		}
		agree(t, header.String())
	})
}

// The quick reader takes what most pages have, lists line by line among it.
func TestParsePlainTakesMostHeaders(t *testing.T) {
	for _, header := range []string{"title: A\ntags: [a, b]\n", "title: A\ntags:\n  - a\n  - 'b c'\nseries:\n- d\ndate: 2026-11-26\n"} {
		if pairs, err := ParsePlain([]byte(header), "f", 1); err != nil || len(pairs) < 2 {
			t.Errorf("%q: %v %v", header, pairs, err)
		}
	}
}

func FuzzParsePlain(f *testing.F) {
	f.Add("title: Hello\ntags: [a, b]\ndate: '09/17/2022'\n")
	f.Add("tags:\n  - a\n  - 'b'\nseries:\n- c\n-   d  \n")
	f.Add("a: 010\nb: no\nc: \"x\"\n")
	for _, length := range []int{1020, 1022, 1023, 1024, 1025, 3000} { // YAML has a bound for keys
		f.Add(strings.Repeat("t", length) + ": x\n")
	}
	f.Fuzz(func(t *testing.T, header string) {
		agree(t, strings.ToValidUTF8(header, ""))
	})
}

func agree(t interface{ Fatalf(string, ...any) }, header string) {
	plain, err := ParsePlain([]byte(header), "f", 2)
	if err != nil {
		return
	}
	full, list := Parse([]byte(header), "f", 2)
	if len(list) > 0 || !reflect.DeepEqual(plain, full) {
		t.Fatalf("%q\nplain: %+v\nyaml:  %+v\n%v", header, plain, full, list)
	}
}

func TestDecoderTexts(t *testing.T) {
	for _, header := range []string{"tags: [a, b]", "tags: a, b", "tags:\n  - a\n  - b", "tags:\n- a\n-\n- b"} {
		pairs, list := Parse([]byte(header), "f", 1)
		if len(list) > 0 {
			t.Fatalf("%q: %v", header, list)
		}
		var d Decoder
		if got := d.Texts(pairs[0].Value, "tags"); !reflect.DeepEqual(got, []string{"a", "b"}) || len(d.List) > 0 {
			t.Errorf("%q: %q %v", header, got, d.List)
		}
	}
}

func TestDecoderMinutes(t *testing.T) {
	for text, want := range map[string]int{"90": 90, "90 min": 90, "1h30": 90, "1.5 hours": 90, "2 h": 120, "1 hour and 5 minutes": 65} {
		var d Decoder
		if got := d.Minutes(Value{Kind: Scalar, Text: text}, "duration"); got != want || len(d.List) > 0 {
			t.Errorf("%q is %d minutes, want %d %v", text, got, want, d.List)
		}
	}
}

// Aliases that multiply are stopped before they fill the memory.
func TestParseBoundsAliases(t *testing.T) {
	header := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'm'; c++ {
		p := string(c - 1)
		header += string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+p+",", 9), ",") + "]\n"
	}
	_, list := Parse([]byte(header), "f", 1)
	if !list.HasErrors() {
		t.Error("a header that expands to millions of values was accepted")
	}
}
