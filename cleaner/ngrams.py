"""Hashed n-grams of a unit's own text, which linear models turn into *text scores*. ONE code path: training collects
the same slots that inference adds up.

Two scores are made: one from what the words are (bytes, words, word pairs), one from how they are put together (classes
of words), which says more about wordings that nobody has seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import InitVar, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.lexicon import Lexicon
from cleaner.stretches import Stretches
from cleaner.tokens import COLON, COMMA, DASH, STOP, Ints, Tokens
from cleaner.units import Units

Floats = NDArray[np.float32]

TABLE_BITS = 18
ORDERS = (3, 4, 5)
"""Lengths of the byte n-grams."""

_FOLD = np.arange(256, dtype=np.uint32)
_FOLD[65:91] += 32
_FOLD[48:58] = 48  # every digit counts as 0
_FOLD[[9, 10, 13]] = 32


@dataclass(frozen=True, slots=True, eq=False)
class NGrams:
    """The hashed n-grams of one kind: `slot` for every place in `[start, end)` of each unit.

    Attributes:
        slot: a table slot for each place (byte or word) of the batch.
        start, end: the places of each unit; shape (k,). `end` may lie before `start` where a unit is too short.
        order: how many places an n-gram fills.
        of_bytes: whether places are bytes.
        places: the same as stretches; where they are known already they need not be worked out again.
        root: the root of their number, at least 1; shape (k,).
    """

    slot: NDArray[np.integer[Any]]
    start: Ints
    end: Ints
    order: int
    of_bytes: bool = False
    places: Stretches = field(init=False, repr=False)
    root: Floats = field(init=False, repr=False)
    known: InitVar[Stretches | None] = None

    def __post_init__(self, known: Stretches | None) -> None:
        size = np.maximum(self.end - self.start, 0)
        places = Stretches.of(self.start, self.start + size) if known is None else known
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "root", np.sqrt(np.maximum(size, 1)).astype(np.float32))

    def scores(self, tables: Iterable[Floats]) -> Floats:
        """For each of t tables of weights the sum over the n-grams of each unit, over the root of their number; shape
        (t, k)."""
        return np.stack([self.places.sums(table.take(self.slot, mode="clip")) / self.root for table in tables])

    def scores_within(self, tokens: Tokens, first: Ints, last: Ints, table: Floats) -> Floats:
        """The scores by one table of other stretches of words, half-open, 0 of empty ones; shape (n,). Only their
        places are looked up."""
        start, end = _bounds(tokens, first, last, self.order, self.of_bytes)
        size = np.maximum(end - start, 0) * (last > first)
        stretch = np.repeat(np.arange(len(size)), size)
        places = np.arange(len(stretch)) + np.repeat(start - size.cumsum() + size, size)
        total = np.bincount(stretch, table.take(self.slot.take(places)), len(size))
        return np.asarray(total / np.sqrt(np.maximum(size, 1)), np.float32)

    def paired_scores(self, table: NDArray[np.complex64]) -> Floats:
        """The same for two tables that are looked up together, one the real and one the imaginary part; shape
        (2, k)."""
        sums = self.places.paired_sums(table.take(self.slot, mode="clip")) / self.root
        return np.stack((sums.real, sums.imag))


@dataclass(frozen=True, slots=True, eq=False)
class UnitNGrams:
    """All n-grams of the units of a batch, those of bytes and words and those of word classes."""

    words: tuple[NGrams, ...]
    classes: tuple[NGrams, ...]

    @classmethod
    def of(cls, tokens: Tokens, units: Units, lexicon: Lexicon, classes: Ints | None = None) -> UnitNGrams:
        """The n-grams of a batch; `classes` of its words, where they are known already; shape (m,)."""
        classes = lexicon.classes(tokens, units.rows) if classes is None else classes
        return cls(tuple(ngrams(tokens, units)), tuple(class_ngrams(tokens, units, classes)))

    def scores(self, tables: Floats) -> Floats:
        """The linear models' scores of each unit; shape (k, 2).

        Args:
            tables: weights by slot for words and for classes; shape (2, 2**TABLE_BITS).
        """
        kinds = zip((self.words, self.classes), tables, strict=True)
        return np.stack([sum(grams.scores((table,))[0] for grams in kind) for kind, table in kinds], axis=1)

    def scores_within(self, tokens: Tokens, first: Ints, last: Ints, tables: Floats) -> Floats:
        """The linear models' scores of other stretches of words, half-open; shape (n, 2)."""
        kinds = zip((self.words, self.classes), tables, strict=True)
        return np.stack(
            [sum(grams.scores_within(tokens, first, last, table) for grams in kind) for kind, table in kinds], axis=1
        )

    def paired_scores(self, tables: NDArray[np.complex64]) -> Floats:
        """The scores that two models give, whose tables are the real and the imaginary part; shape (2, k, 2)."""
        kinds = zip((self.words, self.classes), tables, strict=True)
        return np.stack([sum(grams.paired_scores(table) for grams in kind) for kind, table in kinds], axis=2)


