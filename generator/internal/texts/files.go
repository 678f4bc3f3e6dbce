package texts

import (
	"bytes"
	"slices"
	"strings"

	"waymark/generator/internal/memo"
	"waymark/generator/internal/source"
	"waymark/generator/internal/stamps"
)

// Files are the texts that files held at one time, by which a later run knows texts without opening their files.
type Files struct {
	Making []byte              // what decided what was made of them
	Tree   stamps.Tree         // how the files looked before they were read: certain, or nothing may be told from it
	Keys   map[string]memo.Key // by a text's path
}

// Files returns what is to be told a later run of texts on this shelf.
func (s *Shelf) Files(tree stamps.Tree, keys map[string]memo.Key) Files {
	return Files{s.making, tree, keys}
}

// Recall lets the shelf know the texts in files that look now as they did before.
func (s *Shelf) Recall(before Files, now stamps.Tree) {
	s.seen = nil
	if !bytes.Equal(before.Making, s.making) {
		return
	}
	old := make(map[string]stamps.File, len(before.Tree))
	for _, f := range before.Tree {
		old[f.Path] = f
	}
	s.seen = make(map[string]memo.Key, len(before.Keys))
	for _, f := range now {
		path, inside := strings.CutPrefix(f.Path, source.Folder+"/")
		if key, known := before.Keys[path]; inside && known && old[f.Path] == f {
			s.seen[path] = key
		}
	}
}

// Unread returns the text of a file that need not be read, because it looks as it did: with its HTML and its words for a run that will
// want them, else with its source.
func (s *Shelf) Unread(e source.Entry, drawn bool) (Text, bool) {
	key, seen := s.seen[e.Path]
	needed := []byte{sourcePart}
	if drawn {
		needed = []byte{htmlPart, plainPart}
	}
	if !seen || e.Link || slices.ContainsFunc(needed, func(part byte) bool { return !s.memo.Has(key.Part(part)) }) {
		return Text{}, false
	}
	return s.Known(key)
}
