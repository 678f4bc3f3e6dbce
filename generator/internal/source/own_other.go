//go:build !unix

package source

// own reports whether a folder belongs to who runs this program. Where the system does not say it, it does.
func own(string) bool { return true }
