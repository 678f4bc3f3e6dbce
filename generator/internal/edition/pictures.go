package edition

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"sync"

	"waymark/generator/diag"
	"waymark/generator/internal/images"
	"waymark/generator/internal/site"
)

// Recipe names all that the bytes of a product depend on which costs much to make: a narrower version of a picture, which
// need not be made again of the same bytes. It is "" for all other products.
func (p Product) Recipe() (string, error) {
	if p.Kind != site.NarrowerFile {
		return "", nil
	}
	digest, err := p.edition.digest(p.Source)
	return images.Recipe + " " + strconv.Itoa(p.Width) + " " + digest, err
}

// digest reads a picture once for all versions of it.
func (e *Edition) digest(name string) (string, error) {
	once, _ := e.digests.LoadOrStore(name, sync.OnceValues(func() (string, error) {
		data, err := e.read(name)
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:]), err
	}))
	return once.(func() (string, error))()
}

// narrower makes a narrower version of a picture.
func (e *Edition) narrower(o site.Output) (Made, error) {
	data, err := e.read(o.Source)
	if err != nil {
		return Made{}, err
	}
	small, err := images.Scale(o.Source, data, o.Width)
	if err != nil { // pages name this file, and shall find at least what there is
		return Made{Data: data, StandIn: true, Problem: &diag.Diagnostic{
			Pos: diag.Position{File: o.Source}, Severity: diag.Warning, Code: "image",
			Message: "no narrower versions can be made of this picture", Hint: err.Error(),
		}}, nil
	}
	return Made{Data: small}, nil
}
