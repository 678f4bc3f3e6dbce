package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/pprof"
)

// startProfile begins to write into a folder where processor time goes; stop ends it, and writes what was allocated beside it.
// Both are read by "go tool pprof".
func startProfile(dir string) (stop func() error, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make a folder for profiles: %w", err)
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return nil, fmt.Errorf("write a profile: %w", err)
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(fmt.Errorf("write a profile: %w", err), cpu.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		memory, err := os.Create(filepath.Join(dir, "memory.pprof"))
		if err == nil {
			err = errors.Join(pprof.Lookup("allocs").WriteTo(memory, 0), memory.Close())
		}
		if err = errors.Join(err, cpu.Close()); err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
		return nil
	}, nil
}
