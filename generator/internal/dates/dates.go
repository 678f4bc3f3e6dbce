// Package dates reads the dates that authors write, and never guesses.
//
// It understands ISO 8601 in any length (2022, 2022-09, 2022-09-17, 2022-09-17T09:30+01:00), dates with the month in
// words (17 September 2022; Sep 17, 2022), and numbers with slashes or dots where only one reading exists or the site
// names its order. A day that does not exist, and a date with two readings, are errors.
package dates

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Precision says how much of a date was written.
type Precision int

// The precisions, from the coarsest to the finest.
const (
	Year Precision = iota + 1
	Month
	Day
	Minute
)

// Date is a moment, or a year, month or day in the site's time zone. The zero Date means that no date was given.
type Date struct {
	Time      time.Time
	Precision Precision
}

// IsZero reports whether no date was given.
func (d Date) IsZero() bool { return d.Precision == 0 }

// ISO returns the date in ISO 8601, no longer than what was written: 2022, 2022-09, 2022-09-17 or RFC 3339.
func (d Date) ISO() string { return d.format("2006", "2006-01", "2006-01-02", time.RFC3339) }

// Long returns the date in English words: 17 September 2022. A time of day is left out.
func (d Date) Long() string {
	return d.format("2006", "January 2006", "2 January 2006", "2 January 2006")
}

// Short returns the date with a short month: 17 Sep 2022.
func (d Date) Short() string { return d.format("2006", "Jan 2006", "2 Jan 2006", "2 Jan 2006") }

func (d Date) format(year, month, day, minute string) string {
	if d.IsZero() {
		return ""
	}
	return d.Time.Format([]string{year, month, day, minute}[d.Precision-1])
}

// MarshalBinary implements encoding.BinaryMarshaler. What comes back of it is in the same time zone, and not only the same moment: a
// week later may be an hour more or less away.
func (d Date) MarshalBinary() ([]byte, error) {
	_, offset := d.Time.Zone()
	out := binary.AppendVarint([]byte{byte(d.Precision)}, d.Time.Unix()) //nolint:gosec // there are five
	out = binary.AppendVarint(out, int64(d.Time.Nanosecond()))
	out = binary.AppendVarint(out, int64(offset))
	return append(out, d.Time.Location().String()...), nil
}

// UnmarshalBinary implements encoding.BinaryUnmarshaler.
func (d *Date) UnmarshalBinary(data []byte) error {
	if len(data) == 0 {
		return errBinary
	}
	d.Precision = Precision(data[0])
	data = data[1:]
	var numbers [3]int64 // seconds, nanoseconds, offset
	for i := range numbers {
		n, size := binary.Varint(data)
		if size <= 0 {
			return errBinary
		}
		numbers[i], data = n, data[size:]
	}
	zone, err := zoneOf(string(data), int(numbers[2]))
	d.Time = time.Unix(numbers[0], numbers[1]).In(zone)
	return err
}

var errBinary = errors.New("this is no date")

// zoneOf returns the time zone with a name, or one that has none but an offset, in seconds.
func zoneOf(name string, offset int) (*time.Location, error) {
	switch name {
	case "UTC":
		return time.UTC, nil
	case "":
		return time.FixedZone("", offset), nil
	}
	if zone, known := locations.Load(name); known {
		return zone.(*time.Location), nil //nolint:forcetypeassert // nothing else is in it
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC, fmt.Errorf("read a date: %w", err)
	}
	locations.Store(name, zone)
	return zone, nil
}

// locations is the system's table of time zones, as far as it was read.
var locations sync.Map

// Order is how a site writes numeric dates.
type Order string

// The orders that a site may name in date_order. Unnamed is the default: two readings are then an error.
const (
	Unnamed      Order = ""
	DayMonthYear Order = "dmy"
	MonthDayYear Order = "mdy"
	YearMonthDay Order = "ymd"
)

// Error says why a date cannot be read, and what to write instead.
type Error struct{ Message, Hint string }

// Error returns the message and the hint in one line.
func (e *Error) Error() string { return e.Message + " (" + e.Hint + ")" }

const hintISO = "write the date as 2024-01-31"

