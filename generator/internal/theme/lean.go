package theme

import (
	"bytes"
	"regexp"
	"strings"
	"text/template/parse"
)

// lean takes white space out of what a layout says, once, so that it need not be taken out of every page: what stands between two
// elements becomes one line feed, or one space where it was on one line. That is as much as no reader can see.
func lean(tree *parse.Tree) {
	if said := tree.Root.String(); !strings.Contains(said, "<pre") && !strings.Contains(said, "<textarea") { // in which each sign is seen
		leanNodes(tree.Root)
	}
}

func leanNodes(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			n.Text = white.ReplaceAllFunc(n.Text, narrow)
		case *parse.IfNode:
			leanNodes(n.List)
			leanNodes(n.ElseList)
		case *parse.WithNode:
			leanNodes(n.List)
			leanNodes(n.ElseList)
		case *parse.RangeNode:
			leanNodes(n.List)
			leanNodes(n.ElseList)
		}
	}
}

var white = regexp.MustCompile(`[ \t\r\n]+`)

func narrow(run []byte) []byte {
	if bytes.ContainsRune(run, '\n') {
		return []byte("\n")
	}
	return []byte(" ")
}
