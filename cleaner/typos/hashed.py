"""Large sets and tables of strings in little memory: sorted 32-bit hashes, looked up by bisection.

A string that was never put in is found with a chance of (entries / 2**32), about 1 in 4,000 for a million entries.
That is
good enough for counts and for hints; what must be exact is kept as words.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping
from math import log2
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

STEPS_PER_DOUBLING = 8
"""Counts are stored as `round(8 * log2(1 + count))` in one byte: within 4.4 % of the true count, up to 2**31."""

COUNTS = tuple(2 ** (level / STEPS_PER_DOUBLING) - 1 for level in range(256))
"""The count that each stored level stands for."""


def level(count: float) -> int:
    """The byte that stands for `count`."""
    return min(255, round(STEPS_PER_DOUBLING * log2(1 + count)))


def key(text: str) -> int:
    """The 32-bit hash of a string; the same on every machine (CRC-32 of its UTF-8)."""
    return crc32(text.encode("utf-8", "surrogatepass"))


class HashedCounts:
    """A read-only table from string to count.

    Args:
        gaps: differences between the ascending hashes, uint32; shape (n,).
        levels: one byte for each count, see `level`; shape (n,).
    """

    __slots__ = ("_keys", "_levels")

    def __init__(self, gaps: NDArray[np.uint32], levels: NDArray[np.uint8]) -> None:
        self._keys = array("I", np.cumsum(gaps, dtype=np.uint32).tobytes())
        self._levels = levels.tobytes()

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, text: str) -> float:
        """The count of `text`, 0.0 when it was never seen."""
        wanted = crc32(text.encode("utf-8", "surrogatepass"))
        at = bisect_left(self._keys, wanted)
        if at < len(self._keys) and self._keys[at] == wanted:
            return COUNTS[self._levels[at]]
        return 0.0


def pack(counts: Mapping[str, float]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The arrays that `HashedCounts` reads; strings that share a hash share the larger count."""
    levels: dict[int, int] = {}
    for text, count in counts.items():
        hashed = key(text)
        levels[hashed] = max(level(count), levels.get(hashed, 0))
    keys = np.array(sorted(levels), np.uint32)
    return np.diff(keys, prepend=np.uint32(0)), np.array([levels[int(k)] for k in keys], np.uint8)
