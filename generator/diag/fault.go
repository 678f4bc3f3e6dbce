package diag

import (
	"fmt"
	"path"
	"runtime"
	"strconv"
	"strings"
)

// FaultCode is the Code of what Fault returns.
const FaultCode = "fault"

// Fault is what is said of a panic: a fault of Waymark's own, kept to the file that it was busy with. cause is what recover
// returned; it has to be called by the deferred function that recovered, so that the place of the panic is still known.
func Fault(file string, cause any) Diagnostic {
	return Diagnostic{
		Pos: Position{File: file}, Severity: Error, Code: FaultCode,
		Message: "a fault of Waymark's own: " + Printable(fmt.Sprint(cause)) + faultPlace(),
		Hint:    "please report it, with what you wrote last; taking that back may help",
	}
}

// faultPlace returns the line of the program that panicked.
func faultPlace() string {
	callers := make([]uintptr, 32)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)])
	panicked := false
	for {
		frame, more := frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			panicked = true
		case panicked && (strings.HasPrefix(frame.Function, "waymark/") || strings.HasPrefix(frame.Function, "main.")):
			return " at " + path.Base(frame.File) + ":" + strconv.Itoa(frame.Line)
		}
		if !more {
			return ""
		}
	}
}
