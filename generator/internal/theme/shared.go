package theme

import (
	"bytes"
	"html/template"
	"sync"
	"text/template/parse"

	"waymark/generator/internal/view"
)

// shared keeps what partials made that see nothing but the site, for all pages that have the same frame.
type shared struct {
	mu   sync.RWMutex
	made map[sharedKey]template.HTML
}

type sharedKey struct {
	layout, partial string
	frame           *view.Site // equal frames of a site are one
}

// maxShared is how many are kept: far more than a site has, unless many editions of it are made, as in a preview.
const maxShared = 4096

func (s *shared) get(key sharedKey, produce func() (template.HTML, error)) (template.HTML, error) {
	s.mu.RLock()
	html, kept := s.made[key]
	s.mu.RUnlock()
	if kept {
		return html, nil
	}
	html, err := produce()
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil || len(s.made) >= maxShared {
		s.made = map[sharedKey]template.HTML{}
	}
	s.made[key] = html
	return html, nil
}

// share returns the function "shared" of a layout: it executes a partial, like the action template. Where the partial asks the View for
// nothing but the site, that is done once for all pages with the same frame. alone are the partials that do; it is filled in when the
// layout has been parsed, because nobody may look at a template that is being executed.
func (t *Theme) share(name string, layout *template.Template, alone map[string]bool) func(string, *view.View) (template.HTML, error) {
	return func(partial string, v *view.View) (template.HTML, error) {
		execute := func() (template.HTML, error) {
			var b bytes.Buffer
			err := layout.ExecuteTemplate(&b, partial, v)
			return template.HTML(b.String()), err //nolint:gosec // the template escaped it
		}
		if !alone[partial] {
			return execute()
		}
		return t.shared.get(sharedKey{name, partial, v.Site}, execute)
	}
}

// ofSiteAlone reports whether a template that is given a View asks it for the site alone. seen are the templates that are looked at.
func ofSiteAlone(set *template.Template, name string, seen map[string]bool) bool {
	if seen[name] {
		return true
	}
	seen[name] = true
	t := set.Lookup(name)
	return t != nil && t.Tree != nil && (&asked{set: set, seen: seen}).only(t.Tree.Root, true)
}

// asked goes through a template. view says whether the dot is the View where it is.
type asked struct {
	set  *template.Template
	seen map[string]bool
}

func (a *asked) only(n parse.Node, view bool) bool {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				if !a.only(child, view) {
					return false
				}
			}
		}
	case *parse.ActionNode:
		return a.only(n.Pipe, view)
	case *parse.PipeNode:
		if n != nil {
			for _, command := range n.Cmds {
				for _, arg := range command.Args {
					if !a.only(arg, view) {
						return false
					}
				}
			}
		}
	case *parse.FieldNode:
		return !view || n.Ident[0] == "Site"
	case *parse.VariableNode:
		return n.Ident[0] != "$" || len(n.Ident) > 1 && n.Ident[1] == "Site"
	case *parse.DotNode:
		return !view
	case *parse.ChainNode:
		return a.only(n.Node, view)
	case *parse.IfNode:
		return a.branch(&n.BranchNode, view, view)
	case *parse.WithNode:
		return a.branch(&n.BranchNode, view, false)
	case *parse.RangeNode:
		return a.branch(&n.BranchNode, view, false)
	case *parse.TemplateNode:
		if n.Pipe != nil && (n.Pipe.String() == "." && view || n.Pipe.String() == "$") {
			return ofSiteAlone(a.set, n.Name, a.seen)
		}
		return a.only(n.Pipe, view)
	}
	return true
}

func (a *asked) branch(n *parse.BranchNode, view, inside bool) bool {
	return a.only(n.Pipe, view) && a.only(n.List, inside) && a.only(n.ElseList, view)
}
