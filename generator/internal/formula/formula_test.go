package formula

import (
	"strings"
	"sync"
	"testing"
	"time"
)

func TestSet(t *testing.T) {
	s := NewSetter()
	for _, c := range []struct {
		tex   string
		block bool
		want  []string
		wrong string
	}{
		{`E = m c^2`, false, []string{"<math><mrow><mi>E</mi><mo>=</mo>", "<msup><mi>c</mi>"}, ""},
		{`\sum_{i} c_i`, true, []string{`<math display="block"`, "<munder>", "∑"}, ""},
		{`a < b`, false, []string{"<mo>&lt;</mo>"}, ""},
		{`\color{red}{x}`, false, []string{`mathcolor="#ff0000"`}, ""},
		{`\begin{pmatrix}1&2\\3&4\end{pmatrix}`, true, []string{"<mtable>", "<mtd>"}, ""},
		{`\text{\char0{}0\char0}`, false, []string{"<mtext>"}, ""},
		{`\foo`, false, nil, `Unsupported function name: \foo (sign 1)`},
		{`x &`, false, nil, "Expected 'EOF', got '&' (sign 3)"},
		{`\href{javascript:alert(1)}{x}`, false, nil, ""},
		{`\def\x{\x\x}\x`, false, nil, "Too many expansions: infinite loop or need to increase maxExpand setting"},
		{strings.Repeat("{", 3_000), false, nil, "it cannot be read"},
		{strings.Repeat("x", MaxLength+1), false, nil, "it has 10001 bytes, and at most 10000 are read"},
	} {
		got, err := s.Set(c.tex, c.block, time.Minute)
		if c.wrong != "" && (err == nil || err.Error() != c.wrong) {
			t.Errorf("%.40s: %v, want %s", c.tex, err, c.wrong)
		}
		for _, want := range c.want {
			if err != nil || !strings.Contains(got, want) {
				t.Errorf("%s: %s, %v, want %s", c.tex, got, err, want)
			}
		}
		for _, bad := range []string{"style=", "href", "script", "\x00"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s holds %s: %s", c.tex, bad, got)
			}
		}
	}
}

// Several goroutines may set formulas, and each gets its own.
func TestSeveralAtATime(t *testing.T) {
	s := NewSetter()
	var all sync.WaitGroup
	for _, letter := range []string{"a", "b", "c", "d", "e", "f"} {
		all.Go(func() {
			for range 20 {
				if got, err := s.Set(letter, false, time.Minute); err != nil || !strings.Contains(got, "<mi>"+letter+"</mi>") {
					t.Errorf("%s: %s, %v", letter, got, err)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkSet(b *testing.B) {
	s := NewSetter()
	for b.Loop() {
		if _, err := s.Set(`\frac{a_1}{b_2} = \sum_{i=1}^{n} c_i`, true, time.Minute); err != nil {
			b.Fatal(err)
		}
	}
}
