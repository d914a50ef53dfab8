"""The chunks of many texts, found in their bytes at once: a few steps of NumPy for each byte, and none of Python for
a word. A *chunk* is text without white space, as `str.split` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.tokens import byte_sums, stretch_keys

Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Keys = NDArray[np.uint64]

WIDTH = 8
"""So many bytes of two neighbours are compared by NumPy, the rest, which seldom differs, by Python."""

_MASKS = np.array([(1 << 8 * size) - 1 for size in range(WIDTH + 1)], np.uint64)

_IS_MARK, _OPENS, _CLOSES = (
    np.array([chr(byte) in signs for byte in range(256)]) for signs in (".,;:!?", "(\"'", "\"')")
)
_WIDE, _WIDE_OPENS, _WIDE_CLOSES = 0xE2, (0x9C, 0x98), (0x9D, 0x99)
"""The first byte of curly quotation marks, and the last ones; 80 is between them."""
_MAY_OPEN = _OPENS | (np.arange(256) == _WIDE)
_MAY_CLOSE = _IS_MARK | _CLOSES | np.isin(np.arange(256), _WIDE_CLOSES)
_UPPER, _SMALL = np.array([byte in range(ord("A"), ord("Z") + 1) for byte in range(256)]), ord("a") - ord("A")

_BLANKS = tuple(
    (first, np.isin(np.arange(256), last))
    for first, last in (
        (b"\xc2", (0x85, 0xA0)), (b"\xe1\x9a", 0x80), (b"\xe2\x80", (*range(0x80, 0x8B), 0xA8, 0xA9, 0xAF)),
        (b"\xe2\x81", 0x9F), (b"\xe3\x80", 0x80),
    )
)  # fmt: skip
"""The blanks beyond ASCII: the bytes that they begin with, and which bytes may be the last one."""
_LOWEST_LEAD = 0xC2
_HYPHEN = ord("-")


class Bare(NamedTuple):
    """The m chunks of some texts without what does not matter to whether they are known.

    Attributes:
        running: the running sum that every hash is a difference of; shape (bytes + 1,).
        start, end: where each of them stands; shape (m,).
    """

    running: Keys
    start: Ints
    end: Ints

    def keys(self) -> Keys:
        """A hash of each chunk; shape (m,)."""
        return stretch_keys(self.running, self.start, self.end)


@dataclass(frozen=True, slots=True, eq=False)
class Chunks:
    """The m chunks of n texts.

    Attributes:
        joined: the texts in UTF-8, each behind a line end, and blanks behind the last one.
        start, end: where each chunk stands in it; shape (m,).
        border: where each text begins in it, and one more would; shape (n + 1,).
    """

    joined: bytes
    start: Ints
    end: Ints
    border: Ints

    @classmethod
    def of(cls, texts: Sequence[str]) -> Chunks:
        """The chunks of some texts."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        joined = b"\n".join((b"", *encoded, b"\n" * WIDTH))
        blank = _blanks(np.frombuffer(joined, np.uint8))
        edges = (blank[1:] != blank[:-1]).nonzero()[0] + 1
        border = list(accumulate((len(text) + 1 for text in encoded), initial=1))
        return cls(joined, edges[0::2], edges[1::2], np.array(border, np.intp))

    def __len__(self) -> int:
        return len(self.start)

    def keys(self) -> Keys:
        """A hash of each chunk without the usual signs around it and a capital; shape (m,)."""
        return self.bare().keys()

    def bare(self) -> Bare:
        """The chunks without a sign that opens before them, and one that closes and a mark, in either order, behind
        them; without a capital at their beginning and behind hyphens."""
        buffer = np.frombuffer(self.joined, np.uint8)
        start, end = self.start.copy(), self.end.copy()
        opened = _MAY_OPEN.take(buffer.take(start)).nonzero()[0]  # few chunks are more than letters
        start[opened] += _size_of(buffer, start.take(opened), _OPENS, _WIDE_OPENS)
        closed = _MAY_CLOSE.take(buffer.take(end - 1)).nonzero()[0]
        inner = end.take(closed)
        marked = _IS_MARK.take(buffer.take(inner - 1))
        inner -= marked
        inner -= _size_of(buffer, inner - 1, _CLOSES, _WIDE_CLOSES, ends=True)
        inner -= _IS_MARK.take(buffer.take(inner - 1)) & ~marked
        end[closed] = np.maximum(inner, start.take(closed))
        bare = buffer.copy()
        for place in (start, (buffer == _HYPHEN).nonzero()[0] + 1):
            bare[place[_UPPER.take(buffer.take(place))]] |= _SMALL
        return Bare(byte_sums(bare), start, end)

    def written(self, numbers: Ints) -> list[str]:
        """Some of the chunks, by their numbers."""
        bounds = zip(self.start.take(numbers).tolist(), self.end.take(numbers).tolist(), strict=True)
        return [self.joined[start:end].decode("utf-8", "surrogatepass") for start, end in bounds]

    def behind(self, numbers: Ints) -> list[str]:
        """The chunks behind some of them, in the same text; "" where there is none."""
        if not len(numbers):
            return []
        following = np.minimum(numbers + 1, len(self) - 1)
        same = (following > numbers) & (self._text_of(following) == self._text_of(numbers))
        return [chunk if inside else "" for chunk, inside in zip(self.written(following), same.tolist(), strict=True)]

    def _text_of(self, numbers: Ints) -> Ints:
        return np.searchsorted(self.border, self.start.take(numbers), "right") - 1

    def parts(self, numbers: Ints) -> list[int]:
        """Where in a list of numbers, which must ascend, those of each text begin, and those of one more would."""
        return np.searchsorted(self.start.take(numbers), self.border).tolist()  # type: ignore[no-any-return]

    def places(self, numbers: Ints) -> list[int]:
        """Where some chunks begin in their texts; offsets in code points."""
        start, border = self.start.take(numbers), self.border.take(self._text_of(numbers))
        if self.joined.isascii():
            return (start - border).tolist()  # type: ignore[no-any-return]
        inner = ((np.frombuffer(self.joined, np.uint8) & 0xC0) == 0x80).nonzero()[0]
        before = np.searchsorted(inner, start) - np.searchsorted(inner, border)
        return (start - border - before).tolist()  # type: ignore[no-any-return]

    def twins(self) -> list[set[str]]:
        """For each text the words of letters only behind which the next chunk begins with the same word."""
        found: list[set[str]] = [set() for _ in self.border[1:]]
        if not len(self):
            return found
        letter = np.frombuffer(self.joined, np.uint8).take(self.start)
        alike = (letter[1:] == letter[:-1]).nonzero()[0]
        heads = np.ndarray((len(self.joined) - WIDTH + 1,), "<u8", self.joined, strides=(1,))
        start, following = self.start.take(alike), self.start.take(alike + 1)
        size = np.minimum(self.end.take(alike) - start, WIDTH)
        alike = alike[((heads[start] ^ heads[following]) & _MASKS.take(size)) == 0]
        alike = alike[self._text_of(alike) == self._text_of(alike + 1)]
        pairs = zip(self._text_of(alike).tolist(), self.written(alike), self.written(alike + 1), strict=True)
        for number, first, second in pairs:
            if _is_twin(first, second):
                found[number].add(first)
        return found


