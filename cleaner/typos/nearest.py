"""Finds the known words one slip away from many words at once, with NumPy.

A slip is one letter put in, left out, changed or exchanged with the next, or two or three letters in a row (a syllable)
written once too often or too seldom.

A word's hash is the sum of its letters, each times a power of one odd number, modulo 2**64. The hash of a word with one
letter put in, left out, changed or exchanged then follows from the sums before and behind the place, so that all the
words one slip away are hashed without being written down. A bit table tells most of them from known words; what it lets
through is looked up among the sorted hashes of the known words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.typos.candidates import LETTERS, LONGEST

Hashes = NDArray[np.uint64]

_BASE = 0x9E3779B97F4A7C15
_POWERS: Hashes = np.array([pow(_BASE, n, 2**64) for n in range(LONGEST + 3)], np.uint64)
_INVERSE = np.uint64(pow(_BASE, -1, 2**64))
_MIX = np.uint64(0xD6E8FEB86659FD93)
_TABLE_BITS = 23
_ALPHABET: Hashes = np.frombuffer(LETTERS.encode("ascii"), np.uint8).astype(np.uint64)
_ONE = np.uint64(1)


class NearWords:
    """The known words, to be found one slip away.

    Args:
        words: in lower case; those that are not ASCII or longer than `LONGEST` + 1 letters are not found.
    """

    def __init__(self, words: Iterable[str]) -> None:
        groups: defaultdict[int, list[str]] = defaultdict(list)
        for word in words:
            groups[len(word)].append(word)
        lengths = [length for length in groups if 0 < length <= LONGEST + 1]
        listed = [word for length in lengths for word in groups[length]]
        hashes = np.concatenate([_sums(_letters(groups[length], length))[:, -1] for length in lengths] or [_NONE])
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._order = order
        self._words = listed
        table = np.zeros(1 << _TABLE_BITS, np.bool_)
        table[_slots(hashes)] = True
        self._table = np.packbits(table, bitorder="little")

    def find(self, words: Sequence[str]) -> list[list[str]]:
        """The known words one slip away from each word.

        Args:
            words: in lower case; those that are not ASCII or longer than `LONGEST` have no words near.

        Returns:
            For each word a sorted list without the word itself.
        """
        near: list[list[str]] = [[] for _ in words]
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            if word.isascii() and 0 < len(word) <= LONGEST:
                groups[len(word)].append(number)
        for length, numbers in groups.items():
            for row, known in self._known(_one_slip_away(_letters([words[n] for n in numbers], length))):
                near[numbers[row]].append(self._words[known])
        return [sorted(set(found) - {word}) for found, word in zip(near, words, strict=True)]

    def _known(self, hashes: Hashes) -> Iterable[tuple[int, int]]:
        """(row, number of the word) of the hashes in a table, shape (n, m), that belong to known words."""
        slots = _slots(hashes)
        rows, columns = np.nonzero((self._table[slots >> np.uint64(3)] >> (slots & np.uint64(7)).astype(np.uint8)) & 1)
        wanted = hashes[rows, columns]
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        hit = self._hashes[at] == wanted
        return zip(rows[hit].tolist(), self._order[at[hit]].tolist(), strict=True)


_NONE: Hashes = np.zeros(0, np.uint64)


def _letters(words: Sequence[str], length: int) -> Hashes:
    """The letters of words of one length; shape (n, length)."""
    return np.frombuffer("".join(words).encode("ascii"), np.uint8).reshape(-1, length).astype(np.uint64)


def _slots(hashes: Hashes) -> Hashes:
    """The place of hashes in the bit table: the first bits of a product, which depend on all bits of the hash."""
    return (hashes * _MIX) >> np.uint64(64 - _TABLE_BITS)


def _sums(letters: Hashes) -> Hashes:
    """The hash of each beginning of each word, the empty one first; shape (n, length + 1)."""
    sums = np.zeros((letters.shape[0], letters.shape[1] + 1), np.uint64)
    np.cumsum(letters * _POWERS[: letters.shape[1]], axis=1, out=sums[:, 1:])
    return sums


def _one_slip_away(letters: Hashes) -> Hashes:
    """The hashes of all strings one slip away from each of n words of one length; shape (n, m)."""
    number, length = letters.shape
    head = _sums(letters)
    tail = head[:, -1:] - head  # what stands from each place on, where it stands
    left_out = head[:, :-1] + tail[:, 1:] * _INVERSE
    exchanged = (
        head[:, : length - 1] + letters[:, 1:] * _POWERS[: length - 1] + letters[:, :-1] * _POWERS[1:length]
        + tail[:, 2:]
    )  # fmt: skip
    written = _POWERS[: length + 1, None] * _ALPHABET  # each letter in each place
    changed = (head[:, :-1] + tail[:, 1:])[:, :, None] + written[:length]
    put_in = (head + tail * _POWERS[1])[:, :, None] + written
    once_more = [sum_ for width in (2, 3) for sum_ in _syllables(head, tail, width)]
    return np.concatenate(
        (left_out, exchanged, changed.reshape(number, -1), put_in.reshape(number, -1), *once_more), axis=1
    )


def _syllables(head: Hashes, tail: Hashes, width: int) -> Iterator[Hashes]:
    """The hashes of the words with `width` letters in a row written once more, and written once less where they stand
    twice."""
    places = head.shape[1] - width
    if places > 0:
        part = head[:, width:] - head[:, :places]
        yield head[:, :places] + part + tail[:, :places] * _POWERS[width]
        if places > width:
            again = part[:, width:] == part[:, : places - width] * _POWERS[width]
            less = head[:, : places - width] + tail[:, width:places] * _INVERSE**np.uint64(width)
            yield np.where(again, less, tail[:, -1:])
