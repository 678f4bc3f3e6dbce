package bank

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"waymark/generator/internal/quiz"
)

// QTI is IMS Question and Test Interoperability, version 2.1. Source: https://www.imsglobal.org/question/qtiv2p1/imsqti_infov2p1.html
// A package is a zip file with a manifest and a file for each question.

// node is an element of XML. One without a name is text.
type node struct {
	name  string
	attrs []string // names and values in turn
	text  string
	in    []node
}

func el(name string, attrs []string, in ...node) node { return node{name: name, attrs: attrs, in: in} }

func words(s string) node { return node{text: s} }

func (n node) write(b *bytes.Buffer) {
	if n.name == "" {
		_ = xml.EscapeText(b, []byte(n.text)) // a buffer takes everything
		return
	}
	b.WriteString("<" + n.name)
	for i := 0; i+1 < len(n.attrs); i += 2 {
		b.WriteString(" " + n.attrs[i] + `="`)
		_ = xml.EscapeText(b, []byte(n.attrs[i+1]))
		b.WriteString(`"`)
	}
	if len(n.in) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	for _, c := range n.in {
		c.write(b)
	}
	b.WriteString("</" + n.name + ">")
}

func document(n node) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	n.write(&b)
	b.WriteByte('\n')
	return b.Bytes()
}

func qti(items []Item, lost *losses) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	put := func(name string, n node) error {
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate}) // without a time: the same bytes always
		if err == nil {
			_, err = w.Write(document(n))
		}
		return err
	}
	var resources []node
	for n, i := range items {
		id := fmt.Sprintf("q%03d", n+1)
		file := "items/" + id + ".xml"
		if err := put(file, qtiItem(id, i)); err != nil {
			return nil, fmt.Errorf("write the package: %w", err)
		}
		resources = append(resources, el("resource", []string{"identifier", id, "type", "imsqti_item_xmlv2p1", "href", file}, el("file", []string{"href", file})))
		if len(i.Asked.Hints) > 0 {
			lost.add(i, "QTI has no hints that are shown one at a time")
		}
		for _, r := range i.Asked.Numbers {
			if r.Unit != "" {
				lost.add(i, "QTI has no units: the number alone is asked")
			}
		}
	}
	manifest := el("manifest", []string{
		"xmlns", "http://www.imsglobal.org/xsd/imscp_v1p1", "identifier", "waymark",
	}, el("metadata", nil, el("schema", nil, words("QTIv2.1 Package")), el("schemaversion", nil, words("1.0.0"))), el("organizations", nil), el("resources", nil, resources...))
	if err := put("imsmanifest.xml", manifest); err != nil {
		return nil, fmt.Errorf("write the package: %w", err)
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("write the package: %w", err)
	}
	return out.Bytes(), nil
}

// qtiResponse is one answer that a candidate gives: how it is declared, and what makes it right.
type qtiResponse struct{ declaration, right node }

func qtiItem(id string, i Item) node {
	q := i.Asked
	body, responses := qtiBody(q)
	in := make([]node, 0, 8)
	for _, r := range responses {
		in = append(in, r.declaration)
	}
	in = append(in, el("outcomeDeclaration", []string{"identifier", "SCORE", "cardinality", "single", "baseType", "float"}, el("defaultValue", nil, value("0"))))
	var feedback []node
	var process []node
	if q.Choices() {
		cardinality := "single"
		if q.Kind == quiz.Several {
			cardinality = "multiple"
		}
		in = append(in, el("outcomeDeclaration", []string{"identifier", "FEEDBACK", "cardinality", cardinality, "baseType", "identifier"}))
		process = append(process, el("setOutcomeValue", []string{"identifier", "FEEDBACK"}, variable("RESPONSE")))
		for n, a := range q.Answers {
			if !a.Feedback.Empty() {
				feedback = append(feedback, el("modalFeedback", []string{"outcomeIdentifier", "FEEDBACK", "identifier", name("a", n), "showHide", "show"}, words(plainOf(a.Feedback))))
			}
		}
	}
	if !q.Because.Empty() || q.Kind == quiz.Open {
		in = append(in, el("outcomeDeclaration", []string{"identifier", "SOLUTION", "cardinality", "single", "baseType", "identifier"}, el("defaultValue", nil, value("shown"))))
		said := strings.TrimSpace(plainOf(q.Model) + "\n" + plainOf(q.Because))
		feedback = append(feedback, el("modalFeedback", []string{"outcomeIdentifier", "SOLUTION", "identifier", "shown", "showHide", "show"}, words(said)))
	}
	in = append(in, body)
	if right := allOf(responses); right != nil {
		process = append(process, el("responseCondition", nil, el("responseIf", nil, *right,
			el("setOutcomeValue", []string{"identifier", "SCORE"}, base("float", "1"))), el("responseElse", nil, el("setOutcomeValue", []string{"identifier", "SCORE"}, base("float", "0")))))
	}
	if len(process) > 0 {
		in = append(in, el("responseProcessing", nil, process...))
	}
	in = append(in, feedback...)
	return el("assessmentItem", []string{
		"xmlns", "http://www.imsglobal.org/xsd/imsqti_v2p1", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", "http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
		"identifier", id, "title", i.Key, "adaptive", "false", "timeDependent", "false",
	}, in...)
}

