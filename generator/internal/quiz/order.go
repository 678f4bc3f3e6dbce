package quiz

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"slices"
	"strconv"
)

// Shuffled returns the numbers from 0 to n-1 in an order that follows from a seed, and is never that of their size: an author
// mostly writes what is right at one place. Equal seeds give equal orders.
func Shuffled(n int, seed string) []int {
	order := make([]int, n)
	weight := make([]uint64, n)
	for i := range order {
		order[i] = i
		h := fnv.New64a()
		_, _ = h.Write([]byte(seed + "/" + strconv.Itoa(i)))
		weight[i] = mix(h.Sum64())
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(weight[a], weight[b]), cmp.Compare(a, b)) })
	if n > 1 && slices.IsSorted(order) {
		order = append(order[1:], order[0])
	}
	return order
}

// Digest is a short digest of a text, by which browsers tell that it has changed.
func Digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

// mix spreads the bits of a hash: sums of short texts that differ in their last sign are near one another (the finalizer of
// MurmurHash3).
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
