//go:build race

package serve

// The race detector makes everything several times slower, and finds what it finds in the first edits.
const (
	edits     = 25
	longSaves = 6
)
