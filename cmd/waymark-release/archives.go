package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm"
)

// tarred puts files into an archive below a folder, in the order of their names.
func (r *release) tarred(folder string, list []file) ([]byte, error) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(x, y file) int { return strings.Compare(x.name, y.name) })
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range list {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: path.Join(folder, f.name), Size: int64(len(f.data)), Mode: f.mode, ModTime: r.time, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close() // which writes the end
	return b.Bytes(), err
}

func (r *release) tar(name string, list []file) error {
	data, err := r.tarred(name, list)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return errors.Join(err, w.Close(), r.write(name+".tar.gz", b.Bytes()))
}

func (r *release) zip(name string, list []file) error {
	list = slices.Clone(list)
	slices.SortFunc(list, func(x, y file) int { return strings.Compare(x.name, y.name) })
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range list {
		h := &zip.FileHeader{Name: path.Join(name, f.name), Method: zip.Deflate, Modified: r.time}
		h.SetMode(fs.FileMode(f.mode)) //nolint:gosec // it is small
		in, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := in.Write(f.data); err != nil {
			return err
		}
	}
	return errors.Join(w.Close(), r.write(name+".zip", b.Bytes()))
}

// places are where the files of an archive lie once a package is installed; what stands in none is not in packages.
func place(name string) string {
	switch {
	case name == "waymark", name == "waymark-storage":
		return "/usr/bin/" + name
	case name == "completions/waymark.bash":
		return "/usr/share/bash-completion/completions/waymark"
	case name == "completions/_waymark":
		return "/usr/share/zsh/vendor-completions/_waymark"
	case name == "completions/waymark.fish":
		return "/usr/share/fish/vendor_completions.d/waymark.fish"
	case strings.HasPrefix(name, "man/"):
		return "/usr/share/man/man1/" + path.Base(name)
	case name == "LICENSE":
		return "/usr/share/doc/waymark/copyright"
	case name == "THIRD-PARTY-LICENSES.txt":
		return "/usr/share/doc/waymark/" + name
	}
	return ""
}

// packages makes the packages of a Linux.
func (r *release) packages(t target, list []file) error {
	var contents files.Contents
	for i, f := range list {
		to := place(f.name)
		if to == "" {
			continue
		}
		from := filepath.Join(r.work, fmt.Sprintf("%s-%d", t.arch, i))
		if err := os.WriteFile(from, f.data, 0o600); err != nil {
			return err
		}
		contents = append(contents, &files.Content{Source: from, Destination: to, FileInfo: &files.ContentFileInfo{Mode: fs.FileMode(f.mode), MTime: r.time, Owner: "root", Group: "root"}}) //nolint:gosec // it is small
	}
	for _, kind := range []string{"deb", "rpm"} {
		info := nfpm.WithDefaults(&nfpm.Info{
			Name: "waymark", Arch: t.arch, Platform: "linux", Version: r.version, Section: "text", Priority: "optional", Maintainer: "The Waymark developers <waymark@localhost>",
			Description: "Turn Markdown posts and course notes into a learning site", License: "MIT", MTime: r.time, Overridables: nfpm.Overridables{Contents: contents, RPM: nfpm.RPM{BuildHost: "localhost"}},
		})
		packager, err := nfpm.Get(kind)
		if err != nil {
			return err
		}
		if err := nfpm.PrepareForPackager(info, kind); err != nil {
			return err
		}
		var b bytes.Buffer
		if err := packager.Package(info, &b); err != nil {
			return fmt.Errorf("make the %s: %w", kind, err)
		}
		if err := r.write(fmt.Sprintf("waymark_%s_%s.%s", r.version, t.arch, kind), b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
