// Package torture holds tests that try hard to bring Waymark down: texts that cost out of proportion, builds that are killed
// or come eight at a time, disks that are full, readers in the middle of a build. They use the program as it is, as processes.
//
// `go test` runs them at small scale and measures no time. `make torture` runs them in full, which takes an hour, and writes
// what was tried and what failed as a table; that of the last run stands on the guide's page "What we promise".
package torture
