package generator

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/fetch"
	"waymark/generator/internal/markdown"
	"waymark/generator/internal/site"
)

// Pinned is a file with the ids that were written into it.
type Pinned struct {
	File string // relative to the site's folder
	Data []byte // of the whole file
	IDs  int    // how many
	Left int    // questions and cards that no id can be written to, because they do not stand in the file as they are read
}

// PinIDs gives each question and card that has none a short id of its own, so that readers keep what they did when it gets other words. It
// writes nothing: the caller gets the files as they should be, in which nothing else is changed. The list has all mistakes of the
// site; pages with errors are left out.
func PinIDs(ctx context.Context, c Config) ([]Pinned, diag.List, error) {
	b, list, err := openSite(ctx, c)
	if err != nil || b == nil {
		return nil, list, err
	}
	defer b.close()
	taken := map[string]bool{}
	known := b.site.IDs()
	for _, id := range slices.Concat(known.Questions, known.Cards, known.Sheets) {
		taken[id] = true
	}
	var out []Pinned
	for _, p := range b.site.Pages {
		pinned, err := pin(b.Dir, p, taken)
		if err != nil {
			return nil, list, err
		}
		if pinned.IDs > 0 || pinned.Left > 0 {
			out = append(out, pinned)
		}
	}
	return out, list, nil
}

// pin writes ids behind the questions and cards of a page that have none.
func pin(dir string, p *site.Page, taken map[string]bool) (Pinned, error) {
	out := Pinned{File: p.Name()}
	after := map[int]string{} // what is to stand behind a line, by its number
	if p.Doc == nil {
		return out, nil
	}
	write := func(fence markdown.Fence, id, key string, end diag.Position) {
		switch {
		case id != "":
		case fence.Stop == 0:
			out.Left++
		default:
			after[end.Line] = fence.Prefix + "id: " + shortID(key, taken)
			out.IDs++
		}
	}
	for i := range p.Doc.Quizzes {
		for j := range p.Doc.Quizzes[i].Questions {
			q := &p.Doc.Quizzes[i].Questions[j]
			write(p.Doc.Quizzes[i].Fence, q.ID, q.Key(p.ID), q.End)
		}
	}
	for i := range p.Doc.Cards {
		for j := range p.Doc.Cards[i].Cards {
			c := &p.Doc.Cards[i].Cards[j]
			write(p.Doc.Cards[i].Fence, c.ID, c.Key(p.ID), c.End)
		}
	}
	for i := range p.Doc.Sheets {
		s := &p.Doc.Sheets[i]
		write(s.Fence, s.ID, s.Key(p.ID), s.End)
	}
	if out.IDs == 0 {
		return out, nil
	}
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(p.Doc.Name)))
	if err != nil {
		return out, fmt.Errorf("pin ids: %w", err)
	}
	out.Data = behindLines(data, after)
	return out, nil
}

// behindLines puts lines behind others, by their numbers, with the ends that those have.
func behindLines(data []byte, after map[int]string) []byte {
	var out bytes.Buffer
	for n := 1; len(data) > 0; n++ {
		end := bytes.IndexAny(data, "\r\n")
		size := 1
		if end < 0 {
			end, size = len(data), 0
		} else if bytes.HasPrefix(data[end:], []byte("\r\n")) {
			size = 2
		}
		out.Write(data[:end+size])
		if line, wanted := after[n]; wanted {
			if size == 0 {
				out.WriteByte('\n')
			}
			out.WriteString(line)
			out.Write(data[end : end+size])
		}
		data = data[end+size:]
	}
	return out.Bytes()
}

// idSigns are those of short ids: none that is easily taken for another, and no vowels, which would make words.
const idSigns = "bcdfghjkmnpqrstvwxz23456789"

// shortID makes a short id of a long one. It is another one where that is taken.
func shortID(long string, taken map[string]bool) string {
	for n := 0; ; n++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s#%d", long, n))
		id := ""
		for _, c := range sum[:6] {
			id += string(idSigns[int(c)%len(idSigns)])
		}
		if !taken[id] {
			taken[id] = true
			return id
		}
	}
}

// LostIDs are the ids that a published site has and this one would lose.
type LostIDs struct {
	Site      string   `json:"site,omitempty"` // the lasting name of the published site, where this one has another: then all is lost
	Pages     []string `json:"pages"`
	Questions []string `json:"questions"`
	Cards     []string `json:"cards"`
	Sheets    []string `json:"sheets"`
}

// CompareIDs compares the lasting ids of a site with those of one that is published, at an address or in a folder. What readers did
// with an id that is lost is theirs still, but belongs to nothing any more.
func CompareIDs(ctx context.Context, c Config, published string) (LostIDs, diag.List, error) {
	before, err := readIDs(ctx, published)
	if err != nil {
		return LostIDs{}, nil, err
	}
	b, list, err := openSite(ctx, c)
	if err != nil || b == nil {
		return LostIDs{}, list, err
	}
	defer b.close()
	lost := b.site.Lost(before)
	differs := ""
	if before.Site != b.config.ID {
		differs = before.Site
	}
	return LostIDs{Site: differs, Pages: lost.Pages, Questions: lost.Questions, Cards: lost.Cards, Sheets: lost.Sheets}, list, nil
}

// readIDs reads the list of ids of a published site.
func readIDs(ctx context.Context, published string) (ids site.IDs, err error) {
	var data []byte
	if strings.HasPrefix(published, "https://") || strings.HasPrefix(published, "http://") {
		data, err = fetch.File(ctx, strings.TrimSuffix(published, "/")+"/"+site.IDsPath)
		if errors.Is(err, fs.ErrNotExist) {
			return ids, diag.Usagef("there is no %s at %s: name the address of the home page; a site that an older Waymark built has none", site.IDsPath, published)
		}
	} else {
		data, err = os.ReadFile(filepath.Join(published, site.IDsPath))
		if errors.Is(err, fs.ErrNotExist) {
			return ids, diag.Usagef("there is no %s in %s: name the folder that a site was built into", site.IDsPath, published)
		}
	}
	if err != nil {
		return ids, fmt.Errorf("read the ids of %s: %w", published, err)
	}
	if err := json.Unmarshal(data, &ids); err != nil || ids.Version == 0 {
		return ids, diag.Usagef("%s of %s is no list of ids", site.IDsPath, published)
	}
	if ids.Version > 1 {
		return ids, diag.Usagef("%s of %s was written by a newer Waymark", site.IDsPath, published)
	}
	slices.Sort(ids.Pages)
	return ids, nil
}
