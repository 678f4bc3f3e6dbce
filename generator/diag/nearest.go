package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Nearest returns the candidate that a slip of the keyboard most likely turned into word, or "" where none is near
// enough to be worth suggesting. Letter case does not count. Words that differ only in their numbers are meant to
// differ ("day-1", "day-2"). Of equally near candidates the first one wins.
func Nearest(word string, candidates []string) string {
	w := []rune(strings.ToLower(word))
	best, bestDistance := "", 1+len(w)/3
	if len(w) > 60 {
		return ""
	}
	plain := letters(word)
	for _, c := range candidates {
		if n := utf8.RuneCountInString(c); n-len(w) > bestDistance || len(w)-n > bestDistance {
			continue
		}
		if letters(c) == plain && !strings.EqualFold(word, c) {
			continue
		}
		r := []rune(strings.ToLower(c))
		if d := distance(w, r); d < bestDistance || d == bestDistance && best == "" && d <= 2 && (len(w) > 4 || len(w) == 4 && len(r) > 0 && w[0] == r[0]) {
			best, bestDistance = c, d
		}
	}
	return best
}

// OneSlip reports whether one slip of the keyboard (a letter too many, too few, wrong, or two in each other's place) turns one
// word into the other. Letter case counts.
func OneSlip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if a == b || len(x) > 60 || len(x)-len(y) > 1 || len(y)-len(x) > 1 {
		return false
	}
	return distance(x, y) == 1
}

// letters returns a word in lower case without its digits.
func letters(word string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, strings.ToLower(word))
}

// DidYouMean phrases Nearest as a hint, or returns otherwise where nothing is near.
func DidYouMean(word string, candidates []string, otherwise string) string {
	if near := Nearest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

// distance is the number of single-character edits, a swap of neighbours counting as one, that turn a into b: the
// optimal string alignment distance.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
