"""What is known about words, learnt from clean articles: how they are used, what they mean, which follow which.

None of it says what noise is. It says what running text looks like, so that text which does not fit stands out whatever
its topic. Everything is looked up by the 64-bit word keys of `cleaner.tokens`, for whole batches at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.tokens import ANY_DIGIT, ANY_FOREIGN, FIRST_UPPER, Bools, Ints, Tokens
from cleaner.voice import kinds_of_rows

PAIR_BITS = 20
PAIR_SLOTS = 1 << PAIR_BITS
"""Slots of the table of word pairs; each holds a 16-bit fingerprint and the strength of one pair."""

DIMENSIONS = 40
"""Length of the vectors of meaning."""
SENSES = 32
"""Length of the vectors of sense."""

UNKNOWN_CLASSES = 4
"""Classes of words that the lexicon does not know: in lower case, with a capital, with a digit, beyond ASCII."""

BY_CHANCE = -15.0
"""In the 30 million words that pairs are known from, chance would bring two words together 2 ** (BY_CHANCE + the sum of
their `Lexicon.frequency`) times. Without a language model pairs are known from fewer words, and this is too strict."""

_MIX = np.uint64(0xD6E8FEB86659FD93)
BUCKET_BITS = 18
_BUCKET_SHIFT = np.uint64(64 - BUCKET_BITS)

_SHAPES = np.arange(64)
_CLASS_OF_UNKNOWN = np.select(
    ((_SHAPES & ANY_FOREIGN) != 0, (_SHAPES & ANY_DIGIT) != 0, (_SHAPES & FIRST_UPPER) != 0), (3, 2, 1), 0
).astype(np.uint16)
"""Class of a word that the lexicon does not know, by its shape."""


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """Finds keys several times as fast as a binary search: most are where their first bits say.

    Attributes:
        mixed: the keys times an odd number, which spreads them evenly; sorted; shape (n,).
        row: the row of each of them, counted from 1; shape (n,).
        first: by their first bits, where in `mixed` such keys begin; shape (2**BUCKET_BITS,).
    """

    mixed: NDArray[np.uint64]
    row: Ints
    first: NDArray[np.int32]

    @classmethod
    def of(cls, keys: NDArray[np.uint64]) -> _Index:
        order = np.argsort(keys * _MIX)
        mixed = (keys * _MIX)[order]
        behind = np.cumsum(np.bincount(_bucket(mixed), minlength=1 << BUCKET_BITS))
        first = np.minimum(np.concatenate(([0], behind[:-1])), len(mixed) - 1)
        return cls(mixed, order + 1, first.astype(np.int32))

    def find(self, keys: NDArray[np.uint64]) -> Ints:
        """The row of each key, 0 where there is none."""
        wanted = keys * _MIX
        at = self.first.take(_bucket(wanted))
        behind = (self.mixed.take(at) < wanted).nonzero()[0]  # few, as there are more buckets than keys
        at[behind] = np.minimum(self.mixed.searchsorted(wanted[behind]), len(self.mixed) - 1)
        return np.where(self.mixed.take(at) == wanted, self.row.take(at), 0)


def _bucket(mixed: NDArray[np.uint64]) -> Ints:
    """The first bits of mixed keys, as signed numbers: NumPy 1 neither counts nor takes by others."""
    return (mixed >> _BUCKET_SHIFT).view(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Columns of n known words; row 0 stands for every unknown word.

    Attributes:
        key: sorted 64-bit keys of rows 1 to n - 1; shape (n - 1,).
        frequency: log2 of 1 + occurrences per million words; shape (n,).
        starter: log odds that the word, written with a capital, opens a sentence rather than stands inside one.
        namelike: log odds that the word inside a sentence has a capital.
        function: whether it is a function word (the, of, would).
        vector: what the words of a stretch of text mean, to be summed over them; shape (n, DIMENSIONS + SENSES). First
            directions of meaning, unit length, from co-occurrence (GloVe, or PPMI and truncated SVD), zeros for
            function words; then what the word adds to the sense of a sentence, as an encoder of sentences has it
            (`cleaner.train_sense`), at any length, as only directions of sums count; zeros where none was at hand.
        word_class: frequent words have a class of their own, the others share one with words that stand in the same
            places (adjectives, plural nouns, past tenses, ...); shape (n,).
        class_pair: how much more often than by chance a word of one class follows one of another, in bits times 8;
            shape (classes, classes).
        pair_print, pair_strength: the table of word pairs; strength is pointwise mutual information in bits times 8. It
            is learnt from other articles than those into which noise is put: where a network has only seen articles
            whose pairs are all known, it takes every new pair for a seam.
        voice: which of `cleaner.voice.KINDS` the word is of, -1 for most; follows from `key`; shape (n,).
    """

    key: NDArray[np.uint64]
    frequency: NDArray[np.float32]
    starter: NDArray[np.float32]
    namelike: NDArray[np.float32]
    function: Bools
    vector: NDArray[np.float32]
    word_class: NDArray[np.uint16]
    class_pair: NDArray[np.int8]
    pair_print: NDArray[np.uint16]
    pair_strength: NDArray[np.int8]
    _index: _Index = field(init=False, repr=False)
    voice: NDArray[np.int8] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "voice", kinds_of_rows(self.key))
        object.__setattr__(self, "_index", _Index.of(self.key))

    def find(self, keys: NDArray[np.uint64]) -> Ints:
        """Rows of words, 0 for the unknown."""
        return self._index.find(keys)

    def pairs(
        self, keys: NDArray[np.uint64], rows: Ints, left: Ints, right: Ints | None = None
    ) -> tuple[Bools, NDArray[np.float32]]:
        """Whether words were ever seen side by side, and how much more often than by chance, in bits.

        Args:
            keys, rows: of all words of the batch.
            left, right: the words of each pair, as places in these; without `right` each word and the one behind it,
                the first word behind the last.

        Returns:
            Two arrays of shape (pairs,). A pair that was never seen is as much rarer than by chance as its words are
            frequent: 0 for rare ones, of which nothing follows.
        """
        following = (left + 1) % len(keys) if right is None else right
        common = self.frequency.take(rows.take(left)) + self.frequency.take(rows.take(following))
        return self._pairs(keys.take(left), keys.take(following), common)

    def neighbours(self, keys: NDArray[np.uint64], rows: Ints) -> tuple[Bools, NDArray[np.float32]]:
        """The same for each word of a batch and the one behind it, the first word behind the last; shape (m,) each."""
        frequency = self.frequency.take(rows)
        return self._pairs(keys, _rolled(keys), frequency + _rolled(frequency))

    def _pairs(
        self, left: NDArray[np.uint64], right: NDArray[np.uint64], common: NDArray[np.float32]
    ) -> tuple[Bools, NDArray[np.float32]]:
        slot, mark = pair_slots(left, right)
        known = self.pair_print.take(slot, mode="clip") == mark
        by_chance = common + np.float32(BY_CHANCE)
        np.clip(by_chance, 0, np.inf, out=by_chance)
        strength = np.where(known, self.pair_strength.take(slot, mode="clip") / np.float32(8), -by_chance)
        return known, strength.astype(np.float32, copy=False)

    def classes(self, tokens: Tokens, rows: Ints) -> Ints:
        """The class of each word; `rows` as `find` gives them."""
        found = self.word_class.take(rows)
        unknown = (rows == 0).nonzero()[0]
        found[unknown] = _CLASS_OF_UNKNOWN.take(tokens.shape.take(unknown))
        return found.astype(np.int64)

    def fits(self, left: Ints, right: Ints) -> NDArray[np.float32]:
        """How well a word of class `right` follows one of class `left`, in bits."""
        return np.asarray(self.class_pair.take(left * len(self.class_pair) + right) / np.float32(8), np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The columns in the compact types in which they are stored."""
        return {
            "lexicon_key": self.key,
            "lexicon_use": np.column_stack(
                [
                    _to_int8(column, 16 if column is self.frequency else 12)
                    for column in (self.frequency, self.starter, self.namelike)
                ]
            ),
            "lexicon_function": self.function,
            "lexicon_vector": _to_int8(self.vector, 127),
            "word_class": self.word_class,
            "class_pair": self.class_pair,
            "pair_print": self.pair_print,
            "pair_strength": self.pair_strength,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Lexicon:
        """The lexicon that `arrays()` gave."""
        use = np.asarray(arrays["lexicon_use"], np.float32)
        return cls(
            key=np.asarray(arrays["lexicon_key"], np.uint64),
            frequency=use[:, 0] / np.float32(16) + np.float32(8),
            starter=use[:, 1] / np.float32(12),
            namelike=use[:, 2] / np.float32(12),
            function=np.asarray(arrays["lexicon_function"], np.bool_),
            vector=np.asarray(arrays["lexicon_vector"], np.float32) / np.float32(127),
            word_class=np.asarray(arrays["word_class"], np.uint16),
            class_pair=np.asarray(arrays["class_pair"], np.int8),
            pair_print=np.asarray(arrays["pair_print"], np.uint16),
            pair_strength=np.asarray(arrays["pair_strength"], np.int8),
        )


def pair_slots(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> tuple[Ints, NDArray[np.uint16]]:
    """Slot and fingerprint (never 0) of word pairs in the pair table."""
    mixed = (left * _MIX) ^ right
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _MIX
    slot = (mixed >> np.uint64(64 - PAIR_BITS)).view(np.int64)
    return slot, (mixed >> np.uint64(20)).astype(np.uint16) | np.uint16(1)


def _rolled(values: NDArray[Any]) -> NDArray[Any]:
    """The same one place earlier, the first value behind the last."""
    return np.concatenate((values[1:], values[:1]))


def _to_int8(values: NDArray[np.float32], scale: int) -> NDArray[np.int8]:
    shifted = values - 8 if scale == 16 else values
    return np.clip(np.rint(shifted * scale), -127, 127).astype(np.int8)
