package words

import (
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"waymark/generator/internal/dates"
	"waymark/generator/internal/dialect"
	"waymark/generator/internal/outline"
	"waymark/generator/internal/source"
	"waymark/themes"
)

// Each language that comes along says all that English says, for every number, and fills in nothing that nobody gives it.
func TestShippedLanguages(t *testing.T) {
	for _, tag := range Shipped() {
		t.Run(tag, func(t *testing.T) {
			layers, list := shipped(tag)
			name := Folder + "/" + tag + ".yaml"
			data, err := fs.ReadFile(themes.FS(Base), name)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range append(list, check(data, name, tag)...) {
				t.Errorf("%s: %s (%s)", d.Pos, d.Message, d.Hint)
			}
			for _, key := range English().Keys() {
				said, has := layers[0][key]
				if !has {
					t.Errorf("%q is not said", key)
				}
				if wanted := English().texts[key].forms != nil; wanted != (said.forms != nil) {
					t.Errorf("%q depends on a number in one language only", key)
				}
			}
			if len(layers[0]) != len(English().texts) {
				t.Errorf("%d texts, and English has %d", len(layers[0]), len(English().texts))
			}
		})
	}
}

// A file whose words no speaker has read says so.
func TestUnreviewedLanguagesSaySo(t *testing.T) {
	for _, tag := range Shipped() {
		data, err := fs.ReadFile(themes.FS(Base), Folder+"/"+tag+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if marked := strings.Contains(string(data), "\nunreviewed: all\n") && strings.Contains(string(data), "NOT REVIEWED"); marked == (tag == "en") {
			t.Errorf("%s: marked as not reviewed: %t", tag, marked)
		}
	}
}

var (
	saidInGo     = regexp.MustCompile(`(?:\.(?:Say|say|Count|HTML|Fact)\(|: )"([a-z][a-z0-9.-]*[a-z0-9])"`)
	saidInLayout = regexp.MustCompile(`say "([^"]+)"`)
	saidInScript = regexp.MustCompile(`\bsay\("([^"]+)"|[?:] "([a-z.]+)"`)
	partOfScript = regexp.MustCompile(`"waymark:words/(\w+)"`)
)

// Every key that the program, the layouts and the scripts say is there, and none is there that nobody says.
func TestEveryKeyIsSaidAndThere(t *testing.T) {
	known, mapped := English(), regexp.MustCompile(`^[?:] `) // which may be something else
	used := map[string]bool{"language.name": true, "list.and": true, "map.named": true, "quiz.problems": true, "review.problems": true, "sheet.problems": true}
	walk := func(root, ending string, form *regexp.Regexp, prefix string) {
		err := filepath.WalkDir(root, func(p string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(p, ending) || strings.HasSuffix(p, "_test.go") {
				return err
			}
			data, err := os.ReadFile(p)
			part := ""
			if g := partOfScript.FindStringSubmatch(string(data)); g != nil {
				part = g[1] + "."
			}
			for _, g := range form.FindAllStringSubmatch(string(data), -1) {
				if name := prefix + part + strings.Join(g[1:], ""); known.Has(name) || !mapped.MatchString(g[0]) {
					used[name] = true
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	walk("../..", ".go", saidInGo, "")
	walk("../../../themes/trail/layouts", ".html", saidInLayout, "")
	walk("../../../themes/trail/assets", ".js", saidInScript, scriptPrefix)
	for key := range used {
		if !known.Has(key) {
			t.Errorf("%q is said, and is not there", key)
		}
	}
	for _, word := range dialect.Alerts() {
		if kind, name := dialect.Alert(word); !known.Has("alert."+kind) || !known.Has("alert."+name) {
			t.Errorf("nothing is said for the alert %q", word)
		}
	}
	for _, s := range outline.Statuses() {
		if !known.Has("status." + strings.ReplaceAll(string(s), " ", "-")) {
			t.Errorf("nothing is said for the status %q", s)
		}
	}
	made := regexp.MustCompile(`^(month|phase|alert|status|role|effect|kind|page|map|roadmap|script\.theme|script\.review\.(grade|setting)|script\.record\.import|script\.search\.(kind|by)|changes\.(n\.)?(added|done|moved|changed|dropped|removed)|review\.(kind|anki.*)|sheet)(\.|$)`) // which are put together
	for _, key := range known.Keys() {
		if !used[key] && !made.MatchString(key) && !strings.HasPrefix(key, "progress.d") && key != "progress.todo" && key != "text.done" && key != "text.todo" {
			t.Errorf("%q is there, and nothing says it", key)
		}
	}
}

func TestCountsHaveTheFormThatTheirLanguageWants(t *testing.T) {
	set := &Set{site: English(), by: map[string]*Words{}}
	for _, tag := range Shipped() {
		set.by[tag] = join(tag, LanguageDirection(tag), files{}.layers(tag))
	}
	for _, test := range []struct {
		tag  string
		n    int
		want string
	}{
		{"en", 0, "0 parts"},
		{"en", 1, "1 part"},
		{"en", 2, "2 parts"},
		{"cy", 1, "1 rhan"},
		{"cy", 2, "2 ran"},
		{"cy", 3, "3 rhan"},
		{"cy-GB", 2, "2 ran"},
		{"ar", 1, "جزء واحد"},
		{"ar", 2, "جزآن"},
		{"ar", 3, "3 أجزاء"},
		{"ar", 11, "11 جزءًا"},
		{"ar", 100, "100 جزء"},
		{"de", 2, "2 parts"},
	} {
		if got := set.In(test.tag).Count("series.parts", test.n); got != test.want {
			t.Errorf("%s, %d: %q, want %q", test.tag, test.n, got, test.want)
		}
	}
}

func TestDatesAreInTheLanguage(t *testing.T) {
	day := dates.Date{Time: time.Date(2022, 9, 17, 0, 0, 0, 0, time.UTC), Precision: dates.Day}
	for tag, want := range map[string]string{"en": "17 September 2022, 17 Sep 2022", "cy": "17 Medi 2022, 17 Medi 2022", "ar": "17 سبتمبر 2022, 17 سبتمبر 2022"} {
		w := join(tag, LanguageDirection(tag), files{}.layers(tag))
		if got := w.Date(day, false) + ", " + w.Date(day, true); got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	if got := English().Date(dates.Date{Time: day.Time, Precision: dates.Month}, false); got != "September 2022" {
		t.Error(got)
	}
}

// What is written in the other direction is set apart, so that a colon or a number beside it stays where it belongs.
func TestForeignWordsAreSetApart(t *testing.T) {
	ar := join("ar", "rtl", files{}.layers("ar"))
	if got := ar.Say("lesson.by", "who", "Rosa"); got != "بحلول \u2068Rosa\u2069" {
		t.Errorf("%q", got)
	}
	if got := English().Say("lesson.by", "who", "Rosa"); got != "by Rosa" {
		t.Errorf("%q", got)
	}
}

func TestHTMLEscapesAllButHTML(t *testing.T) {
	got := English().HTML("text.previous.in", "phase", "<b>")
	if got += English().HTML("text.updated", "date", template.HTML("<time>1 & 2</time>")); got != "Previous, in &lt;b&gt;updated <time>1 & 2</time>" {
		t.Error(got)
	}
}

func TestASiteLaysItsWordsOverThose(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("i18n/cy.yaml", "frame.menu: Bwydlen\nseries.parts:\n  one: un\n  other: \"{n} o rannau\"\nframe.skp: x\nlist.page: \"{m}\"\nour.word: Ein gair\n")
	put("themes/own/i18n/cy.yaml", "frame.menu: x\nframe.home: Adref\n")
	put("i18n/english.yaml", "frame.menu: x\n")
	root, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	set, list, err := Read(root, "own", "cy", "ltr")
	if err != nil || list.HasErrors() {
		t.Fatal(err, list)
	}
	say := set.Site()
	got := []string{say.Say("frame.menu"), say.Say("frame.home"), say.Say("frame.feed"), say.Say("our.word"), say.Count("series.parts", 2), say.Say("nothing.such")}
	want := []string{"Bwydlen", "Adref", "Ffrwd", "Ein gair", "2 o rannau", "nothing.such"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	var told []string
	for _, d := range list {
		told = append(told, d.Pos.String()+" "+d.Message)
	}
	for _, want := range []string{`i18n/cy.yaml:2:1 "series.parts" has no text for the plural category "zero"`, `i18n/cy.yaml:5:1 nothing in Waymark says "frame.skp"`, `i18n/cy.yaml:6:12 nothing is filled in for {m}`, `i18n/english.yaml "english" is not a language`} {
		if !slices.ContainsFunc(told, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("it does not say %s:\n%s", want, strings.Join(told, "\n"))
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("a: \"{n} b\"\nc:\n  other: x\n", "n", "v")
	f.Fuzz(func(t *testing.T, file, name, value string) {
		l, _ := parse([]byte(file), "i18n/en.yaml")
		check([]byte(file), "i18n/en.yaml", "en")
		w := join("en", "ltr", []layer{l})
		for key := range l {
			w.Say(key, name, value)
			w.Count(key, 2)
			w.HTML(key, name, value, "x")
		}
		if _, err := w.Scripts("map"); err != nil {
			t.Error(err)
		}
	})
}
