package diag

import (
	"strings"
	"testing"
)

// A fault says what happened and where, and never more than a line.
func TestFaultNamesItsPlace(t *testing.T) {
	fault := func() (d Diagnostic) {
		defer func() { d = Fault("content/a.md", recover()) }()
		var nobody *Diagnostic
		nobody.Message = "x"
		return d
	}()
	if !strings.Contains(fault.Message, "nil pointer dereference at fault_test.go:1") || strings.Contains(fault.Message, "\n") {
		t.Errorf("it says %q", fault.Message)
	}
	if fault.Pos.File != "content/a.md" || fault.Severity != Error || fault.Code != FaultCode {
		t.Errorf("it is %+v", fault)
	}
}
