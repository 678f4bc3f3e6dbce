package edition

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"

	"waymark/generator/diag"
	"waymark/generator/internal/images"
	"waymark/generator/internal/memo"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// pictures are those of a site that have narrower versions, by their names relative to the site's folder.
type pictures struct {
	byName map[string]*picture
	inWork *semaphore.Weighted // bounds the pixels of those that are decoded: the largest one alone, or some small ones
}

// picture is one of them.
type picture struct {
	name   string
	pixels int64
	widths []int // of its narrower versions

	mu    sync.Mutex   // held while it is decoded
	ready map[int]Made // versions that were made together with another one, and not asked for yet
	of    string       // the digest of the bytes that they were made of

	once   sync.Once
	digest string
	err    error
}

func newPictures(s *site.Site) pictures {
	p := pictures{byName: map[string]*picture{}, inWork: semaphore.NewWeighted(images.MaxPixels)}
	for _, f := range s.Files {
		if f.Image == nil {
			continue
		}
		one := &picture{name: path.Join(source.Folder, f.Source), pixels: min(int64(f.Image.Width)*int64(f.Image.Height), images.MaxPixels)}
		for _, scaled := range f.Image.Scaled {
			one.widths = append(one.widths, scaled.Width)
		}
		p.byName[one.name] = one
	}
	return p
}

// Recipe names all that the bytes of a product depend on which costs much to make: a narrower version of a picture or a card, which
// need not be made again of the same. It is "" for all other products.
func (p Product) Recipe() (string, error) {
	if p.Kind == site.CardFile {
		return p.edition.Site.Cards.Digest(p.edition.renderer.Card(p.Page)), nil
	}
	if p.Kind != site.NarrowerFile {
		return "", nil
	}
	of := p.edition.pictures.byName[p.Source]
	of.once.Do(func() { // for all versions of it
		var data []byte
		data, of.err = p.edition.read(of.name)
		of.digest = digestOf(data)
	})
	return images.Recipe + " " + strconv.Itoa(p.Width) + " " + of.digest, of.err
}

// picture makes a narrower version of a picture, or takes it from the memo.
func (p Product) picture(all bool) (Made, error) {
	e := p.edition
	if e.kept.memo == nil {
		m, _, err := e.narrower(p.Output, all)
		return m, err
	}
	recipe, err := p.Recipe()
	if err != nil {
		return Made{}, err
	}
	key := p.pictureKey(recipe)
	if data, found := e.kept.memo.Get(key); found {
		return Made{Data: data}, nil
	}
	m, of, err := e.narrower(p.Output, all)
	if err == nil && m.Problem == nil && of == e.pictures.byName[p.Source].digest { // or it is another picture by now
		e.kept.keep(key, m.Data)
	}
	return m, err
}

// pictureKey names what is made by a recipe: the ending decides in which format.
func (p Product) pictureKey(recipe string) memo.Key {
	return memo.KeyOf("picture", p.edition.kept.program, []byte(recipe), []byte(strings.ToLower(path.Ext(p.Path))))
}

// narrower makes a narrower version of a picture, and says of what: the digest of the bytes. Where all versions are wanted, the picture is
// decoded once for all of them: the others are kept until they are asked for.
func (e *Edition) narrower(o site.Output, all bool) (m Made, of string, err error) {
	p := e.pictures.byName[o.Source]
	p.mu.Lock()
	defer p.mu.Unlock()
	if m, made := p.ready[o.Width]; made {
		delete(p.ready, o.Width)
		return m, p.of, nil
	}
	widths := []int{o.Width}
	if all {
		widths = p.widths
	}
	versions, of, err := e.scale(p, widths)
	if err != nil {
		return Made{}, "", err
	}
	m = versions[o.Width]
	delete(versions, o.Width)
	p.ready, p.of = versions, of
	return m, of, nil
}

// scale decodes a picture, when there is room for it, and makes versions of it.
func (e *Edition) scale(p *picture, widths []int) (made map[int]Made, of string, err error) {
	if err := e.pictures.inWork.Acquire(context.Background(), p.pixels); err != nil {
		return nil, "", err
	}
	defer e.pictures.inWork.Release(p.pixels)
	data, err := e.read(p.name)
	if err != nil {
		return nil, "", err
	}
	versions := map[int]Made{}
	scaled, err := images.Scale(p.name, data, widths...)
	for i, width := range widths {
		if err == nil {
			versions[width] = Made{Data: scaled[i]}
			if len(scaled[i]) >= len(data) { // fewer pixels may take more bytes, where there are few colours
				versions[width] = Made{Data: data}
			}
			continue
		}
		versions[width] = Made{Data: data, StandIn: true, Problem: &diag.Diagnostic{ // pages name this file, and shall find at least what there is
			Pos: diag.Position{File: p.name}, Severity: diag.Warning, Code: "image",
			Message: "no narrower versions can be made of this picture", Hint: err.Error(),
		}}
	}
	return versions, digestOf(data), nil
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
