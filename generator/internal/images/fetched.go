package images

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"strings"

	"waymark/generator/internal/slug"
)

// FetchedFolder is the folder of the content in which pictures of other hosts lie that an author had fetched.
const FetchedFolder = "pictures-from"

// FetchedKey returns where the picture at an address lies once it has been fetched: its path below the content folder, without an
// ending, which depends on what it is. It is "" for what is no address.
func FetchedKey(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	host := slug.Make(u.Host)
	name := slug.Make(strings.TrimSuffix(path.Base(u.Path), path.Ext(u.Path)))
	if runes := []rune(name); len(runes) > 60 {
		name = string(runes[:60])
	}
	if name == "" {
		name = "picture"
	}
	sum := sha256.Sum256([]byte(address))
	return FetchedFolder + "/" + host + "/" + name + "-" + hex.EncodeToString(sum[:4])
}
