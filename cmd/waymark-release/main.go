// Command waymark-release makes the files of a release, the same bytes whenever and wherever it runs with the same Go: archives of waymark
// and waymark-storage for Linux, macOS and Windows, with completions, manual pages and licenses; packages for Debian and for systems with
// RPM; an image for containers; a list of what is inside (CycloneDX), a statement of where it came from (SLSA), and checksums.
//
// It is run from the top of Waymark's source, by make release. It is a module of its own because nobody else needs what it needs.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

func main() {
	var r release
	var only string
	flag.StringVar(&r.version, "version", "", "the version, such as 1.2.3")
	flag.StringVar(&r.out, "out", "dist", "the folder that is written into")
	flag.StringVar(&only, "only", "", "one platform alone, such as linux/amd64")
	flag.StringVar(&r.source, "source", "", "the address of the repository, for the statement of where it came from")
	flag.StringVar(&r.commit, "commit", "", "the commit, for the same")
	epoch := flag.Int64("epoch", 0, "the time that all files get, in seconds since 1970")
	flag.Parse()
	r.time = time.Unix(*epoch, 0).UTC()
	r.targets = slices.DeleteFunc(all(), func(t target) bool { return only != "" && t.String() != only })
	if err := r.make(); err != nil {
		fmt.Fprintln(os.Stderr, "waymark-release:", err)
		os.Exit(1)
	}
}

// programs are those of a release, with the folders that they are built in.
var programs = []struct{ name, folder string }{{"waymark", "."}, {"waymark-storage", "cmd/waymark-storage"}}

// target is a platform.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

// program is what a program is called there.
func (t target) program(name string) string {
	if t.os == "windows" {
		return name + ".exe"
	}
	return name
}

func all() (targets []target) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		for _, arch := range []string{"amd64", "arm64"} {
			targets = append(targets, target{system, arch})
		}
	}
	return targets
}

// release is what is made.
type release struct {
	version, out, source, commit string
	time                         time.Time
	targets                      []target
	work                         string // a folder for what is in between
	tried                        bool   // whether the programs are built as tests build them, so that nothing is compiled for this alone
	extras                       []file // that stand in every archive
}

// file is one in an archive.
type file struct {
	name string
	data []byte
	mode int64
}

var versionForm = regexp.MustCompile(`^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$`)

func (r *release) make() (err error) {
	switch {
	case !versionForm.MatchString(r.version) && versionForm.MatchString(strings.TrimPrefix(r.version, "v")):
		return fmt.Errorf("the version %q begins with a v, which tags have and versions do not (write %s)", r.version, r.version[1:])
	case !versionForm.MatchString(r.version):
		return fmt.Errorf("the version %q is none (write for example 1.2.3)", r.version)
	case len(r.targets) == 0:
		return errors.New("nothing is built for this platform")
	}
	if err := errors.Join(os.RemoveAll(r.out), os.MkdirAll(r.out, 0o755)); err != nil {
		return err
	}
	if r.work, err = os.MkdirTemp("", "waymark-release-*"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.work)) }()
	if r.extras, err = r.gather(); err != nil {
		return err
	}
	for _, t := range r.targets {
		if err := r.platform(t); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
	}
	if err := errors.Join(r.image(), r.inventory()); err != nil {
		return err
	}
	return r.sums()
}

// build builds a program, with nothing of this machine in it.
func (r *release) build(t target, name, folder string) (string, error) {
	out, err := filepath.Abs(filepath.Join(r.work, t.os+"-"+t.arch, t.program(name)))
	if err != nil {
		return "", err
	}
	what := "."
	if folder == "." {
		what = "./cmd/" + name
	}
	args := []string{"build", "-buildvcs=false", "-ldflags", "-s -w -X main.release=" + r.version, "-o", out}
	cmd := exec.Command("go", append(args, what)...)
	if !r.tried {
		cmd = exec.Command("go", append(args, "-trimpath", what)...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+t.os, "GOARCH="+t.arch, "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0")
	}
	cmd.Dir = folder
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, said)
	}
	return out, nil
}

