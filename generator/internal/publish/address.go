package publish

import (
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/storage"
)

// kinds says which addresses there are, for messages.
const kinds = "s3://bucket/folder, gs://bucket/folder, azblob://container/folder, sftp://user@host/folder, file:///folder, or git:remote#branch"

// Check returns a *diag.UsageError for an address that is none of a place that is known, or that holds a password.
func Check(address string) error {
	if rest, is := strings.CutPrefix(address, "git:"); is {
		if rest == "" || strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "#") {
			return diag.Usagef("the address %q names no repository (write for example git:origin#pages)", diag.Printable(address))
		}
		if u, err := url.Parse(rest); err == nil && u.User != nil {
			if _, secret := u.User.Password(); secret || u.Scheme == "https" || u.Scheme == "http" { // where a token may stand for the name
				return diag.Usagef("the address holds a password or a token: leave these to git's credentials")
			}
		}
		return nil
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Scheme == "":
		return diag.Usagef("%q is no address to publish at (write %s)", diag.Printable(address), kinds)
	case !storage.Knows(u.Scheme):
		return diag.Usagef("%q is no kind of place that is known (write %s)", u.Scheme, kinds)
	case u.Scheme == "sftp" && (strings.Trim(u.Path, "/") == "" || !plainName(u.User)):
		return diag.Usagef("write sftp://user@host/folder, without a password: who you are, an agent or a key of yours says")
	case u.Scheme != "sftp" && u.User != nil:
		return diag.Usagef("the address holds a name or password: leave these to the variables of the store's own tools, or to a role")
	case u.Scheme == "file" && (u.Host != "" || !strings.HasPrefix(u.Path, "/") || filepath.Clean(u.Path) == "/"):
		return diag.Usagef("%q names no folder (write three slashes: file:///srv/www)", diag.Printable(address))
	case u.Scheme != "file" && u.Host == "":
		return diag.Usagef("%q names no bucket (write %s)", diag.Printable(address), kinds)
	}
	return nil
}

// plainName reports whether a user has a name at most.
func plainName(u *url.Userinfo) bool {
	_, secret := u.Password()
	return !secret
}

// Folder returns the folder of this machine that an address stands for, or "".
func Folder(address string) string {
	if u, err := url.Parse(address); err == nil && u.Scheme == "file" {
		return filepath.Clean(filepath.FromSlash(strings.TrimPrefix(u.Path, map[bool]string{true: "/", false: ""}[len(u.Path) > 2 && u.Path[2] == ':'])))
	}
	return ""
}

// open opens the place at an address.
func open(ctx context.Context, address, repo string) (place, error) {
	if err := Check(address); err != nil {
		return nil, err
	}
	if rest, is := strings.CutPrefix(address, "git:"); is {
		return openBranch(ctx, rest, repo)
	}
	if dir := Folder(address); dir != "" {
		return folder{dir}, nil
	}
	store, err := storage.Open(address)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", address, err)
	}
	return bucket{store}, nil
}
