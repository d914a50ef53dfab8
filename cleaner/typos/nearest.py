"""Finds the known words one slip away from many words at once, with NumPy.

A slip is one letter put in, left out, changed or exchanged with the next, or two or three letters in a row (a syllable)
written once too often or too seldom.

A word's hash is the sum of its letters, each times a power of one odd number, modulo 2**64. The hash of a word with a
slip then follows from the sums before and behind the place, so that all the words one slip away are hashed without
being written down. A bit table tells most of them from known words; what it lets through is looked up among the sorted
hashes of the known words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cleaner.typos.candidates import LETTERS, LONGEST, near, syllables

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.intp]

_BASE = 0x9E3779B97F4A7C15
_POWERS: Hashes = np.array([pow(_BASE, n, 2**64) for n in range(LONGEST + 3)], np.uint64)
_INVERSE: Hashes = np.array([pow(_BASE, -n, 2**64) for n in range(4)], np.uint64)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_TABLE_BITS = 23
_ALPHABET: Hashes = np.frombuffer(LETTERS.encode("ascii"), np.uint8).astype(np.uint64)


_NONE: Hashes = np.zeros(0, np.uint64)
_PART = 8192
"""So many words are hashed at once; the arrays for all their letters stay small."""


FEW = 50
"""So many words are looked for one by one; not before then is the index worth making."""


class NearWords:
    """The known words, to be found one slip away.

    Args:
        words: in lower case; those that are not ASCII or longer than `LONGEST` + 1 letters are not found.
        few: how many words are looked for one by one before an index is made.
    """

    def __init__(self, words: Collection[str], few: int = FEW) -> None:
        self._known = words
        self._left = few

    @cached_property
    def _index(self) -> Index:
        return Index(self._known)

    def find(self, words: Sequence[str]) -> list[list[str]]:
        """The known words one slip away from each word.

        Args:
            words: in lower case; those that are not ASCII or longer than `LONGEST` have no words near.

        Returns:
            For each word a sorted list without the word itself.
        """
        self._left -= len(words)
        if self._left < 0:
            return self._index.find(words)
        return [
            sorted({*near(word, self._known), *syllables(word, self._known)} - {word})
            if word.isascii() and len(word) <= LONGEST else [] for word in words
        ]  # fmt: skip


class Index:
    """The known words by their hashes."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = [word for word in words if word.isascii() and 0 < len(word) <= LONGEST + 1]
        parts = [_hashes(self._words[at : at + _PART]) for at in range(0, len(self._words), _PART)]
        hashes = np.concatenate([_NONE, *parts])
        self._order = np.argsort(hashes)
        self._hashes = hashes[self._order]
        table = np.zeros(1 << _TABLE_BITS, np.bool_)
        table[_slots(hashes)] = True
        self._table = np.packbits(table, bitorder="little")

    def find(self, words: Sequence[str]) -> list[list[str]]:
        """The same as `NearWords.find`, for all words at once."""
        found: list[set[str]] = [set() for _ in words]
        numbers = [n for n, word in enumerate(words) if word.isascii() and 0 < len(word) <= LONGEST]
        if numbers and self._words:
            for hashes, owner in _one_slip_away(_Gaps([words[n] for n in numbers])):
                for row, known in self._known(hashes):
                    found[numbers[owner[row]]].add(self._words[known])
        return [sorted(near - {word}) for near, word in zip(found, words, strict=True)]

    def _known(self, hashes: Hashes) -> Iterable[tuple[int, int]]:
        """(row, number of the word) of the hashes that belong to known words; shape (n, m)."""
        slots = _slots(hashes)
        bits = self._table.take((slots >> np.uint64(3)).view(np.int64)) >> (slots & np.uint64(7)).astype(np.uint8)
        likely = np.flatnonzero(bits & 1)
        wanted = hashes.ravel()[likely]
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        hit = self._hashes[at] == wanted
        return zip((likely[hit] // hashes.shape[1]).tolist(), self._order[at[hit]].tolist(), strict=True)


def _slots(hashes: Hashes) -> Hashes:
    """The place of hashes in the bit table: the first bits of a product, which depend on all bits of the hash."""
    return (hashes * _MIX) >> np.uint64(64 - _TABLE_BITS)


class _Gaps:
    """All gaps of some words, those before the first letter and behind the last one too; n in all.

    Attributes:
        owner: the word that a gap belongs to; shape (n,).
        at: the letters before a gap; shape (n,).
        left: the letters behind a gap; shape (n,).
        letter: the letter behind a gap, 0 behind the last one; shape (n,).
        head, tail: the share of the word's hash that the letters before and behind a gap have; shape (n,).
    """

    def __init__(self, words: Sequence[str]) -> None:
        lengths = np.array([len(word) for word in words], np.intp)
        first = np.cumsum(lengths + 1) - lengths - 1
        self.owner = np.repeat(np.arange(len(words)), lengths + 1)
        self.at = np.arange(len(self.owner)) - first[self.owner]
        self.left = lengths[self.owner] - self.at
        self.letter: Hashes = np.frombuffer(("\0".join(words) + "\0").encode("ascii"), np.uint8).astype(np.uint64)
        sums: Hashes = np.concatenate((np.zeros(1, np.uint64), np.cumsum(self.letter * _POWERS[self.at])))
        self.head = sums[:-1] - sums[first][self.owner]
        self.tail = self.head[first + lengths][self.owner] - self.head


def _hashes(words: Sequence[str]) -> Hashes:
    """The hash of each word, none of them empty; shape (n,)."""
    lengths = np.array(list(map(len, words)), np.intp)
    first = np.cumsum(lengths) - lengths
    at = np.arange(lengths.sum()) - np.repeat(first, lengths)
    letters: Hashes = np.frombuffer("".join(words).encode("ascii"), np.uint8).astype(np.uint64)
    return np.add.reduceat(letters * _POWERS.take(at), first)


def _one_slip_away(gaps: _Gaps) -> Iterator[tuple[Hashes, Numbers]]:
    """The hashes of all words one slip away, and the words that each row of them belongs to; shapes (n, m) and (n,)."""
    owner, at, head, tail, letter = gaps.owner, gaps.at, gaps.head, gaps.tail, gaps.letter
    power = _POWERS[at]
    written = power[:, None] * _ALPHABET
    yield (head + tail * _POWERS[1])[:, None] + written, owner  # a letter put in
    one = np.flatnonzero(gaps.left >= 1)
    yield (head[one] + tail[one + 1])[:, None] + written[one], owner[one]  # a letter changed
    left_out = head[one] + tail[one + 1] * _INVERSE[1]
    two = np.flatnonzero(gaps.left >= 2)
    exchanged = head[two] + letter[two + 1] * power[two] + letter[two] * power[two + 1] + tail[two + 2]
    single = [(left_out, owner[one]), (exchanged, owner[two])]
    for width in (2, 3):
        here = np.flatnonzero(gaps.left >= width)
        part = head[here + width] - head[here]
        single.append((head[here] + part + tail[here] * _POWERS[width], owner[here]))  # a syllable once more
        here = np.flatnonzero(gaps.left >= 2 * width)
        part, again = head[here + width] - head[here], head[here + 2 * width] - head[here + width]
        here = here[part * _POWERS[width] == again]
        single.append((head[here] + tail[here + width] * _INVERSE[width], owner[here]))  # and once less
    yield np.concatenate([hashes for hashes, _ in single])[:, None], np.concatenate([words for _, words in single])