def ngrams(tokens: Tokens, units: Units) -> Iterator[NGrams]:
    """The n-grams of every unit: bytes (3, 4 and 5 in a row, ASCII case and digits folded), words and word pairs."""
    folded = _FOLD.take(tokens.buffer)
    first, last = units.first, units.last
    running = folded.copy()
    for order in range(2, ORDERS[-1] + 1):
        longer = running[: -order + 1]
        longer *= np.uint32(0x01000193)
        longer += folded[order - 1 :]
        if order in ORDERS:
            mixed = running >> np.uint32(15)
            mixed ^= running
            mixed *= np.uint32(0x2C1B3C6D + 2 * order)
            mixed >>= np.uint32(32 - TABLE_BITS)
            yield NGrams(mixed, *_bounds(tokens, first, last, order, True), order, True)
    yield NGrams(word_slots(tokens.key), first, last, 1, known=units.words)
    following = np.concatenate((tokens.key[1:], tokens.key[:1]))
    pair = (tokens.key * np.uint64(0xD6E8FEB86659FD93) ^ following) * np.uint64(0x9FB21C651E98DF25)
    slots = (pair >> np.uint64(64 - TABLE_BITS)).view(np.int64)
    yield NGrams(slots, first, last - 1, 2, known=units.pairs)


def _bounds(tokens: Tokens, first: Ints, last: Ints, order: int, of_bytes: bool) -> tuple[Ints, Ints]:
    """Where the n-grams of stretches of words begin, half-open: of bytes those of the signs beside them too."""
    if not of_bytes:
        return first, last - order + 1
    start = np.maximum(tokens.start.take(first) - 1, 0)
    return start, np.minimum(tokens.end.take(last - 1) + 1, len(tokens.buffer)) - order + 1


def word_slots(keys: NDArray[np.uint64]) -> Ints:
    """The slots of words, by their keys."""
    return np.asarray(((keys * np.uint64(0x9FB21C651E98DF25)) >> np.uint64(64 - TABLE_BITS)).view(np.int64))


def class_ngrams(tokens: Tokens, units: Units, classes: Ints) -> Iterator[NGrams]:
    """The n-grams of word classes: pairs, threes, and pairs around any word; punctuation before a word counts."""
    marked = (tokens.gap & (COMMA | STOP | COLON | DASH)) != 0
    place = (classes * 2 + marked).view(np.uint64)
    second, third = (np.concatenate((place[by:], place[:by])) for by in (1, 2))
    shift = np.uint64(64 - TABLE_BITS)

    def slots(value: NDArray[np.uint64]) -> Ints:
        return (value >> shift).view(np.int64)

    first, last = units.first, units.last
    yield NGrams(slots(_mixed(place, second, np.uint64(0))), first, last - 1, 2, known=units.pairs)
    threes = slots(_mixed(_mixed(place, second, np.uint64(1)), third, np.uint64(2)))
    yield (found := NGrams(threes, first, last - 2, 3))
    yield NGrams(slots(_mixed(place, third, np.uint64(3))), first, last - 2, 3, known=found.places)


def _mixed(left: NDArray[np.uint64], right: NDArray[np.uint64], kind: np.uint64) -> NDArray[np.uint64]:
    mixed = (left * np.uint64(0xD6E8FEB86659FD93) ^ right) * np.uint64(0x9FB21C651E98DF25) + kind
    return (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0xD6E8FEB86659FD93)
