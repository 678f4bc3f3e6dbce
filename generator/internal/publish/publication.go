package publish

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"slices"
	"time"
)

// A place remembers what was published there, in files below stateFolder. Most of it stands in parts, which are known by their digests:
// where one page of many changes, few parts do, and few have to be fetched.
const (
	stateFolder = ".waymark/"
	rootName    = stateFolder + "publication.json"
	intentName  = stateFolder + "intent.json"
	lockName    = stateFolder + "lock.json"
	partPrefix  = stateFolder + "part-"
	keptPrefix  = stateFolder + "kept-"
)

// errDamaged says that what is said of a publication cannot be read, though it is there.
var errDamaged = errors.New("--replace takes the place over")

// stateVersion is that of the files which say what was published.
const stateVersion = 1

// entry is what is known of a published file.
type entry struct {
	Digest  string `json:"d"`           // SHA-256 in hex; of a compressed copy, that of what it is a copy of
	Lasting bool   `json:"l,omitempty"` // whether its name changes whenever its bytes do
	Leaving bool   `json:"x,omitempty"` // whether no page names it any more: it goes with the next publication
	Packed  bool   `json:"z,omitempty"` // whether it is a compressed copy
}

// part is a share of the files of a publication, by path. No file is published under an empty digest.
type part map[string]entry

// publication is what stands at a place.
type publication struct {
	Version int       `json:"version"`
	Site    string    `json:"site"`
	Time    time.Time `json:"time"`
	Files   int       `json:"files"`
	Parts   []string  `json:"parts"`            // digests
	Before  []string  `json:"before,omitempty"` // the parts of the publication before
	Kept    []string  `json:"kept,omitempty"`   // the names under which those of its files are kept that stand there no more
}

// intent says what was begun and perhaps not ended.
type intent struct {
	Version  int       `json:"version"`
	Attempts []attempt `json:"attempts,omitempty"`

	// Of a publication that stands, and only has to be swept up after: what is to be removed, and whether it put back what was before.
	Sweep []string `json:"sweep,omitempty"`
	Back  bool     `json:"back,omitempty"`
}

// restored reports whether what was begun has put back what was before, and only has to be swept up after.
func (i intent) restored(parts []string) bool {
	n := len(i.Attempts)
	return i.Back || n > 0 && i.Attempts[n-1].Back && slices.Equal(i.Attempts[n-1].Parts, parts)
}

type attempt struct {
	Parts []string `json:"parts"`
	Kept  []string `json:"kept,omitempty"`
	Back  bool     `json:"back,omitempty"` // whether it put back what was before
}

// split deals files out to parts, of which there are about as many as each has files, so that neither a part nor the list of them is large.
func split(files part) []part {
	n := 1
	for n*n < len(files) {
		n *= 2
	}
	parts := make([]part, n)
	for i := range parts {
		parts[i] = part{}
	}
	for path, e := range files {
		parts[partOf(path, n)][path] = e
	}
	return parts
}

// partOf returns which of n parts (a power of two) a path belongs to.
func partOf(path string, n int) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(path)) // it never fails
	return int(h.Sum32()) & (n - 1)
}

// encode returns a part as it is kept, and its digest.
func (p part) encode() (data []byte, digest string, err error) {
	data, err = json.Marshal(p) // by path
	return data, digestOf(data), err
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// read reads one of the files which say what was published, and reports whether it is there.
func read(ctx context.Context, p place, name string, into any) (bool, error) {
	data, err := p.Get(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read what was published: %w", err)
	}
	var head struct{ Version int }
	if err := errors.Join(json.Unmarshal(data, &head), json.Unmarshal(data, into)); err != nil || head.Version != stateVersion {
		return false, fmt.Errorf("read what was published: %s is none that this version of Waymark wrote (%w)", name, errDamaged)
	}
	return true, nil
}

func readPart(ctx context.Context, p place, digest string) (part, error) {
	data, err := p.Get(ctx, partPrefix+digest)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read what was published: %s%s is gone (%w)", partPrefix, digest, errDamaged)
	}
	if err != nil {
		return nil, fmt.Errorf("read what was published: %w", err)
	}
	var files part
	if digestOf(data) != digest || json.Unmarshal(data, &files) != nil {
		return nil, fmt.Errorf("read what was published: %s%s is damaged (%w)", partPrefix, digest, errDamaged)
	}
	return files, nil
}

// known is what may stand at a place, in as far as it may differ from what is wanted there.
type known struct {
	was      publication
	there    bool // whether anything was published
	begun    intent
	files    part   // of the publication that stands there
	attempts []part // of what was begun since
}

// look reads what may stand at a place. Parts that all agree on with what is wanted are not fetched.
func look(ctx context.Context, p place, wanted []part) (k known, err error) {
	if k.there, err = read(ctx, p, rootName, &k.was); err != nil {
		return k, err
	}
	if _, err := read(ctx, p, intentName, &k.begun); err != nil {
		return k, err
	}
	same, err := k.agreement(wanted)
	if err != nil {
		return k, err
	}
	fetch := func(parts []string) (part, error) {
		files := part{}
		for i, digest := range parts {
			if len(parts) == len(wanted) && same[i] {
				maps.Copy(files, wanted[i])
				continue
			}
			some, err := readPart(ctx, p, digest)
			if err != nil {
				return nil, err
			}
			maps.Copy(files, some)
		}
		return files, nil
	}
	if k.files, err = fetch(k.was.Parts); err != nil {
		return k, err
	}
	for _, a := range k.begun.Attempts {
		files, err := fetch(a.Parts)
		if err != nil {
			return k, err
		}
		k.attempts = append(k.attempts, files)
	}
	return k, nil
}

// agreement says of each part that is wanted whether it is the same in all that may stand there.
func (k known) agreement(wanted []part) ([]bool, error) {
	same := make([]bool, len(wanted))
	lists := [][]string{k.was.Parts}
	for _, a := range k.begun.Attempts {
		lists = append(lists, a.Parts)
	}
	for i, p := range wanted {
		_, digest, err := p.encode()
		if err != nil {
			return nil, err
		}
		same[i] = !slices.ContainsFunc(lists, func(parts []string) bool { return len(parts) != len(wanted) || parts[i] != digest })
	}
	return same, nil
}

// sortedPaths returns the paths of files.
func sortedPaths[V any](files map[string]V) []string {
	paths := make([]string, 0, len(files))
	for path := range files {
		paths = append(paths, path)
	}
	slices.SortFunc(paths, cmp.Compare)
	return paths
}
