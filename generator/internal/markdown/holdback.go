package markdown

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"waymark/generator/diag"
	"waymark/generator/internal/fields"
)

// What the headers of other programs, and of other languages, have for "not for readers". Keys are written as foldKey gives them.
var (
	// holding are keys that hold a page back where they are true.
	holding = []string{
		"draft", "drafts", "isdraft", "private", "isprivate", "hidden", "ishidden", "hide", "unlisted", "isunlisted", "unpublished",
		"unpublish", "dontpublish", "donotpublish", "nopublish", "notpublished", "secret", "wip", "workinprogress", "headless",
		"entwurf", "brouillon", "borrador", "rascunho", "bozza",
	}
	// showing are keys that hold a page back where they are false.
	showing = []string{"published", "publish", "ispublished", "public", "ispublic", "visible", "listed", "dgpublish"}
	// stating are keys that hold a page back where their value says so.
	stating = []string{"status", "poststatus", "pagestatus", "visibility", "access", "state", "stage", "workflow", "type", "layout"}
	// heldStates are such values.
	heldStates = []string{
		"draft", "drafts", "autodraft", "pending", "pendingreview", "private", "unpublished", "notpublished", "unlisted", "hidden",
		"trash", "trashed", "deleted", "internal", "secret", "wip", "workinprogress",
		"entwurf", "brouillon", "borrador", "rascunho", "bozza",
	}
)

// foldKey returns the form in which two keys count as the same: letters and digits in lower case.
func foldKey(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// holdsBack reports whether a folded key can hold a page back.
func holdsBack(folded string) bool {
	return slices.Contains(holding, folded) || slices.Contains(showing, folded) || slices.Contains(stating[:len(stating)-2], folded)
}

// heldBy returns what in a pair holds the page back, as a header would say it; "" where nothing does.
func heldBy(p fields.Pair, d *fields.Decoder) string {
	if p.Value.Kind == fields.Sequence { // of which one is enough
		for _, item := range p.Value.Items {
			if why := heldBy(fields.Pair{Key: p.Key, Pos: p.Pos, Value: item}, d); why != "" && holdsBack(foldKey(p.Key)) && item.Kind == fields.Scalar {
				return why
			}
		}
		return ""
	}
	k, value := foldKey(p.Key), p.Value
	held := false
	switch {
	case slices.Contains(holding, k):
		if value.Kind == fields.Scalar || strings.Contains(k, "draft") || strings.Contains(k, "private") { // a list says what of the page to hide
			held = d.Bool(value, p.Key)
		}
	case slices.Contains(showing, k):
		held = value.Kind == fields.Scalar && isFalse(value.Text)
		if diag.OneSlip(strings.ToLower(value.Text), "false") {
			d.Errorf(value.Pos, "wrong-type", `did you mean "false"?`, "%q must be true or false, and this is %q", p.Key, value.Text)
		}
	case k == "permalink": // Eleventy's way to write no page
		held = value.Kind == fields.Scalar && isFalse(value.Text)
	default:
		state := foldKey(value.Text)
		known := slices.Contains(stating, k)
		if known && holdsBack(k) && nearState(state) != "" {
			d.Errorf(value.Pos, "wrong-type", fmt.Sprintf("did you mean %q?", nearState(state)), "%q is not a word that Waymark knows, and the page would be published", value.Text)
		}
		held = value.Kind == fields.Scalar && slices.Contains(heldStates, state) && (known || strings.Contains(state, "draft") || strings.Contains(state, "publish"))
	}
	if !held {
		return ""
	}
	return fmt.Sprintf("%s: %s", p.Key, value.Text)
}

// nearState returns the word for "not for readers" that a value is most likely a slip of.
func nearState(state string) string {
	for _, word := range heldStates {
		if len(word) > 3 && diag.OneSlip(state, word) && !slices.Contains(heldStates, state) && state != "published" {
			return word
		}
	}
	return ""
}

func isFalse(s string) bool {
	return slices.Contains([]string{"false", "no", "off", "0", "never"}, strings.ToLower(s))
}

// nearHoldBack returns the word for "not for readers" that an unknown key is most likely a slip of: one slip away, with a value
// that such a word has.
func nearHoldBack(p fields.Pair) string {
	value := strings.ToLower(p.Value.Text)
	boolean := slices.Contains([]string{"true", "false", "yes", "no", "on", "off", "0", "1"}, value)
	if p.Value.Kind != fields.Scalar || !boolean && !slices.Contains(heldStates, foldKey(value)) {
		return ""
	}
	k := foldKey(p.Key)
	for _, word := range slices.Concat(holding, showing, stating) {
		if len(word) > 3 && diag.OneSlip(k, word) {
			return word
		}
	}
	return ""
}
