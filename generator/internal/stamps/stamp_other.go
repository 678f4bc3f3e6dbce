//go:build !unix

package stamps

// supported says that the system does not tell when anything about a file changed.
const supported = false

func (*File) stamp(string) error { return nil }
