package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// PutCopy is Put for a file that may be large: it is read piece by piece, and written only where it is another one than
// before. open opens what is copied, and may be called twice.
func (f *Folder) PutCopy(path string, open func() (io.ReadCloser, error)) error {
	sum, err := digestOf(open)
	if err != nil {
		return fmt.Errorf("copy a file: %w", err)
	}
	same, err := f.sameDigest(path, sum)
	if err != nil {
		return err
	}
	staged, err := f.admit(path, entry{Digests: []string{sum}}, same)
	if err != nil || same {
		return err
	}
	copied, err := f.copyVerified(staged, open)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next[path] = entry{Digests: []string{copied}} // which is another one where somebody saved it meanwhile
	return nil
}

// sameDigest is sameOnDisk for a file that may be large.
func (f *Folder) sameDigest(path, sum string) (bool, error) {
	there, err := f.standing(path)
	if err != nil || !there {
		return false, err
	}
	old, err := f.digestAt(f.place(path))
	if err != nil {
		return false, fmt.Errorf("look at the output: %w", err)
	}
	if old == sum {
		return true, nil
	}
	return false, f.mayReplace(path, old)
}

// copyVerified copies a file and reads the copy back. It returns the digest of what was copied.
func (f *Folder) copyVerified(name string, open func() (io.ReadCloser, error)) (string, error) {
	in, err := open()
	if err != nil {
		return "", fmt.Errorf("copy a file: %w", err)
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := f.disk.Create(name)
	if err != nil {
		return "", fmt.Errorf("write the output: %w", err)
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, sum), in)
	if err = errors.Join(err, out.Close()); err != nil {
		return "", fmt.Errorf("write the output: %w", err)
	}
	copied := hex.EncodeToString(sum.Sum(nil))
	back, err := f.digestAt(name)
	if err == nil && back != copied {
		err = errors.New("what was written is not what is there")
	}
	if err != nil {
		return "", fmt.Errorf("check the output: %w", err)
	}
	return copied, nil
}

func (f *Folder) digestAt(name string) (string, error) {
	return digestOf(func() (io.ReadCloser, error) { return f.disk.Open(name) })
}

// digestOf reads a file piece by piece.
func digestOf(open func() (io.ReadCloser, error)) (string, error) {
	file, err := open()
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
