package remote

import (
	"encoding/hex"
	"errors"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// A list of blobs is written as an ActionResult of the Remote Execution API whose output files they are
// (build.bazel.remote.execution.v2, remote_execution.proto): cache servers look at what they are given below /ac/, and keep what it
// names.
const (
	outputFiles  = 2 // of an ActionResult
	exitCode     = 4
	filePath     = 1 // of an OutputFile
	fileDigest   = 2
	digestHash   = 1 // of a Digest
	digestSize   = 2
	mostBlobSize = 1 << 40
)

// MostList is how many bytes a list may have.
const MostList = 1 << 20

// EncodeList writes a list of blobs.
func EncodeList(list []Blob) []byte {
	var out []byte
	for i, b := range list {
		var digest, file []byte
		digest = protowire.AppendTag(digest, digestHash, protowire.BytesType)
		digest = protowire.AppendString(digest, hex.EncodeToString(b.Digest[:]))
		digest = protowire.AppendTag(digest, digestSize, protowire.VarintType)
		digest = protowire.AppendVarint(digest, uint64(b.Size)) //nolint:gosec // sizes are never negative
		file = protowire.AppendTag(file, filePath, protowire.BytesType)
		file = protowire.AppendString(file, "waymark/"+strconv.Itoa(i)+".pack")
		file = protowire.AppendTag(file, fileDigest, protowire.BytesType)
		file = protowire.AppendBytes(file, digest)
		out = protowire.AppendTag(out, outputFiles, protowire.BytesType)
		out = protowire.AppendBytes(out, file)
	}
	out = protowire.AppendTag(out, exitCode, protowire.VarintType) // which is 0 as well where it is left out; but some take no empty message
	return protowire.AppendVarint(out, 0)
}

// errList says that a list is none.
var errList = errors.New("the remote cache's list cannot be read")

// DecodeList reads a list of blobs.
func DecodeList(data []byte) (list []Blob, err error) {
	err = messages(data, outputFiles, func(file []byte) error {
		return messages(file, fileDigest, func(digest []byte) error {
			b, err := decodeDigest(digest)
			list = append(list, b)
			return err
		})
	})
	return list, err
}

// messages calls do with each message that a field of another one holds.
func messages(data []byte, field protowire.Number, do func([]byte) error) error {
	return each(data, func(n protowire.Number, _ uint64, value []byte) error {
		if n != field || value == nil {
			return nil
		}
		return do(value)
	})
}

func decodeDigest(data []byte) (b Blob, err error) {
	err = each(data, func(n protowire.Number, number uint64, value []byte) error {
		switch n {
		case digestHash:
			hash, err := hex.DecodeString(string(value))
			if err != nil || len(hash) != len(b.Digest) {
				return errList
			}
			b.Digest = [32]byte(hash)
		case digestSize:
			if number > mostBlobSize {
				return errList
			}
			b.Size = int64(number)
		}
		return nil
	})
	return b, err
}

// each calls do with each field of a message: with its number, or its bytes.
func each(data []byte, do func(n protowire.Number, number uint64, value []byte) error) error {
	for len(data) > 0 {
		n, kind, size := protowire.ConsumeTag(data)
		if size < 0 {
			return errList
		}
		data = data[size:]
		var number uint64
		var value []byte
		switch kind {
		case protowire.VarintType:
			number, size = protowire.ConsumeVarint(data)
		case protowire.BytesType:
			value, size = protowire.ConsumeBytes(data)
		default:
			size = protowire.ConsumeFieldValue(n, kind, data)
		}
		if size < 0 {
			return errList
		}
		data = data[size:]
		if err := do(n, number, value); err != nil {
			return err
		}
	}
	return nil
}
