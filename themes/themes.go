// Package themes holds the themes that come with Waymark.
package themes

import (
	"embed"
	"io/fs"
)

//go:embed trail
var embedded embed.FS

// FS returns the folder of the named theme, or nil where no such theme comes with Waymark.
func FS(name string) fs.FS {
	if !fs.ValidPath(name) {
		return nil
	}
	sub, err := fs.Sub(embedded, name)
	if err != nil {
		return nil
	}
	if _, err := fs.Stat(sub, "theme.yaml"); err != nil {
		return nil
	}
	return sub
}

// Names lists the themes that come with Waymark.
func Names() []string {
	entries, _ := embedded.ReadDir(".")
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