var (
	isoDate    = regexp.MustCompile(`^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$`)
	compact    = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	numeric    = regexp.MustCompile(`^(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})$`)
	worded     = regexp.MustCompile(`^(?i)(?:[a-z]{3,9},? +)?(?:(\d{1,2})(?:st|nd|rd|th)? +([a-z]{3,9})\.?|([a-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?),? +(\d{4})$`)
	monthAlone = regexp.MustCompile(`^(?i)([a-z]{3,9})\.?,? +(\d{4})$`)
	clock      = regexp.MustCompile(`^(.*?)(?:T|t| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)? *(Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$`)
)

// zoned is a time with a zone that has more than one reading: a short name, or an offset of one digit.
var zoned = regexp.MustCompile(`^(.*\d{1,2}:\d{2}(?::\d{2})?) *([A-Za-z]{2,5}|[+-]\d)$`)

// zones are the offsets that short names of time zones have (tz database, abbreviations).
var zones = map[string]string{
	"EST": "-05:00 (New York) or +10:00 (Sydney)", "EDT": "-04:00 (New York) or +11:00 (Sydney)", "CST": "-06:00 (Chicago) or +08:00 (Shanghai)", "CDT": "-05:00 (Chicago)",
	"MST": "-07:00 (Denver) or +08:00 (Kuala Lumpur)", "MDT": "-06:00 (Denver)", "PST": "-08:00 (Los Angeles) or +08:00 (Manila)", "PDT": "-07:00 (Los Angeles)",
	"BST": "+01:00 (London in summer) or +06:00 (Dhaka)", "IST": "+05:30 (India), +01:00 (Ireland) or +02:00 (Israel)", "CET": "+01:00", "CEST": "+02:00", "EET": "+02:00", "EEST": "+03:00",
	"JST": "+09:00", "AST": "-04:00 (Halifax) or +03:00 (Riyadh)", "WET": "+00:00", "WEST": "+01:00",
}

// readings says which offsets a zone may mean.
func readings(text, zone string) *Error {
	if zone[0] == '+' || zone[0] == '-' {
		return &Error{
			fmt.Sprintf("%q has an offset with two readings: %s hours, or %s minutes", text, zone, zone),
			fmt.Sprintf("write %s0%s:00 or %s00:0%s", zone[:1], zone[1:], zone[:1], zone[1:]),
		}
	}
	hint := "write an offset, such as +01:00"
	if offsets := zones[strings.ToUpper(zone)]; offsets != "" {
		hint = "write the offset that is meant: " + offsets
	}
	return &Error{fmt.Sprintf("%q names a time zone by letters, %s, which mean several", text, zone), hint}
}

// Parse reads one date. The order applies to numbers with slashes or dots only; zone is the site's time zone, which
// holds for every date that names none. The error is always an *Error.
func Parse(text string, order Order, zone *time.Location) (Date, error) {
	s := strings.TrimSpace(text)
	timeOfDay := clock.FindStringSubmatch(s)
	if g := zoned.FindStringSubmatch(s); g != nil && timeOfDay == nil {
		return Date{}, readings(s, g[2])
	}
	if timeOfDay != nil {
		s = strings.TrimRight(timeOfDay[1], ", ")
	}
	y, m, d, err := parseDay(s, order)
	if err != nil {
		return Date{}, err
	}
	precision := Day
	if m == 0 {
		precision, m, d = Year, 1, 1
	} else if d == 0 {
		precision, d = Month, 1
	}
	if err := exists(text, y, m, d); err != nil {
		return Date{}, err
	}
	if timeOfDay == nil {
		return Date{Time: time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone), Precision: precision}, nil
	}
	if precision != Day {
		return Date{}, &Error{fmt.Sprintf("%q has a time but no day", text), hintISO + "T09:30"}
	}
	return withTime(text, y, m, d, timeOfDay[2:], zone)
}

