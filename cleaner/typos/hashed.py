"""Large sets and tables of strings in little memory: sorted 32-bit hashes, found by their first half.

A string that was never put in is found with a chance of (entries / 2**32), about 1 in 4,000 for a million entries.
That is good enough for counts and for hints; what must be exact is kept as words.

A table is one block of bytes, which is used as it lies in its file: nothing is unpacked, and what nobody asks for is
not read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from math import log2
from mmap import mmap
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

STEPS_PER_DOUBLING = 8
"""Counts are stored as `round(8 * log2(1 + count))` in one byte: within 4.4 % of the true count, up to 2**31."""

COUNTS = tuple(2 ** (level / STEPS_PER_DOUBLING) - 1 for level in range(256))
"""The count that each stored level stands for."""
_COUNTS = np.array(COUNTS)

HALF_BITS = 16
"""The first half of a hash says where to look, the other half is stored."""
FEW = 150
"""So many strings are looked up one by one in less time than all at once."""

_BUCKETS = 1 << HALF_BITS
_LATTER = _BUCKETS - 1


def level(count: float) -> int:
    """The byte that stands for `count`."""
    return min(255, round(STEPS_PER_DOUBLING * log2(1 + count)))


def key(text: str) -> int:
    """The 32-bit hash of a string; the same on every machine (CRC-32 of its UTF-8)."""
    return crc32(text.encode("utf-8", "surrogatepass"))


class HashedCounts:
    """A read-only table from string to count.

    Args:
        packed: what `pack` gave.

    Raises:
        ValueError: it is cut off.
    """

    __slots__ = ("_ends", "_halves", "_levels", "_one_end", "_one_half", "_steps")

    def __init__(self, packed: bytes | mmap) -> None:
        self._ends = np.frombuffer(packed, "<u4", _BUCKETS + 1)
        size, at = int(self._ends[-1]), self._ends.nbytes
        self._halves = np.frombuffer(packed, "<u2", size, at)
        self._levels = np.frombuffer(packed, np.uint8, size, at + self._halves.nbytes)
        self._one_end, self._one_half = self._ends.data, self._halves.data  # which give plain numbers, one by one
        largest = int(np.diff(self._ends).max())
        self._steps = [1 << bit for bit in reversed(range(largest.bit_length()))]

    def __len__(self) -> int:
        return len(self._levels)

    def __getitem__(self, text: str) -> float:
        """The count of `text`, 0.0 when it was never seen."""
        wanted = crc32(text.encode("utf-8", "surrogatepass"))
        bucket, half = wanted >> HALF_BITS, wanted & _LATTER
        end = self._one_end[bucket + 1]
        at = bisect_left(self._one_half, half, self._one_end[bucket], end)
        return COUNTS[self._levels[at]] if at < end and self._one_half[at] == half else 0.0

    def many(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """The counts of many strings at once; shape (n,)."""
        if len(texts) <= FEW:
            return np.array([self[text] for text in texts], np.float64)
        return self.counts(np.array([crc32(text.encode("utf-8", "surrogatepass")) for text in texts], np.uint32))

    def counts(self, wanted: NDArray[np.uint32]) -> NDArray[np.float64]:
        """The counts of many strings by their hashes; shape (n,)."""
        if not len(self):
            return np.zeros(len(wanted))
        bucket, half = wanted >> np.uint32(HALF_BITS), (wanted & np.uint32(_LATTER)).astype(np.uint16)
        at, end = self._ends.take(bucket).astype(np.intp), self._ends.take(bucket + np.uint32(1)).astype(np.intp)
        for step in self._steps:  # each bucket by halves, all of them at once
            probe = at + (step - 1)
            smaller = (probe < end) & (self._halves.take(probe, mode="clip") < half)
            at += smaller * step
        found = (at < end) & (self._halves.take(at, mode="clip") == half)
        return np.where(found, _COUNTS.take(self._levels.take(at, mode="clip")), 0.0)


def pack(counts: Mapping[str, float], grain: int = 1) -> bytes:
    """The table that `HashedCounts` reads; strings that share a hash share the larger count.

    Args:
        counts: the table.
        grain: levels above 0 are rounded to multiples of this, so that they take less room when compressed.

    Returns:
        For each of the 2**16 values of the first half of a hash how many hashes begin with a smaller one, and their
        whole number, as 32-bit numbers; the other halves of the n hashes, which ascend, as 16-bit numbers; a level for
        each of them, one byte. Little-endian.
    """
    levels: dict[int, int] = {}
    for text, count in counts.items():
        hashed = key(text)
        levels[hashed] = max(level(count), levels.get(hashed, 0))
    keys = np.array(sorted(levels), np.uint32)
    exact = np.array([levels[int(k)] for k in keys], np.int64)
    rounded = np.maximum((exact + grain // 2) // grain * grain, exact > 0)
    return packed(keys, np.minimum(rounded, 255).astype(np.uint8))


def packed(keys: NDArray[np.uint32], levels: NDArray[np.uint8]) -> bytes:
    """The same from the hashes, which must ascend, and their levels; shape (n,) each."""
    ends = np.searchsorted(keys >> np.uint32(HALF_BITS), np.arange(_BUCKETS + 1))
    halves = (keys & np.uint32(_LATTER)).astype("<u2")
    return ends.astype("<u4").tobytes() + halves.tobytes() + levels.tobytes()
