package render

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"waymark/generator/diag"
)

// Artifact is one file of the output: its path below the output folder, and its bytes.
type Artifact struct {
	Path string
	Data []byte
}

// Assets are a theme's bundled and fingerprinted files, by the name that the theme gives them.
type Assets struct {
	Artifacts                  []Artifact
	style, script, early, icon string // paths
	preload                    []string
	integrity                  map[string]string
}

// Style returns what a page says of its style sheet: the path relative to the output folder, and the integrity.
func (a *Assets) Style() (path, integrity string) { return a.style, a.integrity[a.style] }

// hashLength is how many characters of a fingerprint esbuild writes.
const hashLength = 8

// assetFolder is where bundled assets lie in the output.
const assetFolder = "assets"

// Bundle bundles, minifies and fingerprints the theme's style sheet and scripts with all that they import.
func (t *Theme) Bundle(display func(string) string) (*Assets, diag.List, error) {
	assets := &Assets{integrity: map[string]string{}}
	var entries []api.EntryPoint
	for _, entry := range []string{t.style, t.script, t.early} {
		if entry != "" {
			name := strings.TrimSuffix(path.Base(entry), path.Ext(entry))
			entries = append(entries, api.EntryPoint{InputPath: "/" + entry, OutputPath: name})
		}
	}
	result := api.Build(api.BuildOptions{
		EntryPointsAdvanced: entries, Bundle: true, Write: false, Outdir: "/" + assetFolder, AbsWorkingDir: "/",
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		Format: api.FormatIIFE, Target: api.ES2020, Charset: api.CharsetUTF8,
		EntryNames: "[name]-[hash]", AssetNames: "[name]-[hash]",
		Loader:   map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderFile, ".png": api.LoaderFile},
		LogLevel: api.LogLevelSilent, Plugins: []api.Plugin{themeFiles(t.files)},
	})
	var list diag.List
	for _, m := range result.Errors {
		list.Add(bundleError(m, t.file, display))
	}
	if len(list) > 0 {
		return nil, list, nil
	}
	for _, m := range result.Warnings {
		d := bundleError(m, t.file, display)
		d.Severity, d.Hint = diag.Warning, "browsers leave out what they do not understand"
		list.Add(d)
	}
	for _, f := range result.OutputFiles {
		p := strings.TrimPrefix(f.Path, "/")
		assets.Artifacts = append(assets.Artifacts, Artifact{Path: p, Data: f.Contents})
		sum := sha512.Sum384(f.Contents)
		assets.integrity[p] = "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
		assets.place(t, p)
	}
	for _, name := range t.preload {
		if !slices.ContainsFunc(assets.preload, func(output string) bool { return made(name, output) }) {
			list.Add(diag.Diagnostic{
				Pos: diag.Position{File: t.file}, Severity: diag.Error, Code: "asset",
				Message: fmt.Sprintf("preload names %q, which the style sheet does not use", name),
				Hint:    "name the files as the style sheet does, from the folder assets; a style sheet of the site's own may have lost the theme's @font-face",
			})
			return nil, list, nil
		}
	}
	if err := assets.addIcon(t); err != nil {
		list.Add(diag.Diagnostic{Pos: diag.Position{File: t.file}, Severity: diag.Error, Code: "asset", Message: "the theme's icon cannot be read", Hint: err.Error()})
		return nil, list, nil
	}
	return assets, list, nil
}

// addIcon fingerprints the site's icon, which no style sheet names.
func (a *Assets) addIcon(t *Theme) error {
	if t.icon == "" {
		return nil
	}
	data, err := fs.ReadFile(t.files, "assets/"+t.icon)
	if err != nil {
		return fmt.Errorf("read the theme's icon: %w", err)
	}
	sum := sha512.Sum384(data)
	ext := path.Ext(t.icon)
	name := strings.TrimSuffix(path.Base(t.icon), ext)
	a.icon = assetFolder + "/" + name + "-" + strings.ToUpper(hex.EncodeToString(sum[:4])) + ext
	a.Artifacts = append(a.Artifacts, Artifact{Path: a.icon, Data: data})
	return nil
}

// place remembers which output belongs to which name of the theme.
func (a *Assets) place(t *Theme, output string) {
	is := func(source string) bool { return made(source, output) }
	switch {
	case is(t.style):
		a.style = output
	case is(t.script):
		a.script = output
	case is(t.early):
		a.early = output
	}
	for _, p := range t.preload {
		if is(p) {
			a.preload = append(a.preload, output)
		}
	}
}

// made reports whether an output was made of a file of the theme.
func made(source, output string) bool {
	ext := path.Ext(source)
	stem := strings.TrimSuffix(path.Base(source), ext) + "-"
	hash, found := strings.CutPrefix(strings.TrimSuffix(path.Base(output), ext), stem)
	return source != "" && path.Ext(output) == ext && found && len(hash) == hashLength && !strings.Contains(hash, "-")
}

// themeFiles lets esbuild read the theme's assets, the site's own laid over them.
func themeFiles(files fs.FS) api.Plugin {
	return api.Plugin{Name: "theme", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			p := args.Path
			if !strings.HasPrefix(p, "/") {
				p = path.Join("/", path.Dir(args.Importer), p)
			}
			return api.OnResolveResult{Path: path.Clean(p), Namespace: "theme"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "theme"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := fs.ReadFile(files, "assets"+args.Path)
			if errors.Is(err, fs.ErrNotExist) {
				return api.OnLoadResult{}, fmt.Errorf("there is no asset %q", strings.TrimPrefix(args.Path, "/"))
			}
			if err != nil {
				return api.OnLoadResult{}, err
			}
			contents := string(data)
			loader := map[string]api.Loader{".css": api.LoaderCSS, ".js": api.LoaderJS, ".json": api.LoaderJSON}[path.Ext(args.Path)]
			if loader == 0 {
				loader = api.LoaderFile
			}
			return api.OnLoadResult{Contents: &contents, Loader: loader}, nil
		})
	}}
}

func bundleError(m api.Message, manifest string, display func(string) string) diag.Diagnostic {
	d := diag.Diagnostic{Pos: diag.Position{File: manifest}, Severity: diag.Error, Code: "asset", Message: m.Text, Hint: "mend the theme's style sheet or script"}
	if m.Location != nil {
		d.Pos = diag.Position{File: display("assets" + strings.TrimPrefix(m.Location.File, "theme:")), Line: m.Location.Line, Col: m.Location.Column + 1}
	}
	return d
}