// parseDay returns the year, month and day of a date without a time; month and day are 0 where they are not given.
func parseDay(s string, order Order) (y, m, d int, err error) {
	if g := isoDate.FindStringSubmatch(s); g != nil {
		return atoi(g[1]), atoi(g[2]), atoi(g[3]), zeroPart(s, g[2:])
	}
	if g := compact.FindStringSubmatch(s); g != nil {
		return atoi(g[1]), atoi(g[2]), atoi(g[3]), zeroPart(s, g[2:])
	}
	if g := worded.FindStringSubmatch(s); g != nil {
		name, day := g[2]+g[3], g[1]+g[4]
		if m := monthNamed(name); m != 0 {
			return atoi(g[5]), m, atoi(day), zeroPart(s, []string{day})
		}
		return 0, 0, 0, &Error{fmt.Sprintf("%q names no month: %q", s, name), hintISO}
	}
	if g := monthAlone.FindStringSubmatch(s); g != nil {
		if m := monthNamed(g[1]); m != 0 {
			return atoi(g[2]), m, 0, nil
		}
	}
	if g := numeric.FindStringSubmatch(s); g != nil {
		return parseNumeric(s, g[1:], order)
	}
	return 0, 0, 0, &Error{fmt.Sprintf("%q is not a date", s), hintISO}
}

// parseNumeric reads 17/09/2022 and its kin: the only reading that exists, or the one that the site's order names.
func parseNumeric(s string, parts []string, order Order) (y, m, d int, err error) {
	a, b, c := atoi(parts[0]), atoi(parts[1]), atoi(parts[2])
	if len(parts[0]) == 4 {
		return a, b, c, zeroPart(s, parts)
	}
	if len(parts[2]) != 4 {
		return 0, 0, 0, &Error{fmt.Sprintf("%q does not give the year in four digits", s), hintISO}
	}
	dayFirst, monthFirst := exists(s, c, b, a) == nil, exists(s, c, a, b) == nil
	switch {
	case order == DayMonthYear && dayFirst, dayFirst && !monthFirst:
		return c, b, a, nil
	case order == MonthDayYear && monthFirst, monthFirst && !dayFirst:
		return c, a, b, nil
	case dayFirst && a == b:
		return c, b, a, nil
	case dayFirst && monthFirst:
		return 0, 0, 0, &Error{
			fmt.Sprintf("%q has two readings: %d %s %d, or %d %s %d", s, a, time.Month(b), c, b, time.Month(a), c),
			fmt.Sprintf("write %04d-%02d-%02d or %04d-%02d-%02d, or set date_order in waymark.yaml", c, b, a, c, a, b),
		}
	}
	return 0, 0, 0, &Error{fmt.Sprintf("%q is a day that does not exist", s), hintISO}
}

// zeroPart refuses a month or day written as 0 or 00, which would otherwise look as if it had not been given.
func zeroPart(s string, parts []string) error {
	for _, p := range parts {
		if p != "" && atoi(p) == 0 {
			return &Error{fmt.Sprintf("%q is a day that does not exist", s), hintISO}
		}
	}
	return nil
}

func exists(text string, y, m, d int) error {
	if m < 1 || m > 12 {
		return &Error{fmt.Sprintf("%q is a day that does not exist: there is no month %d", text, m), hintISO}
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Day() != d || y == 0 {
		return &Error{fmt.Sprintf("%q is a day that does not exist: there is no %d %s %d", text, d, time.Month(m), y), hintISO}
	}
	return nil
}

// withTime adds a time of day; parts are hour, minute, second and zone as the clock expression found them.
func withTime(text string, y, m, d int, parts []string, zone *time.Location) (Date, error) {
	hour, minute, second := atoi(parts[0]), atoi(parts[1]), atoi(parts[2])
	if hour > 23 || minute > 59 || second > 59 {
		return Date{}, &Error{fmt.Sprintf("%q has a time of day that does not exist", text), hintISO + "T09:30"}
	}
	switch offset := parts[3]; {
	case offset == "":
	case offset[0] == '+' || offset[0] == '-':
		digits := strings.ReplaceAll(offset[1:], ":", "") + "00"
		seconds := atoi(digits[:2])*3600 + atoi(digits[2:4])*60
		if offset[0] == '-' {
			seconds = -seconds
		}
		zone = time.FixedZone("", seconds)
	default:
		zone = time.UTC
	}
	return Date{Time: time.Date(y, time.Month(m), d, hour, minute, second, 0, zone), Precision: Minute}, nil
}

func monthNamed(name string) int {
	name = strings.ToLower(name)
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if name == full || name == full[:3] || name == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}

// atoi is for text that an expression has already found to be at most four digits, or empty.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
