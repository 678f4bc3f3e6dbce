//go:build !linux

package watch

// remote is not known here; --poll helps where it is so.
func remote(string) bool { return false }
