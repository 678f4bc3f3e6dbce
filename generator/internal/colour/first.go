package colour

import (
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2/syntax"
)

// first says with which signs a match of an expression can begin.
type first struct {
	ascii [utf8.RuneSelf]bool
	other bool // with any other
}

// any lets a match begin with anything, or be empty.
func (f *first) any() {
	for c := range f.ascii {
		f.ascii[c] = true
	}
	f.other = true
}

// firstOf reads an expression. Where it cannot tell, a match can begin with any sign.
func firstOf(expression string) *first {
	f := &first{}
	tree, err := syntax.Parse(expression, syntax.ParseOptions{})
	if err != nil || !f.add(tree.Root) {
		f.any()
	}
	return f
}

// add adds the signs with which a match of a node can begin. It reports whether no match is empty: if one can be, what stands
// behind the node may begin the match as well.
func (f *first) add(n *syntax.RegexNode) (full bool) {
	switch n.T {
	case syntax.NtOne:
		f.sign(n.Ch, n.Options)
		return true
	case syntax.NtOneloop, syntax.NtOnelazy, syntax.NtOneloopatomic:
		f.sign(n.Ch, n.Options)
		return n.M > 0
	case syntax.NtMulti:
		f.sign(n.Str[0], n.Options)
		return true
	case syntax.NtSet:
		f.set(n.Set)
		return true
	case syntax.NtSetloop, syntax.NtSetlazy, syntax.NtSetloopatomic:
		f.set(n.Set)
		return n.M > 0
	case syntax.NtBol, syntax.NtEol, syntax.NtBoundary, syntax.NtNonboundary, syntax.NtBeginning, syntax.NtStart, syntax.NtEndZ, syntax.NtEnd,
		syntax.NtEmpty, syntax.NtNothing, syntax.NtPosLook, syntax.NtNegLook, syntax.NtUpdateBumpalong:
		return false // they take no sign
	case syntax.NtCapture, syntax.NtAtomic, syntax.NtGroup:
		return f.add(n.Children[0])
	case syntax.NtLoop, syntax.NtLazyloop:
		return f.add(n.Children[0]) && n.M > 0
	case syntax.NtConcatenate:
		for _, child := range n.Children {
			if f.add(child) {
				return true
			}
		}
		return false
	case syntax.NtAlternate:
		full = true
		for _, child := range n.Children {
			full = f.add(child) && full
		}
		return full
	}
	f.any() // references, conditions, and whatever else there may be
	return true
}

func (f *first) sign(c rune, options syntax.RegexOptions) {
	f.one(c)
	if options&syntax.IgnoreCase != 0 {
		for folded := unicode.SimpleFold(c); folded != c; folded = unicode.SimpleFold(folded) {
			f.one(folded)
		}
	}
}

func (f *first) one(c rune) {
	if c < utf8.RuneSelf {
		f.ascii[c] = true
	} else {
		f.other = true
	}
}

func (f *first) set(s *syntax.CharSet) {
	for c := range f.ascii {
		f.ascii[c] = f.ascii[c] || s.CharIn(rune(c))
	}
	f.other = true
}
