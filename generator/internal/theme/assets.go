package theme

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
	"waymark/generator/internal/search"
	"waymark/generator/internal/words"
)

// hashLength is how many characters of a fingerprint esbuild writes.
const hashLength = 8

// assetFolder is where bundled assets lie in the output.
const assetFolder = "assets"

// bundle bundles, minifies and fingerprints the theme's style sheet and scripts with all that they import.
func (t *Theme) bundle() (diag.List, error) {
	var entries []api.EntryPoint
	wanted := []string{t.style, t.script, t.early}
	for _, entry := range t.scripts {
		wanted = append(wanted, entry)
	}
	slices.Sort(wanted)
	for _, entry := range wanted {
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
		LogLevel: api.LogLevelSilent, Plugins: []api.Plugin{themeFiles(t.files, t.say, t.look)},
	})
	var list diag.List
	for _, m := range result.Errors {
		list.Add(t.bundleError(m))
	}
	if len(list) > 0 {
		return list, nil
	}
	for _, m := range result.Warnings {
		d := t.bundleError(m)
		d.Severity, d.Hint = diag.Warning, "browsers leave out what they do not understand"
		list.Add(d)
	}
	for _, f := range result.OutputFiles {
		p := strings.TrimPrefix(f.Path, "/")
		t.Assets = append(t.Assets, File{Path: p, Data: f.Contents})
		sum := sha512.Sum384(f.Contents)
		t.place(Asset{Path: p, Integrity: "sha384-" + base64.StdEncoding.EncodeToString(sum[:])})
	}
	for _, name := range t.preload {
		if !slices.ContainsFunc(t.Preload, func(output string) bool { return made(name, output) }) {
			list.Add(diag.Diagnostic{
				Pos: diag.Position{File: t.file}, Severity: diag.Error, Code: "asset",
				Message: fmt.Sprintf("preload names %q, which the style sheet does not use", name),
				Hint:    "name the files as the style sheet does, from the folder assets; a style sheet of the site's own may have lost the theme's @font-face",
			})
			return list, nil
		}
	}
	if err := t.addIcon(); err != nil {
		list.Add(diag.Diagnostic{Pos: diag.Position{File: t.file}, Severity: diag.Error, Code: "asset", Message: "the theme's icon cannot be read", Hint: err.Error()})
		return list, nil
	}
	return list, nil
}

// addIcon fingerprints the site's icon, which no style sheet names.
func (t *Theme) addIcon() error {
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
	t.Icon.Path = assetFolder + "/" + name + "-" + strings.ToUpper(hex.EncodeToString(sum[:4])) + ext
	t.Assets = append(t.Assets, File{Path: t.Icon.Path, Data: data})
	return nil
}

// place remembers which output belongs to which name of the theme.
func (t *Theme) place(a Asset) {
	is := func(source string) bool { return made(source, a.Path) }
	switch {
	case is(t.style):
		t.Style = a
	case is(t.script):
		t.Script = a
	case is(t.early):
		t.Early = a
	}
	for name, entry := range t.scripts {
		if is(entry) {
			t.Scripts[name] = a
		}
	}
	for _, p := range t.preload {
		if is(p) {
			t.Preload = append(t.Preload, a.Path)
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

// wordsModule is what the names begin with by which scripts import what they say: one for each part.
const wordsModule = "waymark:words/"

// lookModule is the name by which a style sheet imports what the site changes of it.
const lookModule = "waymark:look"

// foldingModule is the name by which a script imports the table of what of a spelling does not count in a search.
const foldingModule = "waymark:folding"

// themeFiles lets esbuild read the theme's assets, the site's own laid over them, and the words of scripts.
func themeFiles(files fs.FS, say *words.Words, look string) api.Plugin {
	return api.Plugin{Name: "theme", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^" + wordsModule}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(args.Path, wordsModule), Namespace: "words"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "words"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := say.Scripts(args.Path)
			contents := string(data)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJSON}, err
		})
		build.OnResolve(api.OnResolveOptions{Filter: "^" + foldingModule + "$"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: args.Path, Namespace: "folding"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "folding"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			contents := string(search.Folding)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJSON}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: "^" + lookModule + "$"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: args.Path, Namespace: "look"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "look"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			return api.OnLoadResult{Contents: &look, Loader: api.LoaderCSS}, nil
		})
		build.OnResolve(api.OnResolveOptions{Filter: ".*", Namespace: "look"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: args.Path, External: true}, nil // a file of the site's, and none of the theme's
		})
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

func (t *Theme) bundleError(m api.Message) diag.Diagnostic {
	d := diag.Diagnostic{Pos: diag.Position{File: t.file}, Severity: diag.Error, Code: "asset", Message: m.Text, Hint: "mend the theme's style sheet or script"}
	if m.Location != nil {
		d.Pos = diag.Position{File: t.display("assets" + strings.TrimPrefix(m.Location.File, "theme:")), Line: m.Location.Line, Col: m.Location.Column + 1}
	}
	return d
}
