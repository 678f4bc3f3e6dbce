//go:build !race

package serve

// edits is after how many edits the server must still answer as a clean build would.
const edits = 200
