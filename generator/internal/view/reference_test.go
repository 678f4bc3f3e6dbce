package view

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the theme reference into the manual")

// The theme reference in the manual is made from the types of a View and their comments.
func TestThemeReference(t *testing.T) {
	const page = "../../../content/guide/themes.md"
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	begin, rest, found := strings.Cut(string(data), "-update -->\n")
	_, end, closed := strings.Cut(rest, "<!-- end -->")
	if !found || !closed {
		t.Fatal("the manual has lost the marks of its reference")
	}
	want := begin + "-update -->\n" + reference(t) + "\n<!-- end -->" + end
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(data) {
		t.Error("the manual's theme reference is not that of the View (make golden)")
	}
}

// reference writes a table for each type, in the order of view.go and maps.go.
func reference(t *testing.T) string {
	t.Helper()
	var decls []ast.Decl
	for _, name := range []string{"view.go", "maps.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		decls = append(decls, file.Decls...)
	}
	var out strings.Builder
	for _, d := range decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		spec := group.Specs[0].(*ast.TypeSpec)
		fmt.Fprintf(&out, "\n### %s\n\n%s\n\n| Field | Type | |\n|---|---|---|\n", spec.Name.Name, strings.Join(strings.Fields(group.Doc.Text()), " "))
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			what := describe(f.Type)
			if f.Names[0].Name == "Site" { // pages share it, and each has it
				what = strings.TrimSuffix(what, ", or nothing")
			}
			fmt.Fprintf(&out, "| `.%s` | %s | %s |\n", f.Names[0].Name, what, strings.TrimSpace(f.Comment.Text()))
		}
	}
	return out.String()
}

func describe(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return describe(e.X) + ", or nothing"
	case *ast.ArrayType:
		return "list of " + describe(e.Elt)
	case *ast.MapType:
		return "map"
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return map[string]string{"string": "text", "int": "number", "bool": "true or false"}[e.Name] + named(e.Name)
	}
	return "?"
}

func named(name string) string {
	if ast.IsExported(name) {
		return name
	}
	return ""
}

// A View is closed: from it, nothing can be reached but plain data. No function, no channel, no type of another
// package; the one map holds what an author wrote under unknown keys.
func TestViewIsClosed(t *testing.T) {
	for name, typ := range types() {
		for f := range typ.Fields() {
			element := f.Type
			for element.Kind() == reflect.Pointer || element.Kind() == reflect.Slice {
				element = element.Elem()
			}
			own := element.PkgPath() == "" || element.PkgPath() == typ.PkgPath() || element.PkgPath() == "html/template"
			switch element.Kind() {
			case reflect.String, reflect.Int, reflect.Bool:
			case reflect.Struct:
				own = own && element.NumMethod() == 0 && reflect.PointerTo(element).NumMethod() == 0
			case reflect.Map:
				own = name == "Page" && f.Name == "Extra"
			default:
				own = false
			}
			if !own {
				t.Errorf("%s.%s is a %s, and could reach beyond the View", name, f.Name, f.Type)
			}
		}
	}
}
