// Package saves is how editors save files: what tests of the watch and of the preview have to cope with.
package saves

import (
	"errors"
	"os"
)

// Pattern is a way to save a text in a file that is there already.
type Pattern struct {
	Name string
	Save func(path, text string) error
}

// Patterns returns the ways that are in use: nano and most others write over the file; Visual Studio Code empties it
// first; JetBrains' editors and many tools write another and rename it; Vim and Emacs move the old one aside; some remove
// it; and what is slow, or long, is written in pieces.
func Patterns() []Pattern {
	write := func(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }
	return []Pattern{
		{"write over it", write},
		{"write another and rename it over", func(path, text string) error {
			return errors.Join(write(path+".tmp", text), os.Rename(path+".tmp", path))
		}},
		{"move it aside, write, remove the copy", func(path, text string) error {
			return errors.Join(os.Rename(path, path+"~"), write(path, text), os.Remove(path+"~"))
		}},
		{"remove and write", func(path, text string) error { return errors.Join(os.Remove(path), write(path, text)) }},
		{"empty it, then write", func(path, text string) error { return errors.Join(os.Truncate(path, 0), write(path, text)) }},
		{"write in pieces", inPieces},
	}
}

func inPieces(path, text string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	for _, c := range []byte(text) {
		if _, err := f.Write([]byte{c}); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}
