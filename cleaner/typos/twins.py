"""Words that stand twice in a row, found in the bytes of many texts at once: a few steps of NumPy for each byte, and
none of Python for a word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]

WIDTH = 8
"""So many bytes of two neighbours are compared by NumPy, the rest, which seldom differs, by Python."""

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(WIDTH + 1)], np.uint64)

_BLANKS = {0xC2: (b"\x85", b"\xa0"), 0xE1: (b"\x9a\x80",), 0xE3: (b"\x80\x80",)}
_BLANKS[0xE2] = (*(bytes((0x80, last)) for last in (*range(0x80, 0x8B), 0xA8, 0xA9, 0xAF)), b"\x81\x9f")
"""The blanks beyond ASCII, by their first byte: what follows it."""


def twins(texts: Sequence[str]) -> list[set[str]]:
    """For each text the words of letters only behind which, and behind a blank, the same word begins."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    joined = b"\n".join((b"", *encoded, b"\n" * WIDTH))
    buffer = np.frombuffer(joined, np.uint8)
    blank = _blanks(buffer)
    edges = (blank[1:] != blank[:-1]).nonzero()[0] + 1
    start, end = edges[0::2], edges[1::2]
    head = np.ndarray((len(joined) - WIDTH + 1,), "<u8", joined, strides=(1,))[start]
    size = np.minimum(end - start, WIDTH)
    alike = (((head[1:] ^ head[:-1]) & _MASKS.take(size[:-1])) == 0).nonzero()[0]
    borders = list(accumulate((len(text) + 1 for text in encoded), initial=1))
    found: list[set[str]] = [set() for _ in texts]
    for place in alike.tolist():
        first, second = (joined[start[at] : end[at]].decode("utf-8", "surrogatepass") for at in (place, place + 1))
        number = bisect_right(borders, start[place]) - 1
        if _is_twin(first, second) and start[place + 1] < borders[number + 1]:
            found[number].add(first)
    return found


def _is_twin(first: str, second: str) -> bool:
    rest = second[len(first) :]
    return (
        first.isalpha()
        and second.startswith(first)
        and (first.islower() or len(first) > (1 if first.istitle() else 2))
        and not rest[:1].isalnum()
        and rest[:1] not in ("'", "\u2019", "-", "_", "/", "@")
    )


def _blanks(buffer: Bytes) -> Bools:
    """Which bytes are blanks, as `str.split` has them; at least two bytes must stand behind the first of each."""
    blank = (buffer == 32) | (buffer - np.uint8(9) <= 4) | (buffer - np.uint8(28) <= 3)  # smaller ones wrap around
    for lead, rests in _BLANKS.items():
        at = (buffer == lead).nonzero()[0]
        for rest in rests if len(at) else ():
            here = at[buffer.take(at + 1) == rest[0]]
            here = here[buffer.take(here + 2) == rest[1]] if len(rest) > 1 else here
            for place in range(len(rest) + 1):
                blank[here + place] = True
    return np.asarray(blank)
