package outline

import "strings"

// open is a card with the column at which it stands, and how far that is from the card above it.
type open struct {
	card         *Card
	column, step int
}

func abs(n int) int { return max(n, -n) }

// tabWidth is what a tab takes where nothing says otherwise.
const tabWidth = 4

// indentation counts columns; a tab goes to the next multiple of its width.
func indentation(text string, tab int) int {
	n := 0
	for _, r := range text {
		switch {
		case r == '\t':
			n += tab - n%tab
		case r == '\u3000':
			n += 2
		case strings.ContainsRune(blanks, r):
			n++
		default:
			return n
		}
	}
	return n
}

// grid is how the cards of a block are indented.
type grid struct {
	unit  int         // columns of a level: the most frequent step inwards, the smaller of two
	base  int         // the leftmost column
	next  []int       // by line, the column of the next card; -1 where there is none
	usual map[int]int // by column, the level of the cards that stand there, where every step to them is a unit
	tab   int         // columns that a tab takes
}

// measure looks at the whole block, before its cards are placed.
func measure(lines []Line) grid {
	g := grid{next: make([]int, len(lines)), base: -1, tab: tabWidth}
	var plain []Line // those that are not indented with tabs, which say how wide a tab is meant to be
	for _, l := range lines {
		if !strings.HasPrefix(l.Text, "\t") {
			plain = append(plain, l)
		}
	}
	if unit, steps := steps(plain, tabWidth); steps > 0 && len(plain) < len(lines) {
		g.tab = unit
	}
	g.unit, _ = steps(lines, g.tab)
	below := -1
	for i := len(lines) - 1; i >= 0; i-- {
		g.next[i] = below
		if column, is := cardColumn(lines[i], g.tab); is {
			if g.base < 0 || column < g.base {
				g.base = column
			}
			below = column
		}
	}
	g.base = max(g.base, 0)
	g.usual = usual(lines, g)
	return g
}

func cardColumn(l Line, tab int) (int, bool) {
	_, bullet := cutBullet(cursor{text: l.Text}.trimLeft())
	return indentation(l.Text, tab), bullet
}

// steps returns the most frequent step inwards, and how many there are of all.
func steps(lines []Line, tab int) (unit, n int) {
	count := map[int]int{}
	last := -1
	for _, l := range lines {
		column, is := cardColumn(l, tab)
		if !is {
			continue
		}
		if last >= 0 && column > last {
			count[column-last]++
			n++
		}
		last = column
	}
	for step, n := range count {
		if n > count[unit] || n == count[unit] && step < unit {
			unit = step
		}
	}
	if unit == 0 {
		unit = 2
	}
	return unit, n
}

// usual finds out which level the columns have where the block is regular.
func usual(lines []Line, g grid) map[int]int {
	levels := map[int]int{}
	var open []int
	for _, l := range lines {
		column, is := cardColumn(l, g.tab)
		if !is {
			continue
		}
		for len(open) > 0 && open[len(open)-1] >= column {
			open = open[:len(open)-1]
		}
		if len(open) == 0 && column == g.base || len(open) > 0 && column == open[len(open)-1]+g.unit {
			open = append(open, column)
			levels[column] = len(open) - 1
		}
	}
	return levels
}

// place decides to which level a card at a column belongs: that of the open card that it stands beside, or the one below
// the last. off is by how many columns it is out of line, and at the column that it is taken to stand at.
func (p *parser) place(column int) (level, off, at int) {
	if len(p.open) == 0 {
		return 0, column - p.base, p.base
	}
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].column == column {
			return i, 0, column
		}
	}
	last := p.open[len(p.open)-1]
	if step := column - last.column; step > 0 {
		if step < p.unit && 2*step <= p.unit && !p.meant(step) {
			return len(p.open) - 1, step, last.column
		}
		return len(p.open), max(p.unit-step, 0), column
	}
	level, off = 0, abs(column-p.open[0].column)
	for i, o := range p.open {
		if d := abs(column - o.column); d <= off {
			level, off = i, d
		}
	}
	return level, off, p.open[level].column
}

// meant reports whether a small step inwards is one: where the card above took the same, or the one below stands as a
// card below it would.
func (p *parser) meant(step int) bool {
	last, next := p.open[len(p.open)-1], p.next[p.at]
	if step > 1 && (last.step == step || next-last.column == 2*step) {
		return true
	}
	return next > 0 && abs(next-last.column-2*p.unit) < abs(next-last.column-p.unit)
}

// jumps reports whether a card stands where other cards of the block stand a level deeper or more.
func (p *parser) jumps(column int) bool {
	if len(p.open) == 0 {
		return false
	}
	return column >= p.open[len(p.open)-1].column+2*p.unit && p.usual[column] > len(p.open)
}
