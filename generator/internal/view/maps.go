package view

import "html/template"

// Map is an impact map or a story map.
type Map struct {
	ID        string
	Kind      string // impact or story
	Title     string
	URL       string // of its own page
	Summary   string
	Picture   string        // the address of its picture, drawn for paper
	Home      Link          // the page that it stands on
	Figure    template.HTML // the map itself, on its own page
	Filters   []Filter
	Downloads []Link
	Trace     *Trace // what it says together with the maps it belongs with
	Evidence  []Item // the writing about it
	Changes   string // the address of what changed in it, or empty
}

// Filter is something that cards can be chosen by.
type Filter struct {
	Name    string // persona, slice, status or phase
	Label   string
	Options []Option
}

// Option is a value to choose by, and what it is called.
type Option struct{ Value, Label string }

// Trace is what maps say together.
type Trace struct {
	Goals        []Goal
	Deliverables []Deliverable // of all impact maps, with their stories
	WithoutStory []Link        // open deliverables that no story is for
	Unasked      []Link        // stories that no deliverable asks for
	Slices       []Slice
	Joined       bool   // whether there is an impact map and a story map to compare
	Related      []Link // the other maps
}

// Goal is a goal, or an impact that is measured.
type Goal struct {
	Title    string
	URL      string
	Metric   string
	Baseline string
	Target   string
	Now      string
	Measure  []string // the metric, and its values in words
	Known    bool     // whether the progress is known
	Percent  int      // of the way from the baseline to the target; less than 0 and more than 100 are possible
	Meter    int      // the same, between 0 and 100
	Says     string   // the same in words
	Page     string   // the address of its own page; empty for an impact
}

// GoalPage is how far a goal has come, over time, and what is done for it.
type GoalPage struct {
	Goal         Goal
	Map          Link          // that it stands on
	Status       string        // to-do, doing, done, dropped or idea
	Known        bool          // whether of any reading it is known how much of the way is done
	Chart        template.HTML // the readings as a picture; empty where there are fewer than two
	Readings     []Reading     // the values that say when they were read, the newest first
	Impacts      []Goal        // what has to change for it, where that is measured
	Deliverables []Deliverable
	Evidence     []Item // the writing about it
}

// Changes are what became of a map.
type Changes struct {
	Map  Link
	Days []Day // the newest first
}

// Day is what became of a map on a day.
type Day struct {
	Date   Date    // empty for what no history has yet
	First  string  // on the day on which the map was drawn: what it was then, in words
	Groups []Group // by what became of the cards: what was added, done, moved, changed, dropped, taken out
}

// Month is what became of all maps in a month.
type Month struct {
	Since Date
	Maps  []MonthOf
}

// MonthOf is what became of one map in it.
type MonthOf struct {
	Map    Link   // to the page of its changes
	New    bool   // whether it was drawn in that time
	Says   string // how many cards were added, done ..., in words
	Groups []Group
}

// Reading is the value of a measure at a time.
type Reading struct {
	Date  Date
	Value string
	Says  string // how much of the way is done, in words; empty where that is not known
}

// Deliverable is what a team can do for an impact.
type Deliverable struct {
	Title   string
	URL     string
	Status  string // idea, to-do, doing, done or dropped
	Phase   *PhaseTag
	Map     Link
	Stories []Link
}

// Slice is a cut across a story map, named by what it brings.
type Slice struct {
	Name    string
	URL     string
	Outcome string
	Phase   *PhaseTag
	Map     Link
	Stories int // but for the dropped
	Done    int
	Doing   int
	ToDo    int
	Dropped int
	Percent int    // of the stories that are done
	Says    string // how far it has come, in words
}

// Stretch is a part of the roadmap: a phase, or a horizon, with its slices. The last ones may have no phase.
type Stretch struct {
	Name   string
	Phase  *PhaseTag
	Slices []Slice
}
