//go:build !race

package serve

// edits is after how many edits the server must still answer as a clean build would; longSaves is how often a long text is
// saved to see what is kept of it.
const (
	edits     = 200
	longSaves = 60
)