def _size_of(buffer: Bytes, at: Ints, signs: Bools, wide: tuple[int, int], ends: bool = False) -> Ints:
    """The bytes of a sign that begins at each place, or ends there; 0 where none does.

    Args:
        buffer: the texts.
        at: the places.
        signs: which bytes are signs.
        wide: the last bytes of signs of three bytes.
        ends: whether signs end at the places.
    """
    byte = buffer.take(at)
    size = signs.take(byte).astype(np.intp)
    last = ((byte == wide[0]) | (byte == wide[1]) if ends else byte == 0xE2).nonzero()[0]
    begin = at.take(last) - 2 * ends
    whole = (buffer.take(begin) == 0xE2) & (buffer.take(begin + 1) == 0x80)
    whole &= (buffer.take(begin + 2) == wide[0]) | (buffer.take(begin + 2) == wide[1])
    size[last[whole]] = 3
    return size


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
    leads = (buffer >= _LOWEST_LEAD).nonzero()[0]
    for first, last in _BLANKS:
        at = leads
        for place, byte in enumerate(first):
            at = at[buffer.take(at + place) == byte]
        at = at[last.take(buffer.take(at + len(first)))]
        for place in range(len(first) + 1):
            blank[at + place] = True
    return np.asarray(blank)


_MIX = np.uint64(0xD6E8FEB86659FD93)
_LAST = np.uint64((1 << 64) - 1)
"""Stands behind all keys; nothing is larger."""


class KeySet:
    """A set of keys that is asked about many at once.

    Args:
        keys: the keys.
    """

    def __init__(self, keys: Keys) -> None:
        self._mixed = np.append(np.sort(keys * _MIX), _LAST)
        bits = len(keys).bit_length() + 1
        self._shift = np.uint64(64 - bits)
        in_each = np.bincount((self._mixed[:-1] >> self._shift).view(np.int64), minlength=1 << bits)
        # By the first bits of a key, how many keys have smaller ones.
        self._before = (np.cumsum(in_each) - in_each).astype(np.int32)

    def holds(self, keys: Keys) -> Bools:
        """Which of some keys are in the set; shape (n,)."""
        wanted = keys * _MIX
        at = self._before.take((wanted >> self._shift).view(np.int64))
        found = self._mixed.take(at, mode="clip")
        behind = (found < wanted).nonzero()[0]
        while len(behind):  # twice or so, as there are more buckets than keys
            at[behind] += 1
            found[behind] = self._mixed.take(at.take(behind), mode="clip")
            behind = behind[found.take(behind) < wanted.take(behind)]
        return np.asarray(found == wanted)
