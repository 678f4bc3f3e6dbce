package memo

import (
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"
)

// Encode writes plain data as CBOR (RFC 8949). Equal values give equal bytes.
func Encode(v any) ([]byte, error) {
	data, err := encoder.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write a %T: %w", v, err)
	}
	return data, nil
}

// Decode reads what Encode wrote into v, a pointer.
func Decode(data []byte, v any) error {
	if err := decoder.Unmarshal(data, v); err != nil {
		return fmt.Errorf("read a %T: %w", v, err)
	}
	return nil
}

// The two are fixed tables: an error in them is one in this file.
var (
	encoder = must(cbor.EncOptions{Time: cbor.TimeRFC3339Nano, Sort: cbor.SortBytewiseLexical}.EncMode())
	decoder = must(cbor.DecOptions{DefaultMapType: reflect.TypeFor[map[string]any](), MaxNestedLevels: 256, MaxArrayElements: 1 << 24, MaxMapPairs: 1 << 24}.DecMode())
)

func must[T any](mode T, err error) T {
	if err != nil {
		panic(err)
	}
	return mode
}
