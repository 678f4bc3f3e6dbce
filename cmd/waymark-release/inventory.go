package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// inventory writes what is built into the programs, as Go's linker wrote it into them (CycloneDX 1.6), and where the files came from
// (SLSA provenance 1.0, in an in-toto statement, unsigned: who builds it in public signs it there).
func (r *release) inventory() error {
	modules := map[string]string{}
	goVersion := ""
	for _, t := range r.targets {
		for _, p := range programs {
			info, err := buildinfo.ReadFile(filepath.Join(r.work, t.os+"-"+t.arch, t.program(p.name)))
			if err != nil {
				return err
			}
			goVersion = strings.TrimPrefix(info.GoVersion, "go")
			for _, d := range info.Deps {
				modules[d.Path+"@"+d.Version] = d.Sum
			}
		}
	}
	modules["std@"+goVersion] = ""
	names := make([]string, 0, len(modules))
	for name := range modules {
		names = append(names, name)
	}
	slices.Sort(names)
	components := make([]cdx.Component, 0, len(names))
	for _, name := range names {
		path, version, _ := strings.Cut(name, "@")
		url := "pkg:golang/" + path + "@" + version
		components = append(components, cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: path, Version: version, PackageURL: url})
	}
	bom := cdx.NewBOM()
	bom.SerialNumber = ""
	bom.Metadata = &cdx.Metadata{Timestamp: r.time.Format(time.RFC3339), Component: &cdx.Component{
		BOMRef: "waymark", Type: cdx.ComponentTypeApplication, Name: "waymark", Version: r.version, Licenses: &cdx.Licenses{{License: &cdx.License{ID: "MIT"}}},
	}}
	bom.Components = &components
	var b bytes.Buffer
	if err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return err
	}
	if err := r.write("waymark_"+r.version+"_sbom.cdx.json", b.Bytes()); err != nil {
		return err
	}
	return r.provenance(goVersion)
}

func (r *release) provenance(goVersion string) error {
	type subject struct {
		Name   string            `json:"name"`
		Digest map[string]string `json:"digest"`
	}
	var subjects []subject
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return err
		}
		subjects = append(subjects, subject{e.Name(), map[string]string{"sha256": digest(data)}})
	}
	statement := map[string]any{
		"_type": "https://in-toto.io/Statement/v1", "subject": subjects, "predicateType": "https://slsa.dev/provenance/v1",
		"predicate": map[string]any{
			"buildDefinition": map[string]any{
				"buildType": "https://waymark.invalid/release/v1", "externalParameters": map[string]any{"version": r.version, "epoch": r.time.Unix()},
				"internalParameters": map[string]any{"go": goVersion}, "resolvedDependencies": []any{map[string]any{"uri": r.source, "digest": map[string]string{"gitCommit": r.commit}}},
			},
			"runDetails": map[string]any{"builder": map[string]any{"id": "https://waymark.invalid/cmd/waymark-release"}},
		},
	}
	data, err := json.MarshalIndent(statement, "", "  ")
	if err != nil {
		return err
	}
	return r.write("waymark_"+r.version+"_provenance.json", append(data, '\n'))
}
