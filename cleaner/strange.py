"""How strange the words of a unit, or of any stretch, are to their document: "JavaScript" is of the article where that
speaks of programs, and alien where it speaks of wheat.

A small network judges word by word, from how much more often a word stands in noise than in articles, counted where it
stands but once in its document; from how near it is to what the rest of the document speaks of; and from its meaning.
The text scores (`cleaner.ngrams`) do not know the document: a word of which a few articles are full speaks for text
to them, wherever it stands. What the words of a unit say together is the evidence `STRANGE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleaner.features import STRANGE, Evidence
from cleaner.lexicon import DIMENSIONS, Lexicon
from cleaner.meaning import cosine, vectors_within
from cleaner.network import Network
from cleaner.ngrams import Floats
from cleaner.stretches import places_within
from cleaner.tokens import NEVER, Bools, Ints

OF_PLACE = slice(1, 5)
"""The columns of `Words.evidence` that a word has from its place; the others are the same wherever it stands."""
AT_ONCE = 20_000
"""Words that are judged at the same time: each takes a kilobyte."""
SURE = 1.0
"""Log odds from which a word counts as one of the strange ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of some stretches, one behind the other, and how they stand to the rest of their documents; shape (m,)
    each.

    Attributes:
        row: of the lexicon, 0 for unknown words.
        topic, sense: the cosine of the word's vector with what the rest of its document says.
        fresh: whether the rest of its document has no such word.
    """

    row: Ints
    topic: Floats
    sense: Floats
    fresh: Bools

    @classmethod
    def of(cls, found: Evidence, first: Ints, last: Ints) -> Words:
        """The words of some stretches of a batch, half-open, none of them empty; shape (k,)."""
        tokens, rows, lexicon = found.tokens, found.units.rows, found.lexicon
        places, _ = places_within(first, last)
        words = last - first
        start, end = np.repeat(first, words), np.repeat(last, words)
        earlier, later = (part.take(places) for part in found.recurrences)
        again = ((earlier < start) & (earlier >= 0)) | ((later >= end) & (later < NEVER))
        rest = found.document_vectors[tokens.document.take(first)] - vectors_within(rows, first, last, lexicon)
        row = rows.take(places)
        vectors, around = lexicon.vector.take(row, axis=0), np.repeat(rest, words, axis=0)
        topic, sense = (
            cosine(vectors[:, part], around[:, part]) for part in (slice(DIMENSIONS), slice(DIMENSIONS, None))
        )
        return cls(row, topic, sense, ~again)

    def evidence(self, lexicon: Lexicon, noise: Floats) -> Floats:
        """What the network sees of each word; shape (m, 9 + DIMENSIONS + SENSES).

        Args:
            lexicon: of the model.
            noise: of each row of the lexicon (`StrangeWords`).
        """
        row = self.row
        namelike = np.clip(lexicon.namelike.take(row), -5, 5)
        of_word = lexicon.frequency.take(row), lexicon.function.take(row), namelike, row == 0
        own = OF_PLACE.stop + len(of_word)
        evidence = np.empty((len(row), own + lexicon.vector.shape[1]), np.float32)
        evidence[:, 0] = noise.take(row)
        evidence[:, OF_PLACE] = self.of_place(noise)
        for column, values in enumerate(of_word, OF_PLACE.stop):
            evidence[:, column] = values
        evidence[:, own:] = lexicon.vector.take(row, axis=0)
        return evidence

    def of_place(self, noise: Floats) -> Floats:
        """The columns `OF_PLACE` of the evidence; shape (m, 4)."""
        columns = noise.take(self.row) * self.fresh, self.fresh, self.topic, self.sense
        return np.column_stack(columns).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What the log odds of the words of some stretches come to; shape (k,) each.

    Attributes:
        words: how many words.
        total: their sum.
        highest: the highest.
        above: the sum of those above 0.
        sure: how many are above `SURE`.
    """

    words: Ints
    total: Floats
    highest: Floats
    above: Floats
    sure: Floats

    @classmethod
    def of(cls, odds: Floats, begins: Ints, words: Ints) -> Sums:
        """Of stretches one behind the other, which begin at `begins`; none is empty."""
        return cls(
            words,
            np.add.reduceat(odds, begins),
            np.maximum.reduceat(odds, begins),
            np.add.reduceat(np.maximum(odds, 0), begins),
            np.add.reduceat(odds > SURE, begins, dtype=np.float32),
        )

    def columns(self) -> Floats:
        """The evidence `STRANGE`: the mean, the same times the root of the number, and the others; shape (k,
        len(STRANGE))."""
        mean, root = self.total / self.words, self.total / np.sqrt(self.words)
        return np.column_stack((mean, root, self.highest, self.above, self.sure)).astype(np.float32)

    def rest(self, part: Sums, of: Ints) -> Floats:
        """The same without the highest for what is left of these stretches without parts of them.

        Args:
            part: each part.
            of: the stretch that it belongs to; shape (n,).

        Returns:
            Shape (n, len(STRANGE) - 1).
        """
        words = np.maximum(self.words[of] - part.words, 1)
        total, above, sure = (getattr(self, name)[of] - getattr(part, name) for name in ("total", "above", "sure"))
        return np.column_stack((total / words, total / np.sqrt(words), above, sure)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class StrangeWords:
    """Judges words; `cleaner.train_strange` makes it.

    Attributes:
        noise: of each row of the lexicon how much more often the word stands in noise than in articles, as the
            logarithm of the ratio; shape (n,).
        network: log odds that a word is of noise, from `Words.evidence`.
    """

    noise: Floats
    network: Network

    def log_odds(self, words: Words, lexicon: Lexicon) -> Floats:
        """Log odds that each word is of noise, as the network says of `Words.evidence`; shape (m,). What a word has
        wherever it stands is summed up once, however often it comes."""
        row, of_word = np.unique(words.row, return_inverse=True)
        nowhere = np.zeros(len(row), np.float32)
        evidence = Words(row, nowhere, nowhere, nowhere > 0).evidence(lexicon, self.noise)
        evidence[:, OF_PLACE] = self.network.mean[OF_PLACE]
        hidden = self.network.summed(evidence).take(of_word, axis=0)
        hidden += self.network.summed(words.of_place(self.noise), OF_PLACE)
        return self.network.decided(hidden)

    def columns(self, found: Evidence, first: Ints, last: Ints) -> Floats:
        """The evidence `STRANGE` of some stretches of words of a batch, half-open, none of them empty; shape (k,
        len(STRANGE))."""
        if not len(first):
            return np.zeros((0, len(STRANGE)), np.float32)
        words = last - first
        return Sums.of(self.within(found, first, last), words.cumsum() - words, words).columns()

    def within(self, found: Evidence, first: Ints, last: Ints) -> Floats:
        """The log odds of the words of such stretches, one stretch behind the other; shape (m,)."""
        parts = np.flatnonzero(np.diff((last - first).cumsum() // AT_ONCE)) + 1
        pairs = zip(np.split(first, parts), np.split(last, parts), strict=True)
        return np.concatenate([self.log_odds(Words.of(found, *pair), found.lexicon) for pair in pairs])

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Arrays to store under `name`."""
        return {f"{name}_noise": self.noise.astype(np.float16), **self.network.arrays(name)}

    @classmethod
    def from_arrays(cls, name: str, arrays: Mapping[str, NDArray[np.generic]]) -> StrangeWords | None:
        """What `arrays(name)` gave, if it is there."""
        if f"{name}_noise" not in arrays:
            return None
        return cls(np.asarray(arrays[f"{name}_noise"], np.float32), Network.from_arrays(name, arrays))