func allOf(responses []qtiResponse) *node {
	var rights []node
	for _, r := range responses {
		if r.right.name != "" {
			rights = append(rights, r.right)
		}
	}
	switch len(rights) {
	case 0:
		return nil
	case 1:
		return &rights[0]
	}
	all := el("and", nil, rights...)
	return &all
}

func value(s string) node              { return el("value", nil, words(s)) }
func base(kind, s string) node         { return el("baseValue", []string{"baseType", kind}, words(s)) }
func variable(id string) node          { return el("variable", []string{"identifier", id}) }
func correct(id string) node           { return el("correct", []string{"identifier", id}) }
func name(prefix string, n int) string { return prefix + strconv.Itoa(n+1) }

// declare declares a response that is right when it is the correct one.
func declare(id, cardinality, kind string, right ...string) qtiResponse {
	values := make([]node, len(right))
	for i, r := range right {
		values[i] = value(r)
	}
	return qtiResponse{
		el("responseDeclaration", []string{"identifier", id, "cardinality", cardinality, "baseType", kind}, el("correctResponse", nil, values...)),
		el("match", nil, variable(id), correct(id)),
	}
}

// plainOf returns the words of a text, or, where they were not made, what was typed.
func plainOf(t quiz.Text) string {
	if t.Plain != "" {
		return t.Plain
	}
	return t.String()
}

func qtiBody(q *quiz.Question) (node, []qtiResponse) {
	prompt := el("prompt", nil, words(plainOf(q.Ask)))
	shuffle := strconv.FormatBool(!q.Fixed)
	choices := func() (out []node) {
		for n, a := range q.Answers {
			out = append(out, el("simpleChoice", []string{"identifier", name("a", n)}, words(plainOf(a.Text))))
		}
		return out
	}
	body := func(in ...node) node { return el("itemBody", nil, in...) }
	switch q.Kind {
	case quiz.Single, quiz.Several, quiz.Any:
		var right []string
		for _, n := range q.Right() {
			right = append(right, name("a", n))
		}
		cardinality, most := "single", "1"
		if q.Kind == quiz.Several {
			cardinality, most = "multiple", "0"
		}
		r := declare("RESPONSE", cardinality, "identifier", right...)
		if q.Kind == quiz.Any {
			r = anyOf("RESPONSE", right)
		}
		return body(el("choiceInteraction", []string{"responseIdentifier", "RESPONSE", "shuffle", shuffle, "maxChoices", most}, append([]node{prompt}, choices()...)...)), []qtiResponse{r}
	case quiz.Order:
		var right []string
		for n := range q.Answers {
			right = append(right, name("a", n))
		}
		return body(el("orderInteraction", []string{"responseIdentifier", "RESPONSE", "shuffle", "true"}, append([]node{prompt}, choices()...)...)), []qtiResponse{declare("RESPONSE", "ordered", "identifier", right...)}
	case quiz.Match:
		return qtiMatch(q, prompt)
	case quiz.Gap:
		return qtiGaps(q)
	case quiz.Number:
		var ranges []node
		for _, r := range q.Numbers {
			ranges = append(ranges, el("and", nil, el("gte", nil, variable("RESPONSE"), base("float", number(r.Low))), el("lte", nil, variable("RESPONSE"), base("float", number(r.High)))))
		}
		r := qtiResponse{el("responseDeclaration", []string{"identifier", "RESPONSE", "cardinality", "single", "baseType", "float"}), el("or", nil, ranges...)}
		return body(el("p", nil, words(plainOf(q.Ask))), el("p", nil, el("textEntryInteraction", []string{"responseIdentifier", "RESPONSE"}))), []qtiResponse{r}
	case quiz.Short:
		var texts []node
		for _, s := range q.Texts {
			strict := strings.HasPrefix(s, `"`)
			texts = append(texts, el("stringMatch", []string{"caseSensitive", strconv.FormatBool(strict)}, variable("RESPONSE"), base("string", strings.Trim(s, `"`))))
		}
		r := qtiResponse{el("responseDeclaration", []string{"identifier", "RESPONSE", "cardinality", "single", "baseType", "string"}), el("or", nil, texts...)}
		return body(el("p", nil, words(plainOf(q.Ask))), el("p", nil, el("textEntryInteraction", []string{"responseIdentifier", "RESPONSE"}))), []qtiResponse{r}
	}
	r := qtiResponse{declaration: el("responseDeclaration", []string{"identifier", "RESPONSE", "cardinality", "single", "baseType", "string"})}
	return body(el("extendedTextInteraction", []string{"responseIdentifier", "RESPONSE"}, prompt)), []qtiResponse{r}
}

