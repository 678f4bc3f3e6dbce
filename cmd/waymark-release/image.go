package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// image makes an image for containers, of the Linux platforms that were built: the two programs and nothing else, run by nobody. It is an
// OCI layout in an archive, which skopeo, podman and docker load, and crane pushes.
func (r *release) image() error {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	built := false
	for _, t := range r.targets {
		if t.os != "linux" {
			continue
		}
		one, err := r.imageOf(t)
		if err != nil {
			return err
		}
		built = true
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: one, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: t.os, Architecture: t.arch}}})
	}
	if !built {
		return nil
	}
	at := filepath.Join(r.work, "image")
	if _, err := layout.Write(at, index); err != nil {
		return err
	}
	var list []file
	err := filepath.WalkDir(at, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(at, p)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(p)
		list = append(list, file{filepath.ToSlash(rel), data, 0o644})
		return err
	})
	if err != nil {
		return err
	}
	data, err := r.tarred("", list)
	return errors.Join(err, r.write("waymark_"+r.version+"_image.oci.tar", data))
}

func (r *release) imageOf(t target) (v1.Image, error) {
	var list []file
	for _, p := range programs {
		data, err := os.ReadFile(filepath.Join(r.work, t.os+"-"+t.arch, p.name))
		if err != nil {
			return nil, err
		}
		list = append(list, file{"usr/bin/" + p.name, data, 0o755})
	}
	data, err := r.tarred("", list)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image, err := mutate.Append(mutate.MediaType(mutate.ConfigMediaType(empty.Image, types.OCIConfigJSON), types.OCIManifestSchema1), mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: r.time}, CreatedBy: "waymark-release"}})
	if err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = t.os, t.arch, v1.Time{Time: r.time}
	config.Config = v1.Config{
		User: "65532:65532", WorkingDir: "/site", Entrypoint: []string{"/usr/bin/waymark"}, Cmd: []string{"--help"}, Env: []string{"PATH=/usr/bin"},
		Labels: map[string]string{"org.opencontainers.image.title": "waymark", "org.opencontainers.image.version": r.version, "org.opencontainers.image.licenses": "MIT", "org.opencontainers.image.source": r.source, "org.opencontainers.image.revision": r.commit},
	}
	return mutate.ConfigFile(image, config)
}
