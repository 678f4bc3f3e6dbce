package quiz

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	numberForm = regexp.MustCompile(`^([-+−]?\d[\d ']*(?:[.,]\d+)*(?:[eE][-+]?\d+)?)\s*(?:(±|\+/-|\+-)\s*(\S*?)\s*(%)?(?:\s+|$))?(.*)$`)
	bothForm   = regexp.MustCompile(`^([-+−]?\d[\d.,]*)\s*(\D[^±]*?)\s*(±|\+/-|\+-)\s*(\d[\d.,]*)\s*(\D.*)$`)
	dashForm   = regexp.MustCompile(`^(\d[\d.,]*)\s*[-–—]\s*(\d[\d.,]*)\s*(\D.*)?$`)
	rangeForm  = regexp.MustCompile(`^([-+−]?[\d.,]*\d)\s*(?:\.\.\.?|…)\s*(\S*)\s*(.*)$`)
	unitForm   = regexp.MustCompile(`^[\p{L}%°‰€£$¥′″µ][^\s\d]*(?: [^\s\d]+)?$`)
)

// readNumber reads "12.5 ± 0.5 km", "10..20" and "40 ± 5%". why says what is wrong with what can only be meant as a number.
func readNumber(s string) (r Range, is bool, why string) {
	r.Typed = s
	if g := bothForm.FindStringSubmatch(s); g != nil && strings.TrimSpace(g[2]) == strings.TrimSpace(g[5]) { // 40 km ± 5 km
		s = g[1] + " ± " + g[4] + " " + strings.TrimSpace(g[2])
	}
	if g := dashForm.FindStringSubmatch(s); g != nil && (g[3] == "" || !strings.ContainsAny(g[3], "0123456789")) && strings.Count(s, "-") < 2 {
		s = g[1] + ".." + g[2] + " " + g[3]
	}
	if g := rangeForm.FindStringSubmatch(s); g != nil {
		low, okLow := parseNumber(g[1])
		high, okHigh := parseNumber(g[2])
		switch {
		case !okLow || !okHigh:
			return r, false, "is no range of numbers"
		case low > high:
			return r, false, "is a range that ends before it begins"
		}
		r.Low, r.High, r.Unit = low, high, strings.TrimSpace(g[3])
		return r, true, ""
	}
	g := numberForm.FindStringSubmatch(s)
	if g == nil {
		return r, false, ""
	}
	n, ok := parseNumber(g[1])
	tolerance, unit := 0.0, strings.TrimSpace(g[5])
	switch {
	case !ok && strings.Count(g[1], ".") > 1 && g[2] == "":
		return r, false, "" // a version
	case !ok && (g[2] != "" || unit == ""):
		return r, false, "is no number: a comma and a point in it have two readings"
	case !ok, g[2] == "" && unit != "" && (!unitForm.MatchString(unit) || strings.ContainsAny(unit, "0123456789")):
		return r, false, "" // words that begin with a digit: a date, a version, a fraction
	case g[2] != "":
		by, parsed := parseNumber(g[3])
		switch {
		case strings.HasPrefix(g[3], "-"), strings.HasPrefix(g[3], "−"):
			return r, false, "has a tolerance below 0"
		case !parsed:
			return r, false, "has a tolerance that is no number"
		}
		if tolerance = by; g[4] != "" {
			tolerance = max(n, -n) * by / 100
		}
	}
	r.Low, r.High, r.Unit = n-tolerance, n+tolerance, unit
	return r, true, ""
}

var grouped = regexp.MustCompile(`^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$`)

// parseNumber reads a number with a point or a comma before its decimals. "1,234" has two readings, and is none.
func parseNumber(s string) (float64, bool) {
	s = strings.NewReplacer("−", "-", " ", "", " ", "", "'", "").Replace(s)
	switch {
	case grouped.MatchString(s) && (strings.Count(s, ",") > 1 || strings.Contains(s, ".")):
		s = strings.ReplaceAll(s, ",", "")
	case grouped.MatchString(s), strings.Count(s, ",") > 1, strings.Contains(s, ",") && strings.Contains(s, "."):
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}