// anyOf declares a response that is right when it is one of several.
func anyOf(id string, right []string) qtiResponse {
	var each []node
	for _, r := range right {
		each = append(each, el("match", nil, variable(id), base("identifier", r)))
	}
	return qtiResponse{
		el("responseDeclaration", []string{"identifier", id, "cardinality", "single", "baseType", "identifier"}, el("correctResponse", nil, value(right[0]))),
		el("or", nil, each...),
	}
}

func qtiMatch(q *quiz.Question, prompt node) (node, []qtiResponse) {
	var left, right []node
	var pairs []string
	place := map[string]int{}
	for n, a := range q.Answers {
		if _, known := place[a.With]; !known {
			place[a.With] = len(place)
			right = append(right, el("simpleAssociableChoice", []string{"identifier", name("r", place[a.With]), "matchMax", "0"}, words(a.With)))
		}
		left = append(left, el("simpleAssociableChoice", []string{"identifier", name("l", n), "matchMax", "1"}, words(plainOf(a.Text))))
		pairs = append(pairs, name("l", n)+" "+name("r", place[a.With]))
	}
	return el("itemBody", nil, el("matchInteraction", []string{"responseIdentifier", "RESPONSE", "shuffle", "true", "maxAssociations", strconv.Itoa(len(q.Answers))},
		prompt, el("simpleMatchSet", nil, left...), el("simpleMatchSet", nil, right...))), []qtiResponse{declare("RESPONSE", "multiple", "directedPair", pairs...)}
}

func qtiGaps(q *quiz.Question) (node, []qtiResponse) {
	var in []node
	var responses []qtiResponse
	ask := q.Ask.String()
	if q.Ask.Plain != "" {
		ask = q.Ask.Plain
	}
	parts := strings.Split(ask, quiz.BlankMark) // words, a number, words, a number ...
	for n, part := range parts {
		if n%2 == 0 {
			in = append(in, words(part))
			continue
		}
		at, err := strconv.Atoi(part)
		if err != nil || at >= len(q.Gaps) {
			continue
		}
		id := name("RESPONSE", at)
		g := q.Gaps[at]
		if len(g.Wrong) == 0 {
			in = append(in, el("textEntryInteraction", []string{"responseIdentifier", id}))
			responses = append(responses, qtiResponse{
				el("responseDeclaration", []string{"identifier", id, "cardinality", "single", "baseType", "string"}, el("correctResponse", nil, value(g.Right))),
				el("stringMatch", []string{"caseSensitive", "false"}, variable(id), base("string", g.Right)),
			})
			continue
		}
		var options []node
		for k, s := range append([]string{g.Right}, g.Wrong...) {
			options = append(options, el("inlineChoice", []string{"identifier", name("a", k)}, words(s)))
		}
		in = append(in, el("inlineChoiceInteraction", []string{"responseIdentifier", id, "shuffle", "true"}, options...))
		responses = append(responses, declare(id, "single", "identifier", "a1"))
	}
	return el("itemBody", nil, el("p", nil, in...)), responses
}
