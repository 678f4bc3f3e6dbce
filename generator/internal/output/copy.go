package output

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
)

// PutCopy is Put for a file that may be large: it is read piece by piece, and once more where it is another one than before. It
// stays open, so that it can be copied whole even if somebody removes it meanwhile.
func (f *Folder) PutCopy(path string, in io.ReadSeeker) error {
	sum, err := digestOf(in)
	if err == nil {
		_, err = in.Seek(0, io.SeekStart)
	}
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
	copied, err := f.copyVerified(staged, in)
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
func (f *Folder) copyVerified(name string, in io.Reader) (string, error) {
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
	file, err := f.disk.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	return digestOf(file)
}

// digestOf reads a file piece by piece.
func digestOf(file io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
