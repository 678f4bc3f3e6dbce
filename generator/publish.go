package generator

import (
	"cmp"
	"context"
	"path/filepath"
	"strings"

	"waymark/generator/diag"
	"waymark/generator/internal/config"
	"waymark/generator/internal/output"
	"waymark/generator/internal/publish"
	"waymark/generator/internal/site"
	"waymark/generator/internal/source"
)

// Publication says where a site is published, and how far one may go.
type Publication struct {
	Target   string // the name of a place in waymark.yaml, or an address; empty where waymark.yaml has one place alone
	Compress *bool  // whether a copy stands beside each text that is compressed by gzip; as waymark.yaml says where it is nil
	Deletes  int    // how many files may go at most; fewer than none stand for what seems usual
	Replace  bool   // take the place of what others put there, or of another site
	Forget   bool   // keep nothing of the publication before
	All      bool   // look at every file at the place
	Unlock   bool   // take the place of a publisher that was killed
	Dry      bool   // change nothing

	// Progress, where given, is told how many of the steps are done.
	Progress func(done, total int)
}

// Published says what a publication did.
type Published struct {
	Build   Report         `json:"build"`
	Target  string         `json:"target,omitempty"`
	Address string         `json:"address"`
	Changes publish.Report `json:"changes"`
	Done    bool           `json:"done"` // whether the place has the site; never where the build has errors
}

// Publish builds a site, and publishes it. Where it has mistakes that would publish something wrong, they are in the report, and nothing
// is published. What the author has to decide is a *diag.UsageError. Drafts, and what is dated in the future, are never published.
func Publish(ctx context.Context, c Config, p Publication) (done Published, err error) {
	if c.Drafts || c.Future || c.Preview {
		return done, diag.Usagef("what is held back is never published")
	}
	target, err := c.target(p.Target)
	if err != nil {
		return done, err
	}
	done.Target, done.Address = target.Name, target.To
	c.BaseURL = cmp.Or(c.BaseURL, target.BaseURL)
	c.Output = cmp.Or(c.Output, filepath.Join(c.Dir, "public"))
	if err := c.apartFrom(target.To); err != nil {
		return done, err
	}
	if done.Build, err = Build(ctx, c); err != nil || done.Build.Diagnostics.HasErrors() {
		return done, err
	}
	if done.Build.Texts == 0 {
		return done, diag.Contentf("there is nothing to publish: the site has no text (see what is held back: waymark build --verbose)")
	}
	files, err := output.List(c.Output)
	if err != nil {
		return done, err
	}
	o := p.options(c, target)
	for _, f := range files {
		o.Files = append(o.Files, publish.File(f))
	}
	o.Site = done.Build.Site
	done.Changes, err = publish.Publish(ctx, target.To, o)
	done.Done = err == nil && !p.Dry
	return done, err
}

// Rollback puts back what was published before the last publication.
func Rollback(ctx context.Context, c Config, p Publication) (done Published, err error) {
	target, err := c.target(p.Target)
	if err != nil {
		return done, err
	}
	done.Target, done.Address = target.Name, target.To
	if err := c.apartFrom(target.To); err != nil {
		return done, err
	}
	done.Changes, err = publish.Rollback(ctx, target.To, p.options(c, target))
	done.Done = err == nil && !p.Dry
	return done, err
}

func (p Publication) options(c Config, target config.Target) publish.Options {
	pack := target.Compress
	if p.Compress != nil {
		pack = *p.Compress
	}
	return publish.Options{
		Dir: c.Output, Repo: c.Dir, Pack: pack, Deletes: p.Deletes, Replace: p.Replace, Forget: p.Forget, All: p.All,
		Unlock: p.Unlock, Dry: p.Dry, Progress: p.Progress,
		Type: func(path string) string { return site.Output{Path: path}.MediaType() },
	}
}

// target finds the place that is meant.
func (c Config) target(wanted string) (config.Target, error) {
	known, err := c.settings()
	if err != nil {
		return config.Target{}, err
	}
	var names []string
	for _, t := range known.Publish {
		if t.Name == wanted || wanted == "" && len(known.Publish) == 1 {
			if err := publish.Check(t.To); err != nil {
				return t, diag.Contentf("%s: %v", t.Pos, err)
			}
			return t, nil
		}
		names = append(names, t.Name)
	}
	switch {
	case strings.Contains(wanted, ":"):
		return config.Target{To: wanted}, publish.Check(wanted)
	case wanted != "":
		return config.Target{}, diag.Usagef("%s has no place %q to publish at (%s)", config.File, diag.Printable(wanted), diag.DidYouMean(wanted, names, "name one below publish:, or write an address such as s3://bucket/notes"))
	case len(names) == 0:
		return config.Target{}, diag.Usagef("where to? (write an address such as s3://bucket/notes behind it, or below publish: in %s)", config.File)
	}
	return config.Target{}, diag.Usagef("where to? %s names %s (write one of them behind it)", config.File, strings.Join(names, ", "))
}

// settings reads waymark.yaml alone.
func (c Config) settings() (config.Config, error) {
	root, err := source.Open(c.Dir)
	if err != nil {
		return config.Config{}, err
	}
	defer func() { _ = root.Close() }() // it was only read
	known, list, err := config.Read(root, config.Wanted{BaseURL: c.BaseURL, Theme: c.Theme})
	if err == nil && list.HasErrors() {
		err = diag.Contentf("%s: %s (%s)", list[0].Pos, list[0].Message, list[0].Hint)
	}
	return known, err
}

// apartFrom refuses to publish into folders that are read, or built into.
func (c Config) apartFrom(address string) error {
	dir := publish.Folder(address)
	if dir == "" {
		return nil
	}
	out := cmp.Or(c.Output, filepath.Join(c.Dir, "public"))
	if err := output.Apart(dir, c.Dir, append([]string{".waymark"}, inputs[1:]...)); err != nil {
		return err
	}
	if err := output.Apart(dir, out, nil); err != nil {
		return diag.Usagef("%s holds the folder that the site is built into (publish into another folder, or use that one as it is)", dir)
	}
	if err := output.Apart(out, dir, nil); err != nil {
		return diag.Usagef("%s lies in the folder that the site is built into (publish into another folder)", dir)
	}
	return nil
}
