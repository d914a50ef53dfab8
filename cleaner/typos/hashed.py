"""Large sets and tables of strings in little memory: sorted 32-bit hashes, found by their first bits.

A string that was never put in is found with a chance of (entries / 2**32), about 1 in 4,000 for a million entries.
That is good enough for counts and for hints; what must be exact is kept as words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import log2
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

STEPS_PER_DOUBLING = 8
"""Counts are stored as `round(8 * log2(1 + count))` in one byte: within 4.4 % of the true count, up to 2**31."""

COUNTS = tuple(2 ** (level / STEPS_PER_DOUBLING) - 1 for level in range(256))
"""The count that each stored level stands for."""
_COUNTS = np.array(COUNTS)


def level(count: float) -> int:
    """The byte that stands for `count`."""
    return min(255, round(STEPS_PER_DOUBLING * log2(1 + count)))


def key(text: str) -> int:
    """The 32-bit hash of a string; the same on every machine (CRC-32 of its UTF-8)."""
    return crc32(text.encode("utf-8", "surrogatepass"))


PARTS = 16

FEW = 2_000
"""So many strings are looked for by halves; not before then is the index worth making."""


class HashedCounts:
    """A read-only table from string to count.

    Args:
        gaps: the bytes of the differences between the ascending hashes, see `pack`; shape (4, n).
        levels: one byte for each count, see `level`; shape (n,).
        few: how many strings are looked for by halves before an index is made.
    """

    __slots__ = ("_keys", "_left", "_levels", "_low_bits", "_one_key", "_starts")

    def __init__(self, gaps: NDArray[np.uint8], levels: NDArray[np.uint8], few: int = FEW) -> None:
        bytes_of = np.zeros((len(levels), 4), np.uint8)
        for place, part in enumerate(gaps):  # several times as fast as a transposed copy
            bytes_of[:, place] = part
        self._keys = np.cumsum(bytes_of.view("<u4").ravel(), dtype=np.uint32)
        self._levels = levels
        high_bits = max(1, len(levels).bit_length() - 1)
        self._low_bits = 32 - high_bits  # hashes that agree but for these are looked through one by one
        self._one_key = self._keys.data  # which gives plain numbers, one by one
        self._starts: memoryview | None = None
        self._left = few

    def _buckets(self, asked: int) -> memoryview | None:
        """Where the hashes with the same high bits begin; None as long as too little was asked for."""
        self._left -= asked
        if self._starts is None and self._left < 0:
            self._starts = self._all_starts()
        return self._starts

    def _all_starts(self) -> memoryview:
        starts = np.zeros(2 ** (32 - self._low_bits) + 1, np.uint32)
        for part in np.array_split(self._keys, PARTS):  # all at once they would take four times the memory of the table
            if len(part):
                bucket = part >> np.uint32(self._low_bits)
                in_each = np.bincount(bucket - bucket[0])
                starts[bucket[0] + 1 : bucket[-1] + 2] += in_each.astype(np.uint32)
        np.cumsum(starts, out=starts)
        return starts.data

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, text: str) -> float:
        """The count of `text`, 0.0 when it was never seen."""
        wanted = key(text)
        starts = self._buckets(1)
        if starts is None:
            at = bisect_left(self._one_key, wanted)
            found = at < len(self._keys) and self._one_key[at] == wanted
            return float(COUNTS[self._levels[at]]) if found else 0.0
        bucket = wanted >> self._low_bits
        for at in range(starts[bucket], starts[bucket + 1]):
            if self._one_key[at] == wanted:
                return float(COUNTS[self._levels[at]])
        return 0.0

    def many(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The counts of many strings at once; shape (n,)."""
        wanted = np.array([crc32(text.encode("utf-8", "surrogatepass")) for text in texts], np.uint32)
        last = len(self._keys) - 1
        starts = self._buckets(len(texts))
        if starts is None:
            at = np.minimum(np.searchsorted(self._keys, wanted), last)
        else:
            at = np.minimum(np.asarray(starts)[wanted >> np.uint32(self._low_bits)], last)
            # A handful of steps along the hashes that share the high bits; a binary search would miss the cache at each
            # of its twenty steps.
            while (smaller := (self._keys[at] < wanted) & (at < last)).any():
                at += smaller
        return np.where(self._keys[at] == wanted, _COUNTS[self._levels[at]], 0.0)


def pack(counts: Mapping[str, float], grain: int = 1) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The arrays that `HashedCounts` reads; strings that share a hash share the larger count.

    Args:
        counts: the table.
        grain: levels above 0 are rounded to multiples of this, so that they take less room when compressed.

    Returns:
        The differences between the ascending hashes, their lowest bytes first, then the second ones, and so on (high
        bytes are alike and compress well), shape (4, n); the levels, shape (n,).
    """
    levels: dict[int, int] = {}
    for text, count in counts.items():
        hashed = key(text)
        levels[hashed] = max(level(count), levels.get(hashed, 0))
    keys = np.array(sorted(levels), "<u4")
    gaps = np.diff(keys, prepend=np.uint32(0)).astype("<u4").view(np.uint8).reshape(-1, 4)
    exact = np.array([levels[int(k)] for k in keys], np.int64)
    rounded = np.maximum((exact + grain // 2) // grain * grain, exact > 0)
    return np.ascontiguousarray(gaps.T), np.minimum(rounded, 255).astype(np.uint8)