// gather makes what stands in every archive: completions and manual pages, by the program itself, and licenses.
func (r *release) gather() ([]file, error) {
	host, err := r.build(target{runtime.GOOS, runtime.GOARCH}, "waymark", ".")
	if err != nil {
		return nil, err
	}
	var files []file
	for _, shell := range []struct{ name, file string }{{"bash", "waymark.bash"}, {"zsh", "_waymark"}, {"fish", "waymark.fish"}, {"powershell", "waymark.ps1"}} {
		text, err := exec.Command(host, "completion", shell.name).Output()
		if err != nil {
			return nil, fmt.Errorf("make completions: %w", err)
		}
		files = append(files, file{"completions/" + shell.file, text, 0o644})
	}
	pages := filepath.Join(r.work, "man")
	man := exec.Command(host, "manual", pages)
	man.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", r.time.Unix()))
	if said, err := man.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make manual pages: %w\n%s", err, said)
	}
	found, err := filepath.Glob(filepath.Join(pages, "*.1"))
	if err != nil {
		return nil, err
	}
	for _, page := range found {
		text, err := os.ReadFile(page)
		if err != nil {
			return nil, err
		}
		files = append(files, file{"man/" + filepath.Base(page), text, 0o644})
	}
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, text, 0o644})
	}
	text, err := licenses()
	return append(files, file{"THIRD-PARTY-LICENSES.txt", text, 0o644}), err
}

// embedded are the licenses of what lies in the program without being a module: fonts, and scripts for browsers.
var embedded = []string{
	"generator/internal/card/fonts/OFL.txt", "generator/internal/formula/LICENSE.temml", "themes/trail/assets/fonts/OFL.txt", "themes/trail/assets/js/ts-fsrs/LICENSE",
}

// licenses puts together the licenses of all that is built in.
func licenses() ([]byte, error) {
	seen := map[string]string{}
	for _, p := range programs {
		what := "."
		if p.folder == "." {
			what = "./cmd/" + p.name
		}
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", what)
		cmd.Dir = p.folder
		out, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("list modules: %w", err)
		}
		for line := range strings.Lines(string(out)) {
			if module, dir, found := strings.Cut(strings.TrimSpace(line), "\t"); found {
				seen[module] = dir
			}
		}
	}
	modules := make([]string, 0, len(seen))
	for module := range seen {
		modules = append(modules, module)
	}
	slices.Sort(modules)
	var b bytes.Buffer
	for _, module := range modules {
		entries, err := os.ReadDir(seen[module])
		if err != nil {
			return nil, err
		}
		found := false
		for _, e := range entries {
			if !isLicense(e.Name()) || e.IsDir() {
				continue
			}
			text, err := os.ReadFile(filepath.Join(seen[module], e.Name()))
			if err != nil {
				return nil, err
			}
			found = true
			fmt.Fprintf(&b, "%s (%s)\n\n%s\n\n%s\n\n", module, e.Name(), bytes.TrimSpace(text), strings.Repeat("-", 78))
		}
		if !found {
			return nil, fmt.Errorf("%s has no license that could be given along", module)
		}
	}
	for _, name := range embedded {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s\n\n%s\n\n%s\n\n", name, bytes.TrimSpace(text), strings.Repeat("-", 78))
	}
	return b.Bytes(), nil
}

func isLicense(name string) bool {
	name = strings.ToUpper(name)
	for _, begin := range []string{"LICENSE", "LICENCE", "COPYING", "NOTICE"} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

// platform makes what there is for a platform.
func (r *release) platform(t target) error {
	files := slices.Clone(r.extras)
	for _, p := range programs {
		at, err := r.build(t, p.name, p.folder)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(at)
		if err != nil {
			return err
		}
		files = append(files, file{t.program(p.name), data, 0o755})
	}
	name := fmt.Sprintf("waymark_%s_%s_%s", r.version, t.os, t.arch)
	if t.os == "windows" {
		return r.zip(name, files)
	}
	err := r.tar(name, files)
	if t.os == "linux" {
		err = errors.Join(err, r.packages(t, files))
	}
	return err
}

// write writes a file of the release.
func (r *release) write(name string, data []byte) error {
	return os.WriteFile(filepath.Join(r.out, name), data, 0o644)
}

// sums writes the checksums of all files.
func (r *release) sums() error {
	entries, err := os.ReadDir(r.out)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(r.out, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s  %s\n", digest(data), e.Name())
	}
	return r.write("SHA256SUMS", []byte(b.String()))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
