package colour

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// samples are the texts with which chroma tests its lexers, by the name of the language.
func samples(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/alecthomas/chroma/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(out)), "lexers", "testdata")
	all := map[string][]string{}
	err = filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".actual") {
			return err
		}
		data, err := os.ReadFile(name)
		base, _, _ := strings.Cut(filepath.Base(name), ".")
		for _, language := range []string{base, filepath.Base(filepath.Dir(name))} {
			if lexer := lexers.Get(language); lexer != nil && len(data) < 4_000 {
				all[lexer.Config().Name] = append(all[lexer.Config().Name], string(data))
				break
			}
		}
		return err
	})
	if err != nil || len(all) < 150 {
		t.Fatalf("%d languages: %v", len(all), err)
	}
	return all
}

// runsOf is what chroma itself makes of code, if it does so within a second.
func runsOf(lexer chroma.Lexer, code string) (runs []Run, ok bool) {
	l := lex(lexer, code, time.Second)
	return l.runs, !l.broken && !l.late
}

// What we make of code is what chroma makes of it, for each language that we drive ourselves: of chroma's own samples, and of the same
// with their lines in another order and with signs taken out of them.
func TestRunsAreThoseOfChroma(t *testing.T) {
	all := samples(t)
	var quickly, tried int
	r := rand.New(rand.NewPCG(1, 2))
	ours := New()
	for _, name := range lexers.Names(false) {
		theirs := lexers.Get(name)
		if _, ok := ours.get(name).(*quick); !ok {
			continue
		}
		quickly++
		texts := all[name]
		if len(texts) == 0 {
			texts = []string{all["Python"][0]}
		}
		for _, text := range texts[:min(len(texts), 3)] {
			for _, code := range []string{text, damaged(r, text)} {
				want, ok := runsOf(theirs, code)
				if !ok {
					continue
				}
				tried++
				got, _ := ours.Runs(code, name, time.Minute)
				if !slices.Equal(got, want) {
					i := 0
					for i < min(len(got), len(want)) && got[i] == want[i] {
						i++
					}
					t.Errorf("%s: differs at run %d: %q, want %q\nof %.300q", name, i, got[i:min(i+3, len(got))], want[i:min(i+3, len(want))], code)
				}
			}
		}
	}
	t.Logf("%d of %d languages, %d texts", quickly, len(lexers.Names(false)), tried)
	for _, name := range []string{"go", "python", "javascript", "typescript", "yaml", "bash", "json", "java", "c", "rust", "css", "sql", "diff", "toml"} {
		if _, ok := ours.get(name).(*quick); !ok {
			t.Errorf("%s is left to chroma", name)
		}
	}
}

// damaged puts lines into another order and takes out signs.
func damaged(r *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	signs := []rune(strings.Join(lines, ""))
	for range min(20, len(signs)/20) {
		at := r.IntN(len(signs))
		signs = slices.Delete(signs, at, at+1)
	}
	return string(signs)
}

// A lexer that does not end is ended.
func TestLexerThatDoesNotEnd(t *testing.T) {
	ended := make(chan lexed, 1)
	go func() { ended <- lex(lexers.Get("jsonata"), strings.Repeat(`"a\"`, 500), 50*time.Millisecond) }()
	select {
	case l := <-ended:
		if !l.late {
			t.Error("it ends by itself now: look for another one")
		}
	case <-time.After(time.Minute):
		t.Error("it goes on for ever")
	}
}

// Fifteen lines of each of four languages, with and without chroma's own way of going through its rules.
func BenchmarkRuns(b *testing.B) {
	for language, line := range map[string]string{
		"go":         "\tif wall := measure(12, \"plan\"); wall > 7 { return fmt.Errorf(\"card %d\", wall) } // plan\n",
		"python":     "    wall = [measure(x, 12) for x in \"plan\".split() if x != 'card']  # plan\n",
		"javascript": "  const wall7 = await measure(`plan ${12}`, { card: true, rest: null }); // plan\n",
		"yaml":       "wall-7: { plan: 12, text: \"card\", list: [1, 2, 3] } # plan\n",
	} {
		code := strings.Repeat(line, 15)
		l := New()
		b.Run(language, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Runs(code, language, time.Minute)
			}
		})
		b.Run(language+" by chroma", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				lex(lexers.Get(language), code, time.Minute)
			}
		})
	}
}
