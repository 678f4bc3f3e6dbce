package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"
)

// dist is a release for this platform alone, made once for all tests.
var dist string

const testVersion = "0.0.1"

func TestMain(m *testing.M) {
	if runtime.GOOS != "linux" {
		return // what is made of a release is tried on Linux
	}
	if err := os.Chdir(filepath.Join("..", "..")); err != nil {
		panic(err)
	}
	dir, err := os.MkdirTemp("", "dist-*")
	if err == nil {
		dist = dir
		err = made(dist)
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		_, _ = os.Stderr.WriteString(err.Error() + "\n")
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func made(out string) error {
	r := release{tried: true, version: testVersion, out: out, time: time.Unix(1_700_000_000, 0).UTC(), targets: []target{{"linux", runtime.GOARCH}}}
	return r.make()
}

func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		all[e.Name()] = hex.EncodeToString(sum[:])
	}
	return all
}

// Made twice, a release has the same bytes.
func TestTheSameBytes(t *testing.T) {
	again := t.TempDir()
	if err := made(again); err != nil {
		t.Fatal(err)
	}
	first, second := sums(t, dist), sums(t, again)
	if len(first) != len(second) || len(first) < 6 {
		t.Fatalf("%d and %d files", len(first), len(second))
	}
	for name, sum := range first {
		if second[name] != sum {
			t.Errorf("%s differs", name)
		}
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH=/usr/sbin:/usr/bin:/sbin:/bin")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// From an empty folder with an archive alone: a site, a check, a publication, and back. Nothing else is needed.
func TestAnArchiveAlone(t *testing.T) {
	dir := t.TempDir()
	archive := "waymark_" + testVersion + "_linux_" + runtime.GOARCH
	run(t, dir, "tar", "-xzf", filepath.Join(dist, archive+".tar.gz"))
	waymark := filepath.Join(dir, archive, "waymark")
	if v := run(t, dir, waymark, "version"); !strings.HasPrefix(v, "waymark "+testVersion+" go") {
		t.Errorf("version: %s", v)
	}
	run(t, dir, waymark, "new", "site", "notes")
	run(t, dir, waymark, "check", "-s", "notes")
	web := filepath.Join(dir, "web")
	if out := run(t, dir, waymark, "publish", "file://"+web, "-s", "notes"); !strings.Contains(out, " new, 0 replaced") {
		t.Errorf("publish: %s", out)
	}
	run(t, dir, waymark, "publish", "file://"+web, "-s", "notes")
	page, err := os.ReadFile(filepath.Join(web, "index.html"))
	if err != nil || !bytes.Contains(page, []byte("<!doctype html>")) {
		t.Errorf("the first page: %v", err)
	}
	for _, name := range []string{"man/waymark-publish.1", "completions/waymark.bash", "LICENSE", "THIRD-PARTY-LICENSES.txt"} {
		if info, err := os.Stat(filepath.Join(dir, archive, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	third, err := os.ReadFile(filepath.Join(dir, archive, "THIRD-PARTY-LICENSES.txt"))
	if err != nil || !bytes.Contains(third, []byte("github.com/yuin/goldmark v")) || !bytes.Contains(third, []byte("gocloud.dev v")) {
		t.Errorf("licenses: %v", err)
	}
	for _, name := range embedded {
		if !bytes.Contains(third, []byte("\n"+name+"\n")) {
			t.Errorf("the license of what is embedded is missing: %s", name)
		}
	}
}

// The package is installed by dpkg, works, and goes without a trace.
func TestThePackageOfDebian(t *testing.T) {
	if _, err := exec.LookPath("dpkg"); err != nil || os.Getuid() != 0 {
		t.Skip("dpkg and its rights are missing")
	}
	root := t.TempDir()
	for _, dir := range []string{"var/lib/dpkg/info", "var/lib/dpkg/updates", "usr"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "var/lib/dpkg/status"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, root, "dpkg", "--root="+root, "--force-script-chrootless", "-i", filepath.Join(dist, "waymark_"+testVersion+"_"+runtime.GOARCH+".deb"))
	if v := run(t, root, filepath.Join(root, "usr/bin/waymark"), "version"); !strings.Contains(v, testVersion) {
		t.Errorf("version: %s", v)
	}
	for _, name := range []string{"usr/bin/waymark-storage", "usr/share/man/man1/waymark.1", "usr/share/bash-completion/completions/waymark", "usr/share/doc/waymark/copyright"} {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			t.Error(err)
		}
	}
	run(t, root, "dpkg", "--root="+root, "--force-script-chrootless", "-r", "waymark")
	left, err := filepath.Glob(filepath.Join(root, "usr/bin/*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left: %v %v", left, err)
	}
}

// The image holds the two programs and nothing else, which nobody runs who has rights.
func TestTheImage(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(dist, "waymark_"+testVersion+"_image.oci.tar"))
	if err != nil {
		t.Fatal(err)
	}
	blobs := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if blobs[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	type descriptor struct {
		Digest   string
		Platform struct{ Architecture string }
	}
	blob := func(d string) []byte { return blobs["blobs/sha256/"+strings.TrimPrefix(d, "sha256:")] }
	var index struct{ Manifests []descriptor }
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	var config struct {
		Config struct {
			User       string
			Entrypoint []string
		}
	}
	if err := json.Unmarshal(blobs["index.json"], &index); err != nil || len(index.Manifests) != 1 || index.Manifests[0].Platform.Architecture != runtime.GOARCH {
		t.Fatalf("index: %v %s", err, blobs["index.json"])
	}
	if err := errors.Join(json.Unmarshal(blob(index.Manifests[0].Digest), &manifest), json.Unmarshal(blob(manifest.Config.Digest), &config)); err != nil || len(manifest.Layers) != 1 {
		t.Fatalf("manifest: %v", err)
	}
	if config.Config.User != "65532:65532" || strings.Join(config.Config.Entrypoint, " ") != "/usr/bin/waymark" {
		t.Errorf("config: %+v", config)
	}
	if out := runIn(t, blob(manifest.Layers[0].Digest)); !regexp.MustCompile(`(?m)^usr/bin/waymark\nusr/bin/waymark-storage$`).MatchString(out) {
		t.Errorf("the layer holds %s", out)
	}
}

// runIn lists what a layer holds.
func runIn(t *testing.T, layer []byte) string {
	t.Helper()
	cmd := exec.Command("tar", "-tz")
	cmd.Stdin = bytes.NewReader(layer)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// What is inside and where it came from is said, and the checksums are those of the files.
func TestTheInventory(t *testing.T) {
	var bom struct {
		BOMFormat, SpecVersion string
		Components             []struct{ Name, Version string }
	}
	data, err := os.ReadFile(filepath.Join(dist, "waymark_"+testVersion+"_sbom.cdx.json"))
	if err != nil || json.Unmarshal(data, &bom) != nil || bom.BOMFormat != "CycloneDX" || len(bom.Components) < 50 {
		t.Errorf("%v %s %d", err, bom.BOMFormat, len(bom.Components))
	}
	have := sums(t, dist)
	text, err := os.ReadFile(filepath.Join(dist, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if n++; have[name] != sum {
			t.Errorf("the checksum of %s is another one", name)
		}
	}
	if n != len(have)-1 {
		t.Errorf("%d checksums of %d files", n, len(have)-1)
	}
}

// The action installs the release of its own repository, also by the number of a line of releases; it installs nothing that is not what was
// released, and says when the job has to build.
func TestTheAction(t *testing.T) {
	damaged := false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Base(r.URL.Path)
		switch {
		case r.URL.Path == "/api/v3/repos/somebody/waymark/releases":
			_, _ = io.WriteString(w, `[{"tag_name": "v0.0.0"}, {"tag_name": "v0.0.1"}, {"tag_name": "v1.0.0"}, {"tag_name": "v0.0.1-rc.1"}]`)
		case strings.HasPrefix(r.URL.Path, "/somebody/waymark/releases/download/v"+testVersion+"/"):
			if damaged && strings.HasSuffix(name, ".tar.gz") {
				_, _ = io.WriteString(w, "something else")
				return
			}
			http.ServeFile(w, r, filepath.Join(dist, name))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	install := func(ref string) (said, to string, err error) {
		to = filepath.Join(t.TempDir(), "bin")
		cmd := exec.Command("cmd/waymark-release/action.sh")
		cmd.Env = append(os.Environ(), "REPOSITORY=somebody/waymark", "REF="+ref, "SERVER="+server.URL, "TO="+to)
		out, err := cmd.CombinedOutput()
		return string(out), to, err
	}
	for _, ref := range []string{"v" + testVersion, "v0", "v0.0"} {
		said, to, err := install(ref)
		if err != nil || !strings.Contains(said, "built=yes") {
			t.Fatalf("%s: %v %s", ref, err, said)
		}
		if v := run(t, to, filepath.Join(to, "waymark"), "version"); !strings.Contains(v, testVersion) {
			t.Errorf("%s: %s", ref, v)
		}
	}
	for _, ref := range []string{"main", "v9", "v1.0.0", "0123abc"} {
		if said, to, err := install(ref); err != nil || !strings.Contains(said, "built=no") || exists(to) {
			t.Errorf("%s: %v %s", ref, err, said)
		}
	}
	notes := t.TempDir()
	_, to, err := install("v" + testVersion)
	if err != nil {
		t.Fatal(err)
	}
	run(t, notes, filepath.Join(to, "waymark"), "new", "ci", "netlify", "--waymark", server.URL+"/somebody/waymark")
	script := func() ([]byte, error) {
		cmd := exec.Command("bash", "ci/install-waymark.sh", "bin")
		cmd.Dir = notes
		cmd.Env = append(os.Environ(), "WAYMARK="+server.URL+"/somebody/waymark/releases/download", "WAYMARK_VERSION="+testVersion)
		return cmd.CombinedOutput()
	}
	if said, err := script(); err != nil {
		t.Errorf("the script of recipes: %v %s", err, said)
	}
	if v := run(t, notes, filepath.Join(notes, "bin", "waymark"), "version"); !strings.Contains(v, testVersion) {
		t.Errorf("the script of recipes: %s", v)
	}
	damaged = true
	if said, err := script(); err == nil {
		t.Errorf("the script of recipes installs what is damaged: %s", said)
	}
	if said, to, err := install("v" + testVersion); err == nil || !strings.Contains(said, "is not what was released") || exists(to) {
		t.Errorf("what is damaged was installed: %v %s", err, said)
	}
}

func exists(name string) bool { _, err := os.Stat(name); return err == nil }
