package dates

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	leeds := time.FixedZone("BST", 3600)
	for _, c := range []struct {
		text  string
		order Order
		want  string // ISO, or the error's message
	}{
		{"2022", "", "2022"},
		{"2022-09", "", "2022-09"},
		{"2022-9-7", "", "2022-09-07"},
		{"20220917", "", "2022-09-17"},
		{"2022-09-17T09:30", "", "2022-09-17T09:30:00+01:00"},
		{"2022-09-17 09:30:15 -0500", "", "2022-09-17T09:30:15-05:00"},
		{"2022-09-17T09:30Z", "", "2022-09-17T09:30:00Z"},
		{"Sat, 17 Sep 2022 09:30:00 GMT", "", "2022-09-17T09:30:00Z"},
		{"17 September 2022", "", "2022-09-17"},
		{"17th Sept 2022", "", "2022-09-17"},
		{"September 2022", "", "2022-09"},
		{"sept. 2022", "", "2022-09"},
		{"Spring 2022", "", `"Spring 2022" is not a date`},
		{"Sep 17, 2022", "", "2022-09-17"},
		{"September 17 2022", "", "2022-09-17"},
		{"09/17/2022", "", "2022-09-17"},
		{"17.09.2022", "", "2022-09-17"},
		{"2022/09/17", "", "2022-09-17"},
		{"02/02/2024", "", "2024-02-02"},
		{"02/01/2024", DayMonthYear, "2024-01-02"},
		{"02/01/2024", MonthDayYear, "2024-02-01"},
		{"02/01/2024", "", `"02/01/2024" has two readings: 2 January 2024, or 1 February 2024`},
		{"2024-13-45", "", `"2024-13-45" is a day that does not exist: there is no month 13`},
		{"2023-02-29", "", `"2023-02-29" is a day that does not exist: there is no 29 February 2023`},
		{"2024-00-10", "", `"2024-00-10" is a day that does not exist`},
		{"31/31/2024", "", `"31/31/2024" is a day that does not exist`},
		{"2024-01-01T25:00", "", `"2024-01-01T25:00" has a time of day that does not exist`},
		{"2024 10:00", "", `"2024 10:00" has a time but no day`},
		{"17 Foo 2022", "", `"17 Foo 2022" names no month: "Foo"`},
		{"1/2/24", "", `"1/2/24" does not give the year in four digits`},
		{"yesterday", "", `"yesterday" is not a date`},
		{"", "", `"" is not a date`},
	} {
		got, err := Parse(c.text, c.order, leeds)
		answer := got.ISO()
		if e := new(Error); errors.As(err, &e) {
			answer = e.Message
		}
		if answer != c.want {
			t.Errorf("Parse(%q, %q) = %s, want %s", c.text, c.order, answer, c.want)
		}
	}
}

// A date that was read comes back as itself when it is written in ISO 8601 and read again.
func TestParseReadsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Unix(rapid.Int64Range(-50e9, 200e9).Draw(t, "seconds"), 0).UTC()
		layout := rapid.SampledFrom([]string{
			"2006", "2006-01", "January 2006", "2006-01-02", time.RFC3339, "2 January 2006", "Jan 2, 2006", "20060102",
		}).Draw(t, "layout")
		if day.Year() < 1 {
			t.Skip("before the first year")
		}
		first, err := Parse(day.Format(layout), Unnamed, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Parse(first.ISO(), Unnamed, time.UTC)
		if err != nil || !second.Time.Equal(first.Time) || second.Precision != first.Precision {
			t.Fatalf("%s: %v, then %v (%v)", day.Format(layout), first, second, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2022-09-17", "09/17/2022", "17 September 2022", "2022-09-17T09:30+01:00", "1.2.2024"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s, Unnamed, time.UTC)
		if (err == nil) == d.IsZero() {
			t.Errorf("Parse(%q) = %v, %v: one of the two must be given", s, d, err)
		}
	})
}

// An offset with several readings is an error that names them.
func TestZonesWithSeveralReadings(t *testing.T) {
	for text, want := range map[string]string{
		"2024-01-31 10:00 -4":     `"2024-01-31 10:00 -4" has an offset with two readings: -4 hours, or -4 minutes (write -04:00 or -00:04)`,
		"2024-01-31 10:00:00 EST": `"2024-01-31 10:00:00 EST" names a time zone by letters, EST, which mean several (write the offset that is meant: -05:00 (New York) or +10:00 (Sydney))`,
		"2024-01-31T10:00 XYZ":    `"2024-01-31T10:00 XYZ" names a time zone by letters, XYZ, which mean several (write an offset, such as +01:00)`,
		"2024-01-31 10:00 UTC":    "",
	} {
		_, err := Parse(text, Unnamed, time.UTC)
		if got := fmt.Sprint(err); got != want && (want != "" || err != nil) {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// A date that was written and read back is the same in everything that can be asked of it: what it is half a year later, too.
func TestDatesSurviveTheDisk(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"2026-03-01", "2026", "2026-10-25T01:30", "2026-10-25T01:30+05:30", "2026-06-01T10:00Z", "2026-06-01 10:00 -00:30"} {
		for _, zone := range []*time.Location{london, time.UTC} {
			d, err := Parse(text, Unnamed, zone)
			if err != nil {
				t.Fatal(err)
			}
			data, err := d.MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			var back Date
			if err := back.UnmarshalBinary(data); err != nil {
				t.Fatal(err)
			}
			if later, want := back.Time.AddDate(0, 6, 0), d.Time.AddDate(0, 6, 0); !later.Equal(want) || back.ISO() != d.ISO() || back.Precision != d.Precision {
				t.Errorf("%s in %s: %s and %s, want %s and %s", text, zone, back.ISO(), later, d.ISO(), want)
			}
			for n := range data { // what is cut off is an error, or another date, but no panic
				_ = new(Date).UnmarshalBinary(data[:n])
			}
		}
	}
	var none Date
	data, _ := none.MarshalBinary()
	var back Date
	if err := back.UnmarshalBinary(data); err != nil || back != none {
		t.Errorf("%+v %v", back, err)
	}
}
